"""Command lines as people write them, with their sources and the number of processes that compute.

The machine has 8 CPUs, a core each; EACH is one process for each of them. `name` is the row that is found,
"" for none. A line of several words in quotes is one for a shell. Files are what the line's paths lead to.
"""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from typing import NamedTuple

EACH = 8
NONE = ""


class Line(NamedTuple):
    """A command line and what is known of it."""

    line: str
    name: str
    processes: int
    environ: dict[str, str] = {}  # noqa: RUF012  # never written to
    files: dict[str, str] = {}  # noqa: RUF012
    certain: bool = True  # nothing unknown stands before it
    added: bool = False  # arguments can be added


SOURCES: dict[str, tuple[Line, ...]] = {
    # Servers of the web
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
        Line("fastapi dev main.py --workers 4", NONE, 1, added=True),
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
    ),
    "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html": (
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
    ),
    # Queues
    "https://docs.celeryq.dev/en/stable/userguide/workers.html": (
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
        Line("celery -A proj beat -l info", NONE, 1, added=True),
        Line("celery -A proj flower --port=5555", NONE, 1, added=True),
        Line(
            "python -m celery -A proj worker", "celery", 2, {"CELERY_WORKER_CONCURRENCY": "2"}, added=True
        ),
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
        Line("airflow db migrate", NONE, 1, added=True),
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
    # Servers of models
    "https://github.com/pytorch/serve/blob/master/docker/README.md": (
        Line("torchserve --start --ncs --model-store /models", "torchserve", EACH, added=True),
        Line(
            "/usr/local/bin/dockerd-entrypoint.sh serve",
            "torchserve",
            EACH,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.sh": "#!/bin/bash\nset -e\nshift 1\n"
                "torchserve --start --ts-config /x/config.properties\ntail -f /dev/null\n"
            },
        ),
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
    "https://github.com/awslabs/multi-model-server/blob/master/docker/README.md": (
        Line("multi-model-server --start --models m=x.mar", "multi-model-server", EACH, added=True),
    ),
    "https://github.com/aws/sagemaker-inference-toolkit": (
        Line(
            "serve",
            "serve",
            EACH,
            {},
            {"/usr/local/bin/serve": "#!/usr/bin/python3\nfrom sagemaker_inference import x\n"},
            added=True,
        ),
        Line("serve", "serve", 2, {"SAGEMAKER_MODEL_SERVER_WORKERS": "2"}, added=True),
        Line("serve", NONE, 1, added=True),
        Line(
            "serve",
            NONE,
            1,
            {},
            {"/usr/local/bin/serve": "#!/usr/bin/python3\nfrom ray.serve.scripts import cli\n"},
            added=True,
        ),
        Line(
            "serve",
            "serve",
            EACH,
            {"SAGEMAKER_MULTI_MODEL": "true", "SAGEMAKER_TFS_VERSION": "2.20", "SAGEMAKER_PROGRAM": "x"},
            added=True,
        ),
        Line(
            "serve",
            "serve",
            1,
            {"SAGEMAKER_MULTI_MODEL": "false", "SAGEMAKER_TFS_VERSION": "2.20"},
            added=True,
        ),
        Line("serve run app:app", "serve", EACH, added=True),
        Line(
            "python /usr/local/bin/dockerd-entrypoint.py serve",
            "serve",
            EACH,
            {},
            {
                "/usr/local/bin/dockerd-entrypoint.py": "import shlex, subprocess, sys\nif sys.argv[1] == 'serve':\n"
                "    from sagemaker_x import serving\n    serving.main()\n"
                "else:\n    subprocess.check_call(shlex.split(' '.join(sys.argv[1:])))\n"
            },
            added=True,
        ),
        Line("bash -m start_with_right_hostname.sh gunicorn -w 3 app:app", "gunicorn", 3, added=True),
    ),
    "https://github.com/aws/deep-learning-containers/tree/main/scripts/docker": (
        Line(
            "/usr/bin/serve --model /m.gguf",
            "llama-server",
            1,
            {},
            {
                "/usr/bin/serve": "#!/bin/bash\nbash /x/telemetry.sh >/dev/null 2>&1 || true\nKEY=()\n"
                'if [ -n "${LLAMA_API_KEY:-}" ]; then\n  KEY=(--api-key "${LLAMA_API_KEY}")\nfi\n'
                'exec llama-server --host 0.0.0.0 --port 8080 "${KEY[@]}" "$@"\n'
            },
        ),
        Line(
            "/usr/bin/serve serve",
            "llama-server",
            1,
            {},
            {
                "/usr/bin/serve": "#!/bin/bash\nset -euo pipefail\nARGS=()\nwhile IFS='=' read -r key value; do\n"
                '  case "${key}" in\n    "${P}MODEL"|"${P}PORT") continue ;;\n  esac\n  ARGS+=("--${key}")\n'
                "done < <(env | grep '^P_' || true)\nllama-server --port 8081 \"${ARGS[@]}\" &\nPID=$!\n"
                'stop() { kill "${PID}"; }\ntrap stop EXIT\nenvsubst <a >b\nexec nginx -g "daemon off;"\n'
            },
        ),
        Line(
            "/usr/bin/serve",
            "sglang",
            2,
            {},
            {"/usr/bin/serve": '#!/bin/bash\npython3 -m sglang.launch_server --tp 2 "$@"\n'},
        ),
        Line(
            "/usr/local/bin/dockerd_entrypoint.sh --model m --tensor-parallel-size 4",
            "vllm",
            4,
            {},
            {"/usr/local/bin/dockerd_entrypoint.sh": '#!/bin/bash\nbash /x.sh || true\nvllm serve "$@"\n'},
        ),
        Line(
            "/usr/local/bin/sagemaker_entrypoint.sh",
            "vllm",
            1,
            {},
            {
                "/usr/local/bin/sagemaker_entrypoint.sh": "#!/bin/bash\nFILE=$(mktemp)\ntrap 'rm -f x' EXIT\n"
                'if ! python3 args.py >"${FILE}"; then\n  exit 1\nfi\nARGS=()\n'
                'while IFS= read -r -d \'\' token; do\n  ARGS+=("${token}")\ndone <"${FILE}"\n'
                'exec standard-supervisor python3 -m vllm.entrypoints.openai.api_server "${ARGS[@]}"\n'
            },
        ),
        Line(
            "/usr/local/bin/sagemaker_entrypoint.sh serve",
            "ray",
            EACH,
            {},
            {
                "/usr/local/bin/sagemaker_entrypoint.sh": '#!/bin/bash\nset -e\nif [ "$1" = "serve" ]; then\n'
                "  ray start --head --port=6379 --num-gpus=${N}\n  sleep 5\n  serve start --http-port=8000\n"
                "  if [ -f /c.yaml ]; then\n    serve run /c.yaml &\n  else\n    exit 1\n  fi\n"
                "  for i in {1..30}; do\n    if curl -s x; then\n      break\n    fi\n  done\n"
                '  python /app/serve.py\nelse\n  exec "$@"\nfi\n'
            },
        ),
        Line(
            "./entrypoint.sh",
            "text-embeddings-router",
            1,
            {"ID": "m"},
            {
                "/entrypoint.sh": '#!/bin/bash\nif [[ -z "${ID}" ]]; then\n  exit 1\nfi\nexec text-embeddings-router --port 80\n'
            },
        ),
        Line(
            "bash -m /usr/local/bin/dockerd_entrypoint.sh /usr/local/bin/tf_serving_entrypoint.sh --port=1",
            "tf_serving_entrypoint.sh",
            1,
            added=True,
        ),
        Line(
            "/usr/local/bin/entrypoint.sh tensorflow_model_server --port=8500",
            "tensorflow_model_server",
            1,
            {},
            {"/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nexec "$@"\n'},
            added=True,
        ),
        Line(
            "/usr/local/bin/entrypoint.sh torchrun --nproc-per-node 4 train.py",
            "torchrun",
            4,
            {},
            {
                "/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nif [ -f x ]; then\n  export A=b\nfi\nexec "$@"\n'
            },
            added=True,
        ),
    ),
    "https://docs.vllm.ai/en/latest/deployment/docker.html": (
        Line("vllm serve mistralai/Mistral-7B-v0.1", "vllm", 1, added=True),
        Line("vllm serve m --tensor_parallel_size 4", "vllm", 4, added=True),
        Line("python3 -m vllm.entrypoints.openai.api_server --model m -tp 2 -pp 2", "vllm", 4, added=True),
        Line(
            "python -m vllm.entrypoints.api_server --model m --tensor-parallel-size=8",
            "vllm",
            8,
            added=True,
        ),
        Line("vllm serve m --data-parallel-size 2 --tensor-parallel-size 2", "vllm", 4, added=True),
    ),
    "https://docs.sglang.ai/get_started/install.html": (
        Line("python3 -m sglang.launch_server --model-path m --tp 2 --dp 2", "sglang", 4, added=True),
        Line("sglang serve --model-path m --tp-size 2", "sglang", 2, added=True),
    ),
    "https://huggingface.co/docs/text-generation-inference/quicktour": (
        Line(
            "text-generation-launcher --model-id m --num-shard 2", "text-generation-launcher", 2, added=True
        ),
        Line(
            "text-generation-launcher --model-id m",
            "text-generation-launcher",
            4,
            {"NUM_SHARD": "4"},
            added=True,
        ),
        Line(
            "text-generation-launcher --sharded false",
            "text-generation-launcher",
            1,
            {"NUM_SHARD": "4"},
            added=True,
        ),
        Line("text-embeddings-router --model-id m", "text-embeddings-router", 1, added=True),
    ),
    "https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh tritonserver --model-repository=/m",
            "tritonserver",
            1,
            added=True,
        ),
        Line("mpirun --allow-run-as-root -n 2 tritonserver --model-repository=/m", "mpirun", 2, added=True),
        Line("trtllm-serve m --tp_size 4", "trtllm-serve", 4, added=True),
    ),
    "https://docs.bentoml.com/en/latest/": (
        Line("bentoml serve service:svc --api-workers 4", "bentoml", 1, added=True),
        Line("bentoml serve .", "bentoml", 1, added=True),
    ),
    "https://mlserver.readthedocs.io/en/latest/": (
        Line("mlserver start /models", "mlserver", 4, {"MLSERVER_PARALLEL_WORKERS": "4"}, added=True),
        Line("mlserver start .", "mlserver", 1, added=True),
        Line("mlserver infer -m x", NONE, 1, added=True),
    ),
    "https://mlflow.org/docs/latest/cli.html": (
        Line("mlflow models serve -m models:/x/1 -h 0.0.0.0 -w 3", "mlflow", 3, added=True),
        Line("mlflow server --host 0.0.0.0", "mlflow", 4, added=True),
        Line("mlflow server --workers 2 --host 0.0.0.0", "mlflow", 2, added=True),
        Line("mlflow run . -P alpha=0.5", NONE, 1, added=True),
    ),
    "https://docs.seldon.io/projects/seldon-core/en/latest/python/python_server.html": (
        Line(
            "seldon-core-microservice Model --service-type MODEL",
            "seldon-core-microservice",
            2,
            {"GUNICORN_WORKERS": "2"},
            added=True,
        ),
        Line("seldon-core-microservice Model --workers 3", "seldon-core-microservice", 3, added=True),
        Line(
            "sh -c 'exec seldon-core-microservice $MODEL_NAME --service-type $SERVICE_TYPE'",
            "seldon-core-microservice",
            4,
        ),
    ),
    "https://kserve.github.io/website/docs/": (
        Line("python -m huggingfaceserver --model_name=m --workers=2", "kserve", 2, added=True),
        Line("python -m sklearnserver --model_dir /m", "kserve", 1, added=True),
    ),
    "https://learn.microsoft.com/azure/machine-learning/how-to-inference-server-http": (
        Line("azmlinfsrv --entry_script score.py", "azmlinfsrv", 3, {"WORKER_COUNT": "3"}, added=True),
        Line("runsvdir /var/runit", NONE, 1, added=True),
    ),
    "https://docs.litellm.ai/docs/proxy/deploy": (
        Line("litellm --config c.yaml --port 4000 --num_workers 8", "litellm", 8, added=True),
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
    # Jobs
    "https://docs.pytorch.org/docs/stable/elastic/run.html": (
        Line(
            "torchrun --standalone --nnodes=1 --nproc-per-node=4 train.py --nproc-per-node 2",
            "torchrun",
            4,
            added=True,
        ),
        Line("torchrun --nproc_per_node 4 -m pkg.train -w 3", "torchrun", 4, added=True),
        Line(
            "torchrun --nnodes=2 --nproc_per_node=2 --rdzv_id=1 --rdzv_endpoint=h:1 t.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun --nproc-per-node=cpu train.py", "torchrun", EACH, added=True),
        Line("torchrun --nproc_per_node=auto train.py", "torchrun", EACH, added=True),
        Line(
            "torchrun --nproc_per_node=gpu train.py",
            "torchrun",
            2,
            {"CUDA_VISIBLE_DEVICES": "0,1"},
            added=True,
        ),
        Line(
            "python -m torch.distributed.launch --nproc_per_node=2 --use_env t.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun train.py", "torchrun", 3, {"PET_NPROC_PER_NODE": "3"}, added=True),
    ),
    "https://huggingface.co/docs/accelerate/basic_tutorials/launch": (
        Line(
            "accelerate launch --num_processes 2 --cpu train.py --num_processes 4",
            "accelerate",
            1,
            added=True,
        ),
        Line(
            "accelerate launch --multi_gpu --num-processes=4 --mixed_precision fp16 t.py",
            "accelerate",
            4,
            added=True,
        ),
        Line(
            "accelerate launch --num_machines 2 --num_processes 8 --machine_rank 0 t.py",
            "accelerate",
            4,
            added=True,
        ),
        Line("accelerate-launch --num_processes=3 t.py", "accelerate-launch", 3, added=True),
        Line(
            "python -m accelerate.commands.launch --num_processes=2 t.py",
            "accelerate-launch",
            2,
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            4,
            {},
            {
                "/c.yaml": "compute_environment: LOCAL_MACHINE\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch t.py",
            "accelerate",
            3,
            {"HOME": "/root"},
            {"/root/.cache/huggingface/accelerate/default_config.yaml": "num_processes: 3\n"},
            added=True,
        ),
        Line("accelerate config", NONE, 1, added=True),
    ),
    "https://www.deepspeed.ai/getting-started/": (
        Line("deepspeed --num_gpus=2 train.py --deepspeed", "deepspeed", 2, added=True),
        Line(
            "deepspeed train.py --num_gpus 8",
            "deepspeed",
            4,
            {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
            added=True,
        ),
    ),
    "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html": (
        Line("mpirun -np 4 python train.py -n 8", "mpirun", 4, added=True),
        Line(
            "mpirun --allow-run-as-root -np 2 -H localhost:2 -bind-to none -x PATH a.out",
            "mpirun",
            2,
            added=True,
        ),
        Line("mpirun -np 16 -npernode 8 python t.py", "mpirun", 8, added=True),
        Line("mpirun -N 8 python t.py", "mpirun", 8, added=True),
        Line("mpirun --map-by ppr:8:node -np 16 python t.py", "mpirun", 8, added=True),
        Line("mpirun -nolocal python t.py", "mpirun", EACH, added=True),
        Line("mpirun -np 1 a.out : -np 3 b.out", "mpirun", 4, added=True),
        Line("mpiexec.hydra -n 16 -ppn 8 ./a.out", "mpiexec.hydra", 8, added=True),
        Line("mpiexec -n 4 ./a.out", "mpiexec", 4, added=True),
        Line("horovodrun -np 4 -H localhost:4 python t.py", "horovodrun", 4, added=True),
        Line("srun -n 8 -N 2 python t.py", "srun", 4, added=True),
        Line("srun --ntasks-per-node=4 -N 2 python t.py", "srun", 4, added=True),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html": (
        Line("ray start --head --port=6379 --block", "ray", EACH, added=True),
        Line("ray status", NONE, 1, added=True),
        Line("/bin/bash -lc -- 'ulimit -n 65536; ray start --head --block'", "ray", EACH),
    ),
    "https://docs.dask.org/en/stable/deploying-cli.html": (
        Line("dask worker tcp://s:8786 --nworkers 4 --nthreads 2", "dask", 4, added=True),
        Line("dask worker tcp://s:8786 --nworkers=-1", "dask", EACH, added=True),
        Line("dask worker tcp://s:8786 --nworkers -2", "dask", 7, added=True),
        Line("dask worker tcp://s:8786 --nworkers auto", "dask", EACH, added=True),
        Line("dask-worker tcp://s:8786", "dask-worker", 1, added=True),
        Line("dask scheduler", NONE, 1, added=True),
        Line(
            "tini -g -- /usr/bin/prepare.sh dask worker s:8786 --nworkers 2",
            "dask",
            2,
            {},
            {
                "/usr/bin/prepare.sh": '#!/bin/bash\nset -x\nif [ "$X" ]; then\n  apt install -y $X\nfi\n"$@"\n'
            },
            added=True,
        ),
    ),
    "https://spark.apache.org/docs/latest/submitting-applications.html": (
        Line("spark-submit --master local[4] app.py 1000", "spark-submit", 4, added=True),
        Line("spark-submit --master 'local[*]' app.py", "spark-submit", EACH, added=True),
        Line("spark-submit --master yarn --deploy-mode cluster app.py", "spark-submit", 1, added=True),
        Line("spark-submit --master k8s://https://h:443 app.py", "spark-submit", 1, added=True),
    ),
    "https://pytest-xdist.readthedocs.io/en/stable/distribution.html": (
        Line("pytest -n 4", "pytest", 4, added=True),
        Line("pytest -n auto tests", "pytest", EACH, added=True),
        Line("pytest -nlogical", "pytest", 1, added=True),
        Line("python -m pytest --numprocesses=3", "pytest", 3, added=True),
        Line("pytest", "pytest", 2, {"PYTEST_ADDOPTS": "-q -n 2"}, added=True),
        Line("pytest -q tests", "pytest", 1, added=True),
    ),
    "https://docs.locust.io/en/stable/running-distributed.html": (
        Line("locust -f l.py --processes 4", "locust", 4, added=True),
        Line("locust -f l.py --processes -1", "locust", EACH, added=True),
    ),
    "https://docs.julialang.org/en/v1/manual/distributed-computing/": (
        Line("julia -p 4 x.jl -p 2", "julia", 4, added=True),
        Line("julia -p auto x.jl", "julia", EACH, added=True),
        Line("Rscript x.R", "Rscript", 1, added=True),
        Line("R --vanilla -f x.R", "R", 1, added=True),
    ),
    # What starts others
    "https://docs.astral.sh/uv/guides/integration/docker/": (
        Line("uv run gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("uv run --no-sync --frozen -- uvicorn app:app --workers 2", "uvicorn", 2, added=True),
        Line("uv run --with x --python 3.12 python -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("uv run -m gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("uvx gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("uv tool run --from gunicorn gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("uv pip install gunicorn -w 4", NONE, 1, added=False),
        Line("uv run train.py --workers 4", NONE, 1, added=True),
    ),
    "https://python-poetry.org/docs/cli/#run": (
        Line("poetry run gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("poetry -C /app run celery -A x worker -c 2", "celery", 2, added=True),
        Line("poetry add gunicorn", NONE, 1),
        Line("pipenv run python -m uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("pdm run -p /app gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("hatch -e prod run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("rye run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
    ),
    "https://docs.conda.io/projects/conda/en/latest/commands/run.html": (
        Line("conda run --no-capture-output -n env gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("conda run --live-stream -p /env python train.py", NONE, 1, added=True),
        Line("micromamba run -n base torchrun --nproc-per-node 2 t.py", "torchrun", 2, added=True),
        Line("mamba run gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("pixi run -e prod gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("conda install gunicorn", NONE, 1),
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
        Line("python -m coverage run --source x -m pytest -n 2", "pytest", 2, added=True),
        Line("memray run -o o.bin -m uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line(
            "python -m debugpy --listen 0.0.0.0:5678 -m uvicorn a:b --workers 2", "uvicorn", 2, added=True
        ),
        Line("python -m cProfile -o x -m gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("dotenv -f .env run -- gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("doppler run -- gunicorn -w 3 a:b", "gunicorn", 3, added=True),
        Line("doppler run --command 'gunicorn -w 3 a:b'", "gunicorn", 3),
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
        Line("wait-for db:5432 -- celery -A x worker -c 2", "celery", 2, added=True),
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
        Line("env A=b python x.py -S 'gunicorn -w 4'", NONE, 1, added=True),
        Line("flock -n /lock gunicorn -w 4 a:b", "gunicorn", 4, added=True),
        Line("flock /lock -c 'gunicorn -w 4 a:b'", "gunicorn", 4),
        Line(
            "watchmedo auto-restart -d . -p '*.py' -R -- celery -A x worker -c 2", "celery", 2, added=True
        ),
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
    ),
    # Lines for a shell
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
        Line("sh -c 'celery -A x worker -c 2 & celery -A x beat & wait'", "celery", 2),
        Line("sh -c 'nginx && gunicorn -w 3 a:b'", "gunicorn", 3),
        Line("sh -c 'gunicorn -w 3 a:b || exit 1'", "gunicorn", 3),
        Line("sh -c 'until nc -z db 5432; do sleep 1; done; gunicorn -w 3 a:b'", "gunicorn", 3),
        Line("sh -c 'python train.py --workers 4'", NONE, 1),
        Line("sh -c 'echo gunicorn -w 4; python train.py'", NONE, 1),
        Line("sh -c 'REMAP_SIGTERM=SIGQUIT celery -A x worker'", "celery", EACH),
        Line("sh -c 'gunicorn -w $(nproc) a:b'", "gunicorn", EACH),
        Line('/bin/sh -c "mpirun -np 4 python t.py"', "mpirun", 4),
    ),
    "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/": (
        Line(
            "/bin/bash -c 'if [ -n \"$PREFORK\" ]; then exec gunicorn -w 4 a:b; else exec gunicorn -w 2 a:b; fi'",
            "gunicorn",
            2,
        ),
        Line("/bin/bash -c 'trap : TERM INT; gunicorn -w 2 a:b & wait'", "gunicorn", 2),
    ),
    # Entry scripts that nobody knows
    "https://docs.docker.com/build/building/best-practices/#entrypoint": (
        Line("/docker-entrypoint.sh gunicorn -w 4 a:b", "gunicorn", 4, certain=False),
        Line("docker-entrypoint.sh celery -A x worker", "celery", EACH, certain=False),
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
            "/entrypoint.sh celery_worker",
            "celery",
            EACH,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\ncase "$1" in\n    "web")\n        python manage.py runserver\n        ;;\n'
                '    "celery_worker")\n        celery -A x worker\n        ;;\n    *)\n        exec "$@"\n        ;;\nesac\n'
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
            "/entrypoint.sh python train.py --workers 4",
            NONE,
            1,
            {},
            {"/entrypoint.sh": '#!/bin/sh\nexec "$@"\n'},
            added=True,
        ),
        Line(
            "/report.sh gunicorn -w 4 a:b",
            NONE,
            1,
            {},
            {"/report.sh": "#!/bin/sh\npython make_report.py\n"},
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
    # Data, and programs of the user's
    "https://www.gnu.org/software/coreutils/manual/": (
        Line("grep gunicorn file", NONE, 1, added=True),
        Line("grep -r gunicorn -w 4 a:b", NONE, 1, added=True),
        Line("cat uvicorn", NONE, 1, added=True),
        Line("ls celery worker", NONE, 1, added=True),
        Line("find / -name gunicorn -w 4", NONE, 1, added=True),
        Line("echo torchrun --nproc-per-node 4 x.py", NONE, 1, added=True),
        Line("pip install gunicorn uvicorn celery worker", NONE, 1, added=True),
        Line("apt-get install -y uwsgi --processes 4", NONE, 1, added=True),
        Line("pkill gunicorn -w 4", NONE, 1, added=True),
        Line("python train.py --workers 4", NONE, 1, added=True),
        Line("python train.py gunicorn -w 4 a:b", NONE, 1, added=True),
        Line("python train.py --server gunicorn --workers 4", NONE, 1, added=True),
        Line("./train --backend gunicorn --workers 4", NONE, 1, added=True),
        Line("./bench --engine vllm --tensor-parallel-size 8", NONE, 1, added=True),
        Line("./train --launcher torchrun --nproc-per-node 8", NONE, 1, added=True),
        Line("./compare gunicorn", NONE, 1, added=True),
        Line("python -c 'import gunicorn' -w 4", NONE, 1, added=True),
        Line("node server.js --workers 4", "node", 1, added=True),
        Line("java -jar gunicorn.jar -w 4", "java", 1, added=True),
        Line("bash", NONE, 1),
        Line("python", NONE, 1, added=True),
        Line("sleep infinity", NONE, 1, added=True),
    ),
    # As written in images, charts and manuals, with several of a command at a time
    "https://huggingface.co/docs/text-generation-inference/reference/launcher#numshard": (
        Line(
            "text-generation-launcher --model-id bigscience/bloom --num-shard 2",
            "text-generation-launcher",
            2,
            added=True,
        ),
    ),
    "https://github.com/huggingface/text-generation-inference/blob/main/tgi-entrypoint.sh": (
        Line(
            "/tgi-entrypoint.sh --json-output --model-id x",
            "text-generation-launcher",
            1,
            {},
            {
                "/tgi-entrypoint.sh": "#!/bin/bash\n\nldconfig 2>/dev/null || echo 'no ldconfig'\n\nsource ./.venv/bin/activate\n\nexec text-generation-launcher $@\n"
            },
        ),
    ),
    "https://github.com/huggingface/text-embeddings-inference#cpu": (
        Line(
            "/bin/sh -c 'apt-get update && apt-get install -y curl && text-embeddings-router --json-output --model-id BAAI/bge --auto-truncate'",
            "text-embeddings-router",
            1,
        ),
    ),
    "https://github.com/kserve/kserve/blob/master/config/runtimes/kserve-tritonserver.yaml": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh tritonserver --model-store=/mnt/models --grpc-port=9000 --http-port=8080",
            "tritonserver",
            1,
            added=True,
        ),
    ),
    "https://github.com/triton-inference-server/tensorrtllm_backend/blob/main/scripts/launch_triton_server.py": (
        Line(
            "mpirun --allow-run-as-root -n 1 /opt/tritonserver/bin/tritonserver --model-repository=/m : -n 1 /opt/tritonserver/bin/tritonserver --model-repository=/m",
            "mpirun",
            2,
            added=True,
        ),
    ),
    "https://github.com/SeldonIO/MLServer/blob/master/Dockerfile": (
        Line(
            "/bin/sh -c '. $CONDA_PATH/etc/profile.d/conda.sh && source ./hack/activate-env.sh $MLSERVER_ENV_TARBALL && mlserver start $MLSERVER_MODELS_DIR'",
            "mlserver",
            1,
            {"CONDA_PATH": "/opt/conda", "MLSERVER_MODELS_DIR": "/mnt/models"},
        ),
    ),
    "https://github.com/SeldonIO/seldon-core/blob/master/wrappers/s2i/python/s2i/bin/run": (
        Line(
            "/bin/sh -c 'exec seldon-core-microservice $MODEL_NAME --service-type $SERVICE_TYPE'",
            "seldon-core-microservice",
            4,
            {"MODEL_NAME": "M", "SERVICE_TYPE": "MODEL"},
        ),
    ),
    "https://github.com/kserve/kserve/blob/master/python/sklearnserver/README.md": (
        Line(
            "python -m sklearnserver --model_name=sklearn-iris --model_dir=/mnt/models --http_port=8080 --workers=2",
            "kserve",
            2,
            added=True,
        ),
    ),
    "https://docs.ray.io/en/latest/serve/api/index.html#serve-run": (
        Line("serve run --host 0.0.0.0 app:deployment", "serve", EACH, added=True),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html#ray-start": (
        Line("ray start --head --num-cpus=4 --block", "ray", 4, added=True),
    ),
    "https://github.com/apache/superset/blob/master/helm/superset/values.yaml": (
        Line(
            "/bin/sh -c '. /app/pythonpath/superset_bootstrap.sh; celery --app=superset.tasks.celery_app:app worker'",
            "celery",
            EACH,
        ),
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
        Line("superset run -p 8088 --with-threads --reload --debugger", NONE, 1, added=True),
        Line("flask run -p 8088 --with-threads --reload --debugger --host=0.0.0.0", "flask", 1, added=True),
    ),
    "https://mlflow.org/docs/latest/cli.html#mlflow-server-more": (
        Line(
            "mlflow server --backend-store-uri=postgresql://db/mlflow --default-artifact-root=./mlruns --host=0.0.0.0 --port=5000",
            "mlflow",
            4,
            added=True,
        ),
    ),
    "https://github.com/jupyter/docker-stacks/blob/main/images/base-notebook/Dockerfile": (
        Line(
            "tini -g -- start-notebook.py",
            NONE,
            1,
            {},
            {
                "/usr/local/bin/start-notebook.py": "#!/usr/bin/env python3.12\nimport os\nimport sys\ncommand = ['jupyter', 'lab'] + sys.argv[1:]\nos.execvp(command[0], command)\n"
            },
            added=True,
        ),
    ),
    "https://jupyterhub.readthedocs.io/en/stable/howto/singleuser.html": (
        Line("jupyterhub-singleuser --ip=0.0.0.0 --port=8888", NONE, 1, added=True),
    ),
    "https://jupyterlab.readthedocs.io/en/stable/getting_started/starting.html": (
        Line("jupyter lab --ip 0.0.0.0 --no-browser --allow-root", NONE, 1, added=True),
    ),
    "https://docs.streamlit.io/develop/api-reference/cli/run": (
        Line("python -m streamlit run app.py --server.port=8501", "streamlit", 1, added=True),
    ),
    "https://huggingface.co/spaces/cowcow02/gen-ai-demo-3/blob/main/docker-compose.yml": (
        Line("gradio app.py", NONE, 1, added=True),
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
    "https://voila.readthedocs.io/en/stable/deploy.html": (
        Line("voila --port=8866 --no-browser notebook.ipynb", NONE, 1, added=True),
    ),
    "https://docs.prefect.io/v3/concepts/workers": (
        Line("prefect worker start --pool my-pool --type process", "prefect", 1, added=True),
    ),
    "https://github.com/dagster-io/dagster/tree/master/examples/deploy_docker": (
        Line("dagster-webserver -h 0.0.0.0 -p 3000 -w workspace.yaml", NONE, 1, added=True),
        Line("dagster api grpc -p 4004 -h 0.0.0.0 --module-name repos", NONE, 1, added=True),
        Line("dagster-daemon run", NONE, 1, added=True),
    ),
    "https://luigi.readthedocs.io/en/stable/running_luigi.html": (
        Line("luigi --module my_tasks MyTask --workers 4", "luigi", 4, added=True),
        Line(
            "python -m luigi --module my_tasks MyTask --local-scheduler --workers=3", "luigi", 3, added=True
        ),
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
    "https://man7.org/linux/man-pages/man1/ionice.1.html": (
        Line("nice -n 10 ionice -c3 celery -A proj worker -c 2", "celery", 2, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/taskset.1.html": (
        Line("taskset -c 0-3 mpirun -np 4 python t.py", "mpirun", 4, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html": (
        Line(
            "timeout --signal=TERM 1h torchrun --standalone --nproc_per_node=4 train.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://man7.org/linux/man-pages/man1/time.1.html": (
        Line("/usr/bin/time -v mpirun -np 2 ./a.out", "mpirun", 2, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nohup-invocation.html": (
        Line("nohup celery -A proj worker --concurrency=4", "celery", 4, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/setsid.1.html": (
        Line("setsid --wait gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/watch.1.html": (
        Line("watch -n 60 python job.py", NONE, 1, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/flock.1.html": (
        Line("flock -xn /var/lock/x -c 'python -m dramatiq -p 2 tasks'", "dramatiq", 2),
    ),
    "https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html": (
        Line("systemd-run --scope -p CPUQuota=200% gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://honcho.readthedocs.io/en/latest/using_procfiles.html": (
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
    "https://docs.docker.com/build/building/best-practices/#entrypoint-scripts": (
        Line(
            "/usr/local/bin/docker-entrypoint.sh celery --app=app worker --concurrency=2",
            "celery",
            2,
            certain=False,
        ),
    ),
    "https://github.com/SlideRuleEarth/ut-ATL24-coastnet/blob/main/scripts/preprocess.sh": (
        Line(
            "bash -c 'find /data | parallel --verbose --lb --jobs=15 \"python ./scripts/preprocess.py {} /out/{/}\"'",
            NONE,
            15,
        ),
    ),
    "https://github.com/qwfy/p3_collab-compet/blob/master/run_search.sh": (
        Line("parallel -j 4 python -m main -n {} :::: jobs.txt", NONE, 4),
    ),
    "https://github.com/tlh24/sudoku-rl/blob/main/backtrack2/bmain.sh": (
        Line("parallel -j4 -u --link 'python bmain.py -i {1} --cuda {2}' ::: 3 2 1 0 ::: 0 0 1 1", NONE, 4),
    ),
    "https://www.gnu.org/software/parallel/man.html": (
        Line(
            "parallel --eta --ungroup --jobs 5 python main_fa.py -c configs/tc_{1}.yaml -e tc_{1} ::: 1 2 3 4 5",
            NONE,
            5,
        ),
    ),
    "https://github.com/ptandeo/rogue_waves/blob/main/RUN_LK10.sh": (
        Line("bash -c 'seq 1 1000 | xargs -I{} -P28 -n1 python GWP.py {}'", NONE, 28),
    ),
    "https://www.baeldung.com/linux/xargs#4-enable-multiple-process-usage": (
        Line("bash -c 'find . -name \"*.wav\" -print0 | xargs -0 -P 3 -n 1 python enc.py'", NONE, 3),
    ),
    "https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/commands/launch.py": (
        Line("accelerate launch --cpu --num_processes 2 train.py", "accelerate", 1, added=True),
        Line(
            "accelerate launch --cpu --num_processes 4 --num_machines 2 --mpirun_hostfile /h t.py",
            "accelerate",
            2,
            added=True,
        ),
        Line(
            "accelerate launch --num_processes 4 t.py",
            "accelerate",
            1,
            {"HOME": "/root"},
            {
                "/root/.cache/huggingface/accelerate/default_config.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: 'NO'\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --multi_gpu --num_processes 4 t.py",
            "accelerate",
            4,
            {"HOME": "/root"},
            {
                "/root/.cache/huggingface/accelerate/default_config.yaml": "distributed_type: 'NO'\nnum_processes: 1\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            1,
            {},
            {"/c.yaml": "distributed_type: MULTI_CPU\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"},
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            4,
            {},
            {
                "/c.yaml": "distributed_type: MULTI_CPU\nmpirun_config:\n  mpirun_ccl: '1'\n  mpirun_hostfile: /root/hostfile\nnum_machines: 1\nnum_processes: 4\nuse_cpu: true\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file /c.yaml t.py",
            "accelerate",
            2,
            {},
            {"/c.yaml": "distributed_type: FSDP\nnum_machines: 2\nnum_processes: 4\n"},
            added=True,
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
    "https://github.com/vishnubob/wait-for-it#usage": (
        Line(
            "./docker/wait-for-it.sh -h db -p 5432 -t 20 -- python manage.py migrate --noinput",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://man7.org/linux/man-pages/man8/numactl.8.html": (
        Line(
            "numactl --physcpubind=0-27 --membind=0 python inference.py --accuracy True",
            NONE,
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
    "https://man7.org/linux/man-pages/man1/ps.1.html": (
        Line("sh -c 'ps aux | grep \"celery worker\"'", NONE, 1),
    ),
    "https://www.gnu.org/software/grep/manual/grep.html": (
        Line("grep -rn 'gunicorn -w 4' /etc", NONE, 1, added=True),
    ),
    "https://pip.pypa.io/en/stable/cli/pip_install/": (
        Line("pip install 'ray[serve]' gunicorn celery", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/tee-invocation.html": (
        Line("sh -c 'echo parallel -j 4 gunicorn | tee gunicorn.log'", NONE, 1),
    ),
    "https://github.com/kubeflow/mpi-operator/tree/master/examples": (
        Line("bash -c 'mpirun -np 2 --hostfile /etc/mpi/hostfile python t.py'", "mpirun", 2),
        Line("bash -c 'mpirun -np 2 python t.py; python report.py'", "mpirun", 2),
    ),
    "https://docs.python.org/3/library/http.server.html": (
        Line("python -m http.server 8000", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/findutils/manual/html_node/find_html/Controlling-Parallelism.html": (
        Line("xargs -P 4 python process.py", NONE, 1, added=True),
        Line("xargs -n 1 python process.py", NONE, 1, added=True),
        Line("xargs -0rn1 -P4 python process.py", NONE, 4, added=True),
        Line("xargs -0P 4 -I{} python process.py {}", NONE, 4, added=True),
        Line("xargs --max-args=1 --max-procs=3 ./compute", NONE, 3, added=True),
        Line("xargs --max-procs 3 -L 1 ./compute", NONE, 3, added=True),
        Line("xargs -P 0 -n 1 python process.py", NONE, EACH, added=True),
        Line("xargs -P 2 -n 1 mpirun -np 3 ./a.out", "mpirun", 6, added=True),
        Line("sh -c 'python prepare.py; ls | xargs -P 4 -n 1 python work.py'", NONE, 1),
        Line("sh -c 'ls /in | xargs -P 4 -n 1 python work.py; echo done'", NONE, 4),
        Line("sh -c 'ls urls | xargs -P 8 -n 1 wget; python train.py'", NONE, 1),
        Line("sh -c 'python train.py && ls out | xargs -P 8 -n 1 aws s3 cp'", NONE, 1),
        Line("grep -rl xargs -P 4 -n 1 python", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/parallel/parallel_tutorial.html": (
        Line("parallel -j50% python x.py ::: 1 2 3 4 5 6 7 8 9", NONE, 4),
        Line("parallel -j200% python x.py :::: list", NONE, 16),
        Line("parallel -j+2 python x.py :::: list", NONE, 10),
        Line("parallel -j-2 python x.py :::: list", NONE, 6),
        Line("parallel -j0 python x.py ::: a b c", NONE, 3),
        Line("parallel -j 0 python x.py :::: list", NONE, EACH),
        Line("parallel python x.py ::: a b", NONE, 2),
        Line("parallel python x.py {1} {2} ::: a b ::: c d e f g", NONE, EACH),
        Line(
            "parallel --jobs 4 --bar --joblog /tmp/log --halt now,fail=1 'gunicorn -w 2 a:b' ::: 1 2 3 4 5",
            "gunicorn",
            EACH,
        ),
        Line("parallel -kj3 python x.py :::: list", NONE, 3),
        Line("env_parallel --jobs=2 ./compute :::: list", NONE, 2),
        Line("bash -c 'for i in 1 2 3; do sem -j 4 python x.py $i; done; sem --wait'", NONE, 4),
        Line("bash -c 'parallel -j 4 < jobs.txt'", NONE, 4),
        Line("bash -c 'parallel -j 2 ./compute ::: *.wav & wait'", NONE, 2),
        Line("echo parallel -j 4 python x.py", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/make/manual/html_node/Parallel.html": (
        Line("make -j4 test", NONE, 1, added=True),
        Line("bash -c 'make -j8 && python train.py'", NONE, 1),
    ),
    "https://ninja-build.org/manual.html#_running_ninja": (
        Line("ninja -C build -j 4", NONE, 1, added=True),
    ),
    "https://docs.docker.com/reference/dockerfile/#entrypoint": (
        Line("/entry", "gunicorn", 3, {}, {"/entry": "exec gunicorn -w 3 a:b\n"}),
        Line(
            "/entry",
            NONE,
            1,
            {},
            {"/entry": "\x7fELF\x02\x01\x01\x00\x00exec gunicorn -w 3 a:b\n"},
            added=True,
        ),
    ),
}
LINES = [(source, line) for source, lines in SOURCES.items() for line in lines]
