"""joblib gives each of its workers CPUs / n_jobs threads, unless the environment has a number already."""

from joblib import Parallel, delayed
from told import multiply, of_processes, tell, words

if __name__ == "__main__":
    backend, jobs = words("loky|threading|multiprocessing", "N_JOBS")
    found = Parallel(n_jobs=int(jobs), backend=backend)(delayed(multiply)(seed) for seed in range(4))
    tell(*of_processes(found))
