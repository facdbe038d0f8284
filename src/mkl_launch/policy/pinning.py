"""KMP_AFFINITY: whether the threads of Intel's and LLVM's OpenMP are pinned, and why not. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, plural
from mkl_launch.tables.variables import LEADER, affinity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.policy.values import Answer, Case


def pinning(case: Case) -> Answer:
    """Return the value of KMP_AFFINITY, None where threads are not pinned, and the reason."""
    reason = _why_no_pinning(case)
    if reason:
        return None, reason
    asked = "asked for by bind=always" if case.request.bind == "always" else "the CPUs are its own"
    return affinity(verbose=case.request.log == "debug"), f"{asked}: a core each, then SMT siblings"


def _why_no_pinning(case: Case) -> str:
    """Why threads are not pinned; empty where they are.

    The initial thread stays pinned after a parallel region, and every thread and child that it starts later
    inherits its mask of one CPU. Several processes are all pinned to the same first cores. So only a
    command is pinned that is known to start no others.
    """
    if case.bindings:
        return f"not pinned: {case.bindings[0]} is set"
    if case.request.bind != "auto":
        return "" if case.request.bind == "always" else "not pinned: bind=never"
    if case.processes:
        return f"not pinned: {case.processes}, which would all be pinned to the same cores"
    if not case.budget.exclusive:
        return f"not pinned: {case.budget.why[-1]}"
    return _why_others(case) or _why_children(case) or _why_unheard(case)


def _why_others(case: Case) -> str:
    """The user asks for fewer threads than cores: others may be beside them, pinned to the same cores."""
    threads = count(case.given.values.get(LEADER))
    if not threads or threads >= case.budget.cores:
        return ""
    cores = plural(case.budget.cores, "core")
    return f"not pinned: {LEADER}={threads} of {cores} leaves some to others, who may be pinned to the same"


def _why_children(case: Case) -> str:
    """Why the command may start processes, which would inherit the mask of a pinned thread."""
    row, words = case.program.row, case.program.words
    # Without a command nothing is started: an asked for profile is that of the AWS guide.
    if row.starts_no_others or (not words and case.request.profile != "auto"):
        return ""
    name = row.name or (words[0] if words else "an unknown command")
    return f"not pinned: {name} may start other processes, which would inherit the mask of one CPU"


def _why_unheard(case: Case) -> str:
    libraries = case.program.libraries
    if libraries and libraries.deaf:
        return f"not pinned: {libraries.python} carries no OpenMP that reads it"
    return ""
