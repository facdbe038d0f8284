"""Job launchers, test runners, Spark, R, Julia and simulations. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import TRAINING, Argument, Command
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
    *("mpirun.mpich", "mpiexec.mpich", "mpiexec.hydra", "horovodrun"),
)
# Options without a value, of Open MPI, Hydra and Horovod. All other options have one.
MPIRUN_FLAGS = (
    *("--allow-run-as-root", "--oversubscribe", "--nooversubscribe", "--report-bindings", "--tag-output"),
    *("--use-hwthread-cpus", "--display-map", "--verbose", "-v", "-q", "-l", "-prepend-rank", "-verbose"),
    *("--gloo", "--mpi", "-nolocal", "--nolocal", "-nooversubscribe", "-oversubscribe", "-tag-output"),
)
# Options with two values, of Open MPI and Hydra.
MPIRUN_PAIRS = (
    *("-mca", "--mca", "-gmca", "--gmca", "--prtemca", "--pmixmca", "--tune"),
    *("-genv", "-env"),
)
# Options without a value, of `accelerate launch`.
ACCELERATE_FLAGS = (
    *(
        "--quiet",
        "-q",
        "--cpu",
        "--multi_gpu",
        "--tpu",
        "--use_deepspeed",
        "--use_fsdp",
        "--use_megatron_lm",
    ),
    *(
        "--dynamo_use_fullgraph",
        "--dynamo_use_dynamic",
        "--dynamo_use_regional_compilation",
        "--module",
        "-m",
    ),
    *("--use_parallelism_config", "--same_network", "--no_python", "--tpu_cluster", "--no_tpu_cluster"),
    *("--tpu_use_sudo", "--downcast_bf16", "--debug", "--enable_cpu_affinity", "--ipex", "--use_xpu"),
)
# accelerate starts several processes only with one of these options, by its settings file, or on several
# GPUs. Otherwise it starts one process and ignores `--num_processes` (`launch_command` in
# https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/commands/launch.py).
ACCELERATE_SEVERAL = (
    *("--multi_gpu", "--use_fsdp", "--use_deepspeed", "--use_megatron_lm", "--tpu", "--mpirun_hostfile"),
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
    Command(
        "torchrun",
        TRAINING,
        "https://docs.pytorch.org/docs/stable/elastic/run.html",
        one_process=False,
        worker_options=("--nproc-per-node", "--nproc_per_node"),
        worker_variables=("PET_NPROC_PER_NODE",),
        per_cpu_values=("auto", "cpu"),
        per_gpu_values=("auto", "gpu"),
        flags=(
            *("--standalone", "--no-python", "--no_python", "--run-path", "--run_path"),
            *("-m", "--module", "--use-env", "--use_env"),
        ),
        modules=("torch.distributed.run", "torch.distributed.launch"),
    ),
    *(
        Command(
            name,
            TRAINING,
            MPIRUN,
            one_process=False,
            worker_options=("-np", "-n", "--np", "--n", "-c"),
            two_value_options=MPIRUN_PAIRS,
            workers=None,
            flags=MPIRUN_FLAGS,
            binds_children=True,
            per_machine_options=(
                *("-npernode", "--npernode", "-N", "-ppn", "--ppn", "-perhost", "--perhost"),
                *("--map-by", "-map-by"),
            ),
            program_separator=":",
        )
        for name in MPIRUNS
    ),
    Command(
        "srun",
        TRAINING,
        "https://slurm.schedmd.com/srun.html",
        one_process=False,
        worker_options=("-n", "--ntasks"),
        flags=("-l", "--label", "-O", "--overcommit", "-u", "--unbuffered", "-v", "-Q", "--quiet"),
        binds_children=True,
        per_machine_options=("--ntasks-per-node",),
        machine_count_options=("-N", "--nodes"),
    ),
    *(
        Command(
            name,
            TRAINING,
            "https://huggingface.co/docs/accelerate/package_reference/cli#accelerate-launch",
            one_process=False,
            worker_options=("--num_processes", "-n"),
            machine_count_options=("--num_machines",),
            per_gpu_values=("",),
            flags=ACCELERATE_FLAGS,
            single_process_options=("--cpu",),
            multi_process_options=ACCELERATE_SEVERAL,
            subcommand=subcommand,
            modules=modules,
            settings_kind="yaml",
            settings_options=("--config_file",),
            settings_default=(
                "$HF_HOME/accelerate/default_config.yaml",
                "$XDG_CACHE_HOME/huggingface/accelerate/default_config.yaml",
                "$HOME/.cache/huggingface/accelerate/default_config.yaml",
            ),
        )
        for name, subcommand, modules in (
            ("accelerate", "launch", ("accelerate.commands.accelerate_cli",)),
            ("accelerate-launch", "", ("accelerate.commands.launch",)),
        )
    ),
    Command(
        "deepspeed",
        TRAINING,
        "https://www.deepspeed.ai/getting-started/#resource-configuration-single-node",
        one_process=False,
        worker_options=("-i", "--include", "--num_gpus", "--num_accelerators"),
        per_gpu_values=("",),
        flags=(
            "--force_multi",
            "--no_python",
            "--module",
            "--no_local_rank",
            "--bind_cores_to_rank",
            "--save_pid",
        ),
        modules=("deepspeed.launcher.runner",),
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
            worker_options=("--master",),
            workers=None,
            per_cpu_values=("local[*]",),
            single_process_values=((("--master",), ("yarn", "k8s", "spark", "mesos", "local")),),
            sets_child_threads=True,
        )
        for name in ("spark-submit", "pyspark")
    ),
    Command(
        "luigi",
        TRAINING,
        "https://luigi.readthedocs.io/en/stable/configuration.html#core",
        one_process=False,
        worker_options=("--workers",),
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
