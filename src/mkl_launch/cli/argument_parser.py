"""The command line as argparse knows it: for reports, for help and for mistakes.

argparse costs more than all the rest of the launcher, so a launch does not import this.
"""

from __future__ import annotations

import argparse
import os

from mkl_launch.cli.options import BY_NAME, EPILOG, FLAGS, LOG, OPTIONS, STRICT
from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.names import (
    AUTO,
    EXPLAIN,
    INSTALL_SHIMS,
    JSON,
    PID,
    PREPARE,
    PRINT_ENV,
    PRINT_FORMATS,
    REPORTS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """One that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(message)


def parse(words: list[str]) -> tuple[dict[str, str], dict[str, object]]:
    """The texts of the options with a variable, and the fields of a Request that the others set."""
    parsed = vars(parser().parse_args(words))
    texts = {name: text for name, text in parsed.items() if name in BY_NAME and text is not None}
    asked = [name for name in REPORTS if parsed[name.replace("-", "_")] not in (None, False)]
    if len(asked) > 1 and asked != [PREPARE, INSTALL_SHIMS]:
        raise UsageError(f"--{asked[0]} and --{asked[1]}: only one of them at a time")
    fields: dict[str, object] = {"report": asked[0]} if asked else {}
    for name in ("sysroot", "machine", "install_shims", "print_env"):
        if parsed[name] == "":
            raise UsageError(f"--{name.replace('_', '-')} '': {ACCEPTED[name]}")
        if parsed[name] is not None:
            fields[name] = parsed[name]
    if parsed["pid"] is not None:
        fields["pid"] = _pid(parsed["pid"], asked)
    fields.update(_instances(parsed))
    for other in ("sysroot", "pid"):
        if parsed[other] and parsed["machine"]:
            raise UsageError(f"--machine and --{other}: only one of them at a time")
    return texts, fields


def _instances(parsed: dict[str, Any]) -> dict[str, object]:
    """The fields of a Request that are about instances; none where there are none."""
    given = {name: parsed[name] for name in INSTANCE_FIELDS if parsed[name] not in (None, False)}
    for one, other in ALTERNATIVES:
        if one in given and other in given:
            raise UsageError(f"--{_dashed(one)} and --{_dashed(other)}: only one of them at a time")
    count, each = given.get("instances"), given.get("cores_per_instance")
    if given and not given.keys() & {"instances", "cores_per_instance", "latency", "throughput"}:
        raise UsageError(f"--{_dashed(next(iter(given)))}: only with --instances")
    for name, text in (("instances", count), ("cores-per-instance", each)):
        if (
            text is not None
            and (name, text) != ("instances", AUTO)
            and not 0 < (positive(text) or 0) <= MAX_CPU
        ):
            accepted = "a whole number from 1" + (f" or {AUTO}" if name == "instances" else "")
            raise UsageError(f"--{name} {text}: not {accepted}")
    if given.get("log_dir") == "":
        raise UsageError("--log-dir '': not a directory")
    if given.pop("throughput", False) or (given and not count):
        given["instances"] = AUTO
    if each:
        given["cores_per_instance"] = int(each)
    if "grace" in given:
        given["grace"] = _seconds(given["grace"])
    return given


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_GRACE:
        raise UsageError(f"--grace {text}: not a number of seconds from 0 to {LONGEST_GRACE}")
    return seconds


def _pid(text: str, asked: list[str]) -> int:
    number = positive(text)
    if number is None:
        raise UsageError(f"--{PID} {text}: not the number of a process")
    if asked not in ([EXPLAIN], [JSON]):
        raise UsageError(f"--{PID} {text}: runs nothing; add --explain or --json")
    return number


ACCEPTED = {
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
LONGEST_GRACE = 86400
INSTANCE_FIELDS = (
    *("instances", "cores_per_instance", "latency", "throughput"),
    *("on_failure", "grace", "log_dir", "prefix"),
)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As wide as the terminal; by argparse itself it would take `shutil`, which python3-minimal lacks."""
    try:
        width = os.get_terminal_size(1).columns
    except OSError:
        width = 80
    return argparse.HelpFormatter(prog, width=width - 2)


def parser() -> Parser:
    """The options as argparse knows them; it checks their form, `Option.read` their values."""
    made = Parser(
        prog="mkl-launch",
        usage="mkl-launch [OPTIONS] [--] COMMAND [ARG...]",
        description="Set threads and affinity to the CPUs that this container really has, "
        "then exec COMMAND.",
        epilog=EPILOG,
        formatter_class=_formatter,
        allow_abbrev=False,
        add_help=False,
    )
    for option in OPTIONS:
        text = f"{option.help}; {option.accepted} [{option.variable}]"
        made.add_argument(f"--{option.name}", metavar=option.name.upper(), help=text)
    add = made.add_argument
    add("--explain", action="store_true", help="tell what was found and why; run nothing")
    add("--json", action="store_true", help="the same as JSON; run nothing")
    add(f"--{PRINT_ENV}", choices=PRINT_FORMATS, help="print the settings; run nothing")
    add("--sysroot", metavar="DIR", help="read /proc and /sys below DIR; run nothing")
    add(f"--{PID}", help="with --explain or --json: does the plan of a running process still fit?")
    add("--machine", help="for 2x18x2 (sockets, cores, threads) or c5.18xlarge (EC2); run nothing")
    add(
        "--record-image-env",
        action="store_true",
        help="in a Dockerfile: what ENV sets now is not the user's",
    )
    add(
        f"--{PREPARE}",
        action="store_true",
        help="in a Dockerfile, once: note ENV, compile, start without a shell; also with --install-shims",
    )
    add(
        f"--{INSTALL_SHIMS}",
        metavar="DIR",
        help="in a Dockerfile: put NAMEs, given behind DIR, into DIR, to be launched under these names",
    )
    _add_instances(made)
    _add_flag(made, "--strict", help=f"a failed detection is fatal [{STRICT.variable}=1]")
    _add_flag(made, "-q", "--quiet", help=f"say nothing [{LOG.variable}=quiet]")
    _add_flag(made, "-v", "--verbose", help=f"say everything [{LOG.variable}=debug]")
    add("--version", action="store_true", help="print the version")
    add("-h", "--help", action="store_true", help="print this")
    return made


def _add_instances(made: Parser) -> None:
    group = made.add_argument_group("instances: several of COMMAND, each on cores of its own")
    add = group.add_argument
    add("--instances", metavar="N", help=f"so many, or {AUTO}: one for each NUMA node")
    add("--cores-per-instance", metavar="N", help="so many cores for each; alone, as many as fit")
    kinds = group.add_mutually_exclusive_group().add_argument
    kinds("--latency", action="store_true", help="instances of 4 cores each")
    kinds("--throughput", action="store_true", help="an instance for each NUMA node")
    choices = ("stop", "continue", "restart")
    add("--on-failure", choices=choices, help="of one: end the others (stop), go on, or start it again")
    add("--grace", metavar="SECONDS", help="until those that were asked to end are killed (10)")
    add("--log-dir", metavar="DIR", help="output into DIR/instance-N.log")
    add("--prefix", action="store_true", help='each line of output after "[N] ", as on a terminal')


def _add_flag(made: Parser, *names: str, help: str) -> None:  # noqa: A002  # argparse's word
    option, value = FLAGS[names[0]]
    made.add_argument(*names, dest=option, action="store_const", const=value, help=help)
