"""What the entry of a prepared image hands over, before `start` takes it from there.

Any Python from 3.6 on can read this file.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# ruff: noqa: ANN001, ANN201

import posix

from mkl_launch import start
from mkl_launch.launch import execute

NAME = b"mkl-launch"
IGNORED = ((1, start.SIGPIPE), (2, start.SIGXFSZ))
BLOCKED = ((1, start.SIGHUP), (2, start.SIGINT), (4, start.SIGTERM))


def run(argv) -> int:  # type: ignore[no-untyped-def]
    """The exit status where no command was started. Takes the entry's words out of the arguments."""
    ignored, blocked, called, ctype = argv[1:5]
    del argv[1:5]
    execute.keep_ignored(members(ignored, IGNORED))
    start.end_by_signals()
    unblock(members(blocked, BLOCKED))
    environ = environment(ctype.encode("utf-8", "surrogateescape")[len("LC_CTYPE") :])
    path = called.encode("utf-8", "surrogateescape")
    name = path.rpartition(b"/")[2]
    if name == NAME or path.startswith((b"/dev/fd/", b"/proc/")):
        return start.run(environ, path)
    real = behind(path, name, environ.get(b"PATH", execute.DEFAULT_PATH))
    if not real:
        start.say("%s: command not found behind %s" % (text(name), text(path)))  # noqa: UP031
        return 127
    argv[1:1] = ["--", text(real)]
    return start.run(environ, path, name)


def text(data):
    """A string that stands for these bytes, as in sys.argv."""
    return data.decode("utf-8", "surrogateescape")


def members(digit, numbers):
    """The numbers whose bits are set."""
    return [number for bit, number in numbers if int(digit) & bit]


def unblock(numbers):
    """Let signals through that the entry has kept since it was started: one that came ends this process."""
    try:
        from _signal import SIG_UNBLOCK, pthread_sigmask

        pthread_sigmask(SIG_UNBLOCK, numbers)
    except (ImportError, OSError):
        pass


def environment(ctype):
    """The variables that the entry was started with; Python has changed its own copy (LC_CTYPE)."""
    try:
        return start.parse(start.read_environ())
    except OSError:
        return start.with_ctype(posix.environ, ctype)


def behind(entry, name, path):
    """The next program of a shim's name on PATH, behind the last link to this entry; nothing if none is.

    Behind the last one, so that two installations do not call each other for ever.
    """
    own = identity(entry)
    found = b""
    for place in execute.candidates(name, path):
        if own and identity(place) == own:
            found = b""
        elif not found and executable(place):
            found = place
    return found


def identity(path):
    """What tells two files apart; None if there is none."""
    try:
        status = posix.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def executable(path):
    """Is it a file with a mode that lets somebody execute it?"""
    try:
        mode = posix.stat(path).st_mode
    except OSError:
        return False
    return mode & 0o170000 == 0o100000 and bool(mode & 0o111)
