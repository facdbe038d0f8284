"""Replace this process with a command: the only exec of the launcher, on any Python from 3.6 on.

`apply` uses it for a launch and `start` if the launcher is broken, so that both start the same file in the
same way. It imports nothing of the launcher, which may be too new for the Python that is there.
"""

# ruff: noqa: RUF005

import posix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# execvp(3) where PATH is unset, confstr(_CS_PATH).
DEFAULT_PATH = b"/bin:/usr/bin"
ENOENT, E2BIG, ENOEXEC, ENOTDIR = 2, 7, 8, 20
# No file by that name can be reached: not found, if no other element of PATH has it. ENODEV, ENAMETOOLONG,
# ELOOP, ENOTCONN (a FUSE file system whose server has died), ETIMEDOUT, ESTALE (NFS).
UNREACHABLE = frozenset((ENOENT, ENOTDIR, 19, 36, 40, 107, 110, 116))
# The file was found, or the process lacks something: no later element of PATH changes that. ENOMEM, EAGAIN,
# EINVAL, ENFILE, EMFILE, ETXTBSY, ELIBBAD.
FINAL = frozenset((E2BIG, ENOEXEC, 11, 12, 22, 23, 24, 26, 80))
HEAD = 256  # bytes of a file that tell a script from a binary

# CPython ignores SIGPIPE and SIGXFSZ at its start, and an ignored signal stays ignored across exec: these
# get their default again, unless the entry saw that they were ignored before (`keep_ignored`).
RESTORED = {13, 25}
SIGCHLD = 17


def keep_ignored(numbers: "Iterable[int]") -> None:
    """Leave these signals ignored for the command, as they were when the launcher was started."""
    RESTORED.difference_update(numbers)


def restore_signals() -> None:
    """Undo what Python and the entry changed. If a sandbox forbids it, the command starts anyway."""
    try:
        from _signal import SIG_DFL, signal  # `signal` imports enum: 5 ms
    except ImportError:
        return
    for number in RESTORED:
        try:
            signal(number, SIG_DFL)
        except (OSError, ValueError):
            pass
    try:
        from _signal import getsignal, sigpending

        # If SIGCHLD is blocked, that of the shell's own child is pending, and the command would get it.
        if SIGCHLD in sigpending() and getsignal(SIGCHLD) == SIG_DFL and childless():
            signal(SIGCHLD, SIG_DFL)  # the kernel forgets it
    except (AttributeError, ImportError, OSError, ValueError):  # some are not in every Python
        pass


def childless() -> bool:
    """Return True if this process has no child, not even one that has ended."""
    try:
        posix.waitid(posix.P_ALL, 0, posix.WEXITED | posix.WNOHANG | posix.WNOWAIT)
    except ChildProcessError:
        return True
    return False


def execute(
    words: "list[bytes]",
    environ: "Mapping[bytes, bytes]",
    called: bytes = b"",
    execve: "Callable[[bytes, list[bytes], Mapping[bytes, bytes]], object]" = posix.execve,
) -> OSError:
    """Exec the command, looked up in its own PATH; return the OSError that says why it was not started.

    `called` is argv[0] if it is not the command's name. Raises ValueError for a NUL.
    """
    restore_signals()
    argv = [called or words[0]] + words[1:]
    by_path = b"/" not in words[0]
    refused = OSError(ENOENT, "command not found")
    if not words[0]:
        return refused
    for path in candidates(words[0], environ.get(b"PATH", DEFAULT_PATH)):
        try:
            _execute(path, argv, environ, execve)
        except OSError as error:
            absent = UNREACHABLE if by_path else (ENOENT, ENOTDIR)
            if error.errno not in absent and refused.errno == ENOENT:
                refused = error
            if error.errno in FINAL:
                return error
    return refused


def _execute(
    path: bytes,
    argv: "list[bytes]",
    environ: "Mapping[bytes, bytes]",
    execve: "Callable[[bytes, list[bytes], Mapping[bytes, bytes]], object]",
) -> None:
    try:
        execve(path, argv, environ)
    except OSError as error:
        # A script without an interpreter line is a shell script, as in execvp(3); a program of another
        # machine type is refused the same way, and no shell should read that.
        if error.errno != ENOEXEC or b"\0" in head(path):
            raise
        refused = error
    try:
        execve(b"/bin/sh", [b"sh", path] + argv[1:], environ)
    except OSError as error:
        if error.errno == E2BIG:
            raise
        raise refused from None


def candidates(name: bytes, path: bytes) -> "list[bytes]":
    """Return the possible files of a command, in the order of PATH; "" in PATH is the working directory."""
    if b"/" in name:
        return [name]
    return [(directory or b".") + b"/" + name for directory in path.split(b":")]


def head(path: bytes) -> bytes:
    """Return the first bytes of a file; b"" if it cannot be read."""
    try:
        descriptor = posix.open(path, posix.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return posix.read(descriptor, HEAD)
    except OSError:
        return b""
    finally:
        try:
            posix.close(descriptor)
        except OSError:
            pass
