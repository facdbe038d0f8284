"""Auxiliary commands of shell scripts, which do not compute."""

from __future__ import annotations

from mkl_launch.tables.wrapper_row import DATA

# Builtins of the shell, tools that end soon, and servers that only wait.
AUXILIARY = DATA | frozenset(
    [
        ".",
        ":",
        "alias",
        "bash_telemetry.sh",
        "caddy",
        "cron",
        "crond",
        "envoy",
        "envsubst",
        "fail2ban",
        "haproxy",
        "nginx",
        "redis-server",
        "rsyslogd",
        "socat",
        "sshd",
        "syslogd",
        "traefik",
        "break",
        "builtin",
        "cd",
        "continue",
        "declare",
        "export",
        "hash",
        "hostname",
        "let",
        "local",
        "mapfile",
        "nvidia-smi",
        "popd",
        "printenv",
        "pushd",
        "readarray",
        "readonly",
        "return",
        "sed",
        "seq",
        "shift",
        "shopt",
        "sleep",
        "sync",
        "trap",
        "typeset",
        "ulimit",
        "unalias",
        "unset",
        "wait",
    ]
)
ASSIGNING = ("export", "declare", "local", "readonly", "typeset")
# Commands that change variables or, beside `cd`, the folder, or whether the rest of a line is run.
STATE_CHANGING = frozenset(
    (*ASSIGNING, ":", "exit", "false", "popd", "pushd", "return", "set", "shift", "test")
)
# Commands that are expected to succeed, so that what follows `&&` is run.
SUCCEEDING = (
    *(*ASSIGNING, ":", "cd", "echo", "printf", "set", "shift", "true", "chmod", "chown", "cp", "mkdir"),
    *("nginx", "redis-server", "rm", "service", "sleep", "touch", "ulimit"),
)
