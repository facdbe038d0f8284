"""--slots: commands that take CPUs of one directory, and what keeps them from it."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing import slots
from testing.process import PATH, lines, start
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

CPUS = frozenset(os.sched_getaffinity(0))
ROUNDS = int(os.environ.get("ROUNDS", "12"))
TELL = ["sh", "-c", "grep Cpus_allowed_list /proc/self/status; echo $OMP_NUM_THREADS"]
needs_two = pytest.mark.skipif(len(CPUS) < 2, reason="two CPUs are needed to divide")


class Running:
    """A command that holds slots."""

    def __init__(self, launcher: str, option: str, *command: str) -> None:
        words = [launcher, "-q", "--slots", option, "--", *(command or ("sleep", "100"))]
        self.process = subprocess.Popen(
            words, env={"PATH": PATH}, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )

    def mask(self) -> frozenset[int]:
        return frozenset(os.sched_getaffinity(self.process.pid))

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def until_held(slots_directory: str, number: int) -> dict[int, int]:
    """Wait until so many slots are held, all CPUs together; return {CPU: holders}."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        held = slots.held(slots_directory) if Path(slots_directory, "cpus").exists() else {}
        if sum(held.values()) == number:
            return held
        time.sleep(0.02)
    raise AssertionError(f"{held} are held, not {number}")


def report(launcher: str, option: str, *words: str) -> dict[str, Any]:
    done = start([launcher, "--slots", option, "--json", *words])
    assert done.returncode == 0, done
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@needs_two
def test_two_commands_have_different_cpus_and_plan_for_them(launcher: str, slots_directory: str) -> None:
    option = f"{slots_directory}:{len(CPUS)}"
    first = Running(launcher, option)
    until_held(slots_directory, 1)
    second = start([launcher, "-q", "--slots", option, "--", *TELL])
    cpu, threads = second.stdout.decode().split()[1:]
    assert second.stderr == b""
    assert threads == "1"
    assert first.mask() == {min(CPUS)}
    assert frozenset((int(cpu),)) <= CPUS - first.mask()
    first.kill()
    assert slots.held(slots_directory) == {}


@needs_two
def test_the_variable_takes_slots_as_the_option_does(launcher: str, slots_directory: str) -> None:
    done = start([launcher, "-q", "--", "nproc"], {"MKL_LAUNCH_SLOTS": f"{slots_directory}:{len(CPUS)}"})
    assert (done.stdout, done.stderr) == (b"1\n", b"")


@needs_two
def test_without_enough_free_cpus_the_least_held_are_shared(launcher: str, slots_directory: str) -> None:
    number = str(len(CPUS))
    first = Running(launcher, slots_directory + ":1")
    until_held(slots_directory, len(CPUS))
    done = start([launcher, "--slots", slots_directory, "--cpus", number, "--", "nproc"])
    first.kill()
    warning, summary = lines(done)
    assert f"{number} CPUs wanted (--cpus), 0 free" in warning
    assert "shared with 1 other container" in warning
    assert "not pinned" in summary
    assert done.stdout.decode().strip() == number


@needs_two
def test_slots_are_not_lost_when_commands_are_killed(launcher: str, slots_directory: str) -> None:
    """By SIGKILL, in random order, some of them while they start."""
    order = random.Random(1)
    for turn in range(ROUNDS):
        running = [Running(launcher, f"{slots_directory}:{len(CPUS)}") for _ in CPUS]
        if turn % 3 == 0:
            time.sleep(order.uniform(0, 0.1))
        else:
            held = until_held(slots_directory, len(CPUS))
            assert held == dict.fromkeys(CPUS, 1), f"round {turn}"
        order.shuffle(running)
        for one in running:
            one.kill()
        assert slots.held(slots_directory) == {}, f"round {turn}"


@needs_two
def test_a_child_that_closes_its_descriptors_leaves_the_slots_to_its_parent(
    launcher: str, slots_directory: str
) -> None:
    """As subprocess and most supervisors start theirs; the slots are free when the parent ends, too."""
    code = (
        "import os, subprocess, sys, time; child = subprocess.Popen(['sleep', '100']);"
        "print(child.pid, flush=True); sys.stdin.read(); os.closerange(3, 4096); print(flush=True);"
        "time.sleep(100)"
    )
    words = [launcher, "-q", "--slots", f"{slots_directory}:{len(CPUS)}", "--", "python3", "-c", code]
    with subprocess.Popen(
        words, env={"PATH": PATH}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdin
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert slots.held(slots_directory) == {min(CPUS): 1}
        parent.stdin.close()
        parent.stdout.readline()
        assert slots.held(slots_directory) == {}, "both run on, and nobody holds their CPU"
        os.kill(child, signal.SIGKILL)
        parent.kill()


@needs_two
def test_an_inner_launch_and_instances_divide_the_slots_that_are_held(
    launcher: str, slots_directory: str
) -> None:
    inner = [launcher, "-q", "--", "nproc"]
    environ = {"MKL_LAUNCH_SLOTS": f"{slots_directory}:{len(CPUS)}"}
    assert start([launcher, "-q", "--", *inner], environ).stdout == b"1\n"
    words = [
        launcher,
        "-q",
        "--instances",
        "2",
        "--bind",
        "always",
        "--slots",
        f"{slots_directory}:1",
        "--",
    ]
    done = start([*words, "sh", "-c", "grep Cpus_allowed_list /proc/self/status; sleep 1"])
    masks = sorted(done.stdout.decode().split()[1::2])
    assert len(set(masks)) == 2, done


@needs_two
def test_the_report_draws_who_holds_which_cpus(launcher: str, slots_directory: str) -> None:
    option = f"{slots_directory}:{len(CPUS)}"
    assert report(launcher, option)["slots"]["holders"] == []
    assert not Path(slots_directory, "cpus").exists(), "a report writes nothing"
    first = Running(launcher, option)
    until_held(slots_directory, 1)
    (holder,) = report(launcher, option, "x")["slots"]["holders"]
    assert holder["cpus"] == str(min(CPUS))
    assert (holder["container"], holder["program"]) == (os.uname().nodename, "sleep")
    assert holder["pid"] == str(first.process.pid)
    text = start([launcher, "--slots", option, "--explain", "x"]).stdout.decode()
    assert f"slots     {slots_directory}: 1 of {len(CPUS)} cores are held" in text
    assert f"A {holder['container']}, process {holder['pid']}, sleep: CPUs {min(CPUS)}" in text
    assert f"A{'.' * (len(CPUS) - 1)}\n" in text
    inherited = start([launcher, "--explain=all", "--pid", holder["pid"]]).stdout.decode()
    assert f"CPUs {min(CPUS)}: taken with --slots" in inherited
    assert inherited.startswith("verdict   fits: ")
    first.kill()


# What keeps a command from its slots


def refused(launcher: str, option: str, *words: str, **options: Any) -> str:
    """Return the warning of a start without slots, which has all CPUs and no descriptor more."""
    command = ["sh", "-c", "nproc; ls /proc/self/fd | wc -l"]
    plain = start([launcher, "-q", "--", *command], **options)
    done = start([launcher, "--slots", option, *words, "--", *command], **options)
    assert (done.returncode, done.stdout) == (0, plain.stdout)
    warning, _ = lines(done)
    assert warning.startswith("mkl-launch: --slots ")
    assert warning.endswith("; no slots are taken")
    return warning


def test_a_directory_that_is_missing_is_refused(launcher: str) -> None:
    assert "No such file or directory" in refused(launcher, "/nonexistent/slots:2")


def test_a_directory_of_the_containers_own_root_is_refused(launcher: str) -> None:
    """Each container would be alone there, and all would take the first CPUs."""
    assert "not a mounted directory, so no other container can see it" in refused(launcher, "/:2")


def test_a_directory_that_others_can_write_to_is_refused(launcher: str, slots_directory: str) -> None:
    for mode in (0o777, 0o775):
        Path(slots_directory).chmod(mode)
        assert f"others can write to {slots_directory} (mode {mode:04o})" in refused(
            launcher, f"{slots_directory}:2"
        )


def test_a_directory_of_another_user_is_refused(launcher: str, slots_directory: str) -> None:
    if os.geteuid():
        skip_or_fail("giving a directory to another user takes root")
    os.chown(slots_directory, 12345, 12345)
    assert f"{slots_directory} belongs neither to root nor to you" in refused(
        launcher, f"{slots_directory}:2"
    )


def test_without_a_number_of_cpus_no_slots_are_taken(launcher: str, slots_directory: str) -> None:
    assert "the number of CPUs is not given: no limit, no --cpus, and no N" in refused(
        launcher, slots_directory
    )


def test_a_rank_takes_no_slots_of_its_own(launcher: str, slots_directory: str) -> None:
    environ = {"OMPI_COMM_WORLD_LOCAL_RANK": "0", "OMPI_COMM_WORLD_LOCAL_SIZE": "1"}
    warning = refused(launcher, f"{slots_directory}:2", environ=environ)
    assert "OMPI_COMM_WORLD_LOCAL_RANK is set: for ranks, start their job launcher with --slots" in warning


@pytest.mark.parametrize("kind", ["directory", "link", "fifo", "text", "hard link"])
def test_nothing_is_written_to_another_file_of_that_name(
    launcher: str, slots_directory: str, kind: str
) -> None:
    """Another user may put it there; nothing is written to it."""
    place, victim = Path(slots_directory, "cpus"), Path(slots_directory, "victim")
    victim.write_text("precious" if kind == "text" else "")
    if kind == "directory":
        place.mkdir()
    elif kind == "link":
        place.symlink_to(victim)
    elif kind == "fifo":
        os.mkfifo(place)
    else:
        place.hardlink_to(victim)
        if kind == "text":
            victim.unlink()
            victim = place
    refused(launcher, f"{slots_directory}:2")
    assert victim.read_text() == ("precious" if kind == "text" else "")


def with_disk(launcher: str, slots_directory: str, options: str, fill: str = ":") -> None:
    """Start a command whose directory is a file system with these options."""
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    words = shlex.join([launcher, "--slots", f"{slots_directory}:2", "--", "nproc"])
    script = f"mount -t tmpfs -o {options} none {slots_directory} && {{ {fill}; exec {words}; }}"
    done = start(["unshare", "--mount", "sh", "-c", script])
    warning, _ = lines(done)
    assert "no slots are taken" in warning
    assert done.stdout.decode().strip() == str(len(CPUS))


def test_starts_without_slots_in_a_read_only_directory(launcher: str, slots_directory: str) -> None:
    with_disk(launcher, slots_directory, "ro")


def test_starts_without_slots_on_a_full_disk(launcher: str, slots_directory: str) -> None:
    with_disk(launcher, slots_directory, "nr_inodes=1")
    with_disk(launcher, slots_directory, "size=4k", f"head -c 4096 /dev/zero >{slots_directory}/full")


def test_starts_without_slots_for_a_user_who_may_not_write_there(
    prepared_for_all: Path, slots_directory: str
) -> None:
    Path(slots_directory).chmod(0o755)
    launcher = str(prepared_for_all / "bin" / "mkl-launch")
    environ = {"PATH": "/usr/bin:/bin"}  # that user may not read the Python of these tests
    warning = refused(
        launcher, f"{slots_directory}:2", environ=environ, user=65534, group=65534, extra_groups=[]
    )
    assert "Permission denied" in warning


@pytest.fixture
def prepared_for_all(installed: Path) -> Iterator[Path]:
    """Return an installation that every user may read."""
    if os.geteuid():
        skip_or_fail("another user takes root")
    with slots.shared_directory() as place:
        folder = Path(place, "installed")
        shutil.copytree(installed, folder)
        folder.chmod(0o755)
        yield folder


def test_a_mask_that_may_not_be_set_gives_the_cpus_back(launcher: str, slots_directory: str) -> None:
    """As a sandbox forbids it."""
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    trace = ["strace", "-f", "-o", "/dev/null", "-e", "inject=sched_setaffinity:error=EPERM"]
    command = ["sh", "-c", "nproc; ls -l /proc/self/fd | grep -c cpus"]
    done = start([*trace, launcher, "--slots", f"{slots_directory}:2", "--", *command])
    warning, _ = lines(done)
    assert "the affinity mask could not be set" in warning
    assert done.stdout.decode().split() == [str(len(CPUS)), "0"]


def test_a_report_on_another_machine_takes_no_slots(launcher: str, slots_directory: str) -> None:
    document = report(launcher, f"{slots_directory}:2", "--machine", "2x18x2", "x")
    (warning,) = document["warnings"]
    assert "not on another machine (--sysroot, --machine)" in warning
    assert document["budget"]["cores"] == 36
