"""Signals to instances: the ones that are forwarded, and how they are sent."""

from __future__ import annotations

import os
import signal

# The same as in tini(1): signals of faults, of terminal access, of children and of pipes.
_NAMES = "KILL STOP CHLD SEGV BUS FPE ILL TRAP SYS ABRT TTIN TTOU PIPE XFSZ"
NOT_FORWARDED = frozenset(getattr(signal, f"SIG{name}") for name in _NAMES.split())
# Signals that a terminal sends to its whole foreground process group.
TERMINAL = frozenset((signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH))
TERMINATION = frozenset((signal.SIGTERM, signal.SIGINT))


def should_forward(number: int) -> bool:
    """Return False for a signal in NOT_FORWARDED and for one that is ignored, as under nohup(1)."""
    return number not in NOT_FORWARDED and signal.getsignal(number) is not signal.SIG_IGN


def noop_handler(_: int, __: object) -> None:
    """Do nothing, because the signal arrives at the wakeup descriptor."""


def send(pid: int, number: int) -> bool:
    """Send a signal to a process, or to a group by its negative number; return False if that fails."""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def become_group_leader(pid: int) -> None:
    """Make a process the leader of a new group. Parent and child both try; after exec the parent cannot."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass


def name(number: int) -> str:
    """Return the name of a signal: "SIGTERM", or "signal 40" if it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
