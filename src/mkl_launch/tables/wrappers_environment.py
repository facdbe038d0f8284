"""Wrappers: loaders of environments, secrets and tools. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import Wrapper

ROWS: tuple[Wrapper, ...] = (
    Wrapper(
        "dotenv",
        "https://github.com/theskumar/python-dotenv#command-line-interface",
        value_options=("-f", "--file", "-q", "--quote", "-e", "-p"),
        subcommands=("run", ""),
    ),
    Wrapper(
        "dotenvx",
        "https://dotenvx.com/docs/cli/run",
        value_options=("-f", "--env-file", "-e", "--env"),
        subcommands=("run",),
    ),
    Wrapper(
        "doppler",
        "https://docs.doppler.com/docs/cli",
        value_options=("-p", "--project", "-c", "--config", "-t", "--token", "--fallback", "--mount"),
        subcommands=("run",),
        shell_line_options=("--command",),
        operands_before_line=1,
    ),
    Wrapper(
        "infisical",
        "https://infisical.com/docs/cli/commands/run",
        value_options=("--env", "--path", "--projectId", "--token", "--domain", "--tags"),
        subcommands=("run",),
        shell_line_options=("--command", "-c"),
        operands_before_line=1,
    ),
    Wrapper(
        "aws-vault",
        "https://github.com/99designs/aws-vault#quick-start",
        value_options=("-d", "--duration", "--region", "-t", "--mfa-token", "--backend", "--ec2-server"),
        subcommands=("exec",),
        operands=1,
    ),
    Wrapper(
        "chamber",
        "https://github.com/segmentio/chamber#exec",
        subcommands=("exec",),
        command_after_dashes=True,
    ),
    Wrapper("vault-env", "https://bank-vaults.dev/docs/mutating-webhook/"),
    Wrapper(
        "op",
        "https://developer.1password.com/docs/cli/reference/commands/run/",
        value_options=("--env-file", "--account", "--config", "--encoding", "--environment", "--session"),
        subcommands=("run",),
    ),
    Wrapper(
        "envconsul",
        "https://github.com/hashicorp/envconsul/blob/main/cli.go",
        value_options=(
            *("-config", "-prefix", "-secret", "-service-query", "-consul-addr", "-consul", "-vault-addr"),
            *("-consul-token", "-vault-token", "-log-level", "-exec", "-exec-kill-signal", "-exec-splay"),
            *("-kill-signal", "-pid-file", "-max-stale", "-vault-namespace", "-wait", "-reload-signal"),
        ),
    ),
    Wrapper(
        "sops",
        "https://getsops.io/docs/#passing-secrets-to-other-processes",
        value_options=("--user", "--input-type", "--output-type"),
        subcommands=("exec-env",),
        operands=1,
        single_word_is_line=True,
    ),
    Wrapper(
        "bws",
        "https://bitwarden.com/help/secrets-manager-cli/#run",
        value_options=(
            "--project-id",
            "--shell",
            "-t",
            "--access-token",
            "-c",
            "--color",
            "-f",
            "-p",
            "-u",
        ),
        subcommands=("run",),
        single_word_is_line=True,
    ),
    Wrapper(
        "dapr",
        "https://docs.dapr.io/reference/cli/dapr-run/",
        value_options=(
            *("-a", "--app-id", "-p", "--app-port", "-P", "--app-protocol", "-H", "--dapr-http-port", "-G"),
            *("--dapr-grpc-port", "-c", "--config", "-d", "--resources-path", "--components-path", "-M"),
            *("--metrics-port", "--log-level", "-f", "--run-file", "--app-max-concurrency"),
            *("--placement-host-address", "--scheduler-host-address", "-u", "--unix-domain-socket"),
            *("--dapr-internal-grpc-port", "--dapr-listen-addresses", "--max-body-size", "--profile-port"),
        ),
        subcommands=("run",),
    ),
    Wrapper(
        "summon",
        "https://github.com/cyberark/summon#usage",
        value_options=("-p", "--provider", "-f", "-e", "--environment", "-D", "--yaml"),
    ),
    Wrapper(
        "berglas",
        "https://github.com/GoogleCloudPlatform/berglas#usage",
        subcommands=("exec",),
        command_after_dashes=True,
    ),
    Wrapper(
        "secrets-init",
        "https://github.com/doitintl/secrets-init#usage",
        value_options=("--provider", "-p", "--google-project"),
    ),
    Wrapper(
        "vals",
        "https://github.com/helmfile/vals#vals-exec",
        value_options=("-f", "-stream-yaml"),
        subcommands=("exec",),
    ),
    Wrapper(
        "env-cmd",
        "https://www.npmjs.com/package/env-cmd",
        value_options=("-f", "--file", "-e", "--environments", "-r", "--rc-file"),
    ),
    Wrapper("direnv", "https://direnv.net/man/direnv.1.html", subcommands=("exec",), operands=1),
    Wrapper(
        "mise",
        "https://mise.jdx.dev/cli/exec.html",
        subcommands=("exec", "x"),
        command_after_dashes=True,
    ),
    Wrapper(
        "pyenv", "https://github.com/pyenv/pyenv/blob/master/COMMANDS.md#pyenv-exec", subcommands=("exec",)
    ),
    Wrapper("devbox", "https://www.jetify.com/docs/devbox/cli-reference/devbox-run", subcommands=("run",)),
    Wrapper(
        "nix-shell",
        "https://nix.dev/manual/nix/latest/command-ref/nix-shell.html",
        value_options=("-A", "--attr", "-I", "-i", "--keep", "-k"),
        shell_line_options=("--run", "--command"),
        operands_before_line=20,
    ),
)
