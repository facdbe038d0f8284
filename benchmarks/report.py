"""The page of results, docs/benchmarks.md, and its plots, made from the data of benchmarks/results."""

from __future__ import annotations

import json
import os
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import scores  # noqa: E402
from scores import OURS, UNTOUCHED, Cell, Row  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DOCS = HERE.parent / "docs"
PAGE = DOCS / "benchmarks.md"
RESULTS = HERE / "results"
NAMED = (UNTOUCHED, "AWS guide", "run_cpu", "floor", OURS)
ALONE = "alone"
GOAL, LEAST, SLOWER = 0.97, 0.90, 0.98
FLOOR_GOAL, PEER_GOAL, GROWTH_GOAL = 2.0, 100, 10

# Why a cell is under its goal: limits, company, the reason.
REASONS = (
    (
        ("1.5",),
        (ALONE,),
        "one thread leaves half a CPU; two are faster with nobody beside them and much slower in company",
    ),
    (
        ("2", "none"),
        ("a busy process", "a second container"),
        "threads as many as CPUs, of which another takes some: best would be fewer, which nobody can know",
    ),
    (
        ("2",),
        (ALONE,),
        "a limit tells of company, so threads that wait soon sleep: faster in company, slower alone",
    ),
)

HEAD = """# Benchmarks

Made by `make bench` (`benchmarks/`) from the data in `benchmarks/results`. All is measured in one go and
interleaved, so that ratios hold on a noisy machine: each contender does a short round of work, one by one.

"""

SPEED = """
### Speed under a limit

Real programs under real kernel limits, beside nobody, beside one busy process on the host, and beside a
second container that does the same under the same limit. *floor* is `OMP_NUM_THREADS` = whole CPUs of the
quota and nothing else; *best* is the fastest of a sweep over numbers of threads, ways to wait and pinning.
Contenders whose variables come to the same for a program are one and are measured once. In each round the
best is the one that was so in the *other* rounds: else of settings that do the same the luckiest would win.
"""


def read() -> dict[str, Any]:
    """What there is of this machine."""
    file = _file(os.cpu_count() or 1)
    return load(file) if file.exists() else {}


def load(file: Path) -> dict[str, Any]:
    """One machine's data."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _file(cpus: int) -> Path:
    return RESULTS / f"{cpus}-cpus.json"


def write(results: dict[str, Any]) -> None:
    """Keep the data of this machine, and make the page anew."""
    RESULTS.mkdir(exist_ok=True)
    file = _file(results["machine"]["cpus"])
    file.write_text(json.dumps(results, indent=None, separators=(",", ":")).replace("},{", "},\n{") + "\n")
    PAGE.write_text(whole())
    import plots

    plots.draw(results)


def whole() -> str:
    """The page: of each machine a part."""
    files = sorted(RESULTS.glob("*.json"), key=lambda file: int(file.name.partition("-")[0]))
    return HEAD + "\n".join(page(load(file)) for file in files)


def in_short() -> list[str]:
    """The README's lines, of the smallest machine."""
    results = load(min(RESULTS.glob("*.json"), key=lambda file: int(file.name.partition("-")[0])))
    found = scores.cells(results["speed"])
    lines = []
    for beside in dict.fromkeys(cell[2] for cell in found):
        group = [one for cell, one in found.items() if cell[2] == beside]
        best = scores.mean(scores.of_best(one, OURS) for one in group)
        against = scores.mean(scores.of(one, OURS, UNTOUCHED) for one in group)
        lines.append(f"| {beside} | {against:.1f} | {best:.2f} |")
    return lines


def page(results: dict[str, Any]) -> str:
    """One machine's part."""
    parts = [_machine(results["machine"])]
    for name, made in (
        ("speed", _speed),
        ("neighbours", _neighbours),
        ("launch", _launch),
        ("truth", _truth),
    ):
        if name in results:
            parts.append(made(results[name], results["machine"]["cpus"]))
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """In Markdown; all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def _machine(found: dict[str, Any]) -> str:
    kind = "a virtual machine" if found["virtual"] else "bare metal"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return (
        f"## {found['cpus']} CPUs\n\n{found['date']}: {found['model']}, {found['cpus']} CPUs on "
        f"{found['cores']} cores, {kind}; Linux {found['kernel']}, Python {found['python']}; {versions}. "
        f"Commit {found['commit']}.\n"
    )


def _speed(rows: list[Row], cpus: int) -> str:
    found = scores.cells(rows)
    parts = scores.parts(found, OURS)
    low = {cell: part for cell, part in parts.items() if part < LEAST}
    without = {
        cell: scores.of(one, OURS, UNTOUCHED) for cell, one in found.items() if cell[1:] == ("none", ALONE)
    }
    slower = [f"{cell[0]} {part:.2f}" for cell, part in without.items() if part < SLOWER]
    mean = scores.mean(parts.values())
    against = scores.mean(scores.of(one, OURS, UNTOUCHED) for one in found.values())
    spread = _usual_spread(found)
    summary = (
        f"**Geometric mean over {len(parts)} cells: {mean:.2f} of the sweep's best** (goal {GOAL}: "
        f"{_met(mean >= GOAL)}), {against:.1f} times untouched. Cells under {LEAST:.2f}: {len(low)} "
        f"(goal none: {_met(not low)}). Without a limit and alone, slower than untouched by more than 2 %: "
        f"{', '.join(slower) or 'none'} ({_met(not slower)}). Rounds of mkl-launch lie {spread:.0%} from "
        f"their median, in the middle cell.\n"
    )
    picture = f"![speed as a part of the best](benchmarks/speed-{cpus}-cpus.png)\n"
    tables = (_contenders(found), _limits(found), _low(found, low), _helpless(found), _all_cells(found))
    return "\n".join((SPEED, picture, summary, *tables))


def _met(good: bool) -> str:  # noqa: FBT001
    return "met" if good else "**not met**"


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
    return "Parts of the best, geometric means:\n\n" + table(head, rows)


def _limits(found: dict[Cell, dict[str, Row]]) -> str:
    kinds = list(dict.fromkeys(cell[1:] for cell in found))
    rows = []
    parts = {name: scores.parts(found, name) for name in NAMED}
    for kind in kinds:
        groups = ([part for cell, part in parts[name].items() if cell[1:] == kind] for name in NAMED)
        rows.append([", ".join(kind), *(f"{scores.mean(one):.2f}" if one else "-" for one in groups)])
    return "By limit (CPUs) and company, over all programs:\n\n" + table(["", *NAMED], rows)


def _low(found: dict[Cell, dict[str, Row]], low: dict[Cell, float]) -> str:
    if not low:
        return ""
    usual = 1 - 2 * _usual_spread(found)
    rows = []
    for (program, limit, beside), part in sorted(low.items(), key=lambda item: item[1]):
        one = found[program, limit, beside]
        against = scores.of(one, OURS, UNTOUCHED)
        noise = part >= usual or max(one[OURS]["rates"]) >= min(scores.best(one)["rates"])
        why = _why(limit, beside, noise=noise)
        cells = f"{part:.2f}", scores.best(one)["contender"], f"{against:.2f}", why
        rows.append([f"{program}; {limit}; {beside}", *cells])
    head = ["cell", "of the best", "best", "times untouched", "why"]
    return f"Cells under {LEAST:.2f}:\n\n" + table(head, rows)


def _why(limit: str, beside: str, *, noise: bool) -> str:
    known = (why for limits, company, why in REASONS if limit in limits and beside in company)
    return next(known, "noise: no more than rounds differ" if noise else "not explained")


def _usual_spread(found: dict[Cell, dict[str, Row]]) -> float:
    return statistics.median(scores.spread(one[OURS]) for one in found.values())


def _helpless(found: dict[Cell, dict[str, Row]]) -> str:
    """Where nothing is won."""
    rows = []
    for program in dict.fromkeys(cell[0] for cell in found):
        each = {
            cell[1:]: scores.of(one, OURS, UNTOUCHED) for cell, one in found.items() if cell[0] == program
        }
        slow = [f"{limit} {beside} ({part:.2f})" for (limit, beside), part in each.items() if part < 0.95]
        figures = (f"{part:.2f}" for part in (scores.mean(each.values()), min(each.values())))
        rows.append([program, *figures, ", ".join(slow) or "nowhere"])
    head = ["program", "times untouched", "least", "where it is slower by more than 5 %"]
    return "Where it helps and where it does not:\n\n" + table(head, rows)


def _all_cells(found: dict[Cell, dict[str, Row]]) -> str:
    rows = []
    for (program, limit, beside), one in found.items():
        top = scores.best(one)
        figures = [_figures(one[name]) if name in one else "does not start" for name in NAMED]
        rows.append([f"{program}; {limit}; {beside}", *figures, f"{_figures(top)} {top['contender']}"])
    head = (
        "Every cell: units per second (the median of the rounds, and how far they lie from it), p50 / p99 "
        "in ms, *periods per second in which the quota ran out*:"
    )
    body = table(["cell", *NAMED, "best"], rows)
    return f"<details><summary>All cells</summary>\n\n{head}\n\n{body}\n</details>\n"


def _figures(row: Row) -> str:
    throttled = f" *{row['throttled_per_s']:.0f}*" if row["throttled_per_s"] >= 0.5 else ""
    spread = f" ±{scores.spread(row):.0%}" if len(row["rates"]) > 1 else ""
    return f"{row['rate']:.1f}{spread}, {row['p50_ms']:.0f} / {row['p99_ms']:.0f}{throttled}"


def _neighbours(rows: list[Row], _cpus: int) -> str:
    lines = []
    for row in rows:
        figures = f"{row['rate']:.1f}", f"{row['p50_ms']:.0f}", f"{row['p99_ms']:.0f}"
        lines.append([f"{row['limit']}, {row['contender']}", *figures])
    return (
        "### Neighbours\n\nTwo containers on the same CPUs, ResNet-50 in PyTorch with Intel's OpenMP "
        "(which reads KMP_AFFINITY) in each; one container's speed. Without a limit nothing tells one of "
        "the other: mkl-launch sets what the guide sets for the host, and so helps as little.\n\n"
        + table(["quota of each", "per second", "p50 ms", "p99 ms"], lines)
    )


def _launch(found: dict[str, list[Row]], cpus: int) -> str:
    starts, slow, growth = found["starts"], found["slow"], found["growth"]
    floor, ours = starts[0]["cpu"], starts[2]["cpu"]
    peer = next(row["cpu"] for row in slow if row["start"] == "run_cpu") / slow[0]["cpu"]
    empty = peer * ours / floor
    more = next(row["cpu"] for row in growth if row["start"] == "512 CPUs") - growth[0]["cpu"]
    light, rare, flat = (
        _met(good) for good in (ours <= FLOOR_GOAL * floor, peer >= PEER_GOAL, more <= GROWTH_GOAL)
    )
    return (
        f"### Launch cost\n\nUser and system time, and wall time, until `/bin/true` has ended; medians of "
        f"{starts[0]['runs']} interleaved runs.\n\n![launch cost](benchmarks/launch-{cpus}-cpus.png)\n\n"
        f"{ours / floor:.2f} times the floor (goal {FLOOR_GOAL}: {light}); run_cpu takes {peer:.0f} times "
        f"as much (goal {PEER_GOAL}: {rare}; an empty Python would be {empty:.0f}); a machine of 512 CPUs "
        f"costs {more:.1f} ms more than one of 2 (goal {GROWTH_GOAL}: {flat}). The last table is "
        f"`--print-env` of trees of files, which needs argparse "
        f"and so costs more than a start.\n\n" + "\n".join(map(_costs, (starts, slow, growth)))
    )


def _costs(rows: list[Row]) -> str:
    first = rows[0]["cpu"]
    lines = []
    for row in rows:
        figures = (f"{row[key]:.1f}" for key in ("cpu", "least", "wall"))
        lines.append([row["start"], *figures, f"{row['cpu'] / first:.2f}"])
    return table(["start", "CPU ms", "least", "wall ms", "times the first"], lines)


def _truth(found: dict[str, Any], _cpus: int) -> str:
    fields = {"logical": "CPUs", "physical_cores": "cores", "sockets": "sockets"}
    fields |= {"numa_node_count": "NUMA nodes", "cpu_quota": "quota"}
    rows = []
    for tool, counts in found["tools"].items():
        told = [[counts[field].get(key, 0) for key in ("right", "wrong", "silent")] for field in fields]
        rows.append([tool, *(" / ".join(map(str, numbers)) for numbers in told)])
    return (
        f"### Truth of detection\n\nFacts that other projects state of {found['recorded']} machines they "
        f"recorded, and of {found['emulated']} emulated ones: right / wrong / not told (no answer, or no "
        "such files in the recording). A tool that tells whole CPUs only is right with a quota "
        "rounded either way. What mkl-launch has wrong is named in "
        "[a test](../tests/test_recorded.py), with the reason: too little in the recording, or another way "
        "to count.\n\n" + table(["", *fields.values()], rows)
    )


if __name__ == "__main__":
    PAGE.write_text(whole())
