"""Thread pools of real libraries, under real kernel limits, through the installed launcher."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.environments import python_that_reads_python_cpu_count
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

POOLS = PROJECT / "testing" / "programs" / "pools.py"
CONVNET = PROJECT / "examples" / "before_after" / "convnet.py"

# Which count the CPUs and not the quota, and so are wrong when left alone under one.
BLIND = (
    "pytorch",
    "numpy",
    "tensorflow_intra_op",
    "onnxruntime",
    "numexpr",
    "scikit_learn",
    "joblib",
)
LIBRARIES = (*BLIND, "polars", "tokenizers")
ASKED = "numba"  # its variable is a cap, so it is set only with =auto
# Which count the CPUs of the machine and not those of the mask.
BLIND_TO_THE_MASK = ("onnxruntime", "numexpr")


def _pool(library: str, python: str, launch: list[str], **limit: float | str) -> int:
    with limited(**limit) as place:  # type: ignore[arg-type]
        argv = [*launch, python, str(POOLS), library]
        return int(place.run(argv, env=_untouched()).stdout.split()[-1])


def _untouched() -> dict[str, str]:
    """Return the environment without variables that the runner of the tests has set."""
    ours = ("_THREADS", "_PARALLELISM", "_CPU_COUNT")
    started = ("MKL_LAUNCH", "KMP_", "OMP_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.endswith(ours) and not name.startswith(started)
    }


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("quota", [1.0, 0.5])
def test_one_thread_under_a_quota_of_one_cpu_or_less(
    library: str, quota: float, launcher: str, programs_python: str
) -> None:
    assert _pool(library, programs_python, [launcher, "-q", "--"], quota=quota) == 1


def test_limits_numba_to_the_quota_only_if_asked_for(launcher: str, programs_python: str) -> None:
    launch = [launcher, "-q", "--"]
    assert _pool(ASKED, programs_python, launch, quota=1.0) == _pool(ASKED, programs_python, [], quota=1.0)
    asked = ["env", "NUMBA_NUM_THREADS=auto", *launch]
    assert _pool(ASKED, programs_python, asked, quota=1.0) == 1


@pytest.mark.parametrize("library", [*BLIND, ASKED])
def test_without_launch_programs_ignore_the_quota(library: str, programs_python: str) -> None:
    """Else the tests above would prove nothing."""
    assert _pool(library, programs_python, [], quota=1.0) > 1


def test_respects_a_quota_of_the_parent(launcher: str, programs_python: str) -> None:
    launch = [launcher, "-q", "--"]
    assert _pool("pytorch", programs_python, launch, parent_quota=1.0) == 1


@pytest.mark.parametrize("library", [*LIBRARIES, ASKED])
def test_computes_on_more_threads_without_a_limit(
    library: str, launcher: str, programs_python: str
) -> None:
    assert _pool(library, programs_python, [launcher, "-q", "--"]) > 1


@pytest.mark.parametrize("library", ["polars", "tokenizers"])
def test_limits_programs_that_read_a_quota_to_the_option_cpus(
    library: str, launcher: str, programs_python: str
) -> None:
    """They would have one thread under a quota of 1 also without the launcher."""
    assert _pool(library, programs_python, [launcher, "-q", "--cpus", "1", "--"]) == 1


@pytest.mark.parametrize("library", BLIND_TO_THE_MASK)
def test_without_launch_programs_ignore_the_cpuset(library: str, programs_python: str) -> None:
    assert _pool(library, programs_python, [], cpus="1") > 1


@pytest.mark.parametrize("library", [*LIBRARIES, ASKED])
def test_one_thread_in_a_cpuset_of_one_cpu(library: str, launcher: str, programs_python: str) -> None:
    """Without the hook and a quota OMP_NUM_THREADS is left to joblib, and NumExpr does not see the mask."""
    asked = ["env", "OMP_NUM_THREADS=auto"] if library == "numexpr" else []
    assert _pool(library, programs_python, [*asked, launcher, "-q", "--"], cpus="1") == 1


def test_keeps_a_number_of_the_user(launcher: str, programs_python: str) -> None:
    launch = ["env", "OMP_NUM_THREADS=2", launcher, "-q", "--"]
    assert _pool("pytorch", programs_python, launch, quota=1.0) == 2


def test_sets_two_inter_op_threads(launcher: str, programs_python: str) -> None:
    """In a cpuset of one CPU, where TensorFlow's own choice is one."""
    launch = [launcher, "-q", "--profile", "serving", "--"]
    assert _pool("tensorflow_inter_op", programs_python, [], cpus="1") == 1
    assert _pool("tensorflow_inter_op", programs_python, launch, cpus="1") == 2


def test_limits_pools_of_python_only_if_asked_for(launcher: str) -> None:
    python = python_that_reads_python_cpu_count()
    if python is None:
        skip_or_fail("Python 3.13, the first that reads PYTHON_CPU_COUNT, is not installed by pyenv")
        return
    count = [python, "-c", "import os; print(os.process_cpu_count())"]
    with limited(quota=1.0) as place:
        launch = [launcher, "-q", "--"]
        untouched, launched, asked = (
            int(place.run([*words, *count], env=_untouched()).stdout)
            for words in ([], launch, ["env", "PYTHON_CPU_COUNT=auto", *launch])
        )
    assert untouched == launched > 1
    assert asked == 1


@pytest.fixture
def busy_neighbour() -> Iterator[None]:
    """Run one process that never sleeps, outside the limit."""
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield
    neighbour.kill()
    neighbour.wait()


@pytest.mark.alone
@pytest.mark.usefixtures("busy_neighbour")
def test_is_twice_as_fast_beside_a_busy_neighbour(launcher: str, programs_python: str) -> None:
    """Measured: 16 times. Twice is a bound that no noise comes near."""
    argv = [programs_python, str(CONVNET), "--seconds", "3"]
    with limited(quota=1.0) as place:
        untouched, launched = (
            json.loads(place.run([*launch, *argv], env=_untouched()).stdout)
            for launch in ([], [launcher, "-q", "--"])
        )
    assert (untouched["threads"], launched["threads"]) == (2, 1)
    assert launched["per_second"] > 2 * untouched["per_second"]


ARENAS = """
import ctypes, os, tempfile, threading
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
wait = threading.Barrier(17)
def work():
    block = libc.malloc(1000)
    wait.wait()
    wait.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in threads]
wait.wait()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
wait.wait()
"""


def test_limits_arenas_of_malloc(launcher: str) -> None:
    """Sixteen threads have an arena each, unless there are fewer of them: malloc_info(3)."""
    program = [sys.executable, "-c", ARENAS]
    with limited(quota=1.0) as place:
        untouched, launched, asked = (
            int(place.run([*launch, *program], env={**_untouched(), **environ}).stdout)
            for launch, environ in (
                ([], {}),
                ([launcher, "-q", "--"], {}),
                ([launcher, "-q", "--"], {"MALLOC_ARENA_MAX": "auto"}),
            )
        )
    assert untouched == launched > 4
    assert asked == 1
