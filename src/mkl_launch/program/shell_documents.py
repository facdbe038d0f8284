"""Here-documents of a shell script. Imported only for scripts with one."""

from __future__ import annotations

from mkl_launch.program.shell_lexer import HERE, READING, Unclear, find, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.program.shell_lexer import Word

QUOTES = "'\"\\"  # around a delimiter, they keep variables in the text


def document(text: str, at: int, marks: list[str], stream: list[str | Word]) -> tuple[list[Word], int]:
    """Return the last here-document that begins at `at`, if a shell reads it, and where all of them end."""
    mark, body = "", ""
    for mark in marks:
        begin, at = at, _behind(text, at, mark.strip(QUOTES))
        body = text[begin:at].rpartition("\n")[0]
    if not _is_script_read(stream):
        return [], at
    pieces = [("'", body)] if mark[:1] in QUOTES else quoted(body.replace('"', '\\"') + '"', 0)[0]
    return [((HERE, ""), *pieces)], at


def _behind(text: str, at: int, mark: str) -> int:
    """Return where the line after a here-document ends."""
    while at < len(text):
        end = find(text, "\n", at)
        if text[at:end].strip() == mark:
            return end
        at = end + 1
    raise Unclear("a here-document without an end")


def _is_script_read(stream: list[str | Word]) -> bool:
    """Return whether the last command is a shell, which reads a script."""
    begin = max((at for at, part in enumerate(stream) if isinstance(part, str)), default=-1) + 1
    name = stream[begin][0][1].rpartition("/")[2] if begin < len(stream) else ""
    return name in READING
