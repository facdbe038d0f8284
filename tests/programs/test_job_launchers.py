"""Ranks of real job launchers through the installed launcher: Open MPI, MPICH, Slurm, torchrun, Ray."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from mkl_launch.core.cpulist import parse
from testing.cgroups import limited, why_not
from testing.environments import environment
from testing.job_launchers import (
    ADD_UP,
    PROBE,
    SLURM,
    TASKS,
    TRAIN,
    JobLaunchers,
    Seen,
    all_cores,
    apart,
    cluster,
    cores_in,
)
from testing.process import PATH, origins, report, values
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN_MPI = "mpirun.openmpi --allow-run-as-root"
TORCHRUN = "torchrun --no-python --nproc-per-node"
# Not `srun --exclusive`, which allocates a machine and uses one CPU for each task (`--exact`).
WHOLE_NODE = "salloc --quiet --exclusive srun --cpu-bind=none -n"
# To each of these a number of ranks is added. The first leave their ranks the mask of the job launcher.
UNBOUND = (
    f"{OPEN_MPI} --bind-to none --oversubscribe -np",
    "mpirun.mpich -n",
    WHOLE_NODE,
    TORCHRUN,
)
BOUND = (f"{OPEN_MPI} -np", "mpirun.mpich -bind-to core -n", "srun -n")
# Outside of the mask that they have themselves, which they do not look at.
OUTSIDE = (
    f"taskset -c 0 {OPEN_MPI} --bind-to core --oversubscribe -np",
    "taskset -c 0 mpirun.mpich -bind-to core -n",
)
EVERYTHING = frozenset().union(*all_cores())
unbound = pytest.mark.parametrize("line", UNBOUND)
mpi_or_slurm = pytest.mark.parametrize("line", UNBOUND[:-1])  # torchrun takes seconds
bound = pytest.mark.parametrize("line", BOUND)


@pytest.fixture(autouse=True)
def _several_cores_of_its_own(launcher: str) -> None:
    if len(all_cores()) < 2:
        skip_or_fail("one core cannot be divided")
    if not report([launcher, "--json"])["budget"]["exclusive"]:
        skip_or_fail("the CPUs of this machine are shared, and so no masks are set")


@pytest.fixture(scope="module")
def slurm() -> Iterator[dict[str, str]]:
    with cluster() as variables:
        yield variables


@pytest.fixture
def job_launchers(request: pytest.FixtureRequest, tmp_path: Path) -> JobLaunchers:
    """Return a Slurm is started for the first test that uses one."""
    return JobLaunchers(tmp_path, lambda: request.getfixturevalue("slurm"))


# Ranks that the job launcher has not bound


@unbound
def test_unbound_ranks_share_the_cores(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.seen(f"{line} 2", [launcher, "-q", "--"])
    assert len(found) == 2
    assert apart(found)
    assert [seen.threads for seen in found] == [str(cores_in(seen.mask)) for seen in found]


@unbound
def test_without_launch_each_rank_has_all_cpus(line: str, job_launchers: JobLaunchers) -> None:
    """Else the test above would prove nothing."""
    found = job_launchers.seen(f"{line} 2", [])
    assert found == [Seen(EVERYTHING, "1" if line == TORCHRUN else None)] * 2


@mpi_or_slurm
def test_one_rank_has_all_cpus(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.seen(f"{line} 1", [launcher, "-q", "--"])
    assert found == [Seen(EVERYTHING, str(len(all_cores())))]


@mpi_or_slurm
def test_json_has_the_share_of_a_rank(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.documents(f"{line} 2", launcher)
    assert [(one["budget"]["rank"], one["budget"]["ranks"]) for one in found] == [(0, 2), (1, 2)]
    assert [one["mask"] for one in found] == [one["budget"]["cpus"] for one in found]
    assert apart([Seen(parse(one["budget"]["cpus"]), None) for one in found])


@pytest.mark.parametrize("line", [line for line in UNBOUND if line != WHOLE_NODE])
def test_more_ranks_than_cores_have_one_each(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    """Slurm gives such a job one CPU."""
    size = 2 * len(all_cores())
    assert job_launchers.seen(f"{line} {size}", [launcher, "-q", "--"]) == [Seen(EVERYTHING, "1")] * size


@pytest.mark.parametrize("line", [line for line in UNBOUND + BOUND if "srun" not in line])
def test_divides_cpus_of_a_simulated_larger_machine(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """One of 36 cores in 2 nodes, described: torchrun's own OMP_NUM_THREADS=1 is not the user's.

    Slurm says how many CPUs of this machine it has allocated.
    """
    found = job_launchers.documents(f"{line} 2", launcher, "--machine", "2x18x2")
    assert [values(one)["OMP_NUM_THREADS"] for one in found] == ["18", "18"]
    assert [origins(one)["OMP_NUM_THREADS"] for one in found] == ["computed"] * 2
    assert [one["budget"]["cpus"] for one in found] == ["0-17,36-53", "18-35,54-71"]
    assert [one["memory_node"] for one in found] == [0, 1]


@mpi_or_slurm
def test_does_not_bind_ranks_with_bind_never(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.seen(f"{line} 2", [launcher, "-q", "--bind", "never", "--"])
    assert [seen.mask for seen in found] == [EVERYTHING] * 2
    assert sum(int(seen.threads or 0) for seen in found) == len(all_cores())


# Ranks that it has bound


@pytest.mark.parametrize("line", BOUND + OUTSIDE)
@pytest.mark.parametrize("between", ["", "sh -c '\"$@\" && true' sh"])
def test_bound_ranks_are_not_divided_twice(
    line: str, between: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """As the job launcher has bound them, also behind a shell."""
    bare = job_launchers.seen(f"{line} 2 {between}", [])
    assert not bare[0].mask & bare[1].mask
    assert [seen.threads for seen in bare] == [None, None], "else the test would prove nothing"
    found = job_launchers.seen(f"{line} 2 {between}", [launcher, "-q", "--"])
    assert found == [Seen(seen.mask, str(cores_in(seen.mask))) for seen in bare]


@bound
def test_json_names_the_job_launcher_that_has_bound_a_rank(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    found = job_launchers.documents(f"{line} 2", launcher)
    assert [(one["budget"]["rank"], one["budget"]["ranks"]) for one in found] == [(0, 2), (1, 2)]
    assert [one["mask"] for one in found] == [None, None]
    assert all(one["budget"]["cpus"] == one["limits"]["mask"] for one in found)
    assert all("bound to CPUs" in " ".join(one["budget"]["why"]) for one in found)


@pytest.mark.parametrize("line", ["mpirun.mpich -bind-to core -n", "srun --overcommit -n"])
def test_more_bound_ranks_than_cores_have_one_thread_each(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """Several on the same core, to which the job launcher has bound them."""
    size = 2 * len(all_cores())
    bare = job_launchers.seen(f"{line} {size}", [])
    assert len({seen.mask for seen in bare}) < size
    found = job_launchers.seen(f"{line} {size}", [launcher, "-q", "--"])
    assert found == [Seen(seen.mask, "1") for seen in bare]


# A quota, and what the user says


@unbound
def test_a_quota_is_divided_and_no_mask_is_set(line: str, tmp_path: Path, launcher: str) -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    quota = len(all_cores()) - 0.5
    with limited(quota=quota) as limit, contextlib.ExitStack() as stack:
        names = stack.enter_context(cluster(limit)) if line.startswith(SLURM) else {}
        job_launchers = JobLaunchers(tmp_path, lambda: names, limit)
        found = job_launchers.seen(f"{line} 2", [launcher, "-q", "--"])
        assert found == [Seen(EVERYTHING, str(max(1, int(quota / 2))))] * 2
        said = job_launchers.documents(f"{line} 2", launcher)
        assert [one["budget"]["quota_cpus"] for one in said] == [quota / 2] * 2


@pytest.mark.parametrize(
    "line",
    [
        f"{OPEN_MPI} --bind-to none -x OMP_NUM_THREADS=3 -np",
        f"{OPEN_MPI} -x OMP_NUM_THREADS=3 -np",
        "mpirun.mpich -genv OMP_NUM_THREADS 3 -n",
        "env OMP_NUM_THREADS=3 mpirun.mpich -n",
        "salloc --quiet --exclusive srun --cpu-bind=none --export=ALL,OMP_NUM_THREADS=3 -n",
        "env OMP_NUM_THREADS=3 srun -n",
        f"env OMP_NUM_THREADS=3 {TORCHRUN}",
    ],
)
def test_keeps_a_number_of_the_user(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.seen(f"{line} 2", [launcher, "-q", "--"])
    assert [seen.threads for seen in found] == ["3", "3"]
    assert not found[0].mask & found[1].mask


def test_distinguishes_omp_num_threads_of_the_user_from_torchruns(
    job_launchers: JobLaunchers, launcher: str
) -> None:
    """Which is a 1 as well."""
    found = job_launchers.documents(f"env OMP_NUM_THREADS=1 {TORCHRUN} 2", launcher)
    assert [origins(one)["OMP_NUM_THREADS"] for one in found] == ["user", "user"]


# What Slurm allocates, batch scripts, job launchers within Slurm


def test_an_allocation_that_nothing_enforces_counts(tmp_path: Path, launcher: str) -> None:
    """Other jobs have the other CPUs, and so no masks are set."""
    with cluster(plugin="task/none") as names:
        job_launchers = JobLaunchers(tmp_path, lambda: names)
        assert job_launchers.seen("srun -n 1", [launcher, "-q", "--"]) == [
            Seen(EVERYTHING, str(len(all_cores()[0])))
        ]


def test_a_batch_script_is_no_rank(job_launchers: JobLaunchers, launcher: str) -> None:
    """It is one process, with the CPUs of the whole job."""
    batch = f"sbatch --ntasks={len(all_cores())} --"
    assert job_launchers.seen(batch, [launcher, "-q", "--"]) == [Seen(EVERYTHING, str(len(all_cores())))]
    (found,) = job_launchers.documents(batch, launcher)
    assert (found["budget"]["rank"], found["budget"]["ranks"], found["mask"]) == (None, None, None)


def test_a_batch_script_that_a_step_has_submitted_is_no_rank(
    job_launchers: JobLaunchers, launcher: str
) -> None:
    """As from a shell that srun has started: Slurm hands down the variables of that step."""
    first = "srun --overcommit -n2 sh -c '[ $SLURM_PROCID != 0 ] || exec \"$@\"' sh"
    (document,) = job_launchers.documents(f"{first} sbatch --ntasks=1 --", launcher)
    assert (document["budget"]["rank"], document["budget"]["ranks"]) == (None, None)


def test_a_step_with_the_variables_of_its_job_has_ranks(job_launchers: JobLaunchers, launcher: str) -> None:
    """`srun --preserve-env` leaves SLURM_TASKS_PER_NODE as it was; here the job is of one task."""
    line = "salloc --quiet --exclusive -n 1 srun --preserve-env --overcommit --cpu-bind=none -n 2"
    assert apart(job_launchers.seen(line, [launcher, "-q", "--"]))


def test_the_shell_of_an_allocation_is_no_rank(job_launchers: JobLaunchers, launcher: str) -> None:
    (found,) = job_launchers.documents(f"salloc --quiet --ntasks={len(all_cores())}", launcher)
    assert found["budget"]["rank"] is None


@pytest.mark.parametrize(
    "line", ["srun --cpu-bind=none", f"{OPEN_MPI} --bind-to none -np 2", "mpirun.mpich -n 2"]
)
def test_a_batch_script_starts_ranks(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    """Slurm's variables in those of MPI are the script's, or the proxy's: rank 0 of 1."""
    found = job_launchers.documents(f"sbatch --exclusive --ntasks-per-node=2 -- {line}", launcher)
    assert [(one["budget"]["rank"], one["budget"]["ranks"]) for one in found] == [(0, 2), (1, 2)]
    assert apart([Seen(parse(one["mask"]), None) for one in found])


# One within the other


@pytest.mark.parametrize("line", [f"{OPEN_MPI} --bind-to none -np 1", f"{WHOLE_NODE} 1"])
def test_instances_divide_the_cpus_of_a_rank(line: str, job_launchers: JobLaunchers, launcher: str) -> None:
    found = job_launchers.seen(line, [launcher, "-q", "--instances", "2", "--"])
    assert len(found) == 2
    assert apart(found)


@pytest.mark.parametrize(
    "line",
    [
        f"{OPEN_MPI} --bind-to none --oversubscribe -np",
        "mpirun.mpich -n",
        "torchrun --standalone --no-python --nproc-per-node",
    ],
)
def test_a_job_launcher_divides_the_cpus_of_an_instance(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """It divides what the instance has, which is not divided again."""
    found = job_launchers.documents(f"{launcher} -q --instances 2 -- {line} 2", launcher)
    assert [(one["budget"]["rank"], one["budget"]["ranks"]) for one in found] == [
        (rank, 4) for rank in range(4)
    ]
    first, second = (
        frozenset().union(*(parse(one["budget"]["cpus"]) for one in pair))
        for pair in (found[:2], found[2:])
    )
    assert (first & second, first | second) == (frozenset(), EVERYTHING)


@pytest.mark.parametrize("line", [f"{OPEN_MPI} -np", "mpirun.mpich -n", "mpiexec.hydra -n", "srun -n"])
def test_a_launcher_around_a_job_launcher_gives_no_rank_all_cores(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """Under the names that Debian gives them, too: no rank is told the cores of all."""
    found = job_launchers.seen(f"{launcher} -q -- {line} 2", [])
    assert all(int(seen.threads or 1) <= len(all_cores()) // 2 for seen in found)


@pytest.mark.parametrize("line", ["--bind-to none --oversubscribe -np 2", "-np 2"])
def test_launchers_around_a_job_launcher_and_in_each_rank_divide_once(
    line: str, job_launchers: JobLaunchers, launcher: str
) -> None:
    """Divided once."""
    found = job_launchers.seen(f"{launcher} -q -- {OPEN_MPI} {line}", [launcher, "-q", "--"])
    assert [seen.threads for seen in found] == [str(cores_in(seen.mask)) for seen in found]
    assert not found[0].mask & found[1].mask


def test_torchrun_divides_the_cpus_of_a_slurm_task(job_launchers: JobLaunchers, launcher: str) -> None:
    """As on several machines: one task on each, that starts the ranks there."""
    assert apart(job_launchers.seen(f"{WHOLE_NODE} 1 {TORCHRUN} 2", [launcher, "-q", "--"]))


# Programs that compute


@pytest.mark.parametrize(
    ("line", "library"),
    [(f"{OPEN_MPI} -np 2", "libmpi.so.40"), ("mpirun.mpich -n 2", "libmpich.so.12")],
)
def test_an_mpi_program_works(line: str, library: str, job_launchers: JobLaunchers, launcher: str) -> None:
    """Its ranks find each other: the launcher leaves descriptors and variables as they are."""
    command = [launcher, "-q", "--", sys.executable, "-c", ADD_UP, library]
    found = [said.split() for said in job_launchers.output(line, command)]
    assert [total for total, _ in found] == ["3", "3"]


def test_distributed_training_works(job_launchers: JobLaunchers, launcher: str) -> None:
    """With a share's threads in the pool of PyTorch."""
    python = str(environment("frameworks") / "bin" / "python")
    found = job_launchers.output(f"{TORCHRUN} 2", [launcher, "-q", "--", python, "-c", TRAIN])
    assert [said.split()[0] for said in found] == ["3", "3"]
    assert sum(int(said.split()[1]) for said in found) == len(all_cores())


def test_a_task_of_ray_has_its_grant(launcher: str) -> None:
    """Of CPUs, as OMP_NUM_THREADS; a task is no rank, and so has no share of its own."""
    python, cpus = str(environment("workers") / "bin" / "python"), str(len(EVERYTHING))
    command = [python, "-c", TASKS, cpus, launcher, "-q", "--", *PROBE]
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as short:
        names = {"PATH": PATH, "HOME": short, "RAY_TMPDIR": short, "RAY_USAGE_STATS_ENABLED": "0"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=names, timeout=300)
    found = [(frozenset(mask), names["OMP_NUM_THREADS"]) for mask, names in json.loads(done.stdout)]
    assert found == [(EVERYTHING, "1"), (EVERYTHING, str(len(all_cores())))]
