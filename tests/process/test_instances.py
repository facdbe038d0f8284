"""--instances: their number, their shares, failures and restarts."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from testing.process import report, start
from testing.supervised import (
    FOREVER,
    PYTHON,
    STUBBORN,
    children,
    run,
    shell,
    state,
    supervised,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TELL = """
import json, os, sys
names = ("MKL_LAUNCH_INSTANCE", "MKL_LAUNCH_INSTANCES", "OMP_NUM_THREADS")
told = {name: os.environ.get(name) for name in names}
told["mask"] = sorted(os.sched_getaffinity(0))
told["argv"] = sys.argv[1:]
os.write(1, json.dumps(told).encode() + b"\\n")
"""
CORES = len(os.sched_getaffinity(0))


@pytest.fixture(scope="module")
def quiet(launcher: str) -> list[str]:
    return [launcher, "-q"]


def told(argv: list[str]) -> list[dict[str, Any]]:
    """Return what each instance reports of itself, in order."""
    done = run(argv)
    assert (done.code, done.err, done.left) == (0, [], [])
    found = [json.loads(line) for line in done.lines]
    return sorted(found, key=lambda one: int(one["MKL_LAUNCH_INSTANCE"]))


def parse(text: str) -> list[int]:
    """Return a list of CPUs, as the JSON document has it."""
    parts = [part.partition("-") for part in text.split(",")]
    return sorted(cpu for low, _, high in parts for cpu in range(int(low), int(high or low) + 1))


@contextlib.contextmanager
def neighbours() -> Iterator[None]:
    """Yield a busy process for each CPU."""
    busy = [subprocess.Popen([*PYTHON, "while True: pass"]) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


# How many, and which cores


def test_each_instance_has_its_own_share(quiet: list[str]) -> None:
    found = told([*quiet, "--instances", "2", "--", *PYTHON, TELL])
    document = report([*quiet, "--instances", "2", "--json", "--", *PYTHON, TELL])
    assert [(one["MKL_LAUNCH_INSTANCE"], one["MKL_LAUNCH_INSTANCES"]) for one in found] == [
        ("0", "2"),
        ("1", "2"),
    ]
    assert [one["mask"] for one in found] == [parse(cpus) for cpus in document["instances"]]
    assert sorted(itertools.chain(*(one["mask"] for one in found))) == sorted(os.sched_getaffinity(0))
    assert found[0]["OMP_NUM_THREADS"] == str(document["budget"]["threads"])
    if CORES == 2:
        assert [(len(one["mask"]), one["OMP_NUM_THREADS"]) for one in found] == [(1, "1"), (1, "1")]


def test_more_instances_than_cores_have_one_thread_each(quiet: list[str]) -> None:
    number = CORES + 1
    found = told([*quiet, "--instances", str(number), "--", *PYTHON, TELL])
    assert [one["MKL_LAUNCH_INSTANCE"] for one in found] == [str(index) for index in range(number)]
    assert {one["OMP_NUM_THREADS"] for one in found} == {"1"}
    assert all(set(one["mask"]) <= os.sched_getaffinity(0) for one in found)


def test_instances_in_an_instance_divide_its_share(quiet: list[str]) -> None:
    """Each divides what it has, though they have the same numbers."""
    inner = [*quiet, "--instances", "2", "--print-env", "sh"]
    done = run([*quiet, "--instances", "2", "--", *inner])
    notes = [line.split("MKL_LAUNCH_APPLIED=")[1] for line in done.lines if "MKL_LAUNCH_APPLIED=" in line]
    assert [re.findall(r"--ranks=(\S+)", note) for note in notes] == [["0/2,0/2"], ["1/2,0/2"]]
    found = told([*quiet, "--instances", "2", "--", *quiet, "--instances", "2", "--", *PYTHON, TELL])
    masks = [one["mask"] for one in found]
    assert set(itertools.chain(*masks)) == os.sched_getaffinity(0)
    assert len(set(map(tuple, masks))) == min(4, CORES)


def test_each_instance_knows_its_number(launcher: str) -> None:
    """By whoever looks at it from outside; without a mask nothing else tells."""
    with supervised([launcher, "-q", "--instances", "2", "--bind", "never", *shell(FOREVER)]) as made:
        made.lines(2)
        until(lambda: len(made.instances()) == 2)
        found = report([launcher, "--json", "--pid", str(made.instances()[1])])
    assert (found["budget"]["rank"], found["budget"]["ranks"]) == (1, 2)
    assert found["process"]["changes"] == []


def test_starts_sixty_four_instances(quiet: list[str]) -> None:
    """While others want the CPUs too, so that an instance is often ahead of its supervisor."""
    argv = [*quiet, "--instances", "64", "--prefix", *shell("echo $MKL_LAUNCH_INSTANCE {instance}")]
    with neighbours():
        done = run(argv)
    assert done.lines == sorted(f"[{index}] {index} {index}" for index in range(64))
    assert (done.code, done.err, done.left) == (0, [], [])


# Of 2 sockets with 18 cores of 2 threads each: the second threads are CPUs 36-71.
NODES = ["0-17,36-53", "18-35,54-71"]


@pytest.mark.parametrize(
    ("line", "cores"),
    [
        ("--instances auto", [18, 18]),
        ("--throughput", [18, 18]),
        ("--latency", [4] * 9),
        ("--instances 4", [9] * 4),
        ("--instances 5", [8, 7, 7, 7, 7]),
        ("--cores-per-instance 9", [9] * 4),
        ("--cores-per-instance 36", [36]),
        ("--instances 3 --cores-per-instance 6", [6] * 3),
        ("--instances 1", [36]),
    ],
)
def test_computes_the_number_of_instances_and_their_cores(
    launcher: str, line: str, cores: list[int]
) -> None:
    document = report([launcher, "--machine", "2x18x2", *line.split(), "--json", "--", "true"])
    shares = [parse(cpus) for cpus in document["instances"]]
    assert sorted(len(share) // 2 for share in shares) == sorted(cores)
    assert len(set(itertools.chain(*shares))) == 2 * sum(cores), "disjoint"
    for share in shares:
        assert {cpu % 36 for cpu in share if cpu >= 36} == {cpu for cpu in share if cpu < 36}, "whole cores"
    if line in ("--instances auto", "--throughput"):
        assert document["instances"] == NODES
    assert (document["budget"]["rank"], document["budget"]["ranks"]) == (0, len(cores))


def test_explain_shows_the_plan_of_each_instance(launcher: str) -> None:
    line = f"{launcher} --machine 2x18x2 --instances 2 --explain -- python {{instance}}"
    said = start(line.split()).stdout.decode().splitlines()
    assert [row.split()[-1] for row in said if row.startswith("instance ")] == NODES


@pytest.mark.parametrize(
    "line",
    [
        *("--instances 0", "--instances -1", "--instances x", "--instances 1.5", "--instances="),
        *("--cores-per-instance 0", "--cores-per-instance x", "--cores-per-instance auto", "--instances"),
        *("--latency --throughput", "--on-failure stop", "--grace 1", "--log-dir logs", "--prefix"),
        *("--instances 2 --on-failure never", "--instances 2 --on-failure"),
        *("--instances 2 --grace x", "--instances 2 --grace -1", "--instances 2 --grace nan"),
        *("--instances 2 --log-dir=", "--instances 2 --prefix=x"),
        *(f"--instances 2 --cores-per-instance {CORES}", f"--cores-per-instance {CORES + 1}"),
    ],
)
def test_a_bad_request_of_instances_starts_nothing(quiet: list[str], line: str) -> None:
    done = run([*quiet, *line.split(), *shell("echo started")])
    assert (done.code, done.out) == (2, b"")
    assert len(done.err) == 1
    assert done.err[0].startswith("mkl-launch: ")


@pytest.mark.parametrize("name", ["INSTANCES", "ON_FAILURE", "LOG_DIR", "PREFIX"])
def test_no_variable_starts_instances(quiet: list[str], name: str) -> None:
    environ = {f"MKL_LAUNCH_{name}": "2"}
    assert run([*quiet, *shell("echo once")], env=environ).out == b"once\n"


# What each is told

NASTY = (
    *(
        "{instance}",
        "{instance}{instance}-{instance}",
        "a {instance} b",
        "$(echo {instance})",
        "`{instance}`",
    ),
    *("'{instance}\"", "new\nline {instance}", "*", "{x}", "{{instance}}", "", "; exit 9", "~", "%d", "\\"),
)


def test_does_not_interpret_arguments_of_instances_as_shell(quiet: list[str]) -> None:
    found = told([*quiet, "--instances", "2", "--", *PYTHON, TELL, *NASTY])
    for number, one in enumerate(found):
        assert one["argv"] == [word.replace("{instance}", str(number)) for word in NASTY]


# Exit codes


@pytest.mark.parametrize("options", ["1", "2", "2 --on-failure continue"])
@pytest.mark.parametrize(
    ("script", "code", "how"),
    [
        ("exit 0", 0, ""),
        ("exit 3", 3, "exited with 3"),
        ("exit 255", 255, "exited with 255"),
        ("kill -KILL $$", 137, "was killed by SIGKILL"),
        ("kill -TERM $$", 143, "was killed by SIGTERM"),
        ("kill -SEGV $$", 139, "was killed by SIGSEGV"),
    ],
)
def test_exits_with_the_status_of_the_instances(
    quiet: list[str], options: str, script: str, code: int, how: str
) -> None:
    mine = f"[ {{instance}} = 0 ] || exit 0; {script}"
    done = run([*quiet, "--instances", *options.split(), *shell(f"echo $$; {mine}")])
    assert (done.code, done.left) == (code, [])
    assert len(done.err) == bool(how)
    if how:
        words = done.err[0].split(maxsplit=5)
        assert words[:3] == ["mkl-launch:", "instance", "0"]
        assert words[4].rstrip(")") in done.lines
        assert words[5] == how


@pytest.mark.parametrize("policy", ["stop", "continue"])
@pytest.mark.parametrize(("word", "code"), [("no-such-command", 127), ("/etc/passwd", 126), ("/", 126)])
def test_a_command_of_instances_that_cannot_be_executed_exits_as_without_instances(
    quiet: list[str], policy: str, word: str, code: int
) -> None:
    done = run([*quiet, "--instances", "2", "--on-failure", policy, "--", word])
    assert (done.code, done.left) == (code, [])
    plain = start([*quiet, "--", word])
    assert plain.returncode == code
    assert plain.stderr.decode().strip() in done.err


# Instance 0 goes on when instance 1 has been reaped.
AFTER = "while [ ! -s pid ] || [ -d /proc/$(cat pid) ]; do sleep 0.01; done"
FIRST = "echo $$ >new; mv new pid; exit 4"


@pytest.mark.parametrize("later", ["exit 0", "exit 6", "kill -KILL $$"])
def test_exits_with_the_status_of_the_first_failure(quiet: list[str], tmp_path: Path, later: str) -> None:
    script = f"if [ {{instance}} = 1 ]; then {FIRST}; fi; {AFTER}; {later}"
    done = run([*quiet, "--instances", "2", "--on-failure", "continue", *shell(script)], cwd=tmp_path)
    assert done.code == 4
    assert len(done.err) == 1 + (later != "exit 0")


@pytest.mark.parametrize("answer", ["exit 0", "exit 5"])
def test_the_first_failure_stops_the_others(quiet: list[str], answer: str) -> None:
    script = f"[ {{instance}} = 1 ] || {{ sleep 0.2; exit 3; }}; trap '{answer}' TERM; sleep 1000 & wait"
    done = run([*quiet, "--instances", "2", *shell(script)])
    assert (done.code, done.left) == (3, []), "with all of its group"


def test_an_instance_that_succeeds_does_not_stop_the_others(quiet: list[str], tmp_path: Path) -> None:
    script = f"if [ {{instance}} = 1 ]; then {FIRST.replace('4', '0')}; fi; {AFTER}; echo later"
    done = run([*quiet, "--instances", "2", *shell(script)], cwd=tmp_path)
    assert (done.code, done.out, done.err) == (0, b"later\n", [])


def test_kills_an_instance_that_does_not_stop_in_the_grace_time(quiet: list[str], tmp_path: Path) -> None:
    begin = time.monotonic()
    fails = "while [ ! -e ready ]; do sleep 0.01; done; exit 3"
    script = f"[ {{instance}} = 1 ] || {{ {fails}; }}; {STUBBORN.replace('echo ready', '>ready')}"
    done = run([*quiet, "--instances", "2", "--grace", "0.5", *shell(script)], cwd=tmp_path)
    assert (done.code, done.left) == (3, [])
    assert time.monotonic() - begin >= 0.5


def test_ends_the_processes_that_a_failed_instance_leaves(quiet: list[str]) -> None:
    """Else it would keep the cores of an instance that is no more."""
    done = run([*quiet, "--instances", "2", "--prefix", *shell("sleep 1000 & exit 3")])
    assert (done.code, done.left) == (3, [])


# --on-failure restart


def test_each_restart_waits_longer(quiet: list[str], tmp_path: Path) -> None:
    script = "date +%s.%N >>started; [ $(wc -l <started) -ge 5 ]"
    done = run([*quiet, "--instances", "1", "--on-failure", "restart", *shell(script)], cwd=tmp_path)
    times = [float(line) for line in (tmp_path / "started").read_text().split()]
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(0.1 * 2**index <= wait < 0.1 * 2**index + 0.5 for index, wait in enumerate(waits)), waits
    assert done.code == 0, "all have succeeded"
    assert len(done.err) == 4


def test_restarts_only_the_failed_instance(quiet: list[str], tmp_path: Path) -> None:
    script = (
        f"[ {{instance}} = 0 ] || [ -e failed ] || {{ >failed; exit 3; }}; echo {{instance}}; {FOREVER}"
    )
    argv = [*quiet, "--instances", "2", "--on-failure", "restart", *shell(script)]
    with supervised(argv, cwd=tmp_path) as made:
        assert made.lines(4) == ["0", "1", "ready", "ready"]
        assert made.instances().keys() == {0, 1}
        assert not [pid for pid in children(made.pid) if state(pid) == "Z"]


def test_a_restart_ends_the_processes_that_the_failed_instance_left(quiet: list[str]) -> None:
    """Which would go on computing on the same cores."""
    argv = [
        *quiet,
        "--instances",
        "1",
        "--on-failure",
        "restart",
        *shell("sleep 1000 & echo ready; exit 3"),
    ]
    with supervised(argv) as made:
        made.lines(3)
        assert len(made.marked()) <= 6, "the supervisor, its guard, and one instance with its child"


@pytest.mark.parametrize(("command", "code"), [("/no/such/command", 127), ("/etc/passwd", 126)])
def test_does_not_restart_a_command_that_cannot_be_executed(
    quiet: list[str], command: str, code: int
) -> None:
    assert run([*quiet, "--instances", "2", "--on-failure", "restart", "--", command]).code == code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--throughput --instances 2", "--throughput and --instances: only one"),
        ("--latency --cores-per-instance 2", "--latency and --cores-per-instance: only one"),
        ("--instances 2 --prefix --log-dir x", "--prefix and --log-dir: only one"),
        ("--grace 3", "--grace: only with --instances"),
        ("--instances=", "--instances : not a whole number from 1 to 65535 or auto"),
        ("--instances 100000", "--instances 100000: not a whole number from 1 to 65535 or auto"),
        ("--instances 1 --cores-per-instance 999", "999 cores for 1 instance, there are"),
    ],
)
def test_reports_options_of_instances_that_contradict(quiet: list[str], words: str, told: str) -> None:
    done = run([*quiet, *words.split(), *shell("echo started")])
    assert (done.code, done.out, told in " ".join(done.err)) == (2, b"", True), done


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_end_does_not_wait_for_a_pending_restart(quiet: list[str], number: int) -> None:
    seconds: list[float] = []
    while not seconds or (seconds[-1] >= 1.4 and len(seconds) < 3):  # a busy machine takes longer
        with supervised([*quiet, "--instances", "1", "--on-failure", "restart", *shell("exit 7")]) as made:
            until(lambda: len(made.err) == 5)
            begin = time.monotonic()
            made.send(number)
            assert made.wait(), "it has failed, and nothing was made good"
            seconds.append(time.monotonic() - begin)
            until(made.all_gone)
    assert seconds[-1] < 1.4, "the next start was due in 1.6 s"
