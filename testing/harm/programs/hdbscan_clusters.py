"""hdbscan: core distances in processes of joblib's."""

import numpy as np
from hdbscan import HDBSCAN
from told import tell

if __name__ == "__main__":
    random = np.random.default_rng(0)
    points = np.concatenate([random.normal(centre, 0.1, (3000, 3)) for centre in (0, 3, 6)])
    tell(int(HDBSCAN(min_cluster_size=50, core_dist_n_jobs=2).fit(points).labels_.max()) + 1)
