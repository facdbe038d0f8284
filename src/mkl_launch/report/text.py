"""A plan as text, as JSON, as lines for a shell or an env-file. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.messages import printable
from mkl_launch.core.names import APPLIED
from mkl_launch.core.record import Record
from mkl_launch.host.inventory import Machine
from mkl_launch.model.facts import Facts
from mkl_launch.model.program import Libraries, Program
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import Setting
from mkl_launch.report.process import Change, Process, Throttled
from mkl_launch.tables.variables import VARIABLES

SCHEMA = 1

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%")


class Report(Record):
    """The contents of a report. `instructions` is None in the short form."""

    machine: Machine
    facts: Facts
    levels: list[str]  # the content of each quota file
    plan: Plan
    process: Process | None = None  # the running process, with --pid
    changes: tuple[Change, ...] = ()  # settings that a new start of that process would change
    instances: tuple[frozenset[int], ...] = ()  # the CPUs of each; the plan is that of the first
    memory_problem: str | None = None  # why memory cannot be allocated from the plan's node first
    instructions: list[str] | None = None


def document(report: Report) -> dict[str, object]:
    """Return the JSON document that docs/json.md describes."""
    limits, made = report.facts.limits, report.plan
    share = made.budget
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
        },
        "budget": {
            "cpus": show(share.cpus),
            "logical": share.logical,
            "cores": share.cores,
            "quota_cpus": share.quota,
            "threads": share.threads,
            "workers": share.workers,
            "exclusive": share.exclusive,
            "rank": share.rank,
            "ranks": share.ranks if share.rank is not None else None,
            "why": list(share.reasons),
        },
        "settings": [vars(setting) for setting in made.settings],
        "mask": None if made.mask is None else show(made.mask),
        "memory_node": made.node,
        "program": _program(made.program),
        "command": list(made.command),
        "added_arguments": list(made.added_arguments),
        "arguments": [vars(argument) for argument in made.arguments],
        "instances": [show(cpus) for cpus in report.instances] or None,
        "process": _process(report),
        "warnings": list(made.warnings),
    }


def _process(report: Report) -> dict[str, object] | None:
    seen = report.process
    if not seen:
        return None
    return {
        "pid": seen.pid,
        "threads": seen.threads,
        "running": seen.running,
        "masks": [{"cpus": show(mask), "threads": number} for mask, number in seen.masks],
        "throttled": [vars(group) for group in seen.throttled],
        "environment_read": seen.environ is not None,
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
    """Return the report as text: what was detected, what is set, and each reason."""
    made = report.plan
    share = made.budget
    lines = [*_process_lines(report.process), f"machine   {_machine_line(report.machine)}"]
    lines += [f"machine   {' '.join(report.instructions)}"] if report.instructions else []
    lines += [f"limits    {line}" for line in _limit_lines(report)]
    lines.append(f"budget    {plural(share.threads, 'thread')}{_workers(share.workers)}")
    lines += [f"          - {why}" for why in share.reasons]
    lines += [f"instance  {number}: CPUs {show(cpus)}" for number, cpus in enumerate(report.instances)]
    if made.mask is not None:
        lines.append(f"mask      {show(made.mask)}")
    if made.node is not None:
        first = f"allocated from NUMA node {made.node} first"
        problem = report.memory_problem
        lines.append(f"memory    cannot be {first}: {problem}" if problem else f"memory    is {first}")
    if made.command:
        lines.append(f"command   {' '.join(map(quoted, made.command))}")
    lines += _library_lines(made.program.libraries)
    lines += ["settings", *_setting_lines(made)]
    if report.instructions is not None:
        lines += [f"  {other.name} not changed: {other.reason}" for other in made.not_applicable]
    lines += ["arguments", *_lines(made.arguments)] if made.arguments else []
    lines += [f"warning   {warning}" for warning in made.warnings]
    lines += _verdict(report)
    return "\n".join(map(printable, lines))


def _process_lines(seen: Process | None) -> list[str]:
    if not seen:
        return []
    threads = f"{plural(seen.threads, 'thread')}, {seen.running} of them running or waiting for a CPU"
    lines = [f"process   {seen.pid}: {threads}"]
    lines += [f"          - {plural(number, 'thread')} on CPUs {show(mask)}" for mask, number in seen.masks]
    return lines + [f"          - {_throttled(group)}" for group in seen.throttled]


def _throttled(group: Throttled) -> str:
    share = f"{group.throttled} of {group.periods} periods ({group.throttled / group.periods:.0%})"
    return f"throttled in {share}, for {group.seconds:.1f} s summed over its CPUs: {group.path}"


def _verdict(report: Report) -> list[str]:
    """Compare the settings that the process was started with and those that it would get now."""
    if not report.process:
        return []
    if report.process.environ is None:
        return ["verdict   unknown: no permission to read its environment; run this as its user or as root"]
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


def _limit_lines(report: Report) -> list[str]:
    facts, limits = report.facts, report.facts.limits
    lines = [
        f"cgroup {limits.version}, {limits.path}" if limits.version else "no control group limits the CPU"
    ]
    lines += report.levels
    lines.append("no CPU quota" if limits.quota is None else f"quota {plural(limits.quota, 'CPU')}")
    lines.append(f"affinity mask {show(facts.mask)}")
    if limits.cpuset is not None:
        lines.append(f"cpuset {show(limits.cpuset)}")
    size, problem = limits.memory.size, limits.memory.problem
    lines.append("no memory limit" if size is None else f"memory {size / 2**20:.0f} MiB")
    return lines + ([f"memory limit unknown: {problem}"] if problem else [])


def _library_lines(libraries: Libraries | None) -> list[str]:
    if not libraries:
        return []
    carried = [f"{name} {version}" for name, version in libraries.distributions]
    carried.append(f"OpenMP: {', '.join(sorted(libraries.runtimes)) or 'none found'}")
    return [f"python    {libraries.python}", f"          - {', '.join(carried)}"]


def _workers(workers: int) -> str:
    return f" in each of {workers} workers" if workers > 1 else ""


def _setting_lines(made: Plan) -> list[str]:
    """Return a line for each setting and one for the programs that read it."""
    rows = {row.name: row for row in VARIABLES}
    own = made.program.row
    found = []
    for setting, line in zip(made.settings, _lines(made.settings)):
        strange = own.reads_directly is not None and setting.name not in own.reads_directly
        found.append(line)
        found.append(
            f"      read by {rows[setting.name].readers}"
            + (f", not by {own.name} itself" if strange else "")
        )
    return found


def _lines(made: tuple[Setting, ...]) -> list[str]:
    texts = [s.name + (" unset" if s.value is None else f"={s.value}") for s in made]
    width = max(map(len, texts), default=0)
    return [f"  {text:<{width}}  {s.origin}: {s.reason}" for text, s in zip(texts, made)]


def assignments(made: Plan, kind: str) -> str:
    """Return the settings to paste into a shell, an env-file, a pod spec or an ECS task."""
    values = {setting.name: setting.value for setting in made.settings if setting.value is not None}
    if kind == "docker":
        return "\n".join(f"{name}={value}" for name, value in values.items() if value.isprintable())
    if kind == "sh":
        lines = [_exported(name, value) for name, value in values.items()]
        lines += [f"unset {setting.name}" for setting in made.settings if setting.value is None]
        # With the note a launcher that is started later in that shell knows these values for its own.
        return "\n".join([*lines, _exported(APPLIED, made.environ[APPLIED])])
    if kind == "ecs":  # ContainerDefinition.environment: a number as a value is refused
        return as_json([{"name": name, "value": value} for name, value in values.items()])
    # A JSON string is a YAML string; "$(NAME)" would be replaced (Container.env in the Kubernetes API).
    lines = [
        f"  - name: {name}\n    value: {as_json(value.replace('$(', '$$('))}"
        for name, value in values.items()
    ]
    return "\n".join(["env:", *lines])


def unprintable(made: Plan, kind: str) -> tuple[str, ...]:
    """Return the names of the settings that this form cannot hold.

    An env-file has one line for each, without quotes, and has to be UTF-8: docker-run(1), --env-file.
    """
    odd = (setting.name for setting in made.settings if not (setting.value or "").isprintable())
    return tuple(odd) if kind == "docker" else ()


def as_json(value: object) -> str:
    """Return JSON in ASCII, in which every control character is spelled out."""
    import json

    return json.dumps(value, indent=2)


def _exported(name: str, value: str) -> str:
    """Return a line for a shell that exports a variable, without the control characters of the value."""
    if value.isprintable():
        return f"export {name}={quoted(value)}"
    # A substitution takes newlines from the end, hence the last character, which is removed again.
    data = "".join(f"\\0{byte:03o}" for byte in value.encode("utf-8", "surrogateescape"))
    return f"export {name}; {name}=$(printf %b '{data}_'); {name}=${{{name}%_}}"


def quoted(text: str) -> str:
    """Return `text` as one word of a POSIX shell, as shlex.quote does with an import of `re`."""
    if text and all(character in _PLAIN for character in text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
