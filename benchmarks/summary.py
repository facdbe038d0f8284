"""The first screen of docs/benchmarks.md: what was gained, what was lost, and where the rest is."""

from __future__ import annotations

from typing import Any

import scores
from markdown import table
from scores import OURS, UNTOUCHED, Cell, Row
from workloads import ALONE, COMPANY

SHOWN = {
    UNTOUCHED: "untouched",
    "1 threads": "one thread everywhere",
    "floor": "the quota or `nproc`",
    "run_cpu": "run_cpu",
    OURS: "mkl-launch",
}
SLOWER = 0.95


def text(machines: list[dict[str, Any]]) -> str:
    """Return the summary of these machines, the smallest first."""
    return f"""## Summary

Real programs run under real kernel limits, alone and beside others. A speed of 1.00 is the fastest setting
that a sweep over threads, waiting and pinning found. All figures are geometric means.

{_speeds(machines)}
How many times as fast as the untouched program:

{_gains(machines)}
What is behind the means (program; limit; neighbour):

{_extremes(machines)}
Every cell with its rounds is in a data file: {", ".join(map(_data, machines))}.
"""


def _name(results: dict[str, Any]) -> str:
    cpus = results["machine"]["cpus"]
    return f"{cpus} CPUs, {len(scores.cells(results['speed']))} cells"


def _speeds(machines: list[dict[str, Any]]) -> str:
    rows = []
    for results in machines:
        found = scores.cells(results["speed"])
        rows.append(
            [_name(results), *(f"{scores.mean(scores.parts(found, name).values()):.2f}" for name in SHOWN)]
        )
    return table(["speed", *SHOWN.values()], rows)


def _gains(machines: list[dict[str, Any]]) -> str:
    rows = []
    for results in machines:
        times = _times(results)
        gains = [scores.mean(one for cell, one in times.items() if cell[2] == beside) for beside in COMPANY]
        rows.append([_name(results), *(f"{gain:.1f}" for gain in gains)])
    return table(["times untouched", *COMPANY], rows)


def _times(results: dict[str, Any]) -> dict[Cell, float]:
    found: dict[Cell, dict[str, Row]] = scores.cells(results["speed"])
    return {cell: scores.of(one, OURS, UNTOUCHED) for cell, one in found.items()}


def _extremes(machines: list[dict[str, Any]]) -> str:
    """Return a table of the largest gain and loss on each machine, the cells that lose, and a start."""
    rows = []
    for results in machines:
        times = _times(results)
        most, least = max(times, key=lambda cell: times[cell]), min(times, key=lambda cell: times[cell])
        slower = [cell for cell, one in times.items() if one < SLOWER]
        alone = sum(cell[2] == ALONE for cell in slower)
        start = {row["start"]: row["cpu"] for row in results["launch"]["starts"]}["mkl-launch -- true"]
        rows.append(
            [
                f"{results['machine']['cpus']} CPUs",
                f"{'; '.join(most)}: {times[most]:.1f} times untouched",
                f"{'; '.join(least)}: {times[least]:.2f} times untouched",
                f"{len(slower)}, {alone} of them alone on the machine",
                f"{start:.1f} ms",
            ]
        )
    head = ["", "most gained", "most lost", "cells that are more than 5 % slower", "CPU time of a start"]
    return table(head, rows)


def _data(results: dict[str, Any]) -> str:
    cpus = results["machine"]["cpus"]
    return f"[{cpus} CPUs](../benchmarks/results/{cpus}-cpus.json)"
