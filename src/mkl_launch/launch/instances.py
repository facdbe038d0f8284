"""`--instances`: their number, the request and environment of each, and the CPUs."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.errors import UsageError
from mkl_launch.core.names import AUTO
from mkl_launch.core.record import changed
from mkl_launch.host.detect import add_rank_facts
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.tables.job_launchers import INSTANCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LATENCY_CORES = 4  # as run_cpu has it
HERE = "{instance}"


def one(request: Request, environ: Mapping[str, str], number: int) -> tuple[Request, dict[str, str]]:
    """Return the request and the environment of instance `number`."""
    command = tuple(word.replace(HERE, str(number)) for word in request.command)
    its = {INSTANCES.local_rank: str(number), INSTANCES.local_size[0]: str(request.instances)}
    return changed(request, command=command, is_instance=True), {**environ, **its}


def counted(request: Request, environ: Mapping[str, str]) -> Request:
    """Return the request with the number of instances and, if requested, of the cores of each.

    Raises UsageError if there are fewer cores.
    """
    place = root(request)
    found, made = prepare(place, changed(request, instances="", report=request.report or "json"), environ)
    found = found if found.nodes else add_rank_facts(place, found, "")
    each = LATENCY_CORES if request.latency else request.cores_per_instance
    if request.instances not in ("", AUTO):
        number = int(request.instances)
    elif each:
        number = max(1, _room(made) // each)
    else:
        number = max(1, sum(1 for _, members in found.nodes if members & made.budget.cpus))
    if request.latency:
        each = min(each or 1, max(1, made.budget.cores // number))
    if each and number * each > made.budget.cores:
        cores = plural(number * each, "core")
        asked = f"--cores-per-instance {each}: {cores} for {plural(number, 'instance')}"
        raise UsageError(f"{asked}, there are {made.budget.cores}")
    return changed(request, instances=str(number), cores_per_instance=each)


def places(request: Request, environ: Mapping[str, str]) -> tuple[frozenset[int], ...]:
    """Return the CPUs of each instance, for a report."""
    everything = (one(request, environ, number) for number in range(int(request.instances)))
    return tuple(prepare(root(its), its, variables)[1].budget.cpus for its, variables in everything)


def _room(made: Plan) -> int:
    """Return the number of cores that can compute at the same time under the quota."""
    return made.budget.per_worker(made.budget.cores)
