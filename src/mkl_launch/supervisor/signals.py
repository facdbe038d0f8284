"""Signals to instances: which are handed on, and how they are sent."""

from __future__ import annotations

import os
import signal

# As tini(1) has it: those that a process sends itself, those of terminal access, and its own business.
_NAMES = "KILL STOP CHLD SEGV BUS FPE ILL TRAP SYS ABRT TTIN TTOU PIPE XFSZ"
NOT_FORWARDED = frozenset(getattr(signal, f"SIG{name}") for name in _NAMES.split())
# Signals that a terminal sends to its whole foreground.
TERMINAL = frozenset((signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH))
TERMINATION = frozenset((signal.SIGTERM, signal.SIGINT))


def should_forward(number: int) -> bool:
    """Return False for a signal that the supervisor was told to ignore, as by nohup(1), and for its own."""
    return number not in NOT_FORWARDED and signal.getsignal(number) is not signal.SIG_IGN


def noop_handler(_: int, __: object) -> None:
    """Do nothing: the wakeup descriptor tells of the signal."""


def send(pid: int, number: int) -> bool:
    """Send a signal to a process, or to a group by its negative number; False where there is none."""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def become_group_leader(pid: int) -> None:
    """Give a process its own group: parent and child both try, since after exec only the child may."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass


def name(number: int) -> str:
    """Return SIGTERM, or "signal 40"."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
