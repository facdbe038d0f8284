"""The state of one instance, and the times of its restarts. Pure: the caller passes the time."""

from __future__ import annotations

from mkl_launch.core.record import Record
from mkl_launch.supervisor.guard import backoff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.supervisor.logs import LogDirectory

STOP, CONTINUE, RESTART = "stop", "continue", "restart"  # --on-failure

NO_RESTART_STATUSES = (126, 127)  # the command cannot be executed, or does not exist
STABLE_AFTER = 60.0  # seconds: a failure after a longer run counts as the first one again
MAX_REFUSAL_TIME = 60.0  # seconds for which fork is retried if it fails for lack of resources


class Policy(Record):
    """The options of the supervisor. `grace` is the time in seconds between SIGTERM and SIGKILL."""

    on_failure: str = STOP
    grace: float = 10.0
    logs: LogDirectory | None = None
    prefix: bool = False


class Instance:
    """An instance. `pid` is 0 if it does not run; `status` is the exit status of its last failure."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        self.start_at: float | None = 0.0  # time of the next start; None: none is due
        self.status = 0
        self._since = 0.0
        self._failures = 0
        self._refusals = 0  # failures of fork in a row
        self._first_refusal_at = 0.0

    def begins(self, now: float) -> None:
        """Note the attempt of a start."""
        self.start_at, self._since = None, now

    def runs(self, pid: int) -> None:
        """Note its process."""
        self.pid, self._refusals = pid, 0

    def may_restart(self) -> bool:
        """Return False if another start would fail in the same way."""
        return self.status not in NO_RESTART_STATUSES

    def start_again(self, now: float) -> None:
        """Schedule a restart after a failure, later after each one."""
        self._failures = 1 if now - self._since > STABLE_AFTER else self._failures + 1
        self.start_at = now + backoff(self._failures)

    def is_first_refusal(self) -> bool:
        """Return True if the previous attempt of a start did not fail at fork."""
        return not self._refusals

    def try_again(self, now: float) -> bool:
        """Schedule another start after a failed fork; return False after MAX_REFUSAL_TIME."""
        self._first_refusal_at = self._first_refusal_at if self._refusals else now
        self._refusals += 1
        if now - self._first_refusal_at > MAX_REFUSAL_TIME:
            self._refusals = 0
            return False
        self.start_at = now + backoff(self._refusals, maximum=2.0)
        return True
