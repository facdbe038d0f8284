"""What a report is made of: the machine, the plan, and a running process with --pid."""

from __future__ import annotations

from mkl_launch.cli import reader as requests
from mkl_launch.cli.options import LOG
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import PID
from mkl_launch.core.record import Record, changed
from mkl_launch.host import inventory as machine
from mkl_launch.host.caches import l3_domains
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.filesystem import Root
from mkl_launch.launch import apply
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.model.slots import SlotsInUse
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.program.probe import installed
from mkl_launch.program.recognise import recognise
from mkl_launch.report import process as live
from mkl_launch.report.document import Report
from mkl_launch.tables.readers import READERS

FOREIGN = "process {} belongs to another user or container; files and addresses that it names are not read"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Subject(Record):
    """What a report is about. `process` is None unless the report is about a running process."""

    source: Root
    request: Request
    facts: Facts
    plan: Plan
    instances: tuple[frozenset[int], ...] = ()  # the CPUs of each; the plan is that of the first
    process: live.Process | None = None
    slots_in_use: SlotsInUse | None = None  # what others hold of --slots


def subject(request: Request, environ: Mapping[str, str], own: live.Process | None = None) -> Subject:
    """Return the plan for this machine, another machine or a running process.

    `own` is this process, if the report is about its own environment.
    """
    source = root(request)
    process = live.process(source, request.pid) if request.pid else own
    if process and request.pid:
        request, environ = _request_of(request, process), process.environ or {}
        if process.foreign:
            source, environ = Root(probes=False), live.without_names(environ)
    slots_in_use = None
    if request.slots and not process:
        request, slots_in_use = _with_slots_in_use(request, environ)
    instances: tuple[frozenset[int], ...] = ()
    if request.instances:
        from mkl_launch.launch.instances import instance_cpus, instance_request, resolve_count

        request = resolve_count(request, environ)
        instances = instance_cpus(request, environ)
        request, environ = instance_request(request, environ, 0)
    facts, plan = prepare(source, request, environ)
    if process and process.foreign and process.environ is not None:
        plan = changed(plan, warnings=(*plan.warnings, FOREIGN.format(process.pid)))
    return Subject(source, request, facts, plan, instances, process, slots_in_use)


def _with_slots_in_use(request: Request, environ: Mapping[str, str]) -> tuple[Request, SlotsInUse | None]:
    """Return the request with the CPUs that a start would take for --slots, and what others hold."""
    try:
        from mkl_launch.launch.take_slots import look
    except ImportError as problem:
        warning = f"--slots: {problem}; no slots are taken"
        return changed(request, warnings=(*request.warnings, warning)), None
    return look(request, environ, read_note(environ).held)


def collect(about: Subject) -> Report:
    """Return the contents of a report."""
    source, plan, process = about.source, about.plan, about.process
    inventory = machine.machine(source, about.facts.mask)
    return Report(
        machine=inventory,
        facts=about.facts,
        levels=levels(source, str(about.request.pid or SELF)),
        plan=plan,
        request=about.request,
        process=process,
        instances=about.instances,
        changes=live.changes(process, plan) if process and not about.request.off else (),
        memory_problem=_memory_problem(plan.node) if source.live else None,
        packages=_packages(source, plan),
        caches=l3_domains(source, inventory.online) if about.request.picture else (),
    )


def _packages(source: Root, plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return (distribution, version) of the libraries in the program's Python that read a variable."""
    libraries = plan.program.libraries
    if not libraries or not source.probes:
        return ()
    wanted = frozenset(name for reader in READERS for name in reader.distributions)
    return tuple(installed(source, libraries.python, wanted).items())


def _memory_problem(node: int | None) -> str | None:
    """Try to prefer the memory of a node; return the problem. There is no other way to check that."""
    return None if node is None else apply.prefer_node(node)


def _request_of(request: Request, process: live.Process) -> Request:
    """Return the request of a running process, without the arguments that the launcher added."""
    options = [f"--{name}" for name, _ in request.given_options if name != LOG.name]
    if request.command or options:
        extra = " ".join((*options, *request.command))
        raise UsageError(
            f"--{PID} {request.pid}: {extra}: not accepted; options and command are those of the process"
        )
    environ = process.environ or {}
    note = read_note(environ)
    at = recognise(process.command).insert_at or 0
    command = process.command[:at] + process.command[at + note.added :]
    original = requests.read(["--", *command], environ, note.texts)
    return changed(
        original,
        report=request.report,
        explain_all=request.explain_all,
        picture=request.picture,
        pid=request.pid,
        sysroot=request.sysroot,
        log=request.log,
        held=note.held,
    )
