"""The CPUs that schedulers grant a job, in variables. One row each; only a job imports this.

The kernel enforces a number of these only where the scheduler also makes a control group, which is read
there. So the number counts where it is smaller than what the kernel shows. Cloud Run and Azure Container
Apps tell none.
"""

from __future__ import annotations

from mkl_launch.core.record import Record

# What a number means.
LIMIT = "limit"  # enforced where it cannot be seen
GRANT = "grant"  # the CPUs of this job: others have the rest
GUARANTEE = "guarantee"  # at least so much; more if others leave it. Counts with --basis request only

TYPE_CHECKING = False


class Grant(Record):
    """A scheduler and the variables with the number of CPUs that a job has on this machine.

    `job` are variables of which a job has one, because `variables` are names that others use too. The
    first of `variables` that is set counts.
    """

    scheduler: str
    variables: tuple[str, ...]
    job: tuple[str, ...]
    reason: str
    source: str
    kind: str = GRANT
    hosts: str = ""  # a list "HOST NUMBER HOST NUMBER", which counts if it has several hosts
    machines: str = ""  # the number of machines that `variables` count together: not used if more than 1
    unless: tuple[str, ...] = ()  # variables that make the number mean something else
    unit: int = 1  # so much of `variables` is one CPU
    per_process: bool = False  # for one process; several ranks may have as many each
    # Variables of programs that the scheduler sets to the number: with that value they are not the user's.
    sets: tuple[str, ...] = ()
    # Some builds set `sets` to 1. That is the scheduler's if the job's first process was started with it.
    sets_one: bool = False
    least: int = 1  # a smaller number is told where nothing was asked for, and counts as not told


SGE = "https://manpages.debian.org/bookworm/gridengine-common/sge_submit.1.en.html"
HTCONDOR = "https://htcondor.readthedocs.io/en/latest/users-manual/env-of-job.html"
JUPYTERHUB = "https://github.com/jupyterhub/jupyterhub/blob/main/jupyterhub/spawner.py"
GRANTS = (
    Grant(
        "Slurm",
        ("SLURM_CPUS_ON_NODE",),
        ("SLURM_JOB_ID", "SLURM_JOBID", "SLURM_LOCALID"),
        "the CPUs that are allocated on this machine; without ConstrainCores the mask has all",
        "https://slurm.schedmd.com/srun.html#SECTION_OUTPUT-ENVIRONMENT-VARIABLES",
    ),
    Grant(
        "LSF",
        ("LSB_DJOB_NUMPROC",),
        ("LSB_JOBID",),
        "the slots of the job; a slot is a CPU unless the job asks for affinity, and then it is bound",
        "https://www.ibm.com/docs/en/spectrum-lsf/10.1.0?topic=variables-environment-set-job-execution",
        hosts="LSB_MCPU_HOSTS",
        unless=("LSB_AFFINITY_HOSTFILE",),
    ),
    Grant(
        "Grid Engine",
        ("NSLOTS",),
        ("JOB_ID",),
        "the slots of the job",
        SGE,
        machines="NHOSTS",
    ),
    # A chunk's `ompthreads`, else its CPUs; OMP_NUM_THREADS is the same number.
    Grant(
        "PBS",
        ("NCPUS",),
        ("PBS_JOBID",),
        "the CPUs of the first chunk, or the threads of each of its processes",
        "https://github.com/openpbs/openpbs/blob/master/src/resmom/start_exec.c",
        per_process=True,
        sets=("OMP_NUM_THREADS",),
        sets_one=True,  # a build with NAS's changes, without `ompthreads`
    ),
    # The number for the first kind of machine that the job asks for.
    Grant(
        "PBS",
        ("PBS_NUM_PPN",),
        ("PBS_JOBID",),
        "Torque: the processors of the job on each machine (`ppn`)",
        "https://github.com/adaptivecomputing/torque/blob/master/src/resmom/start_exec.c",
        unless=("NCPUS",),
        least=2,  # 1 with `-l procs=8` and `-l ncpus=8`, too
    ),
    # Read in the variables of two libraries of particle physics, which nobody sets for another reason.
    Grant(
        "HTCondor",
        ("CUBACORES", "ROOT_MAX_THREADS"),
        ("BATCH_SYSTEM", "_CONDOR_SLOT", "_CONDOR_SCRATCH_DIR"),
        "the cores of the slot, which twelve variables have",
        HTCONDOR,
        sets=(
            "MKL_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OMP_THREAD_LIMIT",
            "OPENBLAS_NUM_THREADS",
            "PYTHON_CPU_COUNT",
        ),
    ),
    Grant(
        "AWS Lambda",
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE",),
        ("AWS_LAMBDA_FUNCTION_NAME",),
        "1,769 MB have the time of one CPU; the mask has two CPUs or more",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
        kind=LIMIT,
        unless=("AWS_LAMBDA_MAX_CONCURRENCY",),  # on instances of one's own the ratio is another
        unit=1769,
    ),
    # Not every spawner enforces it; where one does, the kernel shows it.
    Grant(
        "JupyterHub",
        ("CPU_LIMIT",),
        ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER"),
        "the CPUs that the user's server may use",
        JUPYTERHUB,
    ),
    Grant(
        "JupyterHub",
        ("CPU_GUARANTEE",),
        ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_USER"),
        "the CPUs that the user's server has at least",
        JUPYTERHUB,
        kind=GUARANTEE,
    ),
)
# Read only in a container of CRI-O without a quota, limit and request: `host.pod`.
CRIO = Grant(
    "CRI-O",
    ("GOMAXPROCS",),
    ("KUBERNETES_SERVICE_HOST",),
    "twice the request of a pod without a limit, rounded up (`min_injected_gomaxprocs`); not with"
    " `MKL_LAUNCH_CPU_REQUEST`, `MKL_LAUNCH_CPU_LIMIT` or a quota, and not if the image sets it",
    "https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md",
    unit=2,
)
# The agent of an Amazon ECS task tells it, not a variable: `host.ecs`.
ECS_UNITS = Grant(
    "Amazon ECS",
    (),
    (),
    "the CPU units of the container, of which 1,024 are one CPU: its weight beside other containers",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html",
    kind=GUARANTEE,
    unit=1024,
)
