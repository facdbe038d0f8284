"""The end of the instances when the supervisor is killed, by SIGKILL too.

There are two mechanisms, because each one can fail:

- The guard, a process that waits for the end of the supervisor and then kills the process groups of the
  instances. Its name and command line differ from the supervisor's, so that `pkill -f mkl-launch` and
  `killall python3` do not end it.
- PR_SET_PDEATHSIG (prctl(2)): the kernel kills each instance, but not the processes that it has started.
"""

from __future__ import annotations

import functools
import os
import signal
import time

from mkl_launch.supervisor.signals import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# include/uapi/linux/prctl.h
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
NAME = b"instance-guard"  # at most 15 bytes: proc_pid_comm(5)
STABLE_AFTER = 10.0  # seconds: a guard that lived longer is replaced immediately


class Guard:
    """The guard process: it reads process groups from a pipe and kills them at the end of the pipe."""

    def __init__(self) -> None:
        self.pid = 0
        self.write = -1
        self.start_at: float | None = 0.0
        self.orphan_groups: set[int] = set()  # groups of ended instances that still have processes
        self._started = 0.0
        self._failures = 0

    def start_if_due(self, groups: Iterable[int]) -> None:
        """Start or restart the guard with these groups, if it is time; after a failure try again later."""
        if self.start_at is None or self.start_at > time.monotonic():
            return
        self.start_at = None
        try:
            self._start()
        except OSError:
            self._start_later()
            return
        for group in (*groups, *self.orphan_groups):
            self._send_group(group)

    def _start(self) -> None:
        read, write = os.pipe()
        os.set_blocking(write, False)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            pid = os.fork()
            if not pid:
                try:
                    os.close(write)
                    _watch(read)
                finally:
                    os._exit(0)
        except OSError:
            os.close(write)
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(read)
        self.pid, self.write, self._started = pid, write, time.monotonic()

    def _start_later(self) -> None:
        """Wait longer after each failure: the cause, such as a denied system call, may be permanent."""
        now = time.monotonic()
        self._failures = 0 if self.pid and now - self._started > STABLE_AFTER else self._failures + 1
        self.start_at = now + (backoff(self._failures) if self._failures else 0.0)

    def has_ended(self) -> None:
        """Note that the guard has ended, killed by a user or by the kernel for lack of memory."""
        os.close(self.write)
        self._start_later()
        self.pid, self.write = 0, -1

    def has_stopped(self) -> None:
        """Continue the stopped guard, which could not notice the end of the supervisor."""
        send(self.pid, signal.SIGCONT)

    def add_self(self) -> None:
        """Register the group of the calling process, an instance, with the guard.

        The instance does so itself, because the supervisor may end first. The guard waits until then,
        because the instance holds the pipe open.
        """
        if self.pid:
            self._send_group(os.getpid())
            os.close(self.write)

    def drop_empty(self) -> None:
        """Remove empty groups, before the kernel gives their numbers to other processes."""
        for group in [group for group in self.orphan_groups if not send(-group, 0)]:
            self.orphan_groups.remove(group)
            self._send_group(-group)

    def _send_group(self, number: int) -> None:
        if not self.pid:  # the next guard gets all groups
            return
        try:
            os.write(self.write, b"%d " % number)
        except BlockingIOError:  # it no longer reads, so it must be replaced
            send(self.pid, signal.SIGKILL)
        except BrokenPipeError:  # it was killed and will be replaced
            pass

    def end(self, groups: Iterable[int]) -> None:
        """Kill the remaining processes of the instances, then the guard, even if it is stopped."""
        self.drop_empty()
        for group in (*groups, *self.orphan_groups):
            send(-group, signal.SIGKILL)
        if not self.pid:
            return
        send(self.pid, signal.SIGKILL)
        os.close(self.write)
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass


def backoff(failures: int, maximum: float = 30.0) -> float:
    """Return the seconds to wait after the nth failure in a row: 0.1, 0.2, 0.4, at most `maximum`."""
    return float(min(maximum, 0.1 * 2 ** min(failures - 1, 16)))


def set_attribute(option: int, value: int) -> bool:
    """Set an attribute of this process; return False if that fails or this Python cannot."""
    call = _prctl()
    return call is not None and call(option, value) == 0


@functools.cache
def _prctl() -> Callable[[int, int], int] | None:
    try:
        import ctypes

        call = ctypes.CDLL(None).prctl
        call.argtypes = [ctypes.c_int, ctypes.c_ulong]
    except (ImportError, OSError, AttributeError):
        return None
    return call


def adopt_orphans() -> None:
    """Make this process the parent of orphans of the instances, so that it can reap them (prctl(2)).

    If that fails, PID 1 becomes their parent.
    """
    set_attribute(PR_SET_CHILD_SUBREAPER, 1)


def end_with(parent: int) -> None:
    """Have the kernel kill this process when `parent` ends, also after exec.

    The setting is lost at an exec that changes privileges (set-user-ID, file capabilities).
    """
    set_attribute(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has already ended, so no signal will come
        os._exit(128 + signal.SIGKILL)


def _watch(read: int) -> None:
    """Run the guard: with all signals blocked, in its own session, without the files of the user."""
    os.setsid()
    for descriptor in (0, 1, 2):  # unused; /dev/null may be missing
        os.dup2(read, descriptor)
    _close_all_but(read)
    _rename()
    groups: set[int] = set()
    rest = b""
    while data := os.read(read, 4096):
        *words, rest = (rest + data).split(b" ")
        for number in map(int, words):
            groups = groups | {number} if number > 0 else groups - {-number}
    for group in groups:
        send(-group, signal.SIGKILL)


def _close_all_but(kept: int) -> None:
    """Close inherited descriptors, so that readers of their pipes see the end."""
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208
    except OSError:  # without /proc, only the first ones, because closing all can take seconds
        numbers = list(range(1024))
    for number in numbers:
        if number > 2 and number != kept:
            try:
                os.close(number)
            except OSError:  # the descriptor of the listing itself
                continue


def _rename() -> None:
    """Give this process another name and command line.

    The command line is the memory between two addresses, arg_start and arg_end (proc_pid_stat(5)).
    """
    try:
        _write("/proc/self/comm", NAME)
        with open("/proc/self/stat", "rb") as file:  # noqa: PTH123
            fields = file.read().rpartition(b")")[2].split()
        start, end = int(fields[45]), int(fields[46])
        _write("/proc/self/mem", NAME[: end - start - 1].ljust(end - start, b"\0"), start)
    except (OSError, ValueError, IndexError, OverflowError):
        return


def _write(path: str, data: bytes, at: int | None = None) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, data) if at is None else os.pwrite(descriptor, data, at)
    finally:
        os.close(descriptor)
