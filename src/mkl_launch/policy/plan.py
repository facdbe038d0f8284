"""The plan of a launch: CPUs, settings with their reasons, the command and its environment. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, show
from mkl_launch.core.option_names import APPLIED, AUTO
from mkl_launch.core.record import Record, changed
from mkl_launch.core.rounding import rounded_down
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.budget import Budget, find_budget
from mkl_launch.policy.launch_note import Note, OuterLaunch, read_note, write_note
from mkl_launch.policy.provenance import Provenance, find_provenance
from mkl_launch.policy.settings import (
    COMPUTED,
    PROFILE,
    USER,
    Setting,
    arguments,
    variables,
)
from mkl_launch.policy.values import PolicyInput
from mkl_launch.tables.variable_row import LIMITS, MASK, ONLINE
from mkl_launch.tables.variables import BINDING_SWITCH, OMP_NUM_THREADS, USER_BINDINGS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


# The condition of each check of `policy.warnings`, a module that most launches do without.
CONDITIONS: dict[str, Callable[[PolicyInput], object]] = {
    "missing_libraries": lambda inputs: inputs.facts.preloads,
    "isolated_cpus": lambda inputs: inputs.facts.isolated,
    "cpus_above_limit": lambda inputs: inputs.request.cpus,
    "memory": lambda inputs: inputs.arenas_exceed_memory,
    "user_values": lambda inputs: inputs.provenance.user_values,
    "bindings": lambda inputs: inputs.bindings,
    "contradictions": lambda inputs: inputs.provenance.user_values,
    "ignored_values": lambda inputs: inputs.provenance.user_values,
    "wrappers": lambda inputs: inputs.program.affinity_narrowed_by or inputs.program.env_cleared_by,
    "refused_arguments": lambda inputs: inputs.provenance.user_values,
}


class Plan(Record):
    """The decisions for one launch."""

    program: Program
    budget: Budget
    settings: tuple[Setting, ...]
    arguments: tuple[Setting, ...]  # arguments of the table for this command
    mask: frozenset[int] | None  # the affinity mask to set; None: leave it as it is
    node: int | None  # the NUMA node to allocate memory from first; None: no preference
    command: tuple[str, ...]  # with the arguments that are added
    environ: dict[str, str]  # the whole environment of the command
    warnings: tuple[str, ...]

    @property
    def added_arguments(self) -> tuple[str, ...]:
        """Return the arguments that are added, as they stand in the command."""
        return _words(self.arguments)


def plan(facts: Facts, request: Request, environ: Mapping[str, str], program: Program) -> Plan:
    """Return the plan for a program on this machine, for this request and environment."""
    seen = program.environ(environ)
    provenance = _provenance(facts, request, environ, seen)
    budget = find_budget(facts, request, provenance, seen, program)
    tuned = None
    if facts.tuned_profile:
        from mkl_launch.policy.tuned_values import apply_profile

        budget, tuned = apply_profile(facts.tuned_profile, budget, program.name)
    inputs = PolicyInput(
        facts=facts,
        environ=seen,
        request=request,
        provenance=provenance,
        program=program,
        budget=budget,
        profile=program.row.profile if request.profile == AUTO else request.profile,
        omp_threads=count(provenance.user_values.get(OMP_NUM_THREADS)) or budget.threads,
        bindings=_bindings(seen, environ),
        reader_counts=_reader_counts(facts, budget.mask),
        why_openmp_unset="" if tuned and tuned.threads else _why_openmp_unset(program, budget),
        tuned=tuned,
    )
    settings, added = variables(inputs), arguments(inputs)
    if facts.isolated:
        from mkl_launch.policy.isolated_cpus import binding

        settings += binding(inputs)
    note = _note(environ, inputs, settings, len(_words(added)))
    return Plan(
        program=program,
        budget=budget,
        settings=settings,
        arguments=added,
        mask=budget.mask,
        node=_node(facts, budget),
        command=_command(request.command, program, added),
        environ=_environ(environ, settings, note),
        warnings=(*request.warnings, *_profile_problem(facts), *_warnings(inputs)),
    )


def _provenance(
    facts: Facts, request: Request, environ: Mapping[str, str], seen: Mapping[str, str]
) -> Provenance:
    """Return who set which variable of those that the program has `seen`; a scheduler's are nobody's."""
    others = dict(facts.image)
    schedulers: tuple[tuple[str, str], ...] = ()
    if facts.declared.granted:
        from mkl_launch.policy.granted import scheduler_values

        schedulers = scheduler_values(facts, seen)
        others.update((name, seen[name]) for name, _ in schedulers)
    provenance = find_provenance(
        seen, read_note(environ), others, facts.job_launcher, started=request.is_instance
    )
    return changed(provenance, schedulers=schedulers)


def _profile_problem(facts: Facts) -> tuple[str, ...]:
    """Return the warning, if any, that a profile of --tune cannot be used. A misfit is a reason only."""
    profile = facts.tuned_profile
    return (
        (f"tuned profile {profile.path}: {profile.problem}; not used",)
        if profile and profile.problem
        else ()
    )


def _bindings(seen: Mapping[str, str], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables with which the user pins threads; an outer launch's are not the user's.

    OMP_PROC_BIND=false turns off what the others ask for (libgomp/env.c).
    """
    if seen.get(BINDING_SWITCH, "").lower() == "false":
        return (BINDING_SWITCH,)
    names = tuple(name for name in USER_BINDINGS if seen.get(name))
    ours = read_note(environ).values if names else {}
    return tuple(name for name in names if seen[name] != ours.get(name))


def _reader_counts(facts: Facts, mask_to_set: frozenset[int] | None) -> tuple[tuple[str, int], ...]:
    """Return the numbers of CPUs that programs count by themselves, for each way of counting.

    They count in the mask that will be set. Of all limits they know the kernel's quota only.
    """
    mask = len(mask_to_set or facts.mask)
    return (
        (MASK, mask),
        (ONLINE, len(facts.online)),
        (LIMITS, rounded_down(mask, facts.limits.quota)),
    )


def _why_openmp_unset(program: Program, budget: Budget) -> str:
    """Return why OMP_NUM_THREADS stays unset for a Python without the hook; "" if it is set.

    Libraries that start processes give each of them a part of the CPUs only while the variable is unset.
    Under a limit the right number of threads is worth more than that; without one OpenMP counts the same.
    """
    libraries = program.libraries
    if not libraries or libraries.has_hook or not libraries.process_dividers:
        return ""
    limited = budget.quota is not None and budget.quota < budget.logical
    if budget.ranks > 1 or budget.workers > 1 or limited:
        return ""
    names = ", ".join(libraries.process_dividers)
    return (
        f"processes of {names} get a part of the CPUs each only if it is unset,"
        f" and {libraries.python} has no Python hook (mkl-launch --prepare), or it is turned off"
    )


def _node(facts: Facts, budget: Budget) -> int | None:
    """Return the NUMA node, of several, that has all CPUs of a rank; None if the rank has no own CPUs."""
    nodes = [(number, cpus) for number, cpus in facts.nodes if cpus]
    used = [number for number, cpus in nodes if cpus & budget.cpus]
    if budget.ranks > 1 and budget.has_own_cpus and len(used) == 1 < len(nodes):
        return used[0]
    return None


def _words(arguments: tuple[Setting, ...]) -> tuple[str, ...]:
    return tuple(f"{setting.name}={setting.value}" for setting in arguments if setting.value is not None)


def _command(command: tuple[str, ...], program: Program, added: tuple[Setting, ...]) -> tuple[str, ...]:
    """Return the command with the arguments to add. They come first, so that the command's own win."""
    at = program.insert_at or 0
    return (*command[:at], *_words(added), *command[at:])


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


def _note(
    environ: Mapping[str, str], inputs: PolicyInput, settings: tuple[Setting, ...], added: int
) -> Note:
    """Return the note for an inner launch. `added` is the number of arguments added to the command."""
    provenance, budget, path = inputs.provenance, inputs.budget, inputs.provenance.rank_path
    values = {name: environ[name] for name in inputs.request.overridden}
    values.update(
        (s.name, s.value) for s in settings if s.value is not None and s.origin in (COMPUTED, PROFILE)
    )
    return Note(
        options=_chosen(inputs.request, budget.mask),
        values=values,
        removed=frozenset(s.name for s in settings if s.value is None and s.origin == USER),
        auto=_auto(provenance),
        command=inputs.program.row.name,
        added=added,
        granted_cpus=None if path else provenance.granted_cpus,
        launcher_pid=inputs.facts.job_launcher.pid if path else "",
        held=inputs.request.held,
        outer=OuterLaunch(path, budget.cpus, budget.group_cpus, budget.sharers) if path else None,
    )


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


def _warnings(inputs: PolicyInput) -> tuple[str, ...]:
    """Return the warnings of all checks whose condition holds, in the order of CONDITIONS."""
    names = [name for name, applies in CONDITIONS.items() if applies(inputs)]
    if not names:
        return ()
    from mkl_launch.policy.warnings import CHECKS

    return tuple(line for name in names for line in CHECKS[name](inputs))
