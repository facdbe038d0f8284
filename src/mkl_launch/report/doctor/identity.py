"""The container of a process, by the path of its control group. Pure."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.tables.container_paths import CONTAINER_PATHS, ContainerPath

ID_DIGITS = 64  # of an ID that a runtime makes; shorter numbers name other groups, too
HEXADECIMAL = frozenset("0123456789abcdef")
# Without the controllers of limits: a runtime may put a container into the groups of some controllers only.
CONTROLLERS = ("cpu", "", "cpuset", "cpuacct", "memory", "pids", "name=systemd")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Identity(Record):
    """A container: who started it, its ID, the UID of its Kubernetes pod ("": none)."""

    runtime: str
    id: str
    pod: str
    name: str  # the last name of the path of its group, which the paths of its processes have


def identify(paths: Mapping[str, str]) -> Identity | None:
    """Return the container of {controller: path of the group}, or None outside of a container.

    Of containers within a container, return the innermost one.
    """
    for controller in CONTROLLERS:
        names = paths.get(controller, "/").split("/")
        for depth in range(len(names) - 1, 0, -1):
            identity = _identity(names[: depth + 1])
            if identity:
                return identity
    return None


def group_path(path: str, identity: Identity) -> str:
    """Return the path of the container's own group, of which `path` is that group or one below it."""
    names = path.split("/")
    if identity.name not in names:
        return path
    last = len(names) - 1 - names[::-1].index(identity.name)
    return "/".join(names[: last + 1])


def _identity(names: list[str]) -> Identity | None:
    for row in CONTAINER_PATHS:
        found = _id(names, row)
        if found:
            return Identity(row.runtime, found, _pod(names), names[-1])
    return None


def _id(names: list[str], row: ContainerPath) -> str | None:
    """Return the ID if the path has the form of the row."""
    name = names[-1]
    if row.prefix.startswith(":"):
        name = name[max(name.find(row.prefix), 0) :]
    if not (name.startswith(row.prefix) and name.endswith(row.suffix)):
        return None
    number = name[len(row.prefix) : len(name) - len(row.suffix)]
    if row.below and not any(each.startswith(row.below) for each in names[:-1]):
        return None
    if row.odd_id:
        # The groups of ECS are /ecs/TASK/CONTAINER, and a container may have more below.
        in_place = not row.below or names[-3:-2] == [row.below]
        return number if number and in_place else None
    return number if len(number) == ID_DIGITS and HEXADECIMAL.issuperset(number) else None


def _pod(names: list[str]) -> str:
    """Return the UID of the pod: podUID, or with systemd kubepods-CLASS-podUID.slice with "_" for "-"."""
    for name in reversed(names):
        stem, pod, uid = name.partition(":")[0].rpartition("pod")
        if pod and uid and (not stem or stem.endswith("-")):
            return uid.removesuffix(".slice").replace("_", "-")
    return ""
