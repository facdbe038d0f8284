"""Job launchers, test runners, Spark, R, Julia and simulations. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVING, TRAINING, Argument, Command
from mkl_launch.tables.variable_row import ALL_CPUS

MPIRUN = "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html"
MPIRUNS = (
    *(
        "mpirun",
        "mpiexec",
        "mpirun.openmpi",
        "mpiexec.openmpi",
        "orterun",
        "prterun",
    ),  # Open MPI, and its names in Debian
    *("mpirun.mpich", "mpiexec.mpich", "mpiexec.hydra"),
)
# Options without a value, of Open MPI and Hydra. All other options have one.
MPIRUN_FLAGS = (
    *("--allow-run-as-root", "--oversubscribe", "--nooversubscribe", "--report-bindings", "--tag-output"),
    *("--use-hwthread-cpus", "--display-map", "--verbose", "-v", "-q", "-l", "-prepend-rank", "-verbose"),
    *("-nolocal", "--nolocal", "-nooversubscribe", "-oversubscribe", "-tag-output"),
)
# Options with two values, of Open MPI and Hydra.
MPIRUN_PAIRS = (
    *("-mca", "--mca", "-gmca", "--gmca", "--prtemca", "--pmixmca", "--tune"),
    *("-genv", "-env"),
)
# Variables with the path of a hostfile, of Open MPI, MPICH and Intel MPI. The MPI Operator sets them
# (https://github.com/kubeflow/mpi-operator/blob/master/pkg/controller/mpi_job_controller.go).
HOST_FILE_VARIABLES = ("OMPI_MCA_orte_default_hostfile", "HYDRA_HOST_FILE", "I_MPI_HYDRA_HOST_FILE")
# Options without a value, of Horovod.
HOROVOD_FLAGS = (
    *("--disable-cache", "--verbose", "--gloo", "--mpi", "--jsrun", "--tcp", "-prefix-timestamp"),
    *("--hierarchical-allreduce", "--no-hierarchical-allreduce", "--hierarchical-allgather"),
    *("--no-hierarchical-allgather", "--torus-allreduce", "--no-torus-allreduce", "--autotune"),
    *("--no-autotune", "--timeline-mark-cycles", "--no-timeline-mark-cycles", "--no-stall-check"),
    *("--stall-check", "--mpi-threads-disable", "--no-mpi-threads-disable", "--log-with-timestamp"),
    *("--log-without-timestamp", "--prefix-output-with-timestamp", "--log-hide-timestamp"),
    *("--no-log-hide-timestamp", "--check-build", "-cb", "--version", "-v"),
)
# Fatal errors: `-ntomp N` with another OMP_NUM_THREADS, and `-nt N` that is not a multiple of it.
GROMACS = "https://gitlab.com/gromacs/gromacs/-/blob/main/src/gromacs/taskassignment/resourcedivision.cpp"
GROMACS_NAMES = ("gmx", "gmx_d", "gmx_mpi", "gmx_mpi_d", "mdrun", "mdrun_mpi")

ROWS: tuple[Command, ...] = (
    *(
        Command(
            name,
            TRAINING,
            GROMACS,
            one_process=False,
            rejects_omp_num_threads=True,
            user_action="set `-nt N` under a quota: the default counts the CPUs of the mask",
        )
        for name in GROMACS_NAMES
    ),
    Command(
        "ray",
        TRAINING,
        "https://docs.ray.io/en/latest/ray-core/configure.html",
        one_process=False,
        workers=None,
        worker_options=("--num-cpus",),
        subcommand="start",
        arguments=(Argument("--num-cpus", ALL_CPUS, unless=("--num-cpus",)),),
        sets_child_threads=True,
    ),
    *(
        Command(
            name,
            TRAINING,
            MPIRUN,
            one_process=False,
            worker_options=("-np", "-n", "--np", "--n", "-c"),
            two_value_options=MPIRUN_PAIRS,
            workers=1 if name.endswith(".mpich") else None,  # Intel's mpiexec.hydra: one for each core
            flags=MPIRUN_FLAGS,
            binds_children=True,
            per_machine_options=(
                *("-npernode", "--npernode", "-N", "-ppn", "--ppn", "-perhost", "--perhost"),
                *("--map-by", "-map-by"),
            ),
            host_options=("-H", "-host", "--host", "-hosts", "--hosts"),
            settings_kind="hosts",
            settings_options=(
                *("--hostfile", "-hostfile", "--machinefile", "-machinefile", "-f"),
                *("--default-hostfile", "--host-file"),
            ),
            settings_variables=HOST_FILE_VARIABLES,
            program_separator=":",
        )
        for name in MPIRUNS
    ),
    # It binds no rank itself, and tells Open MPI and MPICH not to do so (`_NO_BINDING_ARGS` in
    # https://github.com/horovod/horovod/blob/master/horovod/runner/mpi_run.py). Intel MPI binds each rank
    # to its share of the CPUs.
    Command(
        "horovodrun",
        TRAINING,
        "https://github.com/horovod/horovod/blob/master/horovod/runner/launch.py",
        one_process=False,
        worker_options=("-np", "--num-proc"),
        two_value_options=("--blacklist-cooldown-range",),
        workers=None,
        flags=HOROVOD_FLAGS,
        binds_children=True,
        binding_options=("--binding-args",),
        modules=("horovod.runner",),
        host_options=("-H", "--hosts"),
        settings_kind="hosts",
        settings_options=("-hostfile", "--hostfile"),
    ),
    Command(
        "srun",
        TRAINING,
        "https://slurm.schedmd.com/srun.html",
        one_process=False,
        worker_options=("-n", "--ntasks"),
        worker_variables=("SLURM_NTASKS", "SLURM_NPROCS"),
        machine_count_variables=("SLURM_NNODES", "SLURM_JOB_NUM_NODES"),
        flags=("-l", "--label", "-O", "--overcommit", "-u", "--unbuffered", "-v", "-Q", "--quiet"),
        binds_children=True,
        per_machine_options=("--ntasks-per-node",),
        machine_count_options=("-N", "--nodes"),
    ),
    *(
        Command(
            name,
            TRAINING,
            "https://distributed.dask.org/en/stable/resilience.html",
            one_process=False,
            worker_options=("--nworkers", "--nprocs"),
            negative_offset=1,
            sets_child_threads=True,
            subcommand=subcommand,
            modules=modules,
        )
        for name, subcommand, modules in (
            ("dask", "worker", ("dask.__main__",)),
            ("dask-worker", "", ("distributed.cli.dask_worker",)),
        )
    ),
    Command(
        "ipcluster",
        TRAINING,
        "https://ipyparallel.readthedocs.io/en/latest/tutorial/process.html",
        one_process=False,
        worker_options=("-n", "--n"),
        workers=None,
        subcommand="start",
        modules=("ipyparallel.cluster",),
    ),
    Command(
        "pytest",
        TRAINING,
        "https://pytest-xdist.readthedocs.io/en/stable/distribution.html",
        one_process=False,
        worker_options=("-n", "--numprocesses"),
        option_variables=("PYTEST_ADDOPTS",),
        per_cpu_values=("auto", "logical"),
        aliases=("py.test",),
    ),
    Command(
        "locust",
        TRAINING,
        "https://docs.locust.io/en/stable/running-distributed.html#single-machine",
        one_process=False,
        worker_options=("--processes",),
        worker_variables=("LOCUST_PROCESSES",),
        negative_offset=1,
    ),
    *(
        Command(
            name,
            TRAINING,
            "https://github.com/apache/spark/pull/25545",
            one_process=False,
            worker_options=("--master", "spark.master"),
            worker_variables=("MASTER",),
            workers=None,
            per_cpu_values=("local[*]",),
            single_process_values=(
                (("--master", "spark.master"), ("yarn", "k8s", "spark", "mesos", "local")),
            ),
            sets_child_threads=True,
        )
        for name in ("spark-submit", "pyspark")
    ),
    # Its executors start a Python process for each core.
    Command(
        "spark-class",
        SERVING,
        "https://spark.apache.org/docs/latest/spark-standalone.html#starting-a-cluster-manually",
        one_process=False,
        worker_options=("-c", "--cores"),
        worker_variables=("SPARK_WORKER_CORES",),
        workers=None,
        subcommand="org.apache.spark.deploy.worker.Worker",
        sets_child_threads=True,
    ),
    Command(
        "luigi",
        TRAINING,
        "https://luigi.readthedocs.io/en/stable/configuration.html#core",
        one_process=False,
        worker_options=("--workers",),
    ),
    Command(
        "kedro",
        TRAINING,
        "https://docs.kedro.org/en/stable/build/run_a_pipeline/#parallelrunner",
        one_process=False,
        worker_options=("--runner-params",),
        workers=None,
        subcommand="run",
        multi_process_values=((("-r", "--runner"), ("ParallelRunner", "kedro.runner.ParallelRunner")),),
    ),
    Command("tesseract", TRAINING, "https://tesseract-ocr.github.io/tessdoc/FAQ.html"),
    Command("Rscript", TRAINING, "https://stat.ethz.ch/R-manual/R-devel/library/utils/html/Rscript.html"),
    Command(
        "R", TRAINING, "https://cran.r-project.org/doc/manuals/r-release/R-intro.html", is_common_word=True
    ),
    Command(
        "julia",
        TRAINING,
        "https://docs.julialang.org/en/v1/manual/command-line-interface/",
        one_process=False,
        worker_options=("-p", "--procs"),
        flags=("-i", "-q", "--quiet", "-O0", "-O1", "-O2", "-O3", "-v"),
    ),
)
