"""The words of one program: its own options, the command that it starts, its subcommand."""

from __future__ import annotations

from mkl_launch.program.script_file import FOLDER, beside
from mkl_launch.tables.command_row import UNKNOWN, Command
from mkl_launch.tables.wrapper_row import PYTHON, Wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.program import Program

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

# Characters with which a line is not the plain words of one command.
SPECIAL = frozenset("\n;&|<>()`\\\"'#*?[]{}!~")
SPLITTING = frozenset(" \t\n*?[\\\0")  # in a value, these split the word or stand for files
SOURCING = (".", "source")
NPROC_CALLS = ("$(nproc", "`nproc")
WORTH_MORE = (PYTHON, "NUM_THREADS")  # words of a script whose threads matter more than its jobs
BUILTINS = ("builtin", "command", "eval", "set", "time")


def single_command(text: str, values: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return the words of a shell command line that is one command without quotes; else nothing.

    This is 0.2 ms faster than `script.started`, which reads any line.
    """
    words = [] if "\n" in text else text.replace("\t", " ").split(" ")
    filled = [_filled(word, values) for word in words]
    if None in filled:
        return ()
    argv = tuple(word for word in filled if word)
    argv = argv[1:] if argv[:1] == ("exec",) else argv
    first = argv[0] if argv else ""
    certain = first and "=" not in first and first[0] not in "-+" and first not in BUILTINS
    return argv if certain else ()


def and_list(text: str, values: Mapping[str, str] | None) -> tuple[tuple[str, ...], ...]:
    """Return the commands of a line `A && B` without auxiliary ones; nothing if the line needs a parser."""
    lines = text.split("&&")
    commands = tuple(single_command(line, values) for line in lines)
    if not all(commands) or any(line.split()[0] == "exec" for line in lines[:-1]):
        return ()
    if commands[-1][0] in SOURCING:
        return ()
    if len(commands) == 1:
        return commands
    from mkl_launch.program.shell.auxiliary import AUXILIARY, STATE_CHANGING

    names = [words[0].rpartition("/")[2] for words in commands]
    if STATE_CHANGING & set(names):
        return ()
    folder, kept = "", []
    for words, name in zip(commands, names):
        if name == "cd":
            if len(words) != 2 or words[1][0] in "-~":
                return ()
            folder = beside(folder, words[1])
        elif name not in AUXILIARY:
            kept.append(("env", f"{FOLDER}={folder}", *words) if folder else words)
    return tuple(kept)


def _filled(word: str, values: Mapping[str, str] | None) -> str | None:
    """Expand the variables of a word; return None if that splits the word or needs a parser."""
    first, *parts = word.split("$")
    pieces = [first]
    for part in parts:
        name, brace, rest = part[1:].partition("}") if part[:1] == "{" else ("", "}", part)
        if not name:
            rest = part.lstrip(LETTERS)
            name = part[: len(part) - len(rest)]
        value = (values or {}).get(name, "")
        if values is None or not brace or not name.isidentifier() or SPLITTING & set(value):
            return None
        pieces += [value, rest]
    return None if any(SPECIAL & set(piece) for piece in pieces[::2]) else "".join(pieces)


def python_option(word: str) -> tuple[str, str]:
    """Return the letter of Python's option that takes a value, and what follows it: `-mgunicorn`, `-Im`.

    Both are "" if the word has no such letter. https://docs.python.org/3/using/cmdline.html
    """
    letters = "" if word.startswith("--") else word[1:]
    at = next((at for at, letter in enumerate(letters) if letter in "cmWX"), len(letters))
    return letters[at : at + 1], letters[at + 1 :]


def looks_like_work(rest: tuple[str, ...]) -> bool:
    """Return whether the words contain `app:app` or a Python script."""
    for word in rest:
        first, colon, last = word.partition(":")
        both = colon and first.replace(".", "").isidentifier() and last.partition("(")[0].isidentifier()
        if not word.startswith("-") and (both or word.endswith(".py")):
            return True
    return False


def select_row(rows: tuple[Command, ...], words: tuple[str, ...]) -> tuple[Command, int]:
    """Return the row whose subcommand comes first in the words, and the index of that subcommand."""
    best: tuple[int, Command] | None = None
    for row in rows:
        if (row.without_arguments_only and len(words) > 1) or _is_client(row, words):
            continue
        parts = tuple(row.subcommand.split())
        ends = (
            at + len(parts) - 1
            for at in range(1, len(words) - len(parts) + 1)
            if words[at : at + len(parts)] == parts and words[at - 1] not in row.options_before_subcommand
        )
        end = next(ends, 0) if parts else 0
        if (end or not parts) and (best is None or end < best[0]):
            best = end, row
    return (best[1], best[0]) if best else (UNKNOWN, 0)


def _is_client(row: Command, words: tuple[str, ...]) -> bool:
    first = " ".join(words[1:3]) + " "
    return any(first.startswith(client + " ") or words[0] == client for client in row.client_words)


def narrows(row: Wrapper, own: tuple[str, ...]) -> bool:
    """Return whether a wrapper binds its command to CPUs: by an option, or by a mask as its operand."""
    named = any(word.partition("=")[0] in row.cpu_list_options for word in own)
    return named or bool(row.cpu_list_options and row.operands)


def wrapped_command(row: Wrapper, words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Return the command of a wrapper, and whether it is a module; no words if that is not certain."""
    if row.command_after_dashes:
        at = words.index("--") + 1 if "--" in words else len(words)
        own = words[: at - 1]
        named = next((own.index(name) + 1 for name in row.command_options if name in own), 0)
        return (words[named : named + 1] if named else ()) + words[at:], False
    at, subcommands = 1, row.subcommands
    while at < len(words):
        word = words[at]
        if word in row.module_options and not (subcommands and "" not in subcommands):
            return words[at + 1 :], True
        if word.startswith("-"):
            if row.hiding_options and word.startswith(row.hiding_options):
                return (), False
            bundle = is_option_bundle(word, row.value_options)
            at += 2 if bundle or word in row.value_options else 1
            if word == "--":
                break
        elif subcommands:
            length = next(
                (
                    len(parts)
                    for parts in (tuple(subcommand.split()) for subcommand in subcommands)
                    if words[at : at + len(parts)] == parts
                ),
                -1,
            )
            if length < 0:
                return (), False
            at, subcommands = at + length, ()
        else:
            break
    if subcommands and "" not in subcommands:
        return (), False
    return _behind_operands(row, words[at + row.operands :]), False


def _behind_operands(row: Wrapper, rest: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command without options of the wrapper that stand between its operands and the command."""
    while row.operands and rest and rest[0].startswith("-"):
        if rest[0] == "--":
            return rest[1:]
        rest = rest[2 if rest[0] in row.value_options else 1 :]
    return rest


def split_option(row: Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words with the value of a `split_options` option split into words; () without one."""
    name, equals, value = words[1].partition("=") if words[1:] else ("", "", "")
    if equals and name in row.split_options:
        words = (words[0], name, value, *words[2:])
    at = next((at for at, word in enumerate(words[:-1]) if word in row.split_options), 0)
    if (
        not at
        or any(not word.startswith("-") for word in words[1:at])
        or set(words[at + 1]) & set("'\"\\$#")
    ):
        return ()
    return (*words[:at], *words[at + 1].split(), *words[at + 2 :])


def is_option_bundle(word: str, values: tuple[str, ...]) -> bool:
    """Return whether a word is several letters, and only the last takes a value, the next word: `-0P`."""
    letters = ["-" + letter for letter in word[1:]]
    return (
        word[:2] != "--"
        and letters[-1:] != []
        and [name for name in letters if name in values] == letters[-1:]
    )


def clears_environment(row: Wrapper, own: tuple[str, ...]) -> str | None:
    """Return the option of a wrapper that clears the environment; "" if it does so without one."""
    options = [name for word in own for name in (word.partition("=")[0], *_letters(word, row))]
    clearing = next((name for name in options if name in row.env_clearing_options), None)
    keeping = {*row.env_keeping_options}
    kept = keeping & {*options} if keeping else not row.env_keeping_file
    return clearing if clearing or kept else ""


def _letters(word: str, row: Wrapper) -> list[str]:
    """Return the options in a word of several letters, `-Eu`, up to one that takes a value."""
    names = ["-" + letter for letter in word[1:]] if word[:1] == "-" and word[1:2] != "-" else []
    end = next((at for at, name in enumerate(names) if name in row.value_options), len(names))
    return names[:end]


def separated_line(row: Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words with `--command=LINE`, the option of a shell command line, as two words."""
    for at, word in enumerate(words if row.shell_line_options else ()):
        name, equals, line = word.partition("=")
        if word == "--":
            break
        if equals and name.startswith("--") and name in row.shell_line_options:
            return (*words[:at], name, line, *words[at + 1 :])
    return words


def plain_name(row: Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command with the plain name in `ENVIRONMENT:NAME` or `NAME[extra]==1.2`."""
    first = "".join(words[:1])
    if row.takes_environment:
        first = first.rpartition(":")[2]
    if row.takes_version:
        first = first[: next((at for at, char in enumerate(first) if at and char in "@[=<>~!"), None)]
    return (first, *words[1:]) if words else ()


def shell_line(row: Wrapper, words: tuple[str, ...]) -> int:
    """Return the index of the option with a shell command line (`-c`, `-qec`); 0 if there is none.

    Only the wrapper's own options are searched, not those of its command.
    """
    at, operands = 1, 0
    while row.shell_line_options and at < len(words) - 1 and operands <= row.operands_before_line:
        word = words[at]
        letters = word[:1] == "-" and word[1:2] != "-" and "-" + word[-1] in row.shell_line_options
        if word == "--" or word in row.no_line_options:
            break
        if word in row.shell_line_options or letters:
            return at
        operands += not word.startswith("-")
        at += 2 if word in row.value_options else 1
    return 0


def assignments(words: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return the leading NAME=VALUE words as pairs, and the other words."""
    at = 0
    while at < len(words) and "=" in words[at]:
        at += 1
    pairs = (word.partition("=") for word in words[:at])
    return tuple((name, value) for name, _, value in pairs), words[at:]


def counts_jobs(program: Program, text: str) -> bool:
    """Return whether a script counts the jobs of unknown programs with nproc(1), as in `make -j$(nproc)`.

    nproc prints OMP_NUM_THREADS. If the script starts Python or sets such a variable itself, the number of
    threads is worth more than the number of jobs.
    """
    counted = any(word in text for word in NPROC_CALLS) and not any(word in text for word in WORTH_MORE)
    return counted and program.row is UNKNOWN and not program.interpreter
