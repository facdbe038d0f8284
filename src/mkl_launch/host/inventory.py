"""The inventory of the whole machine, for reports; it reads much more than a launch needs."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.core.record import Record
from mkl_launch.host import topology
from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import CPU, read_cpus
from mkl_launch.model.facts import CpuGroups
from mkl_launch.tables.processors import ARM, RISCV_MAKERS, arm_name, rank

# Keys of vendor and model in /proc/cpuinfo, which differ between architectures (arch/*/kernel/cpu/proc.c
# and similar files). The first existing key counts.
VENDOR_KEYS = ("vendor_id", "vendor", "CPU implementer")
MODEL_KEYS = ("model name", "Model Name", "cpu model", "cpu", "Processor", "uarch", "Hardware")

# Performance-monitoring units that the kernel makes for each kind of core of a hybrid x86 processor
# (arch/x86/events/intel/core.c), from the least to the most performant.
HYBRID_UNITS = ("cpu_lowpower", "cpu_atom", "cpu_core")

# x86, then Arm: SSE4.2 and AVX of all widths, AMX; NEON (asimd), SVE, the matrix and bfloat16 forms.
FLAG_KEYS = ("flags", "Features", "features")
VECTOR_FLAGS = ("sse4", "avx", "fma", "amx", "asimd", "sve", "i8mm", "bf16")

# The environment in which py-cpuinfo is started.
CPUINFO_ENVIRON = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Kinds = tuple[tuple[str, frozenset[int]], ...]


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
    core_kinds: Kinds

    @property
    def threads_per_core(self) -> int | None:
        """Return the largest number of threads on any core."""
        return max(map(len, self.core_groups), default=None)


def machine(root: Root, mask: frozenset[int] = frozenset()) -> Machine:
    """Return the inventory of the machine below `root`. `mask` are CPUs that are certainly online."""
    online = topology.really_online(root, topology.online(root), mask, certain=True)
    blocks = topology.processors(root)
    vendor, model_name = _names(root)
    if model_name is None and root.live and not root.architecture().startswith("x86"):
        model_name = _cpuinfo().get("brand_raw")
    return Machine(
        arch=root.architecture() or None,
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
    if vendor is None:
        return _maker(fields, model), model
    if "model name" not in fields:
        model = arm_name(vendor, fields.get("CPU part", "")) or model
    return ARM[vendor][0] if vendor in ARM else vendor, model


def _maker(fields: dict[str, str], model: str | None) -> str | None:
    """Return the vendor where no field has it: POWER; RISC-V, which has "sifive,u74-mc" or a number."""
    if model and model.startswith("POWER"):
        return "IBM"
    maker, comma, _ = fields.get("uarch", "").partition(",")
    number = fields.get("mvendorid")
    if comma and maker:
        return RISCV_MAKERS.get(maker, maker)
    return RISCV_MAKERS.get(number, number) if number else None


def _kinds(root: Root, online: frozenset[int], blocks: dict[int, dict[str, str]]) -> Kinds:
    """Return (name, CPUs) of each kind of core (P and E, big and LITTLE), the slowest first; else ()."""
    units = [(name, read_cpus(root, f"/sys/devices/{name}/cpus") & online) for name in HYBRID_UNITS]
    kinds = tuple((name, cpus) for name, cpus in units if cpus)
    if len(kinds) > 1:
        return kinds
    # On Arm the part is better than the capacity, which depends on the clock of each CPU, too.
    parts = {
        cpu: (blocks.get(cpu, {}).get("CPU implementer", ""), blocks.get(cpu, {}).get("CPU part", ""))
        for cpu in online
    }
    capacities = _numbers(root, online, "cpu_capacity")
    # The base frequency tells P from E cores where the kernel has no units for them. The maximum does not:
    # it differs between P cores, too (Turbo Boost Max 3.0).
    return (
        _by_part(parts, capacities)
        or _by_number("capacity {}", capacities)
        or _by_number("base frequency {} kHz", _numbers(root, online, "cpufreq/base_frequency"))
    )


def _numbers(root: Root, cpus: frozenset[int], name: str) -> dict[int, int]:
    """Return {CPU: number in a file of its directory}; empty unless all CPUs have one."""
    numbers = {cpu: positive(root.read(f"{CPU}/cpu{cpu}/{name}").text.strip()) for cpu in cpus}
    known = {cpu: number for cpu, number in numbers.items() if number is not None}
    return known if len(known) == len(cpus) else {}


def _by_part(parts: dict[int, tuple[str, str]], capacities: dict[int, int]) -> Kinds:
    """Group by (implementer, part), the slowest first: by capacity, else by what the part is made for."""
    groups: dict[tuple[str, str], set[int]] = {}
    for cpu, part in parts.items():
        groups.setdefault(part, set()).add(cpu)
    if len(groups) < 2 or any(not number for _, number in groups):
        return ()

    def speed(part: tuple[str, str]) -> tuple[int, int, int, str]:
        capacity = max(capacities.get(cpu, 0) for cpu in groups[part])
        return capacity, rank(arm_name(*part)), len(part[1]), part[1]

    order = sorted(groups, key=speed)
    return tuple((arm_name(*part) or f"part {part[1]}", frozenset(groups[part])) for part in order)


def _by_number(name: str, numbers: dict[int, int]) -> Kinds:
    groups: dict[int, set[int]] = {}
    for cpu, number in numbers.items():
        groups.setdefault(number, set()).add(cpu)
    if len(groups) < 2:
        return ()
    return tuple((name.format(number), frozenset(groups[number])) for number in sorted(groups))
