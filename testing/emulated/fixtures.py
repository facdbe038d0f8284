"""The running machine of a test class, shared by its tests."""

from __future__ import annotations

import contextlib
import platform
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.apt import NoPackagesError
from testing.project import skip_or_fail

from . import arm, image
from .machine import X86, Machine, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _require(where: Platform, *programs: str) -> None:
    for program in (where.qemu, "cpio", *programs):
        if shutil.which(program) is None:
            skip_or_fail(f"{program} is not installed: no machine can be emulated")


@pytest.fixture(scope="session")
def guest_image(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the initramfs with the launcher; skip the test if nothing can boot it."""
    _require(X86, "busybox", "ldd")
    if platform.machine() != "x86_64":
        skip_or_fail(f"this machine's Python ({platform.machine()}) does not run in an x86-64 guest")
    try:
        X86.kernel()
    except FileNotFoundError as error:
        skip_or_fail(f"no kernel to boot that may be read: {error}")
    return image.build(installed, tmp_path_factory.mktemp("guest"))


@pytest.fixture(scope="session")
def arm_image(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the initramfs for Arm, with what pip installs there; skip the test if nothing can boot it."""
    _require(arm.ARM, "fdtput")
    try:
        version = arm.python_version()
    except NoPackagesError as error:
        skip_or_fail(f"Debian's packages for arm64 cannot be fetched: {error}")
    folder = tmp_path_factory.mktemp("arm")
    target = ["--platform", "manylinux2014_aarch64", "--python-version", version, "--only-binary=:all:"]
    pip = [sys.executable, "-m", "pip", "--quiet", "install", "--target", str(folder / "installed")]
    subprocess.run([*pip, *target, str(wheel)], check=True)
    return image.build(folder / "installed", folder, arm.add_system)


@pytest.fixture(scope="class")
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """Start the machine that the SPEC of the test class describes."""
    spec = request.cls.SPEC
    built = request.getfixturevalue("guest_image" if spec.platform is X86 else "arm_image")
    with contextlib.closing(Machine(built, spec)) as running:
        yield running
