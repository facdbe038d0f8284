"""The one place that reads the machine: files below a root, the affinity mask, the directory lists.

It uses `posix`, the module that `os` wraps, because importing `os` costs a fifth of the whole start.
"""

from __future__ import annotations

import posix

from mkl_launch.core.record import Record

HEAD = 256  # bytes of a file that tell a script from a binary, as in `launch.execute`
ABSENT = "absent"

# No file that is read here is larger on a working machine: /proc/self/mountinfo of a node with
# thousands of pods stays below, and a larger one is cut rather than read for seconds.
LIMIT = 4 << 20
CHUNK = 1 << 16

MAX_LINKS = 40  # as the kernel has it, path_resolution(7)
ELOOP = 40

_TYPE, _REGULAR, _LINK, _STICKY = 0o170000, 0o100000, 0o120000, 0o1000
_GROUP_OR_OTHERS_WRITE = 0o022
_ENTER = getattr(posix, "O_PATH", 0) | posix.O_DIRECTORY | posix.O_CLOEXEC
_READ = posix.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC


class Reading(Record):
    """What a file said, or why it said nothing: `error` is None, ABSENT, or the system's words."""

    path: str
    text: str
    error: str | None = None

    @property
    def failed(self) -> bool:
        """There is a file and it could not be read: another answer than there being none."""
        return self.error not in (None, ABSENT)


class Root:
    """The machine below a directory: "" is this machine, anything else a recorded one.

    No link and no ".." of a recorded machine leads out of its directory: it may be somebody else's.
    `probes` is False if only the kernel's files are to be read, and none that a program's words name.
    """

    def __init__(self, prefix: str = "", *, probes: bool = True) -> None:
        self.prefix = prefix.rstrip("/")
        self.cut: list[str] = []  # files that are longer than is read
        self.probes = probes

    @property
    def live(self) -> bool:
        """This very machine, so that system calls tell about it too."""
        return not self.prefix

    @property
    def user(self) -> int:
        """The user that reads: root may read what others may not."""
        return posix.geteuid()

    def read(self, path: str) -> Reading:
        """Read a small text file. Never raises, never blocks (a FIFO is refused)."""
        try:
            text, whole = _contents(self._open(path))
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
            if not self.prefix:
                return sorted(posix.listdir(path))
            descriptor = self._open(path, posix.O_DIRECTORY)
            try:
                return sorted(posix.listdir(descriptor))
            finally:
                _close(descriptor)
        except (OSError, ValueError):
            return []

    def exists(self, path: str) -> bool:
        """Is there a file of that name, of whatever kind?"""
        try:
            if not self.prefix:
                posix.stat(path)
                return True
            directory, name = _walk(self.prefix, path)
            try:
                posix.stat(name, dir_fd=directory, follow_symlinks=False)
            finally:
                _close(directory)
        except (OSError, ValueError):
            return False
        return True

    def trusted(self, path: str) -> bool:
        """A file that only root and this user can have written, or put there."""
        return self.untrusted(path) is None

    def untrusted(self, path: str) -> str | None:
        """Why somebody else can have written or replaced what `path` is, in words; None if nobody can.

        Every directory on the way counts, and every link. A sticky one, as /tmp, may be everybody's.
        """
        passed: list[tuple[str, int, int]] = []
        try:
            directory, name = _walk(self.prefix or "/", path, passed)
            try:
                status = posix.stat(name, dir_fd=directory, follow_symlinks=False)
            finally:
                _close(directory)
        except (OSError, ValueError) as error:
            return str(error)
        for place, owner, mode in (*passed, (path, status.st_uid, status.st_mode & ~_STICKY)):
            if owner not in (0, posix.geteuid()):
                return f"{place} is neither root's nor yours"
            writable = mode & _GROUP_OR_OTHERS_WRITE and mode & _TYPE != _LINK
            if writable and not mode & _STICKY:
                return f"others can write to {place} (mode {mode & 0o7777:04o})"
        return None

    def link(self, path: str) -> str | None:
        """What a symbolic link says; None where it is none."""
        try:
            if not self.prefix:
                return posix.readlink(path)
            directory, name = _walk(self.prefix, path, follow=False)
            try:
                return posix.readlink(name, dir_fd=directory)
            finally:
                _close(directory)
        except (OSError, ValueError):
            return None

    def head(self, path: str) -> str:
        """The beginning of a file; empty where it cannot be read."""
        return self._head(path).decode("utf-8", "replace")

    def elf_kind(self, path: str) -> bytes:
        """Of an ELF file its class, byte order and machine (elf(5)); empty for any other."""
        start = self._head(path)
        return start[4:6] + start[18:20] if start.startswith(b"\x7fELF") else b""

    def _head(self, path: str) -> bytes:
        try:
            return _beginning(self._open(path))
        except (OSError, ValueError):
            return b""

    def _open(self, path: str, flags: int = 0) -> int:
        if not self.prefix:
            return posix.open(path, _READ | flags)
        directory, name = _walk(self.prefix, path)
        try:
            return posix.open(name, _READ | flags | posix.O_NOFOLLOW, dir_fd=directory)
        finally:
            _close(directory)

    def affinity(self) -> frozenset[int] | None:
        """The mask of this process (sched_getaffinity(2)); None where it cannot be had."""
        if not self.live or not hasattr(posix, "sched_getaffinity"):
            return None
        try:
            return frozenset(posix.sched_getaffinity(0))
        except OSError:
            return None


def _beginning(descriptor: int) -> bytes:
    try:
        return posix.read(descriptor, HEAD)
    finally:
        _close(descriptor)


def _close(descriptor: int) -> None:
    try:
        posix.close(descriptor)
    except OSError:  # what was read has been read
        pass


def _contents(descriptor: int) -> tuple[str, bool]:
    """What is in a file, and whether that is all of it."""
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


def _walk(
    root: str, path: str, passed: list[tuple[str, int, int]] | None = None, *, follow: bool = True
) -> tuple[int, str]:
    """Go from `root` to `path` as if `root` were "/": (an open directory, the last name in it), no link.

    Component by component, so that nobody can put a link in the way meanwhile. What is passed is added to
    `passed`: its path, owner and mode. `follow`: the last name, too, if it is a link.
    """
    stack, names = [posix.open(root, _ENTER)], [""]
    parts = path.split("/")[::-1]
    last, links = ".", 0
    try:
        _note(passed, names, posix.fstat(stack[0]))
        while parts:
            part, last = parts.pop(), "."
            if part == ".." and len(stack) > 1:
                _close(stack.pop())
                names.pop()
            if part in ("", ".", ".."):
                continue
            status = posix.stat(part, dir_fd=stack[-1], follow_symlinks=False)
            final = all(rest in ("", ".") for rest in parts)
            if status.st_mode & _TYPE == _LINK and (follow or not final):
                _note(passed, [*names, part], status)
                target = posix.readlink(part, dir_fd=stack[-1])
                links += 1
                if links > MAX_LINKS:
                    raise OSError(ELOOP, posix.strerror(ELOOP))
                while target.startswith("/") and len(stack) > 1:
                    _close(stack.pop())
                    names.pop()
                parts += target.split("/")[::-1]
            elif final:
                last = part
                break
            else:
                stack.append(posix.open(part, _ENTER | posix.O_NOFOLLOW, dir_fd=stack[-1]))
                names.append(part)
                _note(passed, names, posix.fstat(stack[-1]))
        return stack.pop(), last
    finally:
        for descriptor in stack:
            _close(descriptor)


def _note(passed: list[tuple[str, int, int]] | None, names: list[str], status: posix.stat_result) -> None:
    if passed is not None:
        passed.append(("/".join(names) or "/", status.st_uid, status.st_mode))
