"""The running machine of a test class, shared by its tests."""

from __future__ import annotations

import contextlib
import platform
import shutil
from typing import TYPE_CHECKING

import pytest

from testing.project import skip_or_fail

from . import image
from .machine import QEMU, Machine, kernel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _require(program: str) -> None:
    if shutil.which(program) is None:
        skip_or_fail(f"{program} is not installed: no machine can be emulated")


@pytest.fixture(scope="session")
def guest_image(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the initramfs with the launcher; skip the test if nothing can boot it."""
    for program in (QEMU, "busybox", "cpio", "ldd"):
        _require(program)
    if platform.machine() != "x86_64":
        skip_or_fail(f"this machine's Python ({platform.machine()}) does not run in an x86-64 guest")
    try:
        kernel()
    except FileNotFoundError as error:
        skip_or_fail(f"no kernel to boot that may be read: {error}")
    return image.build(installed, tmp_path_factory.mktemp("guest"))


@pytest.fixture(scope="class")
def machine(request: pytest.FixtureRequest, guest_image: Path) -> Iterator[Machine]:
    """Start the machine that the SPEC of the test class describes."""
    with contextlib.closing(Machine(guest_image, request.cls.SPEC)) as running:
        yield running
