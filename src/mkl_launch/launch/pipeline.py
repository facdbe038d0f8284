"""The steps that a launch and a report share: read the machine and the program, then plan."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.errors import DetectionError, UsageError
from mkl_launch.core.option_names import ALLOCATOR, DEFAULT, L3, OFF, OPENMP, PROFILES
from mkl_launch.core.record import changed
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.detect import add_rank_facts, read_facts
from mkl_launch.host.filesystem import ABSENT, Root
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan, plan
from mkl_launch.policy.rank_detection import rank_variable, ranks
from mkl_launch.program.recognise import recognise
from mkl_launch.program.workers import SUPERVISOR
from mkl_launch.tables.command_row import SERVICES
from mkl_launch.tables.variables import VARIABLES
from mkl_launch.tables.wrapper_row import S6_OVERLAY

STARTING = (SUPERVISOR, SERVICES)  # kinds of settings that name other programs
FEW_THREADS = 8  # limits on processes are not read for so few threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.tuned_profile import TunedProfile


def root(request: Request) -> Root:
    """Return the files to read: of this machine, of --sysroot, or of --machine.

    Raise UsageError if there are none.
    """
    if request.machine:
        from mkl_launch.host.simulated import simulated_machine

        return simulated_machine(request.machine)
    files = Root(request.sysroot)
    if not files.live and not (files.names("/proc") or files.names("/sys")):
        raise UsageError(f"--sysroot {request.sysroot}: neither proc nor sys below it")
    return files


def prepare(
    place: Root, request: Request, environ: Mapping[str, str], *, probing: bool = False
) -> tuple[Facts, Plan]:
    """Read the machine and the program, and return the facts and the plan.

    `probing`: read the files of the program even if they change no setting. Raise DetectionError if a limit
    cannot be read and the request is strict.
    """
    process = str(request.pid or SELF)
    facts = read_facts(place, environ, process, units=request.basis == "request")
    if facts.failures and request.strict:
        raise DetectionError(f"--strict: {facts.failures[0]}")
    variable = rank_variable(environ)
    if variable:
        facts = _add_gpus(place, add_rank_facts(place, facts, variable, process), environ)
    if request.per == L3:
        from mkl_launch.host.caches import l3_domains

        facts = changed(facts, caches=l3_domains(place, facts.mask))
    request = _check_cpus(request, facts)
    program = recognise(request.command, environ)
    if place.probes:
        program = _with_files(place, program, environ)
    probing = probing or bool(request.report) or request.openmp != DEFAULT or bool(program.row.config)
    if place.probes and (probing or _libraries_matter(facts, program.row.name, environ)):
        from mkl_launch.program.probe import probe

        program = probe(place, program, program.environ(environ))
    profile = request.trial or _profile(place, request, program)
    if profile:
        facts = changed(facts, tuned_profile=profile)
    if (request.allocator, request.openmp) != (DEFAULT, DEFAULT):
        facts, program = _add_preloads(place, request, facts, program)
    planned = plan(facts, request, environ, program)
    limits = _thread_limit(place, planned, process)
    cut = (f"{path}: too long, only its beginning is read" for path in dict.fromkeys(place.cut))
    return facts, changed(planned, warnings=(*facts.failures, *cut, *limits, *planned.warnings))


def _with_files(place: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Return the program with what its scripts and settings say."""
    if program.env_cleared_by:
        from mkl_launch.program.settings_and_gpus import without_clearing

        program = without_clearing(place, program)
    own = program.row
    has_services = any(file.rpartition("/")[2] == S6_OVERLAY for file in program.wrapper_files)
    starts_others = own.settings_kind in STARTING or own.instance_folder_options or has_services
    if program.script or program.concurrent or starts_others:
        from mkl_launch.program.entry_scripts import inspect_files

        return inspect_files(place, program, environ)
    if own.settings_kind or own.per_gpu_values or own.sizes_pools_since or own.unread_endings:
        from mkl_launch.program.settings_and_gpus import add_equipment

        return add_equipment(place, program, environ)
    return program


def _profile(place: Root, request: Request, program: Program) -> TunedProfile | None:
    """Return the profile of --tune for this program; None if there is none.

    Without one, this opens a file in vain.
    """
    if request.tuned == OFF[0] or not place.probes or not (request.tuned or program.name):
        return None
    reading = place.read(request.tuned or f"{PROFILES}/{program.name}.json")
    if reading.error == ABSENT and not request.tuned:
        return None
    from mkl_launch.model.tuned_profile import read_profile

    problem = reading.error or place.untrusted(reading.path)
    return read_profile(reading.path, reading.text, problem, place.architecture())


def _add_gpus(place: Root, facts: Facts, environ: Mapping[str, str]) -> Facts:
    """Return the facts with the CPUs beside the GPUs of a job launcher's ranks."""
    own = ranks(environ)
    if not own or own[0].size < 2 or not {"nvidia0", "kfd"} & set(place.names("/dev")):
        return facts
    from mkl_launch.host.gpus import cpus_beside_gpus

    return changed(
        facts, rank_gpus=cpus_beside_gpus(place, environ, facts.job_launcher.environ, own[0].size)
    )


def _thread_limit(place: Root, planned: Plan, process: str) -> tuple[str, ...]:
    """Return the warning, if any, that a limit on processes allows fewer than the planned threads."""
    if planned.budget.compute_threads <= FEW_THREADS:
        return ()
    from mkl_launch.host.process_limits import warning

    return tuple(filter(None, (warning(place, planned.budget.compute_threads, process),)))


def _libraries_matter(facts: Facts, command: str, environ: Mapping[str, str]) -> bool:
    """Return True if a setting may depend on the libraries of the program's Python.

    Without a quota pinning does; KMP_* variables do, and variables that only some versions read.
    """
    return (
        facts.limits.quota is None
        or any(name.startswith("KMP_") for name in environ)
        or any(row.since and row.applies_to(command) for row in VARIABLES)
    )


def _add_preloads(place: Root, request: Request, facts: Facts, program: Program) -> tuple[Facts, Program]:
    """Return the facts with the requested libraries, and the program with their OpenMP runtimes."""
    from mkl_launch.program.preload import find_preloads

    requested = {ALLOCATOR: request.allocator, OPENMP: request.openmp}
    carried = program.libraries
    preloads = find_preloads(place, requested, carried.python if carried else "")
    runtimes = {preload.library.runtime for preload in preloads if preload.path and preload.library.runtime}
    if carried and runtimes:
        program = changed(program, libraries=changed(carried, runtimes=carried.runtimes | runtimes))
    return changed(facts, preloads=preloads), program


def _check_cpus(request: Request, facts: Facts) -> Request:
    """Return the request without CPUs that this process does not have.

    Raise UsageError if the option, not its variable, names them.
    """
    foreign = request.cpus.mask - facts.mask if request.cpus and request.cpus.mask else None
    if not foreign or not request.cpus:
        return request
    option = f"{request.cpus_option} {show(request.cpus.mask or foreign)}"
    problem = f"{option}: CPUs {show(foreign)} are not among those of this process, {show(facts.mask)}"
    if request.cpus_must_fit:
        raise UsageError(problem)
    return changed(request, cpus=None, warnings=(*request.warnings, f"{problem}: ignored"))
