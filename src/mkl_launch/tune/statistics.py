"""The statistics of paired runs: is one setting faster than the other by more than the noise? Pure."""

from __future__ import annotations

import math

from mkl_launch.core.record import Record

# A change is taken if noise alone would show it in one of 200 tunings at most, and if it is worth having.
SIGNIFICANT = 0.005
MIN_GAIN = 1.02
CONFIDENCE = 0.95


class Comparison(Record):
    """Pairs of runs of two settings. `gain` is how many times better the second one is, by the median."""

    pairs: int
    gain: float
    low: float  # the gain is between `low` and `high`, with a confidence of CONFIDENCE or more
    high: float
    probability: float  # of such a difference, or a larger one, by chance

    @property
    def is_better(self) -> bool:
        """Return True if the second setting is better by more than the noise."""
        return self.probability < SIGNIFICANT and self.gain >= MIN_GAIN


def median(values: list[float]) -> float:
    """Return the median."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def compare(first: list[float], second: list[float]) -> Comparison:
    """Compare costs of two settings, measured in turn: `second[i]` right before or after `first[i]`."""
    gains = sorted(math.log(one / other) for one, other in zip(first, second))
    low, high = interval(gains)
    return Comparison(
        pairs=len(gains),
        gain=math.exp(median(gains)),
        low=math.exp(low),
        high=math.exp(high),
        probability=signed_rank(gains),
    )


def signed_rank(differences: list[float]) -> float:
    """Return the probability that symmetric noise gives differences this much above 0, or more.

    The exact one-sided signed-rank test of Wilcoxon; a difference of 0 says nothing and is left out.
    """
    used = sorted((value for value in differences if value), key=abs)
    ranks = [_doubled_rank(used, value) for value in used]
    negative = sum(rank for rank, value in zip(ranks, used) if value < 0)
    # The number of ways to choose signs, for each sum of the ranks of the negative differences.
    ways = [1] + [0] * sum(ranks)
    for rank in ranks:
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return sum(ways[: negative + 1]) / float(2 ** len(ranks))


def _doubled_rank(used: list[float], value: float) -> int:
    """Return twice the rank of a difference by its size; equal ones share the mean of their ranks."""
    smaller = sum(1 for other in used if abs(other) < abs(value))
    equal = sum(1 for other in used if abs(other) == abs(value))
    return 2 * smaller + equal + 1


def interval(ordered: list[float]) -> tuple[float, float]:
    """Return an interval for the median, from the binomial distribution of its ordered sample."""
    number = len(ordered)
    outside = 1.0  # ways of the samples outside of the interval, on one side
    index = 0
    while 2 * (index + 1) < number and 2 * outside / 2**number + 2 * math.comb(
        number, index + 1
    ) / 2**number <= (1 - CONFIDENCE):
        index += 1
        outside += math.comb(number, index)
    return ordered[index], ordered[-1 - index]
