"""Which variables are set, and which are left unset because their reader finds the same number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.core.option_names import APPLIED, CPU_REQUEST
from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import prepare
from mkl_launch.model.program import Libraries
from mkl_launch.model.request import Cpus, Request
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import not_applicable
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.variable_row import Variable
from mkl_launch.tables.variables import VARIABLES
from testing.planning import plan
from testing.policy_cases import (
    CAPS,
    COUNTS,
    CPUS,
    EIGHT,
    FOLLOWERS,
    GUIDE_MACHINE,
    RUST,
    SMT,
    THREADS,
    case,
    has,
    origins,
    planned,
    reason,
    values,
)
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


@pytest.mark.parametrize(
    ("spec", "line", "told"),
    [
        case("cores", SMT, "", ("4", "8", None, None)),
        case("quota", replace(SMT, quota=3.5), "", ("3", "3", "4", None)),
        case("more than the cores", replace(SMT, quota=6.5), "", ("4", "6", "7", None)),
        case("an amount by hand", SMT, "--cpus 3.5", ("3", "3", "4", "3")),
        case("workers", SMT, "--workers 2", ("2", "4", "4", "4")),
        case("workers under a quota", replace(SMT, quota=5.5), "--workers 2", ("2", "2", "3", "2")),
        case("the smallest", replace(SMT, quota=0.1), "--workers 8", ("1", "1", "1", None)),
    ],
)
def test_sets_a_runtime_only_to_what_it_does_not_count_itself(
    tmp_path: Path, spec: Spec, line: str, told: tuple[str | None, ...]
) -> None:
    groups = zip((THREADS, CPUS, COUNTS, RUST, FOLLOWERS + CAPS), (*told, None), strict=True)
    expected = {name: number for names, number in groups for name in names}
    has(planned(tmp_path, spec, line), expected)


@pytest.mark.parametrize(
    ("spec", "environ", "expected"),
    [
        case("a cap is not set", replace(EIGHT, quota=1.5), {}, None),
        case("nor below the cap that NumExpr has itself", GUIDE_MACHINE, {}, None),
        case("more threads than that", Spec(cores=96), {}, "96"),
        case("more threads by the user's word", EIGHT, {"OMP_NUM_THREADS": "65"}, "65"),
        case("by a nearer word", EIGHT, {"NUMEXPR_NUM_THREADS": "8", "OMP_NUM_THREADS": "65"}, None),
        case("asked for", replace(EIGHT, quota=2), {"NUMEXPR_MAX_THREADS": "auto"}, "2"),
    ],
)
def test_raises_the_limit_of_numexpr_only(
    tmp_path: Path, spec: Spec, environ: dict[str, str], expected: str | None
) -> None:
    has(planned(tmp_path, spec, "", environ), {"NUMEXPR_MAX_THREADS": expected})


def test_sets_the_limit_of_numba_only_if_asked_for(tmp_path: Path) -> None:
    """numba.set_num_threads(2) raises ValueError above it."""
    has(planned(tmp_path, replace(EIGHT, quota=1.5)), {"NUMBA_NUM_THREADS": None})
    has(planned(tmp_path / "user", EIGHT, "", {"OMP_NUM_THREADS": "1"}), {"NUMBA_NUM_THREADS": None})
    asked = planned(tmp_path / "asked", replace(EIGHT, quota=2.5), "", {"NUMBA_NUM_THREADS": "auto"})
    has(asked, {"NUMBA_NUM_THREADS": "2"})


def test_leaves_a_limit_in_the_env_of_the_image(tmp_path: Path) -> None:
    found = changed(read_facts(sysroot(tmp_path, EIGHT)), image=(("NUMBA_NUM_THREADS", "4"),))
    made = plan(found, Request(), {"NUMBA_NUM_THREADS": "4"})
    assert (values(made)["NUMBA_NUM_THREADS"], origins(made)["NUMBA_NUM_THREADS"]) == ("4", "image")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        case("nothing set", {}, None),
        case("a leader of the user's", {"OMP_NUM_THREADS": "3"}, None),
        case("a list, which NumExpr cannot read", {"OMP_NUM_THREADS": "3,1"}, "3"),
        case("a leader that no pool can have", {"OMP_NUM_THREADS": "99999"}, "8"),
        case("nonsense", {"OMP_NUM_THREADS": "x"}, "8"),
        case("a leader that is to be unset", {"OMP_NUM_THREADS": ""}, None),
    ],
)
def test_sets_a_follower_only_if_it_differs_from_its_leader(
    tmp_path: Path, environ: dict[str, str], expected: str | None
) -> None:
    has(planned(tmp_path, EIGHT, "", environ), dict.fromkeys(FOLLOWERS, expected))


def test_sets_a_follower_that_is_asked_for(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OPENBLAS_NUM_THREADS": "auto"})
    has(made, {"OPENBLAS_NUM_THREADS": "8", "MKL_NUM_THREADS": None})


@pytest.mark.parametrize("name", [*FOLLOWERS, *RUST])
def test_unsets_a_follower_in_the_env_of_the_image(tmp_path: Path, name: str) -> None:
    """An image's OPENBLAS_NUM_THREADS=8 would go before the OMP_NUM_THREADS=2 that is computed."""
    found = changed(read_facts(sysroot(tmp_path, replace(EIGHT, quota=2))), image=((name, "8"),))
    made = plan(found, Request(), {name: "8"})
    assert name not in made.environ
    assert "the image's 8 is replaced" in reason(made, name)


@pytest.mark.parametrize("line", ["gunicorn -w $(nproc) a:b", "export N=`nproc`; gunicorn -w $((N)) a:b"])
def test_leaves_the_variable_that_nproc_prints(tmp_path: Path, line: str) -> None:
    facts = read_facts(sysroot(tmp_path, EIGHT))
    made = plan(facts, Request(command=("sh", "-c", line)), {})
    has(made, {"workers": 8, "OMP_NUM_THREADS": None, "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    assert "nproc" in reason(made, "OMP_NUM_THREADS")
    plain = plan(facts, Request(command=("sh", "-c", "make -j$(nproc); gunicorn -w 8 a:b")), {})
    has(plain, {"workers": 8, "OMP_NUM_THREADS": "1"})
    users = plan(facts, Request(command=("sh", "-c", line)), {"OMP_NUM_THREADS": "4"})
    has(users, {"workers": 4, "OMP_NUM_THREADS": "4"})


def plan_of_script(tmp_path: Path, text: str, place: str) -> Plan:
    """Return the plan for a shell line or a script file under a limit of 1.5 CPUs."""
    file = tmp_path / "build.sh"
    file.write_text(f"#!/bin/sh\n{text}\n")
    command = ("sh", "-c", text) if place == "line" else (str(file),)
    return prepare(Root(), Request(command=command, cpus=Cpus(amount=1.5)), {})[1]


@pytest.mark.parametrize("place", ["line", "file"])
@pytest.mark.parametrize(
    "text",
    [
        "make -j$(nproc)",
        "N=`nproc --ignore=1`\ncmake --build . -j $N",
        "case $X in (a) (make -j$(nproc));; esac",  # not followed
    ],
)
def test_a_build_has_as_many_jobs_as_without_the_launcher(tmp_path: Path, text: str, place: str) -> None:
    """Nproc prints OMP_NUM_THREADS: one job at a time under a quota of 1.5 CPUs."""
    planned = plan_of_script(tmp_path, text, place)
    assert "OMP_NUM_THREADS" not in planned.environ
    assert "nproc" in reason(planned, "OMP_NUM_THREADS")


@pytest.mark.parametrize("place", ["line", "file"])
@pytest.mark.parametrize(
    "text",
    [
        "make -j4 # not the number of nproc",
        "export OMP_NUM_THREADS=$(nproc)\n./solver",
        "make -j$(nproc)\npython train.py",
        "make -j$(nproc) && gunicorn -w 8 a:b",
    ],
)
def test_threads_are_set_if_they_are_worth_more_than_jobs(tmp_path: Path, text: str, place: str) -> None:
    assert plan_of_script(tmp_path, text, place).environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize(
    "line",
    [
        "-- gmx mdrun -ntomp 1",
        "-- gmx mdrun -nt 1 -ntmpi 1",
        "-- env A=b /usr/local/gromacs/bin/gmx_mpi mdrun",
        "-- mpirun -np 2 gmx_mpi mdrun -ntomp 1",
    ],
)
@pytest.mark.parametrize("spec", [EIGHT, replace(EIGHT, quota=1.5)])
def test_configures_gromacs_through_its_options(tmp_path: Path, spec: Spec, line: str) -> None:
    has(planned(tmp_path, spec, line), dict.fromkeys(["OMP_NUM_THREADS", *FOLLOWERS]))
    users = planned(tmp_path / "user", spec, line, {"OMP_NUM_THREADS": "3"})
    has(users, {"OMP_NUM_THREADS": "3"})


def test_recognises_gromacs_in_a_line_of_a_shell(tmp_path: Path) -> None:
    found = read_facts(sysroot(tmp_path, replace(EIGHT, quota=2)))
    made = plan(found, Request(command=("bash", "-c", "cd /data && gmx mdrun -ntomp 1")), {})
    has(made, {"OMP_NUM_THREADS": None})
    other = plan(found, Request(command=("bash", "-c", "cd /data && ./gmxlike run")), {})
    has(other, {"OMP_NUM_THREADS": "2"})


DIVIDER = Libraries("/usr/bin/python3", (), frozenset(), process_dividers=("joblib",))


@pytest.mark.parametrize(
    ("spec", "line", "libraries", "expected"),
    [
        case("no hook and no limit: what OpenMP counts", SMT, "", DIVIDER, None),
        case("a hook", SMT, "", changed(DIVIDER, has_hook=True), "4"),
        case("nothing that divides", SMT, "", changed(DIVIDER, process_dividers=()), "4"),
        case("a limit is worth more", replace(SMT, quota=3), "", DIVIDER, "3"),
        case("a limit by hand", SMT, "--cpus 2", DIVIDER, "2"),
        case("a loose limit", replace(SMT, quota=64), "", DIVIDER, None),
        case("workers", SMT, "--workers 2", DIVIDER, "2"),
    ],
)
def test_without_the_hook_leaves_openmp_unset_if_libraries_divide_the_cpus(
    tmp_path: Path, spec: Spec, line: str, libraries: Libraries, expected: str | None
) -> None:
    command = ("python3", "x.py")
    request = read([*line.split(), "--", *command], {}, {})
    program = changed(recognise(command), libraries=libraries)
    made = plan(read_facts(sysroot(tmp_path, spec)), request, {}, program)
    has(made, dict.fromkeys(FOLLOWERS))
    has(made, {"OMP_NUM_THREADS": expected})
    if expected is None:
        assert "processes of joblib get a part" in reason(made, "OMP_NUM_THREADS")
        mine = plan(read_facts(sysroot(tmp_path / "2", spec)), request, {"OMP_NUM_THREADS": "3"}, program)
        has(mine, {"OMP_NUM_THREADS": "3"})
        asked = plan(
            read_facts(sysroot(tmp_path / "3", spec)), request, {"OMP_NUM_THREADS": "auto"}, program
        )
        has(asked, {"OMP_NUM_THREADS": "4"})


def test_every_setting_has_a_reason(tmp_path: Path) -> None:
    made = planned(tmp_path, replace(SMT, quota=1.5), "--workers 2")
    assert [setting.name for setting in made.settings] == [
        row.name for row in VARIABLES if not row.commands
    ]
    others = not_applicable(made.program.row.name)
    assert [setting.name for setting in others] == [row.name for row in VARIABLES if row.commands]
    assert all(setting.reason for setting in (*made.settings, *others))


@pytest.mark.parametrize("row", [row for row in VARIABLES if row.commands], ids=lambda row: row.name)
@pytest.mark.parametrize("value", ["auto", "", "x"])
def test_leaves_a_variable_of_other_commands(tmp_path: Path, row: Variable, value: str) -> None:
    made = planned(tmp_path, replace(EIGHT, quota=1), "-- python train.py", {row.name: value})
    assert made.environ[row.name] == value
    assert row.name not in planned(tmp_path / "bare", replace(EIGHT, quota=1), "-- python train.py").environ
    assert row.name not in values(made)
    assert row.name not in made.environ[APPLIED]


def test_sets_readers_of_limits_to_a_request(tmp_path: Path) -> None:
    """No kernel knows of it: a JVM counts the node's CPUs."""
    found = read_facts(sysroot(tmp_path, EIGHT), {CPU_REQUEST: "2"})
    made = plan(found, Request(command=("torchserve",)), {})
    has(made, {"JAVA_TOOL_OPTIONS": "-XX:ActiveProcessorCount=2", "OMP_NUM_THREADS": "1"})
    its_own = plan(found, Request(command=("torchserve",)), {"JAVA_TOOL_OPTIONS": "-Xmx1g"})
    assert (made.budget.workers, its_own.budget.workers) == (2, 8)


@pytest.mark.parametrize("name", ["mpirun", "mpiexec", "srun", "horovodrun -np 4 --binding-args=x"])
def test_leaves_openmp_unset_for_programs_that_bind_their_processes(tmp_path: Path, name: str) -> None:
    """OpenMP starts a thread for each CPU that the rank is bound to; other pools get their part."""
    made = planned(tmp_path, EIGHT, f"-- {name} -n 4 python train.py -n 7")
    has(
        made,
        {"OMP_NUM_THREADS": None, "MKL_NUM_THREADS": None, "LLAMA_ARG_THREADS": "2", "KMP_AFFINITY": None},
    )
    assert f"{name.split(maxsplit=1)[0]} ... mkl-launch" in reason(made, "OMP_NUM_THREADS")


def test_divides_the_cpus_of_ranks_that_their_launcher_does_not_bind(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "-- horovodrun -np 4 python train.py --binding-args x")
    has(made, {"OMP_NUM_THREADS": "2", "workers": 4})


def test_sets_openmp_under_a_quota_for_ranks_without_mkl_launch(tmp_path: Path) -> None:
    """The mask that a job launcher binds them to does not tell of it."""
    made = planned(tmp_path, replace(EIGHT, quota=4), "-- mpirun --allow-run-as-root -np 2 python train.py")
    has(made, {"OMP_NUM_THREADS": "2", "workers": 2})
    made = planned(tmp_path, EIGHT, "-- mpirun -np 2 python train.py", {"OMP_NUM_THREADS": "3"})
    has(made, {"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": None})
