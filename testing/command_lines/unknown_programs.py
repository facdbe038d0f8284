"""Command lines of programs that have no row, by source."""

# ruff: noqa: E501  # a command line is one line
from __future__ import annotations

from testing.command_lines.line import EACH, NONE, Line

SOURCES: dict[str, tuple[Line, ...]] = {
    "https://fastapi.tiangolo.com/deployment/server-workers/": (
        Line("fastapi dev main.py --workers 4", NONE, 1, added=True),
    ),
    "https://docs.celeryq.dev/en/stable/userguide/workers.html": (
        Line(
            "sh -c 'celery -A celery_app flower --port=${PORT:-5555} --broker=${CELERY_BROKER_URL}'", "", 1
        ),
        Line("celery -A proj beat -l info", NONE, 1, added=True),
        Line("celery -A proj flower --port=5555", NONE, 1, added=True),
        Line("celery -A proj inspect ping -d w@h", NONE, 1, added=True),
    ),
    "https://github.com/apache/airflow/blob/main/docker-stack-docs/entrypoint.rst": (
        Line("airflow db migrate", NONE, 1, added=True),
    ),
    "https://github.com/aws/sagemaker-inference-toolkit": (
        Line("serve", NONE, 1, added=True),
        Line(
            "serve",
            NONE,
            1,
            {},
            {"/usr/local/bin/serve": "#!/usr/bin/python3\nfrom ray.serve.scripts import cli\n"},
            added=True,
        ),
    ),
    "https://mlserver.readthedocs.io/en/latest/": (Line("mlserver infer -m x", NONE, 1, added=True),),
    "https://mlflow.org/docs/latest/cli.html": (Line("mlflow run . -P alpha=0.5", NONE, 1, added=True),),
    "https://huggingface.co/docs/accelerate/basic_tutorials/launch": (
        Line("accelerate config", NONE, 1, added=True),
    ),
    "https://docs.ray.io/en/latest/cluster/cli.html": (
        Line("ray status", NONE, 1, added=True),
        Line(
            "ray job submit --address http://head:8265 --working-dir . -- python train.py --num-workers 4",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://docs.dask.org/en/stable/deploying-cli.html": (Line("dask scheduler", NONE, 1, added=True),),
    "https://docs.astral.sh/uv/guides/integration/docker/": (
        Line("uv pip install gunicorn -w 4", NONE, 1, added=False),
        Line("uv run train.py --workers 4", NONE, 1, added=True),
    ),
    "https://python-poetry.org/docs/cli/#run": (Line("poetry add gunicorn", NONE, 1),),
    "https://docs.conda.io/projects/conda/en/latest/commands/run.html": (
        Line("conda run --live-stream -p /env python train.py", NONE, 1, added=True),
        Line("conda install gunicorn", NONE, 1),
    ),
    "https://github.com/vishnubob/wait-for-it": (
        Line("env A=b python x.py -S 'gunicorn -w 4'", NONE, 1, added=True),
    ),
    "https://docs.docker.com/reference/dockerfile/#shell-form-entrypoint-example": (
        Line("sh -c 'python train.py --workers 4'", NONE, 1),
        Line("sh -c 'echo gunicorn -w 4; python train.py'", NONE, 1),
    ),
    "https://docs.docker.com/build/building/best-practices/#entrypoint": (
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
    ),
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
        Line("bash", NONE, 1),
        Line("python", NONE, 1, added=True),
        Line("sleep infinity", NONE, 1, added=True),
    ),
    "https://github.com/apache/superset/blob/master/docker/docker-bootstrap.sh": (
        Line("superset run -p 8088 --with-threads --reload --debugger", NONE, 1, added=True),
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
    "https://huggingface.co/spaces/cowcow02/gen-ai-demo-3/blob/main/docker-compose.yml": (
        Line("gradio app.py", NONE, 1, added=True),
    ),
    "https://voila.readthedocs.io/en/stable/deploy.html": (
        Line("voila --port=8866 --no-browser notebook.ipynb", NONE, 1, added=True),
    ),
    "https://github.com/dagster-io/dagster/tree/master/examples/deploy_docker": (
        Line("dagster-webserver -h 0.0.0.0 -p 3000 -w workspace.yaml", NONE, 1, added=True),
        Line("dagster api grpc -p 4004 -h 0.0.0.0 --module-name repos", NONE, 1, added=True),
        Line("dagster-daemon run", NONE, 1, added=True),
    ),
    "https://man7.org/linux/man-pages/man1/watch.1.html": (
        Line("watch -n 60 python job.py", NONE, 1, added=True),
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
        Line(
            "/entry",
            NONE,
            1,
            {},
            {"/entry": "\x7fELF\x02\x01\x01\x00\x00exec gunicorn -w 3 a:b\n"},
            added=True,
        ),
    ),
    "https://opentelemetry.io/docs/zero-code/python/": (
        Line(
            "opentelemetry-instrument --service_name your-service-name python -m app.main",
            NONE,
            1,
            added=True,
        ),
        Line("opentelemetry-instrument python manage.py runserver --noreload", NONE, 1, added=True),
    ),
    "https://docs.astral.sh/uv/guides/integration/fastapi/": (
        Line("/usr/bin/env sh -lc 'uv run python -m app.runtime'", NONE, 1),
    ),
    "https://docs.dapr.io/reference/cli/dapr-run/": (
        Line(
            "dapr run --app-id python-service --app-port 8000 --dapr-http-port 3500 -- python app.py",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://getsops.io/docs/#passing-secrets-to-other-processes": (
        Line("sops exec-env secrets.enc.yaml 'python app.py'", NONE, 1),
    ),
    "https://github.com/rq/django-rq#running-workers": (
        Line("python manage.py rqworker default high", NONE, 1, added=True),
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
    "https://apptainer.org/docs/user/latest/cli/apptainer_exec.html": (
        Line("singularity exec --nv image.sif python3 train.py", NONE, 1, added=True),
        Line("snakemake --cores 8 --use-conda", NONE, 1, added=True),
        Line("papermill in.ipynb out.ipynb -p alpha 0.1", NONE, 1, added=True),
        Line("singularity pull docker://gunicorn", NONE, 1),
    ),
    "https://github.com/Yelp/dumb-init": (
        Line("dumb-init -- python ./tcc-exporter", NONE, 1, added=True),
        Line("dumb-init -- npm start", NONE, 1),
        Line("npm run start -- -w 2", NONE, 1),
    ),
    "https://llama-cpp-python.readthedocs.io/en/latest/server/": (
        Line(
            "python -m llama_cpp.server --model /m.gguf --host 0.0.0.0 --port 1234 --n_gpu_layers -1",
            NONE,
            1,
            added=True,
        ),
        Line(
            "python3 -m llama_cpp.server --model /m.gguf --n_threads 4 --host 0.0.0.0", NONE, 1, added=True
        ),
    ),
    "https://docs.sglang.ai/advanced_features/router.html": (
        Line("infinity_emb v2 --model-id m --port 7997", NONE, 1, added=True),
    ),
    "https://www.gnu.org/software/coreutils/manual/html_node/nproc-invocation.html": (
        Line("sh -c 'make -j$(nproc) && python train.py'", NONE, 1),
    ),
    "https://airflow.apache.org/docs/docker-stack/entrypoint.html": (
        Line("airflow dag-processor", NONE, 1, added=True),
        Line("airflow triggerer", NONE, 1, added=True),
    ),
    "https://docs.docker.com/compose/how-tos/startup-order/": (
        Line(
            "sh -c 'rm -f /tmp/celerybeat.pid && celery -A config beat -l info --pidfile=/tmp/celerybeat.pid'",
            NONE,
            1,
        ),
        Line("sh -c 'for i in 1 2 3; do python worker.py --id $i & done; wait'", NONE, 3),
    ),
    "https://docs.sglang.ai/basic_usage/": (
        Line(
            "python3 -m sglang_router.launch_router --worker-urls http://a:8000 http://b:8000",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://numpy.org/doc/stable/reference/global_state.html": (
        Line("numactl --cpunodebind=0 --membind=0 uv run bench.py", NONE, 1, added=True),
        Line("/usr/bin/time -f %E python -m joblib_script", NONE, 1, added=True),
    ),
    "https://manpages.debian.org/bookworm/dpkg/start-stop-daemon.8.en.html": (
        Line("dbus-run-session -- python app.py", NONE, 1, added=True),
        Line("make serve", NONE, 1, added=True),
        Line("just serve gunicorn", NONE, 1, added=True),
        Line("tox -e py312 -- -n 4", NONE, 1, added=True),
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
    ),
    "https://github.com/kanaboid/mes-parafina-app/blob/main/Procfile": (
        Line(
            "celery -A celery_app.celery beat -l info --scheduler celery_sqlalchemy_scheduler.schedulers.DatabaseScheduler",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://docs.celeryq.dev/en/stable/getting-started/next-steps.html": (
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
    ),
    "https://distributed.dask.org/en/stable/worker.html": (
        Line("ray job submit --address http://x:8265 -- python train.py", NONE, 1, added=True),
        Line("luigid --port 8082", NONE, 1, added=True),
    ),
    "https://github.com/uktrade/market-access-api/blob/main/Procfile": (
        Line("celery -A config.celery beat -l info -S django", NONE, 1, added=True),
    ),
    "https://channels.readthedocs.io/en/latest/deploying.html": (
        Line("poetry run python manage.py runworker channels", NONE, 1, added=True),
    ),
    "https://github.com/diegopenilla/metal_owl_control/blob/main/run.sh": (
        Line("python run_both.py", NONE, 1, added=True),
    ),
    "https://docs.python.org/3/library/subprocess.html": (
        Line("/usr/local/bin/python /app/manage.py runserver 0.0.0.0:8000", NONE, 1, added=True),
        Line("python manage.py test --parallel 4", NONE, 1, added=True),
        Line("python manage.py rqworker --worker-class rq.worker.Worker", NONE, 1, added=True),
        Line("python app.py --workers=4 --server=gunicorn", NONE, 1, added=True),
        Line("python -m mypackage.serve --workers 4", NONE, 1, added=True),
        Line("./server --threads 8", NONE, 1, added=True),
        Line("/app/bin/start gunicorn", NONE, 1, added=True),
    ),
    "https://docs.pytorch.org/docs/stable/elastic/run.html": (
        Line(
            "bash -c 'if [ -f /many ]; then torchrun --nproc_per_node 4 t.py; else python t.py; fi'",
            NONE,
            1,
        ),
        Line(
            "/s.sh --wrong 4",
            NONE,
            1,
            {},
            {
                "/s.sh": "#!/bin/bash\nwhile [ $# -gt 0 ]; do\n  case $1 in\n    -n) N=$2; shift 2;;\n    *) exit 2;;\n  esac\ndone\ntorchrun --nproc_per_node=$N t.py\n"
            },
            added=True,
        ),
    ),
    "https://docs.nvidia.com/deeplearning/frameworks/pytorch-release-notes/": (
        Line("/opt/nvidia/nvidia_entrypoint.sh jupyter lab --ip=0.0.0.0", NONE, 1, added=True),
    ),
    "https://github.com/netbox-community/netbox-docker/blob/release/docker/launch-netbox.sh": (
        Line(
            "/opt/netbox/venv/bin/python /opt/netbox/netbox/manage.py rqworker high default low",
            NONE,
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
    "https://pipx.pypa.io/stable/docs/#pipx-run": (Line("pipx install gunicorn", NONE, 1),),
    "https://www.gnu.org/software/bash/manual/bash.html": (
        Line("sh -c \"find . -name '*.py' -exec python {} \\;\"", NONE, 1),
    ),
    "https://shiny.posit.co/r/articles/share/deploy-docker/": (
        Line("jupyterhub --config /etc/jupyterhub_config.py --upgrade-db", NONE, 1, added=True),
        Line("xinference-local --host 0.0.0.0 --port 9997", NONE, 1, added=True),
        Line("python -m cog.server.http --threads 4", NONE, 1, added=True),
        Line("pserve production.ini", NONE, 1, added=True),
    ),
    "https://spark.apache.org/docs/latest/spark-standalone.html": (
        Line("spark-class org.apache.spark.deploy.master.Master --host m", NONE, 1, added=True),
    ),
    "https://kubernetes.io/docs/concepts/workloads/pods/init-containers/": (
        Line(
            "/usr/local/bin/aws-lambda-rie /usr/local/bin/python -m awslambdaric app.handler",
            NONE,
            1,
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
    ),
    "https://docs.sglang.ai/developer_guide/bench_serving.html": (
        Line("python -m sglang.bench_serving --backend sglang --num-prompts 10", NONE, 1, added=True),
    ),
    "https://airflow.apache.org/docs/apache-airflow/stable/howto/docker-compose/index.html": (
        Line("airflow dag-processor", NONE, 1, added=True),
    ),
    "https://github.com/emmett-framework/granian#options": (
        Line(
            "/entry.sh migrate",
            NONE,
            1,
            {},
            {
                "/entry.sh": '#!/bin/sh\nset -eu\ncmd="${1:-api}"\n[ "$#" -gt 0 ] && shift\ncase "$cmd" in\n  api)\n    exec granian --interface asgi --host 0.0.0.0 --port "${PORT:-8080}" \\\n      --workers "${WEB_CONCURRENCY:-1}" shop.asgi:application "$@" ;;\n  worker)\n    exec celery -A shop worker --concurrency "${WORKER_CONCURRENCY:-4}" "$@" ;;\n  migrate)\n    exec python manage.py migrate --noinput "$@" ;;\n  *)\n    exec "$cmd" "$@" ;;\nesac\n'
            },
        ),
    ),
    "https://www.uvicorn.org/settings/": (
        Line("sh -c 'cat <<EOF > /etc/motd\ngunicorn -w 4 a:b\nEOF\npython x.py'", NONE, 1),
        Line("sh -c 'notify \"gunicorn -w 4 is up\"; python x.py'", NONE, 1),
        Line("bash -c '[[ -f gunicorn ]] && echo \"uvicorn a:b --workers 9\"; exec python x.py'", NONE, 1),
        Line("git commit -m 'run celery -A app worker -c 4'", NONE, 1, added=True),
        Line("python bench.py --cmd 'uvicorn a:b --workers 4'", NONE, 1, added=True),
    ),
    "https://dask-gateway.readthedocs.io": (
        Line(
            'dask-spec --spec \'{"cls":"dask.distributed.Nanny","opts":{"nthreads":4}}\'',
            NONE,
            1,
            added=True,
        ),
    ),
    "https://distributed.dask.org/en/stable/deploying-cli.html": (
        Line("dask scheduler --port 8786 --dashboard-address :8787", NONE, 1, added=True),
    ),
    "https://docs.pytorch.org/torchtune/stable/tune_cli.html": (
        Line("sh -c 'echo tune run --nproc_per_node 4; python x.py'", "", 1),
        Line("tune download meta-llama/Llama --output-dir /tmp", NONE, 1, added=True),
    ),
    "https://slurm.schedmd.com/srun.html": (Line("sbatch --ntasks=4 train.sbatch", NONE, 1, added=True),),
    "https://github.com/sgl-project/sglang/tree/main/sgl-router": (
        Line(
            "python -m sglang_router.launch_router --worker-urls http://a:8000 http://b:8000",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://airflow.apache.org/docs/apache-airflow/stable/cli-and-env-variables-ref.html": (
        Line("airflow tasks run d t manual__1 --local --subdir DAGS_FOLDER/x.py", NONE, 1, added=True),
    ),
    "https://airflow.apache.org/docs/": (
        Line(
            "python -m airflow.sdk.execution_time.execute_workload --json-string '{\"x\": 1}'",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://docs.docker.com/reference/dockerfile/#cmd": (
        Line("vegeta attack -targets t.txt -workers 4 -rate 50", NONE, 1, added=True),
        Line(
            "/kaniko/executor --dockerfile=D --context=. --destination=gunicorn --build-arg CMD='gunicorn -w 4 app:app'",
            NONE,
            1,
            added=True,
        ),
        Line("sh -c 'pgrep -f \"gunicorn -w 4\" || python x.py'", NONE, 1),
        Line("sh -c 'echo \"celery worker -c 8\" >> /log; python x.py'", NONE, 1),
        Line("mlflow run . -P workers=4 -e train", NONE, 1, added=True),
        Line("python train.py --num-workers 8 --workers 4 -n 4 --nproc_per_node 4", NONE, 1, added=True),
    ),
    "https://snakemake.readthedocs.io": (Line("snakemake --cores 4 all", NONE, 1, added=True),),
    "https://docs.ultralytics.com/usage/cfg/": (
        Line("yolo train data=coco.yaml workers=8 device=cpu", NONE, 1, added=True),
    ),
    "https://beam.apache.org": (
        Line(
            "python -m apache_beam.examples.wordcount --runner DirectRunner --direct_num_workers 4",
            NONE,
            1,
            added=True,
        ),
    ),
    "https://www.npmjs.com/package/serve": (Line("npx serve -s build -l 3000", NONE, 1, added=True),),
    "https://fastapi.tiangolo.com/fastapi-cli/": (
        Line("fastapi dev main.py --port 80", NONE, 1, added=True),
    ),
    "https://jupyter-docker-stacks.readthedocs.io": (
        Line(
            "/usr/bin/tini -- jupyter lab --port=8888 --no-browser --ip=0.0.0.0 --NotebookApp.token= --allow-root",
            "",
            1,
            added=True,
        ),
        Line("tini -g -- start-notebook.py --NotebookApp.token=''", NONE, 1, added=True),
    ),
    "https://papermill.readthedocs.io": (
        Line("papermill in.ipynb out.ipynb -p n_workers 4", NONE, 1, added=True),
    ),
    "https://docs.chainlit.io": (Line("chainlit run app.py -h --port 7860", NONE, 1, added=True),),
    "https://github.com/aptible/supercronic": (Line("supercronic /app/crontab", NONE, 1, added=True),),
    "https://docs.python.org/3/library/timeit.html": (
        Line("python -m timeit -n 4 pass", NONE, 1, added=True),
    ),
    "https://github.com/just-containers/s6-overlay": (Line("/init python3 app.py", NONE, 1, added=True),),
    "https://github.com/mosaicml/composer": (
        Line(
            "composer install -n",
            NONE,
            1,
            {},
            {"/usr/local/bin/composer": "#!/usr/bin/env php\n<?php\n"},
            added=True,
        ),
    ),
    "https://github.com/superdesk/fireq/blob/master/endpoints/common/supervisor.tpl": (
        Line("sh -c '. /env/bin/activate && exec celery -A worker beat --loglevel=DEBUG --pid='", "", 1),
    ),
    "https://huggingface.co/docs/trl/clis": (
        Line("python train.py --method trl sft --num_processes 4", "", 1, added=True),
        Line("trl env", "", 1, added=True),
    ),
    "https://docs.pytorch.org/torchx/latest/components/distributed.html": (
        Line("torchx list -s slurm", "", 1, added=True),
    ),
    "https://docs.axolotl.ai/docs/cli.html#launcher-arguments": (
        Line("axolotl preprocess config.yml", "", 1, added=True),
    ),
    "https://mywiki.wooledge.org/ProcessManagement": (
        Line(
            "/b.sh",
            "",
            4,
            {},
            {
                "/b.sh": "#!/bin/bash\nCUDA_VISIBLE_DEVICES=0 python train_experiments_imagenet.py &\nCUDA_VISIBLE_DEVICES=1 python train_experiments_transformer.py &\nCUDA_VISIBLE_DEVICES=2 python train_experiments_custom.py &\nCUDA_VISIBLE_DEVICES=3 python train_experiments_large.py &\nwait\n"
            },
        ),
        Line(
            "/c.sh",
            "",
            1,
            {},
            {
                "/c.sh": '#!/bin/bash\n\nnum_iterations=9\n\nfor i in $(seq 1 $num_iterations)\ndo\n  echo "Running iteration $i"\n  CUDA_VISIBLE_DEVICES=3 python train.py $i\ndone\n'
            },
        ),
        Line(
            "/r.sh",
            "",
            8,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor i in {0..7}; do\n  CUDA_VISIBLE_DEVICES=$i python train.py --seed $i > log_$i.txt 2>&1 &\ndone\nwait\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor i in $(seq 0 3)\ndo\n  nohup python -u run.py --part $i &\n  sleep 5\ndone\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            4,
            {},
            {
                "/r.sh": "#!/bin/bash\nN=4\nfor i in $(seq 1 $N); do\n  python run.py $i &\ndone\nwait\necho done\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            3,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor g in a b; do\n  for s in 1 2 3; do\n    python t.py $g $s &\n  done\n  wait\ndone\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {"/r.sh": "#!/bin/bash\nfor g in a b c; do\n  python t.py $g\ndone\n"},
            added=True,
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor g in a b c; do\n  ./download.sh $g &\ndone\nwait\npython train.py\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor g in a b c; do\n  curl -O http://x/$g &\ndone\nwait\npython train.py\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {"/r.sh": "#!/bin/bash\nfor f in *.gz; do\n  python unpack.py $f &\ndone\nwait\n"},
            added=True,
        ),
        Line("/r.sh", "", 1, {}, {"/r.sh": "#!/bin/bash\npython server.py &\npython client.py\n"}),
        Line("/r.sh", "", 2, {}, {"/r.sh": "#!/bin/bash\npython api.py &\npython worker.py &\nwait -n\n"}),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": '#!/bin/bash\nif [ -n "$(curl x)" ]; then\n  for i in 1 2 3; do python t.py & done\nfi\nwait\n'
            },
            added=True,
        ),
        Line(
            "/r.sh",
            "",
            2,
            {},
            {
                "/r.sh": "#!/bin/bash\n(\n  python a.py\n  python b.py\n) &\n(\n  python c.py\n  python d.py\n) &\nwait\n"
            },
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\nfor i in 1 2 3 4 5 6 7 8; do\n  python t.py $i &\n  if (( i % 4 == 0 )); then wait; fi\ndone\n"
            },
            added=True,
        ),
        Line(
            "/r.sh",
            "",
            1,
            {},
            {"/r.sh": "#!/bin/bash\necho 'for i in 1 2 3; do python t.py & done'\npython x.py\n"},
        ),
    ),
    "https://docs.astral.sh/uv/concepts/projects/run/": (
        Line(
            "/entrypoint.sh train",
            "",
            1,
            {},
            {
                "/entrypoint.sh": '#!/bin/sh\nset -e\nif [ "$1" = "train" ]; then\n  shift\n  echo "Starting training pipeline..."\n  uv run train "$@"\n  exit $?\nfi\nif [ "$1" = "inference" ]; then\n  shift\n  uv run inference "$@"\n  exit $?\nfi\nexec "$@"\n'
            },
            added=True,
        ),
    ),
    "https://github.com/trueforge-org/containerforge": (
        Line(
            "/start.sh",
            "",
            1,
            {},
            {
                "/start.sh": '#!/usr/bin/with-contenv bash\nexec \\\n    s6-notifyoncheck -d -n 300 -w 1000 -c "nc -z localhost 8085" \\\n        s6-setuidgid abc python3 /app/htpcmanager/Htpc.py \\\n        --datadir /config\n'
            },
            added=True,
        ),
    ),
    "https://github.com/balslamdunks/ai-chat-app": (
        Line("chainlit run application_chainlit.py -w --port=8000 --host=0.0.0.0", "", 1, added=True),
    ),
    "https://github.com/don-lab-dc/jupyterlab-docker": (
        Line(
            "start.sh jupyter lab",
            "",
            1,
            {},
            {
                "/start.sh": '#!/bin/bash\nset -e\nif [ $# -eq 0 ]; then\n    cmd=( "bash" )\nelse\n    cmd=( "$@" )\nfi\nexec "${cmd[@]}"\n'
            },
            added=True,
        ),
    ),
    "https://github.com/jerry8137/jupyterlab_docker": (
        Line(
            "/run.sh",
            "",
            1,
            {},
            {
                "/run.sh": "#! /bin/bash\nservice ssh start\njupyter lab --ip=0.0.0.0 --no-browser --allow-root --NotebookApp.token=${NOTEBOOK_APP_TOKEN} --notebook-dir=${NOTEBOOK_DIR}\n"
            },
            added=True,
        ),
    ),
    "https://docs.temporal.io/develop/python": (Line("python -m temporal.worker", "", 1, added=True),),
    "https://github.com/krallin/tini#usage": (
        Line(
            "/run.sh train.py",
            "",
            1,
            {},
            {
                "/run.sh": '#!/bin/bash\n\n# Tini allows us to avoid several Docker edge cases, see https://github.com/krallin/tini.\n/usr/bin/tini -s -- python "$@"\n'
            },
        ),
    ),
    "https://github.com/Acly/krita-ai-diffusion": (
        Line(
            "/pre_start.sh",
            "",
            1,
            {},
            {
                "/pre_start.sh": "#!/bin/bash\n\nexport PYTHONUNBUFFERED=1\nsource /venv/bin/activate\nrsync -au --remove-source-files /ComfyUI/* /workspace/ComfyUI\n\npython /scripts/download_models.py ${@} /\n\ncd /workspace/ComfyUI\npython main.py --listen --port 3000 &\n"
            },
        ),
    ),
    "https://github.com/justusschulte23-spec/shortie-video-serverless": (
        Line(
            "/start.sh",
            "",
            1,
            {},
            {
                "/start.sh": "#!/bin/bash\n\npython3 /ComfyUI/main.py --listen --port 8188 --disable-auto-launch &\n\nsleep 5\n\npython3 /workspace/serverless_handler.py\n"
            },
        ),
    ),
    "https://github.com/spolti/kserve": (
        Line("python -m rfserver --model_name aixserver", "", 1, added=True),
    ),
    "https://github.com/n01z3/kaggle-pneumothorax-segmentation": (
        Line(
            "bash /b01.sh",
            "",
            8,
            {},
            {
                "/b01.sh": "#!/usr/bin/env bash\n\ntrain_fold() {\n  echo ${1} ${2}\n  CUDA_VISIBLE_DEVICES=${2} python n15_train.py --fold=${1} --net 'se154' | tee 'se154'${1}'fold_2.log'\n}\nexport -f train_fold\nparallel -j8 --line-buffer train_fold {} '$(({%} % 8))' ::: {0..7}\n"
            },
        ),
    ),
    "https://huggingface.co/docs/lighteval/quicktour": (
        Line(
            "lighteval vllm pretrained=m 'leaderboard|truthfulqa:mc|0|0' --use-chat-template",
            "",
            1,
            added=True,
        ),
    ),
    "https://github.com/EleutherAI/lm-evaluation-harness": (
        Line("lm_eval --model vllm --model_args pretrained=m --tasks gsm8k", "", 1, added=True),
    ),
    "https://llm.mlc.ai/docs/deploy/rest.html": (
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": '#!/bin/bash\nset -euo pipefail\necho "[INFO] Starting FastAPI server on 0.0.0.0:${PORT:-8000} ..."\nexec mlc_llm serve --host 0.0.0.0 --port "${PORT:-8000}"\n'
            },
            added=True,
        ),
    ),
    "https://github.com/python-discord/summer-code-jam-2020": (
        Line(
            "bash /startdev.sh",
            "",
            1,
            {},
            {
                "/startdev.sh": "echo Waiting for DB\npython pgwait.py\necho Applying migrations\npython manage.py migrate\npython manage.py runserver 0.0.0.0:8000\n"
            },
        ),
    ),
    "https://github.com/boovines/G-HAPO": (
        Line(
            "bash /r.sh",
            "",
            1,
            {},
            {
                "/r.sh": 'MODEL=model_name_or_path\nMODEL_ARGS="pretrained=$MODEL,dtype=bfloat16,max_model_length=32768,generation_parameters={max_new_tokens:32768,temperature:0.6,top_p:0.95}"\nTASK=gpqa:diamond\nexport VLLM_WORKER_MULTIPROC_METHOD=spawn\nlighteval vllm $MODEL_ARGS "lighteval|$TASK|0|0" \\\n    --use-chat-template \\\n    --output-dir $OUTPUT_DIR\n'
            },
            added=True,
        ),
    ),
    "https://github.com/Bihan/dstack": (
        Line(
            "sh -c 'ray job submit -- python3 -m verl.trainer.main_ppo data.train_files=/root/data/gsm8k/train.parquet trainer.n_gpus_per_node=8 trainer.nnodes=2 2>&1 | tee verl_demo.log'",
            "",
            1,
        ),
    ),
    "https://github.com/erangvee/jobs-and-slurm-scripts": (
        Line(
            "bash /r.sh",
            "",
            1,
            {"SLURM_ARRAY_TASK_ID": "1"},
            {
                "/r.sh": "#!/bin/bash\n#SBATCH --job-name=task_array\n#SBATCH --ntasks=1\n#SBATCH --array=0-4\n\nmkdir -p ./output\n\nspack env activate /scratch/user.test/spack/spack_env\nspack load miniconda3\n\nsource activate conda_env\npython job_array.py ${SLURM_ARRAY_TASK_ID}\n"
            },
        ),
    ),
    "https://github.com/facebookresearch/nocturne": (
        Line(
            "bash /r.sh",
            "",
            1,
            {},
            {
                "/r.sh": '#!/bin/bash\n#SBATCH --array=0-1%25\nSINGULARITY_IMAGE=hpc/nocturne.sif\nOVERLAY_FILE=hpc/overlay-15GB-500K.ext3\nsingularity exec --nv --overlay "${OVERLAY_FILE}:ro"     "${SINGULARITY_IMAGE}"     /bin/bash experiments/slurm/run_scripts/bash_exec.sh "${SLURM_ARRAY_TASK_ID}"\necho "Successfully launched image."\n'
            },
            added=True,
        ),
    ),
    "https://docs.nvidia.com/nemo-framework/user-guide/latest/": (
        Line(
            "/r.sh",
            "",
            1,
            {},
            {
                "/r.sh": "#!/bin/bash\npython megatron_gpt_pretraining_gk.py  \\\n    --config-path=conf \\\n    --config-name=megatron_gpt_config \\\n    trainer.devices=1 \\\n    trainer.num_nodes=1 \\\n    trainer.max_epochs=null\n"
            },
        ),
    ),
}
