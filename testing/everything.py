"""Run all tests: two at a time, then one at a time those marked `alone`, then once more what has failed.

`python testing/everything.py [OPTION OF PYTEST...]` ends with 0 if every test has passed. A busy machine
may disturb a test: one that has failed need only pass by itself, and its failure stays on the screen.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePath
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

# Their tests run one after the other: those of programs share ports, those of the other two images.
IN_TURN = ("programs", "containers", "emulated")
BESIDE_ANOTHER = ("--cache-clear", "--numprocesses=2", "-p", "testing.everything", "-m", "not alone")
ALONE = ("-m", "alone")
ONCE_MORE = ("--last-failed", "--last-failed-no-failures=none")


class TwoAtATime(LoadFileScheduling):  # type: ignore[misc]  # a class without types
    """Tests of one file, or of one of those folders, run one after the other, beside those of another."""

    def _split_scope(self, nodeid: str) -> str:
        file = PurePath(nodeid.partition("::")[0])
        return file.parent.name if file.parent.name in IN_TURN else str(file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoAtATime:
    """Divide the tests between the two processes of pytest-xdist."""
    return TwoAtATime(config, log)


def main(options: list[str]) -> int:
    """Run all parts, whatever the one before has found; return the exit status."""
    statuses = [_pytest(part, options) for part in (BESIDE_ANOTHER, ALONE)]
    worst = max(statuses)
    if worst == pytest.ExitCode.TESTS_FAILED:
        print("\nOnce more, by themselves, the tests that have failed:", flush=True)
        worst = _pytest(ONCE_MORE, options)
    return worst


def _pytest(part: tuple[str, ...], options: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *part, *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
