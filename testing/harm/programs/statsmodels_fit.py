"""statsmodels: a regression on a BLAS."""

import numpy as np
import statsmodels.api as sm
from told import pool, short, tell

if __name__ == "__main__":
    random = np.random.default_rng(0)
    columns = random.random((3000, 60))
    fits = [sm.OLS(columns @ random.random(60), columns).fit() for _ in range(12)]
    tell([short(fit.rsquared) for fit in fits], pool())
