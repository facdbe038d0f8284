"""How long a thread should spin before it sleeps: what the constants of `quantities.py` rest on.

With as many threads as there are CPUs, and as many as a quota of half of them has, so that nothing but the
time of waiting differs.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

import speed
import workloads
from contenders import CLEAN, Contender

if TYPE_CHECKING:
    from collections.abc import Callable

# Of libgomp in turns of its loop, 2,000 of which take 30 to 100 us; of OpenBLAS a power of two of cycles.
VALUES = {
    "GOMP_SPINCOUNT": (0, 500, 1000, 2000, 5000, 20_000, 300_000),
    "OPENBLAS_THREAD_TIMEOUT": (4, 14, 17, 20, 28),
}
VARIABLES = {
    "ResNet-50, PyTorch": "GOMP_SPINCOUNT",
    "BERT-base, PyTorch": "GOMP_SPINCOUNT",
    "boosting, scikit-learn": "GOMP_SPINCOUNT",
    "boosting, XGBoost": "GOMP_SPINCOUNT",
    "matrix product, NumPy": "OPENBLAS_THREAD_TIMEOUT",
}


def limits(cpus: int) -> dict[speed.Limit, int]:
    """With the number of threads; half of two CPUs is one thread, which waits for nobody."""
    half = {speed.Limit(f"{cpus // 2}", cpus // 2): cpus // 2} if cpus >= 4 else {}
    return {speed.Limit(speed.NO_LIMIT): cpus, **half}


def measure(
    names: list[str], rounds: int, seconds: float, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Rows of data, for each program, limit, company and value."""
    rows: list[dict[str, Any]] = []
    for program in (one for one in workloads.PROGRAMS if one.name in {*names} & {*VARIABLES}):
        for limit, threads in limits(os.cpu_count() or 1).items():
            found = _rows(program, limit, _contenders(program, threads), rounds, seconds)
            for beside in speed.COMPANY:
                rates = (f"{row['value']} {row['rate']:.1f}" for row in found if row["company"] == beside)
                say(f"{program.name} | {limit.name} | {beside}: {', '.join(rates)}")
            rows += found
    return rows


def _rows(
    program: workloads.Program,
    limit: speed.Limit,
    contenders: list[Contender],
    rounds: int,
    seconds: float,
) -> list[dict[str, Any]]:
    rows = []
    where = {"program": program.name, "limit": limit.name, "variable": VARIABLES[program.name]}
    with contextlib.ExitStack() as stack:
        ways = speed.started(program, contenders, limit, stack)
        for way in ways.values():
            way.change(limit.quota)
        for beside in speed.COMPANY:
            with speed.company(beside) as second:
                found = speed.interleaved(ways, rounds, seconds, second=second)
            rows += [{**where, "company": beside, "value": value, **one} for value, one in found.items()]
    return rows


def _contenders(program: workloads.Program, threads: int) -> list[Contender]:
    variable = VARIABLES[program.name]
    number = {"OMP_NUM_THREADS": str(threads)}
    return [
        Contender(str(value), (), CLEAN | number | {variable: str(value)}) for value in VALUES[variable]
    ]
