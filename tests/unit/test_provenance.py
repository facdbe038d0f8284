"""Who set a variable: the user, the image, a job launcher or an outer launcher, and what follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.option_names import APPLIED
from mkl_launch.tables.variables import VARIABLES
from testing.policy_cases import (
    COUNTS,
    CPUS,
    EIGHT,
    FOLLOWERS,
    KUBERNETES,
    RAY,
    RUST,
    SERVER,
    THREADS,
    TORCHRUN,
    case,
    has,
    origins,
    planned,
    reason,
    values,
)
from testing.sysroot import Spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


BY_NAME = {row.name: row for row in VARIABLES}
every_variable = pytest.mark.parametrize(
    ("name", "line"),
    [
        case(row.name, row.name, f"-- env SAGEMAKER_PROGRAM=x {command}" if row.commands else SERVER)
        for row in VARIABLES
        for command in row.commands or ("any",)
    ],
)


@pytest.mark.parametrize("value", ["8", "4,2", "abc", "-1", "1.5", " 3 ", "0", "AUTO"])
@every_variable
def test_keeps_a_value_of_the_user_unchanged(tmp_path: Path, name: str, line: str, value: str) -> None:
    made = planned(tmp_path, EIGHT, line, {name: value})
    assert (values(made)[name], origins(made)[name], made.environ[name]) == (value, "user", value)


@every_variable
def test_computes_auto_and_never_passes_it_on(tmp_path: Path, name: str, line: str) -> None:
    made = planned(tmp_path, EIGHT, line, {name: "auto"})
    plain = planned(tmp_path / "plain", EIGHT, line).settings
    row = BY_NAME[name]
    if row.is_optional:
        assert not next(setting for setting in plain if setting.name == name).value
        assert values(made)[name]
    else:
        assert made.settings == plain
    assert made.environ.get(name) == values(made)[name] != "auto"
    assert made.warnings == ()


@every_variable
def test_an_empty_value_leaves_the_variable_unset(tmp_path: Path, name: str, line: str) -> None:
    made = planned(tmp_path, EIGHT, line, {name: ""})
    assert (values(made)[name], origins(made)[name]) == (None, "user")
    assert name not in made.environ
    plain = planned(tmp_path / "plain", EIGHT, line)
    assert {**values(made), name: ""} == {**values(plain), name: ""}, "nothing else follows"


LED = {**dict.fromkeys([*THREADS, *CPUS], "8"), **dict.fromkeys(RUST), **dict.fromkeys(FOLLOWERS)}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        case("OpenMP leads", {"OMP_NUM_THREADS": "8"}, {**LED, "TENSORFLOW_SESSION_PARALLELISM": "2"}),
        case("what no pool can have", {"OMP_NUM_THREADS": "99999"}, {"MKL_NUM_THREADS": "4"}),
        case("not the pools of processes", {"OMP_NUM_THREADS": "8"}, dict.fromkeys(COUNTS)),
        case("sessions, at least 1", {"OMP_NUM_THREADS": "2"}, {"TENSORFLOW_SESSION_PARALLELISM": "1"}),
        case("the first of a list", {"OMP_NUM_THREADS": "8,2"}, dict.fromkeys(["OMP_NUM_THREADS"], "8,2")),
        case("which NumExpr cannot read", {"OMP_NUM_THREADS": "8,2"}, {"NUMEXPR_NUM_THREADS": "8"}),
        case("nonsense leads nobody", {"OMP_NUM_THREADS": "x"}, {"MKL_NUM_THREADS": "4"}),
        case("0 leads nobody", {"OMP_NUM_THREADS": "0"}, {"MKL_NUM_THREADS": "4"}),
        case("nothing leads only who reads it", {"OMP_NUM_THREADS": ""}, {"LLAMA_ARG_THREADS": "4"}),
        case(
            "TensorFlow's two names",
            {"TF_NUM_INTRAOP_THREADS": "3", "TENSORFLOW_INTER_OP_PARALLELISM": "5"},
            {"TENSORFLOW_INTRA_OP_PARALLELISM": "3", "TF_NUM_INTEROP_THREADS": "5"},
        ),
        case("MKL does not lead OpenMP", {"MKL_NUM_THREADS": "8"}, {"OMP_NUM_THREADS": "4"}),
        case("nor anything but counts", {"OMP_NUM_THREADS": "8"}, {"KMP_SETTINGS": "0"}),
    ],
)  # fmt: skip
def test_dependent_variables_follow_a_value_of_the_user(
    tmp_path: Path, environ: dict[str, str], expected: Values
) -> None:
    has(planned(tmp_path, Spec(cores=4), SERVER, environ), expected)


@pytest.mark.parametrize(
    ("cpus", "number", "threads"),
    [(4, 256, "256"), (4, 257, "4"), (72, 288, "288"), (72, 289, "72")],
)
def test_counts_follow_at_most_256_threads_or_4_for_each_cpu(
    tmp_path: Path, cpus: int, number: int, threads: str
) -> None:
    made = planned(tmp_path, Spec(cores=cpus), "", {"OMP_NUM_THREADS": str(number)})
    assert values(made)["LLAMA_ARG_THREADS"] == threads


def test_the_reason_of_a_follower_names_its_leader(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OMP_NUM_THREADS": "3"})
    assert reason(made, "LLAMA_ARG_THREADS") == "follows OMP_NUM_THREADS=3"
    assert origins(made)["LLAMA_ARG_THREADS"] == "computed"
    assert reason(made, "MKL_NUM_THREADS") == "its reader takes OMP_NUM_THREADS"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        case("torchrun's 1", TORCHRUN, {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": None, "ranks": 4}),
        case(
            "one rank here",
            {**TORCHRUN, "LOCAL_WORLD_SIZE": "1"},
            {"OMP_NUM_THREADS": "8", "workers": 1},
        ),
        case(
            "a value of the user's under torchrun",
            {**TORCHRUN, "OMP_NUM_THREADS": "3"},
            {"OMP_NUM_THREADS": "3", "MKL_NUM_THREADS": None},
        ),
        case(
            "Ray's grant",
            RAY,
            {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": None, "RAYON_NUM_THREADS": "2"},
        ),
        case("another one's value under Ray", {**RAY, "MKL_NUM_THREADS": "3"}, {"MKL_NUM_THREADS": "3"}),
        case("the user's 1", {"OMP_NUM_THREADS": "1"}, {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": None}),
    ],
)
def test_does_not_take_a_number_of_a_job_launcher_for_the_users(
    tmp_path: Path, environ: dict[str, str], expected: Values
) -> None:
    made = planned(tmp_path, EIGHT, "-- python train.py", environ)
    has(made, expected)
    users = "user" if environ["OMP_NUM_THREADS"] == "3" or len(environ) == 1 else "computed"
    assert origins(made)["OMP_NUM_THREADS"] == users


INNER = [
    case("nothing set", {}),
    case("a value", {"OMP_NUM_THREADS": "3"}),
    case("the value that would be computed", {"MKL_NUM_THREADS": "8"}),
    case("nothing", {"KMP_BLOCKTIME": "", "OMP_NUM_THREADS": ""}),
    case("auto", {"OMP_NUM_THREADS": "auto"}),
    case("auto of what may be left out", {"MKL_NUM_THREADS": "auto", "NUMBA_NUM_THREADS": "auto"}),
    case("nonsense", {"OMP_NUM_THREADS": "x"}),
    case("torchrun", TORCHRUN),
    case("Ray", RAY),
    case("Kubernetes", KUBERNETES),
    case("a binding", {"OMP_PROC_BIND": "close"}),
    case("options", {"MKL_LAUNCH_CPUS": "2", "MKL_LAUNCH_PROFILE": "serving"}),
]


@pytest.mark.parametrize(
    "line", ["", "--cpus 2", "--cpus 1-2", "--workers 2 --bind always", "--profile serving"]
)
@pytest.mark.parametrize("environ", INNER)
def test_an_inner_launcher_plans_the_same(tmp_path: Path, line: str, environ: dict[str, str]) -> None:
    outer = planned(tmp_path / "outer", EIGHT, line, environ)
    inner = planned(tmp_path / "inner", EIGHT, "", outer.environ)
    assert inner.settings == outer.settings
    assert inner.environ == outer.environ
    assert (inner.budget.threads, inner.mask, inner.warnings) == (
        outer.budget.threads,
        outer.mask,
        outer.warnings,
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        case("a value", {"OMP_NUM_THREADS": "5"}, {"OMP_NUM_THREADS": "5", "LLAMA_ARG_THREADS": "5"}),
        case("nothing", {"OMP_NUM_THREADS": ""}, {"OMP_NUM_THREADS": None, "LLAMA_ARG_THREADS": "8"}),
        case("auto", {"OMP_NUM_THREADS": "auto"}, {"OMP_NUM_THREADS": "8"}),
        case("an option", {"MKL_LAUNCH_CPUS": "2"}, {"OMP_NUM_THREADS": "2"}),
    ],
)
def test_a_change_between_launchers_counts_as_the_users(
    tmp_path: Path, changed: dict[str, str], expected: Values
) -> None:
    outer = planned(tmp_path / "outer", EIGHT)
    has(planned(tmp_path / "inner", EIGHT, "", {**outer.environ, **changed}), expected)


def test_a_variable_set_between_launchers_beats_an_option_of_the_outer_one(tmp_path: Path) -> None:
    outer = planned(tmp_path / "outer", EIGHT, "--cpus 4", {"MKL_LAUNCH_CPUS": "1"})
    inner = planned(tmp_path / "inner", EIGHT, "", {**outer.environ, "MKL_LAUNCH_CPUS": "2"})
    assert (outer.budget.threads, inner.budget.threads) == (4, 2)


def test_a_limit_set_between_launchers_counts(tmp_path: Path) -> None:
    outer = planned(tmp_path / "outer", EIGHT)
    inner = planned(tmp_path / "inner", replace(EIGHT, quota=2), "", outer.environ)
    has(inner, {"OMP_NUM_THREADS": "2", "KMP_AFFINITY": None, "OMP_WAIT_POLICY": "PASSIVE"})


@pytest.mark.parametrize("note", ["", "x", "= =", "--cpus=x --workers=-1", "\x00", "OMP_NUM_THREADS"])
def test_ignores_a_damaged_note(tmp_path: Path, note: str) -> None:
    has(planned(tmp_path, EIGHT, "", {APPLIED: note}), {"threads": 8, "workers": 1})
