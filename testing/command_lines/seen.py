"""What the launcher sees of a command line in a container with the files that it names."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mkl_launch.host.filesystem import Root
from mkl_launch.program.entry_scripts import inspect_files
from mkl_launch.program.recognise import recognise

if TYPE_CHECKING:
    from pathlib import Path

    from mkl_launch.model.program import Program
    from testing.command_lines.line import Line

PATH = "/usr/local/bin:/usr/bin"


def seen(line: Line, folder: Path) -> Program:
    """Return the program, with what its files say."""
    for path, text in line.files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    environ = {"PATH": PATH, **line.environ}
    words = (word if word[:2] != "./" else word[1:] for word in shlex.split(line.line))
    command = tuple("/start.sh" if word == "start.sh" else word for word in words)
    return inspect_files(Root(str(folder)), recognise(command, environ), environ)
