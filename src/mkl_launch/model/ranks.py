"""Processes that share the CPUs: which of them this is, who started it, where it runs."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.tables.job_launchers import JobLauncher


class Rank(Record):
    """Which of the job launcher's processes on this machine this is: `number` from 0, of `size`."""

    job_launcher: JobLauncher
    number: int
    size: int


class LauncherProcess(Record):
    """The job launcher's own process, as far as it can be seen: its environment as in /proc/PID/environ."""

    pid: str = ""
    mask: frozenset[int] = frozenset()
    environ: str = ""


class Place(Record):
    """Where one of them runs: `cpus` are its own, `base` those of all of them together."""

    cpus: frozenset[int]
    base: frozenset[int]
    size: int = 1  # processes that share the base
    number: int = 0
    bound: bool = False  # its mask is its share already
    crowd: int = 1  # processes on its very CPUs
