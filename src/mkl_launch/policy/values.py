"""What each quantity of the table is, for a budget. Pure: one function a quantity, value and reason."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.names import ALLOCATOR
from mkl_launch.core.record import Record
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.budget import Budget
from mkl_launch.policy.pinning import pinning
from mkl_launch.policy.provenance import Provenance
from mkl_launch.tables import variable as v
from mkl_launch.tables.command import JVM_COUNT, SERVING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.model.facts import Preload

    Answer = tuple[str | None, str]  # None: left unset


# What one arena of malloc can hold on 64 bits, HEAP_MAX_SIZE in glibc's malloc/arena.c, in bytes.
ARENA = 64 << 20
# Who sleeps after spinning for as long as a wake-up costs has lost at most twice what the best choice
# would have (competitive spinning, https://www.cs.princeton.edu/research/techreps/TR-319-91). In libgomp
# 2,000 turns take 30 to 100 us. Its own 300,000 are to be 3 ms and are 18 since Skylake, more than a
# neighbour's time slice (https://github.com/gcc-mirror/gcc/blob/master/libgomp/env.c).
# Measured: docs/benchmarks.md#how-long-to-spin.
SPINS = "2000"
SPINS_IN_COMPANY = "1000"
# OpenBLAS counts in powers of two of cycles: 50 us, where its own 28 are 100 ms
# (https://github.com/OpenMathLib/OpenBLAS/blob/develop/driver/others/blas_server.c).
BLAS_SPINS = "17"


class PolicyInput(Record):
    """All that a quantity may depend on."""

    budget: Budget
    request: Request
    provenance: Provenance
    program: Program
    profile: str
    omp_threads: int  # what OMP_NUM_THREADS comes out as
    bindings: tuple[str, ...] = ()  # the user's own kinds of pinning
    memory: int | None = None  # the limit in bytes
    preloads: tuple[Preload, ...] = ()
    preloaded: str = ""  # as it is in the environment
    counted: tuple[tuple[str, int], ...] = ()  # what readers count by themselves: by MASK, ONLINE, LIMITS
    undivided: str = ""  # why libraries that divide the CPUs among processes need OMP_NUM_THREADS unset

    @property
    def arenas_press(self) -> bool:
        """An arena for each thread may come to more than the memory limit."""
        if any(one.library.option == ALLOCATOR and one.path for one in self.preloads):
            return False
        return self.memory is not None and self.budget.compute_threads * ARENA > self.memory

    @property
    def processes(self) -> str:
        """Why the command counts as several processes; empty for one."""
        if self.budget.workers > 1:
            return f"{self.budget.workers} workers"
        row = self.program.row
        if self.program.unknown_starter:
            return f"{row.name} seems to stand behind {self.program.unknown_starter}, which is not known"
        return "" if row.one_process else f"{row.name} starts several processes"


def _cut(budget: Budget) -> str:
    """What a count of cores or CPUs is cut by, to stand behind it."""
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
    return "0", "training: TensorFlow's own choice, as the AWS guide has it"


def _sessions(inputs: PolicyInput) -> Answer:
    if inputs.profile != SERVING:
        return None, "training: not set, as the AWS guide has it"
    return str(max(1, inputs.omp_threads // 4)), f"a quarter of OMP_NUM_THREADS={inputs.omp_threads}"


def _spin_time(inputs: PolicyInput) -> Answer:
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY"):
        return None, "OMP_WAIT_POLICY is set, which this would undo"
    # Threads under a quota have CPUs of their own while it lasts: five small convolutions in PyTorch with
    # libiomp5 2026.2, on 16 CPUs with a quota of 8, are 632 a second with 0 ms and 1526 with 1 ms.
    if _company(inputs) or (inputs.budget.is_throttled and inputs.budget.threads == 1):
        return "0", f"{_shares(inputs)}: do not spin between parallel regions"
    return "1", "1 ms between parallel regions, then sleep"


def _spin_count(inputs: PolicyInput) -> Answer:
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY"):
        return None, "OMP_WAIT_POLICY is set, which this would undo"
    if _company(inputs):
        return SPINS_IN_COMPANY, f"{_company(inputs)}: half of what a wake-up costs, then sleep"
    return SPINS, "for as long as a wake-up costs, then sleep: its own 300000 are longer than a time slice"


def _blas_spins(inputs: PolicyInput) -> Answer:
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY", "").lower() == "active":
        return None, "OMP_WAIT_POLICY=active is set, which this would undo"
    return BLAS_SPINS, "2^17 cycles, as long as a wake-up costs, then sleep: its own 2^28 are 100 ms"


def _waiting(inputs: PolicyInput) -> Answer:
    if _shares(inputs):
        return "PASSIVE", f"{_shares(inputs)}: waiting threads sleep"
    return None, "no quota and one process: threads may spin for a while"


def _shares(inputs: PolicyInput) -> str:
    """Why a thread that spins may keep the CPU from one that has work; empty where that cannot be."""
    return "spinning would spend the quota" if inputs.budget.is_throttled else _company(inputs)


def _company(inputs: PolicyInput) -> str:
    """Why others are known to run on these CPUs. A quota that binds leaves CPUs beside its threads."""
    if inputs.budget.workers > 1:
        return "the workers share the CPUs"
    if inputs.budget.ranks_share_cpus:
        return "the ranks share the CPUs"
    loose = inputs.budget.has_quota and not inputs.budget.is_throttled
    return "a limit, if a loose one, tells of company" if loose else ""


def _quiet(_: PolicyInput) -> Answer:
    return "0", "no dump of the OpenMP settings at every start"


def _whole(inputs: PolicyInput) -> Answer:
    return str(
        inputs.budget.total_cpus
    ), f"{plural(inputs.budget.logical, 'CPU')}{_quota(inputs.budget)}, for all processes"


def _pool(inputs: PolicyInput) -> Answer:
    """A command that starts a process for each CPU must not count one process's share of them."""
    return _whole(inputs) if inputs.budget.one_worker_per_cpu else _tasks(inputs)


def _jvm_count(inputs: PolicyInput) -> Answer:
    if not inputs.budget.one_worker_per_cpu:
        return None, "the number of workers is given"
    by_hand = inputs.request.workers or inputs.request.cpus
    if not (inputs.budget.is_throttled or inputs.budget.limit_is_request or by_hand):
        return None, "no quota: the JVM counts the same CPUs"
    return (
        f"{JVM_COUNT}{inputs.budget.workers}",
        "a worker for each CPU of the budget, whatever the JVM sees",
    )


def _no_binding(inputs: PolicyInput) -> Answer:
    if inputs.budget.is_throttled or inputs.budget.limit_is_request:
        return (
            "nobind",
            f"a {inputs.budget.limit_kind}: not a thread for each core, as many as OMP_NUM_THREADS",
        )
    return None, "no quota: its own choice fits the mask"


def _arenas(inputs: PolicyInput) -> Answer:
    whole = inputs.budget.per_worker(inputs.budget.logical)
    if inputs.memory is None:
        return str(whole), f"{plural(whole, 'CPU')}: no more arenas than threads that run at once"
    arenas = max(1, min(whole, inputs.memory // 4 // ARENA // inputs.budget.workers))
    limit = f"the memory limit of {inputs.memory >> 20} MiB"
    return str(arenas), f"{ARENA >> 20} MiB each, within a quarter of {limit}; {plural(whole, 'CPU')}"


MAX_COMPILERS = 32  # torch/_inductor/config.py
TESSERACTS = 4  # tesseract/src/lstm/lstm.cpp
ONLY_ASKED = "only with an option that asks for it"


def _preload(inputs: PolicyInput) -> Answer:
    """Before what is there already, which is the user's, or an outer launcher's and the user's."""
    if not inputs.preloads:
        return None, ONLY_ASKED
    paths = [one.path for one in inputs.preloads if one.path]
    rest = [path for path in inputs.preloaded.replace(" ", ":").split(":") if path and path not in paths]
    words = ", ".join(f"{one.library.option} {one.library.word}" for one in inputs.preloads if one.path)
    return ":".join([*paths, *rest]), f"asked for: {words}" + (", before yours" if rest else "")


def _allocator_conf(inputs: PolicyInput) -> Answer:
    library = next((one.library for one in inputs.preloads if one.library.conf), None)
    if not library or not library.conf:
        return None, ONLY_ASKED
    return library.conf[1], f"usual for {library.word}: what is freed is kept for the next batch"


def _compilers(inputs: PolicyInput) -> Answer:
    """Cut, but never more than PyTorch's own number."""
    budget = inputs.budget
    if not (budget.is_throttled or budget.limit_is_request or budget.workers > 1 or budget.ranks > 1):
        return None, "nothing cuts the CPUs: its own choice fits the mask"
    number, reason = _pool(inputs)
    return str(min(int(number or 1), MAX_COMPILERS)), reason


def _testers(inputs: PolicyInput) -> Answer:
    budget = inputs.budget
    if not (budget.is_throttled or budget.limit_is_request):
        return None, "no quota: its own count of cores fits"
    return str(min(budget.total_cpus, budget.cores)), f"{plural(budget.cores, 'core')}{_quota(budget)}"


def _fewer_than_four(inputs: PolicyInput) -> Answer:
    if inputs.budget.threads >= TESSERACTS:
        return None, f"{plural(inputs.budget.threads, 'thread')}: it asks for {TESSERACTS}"
    return _threads(inputs)


def _users_own(_: PolicyInput) -> Answer:
    return None, "only where you set it"


COMPUTE: dict[str, Callable[[PolicyInput], Answer]] = {
    v.THREADS: _threads,
    v.CPUS: _cpus,
    v.INTER_OP: _inter_op,
    v.INTER_OP_GUIDE: _inter_op_guide,
    v.SESSIONS: _sessions,
    v.PINNING: pinning,
    v.SPIN_TIME: _spin_time,
    v.SPIN_COUNT: _spin_count,
    v.SPIN_CYCLES: _blas_spins,
    v.WAITING: _waiting,
    v.QUIET: _quiet,
    v.ALL_CPUS: _whole,
    v.POOL: _pool,
    v.JVM_COUNT: _jvm_count,
    v.NO_BINDING: _no_binding,
    v.ARENAS: _arenas,
    v.PRELOAD: _preload,
    v.ALLOCATOR_CONF: _allocator_conf,
    v.COMPILERS: _compilers,
    v.TESTERS: _testers,
    v.FEWER_THAN_FOUR: _fewer_than_four,
    v.USERS_OWN: _users_own,
}
THREAD_COUNTS = frozenset(
    (v.THREADS, v.CPUS, v.INTER_OP, v.INTER_OP_GUIDE, v.SESSIONS, v.ALL_CPUS, v.USERS_OWN)
)
# Unset is a decision there, not the lack of one, so an image's value does not stand in for it.
UNSET_IS_DELIBERATE = frozenset((v.PINNING, v.THREADS, v.CPUS, v.POOL))
ZERO_IS_AUTO = ("TF_NUM_", "TENSORFLOW_")  # 0: TensorFlow chooses
