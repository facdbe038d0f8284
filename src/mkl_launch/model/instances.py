"""What --instances is asked for. Imported only with that option: a start pays for each class."""

from __future__ import annotations

from mkl_launch.core.record import Record


class Instances(Record):
    """The value of --instances."""

    number: int | None = None  # None: as many as fit
