"""The text of `--explain`: the decision, what is executed, the settings that the program reads. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.messages import printable
from mkl_launch.core.option_names import OFF, SWITCH
from mkl_launch.core.record import Record
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import COMPUTED, Setting
from mkl_launch.report.document import Report
from mkl_launch.report.full import machine_line
from mkl_launch.report.headline import overview
from mkl_launch.report.limits import limit_summary
from mkl_launch.report.print_env import quoted
from mkl_launch.report.verdict import process_lines, value_of
from mkl_launch.tables.readers import EVERY_PROGRAM, READERS, TITLES, Reader
from mkl_launch.tables.variables import OMP_NUM_THREADS, VARIABLES

ALSO = 2  # settings that are named of those that others read
SHOWN_INSTANCES = 4
SHOWN_CHANGES = 5
SHOWN_PACKAGES = 8
ORIGINS = {
    "user": " (yours)",
    "image": " (the image's)",
    "scheduler": " (the scheduler's)",
    "profile": " (of a profile)",
}
LAST = f"Every value and reason? --explain=all   Wrong? --cpus N   Off? {SWITCH}={OFF[0]}"


class Group(Record):
    """The settings of one reader."""

    reader: str
    settings: tuple[Setting, ...]


def summary(report: Report) -> str:
    """Return the text of `--explain`."""
    plan = report.plan
    lines = [*process_lines(report, SHOWN_CHANGES), *overview(report.facts, report.request, plan), ""]
    if plan.command:
        lines.append(f"runs      {' '.join(map(quoted, plan.command))}")
    lines += _instance_lines(report)
    if plan.mask is not None:
        lines.append(f"mask      {show(plan.mask)}")
    if plan.node is not None:
        problem = f", which is refused: {report.memory_problem}" if report.memory_problem else ""
        lines.append(f"memory    from NUMA node {plan.node} first{problem}")
    groups = _groups(report)
    lines += [*_python_lines(report), *_reads_lines(report, groups), *_also_lines(report, groups)]
    lines += [f"!         {warning}" for warning in plan.warnings]
    lines += ["", f"machine   {machine_line(report.machine)}", f"limits    {limit_summary(report.facts)}"]
    lines.append(f"more      {LAST}")
    return "\n".join(map(printable, lines))


def _instance_lines(report: Report) -> list[str]:
    cpus = [show(mask) for mask in report.instances]
    count = SHOWN_INSTANCES if len(cpus) > SHOWN_INSTANCES + 1 else len(cpus)
    lines = [f"instance  {number}: CPUs {cpus[number]}" for number in range(count)]
    return [*lines, f"          and {len(cpus) - count} more"] if count < len(cpus) else lines


def _python_lines(report: Report) -> list[str]:
    """Return the program's Python, its libraries by name, and its OpenMP runtimes."""
    libraries = report.plan.program.libraries
    if not libraries:
        return []
    versions = {**dict(libraries.distributions), **dict(report.packages)}
    names = [f"{TITLES.get(name, name)} {version}" for name, version in sorted(versions.items())]
    if len(names) > SHOWN_PACKAGES + 1:
        names[SHOWN_PACKAGES:] = [f"{len(names) - SHOWN_PACKAGES} more"]
    assumed = ", the first on PATH" if libraries.is_assumed else ""
    contents = ", ".join(names) or "no library that computes"
    runtimes = ", ".join(sorted(libraries.runtimes)) or "none found"
    return [f"python    {libraries.python}{assumed}: {contents}; OpenMP: {runtimes}"]


def _groups(report: Report) -> list[Group]:
    """Return the settings that the program reads, each once, grouped by their reader."""
    left = {setting.name: setting for setting in report.plan.settings if _is_shown(setting)}
    groups = []
    for name, variables in _readers(report):
        settings = tuple(left.pop(variable) for variable in variables if variable in left)
        if settings:
            groups.append(Group(name, settings))
    return groups


def _is_shown(setting: Setting) -> bool:
    """Return whether a setting is shown: it has a value, or the user or a special case leaves it unset."""
    return setting.value is not None or setting.origin != COMPUTED or setting.name == OMP_NUM_THREADS


def _readers(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    """Return (reader, variables) of the program itself and of its libraries."""
    program = report.plan.program
    name = program.row.name or (program.argv or ("",))[0].rpartition("/")[2]
    own = program.row.reads_directly
    special = tuple(row.name for row in VARIABLES if program.row.name in row.commands)
    readers = [(name, (*special, *(own or ())))]
    if program.libraries and own is None:
        readers += [(reader.name, reader.variables) for reader in READERS if _has(report, reader)]
    if program.argv:
        readers.append(("every program", EVERY_PROGRAM))
    return readers


def _has(report: Report, reader: Reader) -> bool:
    """Return whether the program's Python has a library."""
    libraries = report.plan.program.libraries
    packages = {name for name, _ in (*report.packages, *(libraries.distributions if libraries else ()))}
    runtimes = libraries.runtimes if libraries else frozenset()
    return bool(packages.intersection(reader.distributions) or runtimes.intersection(reader.runtimes))


def _reads_lines(report: Report, groups: list[Group]) -> list[str]:
    """Return a line for each reader."""
    program = report.plan.program
    if not groups:
        if not program.argv:
            return []
        name = program.argv[0].rpartition("/")[2]
        if program.libraries or program.row.reads_directly is not None:
            return [f"reads     none of these variables by {name} itself"]
        if program.interpreter:
            return [f"reads     not known: {program.interpreter} was not found"]
        if program.row.name:
            return [f"reads     not known: no Python was found for {name}"]
        return [f"reads     not known: {name} is no known program and no Python"]
    width = max(len(group.reader) for group in groups)
    lines = [
        f"{group.reader:<{width}}  {'  '.join(_shown(report, setting) for setting in group.settings)}"
        for group in groups
    ]
    return [f"{'' if number else 'reads':<10}{line}" for number, line in enumerate(lines)]


def _shown(report: Report, setting: Setting) -> str:
    """Return a setting with its origin, and with the value of the running process if that differs."""
    has = next((change.was for change in report.changes if change.name == setting.name), setting.value)
    differs = "" if has == setting.value else f" (has {value_of(has)})"
    if setting.value is None:
        reason = f": {setting.reason}" if setting.origin == COMPUTED else ""
        return f"{setting.name} unset{ORIGINS.get(setting.origin, '')}{differs}{reason}"
    return f"{setting.name}={quoted(setting.value)}{ORIGINS.get(setting.origin, '')}{differs}"


def _also_lines(report: Report, groups: list[Group]) -> list[str]:
    """Return a line with the settings that only other programs read."""
    shown = {setting.name for group in groups for setting in group.settings}
    rest = [setting for setting in report.plan.settings if _is_shown(setting) and setting.name not in shown]
    order = [name for reader in READERS for name in reader.variables] + [row.name for row in VARIABLES]
    rest.sort(key=lambda setting: (setting.origin == COMPUTED, order.index(setting.name)))
    if not rest:
        return []
    users = sum(setting.origin != COMPUTED for setting in rest)
    count = max(ALSO, users)
    names = "  ".join(_shown(report, setting) for setting in rest[:count])
    more = f"  and {len(rest) - count} more" if len(rest) > count else ""
    return [f"also      {names}{more}, for {_others(report.plan)}"]


def _others(plan: Plan) -> str:
    """Return who would read the other settings."""
    program = plan.program
    if not program.argv:
        return "a command that reads them"
    known = program.row.name or program.libraries
    return "its child processes and libraries that were not found" if known else "whatever reads them"
