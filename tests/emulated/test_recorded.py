"""Machines that other projects recorded, and the facts that those projects state.

The recordings are not part of this repository (their licences differ), so this is skipped without them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.host.cgroup_limits import read_limits
from mkl_launch.host.detect import read_facts
from mkl_launch.host.filesystem import ABSENT, Reading, Root
from mkl_launch.host.inventory import machine
from mkl_launch.host.topology import CPU
from mkl_launch.model.request import Request
from testing.planning import plan
from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(os.environ.get("MKL_LAUNCH_RECORDED") or PROJECT.parent / "shared" / "recorded")

# In CI too, unless MKL_LAUNCH_RECORDED names a folder: these 80,000 files are of other projects.
pytestmark = pytest.mark.skipif(
    not (FOLDER / "cases.tar.xz").exists() and "MKL_LAUNCH_RECORDED" not in os.environ,
    reason=f"{FOLDER} has no recordings (MKL_LAUNCH_RECORDED)",
)

NOT_READ = ("cache", "scaling_*", "cpuinfo_*_freq", "cpuidle", "microcode", "acpi_cppc")

# What is stated otherwise, and why: (case, field).
ONE_PART_ONLY = (
    "/proc/cpuinfo of old Arm kernels names one part for all CPUs; the truth is from the chip's name"
)
MISSES = {
    ("cpuinfo-galaxy-s6", "hybrid"): ONE_PART_ONLY,
    ("cpuinfo-xiaomi-redmi-note-3", "hybrid"): ONE_PART_ONLY,
}


@pytest.fixture(scope="module")
def cases() -> Iterator[Path]:
    # 80,000 small files, most of which the launcher does not know: half a minute in the `tarfile` module.
    with tempfile.TemporaryDirectory() as folder:
        for archive in sorted(FOLDER.glob("cases*.tar.xz")):
            exclude = [f"--exclude={name}" for name in NOT_READ]
            subprocess.run(["tar", "-xf", str(archive), *exclude, "-C", folder], check=True)
        yield next(Path(folder).rglob("expected.json")).parent.parent


@pytest.fixture(scope="module")
def machines(cases: Path) -> dict[str, Root]:
    found = {case.name: Root(str(case / "root")) for case in sorted(cases.iterdir())}
    assert len(found) > 100
    return found


def test_agrees_with_the_facts_that_other_projects_state(
    cases: Path, launcher: str, tmp_path: Path
) -> None:
    result = tmp_path / "result.json"
    argv = [sys.executable, str(FOLDER / "evaluate.py"), "--cases", str(cases), "--show", "fail"]
    argv += [
        "--cmd",
        f"{launcher} --sysroot {{root}} --json",
        "--fail-under",
        "99.5",
        "--json-out",
        str(result),
    ]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    judged: dict[str, Any] = json.loads(result.read_text())
    assert judged["rate"] >= 99.5
    assert judged["totals"]["pass"] > 900
    missed = {(row["case"], row["field"]) for row in judged["rows"] if counts(row)}
    assert missed == MISSES.keys()


def counts(row: dict[str, Any]) -> bool:
    """Return whether a fact is missed, but not one on which those projects disagree."""
    return row["result"] != "pass" and not row["disputed"]


def test_a_launch_and_a_report_detect_the_same_cores(machines: dict[str, Root]) -> None:
    for name, root in machines.items():
        found, full = read_facts(root), machine(root)
        cut = [group & found.mask for group in full.core_groups]
        if full.core_groups and found.mask <= full.online:
            assert {*found.cores} == {*filter(None, cut)}, name
            balanced = found.mask - found.isolated or found.mask  # one machine has isolcpus=
            cores = sum(1 for group in full.core_groups if group & balanced)
            assert plan(found, Request(), {}).budget.cores == cores, name


class WithoutShortCut(Root):
    """A machine that does not tell whether SMT is in use."""

    def read(self, path: str) -> Reading:
        return Reading(path, "", ABSENT) if path.endswith("/smt/active") else super().read(path)


def test_reads_the_same_cores_with_and_without_smt_active(machines: dict[str, Root]) -> None:
    without_smt = [root for root in machines.values() if root.read(f"{CPU}/smt/active").text.strip() == "0"]
    assert without_smt
    for root in without_smt:
        assert read_facts(root).cores == read_facts(WithoutShortCut(root.prefix)).cores, root.prefix


def test_reports_every_recorded_limit_or_why_not(machines: dict[str, Root]) -> None:
    for name, root in machines.items():
        found = read_limits(root)
        assert found.quota is None or (found.quota > 0 and found.quota_source), name
        assert found.version or found.failures, name
