"""Properties of every launch: a command line and an environment, on a machine in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkl_launch.cli.reader import read
from mkl_launch.core.cpulist import show
from mkl_launch.core.errors import DetectionError, UsageError
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import changed
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.inventory import machine
from mkl_launch.launch.instances import instance_count, instance_request, resolve_count
from mkl_launch.launch.pipeline import prepare
from mkl_launch.model.request import Request
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.plan import Plan
from mkl_launch.policy.settings import COMPUTED
from mkl_launch.policy.summary import summary_line
from mkl_launch.program import preload, probe  # noqa: F401  # instrumented when imported
from mkl_launch.report.document import Report, document
from mkl_launch.report.full import explanation
from mkl_launch.report.print_env import assignments
from mkl_launch.tables.variable_row import (
    ALL_CPUS,
    ARENAS,
    CPUS,
    INTER_OP,
    POOL,
    SESSIONS,
    THREADS,
    USERS_OWN,
)
from mkl_launch.tables.variables import VARIABLES

from .machines import Files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.facts import Facts

# Where 0 would be no threads, or as many as the library likes.
COUNTS = frozenset((ARENAS, CPUS, INTER_OP, POOL, SESSIONS, THREADS, USERS_OWN, ALL_CPUS))
QUANTITIES = {row.name: row.quantity for row in VARIABLES}


def launch(root: Files, words: list[str], environ: Mapping[str, str]) -> None:
    """Check the plan of a command line, and that an inner launcher plans the same."""
    try:
        request = asked(words, environ)
        plans = [(its, prepared(root, its, seen)) for its, seen in instances(request, environ)]
    except UsageError as error:
        assert str(error), "says nothing"  # noqa: PT017
        return
    for its, made in plans:
        if made and APPLIED not in environ:
            repeated(root, its, made)


def asked(words: list[str], environ: Mapping[str, str]) -> Request:
    """Return the request of a command line and variables, without a real machine or process."""
    note = read_note(environ)
    return changed(read(words, environ, note.texts), sysroot="", machine="", pid=0)


def instances(request: Request, environ: Mapping[str, str]) -> list[tuple[Request, Mapping[str, str]]]:
    """Return the first and the last instance; the launch itself if there are no instances."""
    if not request.instances:
        return [(request, environ)]
    request = changed(resolve_count(changed(request, machine="2x4x2"), environ), machine="")
    return [instance_request(request, environ, number) for number in {0, instance_count(request) - 1}]


def prepared(root: Files, request: Request, environ: Mapping[str, str]) -> Plan | None:
    """Return the plan and check what holds for every plan; None if --strict forbids it."""
    try:
        found, made = prepare(root, request, environ)
    except DetectionError:
        assert request.strict
        return None
    budget_holds(found, made)
    settings_hold(made)
    told(root, request, found, made)
    kept = {name: value for name, value in environ.items() if name not in QUANTITIES and name != APPLIED}
    assert kept.items() <= made.environ.items(), "the environment is not the user's"
    return made


def budget_holds(found: Facts, made: Plan) -> None:
    """Check that there is a thread, and not more threads than CPUs of the mask."""
    share = made.budget
    assert share.cpus, "no CPU"
    assert share.cpus <= found.mask, "a CPU outside of the mask"
    assert 1 <= share.threads <= share.cores <= len(found.mask), share
    assert made.mask is None or (made.mask and made.mask <= found.mask), made.mask
    assert share.quota is None or share.threads * share.workers <= max(share.workers, int(share.quota))
    assert 1 <= share.total_cpus <= len(found.mask), share


def settings_hold(made: Plan) -> None:
    """Check that computed counts are at least 1 and that the environment has the settings."""
    for setting in (*made.settings, *made.arguments):
        quantity = QUANTITIES.get(setting.name, THREADS)
        if setting.origin == COMPUTED and setting.value is not None and quantity in COUNTS:
            assert setting.value == str(int(setting.value)), setting
            assert int(setting.value) >= 1, setting
    for setting in made.settings:
        assert made.environ.get(setting.name) == setting.value, setting
        assert setting.value is None or "\0" not in setting.value, setting


def told(root: Files, request: Request, found: Facts, made: Plan) -> None:
    """Check that every form of a report can be made."""
    assert summary_line(made)
    if request.report:
        assert assignments(made, request.print_env)
        report = Report(machine(root), found, levels(root), made)
        assert document(report)
        assert explanation(report)


def repeated(root: Files, request: Request, made: Plan) -> None:
    """Check that an inner launcher plans the same."""
    inner = asked(["--", *request.command], made.environ)
    again = prepared(narrowed(root, made.mask), inner, made.environ)
    assert again, "--strict once, not twice"
    differ = [pair for pair in zip(again.settings, made.settings) if pair[0] != pair[1]]
    assert len(again.settings) == len(made.settings)
    assert not differ, differ[:2]
    assert again.mask in (None, made.mask), again.mask


def narrowed(root: Files, mask: frozenset[int] | None) -> Files:
    """Return the machine as a process with the mask of the plan sees it."""
    if mask is None:
        return root
    status = "/proc/self/status"
    parent = root.files.get(status, "").partition("\n")[0]
    return Files({**root.files, status: f"{parent}\nCpus_allowed_list:\t{show(mask)}\n"})
