"""A program that sets NUMBA_NUM_THREADS itself before it imports Numba, as quimb does."""

import os

os.environ["NUMBA_NUM_THREADS"] = str(os.cpu_count())

import numba
import numpy as np
from numba_threads import total
from told import short, tell

if __name__ == "__main__":
    values = np.random.default_rng(0).random(3_000_000)
    tell(short(sum(total(values) for _ in range(15))), numba.get_num_threads())
