"""Real programs that start workers, under real kernel limits, through the installed launcher.

Every worker writes down its parent and the size of its own OpenBLAS pool. Together the workers must not
have more threads than the budget, or one each.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from testing.cgroups import limited
from testing.environments import environment
from testing.process import PATH, parse_environ, report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from testing.cgroups import Limited

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

# Reports at once, and in every process that is forked from this one.
WORK = """
import os
import numpy
import threadpoolctl

def report():
    pools = threadpoolctl.threadpool_info()
    threads = max(pool["num_threads"] for pool in pools if pool["user_api"] == "blas")
    name = os.path.join("reports", str(os.getpid()))
    with open(name + ".part", "w") as file:
        file.write(f"{os.getppid()} {threads}")
    os.rename(name + ".part", name)

def wsgi(environ, start_response):
    start_response("204 No Content", [])
    return []

async def asgi(scope, receive, send):
    while scope["type"] == "lifespan":
        await send({"type": (await receive())["type"] + ".complete"})

os.register_at_fork(after_in_child=report)
report()
"""
QUEUE = """
import celery
import work

app = celery.Celery(broker="memory://")
"""
RANK = """
import time
import work

time.sleep(600)
"""
# Asks a running Ray what it has and what a task, one with all CPUs and an actor get: which of the variables
# named they were started with, and what they have. Each in a process of its own (max_calls), since NumPy
# keeps the pool that it got in the first task of a process.
DRIVER = """
import json
import os
import sys
import ray

OPENMP = set(sys.argv[2:])

def pool():
    import numpy
    import threadpoolctl

    threads = max(pool["num_threads"] for pool in threadpoolctl.threadpool_info())
    with open("/proc/self/environ") as file:
        names = {entry.partition("=")[0] for entry in file.read().split(chr(0))}
    given = sorted(names & OPENMP)
    return {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS"), "pool": threads, "given": given}

class Actor:
    def pool(self):
        return pool()

ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
cpus = int(ray.cluster_resources().get("CPU", 0))
print(json.dumps({
    "cpus": cpus,
    "task": ray.get(ray.remote(num_cpus=1, max_calls=1)(pool).remote()),
    "large task": ray.get(ray.remote(num_cpus=cpus, max_calls=1)(pool).remote()),
    "actor": ray.get(ray.remote(Actor).remote().pool.remote()),
}))
"""


# Each of them would beat the number that Ray gives a task as OMP_NUM_THREADS.
OPENMP = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
)


class Program(NamedTuple):
    """What stands in a line of the tests for a whole command."""

    words: tuple[str, ...]
    environment: str = "workers"


PROGRAMS = {
    "gunicorn": Program(("gunicorn", "--bind=127.0.0.1:0", "work:wsgi")),
    "uvicorn": Program(("uvicorn", "--port=0", "work:asgi")),
    "hypercorn": Program(("hypercorn", "--bind=127.0.0.1:0", "work:asgi")),
    "uwsgi": Program(
        (
            *("uwsgi", "--master", "--lazy-apps", "--die-on-term"),
            *("--http-socket=127.0.0.1:0", "--module=work:wsgi"),
        )
    ),
    "celery": Program(("celery", "--app=tasks", "worker")),
    "torchrun": Program(("torchrun",), "frameworks"),
    "torch.distributed.run": Program(("python", "-m", "torch.distributed.run"), "frameworks"),
}

TWO_WORKERS = (
    "gunicorn -w 2",
    "gunicorn --workers=2",
    "WEB_CONCURRENCY=2 gunicorn",
    "GUNICORN_CMD_ARGS='--workers 2' gunicorn",
    "uvicorn --workers 2",
    "UVICORN_WORKERS=2 uvicorn",
    "WEB_CONCURRENCY=2 uvicorn",
    "hypercorn -w2",
    "uwsgi -p 2",
    "uwsgi --processes=2",
    "UWSGI_WORKERS=2 uwsgi",
    "celery -c 2",
    "celery --concurrency=2",
    "torchrun --nproc-per-node 2 rank.py",
    "torch.distributed.run --nproc_per_node=2 rank.py",
    "PET_NPROC_PER_NODE=2 torch.distributed.run rank.py",
)
# Two numbers are told, and the program goes by the 2.
TWO_AFTER_ALL = (
    "gunicorn -w 1 --workers 2",
    "WEB_CONCURRENCY=1 GUNICORN_CMD_ARGS='-w 2' gunicorn",
    "GUNICORN_CMD_ARGS='-w 1' gunicorn -w 2",
    "WEB_CONCURRENCY=1 UVICORN_WORKERS=2 uvicorn",
    "UWSGI_PROCESSES=1 uwsgi --workers 2",
    "celery -c 1 --concurrency 2",
    "celery -c 1 --autoscale=2,2",
    "torchrun --nproc-per-node=1 --nproc_per_node=2 rank.py",
    "torchrun --nproc-per-node=2 rank.py --nproc-per-node=1",
)
ONE_WORKER = (
    "gunicorn",
    "hypercorn -w 1",
    "uwsgi -p 1",
    "celery -c 1",
    "torchrun --nproc-per-node=1 rank.py",
)
LEFT_ALONE = ("gunicorn -w 2", "uvicorn --workers 2", "hypercorn -w 2", "uwsgi -p 2", "celery -c 2")


class Worker(NamedTuple):
    """What one worker has."""

    omp_num_threads: bytes | None
    pool: int


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    (tmp_path / "reports").mkdir()
    for name, text in (("work", WORK), ("tasks", QUEUE), ("rank", RANK)):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def _parse(line: str) -> tuple[dict[str, str], list[str], Path]:
    """Return the variables, the command and the environment of NAME=VALUE... PROGRAM OPTION..."""
    words = shlex.split(line)
    variables = dict(word.split("=", 1) for word in itertools.takewhile(lambda word: "=" in word, words))
    name, *options = words[len(variables) :]
    program = PROGRAMS[name]
    return variables, [*program.words, *options], environment(program.environment)


def _workers(line: str, place: Path, launch: Sequence[str], quota: float, number: int) -> list[Worker]:
    """Return the workers that this starts, when there are as many and no more come."""
    variables, command, folder = _parse(line)
    environ = {"PATH": f"{folder / 'bin'}:{PATH}", "PYTHONPATH": str(place), **variables}
    with limited(quota=quota) as limit:
        argv = limit.command([*launch, *command])
        with _server(argv, cwd=place, env=environ) as server:
            deadline = time.monotonic() + 300
            while len(_reports(place, server.pid)) < number and time.monotonic() < deadline:
                assert server.poll() is None, (place / "log").read_text()
                time.sleep(0.1)
            time.sleep(0.5)
            found = _reports(place, server.pid)
            assert len(found) == number, (place / "log").read_text()
            return [Worker(_omp_num_threads(pid), pool) for pid, pool in found.items()]


@contextlib.contextmanager
def _server(argv: Sequence[str], *, cwd: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    with (cwd / "log").open("wb") as log:
        server = subprocess.Popen(
            argv, cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
        )
    try:
        yield server
    finally:  # the control group ends the workers
        server.kill()
        server.wait()


def _reports(place: Path, parent: int) -> dict[int, int]:
    """Return the pools of this parent's children, by process."""
    found = {}
    for file in (place / "reports").iterdir():
        if not file.suffix:
            who, pool = file.read_text().split()
            found[int(file.name)] = (int(who), int(pool))
    return {pid: pool for pid, (who, pool) in found.items() if who == parent}


def _omp_num_threads(pid: int) -> bytes | None:
    return parse_environ(Path(f"/proc/{pid}/environ").read_bytes()).get(b"OMP_NUM_THREADS")


@pytest.mark.parametrize("quota", [2.0, 1.0])
@pytest.mark.parametrize("line", TWO_WORKERS)
def test_two_workers_share_the_budget(line: str, quota: float, place: Path, launcher: str) -> None:
    """One thread each is all of two CPUs, and the least there can be in one."""
    found = _workers(line, place, [launcher, "-q", "--"], quota, 2)
    assert found == [Worker(b"1", 1)] * 2


@pytest.mark.parametrize("line", TWO_AFTER_ALL)
def test_counts_the_workers_that_the_program_starts(line: str, place: Path, launcher: str) -> None:
    found = _workers(line, place, [launcher, "-q", "--"], 2.0, 2)
    assert found == [Worker(b"1", 1)] * 2


@pytest.mark.parametrize("line", ONE_WORKER)
def test_one_worker_has_the_whole_budget(line: str, place: Path, launcher: str) -> None:
    """Else one thread above would prove nothing."""
    found = _workers(line, place, [launcher, "-q", "--"], 2.0, 1)
    assert found == [Worker(b"2", 2)]


@pytest.mark.parametrize("line", ["gunicorn -w 3", "celery -c 3"])
def test_more_workers_than_cpus_have_a_thread_each(line: str, place: Path, launcher: str) -> None:
    found = _workers(line, place, [launcher, "-q", "--"], 2.0, 3)
    assert found == [Worker(b"1", 1)] * 3


@pytest.mark.parametrize("line", LEFT_ALONE)
def test_without_launch_each_worker_takes_every_cpu(line: str, place: Path) -> None:
    found = _workers(line, place, [], 1.0, 2)
    assert all(worker.omp_num_threads is None and worker.pool > 1 for worker in found)


def test_the_users_number_reaches_every_worker(place: Path, launcher: str) -> None:
    found = _workers("OMP_NUM_THREADS=2 gunicorn -w 2", place, [launcher, "-q", "--"], 1.0, 2)
    assert found == [Worker(b"2", 2)] * 2


@pytest.fixture
def ray_folder() -> Iterator[Path]:
    """Yield a short path: the names of Ray's sockets are long, and the kernel's limit is 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _ray(limit: Limited, folder: Path, launch: Sequence[str], *options: str) -> dict[str, Any]:
    """Return the resources of a Ray that is started like this; it ends with the limit."""
    port = _free_port()
    bin_folder = environment("workers") / "bin"
    environ = {"PATH": f"{bin_folder}:{PATH}", "RAY_USAGE_STATS_ENABLED": "0", "HOME": str(folder)}
    start = ["ray", "start", "--head", "--node-ip-address=127.0.0.1", f"--port={port}"]
    small = ["--include-dashboard=false", f"--temp-dir={folder}", "--object-store-memory=80000000"]
    limit.run([*launch, *start, *small, *options], env=environ, timeout=300)
    ask = ["python", "-c", DRIVER, f"127.0.0.1:{port}", *OPENMP]
    answer: dict[str, Any] = json.loads(limit.run(ask, env=environ, timeout=300).stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize(("quota", "cpus"), [(2.0, 2), (1.0, 1), (0.5, 1)])
def test_ray_has_the_whole_cpus_of_the_budget(
    quota: float, cpus: int, ray_folder: Path, launcher: str
) -> None:
    """And gives each task its own threads: were OMP_NUM_THREADS set, all would have that many."""
    with limited(quota=quota) as limit:
        found = _ray(limit, ray_folder, [launcher, "-q", "--"])
    one = {"OMP_NUM_THREADS": "1", "pool": 1, "given": []}
    everything = {"OMP_NUM_THREADS": str(cpus), "pool": cpus, "given": []}
    assert found == {"cpus": cpus, "task": one, "large task": everything, "actor": one}


def test_a_report_says_that_ray_sets_the_threads_of_each_task(launcher: str) -> None:
    document = report([launcher, "--json", "--", "ray", "start", "--head"])
    said = {setting["name"]: setting for setting in document["settings"]}
    for name in OPENMP:
        assert (said[name]["value"], said[name]["origin"]) == (None, "computed")
        assert "its own OMP_NUM_THREADS" in said[name]["reason"]


def test_keeps_the_cpus_of_ray_from_the_user(ray_folder: Path, launcher: str) -> None:
    with limited(quota=1.0) as limit:
        found = _ray(limit, ray_folder, [launcher, "-q", "--"], "--num-cpus", "2")
    assert found["cpus"] == 2
    assert found["large task"]["OMP_NUM_THREADS"] == "2"


def test_without_launch_ray_ignores_the_quota_of_a_nested_group(ray_folder: Path) -> None:
    """It looks where a container's own limit is mounted, and there only."""
    with limited(quota=1.0) as limit:
        assert _ray(limit, ray_folder, [])["cpus"] > 1
