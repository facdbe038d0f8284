"""Properties that hold for every machine, every limit, every environment and every file."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mkl_launch.cli.reader import read
from mkl_launch.core import cpulist
from mkl_launch.core.option_names import APPLIED
from mkl_launch.host import cgroup
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.host.inventory import machine
from mkl_launch.model.facts import Facts, Limits
from mkl_launch.model.request import Cpus, Request
from mkl_launch.policy.launch_note import Note, OuterLaunch, read_note, write_note
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import USER
from mkl_launch.policy.values import THREAD_COUNTS
from mkl_launch.report.document import Report, document
from mkl_launch.report.full import explanation
from mkl_launch.report.print_env import assignments
from mkl_launch.tables.variable_row import CPUS, THREADS
from mkl_launch.tables.variables import VARIABLES
from testing.planning import plan
from testing.sysroot import Spec, files, sysroot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

settings.register_profile("mkl-launch", deadline=None, database=None)
settings.load_profile("mkl-launch")

NAMES = [row.name for row in VARIABLES if not row.commands]
POOLS = [
    row.name
    for row in VARIABLES
    if row.quantity in (THREADS, CPUS) and not row.is_optional and row.name in NAMES
]

# Digits that int() does not take, numbers too long for it, and the like.
NASTY = [
    *(
        "",
        "0",
        "-1",
        "+1",
        "1_0",
        "0x1",
        "1e9",
        "x",
        "max",
        "1,",
        " ",
        "/..",
        "\\777",
        "\n",
        "\0",
        "\udcff",
    ),
    *("\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT TWO}", "9" * 5000, "4294967295", "0-4294967295"),
]
ODD_TEXT = st.sampled_from(NASTY)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=30)
VALUES = st.one_of(
    st.sampled_from(["", "auto", "1", "2", "8", "4,2", "active", "infinite"]), ODD_TEXT, TEXT
)
OTHERS = [
    *(
        "OMP_PROC_BIND",
        "KUBERNETES_SERVICE_HOST",
        "TORCHELASTIC_RUN_ID",
        "LOCAL_WORLD_SIZE",
        "RAY_RAYLET_PID",
    ),
    *("WEB_CONCURRENCY", "MKL_LAUNCH_CPUS", "MKL_LAUNCH_WORKERS", "MKL_LAUNCH_BIND"),
]
ENVIRONS = st.dictionaries(st.sampled_from([*NAMES, *OTHERS]), VALUES, max_size=6)
QUOTAS = st.one_of(st.none(), st.floats(0.01, 100), st.integers(1, 100).map(float))
COMMANDS = st.sampled_from([(), ("python", "train.py"), ("gunicorn",), ("torchserve",), ("ovms",)])
REQUESTS = st.builds(
    Request,
    command=COMMANDS,
    cpus=st.one_of(st.none(), st.builds(Cpus, amount=st.floats(0.01, 100))),
    workers=st.one_of(st.none(), st.integers(1, 40)),
    bind=st.sampled_from(["auto", "never", "always"]),
    profile=st.sampled_from(["auto", "serving", "training"]),
)


@st.composite
def machines(draw: st.DrawFn) -> Facts:
    """Return any mask on a machine of up to four sockets, with or without a quota and a cpuset."""
    sockets, cores, threads = draw(st.tuples(st.integers(1, 4), st.integers(1, 8), st.integers(1, 4)))
    online = range(sockets * cores * threads)
    mask = frozenset(draw(st.sets(st.sampled_from(online), min_size=1)))

    def groups(size: int) -> tuple[frozenset[int], ...]:
        parts = (mask.intersection(online[at : at + size]) for at in range(0, len(online), size))
        return tuple(part for part in parts if part)

    limits = Limits("v2", "/", draw(QUOTAS), cpuset=draw(st.sampled_from([None, mask, frozenset(online)])))
    return Facts(frozenset(online), mask, groups(threads), groups(threads * cores), limits)


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


# The policy


@given(machines(), REQUESTS)
def test_never_more_threads_than_cpus_and_never_none(found: Facts, request: Request) -> None:
    made = plan(found, request, {})
    assert 1 <= made.budget.threads <= made.budget.cores <= len(found.mask)
    assert all(1 <= int(values(made)[name] or 0) <= len(found.mask) for name in POOLS)


@given(machines(), REQUESTS)
def test_never_more_threads_than_the_quota(found: Facts, request: Request) -> None:
    share = plan(found, request, {}).budget
    if share.quota is not None:
        assert share.threads * share.workers <= max(share.workers, int(share.quota))


@given(machines(), QUOTAS, QUOTAS, REQUESTS)
def test_more_quota_is_never_fewer_threads(
    found: Facts, one: float | None, other: float | None, request: Request
) -> None:
    less, more = sorted((one, other), key=lambda quota: (quota is None, quota))

    def threads(quota: float | None) -> int:
        limited = Facts(**{**vars(found), "limits": Limits("v2", "/", quota)})
        fixed = Request(**{**vars(request), "command": ()})  # else more CPUs may be more workers
        return plan(limited, fixed, {}).budget.threads

    assert threads(less) <= threads(more)


@given(machines(), st.integers(1, 40), st.integers(1, 40))
def test_more_workers_are_never_more_threads(found: Facts, one: int, other: int) -> None:
    few, many = sorted((one, other))
    threads = [plan(found, Request(workers=workers), {}).budget.threads for workers in (few, many)]
    assert threads[0] >= threads[1]


@given(machines(), REQUESTS, st.sampled_from(NAMES), VALUES.filter(lambda v: v not in ("", "auto")))
def test_a_value_of_the_user_always_wins(found: Facts, request: Request, name: str, value: str) -> None:
    made = plan(found, request, {name: value})
    assert made.environ[name] == values(made)[name] == value
    assert next(setting.origin for setting in made.settings if setting.name == name) == USER


CPU = frozenset({0})
ONE = Facts(CPU, CPU, (CPU,), (CPU,), Limits())


@given(machines(), REQUESTS, ENVIRONS)
@example(ONE, Request(command=("gunicorn",)), {"WEB_CONCURRENCY": "\N{SUPERSCRIPT TWO}"})
@example(ONE, Request(command=("gunicorn",)), {"WEB_CONCURRENCY": "9" * 5000})
@example(ONE, Request(command=("gunicorn", "-w\N{SUPERSCRIPT TWO}")), {})
def test_plans_with_any_environment(found: Facts, request: Request, environ: dict[str, str]) -> None:
    made = plan(found, request, environ)
    counts = {row.name for row in VARIABLES if row.quantity in THREAD_COUNTS}
    for setting in made.settings:
        if setting.origin != USER and setting.name in counts and setting.value is not None:
            assert setting.value == str(int(setting.value))
    assert "auto" not in {made.environ.get(name) for name in NAMES}
    assert {name: made.environ[name] for name in environ if name not in NAMES} == {
        name: value for name, value in environ.items() if name not in NAMES
    }


CHOICES = [
    ["--cpus", "2"],
    ["--cpus", "0-0"],
    ["--cpus", "0-3"],
    ["--workers", "2"],
    ["--profile", "serving"],
]
OPTIONS = st.lists(st.sampled_from([*CHOICES, ["--bind", "always"]]), max_size=3)


@given(machines(), OPTIONS.map(lambda lists: [word for words in lists for word in words]), ENVIRONS)
def test_planning_twice_changes_nothing(found: Facts, words: list[str], environ: dict[str, str]) -> None:
    outer = planned(found, words, environ)
    inner = planned(found, [], outer.environ)
    assert inner.settings == outer.settings
    assert inner.mask == outer.mask
    assert set(inner.warnings) <= set(outer.warnings), "said once: a bad variable that an option overruled"
    assert {**vars(inner.budget), "reasons": ()} == {**vars(outer.budget), "reasons": ()}
    assert {**inner.environ, APPLIED: ""} == {**outer.environ, APPLIED: ""}
    assert read_note(inner.environ) == read_note(outer.environ)


def planned(found: Facts, words: list[str], environ: Mapping[str, str]) -> Plan:
    note = read_note(environ)
    return plan(found, read(words, environ, note.texts), environ)


TEXTS = st.text("abcXYZ_0189-,.=/% \t\n\x1c\x85\u3000\xe9\x00\udcff", max_size=8)
NAMED = st.dictionaries(st.sampled_from(NAMES), TEXTS)
OUTER = st.builds(
    OuterLaunch,
    st.sampled_from((((0, 1),), ((1, 2),), ((3, 4), (0, 2)))),
    st.just(frozenset({0, 1})),
    st.just(frozenset(range(8))),
    st.integers(1, 9),
)
NOTES = st.builds(
    Note,
    options=st.dictionaries(st.sampled_from(("cpus", "bind", "log")), TEXTS),
    values=NAMED,
    removed=st.frozensets(st.sampled_from(NAMES)),
    auto=st.frozensets(st.sampled_from(NAMES)),
    command=TEXTS,
    added=st.integers(0, 9),
    granted_cpus=st.one_of(st.none(), st.integers(1, 64)),
    launcher_pid=st.sampled_from(("", "17")),
    outer=st.one_of(st.none(), OUTER),
)


@given(NOTES)
def test_reads_a_note_as_written(note: Note) -> None:
    text = write_note(note)
    assert read_note({APPLIED: text}) == note
    assert "\0" not in text, "no environment can hold that"


def test_a_note_of_version_1_is_read() -> None:
    """It has no escapes, so a "%" in it stands for itself."""
    text = (
        "--cpus=0-3,0 --engine=17 --ranks=1/2,0/1 --share=0-1 --base=0-3 --crowd=1 --for=gunicorn"
        " --auto=MALLOC_ARENA_MAX --added=2 OMP_NUM_THREADS=2 LD_PRELOAD=/a%20b.so KMP_AFFINITY"
    )
    assert read_note({APPLIED: text}) == Note(
        options={"cpus": "0-3,0"},
        values={"OMP_NUM_THREADS": "2", "LD_PRELOAD": "/a%20b.so"},
        removed=frozenset({"KMP_AFFINITY"}),
        auto=frozenset({"MALLOC_ARENA_MAX"}),
        command="gunicorn",
        added=2,
        launcher_pid="17",
        outer=OuterLaunch(((1, 2), (0, 1)), frozenset({0, 1}), frozenset(range(4)), 1),
    )
    assert read_note({APPLIED: "--granted=3"}).granted_cpus == 3


# The parsers

CPU_SETS = st.frozensets(st.integers(0, cpulist.MAX_CPU))


@given(CPU_SETS)
def test_reads_a_list_of_cpus_as_written(cpus: frozenset[int]) -> None:
    assert cpulist.parse(cpulist.show(cpus)) == cpus


@given(st.frozensets(st.integers(0, 1023)))
def test_reads_a_mask_as_written(cpus: frozenset[int]) -> None:
    assert cpulist.parse_mask(f"{sum(1 << cpu for cpu in cpus):x}") == cpus


ANY = st.one_of(st.text(), ODD_TEXT, st.text("0123456789-,:x_+m. \n"))


@pytest.mark.parametrize("parser", [cpulist.parse, cpulist.parse_mask, cpulist.amount, cpulist.whole])
@given(text=ANY)
def test_a_parser_raises_only_value_errors(parser: Any, text: str) -> None:
    try:
        parser(text)
    except ValueError as error:
        assert len(str(error)) < 400, "a line for a log"  # noqa: PT017


@given(ANY, st.text("0123456789:/ -\\cgroup2,rw\n"))
def test_parses_any_text_of_control_group_files(text: str, similar: str) -> None:
    for given_text in (text, similar):
        cgroup.parse_membership(given_text)
        cgroup.parse_mounts(given_text)
        cpulist.count(given_text)
        read_note({APPLIED: given_text})


# Detection

LIMITED = Spec(
    cores=2,
    threads=2,
    path="/a/b",
    quota=1.5,
    cpu_max={"/a": "200000 100000"},
    cpuset="0-2",
    memory={"/a": "99999999"},
)
SPECS = [
    LIMITED,
    replace(LIMITED, cgroup="v1", topology="masks", smt_file=True),
    replace(LIMITED, cgroup="hybrid", topology="ids", units={"cpu_core": "0", "cpu_atom": "1"}),
    replace(LIMITED, without=("sys/devices/system/cpu", "proc/stat"), parts={"0": "0xd03"}),
    Spec(cores=2, cgroup="", architecture="s390", topology="none", without=("sys/devices",)),
]
# The files of other CPUs than 0 are read by the same code.
PLACES = [
    (number, name)
    for number, spec in enumerate(SPECS)
    for name in sorted(files(spec))
    if not re.search("/cpu[1-9]/", name)
]
# Each of them takes another way through a parser.
ODD_NUMBERS = ["", "0", "-1", "1,", "x", "\0", "\udcff", "\N{SUPERSCRIPT TWO}", "9" * 5000, "0-4294967295"]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> list[Root]:
    return [sysroot(tmp_path_factory.mktemp("machine"), spec) for spec in SPECS]


@contextmanager
def holding(root: Root, name: str, data: bytes | None) -> Iterator[None]:
    """Replace the content of a file by `data` for a while; None removes it."""
    file = Path(root.prefix) / name
    before = file.read_bytes()
    file.unlink() if data is None else file.write_bytes(data)
    try:
        yield
    finally:
        file.write_bytes(before)


@settings(max_examples=100)
@given(place=st.sampled_from(PLACES), data=st.binary())
def test_detects_with_any_content_of_a_file(roots: list[Root], place: tuple[int, str], data: bytes) -> None:
    with holding(roots[place[0]], place[1], data):
        everything(roots[place[0]])


@pytest.mark.parametrize("odd", ODD_NUMBERS, ids=lambda odd: ascii(odd[:12]))
def test_detects_with_odd_numbers_in_any_file(roots: list[Root], odd: str) -> None:
    for number, name in PLACES:
        text = re.sub(r"\d+", lambda _: odd, files(SPECS[number])[name] or "")
        with holding(roots[number], name, text.encode("utf-8", "surrogateescape")):
            everything(roots[number])


@pytest.mark.parametrize("number", range(len(SPECS)))
def test_detects_with_any_two_files_missing(roots: list[Root], number: int) -> None:
    names = [name for at, name in PLACES if at == number]
    assert len(names) > 2
    for first, second in combinations(names, 2):
        with holding(roots[number], first, None), holding(roots[number], second, None):
            everything(roots[number])


def everything(root: Root) -> None:
    """Make every form of report of a machine."""
    found = read_facts(root)
    assert found.mask
    assert found.mask <= found.online
    assert sorted(cpu for core in found.cores for cpu in core) == sorted(found.mask)
    made = plan(found, Request(), {})
    report = Report(machine(root), found, levels(root), made)
    assert document(report)
    assert explanation(report)
    assert assignments(made, "sh")
