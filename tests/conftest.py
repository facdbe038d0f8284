"""What is shipped is what is tested: the wheel, built once and installed in clean places."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing import slots
from testing.emulated.fixtures import arm_image, guest_image, machine  # noqa: F401  # fixtures are found here
from testing.environments import environment
from testing.preparing import prepare
from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.register_assert_rewrite("testing.emulated.launches")

# nohup(1) and a shell's background ignore these, and so would every program that is tested with them.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def signals_of_python() -> Iterator[None]:
    """Ignore SIGPIPE and SIGXFSZ again after a test that called `execute` in this process.

    With their default actions, the next server whose client has gone ends the whole run.
    """
    yield
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout."""
    if PROJECT.name == "mutants":
        pytest.skip("mutmut tries mutants of the source, not of an installation")
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(PROJECT))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and its dependencies; `bin/mkl-launch` starts it."""
    folder = tmp_path_factory.mktemp("installed")
    _pip("install", "--target", str(folder), str(wheel))
    return folder


@pytest.fixture(scope="session")
def launcher(installed: Path) -> str:
    """Return the path of the installed `mkl-launch`."""
    return str(installed / "bin" / "mkl-launch")


@pytest.fixture(scope="session")
def prepared(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an installation of its own that `--prepare` has been run in."""
    folder = tmp_path_factory.mktemp("prepared") / "mkl-launch"
    shutil.copytree(installed, folder)
    assert "without a shell" in prepare(folder)
    return folder


@pytest.fixture
def slots_directory() -> Iterator[str]:
    """Yield an empty directory for --slots."""
    with slots.shared_directory() as place:
        yield place


@pytest.fixture(scope="session")
def programs_python() -> str:
    """Return a Python with the frameworks."""
    return str(environment("frameworks") / "bin" / "python")


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)
