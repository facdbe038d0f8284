"""Libraries that divide the CPUs among their own processes: `python dividers.py LIBRARY `.

Prints, as JSON, what each child process computes with: the threads of NumPy's OpenBLAS and of libgomp.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def threads() -> dict[str, int]:
    """Return the threads of this process, as the libraries that it has loaded count them."""
    import numpy as np  # noqa: F401  # loads OpenBLAS
    from threadpoolctl import threadpool_info

    blas = {pool["num_threads"] for pool in threadpool_info() if pool["internal_api"] == "openblas"}
    return {"openblas": max(blas), "openmp": openmp()}


def openmp() -> int:
    """Return the threads of the system's libgomp, which reads the environment when it is loaded."""
    return int(ctypes.CDLL("libgomp.so.1").omp_get_max_threads())


def show(children: list[Any]) -> None:
    print(json.dumps(children))


def of_joblib() -> None:
    import dividers  # joblib 1.0 cannot pickle what is in __main__ for Python 3.11
    from joblib import Parallel, delayed

    show(Parallel(n_jobs=2)(delayed(dividers.threads)() for _ in range(2)))


def of_joblib_share() -> None:
    """Return the number of threads that joblib gives the worker of a pool of one."""
    from joblib._parallel_backends import LokyBackend

    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    made = LokyBackend()._prepare_worker_env(n_jobs=1)  # noqa: SLF001  # the share itself
    show([{name: made[name] for name in names}])


def of_dask() -> None:
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        show(list(Client(cluster).run(threads).values()))


def of_ray() -> None:
    import ray

    ray.init(num_cpus=2, include_dashboard=False, logging_level="error")

    task = ray.remote(num_cpus=1)(threads)
    actor = ray.remote(RayActor).remote()
    show([ray.get(task.remote()), ray.get(actor.threads.remote())])


class RayActor:
    def threads(self) -> dict[str, int]:
        return threads()


def of_lightning() -> None:
    from lightning.fabric import Fabric

    Fabric(accelerator="cpu", devices=2, strategy="ddp_fork").launch(lightning_rank)
    _show_ranks()


def lightning_rank(fabric: Any) -> None:
    """Write the threads of a rank: Lightning calls PyTorch and sets OMP_NUM_THREADS."""
    import torch

    found = {"torch": torch.get_num_threads(), "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS")}
    Path(os.environ["DIVIDERS"], str(fabric.global_rank)).write_text(json.dumps(found))
    fabric.barrier()  # if rank 0 ended first, the other could not join: it has the store of both


def of_torchrun() -> None:
    """Start torchrun as a module of another Python, as scripts do."""
    _ranks([sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"])


def of_torchrun_within() -> None:
    from torch.distributed.run import main

    main(["--standalone", "--nproc-per-node=2", __file__, "rank"])
    _show_ranks()


ACCELERATE = ["--main_process_port=0", "--num_machines=1", "--mixed_precision=no", "--dynamo_backend=no"]


def of_accelerate() -> None:
    """Start one process on all cores."""
    _ranks([sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes=1", *ACCELERATE])


def of_accelerate_ranks() -> None:
    """Start processes for two GPUs by the torchrun of accelerate; they start without a GPU."""
    from accelerate.commands.accelerate_cli import main

    sys.argv = ["accelerate", "launch", "--multi_gpu", "--num_processes=2", *ACCELERATE, __file__, "rank"]
    main()
    _show_ranks()


def of_mmengine() -> None:
    from mmengine.utils.dl_utils import set_multi_processing

    set_multi_processing(distributed=True)
    command = [sys.executable, __file__, "rank"]
    subprocess.run(command, check=True)
    _show_ranks()


def _ranks(command: list[str]) -> None:
    subprocess.run([*command, __file__, "rank"], check=True, stdout=subprocess.DEVNULL)
    _show_ranks()


def rank() -> None:
    Path(os.environ["DIVIDERS"], str(os.getpid())).write_text(json.dumps(threads()))


def _show_ranks() -> None:
    show([json.loads(path.read_text()) for path in Path(os.environ["DIVIDERS"]).iterdir()])


if __name__ == "__main__":
    globals()[sys.argv[1] if sys.argv[1] == "rank" else f"of_{sys.argv[1]}"]()
