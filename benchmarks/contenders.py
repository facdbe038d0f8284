"""The contenders: what people use instead of mkl-launch, and a sweep of all settings."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
OPENMP = HERE.parent / ".venvs" / "mkl" / "lib" / "libiomp5.so"
FRAMEWORKS = HERE.parent / ".venvs" / "frameworks" / "bin" / "python"

# Nothing of whoever starts the benchmark. The first Python is the one that the launcher is compiled for.
CLEAN = {
    "PATH": f"{Path(sys.executable).resolve().parent}:/usr/local/bin:/usr/bin:/bin",
    "HOME": os.environ.get("HOME", "/"),
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "ORT_INTRA_OP_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)
WAITS = {
    "": {},
    "passive": {"OMP_WAIT_POLICY": "PASSIVE", "KMP_BLOCKTIME": "0", "OPENBLAS_THREAD_TIMEOUT": "4"},
    "active": {"OMP_WAIT_POLICY": "ACTIVE", "KMP_BLOCKTIME": "infinite"},
}
PINS = {"": {}, "pinned": {"OMP_PROC_BIND": "close", "OMP_PLACES": "cores"}}


WAIT, PIN, WORKERS = "wait", "pin", "workers"  # what a program may hear beside a number of threads


class Contender(NamedTuple):
    """A name, what stands before the program, and what is in its environment."""

    name: str
    prefix: tuple[str, ...]
    environ: dict[str, str]
    swept: bool = False  # one of the sweep's
    adapts: bool = False  # its settings depend on the limit
    config: str = ""  # of the model server


def guide(cpus: int) -> dict[str, str]:
    """Return the variables of AWS's guide for this host: they count the cores of the host."""
    return {
        "OMP_NUM_THREADS": str(cpus),
        "KMP_AFFINITY": "granularity=fine,compact,1,0",
        "KMP_BLOCKTIME": "1",
        "KMP_SETTINGS": "0",
        "TENSORFLOW_INTRA_OP_PARALLELISM": str(cpus),
        "TENSORFLOW_INTER_OP_PARALLELISM": "2",
        "TENSORFLOW_SESSION_PARALLELISM": "0",
    }


def contenders(launcher: str, quota: float | None, own: int) -> list[Contender]:
    """Return the named contenders. `own`: CPUs of the mask, which `floor` counts without a quota."""
    number = max(1, min(own, int(quota or own)))
    run_cpu = (str(FRAMEWORKS), "-m", "torch.backends.xeon.run_cpu", "--no-python")
    return [
        Contender("untouched", (), CLEAN),
        Contender("AWS guide", (), CLEAN | guide(os.cpu_count() or 1)),
        Contender("run_cpu", run_cpu, CLEAN),
        Contender("floor", (), CLEAN | {"OMP_NUM_THREADS": str(number)}),
        Contender("mkl-launch", (launcher, "-q", "--"), CLEAN, adapts=True),
    ]


def sweep(cpus: int, hears: frozenset[str]) -> list[Contender]:
    """Return a contender for each number of threads, wait policy, pinning and number of workers."""
    waits = WAITS if WAIT in hears else {"": {}}
    pins = PINS if PIN in hears else {"": {}}
    workers = counts(cpus) if WORKERS in hears else [0]
    found = []
    for threads, wait, pin, number in itertools.product(counts(cpus), waits, pins, workers):
        if threads > 1 or not wait:  # one thread waits for nobody
            words = f"{threads} threads", wait, pin, f"{number} workers" if number else ""
            environ = CLEAN | dict.fromkeys(THREADS, str(threads)) | waits[wait] | pins[pin]
            config = f"default_workers_per_model={number}\n" if number else ""
            found.append(Contender(" ".join(filter(None, words)), (), environ, swept=True, config=config))
    return found


def counts(cpus: int) -> list[int]:
    """Return the numbers of threads of a sweep: 1 to 4, then powers of two, and all CPUs."""
    powers = (2**power for power in range(3, 11))
    return sorted(number for number in {*range(1, 5), *powers, cpus} if number <= cpus)
