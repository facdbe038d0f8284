"""The reader of profiles, which --tune writes. Imported only if there is one."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU
from mkl_launch.host.filesystem import Reading, Root
from mkl_launch.model.profile import PINNING_RULES, SPIN_RULES, THREAD_RULES, Profile

SCHEMA = 1
CHOICES = {"threads": THREAD_RULES, "spin": SPIN_RULES, "pinning": PINNING_RULES}
TEXTS = ("command", "arch", "limit")
FIELDS = 3 + len(TEXTS) + 2  # with the three rules, the schema and the number of threads
LONG = 1 << 16  # bytes; a profile has about 1000


def profile(root: Root, reading: Reading) -> Profile:
    """Return the profile in a file; its `problem` says why it cannot be used, if so."""
    problem = reading.error or root.untrusted(reading.path)
    if problem:
        return Profile(path=reading.path, problem=problem)
    try:
        fields = _fields(_parse(reading.text))
    except (ValueError, RecursionError) as error:
        return Profile(path=reading.path, problem=str(error) or "not JSON")
    return Profile(path=reading.path, here=root.architecture(), **fields)  # type: ignore[arg-type]


def _parse(text: str) -> object:
    """Return the document in a JSON text; `json`, which takes 5 ms to import, is for other layouts only."""
    if len(text) > LONG:
        raise ValueError(f"longer than {LONG} bytes")
    document = _as_saved(text)
    if document is not None:
        return document
    from json import loads

    return loads(text)


def _as_saved(text: str) -> dict[str, object] | None:
    """Return the fields before "measured" if each has a line as --save writes it; else None."""
    first, *lines = text.split("\n")
    document: dict[str, object] = {}
    for line in lines if first == "{" else ():
        if line == '  "measured": {':
            return document if len(document) == FIELDS else None
        name, colon, value = line.partition('": ')
        value = value.removesuffix(",")
        inner = value[1:-1]
        if not colon or name[:3] != '  "':
            break
        if value == f'"{inner}"' and inner.isprintable() and not {'"', "\\"} & set(inner):
            document[name[3:]] = inner
        elif value.isdecimal() and value.isascii() and (value == "0" or value[0] != "0"):
            document[name[3:]] = int(value[:20])
        else:
            break
    return None


def _fields(document: object) -> dict[str, object]:
    """Return the checked {field of Profile: value} of a document. Raise ValueError."""
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # of the file, not of a caller
    if document.get("schema") != SCHEMA:
        raise ValueError(f"schema {document.get('schema')!r} is not {SCHEMA}")
    fields: dict[str, object] = {}
    for name, accepted in CHOICES.items():
        fields[name] = document.get(name)
        if fields[name] not in accepted:
            raise ValueError(f"{name} {fields[name]!r} is not one of {', '.join(accepted)}")
    for name in TEXTS:
        fields[name] = document.get(name)
        if not isinstance(fields[name], str):
            raise ValueError(f"{name} {fields[name]!r} is not a text")  # noqa: TRY004
    planned = document.get("planned_threads")
    if type(planned) is not int or not 0 < planned <= MAX_CPU:
        raise ValueError(f"planned_threads {planned!r} is not a whole number from 1 to {MAX_CPU}")
    return {**fields, "planned_threads": planned}
