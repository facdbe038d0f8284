"""The controlling terminal: a single instance gets it while it runs, as under tini(1)."""

from __future__ import annotations

import os
import signal


class Terminal:
    """Standard input, if it is a terminal. With several instances the supervisor keeps it."""

    def __init__(self, *, alone: bool) -> None:
        self.there = os.isatty(0)
        self.lent = alone and self.there
        self.controls = _controls()

    def gone(self) -> bool:
        """Return True if the terminal has hung up or its session has ended."""
        return self.controls and not _controls()

    def give(self, group: int) -> None:
        """Give it to the group of the instance, which then reads and gets Ctrl-C and Ctrl-Z."""
        if self.lent:
            _foreground(group)

    def take(self) -> None:
        """Take it back for the process that reads after the supervisor has ended."""
        if self.lent:
            _foreground(os.getpgrp())

    def give_again(self, group: int) -> None:
        """Give it to the instance after a stop, if the supervisor was continued in the foreground."""
        try:
            foreground = os.tcgetpgrp(0) == os.getpgrp()
        except OSError:  # it was closed
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
    """Make a group the foreground one. SIGTTOU is blocked: the kernel sends it to a background caller."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        os.tcsetpgrp(0, group)
    except OSError:  # it was closed, or the group is gone
        pass
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
