"""Warnings about what the user set: it is kept, and they are told what it will do. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, parse, plural, rounded_up, show, whole
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.policy.values import ARENA, THREAD_COUNTS, ZERO_IS_AUTO, PolicyInput
from mkl_launch.tables.variable import (
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
from mkl_launch.tables.variables import VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def warnings(inputs: PolicyInput, environ: Mapping[str, str], facts: Facts) -> tuple[str, ...]:
    """Everything that is worth a line, in the order of the table."""
    found = [line for row in VARIABLES for line in _about(row, inputs)]
    absent = tuple(_absent(facts))
    absent = (*absent, *_isolated(inputs, facts))
    limits = (*absent, *_over_the_limit(facts, inputs.request), *_memory(inputs))
    return (*limits, *found, *_pairs(inputs, environ), *_unheard(inputs))


def _absent(facts: Facts) -> Iterator[str]:
    """Libraries that were asked for and are not installed."""
    for one in facts.preloads:
        if not one.path:
            files = ", ".join(one.library.files)
            yield f"{one.library.option} {one.library.word}: none of {files} is there: not preloaded"


def _isolated(inputs: PolicyInput, facts: Facts) -> Iterator[str]:
    """Yield a warning if threads that nobody pins stay on the CPU where they are started."""
    if len(facts.isolated) > 1 and not inputs.bindings:
        cpus = f"CPUs {show(facts.isolated)} are isolated: the kernel moves no thread from one to another"
        yield f"{cpus}; threads that are not pinned may share one: pin them, as with OMP_PROC_BIND=true"


def _memory(inputs: PolicyInput) -> Iterator[str]:
    row = next(row for row in VARIABLES if row.quantity == ARENAS)
    if (
        inputs.memory
        and inputs.arenas_press
        and row.name not in (*inputs.provenance.user_values, *inputs.provenance.auto)
    ):
        each = f"{plural(inputs.budget.compute_threads, 'thread')}, {ARENA >> 20} MiB each"
        limit = f"the memory limit of {inputs.memory >> 20} MiB"
        keeper = row.readers.partition(",")[0]
        yield f"{keeper} may keep more than {limit} ({each}): {row.name}=auto bounds that"


def _over_the_limit(facts: Facts, request: Request) -> Iterator[str]:
    """--cpus beats what the kernel allows for the counts; the kernel still stops the threads."""
    asked, limit = request.cpus.amount if request.cpus else None, facts.limits.quota
    if asked and limit and asked > limit:
        quota = plural(limit, "CPU")
        yield f"{request.cpus_option} {asked:g} is more than the quota of {quota}: kept, as asked for"
    if asked and asked > len(facts.mask):
        there = plural(len(facts.mask), "CPU")
        yield f"{request.cpus_option} {asked:g} is more than the {there} of this process: {there} counted"


def _about(row: Variable, inputs: PolicyInput) -> Iterator[str]:
    value = inputs.provenance.user_values.get(row.name)
    if value is None or not row.applies_to(inputs.program.row.name):
        return
    for problem in _problems(row, value, inputs):
        yield f"{row.name}={value} {problem}: kept, since you set it"


def _problems(row: Variable, value: str, inputs: PolicyInput) -> Iterator[str]:
    if not _sensible(row, value):
        yield f"makes no sense to {row.readers.partition(':')[0]}"
    elif row.quantity in (THREADS, CPUS, POOL):
        yield from _too_many(row, value, inputs)
    elif row.quantity == PINNING:
        yield from _outside(value, inputs)
    elif inputs.budget.is_throttled and value.lower() in ("infinite", "active"):
        yield "spins, which spends the quota"


def _sensible(row: Variable, value: str) -> bool:
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
    """KMP_AFFINITY with an explicit list of CPUs that this process does not have."""
    _, found, rest = value.partition("proclist=[")
    listed = rest.partition("]")[0].translate({ord(character): None for character in "{} "})
    try:
        strangers = _proclist(listed) - inputs.budget.cpus if found else frozenset()
    except ValueError:
        return
    if strangers:
        yield "names CPUs that this process may not use"


def _proclist(text: str) -> set[int]:
    """Read a list of CPUs in which a range may have a stride: "0-6:2"."""
    cpus: set[int] = set()
    for part in text.split(","):
        numbers, colon, stride = part.partition(":")
        cpus.update(sorted(parse(numbers))[:: whole(stride) if colon else 1])
    return cpus


def _pairs(inputs: PolicyInput, environ: Mapping[str, str]) -> Iterator[str]:
    """Settings that undo each other, and bindings that do more than they say."""
    mine = inputs.provenance.user_values
    for name in inputs.bindings:
        if environ[name].lower() == "false":
            continue
        if "KMP_AFFINITY" in mine:
            yield f"KMP_AFFINITY and {name} are both set: Intel's OpenMP obeys the first, GNU's the second"
        else:
            yield (
                f"{name}={environ[name]} pins the thread that loads OpenMP, and all it starts later,"
                " to few CPUs: kept, since you set it"
            )
    omp, mkl = (count(mine.get(name)) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"))
    if omp and mkl and omp != mkl:
        yield f"OMP_NUM_THREADS={omp} and MKL_NUM_THREADS={mkl} differ: MKL and PyTorch obey the second"
    policy, time = mine.get("OMP_WAIT_POLICY", "").lower(), mine.get("KMP_BLOCKTIME", "").lower()
    if (policy, time) == ("passive", "infinite") or (policy == "active" and time and time != "infinite"):
        yield (
            f"OMP_WAIT_POLICY={policy} and KMP_BLOCKTIME={time} contradict each other:"
            " Intel's OpenMP obeys the second, GNU's the first"
        )


def _unheard(inputs: PolicyInput) -> Iterator[str]:
    """What does not reach the command."""
    program = inputs.program
    if program.libraries and program.libraries.ignores_kmp:
        carried = " and ".join(sorted(program.libraries.runtimes)) or "no OpenMP"
        why = f"{program.libraries.python} carries {carried}, which does not read it"
        for name in (name for name in inputs.provenance.user_values if name.startswith("KMP_")):
            yield f"{name} has no effect: {why}"
    if program.affinity_narrowed_by:
        word = program.affinity_narrowed_by
        yield f"{word} narrows the CPUs after they were counted: better {word} ... mkl-launch -- COMMAND"
    if program.env_cleared_by:
        command = program.argv[0] if program.argv else "the command"
        yield f"{program.env_cleared_by}: {command} gets no setting"
    for row in program.row.arguments:
        for name in row.follows if row.exclusive else ():
            if (
                name in inputs.provenance.user_values
                and set(row.unless_set) & inputs.provenance.user_values.keys()
            ):
                yield f"{name} is not passed on: {program.row.name} refuses {row.option} beside the others"
