"""The jobs that tune, and what uses their profile, fit together, and the launcher reads their words."""

from __future__ import annotations

import json
from typing import Any

import kubernetes_validate
import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from dockerfile_parse import DockerfileParser

from mkl_launch.cli.reader import read
from mkl_launch.core.option_names import JSON, PROFILES
from mkl_launch.model.request import Request
from mkl_launch.program.recognise import recognise
from testing.project import PROJECT

FOLDER = PROJECT / "examples" / "tune"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((FOLDER / "job.yaml").read_text(encoding="utf-8"))
)
CLAIM, TUNING, TRAINING = MANIFESTS
TASK: dict[str, Any] = json.loads((FOLDER / "task-definition.json").read_text(encoding="utf-8"))


def container_of(job: dict[str, Any]) -> dict[str, Any]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return dict(container)


def tuning_of(words: list[str]) -> Request:
    """Return the request of a job that tunes: its words begin with the launcher."""
    assert words[0] == "mkl-launch"
    request = read(words[1:], {}, {})
    assert request.tune
    return request


@pytest.mark.parametrize("version", ["1.30", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("number", range(len(MANIFESTS)))
def test_kubernetes_accepts_the_manifests(number: int, version: str) -> None:
    kubernetes_validate.validate(MANIFESTS[number], version, strict=True)


def test_ecs_accepts_the_task() -> None:
    model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    assert str(ParamValidator().validate(TASK, shape).generate_report()) == ""


def test_the_second_job_names_the_profile_that_the_first_one_saves() -> None:
    first, second = container_of(TUNING), container_of(TRAINING)
    request = tuning_of([*first["command"], *first["args"]])
    assert request.tune
    named = next(pair["value"] for pair in second["env"] if pair["name"] == "MKL_LAUNCH_TUNED")
    assert request.tune.save == named
    tuned, used = recognise(request.command, {}), recognise(tuple(second["args"]), {})
    assert tuned.name == used.name == "train.py", "a profile fits only the same name"
    for field in ("image", "resources"):
        assert first[field] == second[field], "and the same kind of limit"
    for container, job in ((first, TUNING), (second, TRAINING)):
        (mount,) = container["volumeMounts"]
        (volume,) = job["spec"]["template"]["spec"]["volumes"]
        assert mount["name"] == volume["name"]
        assert named.startswith(f"{mount['mountPath']}/")
        assert volume["persistentVolumeClaim"]["claimName"] == CLAIM["metadata"]["name"]


def test_the_task_prints_the_profile_that_the_image_gets() -> None:
    (container,) = TASK["containerDefinitions"]
    request = tuning_of([*container["entryPoint"], *container["command"]])
    assert request.report == JSON
    name = recognise(request.command, {}).name
    steps = DockerfileParser(path=str(FOLDER)).structure
    (copy,) = (step["value"].split() for step in steps if step["instruction"] == "COPY")
    assert copy == [f"{name}.json", f"{PROFILES}/{name}.json"]
    assert f"> {name}.json" in PAGE
