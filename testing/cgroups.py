"""Real kernel limits: control groups of this machine's own, made for a test and removed after it."""

from __future__ import annotations

import contextlib
import math
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PERIOD = 100_000  # microseconds, the kernel's default
UNLIMITED = math.inf  # a group, but no quota


class Limited:
    """Control groups with a limit, in which commands are started."""

    def __init__(self, groups: list[Path]) -> None:
        self.groups = groups

    def command(self, argv: Sequence[str]) -> list[str]:
        """Return the command that starts `argv` in the groups."""
        enter = "".join(f"echo $$ > {group}/cgroup.procs && " for group in self.groups)
        return ["/bin/sh", "-c", f'{enter}exec "$@"', "sh", *argv]

    def run(self, argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command in the groups to its end; fail the test if the command fails."""
        return subprocess.run(self.command(argv), check=True, capture_output=True, text=True, **options)

    def change(self, quota: float) -> None:
        """Change the quota, in CPUs, of the running processes; `UNLIMITED` removes it."""
        for group in self.groups:
            if any((group / file).exists() for file in ("cpu.max", "cpu.cfs_quota_us")):
                _set_quota(group, quota)

    def throttled(self) -> int:
        """Return the number of periods in which the quota ran out."""
        for group in self.groups:
            with contextlib.suppress(OSError):
                words = (group / "cpu.stat").read_text().split()
                return int(words[words.index("nr_throttled") + 1])
        return 0


def why_not() -> str | None:
    """Return why no limit can be set on this machine; None if one can."""
    if os.geteuid() != 0:
        return "setting kernel limits takes root"
    tree = _tree("cpu")
    if tree is None:
        return "no control group with the cpu controller is mounted"
    if not os.access(tree, os.W_OK):
        return f"{tree} cannot be written"
    try:
        with limited(quota=1.0) as place:
            place.run(["true"])
    except (OSError, subprocess.CalledProcessError) as problem:  # v2: the controller is not handed down
        return f"the kernel refuses a group below {tree}: {problem}"
    return None


@contextlib.contextmanager
def limited(
    quota: float | None = None, cpus: str | None = None, parent_quota: float | None = None
) -> Iterator[Limited]:
    """Create a group with a quota in CPUs, a cpuset, or a parent with a tighter quota."""
    name = f"mkl-launch-{os.getpid()}-{time.monotonic_ns()}"
    made: list[Path] = []
    try:
        yield Limited(_make(name, made, quota, cpus, parent_quota))
    finally:
        for group in reversed(made):
            _remove(group)


def _make(
    name: str, made: list[Path], quota: float | None, cpus: str | None, parent_quota: float | None
) -> list[Path]:
    leaves = []
    if quota is not None or parent_quota is not None:
        parent, leaf = _nest("cpu", name, made)
        _set_quota(parent, parent_quota)
        _set_quota(leaf, quota)
        leaves.append(leaf)
    if cpus is not None:
        parent, leaf = _nest("cpuset", name, made)
        for group in (parent, leaf):
            (group / "cpuset.cpus").write_text(cpus)
            (group / "cpuset.mems").write_text("0")
        leaves.append(leaf)
    return list(dict.fromkeys(leaves))


def _nest(controller: str, name: str, made: list[Path]) -> tuple[Path, Path]:
    tree = _tree(controller)
    if tree is None:
        raise OSError(f"no control group with the {controller} controller is mounted")
    parent, leaf = tree / name, tree / name / "inner"
    for group in (parent, leaf):
        if not group.exists():
            _enable(group.parent, controller)
            group.mkdir()
            made.append(group)
    return parent, leaf


def _set_quota(group: Path, quota: float | None) -> None:
    if quota is None:
        return
    unlimited = quota == UNLIMITED
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{'max' if unlimited else int(quota * PERIOD)} {PERIOD}")
    else:
        (group / "cpu.cfs_quota_us").write_text("-1" if unlimited else str(int(quota * PERIOD)))


def _enable(group: Path, controller: str) -> None:
    """Let the children of a v2 group have a controller, which v2 does not do by itself."""
    control = group / "cgroup.subtree_control"
    if control.exists():
        control.write_text(f"+{controller}")


def _tree(controller: str) -> Path | None:
    """Return the mount point of a controller's tree."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, kind = line.partition(" - ")
        point = Path(place.split(" ")[4])
        file_system, _, options = kind.split(" ", 2)
        if file_system == "cgroup" and controller in options.split(","):
            return point
        if file_system == "cgroup2":
            controllers = point / "cgroup.controllers"
            if controllers.exists() and controller in controllers.read_text().split():
                return point
    return None


def _remove(group: Path) -> None:
    for _ in range(100):
        for pid in (group / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                os.kill(int(pid), 9)
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.05)
