"""`mkl-launch --prepare` as in an image, without the files outside of the installation: note and hook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PREPARE = """
import os, sys
sys.path.append(sys.argv[1])
from mkl_launch.image import prepare as image, python_hook
python_hook.install = lambda python: ""  # the Python is that of the tests, or of this machine
entry = sys.argv[1] + "/bin/mkl-launch"
print(image.prepare(dict(os.environ), entry, note=sys.argv[1] + "/note"))
"""


def prepare(folder: Path, python: str = sys.executable, **environ: str) -> str:
    """Run --prepare in an installation, with the note of ENV beside it; return its output."""
    given = {"PATH": "/usr/bin:/bin", **environ}
    words = [python, "-ISBXutf8", "-c", PREPARE, str(folder)]
    return subprocess.run(words, env=given, check=True, capture_output=True, text=True).stdout
