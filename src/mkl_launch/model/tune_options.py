"""What a tuning is asked for."""

from __future__ import annotations

from mkl_launch.core.record import Record


class TuneOptions(Record):
    """The options of --tune, checked."""

    seconds: float = 300.0
    metric: str = ""  # a regular expression; empty: the time that a run takes
    maximize: bool = False
    also: str = ""  # a regular expression for a number that is shown and does not decide
    load: str = ""  # a line for /bin/sh
    ready: str = ""  # a port or a regular expression
    save: str = ""  # a path, or "auto"
    plot: str = ""  # a path
