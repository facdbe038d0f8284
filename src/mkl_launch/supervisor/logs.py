"""The directory of --log-dir, opened without following links of other users."""

from __future__ import annotations

import os
import stat

MAX_LINKS = 40  # the kernel's limit, path_resolution(7)


class LogDirectory:
    """A directory for logs. Raise OSError if it cannot be created or opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = _descend(path)

    def streams(self, number: int) -> dict[int, int]:
        """Open the log of an instance for appending; return {1: descriptor, 2: descriptor}.

        Raise OSError if it is not a regular file with a single name: a link could lead to any file, and a
        FIFO could delay the start of the instance.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        file = os.open(self.name(number), flags, 0o644, dir_fd=self.descriptor)
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            os.close(file)
            raise OSError(0, "not a regular file, or one with several names")
        os.set_blocking(file, True)
        return {1: file, 2: os.dup(file)}

    @staticmethod
    def name(number: int) -> str:
        """Return the file name of the log of an instance."""
        return f"instance-{number}.log"


def _descend(path: str) -> int:
    """Open a directory component by component, creating missing ones; return its descriptor.

    Links are followed only if they belong to root or to this user.
    """
    parts = path.split("/")[::-1]
    here = os.open("/" if path.startswith("/") else ".", os.O_PATH | os.O_DIRECTORY)
    links = 0
    while parts:
        part = parts.pop()
        if part in ("", "."):
            continue
        try:
            below = _enter(here, part)
            if below < 0:
                target = os.readlink(part, dir_fd=here)
                links += 1
                if links > MAX_LINKS:
                    raise OSError(0, "too many links")
                parts += target.split("/")[::-1]
                below = os.open(
                    "/" if target.startswith("/") else ".", os.O_PATH | os.O_DIRECTORY, dir_fd=here
                )
        finally:
            os.close(here)
        here = below
    return here


def _enter(here: int, part: str) -> int:
    """Open or create the directory `part`; return -1 if it is a link that may be followed."""
    flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        return os.open(part, flags, dir_fd=here)
    except FileNotFoundError:
        try:
            os.mkdir(part, dir_fd=here)
        except FileExistsError:  # another supervisor has just created it
            pass
        return os.open(part, flags, dir_fd=here)
    except NotADirectoryError:
        status = os.stat(part, dir_fd=here, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            raise
        if status.st_uid not in (0, os.geteuid()):
            raise PermissionError(0, f"{part}: a link of another user") from None
        return -1
