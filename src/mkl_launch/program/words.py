"""The words of one program: what is its own, what stands behind it, its subcommand. Pure."""

from __future__ import annotations

from mkl_launch.tables.command import UNKNOWN, Command
from mkl_launch.tables.wrapper import Wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

# What makes a line more than the words of one command; an equals sign only in the first of them.
SPECIAL = frozenset("\n;&|<>()`\\\"'#*?[]{}!~")
PARTING = frozenset(" \t\n*?[\\\0")  # in a value it parts a word, or stands for files
BUILTINS = ("builtin", "command", "eval", "set", "time")


def only_command(text: str, values: Mapping[str, str] | None) -> tuple[str, ...]:
    """The words of a line for a shell that is one command, without quotes; none where it takes more.

    It is read a fifth of a millisecond faster than any other line.
    """
    words = [] if "\n" in text else text.replace("\t", " ").split(" ")
    filled = [_filled(word, values) for word in words]
    if None in filled:
        return ()
    found = tuple(word for word in filled if word)
    found = found[1:] if found[:1] == ("exec",) else found
    first = found[0] if found else ""
    certain = first and "=" not in first and first[0] not in "-+" and first not in BUILTINS
    return found if certain else ()


def in_turn(text: str, values: Mapping[str, str] | None) -> tuple[tuple[str, ...], ...]:
    """The commands of a line, `A && B`, without those that only pass; none where it takes more."""
    lines = text.split("&&")
    found = tuple(only_command(line, values) for line in lines)
    if not all(found) or any(line.split()[0] == "exec" for line in lines[:-1]):
        return ()
    if len(found) == 1:
        return found
    from mkl_launch.program.passing import DECIDING, PASSING

    names = [words[0].rpartition("/")[2] for words in found]
    if DECIDING & set(names):
        return ()
    return tuple(words for words, name in zip(found, names) if name not in PASSING)


def _filled(word: str, values: Mapping[str, str] | None) -> str | None:
    """A word with the values of its variables; None where these part it, or it has anything else."""
    first, *parts = word.split("$")
    pieces = [first]
    for part in parts:
        name, brace, rest = part[1:].partition("}") if part[:1] == "{" else ("", "}", part)
        if not name:
            rest = part.lstrip(LETTERS)
            name = part[: len(part) - len(rest)]
        value = (values or {}).get(name, "")
        if values is None or not brace or not name.isidentifier() or PARTING & set(value):
            return None
        pieces += [value, rest]
    return None if any(SPECIAL & set(piece) for piece in pieces[::2]) else "".join(pieces)


def is_work(rest: tuple[str, ...]) -> bool:
    """There is an `app:app` or a script among a command's words."""
    for word in rest:
        first, colon, last = word.partition(":")
        both = colon and first.replace(".", "").isidentifier() and last.partition("(")[0].isidentifier()
        if not word.startswith("-") and (both or word.endswith(".py")):
            return True
    return False


def subcommand(rows: tuple[Command, ...], words: tuple[str, ...]) -> tuple[Command, int]:
    """The row for the subcommand that is there, and the words up to that one."""
    best: tuple[int, Command] | None = None
    for row in rows:
        if row.without_arguments_only and len(words) > 1:
            continue
        parts = tuple(row.subcommand.split())
        ends = (
            at + len(parts) - 1
            for at in range(1, len(words) - len(parts) + 1)
            if words[at : at + len(parts)] == parts
        )
        end = next(ends, 0) if parts else 0
        if (end or not parts) and (best is None or end < best[0]):
            best = end, row
    return (best[1], best[0]) if best else (UNKNOWN, 0)


def narrows(row: Wrapper, own: tuple[str, ...]) -> bool:
    """It binds to some CPUs: a list of them, or a mask as its operand."""
    named = any(word.partition("=")[0] in row.cpu_list_options for word in own)
    return named or bool(row.cpu_list_options and row.operands)


def behind(row: Wrapper, words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The words behind a wrapper's own, and whether the first is a module; none where it is not certain."""
    if row.command_after_dashes:
        at = words.index("--") + 1 if "--" in words else len(words)
        named = words.index(row.command_option) + 1 if row.command_option in words[:-1] else 0
        return (words[named : named + 1] if named else ()) + words[at:], False
    at, subcommands = 1, row.subcommands
    while at < len(words):
        word = words[at]
        if word in row.module_options and not (subcommands and "" not in subcommands):
            return words[at + 1 :], True
        if word.startswith("-"):
            if row.hiding_options and word.startswith(row.hiding_options):
                return (), False
            at += (
                2
                if word in row.value_options
                or (row.concurrency_options and bundled(word, row.value_options))
                else 1
            )
            if word == "--":
                break
        elif subcommands:
            length = next(
                (
                    len(parts)
                    for parts in (tuple(one.split()) for one in subcommands)
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
    return words[at + row.operands :], False


def split(row: Wrapper, words: tuple[str, ...]) -> tuple[str, ...]:
    """The wrapper and its words once more, with the parts of a value for that value; none without one."""
    at = next((at for at, word in enumerate(words[:-1]) if word in row.split_options), 0)
    if (
        not at
        or any(not word.startswith("-") for word in words[1:at])
        or set(words[at + 1]) & set("'\"\\$#")
    ):
        return ()
    return (*words[:at], *words[at + 1].split(), *words[at + 2 :])


def bundled(word: str, values: tuple[str, ...]) -> bool:
    """Letters of which only the last takes a value, the next word: `-0P`."""
    letters = ["-" + letter for letter in word[1:]]
    return (
        word[:2] != "--"
        and letters[-1:] != []
        and [name for name in letters if name in values] == letters[-1:]
    )


def line_at(row: Wrapper, words: tuple[str, ...]) -> int:
    """Where the option stands whose value is a line for a shell, `-c`, `-qec`; 0 if it has none.

    It is among the wrapper's own words: behind them it is the command's.
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
    """Leading NAME=VALUE words, and the rest."""
    at = 0
    while at < len(words) and "=" in words[at]:
        at += 1
    found = (word.partition("=") for word in words[:at])
    return tuple((name, value) for name, _, value in found), words[at:]
