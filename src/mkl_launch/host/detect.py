"""What a launch has to know of the machine and the limits: read once, little, and never fatal."""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, show
from mkl_launch.core.record import changed
from mkl_launch.host import cgroup, topology
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.filesystem import ABSENT, Root
from mkl_launch.host.kubernetes import read_declared
from mkl_launch.model.facts import CpuGroups, Facts, Limits
from mkl_launch.model.ranks import LauncherProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


MAX_ANCESTORS = 8  # a shell or a wrapper or two, between a job launcher and its rank
IMAGE_NOTE = "/etc/mkl-launch/image-env"


def read_facts(root: Root, environ: Mapping[str, str] | None = None, process: str = SELF) -> Facts:
    """Detect. Always answers; what had to be assumed is in `failures`. `process` is its name in /proc."""
    limits = cgroup.limits(root, process)
    failures = list(limits.failures)
    online = topology.online(root)
    mask = _mask(root, online, limits, process, failures)
    cores = topology.cores(root, mask)
    if not cores:
        cores = _fallback_cores(root, mask, failures)
    return Facts(
        online=online or mask,
        mask=mask,
        cores=cores,
        sockets=topology.sockets(root, mask) or (mask,),
        limits=limits,
        declared=read_declared(root, environ or {}, len(online or mask), failures),
        image=_image(root, failures),
        failures=tuple(failures),
    )


def add_rank_facts(root: Root, found: Facts, variable: str, process: str = SELF) -> Facts:
    """What it takes to share the CPUs with other processes. `variable` is one that only these have."""
    nodes = tuple(topology.nodes(root, found.mask).items())
    launcher = _launcher_process(root, variable, process)
    # A task that was never restricted may also use CPUs that are switched off, or not plugged in.
    return changed(found, nodes=nodes, job_launcher=changed(launcher, mask=launcher.mask & found.online))


def _launcher_process(root: Root, variable: str, process: str) -> LauncherProcess:
    """Return the job launcher's process: the nearest ancestor whose environment lacks the variable."""
    for _ in range(MAX_ANCESTORS):
        process = _parent(root, process)
        environ = root.read(f"/proc/{process}/environ").text
        if f"\0{variable}=" not in "\0" + environ:
            return LauncherProcess(process, _allowed(root, f"/proc/{process}"), environ)
    return LauncherProcess()


def _parent(root: Root, process: str) -> str:
    for line in root.read(f"/proc/{process}/status").text.splitlines():
        if line.startswith("PPid:"):
            return line.partition(":")[2].strip()
    return "0"


def _image(root: Root, failures: list[str]) -> tuple[tuple[str, str], ...]:
    """The note of `--record-image-env`: lines of NAME=VALUE. Somebody else's is not believed."""
    reading = root.read(IMAGE_NOTE)
    if reading.error == ABSENT:
        return ()
    problem = reading.error or root.untrusted(IMAGE_NOTE)
    if problem:
        failures.append(f"{IMAGE_NOTE}: {problem}: what the image's ENV sets counts as yours")
        return ()
    entries = (line.partition("=") for line in reading.text.splitlines())
    return tuple((name, value) for name, equals, value in entries if equals)


def _mask(
    root: Root, online: frozenset[int], limits: Limits, process: str, failures: list[str]
) -> frozenset[int]:
    """The CPUs the process may run on; of another process, or a recorded one, its files tell them."""
    mask = root.affinity() if process == SELF else None
    if mask is None and not (root.live and process == SELF):
        mask = _recorded_mask(root, online, limits, process)
    if not mask:
        count = _psutil_count(root, logical=True)
        mask = online or frozenset(range(count or 1))
        failures.append(f"the affinity mask could not be read: taken to be {show(mask)}")
    return mask


def _recorded_mask(root: Root, online: frozenset[int], limits: Limits, process: str) -> frozenset[int]:
    mask = limits.cpuset if limits.cpuset is not None else online
    # Of all threads: a main thread that OpenMP has pinned tells of one CPU only.
    tasks = [f"/proc/{process}/task/{task}" for task in root.names(f"/proc/{process}/task")]
    allowed = frozenset().union(*(_allowed(root, task) for task in tasks or [f"/proc/{process}"]))
    mask = allowed & mask or mask
    return mask & online if online else mask


def _allowed(root: Root, task: str) -> frozenset[int]:
    """The mask in a thread's status; empty where it does not tell."""
    for line in root.read(f"{task}/status").text.splitlines():
        if line.startswith("Cpus_allowed_list:"):
            try:
                return parse(line.partition(":")[2])
            except ValueError:
                break
    return frozenset()


def _fallback_cores(root: Root, mask: frozenset[int], failures: list[str]) -> CpuGroups:
    """Without a topology every CPU is a core, or as many of them as psutil finds."""
    singles = tuple(frozenset((cpu,)) for cpu in sorted(mask))
    count = _psutil_count(root, logical=False)
    failures.append(f"no CPU topology below {topology.CPU}: cores counted another way")
    if not count or count >= len(mask):
        return singles
    members = sorted(mask)
    return tuple(frozenset(members[start::count]) for start in range(count))


def _psutil_count(root: Root, *, logical: bool) -> int | None:
    """Ask psutil, which knows more ways to count (other systems, odd kernels); 40 ms to import."""
    if not root.live:
        return None
    try:
        import psutil
    except ImportError:
        return None
    try:
        return psutil.cpu_count(logical=logical)
    except (OSError, RuntimeError):  # it reads /proc, too
        return None
