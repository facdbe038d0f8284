"""What starts several processes and sets OMP_NUM_THREADS for each: one row each."""

from __future__ import annotations

from .record import record


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
