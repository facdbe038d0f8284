"""The inventory of the whole machine, for reports; it reads much more than a launch needs."""

from __future__ import annotations

import posix

from mkl_launch.core.record import Record
from mkl_launch.host import topology
from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import CPU, read_cpus
from mkl_launch.model.facts import CpuGroups

# Keys of vendor and model in /proc/cpuinfo, which differ between architectures (arch/*/kernel/cpu/proc.c
# and similar files). The first existing key counts.
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

# The environment in which py-cpuinfo is started.
CPUINFO_ENVIRON = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Machine(Record):
    """The machine with all its CPUs, not only those of the container. None means unknown."""

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
    """Return the inventory of the machine below `root`."""
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
    """Return the fields that py-cpuinfo reads from `lscpu` and other tools.

    It is started isolated and with a fixed PATH, because it searches PATH for `uname`, `lscpu` and `dmesg`
    and starts a Python that reads PYTHONPATH. Do not call this on x86, where py-cpuinfo writes to /dev/shm.
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
            words,
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=CPUINFO_ENVIRON,
            cwd="/",
            timeout=10,
        )
        cpuinfo: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return cpuinfo


def _names(root: Root) -> tuple[str | None, str | None]:
    """Return (vendor, model) from /proc/cpuinfo."""
    fields: dict[str, str] = {}
    for line in root.read("/proc/cpuinfo").text.splitlines():
        key, _, value = line.partition(":")
        if value.strip():
            fields.setdefault(key.strip(), value.strip())
    vendor = next((fields[key] for key in VENDOR_KEYS if key in fields), None)
    model = next((fields[key] for key in MODEL_KEYS if key in fields), None)
    if vendor is None and model:
        # POWER has no vendor; RISC-V has it in the microarchitecture ("sifive,u74-mc").
        prefix, comma, _ = model.partition(",")
        vendor = "IBM" if model.startswith("POWER") else prefix if comma and "uarch" in fields else None
    if vendor == "0x41" and "model name" not in fields:
        model = ARM_PARTS.get(fields.get("CPU part", ""), model)
    return ARM_IMPLEMENTERS.get(vendor or "", vendor), model


def _kinds(
    root: Root, online: frozenset[int], blocks: dict[int, dict[str, str]]
) -> tuple[tuple[str, frozenset[int]], ...]:
    """Return (name, CPUs) of each kind of core (P and E, big and LITTLE), the slowest first; else ()."""
    units = [(name, read_cpus(root, f"/sys/devices/{name}/cpus") & online) for name in HYBRID_UNITS]
    kinds = tuple((name, cpus) for name, cpus in units if cpus)
    if len(kinds) > 1:
        return kinds
    # On Arm the part number is better than the capacity, which depends on the clock of each CPU, too.
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
