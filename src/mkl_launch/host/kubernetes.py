"""CPUs that are told from outside, where the kernel does not show them: by a pod's spec, by an ECS task."""

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
    """Read what there is; what cannot be read is one of the `failures`."""
    limit, request = (
        _amount(root, name, environ.get(name, ""), online, failures) for name in (CPU_LIMIT, CPU_REQUEST)
    )
    task = None
    if root.live and environ.get(ECS_METADATA):
        task = _task(environ[ECS_METADATA], failures)
    return Declared(limit, request, task)


def _task(address: str, failures: list[str]) -> float | None:
    """The limit of the ECS task."""
    try:
        from mkl_launch.host.ecs import MetadataError, task_limit
    except ImportError as problem:  # a distribution's least Python
        failures.append(f"{ECS_METADATA}: not asked: {problem}")
        return None
    try:
        return task_limit(address)
    except MetadataError as problem:
        failures.append(f"{ECS_METADATA}: {problem}")
        return None


def _amount(root: Root, name: str, text: str, online: int, failures: list[str]) -> float | None:
    """An amount that the Downward API put into a variable, or into the file of a volume that it names."""
    said = text[:80]
    if text.startswith("/"):
        reading = root.read(text)
        if reading.error:
            failures.append(f"{name}={said}: {reading.error}")
            return None
        text = reading.text.strip()
    if text in ("", "0"):  # a request that the pod does not make
        return None
    try:
        # A bare number is in CPUs or, with the divisor 1m, in thousandths: more than the node has CPUs.
        if text.isdigit() and whole(text) > max(online, 1):
            return amount(text + "m")
        return amount(text)
    except ValueError:
        problem = "not an amount of CPU, as 2, 1500m, or 1500 with the divisor 1m"
        failures.append(f"{name}={said}: {problem}")
        return None
