"""Processes that share the CPUs: which of them this is, who started it, where it runs."""

from __future__ import annotations

from mkl_launch.core.record import record
from mkl_launch.tables.job_launchers import Engine


@record
class Rank:
    """Which of the engine's processes on this machine this is: `number` from 0, of `size`."""

    engine: Engine
    number: int
    size: int


@record
class Starter:
    """The engine's own process, as far as it can be seen: its environment as in /proc/PID/environ."""

    pid: str = ""
    mask: frozenset[int] = frozenset()
    environ: str = ""


@record
class Place:
    """Where one of them runs: `cpus` are its own, `base` those of all of them together."""

    cpus: frozenset[int]
    base: frozenset[int]
    size: int = 1  # processes that share the base
    number: int = 0
    bound: bool = False  # its mask is its share already
    crowd: int = 1  # processes on its very CPUs
