"""The words of one program: what is its own, what stands behind it, its subcommand. Pure."""

from __future__ import annotations

from .command import UNKNOWN, Command
from .wrapper import Wrapper

LONGEST_NUMBER = 6  # digits


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
            at += 2 if word in row.values or (row.at_once and _bundle(word, row.values)) else 1
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
    at = next((at for at, word in enumerate(words[:-1]) if word in row.splits), 0)
    if (
        not at
        or any(not word.startswith("-") for word in words[1:at])
        or set(words[at + 1]) & set("'\"\\$#")
    ):
        return ()
    return (*words[:at], *words[at + 1].split(), *words[at + 2 :])


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


# How many commands a wrapper runs at a time


def _bundle(word: str, values: tuple[str, ...]) -> bool:
    """Letters of which only the last takes a value, the next word: `-0P`."""
    letters = ["-" + letter for letter in word[1:]]
    return (
        word[:2] != "--"
        and letters[-1:] != []
        and [name for name in letters if name in values] == letters[-1:]
    )


def _options(own: tuple[str, ...], values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The options among a wrapper's own words with their values, letters of one word apart."""
    found = []
    for word, following in zip(own, (*own[1:], "")):
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            found.append((name, value if equals or name not in values else following))
            continue
        for at, letter in enumerate(word[1:], 1) if word.startswith("-") else ():
            found.append(("-" + letter, word[at + 1 :].removeprefix("=")))
            if "-" + letter in values:
                found[-1] = "-" + letter, found[-1][1] or following
                break
    return tuple(found)


def parted(row: Wrapper, rest: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The command of a wrapper and the words behind its end; one of the latter, where it has no other."""
    end = next((at for at, word in enumerate(rest) if word in row.data), len(rest))
    return rest[:end] or rest[1:2], rest[end:]


def at_a_time(row: Wrapper, own: tuple[str, ...], data: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What says how many commands a wrapper runs at a time, and the number; none for one."""
    options = _options(own, row.values)
    if row.split_by and not any(name in row.split_by for name, _ in options):
        return ()
    told = [(f"{row.name} {name} {text}", text) for name, text in options if name in row.at_once]
    label, text = told[-1] if told else (row.name, row.usually)
    listed = len(data) - 1
    plain = data[:1] == row.data[:1] and not any(word in row.data for word in data[1:])
    if plain and listed > 0 and not any(char in word for word in data for char in "*?[{$\ufffd"):
        text = f"{text} of {listed}"
    return () if text == "1" else ((label, text),)


def running(text: str, cpus: int) -> tuple[int, bool]:
    """Return how many run at a time on `cpus`, and whether it is one for each of them.

    N is a number, N% a part of the CPUs, +N and -N are beside them, 0 is all that there are; `N of M` has
    no more than M.
    """
    said, _, most = text.partition(" of ")
    digits = said.strip("%+-")
    if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
        return 1, False
    number = int(digits)
    if said.endswith("%"):
        number = max(1, cpus * number // 100)
    elif said[0] in "+-":
        number = max(1, cpus + int(said))
    number = number or cpus
    return (
        (min(number, int(most)), False)
        if most and int(most) <= number
        else (number, number == cpus != int(digits))
    )
