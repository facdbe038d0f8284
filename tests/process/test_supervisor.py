"""--instances: no instance outlives the supervisor, none inherits from it, and it costs little."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from testing.process import as_pid_1
from testing.project import skip_or_fail
from testing.supervised import (
    FOREVER,
    GROUP_NUMBER_REUSED,
    PYTHON,
    children,
    command,
    kilobytes,
    run,
    shell,
    state,
    status,
    supervised,
    until,
)

if TYPE_CHECKING:
    from pathlib import Path

TO_END = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(scope="module")
def quiet(launcher: str) -> list[str]:
    return [launcher, "-q"]


@pytest.fixture(scope="module")
def pair(quiet: list[str]) -> list[str]:
    return [*quiet, "--instances", "2"]


# Nothing is left


def test_nothing_outlives_a_supervisor_that_is_killed(pair: list[str]) -> None:
    with supervised([*pair, *shell("trap '' HUP TERM; sleep 1000 & echo ready; wait")]) as made:
        made.lines(2)
        assert len(made.marked()) >= 5
        made.send(signal.SIGKILL)
        until(made.all_gone)
        assert made.wait() == 128 + signal.SIGKILL


@pytest.mark.parametrize("moment", range(8))
def test_nothing_outlives_a_supervisor_that_is_killed_while_it_starts_instances(
    pair: list[str], moment: int
) -> None:
    """However little of an instance there is yet."""
    with supervised([*pair[:-1], "64", *shell(FOREVER)]) as made:
        made.line()
        time.sleep(moment * 0.015)
        made.send(signal.SIGKILL)
        until(made.all_gone)


@pytest.mark.parametrize("policy", ["stop", "restart"])
def test_ends_or_restarts_if_guard_and_an_instance_are_killed(pair: list[str], policy: str) -> None:
    """As the kernel does where memory is short: nothing runs on without supervision."""
    with supervised([*pair, "--on-failure", policy, *shell(FOREVER)]) as made:
        made.lines(2)
        until(lambda: len(made.instances()) == 2)  # while one becomes sleep(1) it has no environment
        for pid in set(children(made.pid)) - set(made.instances().values()):
            os.kill(pid, signal.SIGKILL)
        os.kill(made.instances()[0], signal.SIGKILL)
        if policy == "restart":
            assert made.line() == "ready"
            made.send(signal.SIGTERM)
        assert made.wait() == 128 + (signal.SIGKILL if policy == "stop" else signal.SIGTERM)
        until(made.all_gone)


def test_a_process_outside_the_group_of_its_instance_ends_with_the_container(quiet: list[str]) -> None:
    """With PID 1 that is; elsewhere a daemon is what its instance has made it (SECURITY.md)."""
    argv = [*quiet, "--instances", "1", *shell("setsid sleep 1000 & echo ready; wait")]
    with supervised(as_pid_1(argv)) as made:
        made.line()
        (first,) = children(made.pid)
        os.kill(first, signal.SIGKILL)
        until(made.all_gone)
    with supervised(argv) as made:
        made.line()
        until(lambda: "sleep 1000 " in [command(pid) for pid in made.marked()])
        made.send(signal.SIGKILL)
        until(lambda: [command(pid) for pid in made.marked()] == ["sleep 1000 "])


def test_does_not_kill_another_process_that_reuses_the_number_of_a_group(
    pair: list[str], tmp_path: Path
) -> None:
    if not os.access("/proc/sys/kernel/ns_last_pid", os.W_OK):
        skip_or_fail("the next number of a process cannot be chosen")
    done = run(as_pid_1(["sh", "-c", GROUP_NUMBER_REUSED, str(tmp_path), *pair]))
    assert done.lines == ["alive", "same number"], done


def test_reaps_zombies_of_instances(pair: list[str]) -> None:
    with supervised([*pair, *shell(f"[ {{instance}} = 0 ] && exit 0; {FOREVER}")]) as made:
        made.line()
        until(lambda: len(made.instances()) == 1)
        until(lambda: not [pid for pid in children(made.pid) if state(pid) == "Z"])


def test_does_not_take_an_earlier_child_for_an_instance(pair: list[str]) -> None:
    script = '(sleep 0.3; exit 9) & exec "$@"'
    with supervised(["sh", "-c", script, "sh", *pair, *shell(FOREVER)]) as made:
        made.lines(2)
        time.sleep(0.5)
        assert not [pid for pid in children(made.pid) if state(pid) == "Z"]
        assert made.err == []
        assert len(made.instances()) == 2


# Orphans of a process are the children of PID 1, which is the supervisor.
ORPHANS = """
import os, time
def children():
    return open("/proc/1/task/1/children").read().split()
before = children()
reader, writer = os.pipe()
for _ in range(30):
    child = os.fork()
    if not child:
        if not os.fork():
            os.close(writer)
            os.setsid()
            os.read(reader, 1)
        os._exit(0)
    os.waitpid(child, 0)
print(len(children()) - len(before), flush=True)
os.close(writer)
for _ in range(500):
    if children() == before:
        print("reaped")
        break
    time.sleep(0.01)
"""


def test_reaps_orphans_as_process_1(quiet: list[str]) -> None:
    done = run(as_pid_1([*quiet, "--instances", "1", "--", *PYTHON, ORPHANS]))
    assert (done.code, done.out, done.err) == (0, b"30\nreaped\n", [])


def test_an_orphan_that_fails_does_not_fail_the_run(quiet: list[str]) -> None:
    """Nor is one waited for that lives longer than the instances."""
    script = "(setsid sh -c 'sleep 0.1; exit 9' &); (setsid sleep 1000 &); sleep 0.5"
    done = run(as_pid_1([*quiet, "--instances", "2", "--prefix", *shell(script)]))
    assert (done.code, done.err, done.left) == (0, [], [])


@pytest.mark.parametrize("number", TO_END)
def test_ends_on_sigterm_as_process_1(pair: list[str], number: int) -> None:
    """The kernel drops a signal to PID 1 that has no handler."""
    with supervised(as_pid_1([*pair, *shell(FOREVER)])) as made:
        made.lines(2)
        (first,) = children(made.pid)
        os.kill(first, number)
        assert made.wait() == 128 + number


# What an instance inherits


def test_an_instance_reads_standard_input_only_if_it_is_alone(quiet: list[str]) -> None:
    for number, expected in (("1", b"text"), ("2", b"")):
        with supervised([*quiet, "--instances", number, "--", "cat"], stdin=subprocess.PIPE) as made:
            assert made.process.stdin
            made.process.stdin.write(b"text")
            made.process.stdin.close()
            assert made.done().out == expected


# With SIGHUP and one more ignored, SIGUSR2 blocked, and a file open as 30.
ODD = """
import os, signal, sys
for number in (signal.SIGHUP, *map(int, sys.argv[1].split())):
    signal.signal(number, signal.SIG_IGN)
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
os.dup2(os.open("/dev/zero", os.O_RDONLY), 30)
os.execvp(sys.argv[2], sys.argv[2:])
"""
# What ls has open of its own is the same each time.
INHERITED = "grep -E '^(Sig(Blk|Ign|Cgt)|ShdPnd)' /proc/self/status; ls /proc/self/fd"
ways = pytest.mark.parametrize("way", ["raw", "--prefix", "--log-dir=."])


@ways
@pytest.mark.parametrize("ignored", ["", str(int(signal.SIGINT)), str(int(signal.SIGCHLD))])
def test_instances_have_the_signals_and_descriptors_of_a_plain_launch(
    quiet: list[str], tmp_path: Path, way: str, ignored: str
) -> None:
    odd = [*PYTHON, ODD, ignored]
    command = ["--", "sh", "-c", f"{{ {INHERITED}; }} >told-{{instance}}"]
    plain = run([*odd, *quiet, "--", "sh", "-c", INHERITED]).out
    options = ["--instances", "3", *([way] if way != "raw" else [])]
    done = run([*odd, *quiet, *options, *command], cwd=tmp_path)
    assert (done.code, done.err) == (0, [])
    assert b"\n30\n" in plain
    for number in range(3):
        assert (tmp_path / f"told-{number}").read_bytes() == plain


def test_ends_if_sigchld_was_blocked_before_the_start(launcher: str, prepared: Path) -> None:
    """Whoever waits for it by sigwait(3) has it blocked, and may start a launcher with it so."""
    block = [*PYTHON, BLOCKING]
    plain = run([*block, "grep", "SigBlk", "/proc/self/status"]).out
    for entry in (launcher, str(prepared / "bin" / "mkl-launch")):
        words = ["-q", "--instances", "2", "--", "grep", "SigBlk", "/proc/self/status"]
        before = ["dash"] if entry == launcher else []  # bash unblocks it: SECURITY.md
        done = run([*block, *before, entry, *words])
        assert (done.code, done.out, done.err) == (0, plain * 2, [])


BLOCKING = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGUSR1])
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_a_signal_that_was_ignored_at_the_start_ends_no_instance(pair: list[str]) -> None:
    """Such as nohup(1) has it, and as the shell has SIGINT for a job in the background."""
    with supervised(["sh", "-c", 'trap "" HUP INT; exec "$@"', "sh", *pair, *shell(FOREVER)]) as made:
        made.lines(2)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGINT):
            made.send(number)
        time.sleep(0.2)
        assert len(made.instances()) == 2


@pytest.mark.parametrize("streams", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_starts_instances_with_closed_streams(pair: list[str], tmp_path: Path, streams: str) -> None:
    script = f'exec "$@" {streams}'
    command = shell("echo {instance} >told-{instance}")
    assert run(["sh", "-c", script, "sh", *pair, "--prefix", *command], cwd=tmp_path).code == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["told-0", "told-1"]


# What the supervisor costs


@pytest.mark.parametrize("options", [(), ("--prefix",)], ids=["raw", "prefix"])
def test_an_idle_supervisor_does_not_wake(pair: list[str], options: tuple[str, ...]) -> None:
    with supervised([*pair, *options, *shell(FOREVER)]) as made:
        made.lines(2)
        ours = set(made.marked()) - set(made.instances().values())

        def waits() -> list[str]:
            return [status(pid)["voluntary_ctxt_switches"] for pid in ours]

        def sleeps_for_a_second() -> bool:
            before = waits()
            time.sleep(1)
            return waits() == before

        until(sleeps_for_a_second)  # from the end of its start on
        assert sum(kilobytes(pid) for pid in ours if pid == made.pid) < 30_000


def test_starts_all_instances_with_too_few_descriptors(launcher: str) -> None:
    """Those for which there are no pipes any more write without the prefix."""
    script = (
        f"ulimit -n 32; exec {launcher} -q --instances 64 --prefix -- sh -c 'echo {{instance}}; sleep 1'"
    )
    done = run(["sh", "-c", script])
    assert (done.code, done.left) == (0, [])
    assert sorted(int(line.split()[-1]) for line in done.lines) == list(range(64))
    assert "its output gets no prefix: Too many open files" in done.err[0]
