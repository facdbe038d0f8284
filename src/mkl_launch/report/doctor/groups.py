"""The control groups of containers, as the host has them: limits and counters.

Sources: cpu.stat in Documentation/admin-guide/cgroup-v2.rst and Documentation/scheduler/sched-bwc.rst;
Documentation/admin-guide/cgroup-v1/cpuacct.rst; cgroup_namespaces(7).
"""

from __future__ import annotations

from mkl_launch.core.cpulist import whole
from mkl_launch.core.record import changed
from mkl_launch.host.cgroup import Group, Mount, directories, parse_mounts
from mkl_launch.host.cgroup_limits import effective_cpuset, quota_v1, quota_v2
from mkl_launch.host.filesystem import ABSENT, Reading, Root
from mkl_launch.model.facts import Limits
from mkl_launch.report.doctor.identity import Identity, group_path
from mkl_launch.report.doctor.observations import Counters, Place

HOST = "/proc/1"  # with --pid=host this is the first process of the host, which sees all groups
NOT_VISIBLE = (
    "{}: this control group is not visible here; the doctor needs --cgroupns=host and -v /sys/fs/cgroup"
)

UNITS = {  # of the lines in cpu.stat: v2 counts microseconds, v1 nanoseconds
    "nr_periods": 1,
    "nr_throttled": 1,
    "throttled_usec": 1e-6,
    "throttled_time": 1e-9,
    "usage_usec": 1e-6,
}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Hierarchy:
    """The mounted control groups, seen as the host sees them as far as that is possible."""

    def __init__(self, root: Root) -> None:
        self.files, mountinfo = _host_view(root)
        self.problem = f"{mountinfo.path}: {mountinfo.error}" if mountinfo.error else None
        self._mounts = parse_mounts(mountinfo.text)
        self._quotas: dict[str, tuple[float | None, str, str | None]] = {}

    def place(self, paths: Mapping[str, str], identity: Identity) -> Place:
        """Return the groups of the container of a process whose groups have these {controller: path}."""
        own = {name: group_path(path, identity) for name, path in paths.items()}
        cpu, cpuset, accounting = (self._group(name, own) for name in ("cpu", "cpuset", "cpuacct"))
        if accounting and identity.name not in (accounting.path or "").split("/"):
            accounting = None  # it counts others, too
        return Place(cpu, cpuset, accounting)

    def limits(self, place: Place) -> tuple[Limits, bool]:
        """Return (limits of a container, True if its quota is certain)."""
        failures = [self.problem] if self.problem else []
        cpu = place.cpu
        if cpu is None:
            failures.append("no control group with the cpu controller is visible")
            cpuset = effective_cpuset(self.files, place.cpuset, failures)
            return Limits(cpuset=cpuset, failures=tuple(failures)), False
        if not cpu.found:
            failures.append(NOT_VISIBLE.format(cpu.path))
            return Limits(path=cpu.path, failures=tuple(failures)), False
        quota, source = None, None
        for directory in cpu.directories:
            cpus, file, problem = self._quota(directory, unified=cpu.unified)
            if problem:
                failures.append(f"{file}: {problem}")
            if cpus is not None and (quota is None or cpus < quota):
                quota, source = cpus, file
        certain = not failures
        cpuset = effective_cpuset(self.files, place.cpuset, failures)
        limits = Limits(
            version="v2" if cpu.unified else "v1",
            path=cpu.path,
            quota=quota,
            quota_source=source,
            cpuset=cpuset,
            failures=tuple(failures),
        )
        return limits, certain

    def counters(self, place: Place, known: dict[str, Counters]) -> None:
        """Add the counters of the groups of a container to `known` {directory: counters}."""
        cpu, accounting = place.cpu, place.accounting
        for directory in cpu.directories if cpu and cpu.found else ():
            if directory not in known:
                known[directory] = _throttling(self.files.read(f"{directory}/cpu.stat"))
        if accounting and accounting.found and not accounting.unified:
            directory = accounting.directories[0]
            used = _usage(self.files.read(f"{directory}/cpuacct.usage"))
            both = known.get(directory, used)
            known[directory] = changed(
                both, used_seconds=used.used_seconds, problem=both.problem or used.problem
            )

    def _group(self, controller: str, paths: Mapping[str, str]) -> Group | None:
        visible = [_without_ups(mount, paths) for mount in self._mounts]
        mounts = [mount for mount, _ in visible]
        for mount, path in visible:
            if path is not None:
                paths = {**paths, **dict.fromkeys(_controllers(mount, paths), path)}
        return _group_of(controller, paths, mounts)

    def _quota(self, directory: str, *, unified: bool) -> tuple[float | None, str, str | None]:
        """Return (CPUs, file, problem) of a group, read once: containers have most ancestors in common."""
        if directory not in self._quotas:
            read = quota_v2 if unified else quota_v1
            self._quotas[directory] = read(self.files, directory)
        return self._quotas[directory]


def _group_of(controller: str, paths: Mapping[str, str], mounts: Sequence[Mount]) -> Group | None:
    """Return the group of a controller, in v1 if it is mounted there, else in v2; None: not mounted."""
    for name in (controller, ""):
        path = paths.get(name)
        candidates = [mount for mount in mounts if name in (mount.controllers or ("",))]
        if path is not None and candidates:
            mount = max(candidates, key=lambda each: (_is_below(path, each), -len(each.root)))
            return Group(path, _is_below(path, mount), directories(path, mount), unified=not name)
    return None


def _is_below(path: str, mount: Mount) -> bool:
    return ".." not in path.split("/") and f"{path}/".startswith(mount.root.rstrip("/") + "/")


def _host_view(root: Root) -> tuple[Root, Reading]:
    """Return the files and the mountinfo in which all control groups of the host are visible.

    The doctor's own container may show only its own group. With --pid=host and enough rights, the files of
    the host's first process are below /proc/1/root (proc(5)).
    """
    mountinfo = root.read(f"{HOST}/mountinfo")
    own = root.read("/proc/self/mountinfo")
    if mountinfo.error:
        return root, own
    if not root.live or root.link(f"{HOST}/ns/mnt") == root.link("/proc/self/ns/mnt"):
        return root, mountinfo
    files = Root(f"{HOST}/root")
    points = [mount.point for mount in parse_mounts(mountinfo.text)]
    return (files, mountinfo) if any(map(files.names, points)) else (root, own)


def _without_ups(mount: Mount, paths: Mapping[str, str]) -> tuple[Mount, str | None]:
    """Return a mount and a path without "/.." at their beginning, as they are outside of this namespace.

    In a cgroup namespace of its own, a process sees groups above its own as "/..", "/../.." and so on.
    """
    names = mount.root.split("/")[1:]
    if not names or any(name != ".." for name in names):
        return mount, None
    above = mount.root + "/"
    path = next((paths[name] for name in _controllers(mount, paths)), "")
    outside = path[len(mount.root) :] if path.startswith(above) else "/.."  # "/..": not visible
    return changed(mount, root="/"), outside


def _controllers(mount: Mount, paths: Mapping[str, str]) -> list[str]:
    if mount.controllers is None:
        return [""] if "" in paths else []
    return [name for name in paths if name in mount.controllers]


def _throttling(reading: Reading) -> Counters:
    """Return the counters in cpu.stat. A group without the cpu controller has no file, or fewer lines."""
    if reading.error:
        return Counters(problem=None if reading.error == ABSENT else f"{reading.path}: {reading.error}")
    fields = dict(line.partition(" ")[::2] for line in reading.text.splitlines())
    try:
        numbers = {name: whole(fields[name]) * unit for name, unit in UNITS.items() if name in fields}
    except ValueError as error:
        return Counters(problem=f"{reading.path}: {error}")
    return Counters(
        periods=numbers.get("nr_periods"),
        throttled=numbers.get("nr_throttled"),
        throttled_seconds=numbers.get("throttled_usec", numbers.get("throttled_time")),
        used_seconds=numbers.get("usage_usec"),
    )


def _usage(reading: Reading) -> Counters:
    try:
        return Counters(used_seconds=whole(reading.text.strip()) * 1e-9)
    except ValueError:
        return Counters(problem=f"{reading.path}: {reading.error or 'not a number'}")
