"""What a launch knows of the machine and of its limits, as values."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.model.ranks import LauncherProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.tables.preloadable import Library

CpuGroups = tuple[frozenset[int], ...]


class Memory(Record):
    """The memory limit: `size` in bytes, None is "not limited"; `problem` is why that is not certain."""

    size: int | None = None
    problem: str | None = None


class Limits(Record):
    """What the control groups allow. None is "not limited"; `failures` tells what was not readable."""

    version: str | None = None  # v1, v2, hybrid; None: no cgroup of the CPU controller
    path: str | None = None
    quota: float | None = None  # in CPUs
    quota_source: str | None = None
    cpuset: frozenset[int] | None = None
    partition: str | None = None  # cpuset.cpus.partition of its v2 group: member, root, isolated
    memory: Memory = Memory()
    failures: tuple[str, ...] = ()


class Declared(Record):
    """In CPUs; None: nothing is said. `task` is a limit on an ECS task, which its parent group has."""

    limit: float | None = None
    request: float | None = None
    task: float | None = None


class Preload(Record):
    """A library that was asked for, and the path of its file; None: there is none."""

    library: Library
    path: str | None


class Facts(Record):
    """The CPUs of this process and what limits them. `failures` is what could not be read."""

    online: frozenset[int]
    mask: frozenset[int]
    cores: CpuGroups  # of the CPUs in `mask` only, SMT siblings together
    sockets: CpuGroups  # likewise
    limits: Limits
    declared: Declared = Declared()
    nodes: tuple[tuple[int, frozenset[int]], ...] = ()  # NUMA nodes; only where processes share the CPUs
    job_launcher: LauncherProcess = LauncherProcess()  # of these processes
    isolated: frozenset[int] = frozenset()  # CPUs of the mask among which the kernel moves no threads
    failures: tuple[str, ...] = ()
    preloads: tuple[Preload, ...] = ()  # libraries that were asked for
    image: tuple[tuple[str, str], ...] = ()  # variables with the values that the image's ENV gave them
