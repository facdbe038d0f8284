"""A pool of all CPUs but one, as many programs have it: there is none, if one CPU is counted."""

import os
from multiprocessing import Pool

from told import tell


def square(number: int) -> int:
    return sum(i * number for i in range(300_000))


if __name__ == "__main__":
    with Pool((os.cpu_count() or 2) - 1) as pool:
        tell(pool.map(square, range(4), chunksize=1))
