"""The limits of the container in a report: what the kernel shows, and what others declare. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.option_names import CPU_LIMIT, CPU_REQUEST
from mkl_launch.model.facts import Facts


def limit_lines(facts: Facts, levels: list[str]) -> list[str]:
    """Return the lines of `--explain=all`. `levels` are the quota files with what they contain."""
    limits = facts.limits
    lines = [
        f"cgroup {limits.version}, {limits.path or 'group unknown'}"
        if limits.version
        else "no control group limits the CPU"
    ]
    lines += levels
    lines.append("no CPU quota" if limits.quota is None else f"quota {plural(limits.quota, 'CPU')}")
    lines += [f"{kind} of {plural(cpus, 'CPU')}: {source}" for kind, cpus, source in _declared(facts)]
    lines.append(f"affinity mask {show(facts.mask)}")
    if limits.cpuset is not None:
        lines.append(f"cpuset {show(limits.cpuset)}")
    size, problem = limits.memory.size, limits.memory.problem
    lines.append("no memory limit" if size is None else f"memory {size / 2**20:.0f} MiB")
    return lines + ([f"memory limit unknown: {problem}"] if problem else [])


def limit_summary(facts: Facts) -> str:
    """Return the limits in one line, each with its source."""
    limits = facts.limits
    if limits.quota is not None:
        quota = f"quota {plural(limits.quota, 'CPU')} from {limits.quota_source}"
    else:
        quota = "no CPU quota" if limits.version else "no control group limits the CPU"
    parts = [
        quota,
        *(f"{kind} {plural(cpus, 'CPU')} from {source}" for kind, cpus, source in _declared(facts)),
    ]
    parts.append(f"affinity mask {show(facts.mask)}")
    if limits.cpuset is not None and limits.cpuset != facts.mask:
        parts.append(f"cpuset {show(limits.cpuset)}")
    if limits.memory.size is not None:
        parts.append(f"memory {limits.memory.size / 2**20:.0f} MiB")
    if limits.memory.problem:
        parts.append(f"memory limit unknown: {limits.memory.problem}")
    return "; ".join(parts)


def declared(facts: Facts) -> list[dict[str, object]]:
    """Return the amounts that a pod, an ECS task and schedulers declare, as `--json` prints them."""
    return [{"kind": kind, "cpus": cpus, "source": source} for kind, cpus, source in _declared(facts)]


def _declared(facts: Facts) -> list[tuple[str, float, str]]:
    pod, grants = facts.declared, facts.declared.granted
    rows: list[tuple[str, float | None, str]] = [
        ("limit", pod.limit, CPU_LIMIT),
        ("request", pod.request, CPU_REQUEST),
        ("limit", pod.task, "the ECS task, by its metadata"),
        ("limit", pod.after_boost, f"{CPU_LIMIT}, after the startup boost"),
        *((row.grant.kind, row.cpus, f"{row.grant.scheduler}, by {row.variable}") for row in grants),
    ]
    return [(kind, cpus, source) for kind, cpus, source in rows if cpus is not None]
