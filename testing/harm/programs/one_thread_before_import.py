"""A script that asks for one thread before it imports NumPy, as emcee's documentation advises."""

import os

os.environ["OMP_NUM_THREADS"] = "1"

from told import multiply, tell

if __name__ == "__main__":
    _, threads, result = multiply(0)
    tell([result, threads], threads)
