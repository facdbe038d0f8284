"""The findings of the doctor as a table for a terminal. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.messages import printable
from mkl_launch.report.doctor.diagnosis import VERDICTS, Diagnosis, Findings

HEADINGS = (
    "CONTAINER",
    "VERDICT",
    "LIMIT",
    "CPUS",
    "BUSY",
    "THREADS",
    "THROTTLED",
    "USES",
    "WOULD SET",
    "COMMAND",
)
LEFT = ("CONTAINER", "VERDICT", "CPUS", "COMMAND")  # the other columns are aligned on the right
ID_DIGITS = 12  # as docker and podman show an ID
CPUS_WIDTH, COMMAND_WIDTH = 16, 60
UNREAD = "?"
MAX_FAILURES = 5
NOBODY = (
    "no container is visible among {}. Run this on the host, as root, or in a container with"
    " --pid=host --privileged --cgroupns=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro"
)


def table(findings: Findings) -> str:
    """Return the table, with a line of advice below each container that needs it, and a legend."""
    failures = _failures(findings.failures)
    if not findings.containers:
        processes = f"{findings.processes} processes"
        return "\n".join(map(printable, [NOBODY.format(processes), *failures]))
    rows = [HEADINGS, *map(_row, findings.containers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_aligned(HEADINGS, widths)]
    for row, diagnosis in zip(rows[1:], findings.containers):
        lines.append(_aligned(row, widths))
        lines += [f"{'':<{widths[0]}}  {diagnosis.advice}"] if diagnosis.advice else []
    lines += ["", *_legend(findings), *failures]
    return "\n".join(map(printable, lines))


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    cells = (
        f"{cell:<{width}}" if heading in LEFT else f"{cell:>{width}}"
        for cell, width, heading in zip(row, widths, HEADINGS)
    )
    return "  ".join(cells).rstrip()


def _row(diagnosis: Diagnosis) -> tuple[str, ...]:
    details = diagnosis.details
    return (
        diagnosis.identity.id[:ID_DIGITS],
        diagnosis.verdict,
        limit(diagnosis),
        _cpus(details.cpus),
        UNREAD if diagnosis.busy is None else str(diagnosis.busy),
        str(diagnosis.threads),
        _throttled(diagnosis),
        UNREAD if diagnosis.used_cpus is None else f"{diagnosis.used_cpus:.2f}",
        _would_set(diagnosis),
        _cut(" ".join(details.command) or UNREAD, COMMAND_WIDTH),
    )


def limit(diagnosis: Diagnosis) -> str:
    """Return the quota in CPUs, "none", or that it is not known."""
    quota = diagnosis.details.limits.quota
    if quota is None:
        return "none" if diagnosis.details.quota_known else UNREAD
    return f"{quota:g}"


def _cpus(cpus: frozenset[int]) -> str:
    return _cut(f"{len(cpus)} ({show(cpus)})", CPUS_WIDTH) if cpus else UNREAD


def _throttled(diagnosis: Diagnosis) -> str:
    throttling = diagnosis.throttling
    if throttling is None:
        unlimited = diagnosis.details.quota_known and diagnosis.details.limits.quota is None
        return "-" if unlimited else UNREAD
    return f"{throttling.share:.0%}"


def _would_set(diagnosis: Diagnosis) -> str:
    planned = diagnosis.details.planned
    if planned.threads is None:
        return UNREAD
    if planned.kept is not None:
        return f"keeps {planned.kept}" if planned.kept else "keeps it unset"
    return f"{planned.processes} x {planned.threads}" if planned.processes > 1 else f"{planned.threads}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _legend(findings: Findings) -> list[str]:
    number = len(findings.containers)
    verdicts = {diagnosis.verdict for diagnosis in findings.containers}
    return [
        f"{plural(number, 'container')}, {findings.seconds:.1f} s. BUSY: threads whose CPU time grew.",
        "THROTTLED: share of the periods in which the quota was used up.",
        "LIMIT, USES: CPUs. WOULD SET: threads. -: not limited. ?: could not be read.",
        *(f"{verdict}: {meaning}" for verdict, meaning in VERDICTS.items() if verdict in verdicts),
    ]


def _failures(failures: tuple[str, ...]) -> list[str]:
    lines = [f"could not read {failure}" for failure in failures[:MAX_FAILURES]]
    more = len(failures) - MAX_FAILURES
    return lines + ([f"could not read {more} more files"] if more > 0 else [])
