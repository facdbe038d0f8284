"""faiss: a search in a flat index, in OpenMP threads and a BLAS."""

import faiss
import numpy as np
from told import tell

if __name__ == "__main__":
    vectors = np.random.default_rng(0).random((20000, 64), dtype=np.float32)
    index = faiss.IndexFlatL2(64)
    index.add(vectors)
    _, found = index.search(vectors[:2000], 5)
    tell(int((found[:, 0] == np.arange(2000)).sum()), faiss.omp_get_max_threads())
