"""How long threads spin before they sleep, under limits and beside other processes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from testing.policy_cases import EIGHT, HALF, POD, SMT, case, has, planned
from testing.sysroot import Spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


@pytest.mark.parametrize(
    ("spec", "line", "time", "policy"),
    [
        case("no limit", EIGHT, "", "1", None),
        case("a quota of one thread", replace(EIGHT, quota=1.5), "", "0", "PASSIVE"),
        case("a quota", replace(EIGHT, quota=2), "", "1", "PASSIVE"),
        case("a quota as large as the mask", replace(EIGHT, quota=4, mask="0-3"), "", "1", None),
        case("a quota larger than the machine", replace(EIGHT, quota=64), "", "1", None),
        case("a quota over siblings", replace(SMT, quota=6), "", "1", "PASSIVE"),
        case("an amount by hand", EIGHT, "--cpus 4", "1", "PASSIVE"),
        case("more by hand than the quota", replace(EIGHT, quota=1), "--cpus 8", "1", "PASSIVE"),
        case("workers", EIGHT, "--workers 2", "0", "PASSIVE"),
        case("workers of the command", EIGHT, "-- gunicorn -w 2 app", "0", "PASSIVE"),
        case("a list by hand", EIGHT, "--cpus 0-3", "1", None),
        case("Kubernetes' shared pool", replace(HALF, path=POD), "", "1", None),
    ],
)
def test_limits_spinning_under_a_tight_quota(
    tmp_path: Path, spec: Spec, line: str, time: str, policy: str | None
) -> None:
    made = planned(tmp_path, spec, line)
    has(made, {"KMP_BLOCKTIME": time, "OMP_WAIT_POLICY": policy, "OPENBLAS_THREAD_TIMEOUT": "17"})


@pytest.mark.parametrize(
    ("spec", "line", "count"),
    [
        case("no limit", EIGHT, "", "8000"),
        case("a quota has more CPUs than threads", replace(EIGHT, quota=2), "", "8000"),
        case("a quota as large as the mask", replace(EIGHT, quota=4, mask="0-3"), "", "8000"),
        case("workers", EIGHT, "--workers 2", "1000"),
        case("workers under a quota", replace(EIGHT, quota=4), "--workers 2", "1000"),
    ],
)
def test_sets_the_spin_count_of_libgomp(tmp_path: Path, spec: Spec, line: str, count: str) -> None:
    has(planned(tmp_path, spec, line), {"GOMP_SPINCOUNT": count})


def test_keeps_a_wait_policy_of_the_user(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OMP_WAIT_POLICY": "passive"})
    has(made, {"KMP_BLOCKTIME": None, "GOMP_SPINCOUNT": None})


def test_keeps_spinning_that_the_user_asks_for(tmp_path: Path) -> None:
    made = planned(tmp_path, EIGHT, "", {"OMP_WAIT_POLICY": "active"})
    unset = ("KMP_BLOCKTIME", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT")
    has(made, {"OMP_WAIT_POLICY": "active", **dict.fromkeys(unset)})
