"""A search over a model that has threads of its own, in processes of joblib's."""

from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from told import short, tell, words

MODELS = {
    "boosting": (HistGradientBoostingClassifier(max_iter=15, random_state=0), {"max_leaf_nodes": [7, 15]}),
    "forest": (RandomForestClassifier(n_estimators=40, n_jobs=2, random_state=0), {"max_depth": [4, 6]}),
}

if __name__ == "__main__":
    name, jobs = words("boosting|forest", "N_JOBS")
    model, grid = MODELS[name]
    data = make_classification(2500, 20, random_state=0)
    search = GridSearchCV(model, grid, n_jobs=int(jobs), cv=2).fit(*data)
    tell([short(score) for score in search.cv_results_["mean_test_score"]])
