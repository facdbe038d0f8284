"""CPUs among which the kernel moves no thread: which of them count, and who binds the threads. Pure.

They are those of the boot option isolcpus= and of an isolated cpuset partition. Imported only if there are
any. A thread stays on the CPU where it was started: in the emulated machines of the tests, all threads of
a program shared one isolated CPU, and no thread of a process on another CPU came to an isolated one.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.policy.pinning import why_no_pinning
from mkl_launch.policy.settings import COMPUTED, Setting
from mkl_launch.tables.variable_row import PINNING
from mkl_launch.tables.variables import BINDING_SWITCH, USER_BINDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkl_launch.model.facts import Facts
    from mkl_launch.model.request import Request
    from mkl_launch.policy.values import PolicyInput

# One hardware thread each, as far apart as possible: cores before SMT siblings. OpenMP of GNU, Intel and
# LLVM obeys both; with KMP_AFFINITY beside them, Intel's prints a warning at each start.
# https://www.openmp.org/spec-html/5.0/openmpse52.html
BINDING = ((BINDING_SWITCH, "spread"), ("OMP_PLACES", "threads"))


def counted_cpus(
    facts: Facts, request: Request, environ: Mapping[str, str]
) -> tuple[frozenset[int], str] | None:
    """Return the CPUs of the mask to which the kernel moves threads, and the reason; None: all count.

    They all count where none is balanced, and where somebody binds the threads.
    """
    others = facts.mask - facts.isolated
    bound = request.bind == "always" or any(environ.get(name) for name in (*USER_BINDINGS, "KMP_AFFINITY"))
    if not others or bound:
        return None
    left = f"without the isolated CPUs {show(facts.isolated)}, to which the kernel moves no thread"
    return others, f"CPUs {show(others)}: the affinity mask, {left}"


def binding(inputs: PolicyInput) -> tuple[Setting, ...]:
    """Return the variables that bind the threads of every OpenMP; without a value where they stay unset."""
    value, reason = _whether(inputs)
    return tuple(
        Setting(name, text if value else None, COMPUTED, reason)
        for name, text in BINDING
        if name not in inputs.bindings and not (inputs.bindings and name in inputs.environ)
    )


def binds(inputs: PolicyInput) -> bool:
    """Return whether OpenMP's threads are bound one by one because the CPUs are isolated."""
    return _whether(inputs)[0]


def _whether(inputs: PolicyInput) -> tuple[bool, str]:
    if not inputs.budget.cpus <= inputs.facts.isolated:
        return False, "not bound: not all CPUs are isolated"
    if "KMP_AFFINITY" in inputs.provenance.user_values:
        return False, "not bound: KMP_AFFINITY is set"
    tuned = inputs.tuned.answer(PINNING, inputs) if inputs.tuned else None
    reason = tuned[1] if tuned else why_no_pinning(inputs)
    if reason:
        return False, reason
    return True, "isolated CPUs: the kernel moves no thread, so each has a CPU of its own"


def warning(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning if threads or processes that nobody binds stay on the CPU where they are started."""
    budget = inputs.budget
    isolated = inputs.facts.isolated & budget.cpus
    several = budget.ranks_share_cpus or budget.workers > 1
    pinned = "KMP_AFFINITY" in inputs.provenance.user_values or inputs.bindings or binds(inputs)
    if pinned or not isolated or len(budget.cpus) < 2 or not (several or budget.threads > 1):
        return
    if isolated < budget.cpus:
        beside = show(budget.cpus - isolated)
        yield (
            f"CPUs {show(isolated)} are isolated, CPUs {beside} are not: the kernel moves no thread to the"
            f" isolated ones; threads that are not bound run on the others only (--cpus {beside})"
        )
        return
    cpus = f"CPUs {show(isolated)} are isolated: the kernel moves no thread from one to another"
    count = len(isolated)
    instances = f"--instances {count} --bind always starts one on each CPU"
    if several:
        yield f"{cpus}; the processes may all share one CPU: {instances}; or use CPUs that are not isolated"
    else:
        yield (
            f"{cpus}; all threads of the command may share one CPU: --bind always binds those of OpenMP;"
            f" {instances}; other threads need CPUs that are not isolated"
        )
