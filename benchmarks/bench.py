"""The whole benchmark: `python benchmarks/bench.py [--quick] [--only PART...]`.

Results are a JSON file, from which report.py makes docs/benchmarks.md; with --quick they are only printed.
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
from typing import TYPE_CHECKING, Any

import launch_cost
import neighbours
import report
import speed
import truth
from cgroups import why_not
from contained import HERE
from contenders import FRAMEWORKS
from environments import make

from mkl_launch.machine import machine
from mkl_launch.source import Root

if TYPE_CHECKING:
    from collections.abc import Callable

ENVIRONMENTS = ("frameworks", "mkl", "servers")
QUICK = ("ResNet-50, PyTorch", "matrix product, NumPy")


def say(line: str) -> None:
    """Progress."""
    print(line, flush=True)


def launch(launcher: str, quick: bool) -> object:  # noqa: FBT001
    """What a start costs."""
    return launch_cost.measure(launcher, 20 if quick else 100, say)


def programs(launcher: str, quick: bool) -> object:  # noqa: FBT001
    """Speed under limits."""
    asked = [limit for limit in speed.limits() if not quick or limit.name in ("1", "none")]
    rows = speed.Rows(rounds=2 if quick else 3, seconds=0.4, launcher=launcher, say=say)
    for program in speed.PROGRAMS:
        if not quick or program.name in QUICK:
            _once_more(rows, program, asked, speed.COMPANY[: 2 if quick else 3])
    return rows.found


def _once_more(
    rows: speed.Rows, program: speed.Program, asked: list[speed.Limit], company: tuple[str, ...]
) -> None:
    """A program that fails, as a server may, is measured anew: an hour is not lost for it."""
    kept = len(rows.found)
    try:
        rows.program(program, asked, company)
    except OSError as error:
        say(f"{program.name}: once more, {error}")
        del rows.found[kept:]
        rows.program(program, asked, company)


def beside(launcher: str, quick: bool) -> object:  # noqa: FBT001
    """Two containers, pinned and not."""
    return neighbours.measure(launcher, 2 if quick else 6, 1, say)


def facts(launcher: str, quick: bool) -> object:  # noqa: FBT001
    """Truth of detection."""
    return truth.measure(launcher, say, others=not quick)


PARTS: dict[str, Callable[[str, bool], object]] = {
    "launch": launch,
    "speed": programs,
    "neighbours": beside,
    "truth": facts,
}


def described() -> dict[str, Any]:
    """The machine."""
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
    names = ("torch", "tensorflow-cpu", "onnxruntime", "numpy", "scikit-learn", "xgboost-cpu", "tokenizers")
    code = f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {names}}}))"
    done = subprocess.run([str(FRAMEWORKS), "-c", code], check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure, write, and make the page."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--quick", action="store_true", help="three minutes, and nothing is written")
    options.add_argument("--only", choices=PARTS, action="append", help="keep the other parts as they are")
    asked = options.parse_args()
    problem = why_not()
    if problem:
        sys.exit(f"No limit can be set here: {problem}")
    for name in ENVIRONMENTS:
        make(name)
    results = report.read() if asked.only else {}
    results["machine"] = described()
    with tempfile.TemporaryDirectory() as folder:
        launcher = launch_cost.installed(Path(folder))
        for name in asked.only or PARTS:
            begin = time.monotonic()
            say(f"--- {name}")
            results[name] = PARTS[name](launcher, asked.quick)
            say(f"--- {name}: {time.monotonic() - begin:.0f} s")
    if asked.quick:
        say(report.page(results))
    else:
        report.write(results)
        say(f"{report.PAGE.relative_to(HERE.parent)} is made")


if __name__ == "__main__":
    main()
