"""The budget: max(1, min(cores in the mask, whole CPUs of the quota) // workers), and its reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.option_names import CPU_REQUEST
from mkl_launch.host.detect import read_facts
from mkl_launch.model.request import Request
from mkl_launch.policy.summary import summary_line
from testing.planning import plan
from testing.policy_cases import (
    EIGHT,
    GUIDE_MACHINE,
    HALF,
    KUBERNETES,
    RAY,
    SERVER,
    SMT,
    TORCHRUN,
    case,
    has,
    planned,
)
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


INTER_OP = {"TF_NUM_INTEROP_THREADS": "2", "TENSORFLOW_INTER_OP_PARALLELISM": "0"}


@pytest.mark.parametrize(
    ("spec", "line", "expected"),
    [
        case("a core each", EIGHT, "", {"threads": 8, "logical": 8, "cores": 8, "quota": None}),
        case("a mask with siblings is halved", SMT, "", {"threads": 4, "logical": 8, "cores": 4}),
        case("also in part", replace(SMT, mask="0-1,4"), "", {"threads": 2, "logical": 3, "cores": 2}),
        case("a mask without siblings is not", replace(SMT, mask="0-3"), "", {"threads": 4, "cores": 4}),
        case("a cpuset likewise", replace(SMT, cpuset="0,4"), "", {"threads": 1, "cpus": "0,4"}),
        case("offline CPUs do not count", replace(EIGHT, offline="6-7"), "", {"threads": 6}),
        case("a quota is not halved for SMT", replace(SMT, quota=4), "", {"threads": 4}),
        case("a quota over siblings", replace(SMT, quota=6), "", {"threads": 4}),
        case("a quota above the mask", replace(EIGHT, quota=64, mask="0-2"), "", {"threads": 3}),
        case("one CPU", Spec(cores=1), "", {"threads": 1, "cores": 1}),
        case("quota 0.1", replace(EIGHT, quota=0.1), "", {"threads": 1, "quota": 0.1}),
        case("quota 0.5", replace(EIGHT, quota=0.5), "", {"threads": 1, "quota": 0.5}),
        case("quota 1", replace(EIGHT, quota=1), "", {"threads": 1, "quota": 1}),
        case("quota 1.5", replace(EIGHT, quota=1.5), "", {"threads": 1, "quota": 1.5}),
        case("quota 1.99", replace(EIGHT, quota=1.99), "", {"threads": 1}),
        case("quota 2", replace(EIGHT, quota=2), "", {"threads": 2, "quota": 2}),
        case("quota 2.5", replace(EIGHT, quota=2.5), "", {"threads": 2, "quota": 2.5}),
        case("quota 2.5 in v1", replace(EIGHT, cgroup="v1", quota=2.5), "", {"threads": 2, "quota": 2.5}),
        case(
            "the parent's quota",
            replace(EIGHT, path="/a/b", cpu_max={"/a": "150000 100000", "/a/b": "400000 100000"}),
            "",
            {"threads": 1, "quota": 1.5},
        ),
        case("workers", EIGHT, "--workers 2", {"threads": 4, "workers": 2, "RAYON_NUM_THREADS": "4"}),
        case("workers, rounded down", EIGHT, "--workers 3", {"threads": 2, "LOKY_MAX_CPU_COUNT": "2"}),
        case("more workers than cores", EIGHT, "--workers 9", {"threads": 1, "LOKY_MAX_CPU_COUNT": "1"}),
        case("workers share the quota", replace(EIGHT, quota=5.5), "--workers 2", {"threads": 2}),
        case("workers share the cores", SMT, "--workers 2", {"threads": 2, "RAYON_NUM_THREADS": "4"}),
        case("--cpus 4", EIGHT, "--cpus 4", {"threads": 4, "quota": 4, "cpus": "0-7"}),
        case("--cpus 2.5", EIGHT, "--cpus 2.5", {"threads": 2, "quota": 2.5}),
        case("--cpus 500m", EIGHT, "--cpus 500m", {"threads": 1, "quota": 0.5}),
        case("--cpus above the cores", SMT, "--cpus 6", {"threads": 4, "RAYON_NUM_THREADS": "6"}),
        case("--cpus above everything", SMT, "--cpus 64", {"threads": 4, "TF_NUM_INTRAOP_THREADS": "8"}),
        case("--cpus above the quota", replace(EIGHT, quota=1), "--cpus 4", {"threads": 4, "quota": 4}),
        case("--cpus below the quota", replace(EIGHT, quota=4), "--cpus 2", {"threads": 2, "quota": 2}),
        case("--cpus and workers", EIGHT, "--cpus 4 --workers 2", {"threads": 2}),
        case("--cpus LIST", EIGHT, "--cpus 0-2", {"threads": 3, "cpus": "0-2", "quota": None}),
        case("--cpus LIST with siblings", SMT, "--cpus 0,4", {"threads": 1, "cores": 1, "logical": 2}),
        case("--cpus LIST and a quota", replace(EIGHT, quota=2), "--cpus 0-3", {"threads": 2}),
        case("two sockets", GUIDE_MACHINE, "", {"sockets": 2, "TF_NUM_INTEROP_THREADS": "2"}),
        case("four sockets", replace(EIGHT, sockets=4), "", {"sockets": 4, "TF_NUM_INTEROP_THREADS": "4"}),
        case("one of them", replace(GUIDE_MACHINE, cpuset="0-17"), "", {"sockets": 1, **INTER_OP}),
    ],
)  # fmt: skip
def test_computes_the_budget(tmp_path: Path, spec: Spec, line: str, expected: Values) -> None:
    has(planned(tmp_path, spec, line), expected)


@pytest.mark.parametrize(("line", "mask"), [("", None), ("--cpus 2", None), ("--cpus 0-1", {0, 1})])
def test_sets_a_mask_only_for_a_list_of_cpus(tmp_path: Path, line: str, mask: set[int] | None) -> None:
    assert planned(tmp_path, EIGHT, line).mask == mask


@pytest.mark.parametrize(
    ("line", "environ", "workers"),
    [
        case("unknown", "-- python train.py", {}, 1),
        case("an option", "-- gunicorn -w 4 app", {}, 4),
        case("an option with =", "-- gunicorn --workers=4 app", {}, 4),
        case("an option in one word", "-- gunicorn -w4 app", {}, 4),
        case("the last one", "-- gunicorn -w 2 -w 4 app", {}, 4),
        case("a variable", "-- uvicorn app", {"WEB_CONCURRENCY": "4"}, 4),
        case("an option goes before a variable", "-- uvicorn --workers 2 app", {"WEB_CONCURRENCY": "4"}, 2),
        case("its default", "-- gunicorn app", {}, 1),
        case("its default: one for each CPU", "-- torchserve --start", {}, 8),
        case("a module", "-- python3 -m gunicorn -w 4 app", {}, 4),
        case("torchrun", "-- torchrun --nproc-per-node=4 train.py", {}, 4),
        case("torchrun's module", "-- python -m torch.distributed.run --nproc_per_node 4 train.py", {}, 4),
        case("--workers goes before all", "--workers 2 -- gunicorn -w 4 app", {}, 2),
        case("a number that is none", "-- gunicorn -w many app", {}, 1),
        case("digits that are no number", "-- gunicorn -w \N{SUPERSCRIPT TWO} app", {}, 1),
        case("the same in a variable", "-- gunicorn app", {"WEB_CONCURRENCY": "\N{SUPERSCRIPT TWO}"}, 1),
        case("a number too long", f"-- gunicorn -w {'9' * 5000} app", {}, 1),
        case("somebody else's option", "-- python train.py -w 4", {}, 1),
    ],
)
def test_divides_the_budget_by_the_workers_of_the_command(
    tmp_path: Path, line: str, environ: dict[str, str], workers: int
) -> None:
    has(planned(tmp_path, EIGHT, line, environ), {"workers": workers, "threads": 8 // workers})


@pytest.mark.parametrize(
    ("line", "workers"),
    [("-- multi-model-server --start", 2), ("-- torchrun --nproc-per-node auto x.py", 1)],
)
def test_rounds_independent_workers_up(tmp_path: Path, line: str, workers: int) -> None:
    has(planned(tmp_path, replace(EIGHT, quota=1.5), line), {"workers": workers, "threads": 1})


@pytest.mark.parametrize(
    ("spec", "line", "expected"),
    [
        case("sockets", Spec(sockets=16, cores=4), "", "16"),
        case("cut to the quota", Spec(sockets=16, cores=4, quota=8), "", "8"),
        case("cut to a worker's part", Spec(sockets=16, cores=1), "--workers 4", "4"),
        case("never under two", Spec(sockets=16, cores=4, quota=1), "", "2"),
    ],
)
def test_concurrent_operations_stay_within_the_budget(
    tmp_path: Path, spec: Spec, line: str, expected: str
) -> None:
    has(planned(tmp_path, spec, f"{line} {SERVER}"), {"TF_NUM_INTEROP_THREADS": expected})


def test_limits_a_grant_of_ray_to_the_quota(tmp_path: Path) -> None:
    spec = replace(EIGHT, quota=1)
    has(planned(tmp_path, spec, "", {**RAY, "OMP_NUM_THREADS": "4"}), {"OMP_NUM_THREADS": "1"})


@pytest.mark.parametrize(
    ("spec", "line", "environ", "words"),
    [
        case("the mask", EIGHT, "", {}, "0-7: the affinity mask"),
        case("the list", EIGHT, "--cpus 0-1", {}, "0-1: named by --cpus"),
        case("siblings", SMT, "", {}, "8 CPUs on 4 cores"),
        case("the quota", replace(EIGHT, path="/a", quota=2), "", {}, "2 CPUs: /sys/fs/cgroup/a/cpu.max"),
        case("the fraction", replace(EIGHT, quota=1.5), "", {}, "1 whole CPU"),
        case("no quota", EIGHT, "", {}, "no quota"),
        case("the amount", EIGHT, "", {"MKL_LAUNCH_CPUS": "2"}, "2 CPUs: by MKL_LAUNCH_CPUS"),
        case("the workers", EIGHT, "-- gunicorn -w 2 app", {}, "2 workers (of gunicorn: -w 2)"),
        case("the job launcher", EIGHT, "", TORCHRUN, "rank 1 of 4 (torchrun): CPUs 2-3, 2 of 8 cores"),
        case("the grant", EIGHT, "", RAY, "2 CPUs: granted by Ray"),
        case("own CPUs", HALF, "", {}, "own CPUs: a cpuset narrower than the machine"),
        case("shared CPUs", EIGHT, "", KUBERNETES, "shared CPUs: a Kubernetes pod"),
    ],
)
def test_the_budget_has_its_reasons(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], words: str
) -> None:
    assert words in "\n".join(planned(tmp_path, spec, line, environ).budget.reasons)


@pytest.mark.parametrize(
    ("spec", "declared", "words"),
    [
        case("a quota", replace(EIGHT, quota=2), {}, ", quota 2, "),
        case("neither", EIGHT, {}, ", no quota, "),
        case("a request", EIGHT, {CPU_REQUEST: "2"}, ", request 2, "),
        case("a request below a quota", replace(EIGHT, quota=4), {CPU_REQUEST: "2"}, ", quota 4, "),
        case("a request above the node", EIGHT, {CPU_REQUEST: "64000"}, ", request 64, "),
    ],
)
def test_the_summary_names_a_request_or_a_quota(
    tmp_path: Path, spec: Spec, declared: dict[str, str], words: str
) -> None:
    found = read_facts(sysroot(tmp_path, spec), declared)
    assert words in summary_line(plan(found, Request(), {}))
