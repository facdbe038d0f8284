"""The settings: each variable and argument with its value, origin and reason. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count
from mkl_launch.core.record import Record, changed
from mkl_launch.policy.values import COMPUTE, THREAD_COUNTS, UNSET_IS_DELIBERATE, PolicyInput
from mkl_launch.tables.command_row import Argument
from mkl_launch.tables.variable_row import LIMITS, MASK, ONLINE, PRELOAD, Variable
from mkl_launch.tables.variables import OMP_NUM_THREADS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.program import Program

# A count above this is taken for a typing error: OpenMP limits it, but other pools would start them all.
MAX_FOLLOWED = 256
USER, IMAGE, SCHEDULER, PROFILE, COMPUTED = "user", "image", "scheduler", "profile", "computed"
# What a reader counts, in messages.
COUNTED = {MASK: "the mask", ONLINE: "the online CPUs", LIMITS: "the mask and the quota"}


class Setting(Record):
    """A variable or an argument. If `value` is None, it is left unset or not added."""

    name: str
    value: str | None
    origin: str
    reason: str


def variables(inputs: PolicyInput) -> tuple[Setting, ...]:
    """Return a setting for each variable that this command may read."""
    return tuple(_variable(row, inputs) for row in VARIABLES if row.applies_to(inputs.program.row.name))


def not_applicable(command: str) -> tuple[Setting, ...]:
    """Return a setting for each variable that only other commands read: it is not changed."""
    return tuple(
        Setting(row.name, None, COMPUTED, f"only for {', '.join(row.commands)}")
        for row in VARIABLES
        if not row.applies_to(command)
    )


def arguments(inputs: PolicyInput) -> tuple[Setting, ...]:
    """Return a setting for each argument of the command's row, up to an exclusive one that is added."""
    settings: list[Setting] = []
    for row in inputs.program.row.arguments:
        setting = _argument(row, inputs)
        if row.exclusive and not setting.value:
            continue
        settings.append(setting)
        if row.exclusive:
            break
    return tuple(settings)


def _variable(row: Variable, inputs: PolicyInput) -> Setting:
    """Return the user's value, else the computed one, else that of the image or of a scheduler."""
    setting = _resolve(row, inputs)
    baked = inputs.provenance.image_values.get(row.name)
    if baked is None or setting.origin == USER or setting.value == baked:
        return setting
    scheduler = dict(inputs.provenance.schedulers).get(row.name)
    if setting.value is None and (row.opt_in or row.quantity not in UNSET_IS_DELIBERATE):
        origin, source = (SCHEDULER, scheduler) if scheduler else (IMAGE, "the image's ENV")
        return Setting(row.name, baked, origin, f"{source}; {setting.reason}")
    return changed(setting, reason=f"{setting.reason}; {scheduler or 'the image'}'s {baked} is replaced")


def _resolve(row: Variable, inputs: PolicyInput) -> Setting:
    return _users(row, inputs) or _deferred_setting(row, inputs) or _computed(row, inputs)


def _users(row: Variable, inputs: PolicyInput) -> Setting | None:
    """Return the user's setting, or None. Libraries to preload are put before the user's own."""
    provenance = inputs.provenance
    if row.quantity == PRELOAD and inputs.preloads:
        return None
    if row.name in provenance.user_values:
        return Setting(row.name, provenance.user_values[row.name], USER, "set in the environment")
    if row.name in provenance.unset_by_user:
        return Setting(row.name, None, USER, "set to an empty value in the environment: left unset")
    return None


def _deferred_setting(row: Variable, inputs: PolicyInput) -> Setting | None:
    """Return a setting that is not computed: the command does that, or nobody requested it."""
    if row.name == OMP_NUM_THREADS or row.falls_back_to_openmp:
        reason = _why_left(row, inputs)
        if row.name == OMP_NUM_THREADS and _is_printed(inputs):
            reason = reason or "nproc, in the command line or its script, prints it as the number of CPUs"
        if reason:
            return Setting(row.name, None, COMPUTED, reason)
    if row.opt_in and row.name not in inputs.provenance.auto:
        return Setting(row.name, None, COMPUTED, f"only on request: {row.name}=auto")
    return None


def _is_printed(inputs: PolicyInput) -> bool:
    """Return whether OMP_NUM_THREADS stays unset because nproc would print it."""
    return inputs.program.counts_with_nproc and OMP_NUM_THREADS not in inputs.provenance.user_values


def _why_left(row: Variable, inputs: PolicyInput) -> str:
    """Return why the program sets the number of OpenMP's threads itself; "" if it does not."""
    own, provenance = inputs.program.row, inputs.provenance
    rival = inputs.program.contradicted_by
    several = own.sizes_pools_since and inputs.program.gpus and inputs.budget.workers > 1
    users = OMP_NUM_THREADS in provenance.user_values
    reason = ""
    if rival and not users:
        reason = f"{rival} ends with an error where its own options differ from it"
    elif inputs.why_openmp_unset and not {OMP_NUM_THREADS, row.name} & (
        provenance.user_values.keys() | provenance.auto
    ):
        reason = inputs.why_openmp_unset
    elif (inputs.program.sizes_itself or several) and not users:
        reason = f"{own.name} sizes its own pools beside its GPUs"
    elif own.sets_child_threads and not users:
        reason = f"{own.name} gives each of its processes its own {OMP_NUM_THREADS}"
    elif own.binds_children and not inputs.budget.is_throttled and not users and _may_bind(inputs.program):
        reason = f"{own.name} may bind its processes; better: {own.name} ... mkl-launch -- COMMAND"
    return reason


def _may_bind(program: Program) -> bool:
    """Return whether a job launcher may bind its processes to CPUs."""
    if not program.row.binding_options:
        return True
    from mkl_launch.program.own_options import last_option, own_options

    return any(last_option(own_options(program), program.row.binding_options))


def _computed(row: Variable, inputs: PolicyInput) -> Setting:
    """Return the computed value, unless it is redundant or the program's version does not know it."""
    setting = _follow(row.name, row.follows, row.quantity, inputs)
    if row.name not in inputs.provenance.auto:
        setting = _redundant(row, setting, inputs) or setting
    if row.since and setting.value is not None and not inputs.program.has_package(*row.since):
        name, *version = row.since
        reason = f"only {name} {'.'.join(map(str, version))} or later reads it, and none was found"
        return changed(setting, value=None, reason=reason)
    return setting


def _redundant(row: Variable, setting: Setting, inputs: PolicyInput) -> Setting | None:
    """Return an unset setting if the reader uses the same number without it, else None."""
    if row.only_above and int(setting.value or 0) <= row.only_above:
        return changed(setting, value=None, reason=f"a cap: its reader allows {row.only_above} by itself")
    if row.falls_back_to_openmp and OMP_NUM_THREADS in inputs.provenance.unset_by_user:
        return changed(
            setting, value=None, reason=f"{OMP_NUM_THREADS} is left unset, and its reader takes that"
        )
    # Word for word: NumExpr cannot read the list "4,2" that OpenMP takes.
    follows = row.falls_back_to_openmp and not _is_printed(inputs)
    if follows and setting.value == inputs.provenance.user_values.get(
        OMP_NUM_THREADS, str(inputs.budget.threads)
    ):
        return changed(setting, value=None, reason=f"its reader takes {OMP_NUM_THREADS}")
    if row.reader_counts and setting.value == str(dict(inputs.reader_counts).get(row.reader_counts)):
        return changed(
            setting,
            value=None,
            reason=f"its reader counts {setting.value} by itself, by {COUNTED[row.reader_counts]}",
        )
    return None


def _argument(row: Argument, inputs: PolicyInput) -> Setting:
    program = inputs.program
    obstacle = next((word for word in program.argv if word.startswith(row.unless)), "")
    taken = next((name for name in row.unless_set if name in inputs.provenance.user_values), "")
    if obstacle:
        return Setting(row.option, None, USER, f"{obstacle.partition('=')[0]} is given")
    if taken:
        return Setting(row.option, None, USER, f"{taken} is set")
    if program.insert_at is None:
        reason = "no argument can be added to this command line; the variables of the program are set"
        return Setting(row.option, None, COMPUTED, reason)
    return _follow(row.option, row.follows, row.quantity, inputs)


def _follow(name: str, leaders: tuple[str, ...], quantity: str, inputs: PolicyInput) -> Setting:
    """Return the value of a leader that the user set, else the profile's value, else the computed one."""
    most = max(MAX_FOLLOWED, 4 * inputs.budget.logical)
    for leader in leaders if quantity in THREAD_COUNTS else ():
        text = inputs.provenance.user_values.get(leader)
        number = count(text)
        if number and number <= most:
            return Setting(name, str(number), COMPUTED, f"follows {leader}={text}")
    tuned = inputs.tuned.answer(quantity, inputs) if inputs.tuned else None
    if tuned:
        return Setting(name, tuned[0], PROFILE, tuned[1])
    value, reason = COMPUTE[quantity](inputs)
    return Setting(name, value, COMPUTED, reason)
