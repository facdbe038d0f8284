"""The plan: every setting with its value, its origin and its reason. Pure."""

from __future__ import annotations

from .budget import Budget, budget
from .commands import recognise
from .cpulist import count, plural, show
from .detect import Facts
from .given import GRANT, Given, given, read_note, write_note
from .quantities import COMPUTE, COUNTS, Case
from .record import record
from .request import APPLIED, Request
from .variables import USER_BINDINGS, VARIABLES, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USER, COMPUTED = "user", "computed"


@record
class Setting:
    """One variable of the table: `value` is what the command gets, None: left unset."""

    name: str
    value: str | None
    origin: str
    reason: str


@record
class Plan:
    """What to do: `environ` is the whole environment of the command, `mask` None leaves the mask."""

    budget: Budget
    settings: tuple[Setting, ...]
    mask: frozenset[int] | None
    command: tuple[str, ...]
    added_arguments: tuple[str, ...]
    environ: dict[str, str]
    warnings: tuple[str, ...]


def plan(facts: Facts, request: Request, environ: Mapping[str, str]) -> Plan:
    """Compute everything from what was detected, what was asked for and the environment."""
    mine = given(environ, read_note(environ))
    share = budget(facts, request, mine, environ)
    case = _case(request, mine, share, environ)
    settings = tuple(_decide(row, case) for row in VARIABLES)
    return Plan(
        budget=share,
        settings=settings,
        mask=request.cpus.mask if request.cpus else None,
        command=request.command,
        added_arguments=(),
        environ=_environ(environ, settings, request, mine),
        warnings=(*request.warnings, *_warnings(case, environ, facts)),
    )


def _warnings(case: Case, environ: Mapping[str, str], facts: Facts) -> tuple[str, ...]:
    if not (case.given.values or case.bindings or case.request.cpus):
        return ()  # nothing of the user's, so nothing to warn of, and a module less to import
    from . import advice

    return advice.warnings(case, environ, facts)


def _case(request: Request, mine: Given, share: Budget, environ: Mapping[str, str]) -> Case:
    command = recognise(request.command)
    asked = count(mine.values.get("OMP_NUM_THREADS"))
    return Case(
        budget=share,
        request=request,
        given=mine,
        command=command,
        profile=command.profile if request.profile == "auto" else request.profile,
        omp_threads=asked or share.threads,
        bindings=tuple(name for name in USER_BINDINGS if environ.get(name)),
    )


def _decide(row: Variable, case: Case) -> Setting:
    mine = case.given
    if row.name in mine.values:
        return Setting(row.name, mine.values[row.name], USER, "set in the environment")
    if row.name in mine.left_unset:
        return Setting(row.name, None, USER, "set to nothing in the environment: left unset")
    for leader in row.follows if row.quantity in COUNTS else ():
        number = count(mine.values.get(leader))
        if number:
            return Setting(row.name, str(number), COMPUTED, f"follows {leader}={mine.values[leader]}")
    value, reason = COMPUTE[row.quantity](case)
    return Setting(row.name, value, COMPUTED, reason)


def _environ(
    environ: Mapping[str, str], settings: tuple[Setting, ...], request: Request, mine: Given
) -> dict[str, str]:
    """The environment with the settings in it, and a note for a launcher further in."""
    out = dict(environ)
    ours = {name: environ[name] for name in request.overruled}
    for setting in settings:
        if setting.value is None:
            out.pop(setting.name, None)
        else:
            out[setting.name] = setting.value
            if setting.origin != USER:
                ours[setting.name] = setting.value
    removed = frozenset(s.name for s in settings if s.value is None and s.origin == USER)
    granted = ((GRANT, str(mine.grant)),) if mine.grant else ()
    out[APPLIED] = write_note(request.chosen + granted, ours, removed)
    return out


def headline(made: Plan) -> str:
    """The one line that is said at a start."""
    share = made.budget
    threads = next(s for s in made.settings if s.name == "OMP_NUM_THREADS")
    limit = f"quota {share.quota:g}" if share.quota is not None else "no quota"
    whose = " (yours)" if threads.origin == USER else ""
    pinned = any(s.name == "KMP_AFFINITY" and s.value for s in made.settings)
    workers = f", {share.workers} workers" if share.workers > 1 else ""
    return (
        f"OMP_NUM_THREADS={threads.value}{whose} for {plural(share.cores, 'core')}"
        f" (CPUs {show(share.cpus)}), {limit}{workers}, {'pinned' if pinned else 'not pinned'}"
    )
