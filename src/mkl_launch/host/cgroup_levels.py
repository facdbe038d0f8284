"""The quota files of all visible groups of a process, for reports.

Sources: cpu.max.burst in Documentation/admin-guide/cgroup-v2.rst, cpu.cfs_burst_us in
Documentation/scheduler/sched-bwc.rst.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, positive
from mkl_launch.host.cgroup import SELF, Groups
from mkl_launch.host.filesystem import Root

UNLIMITED = ("-1", "max")


def levels(root: Root, process: str = SELF) -> list[str]:
    """Return "FILE: CONTENT" of the quota file of the group and of each visible ancestor.

    After a quota comes its burst, if it has one: the time that the group may save in periods in which it
    uses less. It is no part of the quota, because it is used up in one period.
    """
    group = Groups(root, process).of("cpu")
    unified = bool(group and group.unified)
    lines: list[str] = []
    for directory in group.directories if group else ():
        reading = root.read(f"{directory}/{'cpu.max' if unified else 'cpu.cfs_quota_us'}")
        fields = reading.text.split()
        limited = bool(fields) and fields[0] not in UNLIMITED
        note = "" if limited or not fields else " (not limited)"
        lines.append(f"{reading.path}: {reading.error or reading.text.strip() or 'empty'}{note}")
        if limited:
            lines += _burst(root, f"{directory}/{'cpu.max.burst' if unified else 'cpu.cfs_burst_us'}")
    return lines


def _burst(root: Root, path: str) -> list[str]:
    microseconds = positive(root.read(path).text.strip())
    if microseconds is None:
        return []
    return [f"{path}: {plural(microseconds / 1000, 'millisecond')} of CPU time may be saved; not counted"]
