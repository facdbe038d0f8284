"""The value of KMP_AFFINITY, which pins the threads of Intel's and LLVM's OpenMP. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, plural
from mkl_launch.tables.variables import OMP_NUM_THREADS, affinity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.policy.values import Answer, PolicyInput


def pinning(inputs: PolicyInput) -> Answer:
    """Return the value of KMP_AFFINITY and the reason; None if threads are not pinned."""
    reason = why_no_pinning(inputs) or _why_not_read(inputs)
    if inputs.facts.isolated and not reason:
        from mkl_launch.policy.isolated_cpus import binds

        reason = "isolated CPUs: OMP_PROC_BIND binds the threads" if binds(inputs) else ""
    if reason:
        return None, reason
    asked = "asked for by bind=always" if inputs.request.bind == "always" else "the CPUs are its own"
    return affinity(verbose=inputs.request.log == "debug"), f"{asked}: a core each, then SMT siblings"


def why_no_pinning(inputs: PolicyInput) -> str:
    """Return why threads are not pinned; "" if they are.

    The initial thread stays pinned after a parallel region, and every thread and child that it starts later
    inherits its mask of one CPU. Several processes are all pinned to the same first cores. So only a
    command is pinned that is known to start no others.
    """
    if inputs.bindings:
        return f"not pinned: {inputs.bindings[0]} is set"
    if inputs.request.bind != "auto":
        return "" if inputs.request.bind == "always" else "not pinned: bind=never"
    if inputs.why_several_processes:
        return f"not pinned: {inputs.why_several_processes}, which would all be pinned to the same cores"
    if not inputs.budget.exclusive:
        return f"not pinned: {inputs.budget.exclusive_reason}"
    return _why_others(inputs) or _why_children(inputs)


def _why_others(inputs: PolicyInput) -> str:
    """Return why other processes may run beside this one: the user set fewer threads than cores."""
    threads = count(inputs.provenance.user_values.get(OMP_NUM_THREADS))
    if not threads or threads >= inputs.budget.cores:
        return ""
    cores = plural(inputs.budget.cores, "core")
    wanted = f"{OMP_NUM_THREADS}={threads} of {cores}"
    return f"not pinned: {wanted} leaves cores to other processes, which may be pinned to the same ones"


def _why_children(inputs: PolicyInput) -> str:
    """Return why the command may start processes, which would inherit the mask of a pinned thread."""
    row, words = inputs.program.row, inputs.program.argv
    # Without a command nothing is started: a requested profile is one of the AWS guide.
    if row.has_no_children or (not words and inputs.request.profile != "auto"):
        return ""
    name = row.name or (words[0] if words else "an unknown command")
    return f"not pinned: {name} may start other processes, which would inherit the mask of one CPU"


def _why_not_read(inputs: PolicyInput) -> str:
    libraries = inputs.program.libraries
    if libraries and libraries.ignores_kmp and inputs.request.bind != "always":
        return f"not pinned: {libraries.python} carries no OpenMP that reads it"
    return ""
