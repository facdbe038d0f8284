"""Optuna's n_jobs: trials in threads, each of which trains a forest."""

import optuna
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from told import tell

DATA = make_classification(1500, 20, random_state=0)


def objective(trial: optuna.Trial) -> float:
    forest = RandomForestClassifier(30, max_depth=trial.suggest_int("depth", 2, 6), random_state=0)
    return float(forest.fit(*DATA).score(*DATA))


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(0))
    study.optimize(objective, n_trials=8, n_jobs=2)
    tell(len(study.trials))
