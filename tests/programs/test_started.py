"""Real programs that start several processes, behind wrappers, scripts and settings files.

Every process that imports the application writes down how many threads its own OpenBLAS has. There must be
as many of them as was asked for, each with its share of the CPUs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.reporting import WORK, Case, of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

FILES = {
    "work.py": WORK,
    "fast.py": "import work\nfrom fastapi import FastAPI\n\napp = FastAPI()\n",
    "sane.py": "import work\nfrom sanic import Sanic\n\napp = Sanic('sane')\n",
    "actors.py": "import dramatiq, work\nfrom dramatiq.brokers.stub import StubBroker\n\n"
    "dramatiq.set_broker(StubBroker())\n",
    "flasked_queue.py": "import work\nfrom flask import Flask\nfrom flask_dramatiq import Dramatiq\n\n"
    "app = Flask(__name__)\n"
    "app.config['DRAMATIQ_BROKER'] = 'dramatiq.brokers.stub:StubBroker'\ndramatiq = Dramatiq(app)\n",
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
    # A bundle of BentoML before 1.0.
    "bundle/bentoml.yml": "version: 0.13.1\nkind: BentoService\nmetadata:\n  service_name: One\n"
    "  service_version: '1'\n  created_at: 2021-07-13 00:00:00\n  module_name: bundled\n"
    "  module_file: bundled.py\nenv: {python_version: '3'}\napis: []\n",
    "bundle/One/bundled.py": "import bentoml, work\n\n\nclass One(bentoml.BentoService): ...\n",
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
BUNDLE = "bentoml serve-gunicorn bundle --port PORT"


LINES = {
    "granian": Case("granian --interface asgi --port 0 --workers 2 work:asgi", 1),
    "sanic": Case("sanic sane:app --port 0 --workers=2", 1),
    "fastapi": Case("fastapi run --port 0 --workers 2 fast.py", 1),
    "dramatiq": Case("dramatiq --processes 2 --threads 1 actors", 2),
    "flask worker": Case("flask --app flasked_queue worker -p 2 -t 1", 2),
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
    "bentoml serve-gunicorn": Case(f"{BUNDLE} --workers 2", 0, "bentoml-0"),
    "bentoml serve-gunicorn, short": Case(f"{BUNDLE} -w 2", 0, "bentoml-0"),
    "bentoml serve-gunicorn, a variable": Case(BUNDLE, 0, "bentoml-0", "BENTOML_GUNICORN_WORKERS=2"),
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
    "lightning run model": Case(
        "lightning run model --accelerator cpu --main-port PORT --devices 2 rank.py", 0, "lightning"
    ),
}
ONE_PROCESS = {
    "bentoml": Case("bentoml serve service:One -p PORT --api-workers 2", 1, "models"),
    "bentoml serve-gunicorn": Case(BUNDLE, 0, "bentoml-0"),
    "mlserver": Case("mlserver start .", 1, "models"),
    "mlflow": Case("mlflow models serve -m model -p PORT --env-manager local", 0, "models"),
    "azmlinfsrv": Case("azmlinfsrv --entry_script score.py --port PORT", 0, "models"),
    "rq worker": Case("rq worker -u REDIS --worker-class pooled.Worker", 0, "models"),
    "arq": Case("arq asked.Settings", 0, "models"),
    "daphne": Case("daphne -p 0 work:asgi", 0, "models"),
    "waitress": Case("waitress-serve --listen=127.0.0.1:0 work:wsgi", 0, "models"),
    "flask": Case("flask --app flasked run --port 0", 0, "models"),
    "accelerate launch": Case("accelerate launch --cpu --num_processes 1 rank.py", 0, "harm-torch"),
    "lightning run model": Case(
        "lightning run model --accelerator cpu --main-port PORT rank.py", 0, "lightning"
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    (tmp_path / "reports").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name in ("entrypoint.sh", "unread", "cluster.sh"):
        (tmp_path / name).chmod(0o755)
    return tmp_path


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
