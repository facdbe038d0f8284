"""Intel's MKL and OpenMP, as conda's NumPy has them: the parent computes, then starts processes."""

import ctypes
import multiprocessing
import os
import sys
from array import array

from told import masks, tell, words

SIZE = 600
BLAS = ctypes.CDLL(f"{sys.prefix}/lib/libmkl_rt.so.3")
ROWS, PLAIN, ONE = 101, 111, ctypes.c_double(1)


def compute(times: int) -> tuple[int, int, int, float]:
    """Multiply; return this process, its threads, its narrowest mask and what came out."""
    a, b, c = ((ctypes.c_double * SIZE**2).from_buffer(array("d", [0.5]) * SIZE**2) for _ in range(3))
    for _ in range(times):
        BLAS.cblas_dgemm(ROWS, PLAIN, PLAIN, SIZE, SIZE, SIZE, ONE, a, SIZE, b, SIZE, ONE, c, SIZE)
    return os.getpid(), BLAS.MKL_Get_Max_Threads(), len(os.sched_getaffinity(0)), c[0]


if __name__ == "__main__":
    (method,) = words("fork|spawn|forkserver")
    compute(5)
    with multiprocessing.get_context(method).Pool(2) as pool:
        found = pool.map(compute, [30] * 4, chunksize=1)
    threads = sum(dict(one[:2] for one in found).values())
    narrowest = min(*masks(), *(mask for _, _, mask, _ in found))
    tell([result for *_, result in found], threads, narrowest=narrowest)
