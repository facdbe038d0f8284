"""The slots of --slots: CPUs that this container takes, out of those that no other container holds.

`policy.slot_choice` decides which, `launch.slot_locks` locks them. If anything goes wrong, the command
starts without slots, and with a warning.
"""

from __future__ import annotations

import posix

from mkl_launch.core.cpulist import show
from mkl_launch.core.record import Record, changed
from mkl_launch.host import topology
from mkl_launch.host.caches import l3_domains
from mkl_launch.host.entered import entered, mask_beside
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.launch.slot_locks import NoLockFile, SlotLocks, SlotsError
from mkl_launch.model.request import Request
from mkl_launch.model.slots import Held, Slots, SlotsInUse, recorded_holders
from mkl_launch.policy.rank_detection import rank_variable
from mkl_launch.policy.slot_choice import choose, shortage, wanted
from mkl_launch.program.recognise import recognise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.host.filesystem import Root
    from mkl_launch.model.facts import CpuGroups, Facts
    from mkl_launch.model.slots import Holder
    from mkl_launch.policy.budget import Budget

TRIES = 50  # choices that collide with those of others
FIELD = 60  # characters of a field of a record

Holders = dict[int, int]  # {CPU: number of containers that hold it}


class Wish(Record):
    """What to take: `number` CPUs of `allowed`, in whole `cores`, within the groups of `levels`."""

    cores: CpuGroups
    levels: tuple[CpuGroups, ...]
    allowed: frozenset[int]
    number: int
    source: str

    def choice(self, holders: Holders) -> frozenset[int]:
        """Return the CPUs to take."""
        return choose(self.cores, self.levels, self.allowed, holders, self.number)


def take(request: Request, environ: Mapping[str, str], outer: Held | None) -> Request:
    """Return the request with the CPUs that were taken, or without and with a warning.

    `outer` are the CPUs that an outer launch holds. Within them nothing is taken, nor by a launch in
    `docker exec`, which uses the CPUs of its container.
    """
    files, slots = root(request), request.slots
    facts, plan = prepare(files, request, environ)
    if outer and facts.mask <= outer.cpus:
        return changed(request, held=outer)
    if not slots:
        return request
    try:
        if entered(files):
            in_use = _in_use(files, slots, 1 + max(facts.online | facts.mask))
            own = _of_this_container(files, in_use)
            if own:
                return changed(request, held=own)
        wish = _wish(files, facts, request, environ, plan.budget)
        held, counts = hold(files, slots, wish, _record(request, environ))
    except SlotsError as problem:
        return _warned(request, slots, f"{problem}; no slots are taken")
    return _with(request, slots, wish, held, counts)


def look(request: Request, environ: Mapping[str, str], outer: Held | None) -> tuple[Request, SlotsInUse]:
    """Return the request with the CPUs that a start would take now, and the slots in use, for a report."""
    files, slots = root(request), request.slots or Slots("")
    facts, plan = prepare(files, request, environ)
    in_use = SlotsInUse({})
    try:
        in_use = _in_use(files, slots, 1 + max(facts.online | facts.mask))
        if outer and facts.mask <= outer.cpus:
            return changed(request, held=outer), in_use
        own = _of_this_container(files, in_use) if entered(files) else None
        if own:
            return changed(request, held=own), in_use
        wish = _wish(files, facts, request, environ, plan.budget)
    except SlotsError as problem:
        return _warned(request, slots, f"{problem}; no slots are taken"), in_use
    cpus = wish.choice(in_use.holders)
    held = Held(cpus, own=not in_use.holders.keys() & cpus)
    return _with(request, slots, wish, held, in_use.holders), in_use


def _of_this_container(files: Root, in_use: SlotsInUse) -> Held | None:
    """Return the CPUs that the container which this process has entered holds already, if any.

    Its holder is a process beside this one, whose mask is within what its record says. The records of
    containers with the same host name and process IDs are told apart by that mask.
    """
    name = posix.uname().nodename
    beside = [
        holder.cpus
        for holder in recorded_holders(in_use)
        if holder.container == name and holder.pid.isdecimal() and _is_within(files, holder)
    ]
    return Held(min(beside, key=len), own=False, entered=True) if beside else None


def _is_within(files: Root, holder: Holder) -> bool:
    mask = mask_beside(files, holder.pid)
    return mask is not None and mask <= holder.cpus


def release(held: Held) -> None:
    """Give the CPUs back."""
    if held.descriptor is not None:
        posix.close(held.descriptor)


def _with(request: Request, slots: Slots, wish: Wish, held: Held, holders: Holders) -> Request:
    request = changed(request, held=held)
    warning = shortage(held.cpus, holders, wish.number, wish.source)
    return _warned(request, slots, warning) if warning else request


def _warned(request: Request, slots: Slots, problem: str) -> Request:
    return changed(request, warnings=(*request.warnings, f"--slots {slots.directory}: {problem}"))


def _wish(files: Root, facts: Facts, request: Request, environ: Mapping[str, str], budget: Budget) -> Wish:
    """Return what to take. Raise SlotsError if nothing says how many CPUs, or for one rank of several."""
    variable = rank_variable(environ)
    if variable:
        raise SlotsError(f"{variable} is set: for ranks, start their job launcher with --slots")
    number, source = wanted(facts, request, budget)
    if not number:
        raise SlotsError(
            "the number of CPUs is not given: no limit, no --cpus, and no N as in --slots DIR:N"
        )
    everything = facts.online | facts.mask
    nodes = tuple(members for members in topology.nodes(files, everything).values() if members)
    named = request.cpus.mask if request.cpus else None
    return Wish(
        cores=topology.cores(files, everything) or facts.cores,
        levels=(nodes, l3_domains(files, everything)),
        allowed=(named or facts.mask) & facts.mask or facts.mask,
        number=number,
        source=source,
    )


def hold(files: Root, slots: Slots, wish: Wish, record: str) -> tuple[Held, Holders]:
    """Lock CPUs; return them, and how many others hold each. Raise SlotsError."""
    locks = SlotLocks(files, slots.directory)
    try:
        locks.begin()
        cpus, holders = _lock_cpus(locks, wish)
        locks.write_entry(f"{show(cpus)}\t{record}")
        locks.end()
        return Held(cpus, own=not holders.keys() & cpus, descriptor=locks.inherit()), holders
    except OSError as error:
        locks.close()
        raise SlotsError(str(error.strerror)) from None
    except SlotsError:
        locks.close()
        raise


def _lock_cpus(locks: SlotLocks, wish: Wish) -> tuple[frozenset[int], Holders]:
    for _ in range(TRIES):
        rows = locks.rows(1 + max(map(max, wish.cores)))
        holders = {cpu: len(used) for cpu, used in rows.items()}
        cpus = wish.choice(holders)
        if locks.take(cpus, rows):
            return cpus, holders
        locks.step_back()
    raise SlotsError("others take CPUs at the same time")


def _in_use(files: Root, slots: Slots, cpus: int) -> SlotsInUse:
    if not files.live:
        raise SlotsError("not on another machine (--sysroot, --machine)")
    try:
        locks = SlotLocks(files, slots.directory, create=False)
    except NoLockFile:
        return SlotsInUse({})
    try:
        holders = {cpu: len(used) for cpu, used in locks.rows(cpus).items()}
        return SlotsInUse(holders, tuple(locks.records()))
    except OSError as error:
        raise SlotsError(str(error.strerror)) from None
    finally:
        locks.close()


def _record(request: Request, environ: Mapping[str, str]) -> str:
    """Return the entry of this container: its host name, process ID and program, no argument."""
    program = recognise(request.command, environ)
    word = (program.argv or request.command)[0].rpartition("/")[2]
    fields = (posix.uname().nodename, str(posix.getpid()), word)
    return "\t".join(" ".join(field[:FIELD].split()) for field in fields)
