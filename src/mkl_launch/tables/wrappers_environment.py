"""Wrappers: loaders of environments, secrets and tools, and those of npm. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import Wrapper

NPM_VALUES = (
    *("-p", "--package", "-w", "--workspace", "--cache", "--loglevel", "--node-options", "--prefix", "-C"),
    *("--registry", "--script-shell", "--userconfig"),
)

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
        subcommands=("run",),
        command_after_dashes=True,
    ),
    Wrapper(
        "doppler",
        "https://docs.doppler.com/docs/cli",
        value_options=(
            *("-p", "--project", "-c", "--config", "-t", "--token", "--fallback", "--mount", "--format"),
            *("--dynamic-ttl", "--mount-max-reads", "--mount-template", "--name-transformer"),
            *("--only-secrets", "--passphrase", "--api-host", "--attempts", "--config-dir", "--scope"),
            *("--dashboard-host", "--dns-resolver-address", "--dns-resolver-proto"),
            *("--dns-resolver-timeout", "--timeout"),
        ),
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
        value_options=(
            *("--user", "--input-type", "--output-type", "--config", "--decryption-order"),
            *("--keyservice", "--filename-override"),
        ),
        subcommands=("exec-env",),
        operands=1,
        env_clearing_options=("--pristine",),
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
        value_options=(
            *("-C", "--cd", "-E", "--env", "-j", "--jobs", "--allow-env", "--allow-net", "--allow-read"),
            "--allow-write",
        ),
        subcommands=("exec", "x"),
        command_after_dashes=True,
        shell_line_options=("-c", "--command"),
        operands_before_line=20,
        env_clearing_options=("--deny-env", "--deny-all"),
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
    Wrapper(
        "concurrently",
        "https://github.com/open-cli-tools/concurrently#usage",
        value_options=(
            *("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-s", "--success"),
            *("-l", "--prefix-length", "-t", "--timestamp-format", "-m", "--max-processes"),
            *("--restart-tries", "--restart-after", "--name-separator", "--cwd", "--hide", "--shell"),
            *("--teardown", "--default-input-target", "--kill-signal", "--ks", "--kill-timeout"),
        ),
        words_are_lines=True,
        concurrency_options=("-m", "--max-processes"),
    ),
    Wrapper(
        "npx",
        "https://docs.npmjs.com/cli/commands/npx",
        value_options=NPM_VALUES,
        shell_line_options=("-c", "--call"),
        takes_version=True,
    ),
    Wrapper(
        "npm",
        "https://docs.npmjs.com/cli/commands/npm-exec",
        value_options=NPM_VALUES,
        subcommands=("exec", "x"),
        shell_line_options=("-c", "--call"),
        operands_before_line=1,
        needs_double_dash=True,
        takes_version=True,
    ),
)
