"""Machines of which /sys and /proc say little, or something else than elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.cpulist import parse, show
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.host.inventory import Machine, machine
from mkl_launch.model.request import Request
from mkl_launch.report.document import Report, document
from mkl_launch.report.full import explanation
from testing.planning import plan
from testing.sysroot import CPU, TOPOLOGY_FILES, Spec, mask_text, sysroot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ARM = Spec(cores=8, architecture="arm", topology="ids")
NO_SYSFS = ("sys/devices",)


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def reported(place: Path, spec: Spec) -> Machine:
    return machine(sysroot(place, spec))


def shown(groups: Iterable[frozenset[int]]) -> list[str]:
    return [show(group) for group in groups]


# LXCFS

LXCFS = "31 1 0:60 {0} {0} rw,nosuid,nodev - fuse.lxcfs lxcfs rw,allow_other"


def counted(online: str, *, mounted: str = f"/{CPU}/online", **fields: Any) -> Spec:
    """Return a container of a machine with 32 CPUs whose list of CPUs online is written by LXCFS."""
    mount = "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"
    files = {f"{CPU}/online": online, "proc/self/mountinfo": f"{mount}\n{LXCFS.format(mounted)}"}
    return Spec(cores=32, files=files, **fields)


@pytest.mark.parametrize(
    ("spec", "mask", "online", "quota"),
    [
        case("one CPU", counted("0", mask="24", cpuset="24"), "24", "0-31", None),
        case("no cpuset is visible", counted("0", mask="24"), "24", "0-31", None),
        case("several", counted("0-3", mask="8-11", cpuset="8-11"), "8-11", "0-31", None),
        case("some are in both", counted("0-3", mask="2-5", cpuset="2-5"), "2-5", "0-31", None),
        case("apart", counted("0-3", mask="0-1,16-17", cpuset="0-1,16-17"), "0-1,16-17", "0-31", None),
        case("all of /sys", counted("0-3", mask="2-5", mounted=f"/{CPU}"), "2-5", "0-31", None),
        case("a quota above the namespace", counted("0-1", mask="0-31"), "0-31", "0-31", 2),
        case("a quota that is visible", counted("0-1", mask="0-31", quota=1.5), "0-31", "0-31", 1.5),
        case("both", counted("0", mask="8-11", cpuset="8-11"), "8-11", "0-31", 1),
        case("with offline CPUs", counted("0-1", mask="16-19", offline="8-15"), "16-19", "0-7,16-31", 2),
        case("a cpuset from 0", counted("0-3", mask="0-3", cpuset="0-3"), "0-3", "0-3", None),
    ],
)
def test_reads_a_list_of_online_cpus_that_is_a_number(
    tmp_path: Path, spec: Spec, mask: str, online: str, quota: float | None
) -> None:
    if spec.offline:
        spec = replace(spec, files={**spec.files, f"{CPU}/offline": spec.offline})
    root = sysroot(tmp_path, spec)
    found = read_facts(root)
    assert (show(found.mask), show(found.online)) == (mask, online)
    assert found.limits.quota == quota
    assert frozenset().union(*found.cores) == found.mask
    full = machine(root, found.mask)
    assert show(full.online) == online
    if online != mask:
        assert show(full.offline) == spec.offline


@pytest.mark.parametrize(
    ("switch", "mask"), [case("online", "1", "2-5"), case("offline", "0", "2-3"), case("silent", "", "2-3")]
)
def test_the_switch_of_a_cpu_tells_whether_the_list_is_a_number(
    tmp_path: Path, switch: str, mask: str
) -> None:
    switches = {f"{CPU}/cpu{cpu}/online": switch for cpu in (4, 5)}
    spec = Spec(cores=8, mask="2-5", files={f"{CPU}/online": "0-3", **switches})
    assert show(read_facts(sysroot(tmp_path, spec)).mask) == mask


# Sockets and siblings


@pytest.mark.parametrize("files", ["lists", "old lists", "new masks", "masks"])
@pytest.mark.parametrize("listed", ["0-3", "4-7"])
def test_invents_no_socket_for_cpus_that_no_list_names(tmp_path: Path, listed: str, files: str) -> None:
    """The topology directory is missing for half of the CPUs, and the others' lists do not have them."""
    core, socket = TOPOLOGY_FILES[files]
    show_group = show if files.endswith("lists") else mask_text
    texts = {
        f"{CPU}/cpu{cpu}/topology/{name}": show_group(group)
        for cpu in parse(listed)
        for name, group in ((core, frozenset((cpu,))), (socket, parse(listed)))
    }
    found = read_facts(sysroot(tmp_path, Spec(cores=8, topology="none", files=texts)))
    full = machine(Root(str(tmp_path)))
    assert shown(full.socket_groups) == [listed]
    assert shown(full.core_groups) == shown(found.cores) == ["0", "1", "2", "3", "4", "5", "6", "7"]
    assert shown(found.sockets) == ["0-7"], "a launch has all its CPUs in sockets"


def test_finds_siblings_that_only_the_other_cpu_lists(tmp_path: Path) -> None:
    gone = tuple(f"{CPU}/cpu{cpu}/topology" for cpu in range(4))
    found = read_facts(sysroot(tmp_path, Spec(cores=4, threads=2, without=gone)))
    assert shown(found.cores) == ["0,4", "1,5", "2,6", "3,7"]
    assert shown(found.sockets) == ["0-7"]


# cpuinfo alone

SPARC = """cpu             : TI UltraSparc IIIi (Jalapeno)
fpu             : UltraSparc IIIi integrated FPU
ncpus probed    : 2
ncpus active    : 2"""


@pytest.mark.parametrize(
    "cpuinfo", [case("sparc", SPARC), case("empty", ""), case("a name only", "Processor\t: ARMv5 rev 5")]
)
def test_a_cpuinfo_without_processors_says_unknown(tmp_path: Path, cpuinfo: str) -> None:
    spec = Spec(cgroup="", files={"proc/cpuinfo": cpuinfo}, without=("proc/stat", "proc/self", *NO_SYSFS))
    root = sysroot(tmp_path, spec)
    found = read_facts(root)
    assert any("CPUs 0 are assumed" in failure for failure in found.failures)
    made = Report(machine(root, found.mask), found, [], plan(found, Request(), {}))
    shown_machine = document(made)["machine"]
    assert isinstance(shown_machine, dict)
    assert (shown_machine["logical"], shown_machine["cores"], shown_machine["sockets"]) == (
        None,
        None,
        None,
    )
    assert "unknown number of CPUs, unknown number of cores" in explanation(made)


S390_BLOCK = """
cpu number      : {cpu}
physical id     : {socket}
core id         : {core}
book id         : {book}
drawer id       : 0
address         : {cpu}"""


def s390(places: list[tuple[int, int, int]], threads: int, *, blocks: bool) -> str:
    """Return /proc/cpuinfo as show_cpuinfo in arch/s390/kernel/processor.c writes it.

    `places` are (book, socket, core) of each CPU. Older kernels write no blocks.
    """
    lines = ["vendor_id       : IBM/S390", f"# processors    : {len(places)}"]
    lines += [f"max thread id   : {threads - 1}"]
    lines += [f"processor {cpu}: version = 00,  machine = 3906" for cpu in range(len(places))]
    for cpu, (book, socket, core) in enumerate(places) if blocks else ():
        lines.append(S390_BLOCK.format(cpu=cpu, book=book, socket=socket, core=core))
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("cpuinfo", "cores", "sockets"),
    [
        case("SMT", s390([(0, 0, 0), (0, 0, 0), (0, 0, 1), (0, 0, 1)], 2, blocks=True), "0-1 2-3", "0-3"),
        case(
            "no SMT",
            s390([(0, 0, 0), (0, 0, 1), (0, 1, 2), (0, 1, 3)], 1, blocks=True),
            "0 1 2 3",
            "0-1 2-3",
        ),
        case(
            "books",
            s390([(0, 1, 0), (0, 1, 0), (1, 1, 0), (1, 1, 0)], 2, blocks=True),
            "0-1 2-3",
            "0-1 2-3",
        ),
        case("no blocks", s390([(0, 0, 0)] * 4, 2, blocks=False), "0-1 2-3", ""),
        case("no blocks, no SMT", s390([(0, 0, 0)] * 4, 1, blocks=False), "0 1 2 3", ""),
    ],
)
def test_reads_the_topology_in_cpuinfo_of_s390(
    tmp_path: Path, cpuinfo: str, cores: str, sockets: str
) -> None:
    spec = Spec(cores=4, files={"proc/cpuinfo": cpuinfo}, without=NO_SYSFS)
    full = machine(sysroot(tmp_path, spec))
    assert (show(full.online), full.vendor) == ("0-3", "IBM/S390")
    assert (shown(full.core_groups), shown(full.socket_groups)) == (cores.split(), sockets.split())
    assert shown(read_facts(Root(str(tmp_path))).cores) == cores.split()


def test_a_core_number_of_minus_one_is_no_core(tmp_path: Path) -> None:
    """RISC-V kernels write -1 where the device tree has no cpu-map."""
    files = {f"{CPU}/cpu{cpu}/topology/core_id": "-1" for cpu in range(4)}
    found = read_facts(sysroot(tmp_path, Spec(cores=4, topology="ids", files=files, architecture="arm")))
    assert shown(found.cores) == ["0", "1", "2", "3"]


# Names and kinds


@pytest.mark.parametrize(
    ("cpuinfo", "vendor", "model"),
    [
        ("CPU implementer : 0x41\nCPU part : 0xc09", "ARM", "Cortex-A9"),
        ("CPU implementer : 0x41\nCPU part : 0xd83", "ARM", "Neoverse-V3AE"),
        ("CPU implementer : 0x41\nCPU part : 0xfff", "ARM", None),
        ("Processor : ARMv7 rev 1\nCPU implementer : 0x41\nCPU part : 0xc07", "ARM", "Cortex-A7"),
        ("model name : ARMv6 rev 7\nCPU implementer : 0x41\nCPU part : 0xb76", "ARM", "ARMv6 rev 7"),
        ("CPU implementer : 0x42\nCPU part : 0x00f", "Broadcom", "Brahma-B15"),
        ("CPU implementer : 0x48\nCPU part : 0xd01", "HiSilicon", "Kunpeng-920"),
        ("CPU implementer : 0x48\nCPU part : 0xd40", "HiSilicon", "Cortex-A76"),
        ("CPU implementer : 0x50\nCPU part : 0x000", "APM", "X-Gene"),
        ("CPU implementer : 0x51\nCPU part : 0x001", "Qualcomm", "Oryon"),
        ("CPU implementer : 0x6d\nCPU part : 0xd49", "Microsoft", "Azure-Cobalt-100"),
        ("CPU implementer : 0xc0\nCPU part : 0xac4", "Ampere", "Ampere-1a"),
        ("CPU implementer : 0x99\nCPU part : 0x001", "0x99", None),
        ("CPU implementer : 0x41\nCPU part : x", "ARM", None),
        ("uarch : sifive,u74-mc\nmvendorid : 0x489", "SiFive", "sifive,u74-mc"),
        ("uarch : spacemit,x60\nmvendorid : 0x710", "SpacemiT", "spacemit,x60"),
        ("model name : Spacemit(R) X60\nmvendorid : 0x710", "SpacemiT", "Spacemit(R) X60"),
        ("mvendorid : 0x5b7\nmarchid : 0x0", "T-Head", None),
        ("uarch : newmaker,k1\nmvendorid : 0x777", "newmaker", "newmaker,k1"),
        ("mvendorid : 0x777", "0x777", None),
        ("uarch : unknown", None, "unknown"),
    ],
)
def test_names_processors_by_the_numbers_of_their_makers(
    tmp_path: Path, cpuinfo: str, vendor: str | None, model: str | None
) -> None:
    found = reported(tmp_path, Spec(cores=1, files={"proc/cpuinfo": f"processor : 0\n{cpuinfo}"}))
    assert (found.vendor, found.model_name) == (vendor, model)


def test_names_kinds_of_cores_and_orders_them_by_capacity(tmp_path: Path) -> None:
    """The number of a Cortex-X925 is smaller than that of the slower Cortex-A725."""
    spec = replace(ARM, parts={"0-3": "0xd87", "4-7": "0xd85"})
    capacities = {"0-3": 718, "4-6": 997, "7": 1024}
    expected = [("Cortex-A725", "0-3"), ("Cortex-X925", "4-7")]
    for place, each in (("with", replace(spec, capacities=capacities)), ("without", spec)):
        kinds = reported(tmp_path / place, each).core_kinds
        assert [(name, show(cpus)) for name, cpus in kinds] == expected, place


@pytest.mark.parametrize(
    ("parts", "kinds"),
    [
        case("three", {"0-1": "0xd46", "2-4": "0xd4d", "5-7": "0xd4e"}, "0-1 2-4 5-7"),
        case("the largest number is the slowest", {"0-3": "0xd08", "4-7": "0xd46"}, "4-7 0-3"),
        case("of one sort", {"0-1": "0xd8a", "2-5": "0xd8b", "6-7": "0xd8c"}, "0-1 2-5 6-7"),
        case("not in the table", {"0-3": "0xfff", "4-7": "0xd46"}, "4-7 0-3"),
    ],
)
def test_orders_kinds_of_cores_without_a_capacity(
    tmp_path: Path, parts: dict[str, str], kinds: str
) -> None:
    assert (
        shown(cpus for _, cpus in reported(tmp_path, replace(ARM, parts=parts)).core_kinds) == kinds.split()
    )


def frequencies(name: str, of: dict[str, int]) -> dict[str, str | None]:
    return {
        f"{CPU}/cpu{cpu}/cpufreq/{name}": str(kilohertz)
        for cpus, kilohertz in of.items()
        for cpu in parse(cpus)
    }


@pytest.mark.parametrize(
    ("base", "kinds"),
    [
        case("P and E cores", {"0-3": 2100000, "4-7": 1600000}, "4-7 0-3"),
        case("three kinds", {"0-3": 1700000, "4-5": 1200000, "6-7": 700000}, "6-7 4-5 0-3"),
        case("all alike", {"0-7": 2100000}, ""),
        case("only some tell", {"0-3": 2100000, "4-6": 1600000}, ""),
        case("none", {}, ""),
    ],
)
def test_tells_p_and_e_cores_by_their_base_frequency_never_by_their_maximum(
    tmp_path: Path, base: dict[str, int], kinds: str
) -> None:
    maximum = frequencies("cpuinfo_max_freq", {"0-1": 4900000, "2-3": 4700000, "4-7": 3600000})
    spec = Spec(cores=8, files={**maximum, **frequencies("base_frequency", base)})
    assert shown(cpus for _, cpus in machine(sysroot(tmp_path, spec)).core_kinds) == kinds.split()
