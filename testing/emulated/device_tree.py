"""The device tree of a machine, as qemu makes it, with cores of several kinds."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def with_capacities(command: list[str], capacities: tuple[int, ...], file: Path) -> Path:
    """Write to `file` the tree of the machine that `command` starts, with the capacity of each CPU.

    Source: Documentation/devicetree/bindings/cpu/cpu-capacity.txt. The largest becomes 1024.
    """
    dump = [*command, "-machine", f"dumpdtb={file}"]
    subprocess.run(dump, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    listing = ["fdtget", "--list", str(file), "/cpus"]
    names = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
    cpus = sorted((name for name in names if name.startswith("cpu@")), key=lambda name: int(name[4:], 16))
    for cpu, capacity in zip(cpus, capacities, strict=True):
        put = ["fdtput", "--type", "u", str(file), f"/cpus/{cpu}", "capacity-dmips-mhz", str(capacity)]
        subprocess.run(put, check=True)
    return file
