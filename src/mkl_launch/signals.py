"""Signals to instances: which are handed on, and how they are sent."""

from __future__ import annotations

import os
import signal

# As tini(1) has it: those that a process sends itself, those of terminal access, and its own business.
_NAMES = "KILL STOP CHLD SEGV BUS FPE ILL TRAP SYS ABRT TTIN TTOU PIPE XFSZ"
KEPT = frozenset(getattr(signal, f"SIG{name}") for name in _NAMES.split())
OF_A_TERMINAL = frozenset((signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH))
TO_END = frozenset((signal.SIGTERM, signal.SIGINT))


def taken(number: int) -> bool:
    """A signal to forward: not one that the supervisor was told to ignore, as nohup(1) does."""
    return number not in KEPT and signal.getsignal(number) is not signal.SIG_IGN


def noted(_: int, __: object) -> None:
    """Nothing: the wakeup descriptor tells of it."""


def send(pid: int, number: int) -> bool:
    """Is there such a process, or group?"""
    try:
        os.kill(pid, number)
    except OSError:
        return False
    return True


def lead(pid: int) -> None:
    """Its own process group, by whichever of the two comes first; after exec only the child may."""
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass


def name(number: int) -> str:
    """SIGTERM, or "signal 40"."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
