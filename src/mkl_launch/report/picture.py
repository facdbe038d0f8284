"""A picture of the machine with the container in it, as text, for `--explain --picture`. Pure.

The model is lstopo of hwloc: boxes within boxes. Here they show which CPUs the container may use, which of
them get a thread, and how much of the machine's time the quota is.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.record import Record
from mkl_launch.host.inventory import Machine
from mkl_launch.model.facts import CpuGroups
from mkl_launch.policy.settings import Setting
from mkl_launch.report.document import Report
from mkl_launch.report.headline import KMP_AFFINITY
from mkl_launch.tables.variables import OMP_NUM_THREADS

OTHERS, ALLOWED, THREAD = ".", "o", "#"  # marks of a CPU
UNPINNED = {"", "none", "disabled"}
BAR = 50  # columns of the quota
INDENT = " " * 10


class Box(Record):
    """A part of the machine, and the parts within it. A core has none."""

    label: str
    cpus: frozenset[int]
    parts: tuple[Box, ...] = ()


class Picture(Record):
    """What is drawn: the machine, a mark and an owner of each CPU, and what the marks mean."""

    boxes: tuple[Box, ...]
    marks: dict[int, str]
    owners: dict[int, int]  # the instance that a CPU belongs to; only CPUs of instances
    quota: float | None  # in CPUs
    cpus: int  # of the machine
    caption: str


def picture(report: Report) -> Picture:
    """Return what is drawn of a report."""
    machine, plan = report.machine, report.plan
    parts = report.instances or (plan.budget.cpus,)
    owners = {cpu: number for number, cpus in enumerate(report.instances) for cpu in cpus}
    threads = _threads(plan.settings, plan.budget.threads) * plan.budget.workers
    affinity = _setting(plan.settings, KMP_AFFINITY)
    pinned = affinity not in UNPINNED
    marks = dict.fromkeys(machine.online, OTHERS)
    for cpus in parts:
        marks.update(dict.fromkeys(cpus & machine.online, ALLOWED))
        if pinned:
            first = [min(core & cpus) for core in machine.core_groups if core & cpus]
            marks.update(dict.fromkeys(first[:threads], THREAD))
    each = " in each instance" if report.instances else ""
    where = f"one on each CPU with {THREAD}" if pinned else f"not pinned, on any CPU with {ALLOWED}"
    return Picture(
        boxes=boxes(machine, report.caches),
        marks=marks,
        owners=owners,
        quota=plan.budget.quota,
        cpus=len(machine.online),
        caption=f"{plural(threads, 'thread')}{each}, {where}",
    )


def _setting(settings: tuple[Setting, ...], name: str) -> str:
    return next((setting.value or "" for setting in settings if setting.name == name), "")


def _threads(settings: tuple[Setting, ...], planned: int) -> int:
    """Return the number of threads of a pool: that of the user, or the planned one."""
    value = _setting(settings, OMP_NUM_THREADS).partition(",")[0]
    return int(value) if value.isascii() and value.isdigit() else planned


def boxes(machine: Machine, caches: CpuGroups) -> tuple[Box, ...]:
    """Return NUMA nodes, sockets, level-3 caches and cores, the largest outside.

    A level that is not known, or that does not divide the level around it, is left out.
    """
    levels = [
        ("NUMA node", machine.numa_nodes),
        ("socket", tuple(enumerate(machine.socket_groups))),
        ("L3", tuple(enumerate(caches))),
    ]
    known = [level for level in levels if any(cpus for _, cpus in level[1])]
    known.sort(key=lambda level: sum(1 for _, cpus in level[1] if cpus))
    cores = machine.core_groups or tuple(frozenset((cpu,)) for cpu in sorted(machine.online))
    return _nested(machine.online, [*known, ("core", tuple(enumerate(cores)))])


def _nested(
    cpus: frozenset[int], levels: list[tuple[str, tuple[tuple[int, frozenset[int]], ...]]]
) -> tuple[Box, ...]:
    if not levels:
        return ()
    (name, groups), *inner = levels
    within = [(number, group) for number, group in groups if group and group <= cpus]
    if frozenset().union(*(group for _, group in within)) != cpus:
        return _nested(cpus, inner)
    return tuple(_merged(Box(f"{name} {number}", group, _nested(group, inner))) for number, group in within)


def _merged(box: Box) -> Box:
    """Return one box for two that have the same CPUs, such as a socket that is a NUMA node."""
    if len(box.parts) != 1 or not box.parts[0].parts:
        return box
    part = box.parts[0]
    return Box(f"{box.label}, {part.label}", box.cpus, part.parts)


def text(drawn: Picture, columns: int) -> list[str]:
    """Return the lines of the picture, none longer than `columns` if that is possible."""
    lines = [line for box in drawn.boxes for line in _box_lines(box, drawn, columns, 0)]
    if drawn.boxes and not drawn.boxes[0].parts:  # cores without anything around them
        lines = _rows(drawn.boxes, drawn, columns, 0)
    marks = [f"{OTHERS} a CPU of others", f"{ALLOWED} the container may use it", f"{THREAD} gets a thread"]
    if drawn.owners:
        marks.insert(1, "0-9 last digit of the instance")
    lines += [bar(drawn), f"[] a core; {'; '.join(marks)}", drawn.caption]
    return [f"{'' if number else 'picture':<10}{line}" for number, line in enumerate(lines)]


def _box_lines(box: Box, drawn: Picture, columns: int, depth: int) -> list[str]:
    if not box.parts:
        return []
    indent = "  " * depth
    lines = [f"{indent}{box.label}: CPUs {show(box.cpus)}"]
    if box.parts[0].parts:
        return lines + [line for part in box.parts for line in _box_lines(part, drawn, columns, depth + 1)]
    return lines + _rows(box.parts, drawn, columns, depth + 1)


def _rows(cores: tuple[Box, ...], drawn: Picture, columns: int, depth: int) -> list[str]:
    """Return the cores in rows that fit, each as brackets around the marks of its CPUs."""
    indent = "  " * depth
    cells = ["[" + "".join(mark(drawn, cpu) for cpu in sorted(core.cpus)) + "]" for core in cores]
    fit = max(1, (columns - len(INDENT) - len(indent)) // max(map(len, cells)))
    return [indent + "".join(cells[at : at + fit]) for at in range(0, len(cells), fit)]


def mark(drawn: Picture, cpu: int) -> str:
    """Return the mark of a CPU; in an instance without pinned threads, the last digit of its number."""
    sign = drawn.marks.get(cpu, OTHERS)
    return str(drawn.owners[cpu] % 10) if sign == ALLOWED and cpu in drawn.owners else sign


def bar(drawn: Picture) -> str:
    """Return the quota as a part of the machine's time."""
    if drawn.quota is None:
        return f"quota: none, all the time of {plural(drawn.cpus, 'CPU')}"
    filled = min(BAR, max(1, round(BAR * drawn.quota / max(1, drawn.cpus))))
    return f"quota: [{'=' * filled}{' ' * (BAR - filled)}] {drawn.quota:g} of {plural(drawn.cpus, 'CPU')}"
