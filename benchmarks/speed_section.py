"""The section of the page on speed, made from its rows of data. Pure."""

from __future__ import annotations

import statistics

import scores
from markdown import met, table
from scores import OURS, UNTOUCHED, Cell, Row
from workloads import ALONE, BUSY, NO_LIMIT, SECOND

NAMED = (UNTOUCHED, "AWS guide", "run_cpu", "floor", OURS)
GOAL, LEAST, SLOWER = 0.97, 0.90, 0.98

# Why a cell is under its goal: kinds of limit, company, the reason.
FRACTION, WHOLE, LOOSE = "a fraction of a CPU more", "fewer CPUs than there are", "no fewer than there are"
REASONS = (
    (
        (FRACTION,),
        (ALONE,),
        "the quota is rounded down: one thread more is faster alone and much slower beside others",
    ),
    (
        (LOOSE, NO_LIMIT),
        (BUSY, SECOND),
        "one thread for each CPU is planned, and a neighbour that nobody can see from inside uses some",
    ),
)

SPEED = """
### Speed under a limit

Real programs under real kernel limits: alone, beside one busy process on the host, and beside a second
container that runs the same program under the same limit.

- *untouched* is the program as it is.
- *floor* sets `OMP_NUM_THREADS` to the whole CPUs of the quota, or else of the mask, and nothing else.
- *best* is the fastest setting of a sweep over numbers of threads, ways to wait and pinning. For each
  round, the *other* rounds choose the best, so that luck in one round does not choose it.
- A *cell* is one program under one limit beside one neighbour.
- Contenders that set the same variables for a program are measured once.
"""


def section(rows: list[Row], cpus: int) -> str:
    """Return the summary, a plot and tables."""
    found = scores.cells(rows)
    parts = scores.parts(found, OURS)
    low = {cell: part for cell, part in parts.items() if part < LEAST}
    without = {
        cell: scores.of(one, OURS, UNTOUCHED)
        for cell, one in found.items()
        if cell[1:] == (NO_LIMIT, ALONE)
    }
    slower = [f"{cell[0]} {part:.2f}" for cell, part in without.items() if part < SLOWER]
    mean, blind = scores.mean(parts.values()), scores.mean(scores.blind(found))
    against = scores.mean(scores.of(one, OURS, UNTOUCHED) for one in found.values())
    spread = _usual_spread(found)
    summary = (
        f"**Geometric mean over {len(parts)} cells: {mean:.2f} of the sweep's best** (goal {GOAL}: "
        f"{met(mean >= GOAL)}), {against:.1f} times untouched. One setting for each program and limit, "
        f"whatever the neighbour, reaches {blind:.2f} at most, if it is chosen after the results are "
        f"known. Cells under {LEAST:.2f}: {len(low)} (goal: none; {met(not low)}). Programs that are more "
        f"than 2 % slower than untouched, alone and without a limit: {', '.join(slower) or 'none'} "
        f"({met(not slower)}). In the median cell, rounds of mkl-launch differ from their median by "
        f"{spread:.0%}.\n"
    )
    picture = f"![speed as a part of the best](benchmarks/speed-{cpus}-cpus.png)\n"
    tables = (
        _contenders(found),
        _limits(found),
        _throttled(found),
        _low(found, low, cpus),
        _helpless(found),
        f"[Every cell with its rounds](../benchmarks/results/{cpus}-cpus.json).\n",
    )
    return "\n".join((SPEED, picture, summary, *tables))


def _contenders(found: dict[Cell, dict[str, Row]]) -> str:
    company = list(dict.fromkeys(cell[2] for cell in found))
    rows = []
    for name in NAMED:
        each = scores.parts(found, name)
        means = [
            scores.mean(part for cell, part in each.items() if cell[2] == beside) for beside in company
        ]
        numbers = [scores.mean(each.values()), *means, min(each.values())]
        fails = len(found) - len(each)
        rows.append([name, *(f"{number:.2f}" for number in numbers), fails])
    head = ["", "all", *company, "worst cell", "cells in which it does not start"]
    return "Speed as a part of the best, geometric means:\n\n" + table(head, rows)


def _limits(found: dict[Cell, dict[str, Row]]) -> str:
    kinds = list(dict.fromkeys(cell[1:] for cell in found))
    rows = []
    parts = {name: scores.parts(found, name) for name in NAMED}
    for kind in kinds:
        groups = ([part for cell, part in parts[name].items() if cell[1:] == kind] for name in NAMED)
        rows.append([", ".join(kind), *(f"{scores.mean(one):.2f}" if one else "-" for one in groups)])
    return "The same by limit (CPUs) and neighbour, over all programs:\n\n" + table(["", *NAMED], rows)


def _throttled(found: dict[Cell, dict[str, Row]]) -> str:
    """Return how often the quota runs out, before and after, for limits that do run out."""
    rows = []
    for kind in dict.fromkeys(cell[1:] for cell in found):
        each = [one for cell, one in found.items() if cell[1:] == kind]
        counts = [
            statistics.fmean(one[name]["throttled_per_s"] for one in each) for name in (UNTOUCHED, OURS)
        ]
        if max(counts) >= 1:
            rows.append([", ".join(kind), *(f"{number:.1f}" for number in counts)])
    head = ["throttled periods per second", UNTOUCHED, OURS]
    return (
        "Throttling before and after, means over all programs (a period is 0.1 s, so 10 is the most of one "
        "container):\n\n" + table(head, rows)
    )


def _low(found: dict[Cell, dict[str, Row]], low: dict[Cell, float], cpus: int) -> str:
    if not low:
        return ""
    usual = 1 - 2 * _usual_spread(found)
    rows = []
    for (program, limit, beside), part in sorted(low.items(), key=lambda item: item[1]):
        one = found[program, limit, beside]
        against = scores.of(one, OURS, UNTOUCHED)
        noise = part >= usual or max(one[OURS]["rates"]) >= min(scores.best(one)["rates"])
        why = _why(_kind(limit, cpus), beside, noise=noise)
        cells = f"{part:.2f}", scores.best(one)["contender"], f"{against:.2f}", why
        rows.append([f"{program}; {limit}; {beside}", *cells])
    head = ["cell", "of the best", "best", "times untouched", "why"]
    return f"Cells under {LEAST:.2f}:\n\n" + table(head, rows)


def _kind(limit: str, cpus: int) -> str:
    try:
        quota = float(limit)
    except ValueError:  # none, or a cpuset
        return limit
    return LOOSE if quota >= cpus else FRACTION if quota > 1 and quota % 1 else WHOLE


def _why(kind: str, beside: str, *, noise: bool) -> str:
    known = (why for kinds, company, why in REASONS if kind in kinds and beside in company)
    return next(known, "noise: rounds differ as much" if noise else "not explained")


def _usual_spread(found: dict[Cell, dict[str, Row]]) -> float:
    return statistics.median(scores.spread(one[OURS]) for one in found.values())


def _helpless(found: dict[Cell, dict[str, Row]]) -> str:
    """Return the cells in which no setting is faster."""
    rows = []
    for program in dict.fromkeys(cell[0] for cell in found):
        each = {
            cell[1:]: scores.of(one, OURS, UNTOUCHED) for cell, one in found.items() if cell[0] == program
        }
        slow = [f"{limit} {beside} ({part:.2f})" for (limit, beside), part in each.items() if part < 0.95]
        figures = (f"{part:.2f}" for part in (scores.mean(each.values()), min(each.values())))
        rows.append([program, *figures, ", ".join(slow) or "nowhere"])
    head = ["program", "times untouched", "least", "where it is slower by more than 5 %"]
    return "By program:\n\n" + table(head, rows)
