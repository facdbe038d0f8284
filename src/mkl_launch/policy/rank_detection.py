"""The rank of this process, from the variables of its job launcher. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, whole
from mkl_launch.model.ranks import Rank
from mkl_launch.tables.job_launchers import INSTANCES, JOB_LAUNCHERS, JobLauncher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def job_launcher(environ: Mapping[str, str]) -> JobLauncher | None:
    """Return the job launcher that started this process, or None."""
    return next((row for row in JOB_LAUNCHERS if row.marker in environ), None)


def ranks(environ: Mapping[str, str], *, started: bool = False) -> tuple[Rank, ...]:
    """Return the ranks of this process: of its job launcher, and of the instances.

    `started` is True if the supervisor has just started this process as an instance. The variables of an
    instance that a process has only inherited are not a rank.
    """
    rows = (job_launcher(environ), INSTANCES if started else None)
    return tuple(rank for row in rows if row for rank in (_rank(row, environ),) if rank)


def rank_variable(environ: Mapping[str, str]) -> str:
    """Return the variable with the rank of this process; "" if there is none."""
    names = (*(rank.job_launcher.local_rank for rank in ranks(environ)), INSTANCES.local_rank)
    return next((name for name in names if name in environ), "")


def _rank(row: JobLauncher, environ: Mapping[str, str]) -> Rank | None:
    text = next((environ[name] for name in row.local_size if name in environ), "")
    try:
        number, size = whole(environ.get(row.local_rank, "")), _on_node(text, environ.get(row.node, ""))
        size, left_over = divmod(size, whole(environ.get(row.machines, "1")))
    except (ValueError, ZeroDivisionError):
        return None
    if left_over:  # which machine has one more is not told
        return None
    members = environ.get(row.members, "")
    if members and members.count(",") + 1 != size:
        return None
    return Rank(row, number, size) if number < size <= MAX_CPU else None


def _on_node(text: str, node: str) -> int:
    """Return the number for machine `node` in Slurm's "2(x3),1", which is 2, 2, 2, 1. Raise ValueError."""
    numbers = [part.partition("(x") for part in text.split(",")]
    at = whole(node) if len(numbers) > 1 else 0
    for number, _, times in numbers:
        machines = whole(times.rstrip(")")) if times else 1
        if at < machines:
            return whole(number)
        at -= machines
    raise ValueError(f"no machine {node} in {text[:80]!r}")
