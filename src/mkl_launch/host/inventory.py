"""The whole machine as a report shows it. Reads much more than a launch needs, so only for reports."""

from __future__ import annotations

import posix

from mkl_launch.core.record import Record
from mkl_launch.host import topology
from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import CPU, read_cpus
from mkl_launch.model.facts import CpuGroups

# Where each architecture's /proc/cpuinfo names the maker and the model (arch/*/kernel/cpu/proc.c and
# the like); the first key that is there counts.
VENDOR_KEYS = ("vendor_id", "vendor", "CPU implementer", "mvendorid")
MODEL_KEYS = ("model name", "Model Name", "cpu model", "cpu", "Processor", "uarch", "Hardware")

# Performance-monitoring units that the kernel makes for each kind of core of a hybrid x86 processor
# (arch/x86/events/intel/core.c), from the least to the most performant.
HYBRID_UNITS = ("cpu_lowpower", "cpu_atom", "cpu_core")

# Arm's Main ID Register, arch/arm64/include/asm/cputype.h: implementers, and Arm's own parts.
ARM_IMPLEMENTERS = {
    "0x41": "ARM", "0x42": "Broadcom", "0x43": "Cavium", "0x46": "Fujitsu", "0x48": "HiSilicon",
    "0x4e": "NVIDIA", "0x50": "APM", "0x51": "Qualcomm", "0x53": "Samsung", "0x56": "Marvell",
    "0x61": "Apple", "0x69": "Intel", "0x6d": "Microsoft", "0x70": "Phytium", "0xc0": "Ampere",
}  # fmt: skip
ARM_PARTS = {
    "0xd03": "Cortex-A53", "0xd05": "Cortex-A55", "0xd07": "Cortex-A57", "0xd08": "Cortex-A72",
    "0xd09": "Cortex-A73", "0xd0a": "Cortex-A75", "0xd0b": "Cortex-A76", "0xd0d": "Cortex-A77",
    "0xd41": "Cortex-A78", "0xd44": "Cortex-X1", "0xd46": "Cortex-A510", "0xd47": "Cortex-A710",
    "0xd48": "Cortex-X2", "0xd4d": "Cortex-A715", "0xd4e": "Cortex-X3", "0xd85": "Cortex-X925",
    "0xd87": "Cortex-A725", "0xd0c": "Neoverse-N1", "0xd40": "Neoverse-V1", "0xd49": "Neoverse-N2",
    "0xd4f": "Neoverse-V2", "0xd84": "Neoverse-V3", "0xd8e": "Neoverse-N3",
}  # fmt: skip

# x86, then Arm: SSE4.2 and AVX of all widths, AMX; NEON (asimd), SVE, the matrix and bfloat16 forms.
FLAG_KEYS = ("flags", "Features", "features")
VECTOR_FLAGS = ("sse4", "avx", "fma", "amx", "asimd", "sve", "i8mm", "bf16")

# The environment of py-cpuinfo.
OWN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Machine(Record):
    """The host as the kernel shows it: everything that is online. None is "unknown"."""

    arch: str | None
    vendor: str | None
    model_name: str | None
    online: frozenset[int]
    offline: frozenset[int]
    core_groups: CpuGroups
    socket_groups: CpuGroups
    numa_nodes: tuple[tuple[int, frozenset[int]], ...]
    core_kinds: tuple[tuple[str, frozenset[int]], ...]

    @property
    def threads_per_core(self) -> int | None:
        """Return the largest number of threads on any core."""
        return max(map(len, self.core_groups), default=None)


def machine(root: Root) -> Machine:
    """Read everything about the machine below `root`."""
    online = topology.online(root)
    blocks = topology.processors(root)
    vendor, model_name = _names(root)
    if model_name is None and root.live and not posix.uname().machine.startswith("x86"):
        model_name = _cpuinfo().get("brand_raw")
    return Machine(
        arch=posix.uname().machine if root.live else None,
        vendor=vendor,
        model_name=model_name,
        online=online,
        offline=topology.offline(root, online),
        core_groups=topology.cores(root, online),
        socket_groups=topology.sockets(root, online),
        numa_nodes=tuple(topology.nodes(root, online).items()),
        core_kinds=_kinds(root, online, blocks),
    )


def instruction_sets(root: Root) -> list[str]:
    """Return the vector and matrix extensions, by which numeric libraries choose kernels."""
    for line in root.read("/proc/cpuinfo").text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() in FLAG_KEYS:
            return sorted(flag for flag in set(value.split()) if flag.startswith(VECTOR_FLAGS))
    return []


def _cpuinfo() -> dict[str, Any]:
    """Return what py-cpuinfo finds by `lscpu` and the like, for what /proc/cpuinfo does not say.

    It is run isolated, with the system's programs. If it is imported, it starts `uname` of any PATH; if it
    is called, a Python that reads PYTHONPATH, and `lscpu` and `dmesg` of any PATH. It is not run on x86,
    where it writes to /dev/shm.
    """
    import importlib.util
    import json
    import subprocess
    import sys

    spec = importlib.util.find_spec("cpuinfo")
    if spec is None or not spec.origin:
        return {}
    file = spec.origin.rpartition("/")[0] + "/cpuinfo.py"
    try:
        words = [sys.executable, "-I", "-S", "-B", file, "--json"]
        done = subprocess.run(  # noqa: S603  # the Python that runs this
            words, check=True, capture_output=True, stdin=subprocess.DEVNULL, env=OWN, cwd="/", timeout=10
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return found


def _names(root: Root) -> tuple[str | None, str | None]:
    """Return maker and model from the first lines of /proc/cpuinfo that name them."""
    said: dict[str, str] = {}
    for line in root.read("/proc/cpuinfo").text.splitlines():
        key, _, value = line.partition(":")
        if value.strip():
            said.setdefault(key.strip(), value.strip())
    vendor = next((said[key] for key in VENDOR_KEYS if key in said), None)
    model = next((said[key] for key in MODEL_KEYS if key in said), None)
    if vendor is None and model:
        # POWER names no maker, RISC-V names it in the microarchitecture ("sifive,u74-mc").
        maker, comma, _ = model.partition(",")
        vendor = "IBM" if model.startswith("POWER") else maker if comma and "uarch" in said else None
    if vendor == "0x41" and "model name" not in said:
        model = ARM_PARTS.get(said.get("CPU part", ""), model)
    return ARM_IMPLEMENTERS.get(vendor or "", vendor), model


def _kinds(
    root: Root, online: frozenset[int], blocks: dict[int, dict[str, str]]
) -> tuple[tuple[str, frozenset[int]], ...]:
    """Return groups of unlike cores (P and E, big and LITTLE), the slowest first; none if all are alike."""
    units = [(name, read_cpus(root, f"/sys/devices/{name}/cpus") & online) for name in HYBRID_UNITS]
    kinds = tuple((name, cpus) for name, cpus in units if cpus)
    if len(kinds) > 1:
        return kinds
    # Arm: the part is the kind; the capacity differs between CPUs of one kind too, by their clocks.
    parts = {cpu: blocks.get(cpu, {}).get("CPU part", "") for cpu in online}
    capacities = {cpu: root.read(f"{CPU}/cpu{cpu}/cpu_capacity").text.strip() for cpu in online}
    return _by_value("part", parts) or _by_value("capacity", capacities)


def _by_value(name: str, values: dict[int, str]) -> tuple[tuple[str, frozenset[int]], ...]:
    groups: dict[str, set[int]] = {}
    for cpu, value in values.items():
        groups.setdefault(value, set()).add(cpu)
    if len(groups) < 2 or "" in groups:
        return ()
    order = sorted(groups, key=lambda value: (len(value), value))
    return tuple((f"{name} {value}", frozenset(groups[value])) for value in order)
