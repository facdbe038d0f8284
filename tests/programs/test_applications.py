"""Real servers of applications, queues and pipelines: each process has its share of the CPUs."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.process import PATH
from testing.project import skip_or_fail
from testing.reporting import WHEN, WORK, Case, check_shares, of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

DJANGO = """
import os

SECRET_KEY = "secret"
INSTALLED_APPS = ["django.contrib.contenttypes", os.environ["APP"]]
REDIS = os.environ["REDIS"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "database"}}
DRAMATIQ_BROKER = {"BROKER": "dramatiq.brokers.stub.StubBroker", "OPTIONS": {}, "MIDDLEWARE": []}
HUEY = {"huey_class": "huey.SqliteHuey", "filename": "queue", "immediate": False}
RQ_QUEUES = {"default": {"URL": REDIS}}
Q_CLUSTER = {"redis": REDIS, "scheduler": False}
"""
MANAGE = """
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "djangoed"
import work
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
FILES = {
    "work.py": WORK,
    "sitecustomize.py": WHEN,
    "djangoed.py": DJANGO,
    "manage.py": MANAGE,
    "rank.py": "import time, work\n\ntime.sleep(600)\n",
    "page.py": "",
    "lite.py": "import work\nfrom litestar import Litestar\n\napp = Litestar([])\n",
    "fast.py": "import work\nfrom robyn import Robyn\n\napp = Robyn(__file__)\n\n\n"
    "@app.get('/')\ndef root(request):\n    return ''\n\n\n"
    "if __name__ == '__main__':\n    app.start(port=int(__import__('os').environ['PORT']))\n",
    "function.py": "import work\n\n\ndef answer(request):\n    return ''\n",
    "Procfile": "web: python rank.py\nworker: python rank.py\n",
    "circus.ini": "[circus]\nendpoint = ipc://a\npubsub_endpoint = ipc://b\n"
    "[watcher:one]\ncmd = python rank.py\nnumprocesses = 2\ncopy_env = True\n",
    "asked.py": "import os, work\nfrom redis.asyncio import Redis\n"
    "from saq.queue.redis import RedisQueue\n\n\nasync def one(ctx): ...\n\n\n"
    "settings = {'queue': RedisQueue(Redis.from_url(os.environ['REDIS'])), 'functions': [one]}\n",
    "pipeline.py": "import time\n\nimport luigi, work\n\n\nclass One(luigi.Task):\n"
    "    number = luigi.IntParameter()\n\n    def run(self):\n        time.sleep(600)\n\n\n"
    "class Two(luigi.WrapperTask):\n    def requires(self):\n        return [One(1), One(2)]\n",
    "sklearnserver/__init__.py": "",
    "sklearnserver/__main__.py": "import argparse\n\n"
    "from kserve import Model, ModelServer, model_server\n\n"
    "if __name__ == '__main__':\n"
    "    args, _ = argparse.ArgumentParser(parents=[model_server.parser]).parse_known_args()\n"
    "    model = Model('model')\n    model.ready = True\n    ModelServer().start([model])\n",
    "scheduled.py": "import work\nfrom taskiq import InMemoryBroker, TaskiqScheduler\n\n"
    "scheduler = TaskiqScheduler(InMemoryBroker(), [])\n",
}


KSERVE = "WHEN=kserve.protocol.rest.server"
BOKEH = "WHEN=bokeh.server.server"
MLFLOW = "WHEN=mlflow.server.fastapi_app"
PATIENT = "--uvicorn-opts '--timeout-worker-healthcheck 600'"
LITELLM = "WHEN=litellm.proxy.proxy_server LITELLM_LOCAL_MODEL_COST_MAP=True"


def application(line: str, also: int = 0, environment: str = "applications", settings: str = "") -> Case:
    """Return the case of a program in the environment that most of these have."""
    return Case(line, also, environment, settings)


SEVERAL = {
    # Without the last option, a worker that imports for more than 5 seconds is killed, and started again.
    "litellm": application(
        "litellm --port PORT --num_workers 2 --timeout_worker_healthcheck 600", 1, "litellm", LITELLM
    ),
    "mlflow ui": application(f"mlflow ui --port PORT {PATIENT}", settings=f"MLFLOW_WORKERS=2 {MLFLOW}"),
    "bokeh": application("bokeh serve --port PORT --num-procs 2 page.py", 1, settings=BOKEH),
    "panel": application("panel serve --port PORT --num-procs 2 page.py", 1, settings=BOKEH),
    "litestar": application("litestar --app lite:app run --port PORT --wc 2", 1),
    "litestar, a variable": application(
        "litestar --app lite:app run --port PORT", 1, settings="WEB_CONCURRENCY=2"
    ),
    "robyn": application("robyn fast.py --processes 2", 1, settings="PORT=PORT"),
    "functions-framework": application(
        "functions-framework --target answer --source function.py --port PORT", 1, settings="WORKERS=2"
    ),
    "honcho": application("honcho start"),
    "circusd": application("circusd circus.ini"),
    "saq": application("saq --workers 2 asked.settings"),
    "luigi": application("luigi --module pipeline Two --local-scheduler --workers 2", 1),
    "ipcluster": application("ipcluster start -n 2", settings="WHEN=ipyparallel.engine.kernel"),
    "kserve": application(
        "python -m sklearnserver --workers 2 --http_port PORT --enable_grpc false", 1, settings=KSERVE
    ),
    "rundramatiq": application(
        "python manage.py rundramatiq -p 2 -t 1",
        1,
        settings="APP=django_dramatiq WHEN=django_dramatiq.setup",
    ),
    "run_huey": application(
        "python manage.py run_huey -k process -w 2", 2, settings="APP=huey.contrib.djhuey"
    ),
    "rqworker-pool": application(
        "python manage.py rqworker-pool --num-workers 2", 2, settings="APP=django_rq"
    ),
    "accelerate-launch": application(
        "accelerate-launch --multi_gpu --num_processes 2 rank.py", 0, "harm-torch"
    ),
    "run_cpu": application("python -m torch.backends.xeon.run_cpu --ninstances 2 rank.py", 0, "frameworks"),
}
ONE = {
    "litellm": application("litellm --port PORT --run_hypercorn --num_workers 2", 0, "litellm", LITELLM),
    "streamlit": application(
        "streamlit run --server.headless true --server.port PORT page.py",
        settings="WHEN=streamlit.web.server.server",
    ),
    "prefect server": application(
        "prefect server start --port PORT", settings="WHEN=prefect.server.api.server"
    ),
    "prefect worker": application(
        "prefect worker start --pool one --type process", settings="WHEN=prefect.workers.process"
    ),
    "functions-framework": application(
        "functions-framework --target answer --source function.py --port PORT", 1
    ),
    "kserve": application("python -m sklearnserver --http_port PORT --enable_grpc false", settings=KSERVE),
    "taskiq scheduler": application("taskiq scheduler scheduled:scheduler", 0, "commands"),
    "rqworker": application("rqworker -u REDIS", settings="WHEN=rq.worker_registration"),
}
# Nothing says how many: the program's own number.
DEFAULTS = {
    "mlflow server": (application(f"mlflow server --port PORT {PATIENT}", settings=MLFLOW), 4),
    "qcluster": (application("python manage.py qcluster", 4, settings="APP=django_q"), os.cpu_count() or 1),
}

# Open MPI's and MPICH's names in Debian; `mpiexec` is either.
MPI = ("mpiexec", "mpirun.openmpi", "mpiexec.openmpi", "orterun", "mpiexec.mpich", "mpiexec.hydra")
AS_ROOT = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    (tmp_path / "reports").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", SEVERAL)
def test_two_processes_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = SEVERAL[name]
    check_shares(case, place, launcher, 2, 1)


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", ONE)
def test_one_process_has_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = ONE[name]
    check_shares(case, place, launcher, 1, 2)


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", DEFAULTS)
def test_processes_of_a_default_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case, number = DEFAULTS[name]
    check_shares(case, place, launcher, number, 1)


@pytest.mark.parametrize("name", MPI)
def test_two_ranks_have_a_thread_each_of_a_quota_of_one_cpu(name: str, place: Path, launcher: str) -> None:
    if not shutil.which(name):
        skip_or_fail(f"{name} is not installed")
    case = application(f"{name} -n 2 python rank.py", settings=AS_ROOT)
    processes = of(case, place, [launcher, "-q", "--"], 1.0, 2)
    assert list(processes.values()) == [1, 1]


@pytest.mark.parametrize("start", ["launched", "without launch"])
def test_java_counts_the_quota_itself(start: str, launcher: str) -> None:
    if not shutil.which("java"):
        skip_or_fail("java is not installed")
    launch = [launcher, "-q", "--"] if start == "launched" else []
    with limited(quota=1.0) as limit:
        done = limit.run([*launch, "java", "-XshowSettings:system", "-version"], env={"PATH": PATH})
    assert "Effective CPU Count: 1\n" in done.stderr


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", ["honcho", "bokeh", "run_huey"])
def test_without_launch_each_process_takes_every_cpu(name: str, place: Path) -> None:
    case = SEVERAL[name]
    assert set(of(case, place, [], 2.0, 2 + case.also).values()) == {len(os.sched_getaffinity(0))}
