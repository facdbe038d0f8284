"""Each system call of a launch failing, one after the other; scarce memory, room and disk: the command starts.

Some calls of each name, with one error each; `python test_syscalls.py INSTALLED` tries all of them with every error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest
from conftest import skip_or_fail
from process import PATH, parse_environ, shell, start
from syscalls import (
    ERRORS,
    IMPORT,
    LAUNCHER,
    ORIGINAL,
    RETRIED,
    SHELL,
    SHELL_ERRORS,
    Call,
    Launch,
    main,
    problems,
)

SOME = 30  # calls of each name
BIG = {f"VARIABLE_{number}": "x" * 60 for number in range(800)}


@pytest.fixture(scope="module")
def launch(installed: Path) -> Launch:
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    done = start(["strace", "-o", "/dev/null", "true"])
    if done.returncode:
        skip_or_fail(f"strace does not work here: {done.stderr!r}")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(installed / "mkl_launch")], check=True)
    return Launch(installed)


@pytest.fixture(scope="module")
def calls(launch: Launch) -> list[Call]:
    return launch.calls(SHELL, IMPORT, ORIGINAL, LAUNCHER)


def some(calls: list[Call], name: str, *parts: str) -> list[Call]:
    """Calls of that name from everywhere in these parts of the launch."""
    found = [call for call in calls if call.name == name and call.part in parts]
    return found[:: len(found) // SOME + 1]


@pytest.mark.parametrize("name", ERRORS)
def test_the_command_starts_whichever_call_fails(launch: Launch, calls: list[Call], name: str) -> None:
    assert problems(launch, zip(some(calls, name, LAUNCHER), cycle(ERRORS[name]))) == []


@pytest.mark.parametrize("name", ["openat", "newfstatat", "getdents64", "read", "lseek", "mmap"])
@pytest.mark.parametrize("part", [IMPORT, ORIGINAL])
def test_the_command_starts_without_parts_of_the_launcher(
    launch: Launch, calls: list[Call], part: str, name: str
) -> None:
    """While `start` is imported, and while it decodes the environment that the shell was given."""
    assert problems(launch, zip(some(calls, name, part), cycle(ERRORS[name]))) == []


@pytest.mark.parametrize("name", ERRORS)
def test_the_command_starts_where_a_call_fails_from_then_on(
    launch: Launch, calls: list[Call], name: str
) -> None:
    """As under a seccomp filter, or where nothing is left of something."""
    errors = [error for error in ERRORS[name] if error not in RETRIED]
    assert problems(launch, zip(some(calls, name, LAUNCHER)[::3], cycle(errors)), on="+") == []


@pytest.mark.parametrize("name", SHELL_ERRORS)
def test_the_command_starts_whichever_call_of_the_shell_fails(
    launch: Launch, calls: list[Call], name: str
) -> None:
    """From the one on that has read the entry script."""
    tries = [(call, error) for call in some(calls, name, SHELL) for error in SHELL_ERRORS[name]]
    assert problems(launch, tries) == []


def test_calls_of_every_kind_are_tried(calls: list[Call]) -> None:
    """A launch makes them, so that the tests above are not about nothing."""
    names = {call.name for call in calls if call.part == LAUNCHER}
    assert names >= {"openat", "newfstatat", "read", "getdents64", "poll", "write", "rt_sigaction"}
    assert names >= {"sched_getaffinity", "sched_setaffinity"}
    assert {call.name for call in calls if call.part == SHELL} >= {"pipe2", "clone", "read", "newfstatat"}
    assert {call.part for call in calls} == {SHELL, IMPORT, ORIGINAL, LAUNCHER}


@pytest.mark.parametrize(
    "path", ["/proc/self/cgroup", "/proc/self/mountinfo", "cpu.max", "cfs_quota_us", "sched_getaffinity"]
)
@pytest.mark.parametrize("error", ["EIO", "EACCES"])
def test_what_is_only_a_warning_is_fatal_with_strict(installed: Path, path: str, error: str) -> None:
    strict = Launch(installed, "--strict", "--")
    found = [call for call in strict.calls(LAUNCHER) if path in call.line and "= -1" not in call.line]
    if not found:
        pytest.skip(f"this kernel has no {path}")
    launched = strict.failing(found[0], error)
    assert (launched.status, launched.command) == (125, ()), launched
    assert launched.said.startswith(b"mkl-launch: --strict: ")
    assert launched.said.count(b"\n") == 1


# The program that saves the environment from the shell


def saved_by(program: str, launcher: str, place: Path) -> subprocess.CompletedProcess[bytes]:
    """Launch with that script as base64 and many variables."""
    (place / "base64").write_text(f"#!/bin/sh\n{program}\n")
    (place / "base64").chmod(0o755)
    return start([launcher, "-q", "--", "cat", "/proc/self/environ"], {**BIG, "PATH": f"{place}:{PATH}"})


BASE64 = shutil.which("base64") or "base64"
ENDS = {
    "early": "exit 1",
    "killed": "kill -KILL $$",
    "half way": f'{BASE64} "$@" | head -c 4000; exit 1',
    "killed half way": f'{BASE64} "$@" | head -c 4000; kill -KILL $$',
    "in the middle of a group": f'{BASE64} "$@" | head -c 4001; exit 1',
}
INJECTED = {"write": "EIO", "read": "EIO", "openat": "EMFILE", "mmap": "ENOMEM"}


@pytest.mark.parametrize("end", ENDS)
def test_a_base64_that_fails(launcher: str, tmp_path: Path, end: str) -> None:
    """Half an environment is worse than the shell's own."""
    done = saved_by(ENDS[end], launcher, tmp_path)
    assert parse_environ(done.stdout).items() >= as_bytes(BIG).items()


@pytest.mark.parametrize("name", INJECTED)
def test_a_call_of_base64_fails(launch: Launch, launcher: str, tmp_path: Path, name: str) -> None:
    assert launch
    for number in range(1, 8):
        fault = f"--inject={name}:error={INJECTED[name]}:when={number}"
        done = saved_by(f'exec strace -o /dev/null {fault} {BASE64} "$@"', launcher, tmp_path)
        assert parse_environ(done.stdout).items() >= as_bytes(BIG).items(), fault


def as_bytes(environ: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in environ.items()}


# What is scarce


@pytest.mark.parametrize("name", ["dash", "busybox"])
@pytest.mark.parametrize("kilobytes", [40, 60, 80])
def test_little_room_for_arguments_and_environment(launcher: str, name: str, kilobytes: int) -> None:
    """A small stack leaves 128 kB to both (execve(2)), which the copy of the environment would exceed."""
    environ = {f"V{number}": "x" * 1000 for number in range(kilobytes)}
    limited = ["sh", "-c", 'ulimit -s 256 && exec "$@"', "sh", *shell(name), launcher, "-q", "--"]
    done = start([*limited, "cat", "/proc/self/environ"], environ)
    assert done.returncode == 0, done.stderr
    assert parse_environ(done.stdout).items() >= as_bytes(environ).items()


PYTHON = (sys.executable, "-I", "-S", "-X", "utf8", "-c")


def within(kilobytes: int, *argv: str) -> subprocess.CompletedProcess[bytes]:
    """Run in that much memory."""
    return start(["sh", "-c", f'ulimit -v {kilobytes} && exec "$@"', "sh", *argv], {"GIVEN": "it"})


def test_as_little_memory_as_python_starts_in(launcher: str) -> None:
    """And has a megabyte left: the launcher itself takes less."""
    limits = range(4 << 10, 40 << 10, 256)
    floor = max(limit for limit in limits if within(limit, *PYTHON, "bytearray(1 << 20)").returncode) + 256
    command = ("/bin/sh", "-c", "echo started $GIVEN")
    assert floor < limits[-1]
    for limit in range(floor, floor + (2 << 10), 64):
        done = within(limit, launcher, "--", *command)
        assert (done.returncode, done.stdout) == (0, b"started it\n"), (limit, floor, done.stderr)


def test_a_full_file_system(launcher: str, tmp_path: Path) -> None:
    """As the working directory, as TMPDIR and as what standard error is written to."""
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    script = (
        f"mount -t tmpfs -o size=4k none {tmp_path} && cd {tmp_path} && cat /dev/zero >full 2>/dev/null;"
        ' export TMPDIR="$PWD" HOME="$PWD"; exec "$@" 2>>full'
    )
    argv = [launcher, "-v", "--", "/bin/sh", "-c", "wc -c <full; echo started"]
    done = start(["unshare", "--mount", "sh", "-c", script, "sh", *argv])
    assert (done.returncode, done.stdout) == (0, b"4096\nstarted\n"), done


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
