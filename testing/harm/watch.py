"""Run a command under a real kernel limit and watch every thread of all its processes while it runs."""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import statistics
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing.cgroups import UNLIMITED, Limited, limited

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NO_LIMIT, QUOTA_1_5, QUOTA_1, ONE_CPU = "no limit", "quota 1.5", "quota 1.0", "one CPU"
QUOTAS = {NO_LIMIT: UNLIMITED, QUOTA_1_5: 1.5, QUOTA_1: 1.0}
LIMITS = (*QUOTAS, ONE_CPU)
# Seconds of CPU time from which on a thread has computed. There are two, so that a thread near the limit is
# not counted in the launched program alone: the launcher itself takes 16 ms of the first thread.
BUSY, NEARLY_BUSY = 0.08, 0.04
PAUSE = 0.02  # seconds between two looks
PATIENCE = 300  # seconds


class Run(NamedTuple):
    """The result of a run: its output, and the threads that were seen."""

    status: int
    output: str
    errors: str
    seconds: float
    busy: int  # threads of all processes that lived at once and computed
    nearly_busy: int  # the same, with those that computed less
    narrowest: int  # CPUs that the most confined of all threads may run on

    @property
    def told(self) -> dict[str, Any]:
        """Return the last line of JSON that the program printed; empty if it printed none."""
        for line in reversed(self.output.splitlines()):
            if line.startswith("{"):
                found: dict[str, Any] = json.loads(line)
                return found
        return {}


def budget(limit: str) -> int:
    """Return the CPUs that a limit leaves, a fraction rounded up."""
    if limit == ONE_CPU:
        return 1
    return math.ceil(min(QUOTAS[limit], len(os.sched_getaffinity(0))))


class Start(NamedTuple):
    """A command with its environment and working directory."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    folder: Path


def run(start: Start, limit: str, *, cpu: int = 0, watched: bool = True) -> Run:
    """Run a command to its end in a control group. `cpu` is the CPU of a limit of one CPU."""
    kernel: dict[str, Any] = {"cpus": str(cpu)} if limit == ONE_CPU else {"quota": QUOTAS[limit]}
    with (
        limited(**kernel) as place,
        (start.folder / "output").open("w+") as output,
        (start.folder / "errors").open("w+") as errors,
    ):
        begin = time.monotonic()
        process = subprocess.Popen(
            place.command(start.argv),
            env=dict(start.environ),
            cwd=start.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
        try:
            threads = Threads(place)
            status = _wait(process, threads.look if watched else None)
        finally:
            process.kill()
            process.wait()
        seconds = time.monotonic() - begin
        output.seek(0)
        errors.seek(0)
        return Run(status, output.read(), errors.read(), seconds, *threads.counts(), threads.narrowest())


def _wait(process: subprocess.Popen[bytes], look: Callable[[], None] | None) -> int:
    if look is None:
        # Popen.wait with a time-out looks every 50 ms only, which would be counted as the program's time.
        ended = os.pidfd_open(process.pid)
        select.select([ended], [], [], PATIENCE)
        os.close(ended)
        return process.wait(0)
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise subprocess.TimeoutExpired(process.args, PATIENCE)
        look()
        time.sleep(PAUSE)
    return process.returncode


class Threads:
    """The threads of a control group, as they were at each of several looks."""

    def __init__(self, place: Limited) -> None:
        group = place.groups[0]
        self._lists = [group / name for name in ("cgroup.threads", "tasks") if (group / name).exists()]
        self._spent: dict[str, float] = {}  # seconds, of each that ever was
        self._masks: dict[str, list[int]] = {}  # CPUs, at each look
        self._alive: set[frozenset[str]] = set()

    def look(self) -> None:
        """Record the CPU time and the mask of each thread that is there now."""
        alive = self._lists[0].read_text().split()
        for thread in alive:
            with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended
                spent = int(Path(f"/proc/{thread}/schedstat").read_text().split()[0]) / 1e9
                mask = len(os.sched_getaffinity(int(thread)))
                self._spent[thread] = spent
                self._masks.setdefault(thread, []).append(mask)
        self._alive.add(frozenset(alive))

    def counts(self) -> tuple[int, int]:
        """Return the largest numbers of busy threads, and of nearly busy ones, at the same time."""
        return self._at_once(BUSY), self._at_once(NEARLY_BUSY)

    def _at_once(self, least: float) -> int:
        busy = {thread for thread, spent in self._spent.items() if spent >= least}
        return max((len(busy & alive) for alive in self._alive), default=0)

    def narrowest(self) -> int:
        """Return the fewest CPUs that a thread could run on for most of its time.

        Intel's OpenMP binds a thread for a moment while it counts the cores.
        """
        return min((statistics.median_low(masks) for masks in self._masks.values()), default=0)
