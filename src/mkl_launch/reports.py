"""What is asked for instead of a launch: help, reports, the settings as text, an image's preparation."""

from __future__ import annotations

import posix

from . import __version__, apply, cgroup, live, machine, render
from . import request as requests
from .cpulist import positive
from .errors import UsageError
from .given import ADDED, read_note
from .options import EXPLAIN, HELP, INSTALL_SHIMS, JSON, LOG, PREPARE, RECORD_IMAGE_ENV, VERSION
from .parser import parser
from .prepare import prepare, root
from .recognise import recognise
from .record import changed
from .request import Request
from .source import Root
from .stderr import printable, say
from .variables import VARIABLES

SHORT = 4
FOREIGN = (
    "process {} belongs to another user or container: the files and addresses that it names are not read"
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plan import Plan


def report(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Print what was asked for and return the exit status. `entry` is the path of the entry script."""
    if request.report == HELP:
        return show(parser().format_help().rstrip())
    if request.report == VERSION:
        return show(f"mkl-launch {__version__}")
    if request.report in (RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS):
        return show("\n".join(map(printable, _prepare_image(request, environ, entry).split("\n"))))
    return show(_tell(request, environ))


def _prepare_image(request: Request, environ: Mapping[str, str], entry: str) -> str:
    from . import image

    if request.report == RECORD_IMAGE_ENV:
        return image.record_env(environ)
    if request.report == PREPARE:
        return image.prepare(environ, entry, request.install_shims, request.command)
    path = environ.get("PATH", "")
    return image.install_shims(request.install_shims, request.command, entry, path)


def _tell(request: Request, environ: Mapping[str, str]) -> str:
    place = root(request)
    seen = live.process(place, request.pid) if request.pid else None
    if seen:
        request, environ = _as_it_was(request, seen), seen.environ or {}
        if seen.foreign:
            place, environ = Root(probes=False), live.without_names(environ)
    instances: tuple[frozenset[int], ...] = ()
    if request.instances:
        from .instances import counted, one, places

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
    shown = changed(made.program, words=_shown(made))
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
    words = list(made.program.words)
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
    options = [f"--{name}" for name, _ in request.chosen if name != LOG.name]
    if request.command or options:
        extra = " ".join((*options, *request.command))
        raise UsageError(f"--pid {request.pid}: {extra}: options and command are that process's own")
    environ = seen.environ or {}
    note = read_note(environ)
    at = recognise(seen.command).at or 0
    command = seen.command[:at] + seen.command[at + (positive(note.options.get(ADDED)) or 0) :]
    its = requests.read(["--", *command], environ, {**note.values, **note.options})
    return changed(its, report=request.report, pid=request.pid, sysroot=request.sysroot, log=request.log)


def show(text: str) -> int:
    """Write text, UTF-8 or not, to standard output; return the exit status."""
    data = apply.encode(text + "\n")
    try:
        while data:
            data = data[posix.write(1, data) :]
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        return 0
    except OSError as error:
        say(f"standard output: {error.strerror}")
        return 1
    return 0
