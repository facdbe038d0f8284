"""Every command of README.md and the pages that needs a container is run, with podman as docker.

All instructions of Dockerfiles on the pages are in one image. testing/pages.py lists what is not run.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from testing.images import README, STAND_IN
from testing.pages import INSIDE, Command, commands, in_container, name, to_run
from testing.pages import PAGES as ALL_PAGES
from testing.podman import PYTHON_IMAGES, RUN
from testing.process import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from testing.podman import Podman

PAGES = {
    page: runs
    for page, found in to_run(container=True).items()
    if (runs := [command for command in found if not command.instruction])
}
IMAGE, CONTAINER = "localhost/pages", "pages"
# A job, which ends unless it is to stay, and a server.
SCRIPT = 'import os, time\n\nprint("done", flush=True)\ntime.sleep(1000 if "STAY" in os.environ else 0)\n'
SERVER = "#!/usr/bin/python3\nimport time\n\ntime.sleep(1000)\n"
SERVERS = ("dask", "gunicorn", "llama-server", "ray", "spark-submit", "vllm")
SCRIPTS = ("train.py", "serve.py", "bench.py")
PROFILE = '{"schema": 1}\n'
# The files of cgroup v1, as the pages name them.
V1 = {
    "/sys/fs/cgroup/cpu.stat": "/sys/fs/cgroup/cpu/cpu.stat",
    "/sys/fs/cgroup/pids.": "/sys/fs/cgroup/pids/pids.",
}
STARTED = "python serve.py"  # the command of a container, if its page starts none with mkl-launch
# A test has no terminal, and its machine may have one CPU.
IN_PLACE_OF = {
    f"exec -it {CONTAINER} bash": f"exec {CONTAINER} pwd",
    "--cpuset-cpus 0-3": "--cpuset-cpus 0",
}
# Waits until process 1 has its settings.
LAUNCHED = "until docker exec CONTAINER grep -q MKL_LAUNCH_APPLIED /proc/1/environ; do sleep 0.2; done"
SECONDS = 300


def lines_of_dockerfiles() -> list[str]:
    """Return the instructions on all pages but README.md, which come first in an image."""
    found = [command for page in to_run(container=True).values() for command in page if command.instruction]
    return [command.text for command in found if command.page != "README.md"]


@pytest.fixture(scope="module")
def pages(podman: Podman) -> Podman:
    """Return podman with the image of the pages."""
    context = podman.folder / "pages"
    context.mkdir()
    copied = {**dict.fromkeys(SERVERS, SERVER), **dict.fromkeys(SCRIPTS, SCRIPT), "train.py.json": PROFILE}
    copied[STAND_IN.name] = SERVER
    for file, text in copied.items():
        (context / file).write_text(text, encoding="utf-8")
        (context / file).chmod(0o755)
    programs = " ".join((*SERVERS, STAND_IN.name))
    (context / "Dockerfile").write_text(
        f"FROM {PYTHON_IMAGES[0]}\n"
        f"COPY {' '.join(SCRIPTS)} /\nCOPY {programs} /usr/local/bin/\n"
        f"RUN ln -s python3 /usr/bin/python\n{README}" + "\n".join(lines_of_dockerfiles()) + "\n"
    )
    podman.build(context, IMAGE)
    script = f"""#!/bin/sh
podman="podman {shlex.join(podman.storage)} --runtime runc --cgroup-manager cgroupfs"
[ "$1" = run ] || exec $podman "$@"
shift
exec $podman run {" ".join(RUN)} "$@"
"""
    (podman.folder / "docker").mkdir()
    (podman.folder / "docker" / "docker").write_text(script)
    (podman.folder / "docker" / "docker").chmod(0o755)
    return podman


def started_by(page: str) -> str:
    """Return the command that a page starts with mkl-launch first, or that of most pages."""
    (path,) = (path for path in ALL_PAGES if name(path) == page)
    plain = [one.text for one in commands(path.read_text(encoding="utf-8")) if not in_container(one)]
    return next((text[14:] for text in plain if text.startswith("mkl-launch -- ")), STARTED)


@pytest.fixture
def folder(pages: Podman, tmp_path: Path) -> Iterator[Path]:
    """Yield a working directory; end the containers that were started in it."""
    yield tmp_path
    pages.podman("rm", "--all", "--force", "--time", "0")
    pages.podman("volume", "rm", "--all", "--force")


def run(text: str, pages: Podman, folder: Path) -> str:
    """Run a command line in a shell and return its output; it must succeed."""
    if not Path("/sys/fs/cgroup/cgroup.controllers").exists():
        for part, other in V1.items():
            text = text.replace(part, other)
    line = text.replace("IMAGE ...", f"{IMAGE} python bench.py").replace(
        "/run/mkl-launch", f"{folder}/slots"
    )
    line = re.sub(
        r"\b(CONTAINER|container)(?= )", CONTAINER, re.sub(r"\b(IMAGE|image)\b(?!=)", IMAGE, line)
    )
    for part, other in IN_PLACE_OF.items():
        line = line.replace(part, other)
    environ = {"PATH": f"{pages.folder}/docker:{PATH}", "HOME": str(folder)}
    done = subprocess.run(
        ["bash", "-uc", line],
        cwd=folder,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done
    return done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs_with_containers(page: str, pages: Podman, folder: Path) -> None:
    (folder / "slots").mkdir(mode=0o1777)
    texts = [command.text for command in PAGES[page]]
    if any(re.search(r"exec .*(CONTAINER|container) |logs CONTAINER", text) for text in texts):
        run(f"docker run -d --name {CONTAINER} --cpus 1 -e STAY=1 IMAGE {started_by(page)}", pages, folder)
        run(LAUNCHED, pages, folder)
    for text in texts:
        printed = run(f"docker run --rm IMAGE {text}" if text in INSIDE else text, pages, folder)
        if text.startswith("docker cp"):
            assert json.loads((folder / "train.py.json").read_text(encoding="utf-8"))
        else:
            assert printed, text


def test_a_command_that_fails_is_no_success(pages: Podman, folder: Path) -> None:
    run("docker run --rm IMAGE python bench.py", pages, folder)
    with pytest.raises(AssertionError, match="no-such-option"):
        run("docker run --rm --no-such-option IMAGE python bench.py", pages, folder)
    assert in_container(Command("", "time docker run IMAGE"))
