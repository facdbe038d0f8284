"""A model for the model servers: it computes on a thread pool and reports the number of threads."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch

TASKS = Path("/proc/self/task")


def handle(data: object, _context: Any) -> list[str]:
    """Answer one request; without data, the server loads the model."""
    if not data:
        return []
    _compute()  # the pool is made at the first
    return [json.dumps(report())]


def report() -> dict[str, Any]:
    """Compute, then report the process and its number of threads."""
    before = _time_of_threads()
    _compute()
    after = _time_of_threads()
    return {
        "pid": os.getpid(),
        "omp_num_threads": os.environ.get("OMP_NUM_THREADS"),
        "threads": sum(spent > before.get(thread, 0) for thread, spent in after.items()),
    }


def _compute() -> None:
    matrix = torch.rand(500, 500)
    for _ in range(4):
        matrix = torch.tanh(matrix @ matrix)


def _time_of_threads() -> dict[str, int]:
    """Return the CPU time of each thread of this process, in nanoseconds."""
    return {task.name: int((task / "schedstat").read_text().split()[0]) for task in TASKS.iterdir()}
