"""CPU limits and requests that the kernel does not show: those of a pod's spec and of an ECS task."""

from __future__ import annotations

from mkl_launch.core.cpulist import amount, whole
from mkl_launch.core.option_names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import Declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.granted import Granted

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
ECS_METADATA = "ECS_CONTAINER_METADATA_URI_V4"
# The variables of `tables.grants`, whose rows are imported only if one of these is set.
GRANT_VARIABLES = frozenset(
    (
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "CPU_GUARANTEE",
        "CPU_LIMIT",
        "CUBACORES",
        "LSB_DJOB_NUMPROC",
        "LSB_MCPU_HOSTS",
        "NCPUS",
        "NSLOTS",
        "PBS_NUM_PPN",
        "ROOT_MAX_THREADS",
        "SLURM_CPUS_ON_NODE",
    )
)


def read_declared(
    root: Root, environ: Mapping[str, str], online: int, failures: list[str], *, units: bool = False
) -> Declared:
    """Return the declared limits and requests; append to `failures` those that cannot be read.

    `units`: also ask the agent of an ECS task for the CPU units of the container.
    """
    limit_text, request_text = (
        _text(root, name, environ.get(name, ""), failures) for name in (CPU_LIMIT, CPU_REQUEST)
    )
    limit = _amount(CPU_LIMIT, environ.get(CPU_LIMIT, ""), limit_text, online, failures)
    request = _amount(CPU_REQUEST, environ.get(CPU_REQUEST, ""), request_text, online, failures)
    after_boost: float | None = None
    if limit_text.startswith("{"):
        limit, after_boost = None, limit
    task: float | None = None
    granted: tuple[Granted, ...] = ()
    if not GRANT_VARIABLES.isdisjoint(environ):
        from mkl_launch.host.granted import read_granted

        granted = read_granted(root, environ, failures)
    if root.live and environ.get(ECS_METADATA):
        task, weight = _task(environ[ECS_METADATA], failures, units=units)
        granted += weight
    return Declared(limit, request, task, granted, after_boost)


def _task(address: str, failures: list[str], *, units: bool) -> tuple[float | None, tuple[Granted, ...]]:
    """Return the limit of the ECS task in CPUs, or None, and the CPU units of this container."""
    try:
        from mkl_launch.host.ecs import MetadataError, container_units, task_limit
    except ImportError as problem:  # a minimal Python, such as Debian's python3-minimal
        failures.append(f"{ECS_METADATA}: the limit of the ECS task is not read: {problem}")
        return None, ()
    try:
        return task_limit(address), container_units(address) if units else ()
    except MetadataError as problem:
        failures.append(f"{ECS_METADATA}: {problem}")
        return None, ()


def _text(root: Root, name: str, value: str, failures: list[str]) -> str:
    """Return a variable of the Downward API, or the file of a volume that it names; "" if there is none."""
    if not value.startswith("/"):
        return value
    reading = root.read(value)
    if reading.error:
        failures.append(f"{name}={value[:80]}: {reading.error}")
    return reading.text.strip()


def _amount(name: str, value: str, text: str, online: int, failures: list[str]) -> float | None:
    """Return the CPUs in a text of the Downward API: a number, or the annotation of a startup boost."""
    if text in ("", "0"):  # the pod has no such request
        return None
    try:
        if text.startswith("{"):
            from mkl_launch.host.pod import before_boost

            return before_boost(name, text)
        # With the divisor 1m the number is in thousandths, recognised by being above the number of CPUs.
        if text.isdigit() and whole(text) > max(online, 1):
            return amount(text + "m")
        return amount(text)
    except ValueError:
        problem = "not a CPU count (2, 1500m, or 1500 with the divisor 1m); ignored"
        failures.append(f"{name}={value[:80]}: {problem}")
        return None
