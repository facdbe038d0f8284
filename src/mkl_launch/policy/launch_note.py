"""The note in MKL_LAUNCH_APPLIED: what one launch hands to a launch within it. Pure.

An image's ENTRYPOINT and `docker run IMAGE mkl-launch -- ...` are two launches, one within the other. With
the note the inner launch can tell the launcher's values from the user's, and comes to the same result.

The note is words with spaces between: `--note=2`, the version; `--option=text`; `NAME=value` for a variable
that was set; `NAME` for a variable that was removed. White space and "%" in a word are written as %XX.
Version 1 has neither a word for the version nor %XX.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, parse, positive, show, whole
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.slots import Held

VERSION = "2"
VERSIONED = f"--note={VERSION}"
# The words of the note that are not options of the command line.
FIELDS = frozenset(
    ("note", "granted", "engine", "ranks", "share", "base", "crowd", "for", "added", "auto", "held", "own")
)


class OuterLaunch(Record):
    """The CPUs that an outer launch has got by dividing them among ranks."""

    rank_path: tuple[tuple[int, int], ...]  # (number, size) of each rank, the outermost first
    cpus: frozenset[int]
    group_cpus: frozenset[int]  # CPUs of all ranks together
    sharers: int  # processes that have the same `cpus`


class Note(Record):
    """The content of a note. Without a note, or with a damaged one, these defaults."""

    options: dict[str, str]  # {option: text} as the user chose them
    values: dict[str, str]  # variables that were set
    removed: frozenset[str] = frozenset()  # variables that were removed
    auto: frozenset[str] = frozenset()  # variables that the user set to "auto"
    command: str = ""  # the row of the table that was planned for
    added: int = 0  # arguments that were added to the command
    granted_cpus: int | None = None  # CPUs that a job launcher gave to the outer launch
    launcher_pid: str = ""  # the job launcher's process
    outer: OuterLaunch | None = None
    held: Held | None = None  # the CPUs that the outer launch has taken with --slots

    @property
    def texts(self) -> dict[str, str]:
        """Return {option: text} and {variable: value} in one dictionary, for the reader of requests."""
        return {**self.values, **self.options}


def read_note(environ: Mapping[str, str]) -> Note:
    """Return the outer launch's note; the default for each part that is absent or damaged."""
    words = environ.get(APPLIED, "").split()
    if any(word.startswith("--note=") for word in words):
        words = [_unescaped(word) for word in words]
    options: dict[str, str] = {}
    values: dict[str, str] = {}
    removed = set()
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            removed.add(name)
        elif name.startswith("--"):
            options[name[2:]] = value
        else:
            values[name] = value
    return Note(
        options={name: text for name, text in options.items() if name not in FIELDS},
        values=values,
        removed=frozenset(removed),
        auto=frozenset(filter(None, options.get("auto", "").split(","))),
        command=options.get("for", ""),
        added=positive(options.get("added")) or 0,
        granted_cpus=positive(options.get("granted")),
        launcher_pid=options.get("engine", ""),
        outer=_outer(options),
        held=_held(options),
    )


def write_note(note: Note) -> str:
    """Return the text from which `read_note` makes this note."""
    outer = note.outer
    fields = [
        ("granted", str(note.granted_cpus or "")),
        ("engine", note.launcher_pid),
        ("ranks", ",".join(f"{number}/{size}" for number, size in outer.rank_path) if outer else ""),
        ("share", show(outer.cpus) if outer else ""),
        ("base", show(outer.group_cpus) if outer else ""),
        ("crowd", str(outer.sharers) if outer else ""),
        ("for", note.command),
        ("auto", ",".join(sorted(note.auto))),
        ("added", str(note.added or "")),
        ("held", show(note.held.cpus) if note.held else ""),
        ("own", "1" if note.held and note.held.own else ""),
    ]
    words = [f"--{name}={text}" for name, text in note.options.items()]
    words += [f"--{name}={text}" for name, text in fields if text]
    words += [f"{name}={value}" for name, value in note.values.items()]
    return " ".join((VERSIONED, *map(_escaped, (*words, *sorted(note.removed)))))


def _outer(options: Mapping[str, str]) -> OuterLaunch | None:
    """Return the outer launch's share; None if there is none or if it is damaged."""
    try:
        pairs = [word.partition("/") for word in options.get("ranks", "").split(",")]
        rank_path = tuple((whole(number), whole(size)) for number, _, size in pairs)
        cpus, group_cpus = parse(options.get("share", "")), parse(options.get("base", ""))
    except ValueError:
        return None
    ranks = 1
    for number, size in rank_path:
        ranks *= size
        if number >= size or ranks > MAX_CPU:
            return None
    sharers = positive(options.get("crowd")) or 1
    return OuterLaunch(rank_path, cpus, group_cpus, sharers) if cpus and cpus <= group_cpus else None


def _held(options: Mapping[str, str]) -> Held | None:
    """Return the CPUs that the outer launch has taken; None if there are none or if the text is damaged."""
    try:
        cpus = parse(options.get("held", ""))
    except ValueError:
        return None
    if not cpus:
        return None
    from mkl_launch.model.slots import Held

    return Held(cpus, own=options.get("own") == "1")


def _escaped(word: str) -> str:
    """Write white space as str.split() knows it, "%" and NUL as the %XX of their UTF-8."""
    if word.split() == [word] and "%" not in word and "\0" not in word:
        return word
    return "".join(
        "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))
        if character in "%\0" or character.isspace()
        else character
        for character in word
    )


def _unescaped(word: str) -> str:
    """Read %XX; a "%" that no two hexadecimal digits follow stands for itself."""
    first, *parts = word.encode("utf-8", "surrogateescape").split(b"%")
    if not parts:
        return word
    data = first
    for part in parts:
        digits = part[:2]
        if len(digits) == 2 and all(digit in b"0123456789ABCDEFabcdef" for digit in digits):
            data += bytes((int(digits, 16),)) + part[2:]
        else:
            data += b"%" + part
    return data.decode("utf-8", "surrogateescape")
