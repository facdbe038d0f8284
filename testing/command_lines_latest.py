"""Command lines seen in November 2026, of kinds that the other tables do not have; see `command_lines.py`.

The number of processes of each was written down before the program was asked.
"""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines import EACH, NONE, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://github.com/wellpass/redash-1/blob/HEAD/Procfile": (
        Line(
            "celery worker --app=redash.worker --beat -c3 -Qqueries -linfo --maxtasksperchild=10 -Ofair",
            "celery",
            3,
            added=True,
        ),
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
            "sh -c 'cd src && gunicorn asgi:application -w 3 -k uvicorn.workers.UvicornWorker -b :$PORT --max-requests 1024'",
            "gunicorn",
            3,
            {"PORT": "80"},
        ),
        Line(
            "sh -c 'cd src && celery -A celery_config worker -B -Q site-worker -Ofast -Ofair -l info -n site-worker@%n --without-gossip --concurrency=1'",
            "celery",
            1,
        ),
    ),
    "https://github.com/Alexion24/django-telegram-bot/blob/HEAD/Procfile": (
        Line("celery -A dtb worker -P prefork --loglevel=INFO", "celery", EACH, added=True),
    ),
    "https://docs.celeryq.dev/en/stable/userguide/workers.html": (
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
            "/docker-entrypoint.sh run-backend",
            "gunicorn",
            1,
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
    "https://docs.gunicorn.org/en/stable/deploy.html": (
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
    "https://github.com/Miraclove/DevAssistant": (
        Line(
            "sh -c 'TRANSFORMERS_VERBOSITY=info torchrun --nproc_per_node=4 train.py config.yaml --deepspeed=deepspeed_z3_config_bf16.json'",
            "torchrun",
            4,
        ),
    ),
    "https://github.com/sihunc-flwls/hallo/blob/HEAD/train.sh": (
        Line(
            "accelerate launch -m --config_file accelerate_config.yaml --machine_rank 0 --main_process_ip 0.0.0.0 --main_process_port 20055 --num_machines 1 --num_processes 1 scripts.train_stage1 --config ./configs/train/stage1.yaml",
            "accelerate",
            1,
            added=True,
        ),
    ),
    "https://huggingface.co/docs/accelerate/package_reference/cli#accelerate-launch": (
        Line(
            "/train.sh",
            "accelerate",
            3,
            {},
            {
                "/train.sh": "#!/usr/bin/env bash\n\nset -e\n\nnohup accelerate launch \\\n  --num_processes 3 \\\n  --config_file /z3.yaml train_trl.py \\\n  --config zero3.yaml\n",
                "/z3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nmachine_rank: 0\nnum_machines: 1\nnum_processes: 8\n",
            },
        ),
    ),
    "https://github.com/jiachunjin/stunning-octo-parakeet": (
        Line(
            "accelerate launch --config_file /cfg/deepspeed --main_process_port 30002 --num_processes 8 runner/down_proj/llava_distill.py --config config/down_proj/llava_distill.yaml",
            "accelerate",
            8,
            {},
            {"/cfg/deepspeed": "distributed_type: DEEPSPEED\nnum_processes: 4\n"},
            added=True,
        ),
    ),
    "https://github.com/codebyzeb/BabyLM": (
        Line(
            "srun torchrun --nnodes 1 --nproc_per_node 1 --rdzv_id 3 --rdzv_backend c10d --rdzv_endpoint h:29500 train.py x",
            "srun",
            1,
            added=True,
        ),
    ),
    "https://github.com/jamesafranke/ViT_clouds": (
        Line(
            "torchrun --nnodes=1:2 --nproc_per_node=4 --rdzv_id=100 --rdzv_backend=c10d --rdzv_endpoint=localhost:6000 torchrun_test.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://docs.pytorch.org/docs/stable/elastic/run.html": (
        Line("torchrun --nproc-per-node 4 -m train 8x7b.yaml", "torchrun", 4, added=True),
        Line("torchrun app.py", "torchrun", 1, added=True),
    ),
    "https://horovod.readthedocs.io/en/stable/running_include.html": (
        Line("horovodrun -np 2 --hosts a:1,b:1 python cifar10_horovod.py", "horovodrun", 1, added=True),
    ),
    "https://github.com/modelscope/ms-swift/blob/main/swift/cli/main.py": (
        Line(
            "sh -c 'CUDA_VISIBLE_DEVICES=0,1,2,3 NPROC_PER_NODE=4 swift sft yaml/qwen2.5_7b_full_sft.yaml'",
            "swift",
            4,
        ),
        Line("sh -c 'CUDA_VISIBLE_DEVICES=0 swift sft yaml/qwen2.5_7b_full_sft.yaml'", "swift", 1),
    ),
    "https://github.com/hiyouga/LLaMA-Factory/blob/main/examples/README.md": (
        Line("llamafactory-cli train x.yaml", "llamafactory-cli", 1, {"NPROC_PER_NODE": "4"}, added=True),
        Line(
            "lmf train x.yaml",
            "llamafactory-cli",
            4,
            {"NPROC_PER_NODE": "4", "FORCE_TORCHRUN": "true"},
            added=True,
        ),
        Line("lmf train x.yaml", "llamafactory-cli", 3, {"CUDA_VISIBLE_DEVICES": "0,1,2"}, added=True),
        Line("megatron sft x.yaml", "megatron", 2, {"NPROC_PER_NODE": "2"}, added=True),
        Line(
            "sh -c 'FORCE_TORCHRUN=1 NNODES=2 NODE_RANK=1 MASTER_ADDR=192.168.0.1 MASTER_PORT=29500 llamafactory-cli train examples/train_lora/llama3_lora_sft.yaml'",
            "llamafactory-cli",
            4,
            {"CUDA_VISIBLE_DEVICES": "0,1,2,3"},
        ),
        Line("llamafactory-cli train Touchstone-GPT_sft_lora.yaml", "llamafactory-cli", 1, added=True),
    ),
    "https://www.deepspeed.ai/getting-started/": (
        Line(
            "deepspeed --hostfile=/none --no_ssh --node_rank=0 --num_gpus 4 train.py --deepspeed z.json",
            "deepspeed",
            4,
            added=True,
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
    "https://uwsgi-docs.readthedocs.io/en/latest/Emperor.html": (
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
    "https://supervisord.org/configuration.html": (
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
    "https://github.com/emmett-framework/granian#options": (
        Line(
            "granian --interface asgi --host 0.0.0.0 --port 9000 --workers 4 src.main:app",
            "granian",
            4,
            added=True,
        ),
    ),
    "https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html": (
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
    ),
    "https://dramatiq.io/advanced.html#command-line-interface": (
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
    "https://mlflow.org/docs/latest/api_reference/cli.html#mlflow-server": (
        Line(
            "mlflow server --host 0.0.0.0 --port 5000 --backend-store-uri sqlite:////mlflow/mlflow.db --serve-artifacts",
            "mlflow",
            4,
            added=True,
        ),
        Line("mlflow server --host 0.0.0.0 --port 5000 --workers 2", "mlflow", 2, added=True),
    ),
    "https://docs.astral.sh/uv/guides/integration/fastapi/": (
        Line(
            "uv run --directory backend --no-sync uvicorn app.main:app --host 0.0.0.0 --port 8000",
            "uvicorn",
            1,
            added=True,
        ),
    ),
    "https://flask.palletsprojects.com/en/stable/cli/": (
        Line("python -m flask run --reload", "flask", 1, added=True),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html": (
        Line(
            "bash -c 'ray start --head --block --object-manager-port=8076 --include-dashboard=true --dashboard-host=0.0.0.0'",
            "ray",
            8,
        ),
        Line(
            "ray start --head --block --num-cpus=6 --num-gpus=4 --memory=64000000000 --log-style=record",
            "ray",
            6,
            added=True,
        ),
    ),
    "https://docs.sglang.ai/advanced_features/server_arguments.html": (
        Line(
            "python -m sglang.launch_server --model-path Qwen/Qwen3.6-27B --port 8000 --tp-size 8 --mem-fraction-static 0.8 --context-length 262144",
            "sglang",
            8,
            added=True,
        ),
    ),
    "https://docs.vllm.ai/en/latest/cli/bench/serve/": (
        Line(
            "vllm bench serve --dataset-name random --model m --host h --port 8000 --num-prompts 100",
            NONE,
            1,
            added=True,
        ),
        Line(
            "/bench.sh",
            "vllm",
            2,
            {},
            {
                "/bench.sh": "#!/bin/bash\nvllm serve m --tensor-parallel-size 2 &\nserver_pid=$!\nuntil curl -s localhost:8000/health; do sleep 1; done\nvllm bench serve --model m --num-prompts 100\n"
            },
        ),
    ),
    "https://docs.sglang.ai/developer_guide/bench_serving.html": (
        Line("python -m sglang.bench_serving --backend sglang --num-prompts 10", NONE, 1, added=True),
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
        Line("airflow dag-processor", NONE, 1, added=True),
    ),
}
LATEST_LINES = [(source, line) for source, lines in SOURCES.items() for line in lines]
