"""The first three lines of `--explain`: the program, the threads and their limit, pinning. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.option_names import CPU_LIMIT, WORKERS
from mkl_launch.core.rounding import rounded_down
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import PROFILE, USER, Setting
from mkl_launch.tables.variables import OMP_NUM_THREADS

KMP_AFFINITY = "KMP_AFFINITY"
NOT_PINNED = "not pinned: "  # begins a reason of the policy


def overview(facts: Facts, request: Request, plan: Plan) -> list[str]:
    """Return the three lines."""
    return [
        f"program   {_program(request, plan)}",
        f"threads   {_threads(facts, request, plan)}",
        f"pinning   {_pinning(plan)}",
    ]


def _program(request: Request, plan: Plan) -> str:
    """Return the program, whether it is known, its profile and its number of processes."""
    program, number = plan.program, plan.budget.workers
    profile = program.row.profile if request.profile == "auto" else request.profile
    processes = plural(number, "process") if number == 1 else f"{number} processes"
    if program.not_inspected:
        name = f"{program.not_inspected}: not inspected"
    elif not program.argv:
        shell = request.command[0].rpartition("/")[2] if request.command else ""
        name = f"{shell}: starts no program that is known" if shell else "no command given"
    elif program.row.name:
        starter = program.unknown_starter.rpartition("/")[2]
        behind = f" (started by {starter}, which is not known)" if starter else ""
        return f"{program.row.name}{behind}: known; profile {profile}; {processes}"
    else:
        name = f"{program.argv[0].rpartition('/')[2]}: not known"
    assumed = f"{processes} assumed ({WORKERS}=N if there are several)" if number == 1 else processes
    return f"{name}; profile {profile}; {assumed}"


def _threads(facts: Facts, request: Request, plan: Plan) -> str:
    """Return the number of threads and the limit that decides it."""
    budget, setting = plan.budget, _setting(plan, OMP_NUM_THREADS)
    each = f" in each of {budget.workers} processes" if budget.workers > 1 else ""
    limit = f"{budget.threads}{each}; limited by {_limit(facts, request, plan)}"
    if setting and setting.origin == USER:
        value = f"{OMP_NUM_THREADS}={setting.value}" if setting.value else f"no {OMP_NUM_THREADS}"
        return f"{value}, set by you; computed without it: {limit}"
    if setting and setting.origin == PROFILE:
        return f"{setting.value}{each}; {setting.reason}"
    return limit


def _limit(facts: Facts, request: Request, plan: Plan) -> str:
    """Return what keeps the number of threads from being larger: a quota, or the CPUs."""
    budget = plan.budget
    if budget.quota is not None and rounded_down(budget.cores, budget.quota) < budget.cores:
        quota = budget.quota * budget.ranks
        divided = f", divided by {budget.ranks} ranks" if budget.ranks > 1 else ""
        return f"{_quota_source(facts, request, plan, quota)}: {plural(quota, 'CPU')}{divided}"
    cpus = f"{plural(budget.logical, 'CPU')} on {plural(budget.cores, 'core')}"
    return f"{_cpus_source(facts, request, plan)}: {cpus}"


def _quota_source(facts: Facts, request: Request, plan: Plan, quota: float) -> str:
    """Return who sets the quota: the user, the kernel, ECS, Kubernetes or a job launcher."""
    if request.cpus and request.cpus.amount and not request.held:
        return request.cpus_option
    if plan.budget.limit_is_request:
        return plan.budget.request_source
    sources = (
        (facts.limits.quota, f"the quota in {facts.limits.quota_source}"),
        (facts.declared.task, "the CPU limit of the ECS task"),
        (facts.declared.limit, f"the CPU limit of the pod ({CPU_LIMIT})"),
        *((each.cpus, f"{each.grant.scheduler} ({each.variable})") for each in facts.declared.granted),
    )
    # The quota was divided by the number of ranks and multiplied again.
    equal = (name for limit, name in sources if limit is not None and abs(limit - quota) < 1e-6)
    return next(equal, "the job launcher")


def _cpus_source(facts: Facts, request: Request, plan: Plan) -> str:
    """Return who sets the CPUs: the user, a job launcher, the cpuset, the mask or the machine."""
    budget = plan.budget
    if budget.ranks == 1 and request.held:
        return "the CPUs taken with --slots"
    if request.cpus and request.cpus.mask:
        return request.cpus_option
    if budget.cpus < facts.mask:
        return f"the CPUs of rank {budget.rank} of {budget.ranks}"
    if facts.mask < facts.online:
        name = "cpuset" if facts.limits.cpuset == facts.mask else "affinity mask"
        return f"the {name} {show(facts.mask)}"
    return "the machine"


def _pinning(plan: Plan) -> str:
    """Return whether threads are pinned, and why."""
    setting = _setting(plan, KMP_AFFINITY)
    if setting is None:
        return "not pinned"
    if setting.origin == USER:
        return f"{KMP_AFFINITY}={setting.value}, set by you" if setting.value else "not pinned, by you"
    if setting.value is None:
        return f"{NOT_PINNED}{setting.reason.removeprefix(NOT_PINNED)}"
    libraries = plan.program.libraries
    known = libraries and libraries.reads_kmp
    return f"pinned{'' if known else f' if the program reads {KMP_AFFINITY}'}: {setting.reason}"


def _setting(plan: Plan, name: str) -> Setting | None:
    return next((setting for setting in plan.settings if setting.name == name), None)
