"""How long a thread should spin before it sleeps: what the constants of `quantities.py` rest on.

Without a limit and with as many threads as CPUs, so that nothing but the time of waiting differs.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import speed
import workloads
from contenders import CLEAN, Contender

if TYPE_CHECKING:
    from collections.abc import Callable

# Of libgomp in turns of its loop, of which 20,000 take 1 ms or so; of OpenBLAS as a power of two of cycles.
VALUES = {
    "GOMP_SPINCOUNT": (0, 1000, 2000, 5000, 10_000, 20_000, 50_000, 300_000),
    "OPENBLAS_THREAD_TIMEOUT": (4, 14, 17, 19, 21, 23, 28),
}
VARIABLES = {
    "ResNet-50, PyTorch": "GOMP_SPINCOUNT",
    "BERT-base, PyTorch": "GOMP_SPINCOUNT",
    "boosting, scikit-learn": "GOMP_SPINCOUNT",
    "boosting, XGBoost": "GOMP_SPINCOUNT",
    "matrix product, NumPy": "OPENBLAS_THREAD_TIMEOUT",
}


def measure(
    names: list[str], rounds: int, seconds: float, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Rows of data, for each program, company and value."""
    rows: list[dict[str, Any]] = []
    for program in (program for program in workloads.PROGRAMS if program.name in {*names} & {*VARIABLES}):
        variable = VARIABLES[program.name]
        with contextlib.ExitStack() as stack:
            ways = speed.started(program, _contenders(variable), speed.Limit(speed.NO_LIMIT), stack)
            for beside in speed.COMPANY if ways else ():
                with speed.company(beside) as second:
                    found = speed.interleaved(ways, rounds, seconds, second=second)
                where = {"program": program.name, "variable": variable, "company": beside}
                rows += [{**where, "value": value, **summary} for value, summary in found.items()]
                rates = ", ".join(f"{value} {one['rate']:.1f}" for value, one in found.items())
                say(f"{program.name} | {beside} | {variable}: {rates}")
    return rows


def _contenders(variable: str) -> list[Contender]:
    return [Contender(str(value), (), CLEAN | {variable: str(value)}) for value in VALUES[variable]]
