"""The text of `--explain=all`: limits, decision, every setting with origin, reason and readers. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural, show
from mkl_launch.core.messages import printable
from mkl_launch.host.inventory import Machine
from mkl_launch.model.program import Libraries
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import Setting, not_applicable
from mkl_launch.report.document import Report
from mkl_launch.report.headline import overview
from mkl_launch.report.limits import limit_lines
from mkl_launch.report.print_env import quoted
from mkl_launch.report.verdict import process_lines
from mkl_launch.tables.variables import VARIABLES


def explanation(report: Report) -> str:
    """Return the text of `--explain=all`."""
    plan = report.plan
    budget = plan.budget
    lines = [*process_lines(report), *overview(report.facts, report.request, plan)]
    lines.append(f"machine   {machine_line(report.machine)}")
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
        lines += [
            f"  {other.name} not changed: {other.reason}" for other in not_applicable(plan.program.row.name)
        ]
    lines += ["arguments", *_lines(plan.arguments)] if plan.arguments else []
    lines += [f"warning   {warning}" for warning in plan.warnings]
    return "\n".join(map(printable, lines))


def machine_line(machine: Machine) -> str:
    """Return the processor and the numbers of CPUs, cores, sockets and NUMA nodes."""
    parts = [machine.model_name or machine.arch or "unknown processor"]
    counts = (len(machine.online), len(machine.core_groups), len(machine.socket_groups))
    named = zip(counts, ("CPU", "core", "socket"))
    parts += [plural(number, noun) if number else f"unknown number of {noun}s" for number, noun in named]
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
