"""XGBoost with n_jobs=2, or with as many threads as it takes by itself."""

import numpy as np
from told import short, tell, words
from xgboost import XGBRegressor

if __name__ == "__main__":
    (jobs,) = words("N_JOBS")
    data = np.random.default_rng(0).random((20000, 20))
    model = XGBRegressor(n_estimators=40, n_jobs=int(jobs) or None)
    tell(short(float(model.fit(data, data[:, 0]).predict(data[:100]).sum())))
