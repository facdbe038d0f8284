"""The reports: help, version, `--explain`, `--json`, `--print-env`."""

from __future__ import annotations

from mkl_launch import __version__
from mkl_launch.cli import reader as requests
from mkl_launch.cli.argument_parser import parser
from mkl_launch.cli.options import LOG
from mkl_launch.core.errors import UsageError
from mkl_launch.core.messages import say, write_output
from mkl_launch.core.names import EXPLAIN, HELP, JSON, VERSION
from mkl_launch.core.record import changed
from mkl_launch.host import cgroup
from mkl_launch.host import inventory as machine
from mkl_launch.host.filesystem import Root
from mkl_launch.launch import apply
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.request import BoardView, Request
from mkl_launch.policy.note import read_note
from mkl_launch.program.recognise import recognise
from mkl_launch.report import process as live
from mkl_launch.report import slots
from mkl_launch.report import text as render
from mkl_launch.tables.variables import VARIABLES

MIN_SECRET = 4  # characters; shorter values are not replaced
FOREIGN = "process {} belongs to another user or container; files and addresses that it names are not read"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.policy.plan import Plan


def report(request: Request, environ: Mapping[str, str]) -> int:
    """Print a report and return the exit status."""
    if request.report == HELP:
        return write_output(parser().format_help().rstrip())
    if request.report == VERSION:
        return write_output(f"mkl-launch {__version__}")
    return write_output(_contents(request, environ))


def _contents(request: Request, environ: Mapping[str, str]) -> str:
    """Return the text of a report on this machine, another machine or a running process."""
    source = root(request)
    process = live.process(source, request.pid) if request.pid else None
    if process:
        request, environ = _request_of(request, process), process.environ or {}
        if process.foreign:
            source, environ = Root(probes=False), live.without_names(environ)
    board = None
    if request.slots and not process:
        request, board = _with_board(request, environ)
    instances: tuple[frozenset[int], ...] = ()
    if request.instances:
        from mkl_launch.launch.instances import instance_cpus, instance_request, resolve_count

        request = resolve_count(request, environ)
        instances = instance_cpus(request, environ)
        request, environ = instance_request(request, environ, 0)
    facts, plan = prepare(source, request, environ)
    if process and process.foreign and process.environ is not None:
        plan = changed(plan, warnings=(*plan.warnings, FOREIGN.format(process.pid)))
    if request.report not in (EXPLAIN, JSON):
        return _assignments(request, plan)
    contents = render.Report(
        machine=machine.machine(source),
        facts=facts,
        levels=cgroup.levels(source, str(request.pid or cgroup.SELF)),
        plan=plan,
        request=request,
        process=process,
        instances=instances,
        changes=live.changes(process, plan) if process else (),
        memory_problem=_memory_problem(plan.node) if source.live else None,
    )
    if request.report == EXPLAIN:
        if request.log == "debug":
            contents = changed(contents, instructions=machine.instruction_sets(source))
        lines = slots.lines(request, board, contents.machine) if board else []
        return "\n".join([render.explanation(contents), *lines])
    shown = changed(plan.program, argv=_without_secrets(plan))
    document = render.document(changed(contents, plan=changed(plan, program=shown)))
    return render.as_json({**document, "slots": slots.document(request, board) if board else None})


def _assignments(request: Request, plan: Plan) -> str:
    """Return the text of --print-env, and print the warnings."""
    kind = request.print_env
    left_out = [
        f"{name}: left out, because its value cannot be written in this format"
        for name in render.unprintable(plan, kind)
    ]
    for warning in (*plan.warnings, *left_out) if request.log != "quiet" else ():
        say(warning)
    return render.assignments(plan, kind)


def _with_board(request: Request, environ: Mapping[str, str]) -> tuple[Request, BoardView | None]:
    """Return the request with the CPUs that a start would take for --slots, and what others hold."""
    try:
        from mkl_launch.launch.slots import look
    except ImportError as problem:
        warning = f"--slots: {problem}; no slots are taken"
        return changed(request, warnings=(*request.warnings, warning)), None
    return look(request, environ, read_note(environ).held)


def _without_secrets(plan: Plan) -> tuple[str, ...]:
    """Return the program's words, with variables in place of values that a shell has put into them.

    Such a value may be a secret. A value shorter than MIN_SECRET may occur in a word by chance.
    """
    tabled = {row.name for row in VARIABLES}
    values = {
        part: name
        for name, value in plan.environ.items()
        if name not in tabled
        for part in (*value.split(), value)
        if len(part) >= MIN_SECRET
    }
    words = list(plan.program.argv)
    for part in sorted(values, key=len, reverse=True):
        for at, word in enumerate(words):
            if word not in plan.command:
                words[at] = word.replace(part, f"${{{values[part]}}}")
    return tuple(words)


def _memory_problem(node: int | None) -> str | None:
    """Try to prefer the memory of a node; return the problem. There is no other way to check that."""
    return None if node is None else apply.prefer_node(node)


def _request_of(request: Request, process: live.Process) -> Request:
    """Return the request of a running process, without the arguments that the launcher added."""
    options = [f"--{name}" for name, _ in request.given_options if name != LOG.name]
    if request.command or options:
        extra = " ".join((*options, *request.command))
        raise UsageError(
            f"--pid {request.pid}: {extra}: not accepted; options and command are those of the process"
        )
    environ = process.environ or {}
    note = read_note(environ)
    at = recognise(process.command).insert_at or 0
    command = process.command[:at] + process.command[at + note.added :]
    original = requests.read(["--", *command], environ, note.texts)
    return changed(
        original,
        report=request.report,
        pid=request.pid,
        sysroot=request.sysroot,
        log=request.log,
        held=note.held,
    )
