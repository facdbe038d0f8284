"""stumpy: a matrix profile in the threads of Numba."""

import numpy as np
import stumpy
from told import short, tell

if __name__ == "__main__":
    profile = stumpy.stump(np.random.default_rng(0).random(3000), 50)
    tell(short(float(profile[:, 0].astype(float).sum())))
