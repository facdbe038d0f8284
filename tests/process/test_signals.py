"""--instances: signals reach each instance once, all instances end, the terminal is restored."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from testing.supervised import (
    FOREVER,
    PYTHON,
    STUBBORN,
    Supervised,
    on_a_terminal,
    shell,
    state,
    supervised,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# It ends by SIGKILL only.
LISTENER = """
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
name = os.environ["MKL_LAUNCH_INSTANCE"]
say = lambda word: os.write(1, f"{name} {word}\\n".encode())
say("ready")
while True:
    say(int(signal.sigwait(signal.valid_signals())))
"""
# What a process does to itself, what no process can catch, what a terminal does to one that is not in its
# foreground (https://github.com/krallin/tini/blob/v0.19.0/src/tini.c#L470), a writer without a reader, a
# file that is too long.
OWN = "KILL STOP CHLD SEGV BUS FPE ILL TRAP SYS ABRT TTIN TTOU PIPE XFSZ"
TO_END = (signal.SIGTERM, signal.SIGINT)
FORWARDED = sorted(
    {int(number) for number in signal.valid_signals()}
    - {int(getattr(signal, f"SIG{name}")) for name in OWN.split()}
    - {*TO_END, signal.SIGTSTP}
)
CTRL_C, CTRL_Z = b"\x03", b"\x1a"


@pytest.fixture(scope="module")
def quiet(launcher: str) -> list[str]:
    return [launcher, "-q"]


@pytest.fixture(scope="module")
def pair(quiet: list[str]) -> list[str]:
    return [*quiet, "--instances", "2"]


@contextlib.contextmanager
def listening(argv: list[str], number: int = 2) -> Iterator[Supervised]:
    with supervised([*argv, "--", *PYTHON, LISTENER]) as made:
        assert made.lines(number) == [f"{index} ready" for index in range(number)]
        yield made


# Forwarding


@pytest.fixture(scope="module")
def listeners(pair: list[str]) -> Iterator[Supervised]:
    with listening(pair) as made:
        yield made


@pytest.mark.parametrize("number", FORWARDED)
def test_forwards_every_signal_once_to_each_instance(listeners: Supervised, number: int) -> None:
    listeners.send(number)
    assert listeners.lines(2) == [f"0 {number}", f"1 {number}"]


@pytest.mark.parametrize("number", TO_END)
def test_forwards_a_signal_to_end_once_to_each_instance(pair: list[str], number: int) -> None:
    with listening(pair) as made:
        for again in (number, signal.SIGUSR1):
            made.send(again)
            assert made.lines(2) == [f"0 {int(again)}", f"1 {int(again)}"]


def test_loses_none_of_many_signals_at_once(pair: list[str]) -> None:
    with listening(pair) as made:
        for number in FORWARDED:
            made.send(number)
        expected = sorted(f"{index} {number}" for index in (0, 1) for number in FORWARDED)
        assert made.lines(2 * len(FORWARDED)) == expected


# Ending


@pytest.mark.parametrize("number", TO_END)
@pytest.mark.parametrize("policy", ["stop", "continue", "restart"])
def test_ends_after_all_instances_have_ended(pair: list[str], policy: str, number: int) -> None:
    with supervised([*pair, "--on-failure", policy, *shell(FOREVER)]) as made:
        made.lines(2)
        made.send(number)
        assert made.wait() == 128 + number
        until(made.all_gone)


def test_an_instance_that_ends_with_0_on_request_has_not_failed(pair: list[str]) -> None:
    script = "trap 'kill $!; sleep 0.2; exit 0' TERM; sleep 1000 & echo ready; wait"
    with supervised([*pair, *shell(script)]) as made:
        made.lines(2)
        made.send(signal.SIGTERM)
        assert (made.wait(), made.err) == (0, [])


@pytest.mark.parametrize("second", TO_END)
@pytest.mark.parametrize("first", TO_END)
def test_kills_an_instance_that_ignores_two_signals_after_the_grace_time(
    pair: list[str], first: int, second: int
) -> None:
    with supervised([*pair, "--grace", "1", *shell(STUBBORN)]) as made:
        made.lines(2)
        begin = time.monotonic()
        made.send(first)
        time.sleep(0.3)
        made.send(second)
        assert made.wait() == 128 + signal.SIGKILL
        assert time.monotonic() - begin >= 1
        until(made.all_gone)


def test_a_second_signal_after_the_grace_time_kills_at_once(pair: list[str]) -> None:
    grace = 1.5
    with supervised([*pair, "--grace", str(grace), *shell(STUBBORN)]) as made:
        made.lines(2)
        made.send(signal.SIGTERM)
        time.sleep(grace + 0.3)
        assert len(made.instances()) == 2, "whoever stops a container has a patience of its own"
        begin = time.monotonic()
        made.send(signal.SIGTERM)
        assert made.wait() == 128 + signal.SIGKILL
        assert time.monotonic() - begin < grace, "not after another one"
        until(made.all_gone)


def test_ends_a_stopped_instance_too(pair: list[str]) -> None:
    script = f"[ {{instance}} = 0 ] && {{ kill -STOP $$; }}; {FOREVER}"
    with supervised([*pair, "--grace", "0.3", *shell(script)]) as made:
        assert made.line() == "ready"
        until(lambda: state(made.instances().get(0, 0)) == "T")
        os.kill(made.instances()[1], signal.SIGKILL)
        assert made.wait() == 128 + signal.SIGKILL
        until(made.all_gone)


def test_a_signal_during_the_start_ends_all_instances(pair: list[str]) -> None:
    """Whoever is started already gets it, and nobody is started any more."""
    with supervised([*pair[:-1], "64", *shell(FOREVER)]) as made:
        made.line()
        made.send(signal.SIGTERM)
        assert made.wait() == 128 + signal.SIGTERM
        until(made.all_gone)


def test_restarts_no_instance_after_a_signal_to_end(pair: list[str]) -> None:
    """Who has ended on request is not started again while another still ends."""
    script = "[ {instance} = 1 ] && trap '' TERM; echo ready; sleep 1; echo last"
    with supervised([*pair, "--on-failure", "restart", *shell(script)]) as made:
        assert made.lines(2) == ["ready", "ready"]
        made.send(signal.SIGTERM)
        done = made.done()
        assert (done.code, done.out) == (128 + signal.SIGTERM, b"last\n")


# Stop and continue


def test_stops_and_continues_all_instances(pair: list[str]) -> None:
    """As a whole, the supervisor too, so that a shell sees that its job has stopped."""
    with supervised([*pair, *shell(FOREVER)]) as made:
        made.lines(2)
        everything = [made.pid, *made.instances().values()]
        for _ in range(2):
            made.send(signal.SIGTSTP)
            until(lambda: [state(pid) for pid in everything] == ["T"] * 3)
            made.send(signal.SIGCONT)
            until(lambda: [state(pid) for pid in everything] == ["S"] * 3)
        made.send(signal.SIGTERM)
        assert made.wait() == 128 + signal.SIGTERM


# Terminals

# It counts its SIGINTs by saying each, and ends by SIGUSR1.
COUNTER = """
import os, signal
waited = {signal.SIGINT, signal.SIGUSR1}
signal.pthread_sigmask(signal.SIG_BLOCK, waited)
name = os.environ["MKL_LAUNCH_INSTANCE"]
say = lambda word: os.write(1, f"{name} {word}\\n".encode())
say("ready")
while signal.sigwait(waited) == signal.SIGINT:
    say("got")
say("end")
"""


@pytest.mark.parametrize("number", [1, 2])
def test_ctrl_c_is_one_signal(quiet: list[str], number: int) -> None:
    argv = [*quiet, "--instances", str(number), "--", *PYTHON, COUNTER]
    with on_a_terminal(argv) as (made, keys):
        words = [f"[{index}] {index}" for index in range(number)]
        assert made.lines(number) == [f"{word} ready" for word in words]
        os.write(keys, CTRL_C)
        # The terminal shows what is typed, wherever that falls.
        assert sorted(line.replace("^C", "") for line in made.lines(number)) == [
            f"{word} got" for word in words
        ]
        time.sleep(0.1)
        made.send(signal.SIGUSR1)
        assert made.lines(number) == [f"{word} end" for word in words]


@pytest.mark.parametrize("number", [1, 2])
def test_ctrl_z_stops_all_instances_and_the_supervisor(quiet: list[str], number: int) -> None:
    """A shell that waits for the supervisor gets its terminal back only where that stops too."""
    with on_a_terminal([*quiet, "--instances", str(number), *shell(FOREVER)]) as (made, keys):
        made.lines(number)
        everything = [made.pid, *made.instances().values()]
        os.write(keys, CTRL_Z)
        until(lambda: [state(pid) for pid in everything] == ["T"] * len(everything))
        made.send(signal.SIGCONT)
        until(lambda: [state(pid) for pid in everything] == ["S"] * len(everything))


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("policy", ["stop", "continue", "restart"])
def test_ends_all_instances_if_the_terminal_closes(quiet: list[str], number: int, policy: str) -> None:
    argv = [*quiet, "--instances", str(number), "--on-failure", policy, *shell(FOREVER)]
    with on_a_terminal(argv) as (made, _):
        made.lines(number)
        made.close_output()
        assert made.wait() in (128 + signal.SIGHUP, 128 + signal.SIGPIPE)
        until(made.all_gone)


@pytest.mark.parametrize("streams", ["", "</dev/null >/dev/null"])
def test_ends_all_instances_if_the_shell_ends_with_its_terminal(pair: list[str], streams: str) -> None:
    """The supervisor is in the foreground then, and not the leader of the session."""
    argv = ["sh", "-c", f'"$@" {streams}; echo no end', "sh", *pair, "--on-failure", "restart"]
    with on_a_terminal([*argv, *shell("echo ready >/dev/tty; exec sleep 1000")]) as (made, _):
        made.lines(2)
        made.close_output()
        until(made.all_gone)


def test_forwards_sighup_from_another_process_to_the_instances(pair: list[str]) -> None:
    """Who is to be started again is, as long as the terminal is there."""
    with on_a_terminal([*pair, "--on-failure", "restart", *shell(FOREVER)]) as (made, _):
        made.lines(2)
        made.send(signal.SIGHUP)
        assert made.lines(2) == ["[0] ready", "[1] ready"]


def test_only_one_instance_reads_the_terminal(quiet: list[str]) -> None:
    with on_a_terminal([*quiet, "--instances", "1", *shell("read line; echo got $line")]) as (made, keys):
        until(made.instances)
        os.write(keys, b"text\n")
        assert made.lines(2) == ["[0] got text", "text"]
        assert made.wait() == 0


def test_gives_the_terminal_back_at_the_end(quiet: list[str]) -> None:
    """Whoever comes after the supervisor reads on."""
    script = '"$@"; echo done; read line; echo got $line'
    argv = ["sh", "-c", script, "sh", *quiet, "--instances", "1", "--", "true"]
    with on_a_terminal(argv) as (made, keys):
        assert made.line() == "done"
        os.write(keys, b"text\n")
        assert made.lines(2) == ["got text", "text"]


def test_each_instance_leads_a_process_group_in_the_same_session(pair: list[str]) -> None:
    with supervised([*pair, *shell(FOREVER)]) as made:
        made.lines(2)
        found = made.instances()
        assert {pid: os.getpgid(pid) for pid in found.values()} == {pid: pid for pid in found.values()}
        assert {os.getsid(pid) for pid in found.values()} == {os.getsid(made.pid)}
