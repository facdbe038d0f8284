"""A few tries of each promise; `python testing/promises.py INSTALLED ROUNDS` tries them in quantity."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.project import skip_or_fail
from testing.promises import ENTRIES, PROMISES, attempt, installations

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 2


@pytest.fixture(scope="module")
def made(installed: Path) -> Iterator[dict[str, tuple[list[str], Path]]]:
    if os.geteuid() or not shutil.which("unshare") or not shutil.which("strace"):
        skip_or_fail("it takes root, unshare(1) and strace(1)")
    with tempfile.TemporaryDirectory() as place:
        yield installations(installed, Path(place))


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_of_the_security_page_is_kept(
    made: dict[str, tuple[list[str], Path]], promise: str, entry: str
) -> None:
    for number in range(ROUNDS):
        assert not attempt(promise, entry, made[entry], number)
