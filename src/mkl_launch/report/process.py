"""A process that runs already: its threads, what it was started with, how often it was throttled.

The launcher is gone after exec, and a limit may be changed under a running process (in-place resize of
a pod, `docker update`). Sources: proc(5); cpu.stat in Documentation/admin-guide/cgroup-v2.rst and
Documentation/scheduler/sched-bwc.rst.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.core.record import Record
from mkl_launch.host import cgroup
from mkl_launch.host.filesystem import Root
from mkl_launch.host.kubernetes import ECS_METADATA
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import USER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Throttled(Record):
    """The counters in cpu.stat of a group with a quota, since the group was made."""

    path: str
    periods: int
    throttled: int  # of these periods
    seconds: float  # summed over the group's CPUs


class Process(Record):
    """A running process; `environ` is that of its exec, or None without permission to read it."""

    pid: int
    command: tuple[str, ...]
    environ: dict[str, str] | None
    running: int  # threads that run or wait for a CPU
    masks: tuple[tuple[frozenset[int], int], ...]  # each mask, and how many threads have it
    throttled: tuple[Throttled, ...]
    foreign: bool = (
        False  # another user's, or one that sees other files: what it names is not for this user
    )

    @property
    def threads(self) -> int:
        """All of them, whether or not they compute."""
        return sum(number for _, number in self.masks)


class Change(Record):
    """A setting that a new start would change. None: unset."""

    name: str
    was: str | None
    now: str | None
    reason: str


def process(root: Root, pid: int) -> Process:
    """Read a running process. Raises UsageError if there is none of that number."""
    place = f"/proc/{pid}"
    words = root.read(f"{place}/cmdline")
    if words.error:
        raise UsageError(f"--pid {pid}: no process of that number can be seen")
    environ = root.read(f"{place}/environ")
    tasks = [root.read(f"{place}/task/{task}/status").text for task in root.names(f"{place}/task")]
    fields = [dict(line.partition(":\t")[::2] for line in task.splitlines()) for task in tasks if task]
    return Process(
        pid=pid,
        command=tuple(words.text.split("\0")) if words.text else (),
        environ=None if environ.error else _environ(environ.text),
        running=sum(1 for task in fields if task.get("State", "").startswith("R")),
        masks=_masks(task.get("Cpus_allowed_list", "") for task in fields),
        throttled=_throttled(root, pid),
        foreign=root.live and _foreign(root, place),
    )


def _foreign(root: Root, place: str) -> bool:
    """Return True unless it is this user's own process, in the same mount namespace."""
    for line in root.read(f"{place}/status").text.splitlines():
        if line.startswith("Uid:"):
            users = set(line.split()[1:])  # real, effective, saved, of the file system
            same_files = root.link(f"{place}/ns/mnt") == root.link("/proc/self/ns/mnt")
            return users != {str(root.user)} or not same_files
    return True


def without_names(environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a foreign process without what names a file or an address to be asked.

    Root must not open or connect to what another user has written there.
    """
    asked = (CPU_LIMIT, CPU_REQUEST)
    kept = {name: value for name, value in environ.items() if name != ECS_METADATA}
    return {name: value for name, value in kept.items() if name not in asked or not value.startswith("/")}


def _environ(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, equals, value in (entry.partition("=") for entry in text.split("\0")):
        if equals:
            found.setdefault(name, value)
    return found


def _masks(texts: Iterable[str]) -> tuple[tuple[frozenset[int], int], ...]:
    """Return each affinity mask and its number of threads, the most common one first."""
    found: dict[frozenset[int], int] = {}
    for text in texts:
        try:
            mask = parse(text)
        except ValueError:
            continue
        found[mask] = found.get(mask, 0) + 1
    return tuple(sorted(found.items(), key=lambda item: (-item[1], sorted(item[0]))))


def _throttled(root: Root, pid: int) -> tuple[Throttled, ...]:
    """Return the counters of each group, from the process's own up, in which a quota was ever in force."""
    group = cgroup.Groups(root, str(pid)).of("cpu")
    found = []
    for directory in group.directories if group else ():
        reading = root.read(f"{directory}/cpu.stat")
        fields = dict(line.partition(" ")[::2] for line in reading.text.splitlines())
        periods = positive(fields.get("nr_periods"))
        if periods:
            microseconds = positive(fields.get("throttled_usec")) or 0
            nanoseconds = positive(fields.get("throttled_time")) or 1000 * microseconds
            throttled = positive(fields.get("nr_throttled")) or 0
            found.append(Throttled(reading.path, periods, throttled, nanoseconds / 1e9))
    return tuple(found)


def changes(seen: Process, made: Plan) -> tuple[Change, ...]:
    """Return the settings of the plan that the process does not have; the user's own ones are kept."""
    if seen.environ is None:
        return ()
    had = dict(seen.environ)
    for option, equals, value in (word.partition("=") for word in seen.command):
        if equals:
            had.setdefault(option, value)
    return tuple(
        Change(setting.name, had.get(setting.name), setting.value, setting.reason)
        for setting in (*made.settings, *made.arguments)
        if setting.origin != USER and setting.value != had.get(setting.name)
    )
