"""The programs that are compared: a row each, of what its work depends on; units.py has the work."""

from __future__ import annotations

from typing import NamedTuple

from contenders import PIN, WAIT, WORKERS


class Program(NamedTuple):
    """Of units.py: what it hears of a sweep, and the variables that its work depends on."""

    name: str
    hears: frozenset[str]
    # Of each entry the first variable that is set counts; the first entry is its number of threads.
    reads: tuple[tuple[str, ...], ...] = ()
    reads_quota: bool = False  # by itself, once for its life
    server: bool = False  # not of units.py


OPENMP, NOTHING = frozenset((WAIT, PIN)), frozenset[str]()
SPINNING = (("OMP_WAIT_POLICY",), ("GOMP_SPINCOUNT",), ("OPENBLAS_THREAD_TIMEOUT",))
PRELOADED = (("LD_PRELOAD",), ("MALLOC_CONF",))
GOMP = (("OMP_NUM_THREADS",), ("OMP_PROC_BIND",), ("OMP_PLACES",), *SPINNING, *PRELOADED)
PYTORCH = (*GOMP, ("MKL_NUM_THREADS", "OMP_NUM_THREADS"))
TENSORFLOW = (("TF_NUM_INTRAOP_THREADS",), ("TF_NUM_INTEROP_THREADS",), *PRELOADED)
ONNX_RUNTIME = (("ORT_INTRA_OP_NUM_THREADS",), *PRELOADED)  # its sessions run one operation at a time
OPENBLAS = (("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), *SPINNING, *PRELOADED)
RAYON = (("RAYON_NUM_THREADS",), ("TOKENIZERS_PARALLELISM",), *PRELOADED)
PROGRAMS = (
    Program("ResNet-50, PyTorch", OPENMP, PYTORCH),
    Program("ResNet-50, TensorFlow", NOTHING, TENSORFLOW),
    Program("ResNet-50, ONNX Runtime", NOTHING, ONNX_RUNTIME),
    Program("BERT-base, PyTorch", OPENMP, PYTORCH),
    Program("matrix product, NumPy", frozenset((WAIT,)), OPENBLAS),
    Program("boosting, scikit-learn", OPENMP, GOMP, reads_quota=True),
    Program("boosting, XGBoost", OPENMP, GOMP),
    Program("tokenizers", NOTHING, RAYON, reads_quota=True),
    Program("multi-model-server", frozenset((WORKERS,)), reads_quota=True, server=True),
)
