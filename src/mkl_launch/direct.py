"""The start from the entry of a prepared image: its arguments, the environment, shims.

This file runs on Python 3.6.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# ruff: noqa: ANN001, ANN201

import posix
import sys

from mkl_launch import start
from mkl_launch.launch import execute

NAME = b"mkl-launch"
IGNORED = ((1, start.SIGPIPE), (2, start.SIGXFSZ))
BLOCKED = ((1, start.SIGHUP), (2, start.SIGINT), (4, start.SIGTERM))


def run() -> int:
    """Run the launcher with the arguments of the entry; return only if no command was started."""
    argv = sys.argv
    ignored, blocked, entry, ctype = argv[1:5]
    del argv[1:5]
    execute.keep_ignored(members(ignored, IGNORED))
    start.end_by_signals()
    unblock(members(blocked, BLOCKED))
    environ = environment(ctype.encode("utf-8", "surrogateescape")[len("LC_CTYPE") :])
    path = entry.encode("utf-8", "surrogateescape")
    name = path.rpartition(b"/")[2]
    if name == NAME or path.startswith((b"/dev/fd/", b"/proc/")):
        return start.run(environ, path)
    real = next_program(path, name, environ.get(b"PATH", execute.DEFAULT_PATH))
    if not real:
        start.tell(environ, "%s: command not found on PATH after %s" % (text(name), text(path)), 127)  # noqa: UP031
        return 127
    argv[1:1] = ["--", text(real)]
    return start.run(environ, path, name)


def text(data):
    """Return a string for these bytes, decoded like sys.argv."""
    return data.decode("utf-8", "surrogateescape")


def members(digit, numbers):
    """Return the signals whose bits are set in a digit; `numbers` has pairs (bit, signal)."""
    return [number for bit, number in numbers if int(digit) & bit]


def unblock(numbers):
    """Unblock the signals that the entry has blocked since its start; a pending one ends this process."""
    try:
        from _signal import SIG_UNBLOCK, pthread_sigmask

        pthread_sigmask(SIG_UNBLOCK, numbers)
    except (ImportError, OSError):
        pass


def environment(ctype):
    """Return the variables that the entry was started with; Python changes LC_CTYPE in its own copy."""
    try:
        return start.parse(start.read_environ())
    except OSError:
        return start.with_ctype(posix.environ, ctype)


def next_program(entry, name, path):
    """Return the first program of a shim's name on PATH after the last link to this entry, or nothing.

    Programs before the last link are skipped, so that two installations do not start each other forever.
    """
    own = identity(entry)
    program = b""
    for file in execute.candidates(name, path):
        if own and identity(file) == own:
            program = b""
        elif not program and executable(file):
            program = file
    return program


def identity(path):
    """Return (device, inode) of a file, or None if it does not exist."""
    try:
        status = posix.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def executable(path):
    """Return True for a regular file that any user may execute."""
    try:
        mode = posix.stat(path).st_mode
    except OSError:
        return False
    return mode & 0o170000 == 0o100000 and bool(mode & 0o111)
