"""The plan: every setting with its value, its origin and its reason. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, rounded_down, show
from mkl_launch.core.names import APPLIED
from mkl_launch.core.record import Record, changed
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.budget import Budget, budget
from mkl_launch.policy.note import Note, OuterLaunch, read_note, write_note
from mkl_launch.policy.provenance import Provenance, find_provenance
from mkl_launch.policy.settings import COMPUTED, USER, Setting, arguments, not_applicable, variables
from mkl_launch.policy.values import PolicyInput
from mkl_launch.tables.variable import LIMITS, MASK, ONLINE
from mkl_launch.tables.variables import BINDING_SWITCH, OMP_NUM_THREADS, PRELOADED, USER_BINDINGS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Plan(Record):
    """What to do: `environ` is the whole environment of the command, `mask` None leaves the mask."""

    program: Program
    budget: Budget
    settings: tuple[Setting, ...]
    not_applicable: tuple[Setting, ...]  # variables of the table that other commands read
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


def plan(facts: Facts, request: Request, environ: Mapping[str, str], program: Program) -> Plan:
    """Return the plan for a program on this machine, for this request and environment."""
    seen = program.environ(environ)
    provenance = find_provenance(
        seen, read_note(environ), dict(facts.image), facts.job_launcher, started=request.is_instance
    )
    share = budget(facts, request, provenance, seen, program)
    inputs = _policy_input(request, provenance, share, seen, program)
    inputs = changed(
        inputs,
        counted=_counted(facts, share.mask),
        undivided=_undivided(program, share),
        memory=facts.limits.memory.size,
        preloads=tuple(one for one in facts.preloads if one.path),
        preloaded=seen.get(PRELOADED, ""),
    )
    made = variables(inputs)
    added = arguments(inputs)
    command = _command(request.command, program, added)
    note = Note(
        options=_chosen(request, share.mask),
        values=_set_by_us(environ, request, made),
        removed=frozenset(
            setting.name for setting in made if setting.value is None and setting.origin == USER
        ),
        auto=_auto(provenance),
        command=program.row.name,
        added=len(command) - len(request.command),
        granted_cpus=None if provenance.rank_path else provenance.granted_cpus,
        launcher_pid=facts.job_launcher.pid if provenance.rank_path else "",
        outer=_outer(provenance, share),
    )
    return Plan(
        program=program,
        budget=share,
        settings=made,
        not_applicable=not_applicable(inputs),
        arguments=added,
        mask=share.mask,
        node=_node(facts, share),
        command=command,
        environ=_environ(environ, made, note),
        warnings=(*request.warnings, *_warnings(inputs, seen, facts)),
    )


def _counted(facts: Facts, to_set: frozenset[int] | None) -> tuple[tuple[str, int], ...]:
    """What readers count by themselves: in the mask that they will have, of quotas only the kernel's."""
    mask, quota = len(to_set or facts.mask), facts.limits.quota
    limits = rounded_down(mask, quota)
    return ((MASK, mask), (ONLINE, len(facts.online)), (LIMITS, limits))


def _undivided(program: Program, share: Budget) -> str:
    """Why OMP_NUM_THREADS stays unset for a Python without the hook; empty where it does not.

    Libraries that start processes give each its part of the CPUs only where nobody has set the variable.
    Under a limit the variable is worth more than their division; without one it says what OpenMP counts.
    """
    libraries = program.libraries
    if not libraries or libraries.has_hook or not libraries.process_dividers:
        return ""
    if share.ranks > 1 or share.workers > 1 or (share.quota is not None and share.quota < share.logical):
        return ""
    names = ", ".join(libraries.process_dividers)
    return (
        f"processes of {names} get a part of the CPUs each only where it is unset,"
        f" and {libraries.python} has no Python hook (mkl-launch --prepare)"
    )


def _node(facts: Facts, share: Budget) -> int | None:
    """The one of several nodes that a rank of CPUs of its own lies in."""
    filled = [number for number, members in facts.nodes if members]
    its = [number for number, members in facts.nodes if members & share.cpus]
    return its[0] if share.ranks > 1 and share.has_own_cpus and len(its) == 1 < len(filled) else None


def _command(command: tuple[str, ...], program: Program, arguments: tuple[Setting, ...]) -> tuple[str, ...]:
    """The command with what is added, before its own arguments, so that those win."""
    at = program.insert_at or 0
    added = (f"{made.name}={made.value}" for made in arguments if made.value is not None)
    return (*command[:at], *added, *command[at:])


def _warnings(inputs: PolicyInput, environ: Mapping[str, str], facts: Facts) -> tuple[str, ...]:
    if not (
        facts.preloads
        or len(facts.isolated) > 1
        or inputs.provenance.user_values
        or inputs.arenas_press
        or inputs.bindings
        or inputs.request.cpus
        or inputs.program.env_cleared_by
        or inputs.program.affinity_narrowed_by
    ):
        return ()  # nothing of the user's, so nothing to warn of, and a module less to import
    from mkl_launch.policy import warnings as advice

    return advice.warnings(inputs, environ, facts)


def _policy_input(
    request: Request, provenance: Provenance, share: Budget, environ: Mapping[str, str], program: Program
) -> PolicyInput:
    return PolicyInput(
        budget=share,
        request=request,
        provenance=provenance,
        program=program,
        profile=program.row.profile if request.profile == "auto" else request.profile,
        omp_threads=count(provenance.user_values.get(OMP_NUM_THREADS)) or share.threads,
        bindings=_bindings(environ),
    )


def _bindings(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The user's own kinds of pinning. OMP_PROC_BIND=false switches the others off (libgomp's env.c)."""
    if environ.get(BINDING_SWITCH, "").lower() == "false":
        return (BINDING_SWITCH,)
    return tuple(name for name in USER_BINDINGS if environ.get(name))


def _environ(environ: Mapping[str, str], settings: tuple[Setting, ...], note: Note) -> dict[str, str]:
    """Return the environment of the command: with the settings, and with the note for an inner launch."""
    result = dict(environ)
    for setting in settings:
        if setting.value is None:
            result.pop(setting.name, None)
        else:
            result[setting.name] = setting.value
    result[APPLIED] = write_note(note)
    return result


def _set_by_us(
    environ: Mapping[str, str], request: Request, settings: tuple[Setting, ...]
) -> dict[str, str]:
    """Return the variables that an inner launch must not take for the user's."""
    values = {name: environ[name] for name in request.overridden}
    for setting in settings:
        if setting.value is not None and setting.origin == COMPUTED:
            values[setting.name] = setting.value
    return values


def _chosen(request: Request, mask: frozenset[int] | None) -> dict[str, str]:
    """Return {option: text} as the user chose them; a rank has its share of the CPUs of --cpus."""
    chosen = dict(request.given_options)
    if mask and request.cpus and request.cpus.mask:
        chosen["cpus"] = f"{show(mask)},{min(mask)}"  # never a lone number, which is an amount
    return chosen


def _auto(provenance: Provenance) -> frozenset[str]:
    """Return the variables that the user set to "auto", of those that may be left unset otherwise."""
    if not provenance.auto:
        return frozenset()
    return provenance.auto & {row.name for row in VARIABLES if row.is_optional}


def _outer(provenance: Provenance, budget: Budget) -> OuterLaunch | None:
    """Return the share that an inner launch must not divide again; None if this is no rank."""
    path = provenance.rank_path
    return OuterLaunch(path, budget.cpus, budget.group_cpus, budget.sharers) if path else None
