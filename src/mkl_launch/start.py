"""The first and the last resort: the environment as it was given, and a start without the launcher.

`entrypoint` starts Python isolated (-I: no PYTHON* variable, no working directory on the path) and without
site-packages (-S), so nothing of the user's is imported. This file is written so that any Python 3 can read
it: one that is too old, or an incomplete installation, starts the command all the same.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"
# ruff: noqa: ANN001, ANN201, BLE001, RUF005, UP031, UP036

import posix
import sys

# From `entrypoint`: the environment that it was started with, in base64, since a POSIX shell drops
# variables whose names are no identifiers and adds its own; its own path; and, where it was called as a
# shim, the name of the command.
ORIGINAL = b"_MKL_LAUNCH_ENVIRON"
ENTRY = b"_MKL_LAUNCH_ENTRY"
SHIM = b"_MKL_LAUNCH_SHIM"

TAKE_A_VALUE = (
    b"--profile",
    b"--cpus",
    b"--workers",
    b"--basis",
    b"--allocator",
    b"--openmp",
    b"--bind",
    b"--print-env",
    b"--sysroot",
    b"--machine",
    b"--pid",
    b"--install-shims",
    *(b"--instances", b"--cores-per-instance", b"--on-failure", b"--grace", b"--log-dir"),
)
REPORTS = (
    *(b"--explain", b"--json", b"--print-env", b"--sysroot", b"--machine", b"--record-image-env"),
    *(b"--install-shims", b"--help", b"-h", b"--version"),
)


def original(seen):
    """The environment before the shell and before this Python, as {name: value}."""
    try:
        import binascii

        block = binascii.a2b_base64(seen.get(ORIGINAL, b""))
        if block.endswith(b"\0"):  # whole: a shell that fails to read all of it tells nobody
            return parse(block)
        # Without LC_CTYPE, which Python sets in the C locale (PEP 538).
        with open("/proc/self/environ", "rb") as file:  # noqa: PTH123
            variables = parse(file.read())
    except (ImportError, OSError, ValueError):
        variables = dict(seen)
    return {name: variables[name] for name in variables if name not in (ORIGINAL, ENTRY, SHIM)}


def parse(block):
    """The variables in a block of NAME=VALUE ended by NUL, the first of each name."""
    variables = {}  # type: dict[bytes, bytes]
    for entry in block.split(b"\0"):
        name, equals, value = entry.partition(b"=")
        if equals and name:  # "=value" is nothing that execve can be given by Python
            variables.setdefault(name, value)
    return variables


def close_script(path):
    """Close the entry script, which shells leave open where a standard stream or fds 3-9 are taken."""
    try:
        script = posix.stat(path)
        for number in map(int, posix.listdir("/proc/self/fd")):
            try:
                status = posix.fstat(number)
            except OSError:  # the directory that was just listed
                continue
            if (status.st_dev, status.st_ino) == (script.st_dev, script.st_ino):
                posix.close(number)
    except OSError:
        pass


def start():
    """Import the launcher."""
    if sys.version_info < (3, 9):
        raise ImportError("Python %d.%d is too old, 3.9 is needed" % sys.version_info[:2])
    from mkl_launch.cli import entry

    return entry


def bypass(error, environ):
    """Start the command without settings: whatever is broken here is not its fault."""
    words = [arg.encode(sys.getfilesystemencoding(), "surrogateescape") for arg in sys.argv[1:]]
    reports = False
    while words and words[0].startswith(b"-"):
        option, equals, _ = words.pop(0).partition(b"=")
        if option == b"--":
            break
        reports = reports or option in REPORTS
        if option in TAKE_A_VALUE and not equals:
            del words[:1]
    reason = "%s: %s" % (type(error).__name__, error)
    if reports or not words:
        say("the launcher cannot be started: %s" % reason)
        return 125
    say("the command starts without settings: %s" % reason)
    return execute(words, environ)


def execute(words, environ):
    """Exec as the launcher would; the exit status where that fails."""
    try:
        from _signal import SIG_DFL, SIGPIPE, SIGXFSZ, signal

        signal(SIGPIPE, SIG_DFL)
        signal(SIGXFSZ, SIG_DFL)
    except ImportError:
        pass
    status = 127
    for directory in environ.get(b"PATH", b"/bin:/usr/bin").split(b":"):
        path = words[0] if b"/" in words[0] else directory + b"/" + words[0]
        try:
            posix.execve(path, words, environ)
        except OSError as error:
            if error.errno == 8:  # ENOEXEC: a script without an interpreter line, as in execvp(3)
                posix.execve(b"/bin/sh", [b"sh", path] + words[1:], environ)
            if error.errno not in (2, 20):  # ENOENT, ENOTDIR
                status = 126
    say("%s: cannot be started" % words[0].decode("utf-8", "replace"))
    return status


def say(line):
    """One line on standard error; nothing where the installation lacks even that."""
    try:
        from mkl_launch.stderr import say as tell

        tell(line)
    except (ImportError, OSError, SyntaxError, ValueError):
        pass


def run():  # type: () -> int
    """The exit status where no command was started."""
    environ = original(posix.environ)
    path = posix.environ.get(ENTRY, b"")
    close_script(path)
    try:
        return start()(environ, path, posix.environ.get(SHIM, b""))
    except Exception as error:
        return bypass(error, environ)
