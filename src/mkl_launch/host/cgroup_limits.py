"""The limits of a process's control groups: quota, cpuset and memory.

A limit applies to everything below its group, so the quota is the smallest one of the group and its visible
ancestors.

Sources: cgroups(7), Documentation/admin-guide/cgroup-v2.rst (cpu.max),
Documentation/scheduler/sched-bwc.rst (cpu.cfs_quota_us).
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, positive, whole
from mkl_launch.host.cgroup import SELF, Group, Groups
from mkl_launch.host.filesystem import ABSENT, Reading, Root
from mkl_launch.model.facts import IN_ISOLATED, ISOLATED, Limits, Memory

# A v1 group without a memory limit shows the largest multiple of the page size below 2**63.
IGNORED = "; this limit is ignored (--cpus N replaces it)"
UNLIMITED_MEMORY = 1 << 62


def read_limits(root: Root, process: str = SELF, online: frozenset[int] = frozenset()) -> Limits:
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
            failures.append(f"{file}: {problem}{IGNORED}")
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
        reading = _read_effective(root, directory, unified=bool(group and group.unified))
        if reading.failed:
            failures.append(f"{reading.path}: {reading.error}{IGNORED}")
        elif reading.text.strip():
            try:
                return parse(reading.text)
            except ValueError as error:
                failures.append(f"{reading.path}: {error}{IGNORED}")
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


def _read_effective(root: Root, directory: str, *, unified: bool) -> Reading:
    """Read the file with the effective CPUs of a group; a group without the controller has none."""
    if unified:
        return root.first(f"{directory}/cpuset.cpus.effective", f"{directory}/cpuset.cpus")
    reading = root.first(f"{directory}/cpuset.effective_cpus", f"{directory}/cpuset.cpus")
    if reading.error == ABSENT:  # mounted with "noprefix", like /dev/cpuset
        return root.first(f"{directory}/effective_cpus", f"{directory}/cpus")
    return reading
