"""Two containers without a limit, each with slots of its own, beside two that both take all CPUs."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import speed
from contenders import CLEAN, Contender, sweep
from workloads import NO_LIMIT, PROGRAMS, Limit

from testing.slots import shared_directory

if TYPE_CHECKING:
    from collections.abc import Callable

WITH_SLOTS = "mkl-launch with slots"


def contenders(launcher: str, directory: str) -> list[Contender]:
    """Return the contenders with a name; the two containers of the last one share the directory."""
    slots = ("--slots", f"{directory}:2")
    return [
        Contender("untouched", (), CLEAN),
        Contender("mkl-launch", (launcher, "-q", "--"), CLEAN),
        Contender(WITH_SLOTS, (launcher, "-q", *slots, "--"), CLEAN),
    ]


def measure(
    launcher: str, programs: list[str], rounds: int, seconds: float, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Return the speed of one of two containers of each program, for each contender and the sweep."""
    cpus = os.cpu_count() or 1
    rows = []
    for program in PROGRAMS:
        if program.server or program.name not in programs:
            continue
        with shared_directory() as directory, contextlib.ExitStack() as stack:
            swept = sweep(cpus, program.hears)
            each = [*contenders(launcher, directory), *swept]
            ways = speed.started(program, each, Limit(NO_LIMIT), stack)
            found = speed.interleaved(ways, rounds, seconds, second=True)
        names, load = {one.name for one in swept}, round(os.getloadavg()[0], 1)
        mine = [
            {"program": program.name, "contender": name, "swept": name in names, "load": load, **summary}
            for name, summary in found.items()
        ]
        rows += mine
        best = max((row for row in mine if row["swept"]), key=lambda row: row["rate"])
        told = ", ".join(f"{row['contender']} {row['rate']:.1f}" for row in mine if not row["swept"])
        say(f"{program.name} | {told}; best {best['contender']} {best['rate']:.1f}")
    return rows
