"""The parsers of untrusted text, with inputs that coverage led to and with new ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.environments import environment
from testing.fuzz.fuzz import CORPUS, PARTS
from testing.fuzz.targets import TARGETS, run
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

FUZZ = PROJECT / "testing" / "fuzz" / "fuzz.py"
INPUTS = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("file", INPUTS, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_an_input_of_the_corpus_is_handled(file: Path) -> None:
    run(file.parent.name, file.read_bytes())


def test_every_target_has_a_small_corpus() -> None:
    kept = [file.parent.name for file in INPUTS]
    assert set(kept) == set(TARGETS) == set(PARTS)
    assert all(kept.count(target) >= 3 for target in TARGETS)
    assert sum(file.stat().st_size for file in INPUTS) < 60_000


# The real fuzzer


@pytest.fixture(scope="session")
def python() -> str:
    """Return a Python with atheris."""
    return str(environment("fuzz") / "bin" / "python")


def fuzzed(python: str, target: str, seconds: int, folder: Path, source: Path) -> tuple[int, list[str]]:
    """Run the documented command with a fixed seed; return its status and its lines."""
    command = [python, str(FUZZ), target, str(seconds), str(folder), "-seed=1"]
    environ = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ, timeout=120)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.alone
def test_random_input_for_a_few_seconds_finds_no_failure(python: str, tmp_path: Path) -> None:
    status, lines = fuzzed(python, "all", 10, tmp_path, PROJECT / "src")
    assert status == 0, "\n".join(lines)
    found = {words[0]: [int(word) for word in words[1:]] for words in map(str.split, lines[1:])}
    assert found.keys() == TARGETS.keys()
    for target, (executions, coverage, features, kept, crashes) in found.items():
        seeds = len(list((CORPUS / target).iterdir()))
        assert executions > 2 * seeds, f"{target}: hardly more than its corpus"
        assert features >= coverage > 20, f"{target}: not instrumented"
        assert kept > 1, target
        assert not crashes, target


PLANTED = {
    "cpulist": ("core/cpulist.py", "str(low) if low == high", "str(low) if high - low < 2"),
    "mountinfo": ("host/cgroup.py", '".." in names', '"..." in names'),
    "argv": ("policy/budget.py", "return max(1, rounded_down(number", "return max(0, rounded_down(number"),
}


@pytest.mark.alone
@pytest.mark.parametrize("target", PLANTED)
def test_a_planted_mistake_is_found(python: str, tmp_path: Path, target: str) -> None:
    name, right, wrong = PLANTED[target]
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "src" / "mkl_launch" / name
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    status, lines = fuzzed(python, target, 10, tmp_path / "found", tmp_path / "src")
    assert status == 1, lines
    assert any("AssertionError" in line for line in lines), lines
    (kept,) = (tmp_path / "found").glob(f"{target}-crash-*")
    again = subprocess.run(
        [python, str(FUZZ), target, str(kept)],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
    )
    assert b"AssertionError" in again.stderr, "the input that is kept fails too"
