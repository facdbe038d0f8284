"""The doctor tells the truth about real containers, compared with what this test reads by itself."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.report.doctor.diagnosis import MIN_SHARE
from testing.five_containers import FORKING, SLEEPING, Container, five_containers
from testing.images import IMAGE
from testing.podman import PYTHON_IMAGES
from testing.process import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.podman import Podman

HALF, ONE_AND_A_HALF, PINNED = "four threads, half a CPU", "two threads, 1.5 CPUs", "one thread, one CPU"
QUOTAS = {FORKING: None, HALF: 0.5, ONE_AND_A_HALF: 1.5, PINNED: None, SLEEPING: 1.0}
CPUS = len(os.sched_getaffinity(0))
PLANNED = {FORKING: CPUS, HALF: 1, ONE_AND_A_HALF: 1, PINNED: 1, SLEEPING: 1}


@dataclass(frozen=True)
class Look:
    """What /proc and the control group of a container say now."""

    at: float
    ticks: dict[str, int]  # {thread: CPU time}
    mask: set[int]
    quota: float | None
    periods: int
    throttled: int


def look(container: Container) -> Look:
    pid, ticks = container.pid, {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        ticks[task.name] = int(fields[11]) + int(fields[12])
    folder = group(pid)
    stat = dict(line.split() for line in (folder / "cpu.stat").read_text().splitlines())
    if (folder / "cpu.max").exists():
        quota, period = (folder / "cpu.max").read_text().split()
    else:
        quota = (folder / "cpu.cfs_quota_us").read_text().strip()
        period = (folder / "cpu.cfs_period_us").read_text()
    return Look(
        time.monotonic(),
        ticks,
        os.sched_getaffinity(pid),
        None if quota in ("max", "-1") else int(quota) / int(period),
        int(stat["nr_periods"]),
        int(stat["nr_throttled"]),
    )


def group(pid: int) -> Path:
    """Return the folder of the group that has the cpu controller."""
    paths = {}
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    for mount in ("cpu", "cpu,cpuacct"):
        if "cpu" in paths and Path(f"/sys/fs/cgroup/{mount}").exists():
            return Path(f"/sys/fs/cgroup/{mount}{paths['cpu']}")
    return Path(f"/sys/fs/cgroup{paths['']}")


@pytest.fixture(scope="module")
def five(podman: Podman) -> Iterator[dict[str, Container]]:
    with five_containers(podman) as containers:
        yield containers


def by_name(text: str, five: dict[str, Container]) -> dict[str, dict[str, Any]]:
    """Return what the doctor prints of the five, who may not be the only ones."""
    document = json.loads(text)
    assert document["failures"] == []
    known = {container["id"]: container for container in document["containers"]}
    assert {container.id for container in five.values()} <= known.keys()
    return {name: known[container.id] for name, container in five.items()}


def check_throttling(container: dict[str, Any], first: Look, last: Look, beside: float) -> None:
    """Check the counts of a doctor that does not see `beside` seconds between these two looks."""
    throttled = container["throttled"]
    if first.quota is None:
        assert throttled is None
        return
    unseen = beside / 0.1 + 5  # periods of 100 ms; a doctor that has to wait for a CPU reads later
    for counted, measured in (
        (throttled["periods"], last.periods - first.periods),
        (throttled["throttled"], last.throttled - first.throttled),
    ):
        assert measured - unseen <= counted <= measured
    assert throttled["share"] == throttled["throttled"] / max(throttled["periods"], 1)


def check_time(container: dict[str, Any], first: Look, last: Look, beside: float) -> None:
    """Check the CPU time of a doctor that does not see `beside` seconds between these two looks."""
    tick = 1 / os.sysconf("SC_CLK_TCK")
    measured = (sum(last.ticks.values()) - sum(first.ticks.values())) * tick
    used = container["used_cpus"] * (last.at - first.at - beside)
    rounding = 2 * len(last.ticks) * tick
    assert measured - beside * CPUS - rounding <= used <= measured + rounding
    grown = [(last.ticks[tid] - first.ticks[tid]) * tick for tid in last.ticks]
    certain, possible = sum(time > beside for time in grown), sum(time > 0 for time in grown)
    assert certain <= container["busy_threads"] <= possible


def test_tells_the_truth_about_five_containers(five: dict[str, Container], launcher: str) -> None:
    before = {name: look(container) for name, container in five.items()}
    text = said([launcher, "--doctor", "--json", "--for", "2"])
    after = {name: look(container) for name, container in five.items()}
    found = by_name(text, five)
    for name, container in found.items():
        beside = after[name].at - before[name].at - json.loads(text)["sample_seconds"]
        first, last = before[name], after[name]
        assert container["runtime"] == "podman"
        assert container["failures"] == [], name
        assert container["pid"] == five[name].pid
        assert container["quota_cpus"] == first.quota == QUOTAS[name], name
        assert container["quota_known"]
        assert container["mask"] == ranges(first.mask), name
        assert container["would_set"]["threads"] == PLANNED[name], name
        check_throttling(container, first, last, beside)
        if name != FORKING:  # its processes come and go
            assert container["threads"] == len(first.ticks) == len(last.ticks), name
            check_time(container, first, last, beside)
    assert found[HALF]["busy_threads"] > 1
    assert found[SLEEPING]["busy_threads"] == 0
    assert found[SLEEPING]["verdict"] == "idle"
    assert found[PINNED]["cpuset"] == "0"
    assert found[FORKING]["used_cpus"] > 0


def test_the_worst_of_five_is_first(five: dict[str, Container], launcher: str) -> None:
    """Four threads that want two CPUs; beside busy neighbours they do not even get the half of one."""
    document = json.loads(said([launcher, "--doctor", "--json", "--for", "1"]))
    ids = {container.id for container in five.values()}
    ours = [container for container in document["containers"] if container["id"] in ids]
    assert ours[0]["id"] == five[HALF].id
    throttled = ours[0]["throttled"]["share"] >= MIN_SHARE
    assert ours[0]["verdict"] == ("throttled" if throttled else "crowded")
    assert ours[0]["advice"].startswith("mkl-launch would set 1 thread; ")
    (sleeping,) = (container for container in ours if container["id"] == five[SLEEPING].id)
    assert sleeping["verdict"] == "idle"


VISIBLE = ("--privileged", "--pid=host", "--cgroupns=host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:ro")


def test_sees_all_from_a_privileged_container(five: dict[str, Container], podman: Podman) -> None:
    done = podman.run(IMAGE, "mkl-launch", "--doctor", "--json", "--for", "1", options=VISIBLE)
    assert done.returncode == 0, done
    found = by_name(done.stdout, five)
    assert {name: container["quota_cpus"] for name, container in found.items()} == QUOTAS
    assert all(container["quota_known"] for container in found.values())
    assert {name: container["would_set"]["threads"] for name, container in found.items()} == PLANNED
    assert found[HALF]["verdict"] in ("throttled", "crowded")


def test_finds_the_groups_below_the_root_of_the_first_process(podman: Podman) -> None:
    """Not of the host here, but of a container whose processes are visible."""
    host = podman.run(
        PYTHON_IMAGES[0], "sleep", "1000", options=("--detach", "--cpus", "1.5", *VISIBLE[-2:])
    ).stdout.strip()
    options = ("--privileged", f"--pid=container:{host}", "--cgroupns=host")
    try:
        done = podman.run(IMAGE, "mkl-launch", "--doctor", "--json", "--for", "0", options=options)
        assert done.returncode == 0, done
        found = {container["id"]: container for container in json.loads(done.stdout)["containers"]}
        assert (found[host]["quota_cpus"], found[host]["quota_known"]) == (1.5, True)
    finally:
        podman.podman("rm", "--force", "--time", "0", host)


def test_does_not_take_a_hidden_limit_for_none(five: dict[str, Container], podman: Podman) -> None:
    """Without rights the groups of other containers are not visible."""
    done = podman.run(IMAGE, "mkl-launch", "--doctor", "--json", "--for", "0", options=("--pid=host",))
    assert done.returncode == 0, done
    found = by_name(done.stdout, five)
    for name, container in found.items():
        assert container["quota_cpus"] is None
        assert not container["quota_known"], name
        assert container["verdict"] in ("unknown", "crowded"), name


def test_sees_only_its_own_container_without_pid_host(five: dict[str, Container], podman: Podman) -> None:
    done = podman.run(IMAGE, "mkl-launch", "--doctor", "--json", "--for", "0")
    assert done.returncode == 0
    seen = {container["id"] for container in json.loads(done.stdout)["containers"]}
    assert not seen & {container.id for container in five.values()}


def ranges(cpus: set[int]) -> str:
    """Return a mask of this machine as a list; all CPUs follow each other."""
    low, high = min(cpus), max(cpus)
    assert cpus == set(range(low, high + 1))
    return f"{low}" if low == high else f"{low}-{high}"
