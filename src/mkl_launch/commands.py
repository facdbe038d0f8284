"""The commands that are known: one row each, recognised by the name they are started with."""

from __future__ import annotations

from .cpulist import MAX_CPU, positive
from .record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SERVING = "serving"
TRAINING = "training"


@record
class Command:
    """A program: how its work looks and how many processes it computes in.

    Where neither an option nor a variable tells the number, it is `workers`; None: one for each CPU.
    """

    name: str
    profile: str
    one_process: bool = True
    worker_options: tuple[str, ...] = ()
    worker_variables: tuple[str, ...] = ()
    workers: int | None = 1


COMMANDS = (
    Command("tensorflow_model_server", SERVING),
    Command("tf_serving_entrypoint.sh", SERVING),
    # Java front ends: a worker for each CPU that the JVM sees, which reads the limit as we do.
    Command("mxnet-model-server", SERVING, one_process=False, workers=None),
    Command("multi-model-server", SERVING, one_process=False, workers=None),
    Command("torchserve", SERVING, one_process=False, workers=None),
    Command("tritonserver", SERVING),
    Command("ovms", SERVING),
    Command("llama-server", SERVING),
    Command("text-embeddings-router", SERVING),
    Command("ollama", SERVING, one_process=False),
    Command("vllm", SERVING, one_process=False),
    Command(
        "gunicorn",
        SERVING,
        one_process=False,
        worker_options=("-w", "--workers"),
        worker_variables=("WEB_CONCURRENCY",),
    ),
    Command(
        "uvicorn",
        SERVING,
        one_process=False,
        worker_options=("--workers",),
        worker_variables=("WEB_CONCURRENCY",),
    ),
    Command("uwsgi", SERVING, one_process=False, worker_options=("-p", "--processes", "--workers")),
    Command(
        "torchrun",
        TRAINING,
        one_process=False,
        worker_options=("--nproc-per-node", "--nproc_per_node"),
        worker_variables=("PET_NPROC_PER_NODE",),
    ),
)

ALL_CPUS = ("auto", "cpu")  # of torchrun's --nproc-per-node
UNKNOWN = Command("", TRAINING)
_BY_NAME = {row.name: row for row in COMMANDS}


def recognise(argv: tuple[str, ...]) -> Command:
    """The row for a command line; UNKNOWN for everything that is not in the table."""
    name = argv[0].rpartition("/")[2] if argv else ""
    if name.startswith("python") and argv[1:2] == ("-m",) and len(argv) > 2:
        name = "torchrun" if argv[2] == "torch.distributed.run" else argv[2].partition(".")[0]
    return _BY_NAME.get(name, UNKNOWN)


def processes(
    row: Command, argv: tuple[str, ...], environ: Mapping[str, str], cpus: int
) -> tuple[int, str]:
    """How many processes the command will compute in, and what says so. `cpus` is one for each CPU."""
    told = [(f"{name} ", _value(argv, name)) for name in row.worker_options]
    told += [(f"{name}=", environ.get(name, "")) for name in row.worker_variables]
    for label, text in told:
        if text in ALL_CPUS:
            return cpus, label + text
        number = positive(text)
        if number and number <= MAX_CPU:
            return number, label + text
    return row.workers or cpus, "its default" if row.workers else "its default, one for each CPU"


def _value(argv: tuple[str, ...], name: str) -> str:
    """The last value of an option, as `--name value`, `--name=value` or `-nvalue`."""
    value = ""
    for word, following in zip(argv[1:], (*argv[2:], "")):
        if word == name:
            value = following
        elif word.startswith(name + "="):
            value = word[len(name) + 1 :]
        elif len(name) == 2 and word.startswith(name):
            value = word[2:]
    return value


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
