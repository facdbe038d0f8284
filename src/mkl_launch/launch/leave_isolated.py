"""Leaving a CPU that the kernel does not balance. Imported only where a mask has such CPUs."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.apply import set_mask
from mkl_launch.model.facts import Facts

PROCESSOR = 36  # of the fields of /proc/PID/stat behind the name: number 39 in proc(5)


def leave_isolated_cpu(root: Root, facts: Facts) -> None:
    """Move this process to a CPU that is balanced, if it is on an isolated one beside such CPUs.

    A process that enters a cpuset is put on any of its CPUs. On an isolated one it would stay, with all its
    threads. The mask is the same afterwards.
    """
    others = facts.mask - facts.isolated
    if not others or _cpu(root) not in facts.isolated or set_mask(others):
        return
    # Since Linux 6.2 a mask that a process has set still holds when its cpuset grows; one with all CPUs
    # follows the cpuset.
    cpuset = facts.limits.cpuset
    follows = cpuset is not None and facts.mask == cpuset & facts.online
    set_mask(frozenset(range(MAX_CPU)) if follows else facts.mask)


def _cpu(root: Root) -> int:
    """Return the CPU on which this process is; -1 if that is not known."""
    fields = root.read("/proc/self/stat").text.rpartition(") ")[2].split()
    return int(fields[PROCESSOR]) if len(fields) > PROCESSOR else -1
