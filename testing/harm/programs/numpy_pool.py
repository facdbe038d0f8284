"""A pool of processes that multiply matrices, of any start method; the parent has computed before."""

import multiprocessing

from told import masks, multiply, of_processes, tell, words


def compute(seed: int) -> tuple[tuple[int, int, str], list[int]]:
    return multiply(seed), masks()


if __name__ == "__main__":
    (method,) = words("fork|spawn|forkserver")
    multiply(0, 3)
    with multiprocessing.get_context(method).Pool(2) as pool:
        found = pool.map(compute, range(4), chunksize=1)
    tell(*of_processes([one for one, _ in found]), narrowest=min(min(mask) for _, mask in found))
