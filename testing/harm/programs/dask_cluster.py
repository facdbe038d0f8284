"""Dask's nanny gives each worker one thread of OpenMP and BLAS, unless the environment has a number."""

import os
import subprocess
import sys
from pathlib import Path

from dask.distributed import Client, LocalCluster
from told import multiply, of_processes, tell, words

SCHEDULER = """
import asyncio
from dask.distributed import Scheduler

async def serve():
    async with Scheduler(port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()

asyncio.run(serve())
"""


def compute(client: Client) -> None:
    client.wait_for_workers(2, timeout=60)
    found = client.gather(client.map(multiply, range(4), pure=False))
    tell(*of_processes(found))


def local_cluster() -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        compute(Client(cluster))


def workers_of_a_command() -> None:
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    scheduler = subprocess.Popen(
        [sys.executable, "-c", SCHEDULER], env=environ, stdout=subprocess.PIPE, text=True
    )
    assert scheduler.stdout
    address = scheduler.stdout.readline().strip()
    options = ["--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    worker = subprocess.Popen(["dask", "worker", address, *options], env=environ)
    with Client(address) as client:
        compute(client)
    for process in (worker, scheduler):
        process.terminate()
        process.wait()


if __name__ == "__main__":
    (kind,) = words("cluster|command")
    local_cluster() if kind == "cluster" else workers_of_a_command()
