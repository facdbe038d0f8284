"""`--instances`: their number, the request and environment of each, and the start of the supervisor."""

from __future__ import annotations

import os

from .apply import execute
from .cpulist import plural
from .detect import among_ranks
from .engines import INSTANCES
from .errors import LaunchError, UsageError
from .logs import LogDirectory
from .options import AUTO
from .plan import Plan
from .prepare import prepare, root
from .record import changed
from .request import Request
from .stderr import say
from .supervise import Policy, Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Launch = Callable[[Request, Mapping[str, str]], None]

LATENCY_CORES = 4  # as run_cpu has it
HERE = "{instance}"


def run(request: Request, environ: Mapping[str, str], launch: Launch) -> int:
    """Run the instances until all have ended; return the exit status. `launch` becomes one of them."""
    request = counted(request, environ)
    policy = Policy(request.on_failure, request.grace, _logs(request.log_dir), _prefixed(request))

    def start(number: int) -> None:
        """Start the command of an instance; without settings if the launcher itself fails."""
        its, variables = one(request, environ, number)
        try:
            launch(its, variables)
        except LaunchError:
            raise
        except Exception as error:  # noqa: BLE001
            say(f"the command starts without settings: {type(error).__name__}: {error}")
            execute(its.command, variables)

    return Supervisor(int(request.instances), policy, start).run()


def _logs(path: str) -> LogDirectory | None:
    """Open the directory of --log-dir; the instances start without it on a full or read-only disk."""
    if not path:
        return None
    try:
        return LogDirectory(path)
    except OSError as error:
        say(f"--log-dir {path}: {error.strerror}: the output goes to the launcher's own instead")
        return None


def one(request: Request, environ: Mapping[str, str], number: int) -> tuple[Request, dict[str, str]]:
    """Return the request and the environment of instance `number`."""
    command = tuple(word.replace(HERE, str(number)) for word in request.command)
    its = {INSTANCES.local_rank: str(number), INSTANCES.local_size[0]: str(request.instances)}
    return changed(request, command=command, started=True), {**environ, **its}


def counted(request: Request, environ: Mapping[str, str]) -> Request:
    """Return the request with the number of instances and, if requested, of the cores of each.

    Raises UsageError if there are fewer cores.
    """
    place = root(request)
    found, made = prepare(place, changed(request, instances="", report=request.report or "json"), environ)
    found = found if found.nodes else among_ranks(place, found, "")
    each = LATENCY_CORES if request.latency else request.cores_per_instance
    if request.instances not in ("", AUTO):
        number = int(request.instances)
    elif each:
        number = max(1, _room(made) // each)
    else:
        number = max(1, sum(1 for _, members in found.nodes if members & made.budget.cpus))
    if request.latency:
        each = min(each or 1, max(1, made.budget.cores // number))
    if each and number * each > made.budget.cores:
        cores = plural(number * each, "core")
        asked = f"--cores-per-instance {each}: {cores} for {plural(number, 'instance')}"
        raise UsageError(f"{asked}, there are {made.budget.cores}")
    return changed(request, instances=str(number), cores_per_instance=each)


def places(request: Request, environ: Mapping[str, str]) -> tuple[frozenset[int], ...]:
    """Return the CPUs of each instance, for a report."""
    everything = (one(request, environ, number) for number in range(int(request.instances)))
    return tuple(prepare(root(its), its, variables)[1].budget.cpus for its, variables in everything)


def _room(made: Plan) -> int:
    """Return the number of cores that can compute at the same time under the quota."""
    return made.budget.share(made.budget.cores)


def _prefixed(request: Request) -> bool:
    """Return True if output gets a prefix: on request, and on a terminal, to tell instances apart."""
    if request.log_dir:
        return False
    return request.prefix or os.isatty(1)
