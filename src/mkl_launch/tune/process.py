"""A process of a trial: started like a launch, measured, and ended with all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from mkl_launch.core.errors import LaunchError
from mkl_launch.core.messages import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TAIL = 1 << 20  # bytes of output that are searched
GRACE = 10.0  # seconds between SIGTERM and SIGKILL


class Process:
    """A child in a session of its own. Its output goes to a file in memory."""

    def __init__(self, start: Callable[[], object]) -> None:
        """Start it: `start` execs a command in the child."""
        self.output = os.memfd_create("output")
        self.status: int | None = None  # as of wait(2); None: it runs
        self.began = time.monotonic()
        self.seconds = 0.0  # from the start to the end
        self.pid = os.fork()
        if not self.pid:
            _become(start, self.output)

    def wait(self, limit: float) -> bool:
        """Wait for its end; return False if it still runs after `limit` seconds."""
        end = time.monotonic() + limit
        while not self.ended():
            left = end - time.monotonic()
            if left <= 0:
                return False
            signal.sigtimedwait({signal.SIGCHLD}, left)  # blocked, see `run`
        return True

    def ended(self) -> bool:
        """Return True if it has ended."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.seconds = time.monotonic() - self.began
                self.status = status
        return self.status is not None

    def succeeded(self) -> bool:
        """Return True if it has ended with exit status 0."""
        return self.status == 0

    def text(self) -> str:
        """Return the end of its output."""
        size = os.fstat(self.output).st_size
        return os.pread(self.output, TAIL, max(0, size - TAIL)).decode("utf-8", "replace")

    def end(self, grace: float = GRACE) -> None:
        """End it and every process of its group, first with SIGTERM; forget its output."""
        if self.output < 0:
            return
        if not self.ended() and grace:
            self._send(signal.SIGTERM)
            self.wait(grace)
        self._send(signal.SIGKILL)
        while not self.ended():
            signal.sigtimedwait({signal.SIGCHLD}, 1)
        os.close(self.output)
        self.output = -1

    def _send(self, number: int) -> None:
        """Send a signal to its group, also if the process itself has ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def _become(start: Callable[[], object], output: int) -> None:
    """Turn this child into the command. Never return."""
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        start()
    except LaunchError as error:
        say(str(error))
        os._exit(error.exit_status)
    finally:
        os._exit(125)
