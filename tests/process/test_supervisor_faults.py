"""--instances: faults end no healthy instance and leave no process behind."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from mkl_launch.supervisor.output import Relay
from mkl_launch.supervisor.shutdown import ASKED, KILLED, RUNNING, STOPPING, Shutdown
from testing.process import altered
from testing.project import skip_or_fail
from testing.supervised import (
    FOREVER,
    PATIENCE,
    PROC,
    PYTHON,
    Supervised,
    children,
    command,
    kilobytes,
    read,
    run,
    shell,
    state,
    supervised,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GUARDS_NAME = b"instance-guard\n"
# Each instance is two processes in one group.
FAMILY = "trap '' HUP TERM; sleep 1000 & echo ready; wait"


@pytest.fixture(scope="module")
def quiet(launcher: str) -> list[str]:
    return [launcher, "-q"]


@pytest.fixture(scope="module")
def pair(quiet: list[str]) -> list[str]:
    return [*quiet, "--instances", "2"]


def guard(made: Supervised) -> int:
    """Return the child of the supervisor that is no instance."""
    (found,) = set(children(made.pid)) - set(made.instances().values())
    return found


def begun(made: Supervised, number: int = 2) -> None:
    """Wait until every instance runs its command and the guard exists."""
    made.lines(number)
    until(lambda: len(made.instances()) == number and len(children(made.pid)) == number + 1)


# Killed


@pytest.mark.parametrize("pattern", ["mkl.launch", "__main__", "python", "instances", "-q"])
def test_nothing_outlives_a_kill_by_command_line(pair: list[str], pattern: str) -> None:
    """As by `pkill -9 -f mkl-launch`, here of this supervisor's processes only."""
    with supervised([*pair, *shell(FAMILY)]) as made:
        begun(made)
        matching = [pid for pid in made.marked() if re.search(pattern, command(pid))]
        assert guard(made) not in matching
        for pid in {made.pid, *matching}:
            os.kill(pid, signal.SIGKILL)
        until(made.all_gone)


@pytest.mark.parametrize("name", ["mkl-launch", "python"])
def test_nothing_outlives_a_kill_by_name(pair: list[str], name: str) -> None:
    """As by `killall -9 python3`, or `pkill -9 mkl-launch`."""
    with supervised([*pair, *shell(FAMILY)]) as made:
        begun(made)
        own = read(made.pid, "comm")
        for pid in made.marked():
            if read(pid, "comm") == own or read(pid, "comm").decode().startswith(name):
                os.kill(pid, signal.SIGKILL)
        until(made.all_gone)


def test_no_instance_outlives_supervisor_and_guard(pair: list[str]) -> None:
    """The kernel ends it; of what it has started itself nobody is left to know (SECURITY.md)."""
    with supervised([*pair, *shell(FOREVER)]) as made:
        begun(made)
        for pid in (guard(made), made.pid):
            os.kill(pid, signal.SIGKILL)
        until(made.all_gone)


@pytest.mark.parametrize("moment", range(6))
def test_no_instance_outlives_both_while_it_starts(quiet: list[str], moment: int) -> None:
    with supervised([*quiet, "--instances", "32", *shell(FOREVER)]) as made:
        made.line()
        time.sleep(moment * 0.01)
        first = min(children(made.pid))
        os.kill(made.pid, signal.SIGSTOP)  # it starts no guard in place of the one that is killed
        for pid in (first, made.pid):
            os.kill(pid, signal.SIGKILL)
        until(made.all_gone)


# Stuck before its command


@pytest.fixture
def silent() -> Iterator[str]:
    """Yield the address of an ECS agent that never answers: each launch waits 0.9 s for it."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v4"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_instance_that_has_not_started_its_command_ends(
    pair: list[str], silent: str, number: int
) -> None:
    seconds: list[float] = []
    while not seconds or (seconds[-1] >= 0.6 and len(seconds) < 3):  # a busy machine takes longer
        with supervised([*pair, *shell(FOREVER)], env={"ECS_CONTAINER_METADATA_URI_V4": silent}) as made:
            until(lambda: len(children(made.pid)) == 3)
            begin = time.monotonic()
            made.send(number)
            assert "sleep 1000 " not in map(command, made.marked()), "they wait"
            assert made.wait() == 128 + number
            until(made.all_gone)
            seconds.append(time.monotonic() - begin)
    assert seconds[-1] < 0.6, "not after the wait"


def test_an_instance_that_has_not_started_its_command_ends_without_ctypes(
    installed: Path, tmp_path: Path, silent: str
) -> None:
    """Then the kernel is not asked to kill it: the guard does, however little of it there is yet."""
    launcher = altered(
        installed,
        tmp_path,
        "mkl_launch/supervisor/guard.py",
        lambda text: text.replace("import ctypes", "raise ImportError"),
    )
    (tmp_path / "tenacity").symlink_to(installed / "tenacity")  # without it no agent is asked
    test_an_instance_that_has_not_started_its_command_ends([*launcher, "-q", "--instances", "2"], silent, 9)


def test_an_instance_holds_no_pipe_of_another(pair: list[str], silent: str) -> None:
    """A writer must be told when its reader is gone, even while another instance waits."""
    environ = {"ECS_CONTAINER_METADATA_URI_V4": silent}
    with supervised([*pair, "--prefix", *shell(FOREVER)], env=environ) as made:
        until(lambda: len(children(made.pid)) == 3)
        until(lambda: GUARDS_NAME in [read(pid, "comm") for pid in children(made.pid)])
        first, second = [pid for pid in children(made.pid) if read(pid, "comm") != GUARDS_NAME]
        until(lambda: not {output(first), output(second)} & {output(made.pid)})
        assert output(first) not in opened(second)


def output(pid: int) -> str:
    """Return the file that is its standard output."""
    return str((PROC / f"{pid}/fd/1").readlink())


# Logs


def test_a_fifo_as_log_does_not_block_the_start(pair: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "instance-0.log")
    done = run([*pair, "--log-dir", str(tmp_path), *shell("echo out {instance}")])
    assert (done.code, done.out, done.left) == (0, b"out 0\n", [])
    assert len(done.err) == 1
    assert "instance-0.log: No such device or address; the instance writes" in done.err[0]
    assert (tmp_path / "instance-1.log").read_text() == "out 1\n"


def test_a_fifo_with_a_reader_as_log_is_refused(pair: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "instance-0.log")
    reader = os.open(tmp_path / "instance-0.log", os.O_RDONLY | os.O_NONBLOCK)
    done = run([*pair, "--log-dir", str(tmp_path), *shell("echo out {instance}")])
    os.close(reader)
    assert (done.code, done.out, done.left) == (0, b"out 0\n", [])


@pytest.mark.parametrize("kind", ["link", "dangling link", "hard link"])
def test_a_link_as_log_is_not_followed(pair: list[str], tmp_path: Path, kind: str) -> None:
    victim, logs = tmp_path / "victim", tmp_path / "logs"
    logs.mkdir()
    if kind != "dangling link":
        victim.write_text("old\n")
    if kind == "hard link":
        os.link(victim, logs / "instance-0.log")
    else:
        (logs / "instance-0.log").symlink_to(victim)
    done = run([*pair, "--log-dir", str(logs), *shell("echo out {instance}")])
    assert (done.code, done.out, len(done.err)) == (0, b"out 0\n", 1)
    assert kind == "dangling link" or victim.read_text() == "old\n"
    assert kind != "dangling link" or not victim.exists()
    assert (logs / "instance-1.log").read_text() == "out 1\n"


def test_a_log_directory_behind_a_link_of_another_user_is_refused(pair: list[str], tmp_path: Path) -> None:
    if os.geteuid():
        skip_or_fail("giving a link away takes root")
    (tmp_path / "private").mkdir()
    (tmp_path / "logs").symlink_to(tmp_path / "private")
    done = run([*pair, "--log-dir", str(tmp_path / "logs" / "new"), *shell("echo out")])
    assert (done.code, done.out, done.err) == (0, b"", []), "the user's own"
    os.chown(tmp_path / "logs", 12345, 12345, follow_symlinks=False)
    done = run([*pair, "--log-dir", str(tmp_path / "logs" / "more"), *shell("echo out")])
    assert (done.code, done.lines) == (0, ["out", "out"])
    assert "logs: a link of another user; the instances write" in done.err[0]
    assert not (tmp_path / "private" / "more").exists()


def test_a_log_directory_in_a_loop_of_links_is_an_error(pair: list[str], tmp_path: Path) -> None:
    (tmp_path / "logs").symlink_to("logs")
    done = run([*pair, "--log-dir", str(tmp_path / "logs"), *shell("echo out")])
    assert (done.code, done.lines, len(done.err)) == (0, ["out", "out"], 1)


def test_a_log_directory_below_a_file_is_an_error(pair: list[str]) -> None:
    done = run([*pair, "--log-dir", "/dev/null/x", *shell("echo out")])
    assert (done.code, done.lines) == (0, ["out", "out"])
    (line,) = done.err
    assert line.startswith("mkl-launch: --log-dir /dev/null/x: Not a directory; the instances write to the")


def with_mounts_of_its_own(script: str, *words: str) -> list[str]:
    """Return the words after a script that mounts something for them."""
    if not shutil.which("unshare") or os.geteuid():
        skip_or_fail("mounts take unshare(1) and root")
    return ["unshare", "--mount", "sh", "-ec", f'{script}; exec "$@"', "sh", *words]


@pytest.mark.parametrize(
    "options", ["ro", "nr_inodes=1", "nr_inodes=2"], ids=["read-only", "full", "fuller"]
)
@pytest.mark.parametrize("folder", [".", "new/er"])
def test_starts_instances_with_a_full_or_read_only_log_directory(
    pair: list[str], tmp_path: Path, options: str, folder: str
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    argv = [*pair, "--log-dir", str(disk / folder), *shell("echo out {instance}; >started-{instance}")]
    done = run(with_mounts_of_its_own(f"mount -t tmpfs -o {options} none {disk}", *argv), cwd=tmp_path)
    assert (done.code, done.left) == (0, [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["disk", "started-0", "started-1"]
    assert done.err
    assert "out 0" in done.lines or "out 1" in done.lines, "whoever finds no room"


# No room for another process


def refusing(quiet: list[str], calls: str) -> list[str]:
    """Start the supervisor so that some calls of fork(2) fail; the first is the guard's."""
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    call = "clone,clone3,fork,vfork"
    python = [*PYTHON[:-1], "-Xutf8", f"{os.path.dirname(quiet[0])}/../mkl_launch/__main__.py"]  # noqa: PTH120
    traced = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    return [*traced, "-e", f"inject={call}:error=EAGAIN:when={calls}", *python, *quiet[1:]]


@pytest.mark.parametrize("policy", ["stop", "continue", "restart"])
def test_tries_again_if_no_process_can_be_created(quiet: list[str], tmp_path: Path, policy: str) -> None:
    """The other instance knows nothing of it."""
    script = "echo {instance} >>log; until [ $(wc -l <log) -ge 2 ]; do sleep 0.01; done"
    argv = [*refusing(quiet, "3..5"), "--instances", "2", "--on-failure", policy, *shell(script)]
    done = run(argv, cwd=tmp_path)
    assert (done.code, done.left) == (0, [])
    assert (tmp_path / "log").read_text() == "0\n1\n"
    assert done.err == [
        "mkl-launch: instance 1 cannot be started yet: Resource temporarily unavailable; trying again"
    ]


def test_stops_trying_to_create_a_process_on_a_signal(quiet: list[str]) -> None:
    with supervised([*refusing(quiet, "3+"), "--instances", "2", *shell(FOREVER)]) as made:
        made.line()
        until(lambda: made.err)
        time.sleep(0.5)
        (supervisor,) = children(made.pid)
        os.kill(supervisor, signal.SIGTERM)
        assert made.wait() == 125, "one of them has not been started"
        until(made.all_gone)


def test_starts_instances_if_the_guard_cannot_be_created(quiet: list[str]) -> None:
    with supervised([*refusing(quiet, "1"), "--instances", "2", *shell(FAMILY)]) as made:
        made.lines(2)
        (supervisor,) = children(made.pid)
        until(lambda: len(children(supervisor)) == 3)
        os.kill(supervisor, signal.SIGKILL)
        until(made.all_gone)


# Without /dev/null


@pytest.mark.parametrize("streams", ["", "<&-", "<&- >&-"])
def test_starts_instances_without_dev_null(pair: list[str], tmp_path: Path, streams: str) -> None:
    script = "mount -t tmpfs none /dev; ls /dev >&2"
    told = "cat; echo $MKL_LAUNCH_INSTANCE >told-{instance}; exec sleep 1000"
    argv = with_mounts_of_its_own(script, "sh", "-c", f'exec "$@" {streams}', "sh", *pair, *shell(told))
    with supervised(argv, cwd=tmp_path) as made:
        until(lambda: len(list(tmp_path.iterdir())) == 2)
        until(lambda: len(made.instances()) == 2)
        before = children(made.pid)
        time.sleep(1)
        assert children(made.pid) == before, "the guard is the same one"
        assert len(before) == 3
        assert made.err == []
        made.send(signal.SIGKILL)
        until(made.all_gone)


# The guard


def test_a_guard_that_is_killed_repeatedly_costs_little_cpu(pair: list[str]) -> None:
    with supervised([*pair, *shell(FAMILY)]) as made:
        begun(made)
        mine = set(made.instances().values())
        seen: set[int] = set()
        begin = time.monotonic()
        while time.monotonic() < begin + 1.5 or (len(seen) < 2 and time.monotonic() < begin + PATIENCE):
            for pid in set(children(made.pid)) - mine - {0}:
                seen.add(pid)
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.002)
        assert 2 <= len(seen) <= 6
        assert set(made.instances().values()) == mine
        until(lambda: len(children(made.pid)) == 3)
        made.send(signal.SIGKILL)
        until(made.all_gone)


def test_a_guard_that_is_stopped_goes_on(pair: list[str]) -> None:
    with supervised([*pair, *shell(FAMILY)]) as made:
        begun(made)
        watched = guard(made)
        os.kill(watched, signal.SIGSTOP)
        until(lambda: state(watched) == "S")
        made.send(signal.SIGKILL)
        until(made.all_gone)


GUARD = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from mkl_launch.supervisor.guard import Guard
guard = Guard()
guard.start_if_due([])
os.kill(guard.pid, signal.SIGSTOP)
os.waitpid(guard.pid, os.WUNTRACED)
guard.end([])
"""


def test_a_guard_that_is_stopped_at_the_end_is_killed(installed: Path) -> None:
    """Nobody would continue it any more."""
    assert run([*PYTHON, GUARD, str(installed)]).code == 0


@pytest.mark.parametrize("round_", range(5))
def test_a_guard_that_is_stopped_is_not_waited_for(pair: list[str], round_: int) -> None:
    with supervised([*pair, *shell(f"{FOREVER} # {round_}")]) as made:
        begun(made)
        watched = guard(made)
        os.kill(made.pid, signal.SIGSTOP)
        os.kill(watched, signal.SIGSTOP)
        for pid in made.instances().values():
            os.kill(pid, signal.SIGTERM)
        made.send(signal.SIGCONT)
        assert made.wait() == 128 + signal.SIGTERM
        until(made.all_gone)


def test_the_guard_holds_no_descriptor_open(quiet: list[str]) -> None:
    """Neither a file of the user's, nor a pipe of the supervisor's, whose writers would never be told."""
    file = os.open("/dev/zero", os.O_RDONLY)
    argv = [*quiet, "--instances", "2", "--prefix", *shell(FOREVER)]
    with supervised(argv, pass_fds=(file,)) as made:
        os.close(file)
        begun(made)
        for _ in range(2):  # the second one is started when there are pipes
            first = guard(made)
            until(lambda: len(opened(guard(made))) == 1)
            os.kill(first, signal.SIGKILL)
            until(lambda: len(children(made.pid)) == 3 and guard(made) != first)  # noqa: B023


def opened(pid: int) -> set[str]:
    """Return the files that a process has open."""
    found = set()
    for place in (PROC / str(pid) / "fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(place.readlink()))
    return found


# Signals while it ends

OBEDIENT = """
import os, signal
waited = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
signal.pthread_sigmask(signal.SIG_BLOCK, waited)
os.write(1, b"ready\\n")
signal.sigwait(waited)
os._exit(7)
"""


@pytest.mark.parametrize("pause", [0.0, 0.0005, 0.002])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_during_the_end_do_not_change_the_exit_status(
    quiet: list[str], number: int, pause: float
) -> None:
    with supervised([*quiet, "--instances", "1", "--", *PYTHON, OBEDIENT]) as made:
        made.line()
        while made.process.poll() is None:
            made.send(number)
            time.sleep(pause)
        assert made.wait() == 7


def test_the_shutdown_moves_through_its_states() -> None:
    shutdown = Shutdown(grace=10)
    assert (shutdown.state, shutdown.kill_is_due(1e9)) == (RUNNING, False)
    shutdown.ask(100, at_once=False)
    assert (shutdown.state, shutdown.deadline) == (ASKED, None), "for as long as it takes"
    shutdown.ask(104, at_once=False)
    assert (shutdown.state, shutdown.deadline) == (STOPPING, 110)
    shutdown.ask(109, at_once=True)
    assert shutdown.deadline == 100
    assert shutdown.kill_is_due(109)
    assert (shutdown.state, shutdown.kill_is_due(109)) == (KILLED, False)


def test_a_later_request_never_postpones_the_deadline() -> None:
    shutdown = Shutdown(grace=10)
    shutdown.stop(100)
    for now in (105, 108, 109):
        shutdown.ask(now, at_once=False)
        assert (shutdown.state, shutdown.deadline) == (STOPPING, 110)
    assert not shutdown.kill_is_due(109.9)
    assert shutdown.kill_is_due(110)


# Memory

ENDLESS = """
import os
for _ in range(4 << 4):
    os.write(1, b"x" * 65536)
    os.write(2, b"x" * 65536)
"""


def test_endless_lines_need_bounded_memory(quiet: list[str]) -> None:
    """4 MiB on each of 24 streams, none of which ends a line."""
    argv = [*quiet, "--instances", "12", "--prefix", "--", *PYTHON, ENDLESS]
    with supervised(argv, stderr=subprocess.DEVNULL) as made:
        time.sleep(0.5)  # nobody reads
        highest = 0
        while os.read(made.reader, 1 << 16):
            if read(made.pid, "cmdline"):
                highest = max(highest, kilobytes(made.pid, "VmHWM"))
        assert made.wait() == 0
    assert highest < 48 << 10


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["no end", "whole lines"])
def test_any_number_of_streams_needs_bounded_memory(end: bytes) -> None:
    """Of 80 streams that are read in turn while nobody reads the supervisor's own output."""
    relay = Relay()
    ends = [end for number in range(40) for end in relay.pipes(b"[%d] " % number).values()]
    most = 0
    for _ in range(12):
        for write, read_end in zip(ends, list(relay.streams)):
            os.set_blocking(write, False)
            with contextlib.suppress(BlockingIOError):
                os.write(write, b"x" * 60_000 + end)
            relay.ready(read_end)
        held = sum(len(stream.line) for stream in relay.streams.values())
        assert relay.unfinished == held
        most = max(most, held + sum(len(sink.waiting) for sink in set(relay.sinks.values())))
    for descriptor in (*ends, *relay.streams):
        os.close(descriptor)
    assert most < 24 << 20
    assert most > 1 << 20
