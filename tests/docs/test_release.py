"""The workflow of a release: its schema, its rights, and what its commands build."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mkl_launch import __version__
from testing.process import PATH, said, uncompiled
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOW = PROJECT / ".github" / "workflows" / "release.yml"
TEXT = WORKFLOW.read_text(encoding="utf-8")
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]


def accepts(file: Path) -> subprocess.CompletedProcess[str]:
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)


def steps(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = JOBS[name]["steps"]
    return found


def test_github_accepts_the_workflow() -> None:
    done = accepts(WORKFLOW)
    assert done.returncode == 0, done.stdout


def test_github_refuses_a_broken_workflow(tmp_path: Path) -> None:
    broken = tmp_path / "release.yml"
    broken.write_text(TEXT.replace("runs-on:", "run-on:", 1), encoding="utf-8")
    assert accepts(broken).returncode == 1


def test_the_workflow_uses_no_secret_and_each_job_names_its_rights() -> None:
    assert "secrets" not in TEXT.replace("no secret", "")
    assert yaml.safe_load(TEXT)["permissions"] == {}
    for name, job in JOBS.items():
        assert job["timeout-minutes"], name
        assert set(job["permissions"]) <= {"contents", "id-token", "attestations", "packages"}
        assert job["permissions"].get("contents", "read") == "read"
    publishing = {name for name, job in JOBS.items() if "environment" in job}
    assert publishing == {"index", "image"}
    assert all(JOBS[name]["needs"] == "package" for name in publishing)


def test_the_image_is_built_for_two_machines_with_provenance() -> None:
    (built,) = (step["with"] for step in steps("image") if "build-push-action" in step.get("uses", ""))
    assert built["platforms"] == "linux/amd64,linux/arm64"
    assert built["provenance"] == "mode=max"
    targets = {one["target"] for one in JOBS["image"]["strategy"]["matrix"]["include"]}
    stages = set(re.findall(r"^FROM .* AS (\S+)$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    assert targets - {""} == {"with-python"}
    assert targets - {""} <= stages


def test_every_step_is_a_script_that_bash_can_parse() -> None:
    scripts = [step["run"] for name in JOBS for step in steps(name) if "run" in step]
    assert len(scripts) > 3
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the command of the workflow fills."""
    (command,) = (step["run"] for step in steps("package") if step.get("name") == "Build")
    words = command.split()
    assert words[:2] == ["python", "-m"]
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, *words[1:-1], str(folder)], cwd=PROJECT, check=True, capture_output=True
    )
    return folder


def test_the_workflow_builds_a_source_distribution_and_a_wheel_of_this_version(dist: Path) -> None:
    assert {file.name for file in dist.iterdir()} == {
        f"mkl_launch-{__version__}.tar.gz",
        f"mkl_launch-{__version__}-py3-none-any.whl",
    }


def test_a_wheel_that_is_built_from_the_source_distribution_has_the_same_files(
    dist: Path, tmp_path: Path
) -> None:
    (source,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        "wheel",
        "--directory",
        str(tmp_path),
    ]
    subprocess.run(command, cwd=tmp_path / f"mkl_launch-{__version__}", check=True, capture_output=True)
    (again,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert set(one.namelist()) == set(other.namelist())


def test_a_report_and_a_start_need_no_other_package(installed: Path, tmp_path: Path) -> None:
    """As the table of dependencies says."""
    (tmp_path / "bare").mkdir()
    launcher = uncompiled(installed, tmp_path / "bare")
    environ = {"PATH": PATH, "MKL_LAUNCH_CPUS": "1"}
    assert json.loads(said([launcher, "--json"], environ))["budget"]["threads"] == 1
    assert said([launcher, "-q", "--", "printenv", "OMP_NUM_THREADS"], environ).strip() == "1"
    assert {file.name for file in (tmp_path / "bare").iterdir()} == {"bin", "mkl_launch"}
