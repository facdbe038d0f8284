"""Every installed Python: from 3.9 on it launches, an older one starts the command without settings."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.environments import pythons
from testing.process import altered, environ_of, lines, said, start

if TYPE_CHECKING:
    from pathlib import Path

OLDEST = (3, 9)


@pytest.mark.parametrize(("version", "python"), pythons().items(), ids=pythons())
def test_every_python_launches_or_starts_the_command_alone(
    version: str, python: Path, installed: Path
) -> None:
    launch = [str(python), "-I", "-S", "-X", "utf8", str(installed / "mkl_launch" / "__main__.py")]
    command = ["sh", "-c", "echo threads=$OMP_NUM_THREADS"]
    done = subprocess.run(
        [*launch, "--", *command], check=True, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    said = done.stderr.splitlines()
    assert len(said) == 1
    if tuple(map(int, version.split("."))) >= OLDEST:
        assert done.stdout.removeprefix("threads=").strip().isdigit()
    else:
        assert done.stdout == "threads=\n"
        assert "is too old" in said[0]


# What Debian's python3-minimal has no module of, as far as the launcher uses it.
LACKING = ("ctypes", "http", "http.client", "json", "psutil", "shutil", "tenacity")


@pytest.fixture
def least(installed: Path, tmp_path: Path) -> str:
    """Return the launcher on such a Python."""
    lacking = f"import sys\nsys.modules.update(dict.fromkeys({LACKING}))\n"
    (command,) = altered(
        installed, tmp_path / "least", "mkl_launch/__main__.py", lambda text: lacking + text
    )
    return command


def test_launches_on_the_oldest_python(least: str) -> None:
    for words in (["--"], ["--instances", "1", "--"], ["--allocator", "jemalloc", "--"]):
        assert b"OMP_NUM_THREADS" in environ_of([least, "-q", *words])


def test_reports_on_the_oldest_python(least: str) -> None:
    for words in (
        ["--explain"],
        ["--print-env", "sh"],
        ["--print-env", "docker"],
        ["--version"],
        ["--help"],
    ):
        assert said([least, *words])
    done = start([least, "--json"])
    (line,) = lines(done)
    assert (done.returncode, "json" in line) == (125, True)


def test_reads_an_ecs_task_on_the_oldest_python(least: str) -> None:
    """The agent cannot be asked, and everything else is as ever."""
    done = start(
        [least, "--", "printenv", "OMP_NUM_THREADS"],
        {"ECS_CONTAINER_METADATA_URI_V4": "http://127.0.0.1:9"},
    )
    assert done.returncode == 0
    assert any("is not read" in line for line in lines(done))


def test_plans_a_model_server_on_the_oldest_python(least: str, tmp_path: Path) -> None:
    (tmp_path / "config.properties").write_text('models={"a": {"1.0": {"minWorkers": 2}}}\nload_models=a\n')
    server = tmp_path / "torchserve"
    server.write_text("#!/bin/sh\nprintenv OMP_NUM_THREADS\n")
    server.chmod(0o755)
    assert said([least, "-q", "--", str(server), "--start"], cwd=tmp_path)
