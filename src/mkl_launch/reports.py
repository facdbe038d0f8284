"""What is asked for instead of a launch: help, reports, the settings as text, an image's preparation."""

from __future__ import annotations

import posix

from . import __version__, apply, cgroup, image, machine, render
from .options import EXPLAIN, HELP, INSTALL_SHIMS, JSON, RECORD_IMAGE_ENV, VERSION
from .parser import parser
from .prepare import prepare, root
from .record import changed
from .request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def report(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Print what was asked for; the exit status. `entry` is the path of the entry script."""
    if request.report == HELP:
        return show(parser().format_help().rstrip())
    if request.report == VERSION:
        return show(f"mkl-launch {__version__}")
    if request.report == RECORD_IMAGE_ENV:
        return show(image.record_env(environ))
    if request.report == INSTALL_SHIMS:
        path = environ.get("PATH", "")
        return show(image.install_shims(request.install_shims, request.command, entry, path))
    return show(_tell(request, environ))


def _tell(request: Request, environ: Mapping[str, str]) -> str:
    place = root(request)
    found, made = prepare(place, request, environ)
    if request.report not in (EXPLAIN, JSON):
        for warning in made.warnings if request.log != "quiet" else ():
            apply.say(warning)
        return render.assignments(made, request.print_env)
    told = render.Report(
        machine=machine.machine(place),
        facts=found,
        levels=cgroup.levels(place),
        plan=made,
    )
    if request.report == EXPLAIN:
        if request.log == "debug":
            told = changed(told, instructions=machine.instruction_sets(place))
        return render.explanation(told)
    import json

    return json.dumps(render.document(told), indent=2)


def show(text: str) -> int:
    """Write to standard output, also what is not UTF-8; the exit status."""
    data = apply.encode(text + "\n")
    try:
        while data:
            data = data[posix.write(1, data) :]
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        return 0
    except OSError as error:
        apply.say(f"standard output: {error.strerror}")
        return 1
    return 0
