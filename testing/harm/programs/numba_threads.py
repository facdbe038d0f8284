"""A program that asks Numba for as many threads as the mask has CPUs, as UMAP, cellfinder and ffcv do."""

import os

import numba
import numpy as np
from told import short, tell


@numba.njit(parallel=True, cache=True)
def total(values: "np.ndarray") -> float:
    result = 0.0
    for i in numba.prange(len(values)):
        result += np.sin(values[i]) ** 2
    return result


if __name__ == "__main__":
    numba.set_num_threads(len(os.sched_getaffinity(0)))
    values = np.random.default_rng(0).random(3_000_000)
    tell(short(sum(total(values) for _ in range(15))), numba.get_num_threads())
