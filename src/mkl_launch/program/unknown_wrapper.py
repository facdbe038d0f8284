"""A known command among the arguments of an unknown one, which may start it, or of a job launcher.

Imported for these only.
"""

from __future__ import annotations

from mkl_launch.model.program import Program
from mkl_launch.program.own_options import own_operands, own_options
from mkl_launch.program.recognise import MAX_DEPTH, recognise
from mkl_launch.program.words import looks_like_work, select_row
from mkl_launch.program.workers import count_workers
from mkl_launch.tables.command_row import SERVE, UNKNOWN
from mkl_launch.tables.lookup import COMMAND_TABLES, commands, wrapper
from mkl_launch.tables.wrapper_row import PYTHON, SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MANY = 2  # CPUs, to see whether a program starts one process for each
# Words of an unknown command that are looked at, and the steps in depth that such a look counts as.
MAX_WORDS, UNKNOWN_STEP = 32, 4


def find_known_command(words: tuple[str, ...], depth: int = 0, *, in_line: bool = False) -> int:
    """Return the index of a known command in the arguments of an unknown one, which may start it; 0: none.

    The known command follows "--", or the first word, or options of the form NAME=VALUE. At any other
    place, and in a line (`in_line`), it counts only if the words after it look like its arguments and not
    like data.
    """
    plain = not in_line
    if depth + UNKNOWN_STEP > MAX_DEPTH:
        return 0
    for at, word in enumerate(words[1:MAX_WORDS], 1):
        name = word.rpartition("/")[2]
        rest = words[at + 1 :]
        dashes = words[at - 1] == "--" and at > 1
        sure = dashes or plain
        if rest and name in COMMAND_TABLES and _is_started(words[at:], name, dashes=dashes, sure=sure):
            return at
        if rest and _starts_known(words[at:], name, depth, sure=sure):
            return at
        plain = plain and (word.startswith("-") and "=" in word)
    return 0


def find_line(words: tuple[str, ...], depth: int = 0) -> int:
    """Return the index of an argument that is the line of a shell with a known command; 0: none."""
    for at, word in enumerate(words[1:MAX_WORDS], 1):
        if " " in word and find_known_command(("", *word.split()), depth, in_line=True):
            return at
    return 0


def launched(
    program: Program, environ: Mapping[str, str] | None, depth: int
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the command of a job launcher if it starts several processes, such as `srun torchrun`.

    The second value multiplies them, as in Program.multipliers. Without such a command both are empty.
    """
    managed = _managed_command(program)
    words = managed or program.argv[len(own_options(program)) :]
    inner = recognise(words, environ, depth + 1) if words else program
    if inner.row is UNKNOWN or inner.row is program.row:
        return (), ()
    if not managed and not _starts_several(inner, environ):
        return (), ()
    outer = count_workers(program, environ or {}, 1)
    label = f"{program.row.name}: {outer.reason}"
    if managed and outer.per_cpu:  # the number of CPUs is not known here
        return (), ()
    return words, () if outer.number == 1 else ((label, str(outer.number)),)


def _starts_several(program: Program, environ: Mapping[str, str] | None) -> bool:
    """Return whether a program that a job launcher starts is several processes itself."""
    if program.row.one_process or program.row.binds_children:
        return False
    return count_workers(program, program.environ(environ or {}), MANY).number > 1


def _managed_command(program: Program) -> tuple[str, ...]:
    """Return the command that a process manager, such as pm2, starts; () if it names none or several."""
    operands = own_operands(program)
    if not program.row.command_value_options or len(operands) != 1:
        return ()
    words = program.argv
    if "--" in words and " " not in operands[0]:
        return operands + words[words.index("--") + 1 :]
    return ("sh", "-c", operands[0])


def _starts_known(words: tuple[str, ...], name: str, depth: int, *, sure: bool) -> bool:
    """Return whether the first word is a wrapper, a shell or a Python that starts a known command.

    If that is not `sure` by its place, it has to be `python -m MODULE` or a wrapper's subcommand, `uv run`.
    """
    row = wrapper(name)
    python = name.startswith(PYTHON)
    if not (row or python or name in SHELLS):
        return False
    if not sure and not (python and words[1] == "-m") and not (row and words[1] in row.subcommands):
        return False
    return recognise(words, None, depth + UNKNOWN_STEP).row is not UNKNOWN


def _is_started(words: tuple[str, ...], name: str, *, dashes: bool, sure: bool) -> bool:
    """Return whether a known command among the arguments of another one is a command and not data."""
    row, _ = select_row(commands(name), words)
    if row is UNKNOWN or row.evidence or (row.is_common_word and not dashes):
        return False
    if sure or row.subcommand or words[1] == SERVE or looks_like_work(words[1:]):
        return True
    if not row.flags:
        return False
    return len(own_options(Program(row, words))) < len(words)  # a program follows its options
