"""`--doctor`: what every container of a machine may use, uses and loses, in two looks at the machine."""

from __future__ import annotations

import time

from mkl_launch.cli.options import LOG
from mkl_launch.core.errors import UsageError
from mkl_launch.core.messages import write_output
from mkl_launch.core.option_names import DOCTOR, JSON, OPENMETRICS
from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import root
from mkl_launch.model.request import Request
from mkl_launch.report.doctor.diagnosis import Findings, findings
from mkl_launch.report.doctor.document import document
from mkl_launch.report.doctor.groups import Hierarchy
from mkl_launch.report.doctor.observations import Container, Details
from mkl_launch.report.doctor.openmetrics import openmetrics
from mkl_launch.report.doctor.planned import planned, read_command, read_machine
from mkl_launch.report.doctor.sample import masks, take
from mkl_launch.report.doctor.table import table
from mkl_launch.report.document import as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.report.doctor.planned import Machine


def run(request: Request) -> int:
    """Print the findings and return the exit status. Raise UsageError for what only a launch can use."""
    options = [f"--{name}" for name, _ in request.given_options if name != LOG.name]
    if request.command or options:
        extra = " ".join((*options, *request.command))
        raise UsageError(f"--{DOCTOR}: {extra}: not accepted; it reports on all containers that are there")
    found = examine(root(request), request.sample_seconds)
    if request.format == JSON:
        return write_output(as_json(document(found)))
    return write_output(openmetrics(found) if request.format == OPENMETRICS else table(found))


def examine(
    files: Root,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Findings:
    """Take a sample, wait, take another one and return the findings."""
    hierarchy = Hierarchy(files)
    before = take(files, hierarchy, clock)
    sleep(seconds)
    after = take(files, hierarchy, clock)
    machine = read_machine(files)
    details = {name: _details(files, hierarchy, machine, each) for name, each in after.containers.items()}
    return findings(before, after, details)


def _details(files: Root, hierarchy: Hierarchy, machine: Machine, container: Container) -> Details:
    limits, quota_known = hierarchy.limits(container.place)
    expected = machine.online if limits.cpuset is None else limits.cpuset & machine.online
    details = Details(
        pid=container.main,
        command=read_command(files, container.main),
        limits=limits,
        quota_known=quota_known,
        cpus=masks(files, container, expected) & machine.online,
    )
    return changed(details, planned=planned(files, machine, details))
