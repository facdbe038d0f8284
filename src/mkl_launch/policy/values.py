"""The functions that compute the quantities of the table: value and reason. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.option_names import ALLOCATOR
from mkl_launch.core.record import Record
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.budget import Budget
from mkl_launch.policy.pinning import pinning
from mkl_launch.policy.provenance import Provenance
from mkl_launch.policy.waiting import spin_count, spin_cycles, spin_time, wait_policy
from mkl_launch.tables import variable_row as v
from mkl_launch.tables.command_row import JVM_COUNT, SERVING
from mkl_launch.tables.variables import PRELOADED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkl_launch.model.facts import Facts, Preload
    from mkl_launch.policy.tuned_values import TunedValues

    Answer = tuple[str | None, str]  # (value, reason); value None: left unset


# The largest size of one arena of malloc in bytes, on 64 bits: HEAP_MAX_SIZE in glibc's malloc/arena.c.
ARENA = 64 << 20


class PolicyInput(Record):
    """Everything that the value of a variable, or a warning, may depend on."""

    facts: Facts
    environ: Mapping[str, str]  # as the program will see it, before any setting
    request: Request
    provenance: Provenance
    program: Program
    budget: Budget
    profile: str
    omp_threads: int  # the number in OMP_NUM_THREADS, by the user or computed
    bindings: tuple[str, ...]  # variables with which the user pins threads
    reader_counts: tuple[tuple[str, int], ...]  # CPUs that programs count themselves: MASK, ONLINE, LIMITS
    why_openmp_unset: str  # why libraries that divide the CPUs need OMP_NUM_THREADS unset
    tuned: TunedValues | None = None  # a profile of --tune that fits

    @property
    def memory(self) -> int | None:
        """Return the memory limit in bytes; None if not limited."""
        return self.facts.limits.memory.size

    @property
    def preloads(self) -> tuple[Preload, ...]:
        """Return the requested libraries that are installed."""
        return tuple(preload for preload in self.facts.preloads if preload.path)

    @property
    def arenas_exceed_memory(self) -> bool:
        """Return True if an arena for each thread may be more than the memory limit."""
        if any(preload.library.option == ALLOCATOR for preload in self.preloads):
            return False
        return self.memory is not None and self.budget.compute_threads * ARENA > self.memory

    @property
    def why_several_processes(self) -> str:
        """Return why the command counts as several processes; "" if it is one."""
        if self.budget.workers > 1:
            return f"{self.budget.workers} workers"
        row = self.program.row
        if self.program.unknown_starter:
            return f"{row.name} seems to be started by {self.program.unknown_starter}, which is not known"
        return "" if row.one_process else f"{row.name} starts several processes"


def _cut(budget: Budget) -> str:
    """Return the end of a reason: what else than the number of cores or CPUs decides."""
    return _quota(budget) + (f" / {budget.workers} workers" if budget.workers > 1 else "")


def _quota(budget: Budget) -> str:
    tight = budget.quota is not None and budget.quota < budget.logical
    return f", a {budget.limit_kind} of {plural(budget.quota or 0, 'CPU')}" if tight else ""


def _threads(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    return str(budget.threads), f"{plural(budget.cores, 'core')}{_cut(budget)}"


def _cpus(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    return str(budget.per_worker(budget.logical)), f"{plural(budget.logical, 'CPU')}{_cut(budget)}"


def _tasks(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    up = ", rounded up, as they do not wait for each other" if budget.quota and budget.quota % 1 else ""
    return str(budget.task_threads), f"{plural(budget.logical, 'CPU')}{_cut(budget)}{up}"


def _inter_op(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    number = max(2, min(budget.sockets, budget.per_worker(budget.logical)))
    sockets = plural(budget.sockets, "socket")
    cut = _cut(budget) if number < budget.sockets else ""
    return str(number), f"{sockets}{cut}, at least 2, so that one operation does not hold up the next"


def _inter_op_guide(inputs: PolicyInput) -> Answer:
    if inputs.profile == SERVING:
        return _inter_op(inputs)
    return "0", "training: TensorFlow's own choice, like the AWS guide"


def _sessions(inputs: PolicyInput) -> Answer:
    if inputs.profile != SERVING:
        return None, "training: not set, like the AWS guide"
    return str(max(1, inputs.omp_threads // 4)), f"a quarter of OMP_NUM_THREADS={inputs.omp_threads}"


def _all_cpus(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    return str(budget.total_cpus), f"{plural(budget.logical, 'CPU')}{_quota(budget)}, for all processes"


def _pool(inputs: PolicyInput) -> Answer:
    """Return all CPUs for a command that starts a process for each CPU, else one worker's part."""
    return _all_cpus(inputs) if inputs.budget.one_worker_per_cpu else _tasks(inputs)


def _jvm_count(inputs: PolicyInput) -> Answer:
    if not inputs.budget.one_worker_per_cpu:
        return None, "the number of workers is given"
    by_hand = inputs.request.workers or inputs.request.cpus
    if not (inputs.budget.is_throttled or inputs.budget.limit_is_request or by_hand):
        return None, "no quota: the JVM counts the same CPUs"
    count = f"{JVM_COUNT}{inputs.budget.workers}"
    return count, "a worker for each CPU of the budget, whatever the JVM sees"


def _no_binding(inputs: PolicyInput) -> Answer:
    if inputs.budget.is_throttled or inputs.budget.limit_is_request:
        kind = inputs.budget.limit_kind
        return "nobind", f"under a {kind}: as many threads as OMP_NUM_THREADS, not one on each core"
    return None, "no quota: its reader's own choice fits the mask"


def _arenas(inputs: PolicyInput) -> Answer:
    whole = inputs.budget.per_worker(inputs.budget.logical)
    if inputs.memory is None:
        return str(whole), f"{plural(whole, 'CPU')}: no more arenas than threads that run at once"
    arenas = max(1, min(whole, inputs.memory // 4 // ARENA // inputs.budget.workers))
    limit = f"the memory limit of {inputs.memory >> 20} MiB"
    return str(arenas), f"{ARENA >> 20} MiB each, within a quarter of {limit}; {plural(whole, 'CPU')}"


MAX_COMPILERS = 32  # torch/_inductor/config.py
TESSERACT_THREADS = 4  # tesseract/src/lstm/lstm.cpp
NOT_REQUESTED = "only with an option that asks for it"


def _preload(inputs: PolicyInput) -> Answer:
    """Return the requested libraries, followed by those that are in the environment already."""
    if not inputs.preloads:
        return None, NOT_REQUESTED
    paths = [preload.path for preload in inputs.preloads if preload.path]
    present = inputs.environ.get(PRELOADED, "").replace(" ", ":").split(":")
    rest = [path for path in present if path and path not in paths]
    words = ", ".join(f"{preload.library.option} {preload.library.word}" for preload in inputs.preloads)
    return ":".join([*paths, *rest]), f"asked for: {words}" + (", before yours" if rest else "")


def _allocator_conf(inputs: PolicyInput) -> Answer:
    library = next((preload.library for preload in inputs.preloads if preload.library.conf), None)
    if not library or not library.conf:
        return None, NOT_REQUESTED
    return library.conf[1], f"usual for {library.word}: what is freed is kept for the next batch"


def _compilers(inputs: PolicyInput) -> Answer:
    """Return PyTorch's own number, or fewer if the CPUs are limited or shared."""
    budget = inputs.budget
    if not (budget.is_throttled or budget.limit_is_request or budget.workers > 1 or budget.ranks > 1):
        return None, "no limit and no other process reduces the CPUs: its reader's own number fits"
    number, reason = _pool(inputs)
    return str(min(int(number or 1), MAX_COMPILERS)), reason


def _testers(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    if not (budget.is_throttled or budget.limit_is_request):
        return None, "no quota: its reader's own count of cores fits"
    return str(min(budget.total_cpus, budget.cores)), f"{plural(budget.cores, 'core')}{_quota(budget)}"


def _fewer_than_four(inputs: PolicyInput) -> Answer:
    if inputs.budget.threads >= TESSERACT_THREADS:
        return None, f"{plural(inputs.budget.threads, 'thread')}: its reader asks for {TESSERACT_THREADS}"
    return _threads(inputs)


COMPUTE: dict[str, Callable[[PolicyInput], Answer]] = {
    v.THREADS: _threads,
    v.CPUS: _cpus,
    v.INTER_OP: _inter_op,
    v.INTER_OP_GUIDE: _inter_op_guide,
    v.SESSIONS: _sessions,
    v.PINNING: pinning,
    v.SPIN_TIME: spin_time,
    v.SPIN_COUNT: spin_count,
    v.SPIN_CYCLES: spin_cycles,
    v.WAITING: wait_policy,
    v.QUIET: lambda _: ("0", "no dump of the OpenMP settings at every start"),
    v.ALL_CPUS: _all_cpus,
    v.POOL: _pool,
    v.JVM_COUNT: _jvm_count,
    v.NO_BINDING: _no_binding,
    v.ARENAS: _arenas,
    v.PRELOAD: _preload,
    v.ALLOCATOR_CONF: _allocator_conf,
    v.COMPILERS: _compilers,
    v.TESTERS: _testers,
    v.FEWER_THAN_FOUR: _fewer_than_four,
    v.USERS_OWN: lambda _: (None, "only if you set it"),
}
THREAD_COUNTS = frozenset(
    (v.THREADS, v.CPUS, v.INTER_OP, v.INTER_OP_GUIDE, v.SESSIONS, v.ALL_CPUS, v.USERS_OWN)
)
# If such a variable is left unset, that is a decision: a value of the image is removed.
UNSET_IS_DELIBERATE = frozenset((v.PINNING, v.THREADS, v.CPUS, v.POOL))
ZERO_IS_AUTO = ("TF_NUM_", "TENSORFLOW_")  # 0: TensorFlow chooses
