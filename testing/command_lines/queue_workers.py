"""Command lines of workers of queues, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://docs.celeryq.dev/en/stable/userguide/workers.html": (
        Line("celery -A api worker --concurrency=4 -E", "celery", 4, added=True),
        Line(
            "sh -c 'python -m celery -A backbase_project worker --loglevel=info --concurrency=10'",
            "celery",
            10,
        ),
        Line(
            "celery -A app.infra.celery_worker worker --pool=solo --loglevel=info", "celery", 1, added=True
        ),
        Line(
            "celery --app config.celery:app worker --beat --scheduler=django --loglevel=info",
            "celery",
            8,
            added=True,
        ),
        Line(
            "python -m celery -A configurations worker --loglevel=INFO --concurrency=4",
            "celery",
            4,
            added=True,
        ),
        Line("celery --workdir src -A config worker -Q web-queue -l info", "celery", 8, added=True),
        Line(
            "/e.sh",
            "celery",
            8,
            {"COMPONENT": "worker", "CELERY_LOG_LEVEL": "info"},
            {
                "/e.sh": '#!/bin/bash\n\nif [[ "$COMPONENT" == "web" ]]; then\n\n  echo "Setting this container to run the web service"\n  exec python3 /var/www/app/wsgi.py\n\nelif [[ "$COMPONENT" == "worker" ]]; then\n\n  echo "Setting this container to run a Celery worker"\n  cd /var/www/app/ || exit\n  exec celery worker -A worker.celery --loglevel="$CELERY_LOG_LEVEL"\n\nelif [[ "$COMPONENT" == "scheduler" ]]; then\n  cd /var/www/app/ || exit\n  exec celery -A scheduler.celery beat --loglevel="$CELERY_LOG_LEVEL"\n\nelse\n  echo "The contents of the COMPONENT environmental variable (\'$COMPONENT\') were unrecognized."\nfi\n'
            },
        ),
        Line(
            "/start.sh worker",
            "celery",
            6,
            {},
            {
                "/start.sh": '#!/bin/sh\n\ncd $(dirname $0)\ncase "$1" in\n    scheduler)\n        exec ./scheduler.sh\n        ;;\n    web)\n        echo "Starting Web Server"\n        exec ./web.sh\n        ;;\n    worker)\n        exec ./worker.sh\n        ;;\n    alembic)\n        cd ..\n        bin/alembic $2 $3 $4 $5 $6 $7 $8 $9\n        ;;\n    shell)\n        exec /bin/bash\n        ;;\nesac\n',
                "/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/web.sh": "#!/bin/sh\ngunicorn -w 3 a:b\n",
            },
        ),
        Line("celery -A worker worker -c 3", "celery", 3, added=True),
        Line(
            "celery -A proj worker --loglevel=INFO --concurrency=10 -n worker1@%h", "celery", 10, added=True
        ),
        Line("celery -A proj worker -l info", "celery", EACH, added=True),
        Line("celery --app proj worker --autoscale=10,3", "celery", 10, added=True),
        Line("celery -A proj worker -c 4 -P solo", "celery", 1, added=True),
        Line("celery -A proj worker --pool=gevent --concurrency=500", "celery", 1, added=True),
        Line("celery -A proj worker -Peventlet -c 1000", "celery", 1, added=True),
        Line("celery -A proj worker --pool threads -c 8", "celery", 1, added=True),
        Line("celery -A proj worker -P prefork -c 3", "celery", 3, added=True),
        Line("celery multi start w1 -A proj -c 3", "celery", 3, added=True),
        Line(
            "python -m celery -A proj worker", "celery", 2, {"CELERY_WORKER_CONCURRENCY": "2"}, added=True
        ),
        Line(
            "celery -A blackops.api.task worker -l info --autoscale=10,3 --loglevel info",
            "celery",
            10,
            added=True,
        ),
        Line(
            "celery worker --app=dive.worker.core --autoscale=10,3 --hostname worker1.%h --loglevel INFO --without-gossip",
            "celery",
            10,
            added=True,
        ),
        Line(
            "/start.sh",
            "celery",
            1,
            {"DJANGO_SETTINGS_MODULE": "config.settings.production"},
            {
                "/start.sh": '#!/bin/bash\n\nset -euo pipefail\n\nif [ ${DEBUG:-0} = 1 ]; then\n    log_level="debug"\nelse\n    log_level="info"\nfi\n\nif [ ${DJANGO_SETTINGS_MODULE} = "config.settings.production" ]; then\n  export DJANGO_SETTINGS_MODULE="config.settings.production_celery"\nfi\n\nsleep 10\nexec celery -A config.celery_app worker --loglevel $log_level --pool=gevent --autoscale=120,80\n'
            },
        ),
        Line(
            "/docker-entrypoint.sh run-celery",
            "celery",
            EACH,
            {},
            {
                "/docker-entrypoint.sh": '#!/bin/bash\nset -e\n\ncase "$1" in\n  run-backend)\n    uv run python manage.py migrate\n    uv run gunicorn gutenberg.wsgi:application --bind 0.0.0.0:8000 --access-logfile -\n    ;;\n\n  run-celery)\n    uv run celery -A gutenberg worker -l INFO\n    ;;\n\n  *)\n    echo "Error: \'$1\'."\n    exit 1\n    ;;\nesac\n'
            },
        ),
        Line(
            "/start.sh",
            "celery",
            9,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\n\necho "Starting Uvicorn..."\nuvicorn smartVision.asgi:application --host 0.0.0.0 --port 8000 --reload &\n\ncelery -A smartVision worker -l info &\n\ncelery -A smartVision beat -l info &\n\nwait -n\n'
            },
        ),
        Line(
            "/entrypoint.sh worker",
            "celery",
            EACH,
            {},
            {
                "/entrypoint.sh": '#!/usr/bin/env bash\nset -e\n\nif [ -z "$1" ]; then\n  set -- web\nfi\n\ncase "$1" in\n  web)\n    exec gunicorn config.wsgi:application --bind 0.0.0.0:"${PORT:-8000}" --workers 2 --timeout 120\n    ;;\n  worker)\n    exec celery -A config.celery_app worker --loglevel=info\n    ;;\n  beat)\n    exec celery -A config.celery_app beat --loglevel=info\n    ;;\nesac\n'
            },
        ),
        Line(
            "/entrypoint.sh worker",
            "celery",
            1,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\nif [ "$1" = "web" ]; then\n  exec hypercorn app:app -b 0.0.0.0:$PORT\nelif [ "$1" = "worker" ]; then\n  exec celery -A celery_worker.celery_app worker --loglevel=info -c 1 --pool=solo\nelse\n  exec "$@"\nfi\n'
            },
        ),
        Line("celery --app app --workdir /srv worker -c2 -n w@%h -E", "celery", 2, added=True),
        Line("celery -A proj worker --autoscale=6", "celery", 6, added=True),
        Line(
            "sh -c 'celery -A p worker -P threads -c 16 & exec celery -A p worker -P prefork -c 2 -n b@%h'",
            "celery",
            3,
        ),
        Line("celery multi start 3 -A proj -c 4", "celery", 12, added=True),
        Line(
            "celery multi start w1 w2 -A proj -c:w1 2 -c:w2 4 --pidfile=/run/%n.pid",
            "celery",
            6,
            added=True,
        ),
    ),
    "https://docs.celeryq.dev/en/stable/reference/celery.bin.multi.html": (
        Line("celery multi start Leslie -E", "celery", EACH, added=True),
        Line("celery multi start w1 w2 -A p -l info -c4", "celery", EACH, added=True),
        Line("celery multi start Leslie -E --pidfile=/var/run/celery/%n.pid -c 2", "celery", 2, added=True),
        Line("celery multi start 3 -c 3", "celery", 9, added=True),
        Line("celery multi start 10 -Q:1-3 images,video -c 1", "celery", 10, added=True),
        Line("celery multi start a b c d -A proj --concurrency=2 -- --purge", "celery", 8, added=True),
    ),
    "https://github.com/apache/airflow/blob/main/docker-stack-docs/entrypoint.rst": (
        Line("airflow celery worker", "airflow", 16, added=True),
        Line("airflow celery worker -c 4", "airflow", 4, added=True),
        Line(
            "airflow celery worker", "airflow", 2, {"AIRFLOW__CELERY__WORKER_CONCURRENCY": "2"}, added=True
        ),
        Line("airflow webserver", "airflow", 4, added=True),
        Line("airflow scheduler", "airflow", 1, added=True),
        Line("airflow scheduler", "airflow", 32, {"AIRFLOW__CORE__EXECUTOR": "LocalExecutor"}, added=True),
        Line("bash -c 'exec airflow celery worker'", "airflow", 16),
        Line(
            "/usr/bin/dumb-init -- /entrypoint celery worker",
            "airflow",
            16,
            {},
            {
                "/entrypoint": '#!/usr/bin/env bash\nCOMMAND="${1:-}"\nset -euo pipefail\n'
                "function check {\n  local cmd\n  while true\n  do\n    if [[ ${res} == 0 ]]; then\n"
                "      break\n    fi\n  done\n}\nfunction shell() {\n"
                '  if [[ ${COMMAND} == "bash" ]]; then\n    shift\n    exec "/bin/bash" "${@}"\n'
                '  elif [[ ${COMMAND} == "python" ]]; then\n    shift\n    exec "python" "${@}"\n  fi\n}\n'
                'MOST=${MOST:=20}\nreadonly MOST\nif [[ "${MOST}" -gt "0" ]]; then\n  check "airflow db check"\nfi\n'
                'shell "${@}"\nif [[ ${COMMAND} == "airflow" ]]; then\n   COMMAND="${2:-}"\n   shift\nfi\n'
                'if [[ ${COMMAND} =~ ^(scheduler|celery)$ ]] \\\n   && [[ "${MOST}" -gt "0" ]]; then\n  check x\nfi\n'
                'exec "airflow" "${@}"\n',
            },
        ),
    ),
    "https://python-rq.org/docs/workers/": (
        Line("rq worker high default low", "rq", 1, added=True),
        Line("rq worker-pool high default -n 3", "rq", 3, added=True),
        Line("rq worker-pool -u redis://r:6379 --num-workers=5", "rq", 5, added=True),
    ),
    "https://huey.readthedocs.io/en/latest/consumer.html": (
        Line("huey_consumer.py my.app.huey -k process -w 4", "huey_consumer", 4, added=True),
        Line("huey_consumer my.app.huey --workers=8", "huey_consumer", 1, added=True),
        Line("huey_consumer my.app.huey -k greenlet -w 32", "huey_consumer", 1, added=True),
        Line("python -m huey.bin.huey_consumer my.app.huey -kprocess -w2", "huey_consumer", 2, added=True),
        Line(
            "/d.sh",
            "huey_consumer",
            5,
            {},
            {
                "/d.sh": '#!/usr/bin/env sh\n\necho "web server in daemon mode"\nuv run gunicorn -w 4 -k uvicorn.workers.UvicornWorker server:app --capture-output --daemon\n\necho "Huey"\nuv run huey_consumer.py tasks.huey\n'
            },
        ),
        Line(
            "/d.sh",
            "rq",
            2,
            {},
            {
                "/d.sh": '#!/bin/bash\n\ntrap "kill 0" EXIT\n\nsource venv/bin/activate\nuvicorn server.app:app --port 5000 & \n# gunicorn server.app:app -w 2 &  \nrq worker --with-scheduler &\n\nwait\n'
            },
        ),
        Line("huey_consumer main.huey -w 4 -k process -n", "huey_consumer", 4, added=True),
    ),
    "https://dramatiq.io/guide.html": (
        Line("dramatiq tasks", "dramatiq", EACH, added=True),
        Line("dramatiq -p 2 -t 4 tasks", "dramatiq", 2, added=True),
        Line("dramatiq app --processes 3 --threads 1", "dramatiq", 3, added=True),
        Line("python -m dramatiq -p 1 tasks", "dramatiq", 1, added=True),
    ),
    "https://taskiq-python.github.io/guide/cli.html": (
        Line("taskiq worker mybroker:broker_var", "taskiq", 2, added=True),
        Line("taskiq worker mybroker:broker -w 4", "taskiq", 4, added=True),
        Line("taskiq scheduler my:scheduler", "taskiq", 1, added=True),
    ),
    "https://python-poetry.org/docs/cli/#run": (
        Line("poetry -C /app run celery -A x worker -c 2", "celery", 2, added=True),
    ),
    "https://github.com/vishnubob/wait-for-it": (
        Line("wait-for db:5432 -- celery -A x worker -c 2", "celery", 2, added=True),
        Line(
            "watchmedo auto-restart -d . -p '*.py' -R -- celery -A x worker -c 2", "celery", 2, added=True
        ),
    ),
    "https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example": (
        Line("sh -c 'celery -A x worker -c 2 & celery -A x beat & wait'", "celery", 2),
        Line("sh -c 'REMAP_SIGTERM=SIGQUIT celery -A x worker'", "celery", EACH),
    ),
    "https://docs.docker.com/build/building/best-practices/#entrypoint": (
        Line("docker-entrypoint.sh celery -A x worker", "celery", EACH, certain=False),
        Line(
            "/entrypoint.sh celery_worker",
            "celery",
            EACH,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\ncase "$1" in\n    "web")\n        python manage.py runserver\n        ;;\n'
                '    "celery_worker")\n        celery -A x worker\n        ;;\n    *)\n        exec "$@"\n        ;;\nesac\n'
            },
        ),
    ),
    "https://github.com/apache/superset/blob/master/helm/superset/values.yaml": (
        Line(
            "/bin/sh -c '. /app/pythonpath/superset_bootstrap.sh; celery --app=superset.tasks.celery_app:app worker'",
            "celery",
            EACH,
        ),
    ),
    "https://docs.prefect.io/v3/concepts/workers": (
        Line("prefect worker start --pool my-pool --type process", "prefect", 1, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/ionice.1.html": (
        Line("nice -n 10 ionice -c3 celery -A proj worker -c 2", "celery", 2, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nohup-invocation.html": (
        Line("nohup celery -A proj worker --concurrency=4", "celery", 4, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/flock.1.html": (
        Line("flock -xn /var/lock/x -c 'python -m dramatiq -p 2 tasks'", "dramatiq", 2),
    ),
    "https://docs.docker.com/build/building/best-practices/#entrypoint-scripts": (
        Line(
            "/usr/local/bin/docker-entrypoint.sh celery --app=app worker --concurrency=2",
            "celery",
            2,
            certain=False,
        ),
    ),
    "https://docs.gunicorn.org/en/stable/deploy.html": (
        Line(
            "/entry.sh celery -A x worker -c 2",
            "celery",
            2,
            {},
            {
                "/entry.sh": '#!/bin/bash\n\nENTRYPOINT="$*"\n\nif [ -z "$ENTRYPOINT" ]; then\n    gunicorn --bind 0.0.0.0:5000 --workers 4 --chdir /src app:app\nelse\n    /bin/sh -c "$ENTRYPOINT"\nfi\n'
            },
            certain=False,
        ),
    ),
    "https://github.com/lf-connectivity/ISPToolbox/blob/main/terraform/templates/celery_app.json.tpl": (
        Line("celery --app celery_async worker -l info", "celery", EACH, added=True),
    ),
    "https://docs.celeryq.dev/en/stable/reference/cli.html": (
        Line(
            "bash -c 'celery -A workers.tasks worker --loglevel=info --concurrency=${CELERY_CONCURRENCY:-1}'",
            "celery",
            1,
        ),
        Line("celery -A app.celery worker -B -l INFO", "celery", EACH, added=True),
        Line(
            "celery multi start aui -A myCelery -l info -c4 --pidfile=/tmp/celery_%n.pid -f logs/celery.log",
            "celery",
            4,
            added=True,
        ),
        Line(
            "sh -c 'celery multi start w1 -A monitor_server -l info --pidfile=p.pid && celery -A monitor_server beat -l info >  logs/celery-beat.log  2>&1'",
            "celery",
            EACH,
        ),
        Line(
            "poetry run celery -A worker.celery_app.celery worker -Q outbox,default --loglevel=INFO",
            "celery",
            EACH,
            added=True,
        ),
        Line("sh -c '/wait && celery -A mytreehouse worker -l INFO'", "celery", EACH),
        Line("python -m celery -A app worker --autoscale 6,2", "celery", 6, added=True),
        Line(
            "/entry.sh",
            "celery",
            1,
            {},
            {
                "/entry.sh": '#!/bin/bash\n\nset -euo pipefail\n\nif [ ${DEBUG:-0} = 1 ]; then\n    log_level="debug"\nelse\n    log_level="info"\nfi\n\necho "==> $(date +%H:%M:%S) ==> Migrating Django models... "\npython manage.py migrate --noinput\nexec celery -A config.celery_app worker --loglevel $log_level --pool=gevent --concurrency=${CELERYD_CONCURRENCY:-500}\n'
            },
        ),
    ),
    "https://docs.dapr.io/reference/cli/dapr-run/": (
        Line(
            "dapr run --app-id jobs --resources-path ./components -- celery -A proj worker -c 3",
            "celery",
            3,
            added=True,
        ),
    ),
    "https://developer.1password.com/docs/cli/reference/commands/run/": (
        Line("op run --env-file .env.op -- celery -A proj worker -c 4", "celery", 4, added=True),
    ),
    "https://github.com/hashicorp/envconsul#readme": (
        Line(
            "envconsul -config /etc/envconsul.hcl -once celery -A proj worker -c 5", "celery", 5, added=True
        ),
    ),
    "https://github.com/segmentio/chamber#exec": (
        Line("chamber exec prod/app shared -- celery -A proj worker -c 4", "celery", 4, added=True),
    ),
    "https://django-q2.readthedocs.io/en/master/configure.html": (
        Line("python manage.py qcluster", "manage.py", EACH, added=True),
    ),
    "https://github.com/Bogdanp/django_dramatiq#running-workers": (
        Line(
            "python manage.py rundramatiq --processes 3 --threads 3 --queues tickets",
            "manage.py",
            3,
            added=True,
        ),
        Line("python3 manage.py rundramatiq", "manage.py", EACH, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line("sh -c 'celery -A x worker -c ${CONCURRENCY:-$(nproc)}'", "celery", EACH),
        Line("sh -c 'celery -A x worker -c ${CONCURRENCY:-$(nproc)}'", "celery", 3, {"CONCURRENCY": "3"}),
    ),
    "https://airflow.apache.org/docs/docker-stack/entrypoint.html": (
        Line(
            "/usr/bin/dumb-init -- /entrypoint scheduler",
            "airflow",
            1,
            {},
            {
                "/entrypoint": '#!/usr/bin/env bash\nset -euo pipefail\nAIRFLOW_COMMAND="${1:-}"\nif [[ ${AIRFLOW_COMMAND} =~ ^(scheduler|celery)$ ]] ; then\n  true\nfi\nexec "airflow" "${@}"\n'
            },
        ),
        Line("/usr/bin/dumb-init -- airflow celery worker --queues gpu", "airflow", 16, added=True),
        Line("airflow api-server --workers 2", "airflow", 2, added=True),
    ),
    "https://docs.docker.com/compose/how-tos/startup-order/": (
        Line(
            "bash -c 'sleep 10 && celery -A app.tasks worker --loglevel=info -c 2 --max-tasks-per-child=10'",
            "celery",
            2,
        ),
        Line("sh -c 'celery -A config worker -l info --concurrency 2 -B'", "celery", 2),
        Line(
            "sh -c 'test -n \"$WORKER\" && exec celery -A app worker -c 2 || exec gunicorn -w 4 app:app'",
            "celery",
            2,
            {"WORKER": "1"},
        ),
    ),
    "https://manpages.debian.org/bookworm/dpkg/start-stop-daemon.8.en.html": (
        Line("doas -u app celery -A x worker -c 2", "celery", 2, added=True),
    ),
    "https://github.com/uktrade/tamato/blob/master/Procfile": (
        Line(
            "celery -A common.celery worker -O fair -l info -Q rule-check --concurrency 1",
            "celery",
            1,
            added=True,
        ),
    ),
    "https://github.com/llf-970310/expression-analysis-docker/blob/master/expression/entrypoint.sh": (
        Line(
            "/entrypoint.sh",
            "celery",
            20,
            {},
            {
                "/entrypoint.sh": "#!/bin/sh\n\necho start\ncelery worker -A tasks.app -n one -Q q1 --loglevel=info --concurrency=12 &\ncelery worker -A tasks.app -n two -Q q2 --loglevel=info --concurrency=8 &\ncelery flower -A tasks.app --address=0.0.0.0 --port=50080\n"
            },
        ),
    ),
    "https://github.com/kanaboid/mes-parafina-app/blob/main/Procfile": (
        Line(
            "celery -A celery_app.celery worker --loglevel=info --max-tasks-per-child 100 --concurrency=2",
            "celery",
            2,
            added=True,
        ),
    ),
    "https://docs.celeryq.dev/en/stable/getting-started/next-steps.html": (
        Line(
            "/e.sh worker",
            "celery",
            1,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nif [ "$1" = \'web\' ]; then\n    exec uvicorn app.main:app --host 0.0.0.0\nelif [ "$1" = \'worker\' ]; then\n    exec celery --app=app.worker.celery worker -P gevent -c 1 -n celery-${GIT_COMMIT::7}@%n\nelif [ "$1" = \'flower\' ]; then\n    exec celery --app=app.worker.celery flower --port=5555\nfi\n\nexec "$@"\n'
            },
        ),
        Line(
            "/e.sh worker",
            "celery",
            32,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nif [[ "${1}" == "worker" ]]; then\n  echo "Starting Celery worker..."\n    celery --app=superset.tasks.celery_app:app worker --pool prefork --concurrency 32 --task-events\nelif [[ "${1}" == "app" ]]; then\n  flask run -p 8088\nfi\n'
            },
        ),
        Line(
            "/e.sh worker",
            "celery",
            4,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nCONCURRENCY=${CONCURRENCY:-4}\n\ncase "$@" in\n  web)\n    exec gunicorn --error-logfile - -w 3 wsgi\n    ;;\n  worker)\n    exec celery --quiet -A run_celery.notify_celery worker --concurrency="$CONCURRENCY"\n    ;;\n  *)\n    echo "Running custom command"\n    exec $@\n    ;;\nesac\n'
            },
        ),
        Line(
            "/e.sh celery -A x worker -c 2",
            "celery",
            2,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nCONCURRENCY=${CONCURRENCY:-4}\n\ncase "$@" in\n  web)\n    exec gunicorn --error-logfile - -w 3 wsgi\n    ;;\n  worker)\n    exec celery --quiet -A run_celery.notify_celery worker --concurrency="$CONCURRENCY"\n    ;;\n  *)\n    echo "Running custom command"\n    exec $@\n    ;;\nesac\n'
            },
            added=True,
        ),
        Line(
            "sh -c 'celery -A celery_app worker --loglevel=${CELERY_LOGLEVEL:-info} --concurrency ${CELERY_CONCURRENCY:-2} --max-tasks-per-child=100'",
            "celery",
            2,
        ),
        Line(
            "/e.sh celery -A app worker -c 3",
            "celery",
            3,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nif [ "$1" = \'celery\' ]; then\n\tchown -R worker .\n\texec celery "${@:2}"\nfi\n\nexec "$@"\n'
            },
            certain=False,
        ),
        Line(
            "/e.sh run-celery",
            "celery",
            EACH,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\ncase "$1" in\n  run-backend)\n    uv run python manage.py migrate\n    uv run gunicorn g.wsgi:application --bind 0.0.0.0:8000 --access-logfile -\n    ;;\n  run-celery)\n    uv run celery -A g worker -l INFO\n    ;;\nesac\n'
            },
        ),
        Line(
            "/e.sh celery_worker",
            "celery",
            EACH,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\nfunction info () {\n    printf "\\r  [\\033[00;34mINFO\\033[0m] %s\\n" "$1"\n}\n\nif [ "$1" = \'celery_worker\' ]; then\n    info "[Run] Starting celery_worker"\n    source /opt/conda/etc/profile.d/conda.sh\n    conda activate celeryenv\n    set -x\n    exec celery -A b worker --loglevel=info -B\nfi\n\nexec "$@"\n'
            },
        ),
        Line(
            "/e.sh worker",
            "celery",
            EACH,
            {},
            {
                "/e.sh": '#!/bin/sh\n\necho "argument $1"\n\nexec_worker() {\n  echo now\n  exec poetry run celery -A w.celery_app worker ${WORKER_ARGS}\n}\n\ncase $1 in\n  worker)\n    exec_worker\n    ;;\n  *)\n    exec "$@"\n    ;;\nesac\n'
            },
        ),
    ),
    "https://github.com/codalab/codabench/blob/develop/Procfile": (
        Line(
            "bash -c 'cd src && celery -A celery_config worker -B -Q site-worker -Ofast -Ofair -l info -n site-worker@%n --without-gossip --concurrency=1'",
            "celery",
            1,
        ),
    ),
    "https://github.com/IntelligentTrading/core/blob/master/Procfile": (
        Line(
            "bash -c 'REMAP_SIGTERM=SIGQUIT celery --app=taskapp worker --concurrency=5 --hostname=$DYNO@%h -Ofair --purge --loglevel=info'",
            "celery",
            5,
            {"DYNO": "w1"},
        ),
    ),
    "https://github.com/Eclipser03/Lol-pro/blob/main/docker/backend/celery-worker-entrypoint.sh": (
        Line(
            "/d.sh",
            "celery",
            EACH,
            {"CELERY_APP": "x"},
            {
                "/d.sh": "#!/usr/bin/env bash\n\nmkdir -p /var/run/celery /var/log/celery\nchown -R nobody:nogroup /var/run/celery\n\nexec celery --app=${CELERY_APP} worker\n"
            },
        ),
    ),
    "https://github.com/cyberbeast/mlaas/blob/master/server/distributed_framework/run_celery.sh": (
        Line(
            "/d.sh",
            "celery",
            EACH,
            {},
            {
                "/d.sh": '#!/bin/bash\ndockerize -wait redis:6379\nsu -m myuser -c "celery -A tasks.tasks worker --loglevel=info"\n'
            },
        ),
    ),
    "https://distributed.dask.org/en/stable/worker.html": (
        Line("prefect server start --host 0.0.0.0 --workers 2", "prefect", 2, added=True),
    ),
    "https://docs.celeryq.dev/en/stable/userguide/routing.html": (
        Line(
            "sh -c 'celery -A a worker -c 2 -Q a -n a@%h & celery -A a worker -c 3 -Q b -n b@%h & wait'",
            "celery",
            5,
        ),
        Line("python -m rq.cli worker-pool high -n 4", "rq", 4, added=True),
        Line("rq worker -w rq.worker.SimpleWorker high", "rq", 1, added=True),
        Line("arq app.worker.WorkerSettings --watch .", "arq", 1, added=True),
        Line("faust -A app worker -l info", "faust", 1, added=True),
        Line("saq app.queue.settings --workers 2", "saq", 2, added=True),
        Line("taskiq worker app.broker:broker --workers 1 --fs-discover", "taskiq", 1, added=True),
    ),
    "https://github.com/dwarf133/stepiveterfest/blob/main/nginx_run.sh": (
        Line(
            "/s.sh",
            "celery",
            16,
            {},
            {
                "/s.sh": "gunicorn --bind localhost:8080 --timeout 1000 --keep-alive 1000 --workers=8 'app:init()' -D\ncelery -A tasks worker --loglevel=INFO -D\n"
            },
        ),
    ),
    "https://github.com/uktrade/market-access-api/blob/main/Procfile": (
        Line("celery -A config.celery worker -l info -Q celery --concurrency 2", "celery", 2, added=True),
    ),
    "https://channels.readthedocs.io/en/latest/deploying.html": (
        Line("celery --loglevel=INFO --concurrency=1 -A app.celery worker", "celery", 1, added=True),
    ),
    "https://docs.python.org/3/library/subprocess.html": (
        Line("python manage.py run_huey -w 4 -k process", "manage.py", 4, added=True),
        Line("django-admin rqworker-pool default --num-workers 3", "manage.py", 3, added=True),
    ),
    "https://github.com/saleor/saleor/blob/main/Dockerfile": (
        Line(
            "celery -A saleor --app=saleor.celeryconf:app worker --loglevel=info -B",
            "celery",
            EACH,
            added=True,
        ),
    ),
    "https://github.com/PrefectHQ/prefect/blob/main/scripts/entrypoint.sh": (
        Line(
            "/usr/bin/tini -g -- /opt/prefect/entrypoint.sh prefect server start --host 0.0.0.0",
            "prefect",
            1,
            {},
            {
                "/opt/prefect/entrypoint.sh": '#!/bin/bash\nset -e\nif [ ! -z "$EXTRA_PIP_PACKAGES" ]; then\n  uv pip install --system $EXTRA_PIP_PACKAGES\nfi\nif [ -z "$*" ]; then\n  exec bash --login\nelse\n  exec "$@"\nfi\n'
            },
            added=True,
        ),
    ),
    "https://www.gnu.org/software/bash/manual/bash.html": (
        Line("sh -c 'celery -A app worker --concurrency=$((`nproc`-1))'", "celery", 7),
        Line(
            "bash -c 'case $ROLE in web) exec gunicorn -w 3 a:b;; *) exec celery -A a worker -c 2;; esac'",
            "celery",
            2,
        ),
    ),
    "https://github.com/rq/rq/blob/master/Dockerfile": (
        Line("rq worker", "rq", 1, added=True),
        Line("rq worker --url redis://redis:6379 high low", "rq", 1, added=True),
    ),
    "https://dramatiq.io/reference.html": (
        Line("python -m dramatiq jobs --processes 4 --threads 4", "dramatiq", 4, added=True),
        Line(
            'sh -c "PYTHONPATH=/app:$PYTHONPATH dramatiq skylock.service.dramatiq_tasks --processes 1 --threads 4 --watch ."',
            "dramatiq",
            1,
        ),
        Line("poetry run dramatiq tasks.test_task", "dramatiq", EACH, added=True),
    ),
    "https://taskiq-python.github.io/guide/cli.html#worker": (
        Line(
            'sh -c "sleep 10 && taskiq worker --ack-type when_executed -fsd src.infrastructure.taskiq.broker:broker"',
            "taskiq",
            2,
        ),
        Line(
            'sh -c "sleep 10 && taskiq scheduler -fsd src.infrastructure.taskiq.scheduler:schedule"',
            "taskiq",
            1,
        ),
    ),
    "https://github.com/diko0071/walletwave_backend/blob/main/Procfile": (
        Line(
            "bash -c 'celery -A backend.celery_app worker --loglevel=info --concurrency=1 --max-memory-per-child=200000 & celery -A backend.celery_app beat --loglevel=info & wait -n'",
            "celery",
            1,
        ),
    ),
    "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/": (
        Line("celery -A celery_app worker -l INFO -Q celery", "celery", EACH, added=True),
        Line("python -m celery -A summon_platform worker -l info", "celery", EACH, added=True),
        Line("sh -c 'celery -A app worker -c ${C:?set it}'", "celery", 3, {"C": "3"}),
        Line("sh -c 'celery --workdir /app -A app worker -c 2 --without-mingle'", "celery", 2),
        Line("xvfb-run -a -s '-screen 0 1x1x24' celery -A a worker -c 2", "celery", 2, added=True),
        Line("infisical run --token=$T --command='celery -A a worker -c 2 && echo x'", "celery", 2),
        Line("aws-vault exec prod -- celery -A a worker -c 2", "celery", 2, added=True),
    ),
    "https://github.com/wellpass/redash-1/blob/HEAD/Procfile": (
        Line(
            "celery worker --app=redash.worker --beat -c3 -Qqueries -linfo --maxtasksperchild=10 -Ofair",
            "celery",
            3,
            added=True,
        ),
    ),
    "https://github.com/IntelligentTrading/core/blob/HEAD/Procfile": (
        Line(
            "sh -c 'REMAP_SIGTERM=SIGQUIT celery --app=taskapp worker --concurrency=5 --hostname=$DYNO@%h -Ofair --purge --without-heartbeat --loglevel=info'",
            "celery",
            5,
            {"DYNO": "worker.1"},
        ),
    ),
    "https://github.com/codalab/codabench/blob/HEAD/Procfile": (
        Line(
            "sh -c 'cd src && celery -A celery_config worker -B -Q site-worker -Ofast -Ofair -l info -n site-worker@%n --without-gossip --concurrency=1'",
            "celery",
            1,
        ),
    ),
    "https://github.com/Alexion24/django-telegram-bot/blob/HEAD/Procfile": (
        Line("celery -A dtb worker -P prefork --loglevel=INFO", "celery", EACH, added=True),
    ),
    "https://github.com/psalmxxiii/task-api/blob/HEAD/boot.sh": (
        Line(
            "/boot.sh",
            "celery",
            9,
            {},
            {
                "/boot.sh": "#!/bin/sh\nsource venv/bin/activate\nexec gunicorn --bind 0.0.0.0:5000 app:app &\ncelery worker -A app.celery -l info\n"
            },
        ),
    ),
    "https://github.com/goauthentik/authentik/blob/HEAD/docker/bootstrap.sh": (
        Line(
            "/docker/bootstrap.sh worker",
            "celery",
            10,
            {},
            {
                "/docker/bootstrap.sh": '#!/bin/bash -ex\n/app/wait_for_db.py\nif [[ "$1" == "server" ]]; then\n    gunicorn -c gunicorn.conf.py passbook.root.asgi:application\nelif [[ "$1" == "worker" ]]; then\n    celery worker --autoscale=10,3 -E -B -A=passbook.root.celery -s=/tmp/celerybeat-schedule\nelse\n    ./manage.py "$@"\nfi\n'
            },
        ),
    ),
    "https://dramatiq.io/advanced.html#command-line-interface": (
        Line(
            "/w.sh",
            "dramatiq",
            8,
            {},
            {
                "/w.sh": '#! /usr/bin/env bash\nset -e\n\npython /app/app/worker_pre_start.py\n\nPROCESSES=${DRAMATIQ_PROCESSES:-8}\nTHREADS=${DRAMATIQ_THREADS:-8}\n\nif [ "$BACKEND_ENV" = "development" ]\nthen\n    dramatiq --processes 1 --threads 1 --watch . app.worker\nelse\n    dramatiq --processes $PROCESSES --threads $THREADS app.worker\nfi\n'
            },
        ),
        Line(
            "/w.sh 3",
            "dramatiq",
            3,
            {},
            {
                "/w.sh": '#!/bin/bash\nPROCESSES=${1:-1}\nTHREADS=${2:-5}\nexport PYTHONPATH="."\npython -m dramatiq --processes $PROCESSES --threads $THREADS --verbose backend.dramatiq_app.workers.master\n'
            },
        ),
        Line("dramatiq '-p 8' '-t 8' create_youtube_channel_worker -Q josef", "dramatiq", 8, added=True),
        Line("dramatiq -w 4 -p 1 src.adapters.workers.tasks", "dramatiq", 1, added=True),
        Line(
            "dramatiq embedding_studio.workers.upsertion.worker -Q upsertion_worker deletion_worker --processes 4 --threads 8",
            "dramatiq",
            4,
            added=True,
        ),
        Line("dramatiq '-t 4' create_link_product_worker -Q josef", "dramatiq", EACH, added=True),
    ),
    "https://airflow.apache.org/docs/apache-airflow/1.10.15/cli-ref.html#worker": (
        Line("airflow worker", "airflow", 16, added=True),
        Line("airflow worker -c 4 -q train", "airflow", 4, added=True),
    ),
    "https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html": (
        Line(
            "airflow celery worker",
            "airflow",
            3,
            {"AIRFLOW_HOME": "/opt/airflow"},
            {"/opt/airflow/airflow.cfg": "[core]\nparallelism = 9\n\n[celery]\nworker_concurrency = 3\n"},
            added=True,
        ),
        Line(
            "airflow scheduler",
            "airflow",
            9,
            {"AIRFLOW_CONFIG": "/srv/a.cfg"},
            {"/srv/a.cfg": "[core]\nexecutor = LocalExecutor\nparallelism = 9\n[api]\nworkers = 5\n"},
            added=True,
        ),
        Line(
            "airflow api-server",
            "airflow",
            2,
            {"HOME": "/root", "AIRFLOW__API__WORKERS": "2"},
            {"/root/airflow/airflow.cfg": "[api]\nworkers = 5\n"},
            added=True,
        ),
    ),
    "https://airflow.apache.org/docs/apache-airflow/stable/howto/docker-compose/index.html": (
        Line("airflow celery worker", "airflow", 16, added=True),
        Line("/usr/bin/dumb-init -- /entrypoint airflow celery worker", "airflow", 16, certain=False),
        Line(
            "bash -c 'airflow db migrate && exec airflow scheduler'",
            "airflow",
            1,
            {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"},
        ),
    ),
    "https://github.com/emmett-framework/granian#options": (
        Line(
            "/entry.sh worker -Q high",
            "celery",
            4,
            {},
            {
                "/entry.sh": '#!/bin/sh\nset -eu\ncmd="${1:-api}"\n[ "$#" -gt 0 ] && shift\ncase "$cmd" in\n  api)\n    exec granian --interface asgi --host 0.0.0.0 --port "${PORT:-8080}" \\\n      --workers "${WEB_CONCURRENCY:-1}" shop.asgi:application "$@" ;;\n  worker)\n    exec celery -A shop worker --concurrency "${WORKER_CONCURRENCY:-4}" "$@" ;;\n  migrate)\n    exec python manage.py migrate --noinput "$@" ;;\n  *)\n    exec "$cmd" "$@" ;;\nesac\n'
            },
        ),
    ),
    "https://www.uvicorn.org/settings/": (
        Line(
            "/s.sh",
            "celery",
            5,
            {"MODE": "jobs"},
            {
                "/s.sh": '#!/bin/bash\nset -euo pipefail\nif [[ "$MODE" =~ ^(api|web)$ ]]; then\n  exec uvicorn app:app --workers 3\nfi\nexec celery -A app worker -c 5\n'
            },
        ),
        Line(
            "bash -c '( cd /api && uvicorn a:b --workers 2 ) & ( cd /jobs && celery -A w worker -c 3 ) & wait -n'",
            "celery",
            5,
        ),
        Line(
            "/run.sh -l info",
            "celery",
            3,
            {},
            {
                "/run.sh": '#!/bin/bash\nif [[ "$1" =~ ^- ]] || [[ $# -eq 0 ]]; then\n  exec celery -A x worker -c 3 "$@"\nfi\nexec "$@"\n'
            },
        ),
    ),
    "https://python-rq.org/docs/workers/#worker-pool": (
        Line("python -m rq.cli worker-pool --num-workers 3 high low", "rq", 3, added=True),
    ),
    "https://dramatiq.io/advanced.html": (
        Line(
            "dramatiq app.broker:broker app.tasks --path /app --processes=3 --threads 2 --queues default",
            "dramatiq",
            3,
            added=True,
        ),
    ),
    "https://modwsgi.readthedocs.io/en/master/user-guides/quick-installation-guide.html": (
        Line("python manage.py runmodwsgi --port 80 --processes 3", "manage.py", 3, added=True),
    ),
    "https://modwsgi.readthedocs.io/": (
        Line("django-admin runmodwsgi --processes=2 --settings a.b", "manage.py", 2, added=True),
    ),
    "https://airflow.apache.org/docs/apache-airflow/stable/start.html": (
        Line("airflow standalone", "airflow", 32, {"AIRFLOW__CORE__EXECUTOR": "LocalExecutor"}, added=True),
        Line("airflow standalone", "airflow", 1, added=True),
        Line(
            "airflow standalone", "airflow", 32, {"AIRFLOW__CORE__EXECUTOR": "CeleryExecutor"}, added=True
        ),
        Line(
            "airflow standalone",
            "airflow",
            1,
            {"AIRFLOW__CORE__EXECUTOR": "SequentialExecutor"},
            added=True,
        ),
    ),
    "https://mywiki.wooledge.org/BashFAQ/028": (
        Line(
            "/app/start.sh",
            "celery",
            6,
            {},
            {
                "/app/start.sh": '#!/bin/bash\nDIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" >/dev/null 2>&1 && pwd )"\nexec "$DIR/worker.sh"\n',
                "/app/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/srv/c.py": "workers = 5\n",
                "/srv/bin/x": "",
            },
        ),
        Line(
            "/app/start.sh",
            "celery",
            6,
            {},
            {
                "/app/start.sh": '#!/bin/bash\ncd "$(dirname "$0")"\n./worker.sh\n',
                "/app/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/srv/c.py": "workers = 5\n",
                "/srv/bin/x": "",
            },
        ),
    ),
    "https://github.com/Dev-Chisom/crispy-palm-tree": (
        Line(
            "celery -A app.tasks.celery_app worker --loglevel=info --concurrency=2 --max-tasks-per-child=50",
            "celery",
            2,
            added=True,
        ),
    ),
    "https://github.com/rcharp/parked": (
        Line(
            "celery -A app.blueprints.api.tasks worker -B -l info --without-gossip --without-mingle --without-heartbeat --loglevel=info --concurrency 1",
            "celery",
            1,
            added=True,
        ),
    ),
    "https://github.com/InstituteforDiseaseModeling/idmtools": (
        Line(
            "/start_gpu_workers.sh",
            "dramatiq",
            1,
            {},
            {
                "/start_gpu_workers.sh": "#!/usr/bin/with-contenv sh\n\n# This launches the workers that do all the actual gpu run task work\nexec s6-setuidgid idmtools /usr/local/bin/dramatiq --processes 1 --threads 1 idmtools_platform_local.workers.brokers:redis_broker idmtools_platform_local.workers.run --queues gpu-work\n"
            },
        ),
    ),
    "https://github.com/yandexwork/NotificationService": (
        Line(
            "/docker-entrypoint.sh celery",
            "celery",
            3,
            {},
            {
                "/docker-entrypoint.sh": '#!/bin/sh\n\nif [ "$1" = "admin" ]; then\n  /bash/entrypoint.sh\nelif [ "$1" = "celery" ]; then\n  /bash/start_celery.sh\nelse\n  echo "Unknown command argument: $1"\nfi\n',
                "/bash/start_celery.sh": "#!/bin/bash\ncelery -A config worker -c 3\n",
                "/bash/entrypoint.sh": "#!/bin/sh\nuwsgi --processes 5\n",
            },
        ),
    ),
    "https://github.com/Maestro-111/movies-search-system": (
        Line(
            "/entrypoint.sh celery_worker",
            "celery",
            8,
            {},
            {
                "/entrypoint.sh": '#!/bin/bash\n\nexport PYTHONPATH="/app/movies:${PYTHONPATH}"\n\ncase "$1" in\n    "web")\n        python movies/manage.py runserver 0.0.0.0:8000\n        ;;\n    "celery_worker")\n        celery -A movies worker -l INFO\n        ;;\n    "celery_beat")\n        celery -A movies beat -l INFO\n        ;;\n    *)\n        exec "$@"\n        ;;\nesac\n'
            },
        ),
    ),
    "https://github.com/HRKings/docker-compose-templates": (
        Line(
            "/bin/sh -c '/opt/prefect/entrypoint.sh prefect     worker start     --with-healthcheck     -n $WORKER_NAME     -p $WORKER_POOL_NAME     -t process'",
            "prefect",
            1,
            {"WORKER_NAME": "w", "WORKER_POOL_NAME": "p"},
            {
                "/opt/prefect/entrypoint.sh": '#!/bin/bash\nset -e\nif [ ! -z "$EXTRA_PIP_PACKAGES" ]; then\n  uv pip install $EXTRA_PIP_PACKAGES\nfi\nif [ -z "$*" ]; then\n  exec bash --login\nelse\n  exec "$@"\nfi\n'
            },
        ),
    ),
    "https://github.com/andrewalevin/bot-ytb2telegram": (
        Line(
            "/run-queue.sh",
            "dramatiq",
            2,
            {},
            {
                "/run-queue.sh": "#!/bin/bash\n\nsource venv/bin/activate\n\n# huey_consumer.py taskdownloading.huey -k process -w 4\n\ndramatiq --processes 2 --threads 1  --pid-file pid-dramatiq.pid --log-file log-dramatiq.log taskdownloading\n"
            },
        ),
    ),
    "https://github.com/Bogdanp/django_dramatiq/blob/master/django_dramatiq/management/commands/rundramatiq.py": (
        Line(
            "/w.sh",
            "manage.py",
            8,
            {},
            {
                "/w.sh": '#! /bin/bash\n\ncd /app/\nsource venv/bin/activate\n\nDRAMATIQ_PROCESSES="${DRAMATIQ_PROCESSES:-8}"\nDRAMATIQ_THREADS="${DRAMATIQ_THREADS:-16}"\n\npython3 manage.py rundramatiq --processes $DRAMATIQ_PROCESSES --threads $DRAMATIQ_THREADS\n'
            },
        ),
    ),
    "https://github.com/HelloLily/hellolily": (
        Line(
            "bin/start-pgbouncer celery worker --loglevel=info --app=lily.celery -Q email_async_tasks -n worker1.%h -c12 -P eventlet --without-gossip",
            "celery",
            1,
            certain=False,
        ),
    ),
    "https://github.com/int-brain-lab/iblsre": (
        Line("prefect worker start --pool iblserver-docker-pool", "prefect", 1, added=True),
    ),
}
