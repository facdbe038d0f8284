"""Each variable and each argument: its value, whose it is and why. Pure."""

from __future__ import annotations

from .commands import Argument
from .cpulist import count
from .quantities import COMPUTE, COUNTS, DECIDED, Case
from .record import changed, record
from .variables import LEADER, VARIABLES, Variable

USER, IMAGE, COMPUTED = "user", "image", "computed"


@record
class Setting:
    """A variable of the table, or an argument: `value` None leaves it unset, or does not add it."""

    name: str
    value: str | None
    origin: str
    reason: str


def variables(case: Case) -> tuple[Setting, ...]:
    """Those that this command may read."""
    return tuple(_variable(row, case) for row in VARIABLES if row.concerns(case.program.row.name))


def elsewhere(case: Case) -> tuple[Setting, ...]:
    """Those that only other commands read: left as they are."""
    return tuple(
        Setting(row.name, None, COMPUTED, f"only for {', '.join(row.commands)}")
        for row in VARIABLES
        if not row.concerns(case.program.row.name)
    )


def arguments(case: Case) -> tuple[Setting, ...]:
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
    mine = case.given
    if row.name in mine.values:
        return Setting(row.name, mine.values[row.name], USER, "set in the environment")
    if row.name in mine.left_unset:
        return Setting(row.name, None, USER, "set to nothing in the environment: left unset")
    if (
        case.program.row.shares_out
        and (row.name == LEADER or row.heeds_openmp)
        and LEADER not in mine.values
    ):
        reason = f"{case.program.row.name} gives each of its processes its own {LEADER}"
        return Setting(row.name, None, COMPUTED, reason)
    return _follow(row.name, row.follows, row.quantity, case)


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
    for leader in leaders if quantity in COUNTS else ():
        text = case.given.values.get(leader)
        number = count(text)
        if number:
            return Setting(name, str(number), COMPUTED, f"follows {leader}={text}")
    value, reason = COMPUTE[quantity](case)
    return Setting(name, value, COMPUTED, reason)
