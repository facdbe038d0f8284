"""Engines that start many processes, and which of them this one is: one row each. Pure.

To add an engine, add a row; the innermost comes first, since what it starts inherits the variables of the
engine that started itself. A number within a job of many machines (RANK, JOB_COMPLETION_INDEX) is none on
this machine, and divides nothing.
"""

from __future__ import annotations

from mkl_launch.core.record import Record

TYPE_CHECKING = False


class Engine(Record):
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
