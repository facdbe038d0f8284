"""The options of reports, from argparse's words to fields of a Request."""

from __future__ import annotations

from mkl_launch.cli import doctor
from mkl_launch.core.cpulist import positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import (
    ALL,
    CHECK,
    DOCTOR,
    EXPLAIN,
    INSTALL_SHIMS,
    JSON,
    PICTURE,
    PID,
    PREPARE,
    PRINT_ENV,
    PRINT_FORMATS,
    REPORTS,
    SHORT,
    SVG,
    TERMINAL,
    TUNE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IMPLY_EXPLAIN = ("machine", "pid", "picture")


def add_reports(add: Any) -> None:
    """Add the options with argparse's `add_argument` of a group."""
    add(
        "--explain",
        nargs="?",
        const=SHORT,
        choices=(ALL, SHORT),
        metavar=ALL,
        help=f"limits, threads and the settings that COMMAND reads; --explain={ALL}: all, with reasons",
    )
    add("--json", action="store_true", help="the contents of --explain as JSON")
    doctor.add_options(add)
    add(f"--{PRINT_ENV}", choices=PRINT_FORMATS, help="the settings in this format")
    add("--sysroot", metavar="DIR", help="recorded machine to report on: copies of /proc and /sys in DIR")
    add(
        f"--{PICTURE}",
        nargs="?",
        const=TERMINAL,
        metavar=f"FILE{SVG}",
        help="with --explain: a picture of the machine with the container in it, in the report or a file",
    )
    add(
        f"--{CHECK}",
        action="store_true",
        help="whether a running process has the settings that a start would set now: one line,"
        " and exit status 0 (yes), 1 (no) or 3 (cannot tell)",
    )
    add(f"--{PID}", help="running process to report on, with --explain, --json or --check")
    add(
        "--machine",
        help="machine to report on: SOCKETSxCORESxTHREADS (2x18x2) or an EC2 instance type (c5.18xlarge)",
    )


def requested(parsed: dict[str, Any]) -> list[str]:
    """Return the names of the reports that are requested, which may be implied."""
    reports = [name for name in REPORTS if parsed[name.replace("-", "_")] not in (None, False)]
    if len(reports) > 1 and reports not in ([PREPARE, INSTALL_SHIMS], [DOCTOR, JSON]):
        raise UsageError(f"--{reports[0]} and --{reports[1]}: only one of them at a time")
    if not reports and not parsed[TUNE] and any(parsed[name] for name in IMPLY_EXPLAIN):
        return [EXPLAIN]
    return reports


def picture(file: str, reports: list[str]) -> str:
    """Return the file of a picture. Raise UsageError for another name or another report."""
    if file != TERMINAL and not file.endswith(SVG):
        raise UsageError(f"--{PICTURE} {file}: not a file whose name ends with {SVG}")
    if reports != [EXPLAIN]:
        raise UsageError(f"--{PICTURE}: only with --{EXPLAIN}")
    return file


def process_id(text: str, reports: list[str]) -> int:
    """Return the ID of a process. Raise UsageError if it is none, or if the report takes no --pid."""
    pid = positive(text)
    if pid is None:
        raise UsageError(f"--{PID} {text}: not a process ID (a whole number from 1)")
    if reports not in ([EXPLAIN], [JSON], [CHECK]):
        raise UsageError(f"--{PID} {text}: only with --explain, --json or --check")
    return pid
