"""The images that the tests of this folder share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.images import build_images
from testing.podman import Podman, why_not
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podman]:
    """Build all images once and yield podman."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    built = build_images(tmp_path_factory.mktemp("podman"))
    yield built
    built.close()
