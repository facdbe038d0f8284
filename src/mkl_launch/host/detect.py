"""The detection of the facts that a launch needs: the CPUs, their topology, the limits."""

from __future__ import annotations

from mkl_launch.core.cpulist import parse, show
from mkl_launch.core.record import changed
from mkl_launch.host import topology
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.cgroup_limits import read_limits
from mkl_launch.host.declared import read_declared
from mkl_launch.host.filesystem import ABSENT, Root
from mkl_launch.model.facts import IN_ISOLATED, ISOLATED, CpuGroups, Declared, Facts, Limits
from mkl_launch.model.ranks import LauncherProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


MAX_ANCESTORS = 8  # a rank may have shells and wrappers between it and its job launcher
IMAGE_NOTE = "/etc/mkl-launch/image-env"


def read_facts(
    root: Root, environ: Mapping[str, str] | None = None, process: str = SELF, *, units: bool = False
) -> Facts:
    """Return the facts. `failures` in it lists assumptions. `process` is a PID or "self".

    `units`: also read the weight of a container beside others, which is no limit.
    """
    listed = topology.online(root)
    limits = read_limits(root, process, listed)
    failures = list(limits.failures)
    online, mask = _mask(root, listed, limits, process, failures)
    if online != listed:
        limits = _with_count(root, limits, listed, mask)
    cores = topology.cores(root, mask)
    if not cores:
        cores = _fallback_cores(root, mask, failures)
    environ, image = environ or {}, _image(root, failures)
    declared = read_declared(root, environ, len(online or mask), failures, units=units)
    if "GOMAXPROCS" in environ and limits.quota is None and declared.limit is declared.request is None:
        declared = _with_crio(root, declared, environ, image)
    return Facts(
        online=online or mask,
        mask=mask,
        cores=cores,
        sockets=_covering(topology.sockets(root, mask), mask),
        limits=limits,
        isolated=_isolated(root, mask, limits),
        declared=declared,
        image=image,
        failures=tuple(failures),
    )


def _with_crio(
    root: Root, declared: Declared, environ: Mapping[str, str], image: tuple[tuple[str, str], ...]
) -> Declared:
    """Return the declared amounts with the request that CRI-O tells by GOMAXPROCS."""
    from mkl_launch.host.pod import granted_by_crio

    if ("GOMAXPROCS", environ["GOMAXPROCS"]) in image:
        return declared
    return changed(declared, granted=(*declared.granted, *granted_by_crio(root, environ)))


def _isolated(root: Root, mask: frozenset[int], limits: Limits) -> frozenset[int]:
    """Return the CPUs of the mask that the kernel's load balancing leaves out.

    They are those of the boot option isolcpus= (Documentation/ABI/testing/sysfs-devices-system-cpu) and of
    an isolated cpuset partition (Documentation/admin-guide/cgroup-v2.rst).
    """
    if limits.partition in (ISOLATED, IN_ISOLATED):
        return mask
    return mask & topology.read_cpus(root, "/sys/devices/system/cpu/isolated")


def add_rank_facts(root: Root, facts: Facts, variable: str, process: str = SELF) -> Facts:
    """Return the facts with NUMA nodes and job launcher, to divide the CPUs among ranks.

    `variable` is set in the environment of the ranks, but not in that of the job launcher.
    """
    nodes = tuple(topology.nodes(root, facts.mask).items())
    launcher = _launcher_process(root, variable, process)
    # The mask of an unrestricted process also has CPUs that are offline or not present.
    return changed(facts, nodes=nodes, job_launcher=changed(launcher, mask=launcher.mask & facts.online))


def _launcher_process(root: Root, variable: str, process: str) -> LauncherProcess:
    """Return the job launcher's process: the nearest ancestor whose environment lacks the variable."""
    for ancestor in ancestors(root, process):
        environ = root.read(f"/proc/{ancestor}/environ").text
        if f"\0{variable}=" not in "\0" + environ:
            return LauncherProcess(ancestor, allowed_cpus(root, f"/proc/{ancestor}"), environ)
    return LauncherProcess()


def ancestors(root: Root, process: str) -> Iterator[str]:
    """Yield the PIDs of the nearest MAX_ANCESTORS ancestors, the parent first; "0" for an invisible one."""
    for _ in range(MAX_ANCESTORS):
        process = _parent(root, process)
        yield process


def _parent(root: Root, process: str) -> str:
    """Return the PID of the parent; "0" if it has none or is not visible."""
    for line in root.read(f"/proc/{process}/status").text.splitlines():
        if line.startswith("PPid:"):
            return line.partition(":")[2].strip()
    return "0"


def _image(root: Root, failures: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the record of `--record-image-env` (lines NAME=VALUE), unless another user can write it."""
    reading = root.read(IMAGE_NOTE)
    if reading.error == ABSENT:
        return ()
    problem = reading.error or root.untrusted(IMAGE_NOTE)
    if problem:
        failures.append(f"{IMAGE_NOTE}: {problem}; variables that the image's ENV sets are taken for yours")
        return ()
    entries = (line.partition("=") for line in reading.text.splitlines())
    return tuple((name, value) for name, equals, value in entries if equals)


def _covering(sockets: CpuGroups, mask: frozenset[int]) -> CpuGroups:
    """Return the sockets with all CPUs of the mask; those that no socket lists are in the first."""
    if sum(map(len, sockets)) == len(mask):
        return sockets
    return (mask.difference(*sockets[1:]), *sockets[1:])


def _mask(
    root: Root, listed: frozenset[int], limits: Limits, process: str, failures: list[str]
) -> tuple[frozenset[int], frozenset[int]]:
    """Return (CPUs online, CPUs that the process may run on), the second from a system call or from /proc.

    `listed` are the CPUs that the file says are online.
    """
    mask = root.affinity() if process == SELF else None
    if mask:
        return topology.really_online(root, listed, mask, certain=True), mask
    if not (root.live and process == SELF):
        mask = _recorded_mask(root, listed, limits, process)
        online = topology.really_online(root, listed, mask, certain=False)
        mask = mask & online if online else mask
        if mask:
            return online, mask
    count = _psutil_count(root, logical=True)
    mask = listed or frozenset(range(count or 1))
    failures.append(f"the affinity mask could not be read; CPUs {show(mask)} are assumed")
    return listed, mask


def _recorded_mask(root: Root, listed: frozenset[int], limits: Limits, process: str) -> frozenset[int]:
    # The masks of all threads, because OpenMP pins the main thread to one CPU.
    tasks = [f"/proc/{process}/task/{task}" for task in root.names(f"/proc/{process}/task")]
    allowed = frozenset().union(*(allowed_cpus(root, task) for task in tasks or [f"/proc/{process}"]))
    if limits.cpuset is not None:
        return allowed & limits.cpuset or limits.cpuset
    return (allowed or listed) if listed else listed


def _with_count(root: Root, limits: Limits, listed: frozenset[int], mask: frozenset[int]) -> Limits:
    """Return the limits with the quota that LXCFS shows as the number of CPUs online, rounded up.

    The group with the quota may be above the ones that are visible.
    """
    count = len(listed)
    if not topology.counted_by_lxcfs(root) or count >= min(len(mask), limits.quota or len(mask)):
        return limits
    source = f"{topology.CPU}/online, where LXCFS shows the number of CPUs"
    return changed(limits, quota=float(count), quota_source=source)


def allowed_cpus(root: Root, task: str) -> frozenset[int]:
    """Return the mask in the status file of a thread; empty if it has none."""
    for line in root.read(f"{task}/status").text.splitlines():
        if line.startswith("Cpus_allowed_list:"):
            try:
                return parse(line.partition(":")[2])
            except ValueError:
                break
    return frozenset()


def _fallback_cores(root: Root, mask: frozenset[int], failures: list[str]) -> CpuGroups:
    """Return cores without a topology: as many as psutil counts, else one for each CPU."""
    singles = tuple(frozenset((cpu,)) for cpu in sorted(mask))
    count = _psutil_count(root, logical=False)
    failures.append(f"no CPU topology below {topology.CPU}; the number of cores is an estimate")
    if not count or count >= len(mask):
        return singles
    members = sorted(mask)
    return tuple(frozenset(members[start::count]) for start in range(count))


def _psutil_count(root: Root, *, logical: bool) -> int | None:
    """Return psutil's count, which covers unusual systems, or None; its import takes 40 ms."""
    if not root.live:
        return None
    try:
        import psutil
    except ImportError:
        return None
    try:
        return psutil.cpu_count(logical=logical)
    except (OSError, RuntimeError):  # psutil reads /proc, too
        return None
