"""The supervisor of instances, also as PID 1: it starts them, forwards signals, and reaps processes.

It waits in poll(2) for signals, output and timers.
"""

from __future__ import annotations

import errno
import gc
import os
import select
import signal
import time

from mkl_launch.core.errors import LaunchError
from mkl_launch.core.messages import format_line, say
from mkl_launch.supervisor.guard import Guard, adopt_orphans, end_with
from mkl_launch.supervisor.instance import CONTINUE, RESTART, STOP, Instance, Policy
from mkl_launch.supervisor.output import Relay, open_standard, take_streams
from mkl_launch.supervisor.shutdown import Shutdown
from mkl_launch.supervisor.signals import (
    TERMINAL,
    TERMINATION,
    become_group_leader,
    name,
    noop_handler,
    send,
    should_forward,
)
from mkl_launch.supervisor.terminal import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INTERNAL_ERROR = 125  # exit status if the launcher itself fails
NO_ROOM = (errno.EAGAIN, errno.ENOMEM)  # temporary failures of fork


class Supervisor:
    """The supervisor of `number` instances. `start(N)` execs instance N or raises an exception."""

    def __init__(self, number: int, policy: Policy, start: Callable[[int], None]) -> None:
        self.instances = [Instance(index) for index in range(number)]
        self.policy = policy
        self.start = start
        self.status = 0  # of the first failure
        self.relay: Relay | None = None
        self.shutdown = Shutdown(policy.grace)
        self.on_failure = policy.on_failure
        self.hung_up = False  # SIGHUP was received, from the terminal or from a process
        self.terminal = Terminal(alone=number == 1)
        self.guard = Guard()
        self.pid = os.getpid()

    def run(self) -> int:
        """Run until all instances have ended; return the exit status, which later signals do not change."""
        gc.enable()  # the start has disabled it
        open_standard()
        self.relay = Relay() if self.policy.prefix else None
        adopt_orphans()
        self.wakeup, wakes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        forwarded = [number for number in signal.valid_signals() if should_forward(number)]
        self.before = {number: signal.getsignal(number) for number in (*forwarded, signal.SIGCHLD)}
        for number in self.before:
            signal.signal(number, noop_handler)
        # The parent may have blocked SIGCHLD. Unblock it here, and restore the mask in the instances.
        self.blocked = signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        try:
            self._loop()
        except Exception as error:  # noqa: BLE001  # the caller must not start the command again
            say(f"the supervisor failed and ends the instances: {type(error).__name__}: {error}")
            self.status = INTERNAL_ERROR
        finally:
            # Python resets the handlers at its end: from then on a signal would change the exit status.
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            self.guard.end(self._groups())
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
        return any(instance.pid or instance.start_at is not None for instance in self.instances)

    def _groups(self) -> list[int]:
        return [instance.pid for instance in self.instances if instance.pid]

    # Events

    def _wait(self) -> None:
        """Wait for a signal, output or the next timer, and handle it."""
        poll = select.poll()
        poll.register(self.wakeup, select.POLLIN)
        for descriptor, event in self.relay.wanted() if self.relay else ():
            poll.register(descriptor, event)
        timers = (
            self.shutdown.deadline,
            self.guard.start_at,
            *(instance.start_at for instance in self.instances),
        )
        times = [timer for timer in timers if timer is not None]
        timeout = max(0.0, min(times) - time.monotonic()) * 1000 if times else None
        for descriptor, _ in poll.poll(timeout):
            if descriptor == self.wakeup:
                for number in os.read(self.wakeup, 4096):
                    self._signal(number)
            elif self.relay:
                self.relay.ready(descriptor)

    def _timers(self) -> None:
        self.guard.start_if_due(self._groups())
        for instance in self.instances:
            if instance.start_at is not None and instance.start_at <= time.monotonic():
                self._start(instance)
        if self.shutdown.kill_is_due(time.monotonic()):
            self._send(signal.SIGKILL, groups=True)

    def _signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            return
        if number == signal.SIGCONT and self.terminal.lent:
            self.terminal.give_again(self.instances[0].pid)
        self.hung_up |= number == signal.SIGHUP
        self._send(number, groups=self.terminal.there and number in TERMINAL)
        if number in TERMINATION:
            self._start_no_more()
            self.shutdown.ask(time.monotonic(), at_once=number == signal.SIGINT and self.terminal.there)
        if number == signal.SIGTSTP:
            self._stop()

    def _hang_up(self) -> None:
        """End restarts after the terminal has gone; SIGHUP alone may be a request to reload."""
        if self.hung_up and self.on_failure == RESTART and self.terminal.gone():
            self.on_failure = STOP
            if any(instance.start_at is not None for instance in self.instances):
                self._end_all()

    def _stop(self) -> None:
        """Stop the supervisor with its instance, so that the shell takes its terminal back."""
        self.terminal.take()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _start_no_more(self) -> None:
        """Cancel pending restarts; the failures of these instances count now."""
        for instance in self.instances:
            if instance.start_at is not None:
                instance.start_at = None
                self.status = self.status or instance.status

    def _end_all(self) -> None:
        self._start_no_more()
        self._send(signal.SIGTERM)
        self.shutdown.stop(time.monotonic())

    def _send(self, number: int, *, groups: bool = False) -> None:
        for pid in self._groups():
            send(-pid if groups else pid, number)

    # Starting and ending

    def _start(self, instance: Instance) -> None:
        instance.begins(time.monotonic())
        ends = self._pipes(instance.number)
        # Signals are blocked, because the child would write one to the wakeup descriptor of the supervisor.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            pid = os.fork()
            if not pid:
                self._become(instance.number, ends, before | self.blocked)
        except OSError as error:
            self._refused(instance, error)
        else:
            become_group_leader(pid)
            instance.runs(pid)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for descriptor in ends.values():
                os.close(descriptor)

    def _pipes(self, number: int) -> dict[int, int]:
        """Make the pipes for the output of an instance; return {} if it is to inherit the streams."""
        try:
            return self.relay.pipes(b"[%d] " % number) if self.relay else {}
        except OSError as error:
            self._say(f"instance {number}: its output gets no prefix: {error.strerror}")
            return {}

    def _refused(self, instance: Instance, error: OSError) -> None:
        """Schedule another start after a failed fork; after MAX_REFUSAL_TIME it counts as a failure."""
        instance.status = INTERNAL_ERROR
        if error.errno in NO_ROOM:
            if instance.is_first_refusal():
                self._say(
                    f"instance {instance.number} cannot be started yet: {error.strerror}; trying again"
                )
            if instance.try_again(time.monotonic()):
                return
        self._failed(instance, f"cannot be started: {error.strerror}")

    def _become(self, number: int, ends: dict[int, int], mask: Iterable[int]) -> None:
        """Set group, signals and streams in the new process, then start the command; never return."""
        status = INTERNAL_ERROR
        try:
            end_with(self.pid)
            become_group_leader(0)
            self.guard.add_self()
            self.terminal.give(os.getpid())
            # Before any call that may block, so that signals can end this process.
            signal.set_wakeup_fd(-1)
            for caught, handler in self.before.items():
                signal.signal(caught, signal.SIG_IGN if handler is signal.SIG_IGN else signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            if self.relay:
                self.relay.close_readers()
            take_streams(ends or self._log(number), alone=len(self.instances) == 1)
            self.start(number)
        except LaunchError as error:
            say(str(error))
            status = error.exit_status
        except Exception as error:  # noqa: BLE001  # the child must not return into the supervisor's code
            say(f"instance {number}: {type(error).__name__}: {error}")
        finally:
            os._exit(status)

    def _log(self, number: int) -> dict[int, int]:
        logs = self.policy.logs
        try:
            return logs.streams(number) if logs else {}
        except OSError as error:
            file = f"{logs.path}/{logs.name(number)}" if logs else ""
            say(f"--log-dir: {file}: {error.strerror}; the instance writes to the launcher's own output")
            return {}

    def _reap(self) -> None:
        """Reap all children that have ended, orphans included."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if not pid:
                return
            instance = next((each for each in self.instances if each.pid == pid), None)
            stopped = os.WIFSTOPPED(status)
            if pid == self.guard.pid:
                if stopped:
                    self.guard.has_stopped()
                else:
                    self.guard.has_ended()
            elif instance and not stopped:
                self._ended(instance, os.waitstatus_to_exitcode(status))
            elif instance and self.terminal.lent:
                self._stop()

    def _ended(self, instance: Instance, code: int) -> None:
        pid, instance.pid = instance.pid, 0
        self.terminal.take()
        self.guard.orphan_groups.add(pid)
        if code == 0:
            return
        instance.status = code if code > 0 else 128 - code
        if self.on_failure == RESTART and instance.may_restart() and not self.shutdown.started:
            send(-pid, signal.SIGKILL)  # its remaining processes would use the cores of the new one
        how = f"exited with {code}" if code > 0 else f"was killed by {name(-code)}"
        self._failed(instance, f"(pid {pid}) {how}")

    def _failed(self, instance: Instance, how: str) -> None:
        """Handle the failure of an instance as --on-failure says."""
        if self.shutdown.started:
            self.status = self.status or instance.status
            return
        self._say(f"instance {instance.number} {how}")
        if self.on_failure == RESTART and instance.may_restart():
            instance.start_again(time.monotonic())
            return
        self.status = self.status or instance.status
        if self.on_failure != CONTINUE:
            self._end_all()

    def _say(self, line: str) -> None:
        """Write or queue a message without blocking."""
        if self.relay:
            self.relay.say(format_line(line))
        else:
            say(line)
