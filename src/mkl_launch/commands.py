"""The commands that are known: one row each, recognised by the name they are started with."""

from __future__ import annotations

from .record import record

SERVING = "serving"
TRAINING = "training"


@record
class Command:
    """A program: `profile` is how its work looks, `processes` whether it computes in one or several."""

    name: str
    profile: str
    one_process: bool = True


COMMANDS = (
    Command("tensorflow_model_server", SERVING),
    Command("tf_serving_entrypoint.sh", SERVING),
    Command("mxnet-model-server", SERVING, one_process=False),
    Command("multi-model-server", SERVING, one_process=False),
    Command("torchserve", SERVING, one_process=False),
    Command("tritonserver", SERVING),
    Command("ovms", SERVING),
    Command("llama-server", SERVING),
    Command("text-embeddings-router", SERVING),
    Command("ollama", SERVING, one_process=False),
    Command("vllm", SERVING, one_process=False),
    Command("gunicorn", SERVING, one_process=False),
    Command("uvicorn", SERVING, one_process=False),
    Command("uwsgi", SERVING, one_process=False),
    Command("torchrun", TRAINING, one_process=False),
)

UNKNOWN = Command("", TRAINING)
_BY_NAME = {row.name: row for row in COMMANDS}


def recognise(argv: tuple[str, ...]) -> Command:
    """The row for a command line; UNKNOWN for everything that is not in the table."""
    name = argv[0].rpartition("/")[2] if argv else ""
    if name.startswith("python") and argv[1:2] == ("-m",) and len(argv) > 2:
        name = argv[2].partition(".")[0]
    return _BY_NAME.get(name, UNKNOWN)


@record
class Engine:
    """Something that starts several processes and sets OMP_NUM_THREADS itself, as no user did.

    Where it tells how many processes share this machine (`local_size`), the budget is divided and
    the engine's number forgotten. Where it does not, its number is all that is known of this
    process's share: it is taken as the CPUs that the engine granted.
    """

    name: str
    marker: str
    local_size: str | None
    source: str


ENGINES = (
    Engine(
        "torchrun",
        "TORCHELASTIC_RUN_ID",
        "LOCAL_WORLD_SIZE",
        "https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables",
    ),
    Engine(
        "Ray",
        "RAY_RAYLET_PID",
        None,
        "https://docs.ray.io/en/latest/ray-core/configure.html#omp-num-thread-note",
    ),
)
