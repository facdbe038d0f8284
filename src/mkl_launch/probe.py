"""What the command's own files say of it: its configuration, its libraries. Never fatal."""

from __future__ import annotations

from .libraries import libraries
from .recognise import Program
from .record import changed
from .source import Root
from .workers import config_path, properties

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def probe(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Add what can be read. Relative paths are the working directory's, so only of this machine."""
    program = changed(program, libraries=libraries(root, program, environ))
    if not program.row.config:
        return program
    path = config_path(program.row.config, program.words, environ)
    if not root.live and not path.startswith("/"):
        return program
    return changed(program, properties=tuple(properties(root.read(path).text).items()))
