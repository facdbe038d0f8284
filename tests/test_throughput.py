"""Two instances on two CPUs beside one on one CPU, and beside what run_cpu makes of two: measured."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from conftest import PROJECT, skip_or_fail
from process import PATH

CONVNET = PROJECT / "examples" / "before_after" / "convnet.py"
ROUNDS = 5  # at most: a round in which something else runs on this machine proves nothing
GOAL = 1.9
RUN_CPU = ("--ninstances=2", "--ncores-per-instance=1", "--no-python")


def speed(*argv: str) -> float:
    """Inferences each second, of all instances together."""
    environ = {"PATH": f"{Path(argv[-3]).parent}:{PATH}"}  # run_cpu starts whatever python is first there
    done = subprocess.run(argv, check=True, capture_output=True, text=True, env=environ)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return float(sum(one["per_second"] for one in found))


def test_two_instances_are_nearly_twice_as_fast_as_one(launcher: str, programs_python: str) -> None:
    cpus = sorted(os.sched_getaffinity(0))
    if len(cpus) < 2:
        skip_or_fail("two instances need two CPUs")
    program = (programs_python, str(CONVNET), "--seconds=4")
    one = (launcher, "-q", "--cpus", f"{cpus[0]}-{cpus[0]}", "--", *program)
    two = (launcher, "-q", "--cpus", f"{cpus[0]},{cpus[1]}", "--instances", "2", "--", *program)
    run_cpu = (programs_python, "-m", "torch.backends.xeon.run_cpu", "--use-default-allocator", *RUN_CPU)
    rounds: list[tuple[float, float, float]] = []
    while len(rounds) < ROUNDS and not any(ours >= GOAL * single for single, ours, _ in rounds):
        rounds.append((speed(*one), speed(*two), speed(*run_cpu, *program)))
    print("one, two, two of run_cpu:", *(tuple(round(rate, 1) for rate in found) for found in rounds))
    assert any(ours >= GOAL * single for single, ours, _ in rounds)
    assert any(ours >= 0.95 * theirs for _, ours, theirs in rounds)
