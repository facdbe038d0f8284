"""Ranks that share one budget: their shares of the cores, and ranks that a job launcher has bound."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies

from mkl_launch.cli import reader
from mkl_launch.core.cpulist import parse, show
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.host.inventory import machine as machine_of
from mkl_launch.launch import pipeline as prepare
from mkl_launch.model.facts import Facts, Limits
from mkl_launch.model.ranks import Placement
from mkl_launch.policy.exclusivity import own_cpus
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.rank_cpus import _index_in_mask
from mkl_launch.policy.rank_detection import ranks
from mkl_launch.policy.shares import shares
from mkl_launch.report.document import Report
from mkl_launch.report.full import explanation
from mkl_launch.tables.job_launchers import JOB_LAUNCHERS, JobLauncher
from testing.process import report, said, start
from testing.project import PROJECT, skip_or_fail
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Groups = tuple[frozenset[int], ...]
every_job_launcher = pytest.mark.parametrize(
    "job_launcher", [row for row in JOB_LAUNCHERS if row.local_rank], ids=lambda row: row.name
)
BOX = Spec(sockets=2, cores=18, threads=2, nodes=2)  # of 72 CPUs


def machine(*nodes: int, threads: int = 1) -> tuple[Groups, Groups]:
    """Return the cores and nodes of a machine with so many cores in each node."""
    total, first, cores, members = sum(nodes), 0, [], []
    for size in nodes:
        here = [frozenset(range(core, threads * total, total)) for core in range(first, first + size)]
        cores += here
        members.append(frozenset().union(*here))
        first += size
    return tuple(cores), tuple(members)


# Shares

nodes_of_cores = strategies.lists(strategies.integers(0, 9), min_size=1, max_size=4).filter(any)


@given(nodes_of_cores, strategies.integers(1, 12), strategies.integers(1, 2))
def test_shares_are_disjoint_whole_and_even(nodes: list[int], number: int, threads: int) -> None:
    cores, members = machine(*nodes, threads=threads)
    found = shares(cores, members, number)
    assert len(found) == number
    assert all(core <= share or not core & share for share in found for core in cores), "whole cores"
    if number <= len(cores):
        assert sum(map(len, found)) == threads * len(cores)
        assert frozenset().union(*found) == frozenset().union(*cores)
        assert max(map(len, found)) - min(map(len, found)) <= threads
    else:
        assert set(found) == set(cores), "a core each, in turn"


@given(nodes_of_cores, strategies.integers(1, 8))
def test_splits_as_few_shares_between_nodes_as_possible(nodes: list[int], number: int) -> None:
    cores, members = machine(*nodes)
    number = min(number, len(cores))
    found = shares(cores, members, number)
    assert splits(list(map(len, found)), nodes) == min(
        splits([len(cores) // number + (index in larger) for index in range(number)], nodes)
        for larger in itertools.combinations(range(number), len(cores) % number)
    )


@given(nodes_of_cores, strategies.integers(1, 8))
def test_shares_of_equal_size_lie_in_one_node_if_possible(nodes: list[int], number: int) -> None:
    """With nodes of which a cpuset has a part each, one after the other may split more of them."""
    cores, members = machine(*nodes)
    size, extra = divmod(len(cores), number)
    if size and not extra:
        within = [
            share for share in shares(cores, members, number) if any(share <= node for node in members)
        ]
        assert len(within) == sum(node // size for node in nodes)


def test_the_middle_of_three_sockets_is_not_split() -> None:
    cores, _ = machine(4)
    nodes = (frozenset((0,)), frozenset((1, 2)), frozenset((3,)))
    assert shares(cores, nodes, 2) == (frozenset((0, 3)), frozenset((1, 2)))


def splits(sizes: list[int], nodes: list[int]) -> int:
    """Return how many consecutive shares of these sizes have a border between nodes in them."""
    borders = set(itertools.accumulate(nodes))
    ends = list(itertools.accumulate(sizes, initial=0))
    return sum(bool(borders & set(range(start + 1, end))) for start, end in itertools.pairwise(ends))


@given(nodes_of_cores, strategies.integers(1, 6), strategies.integers(1, 6))
def test_shares_have_the_requested_number_of_cores(nodes: list[int], number: int, each: int) -> None:
    cores, members = machine(*nodes)
    found = shares(cores, members, number, each)
    assert len(found) == number
    if number * each <= len(cores):
        assert {len(share) for share in found} == {each}
        assert len(frozenset().union(*found)) == number * each
        if sum(size // each for size in nodes) >= number:
            assert all(any(share <= node for node in members) for share in found)


# Which rank this is


def environ(job_launcher: JobLauncher, rank: int, size: int, **more: str) -> dict[str, str]:
    names = {
        job_launcher.marker: "0",
        job_launcher.local_rank: str(rank),
        job_launcher.local_size[0]: str(size),
    }
    return {**names, **more}


@every_job_launcher
def test_reads_the_rank_of_every_job_launcher(job_launcher: JobLauncher) -> None:
    (found,) = ranks(environ(job_launcher, 1, 4))
    assert (found.job_launcher, found.number, found.size) == (job_launcher, 1, 4)


@every_job_launcher
@pytest.mark.parametrize(
    ("rank", "size"),
    [("", "4"), ("4", "4"), ("-1", "4"), ("x", "4"), ("0", ""), ("0", "0"), ("0", "9" * 30)],
)
def test_ignores_an_invalid_rank(job_launcher: JobLauncher, rank: str, size: str) -> None:
    names = {job_launcher.marker: "0", job_launcher.local_rank: rank, job_launcher.local_size[0]: size}
    assert ranks(names) == ()


@pytest.mark.parametrize(
    ("text", "node", "size"),
    [
        ("2(x3),1", "0", 2),
        ("2(x3),1", "2", 2),
        ("2(x3),1", "3", 1),
        ("4", "7", 4),
        ("3,5", "1", 5),
        ("4(x2)", "1", 4),
    ],
)
def test_reads_the_list_of_tasks_per_node_of_slurm(text: str, node: str, size: int) -> None:
    names = {"SLURM_LOCALID": "0", "SLURM_STEP_TASKS_PER_NODE": text, "SLURM_NODEID": node}
    assert [rank.size for rank in ranks(names)] == [size]


@pytest.mark.parametrize("text", ["2(x3),1", "(x2)", "2(x2)(x2),1", ",", "1,", "\0"])
def test_ignores_an_invalid_list_of_slurm(text: str) -> None:
    names = {"SLURM_LOCALID": "0", "SLURM_STEP_TASKS_PER_NODE": text, "SLURM_NODEID": "9"}
    assert ranks(names) == ()


def test_the_innermost_job_launcher_counts() -> None:
    both = {**environ(JOB_LAUNCHERS[-1], 0, 2), **environ(JOB_LAUNCHERS[0], 1, 3)}
    assert [(rank.job_launcher.name, rank.size) for rank in ranks(both)] == [("torchrun", 3)]


def test_an_instance_is_a_rank_within_a_rank() -> None:
    both = {**environ(JOB_LAUNCHERS[-1], 1, 2), "MKL_LAUNCH_INSTANCE": "0", "MKL_LAUNCH_INSTANCES": "3"}
    assert [(rank.number, rank.size) for rank in ranks(both, started=True)] == [(1, 2), (0, 3)]
    assert [(rank.number, rank.size) for rank in ranks(both)] == [(1, 2)], "what an instance has started"


def test_ignores_the_step_that_a_batch_script_was_submitted_from() -> None:
    """`srun sbatch` hands SLURM_STEP_* on; SLURM_GTIDS lists the tasks that there are."""
    names = {"SLURM_LOCALID": "0", "SLURM_STEP_TASKS_PER_NODE": "2", "SLURM_NODEID": "0"}
    assert ranks({**names, "SLURM_GTIDS": "0", "SLURM_TASKS_PER_NODE": "2"}) == ()
    assert ranks({**names, "SLURM_GTIDS": "2,3", "SLURM_TASKS_PER_NODE": "1"}) != ()
    assert ranks(names) != (), "some unset SLURM_GTIDS, which Abaqus and Ansys choke on"


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"JOB_COMPLETION_INDEX": "1"}, id="Indexed Job"),
        pytest.param({"RANK": "1", "WORLD_SIZE": "4"}, id="PyTorchJob"),
        pytest.param(
            {"PET_NNODES": "4", "PET_NODE_RANK": "1", "RANK": "1", "WORLD_SIZE": "4"},
            id="elastic PyTorchJob",
        ),
        pytest.param({"PMIX_RANK": "1", "PMI_RANK": "1", "PMI_SIZE": "4"}, id="PMI"),
    ],
)
def test_a_number_in_a_job_of_many_machines_divides_nothing(launcher: str, names: dict[str, str]) -> None:
    """Each pod has CPUs of its own."""
    assert report([launcher, "--json"], names) == report([launcher, "--json"])


# The plan of a rank


def planned(
    place: Path,
    spec: Spec,
    environ: Mapping[str, str],
    line: str = "",
    above: tuple[str, str] = ("", ""),
) -> Plan:
    """Plan `mkl-launch LINE` below a process of a job launcher with that mask and variable."""
    return plan_of(written(place, spec, above), environ, line)


def written(place: Path, spec: Spec, above: tuple[str, str], pid: int = 7) -> Root:
    """Write the machine, with a process of a job launcher with that mask and variable."""
    root = sysroot(place, spec)
    files = {
        "proc/self/status": f"PPid:\t{pid}\nCpus_allowed_list:\t{spec.mask or '0-71'}\n",
        f"proc/{pid}/status": f"PPid:\t1\nCpus_allowed_list:\t{above[0] or '0-71'}\n",
        f"proc/{pid}/environ": f"PATH=/bin\0{above[1]}\0",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return root


def plan_of(root: Root, environ: Mapping[str, str], line: str = "", *, started: bool = False) -> Plan:
    """Return the plan; `started`: of an instance, whose supervisor is that process."""
    note = read_note(environ)
    asked = reader.read(line.split(), environ, note.texts)
    return prepare.prepare(root, changed(asked, is_instance=started), environ)[1]


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


@every_job_launcher
def test_ranks_have_cores_of_their_own(tmp_path: Path, job_launcher: JobLauncher) -> None:
    made = [planned(tmp_path / str(rank), BOX, environ(job_launcher, rank, 4)) for rank in range(4)]
    assert [show(plan.mask or frozenset()) for plan in made] == [
        "0-8,36-44",
        "9-17,45-53",
        "18-26,54-62",
        "27-35,63-71",
    ]
    assert {values(plan)["OMP_NUM_THREADS"] for plan in made} == {"9"}
    assert {values(plan)["TF_NUM_INTRAOP_THREADS"] for plan in made} == {"18"}
    assert not any(values(plan)["KMP_AFFINITY"] for plan in made), (
        "a rank may start processes: its mask will do"
    )
    assert [plan.node for plan in made] == [0, 0, 1, 1]


@pytest.mark.parametrize("nodes", [1, {0: "0-7", 1: ""}], ids=["one node", "one node with CPUs of two"])
def test_memory_of_a_rank_has_no_preferred_node_if_all_cpus_are_in_one(
    tmp_path: Path, nodes: int | dict[int, str]
) -> None:
    made = planned(tmp_path, Spec(cores=8, nodes=nodes), environ(JOB_LAUNCHERS[3], 1, 2), above=("0-7", ""))
    assert (mask(made), made.node) == ("4-7", None)


def test_offline_cpus_in_the_mask_of_the_job_launcher_do_not_make_a_rank_bound(tmp_path: Path) -> None:
    """The kernel lists all CPUs that could exist in Cpus_allowed_list of an unrestricted process."""
    made = planned(tmp_path, EIGHT, environ(JOB_LAUNCHERS[3], 1, 2), above=("0-71", ""))
    assert (mask(made), values(made)["OMP_NUM_THREADS"]) == ("4-7", "4")


def test_offline_cpus_in_the_mask_of_all_ranks_do_not_make_it_a_reservation() -> None:
    """CPUs may go offline after an outer launcher has noted the mask."""
    online, base = frozenset(range(4)), frozenset((0, 1, 9))
    found = Facts(online, online, tuple(frozenset((cpu,)) for cpu in online), (online,), Limits("v2", "/"))
    place = Placement(frozenset((0, 1)), base)
    own, evidence = own_cpus(found, reader.read([], {}, {}), place, {}, is_throttled=False)
    assert not own
    assert "affinity mask" in evidence


def share(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


EIGHT = Spec(cores=8)
HALVES = ["0-3", "4-7"]


@pytest.mark.parametrize(
    ("spec", "line", "masks", "threads"),
    [
        share("7 for 4", Spec(cores=7), "", ["0-1", "2-3", "4-5", "6"], "2221"),
        share("3 sockets", Spec(sockets=3, cores=2), "", ["0-1", "2-3", "4-5"], "222"),
        share("a quota", replace(EIGHT, quota=2), "", None, "1111"),
        share("a larger quota", replace(EIGHT, quota=6), "", None, "33"),
        share("a loose quota", replace(EIGHT, quota=8), "", None, "44"),
        share("bind never", EIGHT, "--bind never", None, "44"),
        share("bind always", replace(EIGHT, quota=4), "--bind always", HALVES, "22"),
        share("named CPUs", EIGHT, "--cpus 4-7", ["4-5", "6-7"], "22"),
        share("an amount", EIGHT, "--cpus 4", None, "22"),
        share("more ranks than cores", Spec(cores=2), "", None, "111"),
        share("a cpuset", replace(EIGHT, cpuset="4-7"), "", ["4-5", "6-7"], "22"),
        share("workers within", EIGHT, "--workers 2", HALVES, "22"),
    ],
)
def test_divides_cpus_and_quota_among_ranks(
    tmp_path: Path, spec: Spec, line: str, masks: list[str] | None, threads: str
) -> None:
    size = len(threads)
    mask = spec.cpuset or f"0-{spec.sockets * spec.cores - 1}"
    made = [
        planned(
            tmp_path / str(rank),
            replace(spec, mask=mask),
            environ(JOB_LAUNCHERS[3], rank, size),
            line,
            (mask, ""),
        )
        for rank in range(size)
    ]
    assert [show(plan.mask) if plan.mask else "" for plan in made] == (masks or [""] * size)
    assert "".join(values(plan)["OMP_NUM_THREADS"] or "-" for plan in made) == threads
    pinned = [bool(values(plan)["KMP_AFFINITY"]) for plan in made]
    assert pinned == ["bind always" in line] * size


@pytest.mark.parametrize(
    ("mask", "size", "threads"),
    [
        pytest.param("0,36", 2, "1", id="a core"),
        pytest.param("0-8,36-44", 4, "9", id="its share"),
        pytest.param("0-17,36-53", 2, "18", id="a socket"),
        pytest.param("0-17,36-53", 4, "9", id="a socket for two"),
        pytest.param("0-17,36-53", 3, "9", id="a socket for two, and one for one"),
        pytest.param("5", 72, "1", id="a hardware thread"),
    ],
)
def test_does_not_divide_the_mask_of_a_bound_rank_again(
    tmp_path: Path, mask: str, size: int, threads: str
) -> None:
    made = planned(tmp_path, replace(BOX, mask=mask), environ(JOB_LAUNCHERS[3], 1, size))
    assert made.mask is None
    assert values(made)["OMP_NUM_THREADS"] == threads


def test_a_rank_in_a_cpuset_is_not_bound_if_its_mask_is_the_cpuset(tmp_path: Path) -> None:
    spec = replace(EIGHT, cpuset="4-7", mask="4-7")
    made = planned(tmp_path, spec, environ(JOB_LAUNCHERS[3], 1, 2), above=("0-3", ""))
    assert mask(made) == "6-7"


def test_a_rank_bound_outside_the_mask_of_its_job_launcher_has_its_whole_mask(tmp_path: Path) -> None:
    spec = replace(EIGHT, mask="2-3")
    made = planned(tmp_path, spec, environ(JOB_LAUNCHERS[3], 1, 2), above=("0-1", ""))
    assert values(made)["OMP_NUM_THREADS"] == "2"


@pytest.mark.parametrize(
    ("cpus", "line", "group"),
    [("0-3", "", "0-7"), ("0-7", "--cpus 4-7", "4-7"), ("0-7", "", "0-7")],
    ids=["a bound rank", "named CPUs", "all CPUs"],
)
def test_all_ranks_together_have_the_cpus_before_binding(
    tmp_path: Path, cpus: str, line: str, group: str
) -> None:
    spec = replace(EIGHT, mask=cpus)
    made = planned(tmp_path, spec, environ(JOB_LAUNCHERS[3], 0, 2), line, above=("0-7", ""))
    assert show(made.budget.group_cpus) == group


def test_a_rank_that_shares_its_mask_is_not_bound_to_a_part_of_it(tmp_path: Path) -> None:
    """Which part is only counted with: the job launcher has decided which CPUs are used."""
    spec = replace(BOX, mask="0-17,36-53")
    made = planned(tmp_path, spec, environ(JOB_LAUNCHERS[3], 1, 4), "--bind always")
    assert (made.mask, made.budget.sharers, made.budget.has_own_cpus) == (None, 2, False)
    assert any("up to 2 ranks" in reason for reason in made.budget.reasons)


@pytest.mark.parametrize(
    ("mask", "line"),
    [("0-17,36-53", "--bind always"), ("0-8,36-44", ""), ("0-71", "--bind never")],
    ids=["a mask that two ranks share", "a mask of its own", "the mask of all"],
)
def test_an_inner_launcher_has_the_budget_of_the_rank(tmp_path: Path, mask: str, line: str) -> None:
    root = written(tmp_path, replace(BOX, mask=mask), ("", ""))
    outer = plan_of(root, environ(JOB_LAUNCHERS[3], 1, 4), line)
    inner = plan_of(root, outer.environ)
    assert (outer.mask, inner.mask) == (None, None)
    for field in ("cpus", "rank", "ranks", "sharers", "has_own_cpus", "threads", "group_cpus"):
        assert vars(inner.budget)[field] == vars(outer.budget)[field], field
    assert values(inner) == values(outer)


def test_an_instance_has_the_requested_number_of_cores(tmp_path: Path) -> None:
    made = []
    for number in range(2):
        root = written(tmp_path / str(number), replace(EIGHT, mask="0-7"), ("0-7", ""))
        names = instance(number, 2)
        asked = changed(reader.read([], names, {}), is_instance=True, cores_per_instance=3)
        made.append(prepare.prepare(root, asked, names)[1])
    assert list(map(mask, made)) == ["0-2", "3-5"]


@given(strategies.integers(1, 6), strategies.integers(2, 9))
def test_ranks_with_the_same_mask_have_different_parts(groups: int, crowd: int) -> None:
    """Ranks mapped to groups of CPUs one by one, or all ranks of a group at a time."""
    one_by_one = [range(group, groups * crowd, groups) for group in range(groups)]
    a_crowd_at_a_time = [range(group * crowd, (group + 1) * crowd) for group in range(groups)]
    for members in (*one_by_one, *a_crowd_at_a_time):
        assert sorted(_index_in_mask(rank, crowd, groups) for rank in members) == list(range(crowd))


@pytest.mark.parametrize("dealt", ["0 1 0 1", "0 0 1 1"])
def test_two_ranks_share_a_socket_of_nine_cores(tmp_path: Path, dealt: str) -> None:
    """Neither is one of its cores counted twice nor left out."""
    sockets = ["0-8", "9-17"]
    parts: dict[str, list[str]] = {cpus: [] for cpus in sockets}
    for rank, socket in enumerate(map(int, dealt.split())):
        spec = Spec(sockets=2, cores=9, nodes=2, mask=sockets[socket])
        made = planned(tmp_path / str(rank), spec, environ(JOB_LAUNCHERS[3], rank, 4), above=("0-17", ""))
        assert values(made)["OMP_NUM_THREADS"] == str(len(made.budget.cpus))
        parts[sockets[socket]].append(show(made.budget.cpus))
    assert {cpus: sorted(found) for cpus, found in parts.items()} == {
        "0-8": ["0-4", "5-8"],
        "9-17": ["14-17", "9-13"],
    }


SLURM = {"SLURM_LOCALID": "1", "SLURM_NODEID": "0", "SLURM_STEP_TASKS_PER_NODE": "4"}


@pytest.mark.parametrize(
    ("mask", "cpus", "threads"),
    [
        pytest.param("", "8", "2", id="not contained: a part of the machine all the same"),
        pytest.param("0-3,36-39", "8", "1", id="all ranks bound to what is allocated"),
        pytest.param("1,37", "8", "1", id="each to a core"),
        pytest.param("", "72", "9", id="the whole machine"),
        pytest.param("", "x", "9", id="nonsense"),
    ],
)
def test_divides_what_a_job_launcher_allocates(tmp_path: Path, mask: str, cpus: str, threads: str) -> None:
    made = planned(tmp_path, replace(BOX, mask=mask), {**SLURM, "SLURM_CPUS_ON_NODE": cpus})
    assert values(made)["OMP_NUM_THREADS"] == threads
    assert (made.mask is None) == (threads != "9")


def test_a_batch_script_has_all_cpus_of_its_job(tmp_path: Path) -> None:
    made = planned(
        tmp_path, BOX, {"SLURM_LOCALID": "0", "SLURM_NTASKS_PER_NODE": "4", "SLURM_CPUS_ON_NODE": "8"}
    )
    assert values(made)["OMP_NUM_THREADS"] == "8"
    assert made.budget.rank is None


def test_accepts_a_rank_bound_outside_the_mask_of_its_job_launcher(tmp_path: Path) -> None:
    """`taskset -c 1 mpirun`: Open MPI 4 and Hydra look at cpusets only."""
    made = planned(tmp_path, replace(BOX, mask="0"), environ(JOB_LAUNCHERS[3], 0, 2), above=("1", ""))
    assert (values(made)["OMP_NUM_THREADS"], made.mask) == ("1", None)


def test_omp_num_threads_of_torchrun_is_the_users_only_if_torchrun_had_it(tmp_path: Path) -> None:
    names = environ(JOB_LAUNCHERS[0], 0, 4, OMP_NUM_THREADS="1")
    assert values(planned(tmp_path / "a", BOX, names))["OMP_NUM_THREADS"] == "9"
    (tmp_path / "b" / "proc" / "7").mkdir(parents=True)
    assert (
        values(planned(tmp_path / "b", BOX, names, above=("", "OMP_NUM_THREADS=1")))["OMP_NUM_THREADS"]
        == "1"
    )


def test_divides_the_mask_of_the_job_launcher(tmp_path: Path) -> None:
    """`taskset -c 0-3 mpirun --bind-to none`: narrow, and not by the job launcher."""
    made = planned(tmp_path, replace(BOX, mask="0-3"), environ(JOB_LAUNCHERS[3], 1, 2), above=("0-3", ""))
    assert values(made)["OMP_NUM_THREADS"] == "2"
    assert made.mask is None, "an affinity mask is no reservation"


def test_finds_the_job_launcher_behind_a_shell(tmp_path: Path) -> None:
    """`mpirun sh -c 'mkl-launch ...; ...'`: the shell is bound already."""
    spec = replace(BOX, mask="0-17,36-53")
    planned(tmp_path, spec, {})
    (tmp_path / "proc/self/status").write_text("PPid:\t8\nCpus_allowed_list:\t0-17,36-53\n")
    (tmp_path / "proc/8").mkdir()
    (tmp_path / "proc/8/status").write_text("PPid:\t7\nCpus_allowed_list:\t0-17,36-53\n")
    variables = environ(JOB_LAUNCHERS[3], 0, 2)
    (tmp_path / "proc/8/environ").write_text(
        "\0".join(f"{name}={value}" for name, value in variables.items())
    )
    made = prepare.prepare(Root(str(tmp_path)), reader.read([], variables, {}), variables)[1]
    assert values(made)["OMP_NUM_THREADS"] == "18"


# One within the other


def instance(number: int, size: int) -> dict[str, str]:
    return {"MKL_LAUNCH_INSTANCE": str(number), "MKL_LAUNCH_INSTANCES": str(size)}


def first(place: Path, number: int, spec: Spec = EIGHT) -> Plan:
    """Return the plan of one of two instances, on eight cores."""
    root = written(place / "first", replace(spec, mask="0-7"), ("0-7", ""))
    return plan_of(root, instance(number, 2), started=True)


def mask(made: Plan) -> str:
    return show(made.mask) if made.mask else ""


def job_launcher_in(place: Path, outer: Plan, spec: Spec = EIGHT) -> Root:
    """Return a machine on which a job launcher was started by what `outer` was planned for."""
    its = mask(outer) or "0-7"
    return written(
        place / "job_launcher", replace(spec, mask=its), (its, f"{APPLIED}={outer.environ[APPLIED]}"), 8
    )


@pytest.mark.parametrize(
    "job_launcher", [row for row in JOB_LAUNCHERS[:-1] if row.local_rank], ids=lambda row: row.name
)
@pytest.mark.parametrize(
    ("spec", "masks", "threads"),
    [(EIGHT, "0-1 2-3 4-5 6-7", "2222"), (replace(EIGHT, quota=4), "   ", "1111")],
    ids=["own CPUs", "a quota"],
)
def test_a_job_launcher_in_an_instance_divides_the_cpus_of_the_instance(
    tmp_path: Path, job_launcher: JobLauncher, spec: Spec, masks: str, threads: str
) -> None:
    made = []
    for number in range(2):
        outer = first(tmp_path / str(number), number, spec)
        root = job_launcher_in(tmp_path / str(number), outer, spec)
        made += [plan_of(root, {**outer.environ, **environ(job_launcher, rank, 2)}) for rank in range(2)]
    assert " ".join(map(mask, made)) == masks
    assert "".join(values(plan)["OMP_NUM_THREADS"] or "-" for plan in made) == threads
    assert [(plan.budget.rank, plan.budget.ranks) for plan in made] == [(rank, 4) for rank in range(4)]


def test_an_inner_launcher_in_a_rank_of_an_instance_divides_nothing(tmp_path: Path) -> None:
    outer = first(tmp_path, 1)
    inner = plan_of(job_launcher_in(tmp_path, outer), {**outer.environ, **environ(JOB_LAUNCHERS[0], 0, 2)})
    status = tmp_path / "job_launcher" / "proc" / "self" / "status"
    status.write_text(f"PPid:\t8\nCpus_allowed_list:\t{mask(inner)}\n")
    again = plan_of(Root(str(tmp_path / "job_launcher")), inner.environ)
    assert (mask(again), show(again.budget.cpus), again.budget.rank) == ("", mask(inner), 2)
    assert values(again) == values(inner)


def test_instances_in_an_instance_divide_its_cpus(tmp_path: Path) -> None:
    """Though they have the same numbers."""
    made = []
    for outer in (first(tmp_path / str(number), number) for number in range(2)):
        root = written(tmp_path / mask(outer), replace(EIGHT, mask=mask(outer)), ("0-7", ""))
        made += [
            plan_of(root, {**outer.environ, **instance(number, 2)}, started=True) for number in range(2)
        ]
    assert list(map(mask, made)) == ["0-1", "2-3", "4-5", "6-7"]
    assert [plan.budget.rank for plan in made] == [0, 1, 2, 3]


def test_instances_in_a_rank_in_an_instance_divide_its_cpus(tmp_path: Path) -> None:
    outer = first(tmp_path, 1)
    names = {**outer.environ, **environ(JOB_LAUNCHERS[0], 0, 2), **instance(1, 2)}
    made = plan_of(job_launcher_in(tmp_path, outer), names, started=True)
    assert (mask(made), made.budget.rank, made.budget.ranks) == ("5", 5, 8)


def test_ignores_a_note_from_a_launcher_that_is_not_above(tmp_path: Path) -> None:
    """Slurm starts a step anywhere, with the environment of whatever has asked for it."""
    step = {"SLURM_LOCALID": "0", "SLURM_NODEID": "0", "SLURM_STEP_TASKS_PER_NODE": "2"}
    root = written(tmp_path, replace(EIGHT, mask="0-7"), ("0-7", ""), 8)
    made = plan_of(root, {**first(tmp_path, 1).environ, **step})
    assert (mask(made), made.budget.rank, made.budget.ranks) == ("0-3", 0, 2)


def test_an_inner_launcher_does_not_divide_the_mask_of_a_rank_again(launcher: str) -> None:
    """The mask that the outer one has set is not divided again."""
    if len(os.sched_getaffinity(0)) < 2:
        skip_or_fail("one CPU cannot be divided")
    names = environ(JOB_LAUNCHERS[0], 1, 2, OMP_NUM_THREADS="1")
    once = report([launcher, "--json", "--", "true"], names)
    twice = report([launcher, "-q", "--", launcher, "--json", "--", "true"], names)
    thrice = report([launcher, "-q", "--", launcher, "-q", "--", launcher, "--json", "--", "true"], names)
    for found in (once, twice, thrice):
        assert (found["budget"]["rank"], found["budget"]["ranks"]) == (1, 2)
    assert once["mask"] == twice["limits"]["mask"] == twice["budget"]["cpus"] == thrice["budget"]["cpus"]
    assert [s["value"] for s in once["settings"]] == [s["value"] for s in twice["settings"]]


def test_an_inner_launcher_of_a_rank_keeps_named_cpus(launcher: str) -> None:
    cpus = sorted(os.sched_getaffinity(0))[:2]
    names = environ(JOB_LAUNCHERS[0], 0, 2)
    words = ["-q", "--cpus", f"{cpus[0]},{cpus[-1]}", "--"]
    done = start([launcher, *words, launcher, "--json", "--", "true"], names)
    assert done.returncode == 0
    assert done.stderr == b""
    assert parse(report([launcher, *words, launcher, "--json", "--", "true"], names)["budget"]["cpus"]) == {
        cpus[0]
    }


def test_only_rank_0_prints_the_summary(launcher: str) -> None:
    errors = [
        start([launcher, "--", "true"], environ(JOB_LAUNCHERS[3], rank, 3)).stderr for rank in range(3)
    ]
    assert [bool(text) for text in errors] == [True, False, False]
    assert b"rank 0 of 3" in errors[0]


def test_a_mask_that_cannot_be_set_pins_nothing(installed: Path) -> None:
    """Threads pinned in the whole mask would be those of all ranks on the same first cores."""
    code = (
        f"import posix, sys; sys.path.insert(0, {str(installed)!r}); sys.argv = ['', '--', 'env']\n"
        "def refuse(*_): raise OSError(1, 'Operation not permitted')\n"
        "posix.sched_setaffinity = refuse\n"
        "from mkl_launch.main import run_for_entry\n"
        "raise SystemExit(run_for_entry({k: v for k, v in posix.environ.items()}))"
    )
    done = start([sys.executable, "-c", code], environ(JOB_LAUNCHERS[3], 0, 2))
    assert b"the affinity mask could not be set" in done.stderr
    assert b"KMP_AFFINITY" not in done.stdout
    assert b"OMP_NUM_THREADS=" in done.stdout


def test_preferring_memory_of_a_missing_node_returns_the_error() -> None:
    """Here of a node that there is not."""
    done = start([sys.executable, "-c", PREFER], {"PYTHONPATH": str(PROJECT / "src")})
    assert done.stdout == b"Invalid argument None\n", done


PREFER = "from mkl_launch.launch.apply import prefer_node; print(prefer_node(900), prefer_node(0))"
# As Docker's seccomp profile has it for who lacks CAP_SYS_NICE.
REFUSED = ("strace", "-f", "-o", "/dev/null", "--inject=set_mempolicy:error=EPERM")


@pytest.fixture
def refused() -> list[str]:
    """Return the words that make set_mempolicy(2) fail in a command behind them."""
    if not shutil.which("strace") or start([*REFUSED, "true"]).returncode:
        skip_or_fail("strace is not installed, or does not work here")
    return list(REFUSED)


@pytest.fixture
def on_two_nodes(launcher: str, tmp_path: Path) -> list[str]:
    """Return the words that show a command two NUMA nodes with the CPUs of this machine."""
    first, *others = sorted(os.sched_getaffinity(0))
    if os.geteuid() or not others or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1); two nodes take two CPUs")
    if not report([launcher, "--json"])["budget"]["exclusive"]:
        skip_or_fail("the CPUs of this machine are shared, and so no memory is preferred")
    for node, cpus in enumerate(({first}, others)):
        (tmp_path / f"node{node}").mkdir()
        (tmp_path / f"node{node}" / "cpulist").write_text(show(frozenset(cpus)) + "\n")
    script = 'mount --bind "$0" /sys/devices/system/node && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(tmp_path)]


def test_preferring_memory_without_permission_returns_the_error(refused: list[str]) -> None:
    done = start([*refused, sys.executable, "-c", PREFER], {"PYTHONPATH": str(PROJECT / "src")})
    assert done.stdout == b"Operation not permitted Operation not permitted\n", done


def test_only_a_report_mentions_memory_that_cannot_be_preferred(
    launcher: str, refused: list[str], on_two_nodes: list[str]
) -> None:
    names, explain = environ(JOB_LAUNCHERS[3], 0, 2), [launcher, "--explain=all", "--", "true"]
    told = "allocated from NUMA node 0 first"
    assert f"memory    is {told}\n" in said([*on_two_nodes, *explain], names)
    assert f"memory    cannot be {told}: Operation not permitted\n" in said(
        [*on_two_nodes, *refused, *explain], names
    )
    done = start([*on_two_nodes, *refused, launcher, "--", "echo", "started"], names)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (0, b"started\n", 1)


def test_a_report_says_that_memory_cannot_be_preferred(tmp_path: Path) -> None:
    names = environ(JOB_LAUNCHERS[3], 1, 2)
    planned(tmp_path, BOX, names)
    root, asked = Root(str(tmp_path)), reader.read([], names, {})
    found, made = prepare.prepare(root, asked, names)
    report = Report(machine_of(root), found, [], made, memory_problem="Operation not permitted")
    assert "memory    cannot be allocated from NUMA node 1 first: Operation not permitted" in explanation(
        report
    )
