"""Real programs of npm, those of testing/programs/npm.json, in .venvs/npm.

`python testing/npm.py` installs what is not there yet.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from testing.environments import ENVIRONMENTS, REQUIREMENTS
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

WANTED = REQUIREMENTS / "npm.json"
FOLDER = ENVIRONMENTS / "npm"
MADE = FOLDER / "made-from.json"
MODULES = FOLDER / "node_modules"
INSTALL = ("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")


def modules() -> Path:
    """Return the folder node_modules with the real programs, for a test."""
    if not MADE.exists():
        skip_or_fail(f"{FOLDER} is not made: python testing/npm.py")
    return MODULES


def make() -> None:
    """Install the programs, unless they are there as npm.json has them now."""
    wanted = WANTED.read_text(encoding="utf-8")
    if MADE.exists() and MADE.read_text(encoding="utf-8") == wanted:
        return
    if not shutil.which("npm"):
        print("npm: not made, because npm is not installed", file=sys.stderr)
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    (FOLDER / "package.json").write_text(wanted, encoding="utf-8")
    subprocess.run(INSTALL, cwd=FOLDER, check=True)
    MADE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    make()
