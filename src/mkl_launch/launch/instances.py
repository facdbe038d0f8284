"""The instances of --instances: their number, and the request, environment and CPUs of each."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import L3
from mkl_launch.core.record import changed
from mkl_launch.host.detect import add_rank_facts
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.facts import Facts
from mkl_launch.model.instances import Instances
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.tables.job_launchers import INSTANCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LATENCY_CORES = 4  # the number that run_cpu uses
NO_L3 = "--per l3: the kernel shows no L3 cache; instances are made for NUMA nodes"
PLACEHOLDER = "{instance}"  # in the command, for the number of the instance


def instance_request(
    request: Request, environ: Mapping[str, str], number: int
) -> tuple[Request, dict[str, str]]:
    """Return the request and the environment of instance `number`."""
    command = tuple(word.replace(PLACEHOLDER, str(number)) for word in request.command)
    rank = {INSTANCES.local_rank: str(number), INSTANCES.local_size[0]: str(instance_count(request))}
    # What all instances would say alike, the first one says.
    warnings = request.warnings if number == 0 else tuple(w for w in request.warnings if w != NO_L3)
    own = changed(request, command=command, is_instance=True, warnings=warnings)
    return own, {**environ, **rank}


def resolve_count(request: Request, environ: Mapping[str, str]) -> Request:
    """Return the request with the number of instances and, if requested, of the cores of each.

    Raise UsageError if there are fewer cores.
    """
    files = root(request)
    facts, plan = prepare(files, request, environ, probing=True)
    facts = facts if facts.nodes else add_rank_facts(files, facts, "")
    each = LATENCY_CORES if request.latency else request.cores_per_instance
    if request.instances and request.instances.number:
        number = request.instances.number
    elif facts.caches:
        number = _in_caches(facts, plan, each or 0)
    elif each:
        number = max(1, _cores_under_quota(plan) // each)
    else:
        number = max(1, sum(1 for _, members in facts.nodes if members & plan.budget.cpus))
    if request.per == L3 and not facts.caches:
        request = changed(request, warnings=(*request.warnings, NO_L3))
    if request.latency:
        each = min(each or 1, max(1, plan.budget.cores // number))
    if each and number * each > plan.budget.cores:
        cores = plural(number * each, "core")
        needed = f"--cores-per-instance {each}: {cores} for {plural(number, 'instance')}"
        raise UsageError(f"{needed}, there are {plan.budget.cores}")
    return changed(request, instances=Instances(number=number), cores_per_instance=each)


def instance_cpus(request: Request, environ: Mapping[str, str]) -> tuple[frozenset[int], ...]:
    """Return the CPUs of each instance, for a report."""
    instances = (instance_request(request, environ, number) for number in range(instance_count(request)))
    return tuple(prepare(root(own), own, variables)[1].budget.cpus for own, variables in instances)


def instance_count(request: Request) -> int:
    """Return the number of instances of a request from `resolve_count`."""
    return request.instances.number or 1 if request.instances else 1


def _in_caches(facts: Facts, plan: Plan, each: int) -> int:
    """Return the number of instances that stay within an L3 cache and that the quota allows."""
    cpus = plan.budget.cpus
    sizes = [
        sum(1 for core in facts.cores if core & domain & cpus) for domain in facts.caches if domain & cpus
    ]
    fitting = sum(size // each for size in sizes) if each else len(sizes)
    return max(1, min(fitting, _cores_under_quota(plan) // max(each, 1)))


def _cores_under_quota(plan: Plan) -> int:
    """Return the number of cores that can compute at the same time under the quota."""
    return plan.budget.per_worker(plan.budget.cores)
