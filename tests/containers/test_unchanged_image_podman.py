"""A volume with the launcher before the command of an image that was not built with it."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest
import yaml

from testing.images import ELSEWHERE, LAUNCHER, PLAIN, WITH_PYTHON
from testing.podman import PYTHON_IMAGES
from testing.project import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from testing.podman import Podman

FOLDER = PROJECT / "examples" / "unchanged-image"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
UNCHANGED = PYTHON_IMAGES[0]
WITHOUT_PYTHON = "no Python 3 could be started: the command starts without the launcher"
ENVIRON = ("cat", "/proc/self/environ")


def variables(text: str) -> dict[str, str]:
    return dict(entry.partition("=")[::2] for entry in text.split("\0") if entry)


def run_line(podman: Podman, line: str, image: str, *command: str) -> tuple[str, str]:
    """Run a `docker run` of the page with this image; return its output and its messages.

    `command` replaces the words behind `--`.
    """
    words = shlex.split(line)[2:]
    place = next(number for number, word in enumerate(words) if word in ("IMAGE", LAUNCHER))
    options = [word for word in words[:place] if word != "--rm"]
    done = podman.run(image, *(["--", *command] if command else words[place + 1 :]), options=options)
    assert done.returncode == 0, done
    return done.stdout, done.stderr


def lines(source: str) -> tuple[str, str]:
    """Return the two lines of the page, with this image in place of the launcher's."""
    first, second = re.findall(r"^docker run .*$", PAGE, re.MULTILINE)
    return first.replace("mkl-launch mkl-launch true", f"mkl-launch {source} true"), second


@pytest.mark.parametrize("image", [UNCHANGED, ELSEWHERE], ids=["python", "python elsewhere"])
def test_the_lines_of_the_page_set_threads_in_an_unchanged_image(podman: Podman, image: str) -> None:
    fill, start = lines(LAUNCHER)
    run_line(podman, fill, LAUNCHER)
    out, messages = run_line(podman, start, image, *ENVIRON)
    assert variables(out)["OMP_NUM_THREADS"] == "1"
    assert "quota 1.5" in messages


def test_the_command_of_an_image_without_python_starts_with_a_message(podman: Podman) -> None:
    fill, start = lines(LAUNCHER)
    run_line(podman, fill, LAUNCHER)
    out, messages = run_line(podman, start, PLAIN, *ENVIRON)
    assert "OMP_NUM_THREADS" not in variables(out)
    assert WITHOUT_PYTHON in messages


def test_the_launcher_with_its_own_python_sets_threads_in_an_image_without_python(podman: Podman) -> None:
    volume = f"{podman.folder}/own:/opt/mkl-launch"
    (podman.folder / "own").mkdir()
    copy = ("--volume", volume.replace(":/opt/mkl-launch", ":/copy"))
    entry = ("--entrypoint", '["cp", "-R", "/opt/mkl-launch/.", "/copy/"]')
    assert podman.run(WITH_PYTHON, options=(*copy, *entry)).returncode == 0
    start = ("--cpus", "1", "--volume", f"{volume}:ro", "--entrypoint", "/opt/mkl-launch/bin/mkl-launch")
    done = podman.run(PLAIN, "--", *ENVIRON, options=start)
    assert variables(done.stdout)["OMP_NUM_THREADS"] == "1", done


def test_the_init_container_fills_the_volume_of_the_server(podman: Podman, tmp_path: Path) -> None:
    """With the commands of the manifest, and a folder of the host as the emptyDir."""
    manifest = yaml.safe_load((FOLDER / "init-container.yaml").read_text(encoding="utf-8"))
    pod = manifest["spec"]["template"]["spec"]
    (copier,), (server,) = pod["initContainers"], pod["containers"]
    volume = tmp_path / "volume"
    volume.mkdir()
    volume.chmod(0o777)  # as Kubernetes makes an emptyDir
    mounts = [f"{volume}:{one['volumeMounts'][0]['mountPath']}" for one in (copier, server)]
    entry = ("--entrypoint", json.dumps(copier["command"]))
    assert podman.run(LAUNCHER, options=("--volume", mounts[0], *entry)).returncode == 0
    restricted = ["--cpus", "1", "--read-only", "--user", "65534", "--cap-drop", "ALL"]
    options = (*restricted, "--volume", f"{mounts[1]}:ro")
    launched = [*server["command"][:2], *ENVIRON]
    done = podman.run(UNCHANGED, options=(*options, "--entrypoint", json.dumps(launched)))
    assert variables(done.stdout)["OMP_NUM_THREADS"] == "1", done


def test_the_image_of_the_launcher_is_a_volume(podman: Podman) -> None:
    """As an image volume of Kubernetes, but for its subPath, which this podman lacks."""
    options = ("--cpus", "1", "--mount", f"type=image,source={LAUNCHER},destination=/launcher")
    entry = ("--entrypoint", json.dumps(["/launcher/opt/mkl-launch/bin/mkl-launch", "--", *ENVIRON]))
    done = podman.run(UNCHANGED, options=(*options, *entry))
    assert variables(done.stdout)["OMP_NUM_THREADS"] == "1", done
