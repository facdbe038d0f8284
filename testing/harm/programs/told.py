"""What the programs of this folder have in common: some work, and one line of JSON at their end."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def tell(result: object, threads: int | None = None, **more: object) -> None:
    """Print what came out, and how many threads the program's pools have in all of its processes."""
    known = {"result": result} | ({} if threads is None else {"threads": threads}) | more
    print("\n" + json.dumps(known), flush=True)


def short(number: float) -> str:
    """Return a number as text that the order of a sum does not change."""
    return f"{number:.5g}"


def pool() -> int:
    """Return the size of this process's largest pool of a BLAS or an OpenMP."""
    from threadpoolctl import threadpool_info

    return max((int(found["num_threads"]) for found in threadpool_info()), default=1)


def multiply(seed: int, times: int = 12) -> tuple[int, int, str]:
    """Multiply matrices; return this process, its threads and what came out."""
    import numpy as np

    matrix = np.random.default_rng(seed).random((700, 700))
    total = sum(float((matrix @ matrix).trace()) for _ in range(times))
    return os.getpid(), pool(), short(total)


def of_processes(found: list[tuple[int, int, str]]) -> tuple[list[str], int]:
    """Return the results and the sum of the threads of the processes that computed them."""
    return [result for _, _, result in found], sum(dict(one[:2] for one in found).values())


def masks() -> list[int]:
    """Return how many CPUs each thread of this process may run on."""
    return [len(os.sched_getaffinity(int(task.name))) for task in Path("/proc/self/task").iterdir()]


def words(*names: str) -> list[str]:
    """Return the command line's words, which are `names`."""
    if len(sys.argv) != len(names) + 1:
        sys.exit(f"usage: {sys.argv[0]} {' '.join(names)}")
    return sys.argv[1:]
