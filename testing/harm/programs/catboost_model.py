"""CatBoost with thread_count=2."""

import numpy as np
from catboost import CatBoostRegressor
from told import short, tell

if __name__ == "__main__":
    data = np.random.default_rng(0).random((20000, 20))
    model = CatBoostRegressor(iterations=60, thread_count=2, verbose=False, allow_writing_files=False)
    tell(short(model.fit(data, data[:, 0]).score(data, data[:, 0])))
