"""The environment variables that programs read. One row each.

A row names a quantity, which `policy.values` computes. `source` is the page or the file that proves the
row.
"""

from __future__ import annotations

from mkl_launch.tables.tool_variables import TOOL_VARIABLES
from mkl_launch.tables.variable_row import (
    ALLOCATOR_CONF,
    ARENAS,
    CAP,
    CPUS,
    INTER_OP,
    INTER_OP_GUIDE,
    JVM_COUNT,
    LIMITS,
    MASK,
    NO_BINDING,
    ONLINE,
    PINNING,
    POOL,
    PRELOAD,
    QUIET,
    SESSIONS,
    SPIN_COUNT,
    SPIN_CYCLES,
    SPIN_TIME,
    THREADS,
    WAITING,
    Variable,
)

AWS_GUIDE = (
    "https://docs.aws.amazon.com/deep-learning-containers/latest/devguide/deep-learning-containers-mkl.html"
)
INTEL_OPENMP = "https://www.intel.com/content/www/us/en/docs/dpcpp-cpp-compiler/developer-guide-reference/current/supported-environment-variables.html"
TF_SERVING_MKL = (
    "https://github.com/tensorflow/serving/blob/master/tensorflow_serving/tools/docker/Dockerfile.mkl"
)
SAGEMAKER_TFS = "https://github.com/aws/sagemaker-tensorflow-serving-container#environment-variables"
TF_PROCESS_UTIL = (
    "https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/common_runtime/process_util.cc"
)


PRELOADED = "LD_PRELOAD"
OMP_NUM_THREADS = "OMP_NUM_THREADS"  # the thread counts of other libraries follow it

VARIABLES = (
    Variable(
        "TENSORFLOW_INTER_OP_PARALLELISM",
        INTER_OP_GUIDE,
        "entry scripts of TensorFlow Serving MKL images, training scripts after the AWS guide",
        TF_SERVING_MKL,
        ("TF_NUM_INTEROP_THREADS",),
    ),
    Variable(
        "TENSORFLOW_INTRA_OP_PARALLELISM",
        CPUS,
        "entry scripts of TensorFlow Serving MKL images, training scripts after the AWS guide",
        TF_SERVING_MKL,
        ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"),
    ),
    Variable(
        "OMP_NUM_THREADS",
        THREADS,
        "OpenMP (libgomp, libiomp5, libomp): PyTorch, scikit-learn, XGBoost, LightGBM, MXNet; PyArrow",
        "https://www.openmp.org/spec-html/5.0/openmpse50.html",
    ),
    Variable("KMP_AFFINITY", PINNING, "OpenMP of Intel and LLVM (libiomp5, libomp)", INTEL_OPENMP),
    Variable(
        "TENSORFLOW_SESSION_PARALLELISM",
        SESSIONS,
        "entry scripts of early TensorFlow Serving MKL images",
        AWS_GUIDE,
    ),
    Variable("KMP_BLOCKTIME", SPIN_TIME, "OpenMP of Intel and LLVM (libiomp5, libomp)", INTEL_OPENMP),
    Variable("KMP_SETTINGS", QUIET, "OpenMP of Intel and LLVM (libiomp5, libomp)", INTEL_OPENMP),
    Variable(
        "OMP_WAIT_POLICY",
        WAITING,
        "OpenMP (libgomp, libiomp5, libomp)",
        "https://www.openmp.org/spec-html/5.0/openmpse55.html",
    ),
    Variable(
        "GOMP_SPINCOUNT",
        SPIN_COUNT,
        "OpenMP of GCC (libgomp): PyTorch, scikit-learn, XGBoost, LightGBM",
        "https://gcc.gnu.org/onlinedocs/libgomp/GOMP_005fSPINCOUNT.html",
    ),
    Variable(
        "MKL_NUM_THREADS",
        THREADS,
        "Intel MKL: NumPy and SciPy of conda, PyTorch",
        "https://www.intel.com/content/www/us/en/docs/onemkl/developer-guide-linux/current/onemkl-specific-env-vars-for-openmp-thread-ctrl.html",
        ("OMP_NUM_THREADS",),
        falls_back_to_openmp=True,
    ),
    Variable(
        "OPENBLAS_NUM_THREADS",
        THREADS,
        "OpenBLAS: NumPy and SciPy of PyPI",
        "https://github.com/OpenMathLib/OpenBLAS/blob/develop/USAGE.md",
        ("OMP_NUM_THREADS",),
        falls_back_to_openmp=True,
    ),
    Variable(
        "OPENBLAS_THREAD_TIMEOUT",
        SPIN_CYCLES,
        "OpenBLAS: NumPy and SciPy of PyPI",
        "https://github.com/OpenMathLib/OpenBLAS/blob/develop/driver/others/openblas_env.c",
    ),
    Variable(
        "BLIS_NUM_THREADS",
        THREADS,
        "BLIS and AMD AOCL-BLAS",
        "https://github.com/flame/blis/blob/master/docs/Multithreading.md",
        ("OMP_NUM_THREADS",),
        falls_back_to_openmp=True,
    ),
    Variable(
        "NUMEXPR_NUM_THREADS",
        THREADS,
        "NumExpr, pandas.eval",
        "https://numexpr.readthedocs.io/en/latest/user_guide.html#threadpool-configuration",
        ("OMP_NUM_THREADS",),
        falls_back_to_openmp=True,
    ),
    Variable(
        "NUMEXPR_MAX_THREADS",
        THREADS,
        "NumExpr, which starts no more than 64 threads without it",
        "https://numexpr.readthedocs.io/en/latest/user_guide.html#threadpool-configuration",
        ("NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS"),
        kind=CAP,
        only_above=64,
    ),
    Variable(
        "NUMBA_NUM_THREADS",
        THREADS,
        "Numba",
        "https://numba.readthedocs.io/en/stable/reference/envvars.html#threading-control",
        ("OMP_NUM_THREADS",),
        # numba.set_num_threads(n) raises ValueError above it, for example in UMAP.
        kind=CAP,
        opt_in=True,
    ),
    Variable(
        "TF_NUM_INTRAOP_THREADS",
        CPUS,
        "TensorFlow, TensorFlow Serving",
        TF_PROCESS_UTIL,
        ("TENSORFLOW_INTRA_OP_PARALLELISM", "OMP_NUM_THREADS"),
    ),
    Variable(
        "TF_NUM_INTEROP_THREADS",
        INTER_OP,
        "TensorFlow, TensorFlow Serving",
        TF_PROCESS_UTIL,
        ("TENSORFLOW_INTER_OP_PARALLELISM",),
    ),
    Variable(
        "ORT_INTRA_OP_NUM_THREADS",
        THREADS,
        "ONNX Runtime >= 1.29, which otherwise starts and pins a thread for each core of the host",
        "https://github.com/microsoft/onnxruntime/pull/29688",
        ("OMP_NUM_THREADS",),
    ),
    Variable(
        "RAYON_NUM_THREADS",
        CPUS,
        "Rayon: Hugging Face tokenizers, safetensors, Text Embeddings Inference",
        "https://docs.rs/rayon/latest/rayon/struct.ThreadPoolBuilder.html#method.num_threads",
        reader_counts=LIMITS,  # https://doc.rust-lang.org/std/thread/fn.available_parallelism.html
    ),
    Variable(
        "POLARS_MAX_THREADS",
        CPUS,
        "Polars",
        "https://docs.pola.rs/api/python/stable/reference/api/polars.thread_pool_size.html",
        reader_counts=LIMITS,
    ),
    Variable(
        "LLAMA_ARG_THREADS",
        THREADS,
        "llama.cpp: llama-server, llama-cli",
        "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
        ("OMP_NUM_THREADS",),
    ),
    Variable(
        "VLLM_CPU_OMP_THREADS_BIND",
        NO_BINDING,
        "vLLM on CPUs, which otherwise starts a thread for each core of the mask and ignores the quota",
        "https://docs.vllm.ai/en/latest/getting_started/installation/cpu/#related-runtime-environment-variables",
        commands=("vllm",),
        since=("vllm", 0, 12),
    ),
    Variable(
        "JAVA_TOOL_OPTIONS",
        JVM_COUNT,
        "the JVM of a model server, which starts a worker for each CPU that it counts",
        "https://docs.oracle.com/en/java/javase/21/troubleshoot/environment-variables-and-system-properties.html",
        commands=("mxnet-model-server", "multi-model-server", "torchserve", "serve"),
    ),
    Variable(
        "SAGEMAKER_TFS_INTRA_OP_PARALLELISM",
        CPUS,
        "SageMaker's TensorFlow Serving images, which make the server's flags of it",
        SAGEMAKER_TFS,
        ("TENSORFLOW_INTRA_OP_PARALLELISM", "TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"),
        commands=("serve",),
    ),
    Variable(
        "SAGEMAKER_TFS_INTER_OP_PARALLELISM",
        INTER_OP,
        "SageMaker's TensorFlow Serving images, which make the server's flags of it",
        SAGEMAKER_TFS,
        ("TENSORFLOW_INTER_OP_PARALLELISM", "TF_NUM_INTEROP_THREADS"),
        commands=("serve",),
    ),
    # Not set by default. Measured with 4 to 64 threads: one or two arenas lower the peak by 0 to 25 %,
    # but up to twice as much memory stays after it, because free memory in the middle of an arena is not
    # returned.
    Variable(
        "MALLOC_ARENA_MAX",
        ARENAS,
        "glibc's malloc, which makes up to 8 arenas for each CPU of the mask",
        "https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html",
        opt_in=True,
    ),
    Variable(
        PRELOADED,
        PRELOAD,
        "the dynamic linker, for every program",
        "https://man7.org/linux/man-pages/man8/ld.so.8.html",
    ),
    Variable(
        "MALLOC_CONF",
        ALLOCATOR_CONF,
        "jemalloc",
        "https://jemalloc.net/jemalloc.3.html#tuning",
    ),
    Variable(
        "LOKY_MAX_CPU_COUNT",
        POOL,
        "joblib and loky: scikit-learn's n_jobs=-1",
        "https://loky.readthedocs.io/en/stable/API.html#loky.cpu_count",
        kind=CAP,  # a cap of n_jobs=-1 only, not of a number in the program
        reader_counts=MASK,
    ),
    Variable(
        "PYTHON_CPU_COUNT",
        POOL,
        "Python >= 3.13: os.cpu_count(), and with it pools of processes and threads",
        "https://docs.python.org/3/using/cmdline.html#envvar-PYTHON_CPU_COUNT",
        # Programs compute with it: Pool(os.cpu_count() - 1) raises ValueError if it is 1.
        opt_in=True,
        reader_counts=ONLINE,
    ),
    *TOOL_VARIABLES,
)

# Set on isolated CPUs only (`policy.isolated_cpus`): these pin the thread that loads the library, and every
# thread and child that it starts later inherits a mask of one CPU
# (https://github.com/pytorch/pytorch/issues/101850). If the user sets one, no other pinning is added.
BINDING_SWITCH = "OMP_PROC_BIND"
USER_BINDINGS = (BINDING_SWITCH, "OMP_PLACES", "GOMP_CPU_AFFINITY")


def affinity(*, verbose: bool) -> str:
    """Return KMP_AFFINITY of the AWS guide: each thread on one hardware thread, cores before SMT siblings.

    With "verbose", OpenMP prints a line for each thread at each start.
    """
    return f"granularity=fine,{'verbose,' if verbose else ''}compact,1,0"
