"""Compilers, test runners and single tools under a real quota of one CPU, with and without a launch."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.environments import environment
from testing.process import PATH
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

INDUCTOR = "import torch._inductor.config as config; print(config.decide_compile_threads())"
JAX = """
import os, jax
x = jax.numpy.ones((800, 800))
(x @ x).block_until_ready()
names = [open(f"/proc/self/task/{task}/comm").read() for task in os.listdir("/proc/self/task")]
print(sum("XLAEigen" in name for name in names))
"""
OPENCV = "import cv2; print(cv2.getNumThreads())"
OPENCV_ASKED = "import cv2; cv2.setNumThreads(2); print(cv2.getNumThreads())"
R = "x <- matrix(runif(250000), 500); y <- x %*% x; cat(length(list.files('/proc/self/task')), fill = TRUE)"
WORKER_COUNT = (
    "import os\n\ndef test_count():\n    assert os.environ['PYTEST_XDIST_WORKER_COUNT'] == '%s'\n"
)
LINES = {
    "Inductor": ("frameworks", ["python", "-c", INDUCTOR]),
    "JAX": ("commands", ["python", "-c", JAX]),
    "OpenCV": ("commands", ["python", "-c", OPENCV]),
    "Rscript": ("commands", ["Rscript", "-e", R]),
    "R": ("commands", ["R", "--vanilla", "-s", "-e", R]),
}


def run(launch: Sequence[str], name: str, command: Sequence[str], cwd: Path) -> str:
    """Return what a command of an environment prints under a quota of one CPU."""
    environ = {"PATH": f"{environment(name) / 'bin'}:{PATH}", "HOME": str(cwd)}
    if not shutil.which(command[0], path=environ["PATH"]):
        skip_or_fail(f"{command[0]} is not installed")
    with limited(quota=1.0) as limit:
        return limit.run([*launch, *command], env=environ, cwd=cwd, timeout=300).stdout.strip()


@pytest.mark.parametrize("name", LINES)
def test_computes_on_one_thread_under_a_quota_of_one_cpu(name: str, launcher: str, tmp_path: Path) -> None:
    environment_name, command = LINES[name]
    assert run([launcher, "-q", "--"], environment_name, command, tmp_path) == "1"


@pytest.mark.parametrize("name", LINES)
def test_without_launch_computes_on_a_thread_for_each_cpu_of_the_mask(name: str, tmp_path: Path) -> None:
    environment_name, command = LINES[name]
    assert run([], environment_name, command, tmp_path) == str(len(os.sched_getaffinity(0)))


def test_opencv_obeys_the_program_that_asks_for_more(launcher: str, tmp_path: Path) -> None:
    assert run([launcher, "-q", "--"], "commands", ["python", "-c", OPENCV_ASKED], tmp_path) == "2"


def test_pytest_starts_a_worker_for_the_cpu_of_the_quota(launcher: str, tmp_path: Path) -> None:
    (tmp_path / "test_count.py").write_text(WORKER_COUNT % 1)
    said = run(
        [launcher, "-q", "--"], "commands", ["pytest", "-q", "-n", "auto", "test_count.py"], tmp_path
    )
    assert "1 passed" in said


def letters(file: Path) -> None:
    """Return a page of boxes that look like letters, as a portable graymap."""
    source = random.Random(1)
    width, height = 1200, 900
    page = bytearray(b"\xff" * width * height)
    for top in range(20, height - 40, 40):
        for left in range(20, width - 40, 24):
            for at in range(20 * 12):
                if source.random() < 0.55:
                    page[(top + at // 12) * width + left + at % 12] = 0
    file.write_bytes(b"P5\n%d %d\n255\n" % (width, height) + page)


def most_threads(launch: Sequence[str], folder: Path) -> int:
    """Return the threads that Tesseract has while it reads a page."""
    letters(folder / "page.pgm")
    with limited(quota=1.0) as limit:
        argv = list(limit.command([*launch, "tesseract", "page.pgm", "text"]))
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        most, deadline = 0, time.monotonic() + 300
        while process.poll() is None and time.monotonic() < deadline:
            most = max(most, len(list(Path(f"/proc/{process.pid}/task").iterdir())))
            time.sleep(0.01)
        process.kill()
        process.wait()
    return most


def test_tesseract_computes_on_one_thread_under_a_quota_of_one_cpu(launcher: str, tmp_path: Path) -> None:
    if not shutil.which("tesseract"):
        skip_or_fail("tesseract is not installed")
    assert most_threads([launcher, "-q", "--"], tmp_path) == 1


def test_without_launch_tesseract_asks_for_four_threads(tmp_path: Path) -> None:
    if not shutil.which("tesseract"):
        skip_or_fail("tesseract is not installed")
    assert most_threads([], tmp_path) == 4
