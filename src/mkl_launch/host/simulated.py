"""A simulated machine for reports: the files that Linux would show on it, without limits."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive, show
from mkl_launch.core.errors import UsageError
from mkl_launch.host.filesystem import ABSENT, Reading, Root

# {type: (sockets, cores per socket, threads per core)}. Source of vCPUs and threads: the pages below. A
# socket of these processors has at most 18 (c5), 24 (m5, r5, c5.12xlarge and up), 32 (6i) or 48 cores (7i).
# https://docs.aws.amazon.com/ec2/latest/instancetypes/co.html, .../gp.html, .../mo.html
INSTANCE_TYPES = {
    "c5.large": (1, 1, 2), "c5.xlarge": (1, 2, 2), "c5.2xlarge": (1, 4, 2), "c5.4xlarge": (1, 8, 2),
    "c5.9xlarge": (1, 18, 2), "c5.12xlarge": (1, 24, 2), "c5.18xlarge": (2, 18, 2),
    "c5.24xlarge": (2, 24, 2),
    "m5.large": (1, 1, 2), "m5.xlarge": (1, 2, 2), "m5.2xlarge": (1, 4, 2), "m5.4xlarge": (1, 8, 2),
    "m5.12xlarge": (1, 24, 2), "m5.24xlarge": (2, 24, 2), "r5.large": (1, 1, 2), "r5.xlarge": (1, 2, 2),
    "r5.2xlarge": (1, 4, 2), "r5.4xlarge": (1, 8, 2), "r5.12xlarge": (1, 24, 2), "r5.24xlarge": (2, 24, 2),
    "c6i.large": (1, 1, 2), "c6i.xlarge": (1, 2, 2), "c6i.2xlarge": (1, 4, 2), "c6i.4xlarge": (1, 8, 2),
    "c6i.8xlarge": (1, 16, 2), "c6i.16xlarge": (1, 32, 2), "c6i.32xlarge": (2, 32, 2),
    "m6i.large": (1, 1, 2), "m6i.xlarge": (1, 2, 2), "m6i.2xlarge": (1, 4, 2), "m6i.4xlarge": (1, 8, 2),
    "m6i.8xlarge": (1, 16, 2), "m6i.16xlarge": (1, 32, 2), "m6i.32xlarge": (2, 32, 2),
    "c7i.large": (1, 1, 2), "c7i.xlarge": (1, 2, 2), "c7i.2xlarge": (1, 4, 2), "c7i.4xlarge": (1, 8, 2),
    "c7i.8xlarge": (1, 16, 2), "c7i.24xlarge": (1, 48, 2), "c7i.48xlarge": (2, 48, 2),
    # Graviton: a vCPU is a core.
    "c6g.large": (1, 2, 1), "c6g.xlarge": (1, 4, 1), "c6g.4xlarge": (1, 16, 1), "c6g.16xlarge": (1, 64, 1),
    "c7g.large": (1, 2, 1), "c7g.xlarge": (1, 4, 1), "c7g.4xlarge": (1, 16, 1), "c7g.16xlarge": (1, 64, 1),
}  # fmt: skip
MAX_CPUS = 8192  # largest NR_CPUS of Linux

CPU = "/sys/devices/system/cpu"
NODE = "/sys/devices/system/node"


class SimulatedRoot(Root):
    """A root whose files are in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__("/nowhere")
        self.files = files

    def read(self, path: str) -> Reading:
        """Return the text of a file in memory."""
        return Reading(path, self.files[path]) if path in self.files else Reading(path, "", ABSENT)

    def names(self, path: str) -> list[str]:
        """Return the names in a directory, sorted."""
        start = path.rstrip("/") + "/"
        return sorted(
            {name[len(start) :].partition("/")[0] for name in self.files if name.startswith(start)}
        )


def simulated_machine(text: str) -> Root:
    """Return the machine of "2x18x2" (sockets, cores per socket, threads per core) or "c5.18xlarge"."""
    shape = INSTANCE_TYPES.get(text) or tuple(positive(number) or 0 for number in text.split("x"))
    if len(shape) != 3 or not 0 < shape[0] * shape[1] * shape[2] <= MAX_CPUS:
        raise UsageError(
            f"--machine {text}: not SOCKETSxCORESxTHREADS (2x18x2) of 1 to {MAX_CPUS} CPUs, nor one of "
            + ", ".join(sorted(INSTANCE_TYPES))
        )
    sockets, cores, threads = shape
    files = {
        "/proc/self/cgroup": "0::/\n",
        "/proc/self/mountinfo": "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu memory\n",
        "/proc/cpuinfo": f"model name\t: {text}\n",
        f"{CPU}/online": show(frozenset(range(sockets * cores * threads))) + "\n",
    }
    # Linux numbers the first thread of each core, socket after socket, then the second threads.
    for socket in range(sockets):
        first = range(socket * cores, (socket + 1) * cores)
        package = frozenset(core + thread * sockets * cores for core in first for thread in range(threads))
        package_list = files[f"{NODE}/node{socket}/cpulist"] = show(package) + "\n"
        for core in first:
            siblings = frozenset(core + thread * sockets * cores for thread in range(threads))
            siblings_list = show(siblings) + "\n"
            for cpu in siblings:
                files[f"{CPU}/cpu{cpu}/topology/core_cpus_list"] = siblings_list
                files[f"{CPU}/cpu{cpu}/topology/package_cpus_list"] = package_list
    return SimulatedRoot(files)
