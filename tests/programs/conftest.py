"""What several files of this folder need: limits, and a Redis."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import why_not
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def limits_can_be_set() -> None:
    """Skip the test, or fail in CI, where no limit can be set."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)


@pytest.fixture
def redis(place: Path) -> Iterator[None]:
    """Yield a Redis at a socket of its own."""
    if not shutil.which("redis-server"):
        skip_or_fail("redis-server is not installed")
    line = ["redis-server", "--port", "0", "--unixsocket", str(place / "redis"), "--save", ""]
    process = subprocess.Popen(line, cwd=place, stdout=subprocess.DEVNULL)
    while not (place / "redis").exists() and process.poll() is None:
        time.sleep(0.02)
    yield
    process.kill()
    process.wait()
