"""The state machine by which a supervisor ends its instances. Pure: the caller passes the time."""

from __future__ import annotations

RUNNING = "running"  # instances are started and restarted
ASKED = "asked"  # a signal to end was forwarded; no deadline is set, because its sender has one
STOPPING = "stopping"  # the instances are killed at the deadline
KILLED = "killed"  # SIGKILL was sent


class Shutdown:
    """The shutdown. `grace` is the time in seconds until SIGKILL. The state never goes back."""

    def __init__(self, grace: float) -> None:
        self.grace = grace
        self.state = RUNNING
        self.deadline: float | None = None
        self.first_stop_at: float | None = None

    @property
    def started(self) -> bool:
        """Return True once the shutdown has begun: no instance is started then."""
        return self.state != RUNNING

    def ask(self, now: float, *, at_once: bool) -> None:
        """Note a signal to end, which was forwarded to the instances.

        The first signal sets no deadline. The second one sets it: to the end of the grace time after the
        first one, or to now with `at_once` (a second Ctrl-C).
        """
        if self.first_stop_at is not None:
            self._kill_at(self.first_stop_at + (0.0 if at_once else self.grace))
        else:
            self.first_stop_at = now
            self.state = ASKED if self.state == RUNNING else self.state

    def stop(self, now: float) -> None:
        """Note that the supervisor itself has sent SIGTERM to the instances."""
        self._kill_at(now + self.grace)

    def kill_is_due(self, now: float) -> bool:
        """Return True, once for each deadline, when the instances must be killed."""
        if self.deadline is None or self.deadline > now:
            return False
        self.state, self.deadline = KILLED, None
        return True

    def _kill_at(self, moment: float) -> None:
        """Set the deadline; a later request never postpones it."""
        self.state = STOPPING if self.state != KILLED else KILLED
        self.deadline = moment if self.deadline is None else min(self.deadline, moment)
