"""The measured speed of two instances on two CPUs, of one on one CPU, and of two by run_cpu."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from testing.process import PATH
from testing.project import PROJECT, skip_or_fail

pytestmark = pytest.mark.alone

CONVNET = PROJECT / "examples" / "before_after" / "convnet.py"
# Of one, two and run_cpu's two in turn, so that what changes with time changes for all; more if it is noisy
LEAST_ROUNDS, MOST_ROUNDS = 2, 5
TRIES = 3  # of one measurement, until nobody else computes beside it
OTHERS = 0.1  # CPUs that others may have of those two meanwhile
GOAL = 1.9
RUN_CPU = ("--ninstances=2", "--ncores-per-instance=1", "--no-python")


def speed(cpus: list[int], *argv: str) -> float:
    """Return inferences per second of all instances, while others use these CPUs least.

    How much that is tells the kernel, not the result.
    """
    found: list[tuple[float, float]] = []
    while len(found) < TRIES and not any(taken <= OTHERS for taken, _ in found):
        begin, before = time.monotonic(), others(cpus)
        rate = per_second(*argv)
        found.append(((others(cpus) - before) / (time.monotonic() - begin), rate))
    return min(found)[1]


def per_second(*argv: str) -> float:
    """Return the speed that the instances report."""
    environ = {"PATH": f"{Path(argv[-3]).parent}:{PATH}"}  # run_cpu starts whatever python is first there
    done = subprocess.run(argv, check=True, capture_output=True, text=True, env=environ)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return float(sum(one["per_second"] for one in found))


def others(cpus: list[int]) -> float:
    """Return the CPU seconds of processes other than this one and its children."""
    lines = (line.split() for line in Path("/proc/stat").read_text(encoding="utf-8").splitlines())
    ours = [line[1:9] for line in lines if line[0] in {f"cpu{cpu}" for cpu in cpus}]
    # As proc(5) has them: idle and iowait are left out, a hypervisor's steal is not.
    ticks = sum(int(tick) for line in ours for tick in (*line[:3], *line[5:]))
    own = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return ticks / os.sysconf("SC_CLK_TCK") - sum(one.ru_utime + one.ru_stime for one in own)


def test_two_instances_are_nearly_twice_as_fast_as_one(launcher: str, programs_python: str) -> None:
    cpus = sorted(os.sched_getaffinity(0))[:2]
    if len(cpus) < 2:
        skip_or_fail("two instances need two CPUs")
    program = (programs_python, str(CONVNET), "--seconds=3")
    one = (launcher, "-q", "--cpus", f"{cpus[0]}-{cpus[0]}", "--", *program)
    two = (launcher, "-q", "--cpus", f"{cpus[0]},{cpus[1]}", "--instances", "2", "--", *program)
    run_cpu = (programs_python, "-m", "torch.backends.xeon.run_cpu", "--use-default-allocator", *RUN_CPU)
    lines = (one, two, (*run_cpu, *program))
    rounds: list[tuple[float, ...]] = []
    while len(rounds) < MOST_ROUNDS and not (len(rounds) >= LEAST_ROUNDS and is_fast(rounds)):
        rounds.append(tuple(speed(cpus, *line) for line in lines))
    print("one, two, two of run_cpu:", *(tuple(round(rate, 1) for rate in found) for found in rounds))
    assert is_fast(rounds), rounds


def is_fast(rounds: list[tuple[float, ...]]) -> bool:
    """Return whether two are nearly twice as fast as one, and as fast as two of run_cpu.

    A virtual machine's second CPU may be the other half of a core that somebody else has for a while: two
    of run_cpu's are then as slow.
    """
    _, ours, theirs = map(statistics.median, zip(*rounds))
    return ours >= 0.9 * theirs and any(two >= GOAL * one for one, two, _ in rounds)
