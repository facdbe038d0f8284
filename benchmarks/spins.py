"""The time that a thread should spin before it sleeps: the reason for the constants of `policy.waiting`.

With as many threads as there are CPUs, and as many as a quota of half of them has, so that nothing but the
time of waiting differs.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from typing import TYPE_CHECKING, Any

import speed
import workloads
from contenders import CLEAN, OPENMP, Contender

if TYPE_CHECKING:
    from collections.abc import Callable

# Of libgomp in turns of its loop, 2,000 of which take 30 to 100 us; of Intel's OpenMP, preloaded, in ms; of
# OpenBLAS a power of two of cycles.
VALUES = {
    "GOMP_SPINCOUNT": (0, 500, 1000, 2000, 8000, 20_000, 300_000),
    "KMP_BLOCKTIME": (0, 1, 200),
    "OPENBLAS_THREAD_TIMEOUT": (4, 14, 17, 20, 28),
}
PYTORCH = ("ResNet-50, PyTorch", "BERT-base, PyTorch")
READERS = {
    "GOMP_SPINCOUNT": (*PYTORCH, "boosting, scikit-learn", "boosting, XGBoost"),
    "KMP_BLOCKTIME": PYTORCH,
    "OPENBLAS_THREAD_TIMEOUT": ("matrix product, NumPy",),
}


def limits(cpus: int) -> dict[workloads.Limit, int]:
    """Return limits and numbers of threads; with half of two CPUs, one thread has none to wait for."""
    half = {workloads.Limit(f"{cpus // 2}", cpus // 2): cpus // 2} if cpus >= 4 else {}
    return {workloads.Limit(workloads.NO_LIMIT): cpus, **half}


def measure(
    names: list[str], rounds: int, seconds: float, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Return a row for each program, limit, neighbour and value."""
    rows: list[dict[str, Any]] = []
    asked = [(one, variable) for variable, readers in READERS.items() for one in readers if one in names]
    for (name, variable), (limit, threads) in itertools.product(asked, limits(os.cpu_count() or 1).items()):
        program = next(one for one in workloads.PROGRAMS if one.name == name)
        with contextlib.ExitStack() as stack:
            ways = speed.started(program, _contenders(variable, threads), limit, stack)
            for beside in workloads.COMPANY:
                found = _cell(ways, limit, beside, rounds, seconds)
                rates = (f"{value} {one['rate']:.1f}" for value, one in found.items())
                say(f"{name} | {limit.name} | {beside} | {variable}: {', '.join(rates)}")
                where = {"program": name, "limit": limit.name, "variable": variable, "company": beside}
                rows += [{**where, "value": value, **one} for value, one in found.items()]
    return rows


def _cell(
    ways: dict[str, speed.Way], limit: workloads.Limit, beside: str, rounds: int, seconds: float
) -> dict[str, dict[str, Any]]:
    for way in ways.values():
        way.change(limit.quota)
    with speed.company(beside) as second:
        return speed.interleaved(ways, rounds, seconds, second=second)


def _contenders(variable: str, threads: int) -> list[Contender]:
    fixed = CLEAN | {"OMP_NUM_THREADS": str(threads)}
    if variable.startswith("KMP_"):
        fixed |= {"LD_PRELOAD": str(OPENMP)}
    return [Contender(str(value), (), fixed | {variable: str(value)}) for value in VALUES[variable]]
