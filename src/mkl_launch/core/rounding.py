"""How a quota, which may be a fraction of a CPU, becomes a whole number of threads or tasks."""

from __future__ import annotations


def rounded_down(number: int, quota: float | None) -> int:
    """Return the smaller of `number` and the quota, rounded down to at least 1.

    For threads that wait for each other: at a quota of 1.5, two of them take longer than one.
    """
    return number if quota is None else max(1, min(number, int(quota)))


def rounded_up(number: int, quota: float | None) -> int:
    """Return the smaller of `number` and the quota, rounded up.

    For tasks that do not wait for each other. The JVM, loky and Go count CPUs in this way.
    """
    return number if quota is None else max(1, min(number, -int(-quota // 1)))
