"""The control groups of a process, in v1, v2 and hybrid hierarchies, and the directories that show them.

/proc/PID/cgroup names the group. /proc/self/mountinfo says where the groups are mounted; no path is fixed,
and PID's own mountinfo is not used, because it may name paths that only that process sees.

Sources: cgroups(7), proc(5).
"""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.host.filesystem import Root

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
