"""The programs, limits and neighbours to compare. The work of the programs is in units.py."""

from __future__ import annotations

import math
import os
from typing import Any, NamedTuple

from contenders import PIN, WAIT, WORKERS

NO_LIMIT = "none"
ALONE, BUSY, SECOND = "alone", "a busy process", "a second container"
COMPANY = (ALONE, BUSY, SECOND)


class Limit(NamedTuple):
    """A quota in CPUs, or a cpuset of so many."""

    name: str
    quota: float = math.inf
    cpuset: int = 0

    def options(self, container: int) -> dict[str, Any]:
        """Return the arguments for `cgroups.limited`; a second container has the next CPUs."""
        if not self.cpuset:
            return {"quota": self.quota}
        first = container * self.cpuset
        return {"cpus": f"{first}-{first + self.cpuset - 1}"}


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
# Measured with `--tune` only.
TUNED_TOO = (Program("pool of processes, NumPy", frozenset((WAIT,)), OPENBLAS),)


def limits() -> list[Limit]:
    """Return the limits of the smallest containers, and half and all of the machine."""
    cpus = os.cpu_count() or 1
    quotas = sorted({0.5, 1.0, 1.5, 2.0, float(cpus // 2), float(cpus)})
    found = [Limit(f"{quota:g}", quota) for quota in quotas]
    return [*found, Limit("cpuset of 1", cpuset=1), Limit(NO_LIMIT)]
