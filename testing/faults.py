"""Broken files, and two machines on which every file that a launch reads can be broken."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from mkl_launch.host.detect import IMAGE_NOTE
from testing.sysroot import Spec

if TYPE_CHECKING:
    from pathlib import Path

GIGABYTE = 1 << 30


def empty(place: Path) -> None:
    place.write_bytes(b"")


def binary(place: Path) -> None:
    place.write_bytes(bytes(range(256)) * 100)


def huge(place: Path) -> None:
    """Write a file of NUL bytes that is larger than any real one."""
    with place.open("wb") as file:
        file.truncate(GIGABYTE)


def long_line(place: Path) -> None:
    place.write_bytes(b"0-9" * 1_000_000)


def nonsense(place: Path) -> None:
    place.write_bytes(b"-1 -1\n0::\n0-\n99999999999999999999-\n\n max max max\n")


def pipe(place: Path) -> None:
    """Create a FIFO that nobody writes to."""
    os.mkfifo(place)


def endless(place: Path) -> None:
    """Create a device like /dev/zero."""
    os.mknod(place, 0o20666, os.makedev(1, 5))


def folder(place: Path) -> None:
    place.mkdir()


def loop(place: Path) -> None:
    place.symlink_to(place.name)


def absent(_: Path) -> None:
    pass


MOUNTABLE_FAULTS = (empty, binary, huge, long_line, nonsense, pipe, endless)
FAULTS = (*MOUNTABLE_FAULTS, folder, loop, absent)

# A rank in a pod, another process beside it, and every file that is read of them
PARENT, OTHER = 1, 7
POD_ENVIRON = {
    "MKL_LAUNCH_CPU_LIMIT": "/etc/podinfo/limit",
    "MKL_LAUNCH_CPU_REQUEST": "/etc/podinfo/request",
}
RANK_ENVIRON = {"TORCHELASTIC_RUN_ID": "x", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2"}
MASK = "Cpus_allowed_list:\t0-7"
FILES = {
    "etc/podinfo/limit": "6000",
    "etc/podinfo/request": "2000",
    "proc/self/status": f"PPid:\t{PARENT}\n{MASK}",
    f"proc/{PARENT}/status": f"PPid:\t0\n{MASK}",
    f"proc/{PARENT}/environ": "PATH=/bin\0",
    f"proc/{OTHER}/cmdline": "python\0train.py",
    f"proc/{OTHER}/environ": "OMP_NUM_THREADS=2",
    f"proc/{OTHER}/task/{OTHER}/status": f"State:\tR (running)\n{MASK}",
    IMAGE_NOTE[1:]: "OMP_NUM_THREADS=2",
}
V2 = Spec(
    cores=4,
    threads=2,
    smt_file=True,
    path="/a/b",
    cpu_max={"/a": "700000 100000", "/a/b": "600000 100000"},
    memory={"/a": str(GIGABYTE), "/a/b": str(GIGABYTE)},
    cpuset="0-7",
    files={
        **FILES,
        f"proc/{OTHER}/cgroup": "0::/a/b",
        "sys/fs/cgroup/a/b/cpu.stat": "nr_periods 7\nnr_throttled 3\nthrottled_usec 5",
    },
)
V1 = replace(
    V2,
    cgroup="v1",
    files={
        **FILES,
        f"proc/{OTHER}/cgroup": "3:cpu,cpuacct:/a/b\n2:memory:/a/b",
        "sys/fs/cgroup/cpu,cpuacct/a/b/cpu.stat": "nr_periods 7\nnr_throttled 3\nthrottled_time 5",
    },
)
CPU = "/sys/devices/system/cpu"
EVERYWHERE = (
    *("/proc/self/cgroup", "/proc/self/mountinfo", "/proc/self/status", "/proc/cpuinfo"),
    *(f"{CPU}/online", f"{CPU}/smt/active", "/sys/devices/system/node/node0/cpulist"),
    *(f"{CPU}/cpu0/topology/core_cpus_list", f"{CPU}/cpu0/topology/package_cpus_list"),
    *(f"/proc/{PARENT}/environ", f"/proc/{PARENT}/status"),
    *(f"/proc/{OTHER}/environ", f"/proc/{OTHER}/cgroup", f"/proc/{OTHER}/task/{OTHER}/status"),
    *(IMAGE_NOTE, *POD_ENVIRON.values()),
)
OF_V2 = (
    *("a/b/cpu.max", "a/cpu.max", "a/b/cpu.stat", "a/b/cpuset.cpus.effective"),
    *("a/b/memory.max", "a/memory.max"),
)
OF_V1 = (
    *("cpu,cpuacct/a/b/cpu.cfs_quota_us", "cpu,cpuacct/a/b/cpu.cfs_period_us"),
    *("cpu,cpuacct/a/cpu.cfs_quota_us", "cpu,cpuacct/a/cpu.cfs_period_us"),
    *("cpu,cpuacct/a/b/cpu.stat", "cpuset/a/b/cpuset.effective_cpus"),
    *("memory/a/b/memory.limit_in_bytes", "memory/a/memory.limit_in_bytes"),
)
READ_FILES = {
    "v2": (*EVERYWHERE, *(f"/sys/fs/cgroup/{name}" for name in OF_V2)),
    "v1": (*EVERYWHERE, *(f"/sys/fs/cgroup/{name}" for name in OF_V1)),
}
MACHINES = {"v2": V2, "v1": V1}
# Files of this machine that are mounted over with broken ones.
LIVE_FILES = (
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/cpu0/topology/core_cpus_list",
)
