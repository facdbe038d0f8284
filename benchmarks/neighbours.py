"""Two containers on the same CPUs, each pinned as AWS's guide has it, beside two through mkl-launch.

With Intel's OpenMP, which is the one that reads KMP_AFFINITY, preloaded as images for MKL have it.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import speed
from contenders import CLEAN, OPENMP, Contender, guide
from workloads import NO_LIMIT, PROGRAMS, Limit

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = PROGRAMS[0]._replace(reads=())  # KMP_* counts too: each is started


def contenders(launcher: str, cpus: int) -> list[Contender]:
    """Return the guide's variables for the host, and for the half of it that each container has."""
    preloaded = CLEAN | {"LD_PRELOAD": str(OPENMP)}
    return [
        Contender("untouched", (), preloaded),
        Contender("AWS guide, for the host", (), preloaded | guide(cpus)),
        Contender("AWS guide, for half of it", (), preloaded | guide(cpus // 2)),
        Contender("mkl-launch", (launcher, "-q", "--"), preloaded, adapts=True),
    ]


def limits(cpus: int) -> list[Limit]:
    """Return no limit, and half of the host for each container."""
    return [Limit(NO_LIMIT), Limit(f"{cpus // 2}", cpus // 2)]


def measure(launcher: str, rounds: int, seconds: float, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the speed of one of two containers that work at the same time, a row for each case."""
    cpus = os.cpu_count() or 1
    rows = []
    for limit in limits(cpus):
        with contextlib.ExitStack() as stack:
            ways = speed.started(PROGRAM, contenders(launcher, cpus), limit, stack)
            for way in ways.values():
                way.change(limit.quota)
            found = speed.interleaved(ways, rounds, seconds, second=True)
        for name, summary in found.items():
            rows.append({"limit": limit.name, "contender": name, **summary})
            say(f"{limit.name} | {name}: {rows[-1]['rate']:.1f}/s, p99 {rows[-1]['p99_ms']:.0f} ms")
    return rows
