"""emcee as documented: OMP_NUM_THREADS=1 in the script, then a pool of processes."""

import os

os.environ["OMP_NUM_THREADS"] = "1"

from multiprocessing import get_context

import emcee
import numpy as np
from told import pool, tell

MATRIX = np.random.default_rng(0).random((300, 300))


def probability(point: "np.ndarray") -> float:
    return -0.5 * float(point @ point) + 1e-30 * float((MATRIX @ MATRIX).sum())


if __name__ == "__main__":
    start = np.random.default_rng(1).random((8, 3))
    with get_context("fork").Pool(2) as workers:
        sampler = emcee.EnsembleSampler(8, 3, probability, pool=workers)
        sampler.run_mcmc(start, 60)
    tell(list(sampler.get_chain().shape), 2 * pool())
