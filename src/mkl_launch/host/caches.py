"""The CPUs that share an L3 cache. Imported only for `--per l3` and `--slots`."""

from __future__ import annotations

from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import CPU, read_cpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.facts import CpuGroups


def l3_domains(root: Root, cpus: frozenset[int]) -> CpuGroups:
    """Return `cpus` grouped by their L3 cache, ascending; () if the kernel shows none of any of them.

    On AMD's processors a socket has several (Documentation/ABI/testing/sysfs-devices-system-cpu, `cache`).
    """
    domains = []
    left = cpus
    while left:
        domain = _sharers(root, min(left)) & left
        if domain:
            domains.append(domain)
        left -= domain or {min(left)}
    return tuple(domains)


def _sharers(root: Root, cpu: int) -> frozenset[int]:
    """Return the CPUs that share the L3 cache of a CPU; empty if it has none."""
    folder = f"{CPU}/cpu{cpu}/cache"
    for name in root.names(folder):
        if name.startswith("index") and root.read(f"{folder}/{name}/level").text.strip() == "3":
            files = (f"{folder}/{name}/shared_cpu_list", f"{folder}/{name}/shared_cpu_map")
            return read_cpus(root, *files) | {cpu}
    return frozenset()
