"""How many CPUs Python and joblib count, after a library with OpenMP threads has computed."""

import os

import joblib
from told import multiply, tell

if __name__ == "__main__":
    multiply(0, 3)
    tell([os.cpu_count(), len(os.sched_getaffinity(0))], joblib.cpu_count())
