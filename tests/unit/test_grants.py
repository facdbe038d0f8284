"""CPUs that schedulers tell a job in variables: a budget where they are fewer than the machine has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.host.declared import GRANT_VARIABLES, read_declared
from mkl_launch.host.ecs import container_units
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import prepare
from mkl_launch.policy.rank_detection import ranks
from mkl_launch.report.limits import declared, limit_lines
from mkl_launch.tables.grants import GRANTS
from mkl_launch.tables.schedulers import scheduler
from testing.agent import agent, says
from testing.process import machine, report, said
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

    from mkl_launch.model.facts import Facts
    from mkl_launch.policy.plan import Plan

EIGHT = Spec(cores=8)
SLOTS, HOSTS = "LSB_DJOB_NUMPROC", "LSB_MCPU_HOSTS"
LSF, SGE, PBS = {"LSB_JOBID": "7"}, {"JOB_ID": "7"}, {"PBS_JOBID": "7.host"}
CONDOR = {"BATCH_SYSTEM": "HTCondor", "CUBACORES": "4"}
FOUR = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "4"
)
HUB = {"JUPYTERHUB_USER": "ada"}
LAMBDA, MEMORY = {"AWS_LAMBDA_FUNCTION_NAME": "f"}, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
MPI = {"OMPI_COMM_WORLD_LOCAL_RANK": "1", "OMPI_COMM_WORLD_LOCAL_SIZE": "4"}

# The environment of a job on a machine of 8 CPUs, its threads and the variable that tells them.
JOBS: dict[str, tuple[dict[str, str], int, str]] = {
    "Slurm": ({"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "4"}, 4, "SLURM_CPUS_ON_NODE"),
    "LSF": ({**LSF, SLOTS: "4", HOSTS: "a 4"}, 4, SLOTS),
    "LSF, two hosts": ({**LSF, SLOTS: "6", HOSTS: "a 3 b 3"}, 3, HOSTS),
    "LSF, by the host": ({**LSF, SLOTS: "7", HOSTS: "a 1 box.site 6"}, 6, HOSTS),
    "LSF, other hosts": ({**LSF, SLOTS: "7", HOSTS: "a 1 b 6"}, 8, ""),
    "LSF binds": ({**LSF, SLOTS: "2", "LSB_AFFINITY_HOSTFILE": "/f"}, 8, ""),
    "Grid Engine": ({**SGE, "NSLOTS": "4", "NHOSTS": "1"}, 4, "NSLOTS"),
    "Grid Engine, two hosts": ({**SGE, "NSLOTS": "4", "NHOSTS": "2"}, 8, ""),
    "no Grid Engine": ({"NSLOTS": "4"}, 8, ""),
    "PBS": ({**PBS, "NCPUS": "4", "OMP_NUM_THREADS": "4"}, 4, "NCPUS"),
    "no PBS": ({"NCPUS": "4"}, 8, ""),
    "Torque": ({**PBS, "PBS_NUM_PPN": "4", "PBS_NP": "8"}, 4, "PBS_NUM_PPN"),
    "Torque, not told": ({**PBS, "PBS_NUM_PPN": "1", "PBS_NP": "8"}, 8, ""),
    "PBS with Torque's variable": ({**PBS, "NCPUS": "4", "PBS_NUM_PPN": "2"}, 4, "NCPUS"),
    "no Torque": ({"PBS_NUM_PPN": "4"}, 8, ""),
    "HTCondor": ({**CONDOR, **FOUR}, 4, "CUBACORES"),
    "HTCondor, two jobs in one": ({**CONDOR, **SGE, "NSLOTS": "3"}, 3, "NSLOTS"),
    "AWS Lambda": ({**LAMBDA, MEMORY: "3538"}, 2, MEMORY),
    "AWS Lambda, half": ({**LAMBDA, MEMORY: "885"}, 1, MEMORY),
    "Lambda on own instances": (
        {**LAMBDA, MEMORY: "2048", "AWS_LAMBDA_MAX_CONCURRENCY": "4"}, 8, "",
    ),
    "JupyterHub": ({**HUB, "CPU_LIMIT": "2.5"}, 2, "CPU_LIMIT"),
    "JupyterHub, at least": ({**HUB, "CPU_GUARANTEE": "0.5"}, 8, ""),
    "no JupyterHub": ({"CPU_LIMIT": "2"}, 8, ""),
    "as many as there are": ({**SGE, "NSLOTS": "8"}, 8, ""),
}  # fmt: skip


def planned(place: Path, environ: dict[str, str], line: str = "", spec: Spec = EIGHT) -> tuple[Facts, Plan]:
    spec = replace(spec, files={**spec.files, "proc/sys/kernel/hostname": "box"})
    return prepare(sysroot(place, spec), read(line.split(), environ, {}), environ)


def values(plan: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in plan.settings}


@pytest.mark.parametrize(("environ", "threads", "variable"), JOBS.values(), ids=JOBS)
def test_a_job_has_the_threads_that_it_is_granted(
    tmp_path: Path, environ: dict[str, str], threads: int, variable: str
) -> None:
    facts, plan = planned(tmp_path, environ)
    assert (plan.budget.threads, values(plan)["OMP_NUM_THREADS"]) == (threads, str(threads))
    assert plan.warnings == ()
    decided = [why for why in plan.budget.reasons if variable and variable in why]
    assert bool(decided) == bool(variable)
    told = [line for line in limit_lines(facts, []) if variable and variable in line]
    assert bool(told) == bool(variable), "named under the limits"


@pytest.mark.parametrize("job", ["LSF", "Grid Engine", "PBS", "HTCondor", "JupyterHub", "Slurm"])
def test_a_grant_is_no_quota(tmp_path: Path, job: str) -> None:
    """Threads may spin, and nothing is pinned, as other jobs have the rest."""
    _, plan = planned(tmp_path, JOBS[job][0], "-- tensorflow_model_server")
    budget = plan.budget
    assert (budget.is_throttled, budget.limit_is_request) == (False, True)
    assert (budget.exclusive, values(plan)["OMP_WAIT_POLICY"]) == (False, None)


def test_the_share_of_a_lambda_function_is_a_limit(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, JOBS["AWS Lambda"][0])
    assert (plan.budget.is_throttled, plan.budget.limit_is_request) == (True, False)
    assert values(plan)["OMP_WAIT_POLICY"] == "PASSIVE"


@pytest.mark.parametrize(
    ("line", "quota", "threads"),
    [("", 6, 4), ("", 3, 3), ("--basis limit", None, 8), ("--cpus 5", None, 5), ("--cpus 0-5", None, 6)],
)
def test_the_smaller_of_grant_and_quota_counts(
    tmp_path: Path, line: str, quota: float | None, threads: int
) -> None:
    """What the user names counts more, and --basis limit leaves out what nobody enforces."""
    _, plan = planned(tmp_path, {**SGE, "NSLOTS": "4"}, line, replace(EIGHT, quota=quota))
    assert plan.budget.threads == threads


@pytest.mark.parametrize("row", GRANTS, ids=lambda row: row.variables[0])
@pytest.mark.parametrize("text", ["0", "-1", "abc", "9" * 30, "1e3", "nan", "\u0663", " "])
def test_nonsense_is_one_line_and_no_budget(row: Any, text: str) -> None:
    failures: list[str] = []
    environ = {row.job[0]: "7", row.variables[0]: text}
    assert read_declared(Root(), environ, 8, failures).granted == ()
    (line,) = failures
    assert line == f"{row.variables[0]}={text}: not a number that {row.scheduler} tells a job; ignored"


@pytest.mark.parametrize("row", GRANTS, ids=lambda row: row.variables[0])
def test_an_empty_variable_tells_nothing(row: Any) -> None:
    failures: list[str] = []
    assert read_declared(Root(), {row.job[0]: "7", row.variables[0]: ""}, 8, failures).granted == ()
    assert failures == []


@pytest.mark.parametrize("hosts", ["a", "a b c", "a 1 b", "a x b x", "a 0 b 0"])
def test_a_damaged_list_of_hosts_does_no_harm(tmp_path: Path, hosts: str) -> None:
    _, plan = planned(tmp_path, {**LSF, HOSTS: hosts})
    assert plan.budget.threads == 8


def test_a_start_looks_for_every_variable_of_grants() -> None:
    names = {name for row in GRANTS for name in (*row.variables, row.hosts) if name}
    assert names == GRANT_VARIABLES
    for row in GRANTS:
        found = scheduler({row.job[0]: "HTCondor"}) if row.scheduler != "AWS Lambda" else None
        assert found is None or found[0].name == row.scheduler


# What a scheduler sets is not the user's


def test_workers_divide_what_htcondor_has_set(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, {**CONDOR, **FOUR}, "-- gunicorn --workers 2 app:app")
    assert (plan.budget.workers, values(plan)["OMP_NUM_THREADS"]) == (2, "2")
    assert "MKL_NUM_THREADS" not in plan.environ, "MKL would have 4 threads in each worker"
    reasons = {setting.name: setting.reason for setting in plan.settings}
    assert reasons["OMP_NUM_THREADS"].endswith("HTCondor's 4 is replaced")


@pytest.mark.parametrize(
    "environ", [{**CONDOR, "OMP_NUM_THREADS": "3"}, {**PBS, "NCPUS": "4", "OMP_NUM_THREADS": "1"}]
)
def test_another_number_is_the_users(tmp_path: Path, environ: dict[str, str]) -> None:
    _, plan = planned(tmp_path, environ)
    (setting,) = [setting for setting in plan.settings if setting.name == "OMP_NUM_THREADS"]
    assert (setting.value, setting.origin) == (environ["OMP_NUM_THREADS"], "user")


@pytest.mark.parametrize(
    ("first", "origin", "threads"),
    [
        pytest.param("PBS_JOBID=7.host OMP_NUM_THREADS=1", "computed", "4", id="PBS has set it"),
        pytest.param("PBS_JOBID=7.host OMP_NUM_THREADS=4", "user", "1", id="the job's script has set it"),
        pytest.param("PBS_JOBID=7.host", "user", "1", id="nothing was set"),
        pytest.param("HOME=/", "user", "1", id="another PID namespace"),
    ],
)
def test_one_thread_is_the_schedulers_if_the_job_began_with_it(
    tmp_path: Path, first: str, origin: str, threads: str
) -> None:
    """A build of PBS sets 1 unless the job asks for `ompthreads`; other builds set the number of CPUs."""
    script = first.replace(" ", "\0") + "\0"
    files = {
        "proc/self/status": "PPid:\t8",
        "proc/8/status": "PPid:\t7",
        "proc/8/environ": script,
        "proc/7/status": "PPid:\t1",
        "proc/7/environ": "PATH=/bin\0",
    }
    environ = {**PBS, "NCPUS": "4", "OMP_NUM_THREADS": "1"}
    _, plan = planned(tmp_path, environ, spec=replace(EIGHT, files=files))
    (setting,) = [setting for setting in plan.settings if setting.name == "OMP_NUM_THREADS"]
    assert (setting.value, setting.origin) == (threads, origin)


def test_a_variable_that_nothing_replaces_stays_as_the_scheduler_set_it(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, {**CONDOR, **FOUR, "PYTHON_CPU_COUNT": "4"})
    (setting,) = [setting for setting in plan.settings if setting.name == "PYTHON_CPU_COUNT"]
    assert (setting.value, setting.origin) == ("4", "scheduler")


# Ranks


@pytest.mark.parametrize(
    ("environ", "threads"),
    [
        pytest.param({**SGE, "NSLOTS": "4"}, 1, id="4 slots for 4 ranks"),
        pytest.param({**LSF, SLOTS: "8"}, 2, id="8 slots for 4 ranks"),
        pytest.param({**PBS, "NCPUS": "4"}, 4, id="4 threads in each process"),
        pytest.param({**PBS, "NCPUS": "1"}, 1, id="1 thread in each process"),
        pytest.param({**PBS, "NCPUS": "16"}, 4, id="more than its share"),
    ],
)
def test_ranks_divide_a_grant_unless_each_has_it(
    tmp_path: Path, environ: dict[str, str], threads: int
) -> None:
    _, plan = planned(tmp_path, {**environ, **MPI}, spec=Spec(cores=16))
    assert plan.budget.threads == threads


@pytest.mark.parametrize(
    ("size", "machines", "expected"),
    [
        ("8", "2", (3, 4)),
        ("4", "1", (3, 4)),
        ("8", "3", None),
        ("8", "0", None),
        ("8", "x", None),
        ("x", "2", None),
    ],
)
def test_reads_the_ranks_of_flux(size: str, machines: str, expected: tuple[int, int] | None) -> None:
    """Where the tasks cannot be divided, which machine has one more is not told."""
    environ = {"FLUX_TASK_LOCAL_ID": "3", "FLUX_JOB_SIZE": size, "FLUX_JOB_NNODES": machines}
    assert [(rank.number, rank.size) for rank in ranks(environ)] == ([expected] if expected else [])


# Weights and guarantees, which count on request


def test_a_guarantee_counts_with_basis_request(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, {**HUB, "CPU_GUARANTEE": "2", "CPU_LIMIT": "6"}, "--basis request")
    assert plan.budget.threads == 2
    assert "counting with 2 CPUs: the guarantee of JupyterHub, by CPU_GUARANTEE" in plan.budget.reasons


@pytest.mark.parametrize(("units", "cpus"), [(2048, 2.0), (512, 0.5), (2, None), (None, None)])
def test_reads_the_units_of_an_ecs_container(units: int | None, cpus: float | None) -> None:
    with agent(says({"Limits": {"CPU": units} if units else {}})) as (uri, asked):
        found = container_units(uri)
    assert [told.cpus for told in found] == ([cpus] if cpus else [])
    assert asked == ["/v4/id"]


def test_the_units_of_an_ecs_container_count_with_basis_request(launcher: str) -> None:
    with agent(says({"Limits": {"CPU": 1024}})) as (uri, asked):
        environ = {"ECS_CONTAINER_METADATA_URI_V4": uri}
        found = report([launcher, "--basis", "request", "--json"], environ)
    assert asked == ["/v4/id/task", "/v4/id"]
    kinds = [(row["kind"], row["cpus"]) for row in found["limits"]["declared"]]
    assert kinds == [("limit", 1024), ("guarantee", 1)]
    assert found["budget"]["threads"] == 1


# Reports


def test_reports_name_every_declared_amount(launcher: str, tmp_path: Path) -> None:
    root = machine(tmp_path)
    environ = {"MKL_LAUNCH_CPU_REQUEST": "6", **SGE, "NSLOTS": "4"}
    words = [launcher, "--sysroot", str(root)]
    text = said([*words, "--explain=all"], environ)
    assert "limits    request of 6 CPUs: MKL_LAUNCH_CPU_REQUEST\n" in text
    assert "limits    grant of 4 CPUs: Grid Engine, by NSLOTS\n" in text
    assert "limited by Grid Engine, by NSLOTS: 4 CPUs" in text
    short = said([*words, "--explain"], environ)
    assert (
        "; request 6 CPUs from MKL_LAUNCH_CPU_REQUEST; grant 4 CPUs from Grid Engine, by NSLOTS;" in short
    )
    assert report([*words, "--json"], environ)["limits"]["declared"] == [
        {"kind": "request", "cpus": 6, "source": "MKL_LAUNCH_CPU_REQUEST"},
        {"kind": "grant", "cpus": 4, "source": "Grid Engine, by NSLOTS"},
    ]


def test_nothing_is_declared_where_nothing_is_told(tmp_path: Path) -> None:
    facts, _ = planned(tmp_path, {})
    assert declared(facts) == []
