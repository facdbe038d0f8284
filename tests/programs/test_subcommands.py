"""Other subcommands of programs in `test_jobs_started.py`, commands of older versions, folders of services.

As there, every process that computes writes down how many threads its own OpenBLAS has.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from testing.reporting import WORK, Case, check_shares, of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

FILES = {
    "work.py": WORK,
    "rank.py": "import time, work\n\ntime.sleep(600)\n",
    # ms-swift brings its own script: a process that is a rank runs this one. OMP_NUM_THREADS reaches it
    # from torchrun.
    "sitecustomize.py": "import os\n\n"
    'if {"LOCAL_RANK", "OWN_SCRIPT"} <= set(os.environ):\n    import rank\n'
    # The workers of SageMaker's Gunicorn import the application when gevent has replaced modules.
    'if "SAGEMAKER_SERVING_MODULE" in os.environ:\n    import work\n',
    "tasks.py": "import celery, work\n\napp = celery.Celery(broker='memory://')\n",
    # Airflow imports this in each of its processes, also in the one that makes its database.
    "airflow_local_settings.py": "import sys\n\nif 'migrate' not in sys.argv:\n    import work\n",
    "airflow/airflow.cfg": "[core]\nload_examples = False\n",
    "two.cfg": "[core]\nload_examples = False\nexecutor = LocalExecutor\nparallelism = 2\n"
    "[api]\nworkers = 2\n[webserver]\nworkers = 2\n",
    "ranks.yaml": "model: x\nENV:\n  NPROC_PER_NODE: 2\n",
    "dasked.py": "def dask_setup(worker):\n    import work\n",
    "services/one/run": "#!/bin/sh\nexec gunicorn --workers 2 --bind unix:socket work:wsgi\n",
    "cluster.sh": '#!/bin/sh\ndask-scheduler --host 127.0.0.1 --port "$1" --no-dashboard &\n'
    'shift\nexec "$@"\n',
}
SWIFT = "env MASTER_PORT=PORT {} --model x"
RANKS = "OWN_SCRIPT=1 NPROC_PER_NODE=2"
# The command ends as soon as its workers have started, as in an entry script that goes on with another one.
NODES = "sh -c 'celery multi start {} -A tasks --pidfile=PLACE/%n.pid --logfile=PLACE/%n.log && sleep 600'"
SCHEDULER = "sh -c 'airflow db migrate && exec airflow scheduler --skip-serve-logs'"
API = "sh -c 'airflow db migrate && exec airflow api-server --port PORT'"
WEBSERVER = "sh -c 'airflow db migrate && exec airflow webserver --port PORT'"
# Beside the two that run tasks: itself, four servers, two processes of the triggerer, one with logs.
STANDALONE = (
    "AIRFLOW__CORE__PARALLELISM=2 AIRFLOW__API__PORT=PORT AIRFLOW__WEBSERVER__WEB_SERVER_PORT=PORT"
    " AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT=PORT2 AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT=PORT3"
    " AIRFLOW__WEBSERVER__WORKERS=1"
)
# Airflow 2 refuses its LocalExecutor with SQLite else.
SQLITE = "_AIRFLOW__SKIP_DATABASE_EXECUTOR_COMPATIBILITY_CHECK=1"
LOCAL = "AIRFLOW__CORE__EXECUTOR=LocalExecutor AIRFLOW__CORE__PARALLELISM=2"
DASK = "./cluster.sh PORT dask-worker tcp://127.0.0.1:PORT --preload dasked.py --no-dashboard"

# The server of its images for scikit-learn and XGBoost: Gunicorn. Its folder is /opt/ml else.
SAGEMAKER = "SAGEMAKER_SERVING_MODULE=work:wsgi SAGEMAKER_USE_NGINX=false SAGEMAKER_BIND_TO_PORT=PORT"
SAGEMAKER += " SAGEMAKER_BASE_DIR=PLACE"

TWO_PROCESSES = {
    **{
        line: Case(SWIFT.format(line), 0, "harm-torch", RANKS)
        for line in (
            *("swift pt", "swift rlhf", "swift infer"),
            *("megatron pt", "megatron sft", "megatron rlhf", "megatron export"),
        )
    },
    "swift, its settings": Case(
        "env MASTER_PORT=PORT swift sft ranks.yaml", 0, "harm-torch", "OWN_SCRIPT=1"
    ),
    "airflow api-server": Case(
        "sh -c 'airflow db migrate && exec airflow api-server --port PORT --workers 2'", 1, "jobs"
    ),
    "airflow api-server, a variable": Case(API, 1, "jobs", "AIRFLOW__API__WORKERS=2"),
    "airflow api-server, its settings": Case(API, 1, "jobs", "AIRFLOW_CONFIG=PLACE/two.cfg"),
    "airflow scheduler": Case(SCHEDULER, 1, "jobs", "AIRFLOW__CORE__PARALLELISM=2"),
    "airflow scheduler, its settings": Case(SCHEDULER, 1, "jobs", "AIRFLOW_CONFIG=PLACE/two.cfg"),
    "airflow webserver": Case(
        "sh -c 'airflow db migrate && exec airflow webserver --port PORT -w 2'", 2, "airflow-2"
    ),
    "airflow webserver, a variable": Case(WEBSERVER, 2, "airflow-2", "AIRFLOW__WEBSERVER__WORKERS=2"),
    "airflow webserver, its settings": Case(
        WEBSERVER, 2, "airflow-2", f"{SQLITE} AIRFLOW_CONFIG=PLACE/two.cfg"
    ),
    "airflow scheduler of Airflow 2": Case(SCHEDULER, 3, "airflow-2", f"{SQLITE} {LOCAL}"),
    "airflow standalone": Case("airflow standalone", 8, "jobs", STANDALONE),
    # A command of itself only: it replaces an executor of several machines.
    "airflow standalone, Celery": Case(
        "airflow standalone", 8, "jobs", f"{STANDALONE} AIRFLOW__CORE__EXECUTOR=CeleryExecutor"
    ),
    "airflow standalone of Airflow 2": Case(
        "airflow standalone", 13, "airflow-2", f"{STANDALONE} {SQLITE} {LOCAL}"
    ),
    "horovodrun": Case("horovodrun -np 2 python rank.py", 0, "horovod"),
    "horovodrun, its long options": Case(
        "horovodrun --gloo --disable-cache --num-proc 2 --hosts localhost:2 python rank.py", 0, "horovod"
    ),
    "runsvdir": Case("runsvdir -P PLACE/services", 0, "workers"),
    "s6-svscan": Case("s6-svscan PLACE/services", 0, "workers"),
    "dask-worker": Case(f"{DASK} --nworkers 2", 0, "dask-worker"),
    "serve of SageMaker": Case("serve", 2, "sagemaker", f"{SAGEMAKER} SAGEMAKER_MODEL_SERVER_WORKERS=2"),
}
ONE_PROCESS = {
    "swift": Case(SWIFT.format("swift infer"), 0, "harm-torch", "OWN_SCRIPT=1 NNODES=1"),
    "airflow api-server": Case(API, 0, "jobs"),
    "airflow webserver": Case(WEBSERVER, 2, "airflow-2", "AIRFLOW__WEBSERVER__WORKERS=1"),
    "airflow scheduler of Airflow 2": Case(SCHEDULER, 1, "airflow-2"),
    "horovodrun": Case("horovodrun -np 1 python rank.py", 0, "horovod"),
    "serve of SageMaker": Case("serve", 2, "sagemaker", f"{SAGEMAKER} SAGEMAKER_MODEL_SERVER_WORKERS=1"),
}

# The number of nodes that start, of two processes in all that compute.
MULTI = {
    "w1 -c 2": 1,
    "2 -c 1": 2,
    "w1 w2 --concurrency=1": 2,
    "w1 w2 -E --autoscale=1,1": 2,
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    for name in ("reports", "airflow", "services/one"):
        (tmp_path / name).mkdir(parents=True)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for name in ("cluster.sh", "services/one/run"):
        (tmp_path / name).chmod(0o755)
    return tmp_path


def _filled(case: Case, place: Path) -> Case:
    line, settings = (text.replace("PLACE", str(place)) for text in (case.line, case.settings))
    return case._replace(line=line, settings=settings)


@pytest.mark.parametrize("name", TWO_PROCESSES)
def test_two_processes_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = _filled(TWO_PROCESSES[name], place)
    check_shares(case, place, launcher, 2, 1)


@pytest.mark.parametrize("name", ONE_PROCESS)
def test_one_process_has_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = _filled(ONE_PROCESS[name], place)
    check_shares(case, place, launcher, 1, 2)


@pytest.mark.parametrize("words", MULTI)
def test_nodes_of_celery_multi_share_two_cpus(words: str, place: Path, launcher: str) -> None:
    """Beside two processes that compute, there is one for each node, and one that has started it."""
    nodes = MULTI[words]
    case = _filled(Case(NODES.format(words), 0, "workers"), place)
    found = of(case, place, [launcher, "-q", "--"], 2.0, 2 + nodes)
    assert set(found.values()) == {1}, found
    assert 2 + nodes <= len(found) <= 2 + 2 * nodes, (place / "log").read_text()


def test_one_node_of_celery_multi_has_two_cpus(place: Path, launcher: str) -> None:
    case = _filled(Case(NODES.format("w1"), 0, "workers", "CELERY_WORKER_CONCURRENCY=1"), place)
    assert set(of(case, place, [launcher, "-q", "--"], 2.0, 2).values()) == {2}


def test_serve_of_sagemaker_starts_a_worker_for_each_cpu(place: Path, launcher: str) -> None:
    case, number = _filled(Case("serve", 2, "sagemaker", SAGEMAKER), place), os.cpu_count() or 1
    found = of(case, place, [launcher, "-q", "--"], 2.0, number + case.also)
    assert set(found.values()) == {1}, found
    assert len(found) == number + case.also, (place / "log").read_text()


def test_without_launch_each_process_takes_every_cpu(place: Path) -> None:
    case = _filled(TWO_PROCESSES["airflow scheduler"], place)
    found = of(case, place, [], 2.0, 2 + case.also)
    assert 2 <= len(found) <= 2 + case.also
    assert set(found.values()) == {len(os.sched_getaffinity(0))}, found
