"""Whether the settings of a running process fit its limits, for `--check` and `--explain --pid`. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.option_names import ALL, APPLIED, EXPLAIN, OFF, PID, SWITCH
from mkl_launch.core.record import Record
from mkl_launch.policy.summary import threads_of
from mkl_launch.report.document import Report
from mkl_launch.report.process import Process, Throttled
from mkl_launch.tables.variables import OMP_NUM_THREADS

# Exit statuses of --check. 2 is a wrong command line, as everywhere.
FITS, DOES_NOT_FIT, CANNOT_TELL = 0, 1, 3
WORDS = {FITS: "fits", DOES_NOT_FIT: "does not fit", CANNOT_TELL: "cannot tell"}


class Verdict(Record):
    """The exit status of --check, and its line."""

    status: int
    line: str


def verdict(report: Report) -> Verdict:
    """Return whether a start now would set what the process of the report has."""
    process = report.process
    if not process:
        return give(CANNOT_TELL, "no process is given")
    who = _who(process)
    if process.environ is None:
        return give(
            CANNOT_TELL, f"{who}: no permission to read its environment; repeat this as its user or root"
        )
    if report.request.off:  # no reason for a probe to end the container
        return Verdict(FITS, f"off: {who} has {SWITCH}={OFF[0]}, so a start now would change nothing")
    if report.facts.failures:
        return give(CANNOT_TELL, f"{who}: {report.facts.failures[0]}")
    return _compared(report, process, who)


def _compared(report: Report, process: Process, who: str) -> Verdict:
    """Return whether the settings of a process that could be read are those of a start now."""
    if report.changes and process.foreign:
        different = plural(len(report.changes), "setting")
        return give(
            CANNOT_TELL,
            f"{who}: {different} may differ, but files of another user or container are not read;"
            " repeat this as its user",
        )
    if report.changes:
        first = next(
            (change for change in report.changes if change.name == OMP_NUM_THREADS), report.changes[0]
        )
        others = len(report.changes) - 1
        was, now = (value_of(value) for value in (first.was, first.now))
        more = f", and {plural(others, 'more setting')} would change" if others else ""
        launched = "" if APPLIED in (process.environ or {}) else " was not started by mkl-launch"
        return give(DOES_NOT_FIT, f"{who}{launched}: {first.name} is {was} and would be {now}{more}")
    workers = report.plan.budget.workers
    each = f" in each of {workers} processes" if workers > 1 else ""
    return give(FITS, f"{who}: a start now would set the same, {threads_of(report.plan)}{each}")


def give(status: int, reason: str) -> Verdict:
    """Return a verdict with its line."""
    return Verdict(status, f"{WORDS[status]}: {reason}")


def value_of(value: str | None) -> str:
    """Return a value, or "unset"."""
    return "unset" if value is None else value


def _who(process: Process) -> str:
    """Return a process by its ID and the name of its program."""
    name = (process.command or ("",))[0].rpartition("/")[2]
    return f"process {process.pid} ({name})" if name else f"process {process.pid}"


def process_lines(report: Report, most: int | None = None) -> list[str]:
    """Return the verdict, the settings that a new start would change (`most` of them), and the threads."""
    process = report.process
    if not process:
        return []
    threads = f"{plural(process.threads, 'thread')}, {process.running} of them running or waiting for a CPU"
    lines = [f"verdict   {verdict(report).line}"]
    for change in report.changes[:most]:
        has = f"(has {value_of(change.was)})"
        lines.append(f"          - {change.name}: {value_of(change.now)} {has}: {change.reason}")
    hidden = len(report.changes[most:]) if most is not None else 0
    if hidden:
        lines.append(f"          - {hidden} more: --{EXPLAIN}={ALL} --{PID} {process.pid}")
    lines.append(f"process   {process.pid}: {threads}; {report.plan.budget.threads} planned for each pool")
    lines += [
        f"          - {plural(number, 'thread')} on CPUs {show(mask)}" for mask, number in process.masks
    ]
    return lines + [f"          - {_throttled(group)}" for group in process.throttled]


def _throttled(group: Throttled) -> str:
    periods = f"{group.throttled} of {group.periods} periods ({group.throttled / group.periods:.0%})"
    return f"throttled in {periods}, for {group.seconds:.1f} s summed over its CPUs: {group.path}"
