"""The time of the programs of the harm suite, with and without a launch, in turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing.environments import ENVIRONMENTS
from testing.harm.rows import ROWS, Row
from testing.harm.suite import Suite
from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GOAL = 1.05  # times untouched
MORE = 2  # rounds more, of what looks slower than the goal


class Cell(NamedTuple):
    """One program under one limit, with the seconds of each of its runs."""

    row: Row
    limit: str
    untouched: list[float]
    launched: list[float]
    loads: list[float]  # of the machine, before each round

    @property
    def ratio(self) -> float:
        """Return the time with a launch divided by the time without."""
        return statistics.median(self.launched) / statistics.median(self.untouched)


def measure(
    launcher: str,
    rounds: int,
    say: Callable[[str], None],
    kept: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Measure each program under each of its limits; return a row of data for each.

    Those in `kept`, rows of an earlier run, are not measured again.
    """
    rows = {(row["program"], row["limit"]): row for row in kept}
    every = [Cell(row, limit, [], [], []) for row in ROWS for limit in row.limits]
    cells = [cell for cell in every if (cell.row.name, cell.limit) not in rows]
    with tempfile.TemporaryDirectory() as folder:
        built = wheel(Path(folder))
        suite = Suite(Path(folder), launcher, built, lambda name: ENVIRONMENTS / name)
        for number in range(rounds + MORE):
            for cell in cells:
                if number < rounds or cell.ratio > GOAL:
                    _run(suite, cell, number)
                    say(f"{number + 1}: {cell.row.name}, {cell.limit}: {cell.ratio:.2f}")
    rows.update({(cell.row.name, cell.limit): _data(cell) for cell in cells})
    return [rows[cell.row.name, cell.limit] for cell in every]


def _run(suite: Suite, cell: Cell, number: int) -> None:
    """Run it untouched and launched; who is first changes, as the first finds caches cold."""
    cell.loads.append(os.getloadavg()[0])
    for launched in (False, True) if number % 2 else (True, False):
        run = suite.run(cell.row, cell.limit, launched=launched, watched=False)
        if run.status:  # about one run in a hundred of torch's ranks ends with SIGABRT
            run = suite.run(cell.row, cell.limit, launched=launched, watched=False)
        if run.status:
            raise ChildProcessError(f"{cell.row.name}, {cell.limit}: {run.errors[-2000:]}")
        (cell.launched if launched else cell.untouched).append(run.seconds)


def _data(cell: Cell) -> dict[str, Any]:
    return {
        "program": cell.row.name,
        "limit": cell.limit,
        "untouched": round(statistics.median(cell.untouched), 3),
        "launched": round(statistics.median(cell.launched), 3),
        "ratio": round(cell.ratio, 3),
        "rounds": len(cell.launched),
        "load": round(statistics.median(cell.loads), 1),
        "at_first": cell.row.at_first,
    }


def wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(PROJECT)], check=True)
    return next(folder.glob("*.whl"))
