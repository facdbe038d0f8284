"""Warnings about settings of the user that harm or do nothing; the settings are kept. Pure.

The condition under which a check is made is a row of CONDITIONS in `policy.plan`.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import count, parse, plural, whole
from mkl_launch.core.option_names import AUTO
from mkl_launch.core.rounding import rounded_up
from mkl_launch.policy.values import ARENA, THREAD_COUNTS, ZERO_IS_AUTO, PolicyInput
from mkl_launch.tables.variable_row import (
    ARENAS,
    CPUS,
    PINNING,
    POOL,
    SPIN_COUNT,
    SPIN_CYCLES,
    SPIN_TIME,
    THREADS,
    WAITING,
    Variable,
)
from mkl_launch.tables.variables import BINDING_SWITCH, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def missing_libraries(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each library that was requested and is not installed."""
    for preload in inputs.facts.preloads:
        if not preload.path:
            files = ", ".join(preload.library.files)
            option = f"{preload.library.option} {preload.library.word}"
            yield f"{option}: none of {files} is installed: not preloaded; install one of them"


def isolated_cpus(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning if threads that nobody binds stay on the CPU where they are started."""
    from mkl_launch.policy.isolated_cpus import warning

    yield from warning(inputs)


def cpus_above_limit(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning if --cpus is more than the kernel allows: the kernel throttles the threads."""
    request, facts = inputs.request, inputs.facts
    amount, limit = request.cpus.amount if request.cpus else None, facts.limits.quota
    if amount and limit and amount > limit:
        quota = plural(limit, "CPU")
        option = f"{request.cpus_option} {amount:g}"
        yield f"{option} is more than the quota of {quota}: kept; without it, the quota counts"
    if amount and amount > len(facts.mask):
        available = plural(len(facts.mask), "CPU")
        option = f"{request.cpus_option} {amount:g}"
        yield f"{option} is more than the {available} of this process: {available} counted"


def memory(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning if malloc may keep more memory in its arenas than the limit."""
    row = next(row for row in VARIABLES if row.quantity == ARENAS)
    user_set = row.name in inputs.provenance.user_values or row.name in inputs.provenance.auto
    if inputs.memory and inputs.arenas_exceed_memory and not user_set:
        each = f"{plural(inputs.budget.compute_threads, 'thread')}, {ARENA >> 20} MiB each"
        limit = f"the memory limit of {inputs.memory >> 20} MiB"
        reader = row.readers.partition(",")[0]
        yield f"{reader} may keep more than {limit} ({each}): {row.name}=auto bounds that"


def user_values(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each variable that has no valid or no sensible value, in the table's order."""
    for row in VARIABLES:
        value = inputs.provenance.user_values.get(row.name)
        if value is not None and row.applies_to(inputs.program.row.name):
            for problem in _problems(row, value, inputs):
                yield f"{row.name}={value} {problem}: kept, since you set it; {row.name}={AUTO} computes it"


def _problems(row: Variable, value: str, inputs: PolicyInput) -> Iterator[str]:
    if not _is_valid(row, value):
        yield f"is not valid for {row.readers.partition(':')[0]}"
    elif row.quantity in (THREADS, CPUS, POOL):
        yield from _too_many(row, value, inputs)
    elif row.quantity == PINNING:
        yield from _outside(value, inputs)
    elif inputs.budget.is_throttled and value.lower() in ("infinite", "active"):
        yield "spins, which spends the quota"


def _is_valid(row: Variable, value: str) -> bool:
    """Return True if the readers of this variable accept the value."""
    if row.quantity in THREAD_COUNTS:
        parts = value.split(",") if row.name == "OMP_NUM_THREADS" else [value]
        zero = row.name.startswith(ZERO_IS_AUTO) and value == "0"
        return zero or all(count(part) and part.strip().isdigit() for part in parts)
    if row.quantity == WAITING:
        return value.lower() in ("active", "passive")
    if row.quantity == SPIN_TIME:
        return value.lower() == "infinite" or value.removesuffix("s").rstrip("mu").isdigit()
    if row.quantity == SPIN_CYCLES:
        return value.isdigit()
    if row.quantity == SPIN_COUNT:
        return value.lower() in ("infinite", "infinity") or value.rstrip("kKmMgGtT").isdigit()
    return True


def _too_many(row: Variable, value: str, inputs: PolicyInput) -> Iterator[str]:
    budget = inputs.budget
    threads = (count(value) or 0) * budget.workers
    each = f"in each of {budget.workers} workers " if budget.workers > 1 else ""
    quota = budget.quota
    # A reader that counts CPUs by itself has threads that do not wait for each other.
    allowed = rounded_up(threads, quota) if row.reader_counts else max(1, quota or threads)
    if quota is not None and threads > allowed:
        yield f"{each}is more than the {budget.limit_kind} of {plural(quota, 'CPU')}"
    elif threads > budget.logical:
        yield f"{each}is more than the {plural(budget.logical, 'CPU')} there are"


def _outside(value: str, inputs: PolicyInput) -> Iterator[str]:
    """Yield a problem if KMP_AFFINITY lists CPUs that this process does not have."""
    _, found, rest = value.partition("proclist=[")
    listed = rest.partition("]")[0].translate({ord(character): None for character in "{} "})
    try:
        foreign = _proclist(listed) - inputs.budget.cpus if found else frozenset()
    except ValueError:
        return
    if foreign:
        yield "names CPUs that this process may not use"


def _proclist(text: str) -> set[int]:
    """Read a list of CPUs in which a range may have a stride: "0-6:2"."""
    cpus: set[int] = set()
    for part in text.split(","):
        numbers, colon, stride = part.partition(":")
        cpus.update(sorted(parse(numbers))[:: whole(stride) if colon else 1])
    return cpus


def bindings(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each variable with which the user pins threads."""
    for name in inputs.bindings:
        value = inputs.environ[name]
        if value.lower() == "false":
            continue
        if "KMP_AFFINITY" in inputs.provenance.user_values:
            yield f"KMP_AFFINITY and {name} are both set: Intel's OpenMP obeys the first, GNU's the second"
        else:
            yield (
                f"{name}={value} pins the thread that loads OpenMP, and all it starts later,"
                f" to few CPUs: kept, since you set it; {BINDING_SWITCH}=false turns it off"
            )


def contradictions(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each pair of variables with different values for the same thing."""
    values = inputs.provenance.user_values
    omp, mkl = (count(values.get(name)) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"))
    if omp and mkl and omp != mkl:
        both = f"OMP_NUM_THREADS={omp} and MKL_NUM_THREADS={mkl}"
        yield f"{both} differ: MKL and PyTorch obey the second; set only one"
    policy, time = values.get("OMP_WAIT_POLICY", "").lower(), values.get("KMP_BLOCKTIME", "").lower()
    if (policy, time) == ("passive", "infinite") or (policy == "active" and time and time != "infinite"):
        yield (
            f"OMP_WAIT_POLICY={policy} and KMP_BLOCKTIME={time} contradict each other:"
            " Intel's OpenMP obeys the second, GNU's the first; set only one"
        )


def ignored_values(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each KMP_* variable that the program's OpenMP does not read."""
    libraries = inputs.program.libraries
    if libraries and libraries.ignores_kmp:
        runtimes = " and ".join(sorted(libraries.runtimes)) or "no OpenMP"
        for name in inputs.provenance.user_values:
            if name.startswith("KMP_"):
                reason = f"{libraries.python} carries {runtimes}, which does not read it"
                yield f"{name} has no effect: {reason}; remove it"


def wrappers(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each wrapper that undoes the settings before the program starts."""
    program = inputs.program
    if program.affinity_narrowed_by:
        word = program.affinity_narrowed_by
        yield f"{word} narrows the CPUs after they were counted: better {word} ... mkl-launch -- COMMAND"
    if program.env_cleared_by:
        command = program.argv[0] if program.argv else "the command"
        yield f"{program.env_cleared_by}: {command} gets no setting; better: mkl-launch behind it"


def refused_arguments(inputs: PolicyInput) -> Iterator[str]:
    """Yield a warning for each value that cannot be passed on, as the program refuses both options."""
    values, command = inputs.provenance.user_values, inputs.program.row
    for row in command.arguments:
        for name in row.follows if row.exclusive else ():
            if name in values and set(row.unless_set) & values.keys():
                yield f"{name} is not passed on: {command.name} refuses {row.option} beside the others"


CHECKS: dict[str, Callable[[PolicyInput], Iterator[str]]] = {
    check.__name__: check
    for check in (
        missing_libraries,
        isolated_cpus,
        cpus_above_limit,
        memory,
        user_values,
        bindings,
        contradictions,
        ignored_values,
        wrappers,
        refused_arguments,
    )
}
