"""pynndescent, which UMAP is made on, calls numba.set_num_threads(n_jobs)."""

import numpy as np
from pynndescent import NNDescent
from told import tell

if __name__ == "__main__":
    points = np.random.default_rng(0).random((1500, 8), dtype=np.float32)
    index = NNDescent(points, n_neighbors=5, n_jobs=2, random_state=0, tree_init=False)
    found, _ = index.neighbor_graph
    tell([len(found), int((found[:, 0] == np.arange(len(points))).sum())])
