"""The three runs of the test command, with tests of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.everything import FIRST, WITHOUT_SHARED_PORTS, scope
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = "[pytest]\nmarkers = alone: as here\naddopts = --strict-markers\n"
PASSES = """
import os, pathlib, pytest

def write(name):
    with open(name, "a") as file:
        file.write("x")
    return os.path.getsize(name)

def test_beside():
    assert "PYTEST_XDIST_WORKER" in os.environ
    assert write("beside") == 1

@pytest.mark.alone
def test_alone():
    assert "PYTEST_XDIST_WORKER" not in os.environ
    assert write("alone") == 1
"""
# It passes by itself.
DISTURBED = """
def test_disturbed():
    assert write("disturbed") == 2
    assert "PYTEST_XDIST_WORKER" not in os.environ
"""
DISTURBED_ALONE = """
@pytest.mark.alone
def test_disturbed_alone():
    assert write("disturbed_alone") == 2
"""
FAILS = """
def test_fails():
    assert not write("fails")
"""
FAILS_ALONE = """
@pytest.mark.alone
def test_fails_alone():
    assert not write("fails_alone")
"""


# Each of three files in one folder, which share what there is once.
SHARES = """
import os, pathlib

def test_is_in_one_process_with_the_other_files():
    worker = os.environ["PYTEST_XDIST_WORKER"]
    place = pathlib.Path("worker")
    assert not place.exists() or place.read_text() == worker
    place.write_text(worker)
"""


def everything(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Run the test command in a folder with these tests."""
    (folder / "pytest.ini").write_text(CONFIGURATION)
    (folder / "test_these.py").write_text(text)
    (folder / "programs").mkdir()
    for number in range(3):
        (folder / "programs" / f"test_program_{number}.py").write_text(SHARES)
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    argv = [sys.executable, str(PROJECT / "testing" / "everything.py"), "--quiet", "--basetemp=temporary"]
    return subprocess.run(argv, check=False, capture_output=True, text=True, cwd=folder, env=own)


@pytest.mark.parametrize(
    ("failures", "status"),
    [("", 0), (DISTURBED + DISTURBED_ALONE, 0), (DISTURBED + FAILS + FAILS_ALONE, 1)],
    ids=["nothing", "what passes by itself", "two that fail"],
)
def test_fails_if_a_test_fails_by_itself(tmp_path: Path, failures: str, status: int) -> None:
    done = everything(tmp_path, PASSES + failures)
    assert done.returncode == status, done
    assert ("Once more" in done.stdout) == bool(failures)
    runs = {file.name: file.stat().st_size for file in tmp_path.iterdir() if file.name in failures + PASSES}
    assert {runs.pop("beside"), runs.pop("alone")} == {1}, "what has passed is not run again"
    assert set(runs.values()) <= {2}


def test_an_error_of_pytest_is_not_tried_again(tmp_path: Path) -> None:
    done = everything(tmp_path, "import no_such_module\n")
    assert done.returncode == 2, done


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("tests/unit/test_budget.py::test_one[a/b::c]", "tests/unit/test_budget.py"),
        ("tests/programs/test_workers.py::test_one", "programs"),
        ("tests/programs/test_started.py::test_one", "programs"),
        ("tests/programs/test_harm.py::test_one", "test_harm"),
        ("tests/programs/test_wrappers.py::test_one", "test_wrapper"),
        ("tests/programs/test_wrapper_options.py::test_one", "test_wrapper"),
        ("tests/containers/test_podman.py::test_one", "containers"),
        ("tests/emulated/test_emulated_arm.py::TestOne::test_one", "emulated"),
    ],
)
def test_tests_that_share_ports_images_or_displays_run_in_turn(test: str, name: str) -> None:
    assert scope(test) == name


def test_each_name_of_the_order_stands_for_tests() -> None:
    tests = PROJECT / "tests"
    names = {scope(str(file.relative_to(PROJECT))) for file in tests.glob("*/test_*.py")}
    assert set(FIRST) | set(WITHOUT_SHARED_PORTS) <= names
