"""Workers of job queues and schedulers. One row each.

To add a row, also add its name to `lookup.py`.
"""

from __future__ import annotations

from mkl_launch.tables.command_row import AIRFLOW, SERVING, Command

# Pools of threads or greenlets in one process, which share one pool of compute threads.
CELERY_POOLS = ((("-P", "--pool"), ("solo", "gevent", "eventlet", "threads")),)
# The value of one of these may have the name of a subcommand: `celery -A worker beat`.
CELERY_OPTIONS = ("-A", "--app", "-b", "--broker", "--result-backend", "--loader", "--config", "--workdir")
AIRFLOW_CLI = "https://airflow.apache.org/docs/apache-airflow/stable/cli-and-env-variables-ref.html"
AIRFLOW_CONFIG = "https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html"
AIRFLOW_SETTINGS = ("$AIRFLOW_CONFIG", "$AIRFLOW_HOME/airflow.cfg", "$HOME/airflow/airflow.cfg")

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
        options_before_subcommand=CELERY_OPTIONS,
        single_process_values=CELERY_POOLS,
        daemon_options=("-D", "--detach"),
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
        options_before_subcommand=CELERY_OPTIONS,
        single_process_values=CELERY_POOLS,
        daemon_options=("multi",),  # always: it starts its workers and ends
        names_instances=True,
    ),
    *(
        Command(
            "airflow",
            SERVING,
            source,
            one_process=False,
            worker_options=("--autoscale", "-a", "-c", "--concurrency"),
            worker_variables=("AIRFLOW__CELERY__WORKER_CONCURRENCY",),
            workers=16,
            subcommand=subcommand,
            settings_kind=AIRFLOW,
            settings_default=AIRFLOW_SETTINGS,
        )
        for subcommand, source in (
            (
                "celery worker",
                "https://airflow.apache.org/docs/apache-airflow-providers-celery/stable/cli-ref.html#worker",
            ),
            ("worker", "https://airflow.apache.org/docs/apache-airflow/1.10.15/cli-ref.html#worker"),
        )
    ),
    Command(
        "airflow",
        SERVING,
        AIRFLOW_CLI,
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("AIRFLOW__WEBSERVER__WORKERS",),
        workers=4,
        subcommand="webserver",
        settings_kind=AIRFLOW,
        settings_default=AIRFLOW_SETTINGS,
    ),
    Command(
        "airflow",
        SERVING,
        AIRFLOW_CLI,
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("AIRFLOW__API__WORKERS",),
        subcommand="api-server",
        settings_kind=AIRFLOW,
        settings_default=AIRFLOW_SETTINGS,
    ),
    # `standalone` starts a scheduler and servers that wait. In place of an executor of several machines it
    # takes LocalExecutor; Airflow 2 takes SequentialExecutor with SQLite.
    *(
        Command(
            "airflow",
            SERVING,
            AIRFLOW_CONFIG,
            subcommand=subcommand,
            one_process=False,
            worker_variables=("AIRFLOW__CORE__PARALLELISM",),
            workers=32,
            single_process_unless=(("AIRFLOW__CORE__EXECUTOR", executors),),
            settings_kind=AIRFLOW,
            settings_default=AIRFLOW_SETTINGS,
        )
        for subcommand, executors in (
            ("scheduler", ("LocalExecutor",)),
            ("standalone", ("LocalExecutor", "CeleryExecutor", "KubernetesExecutor")),
        )
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
        abbreviates=True,
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
    Command(
        "prefect",
        SERVING,
        "https://docs.prefect.io/v3/advanced/self-hosted",
        one_process=False,
        worker_options=("--workers",),
        subcommand="server start",
    ),
    Command(
        "saq",
        SERVING,
        "https://pypi.org/project/saq/",
        one_process=False,
        worker_options=("--workers",),
    ),
    # Commands that packages add to Django's manage.py.
    Command(
        "manage.py",
        SERVING,
        "https://github.com/Bogdanp/django_dramatiq/blob/master/django_dramatiq/management/commands/rundramatiq.py",
        one_process=False,
        worker_options=("-p", "--processes"),
        worker_variables=("DRAMATIQ_NPROCS",),
        workers=None,
        subcommand="rundramatiq",
        aliases=("django-admin",),
    ),
    Command(
        "manage.py",
        SERVING,
        "https://github.com/GrahamDumpleton/mod_wsgi#using-mod_wsgi-express-with-django",
        one_process=False,
        worker_options=("--processes",),
        subcommand="runmodwsgi",
        single_process_options=("--debug-mode",),
        aliases=("django-admin",),
    ),
    Command(
        "manage.py",
        SERVING,
        "https://django-q2.readthedocs.io/en/master/configure.html#workers",
        one_process=False,
        workers=None,
        subcommand="qcluster",
        aliases=("django-admin",),
    ),
    Command(
        "manage.py",
        SERVING,
        "https://huey.readthedocs.io/en/latest/contrib.html#running-the-consumer",
        one_process=False,
        worker_options=("-w", "--workers"),
        subcommand="run_huey",
        aliases=("django-admin",),
        multi_process_values=((("-k", "--worker-type"), ("process",)),),
    ),
    Command(
        "manage.py",
        SERVING,
        "https://github.com/rq/django-rq#running-workers",
        one_process=False,
        worker_options=("--num-workers",),
        subcommand="rqworker-pool",
        aliases=("django-admin",),
    ),
)
