"""How long the programs of the harm suite take, untouched and launched: one after the other, in turns."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from environments import ENVIRONMENTS, PROJECT  # noqa: E402
from harm.rows import ROWS, Row  # noqa: E402
from harm.suite import Suite  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = 1.05  # times untouched
MORE = 2  # rounds more, of what looks slower than the goal


def measure(rounds: int, say: Callable[[str], None], names: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Measure each program under each of its limits; `names` are parts of the names of those that count."""
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(Path(folder), wheel(Path(folder)), lambda name: ENVIRONMENTS / name)
        chosen = [row for row in ROWS if not names or any(name in row.name for name in names)]
        return [_cell(suite, row, limit, rounds, say) for row in chosen for limit in row.limits]


def wheel(folder: Path) -> Path:
    """Build the wheel of this checkout."""
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(PROJECT)], check=True)
    return next(folder.glob("*.whl"))


def _cell(suite: Suite, row: Row, limit: str, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The first round warms up caches of files and of compiled code, and does not count."""
    seconds: dict[bool, list[float]] = {False: [], True: []}
    failures = 0
    for number in range(rounds + MORE + 1):
        if number > rounds and _ratio(seconds) <= GOAL:
            break
        for launched in (False, True):
            run = suite.run(row, limit, launched=launched, watched=False)
            failures += run.status != 0
            if number:
                seconds[launched].append(run.seconds)
    found = {
        "program": row.name,
        "limit": limit,
        "untouched": round(statistics.median(seconds[False]), 3),
        "launched": round(statistics.median(seconds[True]), 3),
        "ratio": round(_ratio(seconds), 3),
        "rounds": len(seconds[True]),
        "failures": failures,
    }
    say(f"{row.name}, {limit}: {found['untouched']:.2f} s, launched {found['launched']:.2f} s")
    return found


def _ratio(seconds: dict[bool, list[float]]) -> float:
    return statistics.median(seconds[True]) / statistics.median(seconds[False])


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), print, tuple(sys.argv[2:])), indent=1))
