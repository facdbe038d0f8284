"""Model servers. One row each.

To add a command, add a row here and its name to `lookup.py`. `source` is the page or the file that proves
the row.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVING, Argument, Command, ConfigFile
from mkl_launch.tables.variable_row import CPUS, INTER_OP, USERS_OWN
from mkl_launch.tables.variables import TF_SERVING_MKL

PARALLELISM = tuple(f"--tensorflow_{kind}_parallelism" for kind in ("intra_op", "inter_op", "session"))
PARALLELISM_VARIABLES = (
    *("TENSORFLOW_INTRA_OP_PARALLELISM", "TENSORFLOW_INTER_OP_PARALLELISM"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
# The server fails with all three arguments. With intra_op and inter_op it ignores session without a message
# (server.cc). So a session variable of the user is passed on only if no other one is set.
TF_SERVING_ARGUMENTS = (
    Argument(
        "--tensorflow_session_parallelism",
        USERS_OWN,
        unless=(*PARALLELISM, "--platform_config_file"),
        follows=("TENSORFLOW_SESSION_PARALLELISM",),
        unless_set=PARALLELISM_VARIABLES,
        exclusive=True,
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

TRITON = "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html"
OVMS = "https://docs.openvino.ai/2025/model-server/ovms_docs_parameters.html"
JAVA = "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html"
NODE = "https://nodejs.org/api/cli.html#uv_threadpool_sizesize"

# Words in a file `serve` of one of SageMaker's toolkits: what it imports or starts.
SAGEMAKER = ("sagemaker", "multi_model_server", "model_server_container")
MLSERVER = "https://mlserver.readthedocs.io/en/latest/user-guide/parallel-inference.html"

ROWS: tuple[Command, ...] = (
    Command(
        "tensorflow_model_server",
        SERVING,
        TF_SERVER,
        arguments=TF_SERVING_ARGUMENTS,
        reads_directly=("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        has_no_children=True,
    ),
    Command(
        "tf_serving_entrypoint.sh",
        SERVING,
        TF_SERVING_MKL,
        arguments=TF_SERVING_ARGUMENTS,
        has_no_children=True,
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
    # SageMaker: `docker run IMAGE serve`. Ray and AWS also have programs of this name, which start others.
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
        without_arguments_only=True,
        jvm=True,
        single_process_if_set=(
            "SAGEMAKER_TFS_VERSION",
            "SAGEMAKER_TS_BATCH_SIZE",
            "SAGEMAKER_TS_MIN_WORKERS",
        ),
        on_demand_if=(("SAGEMAKER_MULTI_MODEL", "true"),),
        evidence=SAGEMAKER,
        evidence_variables=(
            *("SAGEMAKER_SERVING_MODULE", "SAGEMAKER_PROGRAM", "SAGEMAKER_SUBMIT_DIRECTORY"),
            *("SAGEMAKER_TFS_INTRA_OP_PARALLELISM", "SAGEMAKER_TFS_INTER_OP_PARALLELISM"),
        ),
    ),
    # Ray Serve: it starts Ray if no Ray runs.
    Command(
        "serve",
        SERVING,
        "https://docs.ray.io/en/latest/serve/api/index.html#serve-run",
        one_process=False,
        workers=None,
        subcommand="run",
        sets_child_threads=True,
    ),
    Command(
        "tritonserver", SERVING, TRITON, user_action="instance groups and threads: its models' config.pbtxt"
    ),
    Command(
        "ovms",
        SERVING,
        OVMS,
        reads_directly=(),
        user_action="`--plugin_config '{\"INFERENCE_NUM_THREADS\": N}'`",
    ),
    Command(
        "bentoml",
        SERVING,
        "https://docs.bentoml.com/en/latest/build-with-bentoml/parallelize-requests.html",
        # The code of a service sets its workers; `--api-workers` is for services before BentoML 1.2.
        one_process=False,
        user_action="`mkl-launch --workers N` if the service's code says `workers=N`",
        subcommand="serve",
    ),
    Command(
        "bentoml",
        SERVING,
        "https://github.com/bentoml/BentoML/blob/v0.13.1/bentoml/cli/bento_service.py",
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("BENTOML_GUNICORN_WORKERS",),
        subcommand="serve-gunicorn",
    ),
    Command(
        "mlserver",
        SERVING,
        MLSERVER,
        one_process=False,
        worker_variables=("MLSERVER_PARALLEL_WORKERS",),
        subcommand="start",
        settings_kind="json",
        settings_default=("settings.json",),
    ),
    Command(
        "mlflow",
        SERVING,
        "https://mlflow.org/docs/latest/cli.html#mlflow-models-serve",
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("MLFLOW_MODELS_WORKERS",),
        subcommand="models serve",
    ),
    Command(
        "mlflow",
        SERVING,
        "https://mlflow.org/docs/latest/cli.html#mlflow-ui",
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("MLFLOW_WORKERS",),
        workers=4,
        subcommand="ui",
    ),
    Command(
        "mlflow",
        SERVING,
        "https://mlflow.org/docs/latest/cli.html#mlflow-server",
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("MLFLOW_WORKERS",),
        workers=4,
        subcommand="server",
    ),
    Command(
        "seldon-core-microservice",
        SERVING,
        "https://docs.seldon.ai/seldon-core-1/configuration/wrappers-and-sdks/python-language-wrapper/python_server",
        one_process=False,
        # As many processes wait for requests of gRPC as GRPC_WORKERS says. Clients use one of the two.
        worker_options=("--workers",),
        worker_variables=("GUNICORN_WORKERS", "GRPC_WORKERS"),
        single_process_options=("--debug",),
    ),
    Command(
        "azmlinfsrv",
        SERVING,
        "https://learn.microsoft.com/azure/machine-learning/how-to-inference-server-http",
        one_process=False,
        worker_options=("--worker_count",),
        worker_variables=("WORKER_COUNT",),
    ),
    Command(
        "kserve",
        SERVING,
        "https://github.com/kserve/kserve/blob/master/python/kserve/kserve/model_server.py",
        one_process=False,
        worker_options=("--workers",),
        # Of vLLM, which huggingfaceserver runs.
        factors=(("--tensor-parallel-size", "-tp"), ("--pipeline-parallel-size", "-pp")),
        modules=("kserve.model_server",),
        # predictiveserver starts one process for LightGBM.
        single_process_values=((("--framework",), ("lightgbm",)),),
        aliases=(
            "huggingfaceserver",
            "sklearnserver",
            "xgbserver",
            "lgbserver",
            "pmmlserver",
            "paddleserver",
            *("autogluonserver", "catboostserver", "predictiveserver"),
        ),
    ),
    # A process for each worker of a model in Python. Their number is the CPUs over OMP_NUM_THREADS, which
    # is 1 for them by default; a GPU has fewer.
    Command(
        "djl-serving",
        SERVING,
        "https://docs.djl.ai/master/docs/serving/serving/docs/configurations_model.html",
        one_process=False,
        worker_variables=("SERVING_MAX_WORKERS",),
        workers=None,
        jvm=True,
    ),
    Command(
        "java",
        SERVING,
        JAVA,
        is_common_word=True,
        user_action="nothing: the JVM reads the mask and the quota itself",
    ),
    Command(
        "node",
        SERVING,
        NODE,
        is_common_word=True,
        reads_directly=(),
        user_action="nothing: one thread computes, four wait for files",
    ),
)
