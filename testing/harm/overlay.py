"""A virtual environment over another one, with the wheel installed in it as `pip install` does it.

The environments of tests/programs are shared and stay as they are. The overlay has links to their packages,
commands of its own, and adds what the wheel brings: the launcher and its hook.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def overlay(below: Path, folder: Path, wheel: Path | None) -> Path:
    """Make it in `folder`, with nothing of ours if there is no wheel; return the folder of its commands."""
    python = (below / "bin" / "python").resolve()
    subprocess.run([str(python), "-m", "venv", "--without-pip", str(folder)], check=True)
    _link(below / "lib", folder / "lib")
    for packages_below in below.glob("lib/python*/site-packages"):
        _link(packages_below, folder / packages_below.relative_to(below))
    if wheel:
        pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(folder / "bin" / "python")]
        subprocess.run([*pip, "install", "--no-deps", str(wheel)], check=True)
    for command in (below / "bin").iterdir():
        _adopt(command, folder)
    return folder / "bin"


def _link(source: Path, target: Path) -> None:
    """Link the files that are missing."""
    for path in source.iterdir():
        if not (target / path.name).exists():
            (target / path.name).symlink_to(path)


def _adopt(command: Path, folder: Path) -> None:
    """Copy a command that is a Python script."""
    ours = folder / "bin" / command.name
    if ours.exists() or command.is_symlink() or not command.is_file():
        return
    first, _, rest = command.read_bytes().partition(b"\n")
    if re.fullmatch(rb"#!/.*/bin/python[0-9.]*", first):
        ours.write_bytes(b"#!%s/bin/python\n%s" % (str(folder).encode(), rest))
        ours.chmod(0o755)
