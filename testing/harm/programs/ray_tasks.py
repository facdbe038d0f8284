"""Ray in a script: each task gets OMP_NUM_THREADS=1 from Ray, where the environment has no number."""

import ray
from told import multiply, of_processes, tell

if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=80_000_000)
    task = ray.remote(multiply)
    tell(*of_processes(ray.get([task.remote(seed) for seed in range(4)])))
