"""Whose is a variable that is already in the environment? The user's, a job launcher's, or our own.

A launcher notes what it set in MKL_LAUNCH_APPLIED, so that a launcher further in (an image's
ENTRYPOINT and `docker run image mkl-launch -- ...`) tells its values from the user's and comes to the
same result. The note holds words: `--option=text`, `NAME=value` as set, or `NAME` as removed.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, parse, positive, show, whole
from mkl_launch.core.names import APPLIED, AUTO
from mkl_launch.core.record import Record, changed
from mkl_launch.model.ranks import LauncherProcess, Rank
from mkl_launch.policy.ranks import job_launcher, ranks
from mkl_launch.tables.job_launchers import INSTANCES, JobLauncher
from mkl_launch.tables.variables import OMP_NUM_THREADS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# In the note, as options: what a job launcher gave the outer launcher; the job launcher's process, which of
# those that it started the launcher was, its share of the CPUs, those of all of them, how many others have
# this very share; the command that it planned for, and how many arguments it added there.
GRANT, JOB_LAUNCHER, RANKS, SHARE, BASE, CROWD = "granted", "engine", "ranks", "share", "base", "crowd"
FOR, ADDED = "for", "added"
# The variables that the outer launcher was asked for, and would have left unset else.
ASKED = "auto"


class Note(Record):
    """What an outer launcher wrote down."""

    options: dict[str, str]
    values: dict[str, str]
    removed: frozenset[str]


class OuterLaunch(Record):
    """What a launcher further out has divided by, as (number, size) one within the other; its result."""

    rank_path: tuple[tuple[int, int], ...]
    cpus: frozenset[int]
    group_cpus: frozenset[int]  # CPUs of all ranks together
    sharers: int  # processes on the very CPUs of the share


class Provenance(Record):
    """What the environment says, sorted by whose it is."""

    user_values: dict[str, str]
    unset_by_user: frozenset[str]  # the user's wish: an empty value
    image_values: dict[str, str]  # as the image's ENV has them
    auto: frozenset[str] = frozenset()  # the user's wish: "auto"
    job_launcher: JobLauncher | None = None
    granted_cpus: int | None = None  # CPUs that the job launcher gives this process
    outer: OuterLaunch | None = None
    ranks: tuple[Rank, ...] = ()  # to divide by, within that: of a job launcher's processes, of our own
    launcher_cpus: int | None = None  # CPUs that the job launcher gives all its processes here

    @property
    def rank_path(self) -> tuple[tuple[int, int], ...]:
        """Number and size of every rank that this process is, one within the other."""
        outer = self.outer.rank_path if self.outer else ()
        return (*outer, *((rank.number, rank.size) for rank in self.ranks))


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


def find_provenance(
    environ: Mapping[str, str],
    note: Note,
    image: Mapping[str, str],
    starter: LauncherProcess | None = None,
    *,
    started: bool = False,
) -> Provenance:
    """Sort the variables of the table by whose they are. `image` is what its ENV gave them.

    `started`: this is an instance that its supervisor has just started.
    """
    starter = starter or LauncherProcess()
    values: dict[str, str] = {}
    images: dict[str, str] = {}
    left_unset, asked = set(), set()
    asked_before = note.options.get(ASKED, "").split(",")
    for row in VARIABLES:
        value = environ.get(row.name)
        if value is not None and value == image.get(row.name):
            images[row.name] = value
        elif value == "" or (value is None and row.name in note.removed):
            left_unset.add(row.name)
        elif value == AUTO or (row.name in asked_before and value == note.values.get(row.name)):
            asked.add(row.name)
        elif value not in (None, note.values.get(row.name)):
            values[row.name] = value or ""
    mine = Provenance(values, frozenset(left_unset), images, frozenset(asked))
    mine = _within(mine, ranks(environ, started=started), note.options, starter, environ.get(APPLIED, ""))
    its = job_launcher(environ)
    if its is None:
        return mine
    mine = changed(mine, job_launcher=its, launcher_cpus=positive(environ.get(its.cpus)))
    mine = _under(mine, its, users=_has(starter, OMP_NUM_THREADS, "1"))
    return changed(mine, granted_cpus=mine.granted_cpus or positive(note.options.get(GRANT)))


def of_ranks(mine: Provenance, pid: str, made: OuterLaunch) -> dict[str, str]:
    """The part of the note that is about a job launcher, whose own process is `pid`."""
    if not made.rank_path:
        return {GRANT: str(mine.granted_cpus or "")}
    ranks = ",".join(f"{number}/{size}" for number, size in made.rank_path)
    shown = {SHARE: show(made.cpus), BASE: show(made.group_cpus), CROWD: str(made.sharers)}
    return {JOB_LAUNCHER: pid, RANKS: ranks, **shown}


def _within(
    mine: Provenance,
    found: tuple[Rank, ...],
    noted: Mapping[str, str],
    starter: LauncherProcess,
    applied: str,
) -> Provenance:
    """With the ranks to divide by, and what a launcher further out has divided by already.

    That is so where it ran under the same job launcher, as the very rank that this is, or where this job
    launcher was started further in. Else its note has come with the environment alone, which Slurm gives to
    all steps.
    """
    outer = _outer(noted)
    if outer and noted.get(JOB_LAUNCHER, "") == starter.pid:
        theirs = [rank for rank in found if rank.job_launcher is not INSTANCES]
        if all((rank.number, rank.size) in outer.rank_path for rank in theirs):
            return changed(mine, outer=outer, ranks=found[len(theirs) :])
    elif outer and _has(starter, APPLIED, applied):
        return changed(mine, outer=outer, ranks=found)
    return changed(mine, ranks=found)


def _outer(noted: Mapping[str, str]) -> OuterLaunch | None:
    """What the note tells; nothing where it is damaged."""
    try:
        pairs = [word.partition("/") for word in noted.get(RANKS, "").split(",")]
        numbers = tuple((whole(number), whole(size)) for number, _, size in pairs)
        share, base = parse(noted.get(SHARE, "")), parse(noted.get(BASE, ""))
    except ValueError:
        return None
    together = 1
    for number, size in numbers:
        together *= size
        if number >= size or together > MAX_CPU:
            return None
    crowd = positive(noted.get(CROWD)) or 1
    return OuterLaunch(numbers, share, base, crowd) if share and share <= base else None


def _has(starter: LauncherProcess, name: str, value: str) -> bool:
    """Has the job launcher's process this variable?"""
    return f"\0{name}={value}\0" in f"\0{starter.environ}\0"


def _under(mine: Provenance, started: JobLauncher, *, users: bool) -> Provenance:
    """A job launcher's own OMP_NUM_THREADS is not the user's; what it says of this process counts.

    `users`: the job launcher was given it, and so the user meant it.
    """
    number = mine.user_values.get(OMP_NUM_THREADS)
    others = {name: value for name, value in mine.user_values.items() if name != OMP_NUM_THREADS}
    if not started.sets_threads:
        return mine
    if started.local_size:
        return changed(mine, user_values=others if number == "1" and not users else mine.user_values)
    grant = positive(number)
    return changed(mine, user_values=others if grant else mine.user_values, granted_cpus=grant)
