"""--instances: all lines arrive and are whole, whatever reads them."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from testing.supervised import PYTHON, kilobytes, on_a_terminal, run, shell, supervised, until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def quiet(launcher: str) -> list[str]:
    return [launcher, "-q"]


PIECES = """
import os, sys, time
number = int(os.environ["MKL_LAUNCH_INSTANCE"])
write = lambda data: [os.write(1, data[at:at + 4000]) for at in range(0, len(data), 4000)]
for row in range(200):
    for piece in (b"piece", b" of ", b"%d\\n" % row):
        os.write(1, piece)
    if row % 50 == 0:
        time.sleep(0.01)
write(b"%d" % number * 1000000 + b"\\n\\n\\xff\\0\\n")
os.write(2, b"problem\\n")
os.write(1, b"no end")
"""


def test_lines_with_a_prefix_are_whole(quiet: list[str]) -> None:
    done = run([*quiet, "--instances", "3", "--prefix", "--", *PYTHON, PIECES])
    assert (done.code, sorted(done.err)) == (0, ["[0] problem", "[1] problem", "[2] problem"])
    assert done.out.endswith(b"no end\n")
    for number in range(3):
        prefix = b"[%d] " % number
        lines = [line[4:] for line in done.out.split(b"\n") if line.startswith(prefix)]
        long = b"%d" % number * 1_000_000
        pieces = [b"piece of %d" % row for row in range(200)]
        assert lines == [*pieces, long, b"", b"\xff\0", b"no end"]


def test_without_a_prefix_instances_write_to_the_streams_of_the_supervisor(quiet: list[str]) -> None:
    script = "[ /proc/self/fd/1 -ef /proc/$PPID/fd/1 ] && [ /proc/self/fd/2 -ef /proc/$PPID/fd/2 ]"
    assert run([*quiet, "--instances", "2", *shell(script)]).code == 0


def test_lines_on_a_terminal_have_a_prefix(quiet: list[str]) -> None:
    with on_a_terminal([*quiet, "--instances", "2", *shell("echo text")]) as (made, _):
        assert made.lines(2) == ["[0] text", "[1] text"]
        assert made.wait() == 0


@pytest.mark.parametrize("options", [(), ("--prefix",)], ids=["raw", "prefix"])
def test_ends_with_sigpipe_if_the_reader_of_its_output_ends(
    quiet: list[str], options: tuple[str, ...]
) -> None:
    with supervised([*quiet, "--instances", "2", *options, "--", "yes"]) as made:
        assert made.line().endswith("y")
        made.close_output()
        assert made.wait() == 128 + signal.SIGPIPE
        until(made.all_gone)


# One writes to standard output, the other to standard error, both 3,000 lines.
BOTH = """
import os
number = int(os.environ["MKL_LAUNCH_INSTANCE"])
for row in range(3000):
    os.write(number + 1, b"L%d-%05d-%s\\n" % (number, row, b"x" * 60))
"""
LINE = re.compile(rb"\[([01])\] L\1-\d{5}-x{60}")


def torn(out: bytes) -> list[bytes]:
    """Return the output that is not a line of an instance; all lines must be there."""
    lines = [line.rstrip(b"\r") for line in out.split(b"\n")[:-1]]
    assert sum(map(len, lines)) == 6000 * len(b"[0] L0-00000-" + b"x" * 60)
    return [line for line in lines if not LINE.fullmatch(line)]


def test_lines_of_both_streams_in_one_pipe_are_whole(quiet: list[str]) -> None:
    """As in `mkl-launch ... 2>&1 | less`: neither is written into the middle of a line of the other."""
    argv = [*quiet, "--instances", "2", "--prefix", "--", *PYTHON, BOTH]
    with supervised(argv, stderr=subprocess.STDOUT) as made:
        time.sleep(0.5)
        assert torn(made.done().out) == []


def test_lines_of_both_streams_on_a_terminal_are_whole(quiet: list[str]) -> None:
    argv = [*quiet, "--instances", "2", "--", *PYTHON, BOTH]
    with on_a_terminal(argv, stderr=subprocess.STDOUT) as (made, _):
        time.sleep(0.5)
        assert torn(made.done().out) == []


def test_lines_of_two_supervisors_in_one_pipe_are_whole(quiet: list[str]) -> None:
    """What is written at once ends where a line ends."""
    one = shlex.join([*quiet, "--instances", "1", "--prefix", "--", *PYTHON, BOTH])
    script = f"{one} & {one} & wait"
    with supervised(["sh", "-c", script]) as made:
        time.sleep(0.5)
        assert torn(made.done().out) == []


LONG_LINES = """
import os, time
if os.environ["MKL_LAUNCH_INSTANCE"] == "1":
    time.sleep(0.4)
    os._exit(3)
end = time.monotonic() + 1
while time.monotonic() < end:
    os.write(2, b"y" * 300000 + b"\\n")
"""


def test_messages_of_the_supervisor_are_whole_lines(quiet: list[str]) -> None:
    argv = [*quiet, "--instances", "2", "--prefix", "--on-failure", "continue", "--", *PYTHON, LONG_LINES]
    done = run(argv, stderr=subprocess.STDOUT)
    *lines, end = done.out.split(b"\n")
    said = [line for line in lines if line != b"[0] " + b"y" * 300_000]
    assert (done.code, end, len(said)) == (3, b"", 1), said
    assert re.fullmatch(rb"mkl-launch: instance 1 \(pid \d+\) exited with 3", said[0])


def test_messages_of_the_supervisor_do_not_delay_it(quiet: list[str]) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    os.write(writer, bytes(fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)))
    os.set_blocking(writer, True)
    try:
        assert run([*quiet, "--instances", "2", "--prefix", *shell("exit 3")], stderr=writer).code == 3
    finally:
        os.close(reader)
        os.close(writer)


def test_a_slow_reader_gets_every_line(quiet: list[str]) -> None:
    with supervised([*quiet, "--instances", "2", "--prefix", "--", "seq", "100000"]) as made:
        time.sleep(0.3)
        found: dict[bytes, list[int]] = {b"[0]": [], b"[1]": []}
        for line in made.done().out.splitlines():
            prefix, number = line.split()
            found[prefix].append(int(number))
        assert list(found.values()) == [list(range(1, 100_001))] * 2


def test_a_blocked_reader_costs_no_memory(quiet: list[str]) -> None:
    with supervised([*quiet, "--instances", "2", "--prefix", "--", "yes", "x" * 1000]) as made:
        made.line()
        time.sleep(0.5)
        assert kilobytes(made.pid, "VmHWM") < 30_000


# Once the other one ignores SIGTERM and its output is blocked.
FAILS_LATER = "{ until [ -e deaf ]; do sleep 0.01; done; sleep 0.3; exit 3; }"


def test_a_blocked_reader_does_not_delay_the_end_of_the_grace_time(
    quiet: list[str], tmp_path: Path
) -> None:
    """The supervisor never waits in a write, else it would not see that the grace time is over."""
    script = f"[ {{instance}} = 0 ] && {FAILS_LATER}; trap '' TERM; >deaf; exec yes"
    with supervised(
        [*quiet, "--instances", "2", "--prefix", "--grace", "0.7", *shell(script)], cwd=tmp_path
    ) as made:
        made.line()
        until(lambda: made.err)
        os.read(made.reader, 1 << 14)
        until(lambda: not made.instances())
        assert made.done().code == 3


def test_a_blocked_terminal_does_not_delay_the_end_of_the_grace_time(
    quiet: list[str], tmp_path: Path
) -> None:
    """poll(2) calls it writable as long as there is room for anything at all."""
    script = f"[ {{instance}} = 0 ] && {FAILS_LATER}; trap '' TERM; >deaf; exec yes"
    with on_a_terminal([*quiet, "--instances", "2", "--grace", "0.7", *shell(script)], cwd=tmp_path) as (
        made,
        _,
    ):
        made.line()
        until(lambda: made.instances().keys() == {1})
        os.read(made.reader, 1 << 10)
        until(lambda: not made.instances())
        assert made.done().code == 3


def test_does_not_wait_for_a_process_that_keeps_the_output_open(quiet: list[str]) -> None:
    script = "setsid sleep 1000 & echo text"
    with supervised([*quiet, "--instances", "2", "--prefix", *shell(script)]) as made:
        assert made.wait() == 0
        assert made.lines(2) == ["[0] text", "[1] text"]


def test_writes_the_output_of_each_instance_to_its_log(quiet: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "logs of {instance}"
    script = "echo out {instance}; echo err {instance} >&2"
    done = run([*quiet, "--instances", "2", "--log-dir", str(folder), *shell(script)])
    assert (done.code, done.out, done.err) == (0, b"", [])
    assert {file.name: file.read_text() for file in folder.iterdir()} == {
        f"instance-{number}.log": f"out {number}\nerr {number}\n" for number in (0, 1)
    }
