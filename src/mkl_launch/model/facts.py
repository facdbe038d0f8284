"""The CPUs of the process and their limits, as read from the machine."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.model.ranks import LauncherProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.granted import Granted
    from mkl_launch.model.tuned_profile import TunedProfile
    from mkl_launch.tables.preloadable import Library

# A kind of cpuset.cpus.partition, and a member below such a group: the kernel moves no thread there.
ISOLATED, IN_ISOLATED = "isolated", "member of isolated"

CpuGroups = tuple[frozenset[int], ...]


class Memory(Record):
    """The memory limit in bytes; None: not limited. `problem` is why the limit is not certain."""

    size: int | None = None
    problem: str | None = None


class Limits(Record):
    """The limits of the control groups; None: not limited. `failures` say what could not be read."""

    version: str | None = None  # v1, v2, hybrid; None: no cgroup of the CPU controller
    path: str | None = None
    quota: float | None = None  # in CPUs
    quota_source: str | None = None
    cpuset: frozenset[int] | None = None
    partition: str | None = None  # cpuset.cpus.partition of its v2 group: member, root, isolated
    inherits_cpuset: bool = False  # the cpuset is that of a group above the visible ones
    memory: Memory = Memory()
    failures: tuple[str, ...] = ()


class Declared(Record):
    """The limit and the request that an orchestrator declares, in CPUs; None: not declared.

    `task` is the limit of an ECS task, which is set on the parent group. `granted` is from schedulers.
    `after_boost` is the limit that the pod gets back after a startup boost.
    """

    limit: float | None = None
    request: float | None = None
    task: float | None = None
    granted: tuple[Granted, ...] = ()
    after_boost: float | None = None


class Preload(Record):
    """A library to preload, and the path of its file; None: no file was found."""

    library: Library
    path: str | None


class Facts(Record):
    """The CPUs of this process and their limits. `failures` are files that could not be read."""

    online: frozenset[int]
    mask: frozenset[int]
    cores: CpuGroups  # the CPUs in `mask`, grouped by core
    sockets: CpuGroups  # the CPUs in `mask`, grouped by socket
    limits: Limits
    declared: Declared = Declared()
    nodes: tuple[tuple[int, frozenset[int]], ...] = ()  # NUMA nodes; read only if processes share the CPUs
    caches: CpuGroups = ()  # the CPUs in `mask`, grouped by L3 cache; read only for instances of caches
    rank_gpus: CpuGroups = ()  # the CPUs beside the GPU of each rank; (): no GPUs, or not known
    job_launcher: LauncherProcess = LauncherProcess()  # read only if processes share the CPUs
    # CPUs of the mask among which the kernel moves no thread.
    isolated: frozenset[int] = frozenset()
    failures: tuple[str, ...] = ()
    preloads: tuple[Preload, ...] = ()  # of --allocator and --openmp
    tuned_profile: TunedProfile | None = None  # of --tune
    image: tuple[tuple[str, str], ...] = ()  # variables and values of the image's ENV
