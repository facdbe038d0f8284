"""The search of --tune on made-up programs, and its statistics."""

from __future__ import annotations

import itertools
import math
import random
from typing import TYPE_CHECKING

import pytest

from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import prepare
from mkl_launch.model.request import Request
from mkl_launch.model.tune_options import TuneOptions
from mkl_launch.model.tuned_profile import ALL_CPUS, CORES, PLAN, SLEEP, SPIN, THREAD_RULES, TunedProfile
from mkl_launch.tune import candidates
from mkl_launch.tune.candidates import Candidate, Candidates
from mkl_launch.tune.result import as_json, table
from mkl_launch.tune.search import FEWEST_PAIRS, Outcome, Problem, Search
from mkl_launch.tune.statistics import compare, interval, median, signed_rank
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Cost = Callable[[Candidate], float]

EIGHT = Spec(cores=8)
SMT = Spec(cores=4, threads=2)


@pytest.fixture
def on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Candidates]:
    """Return a function that gives the candidates on a recorded machine."""

    def machine(spec: Spec, **environ: str) -> Candidates:
        files = Root(str(sysroot(tmp_path, spec).prefix))
        monkeypatch.setattr(candidates, "root", lambda _: files)
        return Candidates(Request(command=("./solve",)), environ)

    return machine


class Clock:
    """A clock that the runs move on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def tuned(tried: Candidates, cost: Cost, seconds: float = 300) -> Outcome:
    """Return the outcome for a program whose runs take `cost` seconds."""
    clock = Clock()

    def measure(candidate: Candidate, limit: float) -> float:
        taken = cost(candidate)
        clock.now += min(taken, limit)
        if taken > limit:
            raise Problem("too slow")
        return taken

    return Search(measure, clock, seconds).run(tried.threads(), tried.others)


def noisy(seed: int, cost: Cost, noise: float = 0.1) -> Cost:
    """Return the cost with noise: mostly a little, sometimes much."""
    chance = random.Random(seed)

    def taken(candidate: Candidate) -> float:
        slow = 1.5 if chance.random() < 0.1 else 1.0
        return cost(candidate) * math.exp(chance.gauss(0, noise)) * slow

    return taken


# What is tried


@pytest.mark.parametrize(
    ("spec", "threads"),
    [
        (EIGHT, [8, 1, 4, 2, 6]),
        (SMT, [4, 1, 2, 3, 4, 8]),
        (Spec(cores=8, quota=1.5), [1, 2]),
        (Spec(cores=8, quota=4), [4, 1, 2, 3]),
        (Spec(cores=1), [1]),
    ],
    ids=["8 cores", "SMT", "a fraction", "a quota", "one CPU"],
)
def test_tries_each_number_of_threads_that_a_rule_gives_once(
    on: Callable[..., Candidates], spec: Spec, threads: list[int]
) -> None:
    tried = on(spec).threads()
    assert [candidate.threads for candidate in tried] == threads
    assert [candidate.is_plan for candidate in tried] == [True] + [False] * (len(threads) - 1)
    assert [candidate.plan.environ["OMP_NUM_THREADS"] for candidate in tried] == list(map(str, threads))


def test_tries_the_other_way_to_wait(on: Callable[..., Candidates]) -> None:
    alone = on(EIGHT)
    assert [other.rules.spin for other in alone.others(alone.threads()[0])] == [SLEEP]
    limited = on(Spec(cores=8, quota=4))
    others = limited.others(limited.threads()[0])
    assert SPIN in [other.rules.spin for other in others]
    assert all(other.threads == 4 for other in others)


def test_a_variable_of_the_user_is_not_tried(on: Callable[..., Candidates]) -> None:
    tried = on(EIGHT, OMP_NUM_THREADS="3").threads()
    assert {candidate.plan.environ["OMP_NUM_THREADS"] for candidate in tried} == {"3"}
    waiting = on(EIGHT, OMP_WAIT_POLICY="ACTIVE")
    assert waiting.others(waiting.threads()[0]) == []


def test_no_trial_has_more_threads_than_cpus_or_than_the_quota_rounded_up(
    on: Callable[..., Candidates],
) -> None:
    for spec in (EIGHT, SMT, Spec(cores=8, quota=2.5), Spec(cores=2, threads=2, quota=3)):
        most = min(spec.cores * spec.threads, math.ceil(spec.quota or 99))
        assert all(1 <= candidate.threads <= most for candidate in on(spec).threads())


# What is found


def test_finds_the_best_number_of_threads(on: Callable[..., Candidates]) -> None:
    for best in (1, 2, 4, 6):
        outcome = tuned(on(EIGHT), lambda one, best=best: 1 + 0.1 * abs(one.threads - best))  # type: ignore[misc]
        assert outcome.best.threads == best
        assert outcome.comparison
        assert outcome.comparison.gain == pytest.approx(1 + 0.1 * (8 - best))


def test_finds_smt_siblings_and_a_quota_rounded_up(on: Callable[..., Candidates]) -> None:
    assert tuned(on(SMT), lambda one: 8 / one.threads).best.rules.threads == ALL_CPUS
    assert tuned(on(Spec(cores=8, quota=1.5)), lambda one: 2 / one.threads).best.rules.threads == CORES


def test_finds_the_better_way_to_wait_with_the_better_number_of_threads(
    on: Callable[..., Candidates],
) -> None:
    def cost(one: Candidate) -> float:
        return one.threads * (0.5 if one.rules.spin == SLEEP else 1)

    best = tuned(on(EIGHT), cost).best
    assert (best.threads, best.rules.spin) == (1, SLEEP)


@pytest.mark.parametrize("seed", range(20))
def test_finds_a_gain_of_a_third_in_noise(on: Callable[..., Candidates], seed: int) -> None:
    outcome = tuned(on(EIGHT), noisy(seed, lambda one: 1.0 if one.threads == 4 else 1.5, 0.05))
    assert outcome.best.threads == 4


@pytest.mark.parametrize("noise", [0.001, 0.1, 0.5])
def test_noise_alone_changes_nothing_in_20_of_20(on: Callable[..., Candidates], noise: float) -> None:
    for seed in range(20):
        outcome = tuned(on(EIGHT), noisy(seed, lambda _: 0.05, noise))
        assert outcome.best is outcome.plan, (seed, outcome.comparison)


def test_a_difference_of_one_percent_is_not_worth_a_change(on: Callable[..., Candidates]) -> None:
    outcome = tuned(on(EIGHT), lambda one: 1.0 if one.is_plan else 0.99)
    assert outcome.best is outcome.plan
    assert outcome.comparison
    assert outcome.comparison.probability < 0.005


def test_drift_does_not_win(on: Callable[..., Candidates]) -> None:
    """As of a machine that gets slower and slower, or faster and faster."""
    for step in (1.01, 0.99):
        runs = itertools.count()
        outcome = tuned(on(EIGHT), lambda _, runs=runs, step=step: step ** next(runs))  # type: ignore[misc]
        assert outcome.best is outcome.plan


def test_a_setting_that_fails_or_takes_too_long_is_left_out(on: Callable[..., Candidates]) -> None:
    def cost(one: Candidate) -> float:
        if one.threads == 1:
            raise Problem("the command ended with status 1")
        return 1000.0 if one.threads == 2 else float(one.threads)

    outcome = tuned(on(EIGHT), cost)
    assert {one.threads: why for one, why in outcome.dropped.items()} == {
        1: "the command ended with status 1",
        2: "too slow",
    }
    assert outcome.best.threads == 4


def test_a_command_that_fails_with_the_plan_ends_the_tuning(on: Callable[..., Candidates]) -> None:
    def cost(one: Candidate) -> float:
        raise Problem(f"with {one.threads} threads")

    with pytest.raises(Problem, match="with 8 threads"):
        tuned(on(EIGHT), cost)


@pytest.mark.parametrize("seconds", [2, 20, 40, 100, 1000])
def test_keeps_to_the_time(on: Callable[..., Candidates], seconds: float) -> None:
    runs = 0

    def cost(one: Candidate) -> float:
        nonlocal runs
        runs += 1
        return 1.0 if one.threads == 4 else 1.2

    outcome = tuned(on(EIGHT), cost, seconds)
    assert runs <= max(1, 1.2 * seconds)
    assert (outcome.best.threads == 4) == (seconds >= 40), outcome.reason
    if outcome.best is outcome.plan:
        assert "--for" in outcome.reason


def test_one_slow_run_does_not_end_the_search(on: Callable[..., Candidates]) -> None:
    runs = itertools.count()
    outcome = tuned(on(EIGHT), lambda one: 8.0 if next(runs) == 1 else 1 + 0.1 * one.threads, 120)
    assert outcome.best.threads == 1, outcome.reason


def test_the_test_ends_with_the_time_if_runs_become_slower(on: Callable[..., Candidates]) -> None:
    runs = itertools.count()
    outcome = tuned(on(EIGHT), lambda one: (1 + 0.1 * one.threads) * (1 + (next(runs) > 36) * 9), 100)
    assert outcome.best is outcome.plan
    assert "no time was left for a test of 1 thread; --for" in outcome.reason
    assert sum(map(sum, outcome.costs.values())) < 100 + 2 * 20


# Statistics


def test_the_signed_rank_test_has_the_probabilities_of_its_table() -> None:
    # Wilcoxon 1945, as in every table: n = 8 and W = 0, 1 and 3; n = 10 and W = 10.
    assert signed_rank([1, 2, 3, 4, 5, 6, 7, 8]) == 1 / 256
    assert signed_rank([-1, 2, 3, 4, 5, 6, 7, 8]) == 2 / 256
    assert signed_rank([1, 2, -3, 4, 5, 6, 7, 8]) == 5 / 256
    assert signed_rank([1, 2, 3, 4, 5, 6, 7, 8, 9, -10]) == pytest.approx(0.0420, abs=5e-5)
    assert signed_rank([-1, -2, -3]) == 1.0
    assert signed_rank([0.0] * 10) == 1.0
    assert signed_rank([0.5] * 10) == 1 / 1024


def test_the_fewest_pairs_can_show_a_difference() -> None:
    assert compare([2.0] * FEWEST_PAIRS, [1.0] * FEWEST_PAIRS).is_better
    assert not compare([2.0] * (FEWEST_PAIRS - 1), [1.0] * (FEWEST_PAIRS - 1)).is_better


def test_the_interval_of_a_median_has_its_confidence() -> None:
    chance = random.Random(1)
    hits = 0
    for _ in range(2000):
        low, high = interval(sorted(chance.gauss(0, 1) for _ in range(10)))
        hits += low <= 0 <= high
    assert hits / 2000 == pytest.approx(0.979, abs=0.012)
    assert interval([1.0]) == (1.0, 1.0)
    assert (median([3, 1, 2]), median([4, 1, 2, 3])) == (2, 2.5)


# The result


def test_the_table_names_the_settings_and_the_test(on: Callable[..., Candidates]) -> None:
    outcome = tuned(on(EIGHT), lambda one: float(one.threads))
    text = table(outcome, TuneOptions(), {})
    assert "8 threads (the plan)" in text
    assert "1 thread: 8.00 times as good as the plan (8.00 to 8.00" in text
    assert "OMP_NUM_THREADS=1" in text
    assert '"result": "1 thread' in as_json(outcome, TuneOptions(), {}, {})


def test_every_rule_gives_a_plan(tmp_path: Path) -> None:
    files = Root(str(sysroot(tmp_path, EIGHT).prefix))
    assert THREAD_RULES[0] == PLAN
    for rule in THREAD_RULES:
        request = Request(command=("./solve",), trial=TunedProfile(threads=rule))
        _, made = prepare(files, request, {})
        assert 1 <= made.budget.threads <= 8
