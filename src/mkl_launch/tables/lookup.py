"""The names of commands and wrappers, and the table of each, so that a start builds only rows it needs.

A test compares the names with the tables.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.tables.command_row import Command
    from mkl_launch.tables.wrapper_row import Wrapper

# Tables and the names in their rows.
COMMANDS = {
    "model_servers": (
        "tensorflow_model_server tf_serving_entrypoint.sh mxnet-model-server multi-model-server torchserve"
        " serve tritonserver ovms bentoml mlserver mlflow seldon-core-microservice azmlinfsrv kserve"
        " huggingfaceserver sklearnserver xgbserver lgbserver pmmlserver paddleserver autogluonserver"
        " catboostserver predictiveserver djl-serving java node"
    ),
    "llm_servers": (
        "llama-server text-embeddings-router ollama vllm sglang trtllm-serve lmdeploy"
        " text-generation-launcher lorax-launcher litellm aphrodite lightllm"
    ),
    "web_servers": (
        "gunicorn uvicorn hypercorn uwsgi pyuwsgi uwsgi-core fastapi granian sanic daphne waitress-serve"
        " mod_wsgi-express supervisord honcho foreman forego goreman overmind hivemind circusd pm2"
        " pm2-runtime flask streamlit panel bokeh litestar robyn functions-framework open-webui langflow"
        " docling-serve rasa feast runsvdir s6-svscan my_init"
    ),
    "queue_workers": (
        "celery airflow rq rqworker huey_consumer huey_consumer.py dramatiq dramatiq-gevent taskiq arq"
        " faust prefect saq manage.py django-admin"
    ),
    "batch_jobs": (
        "ray mpirun mpiexec mpirun.openmpi mpiexec.openmpi orterun prterun mpirun.mpich mpiexec.mpich"
        " mpiexec.hydra horovodrun srun dask dask-worker ipcluster pytest py.test locust luigi kedro"
        " spark-submit pyspark spark-class R Rscript julia tesseract gmx gmx_d gmx_mpi gmx_mpi_d mdrun"
        " mdrun_mpi"
    ),
    "finetuning_tools": "trl axolotl torchx",
    "training_launchers": (
        "torchrun tune accelerate accelerate-launch deepspeed fabric lightning colossalai run_cpu"
        " llamafactory-cli lmf swift megatron composer xtuner fleetrun msrun ipexrun"
    ),
}
# Programs that fail if OMP_NUM_THREADS differs from their options.
CONTRADICTING = frozenset(("gmx", "gmx_d", "gmx_mpi", "gmx_mpi_d", "mdrun", "mdrun_mpi"))
MODULES = {
    "torch.distributed.run": "torchrun",
    "torch.distributed.launch": "torchrun",
    "accelerate.commands.launch": "accelerate-launch",
    "accelerate.commands.accelerate_cli": "accelerate",
    "deepspeed.launcher.runner": "deepspeed",
    "distributed.cli.dask_worker": "dask-worker",
    "dask.__main__": "dask",
    "huey.bin.huey_consumer": "huey_consumer",
    "vllm.entrypoints": "vllm",
    "dynamo.vllm": "vllm",
    "dynamo.sglang": "sglang",
    "sglang.launch_server": "sglang",
    "sglang_router.launch_server": "sglang",
    "lightllm.server": "lightllm",
    "lightning.fabric.cli": "fabric",
    "lightning_fabric.cli": "fabric",
    "torch.backends.xeon.run_cpu": "run_cpu",
    "paddle.distributed.launch": "fleetrun",
    "paddle.distributed.fleet.launch": "fleetrun",
    "intel_extension_for_pytorch.cpu.launch": "ipexrun",
    "ipyparallel.cluster": "ipcluster",
    "fastapi_cli": "fastapi",
    "supervisor.supervisord": "supervisord",
    "circus.circusd": "circusd",
    "waitress": "waitress-serve",
    "horovod.runner": "horovodrun",
    "functions_framework": "functions-framework",
    "kserve.model_server": "kserve",
}
WRAPPERS = {
    "wrappers_container": (
        "env nice nohup stdbuf timeout chroot busybox exec ionice chrt taskset numactl setsid setpriv tini "
        "tini-static docker-init dumb-init catatonit gosu su-exec doas s6-setuidgid s6-applyuidgid "
        "start-stop-daemon cgexec cpulimit unshare dockerd-entrypoint.py "
        "dockerd_entrypoint.sh start_with_right_hostname.sh nvidia_entrypoint.sh mkl-launch"
    ),
    "wrappers_python": (
        "uv uvx pipx poetry pipenv pdm rye hatch conda mamba micromamba pixi coverage memray debugpy"
        " cProfile profile scalene viztracer kernprof opentelemetry-instrument ddtrace-run newrelic-admin"
        " py-spy strace ltrace perf valgrind time nsys ncu vtune logfire"
    ),
    "wrappers_environment": (
        "dotenv dotenvx doppler infisical aws-vault chamber vault-env op envconsul sops bws dapr summon"
        " berglas secrets-init vals env-cmd direnv mise pyenv devbox nix-shell"
        " concurrently npx npm"
    ),
    "wrappers_system": (
        "init with-contenv fixuid standard-supervisor aws-lambda-rie argoexec entrypoint linkerd-await"
        " scuttle wait-for-it.sh wait-for-it wait-for wait-for.sh dockerize watchmedo xvfb-run runuser su"
        " sudo systemd-run flock script unbuffer prlimit xargs parallel env_parallel parallel.moreutils sem"
        " watch chpst setuidgid setuser s6-envuidgid envdir s6-envdir softlimit s6-softlimit"
        " hwloc-bind likwid-pin apptainer singularity"
    ),
}


def _table_of(tables: dict[str, str]) -> dict[str, str]:
    return {name: table for table, names in tables.items() for name in names.split()}


COMMAND_TABLES = _table_of(COMMANDS)
WRAPPER_TABLES = _table_of(WRAPPERS)


def commands(name: str) -> tuple[Command, ...]:
    """Return the rows of a command, one for each known subcommand; () for an unknown name."""
    table = COMMAND_TABLES.get(name)
    if table == "model_servers":
        from mkl_launch.tables.model_servers import ROWS
    elif table == "llm_servers":
        from mkl_launch.tables.llm_servers import ROWS
    elif table == "web_servers":
        from mkl_launch.tables.web_servers import ROWS
    elif table == "queue_workers":
        from mkl_launch.tables.queue_workers import ROWS
    elif table == "batch_jobs":
        from mkl_launch.tables.batch_jobs import ROWS
    elif table == "finetuning_tools":
        from mkl_launch.tables.finetuning_tools import ROWS
    elif table == "training_launchers":
        from mkl_launch.tables.training_launchers import ROWS
    else:
        return ()
    return tuple(row for row in ROWS if name == row.name or name in row.aliases)


def wrapper(name: str) -> Wrapper | None:
    """Return the row of a wrapper; None for an unknown name."""
    table = WRAPPER_TABLES.get(name)
    if table == "wrappers_container":
        from mkl_launch.tables.wrappers_container import ROWS
    elif table == "wrappers_python":
        from mkl_launch.tables.wrappers_python import ROWS
    elif table == "wrappers_environment":
        from mkl_launch.tables.wrappers_environment import ROWS
    elif table == "wrappers_system":
        from mkl_launch.tables.wrappers_system import ROWS
    else:
        return None
    return next((row for row in ROWS if name == row.name or name in row.aliases), None)


def module_command(name: str) -> str:
    """Return the name of the command that `python -m NAME` runs; "" if it is unknown."""
    command = MODULES.get(name) or next((MODULES[key] for key in MODULES if name.startswith(key + ".")), "")
    first = name.partition(".")[0].replace("_", "-")
    known = first in COMMAND_TABLES or first in WRAPPER_TABLES
    return command or (first if known else name if name in WRAPPER_TABLES else "")


def contradicting(text: str) -> str:
    """Return the first word of a text that is in CONTRADICTING; "" if there is none."""
    if not any(name in text for name in CONTRADICTING):
        return ""
    plain = "".join(char if char.isalnum() or char in "_.-" else " " for char in text)
    return next((word for word in plain.split() if word in CONTRADICTING), "")
