"""Conditions of a shell script: true, false, or not known without a run."""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION
from mkl_launch.program.shell.lexer import HIDDEN
from mkl_launch.tables.lookup import COMMAND_TABLES
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NO, MAYBE, YES = 0, 1, 2
ORDER = {"-eq": "==", "-ne": "!=", "-gt": ">", "-ge": ">=", "-lt": "<", "-le": "<="}
DIGITS = ("[0-9]+", "[[:digit:]]+", "[1-9][0-9]*")
REGULAR = frozenset("\\.*+?()[]{}^$")  # characters of regular expressions
ASSUMED = (PYTHON, PYTHON + "3", "nproc")  # programs that are assumed to be installed
FILE_TESTS = ("-e", "-f", "-d", "-r")
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
    known = bool(words) and (words[-1] in COMMAND_TABLES or words[-1] in ASSUMED)
    return known and any(tuple(words[:-1]) == search for search in SEARCHES)


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


def holds(words: list[str], there: Callable[[str], int] | None = None) -> int:
    """Return whether `[ ... ]` is true; MAYBE if that depends on a command.

    `there` returns whether a file exists. Without it, a condition on a file is MAYBE.
    """
    if not words or words[0] not in ("[", "[[", "test"):
        return {"true": YES, "false": NO}.get(words[0] if words else "", MAYBE)
    parts = [word for word in words[1:] if word not in ("]", "]]")]
    sign = "||" if "||" in parts else "&&"
    if sign in parts and "(" not in parts:
        at = parts.index(sign)
        both = [holds([words[0], *side], there) for side in (parts[:at], parts[at + 1 :])]
        return max(both) if sign == "||" else min(both)
    if any(HIDDEN in part for part in parts):
        return MAYBE
    if parts[:1] == ["!"]:
        return inverted(holds([words[0], *parts[1:]], there))
    if parts[:1] in (["-n"], ["-z"]) and len(parts) <= 2:
        empty = not "".join(parts[1:])  # true also without any operand, as for an unquoted empty variable
        return YES if empty == (parts[0] == "-z") else NO
    return _compared(*parts) if len(parts) == 3 else _of_file(parts, there)


def _of_file(parts: list[str], there: Callable[[str], int] | None) -> int:
    """Return whether `-f FILE` is true."""
    return there(parts[1]) if there and len(parts) == 2 and parts[0] in FILE_TESTS else MAYBE


def _compared(left: str, sign: str, other: str) -> int:
    """Return whether a comparison of two words or numbers is true."""
    if sign in ("=", "==", "!="):
        state = matches(left, other) if sign != "=" else YES if left == other else NO
        return inverted(state) if sign == "!=" else state
    if sign == "=~":
        return _fits(left, other)
    if not (left.isdecimal() and other.isdecimal()) or sign not in ORDER:
        return MAYBE
    a, b = int(left[:9]), int(other[:9])
    order = {"-eq": a == b, "-ne": a != b, "-gt": a > b, "-ge": a >= b, "-lt": a < b, "-le": a <= b}
    return YES if order[sign] else NO


def _fits(subject: str, pattern: str) -> int:
    """Return whether a word matches a regular expression that lists words: `^(api|web)$`."""
    begins, ends = pattern.startswith("^"), pattern.endswith("$")
    plain = pattern.removeprefix("^").removesuffix("$")
    if plain in DIGITS and begins and ends:
        return YES if subject.isdecimal() else NO
    bracketed = plain[:1] == "(" and plain[-1:] == ")"
    if not bracketed and "|" in plain and (begins or ends):
        return MAYBE
    words = (plain[1:-1] if bracketed else plain).split("|")
    if any(set(word) & REGULAR for word in words):
        return MAYBE
    for word in words:
        if begins and ends:
            fits = subject == word
        elif begins:
            fits = subject.startswith(word)
        else:
            fits = subject.endswith(word) if ends else word in subject
        if fits:
            return YES
    return NO


def counting_condition(words: list[str]) -> str:
    """Return a comparison with a number of CPUs, `[ "$(nproc)" -gt 4 ]`, in Python; else ""."""
    parts = [word for word in words[1:] if word not in ("]", "]]")]
    if words[:1] == ["(("] or len(parts) != 3 or parts[1] not in ORDER:
        return ""
    numbers = [_numeric(parts[0]), _numeric(parts[2])]
    return ORDER[parts[1]].join(numbers) if all(numbers) else ""


def _numeric(word: str) -> str:
    """Return a number, or an expression that counts CPUs, in brackets; else ""."""
    expression = word.removeprefix(CPU_EXPRESSION)
    return f"({expression})" if expression != word or word.isdecimal() else ""


def chosen(condition: str, value: str, other: str) -> str:
    """Return the value of a variable that is set only if a condition on a number of CPUs holds."""
    numbers = [_numeric(value), _numeric(other or "0")]
    if not condition or not all(numbers):
        return HIDDEN
    return f"{CPU_EXPRESSION}({numbers[0]}if({condition})else{numbers[1]})"
