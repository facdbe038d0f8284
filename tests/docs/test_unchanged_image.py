"""The examples that leave an image as it is are accepted, and start its command through the launcher."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import celpy
import kubernetes_validate
import pytest
import yaml
from celpy.adapter import CELJSONEncoder, json_to_cel
from celpy.celtypes import MessageType

from mkl_launch import __version__
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = PROJECT / "examples" / "unchanged-image"
DEPLOYMENTS = {
    "init-container.yaml": ("1.30", kubernetes_validate.latest_version()),
    "image-volume.yaml": ("1.35", kubernetes_validate.latest_version()),
}
POLICY = FOLDER / "admission-policy.yaml"
COMPOSE = FOLDER / "compose.yaml"
COMPONENT = FOLDER / "kustomize" / "mkl-launch"
ENTRY = ["/opt/mkl-launch/bin/mkl-launch", "--"]
SERVER = ["gunicorn", "--workers=2", "--bind=0.0.0.0:8080", "scoring:app"]


def documents(text: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text))


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def pod_of(document: dict[str, Any]) -> dict[str, Any]:
    pod: dict[str, Any] = document["spec"]["template"]["spec"]
    return pod


def check_launched(pod: dict[str, Any], command: list[str]) -> None:
    """Assert that the first container starts this command through a launcher that is mounted."""
    container = pod["containers"][0]
    assert container["command"] == [*ENTRY, *command]
    (mount,) = (mount for mount in container["volumeMounts"] if mount["name"] == "mkl-launch")
    assert mount["mountPath"] == "/opt/mkl-launch"
    (volume,) = (volume for volume in pod["volumes"] if volume["name"] == "mkl-launch")
    if "image" in volume:
        assert mount["subPath"] == "opt/mkl-launch"
    else:
        assert volume["emptyDir"] == {}
        (copier,) = (one for one in pod["initContainers"] if one["name"] == "mkl-launch")
        assert copier["command"][-1].rstrip("/") == copier["volumeMounts"][0]["mountPath"]


# --- Kubernetes


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_kubernetes_accepts_a_deployment_whose_command_begins_with_the_launcher(name: str) -> None:
    (document,) = documents(text_of(FOLDER / name))
    for version in DEPLOYMENTS[name]:
        kubernetes_validate.validate(document, version, strict=True)
    check_launched(pod_of(document), SERVER)


def test_kubernetes_refuses_an_image_volume_that_is_misspelt() -> None:
    (document,) = documents(text_of(FOLDER / "image-volume.yaml"))
    pod_of(document)["volumes"][0]["image"] = {"ref": "mkl-launch"}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, DEPLOYMENTS["image-volume.yaml"][0], strict=True)


def test_every_manifest_names_an_image_of_this_version() -> None:
    named = [
        image
        for file in FOLDER.rglob("*.yaml")
        for image in re.findall(r"registry\.example\.com/mkl-launch:([\w.]+)", text_of(file))
    ]
    assert set(named) == {__version__}


# --- Kustomize


def kustomize(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build with the kustomize of kubectl; Debian 12 has none that knows components."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    command = ["kubectl", "kustomize", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """Return a copy of the example, to be changed."""
    return shutil.copytree(FOLDER / "kustomize", tmp_path / "kustomize")


def test_the_component_adds_the_launcher_to_a_deployment() -> None:
    done = kustomize(FOLDER / "kustomize")
    assert done.returncode == 0, done.stderr
    (document,) = documents(done.stdout)
    kubernetes_validate.validate(document, "1.30", strict=True)
    check_launched(pod_of(document), SERVER)


def test_the_component_keeps_the_volumes_and_init_containers_of_a_deployment(overlay: Path) -> None:
    file = overlay / "deployment.yaml"
    (document,) = documents(text_of(file))
    pod = pod_of(document)
    pod["initContainers"] = [{"name": "migrate", "image": "migrate:1"}]
    pod["volumes"] = [{"name": "models", "emptyDir": {}}]
    pod["containers"][0]["volumeMounts"] = [{"name": "models", "mountPath": "/models"}]
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    (changed,) = documents(kustomize(overlay).stdout)
    check_launched(pod_of(changed), SERVER)
    for name in ("initContainers", "volumes"):
        assert pod[name][0] in pod_of(changed)[name]
    assert pod["containers"][0]["volumeMounts"][0] in pod_of(changed)["containers"][0]["volumeMounts"]


def test_the_component_refuses_a_deployment_without_a_command(overlay: Path) -> None:
    file = overlay / "deployment.yaml"
    (document,) = documents(text_of(file))
    del pod_of(document)["containers"][0]["command"]
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    done = kustomize(overlay)
    assert done.returncode == 1
    assert "/spec/template/spec/containers/0/command/0" in done.stderr


# --- The admission policy

# A type as "Object.spec.volumes" before its fields; celpy takes names without dots only.
TYPE = re.compile(r"\b(?:Object|JSONPatch)[\w.]*(?=\{)")


def evaluate(expression: str, pod: dict[str, Any]) -> Any:
    """Return the value of an expression of the policy for this pod, as plain values."""
    names = {name.replace(".", "_") for name in TYPE.findall(expression)}
    plain = TYPE.sub(lambda match: match[0].replace(".", "_"), expression)
    environment = celpy.Environment(annotations=dict.fromkeys(names, MessageType))
    program = environment.program(environment.compile(plain))
    value = program.evaluate({"object": json_to_cel(pod)})
    return json.loads(json.dumps(value, cls=CELJSONEncoder))


def merged(kept: list[dict[str, Any]], added: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Return a list as server-side apply merges it by this key."""
    by_key = {one[key]: copy.deepcopy(one) for one in kept}
    for one in added:
        before = by_key.get(one[key], {})
        by_key[one[key]] = {**before, **one}
        if "volumeMounts" in one:
            mounts = merged(before.get("volumeMounts", []), one["volumeMounts"], "mountPath")
            by_key[one[key]]["volumeMounts"] = mounts
    return list(by_key.values())


def admitted(pod: dict[str, Any]) -> dict[str, Any]:
    """Return the pod as the policy changes it."""
    policy = documents(text_of(POLICY))[0]["spec"]
    pod = copy.deepcopy(pod)
    if not all(evaluate(one["expression"], pod) for one in policy["matchConditions"]):
        return pod
    for mutation in policy["mutations"]:
        if mutation["patchType"] == "ApplyConfiguration":
            applied = evaluate(mutation["applyConfiguration"]["expression"], pod)["spec"]
            for name, added in applied.items():
                pod["spec"][name] = merged(pod["spec"].get(name, []), added, "name")
        else:
            for patch in evaluate(mutation["jsonPatch"]["expression"], pod):
                place = re.fullmatch(r"/spec/containers/(\d)/command", patch["path"])
                assert place
                assert patch["op"] == "replace"
                pod["spec"]["containers"][int(place[1])]["command"] = patch["value"]
    return pod


def pod(**fields: Any) -> dict[str, Any]:
    """Return a pod of one container, with these fields of its own."""
    container = {"name": "scoring", "image": "scoring:1.0", **fields}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "scoring", "labels": {"app": "scoring"}},
        "spec": {"containers": [container]},
    }


def test_kubernetes_accepts_the_policy_and_its_binding() -> None:
    policy, binding = documents(text_of(POLICY))
    for document in (policy, binding):
        kubernetes_validate.validate(document, "1.36", strict=True)
    assert binding["spec"]["policyName"] == policy["metadata"]["name"]


def test_the_policy_starts_a_command_through_the_launcher() -> None:
    changed = admitted(pod(command=SERVER))
    kubernetes_validate.validate(changed, "1.36", strict=True)
    check_launched(changed["spec"], SERVER)
    assert admitted(changed) == changed


def test_the_policy_keeps_mounts_volumes_and_other_containers() -> None:
    before = pod(command=SERVER, volumeMounts=[{"name": "models", "mountPath": "/models"}])
    before["spec"]["volumes"] = [{"name": "models", "emptyDir": {}}]
    before["spec"]["containers"].append({"name": "sidecar", "image": "proxy:1"})
    changed = admitted(before)
    check_launched(changed["spec"], SERVER)
    assert changed["spec"]["containers"][1] == before["spec"]["containers"][1]
    assert before["spec"]["volumes"][0] in changed["spec"]["volumes"]
    mounts = before["spec"]["containers"][0]["volumeMounts"]
    assert mounts[0] in changed["spec"]["containers"][0]["volumeMounts"]


def test_the_policy_leaves_a_pod_without_a_command() -> None:
    before = pod(args=SERVER)
    assert admitted(before) == before


def test_the_policy_leaves_a_pod_that_is_turned_off() -> None:
    before = pod(command=SERVER)
    before["metadata"]["labels"]["mkl-launch"] = "off"
    assert admitted(before) == before
    del before["metadata"]["labels"]
    assert admitted(before) != before


# --- Docker Compose


def test_compose_accepts_the_file_and_its_server_starts_through_the_launcher() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(COMPOSE),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    services = yaml.safe_load(text_of(COMPOSE))["services"]
    server, copier = services["scoring"], services["mkl-launch"]
    assert server["entrypoint"] == ENTRY
    assert server["volumes"] == ["mkl-launch:/opt/mkl-launch:ro"]
    assert copier["volumes"] == [f"mkl-launch:{copier['entrypoint'][-1].rstrip('/')}"]


# --- Page


def test_every_file_is_on_the_page() -> None:
    page = text_of(FOLDER / "README.md")
    for file in (
        *FOLDER.glob("*.yaml"),
        FOLDER / "kustomize" / "kustomization.yaml",
        COMPONENT / "kustomization.yaml",
    ):
        assert f"({file.relative_to(FOLDER)})" in page
