"""What the launcher would set in a container, decided from outside of it."""

from __future__ import annotations

from mkl_launch.cli import reader as requests
from mkl_launch.core.errors import LaunchError
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import Record, changed
from mkl_launch.host import topology
from mkl_launch.host.declared import read_declared
from mkl_launch.host.detect import add_rank_facts
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import CpuGroups, Facts
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan, plan
from mkl_launch.policy.rank_detection import rank_variable
from mkl_launch.policy.settings import USER
from mkl_launch.program.recognise import recognise
from mkl_launch.report.doctor.observations import Details, Planned
from mkl_launch.report.process import parse_environ, without_names
from mkl_launch.tables.variables import OMP_NUM_THREADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Machine(Record):
    """The CPUs of the whole machine, read once for all containers."""

    online: frozenset[int]
    cores: CpuGroups
    sockets: CpuGroups
    isolated: frozenset[int]


def read_machine(root: Root) -> Machine:
    """Return the CPUs of the machine."""
    online = topology.online(root)
    cores = topology.cores(root, online) or tuple(frozenset((cpu,)) for cpu in sorted(online))
    isolated = topology.read_cpus(root, "/sys/devices/system/cpu/isolated")
    return Machine(online, cores, topology.sockets(root, online) or (online,), isolated)


def read_command(root: Root, pid: str) -> tuple[str, ...]:
    """Return the command line of a process; empty if it cannot be read."""
    text = root.read(f"/proc/{pid}/cmdline").text
    return tuple(text.removesuffix("\0").split("\0")) if text else ()


def planned(root: Root, machine: Machine, details: Details) -> Planned:
    """Return what a launch would decide for the first process of a container.

    No file that the container names is opened, so configuration files and scripts do not count.
    """
    if not details.cpus or not details.command:
        return Planned(problem="its CPUs or its command could not be read")
    reading = root.read(f"/proc/{details.pid}/environ")
    environ = without_names(parse_environ(reading.text))
    problem = f"{reading.path}: {reading.error}; its variables are not known" if reading.error else None
    try:
        decision = _decision(root, _facts(root, machine, details, environ), details, environ)
    except LaunchError as error:
        return Planned(problem=str(error))
    kept = (each.value or "" for each in decision.settings if each.name == OMP_NUM_THREADS)
    by_user = any(each.name == OMP_NUM_THREADS and each.origin == USER for each in decision.settings)
    return Planned(
        threads=decision.budget.threads,
        processes=decision.budget.workers,
        kept=next(kept) if by_user else None,
        program=decision.program.row.name,
        launched=None if problem else APPLIED in environ,
        problem=problem,
    )


def _decision(root: Root, facts: Facts, details: Details, environ: Mapping[str, str]) -> Plan:
    """Return the plan for the command, without the arguments that a launcher has added to it."""
    note = read_note(environ)
    variable = rank_variable(environ)
    if variable:
        facts = add_rank_facts(root, facts, variable, details.pid)
    at = recognise(details.command).insert_at or 0
    command = (*details.command[:at], *details.command[at + note.added :])
    request = requests.read(["--", *command], environ, note.texts)
    if request.cpus and not (request.cpus.mask or facts.mask) <= facts.mask:
        request = changed(request, cpus=None)
    return plan(facts, request, environ, recognise(command, environ))


def _facts(root: Root, machine: Machine, details: Details, environ: Mapping[str, str]) -> Facts:
    mask = details.cpus
    return Facts(
        online=machine.online,
        mask=mask,
        cores=tuple(core & mask for core in machine.cores if core & mask),
        sockets=tuple(socket & mask for socket in machine.sockets if socket & mask),
        limits=details.limits,
        isolated=machine.isolated & mask,
        declared=read_declared(root, environ, len(machine.online), []),
    )
