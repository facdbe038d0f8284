"""A running process: its threads, its settings, and how often its quota throttled it.

The launcher does not run after exec, and a limit may change while a process runs (in-place resize of a pod,
`docker update`). Sources: proc(5); cpu.stat in Documentation/admin-guide/cgroup-v2.rst and
Documentation/scheduler/sched-bwc.rst.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import APPLIED, CPU_LIMIT, CPU_REQUEST
from mkl_launch.core.record import Record
from mkl_launch.host import cgroup
from mkl_launch.host.declared import ECS_METADATA
from mkl_launch.host.filesystem import Root
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Throttled(Record):
    """The counters in cpu.stat of a group with a quota, since the creation of the group."""

    path: str
    periods: int
    throttled: int  # number of these periods in which the group was throttled
    seconds: float  # summed over the group's CPUs


class Process(Record):
    """A running process. `environ` is the environment at its exec, None without permission to read it."""

    pid: int
    command: tuple[str, ...]
    environ: dict[str, str] | None
    running: int  # threads that run or wait for a CPU
    masks: tuple[tuple[frozenset[int], int], ...]  # each mask, and how many threads have it
    throttled: tuple[Throttled, ...]
    foreign: bool = False  # belongs to another user, or is in another mount namespace

    @property
    def threads(self) -> int:
        """Return the number of all threads, idle ones included."""
        return sum(number for _, number in self.masks)


class Change(Record):
    """A setting that a new start of the process would change. None: unset."""

    name: str
    was: str | None
    now: str | None
    reason: str


def process(root: Root, pid: int) -> Process:
    """Return a running process. Raise UsageError if it does not exist or is not visible."""
    directory = f"/proc/{pid}"
    words = root.read(f"{directory}/cmdline")
    if words.error:
        raise UsageError(f"--pid {pid}: no process with this ID is visible")
    environ = root.read(f"{directory}/environ")
    tasks = [root.read(f"{directory}/task/{task}/status").text for task in root.names(f"{directory}/task")]
    fields = [dict(line.partition(":\t")[::2] for line in task.splitlines()) for task in tasks if task]
    return Process(
        pid=pid,
        command=tuple(words.text.split("\0")) if words.text else (),
        environ=None if environ.error else parse_environ(environ.text),
        running=sum(1 for task in fields if task.get("State", "").startswith("R")),
        masks=_masks(task.get("Cpus_allowed_list", "") for task in fields),
        throttled=_throttled(root, pid),
        foreign=root.live and _foreign(root, directory),
    )


def was_launched(root: Root, pid: int) -> bool:
    """Return whether mkl-launch set the environment of a process; False if that cannot be read."""
    return APPLIED in parse_environ(root.read(f"/proc/{pid}/environ").text)


def _foreign(root: Root, directory: str) -> bool:
    """Return True unless the process belongs to this user and is in the same mount namespace."""
    for line in root.read(f"{directory}/status").text.splitlines():
        if line.startswith("Uid:"):
            users = set(line.split()[1:])  # real, effective, saved, of the file system
            same_files = root.link(f"{directory}/ns/mnt") == root.link("/proc/self/ns/mnt")
            return users != {str(root.user)} or not same_files
    return True


def without_names(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a foreign process without variables that name a file or an address.

    Root must not open a file, or connect to an address, that another user has chosen.
    """
    with_path = (CPU_LIMIT, CPU_REQUEST)
    kept = {name: value for name, value in environ.items() if name != ECS_METADATA}
    return {
        name: value for name, value in kept.items() if name not in with_path or not value.startswith("/")
    }


def parse_environ(text: str) -> dict[str, str]:
    """Return the variables in /proc/PID/environ."""
    variables: dict[str, str] = {}
    for name, equals, value in (entry.partition("=") for entry in text.split("\0")):
        if equals:
            variables.setdefault(name, value)
    return variables


def _masks(texts: Iterable[str]) -> tuple[tuple[frozenset[int], int], ...]:
    """Return (mask, number of its threads) of each affinity mask, the most common one first."""
    threads: dict[frozenset[int], int] = {}
    for text in texts:
        try:
            mask = parse(text)
        except ValueError:
            continue
        threads[mask] = threads.get(mask, 0) + 1
    return tuple(sorted(threads.items(), key=lambda item: (-item[1], sorted(item[0]))))


def _throttled(root: Root, pid: int) -> tuple[Throttled, ...]:
    """Return the counters of each group that has had a quota, from the group of the process upwards."""
    group = cgroup.Groups(root, str(pid)).of("cpu")
    counters = []
    for directory in group.directories if group else ():
        reading = root.read(f"{directory}/cpu.stat")
        fields = dict(line.partition(" ")[::2] for line in reading.text.splitlines())
        periods = positive(fields.get("nr_periods"))
        if periods:
            microseconds = positive(fields.get("throttled_usec")) or 0
            nanoseconds = positive(fields.get("throttled_time")) or 1000 * microseconds
            throttled = positive(fields.get("nr_throttled")) or 0
            counters.append(Throttled(reading.path, periods, throttled, nanoseconds / 1e9))
    return tuple(counters)


def changes(process: Process, plan: Plan) -> tuple[Change, ...]:
    """Return the settings in which the process differs from the plan, without those of the user."""
    if process.environ is None:
        return ()
    current = dict(process.environ)
    for option, equals, value in (word.partition("=") for word in process.command):
        if equals:
            current.setdefault(option, value)
    return tuple(
        Change(setting.name, current.get(setting.name), setting.value, setting.reason)
        for setting in (*plan.settings, *plan.arguments)
        if setting.origin != USER and setting.value != current.get(setting.name)
    )
