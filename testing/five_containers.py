"""Five containers under different limits, for the doctor to look at.

`python -m testing.five_containers` starts them and writes what the doctor prints into docs/doctor.md.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from testing.podman import PYTHON_IMAGES, Podman
from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = PROJECT / "docs" / "doctor.md"
SPIN = PROJECT / "testing" / "programs" / "spin.py"
START = ("--detach", "--volume", f"{SPIN}:/spin.py:ro")
SPINNERS = {
    "two threads, 1.5 CPUs": ("--cpus 1.5", 2),
    "four threads, half a CPU": ("--cpus 0.5", 4),
    "one thread, one CPU": ("--cpuset-cpus 0", 1),
}
FORKING = "a process after the other, no limit"
SLEEPING = "idle, one CPU"


@dataclass(frozen=True)
class Container:
    """A running container."""

    id: str
    pid: int  # of its first process, outside of it


@contextlib.contextmanager
def five_containers(podman: Podman) -> Iterator[dict[str, Container]]:
    """Yield five running containers by what they do, and end them."""
    commands: dict[str, tuple[str, tuple[str, ...]]] = {
        FORKING: ("", ("sh", "-c", "while :; do sleep 0.01; done"))
    }
    for name, (options, threads) in SPINNERS.items():
        commands[name] = options, ("python3", "/spin.py", str(threads))
    commands[SLEEPING] = "--cpus 1", ("sleep", "1000")
    running: dict[str, Container] = {}
    try:
        for name, (limits, command) in commands.items():
            done = podman.run(PYTHON_IMAGES[0], *command, options=(*START, *limits.split()))
            assert done.returncode == 0, done
            inspected = podman.podman("inspect", "--format", "{{.Id}} {{.State.Pid}}", done.stdout.strip())
            identity, pid = inspected.stdout.split()
            running[name] = Container(identity, int(pid))
        _wait(running, commands)
        yield running
    finally:
        for container in running.values():
            podman.podman("rm", "--force", "--time", "0", container.id)


def _wait(running: dict[str, Container], commands: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    """Wait until each container runs its command with all threads."""
    deadline = time.monotonic() + 300
    for name, container in running.items():
        process = Path(f"/proc/{container.pid}")
        words = "".join(f"{word}\0" for word in commands[name][1])
        threads = 1 + (SPINNERS[name][1] if name in SPINNERS else 0)
        while (process / "cmdline").read_text() != words or len(
            list((process / "task").iterdir())
        ) < threads:
            assert time.monotonic() < deadline, name
            time.sleep(0.05)


def record() -> None:
    """Write the doctor's table of the five containers into the page, as the first block of text."""
    with tempfile.TemporaryDirectory() as folder:
        podman = Podman(Path(folder))
        podman.import_python()
        try:
            with five_containers(podman):
                words = [sys.executable, "-m", "mkl_launch", "--doctor"]
                done = subprocess.run(words, check=True, capture_output=True, text=True)
        finally:
            podman.close()
    block = f"```text\n$ mkl-launch --doctor\n{done.stdout}```"
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(r"```text\n.*?```", lambda _: block, page, count=1, flags=re.DOTALL), encoding="utf-8"
    )


if __name__ == "__main__":
    record()
