"""What stops a start. Everything else is a warning, and the command starts."""

from __future__ import annotations


class LaunchError(Exception):
    """A reason not to start the command; the message is one line that names the thing and the value."""

    exit_status = 125


class UsageError(LaunchError):
    """The command line is wrong."""

    exit_status = 2


class DetectionError(LaunchError):
    """Something could not be detected and --strict makes that fatal (125, as env(1) and timeout(1))."""


class PreparationError(LaunchError):
    """An image could not be prepared: a build must fail there."""

    exit_status = 1


class NotExecutable(LaunchError):
    """The command is there and cannot be executed (126, as the shell and env(1))."""

    exit_status = 126


class TooLarge(NotExecutable):
    """Arguments and environment are more than the system takes (E2BIG), perhaps only by the settings."""


class NotFound(LaunchError):
    """There is no such command (127, as the shell and env(1))."""

    exit_status = 127
