"""A report on a terminal: colours, and lines broken at its width. In a pipe or a file, nothing changes."""

from __future__ import annotations

import posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BOLD, RED, GREEN, YELLOW = "1", "31", "32", "33"
TITLE = 10  # columns of the title of a line
NARROWEST = 40  # columns; in a narrower terminal lines are broken by the terminal itself
VERDICTS = {"fits": GREEN, "does": RED, "cannot": YELLOW, "off": YELLOW}  # by their first word


def present(text: str, environ: Mapping[str, str], descriptor: int = 1) -> str:
    """Return a report as this descriptor should get it."""
    width = columns(descriptor)
    if width is None:
        return text
    pieces = [piece for line in text.split("\n") for piece in wrapped(line, width)]
    return "\n".join(map(coloured, pieces) if uses_colour(environ) else pieces)


def uses_colour(environ: Mapping[str, str]) -> bool:
    """Return True unless NO_COLOR (https://no-color.org) or the type of the terminal forbids colours."""
    return not environ.get("NO_COLOR") and environ.get("TERM", "dumb") not in ("", "dumb")


def columns(descriptor: int) -> int | None:
    """Return the width of a terminal, 0 if it is not known; None if the descriptor is no terminal."""
    if not posix.isatty(descriptor):
        return None
    try:
        return posix.get_terminal_size(descriptor).columns
    except OSError:
        return 0


def wrapped(line: str, width: int) -> list[str]:
    """Return a line broken at spaces. What follows is indented like the text behind the title."""
    if width < NARROWEST:
        return [line]
    indent = " " * (TITLE if line[:1] != " " else min(len(line) - len(line.lstrip()) + 2, width // 2))
    pieces = []
    while len(line) > width:
        at = line.rfind(" ", len(indent) + 1, width + 1)
        if at < 0:  # a word that is longer than the line, such as a path
            at = line.find(" ", width)
        if at < 0:
            break
        pieces.append(line[:at].rstrip())
        line = indent + line[at:].lstrip()
    return [*pieces, line]


def coloured(line: str) -> str:
    """Return a line with its title in bold, and warnings and verdicts in their colours."""
    title, text = line[:TITLE], line[TITLE:]
    if title.startswith("!"):
        return f"\x1b[{BOLD};{YELLOW}m{title}\x1b[0m{text}"
    if title.startswith("verdict"):
        first, space, rest = text.partition(" ")
        colour = VERDICTS.get(first.rstrip(":"), BOLD)
        return f"\x1b[{BOLD}m{title}\x1b[0m\x1b[{BOLD};{colour}m{first}\x1b[0m{space}{rest}"
    return f"\x1b[{BOLD}m{title}\x1b[0m{text}" if title[:1] not in ("", " ") else line
