"""The emulated machines, and their recordings as files in recorded/.

`python -m testing.emulated.recordings FOLDER` records them anew; the launcher is installed in FOLDER.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from . import image, scenarios
from .machine import Machine, Spec

RECORDED = Path(__file__).parent / "recorded"


def node(number: int, cpus: str = "") -> tuple[str, ...]:
    """Return the options of qemu for a NUMA node with 512 MiB of memory."""
    backend = f"memory-backend-ram,id=memory{number},size=512M"
    owned = f",cpus={cpus}" if cpus else ""
    return ("-object", backend, "-numa", f"node,nodeid={number},memdev=memory{number}{owned}")


# The c5.18xlarge of the AWS guide.
DUAL_SOCKET = Spec(
    smp="72,sockets=2,cores=18,threads=2",
    kernel_args="cgroup_no_v1=all",
    extra_qemu=(*node(0, "0-35"), *node(1, "36-71")),
)

# An ordinary small machine with v1 controllers.
ONE_SOCKET = Spec(smp="8,sockets=1,cores=4,threads=2")

# Room for 8 CPUs in 2 sockets, 6 of them plugged in, 5 started; a node of memory only; cpuset in v1.
PARTLY_FILLED = Spec(
    smp="6,maxcpus=8,sockets=2,cores=2,threads=2",
    memory="1536M",
    kernel_args="cgroup_no_v1=cpu,cpuacct,memory maxcpus=5",
    extra_qemu=(*node(0, "0-3"), *node(1, "4-7"), *node(2)),
)

# The least that there is.
ONE_CPU = Spec(smp="1", cpu="qemu64", kernel_args="cgroup_no_v1=all")


class Recording(NamedTuple):
    """The setup of a machine before it is recorded, and the facts that a report of it must have."""

    spec: Spec
    setup: str
    machine: dict[str, object]
    limits: dict[str, object]
    budget: dict[str, object]


RECORDINGS = {
    "dual-socket-v2": Recording(
        DUAL_SOCKET,
        scenarios.v2(
            "record/leaf", {"record/cpu.max": "350000 100000", "record/leaf/cpuset.cpus": "30-41"}
        ),
        {"online": "0-71", "logical": 72, "cores": 36, "sockets": 2},
        {"cgroup": "v2", "quota_cpus": 3.5, "mask": "30-41", "cpuset": "30-41"},
        {"logical": 12, "cores": 6, "threads": 3, "exclusive": False},
    ),
    "one-socket-v1-docker": Recording(
        ONE_SOCKET,
        scenarios.v1("cpu", "record/id", {"record/id/cpu.cfs_quota_us": "250000"})
        + scenarios.v1_bound("cpu", "record/id", "/run/recorded"),
        {"online": "0-7", "logical": 8, "cores": 4, "sockets": 1},
        {"cgroup": "v1", "cgroup_path": "/record/id", "quota_cpus": 2.5, "mask": "0-7"},
        {"logical": 8, "cores": 4, "threads": 2, "exclusive": False},
    ),
    "partly-filled": Recording(
        PARTLY_FILLED,
        scenarios.v2(
            "record",
            {"record/cpu.max": "150000 100000"},
            tree="/sys/fs/cgroup/unified",
            delegate="+cpu +memory",
        ),
        {"online": "0-4", "offline": "5", "core_groups": ["0-1", "2-3", "4"], "sockets": 2},
        {"quota_cpus": 1.5, "mask": "0-4", "cpuset": "0-4"},
        {"logical": 5, "cores": 3, "threads": 1, "exclusive": False},
    ),
    "one-cpu": Recording(
        ONE_CPU,
        scenarios.NO_GROUPS,
        {"online": "0", "logical": 1, "cores": 1, "sockets": 1},
        {"cgroup": None, "quota_cpus": None, "mask": "0", "cpuset": None},
        {"logical": 1, "cores": 1, "threads": 1},
    ),
}


def file(name: str) -> Path:
    """Return the path of the recording with this name."""
    return RECORDED / f"{name}.tar.xz"


def main(installed: Path) -> None:
    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        initramfs = image.build(installed, Path(folder))
        for name, recording in RECORDINGS.items():
            with contextlib.closing(Machine(initramfs, recording.spec)) as machine:
                file(name).write_bytes(machine.record(recording.setup))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
