"""The program that a command line starts, behind wrappers, shell command lines and `python -m`."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.model.program import Libraries, Program, main_program
from mkl_launch.tables.command_row import UNKNOWN, Command
from mkl_launch.tables.lookup import COMMAND_TABLES, commands, contradicting, module_command, wrapper
from mkl_launch.tables.wrapper_row import DATA, PYTHON, PYTHON_VALUES, SCRIPT, SHELL_VALUES, SHELLS, Wrapper

__all__ = ("Libraries", "Program", "recognise")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# A line that is longer, or contains one of these characters, is parsed by `shell`.
LONG, GRAMMAR = 2000, frozenset("\n;|<>()`\\\"'")
MAX_DEPTH = 8  # commands within commands


def recognise(
    command: tuple[str, ...], environ: Mapping[str, str] | None = None, depth: int = 0
) -> Program:
    """Return the program that a command line starts; its row is UNKNOWN if no table has it.

    Variables in a shell command line get their values from `environ`; without it they are not expanded.
    """
    program = _CommandWalk(command, environ, depth).program()
    rival = "" if depth else contradicting(" ".join(command))
    return changed(program, contradicted_by=rival) if rival else program


class _CommandWalk:
    """The words of a command line that are not yet explained, and what the wrappers before them do."""

    def __init__(self, command: tuple[str, ...], environ: Mapping[str, str] | None, depth: int) -> None:
        self.command, self.words = command, command
        self.environ, self.depth = environ, depth
        self.interpreter: str | None = None
        self.env_cleared_by: str | None = None
        self.affinity_narrowed_by: str | None = None
        self.assigned: tuple[tuple[str, str], ...] = ()
        self.wrapper_files: tuple[str, ...] = ()
        self.multipliers: tuple[tuple[str, str], ...] = ()
        self.entry: dict[str, Any] = {}  # fields of an entry script
        self.reachable = True
        self.plans_itself = False

    def program(self) -> Program:
        """Return the program, after all wrappers."""
        while self.words:
            name = self.words[0].rpartition("/")[2]
            if name in SHELLS:
                program = self._shell()
            elif name.startswith(PYTHON):
                program = self._python(self.words)
            elif name in COMMAND_TABLES:
                program = self._known(name)
            else:
                row = wrapper(name)
                options = row.command_options if row else ()
                if options and not {*options} & {*self.words}:  # another program of the same name
                    row = None
                program = self._wrapped(row, name) if row else self._unknown(name)
            if program:
                return program
        return self._found(UNKNOWN)

    def _found(self, row: Command, skipped: int = 0, **more: Any) -> Program:
        """Return a program of this row, with the effects of the wrappers before it."""
        at = len(self.command) - len(self.words) + 1 + skipped
        return Program(
            row,
            self.words,
            insert_at=at if self.words and self.reachable else None,
            interpreter=self.interpreter,
            assigned=self.assigned,
            env_cleared_by=self.env_cleared_by,
            affinity_narrowed_by=self.affinity_narrowed_by,
            wrapper_files=self.wrapper_files,
            multipliers=self.multipliers,
            plans_itself=self.plans_itself,
            **{**self.entry, **more},
        )

    def _within(self, program: Program, **more: Any) -> Program:
        """Return a program that was found within one word, with the effects of the wrappers before it."""
        return changed(
            program,
            insert_at=None,
            script_at=None,
            interpreter=program.interpreter or self.interpreter,
            assigned=(*self.assigned, *program.assigned),
            env_cleared_by=self.env_cleared_by or program.env_cleared_by,
            affinity_narrowed_by=self.affinity_narrowed_by or program.affinity_narrowed_by,
            wrapper_files=(*self.wrapper_files, *program.wrapper_files),
            multipliers=(*self.multipliers, *program.multipliers),
            plans_itself=self.plans_itself or program.plans_itself,
            **more,
        )

    def _nested(self, words: tuple[str, ...]) -> Program:
        """Return the program of a command within this one."""
        return recognise(words, self.environ, self.depth + 1)

    def _known(self, name: str) -> Program | None:
        """Return the program of a known name; None to go on with a known command behind a job launcher."""
        from mkl_launch.program.words import select_row

        rows = commands(name)
        row, skipped = select_row(rows, self.words)
        if row is UNKNOWN and rows[0].evidence:
            return self._found(UNKNOWN, script=self.words[0])
        if row.evidence:
            proofs = (*row.worker_variables, *row.single_process_if_set, *row.evidence_variables)
            known = {*(self.environ or ()), *dict(self.assigned)} & {*proofs}
            return self._found(row if known else UNKNOWN, script=self.words[0], suspected_row=row)
        if (row.binds_children or row.command_value_options) and self.depth < MAX_DEPTH:
            from mkl_launch.program.unknown_wrapper import launched

            inner, times = launched(Program(row, self.words), self.environ, self.depth)
            if inner:
                self.words = inner
                self.multipliers += times
                return None
        return self._found(row, skipped)

    def _unknown(self, name: str) -> Program:
        """Return an unknown program, or a known one that it seems to start."""
        script = self.words[0]
        at, line = self._unknown_wrapper() if name not in DATA and len(self.words) > 1 else (0, 0)
        if self.interpreter:
            return self._found(UNKNOWN, script=script if at else "")
        if (at or line) and self.depth < MAX_DEPTH:
            words, place = self.words, len(self.command) - len(self.words) + 1 if self.reachable else None
            known = {"script": script, "script_argv": words, "script_at": place, "unknown_starter": script}
            if line:
                inner, self.words = self._line(words[line], ()), words
            else:
                inner = self._within(self._nested(words[at:]))
            if inner.row is not UNKNOWN:
                return changed(inner, **known)
        more: dict[str, Any] = {} if name in DATA or self.entry else {"script": script}
        return self._found(UNKNOWN, **more)

    def _unknown_wrapper(self) -> tuple[int, int]:
        """Return the index of a known command behind an unknown one, and of a line that contains one."""
        from mkl_launch.program.unknown_wrapper import find_known_command, find_line

        at = find_known_command(self.words, self.depth)
        return at, 0 if at or self.interpreter else find_line(self.words, self.depth)

    def _shell(self) -> Program | None:
        """Return the program of `sh -c LINE`; for `sh FILE`, go on with the file."""
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
        """Return the program that a shell command line starts."""
        if self.depth >= MAX_DEPTH:
            return changed(self._found(UNKNOWN), insert_at=None)
        self.words, values = (), None
        if self.environ is not None:
            values = {**self.environ, **dict(self.assigned), "0": "".join(zero)}
        if len(text) < LONG and not GRAMMAR & set(text):
            from mkl_launch.program.words import and_list

            plain = and_list(text, values)
            if plain:
                turns = [(False, True, self._nested(command)) for command in plain]
                return self._within(main_program(turns))
        from mkl_launch.program.shell.lexer import Unclear
        from mkl_launch.program.shell.script import main_of, started
        from mkl_launch.program.words import counts_jobs

        try:
            commands = started(text, values, arguments)
        except Unclear as problem:
            unread = self._found(UNKNOWN, not_inspected=f"a shell command line ({problem})")
            return changed(unread, script_counts_jobs=counts_jobs(unread, text))
        main = main_of(commands, lambda command: self._nested(command.words))
        return self._within(main, script_counts_jobs=main.script_counts_jobs or counts_jobs(main, text))

    def _python(self, words: tuple[str, ...], *, is_interpreter: bool = True) -> Program | None:
        """Go on with the script of a Python command line, or with the command of its `-m`."""
        from mkl_launch.program.words import python_option

        self.interpreter = words[0] if is_interpreter else self.interpreter
        at = 1
        while at < len(words) and words[at].startswith("-"):
            flag, value = python_option(words[at])
            if flag == "m" and (value or at + 1 < len(words)):
                return self._module((value, *words[at + 1 :]) if value else words[at + 1 :])
            if flag == "c" or not words[at].strip("-"):
                self.words = words
                return self._found(UNKNOWN)
            at += 2 if (flag and not value) or words[at] in PYTHON_VALUES else 1
        self.words = words[at:] or words
        if at >= len(words):
            return self._found(UNKNOWN)
        name = self.words[0].rpartition("/")[2]
        if name in SHELLS or name.startswith(PYTHON):  # a script with the name of a shell
            return self._found(UNKNOWN)
        return None

    def _module(self, words: tuple[str, ...]) -> Program | None:
        """Return the program of `-m MODULE`, if the tables have it, or go on behind a wrapper."""
        name = module_command(words[0])
        self.words = words
        if name in COMMAND_TABLES:
            return self._known(name)
        row = wrapper(name) if name else None
        return self._wrapped(row, name) if row else self._found(UNKNOWN)

    def _wrapped(self, row: Wrapper, name: str) -> Program | None:
        """Go on with the command of a wrapper."""
        from mkl_launch.program.words import separated_line, shell_line, split_option

        words = self.words
        self.wrapper_files = (*self.wrapper_files, words[0])
        if row.is_script:
            place = len(self.command) - len(words) + 1 if self.reachable else None
            self.entry = {"script": words[0], "script_argv": words, "script_at": place}
        separate = separated_line(row, words)
        line = shell_line(row, separate)
        if line:
            words = separate
            self.reachable = False
            self._emptied(row, name, words[1:line])
            return self._line(words[line + 1], words[line + 3 :])
        if row.split_options:
            parts = split_option(row, words)
            if parts:
                self.words, self.reachable = parts, False
                return None
        return self._behind_wrapper(row, name)

    def _behind_wrapper(self, row: Wrapper, name: str) -> Program | None:
        """Go on with the words after a wrapper's own."""
        from mkl_launch.program.words import assignments, narrows, plain_name, wrapped_command

        words = self.words
        rest, is_module = wrapped_command(row, words)
        own = words[1 : len(words) - len(rest)]
        rest = plain_name(row, rest)
        self._emptied(row, name, own)
        if row.concurrency_options or row.single_word_is_line or row.words_are_lines:
            return self._several(row, own, rest)
        separated = "--" in own or not row.needs_double_dash
        self.plans_itself = self.plans_itself or row.is_mkl_launch
        self.reachable = self.reachable and not row.is_mkl_launch and separated
        if narrows(row, own):
            self.affinity_narrowed_by = self.affinity_narrowed_by or name
        more, self.words = assignments(rest) if row.takes_assignments else ((), rest)
        self.assigned += more
        if is_module:
            return self._module(self.words) if self.words else None
        if row.python and self.words:
            return self._python((PYTHON, *self.words), is_interpreter=False)
        return None

    def _several(self, row: Wrapper, own: tuple[str, ...], rest: tuple[str, ...]) -> Program | None:
        """Go on with a command that a wrapper runs several times, or lines that it runs in parallel."""
        from mkl_launch.program.wrapper_concurrency import as_script, concurrency, split_data

        if row.words_are_lines:
            return self._line(as_script(row, own, rest), ())
        command, data = split_data(row, rest)
        self.multipliers += concurrency(row, own, data)
        self.reachable = self.reachable and not row.data_markers
        if row.single_word_is_line and len(command) == 1 and " " in command[0]:
            return self._line(command[0], ())
        self.words = command
        return None

    def _emptied(self, row: Wrapper, name: str, own: tuple[str, ...]) -> None:
        """Record the wrapper, and its option if there is one, that clears the environment."""
        from mkl_launch.program.words import clears_environment

        option = clears_environment(row, own)
        if option is not None:
            self.env_cleared_by = self.env_cleared_by or f"{name} {option}".rstrip()
