"""Virtual environments of the real programs, one for each testing/programs/NAME.txt, kept in .venvs/NAME.

`python testing/environments.py NAME...` makes what is not there yet. A first line "# python 3.8" asks for
another Python than the one that runs this.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from testing.project import PROJECT, skip_or_fail

REQUIREMENTS = PROJECT / "testing" / "programs"
ENVIRONMENTS = PROJECT / ".venvs"
VERSION = "# python "


def environment(name: str) -> Path:
    """Return the virtual environment with the real programs of testing/programs/NAME.txt, for a test."""
    folder = ENVIRONMENTS / name
    if not (folder / "made-from.txt").exists():
        skip_or_fail(f"{folder} is not made: python testing/environments.py {name}")
    return folder


def names() -> list[str]:
    """Return the names of all environments."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def make(name: str) -> None:
    """Make one, unless it is there as its requirements are now."""
    requirements = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    folder = ENVIRONMENTS / name
    made = folder / "made-from.txt"
    if made.exists() and made.read_text(encoding="utf-8") == requirements:
        return
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([_python(requirements), "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--requirement", str(REQUIREMENTS / f"{name}.txt")], check=True)
    made.write_text(requirements, encoding="utf-8")


def _python(requirements: str) -> str:
    first = requirements.partition("\n")[0]
    if not first.startswith(VERSION):
        return sys.executable
    version = first[len(VERSION) :].strip()
    here = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    found = str(here[-1]) if here else shutil.which(f"python{version}")
    if not found:
        sys.exit(f"Python {version}, which these requirements need, is not installed")
    return found


def pythons() -> dict[str, Path]:
    """Return one interpreter of each version, of the system and of pyenv."""
    places = [Path("/usr/bin"), Path("/usr/local/bin"), *Path.home().glob(".pyenv/versions/*/bin")]
    found: dict[str, Path] = {}
    for path in (path for place in places for path in sorted(place.glob("python3.*"))):
        version = path.name[len("python") :]
        if version.replace(".", "").isdigit():
            found.setdefault(version, path)
    return found


def python_that_reads_python_cpu_count() -> str | None:
    """Return the newest Python from 3.13 on; None if there is none."""
    found = sorted(Path.home().glob(".pyenv/versions/3.1[3-9].*/bin/python"))
    return str(found[-1]) if found else None


if __name__ == "__main__":
    for wanted in sys.argv[1:] or names():
        make(wanted)
