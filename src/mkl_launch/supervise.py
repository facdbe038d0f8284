"""A small supervisor: starts instances, forwards signals, reaps, ends what is left. As PID 1 too.

It waits in poll(2) and wakes for a signal, for output, or when something is due.
"""

from __future__ import annotations

import os
import select
import signal
import time

from .errors import LaunchError
from .guard import Guard, adopt_orphans
from .output import Relay, log_file, open_standard, take_streams
from .record import record
from .signals import OF_A_TERMINAL, TO_END, lead, name, noted, send, taken
from .stderr import said, say
from .terminal import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STOP, CONTINUE, RESTART = "stop", "continue", "restart"
HOPELESS = (126, 127)  # the command cannot be executed, or is not there
BROKEN = 125  # the exit status where it is the launcher that fails
LONG_ENOUGH = 60.0  # seconds: an instance that has lived so long has not failed again, but anew


@record
class Policy:
    """`grace` in seconds, from asking an instance to end until it is killed."""

    on_failure: str = STOP
    grace: float = 10.0
    log_dir: str = ""
    prefix: bool = False


class Instance:
    """One of them: running where it has a `pid`, to be started at `due` where it has that."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid = 0
        self.due: float | None = 0.0
        self.since = 0.0
        self.failures = 0
        self.status = 0  # of its last failure


class Supervisor:
    """`start` becomes the instance of a number, in a new process; it never returns, but for an error."""

    def __init__(self, number: int, policy: Policy, start: Callable[[int], None]) -> None:
        self.instances = [Instance(index) for index in range(number)]
        self.policy = policy
        self.start = start
        self.status = 0  # of the first failure
        self.relay: Relay | None = None
        self.ending = False  # nothing is started any more
        self.asked = 0.0  # when the first signal came that ends a program
        self.kill_at: float | None = None
        self.on_failure = policy.on_failure
        self.hung_up = False  # by the terminal, or by somebody's signal
        self.terminal = Terminal(alone=number == 1)

    def run(self) -> int:
        """Until every instance has ended; the exit status."""
        open_standard()
        self.relay = Relay() if self.policy.prefix else None
        adopt_orphans()
        self.guard = Guard()
        self.wakeup, wakes = os.pipe()
        for descriptor in (self.wakeup, wakes):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self.forwarded = [number for number in signal.valid_signals() if taken(number)]
        for number in (*self.forwarded, signal.SIGCHLD):
            signal.signal(number, noted)
        try:
            self._loop()
        except Exception as error:  # noqa: BLE001  # nothing further out may start the command once more
            say(f"the supervisor fails: {type(error).__name__}: {error}")
            self.status = BROKEN
        finally:
            self.guard.end()
        return self.status

    def _loop(self) -> None:
        while True:
            self.guard.drop_empty()
            self._hang_up()
            self._timers()
            if not self._unfinished() and (self.relay is None or self.relay.finish()):
                return
            self._wait()
            self._reap()

    def _unfinished(self) -> bool:
        return any(instance.pid or instance.due is not None for instance in self.instances)

    # What happens

    def _wait(self) -> None:
        """Until something happens or is due."""
        poll = select.poll()
        poll.register(self.wakeup, select.POLLIN)
        for descriptor, event in self.relay.wanted() if self.relay else ():
            poll.register(descriptor, event)
        due = [
            at for at in (self.kill_at, *(instance.due for instance in self.instances)) if at is not None
        ]
        timeout = max(0.0, min(due) - time.monotonic()) * 1000 if due else None
        for descriptor, _ in poll.poll(timeout):
            if descriptor == self.wakeup:
                for number in os.read(self.wakeup, 4096):
                    self._signal(number)
            elif self.relay:
                self.relay.ready(descriptor)

    def _timers(self) -> None:
        now = time.monotonic()
        for instance in self.instances:
            if instance.due is not None and instance.due <= now:
                self._start(instance)
        if self.kill_at is not None and self.kill_at <= now:
            self.kill_at = None
            self._send(signal.SIGKILL, groups=True)

    def _signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            return
        if number == signal.SIGCONT and self.terminal.lent:
            self.terminal.give_again(self.instances[0].pid)
        self.hung_up |= number == signal.SIGHUP
        self._send(number, groups=self.terminal.there and number in OF_A_TERMINAL)
        if number in TO_END:
            self._asked_to_end(at_once=number == signal.SIGINT and self.terminal.there)
        if number == signal.SIGTSTP:
            self._stop()

    def _hang_up(self) -> None:
        """It may be a signal to reload, unless the terminal is gone: then nothing is started again."""
        if self.hung_up and self.on_failure == RESTART and self.terminal.gone():
            self.on_failure = STOP
            if any(instance.due is not None for instance in self.instances):
                self._end_all()

    def _stop(self) -> None:
        """With its instances: a shell waits for that to have its terminal back."""
        self.terminal.take()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _asked_to_end(self, *, at_once: bool) -> None:
        """Once: the instances may take as long as they like, since whoever asks has its own patience.

        Twice: they are killed when the grace time since the first is over; by a second Ctrl-C at once.
        """
        self._start_no_more()
        if self.asked:
            self.kill_at = self.asked + (0 if at_once else self.policy.grace)
        self.asked = self.asked or time.monotonic()

    def _start_no_more(self) -> None:
        """A failure that would have been made good stays one."""
        self.ending = True
        for instance in self.instances:
            if instance.due is not None:
                instance.due = None
                self.status = self.status or instance.status

    def _send(self, number: int, *, groups: bool = False) -> None:
        for instance in self.instances:
            if instance.pid:
                send(-instance.pid if groups else instance.pid, number)

    # Starting and ending

    def _start(self, instance: Instance) -> None:
        instance.due, instance.since = None, time.monotonic()
        ends = self.relay.pipes(b"[%d] " % instance.number) if self.relay else {}
        # No signal in between: one for the child would be taken for one to the supervisor.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        instance.pid = os.fork()
        if not instance.pid:
            self._become(instance.number, ends, before)
        lead(instance.pid)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for descriptor in ends.values():
            os.close(descriptor)

    def _become(self, number: int, ends: dict[int, int], mask: Iterable[int]) -> None:
        """In the new process: its own group, its streams, the signals as they were; then the command."""
        status = BROKEN
        try:
            lead(0)
            self.terminal.give(os.getpid())
            self.guard.add(os.getpid())
            take_streams(ends or self._log(number), alone=len(self.instances) == 1)
            signal.set_wakeup_fd(-1)
            for caught in (*self.forwarded, signal.SIGCHLD):
                signal.signal(caught, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            self.start(number)
        except LaunchError as error:
            say(str(error))
            status = error.exit_status
        except Exception as error:  # noqa: BLE001  # the supervisor's own stack is not for the child
            say(f"instance {number}: {type(error).__name__}: {error}")
        finally:
            os._exit(status)

    def _log(self, number: int) -> dict[int, int]:
        folder = self.policy.log_dir
        return log_file(f"{folder}/instance-{number}.log") if folder else {}

    def _reap(self) -> None:
        """Every child that has ended, also those that were given to PID 1."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if not pid:
                return
            instance = next((one for one in self.instances if one.pid == pid), None)
            if os.WIFSTOPPED(status):
                if self.terminal.lent and instance:
                    self._stop()
                continue
            if pid == self.guard.pid:
                self.guard.start_again(one.pid for one in self.instances if one.pid)
            if instance:
                self._ended(instance, os.waitstatus_to_exitcode(status))

    def _ended(self, instance: Instance, code: int) -> None:
        pid, instance.pid = instance.pid, 0
        self.terminal.take()
        self.guard.left.add(pid)
        if code == 0:
            return
        instance.status = code if code > 0 else 128 - code
        if not self.ending:
            how = f"exited with {code}" if code > 0 else f"was killed by {name(-code)}"
            self._say(f"instance {instance.number} (pid {pid}) {how}")
            if self.on_failure == RESTART and instance.status not in HOPELESS:
                send(-pid, signal.SIGKILL)  # what it has left of itself on its cores
                self._again(instance)
                return
        self.status = self.status or instance.status
        if not self.ending and self.on_failure != CONTINUE:
            self._end_all()

    def _say(self, line: str) -> None:
        """To nobody who would have to wait for its reader."""
        if self.relay:
            self.relay.say(said(line))
        else:
            say(line)

    def _again(self, instance: Instance) -> None:
        """A failure that is made good, so no exit status of it is kept."""
        lived = time.monotonic() - instance.since
        instance.failures = 1 if lived > LONG_ENOUGH else instance.failures + 1
        instance.due = time.monotonic() + _backoff(instance.failures)

    def _end_all(self) -> None:
        self._start_no_more()
        self._send(signal.SIGTERM)
        self.kill_at = time.monotonic() + self.policy.grace


def _backoff(failures: int) -> float:
    """Seconds until it is started again: 0.1, 0.2, 0.4, to 30."""
    try:
        from tenacity import RetryCallState, Retrying, wait_exponential
    except ImportError:  # only the launcher's own files were copied
        return 1.0
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = failures
    return float(wait_exponential(multiplier=0.1, max=30)(state))
