"""Pinning: only if the CPUs are evidently this container's own and the command is one process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from testing.guide import GUIDE
from testing.policy_cases import (
    EIGHT,
    GUIDE_MACHINE,
    HALF,
    KUBERNETES,
    POD,
    SERVER,
    SMT,
    TORCHRUN,
    case,
    declared,
    has,
    planned,
    reason,
)
from testing.sysroot import UNREADABLE, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]


PINNED = "granularity=fine,compact,1,0"
BROKEN = {"sys/fs/cgroup/cpu.max": UNREADABLE}
CLAIMS = {"DRA_CPUSET_a": "0-1", "DRA_CPUSET_b": "2,3"}
MOVING = {"DRA_CPUSET_c": "dynamic"}


def named(cpus: str, **fields: Any) -> Spec:
    """Return a machine of which the group has CPUs 0-3, with what it names itself in cpuset.cpus."""
    return replace(HALF, files={"sys/fs/cgroup/cpuset.cpus": cpus}, **fields)


def leaf(cpus: str) -> Spec:
    """Return the same with the process in a group below, which names none."""
    spec = named(cpus, path="/init")
    return replace(spec, files={**spec.files, "sys/fs/cgroup/init/cpuset.cpus": ""})


def partition(kind: str) -> Spec:
    """Return a machine of which the group has a cpuset that is such a partition."""
    return replace(HALF, files={"sys/fs/cgroup/cpuset.cpus.partition": kind})


@pytest.mark.parametrize("line", ["-v --profile serving", f"-v {SERVER}"])
def test_pinning_is_verbose_only_if_asked_for(tmp_path: Path, line: str) -> None:
    verbose = {"KMP_AFFINITY": "granularity=fine,verbose,compact,1,0"}
    has(planned(tmp_path, GUIDE_MACHINE, line), {**GUIDE, **verbose})


@pytest.mark.parametrize(
    ("spec", "line", "environ", "pinned"),
    [
        case("a whole machine without limits", EIGHT, "", {}, True),
        case("no control group to see: the same", replace(EIGHT, cgroup="v1"), "", {}, True),
        case("a cpuset narrower than the machine", HALF, "", {}, True),
        case("a cpuset as wide as the machine", replace(EIGHT, cpuset="0-7"), "", {}, True),
        case("a quota", replace(EIGHT, quota=2), "", {}, False),
        case("a quota of the parent's", replace(EIGHT, path="/a/b", cpu_max={"/a": "2 1"}), "", {}, False),
        case("a fraction", replace(EIGHT, quota=7.9), "", {}, False),
        case("a cpuset and a tighter quota", replace(HALF, quota=2), "", {}, False),
        case("a cpuset and a quota no tighter", replace(HALF, quota=4), "", {}, True),
        case("a whole machine with a limit", replace(EIGHT, quota=8), "", {}, False),
        case("taskset's mask", replace(EIGHT, mask="0-3"), "", {}, False),
        case("taskset's mask in a cpuset", replace(HALF, mask="0-1"), "", {}, False),
        case("limits that cannot be read", replace(EIGHT, files=BROKEN), "", {}, False),
        case("several workers", EIGHT, "--workers 2", {}, False),
        case("a command of several workers", EIGHT, "-- gunicorn -w 2 app", {}, False),
        case("a command of several processes", EIGHT, "-- vllm serve", {}, False),
        case("torchrun", EIGHT, "-- torchrun --nproc-per-node=1 train.py", {}, False),
        case("a rank of torchrun, on its share", EIGHT, SERVER, TORCHRUN, True),
        case("a script, which may start processes", EIGHT, "-- python train.py", {}, False),
        case("a script that is said to serve", EIGHT, "--profile serving -- python app.py", {}, False),
        case("a script on CPUs of its own", HALF, "-- python train.py", {}, False),
        case("a script, where the user says so", EIGHT, "--bind always -- python train.py", {}, True),
        case("a server that starts others", EIGHT, "-- tritonserver", {}, False),
        case("fewer threads than cores by the user", EIGHT, "", {"OMP_NUM_THREADS": "4"}, False),
        case("as many threads as cores by the user", EIGHT, "", {"OMP_NUM_THREADS": "8"}, True),
        case("as many as siblings by the user", SMT, "", {"OMP_NUM_THREADS": "8"}, True),
        case("Kubernetes without limits", EIGHT, "", KUBERNETES, False),
        case("Kubernetes by the group's name", replace(EIGHT, path=POD), "", {}, False),
        case("Kubernetes with a limit", replace(EIGHT, quota=4), "", KUBERNETES, False),
        case("Kubernetes, own CPUs", replace(HALF, quota=4), "", KUBERNETES, True),
        case("Kubernetes, own CPUs, by the group's name", replace(HALF, path=POD, quota=4), "", {}, True),
        case("Kubernetes >= 1.33, own CPUs", HALF, "", declared(4, 4), True),
        case("Kubernetes >= 1.33, a pool as large as the request", HALF, "", declared(8, 4), False),
        case("Kubernetes >= 1.33, a pool as large as the limit", HALF, "", declared(4, 2), False),
        case("Kubernetes >= 1.33, a pool beside a smaller limit", HALF, "", declared(3, 3), False),
        case("Kubernetes, a quota above the limit", replace(HALF, quota=6), "", declared(4, 4), False),
        case("Kubernetes, a pool as large as the limit", replace(HALF, quota=4), "", declared(4, 2), False),
        case("Kubernetes' driver for CPUs", HALF, "", {**KUBERNETES, **CLAIMS}, True),
        case("the driver beside a limit that is told", HALF, "", {**declared(1, 1), **CLAIMS}, True),
        case("NRI plugins, which bind to no claim", EIGHT, "", {**KUBERNETES, **CLAIMS}, False),
        case("NRI plugins, in another pool", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "0-2"}, False),
        case("a claim of CPUs that may move", HALF, "", {**KUBERNETES, **CLAIMS, **MOVING}, False),
        case("a claim and a tighter limit", replace(HALF, quota=1), "", {**KUBERNETES, **CLAIMS}, False),
        case("strict-cpu-reservation", HALF, "", declared(8, 2), False),
        case("strict-cpu-reservation, nothing told", HALF, "", KUBERNETES, False),
        case("strict-cpu-reservation, no whole CPUs", HALF, "", declared(4.5, 4.5), False),
        case("a pod's own pool has a quota", replace(HALF, quota=3), "", declared(3, 3), False),
        case("docker's --cpuset-cpus", named("0-3"), "", {}, True),
        case("docker's --cpuset-cpus, below", leaf("0-3"), "", {}, True),
        case("a pool of a group above, below", leaf(""), "", {}, False),
        case("a pool of a group above", named(""), "", {}, False),
        case("a pool of a group above, Slurm's job", named(""), "", {"SLURM_JOB_ID": "7"}, True),
        case("the same variable without a cpuset", EIGHT, "", {**KUBERNETES, "DRA_CPUSET_a": "0-3"}, False),
        case("the same with other CPUs", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "4-7"}, False),
        case("the same with a word", HALF, "", {**KUBERNETES, "DRA_CPUSET_a": "dynamic"}, False),
        case("a partition", partition("root"), "", KUBERNETES, True),
        case("no partition", partition("member"), "", KUBERNETES, False),
        case("a partition that the kernel refused", partition("root invalid (x)"), "", KUBERNETES, False),
        case("Kubernetes, shared", HALF, "", KUBERNETES, False),
        case("Kubernetes, shared, a limit below", replace(HALF, quota=2), "", KUBERNETES, False),
        case("Kubernetes, shared, a limit above", replace(HALF, quota=6), "", KUBERNETES, False),
        case("--cpus LIST", EIGHT, "--cpus 0-3", {}, True),
        case("--cpus LIST and a tighter quota", replace(EIGHT, quota=2), "--cpus 0-3", {}, False),
        case("--cpus N", EIGHT, "--cpus 4", {}, False),
        case("--bind never", EIGHT, "--bind never", {}, False),
        case("--bind always", replace(EIGHT, quota=2), "--bind always", KUBERNETES, True),
        case("the user's OMP_PROC_BIND", EIGHT, "", {"OMP_PROC_BIND": "close"}, False),
        case("the user's OMP_PROC_BIND=false", EIGHT, "", {"OMP_PROC_BIND": "false"}, False),
        case("the user's OMP_PLACES", EIGHT, "", {"OMP_PLACES": "cores"}, False),
        case("the user's GOMP_CPU_AFFINITY", EIGHT, "", {"GOMP_CPU_AFFINITY": "0-3"}, False),
        case("the same with --bind always", EIGHT, "--bind always", {"OMP_PROC_BIND": "close"}, False),
        case("empty ones are none", EIGHT, "", {"OMP_PROC_BIND": ""}, True),
    ],
)  # fmt: skip
def test_pins_threads_only_on_own_cpus(
    tmp_path: Path, spec: Spec, line: str, environ: dict[str, str], *, pinned: bool
) -> None:
    made = planned(tmp_path, spec, line if "-- " in line else f"{line} {SERVER}", environ)
    has(made, {"KMP_AFFINITY": PINNED if pinned else None})
    assert ("not pinned: " in reason(made, "KMP_AFFINITY")) is not pinned
    assert ("KMP_AFFINITY" in made.environ) is pinned


SHARED = {
    "AWS Batch": {"AWS_BATCH_JOB_ID": "1-2"},
    "Amazon ECS": {"ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/1"},
    "HTCondor by its slot": {"_CONDOR_SLOT": "slot1"},
    "HTCondor by its name": {"BATCH_SYSTEM": "HTCondor"},
    "LSF": {"LSB_JOBID": "7"},
    "Grid Engine": {"JOB_ID": "7", "NSLOTS": "4"},
    "PBS": {"PBS_JOBID": "7.host"},
    "Flux": {"FLUX_JOB_ID": "f7"},
    "Nomad": {"NOMAD_ALLOC_ID": "7"},
    "Slurm on a part": {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "4"},
    "Slurm that does not say": {"SLURM_JOB_ID": "7"},
    "JupyterHub": {"JUPYTERHUB_USER": "ada"},
}


@pytest.mark.parametrize("environ", SHARED.values(), ids=SHARED)
def test_does_not_pin_on_a_machine_that_a_scheduler_shares(tmp_path: Path, environ: dict[str, str]) -> None:
    made = planned(tmp_path, EIGHT, SERVER, environ)
    has(made, {"KMP_AFFINITY": None, "exclusive": False})
    assert "may run other jobs" in reason(made, "KMP_AFFINITY")
    named = planned(tmp_path / "named", EIGHT, f"--cpus 0-3 {SERVER}", environ)
    has(named, {"KMP_AFFINITY": PINNED})
    asked = planned(tmp_path / "asked", EIGHT, f"--bind always {SERVER}", environ)
    has(asked, {"KMP_AFFINITY": PINNED})


@pytest.mark.parametrize(
    ("environ", "own"),
    [
        case("Nomad without cores shares it", {"NOMAD_ALLOC_ID": "7"}, False),
        case("Nomad with cores", {"NOMAD_ALLOC_ID": "7", "NOMAD_CPU_CORES": "0-3"}, True),
        case("Slurm", {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "4"}, True),
        case("ECS", {"ECS_CONTAINER_METADATA_URI_V4": "x"}, True),
        case("no system at all", {"BATCH_SYSTEM": "mine"}, True),
    ],
)
def test_pins_in_a_cpuset_of_a_scheduler_only_if_it_is_reserved(
    tmp_path: Path, environ: dict[str, str], *, own: bool
) -> None:
    has(planned(tmp_path, HALF, SERVER, environ), {"exclusive": own})


def test_pins_if_slurm_reserves_the_whole_machine(tmp_path: Path) -> None:
    environ = {"SLURM_JOB_ID": "7", "SLURM_CPUS_ON_NODE": "8"}
    has(planned(tmp_path, EIGHT, SERVER, environ), {"exclusive": True, "KMP_AFFINITY": PINNED})
