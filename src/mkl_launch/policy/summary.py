"""The line that is written at a start. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.option_names import WORKERS
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import PROFILE, USER
from mkl_launch.tables.variables import OMP_NUM_THREADS


def summary_line(plan: Plan) -> str:
    """Return the line at a start: the program, its assumed processes, threads, CPUs, limit, pinning."""
    budget = plan.budget
    limit = f"{budget.limit_kind} {budget.quota:g}" if budget.quota is not None else "no quota"
    added = f", added {' '.join(plan.added_arguments)}" if plan.added_arguments else ""
    rank = f", rank {budget.rank} of {budget.ranks}" if budget.ranks > 1 else ""
    each = " each" if budget.workers > 1 else ""
    return (
        f"{_who(plan)}{threads_of(plan)}{each}, {plural(budget.cores, 'core')}"
        f" (CPUs {show(budget.cpus)}), {limit}{rank}, {_pinned(plan)}{added}"
    )


def threads_of(plan: Plan) -> str:
    """Return the number of threads that a start sets, or that the user has set."""
    threads = next(s for s in plan.settings if s.name == OMP_NUM_THREADS)
    if threads.origin == USER and threads.value:
        return f"{OMP_NUM_THREADS}={threads.value} (yours)"
    if threads.value:
        by_profile = " (profile)" if threads.origin == PROFILE else ""
        return f"{plural(int(threads.value), 'thread')}{by_profile}"
    return f"{OMP_NUM_THREADS} left unset"


def _who(plan: Plan) -> str:
    """Return the program and the number of processes that is assumed for it."""
    program, number = plan.program, plan.budget.workers
    if not program.argv and not program.not_inspected:
        shell = plan.command[0].rpartition("/")[2] if plan.command else ""
        return f"{shell}: starts no program that is known: " if shell else ""
    unseen = f"{program.not_inspected} was not inspected, " if program.not_inspected else ""
    name = (program.argv or ("",))[0].rpartition("/")[2]
    if program.row.name:
        behind = (
            f" behind {program.unknown_starter.rpartition('/')[2]}, which is not known"
            if program.unknown_starter
            else ""
        )
        return f"{unseen}{program.row.name} ({plural(number, 'worker')}){behind}: "
    if number > 1:
        return f"{unseen}{name} ({plural(number, 'worker')}): "
    known = "" if unseen else "not known, "
    return f"{name}{': ' if name else ''}{unseen}{known}one process assumed ({WORKERS}=N if several): "


def _pinned(plan: Plan) -> str:
    """Return whether threads are pinned: KMP_AFFINITY may turn it off, and not every program reads it."""
    value = next((s.value for s in plan.settings if s.name == "KMP_AFFINITY"), None) or "none"
    libraries = plan.program.libraries
    unheard = libraries is not None and libraries.ignores_kmp
    if unheard or {"none", "disabled"} & set(value.lower().replace(" ", "").split(",")):
        return "not pinned"
    return "pinned" if libraries and libraries.reads_kmp else "pinned if it reads KMP_AFFINITY"
