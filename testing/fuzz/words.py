"""A dictionary for libFuzzer: the words of each target's field, from the program's own tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkl_launch.cli.options import BY_VARIABLE, FLAGS, INSTANCE_OPTIONS, TUNE_OPTIONS, WITH_VALUE
from mkl_launch.core.option_names import CPU_LIMIT, CPU_REQUEST, REPORTS, TUNE
from mkl_launch.host.simulated import instance_types
from mkl_launch.tables.all_commands import COMMANDS, WRAPPERS
from mkl_launch.tables.command_row import JVM_COUNT, JVM_IGNORES_QUOTA, JVM_VARIABLE
from mkl_launch.tables.grants import GRANTS
from mkl_launch.tables.job_launchers import INSTANCES, JOB_LAUNCHERS
from mkl_launch.tables.variables import USER_BINDINGS, VARIABLES
from mkl_launch.tables.wrapper_row import SHELLS

from .machines import GROUP, MACHINES, POD

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIGS = [row.config for row in COMMANDS if row.config]
NAMES = [
    *(row.name for row in VARIABLES),
    *(
        name
        for row in COMMANDS
        for name in (*row.worker_variables, *row.option_variables, *row.single_process_if_set)
    ),
    *(
        name
        for row in (*JOB_LAUNCHERS, INSTANCES)
        for name in (row.marker, row.local_rank, *row.local_size)
    ),
    *(name for row in JOB_LAUNCHERS for name in (row.node, row.members, row.machines)),
    *(name for row in GRANTS for name in (*row.variables, *row.job, row.hosts, row.machines, *row.unless)),
    *(name for row in CONFIGS for name in (row.variable, *(row.prefix + w.upper() for w in row.workers))),
    *(
        "PATH",
        "KUBERNETES_SERVICE_HOST",
        JVM_VARIABLE,
        CPU_LIMIT,
        CPU_REQUEST,
        *BY_VARIABLE,
        *USER_BINDINGS,
    ),
]
NUMBERS = ["0", "1", "2", "4,2", "0-3", "1.5", "500m", "auto", "max", "-1", "65535", "99999999999999999999"]
FILES = [
    *("cpu.max", "cpu.cfs_quota_us", "cpu.cfs_period_us", "memory.max", "memory.limit_in_bytes"),
    *("cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus", "effective_cpus", "cpus"),
]
GROUPS = [
    *(f"== {GROUP}/{name}\n" for name in FILES),
    *("== /proc/self/cgroup\n", "== /proc/self/mountinfo\n", GROUP, POD, "/..", "\\040"),
    *(
        " - cgroup cgroup rw,cpu",
        " - cgroup2 cgroup2 rw",
        " - cpuset none rw",
        "cpu,cpuacct",
        "0::/",
        "1:cpu:/",
    ),
]
COMMAND_LINES = [
    *(f"{name}=" for name in NAMES),
    *(f"{name}\n" for name in (*INSTANCE_OPTIONS, *TUNE_OPTIONS, *WITH_VALUE, *FLAGS)),
    *(f"--{name}\n" for name in (*REPORTS, TUNE, "latency", "throughput", "prefix")),
    *(row.name for row in COMMANDS),
    *(word for row in COMMANDS for word in (*row.worker_options, *row.modules, *row.flags, row.subcommand)),
    *(word for row in COMMANDS for names in row.factors for word in names),
    *(
        word
        for row in WRAPPERS.values()
        for word in (row.name, *row.value_options, *row.env_clearing_options, *row.cpu_list_options)
    ),
    *SHELLS,
    *(
        "python3",
        "-m",
        "-c",
        "serving",
        "training",
        "always",
        "never",
        "request",
        "limit",
        "active",
        "infinite",
    ),
    *(
        "quiet",
        "debug",
        "stop",
        "continue",
        "restart",
        "docker",
        "kubernetes",
        "ecs",
        "{instance}",
        *MACHINES,
    ),
    *("tcmalloc", "jemalloc", "intel", "proclist=[", "2(x3),1", JVM_IGNORES_QUOTA, JVM_COUNT),
]
CONFIGURATIONS = [
    *(
        word
        for row in CONFIGS
        for word in (*row.workers, row.models, row.each_model, row.store, row.switch)
    ),
    *(row.jvm_options for row in CONFIGS),
    *(
        "=true",
        "=all",
        "/store",
        '{"noop": {"1.0": {"minWorkers": 2}}}',
        '"minWorkers"',
        "$$",
        "\\",
        "noop.mar",
    ),
    *(f"{name}=" for name in NAMES),
    *(JVM_IGNORES_QUOTA, JVM_COUNT),
]
URI = "http://169.254.170.2/v4/x"
METADATA = [
    URI,
    "http://[fe80::1]:80",
    "http://127.0.0.1",
    '{"Limits":{"CPU":',
    "null",
    "NaN",
    "1e999",
    "0.25",
]
NOTES = [
    *("--granted=", "--ranks=", "--share=", "--base=", "--crowd=", "--for=", "--added=", "--cpus="),
    *("--workers=", "--profile=", "--bind="),
    *(f"{name}=" for name in NAMES),
]
WORDS: dict[str, Iterable[str]] = {
    "argv": [*COMMAND_LINES, *NUMBERS],
    "cgroup": [*GROUPS, *NUMBERS],
    "config": [*CONFIGURATIONS, *NUMBERS],
    "cpulist": NUMBERS,
    "described": [*instance_types(), "x"],
    "metadata": METADATA,
    "mountinfo": [*GROUPS, " / "],
    "note": [*NOTES, *NUMBERS],
}


def dictionary(target: str) -> str:
    """Return the words as libFuzzer reads them: each quoted, on a line."""
    words = sorted({word for word in WORDS[target] if word} | {"\n---\n"})
    return "".join(f'"{"".join(map(_escaped, word.encode()))}"\n' for word in words)


def _escaped(byte: int) -> str:
    plain = 32 <= byte < 127 and chr(byte) not in '"\\'
    return chr(byte) if plain else f"\\x{byte:02x}"
