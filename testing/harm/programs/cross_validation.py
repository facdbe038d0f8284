"""Cross-validation of a linear model: the matrix products of a BLAS in processes of joblib's."""

from sklearn.datasets import make_regression
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score
from told import short, tell

if __name__ == "__main__":
    data = make_regression(6000, 500, noise=1.0, random_state=0)
    tell([short(score) for score in cross_val_score(Ridge(), *data, cv=6, n_jobs=2)])
