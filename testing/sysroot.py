"""Machines made of files: a tree with proc/ and sys/ from a short spec, for Root() and --sysroot."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from mkl_launch.core.cpulist import parse, show
from mkl_launch.host.filesystem import Root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CPU = "sys/devices/system/cpu"
GROUPS = "sys/fs/cgroup"
UNREADABLE = None  # instead of a file's text: a directory, which root cannot read as a file either

# Kernels before 5.3 have the second names, very old ones the masks.
TOPOLOGY_FILES = {
    "lists": ("core_cpus_list", "package_cpus_list"),
    "old lists": ("thread_siblings_list", "core_siblings_list"),
    "new masks": ("core_cpus", "package_cpus"),
    "masks": ("thread_siblings", "core_siblings"),
}
CONTROLLERS = {"cpu": "cpu,cpuacct", "cpuset": "cpuset", "memory": "memory"}


@dataclass(frozen=True)
class Spec:
    """A machine, the limits of a container on it, and what is odd about its files."""

    sockets: int = 1
    cores: int = 4  # in each socket
    threads: int = 1  # in each core
    numbering: str = "split"  # all first threads, then all second ones; or "adjacent"
    numbers: str = ""  # the numbers of the CPUs, where they have holes
    offline: str = ""
    topology: str = "lists"  # or "old lists", "new masks", "masks", "ids", "cpuinfo", "none"
    smt_file: bool = False  # smt/active, since Linux 4.19
    nodes: int | Mapping[int, str] = 1  # NUMA: how many, or the CPUs of each
    units: Mapping[str, str] = field(default_factory=dict)  # cpu_core, cpu_atom: P and E cores
    capacities: Mapping[str, int] = field(default_factory=dict)  # big.LITTLE, newer kernels
    parts: Mapping[str, str] = field(default_factory=dict)  # big.LITTLE in /proc/cpuinfo
    architecture: str = "x86"  # of /proc/cpuinfo; or "arm", "s390", "power"
    mask: str = ""  # of the process
    cgroup: str = "v2"  # or "v1", "hybrid", "" for none
    path: str = "/"  # the group, in /proc/self/cgroup
    mount_root: str = "/"  # the group that is seen at the mount point
    quota: float | None = None  # of the group, in CPUs
    cpu_max: Mapping[str, str] = field(default_factory=dict)  # {group: "QUOTA PERIOD"}, in v1 too
    cpuset: str = ""  # of the group; "": no such controller
    memory: Mapping[str, str] = field(default_factory=dict)  # {group: bytes}
    files: Mapping[str, str | None] = field(default_factory=dict)  # added or replaced
    without: tuple[str, ...] = ()  # removed: files, directories


def sysroot(place: Path, spec: Spec) -> Root:
    """Write the tree below `place`."""
    for name, text in files(spec).items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is UNREADABLE:
            file.mkdir()
        else:
            file.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")
    return Root(str(place))


def files(spec: Spec) -> dict[str, str | None]:
    """Return all files of the tree with their text."""
    made = dict([*_processors(spec), *_topology(spec), *_nodes(spec), *_groups(spec)])
    left = {name: made[name] for name in made if not name.startswith(spec.without)}
    return {**left, **spec.files}


def _present(spec: Spec) -> list[int]:
    return sorted(parse(spec.numbers or f"0-{spec.sockets * spec.cores * spec.threads - 1}"))


def _places(spec: Spec) -> dict[int, tuple[int, int]]:
    """Return the socket and the core, numbered within it, of each CPU that is online."""
    sockets, cores, threads = range(spec.sockets), range(spec.cores), range(spec.threads)
    if spec.numbering == "adjacent":
        places = [(socket, core) for socket, core, _ in product(sockets, cores, threads)]
    else:
        places = [(socket, core) for _, socket, core in product(threads, sockets, cores)]
    offline = parse(spec.offline)
    return {cpu: place for cpu, place in zip(_present(spec), places) if cpu not in offline}


def _processors(spec: Spec) -> Iterator[tuple[str, str]]:
    online = frozenset(_places(spec))
    yield "proc/self/status", f"Name:\tpython3\nCpus_allowed_list:\t{spec.mask or show(online)}"
    yield "proc/stat", "\n".join(["cpu  1 2 3", *(f"cpu{cpu} 1 2 3" for cpu in sorted(online)), "ctxt 1"])
    yield "proc/cpuinfo", "\n".join(_cpuinfo(spec))
    yield f"{CPU}/online", show(online)
    yield f"{CPU}/present", show(frozenset(_present(spec)))
    for unit, cpus in spec.units.items():
        yield f"sys/devices/{unit}/cpus", cpus
    for cpus, capacity in spec.capacities.items():
        for cpu in parse(cpus):
            yield f"{CPU}/cpu{cpu}/cpu_capacity", str(capacity)


def _cpuinfo(spec: Spec) -> Iterator[str]:
    """Yield blocks as each architecture's kernel writes them."""
    parts = {cpu: part for cpus, part in spec.parts.items() for cpu in parse(cpus)}
    if spec.architecture == "s390":
        yield "vendor_id       : IBM/S390"
    for cpu, (socket, core) in _places(spec).items():
        if spec.architecture == "s390":
            yield f"processor {cpu}: version = 00,  identification = FFFFFF,  machine = 3906"
            continue
        yield f"\nprocessor\t: {cpu}"
        if spec.architecture == "arm":
            yield f"CPU implementer\t: 0x41\nCPU part\t: {parts.get(cpu, '0xd0c')}"
        elif spec.architecture == "power":
            yield "cpu\t\t: POWER9, altivec supported"
        else:
            yield "vendor_id\t: GenuineIntel\nmodel name\t: Example CPU @ 3.00GHz"
            if spec.topology != "none":
                yield f"physical id\t: {socket}\ncore id\t\t: {core}"


def _topology(spec: Spec) -> Iterator[tuple[str, str]]:
    places = _places(spec)
    cores = _siblings(places)
    sockets = _siblings({cpu: socket for cpu, (socket, _) in places.items()})
    if spec.smt_file:
        yield f"{CPU}/smt/active", str(int(any(len(core) > 1 for core in cores.values())))
    show_group = mask_text if spec.topology.endswith("masks") else show
    texts = {group: show_group(group) for group in {*cores.values(), *sockets.values()}}
    for cpu, (socket, core) in places.items():
        folder = f"{CPU}/cpu{cpu}/topology"
        if spec.topology in TOPOLOGY_FILES:
            core_file, socket_file = TOPOLOGY_FILES[spec.topology]
            yield f"{folder}/{core_file}", texts[cores[cpu]]
            yield f"{folder}/{socket_file}", texts[sockets[cpu]]
        if spec.topology in (*TOPOLOGY_FILES, "ids"):
            yield f"{folder}/physical_package_id", str(socket)
            yield f"{folder}/core_id", str(core)


def _siblings(places: Mapping[int, object]) -> dict[int, frozenset[int]]:
    """Return for each CPU all CPUs in the same place."""
    groups: dict[object, list[int]] = {}
    for cpu, place in places.items():
        groups.setdefault(place, []).append(cpu)
    frozen = {place: frozenset(cpus) for place, cpus in groups.items()}
    return {cpu: frozen[place] for cpu, place in places.items()}


def _nodes(spec: Spec) -> Iterator[tuple[str, str]]:
    members = spec.nodes
    if isinstance(members, int):
        cpus = [cpu for cpu, _ in sorted(_places(spec).items(), key=lambda item: item[1])]
        size = -(-len(cpus) // members) if members else 1
        members = {n: show(frozenset(cpus[n * size : (n + 1) * size])) for n in range(members)}
    for number, listed in members.items():
        yield f"sys/devices/system/node/node{number}/cpulist", listed


def mask_text(cpus: frozenset[int]) -> str:
    """Return a mask as groups of 32 bits in hexadecimal, the highest first."""
    digits = f"{sum(1 << cpu for cpu in cpus):x}"
    digits = digits.zfill(-(-len(digits) // 8) * 8)
    return ",".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _groups(spec: Spec) -> Iterator[tuple[str, str]]:
    if not spec.cgroup:
        return
    unified = spec.cgroup == "v2"
    names = [name for name in CONTROLLERS.values() if name != "cpuset" or spec.cpuset]
    points = {} if unified else {name: f"/{GROUPS}/{name}" for name in names}
    if unified or spec.cgroup == "hybrid":
        points[""] = f"/{GROUPS}" if unified else f"/{GROUPS}/unified"
    yield "proc/self/cgroup", "\n".join(f"{len(name)}:{name}:{spec.path}" for name in points)
    yield "proc/self/mountinfo", "\n".join(_mount(spec, name, points[name]) for name in points)
    for point in points.values():
        yield f"{point[1:]}/cgroup.procs", "1"
    quotas = dict(spec.cpu_max)
    if spec.quota is not None:
        quotas[spec.path] = f"{round(spec.quota * 100_000)} 100000"
    for group, text in quotas.items():
        folder, (quota, _, period) = _folder(spec, "cpu", group), text.partition(" ")
        if unified:
            yield f"{folder}/cpu.max", text
        else:
            yield f"{folder}/cpu.cfs_quota_us", "-1" if quota == "max" else quota
            yield f"{folder}/cpu.cfs_period_us", period
    for group, text in spec.memory.items():
        name = "memory.max" if unified else "memory.limit_in_bytes"
        yield f"{_folder(spec, 'memory', group)}/{name}", text
    if spec.cpuset:
        name = "cpuset.cpus.effective" if unified else "cpuset.effective_cpus"
        yield f"{_folder(spec, 'cpuset', spec.path)}/{name}", spec.cpuset


def _mount(spec: Spec, controllers: str, point: str) -> str:
    kind = f"cgroup cgroup rw,{controllers}" if controllers else "cgroup2 cgroup2 rw,nsdelegate"
    return f"30 24 0:26 {spec.mount_root} {point} rw,nosuid,nodev,noexec shared:9 - {kind}"


def _folder(spec: Spec, controller: str, group: str) -> str:
    """Return the folder of a group's files; a group outside of the mounted one has none."""
    point = GROUPS if spec.cgroup == "v2" else f"{GROUPS}/{CONTROLLERS[controller]}"
    below = group if spec.mount_root == "/" else group[len(spec.mount_root) :]
    return (point + below).rstrip("/")
