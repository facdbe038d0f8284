"""The topology of CPUs: cores, sockets and NUMA nodes, from sysfs or, if that is missing, /proc/cpuinfo.

The files of a core may list siblings that are offline or belong to another container. The functions return
only CPUs of the set that they are given.

Sources: Documentation/ABI/stable/sysfs-devices-system-cpu, Documentation/admin-guide/cputopology.rst.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, parse_mask, positive, whole
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import CpuGroups

CPU = "/sys/devices/system/cpu"
NODE = "/sys/devices/system/node"
DEVICE_TREE, THREADS = "/proc/device-tree/cpus", "ibm,ppc-interrupt-server#s"

# Linux 5.3 renamed these files and keeps the old names. Beside each list is a mask of the same CPUs;
# gVisor, very old kernels and copies of a machine may have only the mask.
CORE_FILES = ("core_cpus_list", "thread_siblings_list", "core_cpus", "thread_siblings")
SOCKET_FILES = ("package_cpus_list", "core_siblings_list", "package_cpus", "core_siblings")

# Fields of a block of /proc/cpuinfo. A field in the second list is part of the identity where there is one:
# on s390 a core number may occur in each socket, and a socket number in each book.
CORE_KEYS = ("physical id", "core id"), ("book id", "drawer id")
SOCKET_KEYS = ("physical id",), ("book id", "drawer id")


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


def really_online(
    root: Root, listed: frozenset[int], mask: frozenset[int], *, certain: bool
) -> frozenset[int]:
    """Return the CPUs online. `listed` is only a number of CPUs, from 0, where LXCFS writes the file.

    A process is on CPUs that are online, so a mask outside of the list shows that it is a number
    (do_cpuset_read in LXCFS's src/sysfs_fuse.c). A mask of which it is not `certain` that all its CPUs are
    online may also have CPUs that are offline, or not there.
    """
    if not listed or mask <= listed:
        return listed
    if listed & mask and not certain and not _is_a_number(root, listed, mask):
        return listed
    running = _present(root) - read_cpus(root, f"{CPU}/offline")
    return running | mask if certain or not running & mask else running


def _is_a_number(root: Root, listed: frozenset[int], mask: frozenset[int]) -> bool:
    if max(listed) + 1 != len(listed):
        return False
    others = mask & _present(root) - listed
    switches = (root.read(f"{CPU}/cpu{cpu}/online").text.strip() for cpu in sorted(others))
    return "1" in switches or (bool(others) and counted_by_lxcfs(root))


def counted_by_lxcfs(root: Root) -> bool:
    """Return True if the list of CPUs online is a file of LXCFS, which may write a number of CPUs there."""
    mounts = root.read("/proc/self/mountinfo").text.split("\n")
    return any(" - fuse.lxcfs " in line and f" {CPU}" in line for line in mounts)


def _present(root: Root) -> frozenset[int]:
    return read_cpus(root, f"{CPU}/present") or frozenset(_numbered(root.names(CPU), "cpu"))


def offline(root: Root, running: frozenset[int]) -> frozenset[int]:
    """Return the CPUs that are present and offline."""
    return _present(root) - running


def cores(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Return `cpus` grouped by core, each with its SMT siblings; empty if the topology is unknown."""
    if len(cpus) == 1 or _no_siblings(root, cpus):
        return _singles(cpus)
    return (
        _with_singles(*_listed(root, cpus, CORE_FILES))
        or _by_ids(root, cpus, ("physical_package_id", "core_id"))
        or _by_cpuinfo(root, cpus, *CORE_KEYS)
        or _by_thread_count(root, cpus)
        or _by_device_tree(root, cpus)
    )


def _no_siblings(root: Root, cpus: frozenset[int]) -> bool:
    """Return True if no core has siblings, which one file says on most virtual machines.

    A kernel that does not schedule by siblings writes 0 there on any machine (CONFIG_SCHED_SMT, which x86
    always has since Linux 4.20). Then the siblings of a core are still in its own file.
    """
    if root.read(f"{CPU}/smt/active").text.strip() != "0":
        return False
    first = min(cpus, default=0)
    return root.architecture() == "x86_64" or not (
        read_cpus(root, *(f"{CPU}/cpu{first}/topology/{name}" for name in CORE_FILES)) & cpus - {first}
    )


def _with_singles(groups: CpuGroups, others: frozenset[int]) -> CpuGroups:
    """Return the groups, and each other CPU as a group of its own; empty if there are no groups."""
    return tuple(sorted((*groups, *_singles(others)), key=min)) if groups else ()


def _singles(cpus: frozenset[int]) -> CpuGroups:
    return tuple(frozenset((cpu,)) for cpu in sorted(cpus))


def sockets(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Return `cpus` grouped by socket (physical package); empty if the topology is unknown.

    A CPU that no file of a socket lists is in no group: it may be in any of them.
    """
    if len(cpus) == 1:
        return (cpus,)
    return (
        _listed(root, cpus, SOCKET_FILES)[0]
        or _by_ids(root, cpus, ("physical_package_id",))
        or _by_cpuinfo(root, cpus, *SOCKET_KEYS)
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
    is_list = reading.path.endswith(("list", "/online", "/offline", "/present", "/isolated", "/cpus"))
    try:
        return parse(reading.text) if is_list else parse_mask(reading.text)
    except ValueError:
        return frozenset()


def _listed(root: Root, cpus: frozenset[int], files: tuple[str, ...]) -> tuple[CpuGroups, frozenset[int]]:
    """Group by the files in the topology directory of each CPU that list the CPUs of its group.

    Return (groups, CPUs that no file lists).
    """
    groups: list[frozenset[int]] = []
    remaining, unlisted = set(cpus), []
    for cpu in sorted(cpus):
        if cpu in remaining:
            group = read_cpus(root, *(f"{CPU}/cpu{cpu}/topology/{name}" for name in files)) & remaining
            if group:
                groups.append(group | {cpu})
                remaining -= groups[-1]
            else:
                unlisted.append(cpu)
    return tuple(groups), frozenset(unlisted) & remaining


def _by_ids(root: Root, cpus: frozenset[int], names: tuple[str, ...]) -> CpuGroups:
    """Group by the IDs in the topology directory of each CPU. A core ID is unique only in its node."""
    node_of = {cpu: node for node, members in nodes(root, cpus).items() for cpu in members}
    identities = {
        cpu: tuple(root.read(f"{CPU}/cpu{cpu}/topology/{name}").text.strip() for name in names)
        for cpu in cpus
    }
    per_node = len(names) > 1
    if not all(map(all, identities.values())):
        return ()
    if per_node and any(identity[-1] == "-1" for identity in identities.values()):
        return ()  # a core that the firmware does not tell
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
        word, _, number = key.partition(" ")
        # s390 has "processor 0: version = ...", then "cpu number: 0" with the topology.
        number = value if key in ("processor", "cpu number") else number if word == "processor" else ""
        if number.isascii() and number.isdigit() and len(number) < 6:
            block = blocks.setdefault(int(number), {})
        elif colon:
            block.setdefault(key, value)
    return blocks


def _by_cpuinfo(
    root: Root, cpus: frozenset[int], keys: tuple[str, ...], optional: tuple[str, ...]
) -> CpuGroups:
    blocks = processors(root)
    if not all(key in blocks.get(cpu, {}) for cpu in cpus for key in keys):
        return ()
    names = (*keys, *optional)
    return _grouped({cpu: tuple(blocks[cpu].get(key, "") for key in names) for cpu in cpus})


def _by_thread_count(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Group CPUs into cores by the number of threads of a core, which s390 shows as "max thread id".

    The kernel numbers the threads of a core one after the other (smp_add_core in arch/s390/kernel/smp.c).
    """
    for line in root.read("/proc/cpuinfo").text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "max thread id":
            threads = 1 + (positive(value.strip()) or 0)
            return _grouped({cpu: cpu // threads for cpu in sorted(cpus)})
    return ()


def _by_device_tree(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Group CPUs into cores by the device tree of old Power kernels: 4 bytes for each thread of a core.

    The kernel numbers them one after the other (smp_setup_cpu_maps in arch/powerpc/kernel/setup-common.c).
    """
    readings = (root.read(f"{DEVICE_TREE}/{name}/{THREADS}") for name in root.names(DEVICE_TREE))
    lists = [reading.text.encode("utf-8", "surrogateescape") for reading in readings if not reading.error]
    cores: list[frozenset[int]] = []
    first = 0
    for servers in sorted(lists):
        number = max(1, (len(servers) + 3) // 4)  # NULs at the end are not read
        cores.append(frozenset(range(first, first + number)) & cpus)
        first += number
    groups = tuple(core for core in cores if core)
    return groups if sum(map(len, groups)) == len(cpus) else ()


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
