"""The benchmark: its page is made from its data, its scores and its measurements are right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import contained
import contenders
import psutil
import pytest
import report
import scores
import sections
import speed
import speed_section
import truth
import tuned
import tuned_section
import workloads

from testing.cgroups import UNLIMITED, Limited, limited, why_not
from testing.environments import environment
from testing.project import PROJECT, skip_or_fail
from testing.supervised import until

if TYPE_CHECKING:
    from pathlib import Path


def row(name: str, *rates: float, way: int = 0, swept: bool = True) -> dict[str, Any]:
    return {"contender": name, "swept": swept, "way": way, "rates": list(rates), "rate": rates[0]}


def cell(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["contender"]: one for one in rows}


def test_the_page_is_made_from_the_data() -> None:
    assert report.PAGE.read_text() == report.whole(), "python benchmarks/report.py"


def test_the_pages_plots_are_there() -> None:
    plots = re.findall(r"\]\((benchmarks/.*?\.png)\)", report.PAGE.read_text())
    assert len(plots) > 1
    for plot in plots:
        assert (report.DOCS / plot).read_bytes().startswith(b"\x89PNG")


def test_the_chart_of_the_design_page_shows_what_its_text_says() -> None:
    assert "![speed over the number of threads" in (PROJECT / "docs" / "design.md").read_text(
        encoding="utf-8"
    )
    found = scores.cells(report.machines()[-1]["speed"])
    for company, least, most in (
        (workloads.ALONE, 0.5, 1.0),
        (workloads.BUSY, 0.25, 0.4),
        (workloads.SECOND, 0.0, 0.1),
    ):
        cell = found["matrix product, NumPy", "8", company]
        rates = {name: row["rate"] for name, row in cell.items() if name.endswith(" threads")}
        assert max(rates, key=lambda name: rates[name]) == "8 threads"
        assert least <= rates["16 threads"] / rates["8 threads"] <= most


def test_every_cell_has_every_contender() -> None:
    files = list(report.RESULTS.glob("*.json"))
    assert len(files) > 1
    for file in files:
        found = scores.cells(report.load(file)["speed"])
        names, limits, company = (set(one) for one in zip(*found, strict=True))
        assert names <= {program.name for program in workloads.PROGRAMS}
        assert len(found) == len(names) * len(limits) * len(company)
        assert all(
            {*speed_section.NAMED} - {*one} <= {"run_cpu"} for one in found.values()
        )  # which may not start


def test_the_best_contender_scores_1() -> None:
    ours = row(scores.OURS, 9, 11, 10, way=1, swept=False)
    assert scores.of_best(cell(ours, row("a", 9, 11, 10, way=1), row("b", 5, 5, 5)), scores.OURS) == 1


def test_one_lucky_round_does_not_make_the_best() -> None:
    """Three of the sweep that do the same, each of them lucky once."""
    lucky = [row("a", 20, 10, 10, way=1), row("b", 10, 20, 10, way=2), row("c", 10, 10, 20, way=3)]
    ours = row(scores.OURS, 10, 10, 10, way=4, swept=False)
    assert scores.of_best(cell(ours, *lucky), scores.OURS) == 1


def test_scores_compare_rates_of_the_same_round() -> None:
    """The machine was half as fast in the second one."""
    ours = row(scores.OURS, 8, 4, 8, way=1, swept=False)
    found = cell(ours, row("best", 10, 5, 10, way=2), row("once", 1), row("slow", 3, 3, 3, way=3))
    found["hopeless"] = row("hopeless", 1, way=4, swept=False)
    assert scores.of_best(found, "hopeless") == 0.1
    assert scores.of_best(found, scores.OURS) == 0.8
    assert scores.best(found)["contender"] == "best"


def test_the_blind_score_uses_one_setting_for_all_neighbours() -> None:
    """Fast alone or fast in company: each is best once, the one in between reaches more."""
    alone = cell(row("a", 10, 10), row("b", 9, 9, way=1), row("c", 1, 1, way=2))
    company = cell(row("a", 1, 1), row("b", 9, 9, way=1), row("c", 10, 10, way=2))
    found = {("program", "2", "alone"): alone, ("program", "2", "company"): company}
    assert scores.blind(found) == [0.9, 0.9]
    assert scores.blind({("program", "2", "alone"): alone}) == [1]


def test_ratios_compare_rates_of_the_same_round() -> None:
    found = cell(row("a", 8, 4, 8, way=1), row("b", 4, 2, 2, way=2), row("c", 1, 1, 1, way=1))
    assert (scores.of(found, "a", "b"), scores.of(found, "a", "c")) == (2, 1)
    assert scores.mean([0.5, 2]) == 1
    assert scores.spread(row("a", 8, 7, 10)) == 0.25


@pytest.mark.parametrize(
    ("field", "stated", "found", "good"),
    [
        ("cpu_quota", 1.5, 1.5, True),
        ("cpu_quota", 1.5, 2, True),
        ("cpu_quota", 1.5, 1, True),
        ("cpu_quota", 1.5, None, False),
        ("cpu_quota", 1.5, 3, False),
        ("cpu_quota", None, 2, False),
        ("sockets", 2, 2, True),
        ("sockets", 2, 1, False),
    ],
)
def test_judges_a_detected_value(field: str, stated: object, found: object, *, good: bool) -> None:
    assert truth.right(field, stated, found) is good


def test_a_sweep_has_every_setting_once() -> None:
    names = [one.name for one in contenders.sweep(2, workloads.OPENMP)]
    assert len(names) == len({*names}) == 2 + 6
    assert contenders.counts(16) == [1, 2, 3, 4, 8, 16]
    assert contenders.counts(1) == [1]


@pytest.fixture
def real() -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    environment("frameworks")


@pytest.mark.usefixtures("real")
def test_measures_a_cell_with_all_contenders(launcher: str) -> None:
    said: list[str] = []
    rows = speed.Rows(rounds=1, seconds=0.2, launcher=launcher, say=said.append)
    program = next(one for one in workloads.PROGRAMS if "NumPy" in one.name)
    rows.program(program, [workloads.Limit("1", 1.0)], [workloads.ALONE])
    found = scores.cells(rows.found)[program.name, "1", workloads.ALONE]
    assert {*speed_section.NAMED, "1 threads", "2 threads"} <= {*found}
    assert all(one["rate"] > 0 and one["p50_ms"] <= one["p99_ms"] for one in found.values())
    assert found["floor"]["way"] == found[scores.OURS]["way"] == found["1 threads"]["way"]
    assert found["untouched"]["way"] != found["floor"]["way"]
    assert len(said) == 1


@pytest.mark.usefixtures("real")
def test_lifts_and_restores_a_limit_while_loading(launcher: str) -> None:
    argv = [
        launcher,
        "-q",
        "--",
        str(contenders.FRAMEWORKS),
        str(contenders.HERE / "units.py"),
        "tokenizers",
    ]
    with contained.process(argv, contenders.CLEAN, quota=0.5) as one:
        one.load()
        one.end()
        assert one.environ["OMP_NUM_THREADS"] == "1"
        one.place.change(0.2)
        before = one.place.throttled()
        for _ in range(10):  # a busy machine may leave it less than that
            one.begin(0.5)
            assert one.end().rate > 0
            if one.place.throttled() > before:
                return
    pytest.fail("it is not under the limit")


@pytest.mark.usefixtures("real")
def test_reports_why_a_program_has_ended() -> None:
    argv = [str(contenders.FRAMEWORKS), str(contenders.HERE / "units.py"), "no such program"]
    with contained.process(argv, contenders.CLEAN, quota=1.0) as one:
        one.load()
        with pytest.raises(ChildProcessError, match="no such program"):
            one.end()


def test_gives_a_second_container_the_next_cpus() -> None:
    limit = workloads.Limit("cpuset of 1", cpuset=1)
    assert (limit.options(0), limit.options(1)) == ({"cpus": "0-0"}, {"cpus": "1-1"})


def test_ends_a_busy_neighbour() -> None:
    before = psutil.Process().children()
    with contained.busy():
        (neighbour,) = set(psutil.Process().children()) - {*before}
        until(lambda: neighbour.cpu_times().user > 0.1)
    assert not neighbour.is_running()


def test_reports_the_emulated_machines_correctly(launcher: str, tmp_path: Path) -> None:
    cases = list(truth.emulated(tmp_path))
    detect = truth.mkl_launch(launcher)
    found = truth.judge(cases, [detect(one.root) for one in cases])
    assert sum(one.get("right", 0) for one in found.values()) > 10
    assert all({*one} <= {"right"} for one in found.values())


@pytest.mark.usefixtures("real")
def test_other_detectors_read_the_files_of_a_machine(launcher: str, tmp_path: Path) -> None:
    """And not at this machine: 72 CPUs."""
    one = next(one for one in truth.emulated(tmp_path) if one.truth.get("logical") == 72)
    tools = truth.detectors(launcher)
    for name in ("nproc", "psutil", "loky"):
        assert tools[name](one.root)["logical"] == 72, name


def test_sets_and_lifts_the_quota_of_a_group() -> None:
    if why_not():
        skip_or_fail(str(why_not()))
    with limited(quota=UNLIMITED) as place:
        place.run(["true"])
        assert quota_of(place) in ("max", "-1")
        place.change(0.5)
        assert quota_of(place) == "50000"
        place.change(UNLIMITED)
        assert quota_of(place) in ("max", "-1")


def quota_of(place: Limited) -> str:
    """Return the text of the quota, in microseconds for each period."""
    files = [group / name for group in place.groups for name in ("cpu.max", "cpu.cfs_quota_us")]
    return next(file for file in files if file.exists()).read_text().split()[0]


@pytest.mark.usefixtures("real")
def test_measures_the_plan_beside_what_a_search_finds(launcher: str) -> None:
    """The whole path: the settings that `--tune` would try, a profile of each, the search, two limits."""
    said: list[str] = []
    rows = tuned.TunedRows(rounds=1, seconds=0.05, launcher=launcher, say=said.append)
    program = next(one for one in workloads.PROGRAMS if "NumPy" in one.name)
    fraction = next(one for one in tuned.classes() if one.kind == "fraction")
    rows.tune(program, [fraction])
    found = scores.cells(rows.found)
    assert {limit for _, limit, _ in found} == {fraction.tuned.name, fraction.other.name}
    for cell in found.values():
        assert {scores.UNTOUCHED, scores.OURS, scores.TUNED, "1 threads"} <= {*cell}
        assert all(one["rate"] > 0 for one in cell.values())
    (search,) = rows.tunings
    assert search["settings"] > 1, "the quota rounded down and up"
    same = {cell[scores.TUNED]["way"] == cell[scores.OURS]["way"] for cell in found.values()}
    assert same == {search["is_plan"]}
    text = tuned_section.section({"tunings": rows.tunings, "cells": rows.found}, 2)
    assert f"{1 - search['is_plan']} of 1 searches changed the settings" in text


def test_the_section_on_tuning_compares_with_the_plan() -> None:
    def measured(limit: str, **rates: float) -> list[dict[str, Any]]:
        return [
            {"program": "x", "limit": limit, "company": "alone", "throttled_per_s": 0}
            | row(name.replace("_", "-"), rate, rate, way=way, swept=name == "best")
            for way, (name, rate) in enumerate(rates.items())
        ]

    search = {
        "program": "x", "tuned": "1.5", "other": "1.25", "best": "2 threads", "is_plan": False, "load": 1.0,
    }  # fmt: skip
    cells = [
        *measured("1.5", best=10, mkl_launch=8, tuned=9.9),
        *measured("1.25", best=10, mkl_launch=9, tuned=8),
    ]
    text = tuned_section.section({"tunings": [search], "cells": cells}, 2)
    assert "under the limit of the tuning 0.99 of the sweep's best (goal 0.97: met; the plan 0.80)" in text
    assert "under the other limit 0.80 of the sweep's best (goal 0.95: **not met**; the plan 0.90)" in text
    assert "slower than the plan by more than noise: x, 1.25 (0.89) (**not met**)" in text
    assert "| x | 1.5 | 2 threads | 0.99 | 0.80 | 1.25 | 0.80 | 0.90 |" in text


README = (PROJECT / "README.md").read_text(encoding="utf-8")


def same(shown: str, measured: float) -> bool:
    """Return whether a number on a page is the measured one, but for rounding or 5 %.

    Another measurement gives slightly other numbers, from which a reader of the README concludes the same.
    """
    unit: float = 10.0 ** -len(shown.partition(".")[2])
    return abs(float(shown) - measured) <= max(0.5 * unit, 0.05 * measured)


def test_the_readme_shows_the_measured_network() -> None:
    rows = re.findall(r"^\| (.+) \| (.+) \| ([\d.]+) \| (\d+) ms \| (\d+) \|$", README, re.MULTILINE)
    assert len(rows) == 4
    assert "ResNet-50 in PyTorch with a limit of 1 CPU" in README
    for beside, name, *shown in rows:
        company = "alone" if beside == "nothing" else beside
        contender = {"without": scores.UNTOUCHED, "**with**": scores.OURS}[name]
        measured = report.one_cell("ResNet-50, PyTorch", "1", company, contender)
        assert all(map(same, shown, measured)), (beside, name, measured)


def test_the_readme_shows_the_measured_gains() -> None:
    text = " ".join(README.split())
    found = re.search(
        r"Nine programs under six limits, on average: ([\d.]+) times as fast alone, "
        r"([\d.]+) times beside a busy process, ([\d.]+) times beside a second container",
        text,
    )
    assert found
    gains = report.gains()
    assert all(map(same, found.groups(), gains.values())), gains
    programs, limits, _ = (
        set(one) for one in zip(*scores.cells(report.machines()[0]["speed"]), strict=True)
    )
    assert (len(programs), len(limits)) == (9, 6)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("nothing", scores.UNTOUCHED),
        ("one thread everywhere", "1 threads"),
        ("a script", "floor"),
        ("PyTorch's", "run_cpu"),
        ("**mkl-launch**", scores.OURS),
    ],
)
def test_the_readme_shows_the_measured_alternatives(start: str, name: str) -> None:
    row = rf"^\| {re.escape(start)}.* \| (?:yes|no) \| ([\d.]+) \| ([\d.]+) \|$"
    shown = re.findall(row, README, re.MULTILINE)
    measured = report.compared(name)
    assert [machine["machine"]["cpus"] for machine in report.machines()] == [2, 16]
    assert len(shown) == 1
    assert all(map(same, shown[0], measured)), measured


def test_the_section_on_slots_compares_with_the_best_of_the_sweep() -> None:
    rates = {"untouched": 5.0, "mkl-launch": 6.0, "mkl-launch with slots": 9.6, "1 threads": 10.0}
    rows = [
        {"program": "x", "contender": name, "swept": name == "1 threads", "rate": rate, "load": 2.0}
        for name, rate in rates.items()
    ]
    text = sections.slots(rows, 2)
    assert "with slots: 0.96 of the best (goal 0.95: met); without them 0.60." in text
    assert "| x | 5.0 (0.50) | 6.0 (0.60) | 9.6 (0.96) | 10.0 1 threads |" in text
    assert "Other programs ran" not in text
