"""The one place that reads the machine: files below a root, the affinity mask, the directory lists.

It uses `posix`, the module that `os` wraps, because importing `os` costs a fifth of the whole start.
"""

from __future__ import annotations

import posix

from .execute import head
from .record import record

ABSENT = "absent"

# No file that is read here is larger on a working machine: /proc/self/mountinfo of a node with
# thousands of pods stays below, and a larger one is cut rather than read for seconds.
LIMIT = 4 << 20
CHUNK = 1 << 16

_TYPE, _REGULAR, _OTHERS_WRITE = 0o170000, 0o100000, 0o002


@record
class Reading:
    """What a file said, or why it said nothing: `error` is None, ABSENT, or the system's words."""

    path: str
    text: str
    error: str | None = None

    @property
    def failed(self) -> bool:
        """There is a file and it could not be read: another answer than there being none."""
        return self.error not in (None, ABSENT)


class Root:
    """The machine below a directory: "" is this machine, anything else a recorded one."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix.rstrip("/")
        self.cut: list[str] = []  # files that are longer than is read

    @property
    def live(self) -> bool:
        """This very machine, so that system calls tell about it too."""
        return not self.prefix

    def read(self, path: str) -> Reading:
        """Read a small text file. Never raises, never blocks (a FIFO is refused)."""
        try:
            text, whole = _contents(self.prefix + path)
            if not whole:
                self.cut.append(path)
            return Reading(path, text)
        except (FileNotFoundError, NotADirectoryError):
            return Reading(path, "", ABSENT)
        except OSError as error:
            return Reading(path, "", error.strerror or str(error))
        except ValueError as error:  # a NUL in a path that came out of a broken file
            return Reading(path, "", str(error))

    def first(self, *paths: str) -> Reading:
        """Read the first of several files that is there."""
        for path in paths:
            reading = self.read(path)
            if reading.error != ABSENT:
                break
        return reading

    def names(self, path: str) -> list[str]:
        """The names in a directory, sorted; none where it cannot be listed."""
        try:
            return sorted(posix.listdir(self.prefix + path))
        except (OSError, ValueError):
            return []

    def exists(self, path: str) -> bool:
        """Is there a file of that name, of whatever kind?"""
        try:
            posix.stat(self.prefix + path)
        except (OSError, ValueError):
            return False
        return True

    def trusted(self, path: str) -> bool:
        """A file that only root and this user can have written."""
        try:
            status = posix.stat(self.prefix + path)
        except (OSError, ValueError):
            return False
        return status.st_uid in (0, posix.geteuid()) and not status.st_mode & _OTHERS_WRITE

    def link(self, path: str) -> str | None:
        """What a symbolic link says; None where it is none."""
        try:
            return posix.readlink(self.prefix + path)
        except (OSError, ValueError):
            return None

    def head(self, path: str) -> str:
        """The beginning of a file; empty where it cannot be read."""
        return head((self.prefix + path).encode("utf-8", "surrogateescape")).decode("utf-8", "replace")

    def kind(self, path: str) -> bytes:
        """Of an ELF file its class, byte order and machine (elf(5)); empty for any other."""
        start = head((self.prefix + path).encode("utf-8", "surrogateescape"))
        return start[4:6] + start[18:20] if start.startswith(b"\x7fELF") else b""

    def affinity(self) -> frozenset[int] | None:
        """The mask of this process (sched_getaffinity(2)); None where it cannot be had."""
        if not self.live or not hasattr(posix, "sched_getaffinity"):
            return None
        try:
            return frozenset(posix.sched_getaffinity(0))
        except OSError:
            return None


def _close(descriptor: int) -> None:
    try:
        posix.close(descriptor)
    except OSError:  # what was read has been read
        pass


def _contents(path: str) -> tuple[str, bool]:
    """What is in a file, and whether that is all of it."""
    descriptor = posix.open(path, posix.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC)
    try:
        if posix.fstat(descriptor).st_mode & _TYPE != _REGULAR:
            raise ValueError("not a regular file")
        chunks = [posix.read(descriptor, CHUNK)]
        while chunks[-1] and len(chunks) * CHUNK < LIMIT:
            chunks.append(posix.read(descriptor, CHUNK))
    finally:
        _close(descriptor)
    # Recorded trees hold sysfs files as whole pages, filled up with NUL.
    return b"".join(chunks).rstrip(b"\0").decode("utf-8", "surrogateescape"), not chunks[-1]
