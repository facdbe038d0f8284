"""--slots between real containers: more of them than CPUs, killed, restarted, entered, of other users."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.cpulist import parse
from testing import slots
from testing.images import IMAGE
from testing.podman import Podman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CPUS = frozenset(range(os.cpu_count() or 1))
ROUNDS = int(os.environ.get("ROUNDS", "4"))
TELL = ["sh", "-c", "grep Cpus_allowed_list /proc/self/status; exec sleep 300"]
needs_two = pytest.mark.skipif(len(CPUS) < 2, reason="two CPUs are needed to divide")


def options(slots_directory: str, parts: int) -> tuple[str, ...]:
    return "--volume", f"{slots_directory}:/slots", "--env", f"MKL_LAUNCH_SLOTS=/slots:{parts}"


class Container:
    """A container that holds slots until it is killed."""

    def __init__(self, podman: Podman, name: str, *words: str) -> None:
        """Start it, not waiting for it."""
        self.podman, self.name = podman, name
        self.process = subprocess.Popen(
            podman.command(["--name", name, *words], IMAGE, TELL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def cpus(self) -> frozenset[int]:
        """Return its mask, once its command has started."""
        assert self.process.stdout
        return parse(self.process.stdout.readline().split()[-1])

    def kill(self) -> str:
        """Kill it with SIGKILL; return what it has written to standard error."""
        done = self.podman.podman("kill", "--signal", "KILL", self.name)
        assert done.returncode == 0, done
        return self.process.communicate(timeout=300)[1]

    def exec(self, *command: str) -> str:
        done = self.podman.podman("exec", self.name, *command)
        assert done.returncode == 0, done
        return done.stdout


@pytest.fixture
def start(podman: Podman) -> Iterator[Callable[..., Container]]:
    """Yield what starts a container of a name; those that are left in the end are removed."""
    started: list[Container] = []

    def begin(name: str, *words: str) -> Container:
        started.append(Container(podman, name, *words))
        return started[-1]

    yield begin
    for one in reversed(started):
        if one.process.poll() is None:
            podman.podman("rm", "--force", "--time", "0", one.name)
            one.process.communicate(timeout=300)


def holders(podman: Podman, slots_directory: str) -> list[dict[str, Any]]:
    """Return who holds slots, by the report of a container that takes none."""
    words = ("mkl-launch", "--slots", "/slots:1", "--json")
    done = podman.run(IMAGE, *words, options=("--volume", f"{slots_directory}:/slots"))
    listed: list[dict[str, Any]] = json.loads(done.stdout)["slots"]["holders"]
    return listed


@needs_two
@pytest.mark.parametrize("number", [3, 5])
def test_more_containers_than_cpus_share_them_evenly(
    podman: Podman, slots_directory: str, start: Callable[..., Container], number: int
) -> None:
    """All start together. Each has one CPU, and those that found none free say so."""
    number = number * len(CPUS) // 2
    words = options(slots_directory, number)
    running = [start(f"slots-{number}-{at}", *words) for at in range(number)]
    masks = [one.cpus() for one in running]
    counts = Counter(cpu for mask in masks for cpu in mask)
    assert set(map(len, masks)) == {1}, masks
    assert counts.keys() == CPUS
    assert max(counts.values()) - min(counts.values()) <= 1, counts
    assert slots.held(slots_directory) == counts
    assert len(holders(podman, slots_directory)) == number
    told = [one.kill() for one in running]
    assert sum("shared with" in text for text in told) == number - len(CPUS), told
    assert all("1 CPU wanted" in text for text in told if "shared with" in text)
    assert slots.held(slots_directory) == {}


@needs_two
def test_no_slot_is_lost_when_containers_are_killed(
    slots_directory: str, start: Callable[..., Container]
) -> None:
    """By SIGKILL, in random order; after each, what is held is what the living hold."""
    order, living = random.Random(1), dict[Container, frozenset[int]]()
    for turn in range(ROUNDS):
        more = [start(f"slots-r{turn}-{at}", *options(slots_directory, 5)) for at in range(5 - len(living))]
        living |= {one: one.cpus() for one in more}
        for one in order.sample(list(living), order.randint(2, 5)):
            one.kill()
            del living[one]
            assert slots.held(slots_directory) == Counter(cpu for mask in living.values() for cpu in mask)
    for one in living:
        one.kill()
    assert slots.held(slots_directory) == {}


@needs_two
def test_any_user_with_a_read_only_root_takes_slots(
    podman: Podman, slots_directory: str, start: Callable[..., Container]
) -> None:
    words = (*options(slots_directory, 2), "--read-only")
    first = start("slots-root", "--user", "0", *words)
    other = start("slots-other", "--user", "65534", *words)
    masks = {"root": first.cpus(), "other": other.cpus()}
    assert not masks["root"] & masks["other"]
    assert {parse(one["cpus"]) for one in holders(podman, slots_directory)} == set(masks.values())
    assert "--slots" not in other.kill()
    again = start("slots-again", *words)
    assert again.cpus() == masks["other"], "they are free again"


@needs_two
def test_a_container_that_is_restarted_takes_its_slots_again(
    podman: Podman, slots_directory: str, start: Callable[..., Container]
) -> None:
    kept = "--rm=false"  # podman may remove a container while it restarts it
    one = start("slots-restarted", kept, *options(slots_directory, 2))
    before = one.cpus()
    restarted = podman.podman("restart", "--time", "0", one.name)
    assert restarted.returncode == 0, restarted
    deadline = time.monotonic() + 300
    while slots.held(slots_directory) != dict.fromkeys(before, 1) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert slots.held(slots_directory) == dict.fromkeys(before, 1)
    podman.podman("rm", "--force", "--time", "0", one.name)


@needs_two
@pytest.mark.parametrize("extra", [(), ("--init",)], ids=["process 1", "below an init"])
def test_a_launch_in_exec_uses_the_cpus_of_its_container(
    slots_directory: str, start: Callable[..., Container], extra: tuple[str, ...]
) -> None:
    """It takes no second part, nor that of another container, which has the same host name and IDs."""
    words = (*options(slots_directory, 2), *extra)
    containers = [start(f"slots-exec-{at}", *words) for at in range(2)]
    for one in containers:
        mask = one.cpus()
        tell = ("sh", "-c", "mkl-launch -q -- grep Cpus_allowed_list /proc/self/status")
        for command in (tell[2].split(), tell):
            assert parse(one.exec(*command).split()[-1]) == mask
        text = one.exec("mkl-launch", "--explain", "--", "true")
        assert "which this container holds already" in text
        assert "\nthreads   1;" in text or len(mask) > 1
        assert slots.held(slots_directory) == dict.fromkeys(CPUS, 1), "no other slot is taken"


@needs_two
def test_containers_that_share_a_pid_namespace_take_slots_each(
    slots_directory: str, start: Callable[..., Container]
) -> None:
    """As those of a pod can; the second one is not process 1 there, and has not been entered."""
    first = start("slots-pid-1", *options(slots_directory, 2))
    mask = first.cpus()
    second = start("slots-pid-2", *options(slots_directory, 2), "--pid", f"container:{first.name}")
    assert not second.cpus() & mask


@pytest.mark.parametrize(
    ("owner", "words", "expected"),
    [
        (0, ("--volume", "DIRECTORY:/slots:ro"), "Read-only file system"),
        (0, ("--volume", "DIRECTORY:/slots", "--uidmap", "0:100000:65536"), "belongs neither to root nor"),
        (12345, ("--volume", "DIRECTORY:/slots"), "belongs neither to root nor to you"),
        (0, (), "No such file or directory"),
        (
            0,
            ("--volume", "DIRECTORY:/slots", "--env", "MKL_LAUNCH_SLOTS=/tmp:2"),
            "not a mounted directory",
        ),
    ],
    ids=["read-only", "user namespace", "another user's", "not there", "not mounted"],
)
def test_starts_without_slots_if_the_directory_cannot_be_used(
    podman: Podman, slots_directory: str, owner: int, words: tuple[str, ...], expected: str
) -> None:
    """The command starts, on all CPUs, and a warning says why."""
    os.chown(slots_directory, owner, owner)
    words = tuple(word.replace("DIRECTORY", slots_directory) for word in words)
    done = podman.run(IMAGE, "nproc", options=("--env", "MKL_LAUNCH_SLOTS=/slots:2", *words))
    assert done.stdout == f"{len(CPUS)}\n", done
    assert expected in done.stderr
    assert "no slots are taken" in done.stderr


def test_a_user_namespace_uses_a_directory_of_its_own_root(podman: Podman, slots_directory: str) -> None:
    """As rootless containers of one user share it: theirs is the user that is root in the container."""
    os.chown(slots_directory, 100000, 100000)
    words = (*options(slots_directory, max(2, len(CPUS))), "--uidmap", "0:100000:65536")
    done = podman.run(IMAGE, "nproc", options=words)
    assert done.stdout == "1\n", done
    assert "no slots are taken" not in done.stderr
    assert Path(slots_directory, "cpus").stat().st_uid == 100000
