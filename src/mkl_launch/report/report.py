"""The reports: help, version, `--explain`, `--json`, `--print-env`, `--check`."""

from __future__ import annotations

from mkl_launch import __version__
from mkl_launch.cli.argument_parser import parser
from mkl_launch.core.errors import UsageError
from mkl_launch.core.messages import printable, say, write_output
from mkl_launch.core.option_names import CHECK, EXPLAIN, HELP, JSON, PICTURE, TERMINAL, VERSION
from mkl_launch.core.record import changed
from mkl_launch.host import inventory as machine
from mkl_launch.model.request import Request
from mkl_launch.report import slot_holders
from mkl_launch.report.collect import Subject, collect, subject
from mkl_launch.report.colour import columns, present
from mkl_launch.report.document import Report, as_json, document
from mkl_launch.report.full import explanation, machine_line
from mkl_launch.report.headline import overview
from mkl_launch.report.print_env import assignments, unprintable
from mkl_launch.report.short import summary
from mkl_launch.tables.variables import VARIABLES

WIDTH = 100  # columns of a picture, if there is no terminal
MIN_SECRET = 4  # characters; shorter values are not replaced

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
    if request.report == CHECK:
        from mkl_launch.report.check import check

        return check(request, environ)
    about = subject(request, environ)
    if request.report == EXPLAIN:
        return write_output(_explained(about, environ))
    return write_output(_json(about) if request.report == JSON else _printed_env(about))


def _explained(about: Subject, environ: Mapping[str, str]) -> str:
    """Return the short text, or the long one, which --verbose makes longer still, and the picture."""
    contents, request = collect(about), about.request
    if request.log == "debug":
        text = explanation(changed(contents, instructions=machine.instruction_sets(about.source)))
    else:
        text = explanation(contents) if request.explain_all else summary(contents)
    held = slot_holders.lines(request, about.slots_in_use, contents.machine) if about.slots_in_use else []
    drawn = _drawn(contents) if request.picture else []
    return "\n".join((present("\n".join((text, *held)), environ), *drawn))


def _drawn(contents: Report) -> list[str]:
    """Return the lines of the picture, or write it to a file."""
    from mkl_launch.report.picture import picture, text

    drawn, file = picture(contents), contents.request.picture
    if file == TERMINAL:
        return ["", *text(drawn, columns(1) or WIDTH)]
    from pathlib import Path

    from mkl_launch.report.svg import svg

    title = overview(contents.facts, contents.request, contents.plan)
    try:
        Path(file).write_text(svg(drawn, (*title, machine_line(contents.machine))) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--{PICTURE} {file}: {error.strerror}") from None
    return [printable(f"picture   {file}")]


def _json(about: Subject) -> str:
    contents, plan = collect(about), about.plan
    shown = changed(plan.program, argv=_without_secrets(plan))
    fields = document(changed(contents, plan=changed(plan, program=shown)))
    in_use = about.slots_in_use
    return as_json({**fields, "slots": slot_holders.document(about.request, in_use) if in_use else None})


def _printed_env(about: Subject) -> str:
    """Return the settings, and write the warnings to standard error."""
    plan, kind = about.plan, about.request.print_env
    left_out = [
        f"{name}: left out, because its value cannot be written in this format"
        for name in unprintable(plan, kind)
    ]
    for warning in (*plan.warnings, *left_out) if about.request.log != "quiet" else ():
        say(warning)
    return assignments(plan, kind)


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
