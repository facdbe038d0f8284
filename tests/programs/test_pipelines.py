"""Real pipelines, and servers of features and models: each process has its share of the CPUs."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from testing.reporting import WHEN, WORK, Case, check_shares, of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

FILES = {
    "work.py": WORK,
    "sitecustomize.py": WHEN,
    "pyproject.toml": '[tool.kedro]\npackage_name = "flow"\nproject_name = "flow"\n'
    'kedro_init_version = "1.7.0"\n',
    "conf/base/catalog.yml": "",
    "conf/local/catalog.yml": "",
    "src/flow/__init__.py": "",
    "src/flow/settings.py": "",
    "src/flow/pipeline_registry.py": """
import os
import time

from kedro.pipeline import node, pipeline

def wait():
    import work
    time.sleep(600)

def register_pipelines():
    number = max(4, os.cpu_count())
    return {"__default__": pipeline([node(wait, None, f"result{at}") for at in range(number)])}
""",
    "Model.py": "class Model:\n    def load(self):\n        import work\n",
    "served.py": """
import os

from ray import serve

REPLICAS, CPUS = int(os.environ["REPLICAS"]), int(os.environ["CPUS"])

@serve.deployment(num_replicas=REPLICAS, ray_actor_options={"num_cpus": CPUS})
class Model:
    def __init__(self):
        import work

app = Model.bind()
""",
    "feature_store.yaml": "project: flow\nprovider: local\nregistry: registry.db\n"
    "online_store:\n  type: sqlite\n  path: online.db\nentity_key_serialization_version: 3\n",
    "endpoints.yml": "lock_store:\n  type: redis\n  url: 127.0.0.1\n",
    "plain.yml": "",
    # Its broker answers nothing, so that the worker waits for it.
    "streams.py": """
import socket

import faust
import work

broker = socket.create_server(("127.0.0.1", 0))
app = faust.App("streams", broker=f"kafka://127.0.0.1:{broker.getsockname()[1]}")
""",
    "job.py": """
import time

from pyspark.sql import SparkSession

def wait(_):
    import work
    time.sleep(600)

SparkSession.builder.getOrCreate().sparkContext.parallelize(range(8), 8).foreach(wait)
""",
    # A master, a job for it, and the command that follows.
    "cluster.sh": """#!/bin/sh
spark-class org.apache.spark.deploy.master.Master --port "$1" --webui-port 0 &
spark-submit --master "spark://127.0.0.1:$1" --conf spark.task.cpus="${TASK_CPUS:-1}" job.py &
shift
exec "$@"
""",
}
KEDRO = "KEDRO_DISABLE_TELEMETRY=1"
SERVE = "RAY_TMPDIR=SHORT RAY_USAGE_STATS_ENABLED=0"
SELDON = "seldon-core-microservice Model --http-port PORT --grpc-port PORT2 --metrics-port PORT3"
# Only a process that serves imports it.
SERVES = "WHEN=uvicorn.lifespan.on HF_HUB_OFFLINE=1"
LANGFLOW = f"{SERVES} LANGFLOW_DANGEROUSLY_ALLOW_MULTI_WORKER_WITHOUT_SHARED_QUEUE=true"
LANGFLOW_RUN = "langflow run --port PORT --backend-only --no-open-browser"
WEBUI = f"{SERVES} DATA_DIR=data OFFLINE_MODE=true RAG_EMBEDDING_ENGINE=openai"
DOCLING = f"{SERVES} DOCLING_SERVE_LOAD_MODELS_AT_BOOT=false"
# Rasa's first process imports it before it serves or starts others.
RASA = "WHEN=multiprocessing.sharedctypes RASA_TELEMETRY_ENABLED=false"
SPARK = "SPARK_LOCAL_IP=127.0.0.1 SPARK_SUBMIT_OPTS=-Djava.io.tmpdir=SHORT"
CLUSTER = f"{SPARK} SPARK_WORKER_DIR=SHORT SPARK_LOCAL_DIRS=SHORT"
WORKER = "./cluster.sh PORT spark-class org.apache.spark.deploy.worker.Worker --webui-port 0"
MASTER = "spark://127.0.0.1:PORT"

CPUS = os.cpu_count() or 1

# The number of processes, which is not the one of CPUs, and what says it.
SEVERAL = {
    "kedro": (
        3,
        Case("kedro run --runner=ParallelRunner --runner-params max_workers=3", 0, "pipelines", KEDRO),
    ),
    "kedro, a list": (
        3,
        Case(
            "kedro run -r ParallelRunner --runner-params=is_async=True,max_workers=3", 0, "pipelines", KEDRO
        ),
    ),
    "kedro, its own": (CPUS, Case("kedro run --runner=ParallelRunner", 0, "pipelines", KEDRO)),
    "serve": (2, Case("serve run served:app", 0, "pipelines", f"{SERVE} REPLICAS=2 CPUS=1")),
    "seldon": (2, Case(f"{SELDON} --workers 2", 0, "seldon", "GRPC_WORKERS=0")),
    "seldon, a variable": (2, Case(SELDON, 0, "seldon", "GUNICORN_WORKERS=2 GRPC_WORKERS=0")),
    "seldon, with gRPC": (2, Case(SELDON, 1, "seldon", "GRPC_WORKERS=2")),
    "feast": (2, Case("feast serve --port PORT -w 2", 0, "feast", SERVES)),
    "feast, its own": (2 * CPUS + 1, Case("feast serve --port PORT --workers -1", 0, "feast", SERVES)),
    "langflow": (2, Case(f"{LANGFLOW_RUN} --workers 2", 0, "langflow", LANGFLOW)),
    "langflow, a variable": (2, Case(LANGFLOW_RUN, 0, "langflow", f"{LANGFLOW} LANGFLOW_WORKERS=2")),
    "open-webui": (2, Case("open-webui serve --port PORT", 0, "open-webui", f"{WEBUI} UVICORN_WORKERS=2")),
    "docling-serve": (2, Case("docling-serve run --port PORT --workers 2", 0, "docling", DOCLING)),
    "docling-serve, a variable": (
        2,
        Case("docling-serve run --port PORT", 0, "docling", f"{DOCLING} UVICORN_WORKERS=2"),
    ),
    "docling-serve, uvicorn's variable": (
        2,
        Case("docling-serve run --port PORT", 0, "docling", f"{DOCLING} WEB_CONCURRENCY=2"),
    ),
    "rasa": (2, Case("rasa run --enable-api -p PORT", 1, "rasa", f"{RASA} SANIC_WORKERS=2")),
    "spark-submit": (3, Case("spark-submit --master local[3] job.py", 0, "spark", SPARK)),
    "spark-submit, a property": (
        3,
        Case("spark-submit --conf spark.master=local[3] job.py", 0, "spark", SPARK),
    ),
    "spark-submit, a variable": (3, Case("spark-submit job.py", 0, "spark", f"{SPARK} MASTER=local[3]")),
    "spark-submit, its own": (2, Case("spark-submit job.py", 0, "spark", SPARK)),
    "spark-class": (3, Case(f"{WORKER} --cores 3 {MASTER}", 0, "spark", CLUSTER)),
    "spark-class, a variable": (
        3,
        Case(f"{WORKER} {MASTER}", 0, "spark", f"{CLUSTER} SPARK_WORKER_CORES=3"),
    ),
    "spark-class, its own": (2, Case(f"{WORKER} {MASTER}", 0, "spark", CLUSTER)),
    "pyspark": (
        3,
        Case("pyspark --master local[3]", 0, "spark", f"{SPARK} PYSPARK_DRIVER_PYTHON_OPTS=job.py"),
    ),
}
ONE = {
    "kedro": Case("kedro run", 0, "pipelines", KEDRO),
    "kedro, threads": Case("kedro run --runner=ThreadRunner", 0, "pipelines", KEDRO),
    "serve": Case("serve run served:app", 0, "pipelines", f"{SERVE} REPLICAS=1 CPUS=2"),
    "seldon": Case(SELDON, 1, "seldon"),
    "faust": Case("faust -A streams worker --without-web", 0, "faust"),
    "feast": Case("feast serve --port PORT", 0, "feast", SERVES),
    "langflow": Case(LANGFLOW_RUN, 0, "langflow", LANGFLOW),
    "open-webui": Case("open-webui serve --port PORT", 0, "open-webui", f"{WEBUI} WEB_CONCURRENCY=2"),
    "docling-serve": Case("docling-serve run --port PORT", 0, "docling", DOCLING),
    "rasa": Case("rasa run --enable-api -p PORT", 0, "rasa", RASA),
    "rasa, without a store of locks": Case(
        "rasa run --enable-api -p PORT --endpoints plain.yml", 0, "rasa", f"{RASA} SANIC_WORKERS=2"
    ),
    "spark-submit": Case("spark-submit --conf spark.task.cpus=2 job.py", 0, "spark", SPARK),
    "spark-class": Case(f"{WORKER} --cores 2 {MASTER}", 0, "spark", f"{CLUSTER} TASK_CPUS=2"),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    (tmp_path / "reports").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "cluster.sh").chmod(0o755)
    return tmp_path


@pytest.fixture
def short() -> Iterator[str]:
    """Yield a folder with a short path, for the sockets of Ray and the files of Spark."""
    with tempfile.TemporaryDirectory(prefix="short-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield folder


def _shortened(case: Case, short: str) -> Case:
    return case._replace(settings=case.settings.replace("SHORT", short))


@pytest.mark.parametrize("name", SEVERAL)
def test_processes_share_two_cpus(name: str, place: Path, short: str, launcher: str) -> None:
    number, case = SEVERAL[name]
    processes = of(_shortened(case, short), place, [launcher, "-q", "--"], 2.0, number + case.also)
    assert set(processes.values()) == {1}, processes
    assert number <= len(processes) <= number + case.also, (place / "log").read_text()


@pytest.mark.parametrize("name", ONE)
def test_one_process_has_two_cpus(name: str, place: Path, short: str, launcher: str) -> None:
    case = _shortened(ONE[name], short)
    check_shares(case, place, launcher, 1, 2)


@pytest.mark.parametrize("name", ["kedro", "seldon", "feast"])
def test_without_launch_each_process_takes_every_cpu(name: str, place: Path) -> None:
    number, case = SEVERAL[name]
    found = of(case, place, [], 2.0, number + case.also)
    assert set(found.values()) == {len(os.sched_getaffinity(0))}
