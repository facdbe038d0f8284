"""The findings of the doctor as OpenMetrics text, for the textfile collector of a node exporter. Pure.

All metrics are gauges: the collector reads the older text format of Prometheus, in which counters are named
otherwise and the type "info" is an error. A value that is not known, or a limit that does not exist, has no
line. Source: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
"""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.messages import printable
from mkl_launch.core.record import Record
from mkl_launch.report.doctor.diagnosis import VERDICTS, Diagnosis, Findings

PREFIX = "mkl_launch_container"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Metric(Record):
    """A gauge of each container. The unit is also the last part of its name; "" if it has none."""

    name: str
    unit: str
    help: str
    value: Callable[[Diagnosis], float | None]


def _share(diagnosis: Diagnosis) -> float | None:
    return diagnosis.throttling.share if diagnosis.throttling else None


def _lost(diagnosis: Diagnosis) -> float | None:
    return diagnosis.throttling.seconds if diagnosis.throttling else None


METRICS = (
    Metric("throttled_ratio", "ratio", "Share of the periods in which a quota was used up.", _share),
    Metric("throttled_seconds", "seconds", "Time that its CPUs waited for the quota, summed.", _lost),
    Metric(
        "limit_cpus", "cpus", "Smallest quota; absent if not limited.", lambda d: d.details.limits.quota
    ),
    Metric("mask_cpus", "cpus", "CPUs that its threads may run on.", lambda d: len(d.details.cpus) or None),
    Metric("used_cpus", "cpus", "CPU time that it used, in CPUs.", lambda d: d.used_cpus),
    Metric("threads", "threads", "Threads that exist.", lambda d: d.threads),
    Metric("busy_threads", "threads", "Threads whose CPU time grew.", lambda d: d.busy),
    Metric(
        "planned_threads",
        "threads",
        "Threads that mkl-launch would set, in all processes.",
        lambda d: d.details.planned.total,
    ),
    Metric("unread_files", "files", "Files that could not be read.", lambda d: len(d.failures)),
)


def openmetrics(findings: Findings) -> str:
    """Return the text, which ends with "# EOF"."""
    lines = list(_family("mkl_launch_doctor_sample_seconds", "seconds", "Length of the sample."))
    lines.append(f"mkl_launch_doctor_sample_seconds {_number(findings.seconds)}")
    lines += _family("mkl_launch_doctor_unread_files", "files", "Files that could not be read.")
    lines.append(f"mkl_launch_doctor_unread_files {len(findings.failures)}")
    if findings.containers:
        lines += _family(f"{PREFIX}_labels", "", "What is known of the container; always 1.")
        lines += (f"{PREFIX}_labels{_labels(_description(each))} 1" for each in findings.containers)
        lines += _family(f"{PREFIX}_verdict", "", "1 for the verdict of the container, else 0.")
        lines += (line for each in findings.containers for line in _verdicts(each))
    for metric in METRICS:
        samples = [(each, metric.value(each)) for each in findings.containers]
        known = [(_labels({"id": each.identity.id}), value) for each, value in samples if value is not None]
        if known:
            name = f"{PREFIX}_{metric.name}"
            lines += _family(name, metric.unit, metric.help)
            lines += (f"{name}{labels} {_number(value)}" for labels, value in known)
    return "\n".join([*lines, "# EOF"])


def _family(name: str, unit: str, text: str) -> Iterable[str]:
    yield f"# TYPE {name} gauge"
    if unit:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {text}"


def _description(diagnosis: Diagnosis) -> dict[str, str]:
    identity, details = diagnosis.identity, diagnosis.details
    return {
        "id": identity.id,
        "runtime": identity.runtime,
        "pod": identity.pod,
        "cgroup": diagnosis.group,
        "cpus": show(details.cpus),
        "program": details.planned.program,
        # Not its arguments: a secret among them would be stored with the metrics.
        "command": "".join(details.command[:1]),
    }


def _verdicts(diagnosis: Diagnosis) -> Iterable[str]:
    for verdict in VERDICTS:
        labels = _labels({"id": diagnosis.identity.id, "verdict": verdict})
        yield f"{PREFIX}_verdict{labels} {int(verdict == diagnosis.verdict)}"


def _labels(values: dict[str, str]) -> str:
    """Return labels with escaped values; an empty label is the same as none, so it is left out."""
    pairs = (f'{name}="{escaped(value)}"' for name, value in values.items() if value)
    return "{" + ",".join(pairs) + "}"


def escaped(value: str) -> str:
    r"""Return the value of a label: a quotation mark, a backslash and a newline are \", \\ and \n."""
    lines = value.split("\n")  # other characters that are not printable are not valid in all parsers
    plain = (printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return "\\n".join(plain)


def _number(value: float) -> str:
    return f"{value:.6g}"
