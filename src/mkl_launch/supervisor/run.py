"""A run with `--instances`: several copies of the command under a supervisor."""

from __future__ import annotations

import os

from mkl_launch.core.errors import LaunchError
from mkl_launch.core.messages import say
from mkl_launch.launch.apply import execute
from mkl_launch.launch.instances import instance_count, instance_request, resolve_count
from mkl_launch.model.request import Request
from mkl_launch.supervisor.instance import Policy
from mkl_launch.supervisor.logs import LogDirectory
from mkl_launch.supervisor.supervisor import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Launch = Callable[[Request, Mapping[str, str]], None]


def run(request: Request, environ: Mapping[str, str], launch: Launch) -> int:
    """Run the instances until all have ended; return the exit status. `launch` execs an instance."""
    request = resolve_count(request, environ)
    policy = Policy(request.on_failure, request.grace, _logs(request.log_dir), _prefixed(request))

    def start(number: int) -> None:
        """Exec the command of an instance, without settings if the launcher itself fails."""
        instance, variables = instance_request(request, environ, number)
        try:
            launch(instance, variables)
        except LaunchError:
            raise
        except Exception as error:  # noqa: BLE001
            say(f"the command starts without settings: {type(error).__name__}: {error}")
            execute(instance.command, variables)

    return Supervisor(instance_count(request), policy, start).run()


def _logs(path: str) -> LogDirectory | None:
    """Open the directory of --log-dir; return None if that fails, on a full or read-only disk."""
    if not path:
        return None
    try:
        return LogDirectory(path)
    except OSError as error:
        say(f"--log-dir {path}: {error.strerror}; the instances write to the launcher's own output")
        return None


def _prefixed(request: Request) -> bool:
    """Return True if output gets a prefix: with --prefix, and on a terminal."""
    if request.log_dir:
        return False
    return request.prefix or os.isatty(1)
