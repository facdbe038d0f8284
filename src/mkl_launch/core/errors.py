"""Errors that keep the command from starting. Any other problem is only a warning."""

from __future__ import annotations


class LaunchError(Exception):
    """A reason not to start the command. The message is one line that names the thing and the value."""

    exit_status = 125


class UsageError(LaunchError):
    """A wrong command line."""

    exit_status = 2


class DetectionError(LaunchError):
    """A failed detection with --strict. Exit status 125, as of env(1) and timeout(1)."""


class TuningError(LaunchError):
    """A tuning that could not measure the command."""

    exit_status = 1


class PreparationError(LaunchError):
    """A failed step of an image's preparation, which must end the build."""

    exit_status = 1


class NotExecutable(LaunchError):
    """A command that exists and cannot be executed. Exit status 126, as of the shell and env(1)."""

    exit_status = 126


class TooLarge(NotExecutable):
    """Arguments and environment above the system's limit (E2BIG), possibly because of the settings."""


class NotFound(LaunchError):
    """A command that does not exist. Exit status 127, as of the shell and env(1)."""

    exit_status = 127
