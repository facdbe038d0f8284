"""Each system call of a launch failing, one after the other, by fault injection of strace(1).

From the moment at which `start` is loaded: an interpreter that cannot read its own files starts nothing.
`python tests/test_syscalls.py INSTALLED` tries every call with every error; the tests some, with one each.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from conftest import skip_or_fail
from process import start

if TYPE_CHECKING:
    from collections.abc import Iterator

# What each may fail with on a broken or exhausted machine; EINTR is retried by Python (PEP 475).
ERRORS = {
    "openat": ("EIO", "EACCES", "EMFILE", "ENFILE", "ENOMEM", "ENOENT", "EINTR", "ELOOP"),
    "newfstatat": ("EIO", "EACCES", "ENOMEM", "ENOENT"),
    "read": ("EIO", "EINTR", "ENOMEM", "EISDIR"),
    "lseek": ("EIO", "ESPIPE"),
    "close": ("EIO", "EINTR"),
    "getdents64": ("EIO", "ENOENT", "ENOMEM"),
    "readlink": ("EACCES", "EIO"),
    "ioctl": ("EIO", "ENOTTY"),
    "sched_getaffinity": ("EPERM", "ENOSYS", "EINVAL"),
    "sched_setaffinity": ("EPERM", "ENOSYS", "EINVAL"),
    "poll": ("EINTR", "ENOMEM", "EPERM"),
    "write": ("EIO", "ENOSPC", "EPIPE", "EBADF", "EINTR"),
    "rt_sigaction": ("EINVAL",),
    "geteuid": ("EPERM",),
}
SOME = 40  # calls of each name are tried here; all of them by the command above
COMMAND = ("/bin/sh", "-c", 'test "$GIVEN" = "as it was" && echo "started with ${OMP_NUM_THREADS-nothing}"')
ENVIRON = {"GIVEN": "as it was"}
WORDS = ("--cpus", "0-0", "-v", "--")


class Call(NamedTuple):
    """The `number`-th call of that name in the whole process, from 1."""

    name: str
    number: int


class Launch:
    """A launch by this Python of the launcher that is installed in a folder."""

    def __init__(self, installed: Path) -> None:
        main = installed / "mkl_launch" / "__main__.py"
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(main.parent)], check=True)
        self.argv = [sys.executable, "-I", "-S", "-X", "utf8", str(main), *WORDS, *COMMAND]

    def calls(self) -> list[Call]:
        """Those from the end of the import of `start` to the exec of the command."""
        with tempfile.NamedTemporaryFile("r") as log:
            start(["strace", "-o", log.name, *self.argv], ENVIRON)
            lines = log.read().splitlines()
        names = [re.match(r"\w*", line).group() for line in lines]  # type: ignore[union-attr]
        loaded = next(at for at, line in enumerate(lines) if "/start." in line and "openat(" in line)
        first = names.index("close", loaded) + 1
        last = names.index("execve", first)
        return [
            Call(name, names[:at].count(name) + 1)
            for at, name in enumerate(names[:last])
            if at >= first and name in ERRORS
        ]

    def failing(self, call: Call, error: str, *, on: str = "") -> tuple[int, bytes]:
        """The exit status and the output where that call fails; `on` is "+" for all that follow too."""
        inject = f"--inject={call.name}:error={error}:when={call.number}{on}"
        done = start(["strace", "-o", "/dev/null", inject, *self.argv], ENVIRON)
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def launch(installed: Path) -> Launch:
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    made = Launch(installed)
    done = start(["strace", "-o", "/dev/null", *made.argv], ENVIRON)
    if done.returncode:
        skip_or_fail(f"strace does not work here: {done.stderr!r}")
    return made


def failures(launch: Launch, calls: list[Call], errors: Iterator[str]) -> list[str]:
    """Where the command was not started, or not with its own environment."""
    tried = [(call, error, launch.failing(call, error)) for call, error in zip(calls, errors)]
    return [
        f"{call.name}:error={error}:when={call.number}: {status} {output!r}"
        for call, error, (status, output) in tried
        if status or not output.startswith(b"started with ")
    ]


@pytest.mark.parametrize("name", ERRORS)
def test_the_command_starts_whichever_call_fails(launch: Launch, name: str) -> None:
    calls = [call for call in launch.calls() if call.name == name]
    some = calls[:: len(calls) // SOME + 1]
    assert failures(launch, some, cycle(ERRORS[name])) == []


@pytest.mark.parametrize("name", ["sched_getaffinity", "sched_setaffinity", "poll", "write", "getdents64"])
def test_the_command_starts_where_a_call_always_fails(launch: Launch, name: str) -> None:
    """As under a seccomp filter."""
    first = next(call for call in launch.calls() if call.name == name)
    for error in set(ERRORS[name]) - {"EINTR"}:  # which would be tried again for ever
        status, output = launch.failing(first, error, on="+")
        if name == "write":  # of the command's own, too
            assert output == b""
        else:
            assert (status, output[:13]) == (0, b"started with "), error


def test_every_call_is_one_that_is_known(launch: Launch) -> None:
    """Of those that can fail and are not the interpreter's memory."""
    assert {call.name for call in launch.calls()} >= {
        "openat",
        "newfstatat",
        "read",
        "sched_getaffinity",
        "poll",
    }


if __name__ == "__main__":
    whole = Launch(Path(sys.argv[1]))
    found = [(call, error) for call in whole.calls() for error in ERRORS[call.name]]
    problems = [line for call, error in found for line in failures(whole, [call], iter([error]))]
    print(
        f"{len(found)} failing calls, {len(problems)} launches that did not start the command",
        *problems,
        sep="\n",
    )
    sys.exit(bool(problems))
