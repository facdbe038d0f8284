"""The page of results, docs/benchmarks.md, and its plots, made from the data of benchmarks/results."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import scores  # noqa: E402
import sections  # noqa: E402
import speed_section  # noqa: E402
import summary  # noqa: E402
import tuned_section  # noqa: E402
from scores import OURS, UNTOUCHED  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = HERE.parent / "docs"
PAGE = DOCS / "benchmarks.md"
RESULTS = HERE / "results"
PARTS: dict[str, Callable[[Any, int], str]] = {
    "speed": speed_section.section,
    "tuned": tuned_section.section,
    "spins": sections.spins,
    "neighbours": sections.neighbours,
    "slots": sections.slots,
    "launch": sections.launch,
    "truth": sections.truth,
    "harm": sections.harm,
}

HEAD = """# Benchmarks

`make bench` makes this page from the data in `benchmarks/results`. The contenders take turns with short
rounds of work, so that ratios hold on a noisy machine.

"""


def read() -> dict[str, Any]:
    """Return the data of this machine; empty if there is none."""
    file = _file(os.cpu_count() or 1)
    return load(file) if file.exists() else {}


def load(file: Path) -> dict[str, Any]:
    """Return the data of one machine."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _file(cpus: int) -> Path:
    return RESULTS / f"{cpus}-cpus.json"


def write(results: dict[str, Any]) -> None:
    """Keep the data of this machine, and make the page anew."""
    RESULTS.mkdir(exist_ok=True)
    file = _file(results["machine"]["cpus"])
    file.write_text(json.dumps(results, indent=None, separators=(",", ":")).replace("},{", "},\n{") + "\n")
    draw()


def draw() -> None:
    """Write the page and its plots."""
    import plots

    PAGE.write_text(whole())
    for results in machines():
        plots.draw(results)


def whole() -> str:
    """Return the page, with a part for each machine."""
    found = machines()
    return HEAD + "\n".join([summary.text(found), *map(page, found)])


def machines() -> list[dict[str, Any]]:
    """Return the data of all machines, the smallest first."""
    return sorted(map(load, RESULTS.glob("*.json")), key=lambda results: int(results["machine"]["cpus"]))


def gains() -> dict[str, float]:
    """Return how many times as fast as untouched mkl-launch is on the smallest machine, by company."""
    found = scores.cells(machines()[0]["speed"])
    return {
        beside: scores.mean(
            scores.of(one, OURS, UNTOUCHED) for cell, one in found.items() if cell[2] == beside
        )
        for beside in dict.fromkeys(cell[2] for cell in found)
    }


def compared(name: str) -> list[float]:
    """Return a contender's part of the best on each machine, the smallest machine first."""
    return [
        scores.mean(scores.parts(scores.cells(results["speed"]), name).values()) for results in machines()
    ]


def one_cell(program: str, limit: str, company: str, name: str) -> tuple[float, float, float]:
    """Return units per second, p99 in ms and throttled periods per second on the smallest machine."""
    row = scores.cells(machines()[0]["speed"])[program, limit, company][name]
    return row["rate"], row["p99_ms"], row["throttled_per_s"]


def page(results: dict[str, Any]) -> str:
    """Return the part of the page for one machine."""
    machine = results["machine"]
    made = [made(results[name], machine["cpus"]) for name, made in PARTS.items() if name in results]
    return "\n".join([sections.machine(machine), *made])


if __name__ == "__main__":
    draw()
