"""The CPUs that a container takes from a host that it shares: how many, and which. Pure.

`launch.take_slots` finds out which CPUs others hold, and takes those that are chosen here.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.policy.budget import Budget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.facts import CpuGroups

    Cores = list[frozenset[int]]


def wanted(facts: Facts, request: Request, budget: Budget) -> tuple[int, str]:
    """Return the number of CPUs to take and its source; 0 if nothing says it.

    The source is --cpus, else the limit or the request that counts in `budget`, else an equal part of the
    host. A limit that is not smaller than the CPUs of the process does not say how many are for it.
    """
    if request.cpus:
        amount = len(request.cpus.mask) if request.cpus.mask else request.cpus.amount
        return _whole(amount or 1), request.cpus_option
    if budget.quota is not None and budget.quota < len(facts.mask):
        return _whole(budget.quota), f"the {budget.limit_kind}"
    sharers = request.slots.sharers if request.slots else None
    if not sharers:
        return 0, ""
    # Rounded down to whole cores, so that there are enough for all.
    of_a_core = max(map(len, facts.cores))
    part = len(facts.mask) // sharers // of_a_core * of_a_core
    return max(part, of_a_core), f"one part of {sharers}"


def _whole(cpus: float) -> int:
    return max(1, -int(-cpus // 1))


def choose(
    cores: CpuGroups,
    levels: tuple[CpuGroups, ...],
    allowed: frozenset[int],
    holders: Mapping[int, int],
    number: int,
) -> frozenset[int]:
    """Return at least `number` CPUs of `allowed`, in whole cores; all of them if there are fewer.

    `levels` are the groups of CPUs to stay within, the largest first: NUMA nodes, then CPUs with a common
    cache. `holders` is {CPU: number of containers that hold it}. Cores that fewer hold come first.
    """
    loads: dict[int, Cores] = {}
    for core in cores:
        if core & allowed:
            load = max(holders.get(cpu, 0) for cpu in core)
            loads.setdefault(load, []).append(core & allowed)
    chosen: Cores = []
    for load in sorted(loads):
        missing = number - _size(chosen)
        if missing > 0:
            chosen += _near(loads[load], levels, missing)
    return frozenset().union(*chosen)


def _near(cores: Cores, levels: tuple[CpuGroups, ...], number: int) -> Cores:
    """Return cores with `number` CPUs, within the smallest group that has so many, else all of them.

    Of several groups the one with the fewest CPUs is used, so that larger groups stay whole.
    """
    for depth in reversed(range(len(levels))):
        fitting = [group for group in _groups(cores, levels[depth]) if _size(group) >= number]
        if fitting:
            return _near(min(fitting, key=_size), levels[depth + 1 :], number)
    if not levels:
        return _first(cores, number)
    largest = max(_groups(cores, levels[0]), key=_size, default=[])
    others = [core for core in cores if core not in largest]
    if not largest or not others:
        return _near(cores, levels[1:], number)
    return largest + _near(others, levels, number - _size(largest))


def _groups(cores: Cores, level: CpuGroups) -> list[Cores]:
    """Return the cores of each group that has any."""
    groups = ([core for core in cores if core & members] for members in level)
    return [group for group in groups if group]


def _first(cores: Cores, number: int) -> Cores:
    chosen: Cores = []
    for core in sorted(cores, key=min):
        if _size(chosen) >= number:
            break
        chosen.append(core)
    return chosen


def _size(cores: Cores) -> int:
    return sum(map(len, cores))


def shortage(chosen: frozenset[int], holders: Mapping[int, int], number: int, source: str) -> str:
    """Return a warning if the chosen CPUs are fewer than wanted or if others hold some; "" if not."""
    shared = frozenset(cpu for cpu in chosen if holders.get(cpu))
    amount = f"{plural(number, 'CPU')} wanted ({source})"
    if shared:
        most = max(holders[cpu] for cpu in shared)
        others = f"{'up to ' if most > 1 else ''}{plural(most, 'other container')}"
        return f"{amount}, {len(chosen - shared)} free: CPUs {show(shared)} are shared with {others}"
    if len(chosen) < number:
        return f"{amount}, {len(chosen)} in the mask of this process"
    return ""
