"""More command lines as people write them; see `command_lines.py`. Most are of images and manuals of 2024 to 2026.

Where the page of a line is not a repository, the line was seen in public files, and the page is the one of
the program's manual that decides on the number of processes.
"""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines import EACH, NONE, Line

SOURCES: dict[str, tuple[Line, ...]] = {
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
            "/entry.sh celery -A x worker -c 2",
            "celery",
            2,
            {},
            {
                "/entry.sh": '#!/bin/bash\n\nENTRYPOINT="$*"\n\nif [ -z "$ENTRYPOINT" ]; then\n    gunicorn --bind 0.0.0.0:5000 --workers 4 --chdir /src app:app\nelse\n    /bin/sh -c "$ENTRYPOINT"\nfi\n'
            },
            certain=False,
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
    "https://opentelemetry.io/docs/zero-code/python/": (
        Line(
            "opentelemetry-instrument uvicorn main:app --host 0.0.0.0 --port 8001", "uvicorn", 1, added=True
        ),
        Line(
            "opentelemetry-instrument --service_name your-service-name python -m app.main",
            NONE,
            1,
            added=True,
        ),
        Line("opentelemetry-instrument python manage.py runserver --noreload", NONE, 1, added=True),
    ),
    "https://docs.astral.sh/uv/guides/integration/fastapi/": (
        Line("uv run --no-sync uvicorn app.main:app --host 0.0.0.0 --port 8080", "uvicorn", 1, added=True),
        Line("/usr/bin/env sh -lc 'uv run python -m app.runtime'", NONE, 1),
        Line(
            "uv run uvicorn server.app.main:app --app-dir /calnio --host 0.0.0.0 --port 8000 --workers 2",
            "uvicorn",
            2,
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
            "dapr run --app-id python-service --app-port 8000 --dapr-http-port 3500 -- python app.py",
            NONE,
            1,
            added=True,
        ),
        Line(
            "dapr run --app-id web --app-port 8000 --dapr-http-port 3500 -- uvicorn main:app --port 8000 --workers 3",
            "uvicorn",
            3,
            added=True,
        ),
        Line("dapr run --app-id orders --app-port 8000 gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line(
            "dapr run --app-id jobs --resources-path ./components -- celery -A proj worker -c 3",
            "celery",
            3,
            added=True,
        ),
    ),
    "https://developer.1password.com/docs/cli/reference/commands/run/": (
        Line(
            "op run --env-file=.env.op -- uv run uvicorn webhook_server:app --reload --host 0.0.0.0",
            "uvicorn",
            1,
            added=True,
        ),
        Line("op run --env-file .env.op -- celery -A proj worker -c 4", "celery", 4, added=True),
    ),
    "https://github.com/hashicorp/envconsul#readme": (
        Line(
            "envconsul -config=/tmp/envconsul.hcl -secret kv/dev/myapp -no-prefix gunicorn -w 3 app:app",
            "gunicorn",
            3,
            added=True,
        ),
        Line(
            "envconsul -config /etc/envconsul.hcl -once celery -A proj worker -c 5", "celery", 5, added=True
        ),
    ),
    "https://getsops.io/docs/#passing-secrets-to-other-processes": (
        Line("sops exec-env secrets.enc.yaml 'python app.py'", NONE, 1),
        Line("sops exec-env secrets.enc.yaml 'gunicorn -w 4 app:app'", "gunicorn", 4),
    ),
    "https://github.com/segmentio/chamber#exec": (
        Line("chamber exec prod/app shared -- celery -A proj worker -c 4", "celery", 4, added=True),
        Line("aws-vault exec --duration=1h prod -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("aws-vault exec prod --duration 1h -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
    ),
    "https://docs.nvidia.com/nsight-systems/UserGuide/": (
        Line(
            "nsys profile -o report --trace=cuda,nvtx python -m vllm.entrypoints.openai.api_server --model m --tensor-parallel-size 2",
            "vllm",
            2,
            added=True,
        ),
        Line("mpirun -np 4 nsys profile -o report-%p ./myApp", "mpirun", 4, added=True),
        Line(
            "nsys profile -t cuda,nvtx -o out torchrun --nproc_per_node 4 train.py",
            "torchrun",
            4,
            added=True,
        ),
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
    "https://lmdeploy.readthedocs.io/": (
        Line(
            "lmdeploy serve api_server internlm/Intern-S1 --tp 8 --server-port 23333",
            "lmdeploy",
            EACH,
            added=True,
        ),
    ),
    "https://github.com/huggingface/open-r1": (
        Line(
            "accelerate launch --config_file /recipes/zero2.yaml --num_processes 2 --main_process_port 29500 src/open_r1/grpo.py --config c.yaml",
            "accelerate",
            2,
            {},
            {
                "/recipes/zero2.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 8\n"
            },
            added=True,
        ),
        Line(
            "accelerate launch --config_file=/recipes/zero3.yaml src/open_r1/sft.py --num_train_epochs 1",
            "accelerate",
            EACH,
            {},
            {
                "/recipes/zero3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 8\n"
            },
            added=True,
        ),
    ),
    "https://github.com/rq/django-rq#running-workers": (
        Line("python manage.py rqworker default high", NONE, 1, added=True),
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
    "https://fastapi.tiangolo.com/fastapi-cli/": (
        Line(
            "sh -c 'alembic upgrade head && python -m fastapi_cli run src --port 8000 --host 0.0.0.0'",
            "fastapi",
            1,
        ),
    ),
    "https://docs.dagster.io/api/dagster/cli": (
        Line(
            "dagster code-server start -h 0.0.0.0 -p 4000 -m etl_pipeline.definitions", NONE, 1, added=True
        ),
        Line(
            "watchmedo auto-restart --directory=/opt/x/src --recursive --pattern=*.py -- dagster code-server start -h 0.0.0.0 -p 4000 -m bag3d",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://procrastinate.readthedocs.io/en/stable/howto/basics/command_line.html": (
        Line("procrastinate --app=litchai.queue.queue worker", NONE, 1, added=True),
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
    ),
    "https://slurm.schedmd.com/srun.html": (
        Line(
            "srun python -m torch.distributed.run --nproc_per_node 4 --master_port 29500 train.py",
            "torchrun",
            4,
            added=True,
        ),
        Line(
            "srun --mpi=pmix -p student -N 2 --ntasks=8 --ntasks-per-node=4 --cpus-per-task=16 env OMP_NUM_THREADS=16 ./build",
            "srun",
            4,
            added=True,
        ),
        Line(
            "srun torchrun --standalone --nnodes=1 --nproc-per-node=2 train.py", "torchrun", 2, added=True
        ),
        Line(
            "bash -c 'OMP_NUM_THREADS=8 torchrun --standalone --nproc_per_node=$SLURM_GPUS_ON_NODE t.py'",
            "torchrun",
            4,
            {"SLURM_GPUS_ON_NODE": "4"},
        ),
        Line(
            "sh -xeuc 'torchrun --master-addr h --nnodes $SLURM_NNODES --node-rank $SLURM_NODEID --nproc-per-node gpu main.py'",
            "torchrun",
            2,
            {"SLURM_NNODES": "2", "SLURM_NODEID": "0", "CUDA_VISIBLE_DEVICES": "0,1"},
        ),
    ),
    "https://docs.pytorch.org/docs/stable/elastic/quickstart.html": (
        Line(
            "torchrun --nnodes=1:2 --nproc_per_node=4 --rdzv_id=100 --rdzv_backend=c10d --rdzv_endpoint=localhost:6000 t.py",
            "torchrun",
            4,
            added=True,
        ),
    ),
    "https://apptainer.org/docs/user/latest/cli/apptainer_exec.html": (
        Line("singularity exec --nv image.sif python3 train.py", NONE, 1, added=True),
        Line("snakemake --cores 8 --use-conda", NONE, 1, added=True),
        Line("papermill in.ipynb out.ipynb -p alpha 0.1", NONE, 1, added=True),
    ),
    "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html": (
        Line(
            "bash -c 'python -m vllm.entrypoints.openai.api_server --model ${MODEL} --port ${PORT} --host ${HOST}'",
            "vllm",
            1,
            {"MODEL": "m", "PORT": "80", "HOST": "::"},
        ),
        Line(
            "/run.sh",
            "vllm",
            2,
            {},
            {
                "/run.sh": "#!/bin/bash\nset -e\ncd .\nmkdir -p logs\nMODEL=./m\nPYTHON=python\nexport VLLM_USE_FLASHINFER_SAMPLER=0\nCUDA_VISIBLE_DEVICES=0 $PYTHON -m vllm.entrypoints.openai.api_server \\\n  --model $MODEL --port 8001 &\nPID_0=$!\nCUDA_VISIBLE_DEVICES=1 $PYTHON -m vllm.entrypoints.openai.api_server \\\n  --model $MODEL --port 8002 &\nPID_1=$!\nwait\n"
            },
        ),
    ),
    "https://docs.bentoml.com/en/latest/reference/bentoml/cli.html": (
        Line(
            "python -m bentoml serve service:acestep --host 0.0.0.0 --port 3000", "bentoml", 1, added=True
        ),
    ),
    "https://docs.litestar.dev/latest/usage/cli.html": (
        Line(
            "litestar --app app.main:app run --host 0.0.0.0 --port 8000 --wc 4", "litestar", 4, added=True
        ),
        Line("litestar run --web-concurrency 2", "litestar", 2, added=True),
        Line("litestar run -W 3", "litestar", 3, added=True),
    ),
    "https://lightning.ai/docs/fabric/stable/fundamentals/launch.html": (
        Line("fabric run --accelerator=cpu --devices=2 train.py", "fabric", 2, added=True),
    ),
    "https://docs.pytorch.org/tutorials/recipes/xeon_run_cpu.html": (
        Line(
            "python -m torch.backends.xeon.run_cpu --ninstances 4 --ncores-per-instance 2 infer.py",
            "run_cpu",
            4,
            added=True,
        ),
    ),
    "https://colossalai.org/docs/basics/launch_colossalai": (
        Line("colossalai run --nproc_per_node 4 train.py --batch 8", "colossalai", 4, added=True),
    ),
    "https://docs.ray.io/en/latest/cluster/vms/user-guides/launching-clusters/on-premises.html": (
        Line("ray start --address=ray-head:6379 --block", "ray", EACH, added=True),
    ),
    "https://github.com/Yelp/dumb-init": (
        Line("dumb-init -- python ./tcc-exporter", NONE, 1, added=True),
        Line("dumb-init -- node server/src/index.js", "node", 1, added=True),
        Line("dumb-init -- npm start", NONE, 1, added=True),
    ),
    "https://llama-cpp-python.readthedocs.io/en/latest/server/": (
        Line(
            "python -m llama_cpp.server --model /m.gguf --host 0.0.0.0 --port 1234 --n_gpu_layers -1",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://docs.sglang.ai/advanced_features/router.html": (
        Line("python3 -m sglang_router.launch_server --model-path m --dp-size 4", "sglang", 4, added=True),
        Line("aphrodite run m -tp 2", "aphrodite", 2, added=True),
        Line("infinity_emb v2 --model-id m --port 7997", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line("sh -c 'gunicorn -w $(nproc) a:b'", "gunicorn", EACH),
        Line("sh -c 'gunicorn -w $((2 * $(nproc) + 1)) a:b'", "gunicorn", 17),
        Line("bash -c 'exec gunicorn --workers=$(( $(nproc --all) * 2 + 1 )) a:b'", "gunicorn", 17),
        Line("sh -c 'uvicorn a:b --workers `nproc`'", "uvicorn", EACH),
        Line("sh -c 'gunicorn -w \"$(getconf _NPROCESSORS_ONLN)\" a:b'", "gunicorn", EACH),
        Line("sh -c 'celery -A x worker -c ${CONCURRENCY:-$(nproc)}'", "celery", EACH),
        Line("sh -c 'celery -A x worker -c ${CONCURRENCY:-$(nproc)}'", "celery", 3, {"CONCURRENCY": "3"}),
        Line("sh -c 'mpirun -np $(nproc) ./a.out'", "mpirun", EACH),
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
        Line("sh -c 'make -j$(nproc) && python train.py'", NONE, 1),
        Line("sh -c 'torchrun --nproc_per_node=$(nvidia-smi -L | wc -l) t.py'", "torchrun", 1),
    ),
    "https://docs.open-mpi.org/en/main/man-openmpi/man1/mpirun.1.html#slots": (
        Line("mpirun -H localhost:4 python t.py", "mpirun", 4, added=True),
        Line("mpirun -np 8 -H a:4,b:4 python t.py", "mpirun", 4, added=True),
        Line(
            "horovodrun -np 16 -H server1:4,server2:4,server3:4,server4:4 python train.py",
            "horovodrun",
            4,
            added=True,
        ),
        Line("mpirun -np 2 -H localhost:4 python t.py", "mpirun", 2, added=True),
        Line("mpirun -np 4 --host a,a,b,b python t.py", "mpirun", 2, added=True),
        Line("mpirun -np 2 -npernode 1 torchrun --nproc-per-node 4 t.py", "torchrun", 4, added=True),
        Line("srun -n 2 torchrun --nproc-per-node 4 t.py", "torchrun", EACH, added=True),
        Line(
            "srun -N 2 --ntasks-per-node=1 accelerate launch --multi_gpu --num_processes 8 --num_machines 2 t.py",
            "accelerate",
            4,
            added=True,
        ),
        Line("mpirun -np 2 pytest tests", "mpirun", 2, added=True),
        Line("mpirun -np 2 tritonserver --model-repository=/m", "mpirun", 2, added=True),
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
    "https://airflow.apache.org/docs/docker-stack/entrypoint.html": (
        Line("/usr/bin/dumb-init -- airflow celery worker --queues gpu", "airflow", 16, added=True),
        Line("airflow api-server --workers 2", "airflow", 2, added=True),
        Line("airflow dag-processor", NONE, 1, added=True),
        Line("airflow triggerer", NONE, 1, added=True),
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
            "bash -c 'sleep 10 && celery -A app.tasks worker --loglevel=info -c 2 --max-tasks-per-child=10'",
            "celery",
            2,
        ),
        Line("sh -c 'celery -A config worker -l info --concurrency 2 -B'", "celery", 2),
        Line(
            "sh -c 'rm -f /tmp/celerybeat.pid && celery -A config beat -l info --pidfile=/tmp/celerybeat.pid'",
            NONE,
            1,
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
            "celery",
            2,
            {"WORKER": "1"},
        ),
        Line(
            "sh -c 'test -n \"$WORKER\" && exec celery -A app worker -c 2 || exec gunicorn -w 4 app:app'",
            "gunicorn",
            4,
        ),
        Line("sh -c 'for i in 1 2 3; do python worker.py --id $i & done; wait'", NONE, 1),
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
    "https://docs.vllm.ai/en/latest/serving/distributed_serving.html": (
        Line(
            "vllm serve Qwen/Qwen2.5-0.5B-Instruct --tensor-parallel-size 1 --gpu-memory-utilization 0.06",
            "vllm",
            1,
            added=True,
        ),
        Line(
            "vllm serve --config /etc/vllm/config.yaml",
            "vllm",
            2,
            {},
            {
                "/etc/vllm/config.yaml": "model: meta-llama/Llama-3\nhost: 0.0.0.0\ntensor-parallel-size: 2\nport: 8000\n"
            },
            added=True,
        ),
        Line(
            "/bin/bash -c 'vllm serve $MODEL --tensor-parallel-size ${TP:-2} --pipeline-parallel-size 2'",
            "vllm",
            4,
            {"MODEL": "m"},
        ),
        Line(
            "bash -c 'bash /vllm-workspace/multi-node-serving.sh leader --ray_cluster_size=2; python3 -m vllm.entrypoints.openai.api_server --port 8080 --model m --tensor-parallel-size 8'",
            "vllm",
            EACH,
        ),
        Line(
            "python3 -m vllm.entrypoints.openai.api_server --model=m --tensor-parallel-size=$(TP)",
            "vllm",
            1,
            added=True,
        ),
        Line("vllm serve m -tp 2 -dp 2 --enable-expert-parallel", "vllm", 4, added=True),
    ),
    "https://docs.sglang.ai/basic_usage/": (
        Line(
            "python -m sglang.launch_server --model-path meta-llama/Llama-3.1-8B-Instruct --port 30000 --tp 8 --ep 8 --host 0.0.0.0",
            "sglang",
            EACH,
            added=True,
        ),
        Line(
            "python3 -m sglang_router.launch_router --worker-urls http://a:8000 http://b:8000",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://nvidia.github.io/TensorRT-LLM/quick-start-guide.html": (
        Line(
            "trtllm-serve serve m --host 0.0.0.0 --port 8000 --tp_size 8 --ep_size 1",
            "trtllm-serve",
            EACH,
            added=True,
        ),
        Line(
            "trtllm-serve nvidia/Nemotron --max_batch_size 32 --trust_remote_code",
            "trtllm-serve",
            1,
            added=True,
        ),
    ),
    "https://www.deepspeed.ai/training/": (
        Line(
            "deepspeed --include localhost:0,1 src/train.py --yaml_config ./c.yaml",
            "deepspeed",
            2,
            added=True,
        ),
        Line(
            "deepspeed --include=localhost:4,5,6,7 --master_port 54567 train_re_decouple.py --cuda",
            "deepspeed",
            4,
            added=True,
        ),
        Line(
            "bash -c 'cd .. && nohup deepspeed --include localhost:0,1,2,3,4,5,6,7 --master_port=9912 src/train_bash.py --deepspeed ds.json'",
            "deepspeed",
            EACH,
        ),
    ),
    "https://github.com/kubernetes-sigs/kueue/tree/main/examples": (
        Line(
            "mpirun -np 4 --hostfile /etc/mpi/hostfile -bind-to none -map-by slot -x NCCL_DEBUG=INFO -x LD_LIBRARY_PATH -mca pml ob1 python train.py",
            "mpirun",
            4,
            added=True,
        ),
        Line("mpirun --allow-run-as-root -np $(NP) python train.py", "mpirun", EACH, added=True),
        Line(
            "torchrun --nproc_per_node=2 --nnodes=$(PET_NNODES) --rdzv_backend=c10d train.py --epochs 3",
            "torchrun",
            2,
            added=True,
        ),
        Line("torchrun", "torchrun", 1, added=True),
    ),
    "https://numpy.org/doc/stable/reference/global_state.html": (
        Line("numactl --cpunodebind=0 --membind=0 uv run bench.py", NONE, 1, added=True),
        Line("taskset -c 0-3 nice -n 10 python -m pytest -n 2 tests", "pytest", 2, added=True),
        Line("/usr/bin/time -f %E python -m joblib_script", NONE, 1, added=True),
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
        Line("doas -u app celery -A x worker -c 2", "celery", 2, added=True),
        Line("tmux new-session -d -s web 'gunicorn -w 4 app:app'", "gunicorn", 4, certain=False),
        Line("screen -dmS web gunicorn -w 4 app:app", "gunicorn", 4, certain=False),
        Line("unshare -n gunicorn -w 4 app:app", "gunicorn", 4, added=True),
        Line("dbus-run-session -- python app.py", NONE, 1, added=True),
        Line("nix develop --command gunicorn -w 2 app:app", "gunicorn", 2, certain=False),
        Line("nix-shell --run 'gunicorn -w 2 app:app'", "gunicorn", 2),
        Line("mise exec python@3.12 -- gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("make serve", NONE, 1, added=True),
        Line("just serve gunicorn", NONE, 1, added=True),
        Line("tox -e py312 -- -n 4", NONE, 1, added=True),
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
    "https://docs.docker.com/reference/cli/docker/compose/run/": (
        Line("docker-compose run web gunicorn -w 4 app:app", NONE, 1, added=True),
        Line("docker compose exec web celery -A app worker", NONE, 1, added=True),
        Line("kubectl exec -it pod -- gunicorn -w 4 app:app", NONE, 1, added=True),
        Line("ansible all -m shell -a 'gunicorn -w 4 app:app'", NONE, 1, added=True),
        Line("journalctl -u gunicorn -f", NONE, 1, added=True),
        Line("tail -F /var/log/gunicorn/access.log", NONE, 1, added=True),
        Line("sh -c 'tail -F gunicorn.log | grep worker'", NONE, 1),
        Line("python -m pip install gunicorn uvicorn celery", NONE, 1, added=True),
        Line(
            'python -c \'import subprocess; subprocess.run(["gunicorn", "-w", "4"])\'', NONE, 1, added=True
        ),
        Line("systemctl restart gunicorn celery worker", NONE, 1, added=True),
        Line("heroku run gunicorn -w 4 app:app", NONE, 1, added=True),
        Line("gcloud run deploy web --command gunicorn --args=-w,4,app:app", NONE, 1, added=True),
    ),
    "https://scikit-learn.org/stable/computing/parallelism.html": (
        Line("python train.py --n-jobs 4", NONE, 1, added=True),
        Line("python -u /opt/ml/code/train.py --epochs 10 --workers 8", NONE, 1, added=True),
        Line("jupyter nbconvert --to notebook --execute nb.ipynb", NONE, 1, added=True),
        Line("python -m ipykernel_launcher -f conn.json", NONE, 1, added=True),
        Line("ipcluster start -n 4", "ipcluster", 4, added=True),
        Line("Rscript --vanilla /opt/run.R --cores 4", "Rscript", 1, added=True),
        Line(
            "spark-submit --master local[2] --conf spark.executor.memory=4g /opt/job.py",
            "spark-submit",
            2,
            added=True,
        ),
        Line("spark-submit --conf spark.master=local[3] /opt/job.py", "spark-submit", 3, added=True),
        Line("kedro run --runner=ParallelRunner", "kedro", EACH, added=True),
        Line("kedro run --pipeline train", "kedro", 1, added=True),
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
            'gunicorn --worker-class eventlet -w 1 --timeout 120 --graceful-timeout 120 --preload "run:app"',
            "gunicorn",
            1,
            added=True,
        ),
        Line(
            "celery -A celery_app.celery worker --loglevel=info --max-tasks-per-child 100 --concurrency=2",
            "celery",
            2,
            added=True,
        ),
        Line(
            "celery -A celery_app.celery beat -l info --scheduler celery_sqlalchemy_scheduler.schedulers.DatabaseScheduler",
            NONE,
            1,
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
            "/e.sh flower",
            NONE,
            1,
            {},
            {
                "/e.sh": '#!/bin/bash\nset -e\ncase "$1" in\n  web)\n    exec gunicorn -w 3 config.wsgi:application\n    ;;\n  flower)\n    until timeout 10 celery -A config.celery_app inspect ping; do\n      >&2 echo "Celery workers not available"\n      sleep 2\n    done\n    exec celery -A config.celery_app flower\n    ;;\nesac\n'
            },
            added=True,
        ),
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
        Line("waitress-serve --port=80 settings.wsgi:application", "waitress-serve", 1, added=True),
    ),
    "https://huey.readthedocs.io/en/latest/consumer.html": (
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
    "https://huggingface.co/docs/accelerate/usage_guides/deepspeed": (
        Line(
            "/train.sh --lr 1",
            "accelerate",
            2,
            {},
            {
                "/train.sh": '#!/bin/bash\n\nCONFIG_FILE="/workspace/zero3.yaml"\necho start\naccelerate launch  --config_file "$CONFIG_FILE" /workspace/train.py "$@"\n\necho done\n',
                "/workspace/zero3.yaml": "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\nnum_machines: 1\nnum_processes: 2\n",
            },
        ),
        Line(
            "/train.sh",
            "torchrun",
            2,
            {},
            {
                "/train.sh": '#!/bin/bash\nset -e\nSCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\ncd "$SCRIPT_DIR"\nLAUNCHER_CMD=${MAD_RUNNER:-"torchrun --standalone --nproc_per_node=2"}\n$LAUNCHER_CMD train.py --deepspeed\n'
            },
        ),
        Line(
            "python -m torch.distributed.launch --nproc_per_node=4 --nnodes=1 --node_rank=0 --master_addr=192.168.1.1 --master_port=1234 t.py",
            "torchrun",
            4,
            added=True,
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
    "https://github.com/marieai/marie-ai/blob/main/config/sglang/sglang-qwq-x8.sh": (
        Line(
            "python3 -m sglang.launch_server --model-path Qwen/QwQ-32B --host 0.0.0.0 --port 8000 --trust-remote-code --dp-size 4 --tp 2 --pp-size 1 --mem-fraction-static 0.7",
            "sglang",
            EACH,
            added=True,
        ),
    ),
    "https://github.com/Adlik/vllm/blob/main/README.md": (
        Line(
            "python3 -m vllm.entrypoints.api_server --model /model --tensor-parallel-size 2 --host 0.0.0.0 --port 48000 --dtype half",
            "vllm",
            2,
            added=True,
        ),
    ),
    "https://github.com/ucphhpc/hpc_course/blob/main/module3/python_bonus/job.sh": (
        Line(
            "mpiexec apptainer exec img.sif /opt/conda/bin/python task_farm.py", "mpiexec", EACH, added=True
        ),
    ),
    "https://github.com/mathias77515/Pipeline/blob/main/main.sh": (
        Line("bash -c 'mpirun -np $SLURM_NTASKS python main.py'", "mpirun", 2, {"SLURM_NTASKS": "2"}),
        Line("srun apptainer exec --bind a:b c.sif python x.py", "srun", 1, added=True),
        Line("mpirun -np 111 python3 script.py", "mpirun", 111, added=True),
    ),
    "https://mlserver.readthedocs.io/en/latest/reference/settings.html": (
        Line(
            "mlserver start /mnt/models",
            "mlserver",
            4,
            {},
            {"/mnt/models/settings.json": '{"debug": true, "parallel_workers": 4}'},
            added=True,
        ),
        Line(
            "text-generation-launcher --model-id=m --port=8000 --num-shard=2",
            "text-generation-launcher",
            2,
            added=True,
        ),
        Line("python -m lightllm.server.api_server --model_dir m --tp 8", "lightllm", EACH, added=True),
    ),
    "https://distributed.dask.org/en/stable/worker.html": (
        Line("dask-worker tcp://s:8786 --nprocs 4 --nthreads 1", "dask-worker", 4, added=True),
        Line("dask worker --nworkers 2 --nthreads 4 tcp://s:8786", "dask", 2, added=True),
        Line(
            "python -m distributed.cli.dask_worker tcp://s:8786 --nworkers 3", "dask-worker", 3, added=True
        ),
        Line("ray job submit --address http://x:8265 -- python train.py", NONE, 1, added=True),
        Line("locust -f /l.py --headless --processes 2 -u 10", "locust", 2, added=True),
        Line("pytest -n auto --dist loadscope tests/", "pytest", EACH, added=True),
        Line("luigid --port 8082", NONE, 1, added=True),
        Line("prefect server start --host 0.0.0.0 --workers 2", "prefect", 2, added=True),
        Line("julia --threads 4 -p 2 x.jl", "julia", 2, added=True),
        Line("R CMD BATCH x.R", "R", 1, added=True),
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
        Line(
            "bash -c 'python manage.py migrate --noinput && gunicorn config.wsgi:application --bind 0.0.0.0:$PORT --worker-class gevent --worker-connections 1000 --timeout 120 --log-file -'",
            "gunicorn",
            1,
            {"PORT": "1"},
        ),
        Line("celery -A config.celery worker -l info -Q celery --concurrency 2", "celery", 2, added=True),
        Line("celery -A config.celery beat -l info -S django", NONE, 1, added=True),
    ),
    "https://channels.readthedocs.io/en/latest/deploying.html": (
        Line("poetry run daphne -b 0.0.0.0 -p 8000 config.asgi:application", "daphne", 1, added=True),
        Line("poetry run python manage.py runworker channels", NONE, 1, added=True),
        Line(
            "gunicorn --bind 0.0.0.0:5000 --workers 4 --threads 2 --timeout 120 run:app",
            "gunicorn",
            4,
            added=True,
        ),
        Line("celery --loglevel=INFO --concurrency=1 -A app.celery worker", "celery", 1, added=True),
    ),
    "https://github.com/open-compass/VLMEvalKit/blob/main/scripts/run.sh": (
        Line(
            "/s.sh --data x",
            "torchrun",
            1,
            {},
            {
                "/s.sh": "#!/bin/bash\nset -x\nexport GPU=$(nvidia-smi --list-gpus | wc -l)\ntorchrun --nproc-per-node=$GPU run.py ${@:1}\n"
            },
        ),
    ),
    "https://github.com/matteocarnevale/Thesis/blob/main/sequencer/distributed_train.sh": (
        Line(
            "bash /s.sh 4 --lr 1",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nNUM_PROC=$1\nshift\n CUDA_VISIBLE_DEVICES=0 python3 -m torch.distributed.run --nproc_per_node=$NUM_PROC train.py "$@"\n'
            },
        ),
        Line(
            "/s.sh 4 --lr 1",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/zsh\nNUM_GPU=$1\nshift\ntorchrun --rdzv_backend=c10d --rdzv_endpoint=localhost:0 --nnodes=1 --nproc_per_node=${NUM_GPU} "$@"\n'
            },
        ),
        Line(
            "bash /s.sh train cfg 4",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\n\nset -x\n\nFILE=$1\nCONFIG=$2\nGPUS=$3\nNNODES=${NNODES:-1}\nPORT=${PORT:-$((28500 + $RANDOM % 2000))}\n\nif command -v torchrun &> /dev/null\nthen\n  PYTHONPATH="$(dirname $0)/..":$PYTHONPATH OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 \\\n    torchrun --nnodes=${NNODES} \\\n    --master_port=${PORT} \\\n    --nproc_per_node=${GPUS} \\\n    tools/${FILE}.py ${CONFIG} --launcher pytorch "${@:4}"\nelse\n  python -m torch.distributed.launch --nproc_per_node=${GPUS} tools/${FILE}.py\nfi\n'
            },
        ),
        Line(
            "bash /s.sh 2",
            "torchrun",
            2,
            {},
            {
                "/s.sh": '#!/bin/bash\nset -e\nNUM_GPUS=${1:-8}\nCONFIG=${2:-"c.yaml"}\necho "GPUs: $NUM_GPUS"\ntorchrun \\\n    --nproc_per_node=$NUM_GPUS \\\n    --master_port=29500 \\\n    scripts/train.py \\\n    --config "$CONFIG" \\\n    "${@:3}"\n'
            },
        ),
        Line(
            "bash /s.sh",
            "torchrun",
            2,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\nset -euo pipefail\nNPROC=${1:-2}; shift || true\ntorchrun --nproc_per_node ${NPROC} train.py --distributed 1 "$@"\n'
            },
        ),
        Line(
            "bash /s.sh 3 --a",
            "torchrun",
            3,
            {},
            {
                "/s.sh": '#!/usr/bin/env bash\n\nset -x\nNGPUS=$1\nPY_ARGS="${@:2}"\n\ntorchrun --nproc_per_node=${NGPUS} train.py --launcher pytorch ${PY_ARGS}\n'
            },
        ),
        Line(
            "bash /s.sh /my_train.sh",
            "torchrun",
            4,
            {},
            {
                "/s.sh": '#!/bin/bash\nGPUS="${GPUS:-4}"           # default\nexport PYTHONUNBUFFERED=1\n\ntorchrun --standalone --no_python --nproc_per_node="${GPUS}" bash "$@"\n'
            },
        ),
        Line(
            "bash /s.sh",
            "deepspeed",
            4,
            {"GPUS_PER_NODE": "4", "NUM_NODES": "2", "TRAIN_FILE": "t.py"},
            {
                "/s.sh": "#!/bin/bash\nexport RANK=0\nexport WORLD_SIZE=$((NUM_NODES * GPUS_PER_NODE))\n\ndeepspeed --num_gpus=${GPUS_PER_NODE} ${TRAIN_FILE} ${RUN_ARGS}\n"
            },
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
        Line("python run_both.py", NONE, 1, added=True),
    ),
    "https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/": (
        Line(
            "mlflow models serve -m models:/yolo6/1 --no-conda --port 5001 --host 0.0.0.0",
            "mlflow",
            1,
            added=True,
        ),
        Line(
            "poetry run mlflow models serve -m models/meta_model -h 0.0.0.0 -p 5001",
            "mlflow",
            1,
            added=True,
        ),
        Line(
            "/usr/local/bin/entrypoint.sh bentoml serve /bento",
            "bentoml",
            1,
            {},
            {
                "/usr/local/bin/entrypoint.sh": '#!/bin/bash\nset -e\nif [ "${1:0:1}" = \'-\' ]; then\n    set -- bentoml serve "$@" /bento\nfi\nexec "$@"\n'
            },
            added=True,
        ),
        Line(
            "bash -c 'mlflow server --host 127.0.0.1 --port 8080 & jupyter lab --ip 0.0.0.0'", "mlflow", 4
        ),
        Line("bentoml serve service:svc --reload", "bentoml", 1, added=True),
    ),
    "https://docs.python.org/3/library/subprocess.html": (
        Line("/usr/local/bin/python /app/manage.py runserver 0.0.0.0:8000", NONE, 1, added=True),
        Line("python manage.py test --parallel 4", NONE, 1, added=True),
        Line("python manage.py run_huey -w 4 -k process", "manage.py", 4, added=True),
        Line("django-admin rqworker-pool default --num-workers 3", "manage.py", 3, added=True),
        Line("python manage.py rqworker --worker-class rq.worker.Worker", NONE, 1, added=True),
        Line("python app.py --workers=4 --server=gunicorn", NONE, 1, added=True),
        Line("python -m mypackage.serve --workers 4", NONE, 1, added=True),
        Line("./server --threads 8", NONE, 1, added=True),
        Line("/app/bin/start gunicorn", NONE, 1, added=True),
    ),
    "https://docs.ray.io/en/latest/serve/production-guide/": (
        Line("serve run /config.yaml", "serve", EACH, added=True),
        Line(
            "bash -c 'ulimit -n 65536; ray start --head --dashboard-host=0.0.0.0 --num-cpus=2 --block'",
            "ray",
            2,
        ),
        Line(
            "python3 -m vllm.entrypoints.openai.api_server --host=0.0.0.0 --model=m --pipeline-parallel-size=2 --tensor-parallel-size=2",
            "vllm",
            4,
            added=True,
        ),
        Line("python3 -m dynamo.vllm --model m --tensor-parallel-size 2", "vllm", 2, added=True),
        Line(
            "text-embeddings-router --model-id BAAI/bge --port 80 --max-concurrent-requests 512",
            "text-embeddings-router",
            1,
            added=True,
        ),
        Line("llama-server -m /m.gguf --host 0.0.0.0 -t 4 -np 2", "llama-server", 1, added=True),
        Line("ollama serve", "ollama", 1, added=True),
        Line("litellm --config /c.yaml --num_workers 2 --detailed_debug", "litellm", 2, added=True),
        Line("litellm --config /c.yaml --run_hypercorn --num_workers 2", "litellm", 1, added=True),
        Line("open-webui serve --host 0.0.0.0", "open-webui", 3, {"UVICORN_WORKERS": "3"}, added=True),
        Line("langflow run --host 0.0.0.0 --workers 2", "langflow", 2, added=True),
        Line("docling-serve run --workers 2", "docling-serve", 2, added=True),
        Line(
            "functions-framework --target hello --port 8080",
            "functions-framework",
            2,
            {"WORKERS": "2"},
            added=True,
        ),
        Line("feast serve -h 0.0.0.0 --workers 4", "feast", 4, added=True),
        Line("rasa run --enable-api", "rasa", 4, {"SANIC_WORKERS": "4"}, added=True),
    ),
    "https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/": (
        Line(
            "/opt/nvidia/nvidia_entrypoint.sh torchrun --nproc_per_node=2 train.py",
            "torchrun",
            2,
            added=True,
        ),
        Line("/opt/nvidia/nvidia_entrypoint.sh jupyter lab --ip=0.0.0.0", NONE, 1, added=True),
        Line(
            "horovodrun -np 4 --min-np 2 --host-discovery-script ./d.sh python train.py",
            "horovodrun",
            4,
            added=True,
        ),
        Line("mpirun --map-by ppr:2:node --bind-to core -np 4 python t.py", "mpirun", 2, added=True),
        Line("mpiexec -n 2 -ppn 2 -genv I_MPI_PIN_DOMAIN=omp python t.py", "mpiexec", 2, added=True),
        Line("env NPROC_PER_NODE=4 swift sft --model m", "swift", 4, added=True),
        Line(
            "env FORCE_TORCHRUN=1 NPROC_PER_NODE=2 llamafactory-cli train c.yaml",
            "llamafactory-cli",
            2,
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
        Line(
            "celery -A saleor --app=saleor.celeryconf:app worker --loglevel=info -B",
            "celery",
            EACH,
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
        Line(
            "/opt/netbox/venv/bin/python /opt/netbox/netbox/manage.py rqworker high default low",
            NONE,
            1,
            added=True,
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
    "https://github.com/kserve/kserve/blob/master/config/runtimes/kserve-huggingfaceserver.yaml": (
        Line(
            "python -m huggingfaceserver --model_name=m --model_dir=/mnt/models --backend=vllm --tensor-parallel-size=2",
            "kserve",
            2,
            added=True,
        ),
        Line(
            "python -m xgbserver --model_name=m --model_dir=/mnt/models --http_port=8080 --nthread=1",
            "kserve",
            1,
            added=True,
        ),
    ),
    "https://github.com/kubeflow/pipelines/blob/master/sdk/python/kfp/dsl/component_factory.py": (
        Line(
            'sh -ec \'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path "$program_path/ephemeral_component.py" "$@"\n\' \'import kfp\' --executor_input x',
            NONE,
            1,
        ),
    ),
    "https://docs.sglang.ai/references/multi_node_deployment/multi_node.html": (
        Line(
            "python3 -m sglang.launch_server --model-path m --tp 16 --dist-init-addr 172.16.4.52:20000 --nnodes 2 --node-rank 0",
            "sglang",
            EACH,
            added=True,
        ),
        Line(
            "vllm serve m --tensor-parallel-size=4 --pipeline-parallel-size=2 --nnodes 2 --node-rank 0",
            "vllm",
            4,
            added=True,
        ),
        Line("vllm serve m -tp=2", "vllm", 2, added=True),
    ),
    "https://pipx.pypa.io/stable/docs/#pipx-run": (
        Line("pipx run gunicorn -w 2 app:app", "gunicorn", 2, added=True),
        Line("pipx install gunicorn", NONE, 1),
        Line("uvx --from litellm litellm --num_workers 2", "litellm", 2, added=True),
        Line("uv run python -m streamlit.web.cli run app.py", "streamlit", 1, added=True),
    ),
    "https://www.gnu.org/software/bash/manual/bash.html": (
        Line("bash -c 'WEB_CONCURRENCY=${WEB_CONCURRENCY:-$(nproc)} exec uvicorn a:b'", "uvicorn", EACH),
        Line("env WEB_CONCURRENCY=4 uvicorn app:app", "uvicorn", 4, added=True),
        Line("sh -c 'celery -A app worker --concurrency=$((`nproc`-1))'", "celery", 7),
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
        Line(
            "bash -c 'case $ROLE in web) exec gunicorn -w 3 a:b;; *) exec celery -A a worker -c 2;; esac'",
            "celery",
            2,
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
        Line("sh -c 'seq 4 | xargs -P4 -I{} torchrun --nproc_per_node 1 t.py {}'", "torchrun", 4),
        Line("sh -c \"find . -name '*.py' -exec python {} \\;\"", NONE, 1),
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
        Line("R -e \"shiny::runApp('/app', host='0.0.0.0', port=3838)\"", "R", 1, added=True),
        Line("julia --project=. -e 'import Pluto; Pluto.run()'", "julia", 1, added=True),
        Line("python -m flask --app x run --host 0.0.0.0", "flask", 1, added=True),
        Line("python -m uvicorn.main app:app --workers 2", "uvicorn", 2, added=True),
        Line("jupyterhub --config /etc/jupyterhub_config.py --upgrade-db", NONE, 1, added=True),
        Line("xinference-local --host 0.0.0.0 --port 9997", NONE, 1, added=True),
        Line("python -m cog.server.http --threads 4", NONE, 1, added=True),
        Line("pserve production.ini", NONE, 1, added=True),
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
            "gunicorn backend.wsgi:application -w 2 -k gevent --timeout 60 --worker-connections 100 --max-requests 1000 --max-requests-jitter 100",
            "gunicorn",
            2,
            added=True,
        ),
        Line(
            "bash -c 'celery -A backend.celery_app worker --loglevel=info --concurrency=1 --max-memory-per-child=200000 & celery -A backend.celery_app beat --loglevel=info & wait -n'",
            "celery",
            1,
        ),
        Line(
            "bash -c 'celery -A backend.celery_app worker --concurrency=2 & celery -A backend.celery_app beat & exec gunicorn -w 2 b.wsgi'",
            "gunicorn",
            4,
        ),
    ),
    "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/": (
        Line("celery -A celery_app worker -l INFO -Q celery", "celery", EACH, added=True),
        Line("/bin/sh -c 'until nslookup db; do sleep 2; done; exec gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("python -m celery -A summon_platform worker -l info", "celery", EACH, added=True),
        Line("sh -c 'celery -A app worker -c ${C:?set it}'", "celery", 3, {"C": "3"}),
        Line("sh -c 'celery --workdir /app -A app worker -c 2 --without-mingle'", "celery", 2),
        Line("/bin/bash -c 'set -o pipefail; gunicorn -w 2 a:b |& tee -a log'", "gunicorn", 2),
        Line("/bin/bash -c 'gunicorn --bind 0.0.0.0:8000 --workers=$(($(nproc)*2)) a:b'", "gunicorn", 16),
        Line(
            "gunicorn -b [::]:80 -w 2 --log-config-json '{\"version\": 1}' a:b", "gunicorn", 2, added=True
        ),
        Line("pdm run uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("hatch run prod:gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("xvfb-run -a -s '-screen 0 1x1x24' celery -A a worker -c 2", "celery", 2, added=True),
        Line("infisical run --env=prod --projectId=x -- gunicorn -w 2 a:b", "gunicorn", 2, added=True),
        Line("infisical run --token=$T --command='celery -A a worker -c 2 && echo x'", "celery", 2),
        Line("doppler run --config prd --command='gunicorn -w 2 a:b'", "gunicorn", 2),
        Line("dotenvx run -f .env.production -- uvicorn a:b --workers 2", "uvicorn", 2, added=True),
        Line("chamber exec svc -- /entry.sh gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("aws-vault exec prod -- celery -A a worker -c 2", "celery", 2, added=True),
        Line("teller run -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("vault agent -config=/a.hcl -- gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("ssm-env -with-decryption gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line("pitchfork run gunicorn -w 2 a:b", "gunicorn", 2, certain=False),
        Line(
            "/usr/local/bin/aws-lambda-rie /usr/local/bin/python -m awslambdaric app.handler",
            NONE,
            1,
            added=True,
        ),
    ),
}
NEW_LINES = [(source, line) for source, lines in SOURCES.items() for line in lines]
