"""A simulated machine for reports: the files that Linux would show on it, without limits."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive, show
from mkl_launch.core.errors import UsageError
from mkl_launch.host.filesystem import ABSENT, Reading, Root
from mkl_launch.tables.instance_types import FAMILIES

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


def instance_types() -> dict[str, tuple[int, int, int]]:
    """Return {type: (sockets, cores of a socket, threads of a core)} of Amazon's instance types."""
    return {
        f"{family}.{size.partition('=')[0]}": _shape(size, most, threads)
        for threads, most, families, sizes in FAMILIES
        for family in families.split()
        for size in sizes.split()
    }


def _shape(size: str, most: int, threads: int) -> tuple[int, int, int]:
    """Return the shape of a size, with at most `most` cores in a socket."""
    name, _, number = size.partition("=")
    times = int(name.removesuffix("xlarge") or 1) if name.endswith("xlarge") else 0
    cores = int(number or 4 * times or 2) // threads
    sockets = -(-cores // most)
    return sockets, cores // sockets, threads


def simulated_machine(text: str) -> Root:
    """Return the machine of "2x18x2" (sockets, cores per socket, threads per core) or "c5.18xlarge"."""
    types = instance_types()
    shape = types.get(text) or tuple(positive(number) or 0 for number in text.split("x"))
    if len(shape) != 3 or not 0 < shape[0] * shape[1] * shape[2] <= MAX_CPUS:
        import difflib

        near = difflib.get_close_matches(text, types, 3)
        hint = f" ({', '.join(near)}?)" if near else ""
        raise UsageError(
            f"--machine {text}: not SOCKETSxCORESxTHREADS (2x18x2) of 1 to {MAX_CPUS} CPUs,"
            f" nor a known type of instance{hint}"
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
