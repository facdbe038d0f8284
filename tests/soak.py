"""Launch after launch under a quota of a tenth of a CPU: none fails, none hangs, nothing is left behind.

`python tests/soak.py LAUNCHER [LAUNCHES]`; 10,000 take some 25 minutes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cgroups import limited

QUOTA = 0.1
# A launch needs two to three of the kernel's periods of 0.1 s at that quota; a busy machine adds some.
SLACK = 0.5


@dataclass(frozen=True)
class Soaked:
    """What came of it; times in seconds."""

    launches: int
    failed: int
    median: float
    p99: float
    slowest: float
    left: tuple[str, ...]

    @property
    def bound(self) -> float:
        """What the 99th percentile may be."""
        return 3 * self.median + SLACK


def soak(launcher: str, launches: int) -> Soaked:
    """Launch `true` that many times, one after the other."""
    times, failed = [], 0
    with tempfile.TemporaryDirectory() as folder, limited(quota=QUOTA) as place:
        command = place.command([launcher, "-q", "--", "sh", "-c", 'test "$OMP_NUM_THREADS" = 1'])
        for _ in range(launches):
            begin = time.monotonic()
            done = subprocess.run(
                command, check=False, cwd=folder, env={"PATH": "/usr/bin:/bin", "TMPDIR": folder}
            )
            times.append(time.monotonic() - begin)
            failed += done.returncode != 0
        left = [*map(str, Path(folder).iterdir()), *_processes(place.groups)]
    times.sort()
    return Soaked(
        launches, failed, statistics.median(times), times[int(len(times) * 0.99)], times[-1], tuple(left)
    )


def _processes(groups: list[Path]) -> list[str]:
    """Those that are still in the groups, zombies among them."""
    return [pid for group in groups for pid in (group / "cgroup.procs").read_text().split()]


if __name__ == "__main__":
    result = soak(sys.argv[1], int((*sys.argv[2:], "10000")[0]))
    print(result, f"p99 may be {result.bound:.2f} s")
    sys.exit(result.failed > 0 or bool(result.left) or result.p99 > result.bound)
