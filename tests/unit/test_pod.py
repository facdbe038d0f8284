"""What a cluster tells a container beside limit and request: a startup boost, and CRI-O's GOMAXPROCS."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.launch.pipeline import prepare
from mkl_launch.report.limits import limit_lines
from testing.sysroot import UNREADABLE, Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

    from mkl_launch.model.facts import Facts
    from mkl_launch.policy.plan import Plan

EIGHT = Spec(cores=8)
POD = {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}
FILE = "/etc/podinfo/startup-cpu-boost"
LIMIT, REQUEST = {"MKL_LAUNCH_CPU_LIMIT": FILE}, {"MKL_LAUNCH_CPU_REQUEST": FILE}


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def planned(place: Path, environ: dict[str, str], spec: Spec, line: str = "") -> tuple[Facts, Plan]:
    environ = {**POD, **environ}
    return prepare(sysroot(place, spec), read(line.split(), environ, {}), environ)


def boosted(text: str, quota: float | None = 4) -> Spec:
    """Return a container whose limit is 4 CPUs until it is ready, with an annotation in a volume."""
    return replace(EIGHT, quota=quota, files={FILE[1:]: text})


def google(limits: dict[str, str], requests: dict[str, str] | None = None, state: str = "Active") -> str:
    timestamp = "2026-11-27T12:00:00Z"
    return json.dumps(
        {
            "state": state,
            "timestamp": timestamp,
            "initCPURequests": requests or limits,
            "initCPULimits": limits,
        }
    )


def vpa(requests: str, limits: str) -> str:
    resources = {"requests": {"cpu": requests, "memory": "1Gi"}, "limits": {"memory": "2Gi"}}
    return json.dumps({**resources, "limits": {"cpu": limits, "memory": "2Gi"}} if limits else resources)


@pytest.mark.parametrize(
    ("text", "threads"),
    [
        case("one container", google({"app": "2"}), 2),
        case("thousandths", google({"app": "1500m"}), 1),
        case("two containers alike", google({"app": "2", "sidecar": "2"}), 2),
        case("the boost has ended", google({"app": "2"}, state="Reverted"), 4),
        case("it is not possible", google({"app": "2"}, state="Infeasible"), 4),
        case("an older controller", '{"timestamp":"x","initCPULimits":{"app":"3"}}', 3),
        case("no limit", google({}, {"app": "1"}), 4),
        case("the autoscaler's", vpa("1", "3"), 3),
        case("the autoscaler's without a limit", vpa("1", ""), 4),
        case("no annotation", "", 4),
        case("more than now", google({"app": "6"}), 4),
    ],
)
def test_plans_for_the_limit_after_a_startup_boost(tmp_path: Path, text: str, threads: int) -> None:
    facts, plan = planned(tmp_path, LIMIT, boosted(text))
    assert plan.budget.threads == threads
    assert plan.warnings == ()
    assert facts.limits.quota == 4
    counted = [why for why in plan.budget.reasons if "after the startup boost" in why]
    assert bool(counted) is (threads < 4)
    told = [line for line in limit_lines(facts, []) if "after the startup boost" in line]
    assert bool(told) is (facts.declared.after_boost is not None)


@pytest.mark.parametrize(
    "text",
    [
        google({"app": "2", "sidecar": "1"}),
        google({"app": "x"}),
        google({"app": "0"}),
        '{"initCPULimits": 2}',
        '{"initCPULimits": {"app": {}}}',
        "{",
        '{"a":' * 20_000,
    ],
)
def test_a_bad_annotation_is_one_warning(tmp_path: Path, text: str) -> None:
    _, plan = planned(tmp_path, LIMIT, boosted(text))
    assert plan.budget.threads == 4
    (warning,) = plan.warnings
    assert f"MKL_LAUNCH_CPU_LIMIT={FILE}: not a CPU count" in warning


@pytest.mark.parametrize(
    ("text", "threads"), [(google({}, {"app": "2"}), 2), (vpa("3", ""), 3), (google({}, {}), 8)]
)
def test_the_request_after_a_startup_boost_counts_as_a_request(
    tmp_path: Path, text: str, threads: int
) -> None:
    _, plan = planned(tmp_path, REQUEST, boosted(text, quota=None))
    assert plan.budget.threads == threads
    assert (plan.budget.is_throttled, plan.budget.limit_is_request) == (False, threads < 8)


MOUNTS = "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"
CONTAINERENV = "99 1 0:9 /containers/storage/x /run/.containerenv rw - tmpfs tmpfs rw"
CRIO = replace(EIGHT, files={"proc/self/mountinfo": f"{MOUNTS}\n{CONTAINERENV}"})
THREE = {"GOMAXPROCS": "6"}
NO_MOUNTS = replace(EIGHT, files={"proc/self/mountinfo": UNREADABLE})
OF_IMAGE = replace(CRIO, files={**CRIO.files, "etc/mkl-launch/image-env": "GOMAXPROCS=6"})


@pytest.mark.parametrize(
    ("number", "threads"),
    [
        case("a request of 2.5 to 3 CPUs", "6", 3),
        case("a request of 2 to 2.5 CPUs", "5", 2),
        case("no request, or half a CPU", "1", 1),
    ],
)
def test_takes_gomaxprocs_of_crio_for_twice_the_request(tmp_path: Path, number: str, threads: int) -> None:
    facts, plan = planned(tmp_path, {"GOMAXPROCS": number}, CRIO)
    assert plan.budget.threads == threads
    assert any("grant of CRI-O, by GOMAXPROCS" in why for why in plan.budget.reasons)
    assert any("CRI-O, by GOMAXPROCS" in line for line in limit_lines(facts, []))
    assert not plan.budget.is_throttled, "a request is no quota"


@pytest.mark.parametrize(
    ("spec", "environ", "line", "threads"),
    [
        case("more than the machine has", CRIO, {"GOMAXPROCS": "64"}, "", 8),
        case("--basis limit", CRIO, THREE, "--basis limit", 8),
        case("--cpus", CRIO, THREE, "--cpus 5", 5),
        case("another runtime: a person's", EIGHT, THREE, "", 8),
        case("podman: a person's", CRIO, {**THREE, "KUBERNETES_SERVICE_HOST": ""}, "", 8),
        case("a quota: a person's", replace(CRIO, quota=5), THREE, "", 5),
        case("the pod tells its request", CRIO, {**THREE, "MKL_LAUNCH_CPU_REQUEST": "5"}, "", 5),
        case("the pod tells its limit", CRIO, {**THREE, "MKL_LAUNCH_CPU_LIMIT": "8"}, "", 8),
        case("no number", CRIO, {"GOMAXPROCS": "off"}, "", 8),
        case("mounts that cannot be read", NO_MOUNTS, THREE, "", 8),
        case("the image's", OF_IMAGE, THREE, "", 8),
    ],
)
def test_leaves_another_gomaxprocs_alone(
    tmp_path: Path, spec: Spec, environ: dict[str, str], line: str, threads: int
) -> None:
    _, plan = planned(tmp_path, environ, spec, line)
    assert plan.budget.threads == threads
    assert not any("CRI-O" in why for why in plan.budget.reasons)
