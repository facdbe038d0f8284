"""What is asked for instead of a launch: help, a report, the settings as text."""

from __future__ import annotations

from mkl_launch import __version__
from mkl_launch.cli import request as requests
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
from mkl_launch.model.request import Request
from mkl_launch.policy.note import read_note
from mkl_launch.program.recognise import recognise
from mkl_launch.report import process as live
from mkl_launch.report import text as render
from mkl_launch.tables.variables import VARIABLES

SHORT = 4
FOREIGN = (
    "process {} belongs to another user or container: the files and addresses that it names are not read"
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.policy.plan import Plan


def report(request: Request, environ: Mapping[str, str]) -> int:
    """Print what was asked for and return the exit status."""
    if request.report == HELP:
        return write_output(parser().format_help().rstrip())
    if request.report == VERSION:
        return write_output(f"mkl-launch {__version__}")
    return write_output(_tell(request, environ))


def _tell(request: Request, environ: Mapping[str, str]) -> str:
    place = root(request)
    seen = live.process(place, request.pid) if request.pid else None
    if seen:
        request, environ = _as_it_was(request, seen), seen.environ or {}
        if seen.foreign:
            place, environ = Root(probes=False), live.without_names(environ)
    instances: tuple[frozenset[int], ...] = ()
    if request.instances:
        from mkl_launch.launch.instances import counted, one, places

        request = counted(request, environ)
        instances = places(request, environ)
        request, environ = one(request, environ, 0)
    found, made = prepare(place, request, environ)
    if seen and seen.foreign and seen.environ is not None:
        made = changed(made, warnings=(*made.warnings, FOREIGN.format(seen.pid)))
    if request.report not in (EXPLAIN, JSON):
        kind = request.print_env
        odd = [
            f"{name}: left out: its value cannot be in this form" for name in render.unprintable(made, kind)
        ]
        for warning in (*made.warnings, *odd) if request.log != "quiet" else ():
            say(warning)
        return render.assignments(made, kind)
    told = render.Report(
        machine=machine.machine(place),
        facts=found,
        levels=cgroup.levels(place, str(request.pid or cgroup.SELF)),
        plan=made,
        process=seen,
        instances=instances,
        changes=live.changes(seen, made) if seen else (),
        memory_problem=_preferring(made.node) if place.live else None,
    )
    if request.report == EXPLAIN:
        if request.log == "debug":
            told = changed(told, instructions=machine.instruction_sets(place))
        return render.explanation(told)
    shown = changed(made.program, argv=_shown(made))
    return render.as_json(render.document(changed(told, plan=changed(made, program=shown))))


def _shown(made: Plan) -> tuple[str, ...]:
    """Return the program's own words, with names of variables where a shell's line has their values.

    Such a value may be a secret. A shorter one than SHORT may stand in a word by chance.
    """
    tabled = {row.name for row in VARIABLES}
    values = {
        part: name
        for name, value in made.environ.items()
        if name not in tabled
        for part in (*value.split(), value)
        if len(part) >= SHORT
    }
    words = list(made.program.argv)
    for part in sorted(values, key=len, reverse=True):
        for at, word in enumerate(words):
            if word not in made.command:
                words[at] = word.replace(part, f"${{{values[part]}}}")
    return tuple(words)


def _preferring(node: int | None) -> str | None:
    """Try to prefer the memory of a node: nothing else tells whether that is permitted."""
    return None if node is None else apply.prefer_node(node)


def _as_it_was(request: Request, seen: live.Process) -> Request:
    """Return the request that started a running process, without the arguments that the launcher added."""
    options = [f"--{name}" for name, _ in request.given_options if name != LOG.name]
    if request.command or options:
        extra = " ".join((*options, *request.command))
        raise UsageError(f"--pid {request.pid}: {extra}: options and command are that process's own")
    environ = seen.environ or {}
    note = read_note(environ)
    at = recognise(seen.command).insert_at or 0
    command = seen.command[:at] + seen.command[at + note.added :]
    its = requests.read(["--", *command], environ, note.texts)
    return changed(its, report=request.report, pid=request.pid, sysroot=request.sysroot, log=request.log)
