"""Do what the command line says: launch, report, prepare an image, run instances."""

from __future__ import annotations

import sys

from mkl_launch.cli import request as requests
from mkl_launch.core.errors import LaunchError, NotFound, TooLarge, UsageError
from mkl_launch.core.messages import say
from mkl_launch.core.names import IMAGE_STEPS
from mkl_launch.core.record import Record, changed
from mkl_launch.launch.apply import decode, execute, prefer_node, set_mask
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.request import Request
from mkl_launch.policy.note import read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.program.recognise import recognise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USAGE = "usage: mkl-launch [OPTIONS] [--] COMMAND [ARG...] (see mkl-launch --help)"


class Entry(Record):
    """How the entry script was started: its own path, and the name of the command it is a shim of."""

    path: str = ""
    shim: str = ""


def main(argv: list[str], environ: Mapping[str, str], entry: Entry) -> int:
    """Run the launcher; returns an exit status only where no command was started.

    Anything but a LaunchError is a bug here, and `start` runs the command without settings.
    """
    try:
        return _run(argv, environ, entry)
    except NotFound as error:
        say(f"{error}{_hint(argv)}")
        return error.exit_status
    except LaunchError as error:
        say(str(error))
        return error.exit_status


def _hint(argv: list[str]) -> str:
    """Where an option of the launcher is taken for the command: the image's ENTRYPOINT ends in "--"."""
    if argv[:1] != ["--"] or not argv[1:2] or not argv[1].startswith("-"):
        return ""
    return f": options come before the image's --, as in docker run IMAGE mkl-launch {argv[1]} ..."


def _run(argv: list[str], environ: Mapping[str, str], entry: Entry) -> int:
    note = read_note(environ)
    request = requests.read(argv, environ, note.texts)
    if request.report:
        return _report(request, environ, entry.path)
    if not request.command:
        raise UsageError(USAGE)
    for name, value in (("sysroot", request.sysroot), ("machine", request.machine)):
        if value:
            raise UsageError(f"--{name} {value}: runs nothing; add --explain, --json or --print-env")
    if request.instances:
        from mkl_launch.supervisor.run import run

        return run(request, environ, _one)
    # An outer launcher has planned for this very command.
    planned = entry.shim and note.command == recognise(request.command, environ).row.name
    if request.off or planned:
        execute(request.command, environ, entry.shim)
    _launch(request, environ, entry.shim)
    return 0


def _report(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Do what was asked for in place of a launch; return the exit status."""
    if request.report in IMAGE_STEPS:
        from mkl_launch.image.prepare import run as prepare_image

        return prepare_image(request, environ, entry)
    from mkl_launch.report.report import report

    return report(request, environ)


def _one(request: Request, environ: Mapping[str, str]) -> None:
    """Become an instance."""
    if request.off:
        execute(request.command, environ)
    _launch(request, environ, "")


def _launch(request: Request, environ: Mapping[str, str], called: str) -> None:
    """Order of duty: the command starts; its environment is intact; then the settings."""
    _, made = prepare(root(request), request, environ)
    if made.mask is not None:
        problem = set_mask(made.mask)
        if problem:  # what would pin threads counts on the mask
            _, made = prepare(root(request), changed(request, bind="never"), environ)
            made = changed(made, warnings=(*made.warnings, problem))
    if made.node is not None:
        prefer_node(made.node)
    _announce(request, made)
    try:
        execute(made.command, made.environ, called)
    except TooLarge as error:
        say(f"{error}: once more without the settings")
        execute(request.command, environ, called)


def _announce(request: Request, made: Plan) -> None:
    first = not made.budget.rank  # one of them speaks for all
    if request.log == "quiet" or (request.log == "info" and not first):
        return
    from mkl_launch.policy.summary import summary_line

    for warning in made.warnings:
        say(warning)
    say(summary_line(made))
    if request.log == "debug":
        for why in made.budget.reasons:
            say(f"  {why}")
        for setting in (*made.settings, *made.arguments):
            value = "unset" if setting.value is None else setting.value
            say(f"  {setting.name}: {value} ({setting.origin}: {setting.reason})")


def entry(variables: Mapping[bytes, bytes], path: bytes = b"", shim: bytes = b"") -> int:
    """Start from the interpreter's own arguments, with the environment as `entrypoint` was given it."""
    encoding = sys.getfilesystemencoding()
    argv = [decode(word.encode(encoding, "surrogateescape")) for word in sys.argv[1:]]
    environ = {decode(name): decode(value) for name, value in variables.items()}
    return main(argv, environ, Entry(decode(path), decode(shim)))
