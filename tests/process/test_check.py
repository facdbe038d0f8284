"""`--check`: exit status 0 if a process fits its limits, 1 if not, 3 if that cannot be told."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import Limited, limited, why_not
from testing.process import PATH, as_pid_1, machine, start
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

FITS, DOES_NOT_FIT, CANNOT_TELL = 0, 1, 3
SLEEP = f"{sys.executable} -c 'import time; print(flush=True); time.sleep(60)'"


@pytest.fixture
def place() -> Iterator[Limited]:
    """Yield a group with a quota of one CPU."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    with limited(quota=1.0) as group:
        yield group


def checked(argv: list[str], **environ: str) -> tuple[int, str]:
    """Return exit status and output of a check, which is one line."""
    done = start(argv, environ)
    (line,) = done.stdout.decode().splitlines()
    assert done.stderr == b""
    return done.returncode, line


def test_follows_a_limit_that_changes_while_the_process_runs(launcher: str, place: Limited) -> None:
    command = place.command([launcher, "-q", "--", "sh", "-c", f"exec {SLEEP}"])
    with subprocess.Popen(command, env={"PATH": PATH}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        check = [launcher, "--check", "--pid", str(process.pid)]
        assert checked(check)[0] == FITS
        place.change(8.0)
        cores = len(os.sched_getaffinity(0))
        if cores > 1:
            status, line = checked(check)
            assert status == DOES_NOT_FIT
            assert f"): OMP_NUM_THREADS is 1 and would be {cores}, and " in line
        place.change(1.0)
        assert checked(check)[0] == FITS
        process.kill()


@contextlib.contextmanager
def container(place: Limited, script: str) -> Iterator[list[str]]:
    """Start a script as process 1 of a namespace; yield the words that start a command beside it.

    The script prints a line when it is ready.
    """
    if not shutil.which("nsenter"):
        skip_or_fail("nsenter is not installed")
    command = place.command(as_pid_1(["sh", "-c", script]))
    with subprocess.Popen(command, env={"PATH": PATH}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield ["nsenter", "--target", children[0], "--pid", "--mount"]
        process.kill()


@pytest.mark.parametrize("init", [False, True], ids=["process 1", "below an init"])
def test_finds_the_process_of_a_container(launcher: str, place: Limited, init: object) -> None:
    line = f"{launcher} -q -- {SLEEP}"
    with container(place, f"{line}\n:" if init else f"exec {line}") as beside:
        check = [*beside, launcher, "--check"]
        status, told = checked(check)
        assert (status, told.startswith("fits: process 1 (")) == (FITS, not init), told
        place.change(8.0)
        assert checked(check)[0] == (DOES_NOT_FIT if len(os.sched_getaffinity(0)) > 1 else FITS)


def test_a_container_without_a_launched_process_does_not_fit(launcher: str, place: Limited) -> None:
    with container(place, f"exec {SLEEP}") as beside:
        status, line = checked([*beside, launcher, "--check"])
    assert status == DOES_NOT_FIT
    assert " was not started by mkl-launch: OMP_NUM_THREADS is unset and would be 1, and " in line
    assert line.startswith("does not fit: process 1 (")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"MKL_LAUNCH": "off"}, "off: {} has MKL_LAUNCH=off, so a start now would change nothing"),
        ({"MKL_LAUNCH": "0"}, "off: {} has MKL_LAUNCH=off, so a start now would change nothing"),
        ({"OMP_NUM_THREADS": "4"}, "fits: {}: a start now would set the same, OMP_NUM_THREADS=4 (yours)"),
        ({"OMP_NUM_THREADS": ""}, "fits: {}: a start now would set the same, OMP_NUM_THREADS left unset"),
        ({}, "fits: {}: a start now would set the same, 1 thread"),
    ],
    ids=str,
)
def test_tells_what_the_user_has_turned_off_or_set(
    launcher: str, place: Limited, environ: dict[str, str], expected: str
) -> None:
    command = place.command([launcher, "-q", "--", "sh", "-c", f"exec {SLEEP}"])
    with subprocess.Popen(
        command, env={"PATH": PATH, **environ}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        process.stdout.readline()
        told = checked([launcher, "--check", "--pid", str(process.pid)])
        process.kill()
    who = f"process {process.pid} ({Path(sys.executable).name})"
    assert told == (FITS, expected.format(who))


def test_checks_an_image_by_its_own_environment(launcher: str, place: Limited) -> None:
    """As `docker run --cpus 1 IMAGE mkl-launch --check` does, with and without the entrypoint."""
    check = [launcher, "--check"]
    assert checked(as_pid_1(place.command([launcher, "-q", "--", *check])))[0] == FITS
    status, line = checked(as_pid_1(place.command(check)))
    assert status == DOES_NOT_FIT
    assert "process 1" in line


def test_compares_its_own_environment_with_that_of_a_command(launcher: str, place: Limited) -> None:
    words = place.command([launcher, "--check", "--", "gunicorn", "--workers", "2", "app"])
    status, line = checked(words, OMP_NUM_THREADS="8")
    assert status == DOES_NOT_FIT
    assert "gunicorn" in line
    assert "OMP_NUM_THREADS" not in line, "it is the user's own"


@pytest.mark.parametrize("words", [["--pid", "4999999"], ["--pid=4999999", "--strict"]], ids=" ".join)
def test_cannot_tell_about_a_process_that_is_not_there(launcher: str, words: list[str]) -> None:
    assert checked([launcher, "--check", *words]) == (
        CANNOT_TELL,
        "cannot tell: --pid 4999999: no process with this ID is visible",
    )


def test_cannot_tell_if_a_limit_cannot_be_read(launcher: str, tmp_path: Path) -> None:
    root = machine(tmp_path)
    (root / "proc" / "7").mkdir()
    for name, text in {"cmdline": "python\0", "environ": "A=B\0", "cgroup": "0::/\n"}.items():
        (root / "proc" / "7" / name).write_text(text)
    (root / "sys/fs/cgroup/cpu.max").write_text("a lot\n")
    status, line = checked([launcher, "--check", "--sysroot", str(root), "--pid", "7"])
    assert status == CANNOT_TELL
    assert line.startswith("cannot tell: process 7 (python): /sys/fs/cgroup/cpu.max: ")


@pytest.mark.parametrize(
    "words", [["--check", "--explain"], ["--check", "--json"], ["--check=1"]], ids=" ".join
)
def test_accepts_no_other_report_beside(launcher: str, words: list[str]) -> None:
    done = start([launcher, *words])
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_line_that_cannot_be_written_is_no_success(launcher: str, place: Limited) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = start(place.command([launcher, "-q", "--", launcher, "--check"]), stdout=full)
    assert done.returncode == CANNOT_TELL
    assert b"standard output: " in done.stderr
