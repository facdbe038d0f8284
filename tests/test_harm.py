"""Real programs, untouched and launched side by side under real kernel limits: none is worse launched."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from cgroups import why_not
from conftest import environment, skip_or_fail
from harm.rows import ROWS, SYSTEM, Row
from harm.suite import Suite, harm

if TYPE_CHECKING:
    from pathlib import Path

TRIES = 3  # what is seen of threads that end is not the same each time


@pytest.fixture(autouse=True)
def _limits_can_be_set() -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)


@pytest.fixture(scope="session")
def suite(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return Suite(tmp_path_factory.mktemp("harm"), wheel, environment)


@pytest.mark.parametrize(("row", "limit"), [(row, limit) for row in ROWS for limit in row.limits], ids=str)
def test_is_not_worse_launched(row: Row, limit: str, suite: Suite) -> None:
    program = row.command.split()[0]
    if row.environment == SYSTEM and not shutil.which(program):
        skip_or_fail(f"{program} is not installed")
    for _ in range(TRIES):
        found = harm(row, limit, suite.pair(row, limit))
        if not found:
            return
    pytest.fail("\n".join(found))
