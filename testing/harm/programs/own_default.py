"""A program that reads OMP_NUM_THREADS itself and has another default of its own, as pixell has."""

import os
from concurrent.futures import ThreadPoolExecutor

from told import tell


def spin(number: int) -> int:
    return sum(i * number for i in range(1_500_000))


if __name__ == "__main__":
    threads = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))
    with ThreadPoolExecutor(threads) as executor:
        tell(sum(executor.map(spin, range(8))), threads)
