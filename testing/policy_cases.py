"""Machines, limits and environments of the tests of the policy, and plans for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import show
from mkl_launch.core.record import as_dict
from mkl_launch.host.detect import read_facts
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan
from testing.planning import plan
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Values = Mapping[str, Any]

# c5.18xlarge.
GUIDE_MACHINE = Spec(sockets=2, cores=18, threads=2, nodes=2, smt_file=True)
SERVER = "-- tensorflow_model_server --port=8500"
EIGHT = Spec(cores=8)  # 8 CPUs, 8 cores
SMT = Spec(cores=4, threads=2)  # 8 CPUs, 4 cores: 0 and 4 are siblings, and so on
HALF = replace(EIGHT, cpuset="0-3")
KUBERNETES = {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}
POD = "/kubepods/burstable/pod1/c1"


def declared(limit: float, request: float) -> dict[str, str]:
    """Return the environment of a pod that has both from the Downward API, in thousandths of a CPU."""
    told = {
        "MKL_LAUNCH_CPU_LIMIT": f"{limit * 1000:g}",
        "MKL_LAUNCH_CPU_REQUEST": f"{request * 1000:g}",
    }
    return {**KUBERNETES, **told}


TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "none",
    "LOCAL_RANK": "1",
    "LOCAL_WORLD_SIZE": "4",
    "OMP_NUM_THREADS": "1",
}
RAY = {"RAY_RAYLET_PID": "7", "OMP_NUM_THREADS": "2"}
# One pool of threads with a core each, and counts of CPUs. What OMP_NUM_THREADS of the user's leads:
THREADS = ["OMP_NUM_THREADS", "ORT_INTRA_OP_NUM_THREADS", "LLAMA_ARG_THREADS"]
# Their readers take OMP_NUM_THREADS where they are unset.
FOLLOWERS = ["MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS"]
CAPS = ["NUMEXPR_MAX_THREADS", "NUMBA_NUM_THREADS", "PYTHON_CPU_COUNT"]
CPUS = ["TENSORFLOW_INTRA_OP_PARALLELISM", "TF_NUM_INTRAOP_THREADS"]
COUNTS = ["LOKY_MAX_CPU_COUNT"]  # of processes; its reader counts the mask
RUST = ["RAYON_NUM_THREADS", "POLARS_MAX_THREADS"]  # their readers count the mask and the quota


def planned(place: Path, spec: Spec, line: str = "", environ: Mapping[str, str] | None = None) -> Plan:
    """Return the plan for `mkl-launch LINE` on that machine with that environment."""
    given = environ or {}
    note = read_note(given)
    request = read(line.split(), given, note.texts)
    return plan(read_facts(sysroot(place, spec), given), request, given)


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


def origins(made: Plan) -> dict[str, str]:
    return {setting.name: setting.origin for setting in made.settings}


def reason(made: Plan, name: str) -> str:
    return next(setting.reason for setting in made.settings if setting.name == name)


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def has(made: Plan, expected: Values) -> None:
    """Check that the plan has these settings and these fields of the budget."""
    shown = {**as_dict(made.budget), "logical": made.budget.logical, "cpus": show(made.budget.cpus)}
    found = {**shown, **values(made)}
    assert {name: found[name] for name in expected} == expected


MIB = 1 << 20


def in_memory(size: int, **fields: Any) -> Spec:
    return replace(EIGHT, memory={"/": str(size * MIB)}, **fields)
