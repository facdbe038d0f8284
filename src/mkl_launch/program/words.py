"""The words of one program: what is its own, what stands behind it, its subcommand. Pure."""

from __future__ import annotations

from mkl_launch.tables.command import UNKNOWN, Command
from mkl_launch.tables.wrapper import Wrapper


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
        if row.bare and len(words) > 1:
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
    named = any(word.partition("=")[0] in row.lists for word in own)
    return named or bool(row.lists and row.operands)


def behind(row: Wrapper, words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The words behind a wrapper's own, and whether the first is a module; none where it is not certain."""
    if row.behind_dashes:
        at = words.index("--") + 1 if "--" in words else len(words)
        named = words.index(row.command) + 1 if row.command in words[:-1] else 0
        return (words[named : named + 1] if named else ()) + words[at:], False
    at, subcommands = 1, row.subcommands
    while at < len(words):
        word = words[at]
        if word in row.module and not (subcommands and "" not in subcommands):
            return words[at + 1 :], True
        if word.startswith("-"):
            if row.opaque and word.startswith(row.opaque):
                return (), False
            at += 2 if word in row.values else 1
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


def line_at(row: Wrapper, words: tuple[str, ...]) -> int:
    """Where the option stands whose value is a line for a shell, `-c`, `-qec`; 0 if it has none.

    It is among the wrapper's own words: behind them it is the command's.
    """
    at, operands = 1, 0
    while row.line and at < len(words) - 1 and operands <= row.before_line:
        word = words[at]
        letters = word[:1] == "-" and word[1:2] != "-" and "-" + word[-1] in row.line
        if word == "--" or word in row.no_line:
            break
        if word in row.line or letters:
            return at
        operands += not word.startswith("-")
        at += 2 if word in row.values else 1
    return 0


def assignments(words: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Leading NAME=VALUE words, and the rest."""
    at = 0
    while at < len(words) and "=" in words[at]:
        at += 1
    found = (word.partition("=") for word in words[:at])
    return tuple((name, value) for name, _, value in found), words[at:]
