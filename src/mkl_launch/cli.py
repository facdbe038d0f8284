"""Wiring: the command line in, detect, plan, apply. The only module that knows all the others."""

from __future__ import annotations

import posix
import sys

from . import __version__
from . import request as requests
from .apply import decode, encode, execute, set_mask
from .cpulist import show
from .detect import Facts, facts
from .errors import DetectionError, LaunchError, UsageError
from .given import read_note
from .plan import Plan, headline, plan
from .probe import probe
from .recognise import recognise
from .record import changed
from .request import EXPLAIN, HELP, JSON, VERSION, Request
from .source import Root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USAGE = "usage: mkl-launch [OPTIONS] [--] COMMAND [ARG...] (see mkl-launch --help)"


def main(argv: list[str], environ: Mapping[str, str]) -> int:
    """Run the launcher; returns an exit status only where no command was started.

    Anything but a LaunchError is a bug here, and `start` runs the command without settings.
    """
    try:
        return _run(argv, environ)
    except LaunchError as error:
        say(str(error))
        return error.exit_status


def _run(argv: list[str], environ: Mapping[str, str]) -> int:
    request = requests.read(argv, environ, _outer(environ))
    if request.report == HELP:
        return _print(requests.parser().format_help().rstrip())
    if request.report == VERSION:
        return _print(f"mkl-launch {__version__}")
    if request.report is None:
        if not request.command:
            raise UsageError(USAGE)
        if request.sysroot:
            raise UsageError(
                f"--sysroot {request.sysroot}: runs nothing; add --explain, --json or --print-env"
            )
        return _launch(request, environ)
    return _print(_report(request, environ))


def _outer(environ: Mapping[str, str]) -> dict[str, str]:
    note = read_note(environ)
    return {**note.values, **note.options}


def _launch(request: Request, environ: Mapping[str, str]) -> int:
    """Order of duty: the command starts; its environment is intact; then the settings."""
    if request.off:
        execute(request.command, environ)
    _, made = _plan(request, environ)
    if made.mask is not None:
        problem = set_mask(made.mask)
        if problem:
            made = changed(made, warnings=(*made.warnings, problem))
    _announce(request, made)
    execute(made.command, made.environ)


def _plan(request: Request, environ: Mapping[str, str]) -> tuple[Facts, Plan]:
    root = Root(request.sysroot)
    if not root.live and not (root.names("/proc") or root.names("/sys")):
        raise UsageError(f"--sysroot {request.sysroot}: neither proc nor sys below it")
    found = facts(root)
    if found.failures and request.strict:
        raise DetectionError(f"--strict: {found.failures[0]}")
    request = _checked(request, found)
    program = probe(root, recognise(request.command), environ)
    made = plan(found, request, environ, program)
    return found, changed(made, warnings=(*found.failures, *made.warnings))


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


def _announce(request: Request, made: Plan) -> None:
    if request.log == "quiet":
        return
    for warning in made.warnings:
        say(warning)
    say(headline(made))
    if request.log == "debug":
        for why in made.budget.why:
            say(f"  {why}")
        for setting in (*made.settings, *made.arguments):
            value = "unset" if setting.value is None else setting.value
            say(f"  {setting.name}: {value} ({setting.origin}: {setting.reason})")


def _report(request: Request, environ: Mapping[str, str]) -> str:
    from . import cgroup, machine, render

    found, made = _plan(request, environ)
    if request.report not in (EXPLAIN, JSON):
        for warning in made.warnings if request.log != "quiet" else ():
            say(warning)
        return render.assignments(made, request.print_format or "sh")
    root = Root(request.sysroot)
    report = render.Report(
        machine=machine.machine(root),
        facts=found,
        levels=cgroup.levels(root),
        memory=cgroup.memory(root),
        plan=made,
    )
    if request.report == EXPLAIN:
        if request.log == "debug":
            report = changed(report, instructions=machine.instruction_sets(root))
        return render.explanation(report)
    import json

    return json.dumps(render.document(report), indent=2)


def _print(text: str) -> int:
    """Write to standard output, also what is not UTF-8; the exit status."""
    data = encode(text + "\n")
    try:
        while data:
            data = data[posix.write(1, data) :]
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        return 0
    except OSError as error:
        say(f"standard output: {error.strerror}")
        return 1
    return 0


def say(line: str) -> None:
    """One line on standard error, if there is one; what would break or move the line is spelled out."""
    plain = "".join(char if char >= " " and char != "\x7f" else f"\\x{ord(char):02x}" for char in line)
    try:
        posix.write(2, encode(f"mkl-launch: {plain}\n"))
    except OSError:
        pass


def entry(variables: Mapping[bytes, bytes]) -> int:
    """Start from the interpreter's own arguments, with the environment as `entrypoint` was given it."""
    encoding = sys.getfilesystemencoding()
    argv = [decode(word.encode(encoding, "surrogateescape")) for word in sys.argv[1:]]
    environ = {decode(name): decode(value) for name, value in variables.items()}
    return main(argv, environ)
