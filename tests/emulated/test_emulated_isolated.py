"""CPUs that a real kernel does not balance, by `isolcpus=` or a partition, with threads that compute.

Each claim of the launcher about such CPUs is shown twice: what the kernel does with a program that nobody
has touched, and with the same program behind the launcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from testing.emulated import scenarios
from testing.emulated.image import shared_library
from testing.emulated.machine import Spec
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from testing.emulated.machine import Machine

GOMP = "libgomp.so.1"
PLACED = "python3 -I -S /placed.py"
# What the entry starts. Its own test of a Python has 5 s, too few for an emulator on a busy machine.
LAUNCH = "python3 -I -S -X utf8 /installed/mkl_launch/__main__.py"
CORES = "8,sockets=1,cores=8,threads=1"
UNBOUND = [PLACED + " 4", f"{PLACED} {GOMP}"]


@pytest.fixture(autouse=True)
def _openmp() -> None:
    if not shared_library(GOMP):
        skip_or_fail(f"{GOMP} is not installed")


def of(machine: Machine, group: str, command: str, **limits: str) -> dict[str, Any]:
    """Return where the threads of a command in a control group are, and which CPUs worked."""
    files = {f"{group}/cpuset.{name}": value for name, value in limits.items()}
    placed: dict[str, Any] = machine.run(scenarios.v2(group, files) + f"exec {command}").json()
    return placed


def cpus(placed: dict[str, Any]) -> list[int]:
    return sorted(thread["cpu"] for thread in placed["threads"])


def worked(placed: dict[str, Any]) -> list[int]:
    """Return the CPUs that had at least a twentieth of the work."""
    ticks = {int(cpu): number for cpu, number in placed["worked"].items()}
    return sorted(cpu for cpu, number in ticks.items() if number > sum(ticks.values()) / 20)


class TestIsolcpus:
    """8 CPUs, of which 2-5 are isolated at boot."""

    SPEC = Spec(smp=CORES, kernel_args="cgroup_no_v1=all isolcpus=2-5")

    @pytest.mark.parametrize("command", UNBOUND)
    def test_the_kernel_leaves_all_threads_on_one_cpu(self, machine: Machine, command: str) -> None:
        placed = of(machine, "piled", command, cpus="2-5")
        assert len(cpus(placed)) == 4
        assert len(set(cpus(placed))) == len(worked(placed)) == 1

    def test_bind_always_puts_a_thread_on_each_isolated_cpu(self, machine: Machine) -> None:
        placed = of(machine, "bound", f"{LAUNCH} -q --bind always -- {PLACED} {GOMP}", cpus="2-5")
        assert cpus(placed) == worked(placed) == [2, 3, 4, 5]
        assert sorted(thread["allowed"] for thread in placed["threads"]) == ["2", "3", "4", "5"]

    def test_each_instance_is_bound_to_an_isolated_cpu(self, machine: Machine) -> None:
        launch = f"{LAUNCH} -q --instances 4 --bind always -- grep Cpus_allowed_list /proc/self/status"
        script = scenarios.v2("each", {"each/cpuset.cpus": "2-5"}) + f"exec {launch}"
        masks = [line.split()[1] for line in machine.run(script).check().splitlines()]
        assert sorted(masks) == ["2", "3", "4", "5"]

    def test_warns_of_isolated_cpus(self, machine: Machine) -> None:
        script = scenarios.v2("said", {"said/cpuset.cpus": "2-5"}) + f"exec {LAUNCH} -- /bin/true"
        assert "CPUs 2-5 are isolated" in machine.run(script).stderr

    def test_the_kernel_moves_no_thread_to_isolated_cpus(self, machine: Machine) -> None:
        """As in a container without a cpuset, whose mask has the isolated CPUs too."""
        placed = of(machine, "whole", f"{PLACED} {GOMP}", cpus="0-7")
        assert len(cpus(placed)) == 8
        assert worked(placed) == [0, 1, 6, 7]

    def test_counts_only_cpus_that_get_threads(self, machine: Machine) -> None:
        placed = of(machine, "counted", f"{LAUNCH} -q -- {PLACED} {GOMP}", cpus="0-7")
        assert {thread["allowed"] for thread in placed["threads"]} == {"0-7"}, "nothing is taken away"
        assert len(cpus(placed)) == 4
        assert worked(placed) == [0, 1, 6, 7]

    @pytest.mark.parametrize(("launch", "there"), [("", [4]), (f"{LAUNCH} -q --", [6, 7])])
    def test_a_launch_leaves_an_isolated_cpu_beside_others(
        self, machine: Machine, launch: str, there: list[int]
    ) -> None:
        """As the kernel puts a process that enters a cpuset on any of its CPUs."""
        move = "import os, sys; os.sched_setaffinity(0, {4}); os.sched_setaffinity(0, {4, 5, 6, 7})"
        command = f"python3 -c '{move}; os.execvp(sys.argv[1], sys.argv[1:])' {launch} {PLACED} {GOMP}"
        placed = of(machine, "mixed", command, cpus="4-7")
        assert worked(placed) == there
        assert {thread["allowed"] for thread in placed["threads"]} == {"4-7"}


class TestPartition:
    """8 CPUs, and a v2 partition of four of them."""

    SPEC = Spec(smp=CORES, kernel_args="cgroup_no_v1=all")

    @pytest.mark.parametrize("command", UNBOUND)
    def test_the_kernel_leaves_all_threads_on_one_cpu(self, machine: Machine, command: str) -> None:
        try:
            placed = of(machine, "piled", command, cpus="2-5", **{"cpus.partition": "isolated"})
        finally:
            machine.run("rmdir /sys/fs/cgroup/piled").check()  # the partition ends with its group
        assert len(cpus(placed)) == 4
        assert len(set(cpus(placed))) == len(worked(placed)) == 1

    @pytest.mark.parametrize("below", ["", "/member"])
    def test_bind_always_puts_a_thread_on_each_isolated_cpu(self, machine: Machine, below: str) -> None:
        """In the partition, or in a group below it, which is a member in its own words."""
        limits = {"bound/cpuset.cpus": "2-5", "bound/cpuset.cpus.partition": "isolated"}
        script = scenarios.v2(f"bound{below}", limits)
        script += f"exec {LAUNCH} -q --bind always -- {PLACED} {GOMP}"
        try:
            placed = machine.run(script).json()
        finally:
            machine.run(f"cd /sys/fs/cgroup; {'rmdir bound/member;' if below else ''} rmdir bound").check()
        assert cpus(placed) == worked(placed) == [2, 3, 4, 5]

    def test_threads_spread_in_a_balanced_partition(self, machine: Machine) -> None:
        launch = f"{LAUNCH} -q -- {PLACED} {GOMP}"
        placed = of(machine, "root", launch, cpus="2-5", **{"cpus.partition": "root"})
        assert {thread["allowed"] for thread in placed["threads"]} == {"2-5"}
        assert worked(placed) == [2, 3, 4, 5]
