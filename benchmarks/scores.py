"""Scores of the contenders: their speed divided by that of the best setting. Pure."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

OURS, TUNED, UNTOUCHED = "mkl-launch", "tuned", "untouched"
PREPARED = "the same, prepared"  # of a start
Row = dict[str, Any]
Cell = tuple[str, str, str]  # program, limit, company


def cells(rows: Iterable[Row]) -> dict[Cell, dict[str, Row]]:
    """Return the contenders of each cell, by name."""
    found: dict[Cell, dict[str, Row]] = {}
    for row in rows:
        found.setdefault((row["program"], row["limit"], row["company"]), {})[row["contender"]] = row
    return found


def best(contenders: dict[str, Row]) -> Row:
    """Return the best contender of the sweep."""
    return max((row for row in contenders.values() if row["swept"]), key=lambda row: float(row["rate"]))


def of_best(contenders: dict[str, Row], name: str) -> float:
    """Return a contender's speed divided by that of the best setting of the sweep.

    In each round the best is the one that was so in the other rounds: else the luckiest would be the best,
    and of nine settings that do the same one is always lucky.
    """
    mine = contenders[name]
    swept = [row for row in contenders.values() if row["swept"]]
    rounds = max(len(row["rates"]) for row in swept)
    rivals = [row for row in swept if len(row["rates"]) == rounds]  # the others were slow in the first one
    parts = []
    for turn in range(min(rounds, len(mine["rates"]))):
        rival = max(rivals, key=lambda row: _without(row["rates"], turn))
        same = rival["way"] == mine["way"]
        parts.append(1.0 if same else mine["rates"][turn] / rival["rates"][turn])
    return statistics.median(parts)


def parts(found: dict[Cell, dict[str, Row]], name: str) -> dict[Cell, float]:
    """Return the score of each cell in which the contender has started."""
    return {cell: of_best(one, name) for cell, one in found.items() if name in one}


def blind(found: dict[Cell, dict[str, Row]]) -> list[float]:
    """Return the best scores that one setting for all neighbours could reach, known only afterwards."""
    groups: dict[tuple[str, str], list[dict[str, Row]]] = {}
    for (program, limit, _), one in found.items():
        groups.setdefault((program, limit), []).append(one)
    reached = []
    for group in groups.values():
        names = set.intersection(*({name for name, row in one.items() if row["swept"]} for one in group))
        reached += max(([of_best(one, name) for one in group] for name in names), key=mean)
    return reached


def _without(rates: list[float], turn: int) -> float:
    return statistics.fmean(rates[:turn] + rates[turn + 1 :] or rates)


def of(contenders: dict[str, Row], name: str, other: str) -> float:
    """Return the speed of a contender divided by that of another, over the rounds that both have."""
    mine, others = contenders[name], contenders[other]
    if mine["way"] == others["way"]:
        return 1.0
    return float(statistics.median(a / b for a, b in zip(mine["rates"], others["rates"], strict=False)))


def spread(row: Row) -> float:
    """Return the largest distance of a round from the median, divided by the median."""
    return float(max(abs(rate - row["rate"]) for rate in row["rates"]) / row["rate"])


def mean(parts: Iterable[float]) -> float:
    """Return the geometric mean."""
    return math.exp(statistics.fmean(map(math.log, parts)))
