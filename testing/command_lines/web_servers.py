"""Command lines of web servers, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, Line

CHOOSES_CONF = (  # a script that starts gunicorn with a file if it is there, else with another one
    "if [ -f /app/conf.py ]; then\n  DEFAULT=/app/conf.py\nelse\n  DEFAULT=/conf.py\nfi\n"
    'export CONF=${CONF:-$DEFAULT}\nexec gunicorn -c "$CONF" main:app\n'
)

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://docs.astral.sh/uv/guides/tools/#requesting-specific-versions": (
        Line("uvx gunicorn@27.0.1 -w 2 a:b", "gunicorn", 2, added=True),
        Line("uvx 'uvicorn[standard]>=0.30' --workers 3 a:b", "uvicorn", 3, added=True),
        Line("uv tool run -qp 3.12 gunicorn@latest -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://docs.npmjs.com/cli/commands/npm-exec": (
        Line("npx pm2@latest start app.py -i 2", "pm2", 2, added=True),
        Line("npx --registry https://registry.example pm2 start app.py -i 2", "pm2", 2, added=True),
        Line("npm exec -- pm2-runtime start app.py -i 4", "pm2-runtime", 4, added=True),
        Line("npm exec --package=pm2 --call 'pm2-runtime app.py -i 2'", "pm2-runtime", 2),
    ),
    "https://dotenvx.com/docs/cli/run": (
        Line("dotenvx -l warn run -fk keys -e A=b C=d -- gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://github.com/open-cli-tools/concurrently/blob/main/docs/cli/configuration.md": (
        Line("concurrently --kill-signal SIGTERM 'gunicorn -w 2 a:b' 'gunicorn -w 2 c:d'", "gunicorn", 4),
        Line("concurrently -m 1 'python prepare.py' 'gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("concurrently --max-processes=1 'gunicorn -w 2 a:b' 'gunicorn -w 3 c:d'", "gunicorn", 3),
    ),
    "https://mise.jdx.dev/cli/exec.html": (
        Line("mise x python@3.12 --command 'gunicorn -w 2 a:b'", "gunicorn", 2),
    ),
    "https://www.sudo.ws/docs/man/sudo.man/": (
        Line("sudo -Eu app gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("sudo -nHu app A=b gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("sudo -uroot gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://github.com/guillemj/dpkg/blob/main/utils/start-stop-daemon.c": (
        Line("start-stop-daemon -S -x /usr/bin/gunicorn -- -w 2 a:b", "gunicorn", 2, added=True),
        Line("start-stop-daemon --start --startas gunicorn -- -w 2 -x a:b", "gunicorn", 2, added=True),
    ),
    "https://man.openbsd.org/doas": (Line("doas -nu app gunicorn -w 2 a:b", "gunicorn", 2, added=True),),
    "https://man7.org/linux/man-pages/man1/strace.1.html": (
        Line("strace -ffttTo trace gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://bloomberg.github.io/memray/run.html": (
        Line("memray run -fo out.bin -m gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://docs.gunicorn.org/en/stable/run.html": (
        Line("gunicorn --workers=2 test:app", "gunicorn", 2, added=True),
        Line("gunicorn -w 4 -b 0.0.0.0:80 app:app", "gunicorn", 4, added=True),
        Line("gunicorn -w4 app:app", "gunicorn", 4, added=True),
        Line("gunicorn -w=4 app:app", "gunicorn", 4, added=True),
        Line("gunicorn 'test:create_app(\"x\")'", "gunicorn", 1, added=True),
        Line("gunicorn --check-config -w 4 app:app", "gunicorn", 1, added=True),
        Line("python -m gunicorn -w 3 app:app", "gunicorn", 3, added=True),
        Line("/opt/venv/bin/python3.12 -u -m gunicorn -w 3 app:app", "gunicorn", 3, added=True),
        Line("/app/.venv/bin/gunicorn app:app", "gunicorn", 5, {"WEB_CONCURRENCY": "5"}, added=True),
        Line("gunicorn app:app", "gunicorn", 6, {"GUNICORN_CMD_ARGS": "--workers=6 -b :80"}, added=True),
        Line(
            "sh -c 'exec gunicorn --workers=${GUNICORN_WORKERS:-$((2*$(nproc)+1))} -b :80 a:b'",
            "gunicorn",
            17,
        ),
    ),
    "https://docs.gunicorn.org/en/stable/configure.html#configuration-file": (
        Line(
            "gunicorn -c /srv/conf.py app:app",
            "gunicorn",
            17,
            {},
            {"/srv/conf.py": "import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1\n"},
            added=True,
        ),
        Line(
            "gunicorn --config=file:/srv/conf.py app:app",
            "gunicorn",
            3,
            {"WEB_CONCURRENCY": "5"},
            {"/srv/conf.py": "bind = ':80'\nworkers = 3\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/conf.py -w 2 app:app",
            "gunicorn",
            2,
            {},
            {"/srv/conf.py": "workers = 3\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/conf.py app:app",
            "gunicorn",
            7,
            {"GUNICORN_PROCESSES": "7"},
            {"/srv/conf.py": "import os\nworkers = int(os.environ.get('GUNICORN_PROCESSES', '2'))\n"},
            added=True,
        ),
        Line(
            "gunicorn app:app",
            "gunicorn",
            2,
            {"GUNICORN_CMD_ARGS": "-c /srv/conf.py"},
            {"/srv/conf.py": "import os\nworkers = int(os.getenv('WORKERS') or 2)\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/conf.py app:app",
            "gunicorn",
            1,
            {},
            {"/srv/conf.py": "from settings import N\nworkers = N\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            16,
            {},
            {"/srv/g.py": "import os\nbind = '0.0.0.0:8080'\nworkers = len(os.sched_getaffinity(0)) * 2\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            17,
            {},
            {
                "/srv/g.py": "import multiprocessing as mp\nfrom os import getenv\nworkers = int(getenv('WORKERS', mp.cpu_count() * 2 + 1))\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            EACH,
            {},
            {
                "/srv/g.py": "from multiprocessing import cpu_count\ndef max_workers():\n    return cpu_count()\n\nworkers = max_workers()\nworker_class = 'gevent'\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            4,
            {},
            {
                "/srv/g.py": "import multiprocessing\ncores = multiprocessing.cpu_count()\nworkers = min(cores * 2 + 1, 4)\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            3,
            {},
            {"/srv/g.py": "import os\nworkers = os.environ.get('WEB_CONCURRENCY') or 3\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            4,
            {"ENV": "prod"},
            {
                "/srv/g.py": "import os\nif os.getenv('ENV', 'dev') == 'prod':\n    workers = 4\n    reload = False\nelse:\n    workers = 1\n    reload = True\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            2,
            {},
            {
                "/srv/g.py": "from decouple import config\nworkers = config('WORKERS', default=2, cast=int)\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            2,
            {},
            {"/srv/g.py": "import environ\nenv = environ.Env()\nworkers = env.int('WORKERS', default=2)\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            6,
            {"GUNICORN_WORKERS": "6"},
            {
                "/srv/g.py": "import os\nbind: str = ':80'\nworkers: int = int(os.environ['GUNICORN_WORKERS'])\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            4,
            {},
            {"/srv/g.py": "import os\nworkers = 1 if os.getenv('DEBUG') else 4\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            17,
            {},
            {
                "/srv/g.py": "try:\n    import psutil\n    cores = psutil.cpu_count(logical=False)\nexcept ImportError:\n    cores = 2\nworkers = cores * 2 + 1\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            5,
            {"GUNICORN_WORKERS": "5"},
            {
                "/srv/g.py": "import os\nfor k, v in os.environ.items():\n    if k.startswith('GUNICORN_'):\n        key = k.split('_', 1)[1].lower()\n        locals()[key] = v\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            2,
            {},
            {"/srv/g.py": "import math, os\nworkers = max(2, math.ceil((os.cpu_count() or 1) / 4))\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            EACH,
            {},
            {"/srv/g.py": "import os\nworkers = int(os.getenv('WORKERS', '0')) or os.cpu_count()\n"},
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            3,
            {},
            {
                "/srv/g.py": "import os\nDEFAULT = 3\n\ndef _int(name, default):\n    try:\n        return int(os.environ.get(name, default))\n    except ValueError:\n        return default\n\nworkers = _int('WORKERS', DEFAULT)\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            4,
            {"WORKERS": "9"},
            {
                "/srv/g.py": "import os\n\nclass C:\n    pass\nworkers = int(os.environ.get('WORKERS', 2))\nif workers > 4: workers = 4\n"
            },
            added=True,
        ),
        Line(
            "gunicorn -c /srv/g.py app:app",
            "gunicorn",
            3,
            {},
            {
                "/srv/g.py": "import os\nbind = f\"0.0.0.0:{os.environ.get('PORT', '8000')}\"\nworkers = int(os.environ.get('WORKERS', '3'), 10)\naccesslog = '-'\n"
            },
            added=True,
        ),
    ),
    "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html": (
        Line(
            "serve",
            "uvicorn",
            2,
            {},
            {"/usr/bin/serve": "#!/bin/bash\nexec uvicorn app_sagemaker:app --port 8080 --workers 2\n"},
        ),
    ),
    "https://github.com/makeplane/plane/blob/preview/apps/api/bin/docker-entrypoint-api.sh": (
        Line(
            "/e.sh api",
            "gunicorn",
            3,
            {},
            {
                "/e.sh": '#!/bin/bash\nif [ "$1" = api ]; then\n  cd /app/api\n  exec ./bin/api.sh\nfi\n',
                "/app/api/bin/api.sh": "#!/bin/bash\nexec gunicorn -w 3 a:b\n",
            },
        ),
        Line(
            "sh -c 'cd /srv && cd conf && sh ./start.sh'",
            "gunicorn",
            4,
            {},
            {"/srv/conf/start.sh": "gunicorn -w 4 a:b\n"},
        ),
        Line(
            "sh -c 'cd /srv && gunicorn -c conf/g.py a:b'",
            "gunicorn",
            5,
            {},
            {"/srv/conf/g.py": "workers = 5\n"},
        ),
        Line(
            "bash -c 'cd /srv; exec gunicorn a:b'",
            "gunicorn",
            6,
            {},
            {"/srv/gunicorn.conf.py": "workers = 6\n"},
        ),
        Line(
            "sh -c '(cd /srv && ./prepare); gunicorn a:b'",
            "gunicorn",
            1,
            {},
            {"/srv/gunicorn.conf.py": "workers = 6\n"},
        ),
        Line(
            "sh -c 'cd /srv && cd $(./where) && gunicorn a:b'",
            "gunicorn",
            1,
            {},
            {"/srv/gunicorn.conf.py": "workers = 6\n"},
        ),
    ),
    "https://github.com/ggonzalezcastro/inmo/blob/main/Procfile": (
        Line(
            "honcho start -f /Procfile",
            "honcho",
            5,
            {},
            {
                "/Procfile": "web: cd backend && uvicorn app.main:app --workers 2\n"
                "worker: cd backend && exec celery -A app worker -c 3\n"
            },
            added=True,
        ),
    ),
    "https://github.com/tiangolo/uvicorn-gunicorn-docker/blob/master/docker-images/start.sh": tuple(
        Line("/start.sh", "gunicorn", number, {}, {"/start.sh": script, **files})
        for number, script, files in (
            (3, CHOOSES_CONF, {"/conf.py": "workers = 3\n"}),
            (4, CHOOSES_CONF, {"/conf.py": "workers = 3\n", "/app/conf.py": "workers = 4\n"}),
            (3, CHOOSES_CONF.replace("if [", "if [ -d /none ] || [ "), {"/conf.py": "workers = 3\n"}),
            (1, "./make_conf\n" + CHOOSES_CONF, {"/conf.py": "workers = 3\n"}),
        )
    ),
    "https://github.com/tiangolo/uvicorn-gunicorn-docker": (
        Line(
            "/start.sh",
            "gunicorn",
            4,
            {},
            {
                "/start.sh": "#! /usr/bin/env sh\nset -e\nif [ -f /app/conf.py ]; then\n  DEFAULT=/app/conf.py\n"
                "else\n  DEFAULT=/conf.py\nfi\nexport CONF=${CONF:-/conf.py}\n"
                'if [ -f "$PRE" ]; then\n  . "$PRE"\nfi\nexec gunicorn -c "$CONF" "${APP:-main:app}"\n',
                "/conf.py": "import multiprocessing, os\ncores = multiprocessing.cpu_count()\n"
                "most = os.getenv('MAX_WORKERS', '4')\nper_core = float(os.getenv('WORKERS_PER_CORE', '1'))\n"
                "given = os.getenv('WEB_CONCURRENCY', None)\nif given:\n    number = int(given)\n"
                "    assert number > 0\nelse:\n    number = max(int(per_core * cores), 2)\n"
                "    if most:\n        number = min(number, int(most))\nworkers = number\n",
            },
        ),
    ),
    "https://www.uvicorn.org/deployment/": (
        Line("uvicorn main:app --host 0.0.0.0 --port 80 --workers 4", "uvicorn", 4, added=True),
        Line("uvicorn main:app --reload --workers 4", "uvicorn", 1, added=True),
        Line("python -m uvicorn main:app --workers=2", "uvicorn", 2, added=True),
        Line("uvicorn --factory main:make", "uvicorn", 3, {"WEB_CONCURRENCY": "3"}, added=True),
    ),
    "https://fastapi.tiangolo.com/deployment/server-workers/": (
        Line("fastapi run --workers 4 main.py", "fastapi", 4, added=True),
        Line("fastapi run app/main.py --port 80 --workers=2", "fastapi", 2, added=True),
        Line("python -m fastapi run --workers 3", "fastapi", 3, added=True),
    ),
    "https://github.com/emmett-framework/granian": (
        Line("granian --interface asgi --workers 4 main:app", "granian", 4, added=True),
        Line("granian main:app", "granian", 3, {"GRANIAN_WORKERS": "3"}, added=True),
    ),
    "https://sanic.dev/en/guide/running/running.html": (
        Line("sanic server:app --host=0.0.0.0 --workers=4", "sanic", 4, added=True),
        Line("sanic server:app --fast", "sanic", EACH, added=True),
        Line("sanic server:app -w 4 --single-process", "sanic", 1, added=True),
        Line("python -m sanic server.app -w 2", "sanic", 2, added=True),
        Line(
            "python -m sanic server.app --host=0.0.0.0 --port=8000 --workers=4 --no-access-logs",
            "sanic",
            4,
            added=True,
        ),
    ),
    "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html": (
        Line(
            "/r.sh",
            "hypercorn",
            8,
            {"HYPERCORN_HOST": "h", "HYPERCORN_PORT": "1", "HYPERCORN_LOG_LEVEL": "info"},
            {
                "/r.sh": '#!/bin/bash\n\n# get number of cores\nCORES=$(grep -c ^processor /proc/cpuinfo)\n\n# Start the application\nhypercorn main:app --bind="${HYPERCORN_HOST}:${HYPERCORN_PORT}" \\\n--workers="$CORES" --log-level="$HYPERCORN_LOG_LEVEL" \\\n--worker-class uvloop\n'
            },
        ),
        Line(
            "/bin/sh -c 'python -m hypercorn --bind 0.0.0.0:80 --workers $WORKERS --access-logfile - --error-logfile - asgi:app:app'",
            "hypercorn",
            2,
            {"WORKERS": "2"},
        ),
        Line(
            "/h.sh",
            "hypercorn",
            4,
            {},
            {
                "/h.sh": "#!/bin/bash\nset -e\n\nWORKERS=${HYPERCORN_WORKERS:-4}\n\nexec hypercorn app:app \\\n    --bind 0.0.0.0:5000 \\\n    --workers $WORKERS \\\n    --worker-class asyncio \\\n    --access-logfile -\n"
            },
        ),
        Line(
            "hypercorn -b 0.0.0.0:8000 --workers=4 --access-logfile - --error-logfile - asgi:app",
            "hypercorn",
            4,
            added=True,
        ),
        Line("hypercorn -w 3 app:app", "hypercorn", 3, added=True),
        Line(
            "hypercorn -c /srv/hypercorn.toml app:app",
            "hypercorn",
            4,
            {},
            {"/srv/hypercorn.toml": 'bind = "0.0.0.0:80"\nworkers = 4\n'},
            added=True,
        ),
        Line(
            "hypercorn --config file:/srv/conf.py app:app",
            "hypercorn",
            2,
            {},
            {"/srv/conf.py": "workers = 2\n"},
            added=True,
        ),
        Line(
            "hypercorn -c /hypercorn.toml app.main:api",
            "hypercorn",
            3,
            {},
            {"/hypercorn.toml": 'bind = "0.0.0.0:80"\nworkers = 3\n'},
            added=True,
        ),
        Line(
            "/start.sh",
            "hypercorn",
            1,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\n\nexec hypercorn --config /app/hypercorn.toml \\\n    --bind 0.0.0.0:${REPLAY_PORT:-8090} \\\n    --workers 1 \\\n    "main:create_app()"\n',
                "/app/hypercorn.toml": "workers = 6\n",
            },
        ),
        Line(
            "hypercorn --config file:/srv/hypercorn_conf.py app:app",
            "hypercorn",
            4,
            {},
            {"/srv/hypercorn_conf.py": "bind = ['0.0.0.0:8000']\nworkers = 4\n"},
            added=True,
        ),
        Line("python -u -X faulthandler -m hypercorn app:app -w 2", "hypercorn", 2, added=True),
    ),
    "https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html": (
        Line(
            "uwsgi --http :9090 --wsgi-file foo.py --master --processes 4 --threads 2",
            "uwsgi",
            4,
            added=True,
        ),
        Line("uwsgi -p 3 --http :80", "uwsgi", 3, added=True),
        Line(
            "uwsgi /srv/app.ini",
            "uwsgi",
            5,
            {},
            {"/srv/app.ini": "[uwsgi]\nhttp = :80\nprocesses = 5\n"},
            added=True,
        ),
        Line(
            "uwsgi --ini /srv/app.ini",
            "uwsgi",
            EACH,
            {},
            {"/srv/app.ini": "[uwsgi]\nworkers = %k\n"},
            added=True,
        ),
        Line(
            "uwsgi --ini=/srv/app.ini",
            "uwsgi",
            3,
            {"UWSGI_N": "3"},
            {"/srv/app.ini": "[uwsgi]\n; many\nprocesses=$(UWSGI_N)\n"},
            added=True,
        ),
        Line(
            "uwsgi --yaml /srv/app.yaml",
            "uwsgi",
            2,
            {},
            {"/srv/app.yaml": "uwsgi:\n  processes: 2\n"},
            added=True,
        ),
        Line("uwsgi", "uwsgi", 4, {"UWSGI_PROCESSES": "4"}, added=True),
        Line(
            "uwsgi --http :8080 --master --cheaper 2 --cheaper-initial 2 --workers 10 -w app:app",
            "uwsgi",
            10,
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini",
            "uwsgi",
            2,
            {},
            {
                "/app/uwsgi.ini": "[uwsgi]\nmodule = main\nif-env = WORKERS\nprocesses = $(WORKERS)\nendif =\nif-not-env = WORKERS\nprocesses = 2\nendif =\n"
            },
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini:dev",
            "uwsgi",
            1,
            {},
            {"/app/uwsgi.ini": "[dev]\nprocesses = 1\n[prod]\nprocesses = 6\n"},
            added=True,
        ),
        Line(
            "uwsgi /etc/uwsgi/app.json",
            "uwsgi",
            3,
            {},
            {"/etc/uwsgi/app.json": '{"uwsgi": {\n  "master": true,\n  "processes": 3\n}}\n'},
            added=True,
        ),
        Line(
            "uwsgi",
            "uwsgi",
            6,
            {"UWSGI_INI": "/app/uwsgi.ini"},
            {"/app/uwsgi.ini": "[uwsgi]\nmodule = main\nprocesses = 6\n"},
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini",
            "uwsgi",
            5,
            {"WORKERS": "5"},
            {
                "/app/uwsgi.ini": "[uwsgi]\nmodule = main\nif-env = WORKERS\nprocesses = $(WORKERS)\nendif =\nif-not-env = WORKERS\nprocesses = 2\nendif =\n"
            },
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini",
            "uwsgi",
            4,
            {},
            {"/app/uwsgi.ini": "[uwsgi]\nn = 4\nprocesses = %(n)\n"},
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini",
            "uwsgi",
            4,
            {},
            {
                "/app/uwsgi.ini": "[uwsgi]\nmodule = a\nini = /app/common.ini\n",
                "/app/common.ini": "[uwsgi]\nprocesses = 4\n",
            },
            added=True,
        ),
        Line(
            "uwsgi --ini /app/uwsgi.ini:prod",
            "uwsgi",
            6,
            {},
            {"/app/uwsgi.ini": "[dev]\nprocesses = 1\n[prod]\nprocesses = 6\n"},
            added=True,
        ),
        Line(
            "uwsgi --yaml /u.yaml",
            "uwsgi",
            3,
            {},
            {"/u.yaml": "uwsgi:\n  module: a\n  workers: 3\n"},
            added=True,
        ),
        Line(
            "uwsgi --ini /u.ini --processes 2",
            "uwsgi",
            2,
            {},
            {"/u.ini": "[uwsgi]\nprocesses = 8\n"},
            added=True,
        ),
        Line(
            "uwsgi /u.ini:worker",
            "uwsgi",
            5,
            {},
            {"/u.ini": "[uwsgi]\nworkers = 2\n[worker]\nset-placeholder = n=5\nworkers = %(n)\n"},
            added=True,
        ),
        Line(
            "uwsgi --master",
            "uwsgi",
            4,
            {"UWSGI_YAML": "/u.yml"},
            {"/u.yml": "uwsgi:\n    processes: 4\n"},
            added=True,
        ),
    ),
    "https://github.com/GrahamDumpleton/mod_wsgi": (
        Line(
            "mod_wsgi-express start-server wsgi.py --processes 4 --threads 2",
            "mod_wsgi-express",
            4,
            added=True,
        ),
    ),
    "https://flask.palletsprojects.com/en/stable/cli/": (
        Line("flask --app hello run --host 0.0.0.0", "flask", 1, added=True),
        Line("streamlit run app.py --server.port 80", "streamlit", 1, added=True),
        Line("daphne -b 0.0.0.0 app.asgi:application", "daphne", 1, added=True),
        Line("python -m flask run --reload", "flask", 1, added=True),
    ),
    "https://github.com/pytorch/serve/blob/master/docker/README.md": (
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh gunicorn -w 3 app:app",
            "gunicorn",
            3,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": '#!/bin/bash\nset -e\nif [[ "$1" = "serve" ]]; then\n'
                '    shift 1\n    torchserve --start\nelse\n    eval "$@"\nfi\ntail -f /dev/null\n'
            },
            added=True,
        ),
    ),
    "https://github.com/aws/sagemaker-inference-toolkit": (
        Line("bash -m start_with_right_hostname.sh gunicorn -w 3 app:app", "gunicorn", 3, added=True),
    ),
    "https://github.com/open-webui/open-webui/blob/main/backend/start.sh": (
        Line(
            "bash start.sh",
            "uvicorn",
            1,
            {},
            {
                "/start.sh": '#!/usr/bin/env bash\nDIR=$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd )\n'
                'cd "$DIR" || exit\nif [[ "${E,,}" == "playwright" ]]; then\n  python -c "import x"\nfi\n'
                'if [[ "${OLLAMA,,}" == "true" ]]; then\n  ollama serve &\nfi\n'
                'K="$K" uvicorn m:app --host "$HOST" --workers "${UVICORN_WORKERS:-1}" 2>&1 | tee server.log\n'
            },
        ),
    ),
    "https://github.com/apache/superset/tree/master/docker/entrypoints": (
        Line(
            "/usr/bin/run-server.sh",
            "gunicorn",
            3,
            {"SERVER_WORKER_AMOUNT": "3"},
            {
                "/usr/bin/run-server.sh": "#!/usr/bin/env bash\nHYPHEN='-'\n\ngunicorn \\\n"
                '    --bind "${A:-0.0.0.0}:${P:-8088}" \\\n    --access-logfile "${LOG:-$HYPHEN}" \\\n'
                "    --workers ${SERVER_WORKER_AMOUNT:-1} \\\n    --worker-class ${CLASS:-gthread} \\\n"
                '    "${FLASK_APP}"\n'
            },
        ),
    ),
    "https://github.com/immich-app/immich/blob/main/machine-learning/start.sh": (
        Line(
            "./start.sh",
            "gunicorn",
            2,
            {"MACHINE_LEARNING_WORKERS": "2"},
            {
                "/start.sh": '#!/usr/bin/env sh\nif ! [ "$DEVICE" = "openvino" ]; then\n  : "${T:=120}"\nelse\n'
                '  : "${T:=300}"\nfi\n: "${MACHINE_LEARNING_WORKERS:=1}"\ngunicorn m:app \\\n'
                '  -w "$MACHINE_LEARNING_WORKERS" \\\n  -t "$T"\n'
            },
        ),
    ),
    "https://docs.astral.sh/uv/guides/integration/docker/": (
        Line("uv run gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("uv run --no-sync --frozen -- uvicorn app:app --workers 2", "uvicorn", 2, added=True),
        Line("uv run --with x --python 3.12 python -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("uv run -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("uvx gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("uv tool run --from gunicorn gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://python-poetry.org/docs/cli/#run": (
        Line("poetry run gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("pipenv run python -m uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("pdm run -p /app gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("hatch -e prod run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("rye run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://docs.conda.io/projects/conda/en/latest/commands/run.html": (
        Line("conda run --no-capture-output -n env gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("mamba run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("pixi run -e prod gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://opentelemetry.io/docs/zero-code/python/": (
        Line("opentelemetry-instrument gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line(
            "opentelemetry-instrument --traces_exporter console uvicorn a:b --workers 2",
            "uvicorn",
            2,
            added=True,
        ),
        Line("ddtrace-run gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("newrelic-admin run-program gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("py-spy record -o p.svg -- gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("coverage run -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("memray run -o o.bin -m uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line(
            "python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:b --workers 2", "uvicorn", 2, added=True
        ),
        Line("python -m cProfile -o x -m gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("dotenv -f .env run -- gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("doppler run -- gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("doppler run --command 'gunicorn -w 3 a:b'", "gunicorn", 3),
        Line(
            "opentelemetry-instrument uvicorn main:app --host 0.0.0.0 --port 8001", "uvicorn", 1, added=True
        ),
    ),
    "https://github.com/krallin/tini": (
        Line("tini -- gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("/usr/bin/tini -s -g -- gosu app env X=y uv run gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("dumb-init gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("/init gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("/init with-contenv s6-setuidgid abc gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("chpst -u app:app gunicorn -w 4 a:b", "gunicorn", 4, added=True),
    ),
    "https://github.com/vishnubob/wait-for-it": (
        Line("./wait-for-it.sh db:5432 -t 60 -- gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("dockerize -wait tcp://db:5432 -timeout 60s gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("linkerd-await --shutdown -- gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("/vault/vault-env gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("xvfb-run -a --server-args='-screen 0 1x1x24' gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("runuser -u app -- gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("su app -s /bin/sh -c 'exec gunicorn -w 4 a:b'", "gunicorn", 4),
        Line("sudo -E -u app gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("setpriv --reuid=app --init-groups gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("strace -f -o log gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("runuser -u app -- gunicorn -c /x.py -w 4 a:b", "gunicorn", 4, added=True),
        Line("runuser -u app gunicorn -c /x.py -w 4 a:b", "gunicorn", 4, added=True),
        Line("runuser -l app -c 'gunicorn -w 4 a:b'", "gunicorn", 4),
        Line("su - app -c 'cd /app && gunicorn -w 4 a:b'", "gunicorn", 4),
        Line("flock /lock gunicorn -c /x.py -w 4 a:b", "gunicorn", 4, added=True),
        Line("script -qefc 'gunicorn -w 4 a:b' /dev/null", "gunicorn", 4),
        Line("env -S 'gunicorn -w 4 a:b'", "gunicorn", 4),
        Line("flock -n /lock gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("flock /lock -c 'gunicorn -w 4 a:b'", "gunicorn", 4),
    ),
    "https://github.com/argoproj/argo-workflows/blob/main/docs/workflow-executors.md": (
        Line(
            "/var/run/argo/argoexec emissary --loglevel info -- gunicorn -w 4 a:b",
            "gunicorn",
            4,
            added=True,
        ),
        Line("/var/run/argo/argoexec emissary -- sh -c 'gunicorn -w 4 a:b'", "gunicorn", 4),
        Line(
            "/tekton/bin/entrypoint -wait_file /w -post_file /p -entrypoint gunicorn -- -w 4 a:b",
            "gunicorn",
            4,
            added=True,
        ),
        Line(
            "/tekton/bin/entrypoint -post_file /p -entrypoint /bin/sh -- -c 'gunicorn -w 4 a:b'",
            "gunicorn",
            4,
        ),
    ),
    "https://supervisord.org/configuration.html": (
        Line(
            "/usr/bin/supervisord -n -c /etc/sup.conf",
            "supervisord",
            6,
            {"WORKERS": "3"},
            {
                "/etc/sup.conf": "[supervisord]\nnodaemon=true\n[program:web]\ncommand=gunicorn -w %(ENV_WORKERS)s a:b\n"
                "[program:nginx]\ncommand=/usr/sbin/nginx -g 'daemon off;'\n[program:beat]\nautostart=false\n"
                "command=gunicorn -w 9 a:b\n[include]\nfiles = /etc/sup.d/*.conf\n",
                "/etc/sup.d/queue.conf": "[program:queue]\ncommand=celery -A x worker\n  -c 1 ; one\nnumprocs=3\n",
            },
            added=True,
        ),
        Line("supervisord", "supervisord", 1, added=True),
        Line(
            "supervisord",
            "supervisord",
            2,
            {},
            {"/etc/supervisord.conf": "[program:a]\ncommand=/app/worker --x\nnumprocs=2\n"},
            added=True,
        ),
        Line(
            "/usr/bin/supervisord -n -c /etc/supervisord.conf",
            "supervisord",
            12,
            {"NUM_WORKERS": "4"},
            {
                "/etc/supervisord.conf": '[supervisord]\nnodaemon=true\n\n[program:gunicorn]\ncommand = /usr/bin/gunicorn --timeout 60 -w %(ENV_NUM_WORKERS)s "gsrest:create_app()" --access-logfile /a.log\n\n[program:celery]\ncommand=bash -c \'if [ "${ENV_DEBUG:-False}" = "True" ]; then LOGLEVEL=DEBUG; else LOGLEVEL=INFO; fi; celery --app config worker --loglevel $LOGLEVEL --without-mingle\'\n\n[program:nginx-app]\ncommand = /usr/sbin/nginx\n'
            },
            added=True,
        ),
        Line(
            "supervisord -n -c /s.conf",
            "supervisord",
            5,
            {},
            {
                "/s.conf": '[supervisord]\nnodaemon=true\n[program:nginx]\ncommand=/usr/sbin/nginx -g "daemon off;"\n[program:web]\ncommand=/bin/bash -c "exec gunicorn -w 3 app:app"\n[program:worker]\ncommand=celery -A x worker\n    --concurrency 2\n[eventlistener:quit]\ncommand=/stop.py\nevents=PROCESS_STATE_FATAL\n[group:all]\nprograms=web,worker\n'
            },
            added=True,
        ),
        Line(
            "/usr/bin/supervisord -n -c /s.conf",
            "supervisord",
            4,
            {},
            {
                "/s.conf": '[supervisord]\nnodaemon=true\n\n[program:web]\nenvironment=WORKERS="4",LOG="x"\ncommand=sh -c "exec gunicorn -w $WORKERS app:app"\n'
            },
            added=True,
        ),
        Line(
            "supervisord -n -c /etc/supervisor/s.conf",
            "supervisord",
            3,
            {},
            {
                "/etc/supervisor/s.conf": "[supervisord]\nnodaemon=true\n[program:web]\ncommand=%(here)s/web.sh\n",
                "/etc/supervisor/web.sh": "#!/bin/sh\nexec gunicorn -w 3 a:b\n",
            },
            added=True,
        ),
        Line(
            "supervisord -c /c/s.conf",
            "supervisord",
            5,
            {},
            {
                "/c/s.conf": "[supervisord]\nnodaemon = true\n[include]\nfiles = conf.d/*.ini\n",
                "/c/conf.d/a.ini": "[program:a]\ncommand = %(here)s/../a.sh\nenvironment = W='3',X=\"a,b\"\n",
                "/c/conf.d/b.ini": "[program:b]\ncommand=celery -A x worker -c 2\n",
                "/c/a.sh": "#!/bin/sh\nexec gunicorn -w $W a:b\n",
            },
            added=True,
        ),
    ),
    "https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example": (
        Line("sh -c 'gunicorn -w ${WORKERS:-4} -b :$PORT a:b'", "gunicorn", 4),
        Line("bash -c -- 'exec gunicorn -w 5 a:b'", "gunicorn", 5),
        Line("sh -ec 'cd /app && exec gunicorn -w \"$WORKERS\" a:b'", "gunicorn", 3, {"WORKERS": "3"}),
        Line("bash -c 'source venv/bin/activate; gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("bash -lc 'python manage.py migrate --noinput && gunicorn x.wsgi --workers 3'", "gunicorn", 3),
        Line(
            "sh -c 'python manage.py migrate; python manage.py collectstatic --no-input; gunicorn x.wsgi -w 3'",
            "gunicorn",
            3,
        ),
        Line("sh -c 'gunicorn -w 3 a:b 2>&1 | tee /log'", "gunicorn", 3),
        Line(
            "bash -c 'set -euo pipefail; alembic upgrade head; exec uvicorn a:b --workers ${N-2}'",
            "uvicorn",
            2,
        ),
        Line("sh -c 'celery -A x worker -c 2 & gunicorn -w 3 a:b'", "gunicorn", 5),
        Line("sh -c 'nginx && gunicorn -w 3 a:b'", "gunicorn", 3),
        Line("sh -c 'gunicorn -w 3 a:b || exit 1'", "gunicorn", 3),
        Line("sh -c 'until nc -z db 5432; do sleep 1; done; gunicorn -w 3 a:b'", "gunicorn", 3),
        Line("sh -c 'gunicorn -w $(nproc) a:b'", "gunicorn", EACH),
    ),
    "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/": (
        Line(
            "/bin/bash -c 'if [ -n \"$PREFORK\" ]; then exec gunicorn -w 4 a:b; else exec gunicorn -w 2 a:b; fi'",
            "gunicorn",
            2,
        ),
        Line("/bin/bash -c 'trap : TERM INT; gunicorn -w 2 a:b & wait'", "gunicorn", 2),
    ),
    "https://docs.docker.com/build/building/best-practices/#entrypoint": (
        Line("/docker-entrypoint.sh gunicorn -w 4 a:b", "gunicorn", 4, certain=False),
        Line("/app/entrypoint.sh run gunicorn -w 4 app:app", "gunicorn", 4, certain=False),
        Line("/cnb/process/web gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("/layers/launcher -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("/entry.sh tini -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("/entry.sh /bin/sh -c 'gunicorn -w 2 a:b'", "gunicorn", 2, certain=False),
        Line("/entry.sh python -m gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line(
            "/entrypoint.sh web",
            "gunicorn",
            4,
            {},
            {
                "/entrypoint.sh": "#!/bin/bash\nset -e\n\nif [ \"$1\" = 'web' ]; then\n  exec gunicorn -w 4 a:b\n"
                'elif [ "$1" = \'celery\' ]; then\n  exec celery -A x worker\nelse\n  exec "${@}"\nfi\n'
            },
        ),
        Line(
            "/entrypoint.sh -w 3 a:b",
            "gunicorn",
            3,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\nif [ "${1#-}" != "$1" ]; then\n  set -- gunicorn "$@"\nfi\nexec "$@"\n'
            },
        ),
        Line(
            "/start.sh",
            "gunicorn",
            6,
            {},
            {
                "/start.sh": '#!/bin/sh\nstart() {\n  exec gunicorn -w "$1" a:b\n}\nARGS=(6)\nstart "${ARGS[@]}"\n'
            },
        ),
        Line(
            "python /entry.py gunicorn -w 3 a:b",
            "gunicorn",
            3,
            {},
            {"/entry.py": "import os, sys\nos.execvp(sys.argv[1], sys.argv[1:])\n"},
            certain=False,
        ),
        Line(
            "/first.sh gunicorn -w 2 a:b",
            "gunicorn",
            2,
            {},
            {"/first.sh": '#!/bin/sh\nexec /second.sh "$@"\n', "/second.sh": '#!/bin/sh\nexec "$@"\n'},
        ),
    ),
    "https://github.com/apache/superset/blob/master/helm/superset/values.yaml": (
        Line(
            "/bin/sh -c '. /app/pythonpath/superset_bootstrap.sh; /usr/bin/run-server.sh'",
            "gunicorn",
            4,
            {"SERVER_WORKER_AMOUNT": "4"},
            {
                "/usr/bin/run-server.sh": '#!/usr/bin/env bash\nHYPHEN_SYMBOL=\'-\'\n\ngunicorn \\\n    --bind "${SUPERSET_BIND_ADDRESS:-0.0.0.0}:${SUPERSET_PORT:-8088}" \\\n    --workers ${SERVER_WORKER_AMOUNT:-1} \\\n    --worker-class ${SERVER_WORKER_CLASS:-gthread} \\\n    "${FLASK_APP}"\n'
            },
        ),
    ),
    "https://github.com/apache/superset/blob/master/docker/docker-bootstrap.sh": (
        Line("flask run -p 8088 --with-threads --reload --debugger --host=0.0.0.0", "flask", 1, added=True),
    ),
    "https://docs.streamlit.io/develop/api-reference/cli/run": (
        Line("python -m streamlit run app.py --server.port=8501", "streamlit", 1, added=True),
    ),
    "https://huggingface.co/spaces/Panel-Org/build_dashboard/commits/main/Dockerfile": (
        Line(
            "panel serve /code/app.py --address 0.0.0.0 --port 7860 --allow-websocket-origin '*' --num-procs 2 --index app",
            "panel",
            2,
            added=True,
        ),
    ),
    "https://docs.bokeh.org/en/latest/docs/reference/command/subcommands/serve.html": (
        Line("bokeh serve --num-procs=4 myapp", "bokeh", 4, added=True),
    ),
    "https://github.com/fgugnin22/vk_test_react_python/blob/main/backend/backend-entrypoint.sh": (
        Line(
            "sh -c 'python manage.py migrate && gunicorn core.wsgi:application --bind 0.0.0.0:8000 --workers 4'",
            "gunicorn",
            4,
        ),
    ),
    "https://docs.conda.io/projects/conda/en/latest/dev-guide/deep-dives/activation.html": (
        Line("bash -lc 'source activate env && gunicorn -w 3 app:app'", "gunicorn", 3),
    ),
    "https://github.com/Yelp/dumb-init#usage-in-docker": (
        Line("dumb-init -- sh -c 'exec gunicorn -w 3 app:app'", "gunicorn", 3),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html": (
        Line("env --split-string='gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("/usr/bin/env -S 'gunicorn -w 4 app:app'", "gunicorn", 4),
        Line("/usr/bin/env -S gunicorn -w 4 app:app", "gunicorn", 4),
    ),
    "https://github.com/Clinical-Genomics/Scout-REViewer-service/blob/master/Dockerfile": (
        Line(
            "conda run --no-capture-output -n Scout-REViewer-service uvicorn main:app --app-dir /Scout-REViewer-service --host 0.0.0.0 --port 5050",
            "uvicorn",
            1,
            added=True,
        ),
    ),
    "https://docs.conda.io/projects/conda/en/stable/commands/run.html": (
        Line("conda run --live-stream -n env gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://github.com/ncopa/su-exec#usage": (
        Line(
            "su-exec app gunicorn proj.wsgi:application --bind 0.0.0.0:8000 --workers 3",
            "gunicorn",
            3,
            added=True,
        ),
    ),
    "https://smarden.org/runit/chpst.8.html": (
        Line("chpst -u www-data -v gunicorn -w 4 app:app", "gunicorn", 4, added=True),
    ),
    "https://skarnet.org/software/s6/s6-setuidgid.html": (
        Line("s6-setuidgid abc python3 -m gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/setsid.1.html": (
        Line("setsid --wait gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html": (
        Line("systemd-run --scope -G --service-type exec gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("systemd-run --scope -p CPUQuota=200% gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://honcho.readthedocs.io/en/latest/using_procfiles.html": (
        Line(
            "honcho -f /Procfile start",
            "honcho",
            2,
            {},
            {
                "/Procfile": "# Procfile - used by Railway, Render, Heroku\n# Run both FastAPI backend and Streamlit frontend together\n\nweb: uvicorn app:app --host 0.0.0.0 --port ${PORT:-8000}\nstreamlit: streamlit run web.py --server.port ${STREAMLIT_PORT:-8501} --server.headless true\n"
            },
            added=True,
        ),
        Line(
            "honcho -f /Procfile start ussd",
            "honcho",
            2,
            {"PORT": "80"},
            {
                "/Procfile": "# Main web app\nweb: streamlit run app/streamlit_app_enhanced.py --server.port=$PORT\n\n# Admin dashboard (if deploying as single app)\n# admin: streamlit run app/admin_dashboard.py\n\n# USSD API\nussd: cd backend && gunicorn ussd_api:app --bind 0.0.0.0:$PORT --workers 2 --timeout 120\n"
            },
            added=True,
        ),
        Line(
            "honcho -f /Procfile start",
            "honcho",
            3,
            {"PORT": "80"},
            {
                "/Procfile": "web: streamlit run dashboard.py --server.port=$PORT --server.address=0.0.0.0\n\nclient: streamlit run client_dashboard.py --server.port=8503\n\nworker: python -m src.workers.order_sync_worker --mode continuous\n"
            },
            added=True,
        ),
        Line(
            "honcho -f /app/Procfile start",
            "honcho",
            5,
            {},
            {"/app/Procfile": "web: gunicorn -w 3 app:app\nworker: celery -A x worker -c 2\n"},
            added=True,
        ),
        Line(
            "honcho -f /app/Procfile start -c web=2,worker=1 web",
            "honcho",
            6,
            {},
            {"/app/Procfile": "# both\nweb: gunicorn -w 3 app:app\nworker: celery -A x worker -c 2\n"},
            added=True,
        ),
    ),
    "https://circus.readthedocs.io/en/latest/configuration/": (
        Line(
            "circusd /etc/circus.ini",
            "circusd",
            6,
            {},
            {
                "/etc/circus.ini": "[circus]\ncheck_delay = 5\n[watcher:web]\ncmd = gunicorn -w 3 app:app\nnumprocesses = 2\n"
            },
            added=True,
        ),
    ),
    "https://pm2.keymetrics.io/docs/usage/docker-pm2-nodejs/": (
        Line("pm2-runtime start app.py --interpreter python3 -i 4", "pm2-runtime", 4, added=True),
        Line("pm2 start app.js -- -i 5", "pm2", 1, added=True),
        Line("pm2 start app.js -i 3 -- -i 5", "pm2", 3, added=True),
        Line("pm2 start gunicorn -- -w 4", "gunicorn", 4, added=True),
        Line("pm2 start 'gunicorn -w 4 app:app'", "gunicorn", 4),
        Line("pm2-runtime start gunicorn -n api -i 2 -- -w 4 app:app", "gunicorn", 8, added=True),
        Line("pm2-runtime gunicorn", "gunicorn", 1),
        Line("pm2 start -n api python3 -- -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("pm2 start 'gunicorn -w 4 a:b' -i max", "pm2", EACH, added=True),
        Line("pm2 start 'gunicorn -w 4 a:b' 'gunicorn -w 2 c:d'", "pm2", 1, added=True),
        Line("pm2-runtime start ecosystem.config.js --env production", "pm2-runtime", 1, added=True),
        Line("pm2-runtime app.js -i max", "pm2-runtime", EACH, added=True),
        Line("pm2 start app.js --no-daemon --instances 2", "pm2", 2, added=True),
    ),
    "https://www.npmjs.com/package/concurrently": (
        Line(
            "npx concurrently 'uvicorn backend.server:app --workers 2' 'cd frontend && npm run start'",
            "uvicorn",
            2,
        ),
    ),
    "https://github.com/rfranks-securenet/docker-serles/blob/main/entrypoint.sh": (
        Line(
            "runuser -u nobody -- /serles/bin/gunicorn -c /serles/gunicorn_config.py 'serles:create_app()'",
            "gunicorn",
            1,
            added=True,
        ),
    ),
    "https://github.com/lingsoft/haily-memad-lid-pipeline-test-/blob/main/docker-entrypoint.sh": (
        Line(
            "/sbin/tini -- /elg/.local/bin/gunicorn --bind=0.0.0.0:8000 --workers=4 --timeout=30 --worker-class=sync --worker-tmp-dir=/dev/shm app:app",
            "gunicorn",
            4,
            added=True,
        ),
    ),
    "https://python-poetry.org/docs/basic-usage/#using-poetry-run": (
        Line(
            "poetry run gunicorn project.wsgi:application --config docker/gunicorn_conf.py",
            "gunicorn",
            1,
            added=True,
        ),
    ),
    "https://devcenter.heroku.com/articles/python-gunicorn": (
        Line(
            "bash -c 'gunicorn -b :$PORT -w $WEB_WORKERS main:app'",
            "gunicorn",
            6,
            {"PORT": "80", "WEB_WORKERS": "6"},
        ),
    ),
    "https://www.gnu.org/software/parallel/parallel_tutorial.html": (
        Line(
            "parallel --jobs 4 --bar --joblog /tmp/log --halt now,fail=1 'gunicorn -w 2 a:b' ::: 1 2 3 4 5",
            "gunicorn",
            EACH,
        ),
    ),
    "https://docs.docker.com/reference/dockerfile/#entrypoint": (
        Line("/entry", "gunicorn", 3, {}, {"/entry": "exec gunicorn -w 3 a:b\n"}),
    ),
    "https://docs.gunicorn.org/en/stable/deploy.html": (
        Line(
            "sh -c 'gunicorn --bind 0.0.0.0:${PORT:-10000} --workers 1 --threads 4 --timeout 120 backend.app:app'",
            "gunicorn",
            1,
        ),
        Line(
            "sh -c 'gunicorn --log-file=/data/gunicorn.log --bind 0.0.0.0:8000   -w 3 --worker-connections=2000 --backlog=1000  -k eventlet wsgi'",
            "gunicorn",
            3,
        ),
        Line("gunicorn --paste production.ini --workers 4", "gunicorn", 4, added=True),
        Line(
            "bash -c 'flask db upgrade; flask translate compile; gunicorn microblog:app --log-file -'",
            "gunicorn",
            1,
        ),
        Line(
            "newrelic-admin run-program gunicorn config.wsgi --bind 0.0.0.0 --config python:config.gunicorn",
            "gunicorn",
            1,
            added=True,
        ),
        Line(
            "/docker/boot.sh",
            "gunicorn",
            3,
            {"WORKERS": "3"},
            {
                "/docker/boot.sh": '#!/bin/sh\n# Docker Entrypoint\n\nexport GUNICORN_CMD_ARGS="--access-logfile - --error-logfile - --bind=0.0.0.0:5000 --workers=$WORKERS --preload"\n\nexec gunicorn server:app "$@"\n'
            },
        ),
        Line(
            "/entry.sh",
            "gunicorn",
            4,
            {},
            {
                "/entry.sh": '#!/bin/bash\n\nENTRYPOINT="$*"\n\nif [ -z "$ENTRYPOINT" ]; then\n    gunicorn --bind 0.0.0.0:5000 --workers 4 --chdir /src app:app\nelse\n    /bin/sh -c "$ENTRYPOINT"\nfi\n'
            },
        ),
        Line(
            "/entry.sh",
            "gunicorn",
            4,
            {},
            {
                "/entry.sh": '#!/bin/sh\nset -eu\n\necho "[entrypoint] container boot"\npython - <<\'PY\'\ntry:\n    import gunicorn\n    print(f"[entrypoint] {gunicorn.__version__}")\nexcept Exception as e:\n    print(f"failed: {e}")\nPY\n\nexport PYTHONUNBUFFERED=1\nexec gunicorn \\\n  -w ${GUNICORN_WORKERS:-4} \\\n  --bind=0.0.0.0:8000 \\\n  wsgi:app\n'
            },
        ),
        Line(
            "/entry.sh",
            "gunicorn",
            5,
            {"POSTGRES_HOST": "db", "POSTGRES_PORT": "5432"},
            {
                "/entry.sh": "bash ./wait-for-it.sh --timeout=30 ${POSTGRES_HOST}:${POSTGRES_PORT}\npython manage.py migrate\npython manage.py collectstatic --noinput\ngunicorn --workers=5 --bind 0.0.0.0:8000 dalvtor.wsgi\n"
            },
        ),
        Line(
            "/start.sh",
            "gunicorn",
            3,
            {"WEB_CONCURRENCY": "3"},
            {
                "/start.sh": "#!/bin/sh\n\nset -e\n\n. /venv/bin/activate\n\nexec gunicorn -k uvicorn.workers.UvicornWorker -c /gunicorn_conf.py --preload app.main:app\n",
                "/gunicorn_conf.py": 'import os\nworkers = int(os.environ.get("WEB_CONCURRENCY", 2))\n',
            },
        ),
        Line(
            "/start.sh gunicorn -w 2 a:b",
            "gunicorn",
            12,
            {},
            {
                "/start.sh": '#!/bin/bash \n\ncelery -A blackops.api.task worker -l info --autoscale=10,3 --loglevel info &\n\necho "Running CMD"\nexec "$@"\n'
            },
            added=True,
        ),
        Line(
            "/start.sh",
            "gunicorn",
            6,
            {},
            {
                "/start.sh": "#!/usr/bin/env bash\ncelery -A core worker --loglevel=info --concurrency=5 --pool=prefork &\n\ncelery -A core beat --loglevel=info &\n\ngunicorn core.wsgi:application\n"
            },
        ),
        Line(
            "/entrypoint.sh",
            "gunicorn",
            3,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\nset -e\n\nCMD="$1"\n\nif [ -z "$CMD" ]; then\n  CMD="web"\nfi\n\ncase "$CMD" in\n  web)\n    python m.py migrate --noinput\n    exec gunicorn freelancer.wsgi:application --bind 0.0.0.0:8000 --workers 3\n    ;;\n  celery)\n    exec celery -A freelancer worker -l info\n    ;;\n  *)\n    exit 1\n    ;;\nesac\n'
            },
        ),
        Line(
            "gunicorn --config=/app/gunicorn.py app:app",
            "gunicorn",
            9,
            {},
            {
                "/app/gunicorn.py": "import multiprocessing\n\nbind = '0.0.0.0:8000'\nworkers = multiprocessing.cpu_count() + 1\nthreads = 2\n"
            },
            added=True,
        ),
    ),
    "https://github.com/rimjhimjha/ANALYTICS-API/blob/main/boot/docker-run.sh": (
        Line(
            "/opt/run.sh",
            "gunicorn",
            4,
            {},
            {
                "/opt/run.sh": "#!/bin/bash\nsource /opt/venv/bin/activate\ncd /code\nRUN_PORT=${PORT:-8000}\nRUN_HOST=${HOST:-0.0.0.0}\n\nexec gunicorn -k uvicorn.workers.UvicornWorker --bind ${RUN_HOST}:${RUN_PORT} --workers 4 --timeout 120 main:app\n"
            },
        ),
    ),
    "https://docs.astral.sh/uv/guides/integration/fastapi/": (
        Line("uv run --no-sync uvicorn app.main:app --host 0.0.0.0 --port 8080", "uvicorn", 1, added=True),
        Line(
            "uv run uvicorn server.app.main:app --app-dir /calnio --host 0.0.0.0 --port 8000 --workers 2",
            "uvicorn",
            2,
            added=True,
        ),
        Line(
            "uv run --directory backend --no-sync uvicorn app.main:app --host 0.0.0.0 --port 8000",
            "uvicorn",
            1,
            added=True,
        ),
    ),
    "https://github.com/emmett-framework/granian#options": (
        Line(
            "granian --interface asgi --host 0.0.0.0 --port 9000 --workers 4 src.main:app",
            "granian",
            4,
            added=True,
        ),
        Line(
            "granian --port 8000 --host 0.0.0.0 --interface asgi --ssl-certificate certificate.crt --ssl-keyfile private.key app.main:app",
            "granian",
            1,
            added=True,
        ),
        Line(
            "granian --interface asgi --host 0.0.0.0 --port 9000 --workers 4 src.main:app",
            "granian",
            4,
            added=True,
        ),
        Line(
            "sh -c 'exec granian --interface asgi --http 1 --host 0.0.0.0 --port ${PORT} shop.api.main:app'",
            "granian",
            1,
            {"PORT": "80"},
        ),
        Line(
            "/start.sh",
            "granian",
            17,
            {},
            {
                "/start.sh": '#!/usr/bin/env bash\nPORT=${PORT:-3131}\nTHREADS=${THREADS:-8}\n# default workers\nif [ -z "$WORKERS" ]; then\n    WORKERS=$(($(nproc) * 2 + 1))\nfi\nexec granian --interface asgi src/main:app \\\n    --host 0.0.0.0 \\\n    --port "$PORT" \\\n    --workers "$WORKERS" \\\n    --runtime-threads "$THREADS" \\\n    --loop uvloop\n'
            },
        ),
        Line(
            "/start.sh",
            "granian",
            3,
            {"WORKERS": "3"},
            {
                "/start.sh": '#!/usr/bin/env bash\nPORT=${PORT:-3131}\nTHREADS=${THREADS:-8}\n# default workers\nif [ -z "$WORKERS" ]; then\n    WORKERS=$(($(nproc) * 2 + 1))\nfi\nexec granian --interface asgi src/main:app \\\n    --host 0.0.0.0 \\\n    --port "$PORT" \\\n    --workers "$WORKERS" \\\n    --runtime-threads "$THREADS" \\\n    --loop uvloop\n'
            },
        ),
        Line(
            "/entry.sh",
            "granian",
            3,
            {"WEB_CONCURRENCY": "3"},
            {
                "/entry.sh": '#!/bin/sh\nset -eu\ncmd="${1:-api}"\n[ "$#" -gt 0 ] && shift\ncase "$cmd" in\n  api)\n    exec granian --interface asgi --host 0.0.0.0 --port "${PORT:-8080}" \\\n      --workers "${WEB_CONCURRENCY:-1}" shop.asgi:application "$@" ;;\n  worker)\n    exec celery -A shop worker --concurrency "${WORKER_CONCURRENCY:-4}" "$@" ;;\n  migrate)\n    exec python manage.py migrate --noinput "$@" ;;\n  *)\n    exec "$cmd" "$@" ;;\nesac\n'
            },
        ),
        Line(
            "/entry.sh gunicorn -w 2 a:b",
            "gunicorn",
            2,
            {},
            {
                "/entry.sh": '#!/bin/sh\nset -eu\ncmd="${1:-api}"\n[ "$#" -gt 0 ] && shift\ncase "$cmd" in\n  api)\n    exec granian --interface asgi --host 0.0.0.0 --port "${PORT:-8080}" \\\n      --workers "${WEB_CONCURRENCY:-1}" shop.asgi:application "$@" ;;\n  worker)\n    exec celery -A shop worker --concurrency "${WORKER_CONCURRENCY:-4}" "$@" ;;\n  migrate)\n    exec python manage.py migrate --noinput "$@" ;;\n  *)\n    exec "$cmd" "$@" ;;\nesac\n'
            },
            added=True,
        ),
        Line(
            "/e.sh",
            "granian",
            EACH,
            {"ENVIRONMENT": "PROD"},
            {
                "/e.sh": '#!/bin/bash\n\n[ -v ENVIRONMENT ] && export ENVIRONMENT=${ENVIRONMENT:-\'LOCAL\'}\n\nif [[ ${ENVIRONMENT} = \'LOCAL\' ]]; then\n    exec granian --interface asgi --port 5000 --reload "src.app:create_app()"\nelse\n    echo "Running database migrations..."\n    alembic upgrade head\n    exec granian --interface asgi --port 5000 --workers "${CONCURRENCY:-8}" --factory "src.app:create_app"\nfi\n'
            },
        ),
        Line(
            "granian --interface wsgi --workers-lifetime 6h --workers 2 --blocking-threads 4 app:app",
            "granian",
            2,
            added=True,
        ),
        Line(
            "sh -c 'redis-server --daemonize yes && exec granian --interface asgi --host 0.0.0.0 --workers 2 rxconfig:app'",
            "granian",
            2,
        ),
    ),
    "https://www.uvicorn.org/settings/": (
        Line(
            "/opt/thedrop/.venv/bin/uvicorn app.main:app --host 127.0.0.1 --port 8000 --workers 2",
            "uvicorn",
            2,
            added=True,
        ),
        Line(
            "gosu 1000:1000 uvicorn backend.main:app --host 0.0.0.0 --port 8000", "uvicorn", 1, added=True
        ),
        Line("python -muvicorn app:app --workers 2", "uvicorn", 2, added=True),
        Line("sh -c 'exec uvicorn app:app --workers $(nproc --ignore=1)'", "uvicorn", 7),
        Line("sh -c 'exec uvicorn app:app --workers ${WEB_CONCURRENCY:-$(nproc)}'", "uvicorn", EACH),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nCORES=$(nproc)\nWORKERS=$(( CORES > 4 ? 4 : CORES ))\nexec uvicorn app:app --workers "$WORKERS"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {
                "/s.sh": '#!/bin/sh\nWORKERS=$(nproc)\nif [ "$WORKERS" -gt 4 ]; then\n  WORKERS=4\nfi\nexec uvicorn app:app --workers "$WORKERS"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            3,
            {},
            {
                "/s.sh": '#!/bin/bash\nARGS=()\nARGS+=(--host 0.0.0.0)\nif [[ "${WORKERS:-3}" -gt 1 ]]; then\n  ARGS+=(--workers "${WORKERS:-3}")\nfi\nexec uvicorn app:app "${ARGS[@]}"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            1,
            {"WORKERS": "1"},
            {
                "/s.sh": '#!/bin/bash\nARGS=()\nARGS+=(--host 0.0.0.0)\nif [[ "${WORKERS:-3}" -gt 1 ]]; then\n  ARGS+=(--workers "${WORKERS:-3}")\nfi\nexec uvicorn app:app "${ARGS[@]}"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": '#!/bin/sh\nset -eu\nterm() {\n  kill -TERM "$child"\n  wait "$child"\n}\ntrap term TERM INT\nuvicorn app:app --workers 2 &\nchild=$!\nwait "$child"\n'
            },
        ),
        Line(
            "/s.sh --workers 3",
            "uvicorn",
            3,
            {},
            {
                "/s.sh": '#!/bin/sh\nset -e\nif [ "${1#-}" != "$1" ]; then\n  set -- uvicorn app:app "$@"\nfi\nexec "$@"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            3,
            {"MODE": "api"},
            {
                "/s.sh": '#!/bin/bash\nset -euo pipefail\nif [[ "$MODE" =~ ^(api|web)$ ]]; then\n  exec uvicorn app:app --workers 3\nfi\nexec celery -A app worker -c 5\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {"WORKERS": "2"},
            {
                "/s.sh": '#!/bin/bash\nWORKERS=${WORKERS:-1}\n(( WORKERS < 1 )) && WORKERS=1\nexec uvicorn app:app --workers "$WORKERS"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nif (( $# == 0 )); then\n  set -- uvicorn app:app --workers 4\nfi\nexec "$@"\n'
            },
        ),
        Line(
            "sh -c 'uvicorn api:app --workers 2 --port 8000 & streamlit run ui.py --server.port 8501'",
            "streamlit",
            3,
        ),
        Line(
            "/s.sh",
            "uvicorn",
            3,
            {},
            {"/s.sh": '#!/bin/sh\nCMD="uvicorn app:app"\nCMD="$CMD --workers ${W:-3}"\nexec $CMD\n'},
        ),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {"/s.sh": '#!/bin/sh\nset -- uvicorn app:app\nset -- "$@" --workers 4\nexec "$@"\n'},
        ),
        Line("sh -c '$(command -v uvicorn) app:app --workers 2'", "uvicorn", 2),
        Line("sh -c '`which python3` -m uvicorn app:app --workers 2'", "uvicorn", 2),
        Line("/s.sh", "uvicorn", 2, {}, {"/s.sh": "#!/bin/sh\nexec ${@:-uvicorn app:app --workers 2}\n"}),
        Line("sh -c '$START_CMD'", "uvicorn", 3, {"START_CMD": "uvicorn app:app --workers 3"}),
        Line(
            "bash -c 'eval \"exec ${START_CMD}\"'",
            "uvicorn",
            3,
            {"START_CMD": "uvicorn app:app --workers 3"},
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": '#!/bin/bash\nmain() {\n  local n=${N:-2}\n  exec uvicorn app:app --workers "$n"\n}\nmain "$@"\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": "#!/bin/bash\nfor i in $(seq 1 30); do\n  nc -z db 5432 && break\n  sleep 1\ndone\nexec uvicorn app:app --workers 2\n"
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": "#!/bin/bash\ncat <<EOF\nexec gunicorn -w 4 a:b\nEOF\nexec uvicorn app:app --workers 2\n"
            },
        ),
        Line("watchfiles --filter python 'uvicorn app:app --workers 2' src", "uvicorn", 2, certain=False),
        Line("/bin/bash --login -c 'conda activate x && exec uvicorn app:app --workers 2'", "uvicorn", 2),
        Line(
            "uvicorn --app-dir src --env-file .env --log-config log.yaml --workers=2 --limit-concurrency 40 pkg.main:app",
            "uvicorn",
            2,
            added=True,
        ),
        Line(
            "/s.sh",
            "uvicorn",
            5,
            {},
            {
                "/s.sh": '#!/bin/sh\nset -a\n. /app/.env\nset +a\nexec uvicorn app:app --workers "$WORKERS"\n',
                "/app/.env": "# settings\nWORKERS=5\nLOG=info\n",
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            2,
            {},
            {"/run.sh": '#!/bin/bash\nN=$(nproc)\n[ "$N" -gt 2 ] && N=2\nexec gunicorn -w "$N" a:b\n'},
        ),
        Line(
            "/run.sh",
            "gunicorn",
            EACH,
            {},
            {
                "/run.sh": "#!/bin/bash\nN=$(nproc)\nif (( N > 16 )); then N=16; fi\nexec gunicorn -w $N a:b\n"
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            4,
            {},
            {
                "/run.sh": '#!/bin/bash\nif [ "$(nproc)" -ge 4 ]; then W=4; else W=2; fi\nexec gunicorn -w $W a:b\n'
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            4,
            {},
            {"/run.sh": "#!/bin/bash\nW=${W:-2}\n(( W *= 2 ))\nexec gunicorn --workers=$W a:b\n"},
        ),
        Line(
            "/run.sh",
            "uvicorn",
            3,
            {},
            {
                "/run.sh": "#!/bin/bash\nW=$(( ${CPU_LIMIT:-2} >= 2 ? 3 : 1 ))\nexec uvicorn a:b --workers $W\n"
            },
        ),
        Line(
            "/run.sh",
            "uvicorn",
            4,
            {"APP_ENV": "production"},
            {
                "/run.sh": "#!/bin/bash\nif [[ $APP_ENV == prod* && -z ${DEBUG:-} ]]; then\n  exec uvicorn a:b --workers 4\nfi\nexec uvicorn a:b --reload\n"
            },
        ),
        Line(
            "/run.sh",
            "uvicorn",
            1,
            {"APP_ENV": "production", "DEBUG": "1"},
            {
                "/run.sh": "#!/bin/bash\nif [[ $APP_ENV == prod* && -z ${DEBUG:-} ]]; then\n  exec uvicorn a:b --workers 4\nfi\nexec uvicorn a:b --reload\n"
            },
        ),
        Line(
            "/run.sh",
            "uvicorn",
            2,
            {"WORKERS": "auto"},
            {
                "/run.sh": '#!/bin/bash\n[[ "$WORKERS" =~ ^[0-9]+$ ]] || WORKERS=2\nexec uvicorn a:b --workers $WORKERS\n'
            },
        ),
        Line(
            "/run.sh",
            "uvicorn",
            3,
            {},
            {
                "/run.sh": "#!/bin/bash\nfor ((i = 0; i < 30; i++)); do\n  pg_isready -h db && break\n  sleep 1\ndone\nexec uvicorn a:b --workers 3\n"
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            7,
            {},
            {
                "/run.sh": "#!/bin/sh\n{ celery -A x worker -c 2; } &\n(\n  cd /srv\n  exec dramatiq tasks -p 2\n) &\nexec gunicorn -w 3 a:b\n"
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            6,
            {},
            {
                "/run.sh": "#!/bin/bash\nset -o allexport\nsource /etc/app.env\nset +o allexport\nexec gunicorn a:b\n",
                "/etc/app.env": 'WEB_CONCURRENCY="6"\n',
            },
        ),
        Line(
            "/run.sh",
            "gunicorn",
            2,
            {},
            {"/run.sh": '#!/bin/bash\nPY=$(command -v python3)\nexec "$PY" -m gunicorn -w 2 a:b\n'},
        ),
        Line(
            "/run.sh gunicorn -w 2 a:b",
            "gunicorn",
            2,
            {},
            {"/run.sh": '#!/bin/sh\nexec "${@:-sh}"\n'},
            added=True,
        ),
        Line(
            "/run.sh --port 80",
            "uvicorn",
            2,
            {},
            {
                "/run.sh": '#!/bin/bash\ncase "${1:-}" in\n  ""|-*) set -- uvicorn a:b --workers 2 "$@" ;;\nesac\nexec tini -- "$@"\n'
            },
        ),
        Line("python3 -OO -Xfrozen_modules=off -muvicorn --workers=3 a:b", "uvicorn", 3, added=True),
        Line(
            "/run.sh",
            "gunicorn",
            2,
            {},
            {"/run.sh": "#!/bin/sh\nif $TRACE; then\n  set -x\nfi\nexec gunicorn -w 2 a:b\n"},
        ),
    ),
    "https://docs.dapr.io/reference/cli/dapr-run/": (
        Line(
            "dapr run --app-id web --app-port 8000 --dapr-http-port 3500 -- uvicorn main:app --port 8000 --workers 3",
            "uvicorn",
            3,
            added=True,
        ),
        Line("dapr run --app-id orders --app-port 8000 gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://developer.1password.com/docs/cli/reference/commands/run/": (
        Line(
            "op run --env-file=.env.op -- uv run uvicorn webhook_server:app --reload --host 0.0.0.0",
            "uvicorn",
            1,
            added=True,
        ),
    ),
    "https://github.com/hashicorp/envconsul#readme": (
        Line(
            "envconsul -config=/tmp/envconsul.hcl -secret kv/dev/myapp -no-prefix gunicorn -w 3 app:app",
            "gunicorn",
            3,
            added=True,
        ),
    ),
    "https://getsops.io/docs/#passing-secrets-to-other-processes": (
        Line("sops exec-env secrets.enc.yaml 'gunicorn -w 4 app:app'", "gunicorn", 4),
    ),
    "https://github.com/segmentio/chamber#exec": (
        Line("aws-vault exec --duration=1h prod -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("aws-vault exec prod --duration 1h -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://hypercorn.readthedocs.io/en/latest/": (
        Line(
            "hypercorn app:app --bind 0.0.0.0:8002 --workers 4 --access-logfile - --error-logfile -",
            "hypercorn",
            4,
            added=True,
        ),
        Line(
            "/tini -- hypercorn --certfile a.crt --keyfile a.key --bind localhost:8443 --insecure-bind localhost:8080 api.website:app",
            "hypercorn",
            1,
            added=True,
        ),
        Line("hypercorn --reload -b 0.0.0.0:5000 app:asgi_app", "hypercorn", 1, added=True),
    ),
    "https://fastapi.tiangolo.com/fastapi-cli/": (
        Line(
            "sh -c 'alembic upgrade head && python -m fastapi_cli run src --port 8000 --host 0.0.0.0'",
            "fastapi",
            1,
        ),
    ),
    "https://uwsgi-docs.readthedocs.io/en/latest/Emperor.html": (
        Line(
            "uwsgi --ini /uwsgi.ini --http-socket 127.0.0.1:8391 --need-app --workers 1 --cheaper 0",
            "uwsgi",
            1,
            {},
            {"/uwsgi.ini": "[uwsgi]\nprocesses = 4\n"},
            added=True,
        ),
        Line(
            "/start.sh",
            "uwsgi",
            10,
            {},
            {
                "/start.sh": "#!/usr/bin/env bash \ncelery -A dojo worker -l info --concurrency 3 &\ncelery beat -A dojo -l info &\nuwsgi --socket :8001 --wsgi-file wsgi.py --workers 7\n"
            },
        ),
        Line(
            "uwsgi --emperor /etc/uwsgi/vassals --uid www-data --gid www-data",
            "uwsgi",
            5,
            {},
            {
                "/etc/uwsgi/vassals/a.ini": "[uwsgi]\nprocesses = 4\n",
                "/etc/uwsgi/vassals/b.ini": "[uwsgi]\nmodule = b\n",
                "/etc/uwsgi/vassals/README": "x",
            },
            added=True,
        ),
        Line(
            "sh -c 'service nginx start && exec uwsgi --master --emperor /etc/uwsgi/apps-enabled --die-on-term'",
            "uwsgi",
            3,
            {},
            {"/etc/uwsgi/apps-enabled/a.ini": "[uwsgi]\nworkers = 3\n"},
        ),
        Line(
            "uwsgi --ini /etc/emperor.ini",
            "uwsgi",
            4,
            {},
            {
                "/etc/emperor.ini": "[uwsgi]\nemperor = /srv/*/uwsgi.ini\nvassals-include = /etc/apps.ini\nmaster = true\n",
                "/etc/apps.ini": "[uwsgi]\nprocesses = 2\n",
                "/srv/a/uwsgi.ini": "[uwsgi]\nmodule = a\n",
                "/srv/b/uwsgi.ini": "[uwsgi]\nmodule = b\n",
            },
            added=True,
        ),
    ),
    "https://docs.litestar.dev/latest/usage/cli.html": (
        Line(
            "litestar --app app.main:app run --host 0.0.0.0 --port 8000 --wc 4", "litestar", 4, added=True
        ),
        Line("litestar run --web-concurrency 2", "litestar", 2, added=True),
        Line("litestar run -W 3", "litestar", 3, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line(
            "/s.sh",
            "gunicorn",
            2 * EACH + 1,
            {},
            {
                "/s.sh": "if command -v nproc > /dev/null; then\n  N=$(nproc)\nelse\n  N=1\nfi\n"
                "exec gunicorn -w ${WORKERS:-$((2 * N + 1))} a:b\n"
            },
        ),
        Line("sh -c 'gunicorn -w $(nproc) a:b'", "gunicorn", EACH),
        Line("sh -c 'gunicorn -w $((2 * $(nproc) + 1)) a:b'", "gunicorn", 17),
        Line("bash -c 'exec gunicorn --workers=$(( $(nproc --all) * 2 + 1 )) a:b'", "gunicorn", 17),
        Line("sh -c 'uvicorn a:b --workers `nproc`'", "uvicorn", EACH),
        Line("sh -c 'gunicorn -w \"$(getconf _NPROCESSORS_ONLN)\" a:b'", "gunicorn", EACH),
        Line(
            "sh -c 'gunicorn -w $(python -c \"import multiprocessing as m; print(m.cpu_count() * 2 + 1)\") a:b'",
            "gunicorn",
            17,
        ),
        Line("sh -c 'N=$(expr 2 \\* $(nproc) + 1); gunicorn -w $N a:b'", "gunicorn", 17),
        Line(
            "sh -c 'CORES=$(grep -c ^processor /proc/cpuinfo); gunicorn -w $((CORES*2+1)) a:b'",
            "gunicorn",
            17,
        ),
        Line("sh -c 'export WEB_CONCURRENCY=$(nproc); gunicorn a:b'", "gunicorn", EACH),
        Line("sh -c 'gunicorn -w $((1 + 2)) a:b'", "gunicorn", 3),
        Line("sh -c 'gunicorn -w $(cat workers) a:b'", "gunicorn", 1),
        Line("sh -c 'gunicorn -w$(nproc) a:b'", "gunicorn", EACH),
    ),
    "https://uwsgi-docs.readthedocs.io/en/latest/Options.html": (
        Line(
            "/cmd.sh",
            "uwsgi",
            1,
            {},
            {
                "/cmd.sh": '#!/bin/bash\nset -e\n\nif [ "$ENV" = \'DEV\' ]; then\n    echo "Running dev server"\n    exec python "identidock.py"\nelse\n    echo "Running prod server"\n    exec uwsgi --http 0.0.0.0:9090 --wsgi-file /app/identidock.py --callable app --stats 0.0.0.0:9191\nfi\n'
            },
        ),
        Line(
            "/run.sh",
            "uwsgi",
            2,
            {},
            {
                "/run.sh": "#!/usr/bin/env bash\nexec uwsgi --plugin python3 --http-socket 127.0.0.1:9091 --enable-threads \\\n\t--logto ./uwsgi.log \\\n\t--pidfile master.pid --master --processes 2 --threads 2 \\\n\t--wsgi-file ./main.py --callable app\n"
            },
        ),
        Line(
            "/entrypoint.sh public",
            "uwsgi",
            1,
            {},
            {
                "/entrypoint.sh": '#!/bin/bash\nset -e\n\nif [[ "$1" = \'showtime\' ]]; then\n    exec uwsgi --master --http 0.0.0.0:8080 --module a.app --callable app\nelif [[ "$1" = \'public\' ]]; then\n    exec uwsgi --master --http 0.0.0.0:8080 --module b.app --callable app\nfi\n\nexec "$@"\n'
            },
        ),
        Line(
            "/docker-entrypoint.sh run_uwsgi",
            "uwsgi",
            6,
            {"UWSGI_PROCESSES": "6"},
            {
                "/docker-entrypoint.sh": '#!/bin/sh\n_preinit() {\n  true\n}\nrun_uwsgi() {\n    set -x\n    exec uwsgi \\\n        --module opencvFaceRec.wsgi \\\n        --http-socket $UWSGI_HTTP_SOCKET \\\n        --master \\\n        --processes $UWSGI_PROCESSES \\\n        --vacuum\n}\n"$@"\n'
            },
        ),
        Line(
            "/entrypoint.sh",
            "uwsgi",
            4,
            {},
            {
                "/entrypoint.sh": "#!/bin/sh\nset -e\npython manage.py migrate --noinput\nif [ -f /etc/uwsgi/uwsgi.ini ]; then\n  exec uwsgi --ini /etc/uwsgi/uwsgi.ini\nelse\n  exec uwsgi --http :8000 --wsgi-file config/wsgi.py --master --processes 4 --threads 2 --die-on-term\nfi\n"
            },
        ),
        Line(
            "supervisord -c /etc/sup.conf",
            "supervisord",
            5,
            {},
            {
                "/etc/sup.conf": "[supervisord]\nnodaemon=true\n\n[program:uwsgi]\ncommand=/usr/local/bin/uwsgi --ini /etc/uwsgi/uwsgi.ini --die-on-term --need-app\nstdout_logfile=/dev/stdout\n[program:nginx]\ncommand=/usr/sbin/nginx\n",
                "/etc/uwsgi/uwsgi.ini": "[uwsgi]\nmodule = main\ncallable = app\ncheaper = 2\nprocesses = 5\n",
            },
            added=True,
        ),
    ),
    "https://docs.gunicorn.org/en/stable/settings.html": (
        Line(
            "sh -c 'set -e; WORKERS=$(( $(nproc) )); alembic upgrade head; gunicorn app.main:app -w $WORKERS -k uvicorn.workers.UvicornWorker'",
            "gunicorn",
            EACH,
        ),
        Line(
            "/usr/local/bin/gunicorn staff.wsgi:application --bind 127.0.0.1:8000 --workers 4 --access-logfile /var/log/a.log",
            "gunicorn",
            4,
            added=True,
        ),
        Line(
            "bash -c 'exec python -m gunicorn \"wsgi:app\" -b 0.0.0.0:$PORT -w $WEB_CONCURRENCY --log-level=info'",
            "gunicorn",
            4,
            {"PORT": "80", "WEB_CONCURRENCY": "4"},
        ),
        Line(
            "python -m gunicorn.app.wsgiapp --config gunicorn_config.py app:app", "gunicorn", 1, added=True
        ),
        Line(
            "/start.sh",
            "gunicorn",
            4,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\n: ${PORT:=8000}\n: ${WEB_CONCURRENCY:=4}\necho "start.sh: starting Gunicorn on 0.0.0.0:$PORT (workers=$WEB_CONCURRENCY)"\nexec python -m gunicorn "wsgi:app" -b 0.0.0.0:$PORT -w $WEB_CONCURRENCY --log-level=info\n'
            },
        ),
        Line(
            "/start.sh",
            "gunicorn",
            3,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\npython manage.py shell <<EOF\nfrom django.contrib.auth.models import User\nif not User.objects.filter(username="a").exists():\n    print("x")\nEOF\n\necho "Starting Gunicorn..."\nexec python -m gunicorn --bind 0.0.0.0:8000 --workers 3 config.wsgi:application\n'
            },
        ),
        Line(
            "/start.sh",
            "gunicorn",
            2,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\nif python -c "import gunicorn, uvicorn" 2>/dev/null; then\n  exec python -m gunicorn --bind=0.0.0.0:"$PORT" --workers 2 --worker-class uvicorn.workers.UvicornWorker api:app\nfi\nexec python -m uvicorn api:app --port "$PORT"\n'
            },
        ),
        Line(
            "sh -c \"echo 'Waiting for db...' && while ! nc -z db 5432; do sleep 1; done && python manage.py migrate --noinput && gunicorn core.wsgi:application --bind 0.0.0.0:4400 --workers 3\"",
            "gunicorn",
            3,
        ),
        Line(
            "gunicorn --bind 0.0.0.0:8000 --worker-class gthread --threads 8 -w 2 --preload 'app:create_app()'",
            "gunicorn",
            2,
            added=True,
        ),
        Line("gunicorn -c python:myproj.gunicorn_conf myproj.wsgi", "gunicorn", 1, added=True),
        Line("gunicorn --env DJANGO_SETTINGS_MODULE=x.settings -w 3 x.wsgi", "gunicorn", 3, added=True),
        Line(
            "gunicorn --chdir /srv --pid /run/g.pid --reuse-port --max-requests 1000 --workers=2 wsgi",
            "gunicorn",
            2,
            added=True,
        ),
        Line(
            "gunicorn --config /g.py a:b",
            "gunicorn",
            3,
            {},
            {
                "/g.py": "import os\n\ndef env(name, default, cast=str):\n    value = os.getenv(name)\n    return cast(value) if value else default\n\nworkers = env('WORKERS', 3, int)\n"
            },
            added=True,
        ),
        Line(
            "gunicorn --config /g.py a:b",
            "gunicorn",
            17,
            {},
            {
                "/g.py": "from multiprocessing import cpu_count\n\ndef workers_for(cores=None, *, per_core=2):\n    cores = cores or cpu_count()\n    return cores * per_core + 1\n\nworkers = workers_for()\n"
            },
            added=True,
        ),
        Line(
            "gunicorn --config /g.py a:b",
            "gunicorn",
            4,
            {},
            {
                "/g.py": "from starlette.config import Config\nconfig = Config('.env')\nworkers = config('WEB_WORKERS', cast=int, default=4)\n"
            },
            added=True,
        ),
        Line(
            "gunicorn --config /g.py a:b",
            "gunicorn",
            2,
            {},
            {
                "/g.py": "import os\nworkers = 2\nfor key, value in os.environ.items():\n    if key.startswith('APP_GUNICORN_'):\n        globals()[key[13:].lower()] = value\n"
            },
            added=True,
        ),
        Line(
            "gunicorn --config /g.py a:b",
            "gunicorn",
            4,
            {},
            {
                "/g.py": "import os, multiprocessing\nworkers_per_core = float(os.getenv('WORKERS_PER_CORE', '0.5'))\nworkers = max(int(workers_per_core * multiprocessing.cpu_count()), 2)\n"
            },
            added=True,
        ),
    ),
    "https://docs.docker.com/compose/how-tos/startup-order/": (
        Line(
            "sh -c 'python manage.py wait_for_db && python manage.py migrate && uwsgi --socket :9000 --workers 4 --master --enable-threads --module app.wsgi'",
            "uwsgi",
            4,
        ),
        Line(
            'sh -c "while ! curl -s db:5432 > /dev/null; do echo waiting; sleep 1; done; uvicorn main:app --host 0.0.0.0 --port 8000 --workers 2"',
            "uvicorn",
            2,
        ),
        Line(
            "sh -c 'mkdir -p logs && exec gunicorn --workers ${GUNICORN_WORKERS:-2} --bind 0.0.0.0:8000 app:app > logs/out.log 2>&1'",
            "gunicorn",
            2,
        ),
        Line(
            "bash -c 'alembic upgrade head && (celery -A worker worker -c 2 &) && uvicorn app.main:app --workers 2'",
            "uvicorn",
            4,
        ),
        Line(
            'bash -c "[ -f .env ] && export $(cat .env | xargs); gunicorn -w ${W:-3} app:app"',
            "gunicorn",
            3,
        ),
        Line(
            'sh -c \'if [ "$DEBUG" = "1" ]; then flask run; else gunicorn -w 5 app:app; fi\'', "gunicorn", 5
        ),
        Line(
            "sh -c 'test -n \"$WORKER\" && exec celery -A app worker -c 2 || exec gunicorn -w 4 app:app'",
            "gunicorn",
            4,
        ),
        Line(
            "sh -c 'gunicorn -w 2 a:app -b :8000 & gunicorn -w 2 b:app -b :8001 & wait -n; exit $?'",
            "gunicorn",
            4,
        ),
        Line("sh -c 'exec env PYTHONUNBUFFERED=1 gunicorn -w 2 app:app'", "gunicorn", 2),
        Line("sh -c '\"$@\"' -- gunicorn -w 3 app:app", "gunicorn", 3),
        Line("bash -euxo pipefail -c 'exec gunicorn -w 3 app:app'", "gunicorn", 3),
        Line("/bin/bash -l -c 'conda activate prod && gunicorn -w 3 app:app'", "gunicorn", 3),
        Line("sh -c 'uv run gunicorn -w 2 app:app || true'", "gunicorn", 2),
        Line("sh -c 'CMD=\"gunicorn -w 4 app:app\"; echo Starting $CMD; exec $CMD'", "gunicorn", 4),
        Line(
            "sh -c 'nohup celery -A app worker -c 2 > /dev/null 2>&1 & exec gunicorn -w 3 app:app'",
            "gunicorn",
            5,
        ),
        Line(
            "sh -c 'service nginx start && uwsgi --ini /app.ini'",
            "uwsgi",
            4,
            {},
            {"/app.ini": "[uwsgi]\nmaster = true\nprocesses = 4 # four\n"},
        ),
    ),
    "https://manpages.debian.org/bookworm/dpkg/start-stop-daemon.8.en.html": (
        Line(
            "start-stop-daemon --start --chuid app --exec /usr/bin/gunicorn -- -w 4 app:app",
            "gunicorn",
            4,
            added=True,
        ),
        Line("cpulimit -l 50 -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("cgexec -g cpu:web uwsgi --processes 3 --http :80", "uwsgi", 3, added=True),
        Line("s6-applyuidgid -u 1000 -g 1000 uvicorn app:app --workers 2", "uvicorn", 2, added=True),
        Line("tmux new-session -d -s web 'gunicorn -w 4 app:app'", "gunicorn", 4, certain=False),
        Line("screen -dmS web gunicorn -w 4 app:app", "gunicorn", 4, certain=False),
        Line("unshare -n gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("nix develop --command gunicorn -w 2 app:app", "gunicorn", 2, certain=False),
        Line("nix-shell --run 'gunicorn -w 2 app:app'", "gunicorn", 2),
        Line("mise exec python@3.12 -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("watchfiles 'gunicorn -w 2 app:app' ./src", "gunicorn", 2, certain=False),
        Line("nodemon --exec 'uvicorn app:app --workers 2' --ext py", "uvicorn", 2, certain=False),
        Line(
            "honcho start -f /Procfile.prod",
            "honcho",
            3,
            {},
            {"/Procfile.prod": "web: uvicorn app:app --workers 2\nbeat: celery -A app beat\n"},
            added=True,
        ),
    ),
    "https://github.com/uktrade/tamato/blob/master/Procfile": (
        Line(
            "gunicorn wsgi --bind 0.0.0.0:8000 --timeout 1000 --worker-class=gevent --worker-connections=1000 --workers 9",
            "gunicorn",
            9,
            added=True,
        ),
        Line(
            'sh -c "source /scripts/web.sh"',
            "gunicorn",
            9,
            {},
            {"/scripts/web.sh": "python manage.py check\ngunicorn wsgi --bind 0.0.0.0:$PORT --workers 9\n"},
        ),
    ),
    "https://github.com/kanaboid/mes-parafina-app/blob/main/Procfile": (
        Line(
            'gunicorn --worker-class eventlet -w 1 --timeout 120 --graceful-timeout 120 --preload "run:app"',
            "gunicorn",
            1,
            added=True,
        ),
    ),
    "https://docs.celeryq.dev/en/stable/getting-started/next-steps.html": (
        Line(
            "/e.sh web",
            "gunicorn",
            3,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\ncase "$1" in\n  web)\n    echo "Starting Gunicorn (Django web)..."\n    python manage.py migrate --noinput\n    exec gunicorn f.wsgi:application --bind 0.0.0.0:8000 --workers 3\n    ;;\n  celery)\n    exec celery -A f worker -l info\n    ;;\n  # beat)\n  #   exec celery -A f beat\n  #   ;;\n  *)\n    echo "Unknown command: $1"\n    exit 1\n    ;;\nesac\n'
            },
        ),
        Line(
            "/e.sh",
            "supervisord",
            2,
            {},
            {
                "/e.sh": '#!/usr/bin/env bash\nif [ "$ENTRYPOINT" = "workers" ]\nthen\n  celery worker -A tasks -l INFO\nelif [ -z "$ENTRYPOINT" ] || [ "$ENTRYPOINT" = "web" ]\nthen\n  /usr/bin/supervisord -c /supervisord.conf\nelse\n  echo Error\nfi\n',
                "/supervisord.conf": "[supervisord]\nnodaemon=true\n[program:web]\ncommand=gunicorn -w 2 a:b\n",
            },
        ),
        Line(
            "/e.sh start",
            "gunicorn",
            3,
            {},
            {
                "/e.sh": '#!/bin/bash\nexport GUNICORN_APP=${GUNICORN_APP:-"nexus.wsgi"}\nexport GUNICORN_CONF=${GUNICORN_CONF:-"/app/gunicorn.conf.py"}\n\ndo_gosu(){\n    user="$1"\n    shift 1\n    is_exec="false"\n    if [ "$1" = "exec" ]; then\n        is_exec="true"\n        shift 1\n    fi\n    if [ "$(id -u)" = "0" ]; then\n        if [ "${is_exec}" = "true" ]; then\n            exec gosu "${user}" "$@"\n        else\n            gosu "${user}" "$@"\n            return "$?"\n        fi\n    else\n        if [ "${is_exec}" = "true" ]; then\n            exec "$@"\n        else\n            eval \'"$@"\'\n            return "$?"\n        fi\n    fi\n}\n\nif [[ "start" == "$1" ]]; then\n    do_gosu app:app exec gunicorn "${GUNICORN_APP}" -c "${GUNICORN_CONF}"\nfi\nexec "$@"\n',
                "/app/gunicorn.conf.py": "import os\nworkers = int(os.getenv('WORKERS', 3))\n",
            },
        ),
    ),
    "https://github.com/danab/grampa-books/blob/main/api/docker-entrypoint.sh": (
        Line(
            "/d.sh",
            "gunicorn",
            EACH,
            {},
            {
                "/d.sh": "#!/bin/bash\n\ngunicorn --log-level warning --bind 0.0.0.0:5042 --reuse-port --workers $(nproc) --worker-class uvicorn.workers.UvicornWorker src.main:app\n"
            },
        ),
    ),
    "https://github.com/akhilnarang/vlrgg-scraper/blob/main/scripts/start.sh": (
        Line(
            "/d.sh",
            "gunicorn",
            17,
            {},
            {
                "/d.sh": "#!/usr/bin/env bash\n\ncd /app || exit\ngunicorn -k uvicorn.workers.UvicornWorker --workers=$(( $(nproc) * 2 + 1 )) --bind=0.0.0.0 app.main:app\n"
            },
        ),
        Line(
            "/d.sh",
            "gunicorn",
            17,
            {},
            {
                "/d.sh": '#!/bin/sh\n\nexec gunicorn -w $((`nproc` * 2 + 1)) -k "uvicorn.workers.UvicornWorker" -b "0.0.0.0:5000" "app:app"\n'
            },
        ),
        Line(
            "/d.sh",
            "gunicorn",
            17,
            {},
            {
                "/d.sh": "#!/bin/bash\nWORKERS=$((2*`cat /proc/cpuinfo | grep 'core id' | wc -l`+1))\necho \"Starting server with $WORKERS workers...\"\nexec gunicorn app.main:app -w $WORKERS -k uvicorn.workers.UvicornWorker --timeout 30\n"
            },
        ),
        Line(
            "/d.sh",
            "gunicorn",
            17,
            {},
            {
                "/d.sh": '#!/bin/bash\nset -eu\n\nOS=$(uname)\n\nif [[ ${OS} = "Linux" ]]; then\n    NUM_CORES=$(nproc)\nelif [[ ${OS} = "Darwin" ]]; then\n    NUM_CORES=$(sysctl -n hw.ncpu)\nelse\n    echo "Unsupported"\n    exit 1\nfi\n\nif [[ -n "${NUM_WORKERS-}" && "${NUM_WORKERS}" != "None" ]]; then\n    FINAL=${NUM_WORKERS}\nelse\n    FINAL=$((NUM_CORES * 2 + 1))\nfi\nexec gunicorn --workers="${FINAL}" --preload app:app\n'
            },
        ),
    ),
    "https://github.com/pietrobolcato/spotify-stable-diffusion-video/blob/main/start_server.sh": (
        Line(
            "/d.sh",
            "gunicorn",
            2,
            {},
            {
                "/d.sh": '#!/bin/bash\ngunicorn -w "${WORKERS:=2}" -b :80 -t "${TIMEOUT:=300}" -k uvicorn.workers.UvicornWorker inference_server.app:app\n'
            },
        ),
    ),
    "https://github.com/tidaybreak/admin-app/blob/master/supervisord.tpl": (
        Line(
            "supervisord -n -c /s.conf",
            "supervisord",
            14,
            {},
            {
                "/s.conf": '[supervisord]\nuser=root\nnodaemon=true\n\n[program:app]\ncommand=gunicorn -k gevent -t 120 -b "0.0.0.0:8000" -w 4 manage:app\nautostart=true\n\n[program:celery]\ncommand=celery -A manage.celery worker --loglevel=info\n\n[program:celery_beat]\ncommand=celery -A manage.celery beat\n\n[program:flower]\ncommand=flower -A manage.celery --port=8001\n'
            },
            added=True,
        ),
        Line(
            "supervisord -n -c /s.conf",
            "supervisord",
            4,
            {"API_EXECUTORS": "3"},
            {
                "/s.conf": "[supervisord]\nnodaemon=true\n\n[program:sshd]\ncommand=/usr/sbin/sshd -D\n\n[program:rsyslog]\ncommand=rsyslogd -n -c5\n\n[program:uwsgi]\ncommand=/usr/local/bin/uwsgi --master --processes %(ENV_API_EXECUTORS)s --gevent 100 --http :9400 --module o.server --callable app\n\n[program:celerybeat]\ncommand=/usr/local/bin/celery -A o beat\n"
            },
            added=True,
        ),
    ),
    "https://github.com/codalab/codabench/blob/develop/Procfile": (
        Line(
            "bash -c 'cd src && gunicorn asgi:application -w 3 -k uvicorn.workers.UvicornWorker -b :$PORT --max-requests 1024'",
            "gunicorn",
            3,
            {"PORT": "80"},
        ),
    ),
    "https://github.com/IntelligentTrading/core/blob/master/Procfile": (
        Line("waitress-serve --port=80 settings.wsgi:application", "waitress-serve", 1, added=True),
    ),
    "https://docs.gunicorn.org/en/latest/deploy.html#systemd": (
        Line(
            "/home/ubuntu/env/bin/gunicorn --access-logfile - --workers 3 --bind unix:/run/gunicorn.sock builder.wsgi:application",
            "gunicorn",
            3,
            added=True,
        ),
        Line(
            "/opt/j/.venv/bin/python -m gunicorn server:app --workers 4 --worker-class uvicorn.workers.UvicornWorker",
            "gunicorn",
            4,
            added=True,
        ),
        Line(
            "gunicorn -c /conf.py x:app",
            "gunicorn",
            3,
            {"WEB_SERVER_WORKERS": "3"},
            {
                "/conf.py": 'import os\n\nimport gunicorn\n\nworkers = os.getenv("WEB_SERVER_WORKERS")\nthreads = os.getenv("WEB_SERVER_THREADS")\nworker_class = "gthread"\n'
            },
            added=True,
        ),
        Line(
            "gunicorn --config=/conf.py x:app",
            "gunicorn",
            3,
            {},
            {
                "/conf.py": "import os\n\nworkers = int(os.environ.get('GUNICORN_PROCESSES', '3'))\nthreads = int(os.environ.get('GUNICORN_THREADS', '1'))\n"
            },
            added=True,
        ),
    ),
    "https://www.uvicorn.org/#command-line-options": (
        Line(
            "granian --workers-kill-timeout 5 --workers 2 app:app --interface wsgi",
            "granian",
            2,
            added=True,
        ),
        Line("sanic app.server --host 0.0.0.0 --fast", "sanic", EACH, added=True),
        Line("fastapi run app/main.py --proxy-headers --port 80 --workers 4", "fastapi", 4, added=True),
        Line("daphne -u /run/d.sock x.asgi:application", "daphne", 1, added=True),
        Line(
            "uvicorn --host 0.0.0.0 --port 8000 --proxy-headers --forwarded-allow-ips='*' --loop uvloop app.main:app",
            "uvicorn",
            1,
            added=True,
        ),
        Line("hypercorn -k uvloop -w 2 -b 0.0.0.0 app:app", "hypercorn", 2, added=True),
        Line("waitress-serve --threads=8 --call app:create_app", "waitress-serve", 1, added=True),
    ),
    "https://github.com/AlLixAI/Avito-tenders/blob/main/docker/start.sh": (
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {
                "/s.sh": '#!/bin/sh\n\nuntil pg_isready -h "$DB_HOST" -p "$DB_PORT" -U "$DB_USER"; do\n  echo "Waiting"\n  sleep 2\ndone\n\nalembic upgrade head\n\nexec uvicorn src.main:app --host 0.0.0.0 --port 8080 --workers 4\n'
            },
        ),
    ),
    "https://github.com/trebolsoftv1-collab/TrebolsoftV1/blob/main/entrypoint.sh": (
        Line(
            "/s.sh",
            "uvicorn",
            1,
            {},
            {
                "/s.sh": '#!/usr/bin/env sh\nset -e\n/app/wait-for-it.sh 172.18.0.2:5432 --timeout=60 --strict -- echo "DB is up"\nalembic upgrade head\nexec uvicorn app.main:app --host 0.0.0.0 --port 10000\n'
            },
        ),
    ),
    "https://github.com/airtoour/gearmind-bot/blob/main/start.sh": (
        Line(
            "bash /s.sh",
            "gunicorn",
            1,
            {},
            {
                "/s.sh": '#!/bin/bash\n\nuntil pg_isready -h db -U "${DB_USER}";\ndo sleep 1; done;\npoetry run alembic upgrade head;\n\ngunicorn src.main:app --workers 1 --worker-class uvicorn.workers.UvicornWorker --bind=0.0.0.0:8000\n'
            },
        ),
    ),
    "https://www.uvicorn.org/deployment/docker/": (
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {"POSTGRES_HOST": "db", "POSTGRES_PORT": "1"},
            {
                "/s.sh": '#!/usr/bin/env bash\nset -e\n\n: "${POSTGRES_HOST:?POSTGRES_HOST is required}"\n: "${POSTGRES_PORT:?POSTGRES_PORT is required}"\n\nwhile ! nc -z "$POSTGRES_HOST" "$POSTGRES_PORT"; do\n  sleep 0.5\ndone\n\npython -m alembic upgrade head\n\nexec uvicorn app.main:app \\\n  --host 0.0.0.0 \\\n  --port 8000 \\\n  --workers 4\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\nset -euo pipefail\nready=0\nfor i in {1..30}; do\n  if command -v pg_isready >/dev/null 2>&1 && \\\n     pg_isready -h "${DB_HOST:-postgres}" >/dev/null 2>&1; then\n    ready=1\n    break\n  fi\n  sleep 1\ndone\nif [ "$ready" -ne 1 ]; then\n  echo "not ready" >&2\n  exit 1\nfi\n\nalembic upgrade head\nexec uvicorn app.main:app --host 0.0.0.0 --port 8000 --workers 2\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {"DATABASE_URL": "postgresql://x"},
            {
                "/s.sh": '#!/usr/bin/env bash\nset -euo pipefail\nif [[ -z "${PORT:-}" ]]; then\n  PORT=8000\nfi\n\nif [[ "${DATABASE_URL:-}" == postgresql* ]]; then\n  if command -v pg_isready >/dev/null 2>&1; then\n    for i in {1..30}; do\n      if pg_isready -q; then\n        break\n      fi\n      sleep 1\n    done\n  else\n    sleep 5\n  fi\nfi\nalembic upgrade head\nexec uvicorn app.main:app --host 0.0.0.0 --port "$PORT" --workers 4\n'
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            3,
            {},
            {
                "/s.sh": "#!/usr/bin/env bash\nset -euo pipefail\nif [[ \"${DATABASE_URL:-}\" =~ ^postgres ]]; then\n  for i in {1..30}; do\n    if python - <<'PY'\nimport os, sys\ntry:\n    sys.exit(0)\nexcept Exception as ex:\n    sys.exit(1)\nPY\n    then\n      break\n    else\n      sleep 1\n    fi\n  done\nfi\nexec uvicorn app.main:app --workers 3\n"
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            1,
            {},
            {
                "/s.sh": "#!/bin/sh\nwhile ! psql -h $POSTGRES_HOST -U $POSTGRES_USER\ndo\n    sleep 0.5\ndone\nalembic upgrade head\nHOST=${HOST:-0.0.0.0}\nPORT=${PORT:-5000}\nuvicorn --proxy-headers app:app --host $HOST --port $PORT\n"
            },
        ),
    ),
    "https://github.com/uktrade/market-access-api/blob/main/Procfile": (
        Line(
            "bash -c 'python manage.py migrate --noinput && gunicorn config.wsgi:application --bind 0.0.0.0:$PORT --worker-class gevent --worker-connections 1000 --timeout 120 --log-file -'",
            "gunicorn",
            1,
            {"PORT": "1"},
        ),
    ),
    "https://channels.readthedocs.io/en/latest/deploying.html": (
        Line("poetry run daphne -b 0.0.0.0 -p 8000 config.asgi:application", "daphne", 1, added=True),
        Line(
            "gunicorn --bind 0.0.0.0:5000 --workers 4 --threads 2 --timeout 120 run:app",
            "gunicorn",
            4,
            added=True,
        ),
    ),
    "https://github.com/arieunier/uglydemo/blob/master/startWeb.sh": (
        Line(
            "/s.sh",
            "gunicorn",
            4,
            {},
            {
                "/s.sh": "#!/bin/sh\ncp a b\nnewrelic-admin generate-config $KEY newrelic.ini\nnewrelic-admin run-program gunicorn --workers=4 run:app\n"
            },
        ),
    ),
    "https://github.com/GSA/datagov-harvester/blob/main/harvest-admin-start.sh": (
        Line(
            "/s.sh",
            "gunicorn",
            3,
            {},
            {
                "/s.sh": '#!/bin/bash\n\nDIR="$(dirname "${BASH_SOURCE[0]}")"\n\nexec newrelic-admin run-program gunicorn "wsgi:application" --config "$DIR/gunicorn.conf.py" -b "0.0.0.0:$PORT" --chdir $DIR --timeout 120 --worker-class gthread --workers 3 --forwarded-allow-ips=\'*\'\n'
            },
        ),
    ),
    "https://github.com/uc-cdis/metadata-service/blob/master/dockerrun.bash": (
        Line(
            "bash /dockerrun.bash",
            "gunicorn",
            3,
            {},
            {
                "/dockerrun.bash": '#!/bin/bash\n\nnginx\npoetry run opentelemetry-instrument \\\n    --traces_exporter otlp \\\n    --metrics_exporter otlp \\\n    gunicorn -c "/mds/gunicorn.conf.py" mds.asgi:app\n',
                "/mds/gunicorn.conf.py": "import multiprocessing\nworkers = 3\n",
            },
        ),
        Line(
            "/s.sh gunicorn src.main:app",
            "gunicorn",
            4,
            {},
            {
                "/s.sh": '#!/usr/bin/env sh\n\nexport GUNICORN_CMD_ARGS="--chdir=/app/src/ --reload --workers=4 --bind=0.0.0.0:8000"\nif [ -f /etc/newrelic.ini ]\nthen\n  NEW_RELIC_CONFIG_FILE=/etc/newrelic.ini newrelic-admin run-program "$@"\nelse\n  exec $@\nfi\n'
            },
        ),
        Line(
            "/s.sh",
            "gunicorn",
            9,
            {},
            {
                "/s.sh": '#!/bin/sh -e\n\nWORKER_COMMAND="gunicorn wsgi --bind 0.0.0.0:${PORT} --timeout 1000 --worker-class=gevent --worker-connections=1000 --workers 9"\n\nif [ -n "${COPILOT_ENVIRONMENT_NAME}" ]; then\n    WORKER_COMMAND="opentelemetry-instrument ${WORKER_COMMAND}"\nfi\n\necho "Starting worker using the command: ${WORKER_COMMAND}"\n\neval ${WORKER_COMMAND}\n'
            },
        ),
        Line(
            "gunicorn -c /g.py airlock.wsgi",
            "gunicorn",
            4,
            {},
            {
                "/g.py": 'import os\n\nimport services.tracing as tracing\n\n\nworkers = 4\nbind = "0.0.0.0:8000"\n\n\ndef post_fork(server, worker):\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x")\n    tracing.setup()\n'
            },
            added=True,
        ),
    ),
    "https://github.com/carletes/uwsgi-test/blob/master/django/docker-entrypoint.sh": (
        Line(
            "/s.sh",
            "uwsgi",
            4,
            {},
            {
                "/s.sh": "#!/bin/sh\n\nexec /usr/local/bin/uwsgi \\\n     --fastcgi-socket 0.0.0.0:3000 \\\n     --die-on-term \\\n     --master \\\n     --processes 4 \\\n     --threads 1 \\\n     --chdir /code \\\n     --wsgi-file mysite/wsgi.py\n"
            },
        ),
    ),
    "https://github.com/Nagy-Zoltan/gpu-profit-calculator/blob/main/start.sh": (
        Line(
            "sh /s.sh",
            "uwsgi",
            2,
            {},
            {
                "/s.sh": "export PORT=${PORT:-80}\n\nuwsgi --http 0.0.0.0:${PORT} --wsgi-file wsgi.py --master --processes 2 --threads 16\n"
            },
        ),
        Line(
            "uwsgi --ini /u.ini",
            "uwsgi",
            12,
            {},
            {
                "/u.ini": "[uwsgi]\n# mount\nchdir = /usr/src/app/src\nmodule = wsgi:application\nlog-master=true\n\n# Master with 12 worker processes (based on CPU number)\nmaster = true\nprocesses = 12\n\nenable-threads = True\nthreads = 24\n"
            },
            added=True,
        ),
        Line(
            "/s.sh",
            "uwsgi",
            2,
            {},
            {
                "/s.sh": '#! /usr/bin/env sh\nset -e\n\nexec uwsgi --ini /src/app/uwsgi.ini -p "${UWSGI_PROCESSES:-2}"\n'
            },
        ),
        Line(
            "uwsgi --ini /u.ini",
            "uwsgi",
            4,
            {},
            {
                "/u.ini": "[uwsgi]\nbase            = /code\nchdir           = %(base)\nmodule          = olympia.wsgi:application\n\nmaster          = true\n# maximum number of worker processes\nprocesses       = 4\nvaccum          = true\n"
            },
            added=True,
        ),
    ),
    "https://github.com/GooeyAI/gooey-server/blob/master/scripts/run-prod.sh": (
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\n\nSENTRY_ENVIRONMENT="streamlit" streamlit run Home.py --server.address=0.0.0.0 --server.port=8501 &\nSENTRY_ENVIRONMENT="fast-api" uvicorn server:app --host 0.0.0.0 --port 8000 &\nwait\n'
            },
        ),
    ),
    "https://github.com/diegopenilla/metal_owl_control/blob/main/run.sh": (
        Line(
            "/s.sh",
            "streamlit",
            1,
            {},
            {
                "/s.sh": "#!/bin/bash\n\npython3 server.py &\nFASTAPI_PID=$!\nstreamlit run app_server.py &\nSTREAMLIT_PID=$!\nwait $FASTAPI_PID $STREAMLIT_PID\n"
            },
        ),
    ),
    "https://docs.ray.io/en/latest/serve/production-guide/": (
        Line("open-webui serve --host 0.0.0.0", "open-webui", 3, {"UVICORN_WORKERS": "3"}, added=True),
        Line("langflow run --host 0.0.0.0 --workers 2", "langflow", 2, added=True),
        Line("docling-serve run --workers 2", "docling-serve", 2, added=True),
        Line("docling-serve run", "docling-serve", 3, {"WEB_CONCURRENCY": "3"}, added=True),
        Line(
            "functions-framework --target hello --port 8080",
            "functions-framework",
            2,
            {"WORKERS": "2"},
            added=True,
        ),
        Line("feast serve -h 0.0.0.0 --workers 4", "feast", 4, added=True),
        Line("feast serve -w -1", "feast", EACH, added=True),
        Line("rasa run --enable-api", "rasa", 1, {"SANIC_WORKERS": "4"}, added=True),
        Line(
            "rasa run --endpoints /e.yml",
            "rasa",
            4,
            {"SANIC_WORKERS": "4"},
            {"/e.yml": "lock_store:\n  type: redis\n"},
            added=True,
        ),
    ),
    "https://cloud.google.com/run/docs/quickstarts/build-and-deploy/deploy-python-service": (
        Line(
            "sh -c 'exec gunicorn --bind :$PORT --workers 1 --threads 8 --timeout 0 main:app'",
            "gunicorn",
            1,
            {"PORT": "8080"},
        ),
        Line(
            "/bin/sh -c 'exec uvicorn main:app --host 0.0.0.0 --port $PORT --workers 2'",
            "uvicorn",
            2,
            {"PORT": "8080"},
        ),
    ),
    "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/python-configuration-procfile.html": (
        Line(
            "gunicorn --bind :8000 --workers 3 --threads 2 project.wsgi:application",
            "gunicorn",
            3,
            added=True,
        ),
    ),
    "https://github.com/saleor/saleor/blob/main/Dockerfile": (
        Line(
            "gunicorn --bind :8000 --workers 4 --worker-class saleor.asgi.gunicorn_worker.UvicornWorker saleor.asgi:application",
            "gunicorn",
            4,
            added=True,
        ),
    ),
    "https://github.com/netbox-community/netbox-docker/blob/release/docker/launch-netbox.sh": (
        Line(
            "/usr/bin/tini -- /opt/netbox/docker-entrypoint.sh /opt/netbox/launch-netbox.sh",
            "granian",
            4,
            {},
            {
                "/opt/netbox/docker-entrypoint.sh": '#!/bin/bash\nset -e\numask 002\nsource /opt/netbox/venv/bin/activate\nif ./manage.py migrate --check >/dev/null 2>&1; then\n  echo ok\nelse\n  ./manage.py migrate --no-input\nfi\nexec "$@"\n',
                "/opt/netbox/launch-netbox.sh": '#!/bin/bash\nexec granian --host "::" --port "8080" --interface "wsgi" --no-ws --workers "${GRANIAN_WORKERS:-4}" --respawn-failed-workers "netbox.granian:application"\n',
            },
        ),
    ),
    "https://github.com/HumanSignal/label-studio/blob/develop/deploy/docker-entrypoint.sh": (
        Line(
            "./deploy/docker-entrypoint.sh label-studio-uwsgi",
            "uwsgi",
            4,
            {},
            {
                "/deploy/docker-entrypoint.sh": '#!/bin/sh\nset -e ${DEBUG:+-x}\nENTRYPOINT_PATH=/label-studio/deploy/docker-entrypoint.d\nexec_entrypoint() {\n  if /usr/bin/find -L "$1" -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read v; then\n    echo x\n  fi\n}\nsource_inject_envvars() {\n  if [ -n "${ENV_INJECT_SOURCES:-}" ]; then\n    IFS=","\n    for env_file in $ENV_INJECT_SOURCES; do\n      if [ -f "$env_file" ]; then\n        . $env_file\n      fi\n    done\n  fi\n}\nsource_inject_envvars\nif [ "$1" = "nginx" ]; then\n  exec nginx -c /x.conf -e /dev/stderr\nelif [ "$1" = "label-studio-uwsgi" ]; then\n  exec_entrypoint "$ENTRYPOINT_PATH/app/"\n  exec uwsgi --ini /label-studio/deploy/uwsgi.ini\nelse\n  exec_entrypoint "$ENTRYPOINT_PATH/app/"\n  exec "$@"\nfi\n',
                "/label-studio/deploy/uwsgi.ini": "[uwsgi]\nmaster = true\nprocesses = 4\n",
            },
        ),
    ),
    "https://pipx.pypa.io/stable/docs/#pipx-run": (
        Line("pipx run gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("uv run python -m streamlit.web.cli run app.py", "streamlit", 1, added=True),
    ),
    "https://www.gnu.org/software/bash/manual/bash.html": (
        Line("bash -c 'WEB_CONCURRENCY=${WEB_CONCURRENCY:-$(nproc)} exec uvicorn a:b'", "uvicorn", EACH),
        Line("env WEB_CONCURRENCY=4 uvicorn app:app", "uvicorn", 4, added=True),
        Line(
            "sh -c 'WORKERS=$(python -c \"import multiprocessing; print(multiprocessing.cpu_count())\"); gunicorn -w $WORKERS a:b'",
            "gunicorn",
            EACH,
        ),
        Line("sh -c 'gunicorn --workers \"$(nproc --ignore=1)\" a:b'", "gunicorn", 7),
        Line("bash -c 'let W=2*2; gunicorn -w ${W:-4} a:b'", "gunicorn", 4),
        Line("bash -c 'W=${1:-3}; gunicorn -w $W a:b' bash 5", "gunicorn", 5),
        Line(
            "bash -c 'case $ROLE in web) exec gunicorn -w 3 a:b;; *) exec celery -A a worker -c 2;; esac'",
            "gunicorn",
            3,
            {"ROLE": "web"},
        ),
        Line("bash -c '{ gunicorn -w 2 a:b; } 2>&1 | tee /log'", "gunicorn", 2),
        Line("bash -c '(gunicorn -w 2 a:b)'", "gunicorn", 2),
        Line("bash -c 'while true; do gunicorn -w 2 a:b; sleep 1; done'", "gunicorn", 2),
        Line("bash -c 'gunicorn -w 2 a:b; echo $?; sleep infinity'", "gunicorn", 2),
        Line(
            "bash -c 'trap \"kill 0\" EXIT; uvicorn a:b --workers 2 & python bot.py & wait -n'",
            "uvicorn",
            2,
        ),
        Line("bash -c 'exec > >(tee /log) 2>&1; exec gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("bash -c '[[ -f /app/x ]] || exit 1; gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("bash -c 'gunicorn \\\n  -w 3 \\\n  a:b'", "gunicorn", 3),
        Line("bash -c 'gunicorn -w 3 a:b # -w 9'", "gunicorn", 3),
        Line("conda run -n env --no-capture-output bash -c 'gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("faketime 2020-01-01 gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("setarch x86_64 -R gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("prlimit --nofile=1024 gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line(
            "/lib64/ld-linux-x86-64.so.2 /usr/bin/python3 -m gunicorn -w 2 a:b",
            "gunicorn",
            2,
            certain=False,
        ),
    ),
    "https://shiny.posit.co/r/articles/share/deploy-docker/": (
        Line("python -m flask --app x run --host 0.0.0.0", "flask", 1, added=True),
        Line("python -m uvicorn.main app:app --workers 2", "uvicorn", 2, added=True),
    ),
    "https://github.com/diko0071/walletwave_backend/blob/main/Procfile": (
        Line(
            "gunicorn backend.wsgi:application -w 2 -k gevent --timeout 60 --worker-connections 100 --max-requests 1000 --max-requests-jitter 100",
            "gunicorn",
            2,
            added=True,
        ),
        Line(
            "bash -c 'celery -A backend.celery_app worker --concurrency=2 & celery -A backend.celery_app beat & exec gunicorn -w 2 b.wsgi'",
            "gunicorn",
            4,
        ),
    ),
    "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/": (
        Line("/bin/sh -c 'until nslookup db; do sleep 2; done; exec gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("/bin/bash -c 'set -o pipefail; gunicorn -w 2 a:b |& tee -a log'", "gunicorn", 2),
        Line("/bin/bash -c 'gunicorn --bind 0.0.0.0:8000 --workers=$(($(nproc)*2)) a:b'", "gunicorn", 16),
        Line(
            "gunicorn -b [::]:80 -w 2 --log-config-json '{\"version\": 1}' a:b", "gunicorn", 2, added=True
        ),
        Line("pdm run uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("hatch run prod:gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("infisical run --env=prod --projectId=x -- gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("doppler run --config prd --command='gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("dotenvx run -f .env.production -- uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("chamber exec svc -- /entry.sh gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("teller run -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("vault agent -config=/a.hcl -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("ssm-env -with-decryption gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("pitchfork run gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
    ),
    "https://github.com/wellpass/redash-1/blob/HEAD/Procfile": (
        Line(
            "/usr/local/bin/gunicorn -b 0.0.0.0:5000 --name redash -w4 redash.wsgi:app",
            "gunicorn",
            4,
            added=True,
        ),
        Line(
            "sh -c '/usr/local/bin/gunicorn -b 0.0.0.0:5000 --name redash -w${REDASH_WEB_WORKERS:-4} redash.wsgi:app'",
            "gunicorn",
            2,
            {"REDASH_WEB_WORKERS": "2"},
        ),
    ),
    "https://github.com/codalab/codabench/blob/HEAD/Procfile": (
        Line(
            "sh -c 'cd src && gunicorn asgi:application -w 3 -k uvicorn.workers.UvicornWorker -b :$PORT --max-requests 1024'",
            "gunicorn",
            3,
            {"PORT": "80"},
        ),
    ),
    "https://docs.celeryq.dev/en/stable/userguide/workers.html": (
        Line(
            "/docker-entrypoint.sh run-backend",
            "gunicorn",
            1,
            {},
            {
                "/docker-entrypoint.sh": '#!/bin/bash\nset -e\n\ncase "$1" in\n  run-backend)\n    uv run python manage.py migrate\n    uv run gunicorn gutenberg.wsgi:application --bind 0.0.0.0:8000 --access-logfile -\n    ;;\n\n  run-celery)\n    uv run celery -A gutenberg worker -l INFO\n    ;;\n\n  *)\n    echo "Error: \'$1\'."\n    exit 1\n    ;;\nesac\n'
            },
        ),
        Line(
            "/entrypoint.sh web",
            "hypercorn",
            1,
            {"PORT": "80"},
            {
                "/entrypoint.sh": '#!/bin/sh\nif [ "$1" = "web" ]; then\n  exec hypercorn app:app -b 0.0.0.0:$PORT\nelif [ "$1" = "worker" ]; then\n  exec celery -A celery_worker.celery_app worker --loglevel=info -c 1 --pool=solo\nelse\n  exec "$@"\nfi\n'
            },
        ),
    ),
    "https://github.com/SocialGouv/recosante/blob/HEAD/api/start_all.sh": (
        Line(
            "/api/start_all.sh",
            "uwsgi",
            18,
            {},
            {
                "/api/start_all.sh": "#!/bin/sh\nflask db upgrade\nexec uwsgi --http 0.0.0.0:8080 --wsgi wsgi:app --enable-threads --master --processes 10 --http-timeout 1800 --attach-daemon '/start_celery.sh' --attach-daemon '/start_beat.sh'\n",
                "/start_celery.sh": "#!/bin/sh\ncelery -A c worker\n",
                "/start_beat.sh": "#!/bin/sh\ncelery -A c beat\n",
            },
        ),
    ),
    "https://github.com/OrenZhang/iWiki/blob/HEAD/backend/bin/run.sh": (
        Line(
            "/backend/bin/run.sh",
            "uwsgi",
            12,
            {"UWSGI_PROCESSES": "4", "UWSGI_THREADS": "8"},
            {
                "/backend/bin/run.sh": "#! /bin/sh\n\npython manage.py migrate\nnohup celery -A modules.cel worker -l INFO -f /logs/celery-worker.log > /dev/null 2>&1 &\nnohup celery -A modules.cel beat -l INFO -f /logs/celery-beat.log > /dev/null 2>&1 &\nuwsgi --ini /backend/uwsgi.ini --processes $UWSGI_PROCESSES --threads $UWSGI_THREADS -w wsgi.wsgi:application > /dev/null 2>&1\n"
            },
        ),
    ),
    "https://uwsgi-docs.readthedocs.io/en/latest/AttachingDaemons.html": (
        Line(
            "uwsgi --ini /etc/uwsgi.ini",
            "uwsgi",
            7,
            {},
            {
                "/etc/uwsgi.ini": "[uwsgi]\nprocesses = 4\nsmart-attach-daemon = /tmp/celery.pid celery -A tasks worker -c 3\nattach-daemon = memcached -p 11311 -u roberto\n"
            },
            added=True,
        ),
        Line(
            "uwsgi --emperor /srv/none --processes 3",
            "uwsgi",
            3,
            added=True,
        ),
        Line(
            "uwsgi --emperor zmq://tcp://127.0.0.1:5252 --master",
            "uwsgi",
            1,
            added=True,
        ),
        Line(
            "supervisord -c /s.conf",
            "supervisord",
            6,
            {},
            {
                "/s.conf": "[supervisord]\nnodaemon=true\n[program:u]\ncommand=uwsgi --emperor /v\nnumprocs=2\n",
                "/v/a.ini": "[uwsgi]\nworkers = 2\n",
                "/v/b.yml": "uwsgi:\n  module: b\n",
            },
            added=True,
        ),
    ),
    "https://github.com/selecsosi/docker-compose-example": (
        Line(
            "/bin/entrypoint.sh web",
            "gunicorn",
            4,
            {},
            {
                "/bin/entrypoint.sh": '#!/bin/bash\nset -e\nset +x\n\nif [ "$1" = \'web\' ]; then\n  exec gunicorn -b 0.0.0.0:5000 -w 4 example.web.app:app\nelif [ "$1" = \'celery\' ]; then\n  exec celery -A example.worker.celery worker -l info -Q default\nelse\n  exec "${@}"\nfi\n'
            },
        ),
    ),
    "https://github.com/labomics/MetaLogo/blob/HEAD/server.cmd.sh": (
        Line(
            "/server.cmd.sh",
            "gunicorn",
            10,
            {},
            {
                "/server.cmd.sh": "/etc/init.d/redis_6379 start\nGUNICORN_CMD_ARGS='--workers 10 --timeout 300 --threads 10 -b 0.0.0.0:8050' gunicorn MetaLogo.server.index:server\n"
            },
        ),
    ),
    "https://github.com/jqueguiner-gladia/gladia": (
        Line(
            "/src/run_server_prod.sh",
            "gunicorn",
            4,
            {"API_SERVER_WORKERS": "3", "TRITON_MODELS_PATH": "/m"},
            {
                "/src/run_server_prod.sh": 'micromamba run -n server python warm_up.py\n\nAPI_SERVER_PORT_HTTP="${API_SERVER_PORT_HTTP:-8080}"\nAPI_SERVER_WORKERS="${API_SERVER_WORKERS:-1}"\n\n/etc/init.d/redis-server restart && micromamba run -n server tritonserver \\\n  --model-repository=${TRITON_MODELS_PATH} \\\n  --allow-gpu-metrics=true & gunicorn main:app -b 0.0.0.0:${API_SERVER_PORT_HTTP} --workers ${API_SERVER_WORKERS} --worker-class uvicorn.workers.UvicornWorker\n'
            },
        ),
    ),
    "https://github.com/GrahamDumpleton/mod_wsgi#getting-started": (
        Line(
            "mod_wsgi-express start-server --port=8080 --user=www-user --url-alias /static /app/static --application-type module trafficproject.wsgi",
            "mod_wsgi-express",
            1,
            added=True,
        ),
        Line(
            "/run.sh",
            "mod_wsgi-express",
            2,
            {"I": "/p.ini"},
            {
                "/run.sh": "#!/bin/bash\ntrap 'kill -TERM $PID' TERM INT\n\nmod_wsgi-express start-server --server-root /s --log-to-terminal \\\n        --application-type paste --processes 2 --threads 15 \\\n        $I &\n\nPID=$!\nwait $PID\ntrap - TERM INT\n"
            },
        ),
        Line(
            "mod_wsgi-express start-server wsgi.py --processes 4 --debug-mode",
            "mod_wsgi-express",
            1,
            added=True,
        ),
    ),
    "https://docs.gunicorn.org/en/stable/settings.html#reload": (
        Line(
            "gunicorn --reload --workers 4 --worker-class gthread --threads 8 app:app",
            "gunicorn",
            4,
            added=True,
        ),
    ),
    "https://github.com/DarthSim/overmind#usage": (
        Line(
            "overmind start -f /app/Procfile -l web",
            "honcho",
            3,
            {},
            {"/app/Procfile": "web: gunicorn -w 3 a:b\nworker: celery -A x worker -c 2\n"},
            added=True,
        ),
    ),
    "https://docs.astral.sh/uv/reference/cli/#uv-run": (
        Line("uv run --with gunicorn --no-project -- gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line(
            "uv --directory /app run --frozen --no-sync uvicorn x:y --workers 2", "uvicorn", 2, added=True
        ),
        Line("uvx --from 'gunicorn[gevent]' --with psycopg gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line(
            "tini -s -g -- timeout -k 5 1h sh -ec 'exec nice -n 5 uv run --no-sync gunicorn -w 3 a:b'",
            "gunicorn",
            3,
        ),
    ),
    "https://github.com/tianon/gosu": (
        Line("tini -- gosu app:app bash -c 'umask 027; exec uvicorn a:b --workers 2'", "uvicorn", 2),
    ),
    "https://python-poetry.org/docs/cli/": (
        Line("poetry -C /app run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://github.com/mamba-org/micromamba-docker/blob/main/_entrypoint.sh": (
        Line(
            "/usr/local/bin/_entrypoint.sh gunicorn -w 2 a:b",
            "gunicorn",
            2,
            {},
            {
                "/usr/local/bin/_entrypoint.sh": '#!/usr/bin/env bash\nset -ef -o pipefail\nif [[ "${MAMBA_SKIP_ACTIVATE}" == "1" ]]; then\n  exec "$@"\nfi\nsource _activate_current_env.sh\nexec "$@"\n'
            },
            added=True,
        ),
    ),
    "https://www.intel.com/content/www/us/en/docs/oneapi": (
        Line(
            "bash -c 'source /opt/intel/oneapi/setvars.sh --force && exec gunicorn -w 2 a:b'", "gunicorn", 2
        ),
    ),
    "https://man7.org/linux/man-pages/man1/su.1.html": (
        Line("su -s /bin/sh app -c 'gunicorn -w 4 a:b'", "gunicorn", 4),
    ),
    "https://docs.appdynamics.com": (
        Line("pyagent run -c /app/appd.cfg -- gunicorn -w 3 a:b", "gunicorn", 3, certain=False),
    ),
    "https://www.elastic.co/guide/en/apm/agent/python/current": (
        Line("elasticapm-run gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
    ),
    "https://github.com/stewartsmith/libeatmydata": (
        Line("eatmydata gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
    ),
    "https://github.com/pythonprofilers/memory_profiler": (
        Line("mprof run --include-children gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
    ),
    "https://github.com/just-containers/s6-overlay#usage": (
        Line(
            "/init",
            "s6-svscan",
            3,
            {},
            {"/etc/services.d/web/run": "#!/usr/bin/with-contenv sh\nexec gunicorn -w 3 a:b\n"},
        ),
        Line(
            "/init",
            "s6-svscan",
            5,
            {},
            {
                "/etc/s6-overlay/s6-rc.d/web/run": "#!/command/with-contenv bash\nexec gunicorn -w 3 a:b\n",
                "/etc/s6-overlay/s6-rc.d/web/type": "longrun\n",
                "/etc/s6-overlay/s6-rc.d/job/run": "#!/bin/sh\nexec celery -A x worker -c 2\n",
                "/etc/s6-overlay/s6-rc.d/job/type": "longrun\n",
                "/etc/s6-overlay/s6-rc.d/user/contents.d/web": "",
                "/etc/s6-overlay/s6-rc.d/user/contents.d/job": "",
            },
        ),
    ),
    "https://smarden.org/runit/runsvdir.8.html": (
        Line(
            "runsvdir -P /etc/service",
            "runsvdir",
            3,
            {},
            {"/etc/service/web/run": "#!/bin/sh\nexec 2>&1\nexec chpst -u app gunicorn -w 3 a:b\n"},
            added=True,
        ),
    ),
    "https://apptainer.org/docs/user/latest/cli/apptainer_exec.html": (
        Line("singularity exec img.sif gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://learn.microsoft.com/azure/machine-learning/how-to-inference-server-http": (
        Line("runsvdir /var/runit", "runsvdir", 1, added=True),
    ),
    "https://github.com/just-containers/s6-overlay": (
        Line(
            "/init gunicorn -w 2 a:b",
            "gunicorn",
            5,
            {},
            {
                "/etc/services.d/w/run": "#!/command/with-contenv sh\nexec s6-setuidgid app celery -A x worker -c 3\n"
            },
            added=True,
        ),
    ),
    "https://skarnet.org/software/s6/s6-svscan.html": (
        Line(
            "s6-svscan /srv/svc",
            "s6-svscan",
            2,
            {},
            {
                "/srv/svc/web/run": "#!/bin/sh\nexec uvicorn a:b --workers 2\n",
                "/srv/svc/off/run": "#!/bin/sh\nexec uvicorn a:b --workers 7\n",
                "/srv/svc/off/down": "",
            },
            added=True,
        ),
    ),
    "https://github.com/deepjavalibrary/djl-serving/blob/master/serving/docker/dockerd-entrypoint.sh": (
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh gunicorn -w 3 a:b",
            "gunicorn",
            3,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": '#!/bin/bash\n#set -e\n\nif [[ "$1" = "serve" ]]; then\n  shift 1\n  code=77\n  while [[ code -eq 77 ]]; do\n    /usr/bin/djl-serving "$@"\n    code=$?\n  done\n  exit $code\nelse\n  set -e\n  eval "$@"\nfi\n'
            },
            added=True,
        ),
    ),
    "https://flask-dramatiq.readthedocs.io/en/latest/": (
        Line("flask worker --processes=2", "flask", 2, added=True),
    ),
    "https://mywiki.wooledge.org/BashFAQ/028": (
        Line(
            "/srv/bin/start.sh",
            "gunicorn",
            5,
            {},
            {
                "/srv/bin/start.sh": '#!/bin/bash\nROOT=$(cd "$(dirname "$0")/.." && pwd)\ncd "$ROOT"\ngunicorn -c c.py a:b\n',
                "/app/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/srv/c.py": "workers = 5\n",
                "/srv/bin/x": "",
            },
        ),
        Line(
            "/srv/bin/start.sh",
            "gunicorn",
            5,
            {},
            {
                "/srv/bin/start.sh": '#!/bin/bash\nROOT="$(dirname "$(readlink -f "$0")")"\ngunicorn -c "$ROOT/../c.py" a:b\n',
                "/app/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/srv/c.py": "workers = 5\n",
                "/srv/bin/x": "",
            },
        ),
        Line(
            "/srv/bin/start.sh",
            "gunicorn",
            5,
            {},
            {
                "/srv/bin/start.sh": '#!/bin/bash\ncd "${0%/*}/.."\ngunicorn -c c.py a:b\n',
                "/app/worker.sh": "#!/bin/sh\ncelery -A a worker -c 6\n",
                "/srv/c.py": "workers = 5\n",
                "/srv/bin/x": "",
            },
        ),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/seq-invocation.html": (
        Line("sh -c 'gunicorn -w \"$(seq 3 3)\" a:b'", "gunicorn", 3),
    ),
    "https://mywiki.wooledge.org/ProcessManagement": (
        Line("/r.sh", "uvicorn", 1, {}, {"/r.sh": "#!/bin/bash\npython worker.py &\nuvicorn a:app\n"}),
        Line(
            "/r.sh",
            "uvicorn",
            3,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor p in 8001 8002 8003; do\n  uvicorn app:app --port $p &\ndone\nnginx -g 'daemon off;'\n"
            },
        ),
    ),
    "https://github.com/richardbigegapersonal/agentiq": (
        Line("uvicorn api.inference_server:app --host 0.0.0.0 --port 8000", "uvicorn", 1, added=True),
    ),
    "https://github.com/Betoxvt/aula19-bc-python": (
        Line("uv run uvicorn main:app --host 0.0.0.0 --port 8501", "uvicorn", 1, added=True),
    ),
    "https://www.uvicorn.org/settings/#production": (
        Line(
            "/r.sh",
            "uvicorn",
            1,
            {},
            {
                "/r.sh": '#!/bin/bash\necho "Starting FastAPI application..."\n# Running uvicorn to serve the FastAPI app\nuvicorn app:app --host 0.0.0.0 --port 8000 --workers 1\n\necho "FastAPI application stopped."\n'
            },
        ),
        Line(
            "/r.sh",
            "uvicorn",
            1,
            {"DB_HOST": "h"},
            {
                "/r.sh": '#!/usr/bin/env sh\nset -e\nuntil pg_isready -h "$DB_HOST" -p "$DB_PORT" -U "$DB_USER" > /dev/null 2>&1; do\n  sleep 0.5\ndone\npython manage.py makemigrations --no-input\nfind static -type f -name "*.min.js" -print0 | xargs -0 sed -i \'/sourceMappingURL=.*\\.map/d\'\npython manage.py collectstatic -v 3 --noinput \nexec uvicorn config.asgi:application --host 0.0.0.0 --port 8000\n'
            },
        ),
        Line(
            "uvicorn main:app --host 0.0.0.0 --port 8081 --reload",
            "uvicorn",
            1,
            {"MAX_WORKERS": "4"},
            added=True,
        ),
        Line(
            "/bin/sh -c 'uvicorn app.inference.endpoint:app --host 0.0.0.0 --port 2000 --workers 4'",
            "uvicorn",
            4,
        ),
        Line("uvicorn --port 8080 --host 0.0.0.0 mlopstinystories.serve:app", "uvicorn", 1, added=True),
        Line(
            "/entrypoint.sh serve",
            "uvicorn",
            1,
            {},
            {
                "/entrypoint.sh": '#!/usr/bin/env bash\nset -e\n# SageMaker appends "serve" when starting inference containers.\nif [ "$1" = "serve" ] || [ -z "$1" ]; then\n  exec uvicorn app:app --host 0.0.0.0 --port 8080\nelse\n  exec "$@"\nfi\n'
            },
        ),
        Line(
            "bash /docker/entrypoint.sh",
            "uvicorn",
            1,
            {},
            {
                "/docker/entrypoint.sh": "# #!/usr/bin/env bash\n# exec uvicorn app.api:app --host 0.0.0.0 --port 8000 --workers $(nproc)\n\n# docker/entrypoint.sh\n#!/usr/bin/env bash\nexec uvicorn app.api:app --host 0.0.0.0 --port 8000 --workers 1\n"
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            4,
            {},
            {
                "/s.sh": "#!/bin/bash\n\n# Start nginx in the background\nnginx\n\nsleep 2\n\n# Start uvicorn\nexec python -m uvicorn app.main:app --host 0.0.0.0 --port 8000 --workers 4 --timeout-graceful-shutdown 200 --timeout-keep-alive 200\n"
            },
        ),
        Line(
            "/s.sh",
            "uvicorn",
            2,
            {},
            {
                "/s.sh": '#!/bin/sh\nset -e\n\nUVICORN_WORKERS="${UVICORN_WORKERS:-2}"\nUVICORN_LOG_LEVEL="${UVICORN_LOG_LEVEL:-info}"\n\necho "Starting Uvicorn (workers=${UVICORN_WORKERS}, log_level=${UVICORN_LOG_LEVEL}) on port 8000..."\nuvicorn app.main:app \\\n  --host 0.0.0.0 \\\n  --port 8000 \\\n  --workers "${UVICORN_WORKERS}" \\\n  --log-level "${UVICORN_LOG_LEVEL}" &\n\necho "Starting Nginx..."\nexec nginx -g "daemon off;"\n'
            },
        ),
        Line(
            "/e.sh",
            "uvicorn",
            2,
            {},
            {
                "/e.sh": "#!/usr/bin/env bash\nset -e\nollama serve &\nuntil ollama list &>/dev/null; do\n  sleep 0.5\ndone\nollama pull llama3.2\nuvicorn app:app --host 0.0.0.0 --port 8001\n"
            },
        ),
    ),
    "https://github.com/johnleylorvil/psychic-octo-invention": (
        Line(
            "gunicorn config.wsgi:application --bind 0.0.0.0:8000 --workers 3 --timeout 120",
            "gunicorn",
            3,
            added=True,
        ),
    ),
    "https://github.com/Dev-Chisom/crispy-palm-tree": (
        Line(
            "sh -c 'alembic upgrade head && uvicorn app.main:app --host 0.0.0.0 --port ${PORT:-8000} --workers 1 --limit-concurrency 100'",
            "uvicorn",
            1,
        ),
    ),
    "https://github.com/Eugeny/tabby-web": (
        Line(
            "/start.sh",
            "gunicorn",
            1,
            {},
            {
                "/start.sh": '#!/bin/sh\nif [[ -n "$DOCKERIZE_ARGS" ]]; then\n    dockerize $DOCKERIZE_ARGS\nfi\ncd /app\n/venv/*/bin/python ./manage.py migrate\nexec /venv/*/bin/gunicorn\n'
            },
        ),
    ),
    "https://github.com/FernandoMurashima/fernando": (
        Line(
            "/entrypoint.sh",
            "gunicorn",
            3,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\n\necho "Executing the container"\n\npython manage.py migrate\n\ngunicorn --bind :80 --workers 3 service.wsgi:application\n\n\nexec "$@"\n'
            },
        ),
    ),
    "https://github.com/Victorxxiv/THE24_Website": (
        Line(
            "/entrypoint.sh gunicorn --workers 3 THE24.wsgi:application",
            "gunicorn",
            3,
            {},
            {
                "/entrypoint.sh": '#!/bin/bash\n# entrypoint.sh\n\n# Run database migrations\npython manage.py migrate\n\n# Start the Gunicorn server\nexec "$@"\n'
            },
            added=True,
        ),
    ),
    "https://docs.gunicorn.org/en/stable/settings.html#workers": (
        Line(
            "/r.sh api",
            "gunicorn",
            8,
            {},
            {
                "/r.sh": '#!/bin/sh\n\nif [ "$1" == "api" ]; then\n    NPROC=$(grep -c ^processor /proc/cpuinfo 2>/dev/null || echo -n 1)\n    shift\n    exec gunicorn api:api -w ${GUNICORN_WORKERS:-$NPROC} -b 0.0.0.0 "$@"\nelif [ "$1" == "worker" ]; then\n    shift\n    exec python worker.py "$@"\nelse\n    cat <<EOF\nUnknown command $1\nUsage: (api|worker) [options]\nEOF\n    exit 1\nfi\n'
            },
        ),
        Line(
            "/r.sh api -w 3",
            "gunicorn",
            3,
            {},
            {
                "/r.sh": '#!/bin/sh\n\nif [ "$1" == "api" ]; then\n    NPROC=$(grep -c ^processor /proc/cpuinfo 2>/dev/null || echo -n 1)\n    shift\n    exec gunicorn api:api -w ${GUNICORN_WORKERS:-$NPROC} -b 0.0.0.0 "$@"\nelif [ "$1" == "worker" ]; then\n    shift\n    exec python worker.py "$@"\nelse\n    cat <<EOF\nUnknown command $1\nUsage: (api|worker) [options]\nEOF\n    exit 1\nfi\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            1,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -euo pipefail\nPORT=${PORT:-8000}\nWEB_CONCURRENCY=${WEB_CONCURRENCY:-1}\necho "Starting app with Gunicorn (workers=${WEB_CONCURRENCY}) on port ${PORT}"\nexec gunicorn -k uvicorn.workers.UvicornWorker \\\n  app.main:app \\\n  --bind 0.0.0.0:${PORT} \\\n  --workers "${WEB_CONCURRENCY}" \\\n  --timeout 120\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            2,
            {},
            {
                "/r.sh": '#!/usr/bin/env sh\nset -euo pipefail\n: "${WEB_CONCURRENCY:=2}"\nexec gunicorn \\\n  -k uvicorn.workers.UvicornWorker \\\n  -w "${WEB_CONCURRENCY}" \\\n  -b 0.0.0.0:8000 \\\n  app.main:app\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            17,
            {},
            {
                "/r.sh": '#!/usr/bin/env bash\nset -e\n# Use WEB_CONCURRENCY if set, otherwise auto-calc: (2 * CPU) + 1\nif [ -n "${WEB_CONCURRENCY}" ]; then\n  WORKERS="${WEB_CONCURRENCY}"\nelse\n  WORKERS=$(python -c "import multiprocessing as m; print(max(1, (m.cpu_count() * 2) + 1))")\nfi\nexec gunicorn \\\n  -k uvicorn.workers.UvicornWorker \\\n  --bind 0.0.0.0:80 \\\n  --workers "$WORKERS" \\\n  app.main:app\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            5,
            {"WEB_CONCURRENCY": "5"},
            {
                "/r.sh": '#!/usr/bin/env bash\nset -e\n# Use WEB_CONCURRENCY if set, otherwise auto-calc: (2 * CPU) + 1\nif [ -n "${WEB_CONCURRENCY}" ]; then\n  WORKERS="${WEB_CONCURRENCY}"\nelse\n  WORKERS=$(python -c "import multiprocessing as m; print(max(1, (m.cpu_count() * 2) + 1))")\nfi\nexec gunicorn \\\n  -k uvicorn.workers.UvicornWorker \\\n  --bind 0.0.0.0:80 \\\n  --workers "$WORKERS" \\\n  app.main:app\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            2,
            {},
            {
                "/r.sh": "#!/bin/bash\nset -e\npython - <<'PY'\nimport os, time\nimport redis\nfor _ in range(120):\n    try:\n        if r.ping():\n            break\n    except Exception:\n        time.sleep(1)\nPY\npython manage.py migrate --noinput\nexec gunicorn a:b -w 2\n"
            },
        ),
        Line(
            "poetry run gunicorn --bind 0.0.0.0:4242 --workers 1 --timeout 0 app.main:app -k uvicorn.workers.UvicornWorker",
            "gunicorn",
            1,
            added=True,
        ),
        Line(
            "/e.sh",
            "gunicorn",
            4,
            {},
            {
                "/e.sh": "#!/bin/sh\n#\n# Docker entrypoint script for django/web app in production.\n#\n\nset -e\n\npython ./manage.py migrate\nexec gunicorn -w 4 hsf.wsgi\n"
            },
        ),
        Line(
            "/e.sh",
            "gunicorn",
            1,
            {},
            {
                "/e.sh": '#!/usr/bin/env sh\nset -o errexit\necho "Running Django migrations."\n.venv/bin/python src/manage.py makemigrations --noinput\necho "Starting Gunicorn."\n.venv/bin/gunicorn project.wsgi\n'
            },
        ),
        Line(
            "gunicorn --chdir src config.wsgi:application --log-file - --timeout 120",
            "gunicorn",
            1,
            added=True,
        ),
        Line(
            "sh -c 'gunicorn wsgi:application --bind 0.0.0.0:${PORT:-8080} --timeout ${GUNICORN_TIMEOUT:-120} --workers ${WEB_CONCURRENCY:-2} --log-level info --access-logfile - --error-logfile -'",
            "gunicorn",
            2,
        ),
        Line(
            "/e.sh web",
            "gunicorn",
            4,
            {},
            {
                "/e.sh": '#!/bin/bash\ncase "$1" in\n    "web")\n        exec gunicorn MSDPT_BE.wsgi:application \\\n            --bind 0.0.0.0:8000 \\\n            --workers 4 \\\n            --worker-class gevent \\\n            --timeout 120 \\\n            --error-logfile /app/logs/gunicorn-error.log\n        ;;\n    "scheduler")\n        exec python manage.py run_scheduler\n        ;;\n    "celery")\n        exec celery -A MSDPT_BE worker -l info\n        ;;\n    *)\n        echo "Unknown command: $1"\n        exit 1\n        ;;\nesac\n'
            },
        ),
        Line(
            "/s.sh",
            "gunicorn",
            3,
            {"WORKERS": "3", "PORT": "80"},
            {
                "/s.sh": "#!/bin/bash\nservice nginx start\nexec gunicorn -k uvicorn.workers.UvicornWorker \\\n    --worker-tmp-dir /dev/shm \\\n    --preload \\\n    --threads 4 \\\n    --bind 0.0.0.0:${PORT} \\\n    --workers ${WORKERS} \\\n    --timeout 300 \\\n    app:app\n"
            },
        ),
    ),
    "https://github.com/jessamynsmith/django-celery-example": (
        Line(
            "sh -c 'gunicorn django_celery_example.wsgi:application -b 0.0.0.0:$PORT -w 5'",
            "gunicorn",
            5,
            {"PORT": "80"},
        ),
    ),
    "https://github.com/rcharp/parked": (
        Line(
            "gunicorn -c python:config.gunicorn --reload 'app.app:create_app()' --timeout 120",
            "gunicorn",
            1,
            added=True,
        ),
    ),
    "https://github.com/superdesk/fireq": (
        Line(
            "supervisord -c /s.conf",
            "supervisord",
            11,
            {},
            {
                "/s.conf": "[supervisord]\nnodaemon=true\n[program:rest]\ncommand=/bin/sh -c '. /env/bin/activate && exec gunicorn -b 0.0.0.0:5000 wsgi'\nautostart=true\n\n[program:wamp]\ncommand=/bin/sh -c '. /env/bin/activate && exec python -u ws.py'\nautostart=true\n\n[program:work]\ncommand=/bin/sh -c '. /env/bin/activate && exec celery -A worker worker --loglevel=DEBUG'\nuser=nobody\n\n[program:beat]\ncommand=/bin/sh -c '. /env/bin/activate && exec celery -A worker beat --loglevel=DEBUG --pid='\n"
            },
            added=True,
        ),
    ),
    "https://supervisord.org/configuration.html#program-x-section-settings": (
        Line(
            "/usr/bin/supervisord -n -c /s.conf",
            "supervisord",
            9,
            {},
            {
                "/s.conf": '[supervisord]\nnodaemon=true\n\n[program:gunicorn]\ncommand=gunicorn --bind 0.0.0.0:5097 app:app --timeout 300\ndirectory=/code\nuser=tts\n\n[program:celery]\ncommand=celery -A app.celery worker --loglevel=info --logfile=/data/logs/celery.log\ndirectory=/code\n\n[program:nginx]\ncommand=nginx -g "daemon off;"\n'
            },
            added=True,
        ),
        Line(
            "supervisord -c /s.conf",
            "supervisord",
            5,
            {},
            {
                "/s.conf": "[supervisord]\nnodaemon=true\n[program:gunicorn]\n# command=gunicorn --bind 0.0.0.0:5000 --worker-class=gevent --worker-connections=1000 --workers=3 run:app\ncommand=gunicorn -k geventwebsocket.gunicorn.workers.GeventWebSocketWorker --bind 0.0.0.0:5000 -w 1 run:app\nautostart=true\n\n# Celery worker daemon\n[program:celery]\ncommand=celery -A run.celery worker -l info -c 4 -n my_worker -E\n"
            },
            added=True,
        ),
        Line(
            "supervisord",
            "supervisord",
            2,
            {"PORT": "80"},
            {
                "/etc/supervisord.conf": "[supervisord]\nnodaemon=true\n\n[program:gunicorn]\ncommand=gunicorn --bind :%(ENV_PORT)s --worker-class sync --threads 1 --timeout 0 src.seer.app:app\ndirectory=/app\n\n; The celery worker program is disabled by default.\n[program:celeryworker]\ncommand=/app/celeryworker.sh\ndirectory=/app\nexitcodes=0\n",
                "/app/celeryworker.sh": '#!/bin/bash\nif [ "$CELERY_WORKER_ENABLE" = "true" ]; then\n  exec celery -A src.celery_app.tasks worker --loglevel=info --concurrency=4\nelse\n  exit 0\nfi\n',
            },
            added=True,
        ),
        Line(
            "supervisord -c /s.conf",
            "supervisord",
            13,
            {},
            {
                "/s.conf": "[supervisord]\nnodaemon=true\nuser=root\n\n[program:nginx]\ncommand=/usr/sbin/nginx -c /code/nginx.conf\n\n[program:gunicorn]\ncommand=/usr/local/bin/gunicorn artshowjockey.wsgi -w 4 -b 127.0.0.1:5000\ndirectory=/code\nuser=nobody\n\n[program:celery]\ncommand=/usr/local/bin/celery -A artshowjockey worker -l info\nuser=nobody\n\n[program:migrate]\ncommand=/usr/local/bin/python manage.py migrate\nstartsecs=0\nautorestart=false\n"
            },
            added=True,
        ),
        Line(
            "/run.sh",
            "supervisord",
            4,
            {},
            {
                "/run.sh": '#!/usr/bin/env bash\n# If the entrypoint is `workers`, run the celery worker.\nif [ "$ENTRYPOINT" = "workers" ]\nthen\n  echo Starting workers\n  celery worker -A tasks -l INFO\n\nelif [ -z "$ENTRYPOINT" ] || "$ENTRYPOINT" = "web" ]\nthen\n  echo Starting web\n  /usr/bin/supervisord -c /supervisord.conf\nelse\n  echo Error, cannot find entrypoint\nfi\n',
                "/supervisord.conf": "[supervisord]\nnodaemon=true\n[program:g]\ncommand=gunicorn -w 4 a:b\n",
            },
        ),
    ),
    "https://github.com/mralexsmith23/statshot.io": (
        Line(
            "/entrypoint.sh",
            "streamlit",
            1,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\nexec streamlit run app.py \\\n    --server.port="${PORT:-8501}" \\\n    --server.address=0.0.0.0 \\\n    --server.headless=true \\\n    --browser.gatherUsageStats=false\n'
            },
        ),
    ),
    "https://github.com/josephanya/fastapi-book-project": (
        Line(
            "/start.sh",
            "uvicorn",
            1,
            {},
            {
                "/start.sh": "#!/bin/bash\nuvicorn main:app --host 127.0.0.1 --port 8000 &  \nnginx -c /app/nginx.conf                         \n"
            },
        ),
    ),
    "https://github.com/trainML/regional-endpoint-example": (
        Line(
            "/start_endpoint.sh",
            "uvicorn",
            1,
            {},
            {
                "/start_endpoint.sh": "#!/bin/bash\n\nuvicorn api:app --host 0.0.0.0 --port 80 &\nenvsubst '${TRAINML_MODEL_PATH} ${PORT}' < $TRAINML_MODEL_PATH/nginx.template > /etc/nginx/nginx.conf\nnginx\n"
            },
        ),
    ),
    "https://github.com/alisharify7/gunicorn-uvicorn-nginx": (
        Line(
            "/start.sh",
            "gunicorn",
            4,
            {},
            {
                "/start.sh": '#!/bin/sh\n\nnginx -g "daemon off;" &\n\ngunicorn main:app \\\n    -k uvicorn.workers.UvicornWorker \\\n    --bind 0.0.0.0:8000 \\\n    --workers ${GUNICORN_WORKERS:-4} \\\n    --threads ${GUNICORN_THREADS:-2} \\\n    --timeout ${GUNICORN_TIMEOUT:-120}\n'
            },
        ),
    ),
    "https://github.com/yakimka/web_benchmarks": (
        Line(
            "/run_asgi.sh",
            "granian",
            1,
            {},
            {
                "/run_asgi.sh": "#!/usr/bin/env sh\n\ngranian server_asgi:app \\\n  --interface=asgi \\\n  --workers=${WEB_CONCURRENCY:-1} \\\n  --host=0.0.0.0 \\\n  --port=8000 \\\n  --loop=uvloop \\\n  --log-level=info \\\n  --no-access-log\n"
            },
        ),
    ),
    "https://github.com/krallin/tini#usage": (
        Line("/tini -s -- gunicorn '-w 1' '-b :5000' server:APP", "gunicorn", 1, added=True),
        Line(
            "/sbin/tini -- /app/docker-entrypoint.sh",
            "gunicorn",
            2,
            {"WORKERS": "2"},
            {
                "/app/docker-entrypoint.sh": '#!/bin/sh\nexec /sbin/tini -- venv/bin/gunicorn --bind=0.0.0.0:8000 "--workers=$WORKERS" --worker-tmp-dir=/dev/shm "$@" elg_service:app\n'
            },
        ),
        Line(
            "/e.sh gunicorn -w 3 a:b",
            "gunicorn",
            3,
            {},
            {
                "/e.sh": '#!/bin/sh\n\necho "Executing entrypoint.sh"\n\n./env.sh\n\n# tini is expected to be available\n/usr/bin/tini -- "$@"\n'
            },
        ),
    ),
    "https://github.com/SamR1/FitTrackee": (
        Line(
            "/run-workers.sh",
            "flask",
            2,
            {"WORKERS_PROCESSES": "2"},
            {
                "/run-workers.sh": "#!/bin/bash\nset -e\ncd /usr/src/app\n\nsource .env\n\nflask worker --processes=$WORKERS_PROCESSES >> dramatiq.log  2>&1\n"
            },
        ),
    ),
    "https://github.com/ukama/ukama": (
        Line(
            "/startup.sh",
            "gunicorn",
            4,
            {},
            {
                "/startup.sh": "#!/bin/bash\nconda run -n myenv gunicorn --bind 0.0.0.0:8000 -w 4 -k uvicorn.workers.UvicornWorker app.server:app\n"
            },
        ),
    ),
    "https://pixi.sh/latest/deployment/container/": (
        Line(
            "/bin/bash /shell-hook",
            "gunicorn",
            4,
            {},
            {
                "/shell-hook": 'export PATH="/app/.pixi/envs/prod/bin:$PATH"\nexport CONDA_PREFIX="/app/.pixi/envs/prod"\ngunicorn -w 4 docker_project:app --bind :8000\n'
            },
        ),
        Line(
            "/bin/bash /shell-hook.sh uvicorn app:app --workers 2",
            "uvicorn",
            2,
            {},
            {
                "/shell-hook.sh": 'export PATH="/app/.pixi/envs/prod/bin:$PATH"\nexport CONDA_PREFIX="/app/.pixi/envs/prod"\nsource "/app/.pixi/envs/prod/etc/conda/activate.d/libxml2_activate.sh"\nexec "$@"\n'
            },
        ),
    ),
    "https://github.com/0xadada/dockdj": (
        Line(
            "/start.sh",
            "honcho",
            4,
            {"ENV_NAME": "prod"},
            {
                "/start.sh": '#!/usr/bin/env bash\ncd /var/app\necho "start.sh: Starting honcho:"\nhoncho --procfile "environments/$ENV_NAME/Procfile" --env "environments/$ENV_NAME/.env" start\n',
                "/var/app/environments/prod/Procfile": "web: gunicorn -w 3 a:b\nworker: celery -A a worker -c 1\n",
            },
        ),
    ),
    "https://github.com/x2bjvhmmwg-gif/TestApp": (
        Line("uv run fastapi run main.py --host 0.0.0.0 --port 8000", "fastapi", 1, added=True),
    ),
    "https://github.com/fleblond07/slack-bot-daily-summary": (
        Line("uv run uvicorn server:app --host 0.0.0.0 --port 8000", "uvicorn", 1, added=True),
    ),
    "https://github.com/MinimalCompact/thumbor": (
        Line(
            "circusd /c.ini",
            "circusd",
            8,
            {},
            {
                "/c.ini": "[watcher:thumbor]\ncmd = python\nargs = -m thumbor/server --conf=/app/thumbor.conf --fd $(circus.sockets.thumbor)\nnumprocesses = 8\nuse_sockets = True\nworking_dir = /app\n\n[socket:thumbor]\nhost = 0.0.0.0\nport = 80\n"
            },
            added=True,
        ),
    ),
    "https://github.com/unistra/pydiploy": (
        Line(
            "circusd /c.ini",
            "circusd",
            3,
            {},
            {
                "/c.ini": "[watcher:app]\ncmd = /venv/bin/chaussette --fd $(circus.sockets.app) root.wsgi.application\ncopy_env = 1\nnumprocesses = 3\nuse_sockets = 1\n\n[socket:app]\nhost = h\nport = 1\n"
            },
            added=True,
        ),
    ),
    "https://github.com/domestique/demotime": (
        Line(
            "/startup.sh",
            "uwsgi",
            4,
            {},
            {
                "/startup.sh": '#! /bin/bash\n../wait_for_it.sh db:5432\npython3 manage.py migrate --noinput\npython3 manage.py collectstatic --noinput\nuwsgi --ini /u.ini --daemonize /var/log/uwsgi/dt.log \nnginx -g "daemon off;"\n',
                "/u.ini": "[uwsgi]\nmaster = true\nprocesses = 4\nmodule = x\n",
            },
        ),
    ),
    "https://github.com/django/daphne#running": (
        Line(
            "/r.sh",
            "daphne",
            1,
            {"USE_DAPHNE": "1"},
            {
                "/r.sh": '#!/bin/bash\nset -e\nif [ -n "$POSTGRES_HOST" ]; then\n  while ! nc -z $POSTGRES_HOST $POSTGRES_PORT; do\n    sleep 1\n  done\nfi\npython manage.py migrate --noinput\nif [ "$USE_DAPHNE" = "1" ]; then\n  exec daphne -b 0.0.0.0 -p 8000 config.asgi:application\nelse\n  exec gunicorn config.wsgi:application --bind 0.0.0.0:8000 --workers 3\nfi\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            3,
            {"POSTGRES_HOST": "h"},
            {
                "/r.sh": '#!/bin/bash\nset -e\nif [ -n "$POSTGRES_HOST" ]; then\n  while ! nc -z $POSTGRES_HOST $POSTGRES_PORT; do\n    sleep 1\n  done\nfi\npython manage.py migrate --noinput\nif [ "$USE_DAPHNE" = "1" ]; then\n  exec daphne -b 0.0.0.0 -p 8000 config.asgi:application\nelse\n  exec gunicorn config.wsgi:application --bind 0.0.0.0:8000 --workers 3\nfi\n'
            },
        ),
    ),
    "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#processes": (
        Line(
            "/r.sh",
            "uwsgi",
            2,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -e;\nUWSGI_HOST="${VARIABLE:-0.0.0.0}"\nUWSGI_PORT="${VARIABLE:-5000}"\ncd /app\nuwsgi --master \\\n      --socket "$UWSGI_HOST:$UWSGI_PORT" \\\n      --manage-script-name \\\n      --mount /=sfb.main_flask:app \\\n      --processes 2\n'
            },
        ),
        Line(
            "uwsgi --ini /docker/uwsgi.ini",
            "uwsgi",
            8,
            {},
            {
                "/docker/uwsgi.ini": "; SPDX-FileCopyrightText: 2025\n; uwsgi configuration for Docker image, see Dockerfile\n[uwsgi]\n; Flask app\nwsgi-file = home_stream/wsgi.py\ncallable = app\npyargv=/app/config.yaml\nhttp = 0.0.0.0:8000\nmaster = true\nprocesses = 8\nharakiri = 600\nlazy-apps = true\n"
            },
            added=True,
        ),
    ),
    "https://github.com/HelloLily/hellolily": (
        Line(
            "bin/start-pgbouncer daphne lily.asgi:channel_layer --port 80 --bind 0.0.0.0 --http-timeout 28",
            "daphne",
            1,
            certain=False,
        ),
    ),
    "https://github.com/painteau/whisper-flask": (
        Line("gunicorn -b 0.0.0.0:5632 --timeout 1200 app:app", "gunicorn", 1, added=True),
    ),
    "https://github.com/Georgeye458/poke-arbitrage": (
        Line(
            "sh -c 'gunicorn app.main:app -w 4 -k uvicorn.workers.UvicornWorker --bind 0.0.0.0:$PORT'",
            "gunicorn",
            4,
            {"PORT": "80"},
        ),
    ),
    "https://github.com/conway5400/KansasCityFIFA-Signup": (
        Line(
            "sh -c 'gunicorn --bind 0.0.0.0:$PORT --workers 4 --worker-class gthread --threads 2 --timeout 120 --keep-alive 5 --access-logfile - --error-logfile - \"app:create_app()\"'",
            "gunicorn",
            4,
            {"PORT": "80"},
        ),
    ),
    "https://github.com/rajeshjsl/ffmpeg-api": (
        Line(
            "/r.sh",
            "gunicorn",
            3,
            {"WORKERS": "3", "THREADS": "2", "TIMEOUT": "9"},
            {
                "/r.sh": '#!/bin/bash\nexec gunicorn \\\n    --workers "${WORKERS}" \\\n    --threads "${THREADS}" \\\n    --timeout "${TIMEOUT}" \\\n    --bind 0.0.0.0:8000 \\\n    "app:app"\n'
            },
        ),
    ),
    "https://github.com/alchemyid/thumb3": (
        Line(
            "/r.sh",
            "gunicorn",
            2,
            {},
            {
                "/r.sh": "#!/bin/bash\nexport PATH=\"$PATH:/opt/.local/bin\"\ngunicorn --chdir /opt -w 2 --threads 8 -b 0.0.0.0:8000 --timeout 120 --access-logfile '-' 'app:http()'\n"
            },
        ),
    ),
    "https://github.com/netcaty/fs-fav": (
        Line(
            "/r.sh",
            "gunicorn",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\ngunicorn --bind 0.0.0.0:${PORT:-8000} --workers ${GUNICORN_WORKERS:-4} app:app\n"
            },
        ),
    ),
    "https://docs.gunicorn.org/en/stable/design.html#how-many-workers": (
        Line(
            "/r.sh",
            "gunicorn",
            8,
            {},
            {
                "/r.sh": '#!/bin/bash\nW=$(python3 -c "import os; print(min(12, os.cpu_count()))")\nexec gunicorn -w $W a:b\n'
            },
        ),
        Line(
            "/r.sh",
            "gunicorn",
            4,
            {},
            {
                "/r.sh": '#!/bin/bash\nW=$(python3 -c "import os; print(int(os.cpu_count() / 2))")\nexec gunicorn -w $W a:b\n'
            },
        ),
        Line("/r.sh", "gunicorn", 3, {}, {"/r.sh": "#!/bin/bash\n((X=1,Y=2))\nexec gunicorn -w 3 a:b\n"}),
    ),
}
