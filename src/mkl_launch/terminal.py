"""The controlling terminal, which one instance alone has while it runs, as under tini(1)."""

from __future__ import annotations

import os
import signal


class Terminal:
    """Standard input, if it is one. With several instances it stays the supervisor's."""

    def __init__(self, *, alone: bool) -> None:
        self.there = os.isatty(0)
        self.lent = alone and self.there
        self.controls = _controls()

    def gone(self) -> bool:
        """Has it hung up, or has its session ended?"""
        return self.controls and not _controls()

    def give(self, group: int) -> None:
        """To the instance's group: that reads, and is what Ctrl-C and Ctrl-Z go to."""
        if self.lent:
            _foreground(group)

    def take(self) -> None:
        """Back, before whoever comes after the supervisor reads."""
        if self.lent:
            _foreground(os.getpgrp())

    def give_again(self, group: int) -> None:
        """After a stop, if it is in the foreground that it goes on."""
        try:
            foreground = os.tcgetpgrp(0) == os.getpgrp()
        except OSError:  # it was closed
            return
        if foreground:
            self.give(group)


def _controls() -> bool:
    """Does a terminal control this session, be it on standard input or not?"""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _foreground(group: int) -> None:
    """From the background too, where the kernel would send SIGTTOU."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        os.tcsetpgrp(0, group)
    except OSError:  # it was closed, or the group is gone
        pass
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
