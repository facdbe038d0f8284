"""Here-documents of a shell script. Imported only for scripts with one."""

from __future__ import annotations

from mkl_launch.program.shell.lexer import HERE, READING, WRITTEN, Unclear, find, quoted, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.program.shell.lexer import Word

WRITING = ("cat",)
QUOTES = "'\"\\"  # around a delimiter, they keep variables in the text


def document(text: str, at: int, marks: list[str], stream: list[str | Word]) -> tuple[list[Word], int]:
    """Return the last here-document that begins at `at`, and where all of them end.

    It is returned if a shell reads it, or if `cat` writes it to a file, whose name follows.
    """
    mark, body, first = "", "", at
    for mark in marks:
        begin, at = at, _behind(text, at, mark.strip(QUOTES))
        body = text[begin:at].rpartition("\n")[0]
    name = _last_name(stream)
    target: Word = ()
    if name in WRITING:
        line = text[text.rfind("\n", 0, first - 1) + 1 : first - 1]
        named = [word for word in tokens(line.partition(">")[2].lstrip(">|")) if not isinstance(word, str)]
        target = named[0] if named else ()
    if name not in READING and not target:
        return [], at
    pieces = [("'", body)] if mark[:1] in QUOTES else quoted(body.replace('"', '\\"') + '"', 0)[0]
    read: Word = ((HERE, ""), *pieces)
    return [read, ((WRITTEN, ""), *target)] if target else [read], at


def _behind(text: str, at: int, mark: str) -> int:
    """Return where the line after a here-document ends."""
    while at < len(text):
        end = find(text, "\n", at)
        if text[at:end].strip() == mark:
            return end
        at = end + 1
    raise Unclear("a here-document without an end")


def _last_name(stream: list[str | Word]) -> str:
    """Return the name of the last command."""
    begin = max((at for at, part in enumerate(stream) if isinstance(part, str)), default=-1) + 1
    return stream[begin][0][1].rpartition("/")[2] if begin < len(stream) else ""
