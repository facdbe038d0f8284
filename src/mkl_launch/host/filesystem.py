"""The only module that reads the machine: files and directories below a root, and the affinity mask.

It uses `posix`, which `os` wraps, because importing `os` takes a fifth of the time of a start.
"""

from __future__ import annotations

import posix

from mkl_launch.core.record import Record

HEAD = 256  # bytes of a file that distinguish a script from a binary, as in `launch.execute`
ABSENT = "absent"

# Bytes that are read of a file. On a working machine no file is larger, not even /proc/self/mountinfo with
# thousands of pods. Reading a larger one could take seconds.
LIMIT = 4 << 20
CHUNK = 1 << 16

MAX_LINKS = 40  # as the kernel has it, path_resolution(7)
ELOOP = 40

_TYPE, _REGULAR, _LINK, _STICKY = 0o170000, 0o100000, 0o120000, 0o1000
_GROUP_OR_OTHERS_WRITE = 0o022
_ENTER = getattr(posix, "O_PATH", 0) | posix.O_DIRECTORY | posix.O_CLOEXEC
_READ = posix.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC


class Reading(Record):
    """The text of a file, or the reason why there is none: ABSENT or the system's error message."""

    path: str
    text: str
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Return True if the file exists and could not be read."""
        return self.error not in (None, ABSENT)


class Root:
    """A machine: this one if `prefix` is "", else one whose files were copied into the directory `prefix`.

    Links and ".." do not lead out of the directory, because another user may have written it. With `probes`
    False only files of the kernel are read, and none that a command line names.
    """

    def __init__(self, prefix: str = "", *, probes: bool = True) -> None:
        self.prefix = prefix.rstrip("/")
        self.cut: list[str] = []  # files above LIMIT, of which only the beginning was read
        self.probes = probes

    @property
    def live(self) -> bool:
        """Return True for this machine, about which system calls can be used, too."""
        return not self.prefix

    @property
    def user(self) -> int:
        """Return the effective user ID of this process."""
        return posix.geteuid()

    def read(self, path: str) -> Reading:
        """Read a small text file. Never raise an exception and never block; a FIFO is an error."""
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
        """Read the first of several files that exists."""
        for path in paths:
            reading = self.read(path)
            if reading.error != ABSENT:
                break
        return reading

    def names(self, path: str) -> list[str]:
        """Return the names in a directory, sorted; empty if it cannot be listed."""
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
        """Return True if a file of any kind exists at this path."""
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
        """Return True if only root and this user can have written or replaced a file."""
        return self.untrusted(path) is None

    def untrusted(self, path: str, *, shared: bool = False) -> str | None:
        """Return the reason why another user can have written or replaced a file; None if nobody can.

        Each directory and link on the path is checked. A directory that others can write to is accepted if
        it is sticky, like /tmp; as `path` itself only if it is `shared`, to hold files of several users.
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
        sticky = status.st_mode & _STICKY if shared else 0
        last = status.st_mode & ~_STICKY | sticky
        for file, owner, mode in (*passed, (path, status.st_uid, last)):
            if owner not in (0, posix.geteuid()):
                return f"{file} belongs neither to root nor to you"
            writable = mode & _GROUP_OR_OTHERS_WRITE and mode & _TYPE != _LINK
            if writable and not mode & _STICKY:
                return f"others can write to {file} (mode {mode & 0o7777:04o})"
        return None

    def link(self, path: str) -> str | None:
        """Return the target of a symbolic link, or None if it is not one."""
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
        """Return the first HEAD bytes of a file as text; empty if it cannot be read."""
        return self._head(path).decode("utf-8", "replace")

    def elf_kind(self, path: str) -> bytes:
        """Return class, byte order and machine of an ELF file (elf(5)); empty for another file."""
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

    def architecture(self) -> str:
        """Return the architecture of this machine (uname(2)); "" if it is not known."""
        try:
            return posix.uname().machine if self.live else ""
        except OSError:  # forbidden, as a seccomp filter can
            return ""

    def affinity(self) -> frozenset[int] | None:
        """Return the affinity mask of this process (sched_getaffinity(2)), or None if unavailable."""
        if not self.live or not hasattr(posix, "sched_getaffinity"):
            return None
        try:
            return frozenset(posix.sched_getaffinity(0))
        except OSError:
            return None


def _beginning(descriptor: int) -> bytes:
    """Return the first bytes of a regular file and close it. What a pipe has is for the command to read."""
    try:
        if posix.fstat(descriptor).st_mode & _TYPE != _REGULAR:
            return b""
        return posix.read(descriptor, HEAD)
    finally:
        _close(descriptor)


def _close(descriptor: int) -> None:
    try:
        posix.close(descriptor)
    except OSError:  # the content has been read already
        pass


def _contents(descriptor: int) -> tuple[str, bool]:
    """Return (text of a file, True if it is complete); close the file."""
    try:
        if posix.fstat(descriptor).st_mode & _TYPE != _REGULAR:
            raise ValueError("not a regular file")
        chunks = [posix.read(descriptor, CHUNK)]
        while chunks[-1] and len(chunks) * CHUNK < LIMIT:
            chunks.append(posix.read(descriptor, CHUNK))
    finally:
        _close(descriptor)
    # Copies of sysfs files may be padded with NUL to whole pages.
    return b"".join(chunks).rstrip(b"\0").decode("utf-8", "surrogateescape"), not chunks[-1]


def _walk(
    root: str, path: str, passed: list[tuple[str, int, int]] | None = None, *, follow: bool = True
) -> tuple[int, str]:
    """Return (open directory, last name) of `path`, resolved as if `root` were "/".

    Each component is opened on its own, so that nobody can exchange it for a link meanwhile. `passed` gets
    (path, owner, mode) of each directory and link. With `follow` a link as the last component is followed.
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
