"""Job launchers, and the variables that tell a process its local rank. One row each.

The order counts: a job launcher that runs inside another one comes before it, because its processes have
the variables of both. A rank in a job of several machines (RANK, JOB_COMPLETION_INDEX) is not used: it is
not the rank on this machine.
"""

from __future__ import annotations

from mkl_launch.core.record import Record

TYPE_CHECKING = False


class JobLauncher(Record):
    """A program that starts several processes (ranks) on one machine or on several.

    All fields but `name` and `source` are names of environment variables. Without `local_size`, only
    OMP_NUM_THREADS tells the CPUs that the job launcher gives to a rank.
    """

    name: str
    marker: str  # set in every rank
    source: str
    local_rank: str = ""
    # The number of ranks on this machine, in the first of these that is set: a number, or Slurm's list for
    # all machines, "2(x3),1", in which `node` is the index of this machine.
    local_size: tuple[str, ...] = ()
    machines: str = ""  # `local_size` has the number on so many machines, each with the same number
    node: str = ""
    # A list of the ranks on this machine. If its length is not the local size, then the size was inherited
    # from another step and is ignored.
    members: str = ""
    sets_threads: bool = False  # the job launcher sets OMP_NUM_THREADS if the user does not


MVAPICH = "https://mvapich.cse.ohio-state.edu/userguide/"
JOB_LAUNCHERS = (
    JobLauncher(
        "torchrun",
        "TORCHELASTIC_RUN_ID",
        "https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables",
        local_rank="LOCAL_RANK",
        local_size=("LOCAL_WORLD_SIZE",),
        sets_threads=True,
    ),
    JobLauncher(
        "Ray",
        "RAY_RAYLET_PID",
        "https://docs.ray.io/en/latest/ray-core/configure.html#omp-num-thread-note",
        sets_threads=True,
    ),
    JobLauncher(
        "Horovod",
        "HOROVOD_LOCAL_RANK",
        "https://github.com/horovod/horovod/blob/master/horovod/runner/gloo_run.py",
        local_rank="HOROVOD_LOCAL_RANK",
        local_size=("HOROVOD_LOCAL_SIZE",),
    ),
    JobLauncher(
        "Open MPI",
        "OMPI_COMM_WORLD_LOCAL_RANK",
        "https://docs.open-mpi.org/en/main/tuning-apps/environment-var.html",
        local_rank="OMPI_COMM_WORLD_LOCAL_RANK",
        local_size=("OMPI_COMM_WORLD_LOCAL_SIZE",),
    ),
    # Spectrum MPI's ranks have Open MPI's variables beside these.
    JobLauncher(
        "jsrun",
        "JSM_NAMESPACE_LOCAL_RANK",
        "https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.plugins.environments.LSFEnvironment.html",
        local_rank="JSM_NAMESPACE_LOCAL_RANK",
        local_size=("JSM_NAMESPACE_LOCAL_SIZE",),
    ),
    JobLauncher(
        "MPICH",  # Hydra, which Intel MPI has too
        "MPI_LOCALRANKID",
        "https://github.com/pmodels/mpich/blob/main/src/pm/hydra/proxy/pmip_cb.c",
        local_rank="MPI_LOCALRANKID",
        local_size=("MPI_LOCALNRANKS",),
    ),
    JobLauncher(
        "MVAPICH",
        "MV2_COMM_WORLD_LOCAL_RANK",
        MVAPICH,
        local_rank="MV2_COMM_WORLD_LOCAL_RANK",
        local_size=("MV2_COMM_WORLD_LOCAL_SIZE",),
    ),
    JobLauncher(
        "PALS",
        "PALS_LOCAL_RANKID",
        "https://cpe.ext.hpe.com/docs/latest/pals/",
        local_rank="PALS_LOCAL_RANKID",
        local_size=("PALS_LOCAL_SIZE",),
    ),
    JobLauncher(
        "Flux",
        "FLUX_TASK_LOCAL_ID",
        "https://github.com/flux-framework/flux-core/blob/master/doc/man7/flux-environment.rst",
        local_rank="FLUX_TASK_LOCAL_ID",
        local_size=("FLUX_JOB_SIZE",),
        machines="FLUX_JOB_NNODES",
    ),
    JobLauncher(
        "Slurm",
        "SLURM_LOCALID",
        "https://slurm.schedmd.com/srun.html#SECTION_OUTPUT-ENVIRONMENT-VARIABLES",
        local_rank="SLURM_LOCALID",
        # Not SLURM_NTASKS_PER_NODE, which a batch script has too, that is one process.
        local_size=("SLURM_STEP_TASKS_PER_NODE",),
        node="SLURM_NODEID",
        members="SLURM_GTIDS",
    ),
)
# `mkl-launch --instances` is a job launcher too. Its ranks divide the CPUs of the process that starts it.
INSTANCES = JobLauncher(
    "mkl-launch",
    "MKL_LAUNCH_INSTANCE",
    "https://github.com/mkl-launch/mkl-launch",
    local_rank="MKL_LAUNCH_INSTANCE",
    local_size=("MKL_LAUNCH_INSTANCES",),
)
