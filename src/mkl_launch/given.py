"""Whose is a variable that is already in the environment? The user's, an engine's, or our own.

A launcher notes what it set in MKL_LAUNCH_APPLIED, so that a launcher further in (an image's
ENTRYPOINT and `docker run image mkl-launch -- ...`) tells its values from the user's and comes to the
same result. The note holds words: `--option=text`, `NAME=value` as set, or `NAME` as removed.
"""

from __future__ import annotations

from .cpulist import parse, positive, show
from .engines import Engine, Rank, Starter, engine, ranks
from .options import APPLIED, AUTO
from .record import changed, record
from .variables import LEADER, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# In the note, as options: what an engine gave the outer launcher; the engine's process, which of those that
# it started the launcher was, its share of the CPUs, and how many others have the same; the command that it
# planned for, and how many arguments it added there.
GRANT, ENGINE, RANKS, SHARE, CROWD = "granted", "engine", "ranks", "share", "crowd"
FOR, ADDED = "for", "added"


@record
class Note:
    """What an outer launcher wrote down."""

    options: dict[str, str]
    values: dict[str, str]
    removed: frozenset[str]


@record
class Given:
    """What the environment says, sorted by whose it is."""

    values: dict[str, str]  # the user's
    left_unset: frozenset[str]  # the user's wish: an empty value
    image: dict[str, str]  # as the image's ENV has them
    asked: frozenset[str] = frozenset()  # the user's wish: "auto"
    engine: Engine | None = None
    grant: int | None = None  # CPUs that the engine gives this process
    ranks: tuple[Rank, ...] = ()  # which of an engine's processes this is, and which of our own instances
    cpus: int | None = None  # CPUs that the engine gives all its processes here
    placed: bool = False  # an outer launcher has planned for this very rank
    share: frozenset[int] = frozenset()  # the CPUs that it planned with
    crowd: int = 1  # processes on these very CPUs


def read_note(environ: Mapping[str, str]) -> Note:
    """Read an outer launcher's note; none, or a damaged one, is an empty note."""
    options, values, removed = {}, {}, set()
    for word in environ.get(APPLIED, "").split():
        name, equals, value = word.partition("=")
        if not equals:
            removed.add(name)
        elif name.startswith("--"):
            options[name[2:]] = value
        else:
            values[name] = value
    return Note(options, values, frozenset(removed))


def write_note(
    options: tuple[tuple[str, str], ...], values: Mapping[str, str], removed: frozenset[str]
) -> str:
    """Write the note for a launcher further in."""
    words = [f"--{name}={text}" for name, text in options]
    words += [f"{name}={value}" for name, value in values.items()]
    return " ".join(words + sorted(removed))


def given(
    environ: Mapping[str, str], note: Note, image: Mapping[str, str], starter: Starter | None = None
) -> Given:
    """Sort the variables of the table by whose they are. `image` is what its ENV gave them."""
    starter = starter or Starter()
    values: dict[str, str] = {}
    images: dict[str, str] = {}
    left_unset, asked = set(), set()
    for row in VARIABLES:
        value = environ.get(row.name)
        if value is not None and value == image.get(row.name):
            images[row.name] = value
        elif value == "" or (value is None and row.name in note.removed):
            left_unset.add(row.name)
        elif value == AUTO or (row.opt_in and value is not None and value == note.values.get(row.name)):
            asked.add(row.name)
        elif value not in (None, note.values.get(row.name)):
            values[row.name] = value or ""
    mine = Given(values, frozenset(left_unset), images, frozenset(asked), ranks=ranks(environ))
    mine = _placed(mine, note.options, starter.pid)
    started = engine(environ)
    if started is None:
        return mine
    mine = changed(mine, engine=started, cpus=positive(environ.get(started.cpus)))
    mine = _under(mine, started, users=f"\0{LEADER}=1\0" in f"\0{starter.environ}\0")
    return changed(mine, grant=mine.grant or positive(note.options.get(GRANT)))


def of_ranks(mine: Given, pid: str, cpus: frozenset[int], crowd: int) -> dict[str, str]:
    """The part of the note that is about an engine, whose own process is `pid`."""
    if not mine.ranks:
        return {GRANT: str(mine.grant or "")}
    return {ENGINE: pid, RANKS: numbers(mine.ranks), SHARE: show(cpus), CROWD: str(crowd)}


def _placed(mine: Given, noted: Mapping[str, str], pid: str) -> Given:
    """What an outer launcher of this very rank has planned with.

    Not of an engine further in, which a rank may start: its ranks may have the same numbers.
    """
    try:
        share = parse(noted.get(SHARE, ""))
    except ValueError:  # a damaged note
        share = frozenset()
    same = noted.get(ENGINE, "") == pid and noted.get(RANKS) == numbers(mine.ranks)
    return changed(mine, placed=bool(share) and same, share=share, crowd=positive(noted.get(CROWD)) or 1)


def numbers(found: tuple[Rank, ...]) -> str:
    """For the note: "1/4,0/2"."""
    return ",".join(f"{rank.number}/{rank.size}" for rank in found)


def _under(mine: Given, started: Engine, *, users: bool) -> Given:
    """An engine's own OMP_NUM_THREADS is not the user's; what it says of this process counts.

    `users`: the engine was given it, and so the user meant it.
    """
    number = mine.values.get(LEADER)
    others = {name: value for name, value in mine.values.items() if name != LEADER}
    if not started.sets_threads:
        return mine
    if started.local_size:
        return changed(mine, values=others if number == "1" and not users else mine.values)
    grant = positive(number)
    return changed(mine, values=others if grant else mine.values, grant=grant)
