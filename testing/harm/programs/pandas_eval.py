"""pandas.eval, which is NumExpr from 10,000 rows on."""

import numexpr
import numpy as np
import pandas as pd
from told import short, tell

if __name__ == "__main__":
    random = np.random.default_rng(0)
    frame = pd.DataFrame({name: random.random(400_000) for name in "abc"})
    total = sum(float(pd.eval("frame.a * sin(frame.b) + frame.c ** 2").sum()) for _ in range(40))
    tell(short(total), numexpr.get_num_threads())
