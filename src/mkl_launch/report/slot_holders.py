"""The slots in use, in a report: which container holds which CPUs. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.messages import printable
from mkl_launch.core.record import as_dict
from mkl_launch.host.inventory import Machine
from mkl_launch.model.request import Request
from mkl_launch.model.slots import Holder, SlotsInUse, recorded_holders

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FREE, NAMELESS, SHARED = ".", "?", "*"
IN_A_LINE = 32  # cores


def document(request: Request, in_use: SlotsInUse) -> dict[str, object]:
    """Return the field of `--json`."""
    held = request.held
    return {
        "directory": request.slots.directory if request.slots else None,
        "cpus": show(held.cpus) if held else None,
        "own": held.own if held else None,
        "holders": [{**as_dict(holder), "cpus": show(holder.cpus)} for holder in recorded_holders(in_use)],
    }


def lines(request: Request, in_use: SlotsInUse, machine: Machine) -> list[str]:
    """Return the lines of `--explain`: a letter for each core and holder, and what a start would take."""
    directory = request.slots.directory if request.slots else ""
    cores = machine.core_groups or tuple(frozenset((cpu,)) for cpu in sorted(machine.online))
    held = sum(1 for core in cores if any(in_use.holders.get(cpu) for cpu in core))
    drawn = [f"slots     {directory}: {held} of {len(cores)} cores are held"]
    known = recorded_holders(in_use)
    nodes = machine.numa_nodes or ((0, machine.online),)
    for number, members in nodes:
        row = "".join(_cell(core, in_use, known) for core in cores if core & members)
        for at in range(0, len(row), IN_A_LINE):
            title = f"node {number}" if at == 0 else ""
            drawn.append(f"          {title:<8}{row[at : at + IN_A_LINE]}")
    for holder, letter in zip(known, LETTERS):
        who = f"{holder.container}, process {holder.pid}, {holder.program}"
        drawn.append(f"          {letter} {who}: CPUs {show(holder.cpus)}")
    if request.held and request.held.entered:
        drawn.append(
            f"          a start uses CPUs {show(request.held.cpus)}, which this container holds already"
        )
    elif request.held:
        own = "no other container holds them" if request.held.own else "others hold some of them, too"
        drawn.append(f"          a start takes CPUs {show(request.held.cpus)}: {own}")
        drawn.append("          the command inherits one descriptor more, which holds them")
    return list(map(printable, drawn))


def _cell(core: frozenset[int], in_use: SlotsInUse, known: list[Holder]) -> str:
    """Return the sign of a core: free, held by one container, by one without a record, or by several."""
    if not any(in_use.holders.get(cpu) for cpu in core):
        return FREE
    letters = [letter for holder, letter in zip(known, LETTERS) if holder.cpus & core]
    if len(letters) > 1 or max(in_use.holders.get(cpu, 0) for cpu in core) > 1:
        return SHARED
    return letters[0] if letters else NAMELESS
