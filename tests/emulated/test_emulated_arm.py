"""Debian's kernel for arm64, with its Python and shells, in an emulator: what is measured on x86, on Arm.

One boot for each class.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mkl_launch.core.cpulist import parse
from testing.apt import NoPackagesError
from testing.emulated import scenarios
from testing.emulated.arm import ARM, packages
from testing.emulated.launches import (
    REPORT,
    SHOW_PROCESS,
    LaunchSuite,
    are_apart,
    masks,
    of_containers,
    of_instances,
    of_ranks,
    policies,
    settings,
    switched,
    threads,
)
from testing.emulated.machine import Spec
from testing.emulated.recordings import node
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from testing.emulated.machine import Machine

ENTRY = "/installed/bin/mkl-launch"


def test_says_what_is_missing_for_arm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half of the packages stays, which a later run would take for all of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPackagesError, match="apt-get is not installed"):
        packages()
    assert [*(tmp_path / "mkl-launch-tests").iterdir()] == []


class TestTwoSockets(LaunchSuite):
    """2 sockets with 2 clusters of 2 cores and a NUMA node each."""

    SPEC = Spec(
        smp="8,sockets=2,clusters=2,cores=2",
        platform=ARM,
        cpu="neoverse-n1",
        kernel_args="cgroup_no_v1=all",
        extra_qemu=(*node(0, "0-3"), *node(1, "4-7")),
    )
    CPUS = "0-7"

    def test_reports_the_machine_as_it_was_made(self, machine: Machine) -> None:
        report = machine.run(REPORT).json()
        assert report["machine"] == {
            "arch": "aarch64",
            "vendor": "ARM",
            "model_name": "Neoverse-N1",
            "online": "0-7",
            "offline": "",
            "logical": 8,
            "cores": 8,
            "sockets": 2,
            "threads_per_core": 1,
            "core_groups": [str(cpu) for cpu in range(8)],
            "socket_groups": ["0-3", "4-7"],
            "numa_nodes": [{"id": 0, "cpus": "0-3"}, {"id": 1, "cpus": "4-7"}],
            "core_kinds": [],
        }
        assert report["limits"]["cgroup"] == "v2"
        assert report["limits"]["quota_cpus"] is None
        assert report["warnings"] == []

    @pytest.mark.parametrize(("quota", "exclusive"), [("max", True), ("200000", False), ("400000", True)])
    def test_the_smaller_of_cpuset_and_quota_counts(
        self, machine: Machine, quota: str, *, exclusive: bool
    ) -> None:
        limits = {f"set-{quota}/cpuset.cpus": "2-5", f"set-{quota}/cpu.max": quota}
        report = machine.run(scenarios.v2(f"set-{quota}", limits) + REPORT).json()
        assert report["limits"]["cpuset"] == report["limits"]["mask"] == "2-5"
        budget = report["budget"]
        assert (budget["cores"], budget["exclusive"]) == (4, exclusive)
        assert settings(report)["OMP_NUM_THREADS"] == ("2" if quota == "200000" else "4")

    def test_the_command_runs_on_the_chosen_cpus(self, machine: Machine) -> None:
        process = machine.run(f"exec mkl-launch --cpus 2-3 -- {SHOW_PROCESS}").json()
        assert process["mask"] == [2, 3]
        assert process["environ"]["OMP_NUM_THREADS"] == "2"

    def test_offline_cpus_are_not_counted(self, machine: Machine) -> None:
        with switched(machine, [5]):
            report = machine.run(REPORT).json()
        assert (report["machine"]["online"], report["machine"]["offline"]) == ("0-4,6-7", "5")
        assert report["limits"]["mask"] == "0-4,6-7"
        assert settings(report)["OMP_NUM_THREADS"] == "7"

    def test_two_ranks_have_a_node_each(self, machine: Machine) -> None:
        ranks = of_ranks(machine, 2)
        assert masks(ranks) == ["0-3", "4-7"]
        assert threads(ranks) == "4 4"
        assert policies(ranks) == ["prefer:0", "prefer:1"]

    def test_ranks_divide_a_quota_and_keep_the_mask(self, machine: Machine) -> None:
        ranks = of_ranks(machine, 2, scenarios.v2("ranked", {"ranked/cpu.max": "500000 100000"}))
        assert (masks(ranks), threads(ranks)) == (["0-7", "0-7"], "2 2")
        assert policies(ranks) == ["default", "default"]

    def test_instances_have_cores_of_their_own(self, machine: Machine) -> None:
        assert masks(of_instances(machine, "--throughput")) == ["0-3", "4-7"]
        four = of_instances(machine, "--instances 4")
        assert threads(four) == "2 2 2 2"
        assert are_apart(four) == parse("0-7")

    def test_containers_with_slots_divide_the_cores(self, machine: Machine) -> None:
        containers, holders = of_containers(machine, ["max", "200000"], ":2")
        assert sorted(len(one["mask"]) for one in containers) == [2, 4]
        assert "/run/slots: 6 of 8 cores are held" in holders

    @pytest.mark.parametrize("shell", ["dash", "busybox sh"])
    def test_starts_the_command_in_every_shell(self, machine: Machine, shell: str) -> None:
        """With the exit status of the command, and with the command when Python does not start."""
        environ = machine.run(f"exec {shell} {ENTRY} -q -- {SHOW_PROCESS}").json()["environ"]
        assert environ["OMP_NUM_THREADS"] == "8"
        assert machine.run(f"exec {shell} {ENTRY} -q -- sh -c 'exit 7'").status == 7
        without = (
            f"unshare -m sh -c 'mount --bind /dev/null /usr/bin/python3 && exec {shell} {ENTRY} -- echo x'"
        )
        assert machine.run(without).check() == "x\n"

    def test_a_prepared_image_starts_without_a_shell(self, machine: Machine) -> None:
        """The entry without a shell, on a kernel of its own machine."""
        steps = machine.run("cp -a /installed /prepared && exec /prepared/bin/mkl-launch --prepare").check()
        assert "/prepared/bin/mkl-launch: starts /usr/bin/python3 without a shell" in steps
        head = machine.run("head -c 20 /prepared/bin/mkl-launch | od -A n -t x1").check().split()
        assert bytes.fromhex("".join(head[18:20])) == b"\xb7\x00", "e_machine of AArch64"
        limited = scenarios.v2("prepared", {"prepared/cpu.max": "300000"})
        result = machine.run(f"{limited}echo $$\nexec /prepared/bin/mkl-launch -- {SHOW_PROCESS}")
        pid, _, shown = result.check().partition("\n")
        process = json.loads(shown)
        assert (process["pid"], process["environ"]["OMP_NUM_THREADS"]) == (int(pid), "3")
        assert len(result.stderr.splitlines()) == 1
        ranks = of_ranks(machine, 2, launch="/prepared/bin/mkl-launch -q --")
        assert (masks(ranks), policies(ranks)) == (["0-3", "4-7"], ["prefer:0", "prefer:1"])
        lost = "rm -r /prepared/mkl_launch && exec /prepared/bin/mkl-launch -- echo started"
        assert machine.run(lost).check() == "started\n"

    def test_starts_with_its_own_python_in_an_image_without_one(self, machine: Machine) -> None:
        """The Python that `--target with-python` brings starts where there is only the command."""
        collect = (PROJECT / "entrypoint" / "collect-python").read_text()
        build = (
            "set -e\nprintf '#!/bin/sh\\nexec /lib/ld-linux-aarch64.so.1 --list \"$@\"\\n' >/bin/ldd\n"
            "chmod 755 /bin/ldd; mkdir -p /opt; cp -a /installed /opt/mkl-launch\n"
            f"sh -s /opt/mkl-launch/python <<'END'\n{collect}END\n/opt/mkl-launch/bin/mkl-launch --prepare"
        )
        steps = machine.run(build).check()
        assert "starts /opt/mkl-launch/python/bin/python3 without a shell" in steps
        image = (
            f"{scenarios.PRIVATE_MOUNTS}mkdir -p /image/opt /image/bin /image/proc /image/sys\n"
            "cp -a /opt/mkl-launch /image/opt; cp /bin/busybox /image/bin/env\n"
            "mount -t proc proc /image/proc; mount --rbind /sys /image/sys\n"
        )
        limited = scenarios.v2("bundled", {"bundled/cpu.max": "300000"})
        result = machine.run(f"{limited}{image}exec chroot /image /opt/mkl-launch/bin/mkl-launch -- env")
        assert "OMP_NUM_THREADS=3" in result.check().splitlines()
        assert len(result.stderr.splitlines()) == 1


class TestBigAndLittle:
    """4 slow, 3 faster cores and the fastest one, in the clusters of a phone's processor."""

    SPEC = Spec(
        smp="8,sockets=1,clusters=2,cores=4",
        platform=ARM,
        cpu="cortex-a76",
        kernel_args="cgroup_no_v1=all",
        capacities=(250, 250, 250, 250, 760, 760, 760, 1000),
    )

    def test_tells_kinds_of_cores_by_their_capacity(self, machine: Machine) -> None:
        seen = machine.run(REPORT).json()["machine"]
        assert (seen["model_name"], seen["cores"], seen["sockets"]) == ("Cortex-A76", 8, 1)
        assert seen["core_kinds"] == [
            {"name": "capacity 256", "cpus": "0-3"},
            {"name": "capacity 778", "cpus": "4-6"},
            {"name": "capacity 1024", "cpus": "7"},
        ]


class TestSmt:
    """2 cores of 2 threads in each of 2 clusters, as the device tree says it."""

    SPEC = Spec(
        smp="8,sockets=1,clusters=2,cores=2,threads=2",
        platform=ARM,
        cpu="neoverse-n1",
        kernel_args="cgroup_no_v1=all",
    )

    def test_two_threads_of_a_core_count_as_one(self, machine: Machine) -> None:
        report = machine.run(REPORT).json()
        assert report["machine"]["core_groups"] == ["0-1", "2-3", "4-5", "6-7"]
        assert settings(report)["OMP_NUM_THREADS"] == "4"
        assert masks(of_instances(machine, "--instances 2")) == ["0-3", "4-7"]
