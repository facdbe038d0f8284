"""Real programs that start several processes, behind wrappers, scripts and settings files.

Every process that imports the application writes down how many threads its own OpenBLAS has. There must be
as many of them as was asked for, each with its share of the CPUs.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from testing.cgroups import limited, why_not
from testing.environments import environment
from testing.process import PATH
from testing.project import skip_or_fail
from testing.servers import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

WORK = """
import os
import numpy
import threadpoolctl

def report():
    pools = threadpoolctl.threadpool_info()
    threads = max(pool["num_threads"] for pool in pools if pool["user_api"] == "blas")
    name = os.path.join(os.environ["REPORTS"], str(os.getpid()))
    with open(name + ".part", "w") as file:
        file.write(str(threads))
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
FILES = {
    "work.py": WORK,
    "fast.py": "import work\nfrom fastapi import FastAPI\n\napp = FastAPI()\n",
    "sane.py": "import work\nfrom sanic import Sanic\n\napp = Sanic('sane')\n",
    "actors.py": "import dramatiq, work\nfrom dramatiq.brokers.stub import StubBroker\n\n"
    "dramatiq.set_broker(StubBroker())\n",
    "queue_.py": "import work\nfrom huey import SqliteHuey\n\nhuey = SqliteHuey(filename='queue.db')\n",
    "tasks.py": "import asyncio, work\nfrom taskiq import AsyncBroker\n\n\nclass Broker(AsyncBroker):\n"
    "    async def kick(self, message): ...\n\n    async def listen(self):\n        while True:\n"
    "            await asyncio.sleep(60)\n            yield b''\n\n\nbroker = Broker()\n",
    "locusts.py": "import work\nfrom locust import User, constant, task\n\n\nclass One(User):\n"
    "    wait_time = constant(60)\n\n    @task\n    def nothing(self): ...\n",
    "test_work.py": "import time\n\nimport pytest\nimport work\n\n\n"
    "@pytest.mark.parametrize('number', range(2))\ndef test_wait(number):\n    time.sleep(600)\n",
    ".env": "A=b\n",
    "gunicorn.conf.py": "import os\n\nworkers = int(os.getenv('NUMBER', '1'))\n",
    "conf.py": "import multiprocessing\n\nworkers = min(multiprocessing.cpu_count() * 2 + 1, 2)\n",
    "entrypoint.sh": '#!/bin/sh\nset -e\nif [ "$1" = serve ]; then\n  shift\n'
    '  set -- gunicorn --bind 127.0.0.1:0 -w "${NUMBER:-2}" work:wsgi "$@"\nfi\nexec "$@"\n',
    "unread": "#!/usr/bin/env python3\nimport os, sys\n\nos.execvp(sys.argv[1], sys.argv[1:])\n",
    "loaded.py": "import work\n\n\nclass Model:\n    def predict(self, data):\n        return data\n\n\n"
    "def _load_pyfunc(path):\n    return Model()\n",
    "model/MLmodel": "flavors:\n  python_function:\n    loader_module: loaded\n",
    "service.py": "import bentoml, work\n\n\n@bentoml.service\nclass One:\n    @bentoml.api\n"
    "    def ask(self, number: int) -> int:\n        return number\n",
    "runtime.py": "import work\nfrom mlserver import MLModel\n\n\nclass Model(MLModel):\n"
    "    async def load(self):\n        return True\n",
    "model-settings.json": '{"name": "model", "implementation": "runtime.Model"}\n',
    "score.py": "import work\n\n\ndef init(): ...\n\n\ndef run(data):\n    return data\n",
    "pooled.py": "import rq, work\n\n\nclass Worker(rq.Worker): ...\n",
    "asked.py": "import os, work\nfrom arq.connections import RedisSettings\n\n\n"
    "async def one(ctx): ...\n\n\n"
    "class Settings:\n    functions = [one]\n"
    "    redis_settings = RedisSettings.from_dsn(os.environ['REDIS'])\n",
    "flasked.py": "import work\nfrom flask import Flask\n\napp = Flask(__name__)\n",
    "dasked.py": "def dask_setup(worker):\n    import work\n",
    "cluster.sh": '#!/bin/sh\ndask scheduler --host 127.0.0.1 --port "$1" --no-dashboard &\n'
    'shift\nexec "$@"\n',
    "rank.py": "import time, work\n\ntime.sleep(600)\n",
    "supervisord.conf": "[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
    "pidfile=supervisord.pid\n\n[program:web]\ncommand=gunicorn --bind 127.0.0.1:0 work:wsgi\n"
    "process_name=%%(process_num)s\nnumprocs=2\n".replace("%%", "%"),
}
GUNICORN = "gunicorn --bind 127.0.0.1:0"


class Case(NamedTuple):
    """A line for a program that starts `workers` processes; others of it may import the application too."""

    line: str
    also: int = 0  # processes that do not work, and import or fork all the same
    environment: str = "commands"
    settings: str = ""  # NAME=VALUE of the environment, one or more


LINES = {
    "granian": Case("granian --interface asgi --port 0 --workers 2 work:asgi", 1),
    "sanic": Case("sanic sane:app --port 0 --workers=2", 1),
    "fastapi": Case("fastapi run --port 0 --workers 2 fast.py", 1),
    "dramatiq": Case("dramatiq --processes 2 --threads 1 actors", 2),
    "huey": Case("huey_consumer queue_.huey -k process -w 2", 2),
    "taskiq": Case("taskiq worker tasks:broker", 1),
    "locust": Case("locust -f locusts.py --headless -u 1 --processes 2", 1),
    "pytest-xdist": Case("pytest -n 2 -p no:cacheprovider test_work.py"),
    "supervisord": Case("supervisord -c supervisord.conf", 2),
    "uv": Case(f"uv run --no-project --offline {GUNICORN} -w 2 work:wsgi"),
    "coverage": Case(f"coverage run -m {GUNICORN} -w 2 work:wsgi"),
    "dotenv": Case(f"dotenv run -- {GUNICORN} -w 2 work:wsgi"),
    "settings": Case(f"env NUMBER=2 {GUNICORN} work:wsgi"),
    "settings that count CPUs": Case(f"{GUNICORN} -c conf.py work:wsgi"),
    "a line": Case(f"sh -c 'true && exec {GUNICORN} -w ${{NUMBER:-2}} work:wsgi 2>&1 | cat'"),
    "workers that nproc counts": Case(f"taskset -c 0,1 sh -c 'exec {GUNICORN} -w $(nproc) work:wsgi'"),
    "a script": Case("./entrypoint.sh serve --threads 1"),
    "a script that hands on": Case(f"./entrypoint.sh {GUNICORN} -w 2 work:wsgi"),
    "an unknown program": Case(f"./unread {GUNICORN} -w 2 work:wsgi"),
}
# PORT is a free one; Redis listens at the socket of $REDIS.
SERVERS = {
    "mlflow": Case("mlflow models serve -m model -p PORT --env-manager local -w 2", 0, "models"),
    "mlflow, a variable": Case(
        "mlflow models serve -m model -p PORT --env-manager local", 0, "models", "MLFLOW_MODELS_WORKERS=2"
    ),
    "mlserver": Case("mlserver start .", 1, "models", "MLSERVER_PARALLEL_WORKERS=2"),
    "azmlinfsrv": Case("azmlinfsrv --entry_script score.py --port PORT --worker_count 2", 0, "models"),
    "azmlinfsrv, a variable": Case(
        "azmlinfsrv --entry_script score.py --port PORT", 0, "models", "WORKER_COUNT=2"
    ),
    "rq worker-pool": Case("rq worker-pool -n 2 -u REDIS --worker-class pooled.Worker", 2, "models"),
    "dask worker": Case(
        "./cluster.sh PORT dask worker tcp://127.0.0.1:PORT --nworkers 2 --preload dasked.py --no-dashboard"
    ),
    "accelerate launch": Case("accelerate launch --multi_gpu --num_processes 2 rank.py", 0, "harm-torch"),
    "fabric run": Case("fabric run --accelerator cpu --devices 2 rank.py", 0, "hook"),
}
ONE_PROCESS = {
    "bentoml": Case("bentoml serve service:One -p PORT --api-workers 2", 1, "models"),
    "mlserver": Case("mlserver start .", 1, "models"),
    "mlflow": Case("mlflow models serve -m model -p PORT --env-manager local", 0, "models"),
    "azmlinfsrv": Case("azmlinfsrv --entry_script score.py --port PORT", 0, "models"),
    "rq worker": Case("rq worker -u REDIS --worker-class pooled.Worker", 0, "models"),
    "arq": Case("arq asked.Settings", 0, "models"),
    "daphne": Case("daphne -p 0 work:asgi", 0, "models"),
    "waitress": Case("waitress-serve --listen=127.0.0.1:0 work:wsgi", 0, "models"),
    "flask": Case("flask --app flasked run --port 0", 0, "models"),
    "accelerate launch": Case("accelerate launch --cpu --num_processes 1 rank.py", 0, "harm-torch"),
}


@pytest.fixture(autouse=True)
def _limits_can_be_set() -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    (tmp_path / "reports").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    for name in ("entrypoint.sh", "unread", "cluster.sh"):
        (tmp_path / name).chmod(0o755)
    return tmp_path


@contextlib.contextmanager
def started(argv: list[str], place: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program with all that it starts, in a session of its own, which ends with it."""
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            argv,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def pools(place: Path) -> dict[int, int]:
    """Return the processes that have reported and still run, and their threads."""
    found = {}
    for file in (place / "reports").iterdir():
        if not file.suffix and Path(f"/proc/{file.name}").exists():
            found[int(file.name)] = int(file.read_text())
    return found


def of(case: Case, place: Path, launch: list[str], quota: float, number: int) -> dict[int, int]:
    """Return the pools of the processes that this starts, when there are as many and no more come."""
    bin_folder = environment(case.environment) / "bin"
    environ = {"PATH": f"{bin_folder}:{PATH}", "PYTHONPATH": str(place), "HOME": str(place)}
    environ.update(REPORTS=str(place / "reports"), REDIS=f"unix://{place}/redis")
    for setting in case.settings.split():
        variable, _, value = setting.partition("=")
        environ[variable] = value
    ports = list(free_ports().values())
    for kind, port in zip(("HTTP", "GRPC", "METRICS"), ports):
        environ[f"MLSERVER_{kind}_PORT"] = str(port)
    line = case.line.replace("PORT", str(ports[0])).replace("REDIS", environ["REDIS"])
    with limited(quota=quota) as limit:
        argv = list(limit.command([*launch, *shlex.split(line)]))
        with started(argv, place, env=environ) as process:
            deadline = time.monotonic() + 180  # some import for half a minute on a busy machine
            while len(pools(place)) < number and time.monotonic() < deadline:
                assert process.poll() is None, (place / "log").read_text()
                time.sleep(0.1)
            time.sleep(1)
            found = pools(place)
            assert found, (place / "log").read_text()
            return found


@pytest.fixture
def redis(place: Path) -> Iterator[None]:
    """Yield a Redis at a socket of its own."""
    if not shutil.which("redis-server"):
        skip_or_fail("redis-server is not installed")
    line = ["redis-server", "--port", "0", "--unixsocket", str(place / "redis"), "--save", ""]
    process = subprocess.Popen(line, cwd=place, stdout=subprocess.DEVNULL)
    while not (place / "redis").exists() and process.poll() is None:
        time.sleep(0.02)
    yield
    process.kill()
    process.wait()


@pytest.mark.parametrize("name", LINES)
def test_two_processes_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = LINES[name]
    found = of(case, place, [launcher, "-q", "--"], 2.0, 2)
    assert set(found.values()) == {1}, found
    assert 2 <= len(found) <= 2 + case.also, (place / "log").read_text()


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", SERVERS)
def test_two_processes_of_a_server_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = SERVERS[name]
    found = of(case, place, [launcher, "-q", "--"], 2.0, 2 + case.also)
    assert set(found.values()) == {1}, found
    assert 2 <= len(found) <= 2 + case.also, (place / "log").read_text()


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", ONE_PROCESS)
def test_one_process_of_a_server_has_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = ONE_PROCESS[name]
    found = of(case, place, [launcher, "-q", "--"], 2.0, 1 + case.also)
    assert set(found.values()) == {2}, found
    assert 1 <= len(found) <= 1 + case.also, (place / "log").read_text()


@pytest.mark.parametrize("name", ["granian", "dramatiq", "settings", "a script"])
def test_without_launch_each_process_takes_every_cpu(name: str, place: Path) -> None:
    found = of(LINES[name], place, [], 2.0, 2)
    assert set(found.values()) == {2}
