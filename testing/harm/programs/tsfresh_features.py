"""tsfresh: features in a pool of processes, n_jobs=2."""

import numpy as np
import pandas as pd
from told import tell
from tsfresh import extract_features
from tsfresh.feature_extraction import EfficientFCParameters

if __name__ == "__main__":
    series = pd.DataFrame(
        {
            "id": np.repeat(np.arange(6), 100),
            "time": np.tile(np.arange(100), 6),
            "value": np.random.default_rng(0).random(600),
        }
    )
    settings = EfficientFCParameters()
    found = extract_features(
        series,
        column_id="id",
        column_sort="time",
        default_fc_parameters=settings,
        n_jobs=2,
        disable_progressbar=True,
    )
    tell(list(found.shape))
