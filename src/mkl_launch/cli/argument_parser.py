"""The command line in argparse, for reports, `--instances`, `--help` and error messages.

A launch does not import this module, because importing argparse takes longer than the rest of a launch.
"""

from __future__ import annotations

import argparse
import os
import re

from mkl_launch.cli import doctor
from mkl_launch.cli.options import BY_NAME, EPILOG, FLAGS, LOG, OPTIONS, STRICT
from mkl_launch.cli.report_options import add_reports, picture, process_id, requested
from mkl_launch.cli.tune_arguments import add_options, tune_options
from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import (
    ALL,
    AUTO,
    DOCTOR,
    INSTALL_SHIMS,
    JSON,
    L3,
    NODE,
    OPENMETRICS,
    PREPARE,
    TUNE,
)
from mkl_launch.model.instances import Instances

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


NOT_ONE_OF = "not one of"
# What argparse says, and what is said instead.
FORMS = (
    (r"^argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)$", rf"\1 \2: {NOT_ONE_OF} \3"),
    (r"^argument (\S+): expected one argument$", r"\1: no value is given"),
    (r"^unrecognized arguments: (.*)$", r"\1: not an option of mkl-launch; those of the command follow --"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's message, in the form of our own ones."""
        for pattern, form in FORMS:
            message = re.sub(pattern, form, message)
        if NOT_ONE_OF in message:
            message = message.replace("'", "")  # Python 3.12 and later quotes none of the choices
        raise UsageError(message)


def parse(words: list[str]) -> tuple[dict[str, str], dict[str, object]]:
    """Return {option: text} of options with a variable and {field of Request: value} of the others."""
    parsed = vars(parser().parse_args(words))
    texts = {name: text for name, text in parsed.items() if name in BY_NAME and text is not None}
    reports = requested(parsed)
    fields: dict[str, object] = {"report": reports[0]} if reports else {}
    if parsed["explain"] == ALL:
        fields["explain_all"] = True
    for name in ("sysroot", "machine", "install_shims", "print_env"):
        if parsed[name] == "":
            raise UsageError(f"--{_dashed(name)} '': {NOT_ACCEPTED[name]}")
        if parsed[name] is not None:
            fields[name] = parsed[name]
    for name, check in (("pid", process_id), ("picture", picture)):
        if parsed[name] is not None:
            fields[name] = check(parsed[name], reports)
    fields.update(_instances(parsed))
    if parsed[DOCTOR] or parsed[OPENMETRICS]:
        fields.update(doctor.fields(parsed, words))
    else:
        fields.update(_tuning(parsed, words, reports))
    for other in ("sysroot", "pid", "check"):
        if parsed[other] and parsed["machine"]:
            raise UsageError(f"--machine and --{other}: only one of them at a time")
    return texts, fields


def _tuning(parsed: dict[str, Any], words: list[str], reports: list[str]) -> dict[str, object]:
    """Return {field of Request: value} of the options of a tuning; empty if there is none."""
    options = tune_options(parsed, words)
    if not options:
        return {}
    if reports not in ([], [JSON]):
        raise UsageError(f"--{TUNE} and --{reports[0]}: only one of them at a time")
    for name in ("sysroot", "machine", *INSTANCE_FIELDS):
        if parsed[name] not in (None, False):
            raise UsageError(f"--{TUNE} and --{_dashed(name)}: only one of them at a time")
    return {"tune": options}


def _instances(parsed: dict[str, Any]) -> dict[str, object]:
    """Return {field of Request: value} of the options of instances; empty if none is used."""
    fields = {name: parsed[name] for name in INSTANCE_FIELDS if parsed[name] not in (None, False)}
    for first, second in ALTERNATIVES:
        if first in fields and second in fields:
            raise UsageError(f"--{_dashed(first)} and --{_dashed(second)}: only one of them at a time")
    count, cores = fields.get("instances"), fields.get("cores_per_instance")
    if fields and not fields.keys() & COUNTING:
        raise UsageError(f"--{_dashed(next(iter(fields)))}: only with --instances")
    if count not in (None, AUTO):
        _check_count("instances", count, f" or {AUTO}")
    if cores is not None:
        _check_count("cores-per-instance", cores)
    if fields.get("log_dir") == "":
        raise UsageError("--log-dir '': not a directory")
    if fields.pop("throughput", False) or fields:
        fields["instances"] = Instances(number=None if count in (None, AUTO) else int(count))
    if cores:
        fields["cores_per_instance"] = int(cores)
    if "grace" in fields:
        fields["grace"] = _seconds(fields["grace"])
    return fields


def _check_count(name: str, text: str, other: str = "") -> None:
    if not 0 < (positive(text) or 0) <= MAX_CPU:
        raise UsageError(f"--{name} {text}: not a whole number from 1 to {MAX_CPU}{other}")


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= MAX_GRACE:
        raise UsageError(f"--grace {text}: not a number of seconds from 0 to {MAX_GRACE}")
    return seconds


NOT_ACCEPTED = {
    "sysroot": "not a directory",
    "machine": "not SOCKETSxCORESxTHREADS (2x18x2) or an EC2 instance type (c5.18xlarge)",
    "install_shims": "not a directory",
}


ALTERNATIVES = (
    ("throughput", "instances"),
    ("throughput", "cores_per_instance"),
    ("latency", "cores_per_instance"),
    ("prefix", "log_dir"),
)
MAX_GRACE = 86400  # seconds
COUNTING = {
    "instances",
    "cores_per_instance",
    "per",
    "latency",
    "throughput",
}  # one of them starts instances
INSTANCE_FIELDS = (
    "instances",
    "cores_per_instance",
    "per",
    "latency",
    "throughput",
    "on_failure",
    "grace",
    "log_dir",
    "prefix",
)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return a formatter as wide as the terminal.

    argparse itself would import `shutil` for the width, which the Debian package python3-minimal lacks.
    """
    try:
        width = os.get_terminal_size(1).columns
    except OSError:
        width = 80
    return argparse.HelpFormatter(prog, width=width - 2)


def parser() -> Parser:
    """Return the parser of all options. It checks their form; `Option.read` checks the values."""
    parser = Parser(
        prog="mkl-launch",
        usage="mkl-launch [OPTIONS] [--] COMMAND [ARG...]",
        description="Set threads and affinity for the CPUs that this container may use, then exec COMMAND.",
        epilog=EPILOG,
        formatter_class=_formatter,
        allow_abbrev=False,
        add_help=False,
    )
    for option in OPTIONS:
        parser.add_argument(
            f"--{option.name}", metavar=option.metavar, help=f"{option.help} [{option.variable}]"
        )
    _add_instances(parser)
    add_reports(parser.add_argument_group("reports, which do not start COMMAND").add_argument)
    add_options(parser.add_argument_group("tuning: COMMAND runs again and again").add_argument)
    _add_image_steps(parser)
    group = parser.add_argument_group("messages")
    _add_flag(
        group,
        "--strict",
        help=f"failure instead of a warning if a limit cannot be read [{STRICT.variable}=1]",
    )
    _add_flag(group, "-q", "--quiet", help=f"no message unless the start fails [{LOG.variable}=quiet]")
    _add_flag(group, "-v", "--verbose", help=f"every setting with its reason [{LOG.variable}=debug]")
    group.add_argument("--version", action="store_true", help="version number")
    group.add_argument("-h", "--help", action="store_true", help="this help")
    return parser


def _add_instances(parser: Parser) -> None:
    group = parser.add_argument_group("instances: copies of COMMAND, each on its own cores")
    add = group.add_argument
    add("--instances", metavar="N", help=f"number of instances, or {AUTO}: one for each NUMA node")
    add(
        "--cores-per-instance",
        metavar="N",
        help="cores of each instance; without --instances, as many instances as fit",
    )
    add(
        "--per",
        choices=(NODE, L3),
        help=f"unit that an instance stays in, and that {AUTO} counts (default: {NODE})",
    )
    exclusive = group.add_mutually_exclusive_group()
    exclusive.add_argument("--latency", action="store_true", help="instances of 4 cores each")
    exclusive.add_argument("--throughput", action="store_true", help="one instance for each NUMA node")
    choices = ("stop", "continue", "restart")
    add("--on-failure", choices=choices, help="what to do when an instance fails (default: stop)")
    add("--grace", metavar="SECONDS", help="time between SIGTERM and SIGKILL (default: 10)")
    add("--log-dir", metavar="DIR", help="directory for the output, a file DIR/instance-N.log each")
    add("--prefix", action="store_true", help='"[N] " before each line of output (default on a terminal)')


def _add_image_steps(parser: Parser) -> None:
    add = parser.add_argument_group("steps of a Dockerfile").add_argument
    add(
        "--record-image-env",
        action="store_true",
        help="record of the variables that ENV has set, so that they do not count as the user's",
    )
    add(
        f"--{PREPARE}",
        action="store_true",
        help="record of ENV, compilation and entry without a shell; also with --install-shims",
    )
    add(
        f"--{INSTALL_SHIMS}",
        metavar="DIR",
        help="directory for links to mkl-launch, named after the commands that follow DIR",
    )


def _add_flag(group: argparse._ArgumentGroup, *names: str, help: str) -> None:  # noqa: A002  # argparse's word
    option, value = FLAGS[names[0]]
    group.add_argument(*names, dest=option, action="store_const", const=value, help=help)
