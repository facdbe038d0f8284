"""Real programs with and without a launch, under real kernel limits: none is worse with it."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.environments import environment, python_that_reads_python_cpu_count
from testing.harm.rows import ROWS, SYSTEM, TWICE, Row
from testing.harm.suite import PROGRAMS, Pair, Suite, harm
from testing.harm.watch import NO_LIMIT, ONE_CPU, QUOTA_1, QUOTA_1_5, Run, Start, run
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

TRIES = 3  # what is seen of threads that end is not the same each time


@pytest.fixture(scope="session")
def suite(launcher: str, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Return a suite whose environments have the wheel and so the Python hook."""
    return Suite(tmp_path_factory.mktemp("harm"), launcher, wheel, environment)


@pytest.fixture(scope="session")
def suite_without_hook(launcher: str, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """Return a suite as in an image that only copies /opt/mkl-launch."""
    return Suite(tmp_path_factory.mktemp("harm"), launcher, None, environment)


@pytest.mark.parametrize(
    ("row", "limit"),
    [(row, limit) for row in ROWS for limit in row.limits],
    ids=str,
)
def test_a_program_is_not_worse_launched(row: Row, limit: str, suite: Suite) -> None:
    program = row.command.split()[0]
    if row.environment == SYSTEM and not shutil.which(program):
        skip_or_fail(f"{program} is not installed")
    _is_unharmed(row, limit, suite)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.at_first == TWICE and row.environment == "harm"], ids=str
)
def test_a_program_is_not_worse_launched_without_the_hook(row: Row, suite_without_hook: Suite) -> None:
    """These divide the CPUs among their processes, but only if nobody has set a number."""
    _is_unharmed(row, NO_LIMIT, suite_without_hook)


def _is_unharmed(row: Row, limit: str, suite: Suite) -> None:
    for _ in range(TRIES):
        found = harm(row, limit, suite.pair(row, limit))
        if not found:
            return
    pytest.fail("\n".join(found))


# What each of these has launched, whatever it has untouched


def _told(name: str, limit: str, suite: Suite) -> dict[str, Any]:
    """Return what a launched program says."""
    (row,) = (row for row in ROWS if row.name == name)
    run = suite.run(row, limit, launched=True)
    assert run.status == 0, run.errors
    return run.told


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_an_intel_openmp_parent_have_the_whole_mask(method: str, suite: Suite) -> None:
    assert _told(f"MKL, {method}", NO_LIMIT, suite)["narrowest"] == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("limit", [QUOTA_1_5, QUOTA_1])
@pytest.mark.parametrize("name", ["Numba, set_num_threads", "NumExpr, set_num_threads(2)"])
def test_a_program_gets_two_threads_if_it_asks_for_them(name: str, limit: str, suite: Suite) -> None:
    assert _told(name, limit, suite)["threads"] >= 2


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS=1 before import", "a child with OMP_NUM_THREADS=1"])
def test_openblas_has_the_one_thread_that_openmp_is_given(name: str, suite: Suite) -> None:
    assert _told(name, NO_LIMIT, suite)["threads"] == 1


def test_a_pool_of_all_cpus_but_one_has_processes(launcher: str) -> None:
    """Under a quota of one CPU, where another count than untouched would leave none."""
    python = python_that_reads_python_cpu_count()
    if python is None:
        skip_or_fail("Python 3.13, the first that reads PYTHON_CPU_COUNT, is not installed by pyenv")
        return
    if os.cpu_count() == 1:
        skip_or_fail("with one CPU the pool is empty without mkl-launch too")
    with limited(quota=1.0) as place:
        argv = [launcher, "-q", "--", python, str(PROGRAMS / "all_but_one.py")]
        place.run(argv, env={"PATH": "/usr/bin:/bin"})


def test_joblib_divides_the_cpus_among_its_workers(suite: Suite) -> None:
    assert _told("joblib, loky, 2", NO_LIMIT, suite)["threads"] <= max(2, len(os.sched_getaffinity(0)))


# What the comparison sees


def _run(result: int = 1, threads: int = 2, narrowest: int = 2) -> Run:
    """Return a run of two threads that says this."""
    told = json.dumps({"result": result, "threads": threads, "narrowest": narrowest})
    return Run(0, told, "", 1.0, busy=2, nearly_busy=2, narrowest=2)


@pytest.mark.parametrize(
    ("launched", "complaint"),
    [
        (_run()._replace(status=1, errors="ValueError"), "fails launched, with 1: ValueError"),
        (_run(result=2), "the result is 2 instead of 1"),
        (_run(threads=3), "threads in its pools: 3 instead of 2"),
        (_run(narrowest=1), "mask has 1 CPUs instead of 2"),
        (_run()._replace(busy=3), "busy threads: 3 instead of 2"),
        (_run()._replace(narrowest=1), "mask has 1 CPUs instead of 2"),
    ],
)
def test_each_kind_of_harm_is_named(launched: Run, complaint: str) -> None:
    (found,) = harm(ROWS[0], ONE_CPU, Pair(_run(), launched))
    assert complaint in found


def test_an_equal_run_is_unharmed() -> None:
    assert not harm(ROWS[0], ONE_CPU, Pair(_run(), _run()))


def test_a_program_that_fails_untouched_is_no_row() -> None:
    failed = _run()._replace(status=1)
    assert len(harm(ROWS[0], ONE_CPU, Pair(failed, failed))) == 2


def test_busy_processes_are_counted_and_idle_ones_are_not(tmp_path: Path) -> None:
    busy = "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done' & "
    start = Start(["sh", "-c", f"{busy * 3} sleep 1 & wait"], {"PATH": "/usr/bin:/bin"}, tmp_path)
    assert run(start, NO_LIMIT).busy == 3


def test_the_narrowest_mask_of_a_child_is_seen(tmp_path: Path) -> None:
    start = Start(["sh", "-c", "taskset -c 0 sleep 0.5 & wait"], {"PATH": "/usr/bin:/bin"}, tmp_path)
    assert run(start, NO_LIMIT).narrowest == 1
