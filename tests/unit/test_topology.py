"""Cores, sockets, nodes and kinds of cores, with any numbering, kernel and machine."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.cpulist import parse, show
from mkl_launch.host import topology
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Reading, Root
from mkl_launch.host.inventory import Machine, machine
from mkl_launch.model.facts import Facts
from testing.sysroot import CPU, UNREADABLE, Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

XEON = Spec(sockets=2, cores=4, threads=2, nodes=2, smt_file=True)
ADJACENT = replace(XEON, numbering="adjacent")
NO_SYSFS = ("sys/devices",)
GVISOR = Spec(cores=4, topology="none", cgroup="", nodes=0)
ARM = Spec(cores=8, architecture="arm", topology="ids")
FILES = ("lists", "old lists", "new masks", "masks", "ids", "cpuinfo")


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def shown(groups: Iterable[frozenset[int]]) -> list[str]:
    return [show(group) for group in groups]


def detected(place: Path, spec: Spec) -> Facts:
    return read_facts(sysroot(place, spec))


def reported(place: Path, spec: Spec) -> Machine:
    return machine(sysroot(place, spec))


# Cores and sockets


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize(
    ("spec", "cores", "sockets"),
    [
        case("siblings apart", XEON, "0,8 1,9 2,10 3,11 4,12 5,13 6,14 7,15", "0-3,8-11 4-7,12-15"),
        case("siblings adjacent", ADJACENT, "0-1 2-3 4-5 6-7 8-9 10-11 12-13 14-15", "0-7 8-15"),
        case("four siblings", replace(ADJACENT, threads=4, cores=1), "0-3 4-7", "0-3 4-7"),
        case("siblings offline", replace(XEON, offline="9-15"), "0,8 1 2 3 4 5 6 7", "0-3,8 4-7"),
        case("SMT off by offline CPUs", replace(XEON, offline="8-15"), "0 1 2 3 4 5 6 7", "0-3 4-7"),
        case("holes", Spec(sockets=2, cores=2, numbers="0-1,8-9"), "0 1 8 9", "0-1 8-9"),
        case("first CPU is not 0", Spec(cores=2, threads=2, numbers="2,5,7,11"), "2,7 5,11", "2,5,7,11"),
    ],
)  # fmt: skip
def test_reads_cores_and_sockets(tmp_path: Path, spec: Spec, cores: str, sockets: str, files: str) -> None:
    without = NO_SYSFS if files == "cpuinfo" else ()
    found = detected(tmp_path, replace(spec, topology=files, without=without))
    assert shown(found.cores) == cores.split()
    assert shown(found.sockets) == sockets.split()
    assert found.failures == ()
    full = machine(Root(str(tmp_path)))
    assert (full.core_groups, full.socket_groups) == (found.cores, found.sockets)


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize(
    ("mask", "cores", "sockets"),
    [
        case("a thread each of four cores", "0-3", "0 1 2 3", "0-3"),
        case("two whole cores", "0-1,8-9", "0,8 1,9", "0-1,8-9"),
        case("a core and a half", "3,4,11", "3,11 4", "3,11 4"),
        case("one CPU", "15", "15", "15"),
    ],
)
def test_cuts_cores_and_sockets_to_the_mask(
    tmp_path: Path, mask: str, cores: str, sockets: str, files: str
) -> None:
    found = detected(tmp_path, replace(XEON, mask=mask, topology=files, smt_file=False))
    assert show(found.mask) == mask.replace("3,4", "3-4")
    assert (shown(found.cores), shown(found.sockets)) == (cores.split(), sockets.split())


@pytest.mark.parametrize("smt_file", [True, False])
@pytest.mark.parametrize("threads", [1, 2])
def test_reads_the_same_cores_with_and_without_smt_active(
    tmp_path: Path, threads: int, *, smt_file: bool
) -> None:
    found = detected(tmp_path, Spec(cores=4, threads=threads, smt_file=smt_file))
    assert [len(core) for core in found.cores] == [threads] * 4


@pytest.mark.parametrize(
    ("mask", "cores"),
    [
        case("all", "", "0,8 1,9 2,10 3,11 4,12 5,13 6,14 7,15"),
        case("a core and a half", "3-4,11", "3,11 4"),
        case("siblings of others only", "0-3", "0 1 2 3"),
    ],
)
def test_does_not_believe_a_kernel_that_does_not_schedule_by_siblings(
    tmp_path: Path, mask: str, cores: str
) -> None:
    spec = replace(
        XEON, mask=mask, files={f"{CPU}/smt/active": "0", f"{CPU}/smt/control": "notimplemented"}
    )
    assert shown(detected(tmp_path, spec).cores) == cores.split()


def test_distinguishes_equal_core_numbers_of_two_nodes(tmp_path: Path) -> None:
    nodes = {0: "0-1", 1: "2-3"}
    spec = Spec(sockets=1, cores=2, threads=2, numbering="adjacent", topology="ids", nodes=nodes)
    cores = {f"{CPU}/cpu{cpu}/topology/core_id": str(core) for cpu, core in enumerate((0, 1, 0, 1))}
    assert shown(detected(tmp_path, replace(spec, files=cores)).cores) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("cpus", [1, 1024])
@pytest.mark.parametrize("topology_files", ["lists", "masks"])
def test_reads_machines_of_1_and_1024_cpus(tmp_path: Path, cpus: int, topology_files: str) -> None:
    spec = Spec(sockets=1 if cpus == 1 else 8, cores=cpus // 16 or 1, threads=1 if cpus == 1 else 2)
    found = detected(tmp_path, replace(spec, topology=topology_files))
    assert found.mask == found.online == frozenset(range(cpus))
    assert (len(found.cores), len(found.sockets)) == (-(-cpus // 2), spec.sockets)


def test_reads_few_files_of_a_large_machine(tmp_path: Path) -> None:
    class Counting(Root):
        read_paths: list[str] = []  # noqa: RUF012

        def read(self, path: str) -> Reading:
            self.read_paths.append(path)
            return super().read(path)

    sysroot(tmp_path, Spec(sockets=2, cores=64, threads=2, smt_file=True, quota=2, path="/a/b"))
    root = Counting(str(tmp_path))
    found = read_facts(root)
    assert len(found.cores) == 128
    assert "/proc/cpuinfo" not in root.read_paths
    assert len(root.read_paths) < 128 + 24, "one file for each core, not for each CPU"


# Which CPUs there are


@pytest.mark.parametrize(
    "spec",
    [
        case("the online file", Spec(cores=8, offline="2,5")),
        pytest.param(
            Spec(
                cores=8,
                files={f"{CPU}/cpu{cpu}/online": str(int(cpu not in (2, 5))) for cpu in range(1, 8)},
                without=(f"{CPU}/online", "proc"),
            ),
            id="each CPU's switch",
        ),
        case("/proc/stat", Spec(cores=8, offline="2,5", without=(*NO_SYSFS, "proc/cpuinfo"))),
        case("/proc/cpuinfo", Spec(cores=8, offline="2,5", without=(*NO_SYSFS, "proc/stat"))),
        case("an online file that is broken", Spec(cores=8, offline="2,5", files={f"{CPU}/online": "0-x"})),
    ],
)
def test_reads_which_cpus_are_online(tmp_path: Path, spec: Spec) -> None:
    assert show(detected(tmp_path, spec).online) == "0-1,3-4,6-7"


def test_reports_offline_cpus(tmp_path: Path) -> None:
    found = reported(tmp_path, Spec(cores=8, offline="2,5"))
    assert (show(found.online), show(found.offline)) == ("0-1,3-4,6-7", "2,5")


@pytest.mark.parametrize(
    ("spec", "mask"),
    [
        case("all", Spec(cores=8), "0-7"),
        case("the affinity mask", Spec(cores=8, mask="0-3"), "0-3"),
        case("the cpuset", Spec(cores=8, cpuset="2-5"), "2-5"),
        case("both", Spec(cores=8, mask="0-3", cpuset="2-5"), "2-3"),
        case("without what is offline", Spec(cores=8, mask="0-7", offline="7"), "0-6"),
        case("without what is not there", Spec(cores=8, mask="0-1023"), "0-7"),
        case("no status", Spec(cores=8, without=("proc/self/status",)), "0-7"),
        case("malformed", Spec(cores=8, files={"proc/self/status": "Cpus_allowed_list:\tx"}), "0-7"),
    ],
)
def test_reads_the_affinity_mask(tmp_path: Path, spec: Spec, mask: str) -> None:
    found = detected(tmp_path, spec)
    assert (show(found.mask), found.failures) == (mask, ())


# Where /sys and /proc say little


@pytest.mark.parametrize(
    "spec",
    [
        case("gVisor: no topology, no control group", GVISOR),
        case("no sysfs", replace(GVISOR, without=NO_SYSFS)),
        case("masked proc", replace(GVISOR, without=("proc",))),
        case("no cpuinfo", Spec(cores=4, files={"proc/cpuinfo": UNREADABLE}, topology="none")),
    ],
)
def test_without_topology_counts_every_cpu_as_a_core_and_reports_it(tmp_path: Path, spec: Spec) -> None:
    found = detected(tmp_path, spec)
    assert shown(found.cores) == ["0", "1", "2", "3"]
    assert shown(found.sockets) == ["0-3"]
    assert [failure for failure in found.failures if "no CPU topology" in failure]
    assert machine(Root(str(tmp_path))).core_groups == ()


def test_counts_one_cpu_without_any_file(tmp_path: Path) -> None:
    found = read_facts(Root(str(tmp_path)))
    assert found.mask == found.online == parse("0")
    assert shown(found.cores) == ["0"]
    assert any("affinity mask could not be read" in failure for failure in found.failures)


class Masked(Root):
    """This machine, with `sched_getaffinity` denied and /proc and /sys out of a folder."""

    live = True

    def affinity(self) -> None:
        return None


def test_counts_with_psutil_without_files_of_the_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.cpu_count", lambda logical: 6 if logical else 3)
    found = read_facts(Masked(str(tmp_path)))
    assert (show(found.mask), shown(found.cores)) == ("0-5", ["0,3", "1,4", "2,5"])
    assert len(found.failures) == 3, "no control group, no mask, no topology"


def test_counts_one_cpu_without_psutil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert read_facts(Masked(str(tmp_path))).mask == parse("0")


def test_detects_this_machine() -> None:
    found = read_facts(Root())
    assert found.mask == os.sched_getaffinity(0)
    assert found.mask <= found.online


# NUMA nodes


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        case("one for each socket", 2, {0: "0-3,8-11", 1: "4-7,12-15"}),
        case("a node without CPUs (memory only)", {0: "0-15", 1: ""}, {0: "0-15", 1: ""}),
        case("holes in the numbers", {0: "", 8: "0-15"}, {0: "", 8: "0-15"}),
        case("a kernel without NUMA", 0, {}),
    ],
)
def test_reads_numa_nodes(tmp_path: Path, nodes: int | dict[int, str], expected: dict[int, str]) -> None:
    found = reported(tmp_path, replace(XEON, nodes=nodes))
    assert {number: show(cpus) for number, cpus in found.numa_nodes} == expected


@pytest.mark.parametrize("listing", ["cpulist", "cpumap", "links"])
def test_reads_the_cpus_of_a_node_in_any_form(tmp_path: Path, listing: str) -> None:
    node = "sys/devices/system/node/node0"
    forms = {
        "cpulist": {f"{node}/cpulist": "0-1,3"},
        "cpumap": {f"{node}/cpumap": "0000000b"},
        "links": {f"{node}/cpu{cpu}/online": "1" for cpu in (0, 1, 3)},
    }
    root = sysroot(tmp_path, Spec(cores=4, nodes=0, files=forms[listing]))
    assert topology.nodes(root, parse("0-3")) == {0: {0, 1, 3}}


# Unlike cores


@pytest.mark.parametrize(
    ("spec", "kinds"),
    [
        case("P and E cores", Spec(cores=8, units={"cpu_core": "0-3", "cpu_atom": "4-7"}), "4-7 0-3"),
        case("E cores off", Spec(cores=8, units={"cpu_core": "0-3", "cpu_atom": "4-7"}, offline="4-7"), ""),
        case(
            "three kinds",
            Spec(cores=8, units={"cpu_core": "0-3", "cpu_atom": "4-5", "cpu_lowpower": "6-7"}),
            "6-7 4-5 0-3",
        ),
        case("parts", replace(ARM, parts={"0-3": "0xd03", "4-7": "0xd08"}), "0-3 4-7"),
        case("capacities", replace(ARM, capacities={"0-3": 446, "4-7": 1024}), "0-3 4-7"),
        case(
            "parts before capacities",
            replace(ARM, parts={"0-3": "0xd46", "4-7": "0xd4d"}, capacities={"0-6": 800, "7": 1024}),
            "0-3 4-7",
        ),
        case("all alike", replace(ARM, capacities={"0-7": 1024}), ""),
        case("only some tell", replace(ARM, capacities={"0-3": 446}), ""),
        case("x86", Spec(cores=8), ""),
    ],
)
def test_reads_kinds_of_cores(tmp_path: Path, spec: Spec, kinds: str) -> None:
    found = reported(tmp_path, spec)
    assert shown(cpus for _, cpus in found.core_kinds) == kinds.split()


def test_reads_hybrid_cores_with_smt_on_the_large_ones_only(tmp_path: Path) -> None:
    siblings = {"0": "0-1", "1": "0-1", "2": "2-3", "3": "2-3", "4": "4", "5": "5", "6": "6", "7": "7"}
    files = {f"{CPU}/cpu{cpu}/topology/core_cpus_list": group for cpu, group in siblings.items()}
    spec = Spec(cores=8, units={"cpu_core": "0-3", "cpu_atom": "4-7"}, files=files)
    found = reported(tmp_path, spec)
    assert shown(found.core_groups) == ["0-1", "2-3", "4", "5", "6", "7"]
    assert found.threads_per_core == 2


# Other architectures


@pytest.mark.parametrize(
    ("spec", "vendor", "model"),
    [
        case("x86", Spec(), "GenuineIntel", "Example CPU @ 3.00GHz"),
        case("arm", Spec(architecture="arm"), "ARM", "Neoverse-N1"),
        case("s390", Spec(architecture="s390"), "IBM/S390", None),
        case("power", Spec(architecture="power"), "IBM", "POWER9, altivec supported"),
        case("unknown", Spec(without=("proc/cpuinfo",)), None, None),
    ],
)
def test_reads_names_of_processor_and_system(
    tmp_path: Path, spec: Spec, vendor: str | None, model: str | None
) -> None:
    found = reported(tmp_path, spec)
    assert (found.vendor, found.model_name) == (vendor, model)


@pytest.mark.parametrize(
    ("spec", "cores", "sockets"),
    [
        case(
            "s390: books and drawers",
            Spec(sockets=2, cores=3, threads=2, numbering="adjacent", architecture="s390", nodes=1),
            "0-1 2-3 4-5 6-7 8-9 10-11",
            "0-5 6-11",
        ),
        case(
            "POWER8 in SMT4: half of the threads offline",
            Spec(cores=2, threads=8, numbering="adjacent", offline="4-7,12-15", architecture="power"),
            "0-3 8-11",
            "0-3,8-11",
        ),
        case(
            "POWER8 with SMT off: holes",
            Spec(cores=2, threads=8, numbering="adjacent", offline="1-7,9-15", architecture="power"),
            "0 8",
            "0,8",
        ),
    ],
)
def test_reads_cores_and_sockets_of_other_architectures(
    tmp_path: Path, spec: Spec, cores: str, sockets: str
) -> None:
    found = detected(tmp_path, spec)
    assert (shown(found.cores), shown(found.sockets)) == (cores.split(), sockets.split())


@pytest.mark.parametrize("architecture", ["x86", "arm", "s390", "power"])
def test_counts_processors_in_any_cpuinfo(tmp_path: Path, architecture: str) -> None:
    spec = Spec(cores=4, numbers="0,2,4,6", architecture=architecture, without=(*NO_SYSFS, "proc/stat"))
    assert detected(tmp_path, spec).online == {0, 2, 4, 6}


def test_the_mask_of_a_recorded_machine_has_no_offline_cpus(tmp_path: Path) -> None:
    assert show(detected(tmp_path, Spec(cores=8, offline="6-7", mask="0-7", cpuset="0-7")).mask) == "0-5"


@pytest.mark.parametrize("text", [UNREADABLE, "", "x", "-1", "0-"])
@pytest.mark.parametrize("name", ["core_cpus_list", "package_cpus_list"])
def test_a_broken_topology_file_affects_its_own_group_only(
    tmp_path: Path, name: str, text: str | None
) -> None:
    spec = Spec(cores=4, threads=2, files={f"{CPU}/cpu0/topology/{name}": text})
    found = detected(tmp_path, spec)
    assert frozenset[int]().union(*found.cores) == found.mask
    assert frozenset({1, 5}) in found.cores


@pytest.mark.parametrize(
    ("servers", "online", "cores"),
    [
        pytest.param({"@0": [0, 1], "@2": [2, 3]}, "0-3", "0-1 2-3", id="SMT"),
        pytest.param({"@0": [0, 1], "@2": [2, 3], "@10": [16, 17]}, "0,2,4", "0 2 4", id="SMT off"),
        pytest.param({"@100": [256], "@0": [0]}, "0-1", "0 1", id="numbers that end in NULs"),
        pytest.param({"@0": [0, 1]}, "0-3", "", id="not all CPUs"),
        pytest.param({}, "0-3", "", id="no device tree"),
    ],
)
def test_reads_the_cores_of_a_device_tree(
    tmp_path: Path, servers: dict[str, list[int]], online: str, cores: str
) -> None:
    """Of Power kernels that have no topology in sysfs; beside the cores are nodes of caches."""
    tree = tmp_path / "proc/device-tree/cpus"
    (tree / "l2-cache@2000").mkdir(parents=True)
    for name, numbers in servers.items():
        (tree / f"PowerPC,POWER6{name}").mkdir()
        text = b"".join(number.to_bytes(4, "big") for number in numbers)
        (tree / f"PowerPC,POWER6{name}" / "ibm,ppc-interrupt-server#s").write_bytes(text)
    groups = topology.cores(Root(str(tmp_path)), parse(online))
    assert " ".join(map(show, groups)) == cores
