"""A program that gives each of its processes one thread, unless the environment says otherwise."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from multiprocessing import get_context

from told import multiply, of_processes, tell

if __name__ == "__main__":
    with get_context("fork").Pool(2) as pool:
        tell(*of_processes(pool.map(multiply, range(4), chunksize=1)))
