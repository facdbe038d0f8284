"""Expansion of the variables and arguments in the words of a shell script."""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION
from mkl_launch.program.script_file import FOLDER_ABOVE, GPU_COUNT, SCRIPT_FOLDER
from mkl_launch.program.shell_lexer import ARITHMETIC, ARRAY, HIDDEN, SEQUENCE, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mkl_launch.program.shell_lexer import Word

ALL = ("@", "*")  # every argument of the script
ARGUMENTS_ELSE = ("@:-", "*:-")  # every argument, or what follows if there is none
EVERY = ("[@]", "[*]")  # every word of an array
UNSET_IS_UNKNOWN = ("0", SCRIPT_FOLDER, FOLDER_ABOVE, GPU_COUNT)


def expand(word: Word, values: Mapping[str, str] | None, arguments: tuple[str, ...] = ()) -> list[str]:
    """Return the words to which a word expands. Without `values`, variables are not expanded."""
    fields: list[str] = []
    current: str | None = None
    for kind, text in word:
        if kind[:1] != "$":
            current = (current or "") + (HIDDEN if kind == ARRAY else text)
        elif kind.startswith(ARITHMETIC):
            current = (current or "") + _computed(text, values, arguments)
        elif values is None:
            current = (current or "") + _unexpanded(kind, text)
        elif text in ALL or text.endswith(EVERY) or text[:3] in ARGUMENTS_ELSE:
            every = arguments if text[:1] in ALL else _array(text, values)
            if not every and text[:3] in ARGUMENTS_ELSE:
                other = _plain(text[3:], values, arguments)
                every = (other,) if '"' in kind else tuple(other.split())
            if every:
                fields += [(current or "") + every[0], *every[1:]]
                current = fields.pop()
        elif '"' in kind:
            current = (current or "") + value_of(text, values, arguments)
        else:
            more, current = _split(value_of(text, values, arguments), current)
            fields += more
    if current is not None:
        fields.append(current)
    return fields


def expand_value(word: Word, values: Mapping[str, str] | None, arguments: tuple[str, ...] = ()) -> str:
    """Return the text to which an assignment NAME=VALUE expands: variables in it are not split."""
    quoted = tuple(
        (f'{kind}"' if kind[:1] == "$" and '"' not in kind else kind, text) for kind, text in word
    )
    return "".join(expand(quoted, values, arguments))


def _computed(text: str, values: Mapping[str, str] | None, arguments: tuple[str, ...]) -> str:
    """Return the value of an arithmetic expression."""
    if values is None:
        return HIDDEN
    from mkl_launch.program.shell_arithmetic import evaluate

    return evaluate(text, lambda name: value_of(name, values, arguments))


def _unexpanded(kind: str, text: str) -> str:
    """Return an expansion as it is written; HIDDEN for the output of a command."""
    if text in UNSET_IS_UNKNOWN or text.startswith(SEQUENCE):
        return HIDDEN
    return f"${{{text}}}" if "{" in kind else f"${text}"


def _numbers(text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return the numbers that `seq` prints with these operands."""
    from mkl_launch.program.shell_output import sequence

    return sequence(_plain(text[len(SEQUENCE) :], values, arguments).split())


def _array(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of `NAME[@]`. `values` has them under that name, separated by NUL."""
    words = values.get(text[:-3] + EVERY[0], HIDDEN)
    return tuple(words.split("\0")) if words else ()


def _split(value: str, current: str | None) -> tuple[list[str], str | None]:
    """Split an unquoted value: return the words that are complete, and the last one, which may go on."""
    complete: list[str] = []
    if value[:1].isspace() and current is not None:
        complete.append(current)
        current = None
    for number, part in enumerate(value.split()):
        if number:
            complete.append(current or "")
            current = None
        current = (current or "") + part
    return complete, current


def value_of(text: str, values: Mapping[str, str], arguments: tuple[str, ...] = ()) -> str:
    """Return the value of NAME, NAME:-other, NAME-other, NAME:=other or NAME:+other; else HIDDEN."""
    if text.startswith(SEQUENCE):
        return _numbers(text, values, arguments)
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    name, rest = text[:end], text[end:]
    if name.isdecimal() and name != "0":
        value: str | None = arguments[int(name) - 1] if 0 < int(name[:4]) <= len(arguments) else None
    elif text == "#":
        return str(len(arguments))
    else:
        value = values.get(name, HIDDEN if name in UNSET_IS_UNKNOWN else None) if name else HIDDEN
    if not name or (value is not None and HIDDEN in value):
        whole = not rest or rest[:1] in ("-", "=") or rest[:2] in (":-", ":=")
        return value if value and whole and value.startswith(CPU_EXPRESSION) else HIDDEN
    colon = rest.startswith(":")
    sign, other = rest[colon : colon + 1], rest[colon + 1 :]
    there = bool(value) if colon else value is not None
    if sign in ("-", "=", "+") and sign and there == (sign == "+"):
        return _plain(other, values, arguments)
    if not rest or sign in ("-", "=", "?", "+"):
        return (value or "") if sign != "+" else ""
    return _part(value or "", rest)


def _part(value: str, rest: str) -> str:
    """Return the value of `NAME#prefix`, `NAME%/*`, `NAME,,`, `NAME^^` or `NAME:0:1`; else HIDDEN.

    Entry scripts test with these whether an argument is an option.
    """
    if rest.startswith("#") and rest[1:] and not set(rest[1:]) & set("#*?[$"):
        return value[len(rest) - 1 :] if value.startswith(rest[1:]) else value
    if rest in ("%/*", "%/*/*"):
        folder = value.rsplit("/", rest.count("/"))
        return value if len(folder) <= rest.count("/") else folder[0]
    if rest in (",,", "^^"):
        return value.lower() if rest == ",," else value.upper()
    first, colon, length = rest[1:].partition(":")
    if rest.startswith(":") and colon and first.strip().isdecimal() and length.isdecimal():
        return value[int(first[:4]) :][: int(length[:4])]
    return HIDDEN


def settings_in(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield name, value and whether it is exported for each line NAME=VALUE without an expansion."""
    for line in text.splitlines():
        plain = line.strip()
        name, equals, value = plain.removeprefix("export ").partition("=")
        value = value.partition(" #")[0].strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        value = value[1:-1] if quoted else value
        if (
            equals
            and name.isidentifier()
            and not set(value) & set("$`\\\"'")
            and (quoted or " " not in value)
        ):
            yield name, value, plain.startswith("export ")


def is_known(name: str, value: str) -> bool:
    """Return whether a value is known, or a number of processes that counts CPUs."""
    return HIDDEN not in value or (value.startswith(CPU_EXPRESSION) and not name.endswith("_THREADS"))


def assigns(word: Word) -> bool:
    """Return whether a word is NAME=VALUE."""
    kind, text = word[0]
    name, equals, _ = text.partition("=")
    return kind == "" and bool(equals) and name.rstrip("+").isidentifier()


def _plain(text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    parts = tokens(text) if text else []
    if any(isinstance(token, str) for token in parts):
        return HIDDEN
    return " ".join(part for token in parts for part in expand(token, values, arguments))  # type: ignore[arg-type]
