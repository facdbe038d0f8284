"""The slots of --slots. Imported only with that option: a start pays for each class."""

from __future__ import annotations

from mkl_launch.core.record import Record


class Slots(Record):
    """The value of --slots: a directory, and the number of containers that get an equal part each."""

    directory: str
    sharers: int | None = None  # None: the limit or the request of each says how many CPUs it takes


class Held(Record):
    """The CPUs that were taken with --slots."""

    cpus: frozenset[int]
    own: bool  # no other container holds them
    descriptor: int | None = None  # of the locks; None: they are an outer launch's


class SlotsInUse(Record):
    """What the directory of --slots shows: how often each CPU is held, and the holders' own records."""

    holders: dict[int, int]
    records: tuple[str, ...] = ()
