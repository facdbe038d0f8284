"""Threads of more real libraries and of the OpenMP runtimes, under real kernel limits."""

from __future__ import annotations

import os
import re
import subprocess
from ctypes.util import find_library
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.cgroups import limited
from testing.environments import environment
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

POOLS = PROJECT / "testing" / "programs" / "pools.py"


class Library(NamedTuple):
    """One row: where it is installed, what it listens to, how many threads it must have."""

    environment: str  # testing/programs/NAME.txt
    pool: str  # the function of testing/programs/pools.py
    hears: str  # the one variable that is enough to set its threads
    one: int  # under a quota of 1.0
    half: int  # under a quota of 0.5
    cpuset: int  # in a cpuset of one CPU
    shared: int  # each of two workers under a quota of 2.0
    alone: int  # at least, under a quota of 1.0, without the launcher


LIBRARIES = (
    # environment, pool, hears; threads: one, half, cpuset, shared, alone
    Library("frameworks", "pyarrow", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("frameworks", "xgboost", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("frameworks", "lightgbm", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("intel", "intel_tensorflow", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("mkl", "mkl", "MKL_NUM_THREADS", 1, 1, 1, 1, 2),
    # Left alone it takes half of the CPUs, which is one on a machine of two.
    Library("mxnet", "mxnet", "OMP_NUM_THREADS", 1, 1, 1, 1, 1),
    # Left alone it has one thread.
    Library("mkl", "blis", "BLIS_NUM_THREADS", 1, 1, 1, 1, 1),
    Library("mkl", "libgomp", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("mkl", "libomp", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
    Library("mkl", "libiomp5", "OMP_NUM_THREADS", 1, 1, 1, 1, 2),
)
ALSO_OPENMP = tuple(row for row in LIBRARIES if row.hears != "OMP_NUM_THREADS")
each_library = pytest.mark.parametrize("library", LIBRARIES, ids=lambda row: row.pool)

# Numbers of threads that are none, or more than one number. Some libraries refuse to start with them.
BAD = ("abc", "4,1", "-1", "1.5", "")
LISTENERS = (
    ("frameworks", "numexpr", BAD),
    ("frameworks", "pytorch", BAD),
    ("frameworks", "onnxruntime", BAD),
    ("frameworks", "tensorflow_intra_op", BAD),
    ("mxnet", "mxnet", BAD),
    ("mkl", "libiomp5", BAD),
    # What is no number makes LLVM's of version 14 abort, or start as many threads as the memory takes.
    ("mkl", "libomp", ("4,1", "")),
)


@pytest.fixture(autouse=True, scope="module")
def _libraries_of_the_system() -> None:
    """Return the libraries that no wheel brings."""
    for name in ("gomp", "omp", "blis"):
        if not find_library(name):
            skip_or_fail(f"lib{name} is not installed")


def _untouched() -> dict[str, str]:
    """Return the environment without variables that the runner of the tests has set."""
    ours = ("_THREADS", "_TIMEOUT", "_PARALLELISM", "_CPU_COUNT")
    started = ("MKL_LAUNCH", "KMP_", "OMP_", "GOMP_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.endswith(ours) and not name.startswith(started)
    }


def _run(
    where: str,
    pool: str,
    launch: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    **limit: float | str,
) -> subprocess.CompletedProcess[str]:
    """Start a function of pools.py, with these variables of the user's."""
    python = environment(where) / "bin" / "python"
    with limited(**limit) as place:  # type: ignore[arg-type]
        return subprocess.run(
            place.command([*launch, str(python), str(POOLS), pool]),
            env={**_untouched(), **(variables or {})},
            check=False,
            capture_output=True,
            text=True,
        )


def _threads(
    library: Library,
    launch: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    **limit: float | str,
) -> int:
    done = _run(library.environment, library.pool, launch, variables, **limit)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@each_library
def test_computes_on_one_thread_under_a_quota_of_one_cpu(library: Library, launcher: str) -> None:
    assert _threads(library, [launcher, "-q", "--"], quota=1.0) == library.one


@each_library
def test_computes_on_one_thread_under_a_quota_of_half_a_cpu(library: Library, launcher: str) -> None:
    assert _threads(library, [launcher, "-q", "--"], quota=0.5) == library.half


@each_library
def test_computes_on_one_thread_in_a_cpuset_of_one_cpu(library: Library, launcher: str) -> None:
    assert _threads(library, [launcher, "-q", "--"], cpus="1") == library.cpuset


@each_library
def test_two_workers_share_a_quota_of_two(library: Library, launcher: str) -> None:
    launch = [launcher, "-q", "--workers", "2", "--"]
    assert _threads(library, launch, quota=2.0) == library.shared


@each_library
def test_without_launch_a_library_ignores_the_quota(library: Library) -> None:
    """Else the tests above would prove nothing."""
    assert _threads(library, quota=1.0) >= library.alone


@each_library
def test_computes_on_more_threads_without_a_limit(library: Library, launcher: str) -> None:
    assert _threads(library, [launcher, "-q", "--"]) > 1


@each_library
def test_the_variable_of_a_library_alone_sets_its_threads(library: Library) -> None:
    """Without the launcher, and so without the other variables that it sets."""
    assert [_threads(library, variables={library.hears: number}) for number in "12"] == [1, 2]


@pytest.mark.parametrize("library", ALSO_OPENMP, ids=lambda row: row.pool)
def test_the_variable_of_a_library_beats_that_of_openmp(library: Library) -> None:
    """Where it is unset, that of OpenMP counts."""
    both = {library.hears: "1", "OMP_NUM_THREADS": "2"}
    assert _threads(library, variables=both) == 1
    assert _threads(library, variables={"OMP_NUM_THREADS": "1"}) == 1
    assert _threads(library, variables={"OMP_NUM_THREADS": "2"}) == 2


def _told(where: str, pool: str, launch: Sequence[str] = (), **options: str | float) -> dict[str, str]:
    """Return the settings that an OpenMP runtime says it has. What is in force comes after what was given.

    Newer ones say "200ms" where older ones say "200".
    """
    variables = {name: str(options.pop(name)) for name in list(options) if name.isupper()}
    ask = {"OMP_DISPLAY_ENV": "VERBOSE", "KMP_SETTINGS": "1"}
    done = _run(where, pool, launch, {**ask, **variables}, **options)
    assert done.returncode == 0, done.stderr
    said = re.findall(r"(\w+) ?= ?'?([^'\n]*)", done.stdout + done.stderr)
    return {name: value.removesuffix("ms") for name, value in said}


class Waiting(NamedTuple):
    """What an OpenMP runtime says of its threads that wait for work."""

    environment: str
    pool: str
    setting: str
    alone: str  # under a quota, without the launcher
    quota: str  # under a quota
    own: str  # on a machine of its own


@pytest.mark.parametrize(
    "row",
    [
        Waiting("mkl", "libgomp", "GOMP_SPINCOUNT", "300000", "8000", "8000"),
        Waiting("mkl", "libomp", "KMP_BLOCKTIME", "200", "0", "1"),
        Waiting("mkl", "libiomp5", "KMP_BLOCKTIME", "200", "0", "1"),
        Waiting("intel", "intel_tensorflow", "KMP_BLOCKTIME", "200", "0", "1"),
    ],
    ids=lambda row: row.pool,
)
def test_waiting_threads_sleep_as_configured(row: Waiting, launcher: str) -> None:
    """Where a quota binds they sleep at once, or soon; each runtime says so itself."""
    launch = [launcher, "-q", "--"]
    assert _told(row.environment, row.pool, quota=1.0)[row.setting] == row.alone
    assert _told(row.environment, row.pool, launch, quota=1.0)[row.setting] == row.quota
    assert _told(row.environment, row.pool, launch)[row.setting] == row.own


@pytest.mark.parametrize("pool", ["libomp", "libiomp5"])
def test_the_wait_policy_alone_has_an_effect(pool: str, launcher: str) -> None:
    """By those too that have KMP_BLOCKTIME, which the user keeps unset here."""
    told = _told("mkl", pool, [launcher, "-q", "--"], quota=1.0, KMP_BLOCKTIME="")
    assert told["KMP_BLOCKTIME"] == "0"


@pytest.mark.parametrize("pool", ["libomp", "libiomp5"])
def test_the_settings_are_printed_only_if_the_user_asks(pool: str, launcher: str) -> None:
    def prints(launch: Sequence[str], value: str) -> bool:
        done = _run("mkl", pool, launch, {"KMP_SETTINGS": value})
        return "KMP_BLOCKTIME" in done.stdout + done.stderr

    launch = [launcher, "-q", "--"]
    assert [prints([], "1"), prints([], "0")] == [True, False]
    assert [prints(launch, "1"), prints(launch, "auto")] == [True, False]


@pytest.mark.alone
def test_threads_of_openblas_do_not_spin_for_long(launcher: str) -> None:
    """In five pauses of 60 ms; its own 2^28 cycles last longer than that on any processor."""
    tries = range(3)  # on a busy machine, who spins has less time for it
    assert any(_count("frameworks", "numpy_waiting", []) > 100 for _ in tries)
    assert any(_count("frameworks", "numpy_waiting", [launcher, "-q", "--"]) < 50 for _ in tries)


def test_libgomp_ignores_variables_of_intel_openmp() -> None:
    intels = {"KMP_BLOCKTIME": "0", "KMP_AFFINITY": "granularity=fine,compact,1,0", "KMP_SETTINGS": "1"}
    ask = {"OMP_DISPLAY_ENV": "VERBOSE"}
    without, beside = (_run("mkl", "libgomp", variables={**ask, **more}) for more in ({}, intels))
    assert "GOMP_SPINCOUNT" in without.stderr
    assert (without.stdout, without.stderr) == (beside.stdout, beside.stderr)


@pytest.mark.parametrize(("runtime", "pinned"), [("libiomp5", 2), ("libomp", 2), ("libgomp", 0)])
def test_openmp_of_intel_and_llvm_pins_threads(runtime: str, pinned: int, launcher: str) -> None:
    """A CPU of its own for each thread; the threads of libgomp may run on all."""
    launch = [launcher, "-q", "--bind", "always", "--cpus", "0-1", "--"]
    assert _count("mkl", f"{runtime}_pinned", []) == 0
    assert _count("mkl", f"{runtime}_pinned", launch) == pinned


def _count(where: str, pool: str, launch: Sequence[str]) -> int:
    return int(_run(where, pool, launch).stdout.split()[-1])


@pytest.mark.parametrize(
    ("where", "pool", "value"),
    [(where, pool, value) for where, pool, values in LISTENERS for value in values],
)
def test_no_program_fails_that_does_not_fail_without_launch(
    where: str, pool: str, value: str, launcher: str
) -> None:
    """With a value of the user's that is no number: it stays, and what is set beside it does no harm."""
    variables = {"OMP_NUM_THREADS": value}
    launched = _run(where, pool, [launcher, "-q", "--"], variables, quota=1.0)
    if launched.returncode:
        assert _run(where, pool, [], variables, quota=1.0).returncode, launched.stderr


@pytest.mark.parametrize("value", BAD[:-1])
def test_keeps_a_value_that_is_not_a_number(value: str, launcher: str) -> None:
    shell = [launcher, "-q", "--", "sh", "-c", 'printf %s "$OMP_NUM_THREADS"']
    environ = {**_untouched(), "OMP_NUM_THREADS": value}
    said = subprocess.run(shell, env=environ, check=True, capture_output=True, text=True)
    assert said.stdout == value
