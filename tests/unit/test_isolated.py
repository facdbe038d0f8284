"""CPUs that the kernel does not balance: which of them count, who binds the threads, what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import show
from mkl_launch.core.record import changed
from mkl_launch.host.detect import read_facts
from mkl_launch.model.tuned_profile import NEVER, TunedProfile
from mkl_launch.policy.launch_note import read_note
from testing.planning import plan
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mkl_launch.policy.plan import Plan

BINDING = {"OMP_PROC_BIND": "spread", "OMP_PLACES": "threads"}
TRAIN = "python train.py"
WORKERS = "gunicorn --workers 4 app"
SERVER = "-- tensorflow_model_server --port=8500"
EIGHT = Spec(cores=8)  # 8 CPUs, 8 cores
HALF = replace(EIGHT, cpuset="0-3")


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def planned(place: Path, spec: Spec, line: str, environ: Mapping[str, str] | None = None) -> Plan:
    given = environ or {}
    request = read(line.split(), given, read_note(given).texts)
    return plan(read_facts(sysroot(place, spec), given), request, given)


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


def reason(made: Plan, name: str) -> str:
    return next(setting.reason for setting in made.settings if setting.name == name)


def partition(kind: str) -> Spec:
    """Return a machine of which the group has a cpuset that is such a partition."""
    return replace(HALF, files={"sys/fs/cgroup/cpuset.cpus.partition": kind})


def booted(cpus: str, spec: Spec = HALF, **fields: Any) -> Spec:
    """Return a machine that was booted with isolcpus=; by default its group has CPUs 0-3 of 8."""
    return replace(spec, files={**spec.files, "sys/devices/system/cpu/isolated": cpus}, **fields)


def below_a_partition(*kinds: str) -> Spec:
    """Return a machine with a process in the last of some groups, of these kinds of partitions."""
    path = "".join(f"/{number}" for number in range(len(kinds)))
    files = {}
    for number, kind in enumerate(kinds):
        group = "".join(f"/{above}" for above in range(number + 1))
        files[f"sys/fs/cgroup{group}/cpuset.cpus.partition"] = kind
        files[f"sys/fs/cgroup{group}/cpuset.cpus.effective"] = "0-3"
    return replace(HALF, path=path, files=files)


def bound(made: Plan) -> dict[str, str]:
    return {name: made.environ[name] for name in BINDING if name in made.environ}


def warned(made: Plan) -> list[str]:
    return [warning for warning in made.warnings if "isolated" in warning]


@pytest.mark.parametrize(
    ("spec", "isolated"),
    [
        case("isolcpus=, all of the group's", booted("0-3"), "0-3"),
        case("isolcpus=, some of them", booted("2-5"), "2-3"),
        case("isolcpus=, others", booted("4-7"), ""),
        case("isolcpus=, the group has the machine", booted("2-5", EIGHT), "2-5"),
        case("a partition", partition("isolated"), "0-3"),
        case("a partition that is balanced", partition("root"), ""),
        case("one that the kernel refused", partition("isolated invalid (Cpu list empty)"), ""),
        case("below one", below_a_partition("isolated", "member"), "0-3"),
        case("two levels below one", below_a_partition("isolated", "member", "member"), "0-3"),
        case("a balanced one below", below_a_partition("isolated", "root"), ""),
        case("a member of a balanced one below", below_a_partition("isolated", "root", "member"), ""),
    ],
)
def test_finds_the_cpus_that_the_kernel_does_not_balance(tmp_path: Path, spec: Spec, isolated: str) -> None:
    assert show(read_facts(sysroot(tmp_path, spec)).isolated) == isolated


@pytest.mark.parametrize(
    ("spec", "line", "environ", "bind"),
    [
        case("a server", booted("0-3"), SERVER, {}, True),
        case("a server, a partition", partition("isolated"), SERVER, {}, True),
        case("a server, below a partition", below_a_partition("isolated", "member"), SERVER, {}, True),
        case("a server in a pool of pods", booted("0-3"), SERVER, {"KUBERNETES_SERVICE_HOST": "a"}, False),
        case("a server, a quota", booted("0-3", quota=2), SERVER, {}, False),
        case("a server beside another", booted("0-3"), SERVER, {"OMP_NUM_THREADS": "1"}, False),
        case("a server, not all isolated", booted("2-3"), SERVER, {}, False),
        case("a server, none isolated", booted("4-7"), SERVER, {}, False),
        case("a server, the user's KMP_AFFINITY", booted("0-3"), SERVER, {"KMP_AFFINITY": "none"}, False),
        case("a program that may start others", booted("0-3"), TRAIN, {}, False),
        case("the same on request", booted("0-3"), f"--bind always -- {TRAIN}", {}, True),
        case("workers", booted("0-3"), WORKERS, {}, False),
        case("not wanted", booted("0-3"), f"--bind never {SERVER}", {}, False),
        case("CPUs that are named", booted("2-5", EIGHT), f"--cpus 2-5 {SERVER}", {}, True),
    ],
)
def test_binds_every_openmp_where_it_is_certain(
    tmp_path: Path, spec: Spec, line: str, environ: Mapping[str, str], *, bind: bool
) -> None:
    made = planned(tmp_path, spec, line, environ)
    assert bound(made) == (BINDING if bind else {})
    assert not bind or values(made)["KMP_AFFINITY"] is None, "Intel's OpenMP warns if both are there"


def test_the_users_binding_stays(tmp_path: Path) -> None:
    made = planned(tmp_path, booted("0-3"), SERVER, {"OMP_PROC_BIND": "close"})
    assert bound(made) == {"OMP_PROC_BIND": "close"}


def test_a_profile_that_pins_nothing_is_followed(tmp_path: Path) -> None:
    """It was measured to be faster."""
    facts = read_facts(sysroot(tmp_path, booted("0-3")))
    request = read(SERVER.split(), {}, {})
    assert bound(plan(facts, request, {})) == BINDING
    profile = TunedProfile(pinning=NEVER)
    assert bound(plan(changed(facts, tuned_profile=profile), request, {})) == {}


def test_a_launch_within_a_launch_comes_to_the_same(tmp_path: Path) -> None:
    outer = planned(tmp_path, booted("0-3"), f"--bind always -- {TRAIN}")
    inner = planned(tmp_path, booted("0-3"), TRAIN, outer.environ)
    assert bound(inner) == BINDING
    assert not any("OMP_PROC_BIND" in warning for warning in inner.warnings)
    server = planned(tmp_path, booted("0-3"), SERVER)
    assert bound(planned(tmp_path, booted("0-3"), TRAIN, server.environ)) == {}, "it may start others"


@pytest.mark.parametrize(
    ("line", "environ", "counted"),
    [
        case("a launch", TRAIN, {}, "0-1,6-7"),
        case("a server", SERVER, {}, "0-1,6-7"),
        case("CPUs that are named", f"--cpus 0-7 -- {TRAIN}", {}, "0-7"),
        case("the user binds", TRAIN, {"OMP_PROC_BIND": "true"}, "0-7"),
        case("the user binds Intel's", TRAIN, {"KMP_AFFINITY": "compact"}, "0-7"),
        case("bound on request", f"--bind always -- {TRAIN}", {}, "0-7"),
    ],
)
def test_no_thread_is_counted_for_a_cpu_that_gets_none(
    tmp_path: Path, line: str, environ: Mapping[str, str], counted: str
) -> None:
    made = planned(tmp_path, booted("2-5", EIGHT), line, environ)
    assert show(made.budget.cpus) == counted
    assert made.mask is None or "--cpus" in line, "a program may still bind itself to all of them"
    assert not made.budget.exclusive or "--cpus" in line, "somebody has isolated them for something else"


def test_a_count_of_the_mask_is_corrected(tmp_path: Path) -> None:
    made = planned(tmp_path, booted("2-5", EIGHT), TRAIN)
    assert values(made)["RAYON_NUM_THREADS"] == "4", "it counts 8 by itself"
    assert "without the isolated CPUs 2-5" in " ".join(made.budget.reasons)
    assert reason(made, "OMP_PROC_BIND") == "not bound: not all CPUs are isolated"


@pytest.mark.parametrize(
    ("spec", "line", "environ", "words"),
    [
        case("a program", booted("0-3"), TRAIN, {}, ["CPUs 0-3 are isolated", "--bind always binds"]),
        case("a partition", partition("isolated"), TRAIN, {}, ["CPUs 0-3 are isolated"]),
        case("workers", booted("0-3"), WORKERS, {}, ["--instances 4"]),
        case("both kinds, by name", booted("2-5", EIGHT), f"--cpus 0-5 -- {TRAIN}", {}, ["--cpus 0-1"]),
        case("both kinds", booted("2-5", EIGHT), TRAIN, {}, []),
        case("none", booted(""), TRAIN, {}, []),
        case("other CPUs", booted("4-7"), TRAIN, {}, []),
        case("one CPU", booted("0-3"), f"--cpus 3,3 -- {TRAIN}", {}, []),
        case("one thread", booted("0-3", quota=1), TRAIN, {}, []),
        case("a partition that is balanced", partition("root"), TRAIN, {}, []),
        case("the user pins", booted("0-3"), TRAIN, {"OMP_PROC_BIND": "true"}, []),
        case("the user pins Intel's", booted("0-3"), TRAIN, {"KMP_AFFINITY": "compact"}, []),
        case("bound", booted("0-3"), SERVER, {}, []),
    ],
)
def test_warns_where_nobody_binds(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], words: list[str]
) -> None:
    said = warned(planned(tmp_path, spec, line, environ))
    assert len(said) == bool(words)
    assert all(word in said[0] for word in words)
