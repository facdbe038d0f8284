"""The search: rounds of all settings in turn, the worse half left out, and a test of the best. Pure.

The test has runs of its own: those that chose the best of several flatter it.
"""

from __future__ import annotations

import math

from mkl_launch.core.record import Record
from mkl_launch.tune.candidates import Candidate
from mkl_launch.tune.statistics import Comparison, compare, median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    # Returns the cost of a run (less is better). Raises Problem, also after this many seconds.
    Measure = Callable[[Candidate, float], float]

ROUNDS = 2  # before the worse half is left out
TEST_PAIRS, FEWEST_PAIRS = 10, 8  # 8 pairs can have a probability of 1/256
PATIENCE = 4  # times the slowest run of the plan: a run that takes longer is ended
SPARE = 1.0  # seconds
SHORTEST = 1e-6  # seconds of a run, so that a number of runs can be computed


class Problem(Exception):
    """Why a run has no cost, in words. A search ends with it if the run was one of the plan's settings."""


class Outcome(Record):
    """The end of a search. `best` is the plan if nothing is better by more than the noise."""

    plan: Candidate
    best: Candidate
    challenger: Candidate  # the setting that was tested against the plan
    costs: dict[Candidate, list[float]]  # of all runs, by setting
    dropped: dict[Candidate, str]  # settings that were left out, and why
    comparison: Comparison | None  # of the test; None: there was none
    reason: str


class Search:
    """A search for the best setting, with a way to run one and a clock."""

    def __init__(
        self,
        measure: Measure,
        clock: Callable[[], float],
        seconds: float,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.measure, self.clock, self.tell = measure, clock, tell
        self.start, self.seconds = clock(), seconds
        self.costs: dict[Candidate, list[float]] = {}
        self.dropped: dict[Candidate, str] = {}
        self.plan_seconds: list[float] = []  # of each run of the plan

    def run(self, threads: list[Candidate], others: Callable[[Candidate], list[Candidate]]) -> Outcome:
        """Return the outcome. `threads` begins with the plan; `others` returns variants of a setting.

        Raise Problem if the first run fails.
        """
        plan = threads[0]
        self._run_plan(plan)
        needed = self._typical() * (len(threads) + 2 * FEWEST_PAIRS)
        if needed > self.seconds:
            reason = f"a run takes {self._typical():.1f} s: --for {math.ceil(needed)}s at least is needed"
            return self._outcome(plan, plan, plan, None, reason)
        self.costs.clear()  # the first run fills caches
        try:
            return self._search(plan, threads, others)
        except Problem as problem:  # in a later run of the plan
            return self._outcome(plan, plan, plan, None, f"with them, {problem}")

    def _search(
        self,
        plan: Candidate,
        threads: list[Candidate],
        others: Callable[[Candidate], list[Candidate]],
    ) -> Outcome:
        """Find the best setting and test it."""
        best = self._race(threads)
        variants = list(dict.fromkeys((plan, best, *others(best))))
        if self._fits(len(variants)):
            best = self._race(variants)
        if best is plan:
            return self._outcome(plan, plan, plan, None, "no other setting was faster in the search")
        return self._test(plan, best)

    def _race(self, candidates: list[Candidate]) -> Candidate:
        """Return the best of these: after ROUNDS rounds the worse half is left out, until one is left."""
        plan, rivals = candidates[0], candidates[1:]
        measured: dict[Candidate, list[float]] = {candidate: [] for candidate in candidates}
        number = 0
        while rivals and self._fits(1 + len(rivals)):
            number += 1
            self.tell(f"round {number} of {1 + len(rivals)} settings")
            for candidate in [plan, *rivals][:: 1 if number % 2 else -1]:
                self._measure(candidate, measured)
            rivals = [candidate for candidate in rivals if candidate not in self.dropped]
            if number % ROUNDS == 0:
                if len(rivals) == 1:
                    break
                rivals = self._better_half(plan, rivals, measured)
        contenders = [plan, *(one for one in rivals if measured[one])]
        return min(contenders, key=lambda one: self._relative(plan, one, measured))

    def _better_half(
        self, plan: Candidate, rivals: list[Candidate], measured: dict[Candidate, list[float]]
    ) -> list[Candidate]:
        ordered = sorted(rivals, key=lambda one: self._relative(plan, one, measured))
        kept = ordered[: max(1, len(ordered) // 2)]
        return [one for one in rivals if one in kept]

    @staticmethod
    def _relative(plan: Candidate, other: Candidate, measured: dict[Candidate, list[float]]) -> float:
        """Return the median cost of a setting, as a multiple of the plan's in the same round."""
        return median([cost / base for cost, base in zip(measured[other], measured[plan])] or [1.0])

    def _test(self, plan: Candidate, best: Candidate) -> Outcome:
        """Compare the best with the plan in runs of their own."""
        measured: dict[Candidate, list[float]] = {plan: [], best: []}
        pairs = min(TEST_PAIRS, int(self._left() / (2 * self._typical())))
        for number in range(pairs if pairs >= FEWEST_PAIRS else 0):
            if self._left() <= 0:
                break
            self.tell(f"test {number + 1} of {pairs}: {best.name}")
            for candidate in (plan, best)[:: 1 if number % 2 else -1]:
                self._measure(candidate, measured)
            if best in self.dropped:
                return self._outcome(plan, plan, best, None, f"{best.name}: {self.dropped[best]}")
        missing = FEWEST_PAIRS - len(measured[best])
        if missing > 0:
            seconds = math.ceil(self.clock() - self.start + (missing + 1) * 2 * self._typical())
            reason = f"no time was left for a test of {best.name}; --for {seconds}s would do"
            return self._outcome(plan, plan, best, None, reason)
        comparison = compare(measured[plan], measured[best])
        if comparison.is_better:
            return self._outcome(plan, best, best, comparison, "better by more than the noise")
        return self._outcome(plan, plan, best, comparison, "nothing is better by more than the noise")

    def _fits(self, runs: int) -> bool:
        """Return True if there is time for so many runs, and for the test after them."""
        return (runs + 2 * FEWEST_PAIRS) * self._typical() <= self._left()

    def _typical(self) -> float:
        """Return the seconds of a typical run of the plan: one slow run does not stop the search."""
        ordered = sorted(self.plan_seconds)
        return max(SHORTEST, ordered[(len(ordered) - 1) // 2])

    def _run_plan(self, plan: Candidate) -> None:
        self.tell("first run, of the plan's own settings")
        self._measure(plan, {plan: []})

    def _measure(self, candidate: Candidate, measured: dict[Candidate, list[float]]) -> None:
        """Run a setting once. Drop it if that fails; raise Problem for the plan."""
        is_plan = candidate.is_plan
        limit = max(self.plan_seconds or [SHORTEST]) * PATIENCE + SPARE
        if is_plan:
            limit = max(limit, self._left())
        before = self.clock()
        try:
            cost = self.measure(candidate, limit)
        except Problem as problem:
            if is_plan:
                raise
            self.dropped[candidate] = str(problem)
            return
        if is_plan:
            self.plan_seconds.append(self.clock() - before)
        measured[candidate].append(cost)
        self.costs.setdefault(candidate, []).append(cost)

    def _left(self) -> float:
        """Return the seconds that are left."""
        return self.start + self.seconds - self.clock()

    def _outcome(
        self,
        plan: Candidate,
        best: Candidate,
        challenger: Candidate,
        comparison: Comparison | None,
        reason: str,
    ) -> Outcome:
        return Outcome(plan, best, challenger, self.costs, self.dropped, comparison, reason)
