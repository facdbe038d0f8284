"""The records of what the doctor reads. Pure."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.model.facts import Limits
from mkl_launch.report.doctor.identity import Identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.host.cgroup import Group


class Counters(Record):
    """Counters of a control group since it was made. None: the group has no such counter.

    `throttled_seconds` are summed over the CPUs of the group. `problem` is why a file could not be read.
    """

    periods: float | None = None
    throttled: float | None = None
    throttled_seconds: float | None = None
    used_seconds: float | None = None
    problem: str | None = None


class Place(Record):
    """The control groups of a container. None: no such controller is mounted."""

    cpu: Group | None
    cpuset: Group | None
    accounting: Group | None  # of the CPU time that was used


class Container(Record):
    """A container as it was at the time of a sample. `failures` are files that could not be read."""

    identity: Identity
    place: Place
    processes: dict[str, tuple[str, int]]  # {PID: (PID of its parent, its start in ticks since boot)}
    threads: dict[tuple[str, int], int]  # {(TID, its start): CPU time in ticks}
    failures: list[str]

    @property
    def main(self) -> str:
        """Return the PID of the container's first process, which runs the ENTRYPOINT."""
        first = [pid for pid, (parent, _) in self.processes.items() if parent not in self.processes]
        return min(first or self.processes, key=lambda pid: (self.processes[pid][1], int(pid)), default="")


class Sample(Record):
    """All containers {ID: container} and counters {directory: counters}, at a time in seconds."""

    at: float
    containers: dict[str, Container]
    counters: dict[str, Counters]
    processes: int  # on the machine, as far as they are visible
    failures: tuple[str, ...]


class Planned(Record):
    """The decision of a launch in a container. None: not known; `problem` says why.

    `kept` is the value of OMP_NUM_THREADS that the container's own settings have, which a launch keeps.
    """

    threads: int | None = None  # of each process
    processes: int = 1
    kept: str | None = None
    program: str = ""  # its name, if it is a known one
    launched: bool | None = None  # the launcher has started it
    problem: str | None = None

    @property
    def total(self) -> int | None:
        """Return the number of threads of all processes."""
        return self.threads and self.threads * self.processes


class Details(Record):
    """What is read about a container once, and the decision of a launch there."""

    pid: str  # of its first process
    command: tuple[str, ...]
    limits: Limits
    quota_known: bool  # the quota, or that there is none, is certain
    cpus: frozenset[int]  # the mask; empty: could not be read
    planned: Planned = Planned()
