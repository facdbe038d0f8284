"""Engines that start many processes, and which of them this one is: one row each. Pure.

To add an engine, add a row; the innermost comes first, since what it starts inherits the variables of the
engine that started itself. A number within a job of many machines (RANK, JOB_COMPLETION_INDEX) is none on
this machine, and divides nothing.
"""

from __future__ import annotations

from .cpulist import MAX_CPU, whole
from .record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class Engine:
    """Something that starts several processes (ranks) on one machine, perhaps on several machines.

    `local_size` are variables with the number of its processes on this machine, the first that is there
    counts: a number, or Slurm's list of the numbers on each machine ("2(x3),1") of which `node` has the
    index; one that was handed down from another step differs from how many `members` lists. Without them
    its OMP_NUM_THREADS is all that is known of this process's share.
    """

    name: str
    marker: str  # a variable of every process that it starts
    source: str
    local_rank: str = ""
    local_size: tuple[str, ...] = ()
    node: str = ""
    members: str = ""  # lists its processes on this machine
    cpus: str = ""  # has the number of CPUs that it gives to all its processes on this machine
    sets_threads: bool = False  # it sets OMP_NUM_THREADS itself, as no user did


MVAPICH = "https://mvapich.cse.ohio-state.edu/userguide/"
ENGINES = (
    Engine(
        "torchrun",
        "TORCHELASTIC_RUN_ID",
        "https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables",
        local_rank="LOCAL_RANK",
        local_size=("LOCAL_WORLD_SIZE",),
        sets_threads=True,
    ),
    Engine(
        "Ray",
        "RAY_RAYLET_PID",
        "https://docs.ray.io/en/latest/ray-core/configure.html#omp-num-thread-note",
        sets_threads=True,
    ),
    Engine(
        "Horovod",
        "HOROVOD_LOCAL_RANK",
        "https://github.com/horovod/horovod/blob/master/horovod/runner/gloo_run.py",
        local_rank="HOROVOD_LOCAL_RANK",
        local_size=("HOROVOD_LOCAL_SIZE",),
    ),
    Engine(
        "Open MPI",
        "OMPI_COMM_WORLD_LOCAL_RANK",
        "https://docs.open-mpi.org/en/main/tuning-apps/environment-var.html",
        local_rank="OMPI_COMM_WORLD_LOCAL_RANK",
        local_size=("OMPI_COMM_WORLD_LOCAL_SIZE",),
    ),
    Engine(
        "MPICH",  # Hydra, which Intel MPI has too
        "MPI_LOCALRANKID",
        "https://github.com/pmodels/mpich/blob/main/src/pm/hydra/proxy/pmip_cb.c",
        local_rank="MPI_LOCALRANKID",
        local_size=("MPI_LOCALNRANKS",),
    ),
    Engine(
        "MVAPICH",
        "MV2_COMM_WORLD_LOCAL_RANK",
        MVAPICH,
        local_rank="MV2_COMM_WORLD_LOCAL_RANK",
        local_size=("MV2_COMM_WORLD_LOCAL_SIZE",),
    ),
    Engine(
        "PALS",
        "PALS_LOCAL_RANKID",
        "https://cpe.ext.hpe.com/docs/latest/pals/",
        local_rank="PALS_LOCAL_RANKID",
        local_size=("PALS_LOCAL_SIZE",),
    ),
    Engine(
        "Slurm",
        "SLURM_LOCALID",
        "https://slurm.schedmd.com/srun.html#SECTION_OUTPUT-ENVIRONMENT-VARIABLES",
        local_rank="SLURM_LOCALID",
        # Not SLURM_NTASKS_PER_NODE, which a batch script has too, that is one process.
        local_size=("SLURM_STEP_TASKS_PER_NODE",),
        node="SLURM_NODEID",
        members="SLURM_GTIDS",
        cpus="SLURM_CPUS_ON_NODE",
    ),
)
# What `mkl-launch --instances` starts: ranks of its own, within the share of whatever started that.
INSTANCES = Engine(
    "mkl-launch",
    "MKL_LAUNCH_INSTANCE",
    "https://github.com/mkl-launch/mkl-launch",
    local_rank="MKL_LAUNCH_INSTANCE",
    local_size=("MKL_LAUNCH_INSTANCES",),
)


@record
class Rank:
    """Which of the engine's processes on this machine this is: `number` from 0, of `size`."""

    engine: Engine
    number: int
    size: int


@record
class Starter:
    """The engine's own process, as far as it can be seen: its environment as in /proc/PID/environ."""

    pid: str = ""
    mask: frozenset[int] = frozenset()
    environ: str = ""


@record
class Place:
    """Where one of them runs: `cpus` are its own, `base` those of all of them together."""

    cpus: frozenset[int]
    base: frozenset[int]
    size: int = 1  # processes that share the base
    number: int = 0
    bound: bool = False  # its mask is its share already
    crowd: int = 1  # processes on its very CPUs


def engine(environ: Mapping[str, str]) -> Engine | None:
    """The engine that started this process."""
    return next((row for row in ENGINES if row.marker in environ), None)


def ranks(environ: Mapping[str, str], *, started: bool = False) -> tuple[Rank, ...]:
    """What this process is of an engine and, where its supervisor has just `started` it, of instances.

    What an instance starts has its variables too: those are no second share.
    """
    rows = (engine(environ), INSTANCES if started else None)
    return tuple(rank for row in rows if row for rank in (_rank(row, environ),) if rank)


def told_by(environ: Mapping[str, str]) -> str:
    """The variable that tells this process from the one that started it and others; none if it is alone."""
    names = (*(rank.engine.local_rank for rank in ranks(environ)), INSTANCES.local_rank)
    return next((name for name in names if name in environ), "")


def _rank(row: Engine, environ: Mapping[str, str]) -> Rank | None:
    text = next((environ[name] for name in row.local_size if name in environ), "")
    try:
        number, size = whole(environ.get(row.local_rank, "")), _on_node(text, environ.get(row.node, ""))
    except ValueError:
        return None
    members = environ.get(row.members, "")
    if members and members.count(",") + 1 != size:
        return None
    return Rank(row, number, size) if number < size <= MAX_CPU else None


def _on_node(text: str, node: str) -> int:
    """The number for a machine in "2(x3),1": 2, 2, 2, 1. A plain number is for all. Raises ValueError."""
    numbers = [part.partition("(x") for part in text.split(",")]
    at = whole(node) if len(numbers) > 1 else 0
    for number, _, times in numbers:
        machines = whole(times.rstrip(")")) if times else 1
        if at < machines:
            return whole(number)
        at -= machines
    raise ValueError(f"no machine {node} in {text[:80]!r}")
