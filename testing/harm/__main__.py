"""Run some of the programs without pytest: `python -m testing.harm "part of a name"`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from testing.environments import ENVIRONMENTS
from testing.project import PROJECT

from .rows import ROWS, Row
from .suite import Suite, harm
from .watch import LIMITS, Run


def main() -> None:
    """Run what is asked for and print a line a cell."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", help="parts of the names of rows; none: all")
    options.add_argument("--limit", action="append", choices=LIMITS, help="none: those of the tests")
    options.add_argument(
        "--errors", action="store_true", help="show what the launched program complains of"
    )
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "--wheel-dir", name, str(PROJECT)], check=True)
        (wheel,) = folder.glob("*.whl")
        installed = folder / "installed"
        pip = [sys.executable, "-m", "pip", "--quiet", "install", "--target", str(installed), str(wheel)]
        subprocess.run(pip, check=True)
        launcher = str(installed / "bin" / "mkl-launch")
        suite = Suite(folder, launcher, wheel, lambda environment: ENVIRONMENTS / environment)
        for row in ROWS:
            if not asked.names or any(part in row.name for part in asked.names):
                for limit in asked.limit or row.limits:
                    _show(row, limit, suite, errors=asked.errors)


def _show(row: Row, limit: str, suite: Suite, *, errors: bool) -> None:
    pair = suite.pair(row, limit)
    found = harm(row, limit, pair)
    before, after = map(_figures, pair)
    print(f"{'HARM' if found else 'fine'}  {row.name}, {limit}: {before} -> {after}")
    for line in found:
        print(f"      {line}")
    if errors:
        print(pair.launched.errors)
    sys.stdout.flush()


def _figures(run: Run) -> str:
    pools = run.told.get("threads", "?")
    return f"{run.seconds:.1f} s, busy {run.busy}, pools {pools}, narrowest {run.narrowest}"


if __name__ == "__main__":
    main()
