"""Ranks and instances on real kernels with more sockets, nodes and CPUs than this machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mkl_launch.core.cpulist import parse
from testing.emulated import recordings, scenarios
from testing.emulated.launches import (
    RANK,
    SIZE,
    are_apart,
    masks,
    of_containers,
    of_instances,
    of_ranks,
    policies,
    threads,
)
from testing.emulated.machine import Spec

if TYPE_CHECKING:
    from testing.emulated.machine import Machine


class TestDualSocket:
    """2 sockets, 36 cores, 72 CPUs, 2 NUMA nodes; SMT siblings are neighbours in number."""

    SPEC = recordings.DUAL_SOCKET

    def test_two_ranks_have_a_node_each(self, machine: Machine) -> None:
        found = of_ranks(machine, 2)
        assert masks(found) == ["0-35", "36-71"]
        assert threads(found) == "18 18"
        assert policies(found) == ["prefer:0", "prefer:1"]

    def test_four_ranks_have_an_equal_share_of_whole_cores(self, machine: Machine) -> None:
        found = of_ranks(machine, 4)
        assert masks(found) == ["0-17", "18-35", "36-53", "54-71"]
        assert threads(found) == "9 9 9 9"

    def test_five_ranks_have_whole_cores(self, machine: Machine) -> None:
        found = of_ranks(machine, 5)
        assert are_apart(found) == parse("0-71")
        assert threads(found) == "8 7 7 7 7"
        assert all(cpu ^ 1 in one["mask"] for one in found for cpu in one["mask"]), "siblings together"

    def test_a_rank_keeps_the_cpus_that_its_job_launcher_bound(self, machine: Machine) -> None:
        found = of_ranks(machine, 2, launch="taskset 3 mkl-launch -q --")
        assert masks(found) == ["0-1", "0-1"]
        assert threads(found) == "1 1"

    def test_ranks_bound_to_a_node_share_it(self, machine: Machine) -> None:
        found = of_ranks(machine, 4, launch="taskset fffffffff mkl-launch -q --")
        assert masks(found) == ["0-35"] * 4
        assert threads(found) == "9 9 9 9"

    def test_a_quota_is_divided_and_the_mask_is_left(self, machine: Machine) -> None:
        found = of_ranks(machine, 2, scenarios.v2("ranked", {"ranked/cpu.max": "500000 100000"}))
        assert masks(found) == ["0-71", "0-71"]
        assert threads(found) == "2 2"
        assert policies(found) == ["default", "default"]

    def test_ranks_divide_a_cpuset(self, machine: Machine) -> None:
        found = of_ranks(machine, 2, scenarios.v2("ranks", {"ranks/cpuset.cpus": "30-41"}))
        assert masks(found) == ["30-35", "36-41"]
        assert threads(found) == "3 3"

    def test_instances_have_a_node_each(self, machine: Machine) -> None:
        for options in ("--throughput", "--instances auto"):
            found = of_instances(machine, options)
            assert masks(found) == ["0-35", "36-71"]
            assert threads(found) == "18 18"

    def test_instances_of_four_cores_stay_within_a_node_if_they_fit(self, machine: Machine) -> None:
        found = of_instances(machine, "--latency")
        assert threads(found) == " ".join(["4"] * 9)
        assert are_apart(found) == parse("0-71")
        within = [one for one in found if max(one["mask"]) < 36 or min(one["mask"]) >= 36]
        assert len(within) == 8, "18 cores of a node hold four of them, the ninth lies in both"

    def test_instances_of_given_cores_are_not_split_between_nodes(self, machine: Machine) -> None:
        found = of_instances(machine, "--instances 3 --cores-per-instance 8")
        assert masks(found) == ["0-15", "16-31", "36-51"], "not split between the nodes"

    def test_instances_divide_a_quota_and_keep_the_mask(self, machine: Machine) -> None:
        found = of_instances(machine, "--latency", scenarios.v2("less", {"less/cpu.max": "800000"}))
        assert (masks(found), threads(found)) == (["0-71"] * 2, "4 4")

    def test_ranks_divide_the_cpus_of_their_instance(self, machine: Machine) -> None:
        """Of a job launcher that it starts, and which has the instance's mask."""
        script = f'for rank in 0 1; do {RANK}=$rank {SIZE}=2 mkl-launch -q "$@" & done; wait'
        setup = f"cat >/tmp/engine <<'end'\n{script}\nend\n"
        found = of_instances(machine, "--instances 2 -- sh /tmp/engine", setup)
        assert masks(found) == ["0-17", "18-35", "36-53", "54-71"]
        assert threads(found) == "9 9 9 9"

    def test_instances_divide_the_cpus_of_their_instance(self, machine: Machine) -> None:
        found = of_instances(machine, "--instances 2 -- mkl-launch -q --instances 2")
        assert masks(found) == ["0-17", "18-35", "36-53", "54-71"]
        assert threads(found) == "9 9 9 9"

    def test_four_containers_with_slots_have_half_a_node_each(self, machine: Machine) -> None:
        found, holders = of_containers(machine, ["max"] * 4, ":4")
        assert sorted(masks(found)) == ["0-17", "18-35", "36-53", "54-71"]
        assert threads(found) == "9 9 9 9"
        assert "/run/slots: 36 of 36 cores are held" in holders

    def test_slots_are_as_wide_as_a_quota(self, machine: Machine) -> None:
        found, holders = of_containers(machine, ["300000", "2000000", "2000000"], "")
        assert sorted(map(len, (one["mask"] for one in found))) == [4, 20, 20]
        assert threads(found) == "2 10 10"
        assert all(max(one["mask"]) < 36 or min(one["mask"]) >= 36 for one in found), "within a node"
        assert all(cpu ^ 1 in one["mask"] for one in found for cpu in one["mask"]), "siblings together"
        cpus = [cpu for one in found for cpu in one["mask"]]
        assert len(set(cpus)) == len(cpus) == 44
        assert "/run/slots: 22 of 36 cores are held" in holders


class TestPartlyFilled:
    """CPUs 0-4 on 3 cores, of which one has a sibling switched off; a node of memory only."""

    SPEC = recordings.PARTLY_FILLED

    def test_two_ranks_on_two_sockets_have_one_each(self, machine: Machine) -> None:
        found = of_ranks(machine, 2)
        assert masks(found) == ["0-3", "4"]
        assert threads(found) == "2 1"

    def test_no_instance_for_a_node_without_cpus(self, machine: Machine) -> None:
        assert masks(of_instances(machine, "--instances auto")) == ["0-3", "4"]


class TestSevenCpus:
    """Nothing that 4 divides."""

    SPEC = Spec(smp="7,sockets=1,cores=7,threads=1", kernel_args="cgroup_no_v1=all")

    def test_four_ranks_have_an_equal_share_of_whole_cores(self, machine: Machine) -> None:
        found = of_ranks(machine, 4)
        assert masks(found) == ["0-1", "2-3", "4-5", "6"]
        assert threads(found) == "2 2 2 1"


class TestThreeSockets:
    """Without SMT."""

    SPEC = Spec(smp="6,sockets=3,cores=2,threads=1", kernel_args="cgroup_no_v1=all")

    @pytest.mark.parametrize(("number", "expected"), [(3, ["0-1", "2-3", "4-5"]), (2, ["0-2", "3-5"])])
    def test_ranks_stay_within_a_socket_if_they_fit(
        self, machine: Machine, number: int, expected: list[str]
    ) -> None:
        assert masks(of_ranks(machine, number)) == expected

    def test_more_ranks_than_cpus_have_one_thread_each(self, machine: Machine) -> None:
        found = of_ranks(machine, 8)
        assert masks(found) == ["0-5"] * 8
        assert set(threads(found).split()) == {"1"}
