"""What a command line starts in the end: through wrappers, `sh -c`, `python -m`. Pure."""

from __future__ import annotations

from .command import Command
from .commands import BY_MODULE, BY_NAME, CONTRADICTING, UNKNOWN
from .record import record
from .wrappers import PYTHON, PYTHON_VALUES, SCRIPT, SHELL_VALUES, SHELLS, WRAPPERS, Wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Outside quotes a shell does more with these than to part words.
_SPECIAL = frozenset("\n;&|<>()`\\")
_BLANK = " \t"

READ_KMP = frozenset(("libiomp5", "libomp"))


@record
class Libraries:
    """A Python, its distributions that compute as (name, version), and its OpenMP runtimes."""

    python: str
    distributions: tuple[tuple[str, str], ...]
    runtimes: frozenset[str]
    dividers: tuple[str, ...] = ()  # distributions that divide the CPUs among processes of their own
    hooked: bool = False  # it has the Python hook, with which these divide as if nothing were set
    assumed: bool = False  # the first Python on PATH: the command is a script that may start it

    @property
    def deaf(self) -> bool:
        """It computes, and with no OpenMP runtime that reads KMP_* variables."""
        return bool(self.distributions) and not self.assumed and not self.runtimes & READ_KMP

    @property
    def reads_kmp(self) -> bool:
        """It carries an OpenMP runtime that reads KMP_* variables."""
        return bool(self.runtimes & READ_KMP) and not self.assumed


@record
class Program:
    """The program that a command line starts, and its own words, the first of them its name.

    `at` is where its own arguments begin in the command line; None where they cannot be reached.
    """

    row: Command
    words: tuple[str, ...]
    at: int | None = None
    interpreter: str | None = None  # the word that names its Python
    assigned: tuple[tuple[str, str], ...] = ()  # variables that a wrapper sets
    cleared: str | None = None  # the wrapper that empties the environment
    narrowed: str | None = None  # the wrapper that narrows the mask
    properties: tuple[tuple[str, str], ...] = ()  # of its configuration file
    archives: tuple[str, ...] = ()  # what is in its store of models
    libraries: Libraries | None = None
    # A program in its words or its script that refuses an OMP_NUM_THREADS unlike its own options.
    contradicted_by: str = ""
    script: str = (
        ""  # the word that names its file, which may be a script of a shell: of an unknown command only
    )

    def carries(self, distribution: str, *version: int) -> bool:
        """Its Python is known to carry that distribution, of that version or a later one."""
        found = dict(self.libraries.distributions).get(distribution, "") if self.libraries else ""
        numbers = [int(part) for part in found.split(".")[: len(version)] if part.isdecimal()]
        return numbers >= list(version)

    def environ(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """The environment that it will see, before any setting."""
        return {**given, **dict(self.assigned)} if self.assigned else given


def recognise(command: tuple[str, ...]) -> Program:
    """The program; its row is UNKNOWN for everything that is not in the table."""
    words, interpreter, cleared, narrowed = command, None, None, None
    assigned: tuple[tuple[str, str], ...] = ()
    reachable = True
    row = None
    while words and row is None:
        name = words[0].rpartition("/")[2]
        wrapper = WRAPPERS.get(name)
        if name in SHELLS:
            words, is_file = _script(words)
            reachable = reachable and is_file
        elif name.startswith(PYTHON):
            interpreter, (words, row) = words[0], _python(words)
        elif wrapper:
            behind = _behind(wrapper, words)
            own = words[1 : len(words) - len(behind)]
            reachable = reachable and not wrapper.plans and ("--" in own or not wrapper.dashes)
            cleared = cleared or next((f"{name} {word}" for word in own if word in wrapper.clears), None)
            narrowed = narrowed or (name if _narrows(wrapper, own) else None)
            words = behind
            more, words = _assignments(words) if wrapper.assigns else ((), words)
            assigned += more
        else:
            row = BY_NAME.get(name, UNKNOWN)
    row, skipped = _subcommand(row or UNKNOWN, words)
    at = len(command) - len(words) + 1 + skipped if words and reachable else None
    rival, script = contradicting(" ".join(command)), _script_file(command, words, interpreter)
    return Program(
        row=row,
        words=words,
        at=at,
        interpreter=interpreter,
        assigned=assigned,
        cleared=cleared,
        narrowed=narrowed,
        contradicted_by=rival,
        script="" if row.name else script,
    )


def _script_file(command: tuple[str, ...], words: tuple[str, ...], interpreter: str | None) -> str:
    """The word that may name a script of a shell: the program, else what is behind the last shell."""
    if words or interpreter:
        return "" if interpreter else words[0]
    shells = (at for at, word in enumerate(command) if word.rpartition("/")[2] in SHELLS)
    behind = command[max(shells, default=len(command)) + 1 :]
    return next((word for word in behind if word[:1] not in ("-", "+")), "")


def contradicting(text: str) -> str:
    """The first program in a text that refuses an OMP_NUM_THREADS unlike its own options."""
    if not any(name in text for name in CONTRADICTING):
        return ""
    plain = "".join(char if char.isalnum() or char in "_.-" else " " for char in text)
    return next((word for word in plain.split() if word in CONTRADICTING), "")


def _subcommand(row: Command, words: tuple[str, ...]) -> tuple[Command, int]:
    """A row that is for one subcommand only, and the words up to that one."""
    if row.bare and len(words) > 1:
        return UNKNOWN, 0
    if not row.subcommand:
        return row, 0
    if row.subcommand not in words[1:]:
        return UNKNOWN, 0
    return row, words.index(row.subcommand, 1)


def _python(words: tuple[str, ...]) -> tuple[tuple[str, ...], Command | None]:
    """The words from the script or the module on; a module's row."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        flags = "" if words[at].startswith("--") else words[at][1:]
        if flags.endswith("m") and at + 1 < len(words):
            module = words[at + 1]
            row = BY_MODULE.get(module) or BY_NAME.get(module.partition(".")[0], UNKNOWN)
            return words[at + 1 :], row
        if "c" in flags or not words[at].strip("-"):
            return words, UNKNOWN
        at += 2 if words[at] in PYTHON_VALUES else 1
    return words[at:], None if at < len(words) else UNKNOWN


def _narrows(wrapper: Wrapper, own: tuple[str, ...]) -> bool:
    """It binds to some CPUs: a list of them, or a mask as its operand."""
    named = any(word.partition("=")[0] in wrapper.lists for word in own)
    return named or bool(wrapper.lists and wrapper.operands)


def _behind(wrapper: Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words behind a wrapper's own; none where that is not certain."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        if words[at].startswith(wrapper.opaque):
            return ()
        at += 2 if words[at] in wrapper.values else 1
        if words[at - 1] == "--":
            break
    return words[at + wrapper.operands :]


def _assignments(words: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Leading NAME=VALUE words, and the rest."""
    at = 0
    while at < len(words) and "=" in words[at]:
        at += 1
    found = (word.partition("=") for word in words[:at])
    return tuple((name, value) for name, _, value in found), words[at:]


def _script(words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The words of the one simple command in `sh -c`, or of a script's file; none for anything else."""
    at = 1
    while at < len(words) and words[at][:1] in ("-", "+"):
        if "c" in words[at] and not words[at].startswith("--"):
            found = split(words[at + 1]) if at + 1 < len(words) else ()
            # NAME=VALUE before a command does what env(1) does.
            return ("env", *found) if found and "=" in found[0] else found, False
        at += 2 if words[at] in SHELL_VALUES else 1
    is_file = at < len(words) and words[at].endswith(SCRIPT)
    return words[at:] if is_file else (), is_file


def split(script: str) -> tuple[str, ...]:
    """The words of one simple command, variables not expanded; none for anything that is more."""
    words: list[str] = []
    word: str | None = None
    quote = ""
    for char in script.strip():
        if char == quote:
            quote = ""
        elif quote == "'" or (quote and char not in "`\\"):
            word = (word or "") + char
        elif quote or char in _SPECIAL or (char == "#" and word is None):
            return ()
        elif char in "'\"":
            quote, word = char, word or ""
        elif char in _BLANK:
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + char
    if quote or "$(" in script:
        return ()
    return (*words, word) if word is not None else tuple(words)
