"""The slots of --slots. Imported only with that option: a start pays for each class."""

from __future__ import annotations

from mkl_launch.core.cpulist import parse
from mkl_launch.core.record import Record


class Slots(Record):
    """The value of --slots: a directory, and the number of containers that get an equal part each."""

    directory: str
    sharers: int | None = None  # None: the limit or the request of each says how many CPUs it takes


class Held(Record):
    """The CPUs that were taken with --slots."""

    cpus: frozenset[int]
    own: bool  # no other container holds them
    # Of the locks. None: an outer launch holds them, or the first one of the container that was entered.
    descriptor: int | None = None
    entered: bool = False


class SlotsInUse(Record):
    """What the directory of --slots shows: how often each CPU is held, and the holders' own records."""

    holders: dict[int, int]
    records: tuple[str, ...] = ()


class Holder(Record):
    """A container that holds slots, by its own record."""

    cpus: frozenset[int]
    container: str  # its host name
    pid: str  # in its own PID namespace
    program: str


def recorded_holders(in_use: SlotsInUse) -> list[Holder]:
    """Return the containers, by their first CPU. A record that is damaged is left out."""
    known = []
    for record in in_use.records:
        fields = record.split("\t")
        try:
            cpus = parse(fields[0])
        except ValueError:
            continue
        if cpus and len(fields) == 4:
            known.append(Holder(cpus, *fields[1:]))
    return sorted(known, key=lambda holder: (min(holder.cpus), holder.container, holder.pid))
