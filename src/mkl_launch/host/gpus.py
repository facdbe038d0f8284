"""The CPUs that lie beside the GPU of each rank. Imported only for ranks on a machine with GPUs.

A rank uses the GPU with the number of its local rank. Which one that is on the PCI bus is known only if all
GPUs are alike, so that CUDA counts them in the order of the bus (CUDA_DEVICE_ORDER in
docs.nvidia.com/cuda/cuda-programming-guide), if all of them can be used here, and if all ranks see the same
ones. ROCm counts in an order of its driver, which is another one on 23 of the 57 machines that
github.com/ROCm/rccl/tree/develop/tools/topo_expl/models has recorded. Else nothing is returned, and the
ranks get their CPUs by their numbers.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import whole
from mkl_launch.host.filesystem import Root
from mkl_launch.host.topology import read_cpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.facts import CpuGroups

PCI = "/sys/bus/pci"
# The class of a display controller, or of an accelerator as which AMD's Instinct shows itself (pci.ids).
CLASSES = ("0x03", "0x12")
# (driver, directory and names of the devices through which a container reaches its GPUs)
DRIVERS = (("nvidia", "/dev", "nvidia"), ("amdgpu", "/dev/dri", "renderD"))
# Where ROCm finds its GPUs, a directory with a number for each of them and for each group of CPUs:
# https://github.com/ROCm/ROCR-Runtime/blob/master/libhsakmt/src/topology.c
KFD = "/sys/class/kfd/kfd/topology/nodes"
VISIBLE = ("CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")


def cpus_beside_gpus(root: Root, environ: Mapping[str, str], launcher: str, ranks: int) -> CpuGroups:
    """Return the CPUs beside the GPU of each of the `ranks`, in their order; () if that is not known.

    `launcher` is the environment of the job launcher, as in /proc/PID/environ.
    """
    devices = _devices(root)
    numbers = _numbers(environ, launcher, len(devices))
    if len(numbers) != ranks:
        return ()
    return tuple(read_cpus(root, f"{PCI}/devices/{devices[number]}/local_cpulist") for number in numbers)


def _devices(root: Root) -> list[str]:
    """Return the PCI addresses of the GPUs, as programs count them; none if not all can be used here."""
    for driver, folder, prefix in DRIVERS:
        addresses = [
            name
            for name in root.names(f"{PCI}/drivers/{driver}")
            if _value(root, name, "class").startswith(CLASSES)
        ]
        if not addresses:
            continue
        nodes = [name for name in root.names(folder) if name.removeprefix(prefix).isdigit()]
        kinds = {(_value(root, name, "vendor"), _value(root, name, "device")) for name in addresses}
        if len(kinds) > 1 or len(nodes) != len(addresses):
            return []
        return _counted_by_rocm(root, addresses) if driver == "amdgpu" else addresses
    return []


def _counted_by_rocm(root: Root, addresses: list[str]) -> list[str]:
    """Return the addresses in the order in which ROCm counts them; none if that is not known."""
    ordered = []
    for node in sorted((name for name in root.names(KFD) if name.isdigit()), key=int):
        words = root.read(f"{KFD}/{node}/properties").text.split()
        values = dict(zip(words[::2], words[1::2]))
        try:
            place, domain = whole(values["location_id"]), whole(values.get("domain", "0"))
            if whole(values["simd_count"]):
                ordered.append(f"{domain:04x}:{place >> 8:02x}:{place >> 3 & 31:02x}.{place & 7}")
        except (KeyError, ValueError):
            return []
    return ordered if sorted(ordered) == addresses else []


def _value(root: Root, address: str, name: str) -> str:
    return root.read(f"{PCI}/devices/{address}/{name}").text.strip() if ":" in address else ""


def _numbers(environ: Mapping[str, str], launcher: str, gpus: int) -> list[int]:
    """Return the numbers of the GPUs that all ranks see; none if that is not known.

    A list that the job launcher itself has is that of all its ranks; another one is of this rank.
    """
    given = [name for name in VISIBLE if name in environ]
    if not given:
        return list(range(gpus))
    if len(given) > 1 or f"\0{given[0]}={environ[given[0]]}\0" not in f"\0{launcher}\0":
        return []
    try:
        numbers = [whole(word.strip()) for word in environ[given[0]].split(",")]
    except ValueError:  # a UUID
        return []
    return numbers if len(set(numbers)) == len(numbers) and max(numbers) < gpus else []
