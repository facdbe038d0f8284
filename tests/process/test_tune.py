"""--tune as a process, with programs whose output says how fast they are, so that no clock decides."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.process import PATH, lines, report, start
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable

METRIC = ["--metric", r"speed: ([^,\s]*)", "--maximize"]
FASTER_ALONE = 'echo "speed: $((10 / OMP_NUM_THREADS))"'
# Plain sockets, because both are started dozens of times.
SERVER = """\
import os, socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
while True:
    client = server.accept()[0]
    threads = int(os.environ["OMP_NUM_THREADS"])
    client.sendall(b"speed: %d, 99%% %.2fms" % (10 // threads, 1.5 * threads))
    client.close()
"""
CLIENT = (
    "import socket, sys; print(socket.create_connection(('127.0.0.1', int(sys.argv[1]))).recv(99).decode())"
)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a script; the machine must have two CPUs or more."""
    if len(os.sched_getaffinity(0)) < 2:
        skip_or_fail("one CPU leaves nothing to tune")

    def write(text: str = FASTER_ALONE, name: str = "solve") -> str:
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return str(file)

    return write


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


# What is found and applied


def test_finds_saves_and_applies_the_better_setting(
    launcher: str, program: Callable[..., str], tmp_path: Path
) -> None:
    command, profile = program(), str(tmp_path / "new" / "solve.json")
    done = start([launcher, "-q", "--tune", *METRIC, "--save", profile, "--", command])
    assert done.returncode == 0, done
    text = done.stdout.decode()
    assert "1 thread: better by more than the noise" in text
    assert "OMP_NUM_THREADS=1" in text
    assert f"--save: {profile} is written" in lines(done)[-1]

    document = json.loads(Path(profile).read_text())
    assert (document["command"], document["threads"], document["measured"]["best"]) == ("solve", "one", 10)
    assert start([launcher, "--tuned", profile, command]).stdout == b"speed: 10\n"
    applied = report([launcher, "--json", "--tuned", profile, command])
    setting = next(one for one in applied["settings"] if one["name"] == "OMP_NUM_THREADS")
    assert (setting["value"], setting["origin"]) == ("1", "profile")
    assert profile in setting["reason"]
    explained = start([launcher, "--explain", "--tuned", profile, command]).stdout.decode()
    assert f"threads   1; tuned profile {profile}: one" in explained

    users = start([launcher, "-q", "--tuned", profile, command], {"OMP_NUM_THREADS": "5"})
    assert users.stdout == b"speed: 2\n"
    other = program(name="other")
    explained = start([launcher, "--explain=all", "--tuned", profile, other]).stdout.decode()
    assert f"tuned profile {profile}: not used: measured for solve, this is other" in explained


def test_json_has_every_run_and_the_profile(launcher: str, program: Callable[..., str]) -> None:
    found = report([launcher, "-q", "--tune", "--json", *METRIC, "--", program()])
    best = next(trial for trial in found["trials"] if trial["rules"]["threads"] == "one")
    assert set(best["values"]) == {10}
    assert (found["is_plan"], found["profile"]["threads"]) == (False, "one")
    assert found["test"]["pairs"] == 10
    assert found["settings"]["OMP_NUM_THREADS"] == "1"


def test_finds_the_smallest_metric_with_minimize(launcher: str, program: Callable[..., str]) -> None:
    words = ["--metric", "seconds ([0-9.]+)", "--minimize"]
    found = report(
        [launcher, "-q", "--tune", "--json", *words, "--", program('echo "seconds 1.$OMP_NUM_THREADS"')]
    )
    assert found["profile"]["threads"] == "one"


def test_a_command_that_gains_nothing_keeps_the_settings_of_the_plan(
    launcher: str, program: Callable[..., str], tmp_path: Path
) -> None:
    profile = tmp_path / "solve.json"
    done = start(
        [launcher, "-q", "--tune", *METRIC, "--save", str(profile), "--", program("echo speed: 1")]
    )
    assert b"the plan's own settings stay" in done.stdout
    assert json.loads(profile.read_text())["threads"] == "plan"
    explained = start([launcher, "--explain=all", "--tuned", str(profile), program()])
    assert b"the computed settings" in explained.stdout


@pytest.mark.alone
@pytest.mark.parametrize("number", range(3))
def test_a_tuning_of_sleep_keeps_the_plan(launcher: str, number: int) -> None:
    """It does the same with all settings, so that only noise makes a difference."""
    del number
    found = report([launcher, "-q", "--tune", "--json", "--for", "5s", "--", "sleep", "0.02"])
    assert found["is_plan"], found


@pytest.mark.alone
def test_the_time_of_a_command_is_measured(launcher: str, program: Callable[..., str]) -> None:
    """A second thread costs it 0.4 s more, which is longer than what a busy machine adds."""
    slower = program('[ "$OMP_NUM_THREADS" = 1 ] || sleep 0.4')
    found = report([launcher, "-q", "--tune", "--json", "--for", "45s", "--", slower])
    assert found["profile"]["threads"] == "one", found
    assert found["test"]["gain"] > 1.2


@pytest.mark.alone
def test_a_server_is_loaded_and_ended(launcher: str, program: Callable[..., str], tmp_path: Path) -> None:
    del program
    (tmp_path / "serve.py").write_text(SERVER)
    (tmp_path / "client.py").write_text(CLIENT)
    port = free_port()
    command = [sys.executable, "-S", str(tmp_path / "serve.py"), str(port)]
    load = f"{sys.executable} -S {tmp_path / 'client.py'} {port}"
    words = [launcher, "-q", "--tune", "--json", *METRIC, "--also", r"99% ([0-9.]+\w+)", "--load", load]
    found = report([*words, "--ready", str(port), "--", *command])
    both = {trial["threads"]: (set(trial["values"]), set(trial["also"])) for trial in found["trials"]}
    assert both[1] == ({10}, {1.5}), "requests per second, and p99 beside them"
    assert all(len(trial["values"]) == len(trial["also"]) for trial in found["trials"])
    assert (found["profile"]["command"], found["profile"]["threads"]) == ("serve.py", "one")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    # A line of output shows the same. There is no time for the runs that a decision needs.
    words[-1] = f"sleep 0.4; {load}"
    found = report([*words, "--ready", "^listening", "--for", "1s", "--", *command])
    assert "at least is needed" in found["reason"]


# What cannot be tuned


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("echo oh no; exit 3", METRIC, "the command ended with status 3: oh no"),
        ("kill -9 $$", [], "the command was ended by signal 9"),
        ("echo nothing", METRIC, r"no output matches --metric speed: ([^,\s]*)"),
        ("echo speed: fast", METRIC, "finds 'fast', which is not a number above 0"),
        ("echo speed: 0", METRIC, "finds '0', which is not a number above 0"),
        ("sleep 9", ["--for", "1s"], "the command took more than 1.0 s"),
        ("exit 4", ["--load", "true", "--ready", "x"], "the server ended with status 4"),
        ("exec sleep 9", ["--load", "exit 5", "--ready", "^"], "the load command ended with status 5"),
    ],
)
def test_says_in_one_line_why_a_command_cannot_be_tuned(
    launcher: str, program: Callable[..., str], text: str, words: list[str], said: str
) -> None:
    done = start([launcher, "-q", "--tune", *words, "--", program(text)])
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = lines(done)
    assert line.startswith("mkl-launch: --tune: nothing can be measured: ")
    assert said in line


WRONG = [
    (["--tune"], "--tune: no command to run"),
    (["--for", "5m", "--tune", "true"], "--for: only after --tune"),
    (["--metric=x", "true"], "--metric=x: only after --tune"),
    (["--tune", "--metric", "x", "true"], "--metric x: add either --maximize or --minimize"),
    (["--tune", "--maximize", "true"], "--maximize: only with --metric"),
    (["--tune", "--metric", "(", "--minimize", "true"], "--metric (: not a regular expression"),
    (["--tune", "--for", "soon", "true"], "--for soon: not a time up to 24h (90s, 5m, 1h)"),
    (["--tune", "--for", "0", "true"], "--for 0: not a time"),
    (["--tune", "--load", "true", "true"], "--load: only with --ready"),
    (["--tune", "--ready", "80", "true"], "--ready: only with --load"),
    (["--tune", "--load", "true", "--ready", "70000", "true"], "--ready 70000: not a port"),
    (["--tune", "--plot", "x.gif", "true"], "--plot x.gif: not a file that ends in .png or .svg"),
    (["--tune", "--explain", "true"], "--tune and --explain: only one"),
    (["--tune", "--instances", "2", "true"], "--tune and --instances: only one"),
    (["--tune", "--slots", "/x:2", "true"], "--tune and --slots: only one"),
    (["--tune", "--save", "", "true"], "--save '': empty"),
    (["--tune", "--save", "auto", "python3", "-c", "pass"], "--save auto: the command has no name"),
    (["--tuned", "profile.json", "true"], "--tuned profile.json: not off or the absolute path"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_wrong_option_is_one_line_and_runs_nothing(
    launcher: str, words: list[str], said: str, tmp_path: Path
) -> None:
    done = start([launcher, *words], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines(done)
    assert said in line


def test_a_switched_off_launcher_does_not_tune(launcher: str) -> None:
    done = start([launcher, "--tune", "true"], {"MKL_LAUNCH": "off"})
    assert done.returncode == 2
    assert "MKL_LAUNCH is off" in lines(done)[0]


def test_a_profile_that_cannot_be_written_is_an_error(launcher: str, program: Callable[..., str]) -> None:
    done = start([launcher, "-q", "--tune", *METRIC, "--save", "/proc/x/p.json", "--", program()])
    assert done.returncode == 1
    assert "--save /proc/x/p.json: " in lines(done)[-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_command_and_saves_nothing(
    launcher: str, program: Callable[..., str], number: signal.Signals, tmp_path: Path
) -> None:
    pid, profile = tmp_path / "pid", tmp_path / "solve.json"
    command = program(f"echo $$ >{pid}.new; mv {pid}.new {pid}; exec sleep 30")
    tuning = [launcher, "-q", "--tune", "--save", str(profile), "--", command]
    with subprocess.Popen(tuning, env={"PATH": PATH}, stderr=subprocess.PIPE) as child:
        end = time.monotonic() + 300
        while not pid.exists() and time.monotonic() < end:
            time.sleep(0.02)
        child.send_signal(number)
        said = child.communicate(timeout=300)[1]
    assert child.returncode == 128 + number
    assert f"tuning was ended by {number.name}; nothing is saved" in said.decode()
    assert not profile.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_what_a_run_leaves_behind_is_ended(
    launcher: str, program: Callable[..., str], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    command = program(f"sleep 300 & echo $! >>{pids}; {FASTER_ALONE}")
    assert start([launcher, "-q", "--tune", *METRIC, "--", command]).returncode == 0
    left = [pid for pid in pids.read_text().split() if Path(f"/proc/{pid}/stat").exists()]
    states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] for pid in left]
    assert set(states) <= {"Z"}, "nobody has waited for them"


# Plots and progress


def test_draws_a_curve(launcher: str, program: Callable[..., str], tmp_path: Path, installed: Path) -> None:
    if (installed / "matplotlib").exists():
        skip_or_fail("matplotlib is among the dependencies")
    done = start([launcher, "--tune", "--plot", "x.svg", "true"])
    assert "matplotlib is missing: pip install 'mkl-launch[tune]'" in lines(done)[0]
    for name in ("curve.svg", "curve.png"):
        module = [sys.executable, "-m", "mkl_launch", "-q", "--tune", *METRIC]
        assert start([*module, "--plot", str(tmp_path / name), "--", program()]).returncode == 0
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "curve.svg").read_bytes().startswith(b"<?xml")


def test_shows_a_bar_on_a_terminal(program: Callable[..., str]) -> None:
    """With `rich`; it is gone at the end, and the table has standard output for itself."""
    leader, follower = os.openpty()
    words = [sys.executable, "-m", "mkl_launch", "--tune", *METRIC, "--", program()]
    environ = {"PATH": PATH, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=follower) as child:
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):  # EIO: nobody has the terminal open any more
            while data := os.read(leader, 4096):
                shown += data
        table = child.communicate(timeout=300)[0]
    os.close(leader)
    assert child.returncode == 0, shown
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}".encode() in shown, "the bar"
    assert b"test 1 of 10: 1 thread" in shown
    assert b"\x1b[2K" in shown, "the line is erased"
    assert b"\x1b" not in table
    assert b"better by more than the noise" in table


def test_says_what_it_does_unless_quiet(launcher: str, program: Callable[..., str]) -> None:
    done = start([launcher, "--tune", *METRIC, "--", program()])
    assert "0 s: first run, of the plan's own settings" in lines(done)[0]
    assert lines(start([launcher, "-q", "--tune", *METRIC, "--", program()])) == []
