"""One instance as its supervisor sees it: when it runs, and when it is started again. Pure."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.supervisor.guard import backoff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.supervisor.logs import LogDirectory

STOP, CONTINUE, RESTART = "stop", "continue", "restart"  # --on-failure

NO_RESTART_STATUSES = (126, 127)  # the command cannot be executed, or is not there
STABLE_AFTER = 60.0  # seconds: an instance that has lived so long has not failed again, but anew
MAX_REFUSAL_TIME = 60.0  # seconds for which a start is tried again that the system has no room for


class Policy(Record):
    """`grace` in seconds: the time between SIGTERM and SIGKILL."""

    on_failure: str = STOP
    grace: float = 10.0
    logs: LogDirectory | None = None
    prefix: bool = False


class Instance:
    """Running if it has a `pid`, to be started at `start_at`; `status` is that of its last failure."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        self.start_at: float | None = 0.0
        self.status = 0
        self._since = 0.0
        self._failures = 0
        self._refusals = 0  # in a row
        self._first_refusal_at = 0.0

    def begins(self, now: float) -> None:
        """Its start is tried."""
        self.start_at, self._since = None, now

    def runs(self, pid: int) -> None:
        """It has a process."""
        self.pid, self._refusals = pid, 0

    def may_restart(self) -> bool:
        """Return False if starting it once more would fail in the same way."""
        return self.status not in NO_RESTART_STATUSES

    def start_again(self, now: float) -> None:
        """After a failure, later each time. It is made good, so no exit status of it is kept."""
        self._failures = 1 if now - self._since > STABLE_AFTER else self._failures + 1
        self.start_at = now + backoff(self._failures)

    def is_first_refusal(self) -> bool:
        """Return True if the start that was tried before this one did not fail for want of a process."""
        return not self._refusals

    def try_again(self, now: float) -> bool:
        """Try soon again what the system had no room for; return False if that has lasted for too long."""
        self._first_refusal_at = self._first_refusal_at if self._refusals else now
        self._refusals += 1
        if now - self._first_refusal_at > MAX_REFUSAL_TIME:
            self._refusals = 0
            return False
        self.start_at = now + backoff(self._refusals, most=2.0)
        return True
