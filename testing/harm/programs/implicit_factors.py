"""implicit: alternating least squares in threads of its own, which warns where a BLAS has more than one."""

import numpy as np
import scipy.sparse
from implicit.als import AlternatingLeastSquares
from told import tell

if __name__ == "__main__":
    ratings = scipy.sparse.random(3000, 2000, density=0.01, format="csr", random_state=0, dtype=np.float32)
    model = AlternatingLeastSquares(factors=64, iterations=6, num_threads=2, random_state=0)
    model.fit(ratings, show_progress=False)
    tell(list(model.user_factors.shape))
