"""The value of each quantity: those of the AWS guide, of memory, of tools and of a JVM."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.model.program import Libraries
from mkl_launch.model.request import Request
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.variables import VARIABLES
from testing.guide import GUIDE
from testing.planning import plan
from testing.policy_cases import (
    CAPS,
    COUNTS,
    CPUS,
    EIGHT,
    FOLLOWERS,
    GUIDE_MACHINE,
    RUST,
    SERVER,
    SMT,
    THREADS,
    case,
    has,
    in_memory,
    planned,
    reason,
    values,
)
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


OTHERS = ["TF_NUM_INTEROP_THREADS", "TENSORFLOW_SESSION_PARALLELISM"]
FORBIDDEN = {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "OMP_DYNAMIC", "OMP_THREAD_LIMIT"}


@pytest.mark.parametrize("line", ["--profile serving", f"{SERVER}", "-- /opt/bin/tensorflow_model_server"])
def test_serving_has_the_values_of_the_guide(tmp_path: Path, line: str) -> None:
    has(planned(tmp_path, GUIDE_MACHINE, line), GUIDE)


@pytest.mark.parametrize(
    "line", ["--profile training", "-- python train.py", "", f"--profile training {SERVER}"]
)
def test_training_has_the_values_of_the_guide(tmp_path: Path, line: str) -> None:
    training = {"TENSORFLOW_INTER_OP_PARALLELISM": "0", "TENSORFLOW_SESSION_PARALLELISM": None}
    # A script may start processes; without a command, the profile asked for is the guide's.
    pinned = {} if "--profile" in line else {"KMP_AFFINITY": None}
    has(planned(tmp_path, GUIDE_MACHINE, line), {**GUIDE, **training, **pinned})


def test_values_of_the_guide_do_not_depend_on_the_numbering_of_cpus(tmp_path: Path) -> None:
    has(planned(tmp_path, replace(GUIDE_MACHINE, numbering="adjacent"), SERVER), GUIDE)


@pytest.mark.parametrize("line", ["", SERVER, "--workers 3", "--bind always", "-v", "--cpus 100m"])
@pytest.mark.parametrize(
    "spec",
    [EIGHT, SMT, GUIDE_MACHINE, replace(EIGHT, quota=0.1), Spec(cores=1), Spec(cgroup="", topology="none")],
)
def test_values_are_plain_and_positive(tmp_path: Path, spec: Spec, line: str) -> None:
    made = planned(tmp_path, spec, line)
    found = values(made)
    numbers = [*THREADS, *CPUS, *RUST, *COUNTS, *FOLLOWERS, *CAPS, *OTHERS]
    assert all(str(int(v)) == v and int(v) > 0 for v in map(found.get, numbers) if v is not None)
    serving = line == SERVER
    assert (found["TENSORFLOW_INTER_OP_PARALLELISM"] == "0") is not serving, "the guide's exception"
    assert all(v is None or v for v in found.values()), "an empty value kills programs"
    assert not FORBIDDEN & made.environ.keys()


def test_changes_no_other_variable(tmp_path: Path) -> None:
    environ = {
        "PATH": "/bin",
        "LANG": "C",
        "odd.name": "1",
        "OMP_PROC_BIND": "close",
        "OMP_DYNAMIC": "true",
    }
    made = planned(tmp_path, EIGHT, "", environ)
    names = {row.name for row in VARIABLES}
    assert {k: v for k, v in made.environ.items() if k not in {*names, APPLIED}} == environ
    assert made.environ.keys() & names == {
        name for name, value in values(made).items() if value is not None
    }


@pytest.mark.parametrize(
    ("spec", "arenas"),
    [
        case("no limit", EIGHT, "8"),
        case("room for all", in_memory(8192), "8"),
        case("a quarter of it", in_memory(1024), "4"),
        case("at least one", in_memory(64), "1"),
        case("no more than run at once", in_memory(8192, quota=2.5), "2"),
    ],
)
def test_limits_arenas_if_asked_for(tmp_path: Path, spec: Spec, arenas: str) -> None:
    assert (
        values(planned(tmp_path, spec, environ={"MALLOC_ARENA_MAX": "auto"}))["MALLOC_ARENA_MAX"] == arenas
    )


def test_the_reason_of_arenas_has_the_sizes_in_mib(tmp_path: Path) -> None:
    made = planned(tmp_path, in_memory(1024), environ={"MALLOC_ARENA_MAX": "auto"})
    assert reason(made, "MALLOC_ARENA_MAX").startswith(
        "64 MiB each, within a quarter of the memory limit of 1024 MiB"
    )


@pytest.mark.parametrize(
    ("line", "count"),
    [("", None), ("--workers 2", "2"), ("--cpus 3", "3")],
)
def test_sets_the_cpus_of_a_jvm_without_quota_only_for_an_option(
    tmp_path: Path, line: str, count: str | None
) -> None:
    made = planned(tmp_path, EIGHT, f"{line} -- torchserve")
    expected = count and f"-XX:ActiveProcessorCount={count}"
    assert values(made)["JAVA_TOOL_OPTIONS"] == expected


@pytest.mark.parametrize(
    ("name", "line", "spec", "value"),
    [
        case("no quota", "TORCHINDUCTOR_COMPILE_THREADS", "", EIGHT, None),
        case("a quota", "TORCHINDUCTOR_COMPILE_THREADS", "", replace(EIGHT, quota=2.5), "3"),
        case("workers", "TORCHINDUCTOR_COMPILE_THREADS", "--workers 4", EIGHT, "2"),
        case("a machine", "TORCHINDUCTOR_COMPILE_THREADS", "", Spec(cores=64, quota=50), "32"),
        case("no quota", "PJRT_NPROC", "", EIGHT, None),
        case("a quota", "PJRT_NPROC", "", replace(EIGHT, quota=2.5), "2"),
        case("workers", "OPENCV_FOR_THREADS_NUM", "--workers 4", EIGHT, "2"),
        case("no quota", "PYTEST_XDIST_AUTO_NUM_WORKERS", "-- pytest -n auto", EIGHT, None),
        case("a quota", "PYTEST_XDIST_AUTO_NUM_WORKERS", "-- pytest -n auto", replace(EIGHT, quota=3), "3"),
        case("four", "OMP_THREAD_LIMIT", "-- tesseract a b", replace(EIGHT, quota=4), None),
        case("fewer", "OMP_THREAD_LIMIT", "-- tesseract a b", replace(EIGHT, quota=1), "1"),
    ],
)
def test_sets_variables_of_tools(
    tmp_path: Path, name: str, line: str, spec: Spec, value: str | None
) -> None:
    assert values(planned(tmp_path, spec, line))[name] == value


@pytest.mark.parametrize(
    ("version", "gpus", "options", "left"),
    [
        case("new, a GPU", "0.27.1", 1, "", True),
        case("new, without", "0.27.1", 0, "", False),
        case("old, a GPU", "0.20.0", 1, "", False),
        case("old, two", "0.20.0", 2, "-tp 2", True),
        case("unknown, a GPU", "", 1, "", True),
    ],
)
def test_vllm_beside_gpus_sizes_its_own_pools(
    tmp_path: Path, version: str, gpus: int, options: str, *, left: bool
) -> None:
    """From 0.27 on it computes on one thread while it serves, unless OMP_NUM_THREADS is set."""
    command = ("vllm", "serve", "m", *options.split())
    carried = (("vllm", version),) if version else ()
    program = changed(recognise(command), gpus=gpus, libraries=Libraries("python", carried, frozenset()))
    made = plan(
        read_facts(sysroot(tmp_path, replace(EIGHT, quota=4))), Request(command=command), {}, program
    )
    assert (values(made)["OMP_NUM_THREADS"] is None) == left
