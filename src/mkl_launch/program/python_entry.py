"""The command that a Python script starts with its own arguments. Imported only for Python scripts."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.model.program import Program
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.command_row import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# A script passes its arguments on if it has a word of both.
PYTHON_ARGUMENTS = ("sys.argv[1:]", "argv[1:]", "REMAINDER", "parse_known_args")
PYTHON_STARTS = ("exec", "subprocess", "Popen", "system(", "spawn")


def behind_python(program: Program, text: str, environ: Mapping[str, str]) -> Program:
    """Return the known command that a Python script starts with its own arguments."""
    on = any(word in text for word in PYTHON_ARGUMENTS) and any(word in text for word in PYTHON_STARTS)
    if program.row is not UNKNOWN:  # found among the arguments before
        return program if on else changed(program, row=UNKNOWN, unknown_starter="", argv=(program.script,))
    from mkl_launch.program.unknown_wrapper import find_known_command

    at = find_known_command(program.argv) if on else 0
    if not at:
        return program
    started = recognise(program.argv[at:], environ)
    assigned, times = (*program.assigned, *started.assigned), (*program.multipliers, *started.multipliers)
    return changed(
        started, insert_at=None, unknown_starter=program.script, assigned=assigned, multipliers=times
    )
