"""Run all tests: three at a time, then one at a time those marked `alone`, then once more what has failed.

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

AT_A_TIME = 3  # on two CPUs: a third of the time, a test waits for a server or a limit
# Folders whose tests run one after the other: those of programs share ports, those of the other two images.
IN_TURN = ("programs", "containers", "emulated")
# Files of `programs` that run beside others: their programs listen at no port, or at one that was free.
WITHOUT_SHARED_PORTS = (
    "test_from_run_cpu",
    "test_gromacs",
    "test_harm",
    "test_job_launchers",
    "test_libraries",
    "test_mpi_wheels",
    "test_programs",
    "test_tf_serving",
    "test_tools",
)
WRAPPERS = "test_wrapper"  # files that start with it share the displays of Xvfb, and no port
# What takes minutes starts first, so that no process is left with it at the end.
FIRST = (
    "programs",
    "test_harm",
    "emulated",
    "containers",
    WRAPPERS,
    "test_job_launchers",
    "test_libraries",
)
BESIDE_ANOTHER = (
    *("--cache-clear", f"--numprocesses={AT_A_TIME}", "--no-loadscope-reorder"),
    *("-p", "testing.everything", "-m", "not alone"),
)
ALONE = ("-m", "alone")
ONCE_MORE = ("--last-failed", "--last-failed-no-failures=none")


def scope(nodeid: str) -> str:
    """Return the name of the tests that run one after the other, to which a test belongs."""
    file = PurePath(nodeid.partition("::")[0])
    folder = file.parent.name
    if folder == "programs" and file.stem.startswith(WRAPPERS):
        return WRAPPERS
    if folder == "programs" and file.stem in WITHOUT_SHARED_PORTS:
        return file.stem
    return folder if folder in IN_TURN else str(file)


class SeveralAtATime(LoadFileScheduling):  # type: ignore[misc]  # a class without types
    """Tests of one scope run one after the other, beside those of another."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes minutes first; the scopes start in this order."""
    last = len(FIRST)
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(scope(item.nodeid), last))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SeveralAtATime:
    """Divide the tests among the processes of pytest-xdist."""
    return SeveralAtATime(config, log)


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
