"""Real containers: images built by buildah from Dockerfiles, started by podman with runc.

No registry is asked. The base image is made by debootstrap, once, and named as the Dockerfiles name theirs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = PROJECT / ".images"
PYTHON_IMAGES = ("docker.io/library/python:3.13-slim", "docker.io/library/python:3.9-slim")
DEBIAN = "bookworm"
PACKAGES = "python3-minimal,libpython3-stdlib,python3-pip"
MIRROR = "http://deb.debian.org/debian"
TOOLS = ("podman", "buildah", "runc", "debootstrap")
# Once in some hundred builds on a busy machine, buildah cannot start itself again for a RUN.
NO_FAULT_OF_THE_IMAGE = "sealing memfd copy: Device or resource busy"
# crun, podman's own choice, wants cgroup v2; no more open files than a container inside another may have.
RUN = (
    *("--network", "host", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"),
    *("--pull", "never"),
)


def why_not() -> str | None:
    """Return why no container can be started here; None if one can."""
    if os.geteuid() != 0:
        return "containers with real limits take root here"
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"{', '.join(missing)} is not installed" if missing else None


class Podman:
    """Images and containers of their own, below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # podman takes no longer path than 50 characters here, and the folders of pytest-xdist are longer.
        self.state = Path(tempfile.mkdtemp(prefix="podman-"))
        self.storage = [f"--root={folder}/storage", f"--runroot={self.state}", "--storage-driver=overlay"]

    def import_python(self) -> None:
        """Import the base image under the names that Dockerfiles use."""
        first, *others = PYTHON_IMAGES
        _run(["podman", *self.storage, "import", "--quiet", str(base_image()), first])
        for name in others:
            _run(["podman", *self.storage, "tag", first, name])

    def build(self, context: Path, name: str, *options: str) -> str:
        """Build the context's Dockerfile; what the build said."""
        build = ["buildah", *self.storage, "bud", "--isolation", "chroot", "--pull-never", *options]
        argv = [*build, "--tag", name, str(context)]
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        if NO_FAULT_OF_THE_IMAGE in done.stderr:
            done = _run(argv)
        _check(done, argv)
        return done.stdout + done.stderr

    def command(self, options: Sequence[str], image: str, command: Sequence[str]) -> list[str]:
        """Return the command that starts a container."""
        podman = ["podman", *self.storage, "--runtime", "runc", "--cgroup-manager", "cgroupfs"]
        return [*podman, "run", "--rm", *RUN, *options, image, *command]

    def run(
        self, image: str, *command: str, options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a container to its end."""
        started = self.command(options, image, command)
        return subprocess.run(started, check=False, capture_output=True, text=True, timeout=300)

    def podman(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run another command of podman."""
        runtime = ["--runtime", "runc", "--cgroup-manager", "cgroupfs"]
        return subprocess.run(
            ["podman", *self.storage, *runtime, *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def close(self) -> None:
        """Remove all containers and mounts."""
        self.podman("rm", "--all", "--force", "--time", "0")
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)


def base_image() -> Path:
    """Return the archive of a small Debian with Python and pip; it is made once."""
    archive = KEPT / f"{DEBIAN}-{PACKAGES.replace(',', '-')}.tar"
    if archive.exists():
        return archive
    KEPT.mkdir(exist_ok=True)
    root = KEPT / "root"
    shutil.rmtree(root, ignore_errors=True)
    _run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(root), MIRROR])
    partial = archive.with_suffix(".part")
    without = ("--exclude=./var/cache/apt/archives/*.deb", "--exclude=./usr/share/doc/*")
    _run(["tar", "--create", f"--directory={root}", f"--file={partial}", *without, "."])
    partial.rename(archive)
    shutil.rmtree(root)
    return archive


def _run(argv: list[str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    _check(done, argv)
    return done


def _check(done: subprocess.CompletedProcess[str], argv: list[str]) -> None:
    assert done.returncode == 0, f"{' '.join(argv)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
