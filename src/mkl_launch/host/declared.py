"""CPU limits and requests that the kernel does not show: those of a pod's spec and of an ECS task."""

from __future__ import annotations

from mkl_launch.core.cpulist import amount, whole
from mkl_launch.core.names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import Declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
ECS_METADATA = "ECS_CONTAINER_METADATA_URI_V4"


def read_declared(root: Root, environ: Mapping[str, str], online: int, failures: list[str]) -> Declared:
    """Return the declared limits and requests; append to `failures` those that cannot be read."""
    limit, request = (
        _amount(root, name, environ.get(name, ""), online, failures) for name in (CPU_LIMIT, CPU_REQUEST)
    )
    task = None
    if root.live and environ.get(ECS_METADATA):
        task = _task(environ[ECS_METADATA], failures)
    return Declared(limit, request, task)


def _task(address: str, failures: list[str]) -> float | None:
    """Return the limit of the ECS task in CPUs, or None."""
    try:
        from mkl_launch.host.ecs import MetadataError, task_limit
    except ImportError as problem:  # a minimal Python, such as Debian's python3-minimal
        failures.append(f"{ECS_METADATA}: the limit of the ECS task is not read: {problem}")
        return None
    try:
        return task_limit(address)
    except MetadataError as problem:
        failures.append(f"{ECS_METADATA}: {problem}")
        return None


def _amount(root: Root, name: str, text: str, online: int, failures: list[str]) -> float | None:
    """Return the CPUs in a variable of the Downward API, or in the file of a volume that it names."""
    shown = text[:80]
    if text.startswith("/"):
        reading = root.read(text)
        if reading.error:
            failures.append(f"{name}={shown}: {reading.error}")
            return None
        text = reading.text.strip()
    if text in ("", "0"):  # the pod has no such request
        return None
    try:
        # With the divisor 1m the number is in thousandths, recognised by being above the number of CPUs.
        if text.isdigit() and whole(text) > max(online, 1):
            return amount(text + "m")
        return amount(text)
    except ValueError:
        problem = "not a CPU count (2, 1500m, or 1500 with the divisor 1m); ignored"
        failures.append(f"{name}={shown}: {problem}")
        return None
