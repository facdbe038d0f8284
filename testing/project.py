"""The folder of the project, and the skipping of tests that this machine cannot run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def skip_or_fail(reason: str) -> None:
    """Skip a test that this machine cannot run; in CI, where every machine can, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
