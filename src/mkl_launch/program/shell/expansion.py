"""Expansion of the variables and arguments in the words of a shell script."""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION
from mkl_launch.program.script_file import GPU_COUNT
from mkl_launch.program.shell.lexer import ARITHMETIC, ARRAY, HIDDEN, OUTPUT, Unclear, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mkl_launch.program.shell.lexer import Word

ALL = ("@", "*")  # every argument of the script
ARGUMENTS_ELSE = ("@:-", "*:-")  # every argument, or what follows if there is none
EVERY = ("[@]", "[*]")  # every word of an array
UNSET_IS_UNKNOWN = ("0", GPU_COUNT)
MAX_WORD = 1 << 17  # characters, as in the kernel's MAX_ARG_STRLEN
MAX_FIELDS = 1 << 12
MAX_REPLACED, MAX_REPLACEMENT = 1 << 12, 1 << 6


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
        elif kind.startswith(OUTPUT):
            more, current = _split(_output(text, values, arguments), current, kind)
            fields += more
        elif text in ALL or (text.endswith(EVERY) and text[0] != "#") or text[:3] in ARGUMENTS_ELSE:
            every = _every(kind, text, values, arguments)
            if every:
                fields += [(current or "") + every[0], *every[1:]]
                current = fields.pop()
        else:
            more, current = _split(value_of(text, values, arguments), current, kind)
            fields += more
        if len(current or "") > MAX_WORD or len(fields) > MAX_FIELDS:
            raise Unclear("a word is too long")
    if current is not None:
        fields.append(current)
    return fields


def expand_all(
    parts: Sequence[str | Word], values: Mapping[str, str] | None, arguments: tuple[str, ...] = ()
) -> list[str]:
    """Return the words to which the words of a command expand. Operators among them are left out."""
    return [one for part in parts if not isinstance(part, str) for one in expand(part, values, arguments)]


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
    from mkl_launch.program.shell.arithmetic import evaluate

    return evaluate(text, lambda name: value_of(name, values, arguments))


def _unexpanded(kind: str, text: str) -> str:
    """Return an expansion as it is written; HIDDEN for the output of a command."""
    if text in UNSET_IS_UNKNOWN or kind.startswith(OUTPUT):
        return HIDDEN
    return f"${{{text}}}" if "{" in kind else f"${text}"


def _every(kind: str, text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of `$@`, `${@:-other}` or `${NAME[@]}`."""
    every = arguments if text[:1] in ALL else _array(text, values)
    if every or text[:3] not in ARGUMENTS_ELSE:
        return every
    other = _plain(text[3:], values, arguments)
    return (other,) if '"' in kind else tuple(other.split())


def _output(command: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return the output of a command, HIDDEN if it is not known."""
    from mkl_launch.program.shell.output import output

    try:
        return output(command, values, arguments)
    except Unclear:
        return HIDDEN


def _indirect(text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return the value of `!NAME`, the length of `#NAME`, or the number of words of `#NAME[@]`."""
    sign, name = text[0], text[1:]
    if sign == "!":
        pointed = value_of(name, values, arguments)
        return value_of(pointed, values, arguments) if pointed.isidentifier() else HIDDEN
    words = arguments if name in ALL else _array(name, values) if name.endswith(EVERY) else ()
    value = value_of(name, values, arguments) if name.isidentifier() else "".join(words) or HIDDEN
    return HIDDEN if HIDDEN in value else str(len(words) if not name.isidentifier() else len(value))


def _element(name: str, rest: str, value: str | None, values: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the value of `NAME[0]` or of an array without an index, and what follows the name."""
    index, bracket, after = rest[1:].partition("]") if rest[:1] == "[" else ("0", "", "")
    known = index.isdecimal() and (value is None or bracket) and name + EVERY[0] in values
    if not known:
        return value, rest
    words = _array(name + EVERY[0], values)[int(index[:4]) :]
    return (words[0] if words else None), (after if bracket else rest)


def _array(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of `NAME[@]`. `values` has them under that name, separated by NUL."""
    words = values.get(text[:-3] + EVERY[0], HIDDEN)
    return tuple(words.split("\0")) if words else ()


def _split(value: str, current: str | None, kind: str) -> tuple[list[str], str | None]:
    """Split an unquoted value: return the words that are complete, and the last one, which may go on."""
    complete: list[str] = []
    if '"' in kind:
        return [], (current or "") + value
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
    if text[:1] in ("!", "#") and len(text) > 1:
        return _indirect(text, values, arguments)
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
        value, rest = _element(name, rest, value, values)
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
    """Return the value of `NAME#prefix`, `NAME%suffix`, `NAME,,`, `NAME^^` or `NAME:0:1`; else HIDDEN.

    Entry scripts test with these whether an argument is an option.
    """
    if rest[:1] in ("#", "%"):
        return _trimmed(value, rest[0], rest[1:])
    if rest[:1] == "/" and not set(rest) & set("*?[\\$\"'#%"):
        old, _, new = rest.removeprefix("//").removeprefix("/").partition("/")
        if len(value) > MAX_REPLACED or len(new) > MAX_REPLACEMENT:
            return HIDDEN
        return value.replace(old, new, -1 if rest[:2] == "//" else 1)
    if rest in (",,", "^^"):
        return value.lower() if rest == ",," else value.upper()
    first, colon, length = rest[1:].partition(":")
    if rest.startswith(":") and colon and first.strip().isdecimal() and length.isdecimal():
        return value[int(first[:4]) :][: int(length[:4])]
    return HIDDEN


def _trimmed(value: str, sign: str, pattern: str) -> str:
    """Return a value without what a pattern of `#`, `##`, `%` or `%%` takes away; HIDDEN if not known."""
    most = pattern[:1] == sign
    pattern = pattern[most:].strip("\"'")
    plain = pattern.strip("*")
    if not plain or set(plain) & set("*?[$\\"):
        return HIDDEN
    if pattern == plain:
        return value.removeprefix(plain) if sign == "#" else value.removesuffix(plain)
    if pattern == "*" + plain and sign == "#":
        return (value.rpartition(plain) if most else value.partition(plain))[2] if plain in value else value
    if pattern == plain + "*" and sign == "%":
        return (value.partition(plain) if most else value.rpartition(plain))[0] if plain in value else value
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
    return " ".join(expand_all(parts, values, arguments))
