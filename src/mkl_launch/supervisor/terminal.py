"""The controlling terminal, which a single instance gets while it runs, as under tini(1)."""

from __future__ import annotations

import os
import signal


class Terminal:
    """The terminal on standard input, if any. With several instances the supervisor keeps it."""

    def __init__(self, *, alone: bool) -> None:
        self.there = os.isatty(0)
        self.lent = alone and self.there
        self.controls = _controls()

    def gone(self) -> bool:
        """Return True if the terminal has hung up or its session has ended."""
        return self.controls and not _controls()

    def give(self, group: int) -> None:
        """Give the terminal to the group of the instance, which then gets input, Ctrl-C and Ctrl-Z."""
        if self.lent:
            _foreground(group)

    def take(self) -> None:
        """Take the terminal back, for the process that reads after the end of the supervisor."""
        if self.lent:
            _foreground(os.getpgrp())

    def give_again(self, group: int) -> None:
        """Give the terminal to the instance again, if the supervisor was continued in the foreground."""
        try:
            foreground = os.tcgetpgrp(0) == os.getpgrp()
        except OSError:  # the terminal was closed
            return
        if foreground:
            self.give(group)


def _controls() -> bool:
    """Return True if this session has a controlling terminal, on standard input or elsewhere."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _foreground(group: int) -> None:
    """Make a group the foreground group. Block SIGTTOU, which a background caller would get."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        os.tcsetpgrp(0, group)
    except OSError:  # the terminal was closed, or the group has ended
        pass
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
