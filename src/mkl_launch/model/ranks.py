"""The processes that a job launcher starts on one machine, and the CPUs of each."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.tables.job_launchers import JobLauncher


class Rank(Record):
    """A process of a job launcher: local rank `number`, counted from 0, of `size` on this machine."""

    job_launcher: JobLauncher
    number: int
    size: int


class LauncherProcess(Record):
    """The process of the job launcher; all fields are empty if it cannot be read.

    `environ` has the format of /proc/PID/environ.
    """

    pid: str = ""
    mask: frozenset[int] = frozenset()
    environ: str = ""


class Placement(Record):
    """The CPUs of a rank, `cpus`, and the CPUs of all ranks together, `group_cpus`."""

    cpus: frozenset[int]
    group_cpus: frozenset[int]
    size: int = 1  # ranks that share `group_cpus`
    number: int = 0
    already_bound: bool = False  # the mask of the process is its share
    sharers: int = 1  # processes with the same `cpus`
