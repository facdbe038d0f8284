"""Machines in memory, so that thousands of them can be read in a second."""

from __future__ import annotations

from mkl_launch.host.simulated import SimulatedRoot, simulated_machine

SITE = "/usr/lib/python3.11/site-packages"
PYTHON = dict.fromkeys(
    (
        "/usr/bin/python3",
        f"{SITE}/torch-2.13.0.dist-info/METADATA",
        f"{SITE}/torch/lib/libgomp-e985bcbb.so.1",
        f"{SITE}/numpy-2.4.6.dist-info/METADATA",
    ),
    "",
)
GROUP = "/sys/fs/cgroup"
POD = "/kubepods.slice/pod1"
JOB_LAUNCHER = {
    "/proc/self/status": "PPid:\t7\nCpus_allowed_list:\t0-7\n",
    "/proc/7/status": "PPid:\t1\nCpus_allowed_list:\t0-15\n",
    "/proc/7/environ": "PATH=/bin\0OMP_NUM_THREADS=1\0",
}


class Files(SimulatedRoot):
    """A machine whose files are in memory, with answers for what Root asks the system."""

    def exists(self, path: str) -> bool:
        return path in self.files or bool(self.names(path))

    def trusted(self, path: str) -> bool:
        return path in self.files

    def link(self, path: str) -> str | None:  # noqa: ARG002  # there are none
        return None

    def head(self, path: str) -> str:
        return self.files.get(path, "")[:256]

    def kind(self, path: str) -> bytes:
        return b"\2\1\x3e\0" if path in self.files else b""


def _machine(shape: str, **files: str) -> Files:
    root = simulated_machine(shape)
    assert isinstance(root, SimulatedRoot)
    return Files({**root.files, **files})


MACHINES = {
    "small": _machine("1x1x1"),
    "plain": _machine("2x4x2"),
    "quota": _machine(
        "2x4x2", **{f"{GROUP}/cpu.max": "350000 100000\n", f"{GROUP}/memory.max": "134217728\n"}
    ),
    "cpuset": _machine("2x4x2", **{f"{GROUP}/cpuset.cpus.effective": "0-3,8-11\n"}),
    "pod": _machine("1x4x1", **{"/proc/self/cgroup": f"0::{POD}\n", f"{GROUP}{POD}/cpu.max": "max 1\n"}),
    "python": _machine("2x2x2", **PYTHON, **{"/etc/mkl-launch/image-env": "OMP_NUM_THREADS=2\n"}),
    "job launcher": _machine("2x4x2", **JOB_LAUNCHER),
    "bare": Files({f"{GROUP}/nothing": ""}),
}
PLAIN = "plain"
