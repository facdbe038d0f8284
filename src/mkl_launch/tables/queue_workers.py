"""Workers of job queues and schedulers. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import SERVING, Command

# Pools of threads or greenlets in one process, which share one pool of compute threads.
CELERY_POOLS = ((("-P", "--pool"), ("solo", "gevent", "eventlet", "threads")),)
AIRFLOW = "https://airflow.apache.org/docs/apache-airflow/stable/cli-and-env-variables-ref.html"
AIRFLOW_CONFIG = "https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html"

ROWS: tuple[Command, ...] = (
    Command(
        "celery",
        SERVING,
        "https://docs.celeryq.dev/en/stable/userguide/workers.html#concurrency",
        one_process=False,
        worker_options=("--autoscale", "-c", "--concurrency"),
        worker_variables=("CELERY_WORKER_CONCURRENCY",),
        workers=None,
        user_action="set `-c` under a quota: the default counts the CPUs of the machine",
        subcommand="worker",
        single_process_values=CELERY_POOLS,
    ),
    Command(
        "celery",
        SERVING,
        "https://docs.celeryq.dev/en/stable/userguide/workers.html#starting-the-worker",
        one_process=False,
        worker_options=("--autoscale", "-c", "--concurrency"),
        worker_variables=("CELERY_WORKER_CONCURRENCY",),
        workers=None,
        subcommand="multi start",
        single_process_values=CELERY_POOLS,
    ),
    Command(
        "airflow",
        SERVING,
        "https://airflow.apache.org/docs/apache-airflow-providers-celery/stable/cli-ref.html#worker",
        one_process=False,
        worker_options=("--autoscale", "-a", "-c", "--concurrency"),
        worker_variables=("AIRFLOW__CELERY__WORKER_CONCURRENCY",),
        workers=16,
        subcommand="celery worker",
    ),
    Command(
        "airflow",
        SERVING,
        AIRFLOW,
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("AIRFLOW__WEBSERVER__WORKERS",),
        workers=4,
        subcommand="webserver",
    ),
    Command(
        "airflow",
        SERVING,
        AIRFLOW,
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("AIRFLOW__API__WORKERS",),
        subcommand="api-server",
    ),
    Command(
        "airflow",
        SERVING,
        AIRFLOW_CONFIG,
        subcommand="scheduler",
        one_process=False,
        worker_variables=("AIRFLOW__CORE__PARALLELISM",),
        workers=32,
        single_process_unless=(("AIRFLOW__CORE__EXECUTOR", "LocalExecutor"),),
    ),
    Command(
        "rq",
        SERVING,
        "https://python-rq.org/docs/workers/#worker-pool",
        one_process=False,
        worker_options=("-n", "--num-workers"),
        subcommand="worker-pool",
    ),
    Command("rq", SERVING, "https://python-rq.org/docs/workers/", subcommand="worker"),
    Command("rqworker", SERVING, "https://python-rq.org/docs/workers/"),
    Command(
        "huey_consumer",
        SERVING,
        "https://huey.readthedocs.io/en/latest/consumer.html#options-for-the-consumer",
        one_process=False,
        worker_options=("-w", "--workers"),
        aliases=("huey_consumer.py",),
        modules=("huey.bin.huey_consumer",),
        multi_process_values=((("-k", "--worker-type"), ("process",)),),
    ),
    Command(
        "dramatiq",
        SERVING,
        "https://dramatiq.io/advanced.html#command-line-interface",
        one_process=False,
        worker_options=("-p", "--processes"),
        workers=None,
        aliases=("dramatiq-gevent",),
    ),
    Command(
        "taskiq",
        SERVING,
        "https://taskiq-python.github.io/guide/cli.html#worker",
        one_process=False,
        worker_options=("-w", "--workers"),
        workers=2,
        subcommand="worker",
    ),
    Command(
        "taskiq",
        SERVING,
        "https://taskiq-python.github.io/guide/cli.html#scheduler",
        subcommand="scheduler",
    ),
    Command("arq", SERVING, "https://github.com/python-arq/arq/blob/main/docs/index.rst"),
    Command("faust", SERVING, "https://faust-streaming.github.io/faust/userguide/workers.html"),
    Command("prefect", SERVING, "https://docs.prefect.io/v3/concepts/workers", subcommand="worker start"),
)
