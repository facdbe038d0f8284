"""The topology of CPUs: cores, sockets and NUMA nodes, from sysfs or, if that is missing, /proc/cpuinfo.

The files of a core may list siblings that are offline or belong to another container. The functions return
only CPUs of the set that they are given.

Sources: Documentation/ABI/stable/sysfs-devices-system-cpu, Documentation/admin-guide/cputopology.rst.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, parse_mask, whole
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import CpuGroups

CPU = "/sys/devices/system/cpu"
NODE = "/sys/devices/system/node"

# Linux 5.3 renamed these files and keeps the old names. Very old kernels have masks in place of lists.
CORE_FILES = ("core_cpus_list", "thread_siblings_list", "thread_siblings")
SOCKET_FILES = ("package_cpus_list", "core_siblings_list", "core_siblings")


def online(root: Root) -> frozenset[int]:
    """Return the CPUs that the kernel schedules on; empty if no file says it."""
    listed = read_cpus(root, f"{CPU}/online")
    if listed:
        return listed
    switches = {
        cpu: root.read(f"{CPU}/cpu{cpu}/online").text.strip() for cpu in _numbered(root.names(CPU), "cpu")
    }
    running = frozenset(cpu for cpu, switch in switches.items() if switch != "0")
    if any(switches.values()):
        return running
    return _in_stat(root) or frozenset(processors(root)) or running


def offline(root: Root, running: frozenset[int]) -> frozenset[int]:
    """Return the CPUs that are present and offline."""
    present = read_cpus(root, f"{CPU}/present") or frozenset(_numbered(root.names(CPU), "cpu"))
    return present - running


def cores(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Return `cpus` grouped by core, each with its SMT siblings; empty if the topology is unknown."""
    # On most virtual machines this one file says that no core has siblings.
    if len(cpus) == 1 or root.read(f"{CPU}/smt/active").text.strip() == "0":
        return tuple(frozenset((cpu,)) for cpu in sorted(cpus))
    return (
        _listed(root, cpus, CORE_FILES)
        or _by_ids(root, cpus, ("physical_package_id", "core_id"))
        or _by_cpuinfo(root, cpus, ("physical id", "core id"))
    )


def sockets(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Return `cpus` grouped by socket (physical package); empty if the topology is unknown."""
    if len(cpus) == 1:
        return (cpus,)
    return (
        _listed(root, cpus, SOCKET_FILES)
        or _by_ids(root, cpus, ("physical_package_id",))
        or _by_cpuinfo(root, cpus, ("physical id",))
    )


def nodes(root: Root, cpus: frozenset[int]) -> dict[int, frozenset[int]]:
    """Return {NUMA node: its CPUs}; a node may have none. Empty on a kernel without NUMA."""
    numbers = _numbered(root.names(NODE), "node")
    return {number: _members(root, f"{NODE}/node{number}") & cpus for number in numbers}


def _members(root: Root, node: str) -> frozenset[int]:
    listed = read_cpus(root, f"{node}/cpulist", f"{node}/cpumap")
    return listed or frozenset(_numbered(root.names(node), "cpu"))


def read_cpus(root: Root, *paths: str) -> frozenset[int]:
    """Return the CPUs in the first existing file, a CPU list or a mask; empty if it is neither."""
    reading = root.first(*paths)
    is_list = reading.path.endswith(("list", "/online", "/present", "/isolated", "/cpus"))
    try:
        return parse(reading.text) if is_list else parse_mask(reading.text)
    except ValueError:
        return frozenset()


def _listed(root: Root, cpus: frozenset[int], files: tuple[str, ...]) -> CpuGroups:
    """Group by the files in the topology directory of each CPU that list the CPUs of its group."""
    groups: list[frozenset[int]] = []
    remaining, known = set(cpus), False
    for cpu in sorted(cpus):
        if cpu in remaining:
            group = read_cpus(root, *(f"{CPU}/cpu{cpu}/topology/{name}" for name in files)) & remaining
            known = known or bool(group)
            groups.append(group | {cpu})
            remaining -= groups[-1]
    return tuple(groups) if known else ()


def _by_ids(root: Root, cpus: frozenset[int], names: tuple[str, ...]) -> CpuGroups:
    """Group by the IDs in the topology directory of each CPU. A core ID is unique only in its node."""
    node_of = {cpu: node for node, members in nodes(root, cpus).items() for cpu in members}
    identities = {
        cpu: tuple(root.read(f"{CPU}/cpu{cpu}/topology/{name}").text.strip() for name in names)
        for cpu in cpus
    }
    if not all(map(all, identities.values())):
        return ()
    per_node = len(names) > 1
    return _grouped({cpu: (i, node_of.get(cpu) if per_node else 0) for cpu, i in identities.items()})


def _grouped(identities: dict[int, object]) -> CpuGroups:
    groups: dict[object, set[int]] = {}
    for cpu, identity in identities.items():
        groups.setdefault(identity, set()).add(cpu)
    return tuple(sorted((frozenset(group) for group in groups.values()), key=min))


def processors(root: Root) -> dict[int, dict[str, str]]:
    """Return {CPU: fields} of /proc/cpuinfo. Slow with many CPUs, so only for reports and as a fallback."""
    blocks: dict[int, dict[str, str]] = {}
    block: dict[str, str] = {}
    for line in root.read("/proc/cpuinfo").text.splitlines():
        key, colon, value = line.partition(":")
        key, value = key.strip(), value.strip()
        word, _, number = key.partition(" ")  # s390 has "processor 0: version = ..."
        number = value if key == "processor" else number if word == "processor" else ""
        if number.isascii() and number.isdigit() and len(number) < 6:
            block = blocks.setdefault(int(number), {})
        elif colon:
            block.setdefault(key, value)
    return blocks


def _by_cpuinfo(root: Root, cpus: frozenset[int], keys: tuple[str, ...]) -> CpuGroups:
    blocks = processors(root)
    if not all(key in blocks.get(cpu, {}) for cpu in cpus for key in keys):
        return ()
    return _grouped({cpu: tuple(blocks[cpu][key] for key in keys) for cpu in cpus})


def _in_stat(root: Root) -> frozenset[int]:
    words = (line.partition(" ")[0] for line in root.read("/proc/stat").text.splitlines())
    return frozenset(_numbered(list(words), "cpu"))


def _numbered(names: list[str], stem: str) -> list[int]:
    """Return the numbers in names such as cpu0 and cpu1, ascending."""
    numbers = []
    for name in names:
        try:
            numbers.append(whole(name[len(stem) :]) if name.startswith(stem) else -1)
        except ValueError:
            continue
    return sorted(number for number in numbers if number >= 0)
