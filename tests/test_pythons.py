"""Every Python that is there: from 3.9 on it launches, before that it starts the command all the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

OLDEST = (3, 9)


def _pythons() -> dict[str, Path]:
    """One interpreter of each version, of the system and of pyenv."""
    places = [Path("/usr/bin"), Path("/usr/local/bin"), *Path.home().glob(".pyenv/versions/*/bin")]
    found: dict[str, Path] = {}
    for path in (path for place in places for path in sorted(place.glob("python3.*"))):
        version = path.name[len("python") :]
        if version.replace(".", "").isdigit():
            found.setdefault(version, path)
    return found


@pytest.mark.parametrize(("version", "python"), _pythons().items(), ids=_pythons())
def test_it_launches_or_steps_aside(version: str, python: Path, installed: Path) -> None:
    launch = [str(python), "-I", "-S", "-X", "utf8", str(installed / "mkl_launch" / "__main__.py")]
    command = ["sh", "-c", "echo threads=$OMP_NUM_THREADS"]
    done = subprocess.run(
        [*launch, "--", *command], check=True, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    said = done.stderr.splitlines()
    assert len(said) == 1
    if tuple(map(int, version.split("."))) >= OLDEST:
        assert done.stdout.removeprefix("threads=").strip().isdigit()
    else:
        assert done.stdout == "threads=\n"
        assert "is too old" in said[0]
