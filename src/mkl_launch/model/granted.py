"""The CPUs that a scheduler grants a job. Imported in a job only: a start pays for each class."""

from __future__ import annotations

from mkl_launch.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.tables.grants import Grant


class Granted(Record):
    """The CPUs that a scheduler grants a job in `variable`."""

    grant: Grant
    variable: str
    cpus: float
    # Variables of programs that the scheduler has set to something else than this number.
    also_set: tuple[tuple[str, str], ...] = ()
