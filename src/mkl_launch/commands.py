"""The commands that are known: one row each. Rows name quantities and variables; none computes.

To add a command, add a row. `source` is where somebody can check what it says.
"""

from __future__ import annotations

from .command import SERVING, TRAINING, Argument, Command, ConfigFile
from .variable import CPUS, INTER_OP, USERS_OWN, WHOLE
from .variables import TF_SERVING_MKL

PARALLELISM = tuple(f"--tensorflow_{kind}_parallelism" for kind in ("intra_op", "inter_op", "session"))
PARALLELISM_VARIABLES = (
    *("TENSORFLOW_INTRA_OP_PARALLELISM", "TENSORFLOW_INTER_OP_PARALLELISM"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
# The server refuses to start with all three, and with two of them drops the third without a word
# (server.cc). A variable of the user's that means the third is passed on where it stands alone.
TF_SERVING_ARGUMENTS = (
    Argument(
        "--tensorflow_session_parallelism",
        USERS_OWN,
        unless=(*PARALLELISM, "--platform_config_file"),
        follows=("TENSORFLOW_SESSION_PARALLELISM",),
        unless_set=PARALLELISM_VARIABLES,
        alone=True,
    ),
    Argument(
        "--tensorflow_intra_op_parallelism",
        CPUS,
        unless=(*PARALLELISM, "--platform_config_file"),
        follows=("TENSORFLOW_INTRA_OP_PARALLELISM", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"),
    ),
    Argument(
        "--tensorflow_inter_op_parallelism",
        INTER_OP,
        unless=(*PARALLELISM, "--platform_config_file"),
        follows=("TENSORFLOW_INTER_OP_PARALLELISM", "TF_NUM_INTEROP_THREADS"),
    ),
)
TF_SERVER = "https://github.com/tensorflow/serving/blob/master/tensorflow_serving/model_servers/server.cc"
MMS_CONFIG = ConfigFile("MMS_CONFIG_FILE", "--mms-config", "config.properties", "MMS_")
TS_CONFIG = ConfigFile(
    "TS_CONFIG_FILE",
    "--ts-config",
    "config.properties",
    "TS_",
    workers=("default_workers_per_model",),
    each_model="models",
)
MMS_SOURCE = "https://github.com/awslabs/multi-model-server/blob/master/docs/configuration.md"

MPIRUN = "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html"
MPIRUNS = (
    *(
        "mpirun",
        "mpiexec",
        "mpirun.openmpi",
        "mpiexec.openmpi",
        "orterun",
        "prterun",
    ),  # Open MPI, in Debian too
    *("mpirun.mpich", "mpiexec.mpich", "mpiexec.hydra", "horovodrun"),
)
# Options without a value, of Open MPI, of Hydra and of Horovod; all others have one.
MPIRUN_FLAGS = (
    *("--allow-run-as-root", "--oversubscribe", "--nooversubscribe", "--report-bindings", "--tag-output"),
    *("--use-hwthread-cpus", "--display-map", "--verbose", "-v", "-q", "-l", "-prepend-rank", "-verbose"),
    *("--gloo", "--mpi"),
)
TRITON = "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html"
OVMS = "https://docs.openvino.ai/2025/model-server/ovms_docs_parameters.html"
LLAMA = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"
TEI = "https://github.com/huggingface/text-embeddings-inference#docker"
OLLAMA = "https://github.com/ollama/ollama/blob/main/llm/llama_server.go"
OLLAMA_NEEDS = "`num_thread` in a request, where it is older than its use of llama-server"
# `-ntomp N` beside another OMP_NUM_THREADS is a fatal error, and so is a `-nt N` that is no multiple of it.
GROMACS = "https://gitlab.com/gromacs/gromacs/-/blob/main/src/gromacs/taskassignment/resourcedivision.cpp"
GROMACS_NAMES = ("gmx", "gmx_d", "gmx_mpi", "gmx_mpi_d", "mdrun", "mdrun_mpi")
JAVA = "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html"
NODE = "https://nodejs.org/api/cli.html#uv_threadpool_sizesize"

COMMANDS: tuple[Command, ...] = (
    Command(
        "tensorflow_model_server",
        SERVING,
        TF_SERVER,
        arguments=TF_SERVING_ARGUMENTS,
        reads=("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        starts_no_others=True,
    ),
    Command(
        "tf_serving_entrypoint.sh",
        SERVING,
        TF_SERVING_MKL,
        arguments=TF_SERVING_ARGUMENTS,
        starts_no_others=True,
    ),
    Command(
        "mxnet-model-server",
        SERVING,
        MMS_SOURCE,
        one_process=False,
        workers=None,
        config=MMS_CONFIG,
        jvm=True,
    ),
    Command(
        "multi-model-server",
        SERVING,
        MMS_SOURCE,
        one_process=False,
        workers=None,
        config=MMS_CONFIG,
        jvm=True,
    ),
    Command(
        "torchserve",
        SERVING,
        "https://github.com/pytorch/serve/blob/master/docs/configuration.md",
        one_process=False,
        workers=None,
        config=TS_CONFIG,
        jvm=True,
    ),
    # SageMaker's: `docker run image serve`.
    Command(
        "serve",
        SERVING,
        "https://github.com/aws/sagemaker-inference-toolkit/blob/master/src/sagemaker_inference/environment.py",
        one_process=False,
        worker_variables=(
            *("MMS_DEFAULT_WORKERS_PER_MODEL", "TS_DEFAULT_WORKERS_PER_MODEL"),
            *("SAGEMAKER_TS_MAX_WORKERS", "SAGEMAKER_MODEL_SERVER_WORKERS", "SAGEMAKER_TFS_INSTANCE_COUNT"),
        ),
        workers=None,
        bare=True,
        jvm=True,
        one_where=(
            "SAGEMAKER_TFS_VERSION",
            "SAGEMAKER_MULTI_MODEL",
            "SAGEMAKER_TS_BATCH_SIZE",
            "SAGEMAKER_TS_MIN_WORKERS",
        ),
    ),
    Command("tritonserver", SERVING, TRITON, needs="instance groups and threads: its models' config.pbtxt"),
    Command("ovms", SERVING, OVMS, reads=(), needs="`--plugin_config '{\"INFERENCE_NUM_THREADS\": N}'`"),
    Command("llama-server", SERVING, LLAMA, reads=("LLAMA_ARG_THREADS",)),
    Command("text-embeddings-router", SERVING, TEI),
    Command("ollama", SERVING, OLLAMA, one_process=False, reads=("LLAMA_ARG_THREADS",), needs=OLLAMA_NEEDS),
    Command(
        "vllm",
        SERVING,
        "https://docs.vllm.ai/en/latest/configuration/engine_args/#parallelconfig",
        one_process=False,
        factors=(
            ("--tensor-parallel-size", "-tp"),
            ("--pipeline-parallel-size", "-pp"),
            ("--data-parallel-size", "-dp"),
        ),
    ),
    Command(
        "gunicorn",
        SERVING,
        "https://docs.gunicorn.org/en/stable/settings.html#workers",
        one_process=False,
        worker_options=("-w", "--workers"),
        option_variables=("GUNICORN_CMD_ARGS",),
        worker_variables=("WEB_CONCURRENCY",),
    ),
    Command(
        "uvicorn",
        SERVING,
        "https://www.uvicorn.org/settings/#production",
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("UVICORN_WORKERS", "WEB_CONCURRENCY"),
    ),
    Command(
        "hypercorn",
        SERVING,
        "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html",
        one_process=False,
        worker_options=("-w", "--workers"),
    ),
    Command(
        "uwsgi",
        SERVING,
        "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#processes",
        one_process=False,
        worker_options=("-p", "--processes", "--workers"),
        needs="`mkl-launch --workers N` where a file of its own names the processes",
        worker_variables=("UWSGI_PROCESSES", "UWSGI_WORKERS"),
    ),
    Command(
        "celery",
        SERVING,
        "https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency",
        one_process=False,
        worker_options=("--autoscale", "-c", "--concurrency"),
        worker_variables=("CELERY_WORKER_CONCURRENCY",),
        workers=None,
        needs="`-c` where it has a quota: its default counts the CPUs of the machine",
        subcommand="worker",
    ),
    Command(
        "ray",
        TRAINING,
        "https://docs.ray.io/en/latest/ray-core/configure.html",
        one_process=False,
        workers=None,
        subcommand="start",
        arguments=(Argument("--num-cpus", WHOLE, unless=("--num-cpus",)),),
        shares_out=True,
    ),
    Command(
        "torchrun",
        TRAINING,
        "https://docs.pytorch.org/docs/stable/elastic/run.html",
        one_process=False,
        worker_options=("--nproc-per-node", "--nproc_per_node"),
        worker_variables=("PET_NPROC_PER_NODE",),
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
            worker_options=("-np", "-n", "--np", "--n"),
            workers=None,
            flags=MPIRUN_FLAGS,
            binds=True,
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
        binds=True,
    ),
    *(
        Command(
            name,
            TRAINING,
            GROMACS,
            one_process=False,
            contradicts=True,
            needs="`-nt N` where it has a quota: it counts the CPUs of the mask",
        )
        for name in GROMACS_NAMES
    ),
    Command("java", SERVING, JAVA, needs="nothing: the JVM reads the mask and the quota itself"),
    Command("node", SERVING, NODE, reads=(), needs="nothing: one thread computes, four wait for files"),
)

UNKNOWN = Command("", TRAINING, "")
CONTRADICTING = frozenset(row.name for row in COMMANDS if row.contradicts)
BY_NAME = {row.name: row for row in COMMANDS}
BY_MODULE = {module: row for row in COMMANDS for module in row.modules}
