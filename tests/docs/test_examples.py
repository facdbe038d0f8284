"""The examples are accepted by the validator of their kind, and do what their page says."""

from __future__ import annotations

import io
import json
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kubernetes_validate
import pytest
import yaml
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from dockerfile_parse import DockerfileParser

from mkl_launch.core.cpulist import plural
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.all_commands import BY_NAME
from testing.agent import agent, says
from testing.guide import GUIDE
from testing.process import PATH, said, start
from testing.project import PROJECT
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = PROJECT / "examples"
GUIDE_PAGE = PROJECT / "docs" / "from-the-aws-guide.md"
GRAVITON_PAGE = PROJECT / "docs" / "from-the-graviton-guide.md"
TASKS = sorted(EXAMPLES.glob("ecs/*.json"))
MANIFESTS = sorted(EXAMPLES.glob("eks/*.yaml"))
DOCKERFILES = sorted(EXAMPLES.glob("dockerfiles/*.Dockerfile"))
COMPOSE = EXAMPLES / "compose" / "compose.yaml"
DEVCONTAINER = EXAMPLES / "devcontainer" / "devcontainer.json"
PAGES = [*sorted(EXAMPLES.glob("*/README.md")), GUIDE_PAGE, GRAVITON_PAGE]
TO_DEPLOY = [*TASKS, *MANIFESTS, *DOCKERFILES, COMPOSE, DEVCONTAINER]

KUBERNETES = ("1.30", kubernetes_validate.latest_version())
SERVER = ["tensorflow_model_server", "--port=8500"]


@dataclass(frozen=True)
class Container:
    """A machine with its limits, the command and the variables that are given to it."""

    machine: Spec
    words: list[str] = field(default_factory=lambda: list(SERVER))
    environ: dict[str, str] = field(default_factory=dict)


def c5_18xlarge(**limits: Any) -> Spec:
    """Return a container on the machine of the AWS guide."""
    return Spec(sockets=2, cores=18, threads=2, **limits)


def place_of(file: Path) -> str:
    """Return the path of a file within the project, for the name of a test."""
    return str(file.relative_to(PROJECT))


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


# --- Amazon ECS


def refusals(task: dict[str, Any]) -> str:
    """Return the errors by AWS's own model of the request; nothing for a correct one."""
    model = ServiceModel(Loader().load_service_model("ecs", "service-2"))
    shape = model.operation_model("RegisterTaskDefinition").input_shape
    return str(ParamValidator().validate(task, shape).generate_report())


def task_of(file: Path) -> dict[str, Any]:
    task: dict[str, Any] = json.loads(text_of(file))
    return task


def variables_of(container: dict[str, Any]) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in container.get("environment", [])}


@pytest.mark.parametrize("file", TASKS, ids=place_of)
def test_ecs_accepts_the_task_definition(file: Path) -> None:
    assert refusals(task_of(file)) == ""


def test_ecs_refuses_the_number_of_the_aws_guide() -> None:
    task = task_of(TASKS[0])
    task["containerDefinitions"][0]["environment"] = [{"name": "KMP_BLOCKTIME", "value": 1}]
    assert "Invalid type for parameter containerDefinitions[0].environment[0].value" in refusals(task)


def test_ecs_refuses_a_field_that_it_does_not_know() -> None:
    task = task_of(TASKS[0])
    task["containerDefinitions"][0]["entrypoint"] = ["sh", "-c"]
    assert "Unknown parameter in containerDefinitions[0]" in refusals(task)


@pytest.mark.parametrize("file", TASKS, ids=place_of)
def test_the_limit_of_the_task_is_asked_of_the_agent(file: Path, launcher: str) -> None:
    cpus = int(task_of(file)["cpu"]) / 1024
    with agent(says({"Limits": {"CPU": cpus, "Memory": 4096}})) as (uri, _):
        found = json.loads(said([launcher, "--json"], {"ECS_CONTAINER_METADATA_URI_V4": uri}))
    assert found["budget"]["quota_cpus"] == cpus


def test_the_fargate_task_has_the_fields_that_fargate_requires() -> None:
    task = task_of(EXAMPLES / "ecs" / "task-definition-fargate.json")
    assert task["networkMode"] == "awsvpc"
    assert task["executionRoleArn"]
    assert int(task["cpu"]) in {256, 512, 1024, 2048, 4096, 8192, 16384}
    # From 1 to 4 CPUs: 2 to 8 GB for each of them.
    assert 2 <= int(task["memory"]) / int(task["cpu"]) <= 8
    ports = task["containerDefinitions"][0]["portMappings"]
    assert all(port.get("hostPort", port["containerPort"]) == port["containerPort"] for port in ports)


def test_only_the_shell_task_replaces_the_entrypoint() -> None:
    entries = {file.stem: task_of(file)["containerDefinitions"][0].get("entryPoint") for file in TASKS}
    assert {name: entry for name, entry in entries.items() if entry} == {
        "task-definition-shell": ["sh", "-c"]
    }


def test_the_server_at_the_end_of_the_shell_task_is_told_its_limit(launcher: str, tmp_path: Path) -> None:
    """With the shim of the image, before a stand-in for the server and one for the command line of AWS."""
    container = task_of(EXAMPLES / "ecs" / "task-definition-shell.json")["containerDefinitions"][0]
    (words,) = installed_shims()
    shims = tmp_path / "shims"
    said([launcher, "--install-shims", str(shims), *words[words.index("--install-shims") + 2 :]])
    aws = tmp_path / "aws"
    aws.write_text("#!/bin/sh\n", encoding="utf-8")
    aws.chmod(0o755)
    path = f"{shims}:{tmp_path}:{PROJECT / 'testing' / 'programs'}:{PATH}"
    environ = {**variables_of(container), "PATH": path, "MKL_LAUNCH_LOG": "quiet"}
    environ["MKL_LAUNCH_CPUS"] = "1"  # there may be no more here
    found = json.loads(said([*container["entryPoint"], *container["command"]], environ))
    assert (found["intra"], found["inter"], found["port"], found["unknown"]) == (1, 2, 8500, [])


# --- Kubernetes


def documents(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(text_of(file)))


def containers(file: Path) -> list[dict[str, Any]]:
    pods = (document["spec"].get("template") for document in documents(file))
    return [container for pod in pods if pod for container in pod["spec"]["containers"]]


def cpus(quantity: str) -> float:
    """Return the CPUs of a quantity: "1500m" or "8"."""
    return int(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("file", MANIFESTS, ids=place_of)
def test_kubernetes_accepts_the_manifest(file: Path, version: str) -> None:
    assert documents(file)
    for document in documents(file):
        kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize(
    "broken",
    [
        {"resource": {"limits": {"cpu": "1"}}},
        {"env": [{"name": "OMP_NUM_THREADS", "value": 36}]},
        {"env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resources": "limits.cpu"}}}]},
    ],
    ids=["unknown field", "the number of the AWS guide", "misspelt reference"],
)
def test_kubernetes_refuses_a_broken_manifest(broken: dict[str, Any]) -> None:
    (job,) = documents(EXAMPLES / "eks" / "training-job.yaml")
    job["spec"]["template"]["spec"]["containers"][0].update(broken)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, KUBERNETES[-1], strict=True)


@pytest.mark.parametrize("file", MANIFESTS, ids=place_of)
def test_a_manifest_leaves_the_entrypoint_in_place(file: Path) -> None:
    assert list(containers(file))
    for container in containers(file):
        assert container["args"]
        assert "command" not in container


@pytest.mark.parametrize("file", MANIFESTS, ids=place_of)
def test_a_manifest_passes_limit_and_request(file: Path) -> None:
    assert list(containers(file))
    for container in containers(file):
        given = {entry["name"]: entry["valueFrom"]["resourceFieldRef"] for entry in container["env"]}
        assert given == {
            "MKL_LAUNCH_CPU_LIMIT": {"resource": "limits.cpu", "divisor": "1m"},
            "MKL_LAUNCH_CPU_REQUEST": {"resource": "requests.cpu", "divisor": "1m"},
        }


def test_the_selectors_of_a_manifest_find_its_pods() -> None:
    for file in MANIFESTS:
        labels = [
            d["spec"]["template"]["metadata"]["labels"] for d in documents(file) if "template" in d["spec"]
        ]
        assert labels, file
        for document in documents(file):
            selector = document["spec"].get("selector", {})
            wanted = selector.get("matchLabels", selector)
            assert all(wanted.items() <= found.items() for found in labels), document["kind"]


@pytest.mark.parametrize(
    ("name", "cpuset", "expected"),
    [
        ("serving-deployment", "", "1 thread, free"),
        ("training-job", "", "3 threads, free"),
        ("pinned-statefulset", "2-5,38-41", "4 threads, pinned"),  # with the static CPU manager, from 1.33
        ("pinned-statefulset", "2-5,38-41 quota", "4 threads, pinned"),  # until 1.32
        ("pinned-statefulset", "2-5,38-42", "5 threads, free"),  # a pool, by strict-cpu-reservation
        ("pinned-statefulset", "", "8 threads, free"),  # without
        ("burstable", "", "1 thread, free"),
    ],
)
def test_a_manifest_gives_the_threads_of_its_page(
    launcher: str, tmp_path: Path, name: str, cpuset: str, expected: str
) -> None:
    (container,) = containers(EXAMPLES / "eks" / f"{name}.yaml")
    limit = container["resources"]["limits"].get("cpu")
    cpuset, _, quota = cpuset.partition(" ")
    # Since 1.33 a container with CPUs of its own has no quota (DisableCPUQuotaWithExclusiveCPUs).
    has_quota = limit and (quota or not cpuset)
    machine = c5_18xlarge(mask=cpuset, cpuset=cpuset, quota=cpus(limit) if has_quota else None)
    told = {"LIMIT": limit or "71900m", "REQUEST": container["resources"]["requests"]["cpu"]}
    environ = {f"MKL_LAUNCH_CPU_{name}": f"{cpus(text) * 1000:.0f}" for name, text in told.items()}
    found = settings(launcher, tmp_path, Container(machine, container["args"], environ))
    threads = plural(int(found["OMP_NUM_THREADS"] or 0), "thread")
    assert f"{threads}, {'pinned' if found['KMP_AFFINITY'] else 'free'}" == expected


def test_the_pinned_pods_are_guaranteed_whole_cpus_and_the_burstable_ones_unlimited() -> None:
    (pinned,) = containers(EXAMPLES / "eks" / "pinned-statefulset.yaml")
    assert pinned["resources"]["requests"] == pinned["resources"]["limits"]
    assert pinned["resources"]["limits"]["cpu"].isdigit()
    (burstable,) = containers(EXAMPLES / "eks" / "burstable.yaml")
    assert burstable["resources"]["requests"]["cpu"]
    assert "cpu" not in burstable["resources"]["limits"]


# --- Docker Compose


def compose_accepts(file: Path) -> subprocess.CompletedProcess[str]:
    """Return the schema of the Compose specification, which check-jsonschema carries."""
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_compose_accepts_the_file() -> None:
    done = compose_accepts(COMPOSE)
    assert done.returncode == 0, done.stdout


def test_compose_refuses_a_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "compose.yaml"
    broken.write_text(text_of(COMPOSE).replace("cpuset:", "cpu_set:"), encoding="utf-8")
    done = compose_accepts(broken)
    assert done.returncode == 1
    assert "'cpu_set' was unexpected" in done.stdout


def test_compose_builds_from_dockerfiles_that_are_there() -> None:
    services = yaml.safe_load(text_of(COMPOSE))["services"]
    assert {"cpus", "cpuset"} <= {field for service in services.values() for field in service}
    for service in services.values():
        build = service["build"]
        assert (COMPOSE.parent / build["context"] / build["dockerfile"]).resolve() in DOCKERFILES


# --- Slots

SLOTS = EXAMPLES / "slots"


def test_ecs_and_compose_accept_the_files_of_slots() -> None:
    assert refusals(task_of(SLOTS / "task-definition.json")) == ""
    done = compose_accepts(SLOTS / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_all_containers_of_an_example_mount_the_directory_of_their_slots() -> None:
    services = yaml.safe_load(text_of(SLOTS / "compose.yaml"))["services"].values()
    found = [
        (service["environment"]["MKL_LAUNCH_SLOTS"], volume.partition(":")[2])
        for service in services
        for volume in service["volumes"]
        if volume.startswith("slots:")
    ]
    (container,) = task_of(SLOTS / "task-definition.json")["containerDefinitions"]
    (mount,) = container["mountPoints"]
    found.append((variables_of(container)["MKL_LAUNCH_SLOTS"], mount["containerPath"]))
    assert len(found) == 3
    assert {(slots.rpartition(":")[0], place) for slots, place in found} == {("/run/mkl-launch",) * 2}


# --- Development containers


def test_the_development_container_builds_from_a_dockerfile_that_is_there() -> None:
    build = json.loads(text_of(DEVCONTAINER))["build"]
    assert (DEVCONTAINER.parent / build["dockerfile"]).resolve() in DOCKERFILES
    assert (DEVCONTAINER.parent / build["context"]).is_dir()


def test_each_shell_of_the_development_container_has_the_settings(launcher: str, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": f"{Path(launcher).parent}:{PATH}", "MKL_LAUNCH_CPUS": "1"}
    said(["sh", "-c", json.loads(text_of(DEVCONTAINER))["postCreateCommand"]], environ)
    script = '. ~/.bashrc && printf %s "$OMP_NUM_THREADS"'
    assert said(["bash", "-c", script], environ) == "1"


# --- Dockerfiles


def instructions(file: Path) -> list[tuple[str, str]]:
    parsed = DockerfileParser(fileobj=io.BytesIO(file.read_bytes())).structure
    return [(part["instruction"], part["value"]) for part in parsed if part["instruction"] != "COMMENT"]


def installed_shims() -> Iterator[list[str]]:
    """Yield the words of every `mkl-launch --install-shims` in the Dockerfiles."""
    for file in DOCKERFILES:
        for name, value in instructions(file):
            found = simple_commands(value) if name == "RUN" else []
            yield from (list(words) for words in found if "--install-shims" in words)


@pytest.mark.parametrize("file", DOCKERFILES, ids=place_of)
def test_a_dockerfile_adds_at_most_four_instructions_to_any_image(file: Path) -> None:
    found = instructions(file)
    assert [name for name, _ in found[:2]] == ["ARG", "FROM"]
    assert found[0][1].startswith("BASE_IMAGE=")
    assert found[1][1] == "${BASE_IMAGE}"
    assert len(found[2:]) <= 4
    assert ("COPY", "--from=mkl-launch /opt/mkl-launch /opt/mkl-launch") in found


@pytest.mark.parametrize("file", DOCKERFILES, ids=place_of)
def test_a_dockerfile_starts_the_launcher_without_a_shell(file: Path) -> None:
    found = dict(instructions(file))
    assert json.loads(found["ENTRYPOINT"])[:2] == ["mkl-launch", "--"]
    assert isinstance(json.loads(found.get("CMD", "[]")), list)


def test_the_shims_come_first_on_the_path() -> None:
    (words,) = installed_shims()
    found = dict(instructions(EXAMPLES / "dockerfiles" / "tensorflow-serving.Dockerfile"))
    folder = words[words.index("--install-shims") + 1]
    assert found["ENV"].partition("=")[2].split(":")[0] == folder


# --- All of them


def simple_commands(script: str) -> list[tuple[str, ...]]:
    """Return the commands of a list with &&, as words."""
    return [tuple(shlex.split(part)) for part in script.split("&&")]


def image_commands(file: Path) -> list[tuple[str, ...]]:
    """Return the commands that the containers of an example start."""
    if file in TASKS:
        found = [container["command"] for container in task_of(file)["containerDefinitions"]]
        return [words for command in found for words in split_script(command)]
    if file in MANIFESTS:
        return [tuple(container["args"]) for container in containers(file)]
    if file == COMPOSE:
        return [tuple(service["command"]) for service in yaml.safe_load(text_of(file))["services"].values()]
    if file in DOCKERFILES:
        found = [json.loads(value) for name, value in instructions(file) if name in ("ENTRYPOINT", "CMD")]
        return [tuple(word for part in found for word in part)]
    runs = re.findall(r"docker run .*?image ((?:.|\n  )+?)[`\n]", text_of(file))
    return [tuple(shlex.split(run)) for run in runs]


def split_script(command: list[str]) -> list[tuple[str, ...]]:
    return [tuple(command)] if len(command) > 1 else simple_commands(command[0])


def known_commands(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the commands with a known program in them, and its name."""
    for words in image_commands(file):
        names = [word.rpartition("/")[2] for word in words]
        yield from ((name, words) for name in names if name in BY_NAME)


@pytest.mark.parametrize("file", [*TO_DEPLOY, *PAGES], ids=place_of)
def test_a_known_program_in_a_command_is_recognised(file: Path) -> None:
    for name, words in known_commands(file):
        program = recognise(words)
        assert (program.suspected_row or program.row).name == name, words


def test_the_examples_have_known_programs() -> None:
    found = {name for file in (*TO_DEPLOY, *PAGES) for name, _ in known_commands(file)}
    assert found == {"tensorflow_model_server", "torchrun", "gunicorn", "serve"}


@pytest.mark.parametrize("file", TO_DEPLOY, ids=place_of)
def test_no_number_of_threads_is_written_down(file: Path) -> None:
    assert not re.search(r"(NUM_THREADS|PARALLELISM|AFFINITY|BLOCKTIME)", text_of(file))


def test_a_page_names_a_number_of_threads_only_as_the_users_own() -> None:
    texts = [re.sub(r"```output.*?```", "", text_of(page), flags=re.DOTALL) for page in PAGES]
    sections = [section for text in texts for section in re.split(r"^#+ ", text, flags=re.MULTILINE)]
    with_number = [section for section in sections if re.search(r"OMP_NUM_THREADS=\d", section)]
    assert with_number
    for section in with_number:
        assert "your own number" in section.partition("\n")[0].lower(), section


@pytest.mark.parametrize("page", PAGES, ids=place_of)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)]+)\)", text_of(page)):
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.is_file(), target
        assert not anchor or anchor in anchors(file), target


def anchors(page: Path) -> list[str]:
    """Return the headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), flags=re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("folder", sorted({file.parent for file in TO_DEPLOY}), ids=place_of)
def test_every_example_is_on_the_page_of_its_folder(folder: Path) -> None:
    page = text_of(folder / "README.md")
    for file in TO_DEPLOY:
        assert file.parent != folder or f"({file.name})" in page, file


def test_the_launcher_has_every_option_that_is_named(launcher: str) -> None:
    options = said([launcher, "--help"])
    named = {
        option
        for file in (*TO_DEPLOY, *PAGES)
        for option in re.findall(r"mkl-launch (--[a-z-]+)", text_of(file))
    }
    assert named
    assert {option for option in named if option not in options} == set()


# --- What is said to come out


def report(launcher: str, folder: Path, container: Container, kind: str) -> str:
    """Return what the launcher reports for a machine made of files."""
    sysroot(folder, container.machine)
    words = [launcher, "--quiet", "--sysroot", str(folder), kind, "--", *container.words]
    return said(words, container.environ)


def settings(launcher: str, folder: Path, container: Container) -> dict[str, str | None]:
    document = json.loads(report(launcher, folder, container, "--json"))
    return {setting["name"]: setting["value"] for setting in document["settings"]}


@pytest.mark.parametrize(
    ("name", "container"),
    [
        ("cpus", Container(c5_18xlarge(quota=1.5))),
        ("cpuset", Container(c5_18xlarge(mask="0-3", cpuset="0-3"))),
        ("own", Container(c5_18xlarge(mask="0-3", cpuset="0-3"), environ={"OMP_NUM_THREADS": "2"})),
        ("whole", Container(c5_18xlarge())),
    ],
)
def test_the_page_for_ec2_shows_what_the_launcher_says(
    launcher: str, tmp_path: Path, name: str, container: Container
) -> None:
    (shown,) = re.findall(
        rf"```output {name}\n(.*?)```", text_of(EXAMPLES / "ec2" / "README.md"), re.DOTALL
    )
    assert len(shown.splitlines()) > 1
    form = "--explain=all" if name == "whole" else "--explain"
    lines = iter(report(launcher, tmp_path, container, form).splitlines())
    for line in shown.splitlines():
        # In this order; a line may be cut off where its columns end.
        assert line == "..." or any(f"{real}  ".startswith(f"{line}  ") for real in lines), line


def test_the_readme_shows_what_the_launcher_says(launcher: str, tmp_path: Path) -> None:
    (shown,) = re.findall(r"```text\n(threads   .*?)```", text_of(PROJECT / "README.md"), re.DOTALL)
    container = Container(Spec(cores=2, quota=1.5), ["python", "train.py"])
    assert set(shown.splitlines()) <= set(report(launcher, tmp_path, container, "--explain").splitlines())


DESCRIBED = [
    line for page in PAGES for line in re.findall(r"mkl-launch (--[^`\n]*--machine[^`\n]*)", text_of(page))
]


def test_a_page_shows_a_report_of_a_simulated_machine() -> None:
    assert DESCRIBED


@pytest.mark.parametrize("line", DESCRIBED)
def test_a_report_of_a_simulated_machine_on_a_page_names_the_threads(line: str, launcher: str) -> None:
    assert "OMP_NUM_THREADS" in said([launcher, *shlex.split(line)])


def guide_table(page: Path = GUIDE_PAGE) -> dict[str, list[str]]:
    """Return the rows of the page: the guide's value, that on its machine, that under a limit."""
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \|$", text_of(page), re.MULTILINE)
    return {name: list(values) for name, *values in rows}


@pytest.mark.parametrize(("column", "quota"), [(1, None), (2, 4)])
def test_the_page_from_the_guide_has_the_real_values(
    launcher: str, tmp_path: Path, column: int, quota: float | None
) -> None:
    found = settings(launcher, tmp_path, Container(c5_18xlarge(quota=quota)))
    for name, values in guide_table().items():
        assert values[column] == (found[name] or "unset"), name


def test_the_page_from_the_guide_has_the_whole_guide() -> None:
    quoted = {name: values[0].replace("verbose,", "") for name, values in guide_table().items()}
    assert quoted == GUIDE


@pytest.mark.parametrize(("column", "quota"), [(1, None), (2, 4)])
def test_the_page_from_the_graviton_guide_has_the_real_values(
    launcher: str, tmp_path: Path, column: int, quota: float | None
) -> None:
    machine = Spec(cores=64, architecture="arm", quota=quota)
    found = settings(launcher, tmp_path, Container(machine, ["python", "serve.py"]))
    rows = guide_table(GRAVITON_PAGE)
    assert {name: values[column] for name, values in rows.items()} == {
        name: found.get(name) or "unset" for name in rows
    }


LEFT = re.findall(r"^\| `(\w+=\w+)` \|", text_of(GRAVITON_PAGE), re.MULTILINE)


def test_nothing_that_changes_results_or_memory_is_set(launcher: str, tmp_path: Path) -> None:
    """And what the user sets of it stays."""
    assert "DNNL_DEFAULT_FPMATH_MODE=BF16" in LEFT
    graviton = dict(line.split("=") for line in [*LEFT, "OMP_PROC_BIND=false", "OMP_PLACES=cores"])
    container = Container(Spec(cores=64, architecture="arm"), ["python", "serve.py"])
    assert not graviton.keys() & {
        name for name, value in settings(launcher, tmp_path, container).items() if value
    }
    done = start([launcher, "--quiet", "--", "env"], {"PATH": PATH, **graviton})
    assert set(done.stdout.decode().splitlines()) >= {f"{name}={value}" for name, value in graviton.items()}


@pytest.mark.parametrize(
    ("name", "value", "follows"),
    [
        ("OMP_NUM_THREADS", "8", "TF_NUM_INTRAOP_THREADS"),
        ("KMP_AFFINITY", "granularity=fine,verbose,compact,1,0", ""),
    ],
)
def test_keeps_a_number_of_the_user(
    launcher: str, tmp_path: Path, name: str, value: str, follows: str
) -> None:
    assert f"`-e {name}={value}`" in text_of(GUIDE_PAGE)
    found = settings(launcher, tmp_path, Container(c5_18xlarge(), environ={name: value}))
    assert found[name] == value
    assert not follows or found[follows] == value


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"KMP_AFFINITY": ""}, {"KMP_AFFINITY": None, "OMP_NUM_THREADS": "36"}),
        ({"OMP_NUM_THREADS": "auto"}, {"OMP_NUM_THREADS": "36"}),
        ({"MKL_LAUNCH_CPUS": "4"}, {"OMP_NUM_THREADS": "4", "KMP_AFFINITY": None}),
        ({"MKL_LAUNCH_BIND": "never"}, {"OMP_NUM_THREADS": "36", "KMP_AFFINITY": None}),
    ],
)
def test_variables_on_the_page_from_the_guide_have_their_effect(
    launcher: str, tmp_path: Path, environ: dict[str, str], expected: dict[str, str | None]
) -> None:
    ((name, value),) = environ.items()
    assert f"`-e {name}={value}`" in text_of(GUIDE_PAGE)
    found = settings(launcher, tmp_path, Container(c5_18xlarge(), environ=environ))
    assert {name: found[name] for name in expected} == expected
