"""The formats of a report: text, JSON, and assignments for shells and containers. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.messages import printable
from mkl_launch.core.names import APPLIED
from mkl_launch.core.record import Record
from mkl_launch.host.inventory import Machine
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Libraries, Program
from mkl_launch.model.request import Request
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import Setting
from mkl_launch.report.headline import overview
from mkl_launch.report.limits import declared, limit_lines
from mkl_launch.report.process import Change, Process, Throttled
from mkl_launch.tables.variables import VARIABLES

SCHEMA = 1

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%")


class Report(Record):
    """The contents of a report. `instructions` is None unless --verbose is given."""

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
        "settings": [vars(setting) for setting in plan.settings],
        "mask": None if plan.mask is None else show(plan.mask),
        "memory_node": plan.node,
        "program": _program(plan.program),
        "command": list(plan.command),
        "added_arguments": list(plan.added_arguments),
        "arguments": [vars(argument) for argument in plan.arguments],
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
        "throttled": [vars(group) for group in process.throttled],
        "environment_read": process.environ is not None,
        "changes": [vars(change) for change in report.changes],
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
        "logical": len(machine.online),
        "cores": len(machine.core_groups) or None,
        "sockets": len(machine.socket_groups) or None,
        "threads_per_core": machine.threads_per_core,
        "core_groups": [show(group) for group in machine.core_groups],
        "socket_groups": [show(group) for group in machine.socket_groups],
        "numa_nodes": [{"id": number, "cpus": show(cpus)} for number, cpus in machine.numa_nodes],
        "core_kinds": [{"name": name, "cpus": show(cpus)} for name, cpus in machine.core_kinds],
    }


def explanation(report: Report) -> str:
    """Return the text of `--explain`: decision, limits and settings, with reasons."""
    plan = report.plan
    budget = plan.budget
    lines = overview(report.facts, report.request, plan)
    lines += [*_process_lines(report.process), f"machine   {_machine_line(report.machine)}"]
    lines += [f"machine   {' '.join(report.instructions)}"] if report.instructions else []
    lines += [f"limits    {line}" for line in limit_lines(report.facts, report.levels)]
    lines.append(f"budget    {plural(budget.threads, 'thread')}{_workers(budget.workers)}")
    lines += [f"          - {why}" for why in budget.reasons]
    lines += [f"instance  {number}: CPUs {show(cpus)}" for number, cpus in enumerate(report.instances)]
    if plan.mask is not None:
        lines.append(f"mask      {show(plan.mask)}")
    if plan.node is not None:
        first = f"allocated from NUMA node {plan.node} first"
        problem = report.memory_problem
        lines.append(f"memory    cannot be {first}: {problem}" if problem else f"memory    is {first}")
    if plan.command:
        lines.append(f"command   {' '.join(map(quoted, plan.command))}")
    lines += _library_lines(plan.program.libraries)
    lines += ["settings", *_setting_lines(plan)]
    if report.instructions is not None:
        lines += [f"  {other.name} not changed: {other.reason}" for other in plan.not_applicable]
    lines += ["arguments", *_lines(plan.arguments)] if plan.arguments else []
    lines += [f"warning   {warning}" for warning in plan.warnings]
    lines += _verdict(report)
    return "\n".join(map(printable, lines))


def _process_lines(process: Process | None) -> list[str]:
    if not process:
        return []
    threads = f"{plural(process.threads, 'thread')}, {process.running} of them running or waiting for a CPU"
    lines = [f"process   {process.pid}: {threads}"]
    lines += [
        f"          - {plural(number, 'thread')} on CPUs {show(mask)}" for mask, number in process.masks
    ]
    return lines + [f"          - {_throttled(group)}" for group in process.throttled]


def _throttled(group: Throttled) -> str:
    periods = f"{group.throttled} of {group.periods} periods ({group.throttled / group.periods:.0%})"
    return f"throttled in {periods}, for {group.seconds:.1f} s summed over its CPUs: {group.path}"


def _verdict(report: Report) -> list[str]:
    """Return the settings that a new start of the process would change."""
    if not report.process:
        return []
    if report.process.environ is None:
        return ["verdict   unknown: no permission to read its environment; repeat this as its user or root"]
    if not report.changes:
        return ["verdict   the settings of the process fit its limits"]
    lines = ["verdict   a new start of the process would set:"]
    for change in report.changes:
        was, now = ("unset" if value is None else value for value in (change.was, change.now))
        lines.append(f"          - {change.name}: {now} (has {was}): {change.reason}")
    return lines


def _machine_line(machine: Machine) -> str:
    parts = [
        machine.model_name or machine.arch or "unknown processor",
        plural(len(machine.online), "CPU"),
        plural(len(machine.core_groups), "core"),
        plural(len(machine.socket_groups), "socket"),
    ]
    if len(machine.numa_nodes) > 1:
        parts.append(plural(len(machine.numa_nodes), "NUMA node"))
    parts += [f"{name}: {show(cpus)}" for name, cpus in machine.core_kinds]
    return ", ".join(parts)


def _library_lines(libraries: Libraries | None) -> list[str]:
    if not libraries:
        return []
    carried = [f"{name} {version}" for name, version in libraries.distributions]
    carried.append(f"OpenMP: {', '.join(sorted(libraries.runtimes)) or 'none found'}")
    return [f"python    {libraries.python}", f"          - {', '.join(carried)}"]


def _workers(workers: int) -> str:
    return f" in each of {workers} workers" if workers > 1 else ""


def _setting_lines(plan: Plan) -> list[str]:
    """Return two lines for each setting: its value and reason, and the programs that read it."""
    rows = {row.name: row for row in VARIABLES}
    program = plan.program.row
    lines = []
    for setting, line in zip(plan.settings, _lines(plan.settings)):
        unread = program.reads_directly is not None and setting.name not in program.reads_directly
        lines.append(line)
        lines.append(
            f"      read by {rows[setting.name].readers}"
            + (f", not by {program.name} itself" if unread else "")
        )
    return lines


def _lines(settings: tuple[Setting, ...]) -> list[str]:
    texts = [
        setting.name + (" unset" if setting.value is None else f"={setting.value}") for setting in settings
    ]
    width = max(map(len, texts), default=0)
    return [
        f"  {text:<{width}}  {setting.origin}: {setting.reason}" for text, setting in zip(texts, settings)
    ]


def assignments(plan: Plan, kind: str) -> str:
    """Return the settings in the format of --print-env: a shell, an env-file, a pod spec or an ECS task."""
    values = {setting.name: setting.value for setting in plan.settings if setting.value is not None}
    if kind == "docker":
        return "\n".join(f"{name}={value}" for name, value in values.items() if value.isprintable())
    if kind == "sh":
        lines = [_exported(name, value) for name, value in values.items()]
        lines += [f"unset {setting.name}" for setting in plan.settings if setting.value is None]
        # With the note a launcher that is started later in that shell knows these values for its program.
        return "\n".join([*lines, _exported(APPLIED, plan.environ[APPLIED])])
    if kind == "ecs":  # ContainerDefinition.environment: a number as a value is refused
        return as_json([{"name": name, "value": value} for name, value in values.items()])
    # A JSON string is a YAML string; "$(NAME)" would be replaced (Container.env in the Kubernetes API).
    lines = [
        f"  - name: {name}\n    value: {as_json(value.replace('$(', '$$('))}"
        for name, value in values.items()
    ]
    return "\n".join(["env:", *lines])


def unprintable(plan: Plan, kind: str) -> tuple[str, ...]:
    """Return the names of the settings whose values this format cannot contain.

    An env-file has one UTF-8 line for each variable, without quotes: docker-run(1), --env-file.
    """
    odd = (setting.name for setting in plan.settings if not (setting.value or "").isprintable())
    return tuple(odd) if kind == "docker" else ()


def as_json(value: object) -> str:
    """Return JSON in ASCII, with control characters escaped."""
    import json

    return json.dumps(value, indent=2)


def _exported(name: str, value: str) -> str:
    """Return a shell command that exports a variable, with unprintable characters escaped."""
    if value.isprintable():
        return f"export {name}={quoted(value)}"
    # A command substitution strips trailing newlines, so a last character is added and removed again.
    data = "".join(f"\\0{byte:03o}" for byte in value.encode("utf-8", "surrogateescape"))
    return f"export {name}; {name}=$(printf %b '{data}_'); {name}=${{{name}%_}}"


def quoted(text: str) -> str:
    """Return a text as one word of a POSIX shell. shlex.quote does the same, but imports `re`."""
    if text and all(character in _PLAIN for character in text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
