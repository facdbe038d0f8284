"""The limits of a process's control groups: quota, cpuset and memory, in v1, v2 and hybrid hierarchies.

/proc/PID/cgroup names the group. /proc/self/mountinfo says where the groups are mounted; no path is fixed,
and PID's own mountinfo is not used, because it may name paths that only that process sees. A limit applies
to everything below its group, so the quota is the smallest one of the group and its visible ancestors.

Sources: cgroups(7), proc(5), Documentation/admin-guide/cgroup-v2.rst (cpu.max),
Documentation/scheduler/sched-bwc.rst (cpu.cfs_quota_us).
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, positive, whole
from mkl_launch.core.record import Record
from mkl_launch.host.filesystem import ABSENT, Reading, Root
from mkl_launch.model.facts import IN_ISOLATED, ISOLATED, Limits, Memory

# A v1 group without a memory limit shows the largest multiple of the page size below 2**63.
UNLIMITED_MEMORY = 1 << 62
SELF = "self"  # /proc/self is this process
FILES = {"cpu": "cpu.max", "cpuset": "cpuset.cpus.effective", "memory": "memory.max"}  # of v2


class Mount(Record):
    """A mounted cgroup file system. `root` is the group whose directory is `point`."""

    root: str
    point: str
    controllers: frozenset[str] | None  # None: v2, which has one tree for all controllers


class Group(Record):
    """The control group of a process in the tree of one controller."""

    path: str | None  # None: /proc/PID/cgroup does not name the controller, although it is mounted
    found: bool  # False: `path` is not below the mounted group, whose directory is used in its place
    directories: tuple[str, ...]  # that of the group, then those of its visible ancestors
    unified: bool  # v2


class Groups:
    """The control groups of a process in the trees of all controllers."""

    def __init__(self, root: Root, process: str = SELF) -> None:
        membership, mountinfo = root.read(f"/proc/{process}/cgroup"), root.read("/proc/self/mountinfo")
        self.failures = [f"{file.path}: {file.error}" for file in (membership, mountinfo) if file.failed]
        self._root = root
        self._paths = parse_membership(membership.text)
        self._mounts = parse_mounts(mountinfo.text)

    def of(self, controller: str) -> Group | None:
        """Return the group whose `controller` limits the process: in v1 if mounted there, else in v2."""
        for name in (controller, ""):
            path = self._paths.get(name)
            mounts = [mount for mount in self._mounts if _has_controller(mount, name)]
            if path is not None and mounts:
                # A controller may be mounted several times. Prefer a mount with the group, then one with
                # more of its ancestors.
                mount = max(mounts, key=lambda each: (_below(path, each.root) is not None, -len(each.root)))
                found = _below(path, mount.root) is not None
                return Group(path, found, directories(path, mount), unified=not name)
            if name and mounts and self._paths:
                # The kernel has a controller in one tree only: in v2 if it has made its files there.
                unified = self.of("")
                paths = [f"{each}/{FILES[name]}" for each in (unified.directories if unified else ())]
                if not any(map(self._root.exists, paths)):
                    return Group(None, found=False, directories=(), unified=False)
        return None

    @property
    def unified_mounted(self) -> bool:
        """Return True if a v2 tree is mounted, alone or beside v1 controllers (hybrid)."""
        return any(m.controllers is None for m in self._mounts)


def limits(root: Root, process: str = SELF, online: frozenset[int] = frozenset()) -> Limits:
    """Return the quota, the cpuset and the memory limit of a process.

    If the cpuset has all CPUs that are `online`, its other files are not read.
    """
    groups = Groups(root, process)
    failures = groups.failures
    cpu = groups.of("cpu")
    if cpu is None:
        failures.append("no control group with the cpu controller is visible; a quota would not be noticed")
        cpuset, memory = effective_cpuset(root, groups.of("cpuset"), failures), _memory(root, groups)
        return Limits(cpuset=cpuset, memory=memory, failures=tuple(failures))
    quota, source = _quota(root, cpu, failures)
    if cpu.path is None:
        failures.append(f"/proc/{process}/cgroup does not name the cpu controller; a quota is not visible")
    elif not cpu.found:
        failures.append(
            f"the control group {cpu.path} is not below a mounted one; its quota is not visible"
        )
    elif quota is None and not root.names(cpu.directories[-1]):
        failures.append(f"{cpu.directories[-1]}: covered by another mount; a quota would not be noticed")
    cpuset = effective_cpuset(root, groups.of("cpuset"), failures)
    narrow = bool(cpuset) and not (online and online <= (cpuset or online))
    return Limits(
        version="v2" if cpu.unified else "hybrid" if groups.unified_mounted and cpu.path else "v1",
        path=cpu.path,
        quota=quota,
        quota_source=source,
        cpuset=cpuset,
        partition=_partition(root, groups) if narrow else None,
        inherits_cpuset=narrow and _inherits(root, groups),
        memory=_memory(root, groups),
        failures=tuple(failures),
    )


def _quota(root: Root, group: Group, failures: list[str]) -> tuple[float | None, str | None]:
    """Return (CPUs, file) of the smallest quota of the group and its visible ancestors."""
    smallest: tuple[float | None, str | None] = None, None
    for directory in group.directories:
        cpus, file, problem = (quota_v2 if group.unified else quota_v1)(root, directory)
        if problem:
            failures.append(f"{file}: {problem}")
        if cpus is not None and (smallest[0] is None or cpus < smallest[0]):
            smallest = cpus, file
    return smallest


def _memory(root: Root, groups: Groups) -> Memory:
    """Return the smallest memory limit of the group and its visible ancestors."""
    group = groups.of("memory")
    name = "memory.max" if group and group.unified else "memory.limit_in_bytes"
    readings = [root.read(f"{directory}/{name}") for directory in (group.directories if group else ())]
    sizes = [positive(reading.text.strip()) or UNLIMITED_MEMORY for reading in readings]
    smallest = min(sizes, default=UNLIMITED_MEMORY)
    return Memory(
        size=smallest if smallest < UNLIMITED_MEMORY else None,
        problem=next((f"{r.path}: {r.error}" for r in readings if r.failed), None),
    )


def quota_v2(root: Root, directory: str) -> tuple[float | None, str, str | None]:
    """Return (CPUs, file, problem) of cpu.max: "QUOTA PERIOD" in microseconds, or "max PERIOD"."""
    reading = root.read(f"{directory}/cpu.max")
    fields = reading.text.split()
    if reading.error or fields[:1] == ["max"]:
        return None, reading.path, reading.error if reading.failed else None
    if len(fields) != 2:
        return None, reading.path, f"not QUOTA PERIOD: {reading.text[:40]!r}"
    return _divide(fields[0], fields[1], reading.path)


def quota_v1(root: Root, directory: str) -> tuple[float | None, str, str | None]:
    """Return (CPUs, file, problem) of cpu.cfs_quota_us (-1: no limit) and cpu.cfs_period_us."""
    quota = root.read(f"{directory}/cpu.cfs_quota_us")
    if quota.error or quota.text.strip() == "-1":
        return None, quota.path, quota.error if quota.failed else None
    period = root.read(f"{directory}/cpu.cfs_period_us")
    if period.error:
        return None, period.path, f"{period.error}, although a quota is set"
    _, file, problem = _divide("1", period.text.strip(), period.path)
    if problem:
        return None, file, problem
    return _divide(quota.text.strip(), period.text.strip(), quota.path)


def _divide(quota: str, period: str, path: str) -> tuple[float | None, str, str | None]:
    try:
        return whole(quota) / whole(period) or None, path, None if whole(quota) else "a quota of 0"
    except ValueError as error:
        return None, path, str(error)
    except ZeroDivisionError:
        return None, path, "a period of 0"


def effective_cpuset(root: Root, group: Group | None, failures: list[str]) -> frozenset[int] | None:
    """Return the CPUs of the nearest group that has any, else None; add unreadable files to `failures`."""
    for directory in group.directories if group else ():
        reading = read_effective(root, directory, unified=bool(group and group.unified))
        if reading.failed:
            failures.append(f"{reading.path}: {reading.error}")
        elif reading.text.strip():
            try:
                return parse(reading.text)
            except ValueError as error:
                failures.append(f"{reading.path}: {error}")
    return None


def _partition(root: Root, groups: Groups) -> str | None:
    """Return the cpuset.cpus.partition of the group itself: other groups may be in that of an ancestor."""
    kinds = [root.read(f"{each}/cpuset.cpus.partition").text.strip() for each in _unified_cpuset(groups)]
    below = kinds[:1] == ["member"] and next((kind for kind in kinds if kind != "member"), "") == ISOLATED
    return IN_ISOLATED if below else next(iter(kinds), None) or None


def _unified_cpuset(groups: Groups) -> tuple[str, ...]:
    """Return the v2 directories of the cpuset: the group's, then those of its visible ancestors."""
    group = groups.of("cpuset")
    return group.directories if group and group.unified and group.found else ()


def _inherits(root: Root, groups: Groups) -> bool:
    """Return True if no visible v2 group sets CPUs itself, so that others may have the same ones."""
    readings = [root.read(f"{directory}/cpuset.cpus") for directory in _unified_cpuset(groups)]
    return bool(readings) and not (readings[0].error or any(reading.text.strip() for reading in readings))


def read_effective(root: Root, directory: str, *, unified: bool) -> Reading:
    """Read the file with the effective CPUs of a group; a group without the controller has none."""
    if unified:
        return root.first(f"{directory}/cpuset.cpus.effective", f"{directory}/cpuset.cpus")
    reading = root.first(f"{directory}/cpuset.effective_cpus", f"{directory}/cpuset.cpus")
    if reading.error == ABSENT:  # mounted with "noprefix", like /dev/cpuset
        return root.first(f"{directory}/effective_cpus", f"{directory}/cpus")
    return reading


def parse_membership(text: str) -> dict[str, str]:
    """Return {controller: path} of the lines "ID:CONTROLLERS:PATH" in /proc/PID/cgroup; "" is v2."""
    paths: dict[str, str] = {}
    for line in text.split("\n"):
        identity, _, rest = line.partition(":")
        controllers, colon, path = rest.partition(":")
        if not colon or (not controllers and identity != "0"):
            continue
        for controller in controllers.split(","):
            paths.setdefault(controller, path or "/")
    return paths


def parse_mounts(text: str) -> list[Mount]:
    """Return the cgroup file systems in a mountinfo file; a later mount hides an earlier one."""
    mounts: dict[str, Mount] = {}
    for line in text.split("\n"):
        if " - cgroup" not in line and " - cpuset" not in line:
            continue
        mount, _, source = line.partition(" - ")
        fields, file_system = mount.split(" "), source.split(" ")
        if len(fields) < 6 or len(file_system) < 3:
            continue
        # cpuset(7): a cpuset can also be mounted as a file system of its own, older than cgroups.
        controllers = frozenset([*file_system[2].split(","), file_system[0]])
        root, point = _unescape(fields[3]), _unescape(fields[4])
        mounts[point] = Mount(root, point, None if file_system[0] == "cgroup2" else controllers)
    return list(mounts.values())


def directories(path: str, mount: Mount) -> tuple[str, ...]:
    """Return the directories of the group `path` and its ancestors, up to the root of `mount`.

    Return only the root of `mount` if `path` is not below it: the process is in another cgroup namespace,
    or the container runtime shows only the container's group. Return none if it is certain that the limits
    of the mounted group are not those of the process.
    """
    below = _below(path, mount.root)
    if below is None and _apart(path, mount.root):
        return ()
    names = [name for name in (below or "").split("/") if name]
    return tuple("/".join([mount.point.rstrip("/"), *names[:depth]]) for depth in range(len(names), -1, -1))


def _below(path: str, root: str) -> str | None:
    """Return the part of `path` below `root`; None if it is not below, or if that is not certain.

    A leading "/.." is the parent of the root of the reader's cgroup namespace (cgroup_namespaces(7)), whose
    name is not known: only paths with as many of them can be compared.
    """
    climbed, names = _climbed(path)
    root_climbed, root_names = _climbed(root)
    if climbed != root_climbed or ".." in names or names[: len(root_names)] != root_names:
        return None
    return "".join("/" + name for name in names[len(root_names) :])


def _apart(path: str, root: str) -> bool:
    """Return True if the group `path` is certainly not in the group `root`."""
    climbed, _ = _climbed(path)
    root_climbed, root_names = _climbed(root)
    if climbed == root_climbed:
        return climbed > 0
    return climbed > root_climbed or bool(root_names)


def _climbed(path: str) -> tuple[int, list[str]]:
    """Return (number of leading "..", names after them)."""
    names = [name for name in path.split("/") if name]
    number = next((at for at, name in enumerate(names) if name != ".."), len(names))
    return number, names[number:]


def _has_controller(mount: Mount, controller: str) -> bool:
    if mount.controllers is None:
        return not controller
    return controller in mount.controllers


def _unescape(text: str) -> str:
    """Replace the octal escapes of mountinfo (proc(5)): space, tab, newline and backslash."""
    head, *parts = text.split("\\")
    for part in parts:
        escaped = len(part) >= 3 and all(digit in "01234567" for digit in part[:3])
        head += chr(int(part[:3], 8)) + part[3:] if escaped else "\\" + part
    return head
