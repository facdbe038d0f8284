"""Launches under a quota of a tenth of a CPU: none fails, none hangs, none leaves anything behind.

`python testing/soak.py LAUNCHER [LAUNCHES]`; 10,000 take some 25 minutes.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from testing.cgroups import limited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUOTA = 0.1
# A launch needs two to three of the kernel's periods of 0.1 s at that quota; a busy machine adds some.
SLACK = 0.5
PR_SET_CHILD_SUBREAPER = 36  # include/uapi/linux/prctl.h


@dataclass(frozen=True)
class Soaked:
    """The result of many launches; times in seconds."""

    launches: int
    failed: int
    median: float
    p99: float
    slowest: float
    left: tuple[str, ...]

    @property
    def bound(self) -> float:
        """Return the largest accepted 99th percentile."""
        return 3 * self.median + SLACK


def soak(launcher: str, launches: int) -> Soaked:
    """Launch a command `launches` times, one after the other, under a small quota."""
    times, failed = [], 0
    with tempfile.TemporaryDirectory() as folder, limited(quota=QUOTA) as place, adopting() as orphans:
        command = place.command([launcher, "-q", "--", "sh", "-c", 'test "$OMP_NUM_THREADS" = 1'])
        for _ in range(launches):
            begin = time.monotonic()
            done = subprocess.run(
                command, check=False, cwd=folder, env={"PATH": "/usr/bin:/bin", "TMPDIR": folder}
            )
            times.append(time.monotonic() - begin)
            failed += done.returncode != 0
        left = [*map(str, Path(folder).iterdir()), *orphans()]
    times.sort()
    return Soaked(
        launches, failed, statistics.median(times), times[int(len(times) * 0.99)], times[-1], tuple(left)
    )


@contextlib.contextmanager
def adopting() -> Iterator[Callable[[], list[str]]]:
    """Yield a function that lists the processes left behind: they become children of this one."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(PR_SET_CHILD_SUBREAPER, 1):
        raise OSError(ctypes.get_errno(), "prctl")
    before = children()
    try:
        yield lambda: [stat for pid, stat in children().items() if pid not in before]
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)
        for pid in children().keys() - before.keys():
            os.waitpid(pid, os.WNOHANG)


def children() -> dict[int, str]:
    """Return number, name and state of the children of this process, zombies included."""
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = file.read_text(errors="replace").rpartition(")")
            state, parent = rest.split()[:2]
            if int(parent) == os.getpid():
                found[int(file.parent.name)] = f"{name}) {state}"
    return found


if __name__ == "__main__":
    result = soak(sys.argv[1], int((*sys.argv[2:], "10000")[0]))
    print(result, f"p99 may be {result.bound:.2f} s")
    sys.exit(result.failed > 0 or bool(result.left) or result.p99 > result.bound)
