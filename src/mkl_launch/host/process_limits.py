"""The limits on processes and threads, which thread pools may exceed.

Sources: cgroups(7) and Documentation/admin-guide/cgroup-v2.rst (pids.max); getrlimit(2) (RLIMIT_NPROC,
which counts all processes of a user on the machine and does not apply to root).
"""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, positive
from mkl_launch.host.cgroup import SELF, Groups
from mkl_launch.host.filesystem import Root

# Thread pools in one process, one for each library: OpenMP, OpenBLAS, NumExpr, TensorFlow and others.
POOLS = 8
RLIMIT = "Max processes"


def warning(root: Root, threads: int, process: str = SELF) -> str:
    """Return a warning if `threads` threads in each of POOLS pools exceed the limit, else ""."""
    needed = threads * POOLS
    allowed, source = _smallest(root, process)
    if allowed is None or needed <= allowed:
        return ""
    return (
        f"{source} allows {allowed} processes and threads, but {plural(threads, 'thread')} in each of"
        f" {POOLS} thread pools are {needed}; fewer are planned with --cpus N"
    )


def _smallest(root: Root, process: str) -> tuple[int | None, str]:
    """Return (smallest limit, its source); the limit is None if there is none or it cannot be read."""
    group = Groups(root, process).of("pids")
    files = [f"{directory}/pids.max" for directory in (group.directories if group else ())]
    limits = [(limit, file) for file in files if (limit := positive(root.read(file).text.strip()))]
    soft = _soft_limit(root, process)
    if soft and root.user:
        limits.append((soft, "RLIMIT_NPROC"))
    return min(limits, default=(None, ""))


def _soft_limit(root: Root, process: str) -> int | None:
    """Return the soft RLIMIT_NPROC in /proc/PID/limits: name, soft, hard limit (proc_pid_limits(5))."""
    for line in root.read(f"/proc/{process}/limits").text.splitlines():
        if line.startswith(RLIMIT):
            return positive(line[len(RLIMIT) :].split()[0]) if line[len(RLIMIT) :].split() else None
    return None
