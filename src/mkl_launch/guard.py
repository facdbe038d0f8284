"""No group of an instance outlives the supervisor: a process waits for its end, be it by SIGKILL."""

from __future__ import annotations

import os
import signal

from .signals import send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PR_SET_CHILD_SUBREAPER = 36  # include/uapi/linux/prctl.h


class Guard:
    """It reads the groups of the instances from a pipe; at the pipe's end it ends them and itself."""

    def __init__(self) -> None:
        self.left: set[int] = set()  # groups of instances that have ended, with processes in them
        self._start()

    def _start(self) -> None:
        read, self.write = os.pipe()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        self.pid = os.fork()
        if not self.pid:
            try:
                os.close(self.write)
                _watch(read)
            finally:
                os._exit(0)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(read)

    def add(self, group: int) -> None:
        """End this group when the supervisor is gone.

        For the instance itself to say: it may be there when the supervisor no longer is. The pipe's end is
        not reached before its exec, which closes this end of it.
        """
        self._tell(group)

    def drop_empty(self) -> None:
        """Before a group's number becomes somebody else's, who would be killed in the end."""
        for group in [group for group in self.left if not send(-group, 0)]:
            self.left.remove(group)
            self._tell(-group)

    def start_again(self, groups: Iterable[int]) -> None:
        """Somebody, or the kernel for want of memory, has killed it."""
        os.close(self.write)
        self._start()
        for group in (*groups, *self.left):
            self._tell(group)

    def _tell(self, number: int) -> None:
        try:
            os.write(self.write, b"%d " % number)
        except BrokenPipeError:  # it was killed, and there will be another
            pass

    def end(self) -> None:
        """The supervisor has done its work: end what its instances have left behind."""
        os.close(self.write)
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass


def adopt_orphans() -> None:
    """What an instance leaves behind becomes a child of this process, which so gets to know of its end.

    Without prctl(2) it is a child of PID 1.
    """
    try:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))
    except (ImportError, OSError, AttributeError):
        return


def _watch(read: int) -> None:
    """With every signal blocked, outside of the terminal's session, and without the user's files."""
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    groups: set[int] = set()
    rest = b""
    while data := os.read(read, 4096):
        *words, rest = (rest + data).split(b" ")
        for number in map(int, words):
            groups = groups | {number} if number > 0 else groups - {-number}
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except OSError:
            continue
