"""The commands on the pages: the command lines and Dockerfile instructions in their blocks of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").rglob("*.md")),
    *sorted((PROJECT / "examples").rglob("README.md")),
]
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELL = ""  # the language of a block that is not named
DOCKERFILE = "dockerfile"
OUTPUT = ("text", "output")  # with a command in each line that begins with "$ "
NO_COMMANDS = ("promql", "yaml")
COMMENT = re.compile(r"(^| {2,})# .*", re.MULTILINE)
CONTINUED = re.compile(r"\s*\\\n\s*|(?<=&&)\n\s*|(?<=\|)\n\s*")


@dataclass(frozen=True)
class Command:
    """A command of a page, in one line, and whether it is an instruction of a Dockerfile."""

    page: str
    text: str
    instruction: bool = False


def commands(text: str, page: str = "") -> list[Command]:
    """Return the commands of a page, in order. Raise ValueError for a block in another language."""
    collected = []
    for information, block in BLOCK.findall(text):
        language = information.partition(" ")[0]
        lines = COMMENT.sub("", CONTINUED.sub(" ", block)).splitlines()
        if language in OUTPUT:
            lines = [line[2:] for line in lines if line.startswith("$ ")]
        elif language in NO_COMMANDS:
            lines = []
        elif language.lower() not in (SHELL, DOCKERFILE):
            raise ValueError(f"{page}: a block in `{language}`: no test knows its commands")
        collected += [
            Command(page, line.strip(), language.lower() == DOCKERFILE) for line in lines if line.strip()
        ]
    return collected


def all_commands() -> list[Command]:
    """Return the commands of all pages, in order."""
    return [command for page in PAGES for command in commands(page.read_text(encoding="utf-8"), name(page))]


def name(page: Path) -> str:
    """Return the path of a page within the project."""
    return str(page.relative_to(PROJECT))


ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
# What no test runs, and why.
NOT_RUN = {
    "docker push REGISTRY/mkl-launch:0.2.0": "takes a registry and an account",
    "gh attestation verify mkl_launch-0.2.0-py3-none-any.whl --repo OWNER/NAME": "nothing is published",
    "gh attestation verify oci://ghcr.io/OWNER/NAME:v0.2.0 --repo OWNER/NAME": "nothing is published",
    "python -m venv /tmp/mutmut && /tmp/mutmut/bin/python -m pip install mutmut"
    " && /tmp/mutmut/bin/python -m pip install --group dev .": "downloads for minutes",
    "python examples/before_after/demo.py --seconds 5": "takes a minute of all CPUs",
    "docker compose up": "podman has no compose; tests/docs/test_examples.py checks the file by its schema",
    "kubectl exec daemonset/mkl-launch-doctor -- mkl-launch --doctor": "takes a cluster",
    "kubectl logs deployment/half-plus-two": "takes a cluster",
    "kubectl logs job/tune-training": "takes a cluster",
    "kubectl logs job/training": "takes a cluster",
    "aws logs get-log-events --log-group-name /ecs/tune-training --log-stream-name tune/tune/TASK-ID"
    " --start-from-head --query 'events[].message' --output json |"
    """ jq -r 'map(select(startswith("mkl-launch") | not)) | join("\\n") | fromjson"""
    " | .profile' > train.py.json": "takes an account",
    f"docker build --tag {ECR}/pytorch-training-tuned .": "takes a registry and an account",
    "kubectl label namespace NAMESPACE mkl-launch=on": "takes a cluster",
    'echo "d /run/mkl-launch 1777 root root" >/etc/tmpfiles.d/mkl-launch.conf': "changes the machine",
    "systemd-tmpfiles --create mkl-launch.conf": "changes the machine",
    "TMPDIR=/dev/shm timeout 20m nice -n 19 /tmp/mutmut/bin/mutmut run --max-children 2;"
    " /tmp/mutmut/bin/mutmut results": "takes hours",
}
EXAMPLE = "examples/dockerfiles"
# What testing/images.py and a test of tests/containers/test_podman.py do, with packages that they have.
BUILT = (
    "docker build -t mkl-launch .",
    "docker build -t REGISTRY/mkl-launch:0.2.0 .",
    f"docker build -t tensorflow-serving-mkl-launch -f {EXAMPLE}/tensorflow-serving.Dockerfile .",
    f"docker build -t mine -f {EXAMPLE}/pytorch-training.Dockerfile --build-arg BASE_IMAGE=my-training:1 .",
)
# It writes below /etc, so it runs in a container.
INSIDE = ("mkl-launch --tune --save auto -- python train.py --steps 50",)


def in_container(command: Command) -> bool:
    """Return True if a test of containers runs it, False if tests/docs does."""
    is_docker = re.search(r"(^|\btime )docker ", command.text) is not None
    return command.instruction or is_docker or command.text in INSIDE


def to_run(*, container: bool) -> dict[str, list[Command]]:
    """Return {page: commands in order} for the tests of containers, or for the others."""
    pages: dict[str, list[Command]] = {}
    for command in all_commands():
        if command.text not in (*NOT_RUN, *BUILT) and in_container(command) is container:
            pages.setdefault(command.page, []).append(command)
    return pages
