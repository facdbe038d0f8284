"""A running supervisor: functions that start it, read its output and look at its processes."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from testing.process import PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROC = Path("/proc")
PYTHON = [sys.executable, "-I", "-S", "-c"]
PATIENCE = 60.0  # seconds: whatever takes longer has failed, on a busy machine too
# In the environment of everything that a test starts, so that it is found whoever its parent is.
MARK = "MARK_OF_A_TEST"
FOREVER = "echo ready; exec sleep 1000"
STUBBORN = "trap '' TERM INT; echo ready; while :; do sleep 1000; done"
# An instance ends and leaves a process in its group for a moment. Later its number is a stranger's.
GROUP_NUMBER_REUSED = """
cd "$0"
"$@" --on-failure continue -- sh -c '[ {instance} = 1 ] && exec sleep 1000
echo $$ >new; sleep 0.5 & mv new group; exit 3' &
supervisor=$!
until [ -e group ]; do sleep 0.05; done
group=$(cat group)
while kill -0 -$group 2>/dev/null; do sleep 0.05; done
sleep 0.2
echo $((group - 1)) >/proc/sys/kernel/ns_last_pid
setsid sleep 1000 &
stranger=$!
[ $stranger = $group ] && echo same number
kill -TERM $supervisor
wait $supervisor
kill -0 $stranger && echo alive
"""


def shell(script: str) -> list[str]:
    """Return a command that runs the script."""
    return ["--", "sh", "-c", script]


@dataclass
class Done:
    """The result of a supervisor that has ended: `left` are the processes that it has not ended."""

    code: int
    out: bytes
    err: list[str]
    left: list[int]

    @property
    def lines(self) -> list[str]:
        """Return the lines of standard output, in any order."""
        return sorted(self.out.decode().splitlines())


class Supervised:
    """A running supervisor, with its instances and all other processes below it."""

    def __init__(self, process: subprocess.Popen[bytes], mark: str, reader: int, errors: IO[bytes]) -> None:
        self.process, self.mark, self.reader, self.errors = process, mark, reader, errors
        self.pid = process.pid
        self.buffer = b""

    def _read(self) -> bool:
        """Read more output; return False at its end."""
        if not select.select([self.reader], [], [], PATIENCE)[0]:
            pytest.fail(f"nothing more is said after {self.buffer[-200:]!r}; {self.err}")
        try:
            data = os.read(self.reader, 1 << 16)
        except OSError:  # how a terminal ends
            return False
        self.buffer += data
        return bool(data)

    def line(self) -> str:
        """Return the next line of its output."""
        while b"\n" not in self.buffer:
            if not self._read():
                pytest.fail(f"it has ended after {self.buffer!r}; {self.err}")
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode().rstrip("\r")

    def lines(self, number: int) -> list[str]:
        """Return the next `number` lines of its output, sorted."""
        return sorted(self.line() for _ in range(number))

    def rest(self) -> bytes:
        """Return all output to its end."""
        while self._read():
            pass
        return self.buffer

    def close_output(self) -> None:
        """Read no more, as head(1) does."""
        os.close(self.reader)
        self.reader = -1

    @property
    def err(self) -> list[str]:
        """Return the lines of standard error so far."""
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "backslashreplace").splitlines()

    def send(self, number: int) -> None:
        """Send a signal to the supervisor only."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Return the exit status as a shell reports it."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pytest.fail(f"still running: {[command(pid) for pid in self.marked()]}; {self.err}")
        return code if code >= 0 else 128 - code

    def done(self) -> Done:
        """Read everything and wait for the end."""
        out = self.rest()
        code = self.wait()
        # Who is killed is there for a moment longer.
        end = time.monotonic() + PATIENCE
        while (left := self.marked()) and time.monotonic() < end:
            time.sleep(0.01)
        return Done(code, out, self.err, left)

    def marked(self) -> list[int]:
        """Return every process that the command has started, and itself."""
        entry = f"{MARK}={self.mark}".encode()
        return [pid for pid in processes() if entry in read(pid, "environ").split(b"\0")]

    def instances(self) -> dict[int, int]:
        """Return the pid of each instance that is a child of the supervisor."""
        found = {}
        for pid in self.marked():
            names = dict(entry.partition(b"=")[::2] for entry in read(pid, "environ").split(b"\0"))
            if b"MKL_LAUNCH_INSTANCE" in names and status(pid).get("PPid") == str(self.pid):
                found[int(names[b"MKL_LAUNCH_INSTANCE"])] = pid
        return found

    def all_gone(self) -> bool:
        """Return whether none of its processes runs any more."""
        return not self.marked()


@contextlib.contextmanager
def supervised(argv: Sequence[str], **options: Any) -> Iterator[Supervised]:
    """Start a supervisor in a session of its own, without input; leave no process behind."""
    mark = uuid.uuid4().hex
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as errors:
        plain = {"stdin": subprocess.DEVNULL, "stdout": writer, "stderr": errors, "start_new_session": True}
        process = _popen(argv, mark, {**plain, **options})
        os.close(writer)
        made = Supervised(process, mark, reader, errors)
        try:
            yield made
        finally:
            _clean_up(made)


@contextlib.contextmanager
def on_a_terminal(argv: Sequence[str], **options: Any) -> Iterator[tuple[Supervised, int]]:
    """Start a supervisor as the leader of a terminal's session, and yield the terminal's other end, too."""
    mark = uuid.uuid4().hex
    master, slave = os.openpty()
    with tempfile.TemporaryFile() as errors:
        streams = {"stdin": slave, "stdout": slave, "stderr": errors}
        process = _popen(["setsid", "--ctty", *argv], mark, {**streams, **options})
        os.close(slave)
        made = Supervised(process, mark, master, errors)
        try:
            yield made, master
        finally:
            _clean_up(made)


def run(argv: Sequence[str], **options: Any) -> Done:
    """Start a supervisor and wait for its end."""
    with supervised(argv, **options) as made:
        return made.done()


def _popen(argv: Sequence[str], mark: str, options: dict[str, Any]) -> subprocess.Popen[bytes]:
    environ = {"PATH": PATH, MARK: mark, **options.pop("env", {})}
    return subprocess.Popen(list(argv), env=environ, preexec_fn=_as_from_a_shell, **options)  # noqa: PLW1509


def _as_from_a_shell() -> None:
    """Reset signals that the runner of the tests may ignore, as nohup(1) does."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def _clean_up(made: Supervised) -> None:
    while marked := made.marked():
        for pid in marked:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        made.process.poll()
        time.sleep(0.01)
    made.process.kill()
    made.process.wait()
    if made.reader >= 0:
        os.close(made.reader)


# /proc


def processes() -> list[int]:
    return [int(place.name) for place in PROC.iterdir() if place.name.isdigit()]


def read(pid: int, name: str) -> bytes:
    """Return the content of a file in /proc/PID; empty if the process has ended."""
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""


def status(pid: int) -> dict[str, str]:
    """Return the fields of /proc/PID/status; empty if the process has ended."""
    rows = (row.partition(":") for row in read(pid, "status").decode().splitlines())
    return {name: value.strip() for name, _, value in rows}


def state(pid: int) -> str:
    """Return the state as in proc(5): R, S, T (stopped), Z (zombie); nothing if the process has ended."""
    return status(pid).get("State", "")[:1]


def command(pid: int) -> str:
    return read(pid, "cmdline").replace(b"\0", b" ").decode("utf-8", "replace")


def children(pid: int) -> list[int]:
    """Return the children of a process, zombies included."""
    return [int(number) for number in read(pid, f"task/{pid}/children").split()]


def kilobytes(pid: int, name: str = "VmRSS") -> int:
    return int(status(pid)[name].split()[0])


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until the condition holds; fail if it does not."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.01)
