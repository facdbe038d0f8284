"""The images that the tests of containers use: the launcher's own, and those that copy from it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from testing.podman import PYTHON_IMAGES, Podman
from testing.project import PROJECT

STAND_IN = PROJECT / "testing" / "programs" / "tensorflow_model_server"
LAUNCHER, WITH_PYTHON = "localhost/mkl-launch", "localhost/own-python"
IMAGE, UNPREPARED, BAKED, UNRECORDED = (
    f"localhost/{name}" for name in ("image", "unprepared", "baked", "unrecorded")
)
BASH, UNPREPARED_BASH = "localhost/bash", "localhost/unprepared-bash"
PREPARED = (IMAGE, BASH)  # /bin/sh is dash in Debian's own images
SHIMS, PYTHON_SHIM, BARE, OWN = (f"localhost/{name}" for name in ("shims", "python-shim", "bare", "own"))
PLAIN, ELSEWHERE = "localhost/plain", "localhost/elsewhere"
NO_SHELL, DISTROLESS, MOVED, GONE = (
    f"localhost/{name}" for name in ("no-shell", "distroless", "moved", "gone")
)
LINES = re.findall(
    r"```dockerfile\n(.*?)```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)
README = LINES[0].replace("--from=mkl-launch", f"--from={LAUNCHER}")
BAKE = "ENV OMP_NUM_THREADS=2 KMP_BLOCKTIME=1 MALLOC_ARENA_MAX=2\n"
BUSYBOX = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "/bin"]\n'
PREPARE = "RUN mkl-launch --prepare\n"
PREPARE_WITHOUT_SHELL = 'RUN ["/opt/mkl-launch/bin/mkl-launch", "--prepare"]\n'
SHELLS = ("/bin/sh", "/bin/bash", "/bin/dash", "/usr/bin/sh", "/usr/bin/bash", "/usr/bin/dash")
DOCKERFILES = {
    IMAGE: f"FROM {PYTHON_IMAGES[0]}\n{README}",
    UNPREPARED: (
        f"FROM {PYTHON_IMAGES[0]}\n{README.replace(PREPARE, '')}"
        "RUN cp /opt/mkl-launch/mkl_launch/entry.sh /opt/mkl-launch/bin/mkl-launch"
        " && chmod 755 /opt/mkl-launch/bin/mkl-launch\n"
    ),
    BASH: f"FROM {IMAGE}\nRUN ln -sf bash /bin/sh\n",
    UNPREPARED_BASH: f"FROM {UNPREPARED}\nRUN ln -sf bash /bin/sh\n",
    BAKED: f"FROM {IMAGE}\n{BAKE}{PREPARE}",
    UNRECORDED: f"FROM {IMAGE}\n{BAKE}",
    SHIMS: (
        f"FROM {IMAGE}\nCOPY tensorflow_model_server /usr/local/bin/\n"
        "ENV PATH=/opt/mkl-launch/shims:$PATH\n"
        "RUN mkl-launch --install-shims /opt/mkl-launch/shims tensorflow_model_server\n"
    ),
    # Made by hand: --install-shims refuses that name.
    PYTHON_SHIM: (
        f"FROM {IMAGE}\nENV PATH=/shims:$PATH\n"
        "RUN mkdir /shims && ln -s /opt/mkl-launch/bin/mkl-launch /shims/python3\n"
    ),
    BARE: BUSYBOX + README.replace(PREPARE, ""),
    OWN: BUSYBOX + README.replace(LAUNCHER, WITH_PYTHON),
    # Without a launcher; the second one has Python where the launcher's image has none.
    PLAIN: BUSYBOX,
    ELSEWHERE: (
        f"FROM {PYTHON_IMAGES[0]}\nRUN mv $(readlink -f /usr/bin/python3) /usr/local/bin/python3"
        " && rm /usr/bin/python3\n"
    ),
    # Statically linked tools under their own names, and nothing else.
    NO_SHELL: (
        "FROM scratch\nCOPY busybox /bin/cat\nCOPY busybox /bin/echo\n"
        + README.replace(LAUNCHER, WITH_PYTHON).replace(PREPARE, "")
    ),
    DISTROLESS: (
        f"FROM {PYTHON_IMAGES[0]}\n{README.replace(PREPARE, '')}"
        f'RUN ["python3", "-c", "import os; [os.path.lexists(p) and os.remove(p) for p in {SHELLS}]"]\n'
        + PREPARE_WITHOUT_SHELL
    ),
    MOVED: (
        f"FROM {IMAGE}\nRUN mv $(readlink -f /usr/bin/python3) /usr/local/bin/python3"
        " && rm /usr/bin/python3\n"
    ),
    GONE: f"FROM {IMAGE}\nRUN rm /usr/bin/python3*\n",
}


def build_images(folder: Path) -> Podman:
    """Build all of them below this folder."""
    made = Podman(folder)
    made.import_python()
    _build_launcher(made, folder)
    context = folder / "context"
    context.mkdir()
    for file in (STAND_IN, Path("/bin/busybox")):
        (context / file.name).write_bytes(file.read_bytes())
        (context / file.name).chmod(0o755)
    for name, text in DOCKERFILES.items():
        (context / "Dockerfile").write_text(text)
        made.build(context, name)
    return made


def _build_launcher(made: Podman, folder: Path) -> None:
    """Build the image from this checkout, with the packages that pip would download."""
    wheels = folder / "wheels"
    pins = [f"--requirement={PROJECT}/entrypoint/{name}requirements.txt" for name in ("", "build-")]
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--dest", str(wheels)]
    subprocess.run([*fetch, *pins], check=True)
    (folder / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    volumes = (f"--volume={wheels}:/wheels:ro", f"--volume={folder}/pip.conf:/etc/pip.conf:ro")
    options = (*volumes, "--layers")  # the second build takes what both need from the first
    (folder / "build.log").write_text(made.build(PROJECT, LAUNCHER, *options))
    made.build(PROJECT, WITH_PYTHON, *options, "--target", "with-python")
