"""The limit of processes and threads, which the pools of many threads may exceed.

Sources: cgroups(7) and Documentation/admin-guide/cgroup-v2.rst (pids.max); getrlimit(2) (RLIMIT_NPROC),
which counts all processes of a user on the machine and does not hold for root.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, positive
from mkl_launch.host.cgroup import SELF, Groups
from mkl_launch.host.filesystem import Root

# Libraries that may each start a pool in one process: OpenMP, OpenBLAS, NumExpr, TensorFlow and so on.
POOLS = 8
RLIMIT = "Max processes"


def warning(root: Root, threads: int, process: str = SELF) -> str:
    """Return a warning if `threads` threads in every pool may be more than is allowed; else nothing."""
    needed = threads * POOLS
    allowed, source = _smallest(root, process)
    if allowed is None or needed <= allowed:
        return ""
    return (
        f"{source} allows {allowed} processes and threads: {plural(threads, 'thread')} in each of"
        f" {POOLS} pools of libraries would be {needed}; --cpus N lowers that"
    )


def _smallest(root: Root, process: str) -> tuple[int | None, str]:
    """The smallest limit and its source; None for "not limited" and for what cannot be read."""
    group = Groups(root, process).of("pids")
    files = [f"{directory}/pids.max" for directory in (group.directories if group else ())]
    found = [(number, file) for file in files if (number := positive(root.read(file).text.strip()))]
    soft = _soft_limit(root, process)
    if soft and root.user:
        found.append((soft, "RLIMIT_NPROC"))
    return min(found, default=(None, ""))


def _soft_limit(root: Root, process: str) -> int | None:
    """Of /proc/PID/limits: name, soft limit, hard limit, unit (proc_pid_limits(5))."""
    for line in root.read(f"/proc/{process}/limits").text.splitlines():
        if line.startswith(RLIMIT):
            return positive(line[len(RLIMIT) :].split()[0]) if line[len(RLIMIT) :].split() else None
    return None
