"""Commands of a shell script that are not what it is for."""

from __future__ import annotations

from mkl_launch.tables.wrapper import DATA

# Commands of the shell, and others, that end by themselves or only wait.
PASSING = DATA | frozenset(
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
# What decides on the rest of a line, or on what its variables are.
DECIDING = frozenset((*ASSIGNING, ":", "exit", "false", "return", "set", "shift", "test"))
SUCCEEDING = (*ASSIGNING, ":", "cd", "echo", "printf", "set", "shift", "true")
