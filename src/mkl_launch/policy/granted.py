"""The CPUs that a scheduler grants, in a budget and in the environment. Pure; imported only in a job."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.model.facts import Facts
from mkl_launch.model.granted import Granted
from mkl_launch.model.request import Request
from mkl_launch.policy.rank_detection import ranks
from mkl_launch.tables.grants import GRANT, GUARANTEE, LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def granted_limits(facts: Facts) -> list[tuple[float, str]]:
    """Return (CPUs, source) of each limit that is enforced and that the kernel does not show."""
    limits = (granted for granted in facts.declared.granted if granted.grant.kind == LIMIT)
    return [(granted.cpus, _source(granted)) for granted in limits]


def smallest_grant(
    facts: Facts, request: Request, environ: Mapping[str, str], most: float
) -> tuple[float, str, str] | None:
    """Return (CPUs, source, reason) of the smallest number that counts, if it is smaller than `most`.

    What the user names counts more. `--basis limit` leaves out all that nobody enforces.
    """
    if request.cpus or request.basis == "limit":
        return None
    kinds = (GRANT, GUARANTEE) if request.basis == "request" else (GRANT,)
    numbers = [
        (granted.cpus * _processes(granted, environ), granted)
        for granted in facts.declared.granted
        if granted.grant.kind in kinds
    ]
    cpus, granted = min(numbers, key=lambda number: number[0], default=(most, None))
    if granted is None or cpus >= most:
        return None
    source = _source(granted)
    return cpus, source, f"counting with {plural(cpus, 'CPU')}: the {granted.grant.kind} of {source}"


def granted_to_job(facts: Facts) -> float | None:
    """Return the CPUs of all ranks of a job on this machine; None if no scheduler grants them."""
    numbers = (granted for granted in facts.declared.granted if granted.grant.kind == GRANT)
    return min((granted.cpus for granted in numbers if not granted.grant.per_process), default=None)


def scheduler_values(facts: Facts, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (variable, scheduler) of the variables of programs that a scheduler has set.

    A value that differs from the scheduler's number is the user's: the user's stays, or is set later.
    """
    return tuple(
        (name, granted.grant.scheduler)
        for granted in facts.declared.granted
        for name in granted.grant.sets
        if environ.get(name) == f"{granted.cpus:g}" or (name, environ.get(name)) in granted.also_set
    )


def _processes(granted: Granted, environ: Mapping[str, str]) -> int:
    """Return how many processes on this machine have the number each."""
    return ranks(environ)[0].size if granted.grant.per_process and ranks(environ) else 1


def _source(granted: Granted) -> str:
    return f"{granted.grant.scheduler}, by {granted.variable}"
