"""System calls of a launch that fail, one after the other, by fault injection of strace(1).

Of the shell from the moment at which it has read the entry script, of Python from that at which `start` is
loaded: a shell that cannot read its script starts nothing, nor a Python that cannot read its own files.
`python tests/process/test_syscalls.py INSTALLED` tries every call with every error; the tests some,
with one each.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.preparing import prepare
from testing.process import SHELLS, shell, start
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What each may fail with on a broken or exhausted machine; EINTR is retried by Python (PEP 475).
ERRORS = {
    "openat": ("EIO", "EACCES", "EMFILE", "ENFILE", "ENOMEM", "ENOENT", "EINTR", "ELOOP"),
    "newfstatat": ("EIO", "EACCES", "ENOMEM", "ENOENT"),
    "faccessat2": ("EACCES", "EIO", "ENOENT"),
    "read": ("EIO", "EINTR", "ENOMEM", "EISDIR"),
    "lseek": ("EIO", "ESPIPE"),
    "pread64": ("EIO", "EINTR", "ENOMEM"),
    "close": ("EIO", "EINTR"),
    "getdents64": ("EIO", "ENOENT", "ENOMEM"),
    "readlink": ("EACCES", "EIO"),
    "ioctl": ("EIO", "ENOTTY"),
    "sched_getaffinity": ("EPERM", "ENOSYS", "EINVAL"),
    "sched_setaffinity": ("EPERM", "ENOSYS", "EINVAL"),
    "uname": ("EPERM", "ENOSYS"),
    "poll": ("EINTR", "ENOMEM", "EPERM"),
    "write": ("EIO", "ENOSPC", "EPIPE", "EBADF", "EINTR"),
    "rt_sigaction": ("EINVAL",),
    "rt_sigpending": ("EINVAL", "EPERM", "ENOSYS"),
    "geteuid": ("EPERM",),
    # Of the shell
    "access": ("EACCES", "EIO"),
    "clone": ("EAGAIN", "ENOMEM"),
    "dup2": ("EMFILE", "EBADF"),
    "execve": ("E2BIG", "EACCES", "ENOMEM", "EIO", "ETXTBSY"),
    "fcntl": ("EMFILE", "EINVAL"),
    "pipe2": ("EMFILE", "ENFILE"),
    "prlimit64": ("EPERM",),
    "rt_sigprocmask": ("EINVAL",),
    "wait4": ("ECHILD", "EINTR"),
    # Of the memory of both
    "mmap": ("ENOMEM",),
    "mprotect": ("ENOMEM",),
    "munmap": ("ENOMEM",),
}
NEVER_FAIL = {
    "rt_sigreturn",
    "brk",
    "getpid",
}  # brk(2): where there is no more, it returns the end that there was
SOME = 40  # calls of each name are tried here; all of them by the command above
FILL = "x" * 300  # so that the shell reads the copy of the environment in several parts
ENVIRON = {"GIVEN": "as it was", "FILL": FILL}
KEPT = f'test "$GIVEN" = "as it was" && test "$FILL" = {FILL}'
COMMAND = ("/bin/sh", "-c", f'{KEPT} && echo "started with ${{OMP_NUM_THREADS-nothing}}"')
WORDS = ("--cpus", "0-0", "-v", "--")


class Call(NamedTuple):
    """The `number`-th call of that name in the whole process, from 1."""

    name: str
    number: int


class Launch:
    """A launch under strace(1), and which of its calls are to fail."""

    spared: frozenset[str] = frozenset()

    def __init__(self, *argv: str) -> None:
        self.argv = [*argv, *WORDS, *COMMAND]

    def part(self, lines: list[str], names: list[str]) -> Sequence[int]:
        """Of the calls, in the whole process."""
        raise NotImplementedError

    def calls(self) -> list[Call]:
        with tempfile.NamedTemporaryFile("r") as log:
            start(["strace", "-o", log.name, *self.argv], ENVIRON)
            lines = [line for line in log.read().splitlines() if re.match(r"\w+\(", line)]
        names = [line.partition("(")[0] for line in lines]
        # The first exec is strace's own and not counted.
        return [Call(names[at], names[1 : at + 1].count(names[at])) for at in self.part(lines, names)]

    def failing(self, call: Call, error: str, *, on: str = "") -> tuple[int, bytes]:
        """Return exit status and output if that call fails; `on` is "+" for all later ones too."""
        inject = f"--inject={call.name}:error={error}:when={call.number}{on}"
        done = start(["strace", "-o", "/dev/null", inject, *self.argv], ENVIRON)
        return done.returncode, done.stdout


class OfPython(Launch):
    """From the first read of the launcher's modules to the exec of the command."""

    def __init__(self, installed: Path) -> None:
        main = installed / "mkl_launch" / "__main__.py"
        super().__init__(sys.executable, "-I", "-S", "-B", "-X", "utf8", str(main))

    def part(self, lines: list[str], names: list[str]) -> Sequence[int]:
        first = next(at for at, line in enumerate(lines) if "/launch." in line and "openat(" in line)
        return range(first, names.index("execve", first))


class OfPrepared(Launch):
    """Of the entry without a shell up to the exec of Python, then from the launcher's first file on."""

    def __init__(self, installed: Path) -> None:
        folder = Path(tempfile.mkdtemp()) / "prepared"
        shutil.copytree(installed, folder)
        prepare(folder)
        super().__init__(str(folder / "bin" / "mkl-launch"))

    def part(self, lines: list[str], names: list[str]) -> Sequence[int]:
        python = names.index("execve", 1)
        first = next(at for at, line in enumerate(lines) if "/launch." in line and "openat(" in line)
        return [*range(1, python + 1), *range(first, names.index("execve", first))]


class OfPythonItself(OfPython):
    """Of Python before it comes to the launcher, which cannot help there: how many end the start."""

    def part(self, lines: list[str], _names: list[str]) -> Sequence[int]:
        return range(
            1, next(at for at, line in enumerate(lines) if "/launch." in line and "openat(" in line)
        )


class OfShell(Launch):
    """From the first read of the entry script to the exec of Python, which may fail as well."""

    # It closes whatever it says (close(2)); strace's does not, and a pipe that stays open has no end.
    spared = frozenset(("close",))

    def __init__(self, installed: Path, name: str) -> None:
        super().__init__(*shell(name), str(installed / "bin" / "mkl-launch"))

    def part(self, lines: list[str], names: list[str]) -> Sequence[int]:
        python = names.index("execve", 1)
        script = [
            at for at, line in enumerate(lines[:python]) if names[at] == "read" and '"#!/bin/sh' in line
        ]
        found = [*range(script[-1] + 1, python + 1)]
        # How many reads there are depends on when the copy of the environment comes; one too many of them
        # would be Python's.
        found.remove(max(at for at in found if names[at] == "read"))
        return found


OF_PYTHON = {"python": OfPython, "prepared": OfPrepared, "python itself": OfPythonItself}
KINDS = ("python", "prepared", *SHELLS)


def launched(installed: Path, kind: str) -> Launch:
    return OF_PYTHON[kind](installed) if kind in OF_PYTHON else OfShell(installed, kind)


@pytest.fixture(scope="module", params=KINDS)
def launch(installed: Path, request: pytest.FixtureRequest) -> Launch:
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    made = launched(installed, request.param)
    done = start(["strace", "-o", "/dev/null", *made.argv], ENVIRON)
    if done.returncode:
        skip_or_fail(f"strace does not work here: {done.stderr!r}")
    return made


def failures(launch: Launch, calls: list[Call], errors: Iterator[str]) -> list[str]:
    """Return the failing calls after which the command did not start with its own environment."""
    tried = [(call, error, launch.failing(call, error)) for call, error in zip(calls, errors)]
    return [
        f"{call.name}:error={error}:when={call.number}: {status} {output!r}"
        for call, error, (status, output) in tried
        if status or not output.startswith(b"started with ")
    ]


def test_starts_the_command_whichever_system_call_fails(launch: Launch) -> None:
    found = []
    calls = launch.calls()
    for name in ERRORS.keys() - launch.spared:
        its = [call for call in calls if call.name == name]
        found += failures(launch, its[:: len(its) // SOME + 1], cycle(ERRORS[name]))
    assert found == []


def test_the_list_of_system_calls_is_complete(launch: Launch) -> None:
    names = {call.name for call in launch.calls()}
    assert names - NEVER_FAIL <= ERRORS.keys()
    assert {"read", "close"} <= names


@pytest.mark.parametrize(
    "name", ["sched_getaffinity", "sched_setaffinity", "poll", "write", "getdents64", "uname"]
)
def test_starts_the_command_if_a_system_call_always_fails(installed: Path, name: str) -> None:
    """As under a seccomp filter."""
    launch = OfPython(installed)
    first = next(call for call in launch.calls() if call.name == name)
    for error in set(ERRORS[name]) - {"EINTR"}:  # which would be tried again for ever
        status, output = launch.failing(first, error, on="+")
        if name == "write":  # of the command's own, too
            assert output == b""
        else:
            assert (status, output[:13]) == (0, b"started with "), error


def attempt(launch: Launch) -> tuple[int, list[str]]:
    """Make calls fail with each error; return their number and those that ended the start."""
    calls = [call for call in launch.calls() if call.name not in launch.spared]
    found = [(call, error) for call in calls for error in ERRORS.get(call.name, ())]
    return len(found), [line for call, error in found for line in failures(launch, [call], iter([error]))]


if __name__ == "__main__":
    kinds = sys.argv[2:] or (*KINDS, "python itself")
    made = {kind: attempt(launched(Path(sys.argv[1]), kind)) for kind in kinds}
    for kind, (number, problems) in made.items():
        print(
            f"{kind}: {number} failing calls, {len(problems)} launches without the command",
            *problems,
            sep="\n",
        )
    sys.exit(any(problems for kind, (_, problems) in made.items() if kind != "python itself"))
