"""The whole benchmark: `python benchmarks/bench.py`, or a part of it, as its options have it.

Results are a JSON file, from which report.py makes docs/benchmarks.md; those of a part are only printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import harm_cost
import launch_cost
import neighbours
import report
import slots
import speed
import spins
import truth
import tuned
from contained import HERE
from contenders import FRAMEWORKS
from workloads import COMPANY, NO_LIMIT, PROGRAMS, TUNED_TOO, Limit, Program, limits

from mkl_launch.host.filesystem import Root
from mkl_launch.host.inventory import machine
from testing.cgroups import why_not
from testing.environments import make

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENTS = ("frameworks", "harm", "harm-torch", "mkl", "servers", "workers")
QUICK = ("ResNet-50, PyTorch", "matrix product, NumPy")
INSTALLED = """
import importlib.metadata, json
every = importlib.metadata.distributions()
print(json.dumps({one.name.lower().replace("_", "-"): one.version for one in every}))
"""
QUICK_LIMITS = ("1", NO_LIMIT)


class Asked(NamedTuple):
    """What is measured: programs, limits, rounds and the length of a round."""

    quick: bool
    programs: list[str]
    limits: list[str]
    seconds: float  # of a round
    kept: list[dict[str, Any]]  # rows of speed that are there of other programs
    unharmed: list[dict[str, Any]]  # rows of harm that need not be measured again
    tuned: dict[str, list[dict[str, Any]]]  # rows of tuned programs that are there of other programs
    previous: str = ""  # a checkout of an older version


def say(line: str) -> None:
    """Print a line on what is measured now."""
    print(line, flush=True)


def launch(launcher: str, asked: Asked) -> object:
    """Measure the cost of a start."""
    return launch_cost.measure(launcher, asked.previous, 20 if asked.quick else 100, say)


def programs(launcher: str, asked: Asked) -> object:
    """Measure the speed under limits."""
    chosen = [limit for limit in limits() if limit.name in asked.limits]
    company = COMPANY[: 2 if asked.quick else 3]
    rows = speed.Rows(rounds=2 if asked.quick else 3, seconds=asked.seconds, launcher=launcher, say=say)
    for program in PROGRAMS:
        if program.name in asked.programs:
            _once_more(rows, program, chosen, company)
    return [*asked.kept, *rows.found]


def _once_more(rows: speed.Rows, program: Program, chosen: list[Limit], company: tuple[str, ...]) -> None:
    """Measure a program, and once again if it fails, so that one failure does not end an hour of work."""
    kept = len(rows.found)
    try:
        rows.program(program, chosen, company)
    except OSError as error:
        say(f"{program.name}: once more, {error}")
        del rows.found[kept:]
        rows.program(program, chosen, company)


def waiting(_launcher: str, asked: Asked) -> object:
    """Measure how long threads should spin."""
    return spins.measure(asked.programs, 2 if asked.quick else 3, asked.seconds, say)


def beside(launcher: str, asked: Asked) -> object:
    """Measure two containers, pinned and not pinned."""
    return neighbours.measure(launcher, 2 if asked.quick else 6, 1, say)


def shared(launcher: str, asked: Asked) -> object:
    """Measure two containers with slots."""
    return slots.measure(launcher, asked.programs, 2 if asked.quick else 5, asked.seconds, say)


def facts(launcher: str, asked: Asked) -> object:
    """Measure how many facts about machines are detected correctly."""
    return truth.measure(launcher, say, others=not asked.quick)


def tunings(launcher: str, asked: Asked) -> object:
    """Measure what the search of --tune finds, and how good it is."""
    found = tuned.measure_all(launcher, asked.programs, 2 if asked.quick else 3, asked.seconds / 2, say)
    return {part: [*asked.tuned.get(part, ()), *rows] for part, rows in found.items()}


def harm(launcher: str, asked: Asked) -> object:
    """Measure the programs of the harm suite, with and without a launch."""
    return harm_cost.measure(launcher, 3, say, asked.unharmed)


PARTS: dict[str, Callable[[str, Asked], object]] = {
    "launch": launch,
    "spins": waiting,
    "speed": programs,
    "neighbours": beside,
    "slots": shared,
    "truth": facts,
    "harm": harm,
    "tuned": tunings,
}
LONG = ("spins", "slots", "harm", "tuned")  # not in three minutes


def described() -> dict[str, Any]:
    """Return the description of this machine."""
    found = machine(Root())
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], check=False, capture_output=True, text=True
    )
    return {
        "date": dt.datetime.now(tz=dt.timezone.utc).date().isoformat(),
        "model": found.model_name,
        "cpus": os.cpu_count(),
        "cores": len(found.core_groups),
        "sockets": len(found.socket_groups),
        "virtual": "hypervisor" in Path("/proc/cpuinfo").read_text(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "versions": _versions(),
    }


def _versions() -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    names = ("torch", "tensorflow-cpu", "onnxruntime", "numpy", "scikit-learn", "xgboost-cpu", "tokenizers")
    done = subprocess.run([str(FRAMEWORKS), "-c", INSTALLED], check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(done.stdout)
    return {name: found[name] for name in names if name in found}


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--quick", action="store_true", help="three minutes")
    options.add_argument("--only", choices=PARTS, action="append", help="keep the other parts as they are")
    names = [program.name for program in (*PROGRAMS, *TUNED_TOO)]
    options.add_argument("--program", choices=names, action="append", help="none but these")
    every = [limit.name for limit in limits()]
    options.add_argument("--limit", choices=every, action="append", help="none but these")
    options.add_argument("--seconds", type=float, default=0.4, help="of a round (%(default)s)")
    options.add_argument("--previous", default="", metavar="CHECKOUT", help="an older version, for launch")
    options.add_argument("--again", action="store_true", help="of harm, only what was over its goal")
    options.add_argument("--write", action="store_true", help="also where not all is measured")
    found = options.parse_args()
    found.only = found.only or [name for name in PARTS if not (found.quick and name in LONG)]
    found.write |= not (found.quick or found.program or found.limit)
    found.program = found.program or ([*QUICK] if found.quick else names)
    found.limit = found.limit or ([*QUICK_LIMITS] if found.quick else every)
    return found


def main() -> None:
    """Measure, write, and make the page."""
    options = _options()
    problem = why_not()
    if problem:
        sys.exit(f"No limit can be set here: {problem}")
    for name in ENVIRONMENTS:
        make(name)
    results = report.read() if options.write or options.again else {}
    results["machine"] = described()
    kept = [
        row
        for row in results.get("speed", ())
        if row["program"] not in options.program or row["limit"] not in options.limit
    ]
    earlier = results.get("harm", ()) if options.again else ()
    unharmed = [row for row in earlier if row["ratio"] <= harm_cost.GOAL]
    kept_tunings = {
        part: [row for row in rows if row["program"] not in options.program]
        for part, rows in results.get("tuned", {}).items()
    }
    asked = Asked(
        options.quick,
        options.program,
        options.limit,
        options.seconds,
        kept,
        unharmed,
        kept_tunings,
        options.previous,
    )
    with tempfile.TemporaryDirectory() as folder:
        launcher = launch_cost.installed(Path(folder))
        for name in options.only:
            begin = time.monotonic()
            say(f"--- {name}")
            results[name] = PARTS[name](launcher, asked)
            say(f"--- {name}: {time.monotonic() - begin:.0f} s")
    if options.write:
        report.write(results)
        say(f"{report.PAGE.relative_to(HERE.parent)} is made")
    else:
        say(report.page(results))


if __name__ == "__main__":
    main()
