"""The findings of the doctor as the document of `--doctor --json`, which docs/doctor.md describes. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.report.doctor.diagnosis import Diagnosis, Findings, Throttling
from mkl_launch.report.doctor.observations import Planned

SCHEMA = 1


def document(findings: Findings) -> dict[str, object]:
    """Return the document."""
    return {
        "schema": SCHEMA,
        "sample_seconds": findings.seconds,
        "processes": findings.processes,
        "containers": [_container(diagnosis) for diagnosis in findings.containers],
        "failures": list(findings.failures),
    }


def _container(diagnosis: Diagnosis) -> dict[str, object]:
    identity, details, limits = diagnosis.identity, diagnosis.details, diagnosis.details.limits
    return {
        "id": identity.id,
        "runtime": identity.runtime,
        "pod": identity.pod or None,
        "cgroup": diagnosis.group or None,
        "pid": int(details.pid or 0) or None,
        "command": list(details.command),
        "verdict": diagnosis.verdict,
        "advice": diagnosis.advice or None,
        "quota_known": details.quota_known,
        "quota_cpus": limits.quota,
        "quota_source": limits.quota_source,
        "cpuset": None if limits.cpuset is None else show(limits.cpuset),
        "mask": show(details.cpus) or None,
        "threads": diagnosis.threads,
        "busy_threads": diagnosis.busy,
        "used_cpus": diagnosis.used_cpus,
        "throttled": _throttled(diagnosis.throttling),
        "would_set": _planned(details.planned),
        "failures": list(diagnosis.failures),
    }


def _throttled(throttling: Throttling | None) -> dict[str, object] | None:
    if throttling is None:
        return None
    return {
        "share": throttling.share,
        "periods": throttling.periods,
        "throttled": throttling.throttled,
        "seconds": throttling.seconds,
        "cgroup_directory": throttling.directory,
    }


def _planned(planned: Planned) -> dict[str, object]:
    return {
        "threads": planned.threads,
        "processes": planned.processes,
        "kept": planned.kept,
        "program": planned.program or None,
        "launched": planned.launched,
        "problem": planned.problem,
    }
