"""LightGBM with n_jobs=2, or with as many threads as it takes by itself."""

import numpy as np
from lightgbm import LGBMRegressor
from told import short, tell, words

if __name__ == "__main__":
    (jobs,) = words("N_JOBS")
    data = np.random.default_rng(0).random((20000, 20))
    model = LGBMRegressor(n_estimators=60, n_jobs=int(jobs) or None, verbose=-1)
    tell(short(float(model.fit(data, data[:, 0]).predict(data[:100]).sum())))
