"""Hosts made of files, with containers that do something between two looks at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from testing.sysroot import GROUPS, Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from mkl_launch.host.filesystem import Root

PERIODS, TICKS = 20, 200  # of two seconds: 100 ms a period, 10 ms a tick


def container_id(number: int) -> str:
    """Return an ID as runtimes make them, of 64 hexadecimal digits."""
    return f"{number:012x}{'ab' * 26}"


@dataclass(frozen=True)
class Box:
    """A container: its limits, its threads, and what happens in it during a sample."""

    number: int
    path: str = "/system.slice/docker-{}.scope"  # of its group
    command: tuple[str, ...] = ("python", "train.py")
    environ: Mapping[str, str] = field(default_factory=dict)
    quota: float | None = None
    cpus: str = "0-7"
    mask: str = ""  # of its threads; "": that of the cpuset
    busy: int = 0  # threads of its one process
    idle: int = 1
    throttled: int = 0  # periods of the sample
    used: float = 0.0  # CPUs
    files: Mapping[str, str | None] = field(default_factory=dict)  # of its process, added or replaced

    @property
    def group(self) -> str:
        """Return the path of its group."""
        return self.path.format(container_id(self.number))

    @property
    def pid(self) -> int:
        """Return the ID of its process; those of its threads follow."""
        return 1000 * (self.number + 1)


class Host:
    """A tree of a host with 8 CPUs and containers; `advance` is what happens during a sample."""

    def __init__(self, place: Path, boxes: Sequence[Box], version: str = "v2") -> None:
        self.place, self.boxes, self.version = place, boxes, version
        self.root: Root = sysroot(place, Spec(cores=8, cgroup=version))
        for box in boxes:
            self._write({**_process(box), **self._limits(box), **box.files})
        self._write_counters(0)

    def advance(self, _seconds: float = 0) -> None:
        """Let two seconds pass."""
        self._write_counters(1)

    def path(self, controller: str, box: Box) -> str:
        """Return the folder of the group of a container."""
        folder = GROUPS if self.version == "v2" else f"{GROUPS}/{controller}"
        return folder + box.group

    def _limits(self, box: Box) -> dict[str, str]:
        cpu, cpuset = self.path("cpu,cpuacct", box), self.path("cpuset", box)
        if self.version == "v2":
            quota = "max" if box.quota is None else f"{box.quota * 100_000:.0f}"
            limits = {f"{cpu}/cpu.max": f"{quota} 100000", f"{cpu}/cpuset.cpus.effective": box.cpus}
            return {**limits, f"proc/{box.pid}/cgroup": f"0::{box.group}"}
        quota = "-1" if box.quota is None else f"{box.quota * 100_000:.0f}"
        lines = [f"{n}:{name}:{box.group}" for n, name in enumerate(("cpu,cpuacct", "cpuset", "memory"), 1)]
        return {
            f"{cpu}/cpu.cfs_quota_us": quota,
            f"{cpu}/cpu.cfs_period_us": "100000",
            f"{cpuset}/cpuset.effective_cpus": box.cpus,
            f"proc/{box.pid}/cgroup": "\n".join(lines),
        }

    def _write_counters(self, samples: int) -> None:
        for box in self.boxes:
            files: dict[str, str | None] = {}
            folder = self.path("cpu,cpuacct", box)
            periods = 7 + samples * (PERIODS if box.quota else 0)
            lines = [f"nr_periods {periods}", f"nr_throttled {5 + samples * box.throttled}"]
            if self.version == "v2":
                lines.insert(0, f"usage_usec {samples * round(box.used * 2e6)}")
                lines.append(f"throttled_usec {samples * box.throttled * 50_000}")
            else:
                lines.append(f"throttled_time {samples * box.throttled * 50_000_000}")
                files[f"{folder}/cpuacct.usage"] = str(samples * round(box.used * 2e9))
            files[f"{folder}/cpu.stat"] = "\n".join(lines)
            for at in range(box.busy + box.idle):
                ticks = 30 + (samples * TICKS if at < box.busy else 0)
                files[f"proc/{box.pid}/task/{box.pid + at}/stat"] = _stat(box.pid + at, ticks)
            self._write({name: text for name, text in files.items() if name not in box.files})

    def _write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            file = self.place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.mkdir(exist_ok=True)  # root cannot read it as a file either
            else:
                file.write_text(text, encoding="utf-8", errors="surrogateescape")


def _process(box: Box) -> dict[str, str]:
    environ = (f"{name}={value}\0" for name, value in box.environ.items())
    return {
        f"proc/{box.pid}/cmdline": "".join(f"{word}\0" for word in box.command),
        f"proc/{box.pid}/environ": "".join(environ),
        f"proc/{box.pid}/status": f"Name:\tpython\nCpus_allowed_list:\t{box.mask or box.cpus}\n",
    }


def _stat(tid: int, ticks: int) -> str:
    """Return the line of proc(5): the time is that of the user, the start is number 22."""
    return f"{tid} (name) of it) S 1 {'0 ' * 9}{ticks} 0 0 0 20 0 1 0 {tid + 5} 0 0\n"
