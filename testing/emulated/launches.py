"""Launches in a guest, and the tests of launches that hold on every machine with 8 CPUs and more."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from mkl_launch.core.cpulist import parse, show

from . import scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .machine import Machine

REPORT = "exec mkl-launch --profile training --json"


# Prints what a started program has of the launcher: process, mask, environment.
SHOW_PROCESS = (
    "python3 -I -S -c 'import json, os; print(json.dumps("
    '{"pid": os.getpid(), "mask": sorted(os.sched_getaffinity(0)), "environ": dict(os.environ)}))\''
)

# After this the script goes on as a user with no rights.
AS_NOBODY = (
    "exec python3 -I -S -c 'import os; os.setgid(65534); os.setuid(65534); "
    'os.execvp("sh", ["sh", "-e", "-s"])\' <<\'INSIDE\'\n'
)


RANK, SIZE = "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"

# What a started program has of the launcher, and the memory policy of its own pages (numa_maps, proc(5)).
SHOW_RANK = (
    "python3 -I -S -c 'import json, os; print(json.dumps("
    '{"mask": sorted(os.sched_getaffinity(0)), "threads": os.environ.get("OMP_NUM_THREADS"), '
    '"policy": open("/proc/self/numa_maps").readline().split()[1]}))\''
)


def of_ranks(machine: Machine, number: int, setup: str = "", launch: str = "mkl-launch -q --") -> list[Any]:
    """Return the CPUs and threads of Open MPI ranks, started side by side in the group of `setup`."""
    ranks = "".join(
        f"{RANK}={rank} {SIZE}={number} {launch} {SHOW_RANK} >/tmp/{rank} &\n" for rank in range(number)
    )
    script = setup + ranks + "wait\n" + "".join(f"cat /tmp/{rank}\n" for rank in range(number))
    return [json.loads(line) for line in machine.run(script).check().splitlines()]


def of_instances(machine: Machine, options: str, setup: str = "") -> list[Any]:
    """Return the CPUs and threads of each instance."""
    told = machine.run(f"{setup}exec mkl-launch -q {options} -- {SHOW_RANK}").check()
    return sorted((json.loads(line) for line in told.splitlines()), key=lambda one: one["mask"])


def masks(found: list[Any]) -> list[str]:
    return [show(frozenset(one["mask"])) for one in found]


def threads(found: list[Any]) -> str:
    return " ".join(one["threads"] for one in found)


def policies(found: list[Any]) -> list[str]:
    return [one["policy"] for one in found]


def of_containers(machine: Machine, limits: list[str], option: str) -> tuple[list[Any], str]:
    """Return the CPUs and threads of containers with --slots, and the report of who holds which CPUs.

    Each has a control group with one of the `limits` and a mount namespace. They start one after another,
    because slow starts at the same time come too late for the entry's test of Python.
    """
    group, place = "/sys/fs/cgroup/slots", "/run/slots"
    lines = [
        f"mkdir -p {place} {group} && mount -t tmpfs -o mode=1777 slots {place}",
        f"echo +cpu >{group}/cgroup.subtree_control",
        f"cat >/run/hold <<'end'\n{SHOW_RANK} >/run/$1\n",
        "for turn in $(seq 900); do [ -e /run/end ] || sleep 0.1; done\nend",
    ]
    for number, limit in enumerate(limits):
        own = f"{group}/{number}"
        launch = f"unshare -m mkl-launch -q --slots {place}{option} -- sh /run/hold {number}"
        lines += [
            f"mkdir {own} && echo {limit} >{own}/cpu.max",
            f"sh -c 'echo $$ >{own}/cgroup.procs; exec {launch}' &",
            f"for turn in $(seq 300); do [ -s /run/{number} ] || sleep 0.1; done",
        ]
    files = " ".join(f"/run/{number}" for number in range(len(limits)))
    lines += [
        f"mkl-launch --slots {place}{option} --explain >/run/holders",
        f"touch /run/end; wait; cat {files} /run/holders; rm /run/end {files}; umount {place}",
        f"rmdir {group}/[0-9] {group}",
    ]
    told = machine.run("\n".join(lines)).check().splitlines()
    return [json.loads(line) for line in told[: len(limits)]], "\n".join(told[len(limits) :])


def are_apart(found: list[Any]) -> frozenset[int]:
    """Check that no two ranks have the same CPU, and return the CPUs of all."""
    everything = [cpu for one in found for cpu in one["mask"]]
    assert len(set(everything)) == len(everything)
    return frozenset(everything)


def settings(report: dict[str, Any]) -> dict[str, str | None]:
    return {setting["name"]: setting["value"] for setting in report["settings"]}


@contextlib.contextmanager
def switched(machine: Machine, off: list[int]) -> Iterator[None]:
    """Switch some CPUs off for a while."""
    write = "".join(f"echo {{0}} >/sys/devices/system/cpu/cpu{cpu}/online\n" for cpu in off)
    try:
        machine.run("set -e\n" + write.format(0)).check()
        yield
    finally:
        machine.run("set -e\n" + write.format(1)).check()


class Quota(NamedTuple):
    """Limits of the groups NAME/b/leaf, and the quota and threads that follow from them."""

    limits: dict[str, str]
    cpus: float
    file: str
    threads: int


QUOTAS = {
    "parent": Quota({"cpu.max": "150000 100000"}, 1.5, "cpu.max", 1),
    "own": Quota({"b/leaf/cpu.max": "250000 100000"}, 2.5, "b/leaf/cpu.max", 2),
    "middle": Quota(
        {"cpu.max": "800000", "b/cpu.max": "300000", "b/leaf/cpu.max": "400000"}, 3, "b/cpu.max", 3
    ),
    "looser-parent": Quota(
        {"cpu.max": "800000", "b/leaf/cpu.max": "25000 50000"}, 0.5, "b/leaf/cpu.max", 1
    ),
    "unlimited-parent": Quota({"cpu.max": "max", "b/leaf/cpu.max": "500000"}, 5, "b/leaf/cpu.max", 5),
}


class LaunchSuite:
    """Tests of control groups (v2) and of the start of a command, for a machine with these CPUs."""

    CPUS: str

    @pytest.mark.parametrize("name", QUOTAS)
    def test_the_tightest_quota_of_all_levels_counts(self, machine: Machine, name: str) -> None:
        quota = QUOTAS[name]
        limits = {f"{name}/{file}": value for file, value in quota.limits.items()}
        report = machine.run(scenarios.v2(f"{name}/b/leaf", limits) + REPORT).json()
        assert report["limits"]["cgroup_path"] == f"/{name}/b/leaf"
        assert report["limits"]["quota_cpus"] == quota.cpus
        assert report["limits"]["quota_source"] == f"/sys/fs/cgroup/{name}/{quota.file}"
        assert report["budget"]["threads"] == quota.threads
        assert report["limits"]["mask"] == self.CPUS
        chosen = settings(report)
        assert chosen["OMP_NUM_THREADS"] == str(quota.threads)
        assert chosen["KMP_BLOCKTIME"] == ("0" if quota.threads == 1 else "1")
        assert chosen["OMP_WAIT_POLICY"] == "PASSIVE"
        assert chosen["KMP_AFFINITY"] is None

    def test_the_memory_limit_of_the_parent_counts(self, machine: Machine) -> None:
        setup = scenarios.v2("memory/leaf", {"memory/memory.max": "300M"})
        assert machine.run(setup + REPORT).json()["limits"]["memory_bytes"] == 300 << 20

    def test_reads_the_quota_in_a_private_namespace(self, machine: Machine) -> None:
        quotas = {"pod/cpu.max": "400000 100000", "pod/box/cpu.max": "250000 100000"}
        setup = scenarios.v2("pod/box", quotas) + scenarios.v2_as_in_a_container()
        limits = machine.run(setup + REPORT).json()["limits"]
        assert (limits["cgroup"], limits["cgroup_path"]) == ("v2", "/")
        assert limits["quota_cpus"] == 2.5
        assert limits["quota_source"] == "/sys/fs/cgroup/cpu.max"

    def test_reads_the_quota_above_a_group_in_a_private_namespace(self, machine: Machine) -> None:
        setup = scenarios.v2("outer/box", {"outer/box/cpu.max": "250000 100000"})
        setup += scenarios.v2_as_in_a_container() + (
            "mkdir /sys/fs/cgroup/init /sys/fs/cgroup/work\n"
            "for pid in $(cat /sys/fs/cgroup/cgroup.procs); do\n"
            "  echo $pid >/sys/fs/cgroup/init/cgroup.procs || true\ndone 2>/dev/null\n"
            "echo +cpu >/sys/fs/cgroup/cgroup.subtree_control\n"
            "echo 300000 >/sys/fs/cgroup/work/cpu.max\n"
            "echo $$ >/sys/fs/cgroup/work/cgroup.procs\n"
        )
        limits = machine.run(setup + REPORT).json()["limits"]
        assert limits["cgroup_path"] == "/work"
        assert (limits["quota_cpus"], limits["quota_source"]) == (2.5, "/sys/fs/cgroup/cpu.max")

    def test_reads_the_quota_if_only_the_group_is_mounted(self, machine: Machine) -> None:
        setup = scenarios.v2("docker/id", {"docker/id/cpu.max": "350000 100000"})
        report = machine.run(setup + scenarios.v2_bound("docker/id") + REPORT).json()
        assert report["limits"]["cgroup_path"] == "/docker/id"
        assert report["limits"]["quota_cpus"] == 3.5
        assert report["limits"]["quota_source"] == "/sys/fs/cgroup/cpu.max"

    def test_a_container_of_runc_has_threads_for_its_quota(self, machine: Machine) -> None:
        """A container that runc starts, as any user, has a quota and a cpuset at the same time."""
        limits = {"quota": 250000, "period": 100000, "cpus": "0-7"}
        report = machine.run(scenarios.container(limits, "mkl-launch", "--json", "--", "env")).json()
        assert report["limits"]["cgroup"] == "v2"
        assert (report["limits"]["quota_cpus"], report["limits"]["cpuset"]) == (2.5, "0-7")
        assert report["budget"]["threads"] == 2
        printed = machine.run(scenarios.container(limits, "mkl-launch", "-q", "--", "env")).check()
        assert "OMP_NUM_THREADS=2" in printed.splitlines()

    def test_warns_of_a_quota_that_may_not_be_read(self, machine: Machine) -> None:
        setup = scenarios.v2("secret/leaf", {"secret/cpu.max": "150000 100000"})
        setup += "chmod 0 /sys/fs/cgroup/secret/cpu.max\n"
        report = machine.run(setup + AS_NOBODY + REPORT).json()
        assert report["limits"]["quota_cpus"] is None
        assert any("secret/cpu.max" in warning for warning in report["warnings"])

    def test_a_quota_that_may_not_be_read_is_no_evidence_of_own_cpus(self, machine: Machine) -> None:
        setup = scenarios.v2("secret/leaf", {"secret/cpu.max": "150000 100000"})
        setup += "chmod 0 /sys/fs/cgroup/secret/cpu.max\n"
        assert machine.run(setup + AS_NOBODY + REPORT).json()["budget"]["exclusive"] is False

    def test_a_group_that_cannot_be_found_is_no_evidence_of_own_cpus(self, machine: Machine) -> None:
        """`bwrap --unshare-cgroup` leaves the host's mount in a new namespace: its root is "/../.."."""
        setup = scenarios.v2("lost/leaf", {"lost/cpu.max": "150000 100000"})
        report = machine.run(setup + scenarios.PRIVATE_NAMESPACES + REPORT).json()
        assert report["warnings"]
        assert report["budget"]["exclusive"] is False

    def test_the_command_has_the_settings_and_the_process_id(self, machine: Machine) -> None:
        setup = scenarios.v2("exec/leaf", {"exec/cpu.max": "150000 100000"})
        result = machine.run(f"{setup}echo $$\necho $SHLVL\nexec mkl-launch -- {SHOW_PROCESS}")
        pid, level, shown = result.check().split("\n", maxsplit=2)
        process = json.loads(shown)
        assert process["pid"] == int(pid)
        assert process["mask"] == sorted(parse(self.CPUS))
        environ = process["environ"]
        assert environ["OMP_NUM_THREADS"] == "1"
        assert "MKL_NUM_THREADS" not in environ, "MKL takes OMP_NUM_THREADS"
        assert environ["OMP_WAIT_POLICY"] == "PASSIVE"
        assert environ.get("SHLVL", "") == level, "dash does not count the shells"
        assert len(result.stderr.splitlines()) == 1

    def test_a_launcher_in_a_launcher_reports_the_same(self, machine: Machine) -> None:
        """`docker run IMAGE mkl-launch -- ...` is such a start if mkl-launch is the ENTRYPOINT."""
        setup = scenarios.v2("twice", {"twice/cpuset.cpus": "0-7", "twice/cpu.max": "300000"})
        once = machine.run(setup + REPORT).json()
        assert machine.run(f"{setup}exec mkl-launch -q -- mkl-launch --json").json() == once
