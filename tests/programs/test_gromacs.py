"""GROMACS: it fails if OMP_NUM_THREADS is not what its options say, so the launcher leaves it unset."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.harm.suite import PROGRAMS
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

OPTIONS = {
    "gmx": "-ntmpi 1 -ntomp 1",
    "gmx_d": "-ntmpi 1 -ntomp 1",
    "gmx_mpi": "-ntomp 1",
    "gmx_mpi_d": "-ntomp 1",
}
STEPS = "-nsteps 5 -s topol.tpr"


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with molecules of water."""
    if not shutil.which("gmx"):
        skip_or_fail("gmx is not installed")
    folder = tmp_path_factory.mktemp("water")
    subprocess.run(["sh", PROGRAMS / "water.sh"], cwd=folder, check=True, capture_output=True)
    return folder


def _simulate(program: str, folder: Path, launch: list[str], **variables: str) -> tuple[int, str]:
    """Return exit status and output of a short simulation under a quota of two CPUs."""
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        **variables,
    }
    command = [*launch, program, "mdrun", *OPTIONS[program].split(), *STEPS.split()]
    with limited(quota=2.0) as limit:
        argv = limit.command(command)
        done = subprocess.run(
            argv, env=environ, cwd=folder, check=False, capture_output=True, text=True, timeout=300
        )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("program", OPTIONS)
def test_it_fails_if_the_variable_differs_from_its_option(program: str, water: Path) -> None:
    status, said = _simulate(program, water, [], OMP_NUM_THREADS="2")
    assert status != 0
    assert "OMP_NUM_THREADS" in said


@pytest.mark.parametrize("program", OPTIONS)
def test_it_runs_launched_with_the_threads_that_it_was_asked_for(
    program: str, water: Path, launcher: str
) -> None:
    status, said = _simulate(program, water, [launcher, "-q", "--"])
    assert status == 0, said
    assert "Using 1 OpenMP thread" in said
