"""What a launch and a report have in common: read the machine, plan for the command."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.errors import DetectionError, UsageError
from mkl_launch.core.names import ALLOCATOR, DEFAULT, OPENMP
from mkl_launch.core.record import changed
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.detect import add_rank_facts, read_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan, plan
from mkl_launch.policy.ranks import rank_variable
from mkl_launch.program.recognise import recognise
from mkl_launch.program.workers import SUPERVISOR
from mkl_launch.tables.variables import VARIABLES

FEW_THREADS = 8  # whose pools no limit in use forbids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def root(request: Request) -> Root:
    """Where to read: this machine, a recorded one, or one that is only described."""
    if request.machine:
        from mkl_launch.host.simulated import simulated_machine

        return simulated_machine(request.machine)
    found = Root(request.sysroot)
    if not found.live and not (found.names("/proc") or found.names("/sys")):
        raise UsageError(f"--sysroot {request.sysroot}: neither proc nor sys below it")
    return found


def prepare(place: Root, request: Request, environ: Mapping[str, str]) -> tuple[Facts, Plan]:
    """Detect and plan. Raises DetectionError only where it was asked for."""
    process = str(request.pid or SELF)
    found = read_facts(place, environ, process)
    if found.failures and request.strict:
        raise DetectionError(f"--strict: {found.failures[0]}")
    variable = rank_variable(environ)
    if variable:
        found = add_rank_facts(place, found, variable, process)
    request = _checked(request, found)
    program = recognise(request.command, environ)
    own = program.row
    if place.probes and (program.script or program.concurrent or own.settings_kind == SUPERVISOR):
        from mkl_launch.program.entry_scripts import inspect_files

        program = inspect_files(place, program, environ)
    elif place.probes and (own.settings_kind or own.per_gpu_values or own.sizes_pools_since):
        from mkl_launch.program.equipment import add_equipment

        program = add_equipment(place, program, environ)
    asked = request.report or request.openmp != DEFAULT
    matters = asked or program.row.config or _carried_matters(found, program.row.name, environ)
    if matters and place.probes:
        from mkl_launch.program.probe import probe

        program = probe(place, program, program.environ(environ))
    if (request.allocator, request.openmp) != (DEFAULT, DEFAULT):
        found, program = _preloading(place, request, found, program)
    made = plan(found, request, environ, program)
    pools = _pools(place, made, process)
    cut = (f"{path}: too long, only its beginning is read" for path in dict.fromkeys(place.cut))
    return found, changed(made, warnings=(*found.failures, *cut, *pools, *made.warnings))


def _pools(place: Root, made: Plan, process: str) -> tuple[str, ...]:
    """The warning that the pools of many threads may be more than is allowed."""
    if made.budget.compute_threads <= FEW_THREADS:
        return ()
    from mkl_launch.host.process_limits import warning

    return tuple(filter(None, (warning(place, made.budget.compute_threads, process),)))


def _carried_matters(found: Facts, command: str, environ: Mapping[str, str]) -> bool:
    """What a Python carries decides on pinning, unless a quota rules it out, on KMP_*, on versions."""
    return (
        found.limits.quota is None
        or any(name.startswith("KMP_") for name in environ)
        or any(row.since and row.applies_to(command) for row in VARIABLES)
    )


def _preloading(place: Root, request: Request, found: Facts, program: Program) -> tuple[Facts, Program]:
    """With the libraries that were asked for, and what that makes of the program."""
    from mkl_launch.program.preload import find_preloads

    asked = {ALLOCATOR: request.allocator, OPENMP: request.openmp}
    carried = program.libraries
    there = find_preloads(place, asked, carried.python if carried else "")
    runtimes = {one.library.runtime for one in there if one.path and one.library.runtime}
    if carried and runtimes:
        program = changed(program, libraries=changed(carried, runtimes=carried.runtimes | runtimes))
    return changed(found, preloads=there), program


def _checked(request: Request, found: Facts) -> Request:
    """--cpus may name only CPUs that this process has; its variable is dropped where it does not."""
    strangers = request.cpus.mask - found.mask if request.cpus and request.cpus.mask else None
    if not strangers or not request.cpus:
        return request
    asked = f"{request.cpus_option} {show(request.cpus.mask or strangers)}"
    problem = f"{asked}: CPUs {show(strangers)} are not among those of this process, {show(found.mask)}"
    if request.cpus_must_fit:
        raise UsageError(problem)
    return changed(request, cpus=None, warnings=(*request.warnings, f"{problem}: ignored"))
