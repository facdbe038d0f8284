"""The plan: every setting with its value, its origin and its reason. Pure."""

from __future__ import annotations

from .budget import Budget, budget
from .command import Argument
from .cpulist import count, show
from .detect import Facts
from .given import ADDED, FOR, Given, Outer, given, of_ranks, read_note, write_note
from .options import APPLIED
from .quantities import COMPUTE, COUNTS, DECIDED, Case
from .recognise import Program, recognise
from .record import changed, record
from .request import Request
from .variables import LEADER, PRELOAD, PRELOADED, USER_BINDINGS, VARIABLES, Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


# A typing error that OpenMP shrugs off would have other pools start as many threads, or refuse to.
MOST_FOLLOWED = 256
USER, IMAGE, COMPUTED = "user", "image", "computed"


@record
class Setting:
    """A variable of the table, or an argument: `value` None leaves it unset, or does not add it."""

    name: str
    value: str | None
    origin: str
    reason: str


@record
class Plan:
    """What to do: `environ` is the whole environment of the command, `mask` None leaves the mask."""

    program: Program
    budget: Budget
    settings: tuple[Setting, ...]
    elsewhere: tuple[Setting, ...]  # variables of the table that other commands read
    arguments: tuple[Setting, ...]  # what could be added to the command
    mask: frozenset[int] | None
    node: int | None  # NUMA node whose memory is preferred; None: no preference
    command: tuple[str, ...]  # with what is added
    environ: dict[str, str]
    warnings: tuple[str, ...]

    @property
    def added_arguments(self) -> tuple[str, ...]:
        """As they stand in the command."""
        return tuple(f"{made.name}={made.value}" for made in self.arguments if made.value is not None)


def plan(
    facts: Facts, request: Request, environ: Mapping[str, str], program: Program | None = None
) -> Plan:
    """Compute everything from what was detected, what was asked for and the environment."""
    program = program or recognise(request.command, environ)
    seen = program.environ(environ)
    mine = given(seen, read_note(environ), dict(facts.image), facts.engine, started=request.started)
    share = budget(facts, request, mine, seen, program)
    case = _case(request, mine, share, seen, program)
    case = changed(
        case,
        memory=facts.limits.memory.size,
        preloads=tuple(one for one in facts.preloads if one.path),
        preloaded=seen.get(PRELOADED, ""),
    )
    made = _variables(case)
    arguments = _arguments(case)
    command = _command(request.command, program, arguments)
    notes = {
        **of_ranks(mine, facts.engine.pid, Outer(mine.numbers, share.cpus, share.base, share.crowd)),
        FOR: program.row.name,
        ADDED: str(len(command) - len(request.command) or ""),
    }
    return Plan(
        program=program,
        budget=share,
        settings=made,
        elsewhere=_elsewhere(case),
        arguments=arguments,
        mask=share.mask,
        node=_node(facts, share),
        command=command,
        environ=_environ(environ, made, request, notes, share.mask),
        warnings=(*request.warnings, *_warnings(case, seen, facts)),
    )


def _node(facts: Facts, share: Budget) -> int | None:
    """The one of several nodes that a rank of CPUs of its own lies in."""
    filled = [number for number, members in facts.nodes if members]
    its = [number for number, members in facts.nodes if members & share.cpus]
    return its[0] if share.ranks > 1 and share.apart and len(its) == 1 < len(filled) else None


def _command(command: tuple[str, ...], program: Program, arguments: tuple[Setting, ...]) -> tuple[str, ...]:
    """The command with what is added, before its own arguments, so that those win."""
    at = program.at or 0
    added = (f"{made.name}={made.value}" for made in arguments if made.value is not None)
    return (*command[:at], *added, *command[at:])


def _warnings(case: Case, environ: Mapping[str, str], facts: Facts) -> tuple[str, ...]:
    if not (
        facts.preloads
        or case.given.values
        or case.arenas_press
        or case.bindings
        or case.request.cpus
        or case.program.cleared
        or case.program.narrowed
    ):
        return ()  # nothing of the user's, so nothing to warn of, and a module less to import
    from . import advice

    return advice.warnings(case, environ, facts)


def _case(
    request: Request, mine: Given, share: Budget, environ: Mapping[str, str], program: Program
) -> Case:
    return Case(
        budget=share,
        request=request,
        given=mine,
        program=program,
        profile=program.row.profile if request.profile == "auto" else request.profile,
        omp_threads=count(mine.values.get(LEADER)) or share.threads,
        bindings=tuple(name for name in USER_BINDINGS if environ.get(name)),
    )


def _variables(case: Case) -> tuple[Setting, ...]:
    """Those that this command may read."""
    return tuple(_variable(row, case) for row in VARIABLES if row.concerns(case.program.row.name))


def _elsewhere(case: Case) -> tuple[Setting, ...]:
    """Those that only other commands read: left as they are."""
    return tuple(
        Setting(row.name, None, COMPUTED, f"only for {', '.join(row.commands)}")
        for row in VARIABLES
        if not row.concerns(case.program.row.name)
    )


def _arguments(case: Case) -> tuple[Setting, ...]:
    """Those that the command's row can add; once one that stands alone is added, no other."""
    found: list[Setting] = []
    for row in case.program.row.arguments:
        setting = _argument(row, case)
        if row.alone and not setting.value:
            continue
        found.append(setting)
        if row.alone:
            break
    return tuple(found)


def _variable(row: Variable, case: Case) -> Setting:
    """The user's value, else the computed one, else the image's."""
    made = _own(row, case)
    baked = case.given.image.get(row.name)
    if baked is None or made.origin == USER or made.value == baked:
        return made
    if made.value is None and row.quantity not in DECIDED:
        return Setting(row.name, baked, IMAGE, f"the image's ENV; {made.reason}")
    return changed(made, reason=f"{made.reason}; the image's {baked} gives way")


def _own(row: Variable, case: Case) -> Setting:
    return _users(row, case) or _left_to_others(row, case) or _known(row, case)


def _users(row: Variable, case: Case) -> Setting | None:
    """The user's word on it, if there is one; a library to preload goes before the user's own."""
    mine = case.given
    if row.quantity == PRELOAD and case.preloads:
        return None
    if row.name in mine.values:
        return Setting(row.name, mine.values[row.name], USER, "set in the environment")
    if row.name in mine.left_unset:
        return Setting(row.name, None, USER, "set to nothing in the environment: left unset")
    return None


def _left_to_others(row: Variable, case: Case) -> Setting | None:
    """Not computed: the command does that, or nobody has asked for it."""
    own = case.program.row
    if own.shares_out and (row.name == LEADER or row.heeds_openmp) and LEADER not in case.given.values:
        return Setting(row.name, None, COMPUTED, f"{own.name} gives each of its processes its own {LEADER}")
    if own.binds and not case.budget.binds and (row.name == LEADER or row.heeds_openmp):
        better = f"better: {own.name} ... mkl-launch -- COMMAND"
        if LEADER not in case.given.values:
            return Setting(row.name, None, COMPUTED, f"{own.name} may bind its processes; {better}")
    if row.opt_in and row.name not in case.given.asked:
        return Setting(row.name, None, COMPUTED, f"only where asked for: {row.name}=auto")
    return None


def _known(row: Variable, case: Case) -> Setting:
    """The quantity, unless the command's version would choke on the variable."""
    made = _follow(row.name, row.follows, row.quantity, case)
    if row.since and made.value is not None and not case.program.carries(*row.since):
        name, *version = row.since
        reason = f"only {name} from {'.'.join(map(str, version))} on knows it, and none was found"
        return changed(made, value=None, reason=reason)
    return made


def _argument(row: Argument, case: Case) -> Setting:
    program = case.program
    obstacle = next((word for word in program.words if word.startswith(row.unless)), "")
    taken = next((name for name in row.unless_set if name in case.given.values), "")
    if obstacle:
        return Setting(row.option, None, USER, f"{obstacle.partition('=')[0]} is given")
    if taken:
        return Setting(row.option, None, USER, f"{taken} is set")
    if program.at is None:
        reason = "no argument can be added there; the variables are set that it reads"
        return Setting(row.option, None, COMPUTED, reason)
    return _follow(row.option, row.follows, row.quantity, case)


def _follow(name: str, leaders: tuple[str, ...], quantity: str, case: Case) -> Setting:
    """As many as the user gave a leader, else the quantity."""
    most = max(MOST_FOLLOWED, 4 * case.budget.logical)
    for leader in leaders if quantity in COUNTS else ():
        text = case.given.values.get(leader)
        number = count(text)
        if number and number <= most:
            return Setting(name, str(number), COMPUTED, f"follows {leader}={text}")
    value, reason = COMPUTE[quantity](case)
    return Setting(name, value, COMPUTED, reason)


def _environ(
    environ: Mapping[str, str],
    made: tuple[Setting, ...],
    request: Request,
    notes: Mapping[str, str],
    mask: frozenset[int] | None,
) -> dict[str, str]:
    """The environment with the settings in it, and a note for a launcher further in."""
    out = dict(environ)
    ours = {name: environ[name] for name in request.overruled}
    for setting in made:
        if setting.value is None:
            out.pop(setting.name, None)
        else:
            out[setting.name] = setting.value
            if setting.origin == COMPUTED:
                ours[setting.name] = setting.value
    removed = frozenset(s.name for s in made if s.value is None and s.origin == USER)
    asked = dict(request.chosen)
    if mask and request.cpus and request.cpus.mask:  # of a rank: its share of what was named
        asked["cpus"] = f"{show(mask)},{min(mask)}"  # never a lone number, which is an amount
    chosen = (*asked.items(), *(note for note in notes.items() if note[1]))
    out[APPLIED] = write_note(chosen, ours, removed)
    return out
