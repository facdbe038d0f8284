"""Two Python threads after Intel's MKL has computed: they inherit the mask of the main thread."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

from mkl_pool import compute
from told import tell


def digest(seed: int) -> tuple[str, int]:
    found = hashlib.sha256(bytes([seed]) * 40_000_000)
    return found.hexdigest(), len(os.sched_getaffinity(0))


if __name__ == "__main__":
    compute(10)
    with ThreadPoolExecutor(2) as executor:
        found = list(executor.map(digest, range(4)))
    tell([one for one, _ in found], narrowest=min(mask for _, mask in found))
