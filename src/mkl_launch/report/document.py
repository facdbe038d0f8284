"""The contents of a report, and the document of `--json`. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.record import Record, as_dict
from mkl_launch.host.inventory import Machine
from mkl_launch.model.facts import CpuGroups, Facts
from mkl_launch.model.program import Program
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.report.limits import declared
from mkl_launch.report.process import Change, Process

SCHEMA = 1


class Report(Record):
    """The contents of a report. `instructions` is None unless --verbose is given.

    `packages` are (distribution, version) of all libraries in the program's Python that read a variable.
    """

    machine: Machine
    facts: Facts
    levels: list[str]  # path and content of each quota file
    plan: Plan
    request: Request = Request()
    process: Process | None = None  # the running process, with --pid
    changes: tuple[Change, ...] = ()  # settings that a new start of that process would change
    instances: tuple[frozenset[int], ...] = ()  # CPUs of each instance; the plan is that of the first
    memory_problem: str | None = None  # why memory cannot be allocated from the plan's node first
    instructions: list[str] | None = None
    packages: tuple[tuple[str, str], ...] = ()
    caches: CpuGroups = ()  # the CPUs of the machine by level-3 cache; only for a picture


def document(report: Report) -> dict[str, object]:
    """Return the document of `--json`, which docs/json.md describes."""
    limits, plan = report.facts.limits, report.plan
    budget = plan.budget
    return {
        "schema": SCHEMA,
        "machine": _machine(report.machine),
        "limits": {
            "cgroup": limits.version,
            "cgroup_path": limits.path,
            "quota_cpus": limits.quota,
            "quota_source": limits.quota_source,
            "mask": show(report.facts.mask),
            "cpuset": None if limits.cpuset is None else show(limits.cpuset),
            "memory_bytes": limits.memory.size,
            "declared": declared(report.facts),
        },
        "budget": {
            "cpus": show(budget.cpus),
            "logical": budget.logical,
            "cores": budget.cores,
            "quota_cpus": budget.quota,
            "threads": budget.threads,
            "workers": budget.workers,
            "exclusive": budget.exclusive,
            "rank": budget.rank,
            "ranks": budget.ranks if budget.rank is not None else None,
            "why": list(budget.reasons),
        },
        "settings": [as_dict(setting) for setting in plan.settings],
        "mask": None if plan.mask is None else show(plan.mask),
        "memory_node": plan.node,
        "program": _program(plan.program),
        "command": list(plan.command),
        "added_arguments": list(plan.added_arguments),
        "arguments": [as_dict(argument) for argument in plan.arguments],
        "instances": [show(cpus) for cpus in report.instances] or None,
        "process": _process(report),
        "warnings": list(plan.warnings),
    }


def _process(report: Report) -> dict[str, object] | None:
    process = report.process
    if not process:
        return None
    return {
        "pid": process.pid,
        "threads": process.threads,
        "running": process.running,
        "masks": [{"cpus": show(mask), "threads": number} for mask, number in process.masks],
        "throttled": [as_dict(group) for group in process.throttled],
        "environment_read": process.environ is not None,
        "changes": [as_dict(change) for change in report.changes],
    }


def _program(program: Program) -> dict[str, object]:
    libraries = program.libraries
    return {
        "name": program.row.name or None,
        "profile": program.row.profile,
        "words": list(program.argv),
        "interpreter": libraries.python if libraries else None,
        "distributions": dict(libraries.distributions) if libraries else {},
        "openmp": sorted(libraries.runtimes) if libraries else [],
    }


def _machine(machine: Machine) -> dict[str, object]:
    return {
        "arch": machine.arch,
        "vendor": machine.vendor,
        "model_name": machine.model_name,
        "online": show(machine.online),
        "offline": show(machine.offline),
        "logical": len(machine.online) or None,
        "cores": len(machine.core_groups) or None,
        "sockets": len(machine.socket_groups) or None,
        "threads_per_core": machine.threads_per_core,
        "core_groups": [show(group) for group in machine.core_groups],
        "socket_groups": [show(group) for group in machine.socket_groups],
        "numa_nodes": [{"id": number, "cpus": show(cpus)} for number, cpus in machine.numa_nodes],
        "core_kinds": [{"name": name, "cpus": show(cpus)} for name, cpus in machine.core_kinds],
    }


def as_json(value: object) -> str:
    """Return JSON in ASCII, with control characters escaped."""
    import json

    return json.dumps(value, indent=2)
