"""The section of the page on tuning, made from its data. Pure."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import scores
from markdown import met, table
from scores import OURS, TUNED, Cell, Row
from sections import noise

if TYPE_CHECKING:
    from typing import Any

HOME_GOAL, OTHER_GOAL = 0.97, 0.95  # of the sweep's best: under the limit of the tuning, under another one

TEXT = """
### Tuned by running

Each program under two kinds of limit: a fraction of a CPU, and none that is smaller than the machine. The
search of [`--tune`](tune.md) found the best settings under one limit. A launch then used its profile under
this limit and under another one of the same kind, both times alone on the machine.

- *of the best* is the speed as a part of the fastest setting of a sweep, as above.
- For the search, each setting was started once and took turns, which takes seconds. `--tune` starts the
  command for each run.

"""


def section(found: dict[str, list[Row]], cpus: int) -> str:
    """Return the summary and a table of the programs."""
    cells = scores.cells(found["cells"])
    tunings = found["tunings"]
    homes = {(row["program"], row["tuned"]) for row in tunings}
    parts = scores.parts(cells, TUNED)
    plans = scores.parts(cells, OURS)
    means = []
    for name, goal, at_home in (
        ("under the limit of the tuning", HOME_GOAL, True),
        ("under the other limit", OTHER_GOAL, False),
    ):
        mine = [part for cell, part in parts.items() if (cell[:2] in homes) == at_home]
        plan = [part for cell, part in plans.items() if (cell[:2] in homes) == at_home]
        mean = scores.mean(mine)
        means.append(
            f"{name} {mean:.2f} of the sweep's best (goal {goal}: {met(mean >= goal)}; "
            f"the plan {scores.mean(plan):.2f})"
        )
    slower = _slower(cells)
    changed = sum(not row["is_plan"] for row in tunings)
    return (
        TEXT
        + noise(statistics.median(row["load"] for row in tunings), cpus)
        + f"**Geometric means: {'; '.join(means)}.** Cells in which tuned is slower than the plan by more "
        f"than noise: {', '.join(slower) or 'none'} ({met(not slower)}). {changed} of {len(tunings)} "
        "searches changed the settings.\n\n"
        + table(_HEAD, [_line(row, cells, parts, plans) for row in tunings])
    )


_HEAD = (
    "program",
    "tuned under",
    "result",
    "of the best",
    "the plan",
    "other limit",
    "of the best",
    "the plan",
)


def _line(
    row: dict[str, Any],
    cells: dict[Cell, dict[str, Row]],
    parts: dict[Cell, float],
    plans: dict[Cell, float],
) -> list[str]:
    own = {cell[1]: cell for cell in cells if cell[0] == row["program"]}
    home, other = own[row["tuned"]], own[row["other"]]
    figures = [[f"{each[cell]:.2f}" for each in (parts, plans)] for cell in (home, other)]
    result = "the plan" if row["is_plan"] else row["best"]
    return [row["program"], row["tuned"], result, *figures[0], row["other"], *figures[1]]


def _slower(cells: dict[Cell, dict[str, Row]]) -> list[str]:
    """Return the cells in which tuned is slower than the plan by more than the noise, in every round."""
    slower = []
    for (program, limit, _), one in cells.items():
        part = scores.of(one, TUNED, OURS)
        spread = max(scores.spread(one[TUNED]), scores.spread(one[OURS]))
        if part < 1 - spread and max(one[TUNED]["rates"]) < min(one[OURS]["rates"]):
            slower.append(f"{program}, {limit} ({part:.2f})")
    return slower
