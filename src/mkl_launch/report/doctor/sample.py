"""A look at all containers of a machine: their processes, the CPU time of their threads, their counters.

The doctor takes two, and compares them. psutil is not used: it reads no control groups, and in a
recorded machine it would follow links out of the folder.

Source: proc(5), /proc/PID/cgroup, /proc/PID/status and /proc/PID/task/TID/stat.
"""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.cgroup import parse_membership
from mkl_launch.host.detect import allowed_cpus
from mkl_launch.host.filesystem import Root
from mkl_launch.report.doctor.groups import Hierarchy
from mkl_launch.report.doctor.identity import Identity, identify
from mkl_launch.report.doctor.observations import Container, Counters, Place, Sample

# Fields of /proc/PID/task/TID/stat behind the name in brackets, which may have spaces and brackets itself.
STATE, PARENT, USER_TIME, SYSTEM_TIME, START = 0, 1, 11, 12, 19
NOWHERE = Place(None, None, None)
ENDED = ("Z", "X", "x")  # states of a thread that runs no more

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def take(root: Root, hierarchy: Hierarchy, clock: Callable[[], float]) -> Sample:
    """Return a sample. A process that ends meanwhile is left out; it is no failure."""
    containers: dict[str, Container] = {}
    identities: dict[str, tuple[Identity | None, dict[str, str]]] = {}
    groups: dict[str, dict[str, str]] = {}  # {PID: {controller: path}}
    failures: list[str] = []
    pids = [name for name in root.names("/proc") if name.isdigit()]
    for pid in pids:
        membership = root.read(f"/proc/{pid}/cgroup")
        if membership.error:
            if root.exists(f"/proc/{pid}"):
                failures.append(f"{membership.path}: {membership.error}")
            continue
        if membership.text not in identities:  # of a thousand processes, only a few are in different groups
            paths = parse_membership(membership.text)
            identities[membership.text] = identify(paths), paths
        identity, groups[pid] = identities[membership.text]
        if identity:
            container = containers.setdefault(identity.id, Container(identity, NOWHERE, {}, {}, []))
            _add_process(root, container, pid)
    # Not the groups of any process: one that is ending is in the root of each v1 hierarchy already.
    living = {
        name: changed(each, place=hierarchy.place(groups[each.main], each.identity))
        for name, each in containers.items()
        if each.processes
    }
    counters: dict[str, Counters] = {}
    at = clock()  # what is measured over the time between two samples is in the counters
    for container in living.values():
        hierarchy.counters(container.place, counters)
    return Sample(at, living, counters, len(pids), tuple(failures))


def _add_process(root: Root, container: Container, pid: str) -> None:
    """Add the threads of a process to its container."""
    directory = f"/proc/{pid}/task"
    for tid in root.names(directory) or [pid]:
        reading = root.read(f"{directory}/{tid}/stat")
        fields = reading.text.rpartition(")")[2].split()
        try:
            start, ticks = int(fields[START]), int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])
        except (IndexError, ValueError):
            if root.exists(f"{directory}/{tid}"):
                container.failures.append(f"{reading.path}: {reading.error or 'not as in proc(5)'}")
                container.processes.setdefault(pid, ("", 0))
            continue
        if fields[STATE] not in ENDED:
            container.threads[tid, start] = ticks
            if tid == pid or pid not in container.processes:
                container.processes[pid] = fields[PARENT], start


def masks(root: Root, container: Container, expected: frozenset[int]) -> frozenset[int]:
    """Return the CPUs on which some thread of a container may run; empty if none could be read.

    The masks of threads beside the main ones matter only if these have been pinned to fewer CPUs than
    `expected`.
    """
    processes = [f"/proc/{pid}" for pid in container.processes]
    allowed = frozenset().union(*(allowed_cpus(root, directory) for directory in processes))
    if not expected or expected <= allowed:
        return allowed
    tasks = [f"{place}/task/{tid}" for place in processes for tid in root.names(f"{place}/task")]
    return allowed.union(*(allowed_cpus(root, task) for task in tasks))
