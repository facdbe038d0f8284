"""What a command line starts in the end: through wrappers, shell lines, `python -m`. Pure."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.model.program import Libraries, Program, main
from mkl_launch.tables.command import UNKNOWN, Command
from mkl_launch.tables.known import COMMAND_TABLES, commands, contradicting, module, wrapper
from mkl_launch.tables.wrapper import DATA, PYTHON, PYTHON_VALUES, SCRIPT, SHELL_VALUES, SHELLS, Wrapper

__all__ = ("Libraries", "Program", "possible", "recognise")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# A line that is longer, or has any of these, needs the shell's grammar.
LONG, GRAMMAR = 2000, frozenset("\n;|<>()`\\\"'")
# Words of an unknown command that are looked at, and commands within commands.
MAX_WORDS, DEEPEST, UNKNOWN_STEP = 32, 8, 4


def recognise(
    command: tuple[str, ...], environ: Mapping[str, str] | None = None, depth: int = 0
) -> Program:
    """The program; its row is UNKNOWN for everything that is not in the table.

    The variables of a shell line are taken from `environ`; without it they stay as they are written.
    """
    program = _Walk(command, environ, depth).program()
    rival = "" if depth else contradicting(" ".join(command))
    return changed(program, contradicted_by=rival) if rival else program


class _Walk:
    """The way from a command line to the program."""

    def __init__(self, command: tuple[str, ...], environ: Mapping[str, str] | None, depth: int) -> None:
        self.command, self.words = command, command
        self.environ, self.depth = environ, depth
        self.interpreter: str | None = None
        self.cleared: str | None = None
        self.narrowed: str | None = None
        self.assigned: tuple[tuple[str, str], ...] = ()
        self.starters: tuple[str, ...] = ()
        self.times: tuple[tuple[str, str], ...] = ()
        self.entry: dict[str, Any] = {}  # an entry script, and what it is given
        self.reachable = True

    def program(self) -> Program:
        """Go on until it is there."""
        while self.words:
            name = self.words[0].rpartition("/")[2]
            if name in SHELLS:
                found = self._shell()
            elif name.startswith(PYTHON):
                found = self._python(self.words)
            elif name in COMMAND_TABLES:
                found = self._known(name)
            else:
                row = wrapper(name)
                if row and row.command_option not in ("", *self.words):  # another program of the same name
                    row = None
                found = self._wrapped(row, name) if row else self._unknown(name)
            if found:
                return found
        return self._found(UNKNOWN)

    def _found(self, row: Command, skipped: int = 0, **more: Any) -> Program:
        """The program, with what was on the way."""
        at = len(self.command) - len(self.words) + 1 + skipped
        return Program(
            row,
            self.words,
            insert_at=at if self.words and self.reachable else None,
            interpreter=self.interpreter,
            assigned=self.assigned,
            env_cleared_by=self.cleared,
            affinity_narrowed_by=self.narrowed,
            wrapper_files=self.starters,
            multipliers=self.times,
            **{**self.entry, **more},
        )

    def _within(self, program: Program, **more: Any) -> Program:
        """A program that was found in what is within a word."""
        return changed(
            program,
            insert_at=None,
            interpreter=program.interpreter or self.interpreter,
            assigned=(*self.assigned, *program.assigned),
            env_cleared_by=self.cleared or program.env_cleared_by,
            affinity_narrowed_by=self.narrowed or program.affinity_narrowed_by,
            wrapper_files=(*self.starters, *program.wrapper_files),
            multipliers=(*self.times, *program.multipliers),
            **more,
        )

    def _known(self, name: str) -> Program:
        from mkl_launch.program.words import subcommand

        rows = commands(name)
        row, skipped = subcommand(rows, self.words)
        if row is UNKNOWN and rows[0].evidence:
            return self._found(UNKNOWN, script=self.words[0])
        if row.evidence:
            told = (*row.worker_variables, *row.single_process_if_set, *row.evidence_variables)
            there = {**(self.environ or {}), **dict(self.assigned)}
            known = any(variable in there for variable in told)
            return self._found(row if known else UNKNOWN, script=self.words[0], suspected_row=row)
        return self._found(row, skipped)

    def _unknown(self, name: str) -> Program:
        """An unknown program, or what seems to stand behind it."""
        script = self.words[0]
        at = 0 if name in DATA else possible(self.words, self.depth)
        if self.interpreter:
            return self._found(UNKNOWN, script=script if at else "")
        if at and self.depth < DEEPEST:
            inner = recognise(self.words[at:], self.environ, self.depth + 1)
            if inner.row is not UNKNOWN:
                place = len(self.command) - len(self.words) + 1 if self.reachable else None
                known = {"script": script, "script_argv": self.words, "script_at": place}
                return self._within(inner, unknown_starter=script, **known)
        more: dict[str, Any] = {} if name in DATA or self.entry else {"script": script}
        return self._found(UNKNOWN, **more)

    def _shell(self) -> Program | None:
        """`sh -c LINE`, `sh FILE`."""
        at, line = 1, None
        while at < len(self.words) and self.words[at][:1] in ("-", "+"):
            word = self.words[at]
            if word in ("--", "-"):
                at += 1
                break
            if "c" in word and not word.startswith("--"):
                line = True
            at += 2 if word in SHELL_VALUES or (word[1:2] != "-" and word[-1] in "oO") else 1
        rest = self.words[at:]
        if line:
            return self._line(rest[0], rest[2:], rest[1:2]) if rest else self._found(UNKNOWN)
        self.words = rest
        if rest and not rest[0].endswith(SCRIPT):
            return self._found(UNKNOWN, script=rest[0])
        return None

    def _line(self, text: str, arguments: tuple[str, ...], zero: tuple[str, ...] = ()) -> Program:
        """What a line for a shell starts."""
        if self.depth >= DEEPEST:
            return changed(self._found(UNKNOWN), insert_at=None)
        self.words, values = (), None
        if self.environ is not None:
            values = {**self.environ, **dict(self.assigned), "0": "".join(zero)}
        if len(text) < LONG and not GRAMMAR & set(text):
            from mkl_launch.program.words import in_turn

            plain = in_turn(text, values)
            if plain:
                turns = [(False, recognise(one, self.environ, self.depth + 1)) for one in plain]
                return self._within(main(turns))
        from mkl_launch.program.script import started
        from mkl_launch.program.shell import Unclear

        try:
            found = started(text, values, arguments)
        except Unclear as problem:
            return self._found(UNKNOWN, not_inspected=f"a line for a shell ({problem})")
        programs = [
            (one.beside, recognise(one.words, self.environ, self.depth + 1))
            for one in found
            if one.certain or not one.beside
        ]
        return self._within(main(programs))

    def _python(self, words: tuple[str, ...], *, behind: bool = True) -> Program | None:
        """Go to the script, or to what a module is."""
        self.interpreter = words[0] if behind else self.interpreter
        at = 1
        while at < len(words) and words[at].startswith("-"):
            flags = "" if words[at].startswith("--") else words[at][1:]
            if flags.endswith("m") and at + 1 < len(words):
                return self._module(words[at + 1 :])
            if "c" in flags or not words[at].strip("-"):
                self.words = words
                return self._found(UNKNOWN)
            at += 2 if words[at] in PYTHON_VALUES else 1
        self.words = words[at:] or words
        if at >= len(words):
            return self._found(UNKNOWN)
        name = self.words[0].rpartition("/")[2]
        if name in SHELLS or name.startswith(PYTHON):  # a script of that name
            return self._found(UNKNOWN)
        return None

    def _module(self, words: tuple[str, ...]) -> Program | None:
        """`-m MODULE`: what it is of the tables."""
        name = module(words[0])
        self.words = words
        if name in COMMAND_TABLES:
            return self._known(name)
        row = wrapper(name) if name else None
        return self._wrapped(row, name) if row else self._found(UNKNOWN)

    def _wrapped(self, row: Wrapper, name: str) -> Program | None:
        """Go to what is behind a wrapper."""
        from mkl_launch.program.words import assignments, behind, line_at, narrows, split

        words = self.words
        self.starters = (*self.starters, words[0])
        if row.is_script:
            place = len(self.command) - len(words) + 1 if self.reachable else None
            self.entry = {"script": words[0], "script_argv": words, "script_at": place}
        line = line_at(row, words)
        if line:
            self.reachable = False
            self._emptied(row, name, words[1:line])
            return self._line(words[line + 1], words[line + 3 :])
        if row.split_options:
            parts = split(row, words)
            if parts:
                self.words, self.reachable = parts, False
                return None
        rest, is_module = behind(row, words)
        own = words[1 : len(words) - len(rest)]
        if row.concurrency_options or row.single_word_is_line or row.words_are_lines:
            return self._several(row, own, rest)
        separated = "--" in own or not row.needs_double_dash
        self.reachable = self.reachable and not row.is_mkl_launch and separated
        self._emptied(row, name, own)
        self.narrowed = self.narrowed or (name if narrows(row, own) else None)
        more, self.words = assignments(rest) if row.takes_assignments else ((), rest)
        self.assigned += more
        if is_module:
            return self._module(self.words) if self.words else None
        if row.python and self.words:
            return self._python((PYTHON, *self.words), behind=False)
        return None

    def _several(self, row: Wrapper, own: tuple[str, ...], rest: tuple[str, ...]) -> Program | None:
        """Go to what a wrapper runs several times, or to the lines that it runs at the same time."""
        from mkl_launch.program.at_once import at_a_time, parted

        if row.words_are_lines:
            return self._line("".join(f"{line} &\n" for line in rest), ())
        command, data = parted(row, rest)
        self.times += at_a_time(row, own, data)
        self.reachable = self.reachable and not row.data_markers
        if row.single_word_is_line and len(command) == 1 and " " in command[0]:
            return self._line(command[0], ())
        self.words = command
        return None

    def _emptied(self, row: Wrapper, name: str, own: tuple[str, ...]) -> None:
        """Record the wrapper, and its option if there is one, that clears the environment."""
        options = {word.partition("=")[0] for word in own}
        word = next((word for word in own if word in row.env_clearing_options), None)
        if word:
            self.cleared = self.cleared or f"{name} {word}"
        elif row.env_keeping_options and not options & set(row.env_keeping_options):
            self.cleared = self.cleared or name


def possible(words: tuple[str, ...], depth: int = 0) -> int:
    """Where a known command begins behind an unknown one, which may be its wrapper; 0 for nowhere.

    It is behind "--", or the first word, or behind options that have their value in them; anywhere else
    only where what is behind it looks like the work of such a command and not like data.
    """
    plain = True
    if depth + UNKNOWN_STEP > DEEPEST:
        return 0
    for at, word in enumerate(words[1:MAX_WORDS], 1):
        name = word.rpartition("/")[2]
        rest = words[at + 1 :]
        dashes = words[at - 1] == "--" and at > 1
        if (
            name in COMMAND_TABLES and rest and _is_started(words[at:], name, plain=plain, dashes=dashes)
        ) or (rest and (dashes or plain) and _starts(words[at:], name, depth)):
            return at
        plain = plain and (word.startswith("-") and "=" in word)
    return 0


def _starts(words: tuple[str, ...], name: str, depth: int) -> bool:
    """A wrapper, a shell or a Python that starts a known command."""
    starter = name in SHELLS or name.startswith(PYTHON) or wrapper(name)
    return bool(starter) and recognise(words, None, depth + UNKNOWN_STEP).row is not UNKNOWN


def _is_started(words: tuple[str, ...], name: str, *, plain: bool, dashes: bool) -> bool:
    """A known command at that place is a command and not data."""
    from mkl_launch.program.words import is_work, subcommand

    row, _ = subcommand(commands(name), words)
    if row is UNKNOWN or row.evidence or (row.is_common_word and not dashes):
        return False
    return dashes or plain or is_work(words[1:])
