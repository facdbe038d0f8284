"""The choice of what a command line asks for: a launch, a report, an image's preparation, instances."""

from __future__ import annotations

import sys

from mkl_launch.cli import reader as requests
from mkl_launch.cli.options import LOG
from mkl_launch.core.errors import LaunchError, NotExecutable, NotFound, TooLarge, UsageError
from mkl_launch.core.messages import say, say_json, tell
from mkl_launch.core.option_names import DOCTOR, IMAGE_STEPS
from mkl_launch.core.record import Record, changed
from mkl_launch.launch.apply import decode, execute, prefer_node, set_mask
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.request import Request
from mkl_launch.policy.launch_note import Note, read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.program.recognise import recognise
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

INTERPRETERS = ((".py", PYTHON), (".sh", "sh"))
USAGE = "no command; usage: mkl-launch [OPTIONS] [--] COMMAND [ARG...] (see mkl-launch --help)"


class Entry(Record):
    """The path of the entry script, and the command that it is a shim of ("" if none)."""

    path: str = ""
    shim: str = ""


def main(argv: list[str], environ: Mapping[str, str], entry: Entry) -> int:
    """Run the launcher; return an exit status only if no command was started.

    Any exception other than LaunchError is a bug of the launcher; `start` then runs the command without
    settings.
    """
    try:
        return _run(argv, environ, entry)
    except (NotFound, NotExecutable) as error:
        tell(f"{error}{_hint(argv, error)}", error.exit_status, as_json=_logs_json(environ))
        return error.exit_status
    except LaunchError as error:
        tell(str(error), error.exit_status, as_json=_logs_json(environ))
        return error.exit_status


def _logs_json(environ: Mapping[str, str]) -> bool:
    return environ.get(LOG.variable) == "json"


def _hint(argv: list[str], error: LaunchError) -> str:
    """Return what was probably meant: an option behind the "--" of the ENTRYPOINT, or a script."""
    not_found = isinstance(error, NotFound)
    if not_found and argv[:1] == ["--"] and argv[1:2] and argv[1].startswith("-"):
        return f"; options of the launcher go before --, as in docker run IMAGE mkl-launch {argv[1]} ..."
    script = requests.split(argv)[1][:1]
    interpreter = next((word for suffix, word in INTERPRETERS if script and script[0].endswith(suffix)), "")
    if not interpreter or isinstance(error, TooLarge) or (not_found and "/" in script[0]):
        return ""
    return f"; did you mean: {interpreter} {script[0]}"


def _run(argv: list[str], environ: Mapping[str, str], entry: Entry) -> int:
    note = read_note(environ)
    request = requests.read(argv, environ, note.texts)
    if request.tune:
        from mkl_launch.tune.run import run as tune

        return tune(request, environ)
    if request.report:
        return _report(request, environ, entry.path)
    if not request.command:
        raise UsageError(USAGE)
    if request.sysroot:
        raise UsageError(
            f"--sysroot {request.sysroot}: only for reports; add --explain, --json or --print-env"
        )
    if request.instances:
        from mkl_launch.supervisor.run import run

        if request.slots and not request.off:
            request = _with_slots(request, environ, note)
        return run(request, environ, _launch_instance)
    # True for a shim whose command an outer launcher has planned already.
    planned = entry.shim and note.command and note.command == recognise(request.command, environ).row.name
    if request.off or planned:
        execute(request.command, environ, entry.shim)
    if request.slots:
        request = _with_slots(request, environ, note)
    _launch(request, environ, entry.shim)
    return 0


def _with_slots(request: Request, environ: Mapping[str, str], note: Note) -> Request:
    """Return the request with the CPUs that were taken for --slots."""
    try:
        from mkl_launch.launch.take_slots import take
    except ImportError as problem:  # a minimal Python without fcntl
        warning = f"--slots: {problem}; no slots are taken"
        return changed(request, warnings=(*request.warnings, warning))
    return take(request, environ, note.held)


def _report(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Print a report or run a step of a Dockerfile; return the exit status."""
    if request.report in IMAGE_STEPS:
        from mkl_launch.image.prepare import run as prepare_image

        return prepare_image(request, environ, entry)
    if request.report == DOCTOR:
        from mkl_launch.report.doctor.run import run as examine

        return examine(request)
    from mkl_launch.report.report import report

    return report(request, environ)


def _launch_instance(request: Request, environ: Mapping[str, str]) -> None:
    """Replace this process by the command of an instance."""
    if request.off:
        execute(request.command, environ)
    _launch(request, environ, "")


def _launch(request: Request, environ: Mapping[str, str], shim: str) -> None:
    """Replace this process by the command with its settings, or without them if that is not possible."""
    place = root(request)
    facts, plan = prepare(place, request, environ)
    if facts.isolated and plan.mask is None:
        from mkl_launch.launch.leave_isolated import leave_isolated_cpu

        leave_isolated_cpu(place, facts)
    if plan.mask is not None:
        problem = set_mask(plan.mask)
        if problem:  # variables that pin threads would name CPUs outside of the mask
            if request.held:
                from mkl_launch.launch.take_slots import release

                release(request.held)
            request = changed(request, bind="never", held=None)
            _, plan = prepare(place, request, environ)
            plan = changed(plan, warnings=(*plan.warnings, problem))
    if plan.node is not None:
        prefer_node(plan.node)
    _announce(request, plan)
    try:
        execute(plan.command, plan.environ, shim)
    except TooLarge as error:
        tell(f"{error}; trying without the settings", as_json=_logs_json(environ))
        execute(request.command, environ, shim)


def _announce(request: Request, plan: Plan) -> None:
    """Print the warnings and the plan, in a job of several ranks from the first rank only."""
    first = not plan.budget.rank
    if request.log == "quiet" or (request.log in ("info", "json") and not first):
        return
    if request.log == "json":
        from mkl_launch.launch.json_line import json_line

        say_json(json_line(plan))
        return
    from mkl_launch.policy.summary import summary_line

    for warning in plan.warnings:
        say(warning)
    say(summary_line(plan))
    if request.log == "debug":
        for reason in plan.budget.reasons:
            say(f"  {reason}")
        for setting in (*plan.settings, *plan.arguments):
            value = "unset" if setting.value is None else setting.value
            say(f"  {setting.name}: {value} ({setting.origin}: {setting.reason})")


def run_for_entry(variables: Mapping[bytes, bytes], path: bytes = b"", shim: bytes = b"") -> int:
    """Run the launcher with the arguments of the interpreter and the environment of an entry.

    `path` is the path of the entry, `shim` the command that it is a shim of.
    """
    encoding = sys.getfilesystemencoding()
    argv = [decode(word.encode(encoding, "surrogateescape")) for word in sys.argv[1:]]
    environ = {decode(name): decode(value) for name, value in variables.items()}
    return main(argv, environ, Entry(decode(path), decode(shim)))
