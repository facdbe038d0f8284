"""Conditions of a shell script: true, false, or not known without a run."""

from __future__ import annotations

from mkl_launch.program.shell_lexer import HIDDEN
from mkl_launch.tables.lookup import COMMAND_TABLES
from mkl_launch.tables.wrapper_row import PYTHON

NO, MAYBE, YES = 0, 1, 2
SEARCHES = (("command", "-v"), ("which",), ("type",), ("hash",))


def inverted(state: int) -> int:
    """Return the outcome of `! command`."""
    return YES - state


def finds_known(words: list[str]) -> bool:
    """Return whether a condition is that a known program is installed, which is assumed to be so.

    `command -v gunicorn`, `python -c "import gunicorn"`. A script has a branch without the program for
    other images.
    """
    if words[1:2] == ["-c"] and words[0].rpartition("/")[2].startswith(PYTHON):
        names = words[2].replace(",", " ").split() if words[2:] else []
        return names[:1] == ["import"] and any(name in COMMAND_TABLES for name in names)
    return any(tuple(words[:-1]) == search for search in SEARCHES) and words[-1] in COMMAND_TABLES


def matches(subject: str, pattern: str) -> int:
    """Return whether a word matches a pattern of `case`."""
    plain = pattern.strip("*")
    begins, ends = pattern.endswith("*"), pattern.startswith("*")
    if pattern == "*":
        return YES
    if HIDDEN in subject + pattern or set(plain) & set("*?["):
        return MAYBE
    if begins and ends:
        fits = plain in subject
    elif begins:
        fits = subject.startswith(plain)
    else:
        fits = subject.endswith(plain) if ends else subject == pattern
    return YES if fits else NO


def holds(words: list[str]) -> int:
    """Return whether `[ ... ]` is true; MAYBE if that depends on a file or a command."""
    if not words or words[0] not in ("[", "[[", "test"):
        return {"true": YES, "false": NO}.get(words[0] if words else "", MAYBE)
    parts = [word for word in words[1:] if word not in ("]", "]]")]
    if any(HIDDEN in part for part in parts):
        return MAYBE
    if parts[:1] == ["!"]:
        return inverted(holds([words[0], *parts[1:]]))
    if parts[:1] in (["-n"], ["-z"]) and len(parts) <= 2:
        empty = not "".join(parts[1:])  # true also without any operand, as for an unquoted empty variable
        return YES if empty == (parts[0] == "-z") else NO
    return _compared(*parts) if len(parts) == 3 else MAYBE


def _compared(left: str, sign: str, other: str) -> int:
    """Return whether a comparison of two words or numbers is true."""
    if sign in ("=", "==", "!="):
        state = matches(left, other) if sign != "=" else YES if left == other else NO
        return inverted(state) if sign == "!=" else state
    if not (left.isdecimal() and other.isdecimal()):
        return MAYBE
    a, b = int(left[:9]), int(other[:9])
    order = {"-eq": a == b, "-ne": a != b, "-gt": a > b, "-ge": a >= b, "-lt": a < b, "-le": a <= b}
    return YES if order.get(sign, False) else NO
