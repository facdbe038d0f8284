"""Which knob is proven with which real program: one row each, for docs/programs.md.

The version is the one pinned in testing/programs/ENVIRONMENT.txt, with which the test runs. What has no row
here is "from source" there: its citation is in the tables of mkl_launch.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE = "2026-11-23"  # of the last run that these rows were read against


@dataclass(frozen=True)
class Proof:
    """A program, where it comes from, the variables, arguments and commands it is proven with."""

    program: str
    origin: str  # ENVIRONMENT/DISTRIBUTION of PyPI, or in words with the version
    knobs: tuple[str, ...]
    test: str

    @property
    def environment(self) -> str:
        """The requirements file it is pinned in; empty for what is no distribution of PyPI."""
        return self.origin.partition("/")[0] if "/" in self.origin else ""


PROGRAMS, LIBRARIES = "test_programs.py", "test_libraries.py"
SERVERS, WORKERS, STARTED = "test_servers.py", "test_workers.py", "test_started.py"
TOOLS = "test_tools.py"
WAITING = ("OMP_WAIT_POLICY", "KMP_BLOCKTIME", "KMP_AFFINITY")

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
    Proof("ld.so", "glibc 2.36 of Debian 12", ("LD_PRELOAD",), "test_preload.py"),
    Proof("jemalloc", "libjemalloc2 5.3.0 of Debian 12", ("MALLOC_CONF",), "test_preload.py"),
    Proof("Open MPI", "openmpi-bin 4.1.4 of Debian 12", ("mpirun",), "test_engines.py"),
    Proof("MPICH", "mpich 4.0.2 of Debian 12", ("mpirun.mpich",), "test_engines.py"),
    Proof("Slurm", "slurm-wlm 22.05 of Debian 12", ("srun",), "test_engines.py"),
    Proof("TorchServe", "servers/torchserve", ("torchserve", "JAVA_TOOL_OPTIONS"), SERVERS),
    Proof("Gunicorn", "workers/gunicorn", ("gunicorn",), WORKERS),
    Proof("Uvicorn", "workers/uvicorn", ("uvicorn",), WORKERS),
    Proof("Hypercorn", "workers/hypercorn", ("hypercorn",), WORKERS),
    Proof("uWSGI", "workers/pyuwsgi", ("uwsgi",), WORKERS),
    Proof("Celery", "workers/celery", ("celery",), WORKERS),
    Proof("Ray", "workers/ray", ("ray", "--num-cpus"), WORKERS),
    Proof("torchrun", "frameworks/torch", ("torchrun",), WORKERS),
    Proof("Granian", "commands/granian", ("granian",), STARTED),
    Proof("Sanic", "commands/sanic", ("sanic",), STARTED),
    Proof("FastAPI's command", "commands/fastapi-cli", ("fastapi",), STARTED),
    Proof("Dramatiq", "commands/dramatiq", ("dramatiq",), STARTED),
    Proof("Huey", "commands/huey", ("huey_consumer",), STARTED),
    Proof("Taskiq", "commands/taskiq", ("taskiq",), STARTED),
    Proof("Locust", "commands/locust", ("locust",), STARTED),
    Proof("pytest-xdist", "commands/pytest-xdist", ("pytest",), STARTED),
    Proof("Supervisor", "commands/supervisor", ("supervisord",), STARTED),
    Proof("torch.compile", "frameworks/torch", ("TORCHINDUCTOR_COMPILE_THREADS",), TOOLS),
    Proof("JAX", "commands/jax", ("PJRT_NPROC",), TOOLS),
    Proof("OpenCV", "commands/opencv-python-headless", ("OPENCV_FOR_THREADS_NUM",), TOOLS),
    Proof("pytest-xdist, -n auto", "commands/pytest-xdist", ("PYTEST_XDIST_AUTO_NUM_WORKERS",), TOOLS),
    Proof("Tesseract", "Debian's tesseract-ocr 5.3.0", ("tesseract", "OMP_THREAD_LIMIT"), TOOLS),
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
        "test_tf_serving.py",
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
