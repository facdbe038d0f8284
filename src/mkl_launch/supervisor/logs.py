"""The directory of --log-dir: its files are opened below it, and no link of a stranger is followed."""

from __future__ import annotations

import os
import stat

MAX_LINKS = 40  # as the kernel has it, path_resolution(7)


class LogDirectory:
    """`path` as the user gave it, for messages too. Raises OSError where it cannot be made or opened."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = _descend(path)

    def streams(self, number: int) -> dict[int, int]:
        """Open the log of an instance for both output streams, {descriptor: file}; append to what it has.

        Raises OSError where it is anything but a regular file with one name: a link would have another file
        written to, a FIFO would keep the instance from its start.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        file = os.open(self.name(number), flags, 0o644, dir_fd=self.descriptor)
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            os.close(file)
            raise OSError(0, "not a regular file of one name")
        os.set_blocking(file, True)
        return {1: file, 2: os.dup(file)}

    @staticmethod
    def name(number: int) -> str:
        """Return the name of an instance's log."""
        return f"instance-{number}.log"


def _descend(path: str) -> int:
    """Open a directory, component by component; make those that are not there.

    Links are followed if they are root's or this user's.
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
    """Open the directory `part`, made if it is missing; -1 where it is a link that may be followed."""
    flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        return os.open(part, flags, dir_fd=here)
    except FileNotFoundError:
        try:
            os.mkdir(part, dir_fd=here)
        except FileExistsError:  # another supervisor was faster
            pass
        return os.open(part, flags, dir_fd=here)
    except NotADirectoryError:
        status = os.stat(part, dir_fd=here, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            raise
        if status.st_uid not in (0, os.geteuid()):
            raise PermissionError(0, f"{part}: a link of another user") from None
        return -1
