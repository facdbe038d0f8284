"""Real kernels with topologies that this machine does not have, in an emulator: see emulated/.

One boot for each class. All tests of a class share the running machine, so each has groups of its own.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from testing.emulated import recordings, scenarios
from testing.emulated.launches import REPORT, SHOW_PROCESS, LaunchSuite, settings, switched
from testing.emulated.machine import Machine, unpack
from testing.guide import GUIDE

if TYPE_CHECKING:
    from pathlib import Path


def printed(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def read_recorded(launcher: str, sysroot: Path) -> dict[str, Any]:
    done = subprocess.run(
        [launcher, "--sysroot", str(sysroot), "--json"],
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def check_recorded(machine: Machine, setup: str, launcher: str, folder: Path) -> None:
    """Check that the machine recorded in the guest and read here is the one the guest saw."""
    live = machine.run(setup + REPORT).json()
    sysroot = unpack(machine.record(setup), folder)
    recorded = read_recorded(launcher, sysroot)
    live["machine"]["arch"] = recorded["machine"]["arch"]  # only uname(2) tells
    for part in ("machine", "limits", "budget", "settings"):
        assert recorded[part] == live[part]


class TestDualSocket(LaunchSuite):
    """The c5.18xlarge of the AWS guide: 2 sockets, 36 cores, 72 CPUs, 2 NUMA nodes; v2 only."""

    SPEC = recordings.DUAL_SOCKET
    CPUS = "0-71"

    def test_reports_the_machine_as_it_was_made(self, machine: Machine) -> None:
        report = machine.run(REPORT).json()
        assert report["machine"] == {
            "arch": "x86_64",
            "vendor": "GenuineIntel",
            "model_name": "Intel Xeon Processor (Skylake)",
            "online": "0-71",
            "offline": "",
            "logical": 72,
            "cores": 36,
            "sockets": 2,
            "threads_per_core": 2,
            "core_groups": [f"{cpu}-{cpu + 1}" for cpu in range(0, 72, 2)],
            "socket_groups": ["0-35", "36-71"],
            "numa_nodes": [{"id": 0, "cpus": "0-35"}, {"id": 1, "cpus": "36-71"}],
            "core_kinds": [],
        }
        assert report["limits"]["cgroup"] == "v2"
        assert report["limits"]["quota_cpus"] is None
        assert report["warnings"] == []

    def test_serving_has_the_values_of_the_guide(self, machine: Machine) -> None:
        said = printed(machine.run("mkl-launch --profile serving --print-env docker").check())
        assert {name: said.get(name) for name in GUIDE} == GUIDE

    def test_training_has_the_values_of_the_guide(self, machine: Machine) -> None:
        said = printed(machine.run("mkl-launch --profile training --print-env docker").check())
        differs = {"TENSORFLOW_INTER_OP_PARALLELISM": "0", "TENSORFLOW_SESSION_PARALLELISM": None}
        assert {name: said.get(name) for name in GUIDE} == {**GUIDE, **differs}

    def test_verbose_pinning_is_that_of_the_guide(self, machine: Machine) -> None:
        said = printed(machine.run("mkl-launch -v --profile serving --print-env docker").check())
        verbose = {"KMP_AFFINITY": "granularity=fine,verbose,compact,1,0"}
        assert {name: said.get(name) for name in GUIDE} == {**GUIDE, **verbose}

    def test_the_command_has_the_values_of_the_guide(self, machine: Machine) -> None:
        environ = machine.run(f"mkl-launch --profile serving -- {SHOW_PROCESS}").json()["environ"]
        # Not known to start no other process, so not pinned.
        assert {name: environ.get(name) for name in GUIDE} == {**GUIDE, "KMP_AFFINITY": None}

    def test_a_quota_above_the_cores_leaves_a_thread_per_core(self, machine: Machine) -> None:
        report = machine.run(scenarios.v2("wide", {"wide/cpu.max": "4000000"}) + REPORT).json()
        assert (report["limits"]["quota_cpus"], report["budget"]["threads"]) == (40, 36)
        assert settings(report)["OMP_WAIT_POLICY"] == "PASSIVE"

    @pytest.mark.parametrize("where", ["own", "parent"])
    def test_a_cpuset_sets_mask_and_threads(self, machine: Machine, where: str) -> None:
        group = f"cpuset-{where}"
        file = f"{group}/leaf/cpuset.cpus" if where == "own" else f"{group}/cpuset.cpus"
        report = machine.run(scenarios.v2(f"{group}/leaf", {file: "34-37"}) + REPORT).json()
        assert report["limits"]["cpuset"] == report["limits"]["mask"] == "34-37"
        assert report["limits"]["quota_cpus"] is None
        budget = report["budget"]
        assert (budget["cores"], budget["logical"], budget["threads"]) == (2, 4, 2)
        assert budget["exclusive"] is True
        assert settings(report)["KMP_AFFINITY"] == GUIDE["KMP_AFFINITY"]

    @pytest.mark.parametrize(
        ("quota", "threads", "exclusive"), [("150000", 1, False), ("300000", 2, False), ("400000", 2, True)]
    )
    def test_the_smaller_of_cpuset_and_quota_counts(
        self, machine: Machine, quota: str, threads: int, *, exclusive: bool
    ) -> None:
        group = f"both-{quota}"
        limits = {f"{group}/cpuset.cpus": "0-3", f"{group}/cpu.max": f"{quota} 100000"}
        budget = machine.run(scenarios.v2(group, limits) + REPORT).json()["budget"]
        assert (budget["cpus"], budget["cores"], budget["threads"]) == ("0-3", 2, threads)
        assert budget["exclusive"] is exclusive

    @pytest.mark.parametrize(
        ("kind", "cpus", "own"),
        [("member", "8-11", False), ("root", "12-15", True), ("isolated", "16-19", True)],
    )
    def test_only_a_partition_is_a_pods_own_cpuset(
        self, machine: Machine, kind: str, cpus: str, *, own: bool
    ) -> None:
        """A pod's narrow cpuset may be a pool with others in it; a partition of the kernel's is not."""
        group = f"partition-{kind}"
        limits = {f"{group}/cpuset.cpus": cpus, f"{group}/cpuset.cpus.partition": kind}
        run = f"export KUBERNETES_SERVICE_HOST=10.0.0.1\n{REPORT}"
        try:
            report = machine.run(scenarios.v2(group, limits) + run).json()
        finally:  # give the CPUs back to the other groups
            machine.run(f"echo member >/sys/fs/cgroup/{group}/cpuset.cpus.partition").check()
        assert (report["limits"]["cpuset"], report["budget"]["exclusive"]) == (cpus, own)

    def test_one_sibling_of_each_core_has_a_thread_each(self, machine: Machine) -> None:
        setup = scenarios.v2("siblings", {"siblings/cpuset.cpus": "0,2,4,36"})
        budget = machine.run(setup + REPORT).json()["budget"]
        assert (budget["cores"], budget["logical"], budget["threads"]) == (4, 4, 4)

    def test_an_affinity_mask_within_a_cpuset_counts(self, machine: Machine) -> None:
        setup = scenarios.v2("affine", {"affine/cpuset.cpus": "0-7"})
        report = machine.run(setup + "exec taskset 0x3c mkl-launch --json").json()
        assert (report["limits"]["mask"], report["limits"]["cpuset"]) == ("2-5", "0-7")
        assert report["budget"]["threads"] == 2
        assert report["budget"]["exclusive"] is False

    def test_the_command_runs_on_the_chosen_cpus(self, machine: Machine) -> None:
        process = machine.run(f"exec mkl-launch --cpus 2-3 -- {SHOW_PROCESS}").json()
        assert process["mask"] == [2, 3]
        assert process["environ"]["OMP_NUM_THREADS"] == "1"

    @pytest.mark.parametrize(
        ("switched_off", "online", "offline", "cores"),
        [([5], "0-4,6-71", "5", 36), ([4, 5, 71], "0-3,6-70", "4-5,71", 35)],
    )
    def test_offline_cpus_are_not_counted(
        self, machine: Machine, switched_off: list[int], online: str, offline: str, cores: int
    ) -> None:
        with switched(machine, switched_off):
            report = machine.run(REPORT).json()
        seen = report["machine"]
        assert (seen["online"], seen["offline"]) == (online, offline)
        assert (seen["logical"], seen["cores"]) == (72 - len(switched_off), cores)
        assert report["limits"]["mask"] == online
        chosen = settings(report)
        assert chosen["OMP_NUM_THREADS"] == str(cores)
        assert chosen["TENSORFLOW_INTRA_OP_PARALLELISM"] == str(72 - len(switched_off))
        assert chosen["KMP_AFFINITY"] == GUIDE["KMP_AFFINITY"]

    def test_an_offline_cpu_of_a_cpuset_is_not_counted(self, machine: Machine) -> None:
        setup = scenarios.v2("partly", {"partly/cpuset.cpus": "4-7"})
        with switched(machine, [5]):
            report = machine.run(setup + REPORT).json()
        assert report["limits"]["mask"] == report["limits"]["cpuset"] == "4,6-7"
        assert report["budget"]["threads"] == 2

    def test_its_recording_gives_the_same_report(
        self, machine: Machine, launcher: str, tmp_path: Path
    ) -> None:
        setup = recordings.RECORDINGS["dual-socket-v2"].setup
        check_recorded(machine, setup, launcher, tmp_path)


class TestOneSocketV1:
    """4 cores, 8 CPUs; v1 controllers with v2 beside them, as distributions had it before v2."""

    SPEC = recordings.ONE_SOCKET

    def test_reports_no_limit_without_one(self, machine: Machine) -> None:
        report = machine.run(REPORT).json()
        assert report["limits"] == {
            "cgroup": "hybrid",
            "cgroup_path": "/",
            "quota_cpus": None,
            "quota_source": None,
            "mask": "0-7",
            "cpuset": "0-7",
            "memory_bytes": None,
            "declared": [],
        }
        assert (report["machine"]["logical"], report["machine"]["cores"]) == (8, 4)
        assert report["budget"]["exclusive"] is True
        assert report["warnings"] == []

    def test_reports_v1_without_v2(self, machine: Machine) -> None:
        setup = scenarios.PRIVATE_MOUNTS + "umount /sys/fs/cgroup/unified\n"
        assert machine.run(setup + REPORT).json()["limits"]["cgroup"] == "v1"

    @pytest.mark.parametrize(
        ("parent", "own", "quota", "where"),
        [("150000", "-1", 1.5, "parent"), ("350000", "250000", 2.5, "own"), ("-1", "50000", 0.5, "own")],
    )
    def test_the_tighter_quota_of_two_levels_counts(
        self, machine: Machine, parent: str, own: str, quota: float, where: str
    ) -> None:
        top = f"quota{parent}"
        limits = {f"{top}/cpu.cfs_quota_us": parent, f"{top}/leaf/cpu.cfs_quota_us": own}
        report = machine.run(scenarios.v1("cpu,cpuacct", f"{top}/leaf", limits) + REPORT).json()
        group = top if where == "parent" else f"{top}/leaf"
        assert report["limits"]["cgroup"] == "hybrid"
        assert report["limits"]["cgroup_path"] == f"/{top}/leaf"
        assert report["limits"]["quota_cpus"] == quota
        assert report["limits"]["quota_source"] == f"/sys/fs/cgroup/cpu,cpuacct/{group}/cpu.cfs_quota_us"
        assert report["budget"]["threads"] == max(1, int(quota))
        assert settings(report)["OMP_WAIT_POLICY"] == "PASSIVE"

    def test_a_cpuset_sets_mask_and_threads(self, machine: Machine) -> None:
        limits = {"four/cpuset.mems": "0", "four/cpuset.cpus": "2-5"}
        report = machine.run(scenarios.v1("cpuset", "four", limits) + REPORT).json()
        assert report["limits"]["cpuset"] == report["limits"]["mask"] == "2-5"
        assert report["budget"]["threads"] == report["budget"]["cores"] == 2
        assert report["budget"]["exclusive"] is True

    def test_the_memory_limit_of_the_parent_counts(self, machine: Machine) -> None:
        limits = {"some/memory.limit_in_bytes": "300M"}
        report = machine.run(scenarios.v1("memory", "some/leaf", limits) + REPORT).json()
        assert report["limits"]["memory_bytes"] == 300 << 20

    @pytest.mark.parametrize("point", ["/sys/fs/cgroup/bound", "/run/box/cpu"])
    @pytest.mark.parametrize(("below", "quota"), [("", 3.5), ("/inner", 2.5)])
    def test_reads_the_quota_if_only_the_group_is_mounted(
        self, machine: Machine, point: str, below: str, quota: float
    ) -> None:
        limits = {"docker/id/cpu.cfs_quota_us": "350000", "docker/id/inner/cpu.cfs_quota_us": "250000"}
        machine.run(scenarios.v1("cpu", "docker/id/inner", limits)).check()
        setup = scenarios.v1("cpu", f"docker/id{below}", {})
        setup += scenarios.v1_bound("cpu", "docker/id", point)
        seen = machine.run(setup + REPORT).json()["limits"]
        assert (seen["cgroup"], seen["cgroup_path"]) == ("v1", f"/docker/id{below}")
        assert seen["quota_cpus"] == quota
        assert seen["quota_source"] == f"{point}{below}/cpu.cfs_quota_us"
        assert seen["cpuset"] is None

    def test_reads_the_quota_of_a_group_mounted_over_the_tree(self, machine: Machine) -> None:
        limits = {"over/id/cpu.cfs_quota_us": "350000", "over/id/inner/cpu.cfs_quota_us": "250000"}
        point = "/sys/fs/cgroup/cpu,cpuacct"
        setup = scenarios.v1("cpu", "over/id/inner", limits) + scenarios.PRIVATE_MOUNTS
        setup += f"mount --bind {point}/over/id {point}\n"
        seen = machine.run(setup + REPORT).json()["limits"]
        assert seen["quota_cpus"] == 2.5
        assert seen["quota_source"] == f"{point}/inner/cpu.cfs_quota_us"

    def test_reads_the_quota_in_a_private_namespace(self, machine: Machine) -> None:
        setup = scenarios.v1("cpu", "space/box", {"space/box/cpu.cfs_quota_us": "250000"})
        limits = machine.run(setup + scenarios.v1_as_in_a_container() + REPORT).json()["limits"]
        assert (limits["cgroup_path"], limits["quota_cpus"]) == ("/", 2.5)
        assert limits["quota_source"] == "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us"

    def test_an_offline_cpu_of_a_cpuset_is_not_counted(self, machine: Machine) -> None:
        limits = {"partly/cpuset.mems": "0", "partly/cpuset.cpus": "2-5"}
        machine.run(scenarios.v1("cpuset", "partly", limits)).check()
        with switched(machine, [5]):
            report = machine.run(scenarios.v1("cpuset", "partly", {}) + REPORT).json()
        assert report["limits"]["mask"] == report["limits"]["cpuset"] == "2-4"

    def test_counts_cores_if_smt_is_switched_off(self, machine: Machine) -> None:
        with switched(machine, [1, 3, 5, 7]):
            report = machine.run(REPORT).json()
        seen = report["machine"]
        assert (seen["online"], seen["offline"]) == ("0,2,4,6", "1,3,5,7")
        assert (seen["cores"], seen["threads_per_core"]) == (4, 1)
        assert report["budget"]["threads"] == 4

    def test_counts_cores_without_sys(self, machine: Machine) -> None:
        setup = scenarios.PRIVATE_MOUNTS + "umount -l /sys\n"
        report = machine.run(setup + REPORT).json()
        assert (report["machine"]["online"], report["machine"]["cores"]) == ("0-7", 4)
        assert (report["limits"]["cgroup"], report["limits"]["mask"]) == (None, "0-7")
        assert report["budget"]["threads"] == 4

    def test_reads_the_mask_without_proc(self, machine: Machine) -> None:
        setup = scenarios.PRIVATE_MOUNTS + "umount -l /proc\n"
        report = machine.run(setup + "exec taskset 0x3c mkl-launch --json").json()
        assert report["limits"]["mask"] == "2-5"
        assert report["budget"]["threads"] == 2

    def test_warns_without_sys_and_proc(self, machine: Machine) -> None:
        setup = scenarios.PRIVATE_MOUNTS + "umount -l /sys\numount -l /proc\n"
        report = machine.run(setup + REPORT).json()
        assert report["limits"]["mask"] == "0-7"
        assert report["warnings"]

    def test_its_recording_gives_the_same_report(
        self, machine: Machine, launcher: str, tmp_path: Path
    ) -> None:
        setup = recordings.RECORDINGS["one-socket-v1-docker"].setup
        check_recorded(machine, setup, launcher, tmp_path)


class TestPartlyFilled:
    """Room for 8 CPUs in 2 sockets, 6 of them plugged in, 5 started; a NUMA node with memory only.

    And a hybrid the other way round: cpu and memory in v2, cpuset in v1.
    """

    SPEC = recordings.PARTLY_FILLED

    def test_reports_the_machine_as_it_was_made(self, machine: Machine) -> None:
        seen = machine.run(REPORT).json()["machine"]
        assert (seen["online"], seen["offline"]) == ("0-4", "5")
        assert (seen["logical"], seen["cores"], seen["sockets"]) == (5, 3, 2)
        assert seen["core_groups"] == ["0-1", "2-3", "4"]
        assert seen["socket_groups"] == ["0-3", "4"]
        assert seen["numa_nodes"] == [
            {"id": 0, "cpus": "0-3"},
            {"id": 1, "cpus": "4"},
            {"id": 2, "cpus": ""},
        ]

    def test_has_a_thread_for_each_core_online(self, machine: Machine) -> None:
        chosen = settings(machine.run(REPORT).json())
        assert chosen["OMP_NUM_THREADS"] == "3"
        assert chosen["TENSORFLOW_INTRA_OP_PARALLELISM"] == "5"

    def test_reads_a_quota_of_v2_beside_a_cpuset_of_v1(self, machine: Machine) -> None:
        quota = {"some/cpu.max": "150000 100000", "some/memory.max": "300M"}
        cpus = {"some/cpuset.mems": "0", "some/cpuset.cpus": "2-4"}
        setup = scenarios.v2("some/leaf", quota, tree="/sys/fs/cgroup/unified", delegate="+cpu +memory")
        report = machine.run(setup + scenarios.v1("cpuset", "some", cpus) + REPORT).json()
        limits = report["limits"]
        assert limits["cgroup"] in ("v2", "hybrid")
        assert (limits["cgroup_path"], limits["quota_cpus"]) == ("/some/leaf", 1.5)
        assert limits["quota_source"] == "/sys/fs/cgroup/unified/some/cpu.max"
        assert (limits["cpuset"], limits["mask"]) == ("2-4", "2-4")
        assert limits["memory_bytes"] == 300 << 20
        assert (report["budget"]["cores"], report["budget"]["threads"]) == (2, 1)

    def test_counts_a_cpu_that_is_started_later(self, machine: Machine) -> None:
        switch = "/sys/devices/system/cpu/cpu5/online"
        script = f"echo 1 >{switch}\nmkl-launch --json\necho 0 >{switch}"
        seen = machine.run(script).json()["machine"]
        assert (seen["online"], seen["offline"], seen["logical"]) == ("0-5", "", 6)

    def test_its_recording_gives_the_same_report(
        self, machine: Machine, launcher: str, tmp_path: Path
    ) -> None:
        setup = recordings.RECORDINGS["partly-filled"].setup
        check_recorded(machine, setup, launcher, tmp_path)


class TestOneCpu:
    """A single CPU, and no control group mounted at all."""

    SPEC = recordings.ONE_CPU

    def test_reports_the_machine_as_it_was_made(self, machine: Machine) -> None:
        report = machine.run(scenarios.NO_GROUPS + REPORT).json()
        seen = report["machine"]
        assert (seen["online"], seen["logical"], seen["cores"]) == ("0", 1, 1)
        assert (seen["sockets"], seen["threads_per_core"]) == (1, 1)
        assert (seen["core_groups"], seen["socket_groups"]) == (["0"], ["0"])
        limits = report["limits"]
        assert (limits["cgroup"], limits["quota_cpus"], limits["cpuset"]) == (None, None, None)

    def test_every_count_is_one(self, machine: Machine) -> None:
        environ = machine.run(
            f"{scenarios.NO_GROUPS}exec mkl-launch --profile serving -- {SHOW_PROCESS}"
        ).json()["environ"]
        counts = {name: value for name, value in environ.items() if name.endswith("NUM_THREADS")}
        assert {"OMP_NUM_THREADS", "ORT_INTRA_OP_NUM_THREADS"} <= counts.keys()
        assert set(counts.values()) == {"1"}
        assert environ["TENSORFLOW_SESSION_PARALLELISM"] == "1"

    def test_its_recording_gives_the_same_report(
        self, machine: Machine, launcher: str, tmp_path: Path
    ) -> None:
        setup = recordings.RECORDINGS["one-cpu"].setup
        check_recorded(machine, setup, launcher, tmp_path)


class TestRecordings:
    """The machines above as files, for where there is no emulator: see emulated/recordings.py."""

    @pytest.mark.parametrize("name", recordings.RECORDINGS)
    def test_a_report_has_the_facts_of_the_recording(
        self, name: str, launcher: str, tmp_path: Path
    ) -> None:
        recording = recordings.RECORDINGS[name]
        sysroot = unpack(recordings.file(name).read_bytes(), tmp_path)
        report = read_recorded(launcher, sysroot)
        for part in ("machine", "limits", "budget"):
            facts: dict[str, object] = getattr(recording, part)
            assert {fact: report[part][fact] for fact in facts} == facts
