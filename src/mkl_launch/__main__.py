"""Start the launcher as `python3 -I -S -X utf8 .../mkl_launch/__main__.py`.

Isolated (-I: no PYTHON* variable, no working directory on the path) and without site-packages (-S), so
nothing of the user's is imported. Written so that any Python 3 can read it: one that is too old, or an
incomplete installation, starts the command all the same.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# ruff: noqa: ANN001, ANN201, BLE001, UP031, UP036

import posix
import sys

# What `entrypoint` was started with, in base64: a POSIX shell drops variables whose names are no
# identifiers and adds its own.
ORIGINAL = b"_MKL_LAUNCH_ENVIRON"
OF_THE_SHELL = (
    b"PWD",
    b"OLDPWD",
    b"SHLVL",
    b"_",
    b"IFS",
    b"PS1",
    b"PS2",
    b"PS4",
    b"OPTIND",
    b"PPID",
)

TAKE_A_VALUE = (b"--profile", b"--cpus", b"--workers", b"--bind", b"--print-env", b"--sysroot")
REPORTS = (b"--explain", b"--json", b"--print-env", b"--sysroot", b"--help", b"-h", b"--version")


def original(seen):
    """The environment before the shell, as {name: value}; `seen` where that cannot be had."""
    seen = dict(seen)
    encoded = seen.pop(ORIGINAL, b"")
    try:
        import binascii

        entries = binascii.a2b_base64(encoded).split(b"\0")
    except (ImportError, ValueError):
        return seen
    before = {}  # type: dict[bytes, bytes]
    for entry in entries:
        name, equals, value = entry.partition(b"=")
        if equals:
            before.setdefault(name, value)
    for name in seen:
        # Another process's environment (a foreign /proc), or a truncated one, is of no use.
        if name not in OF_THE_SHELL and before.get(name) != seen[name]:
            return seen
    return before


def start():
    """Import the launcher from beside this file and run it."""
    if sys.version_info < (3, 9):
        raise ImportError("Python %d.%d is too old, 3.9 is needed" % sys.version_info[:2])
    if not __package__:
        # Last: the standard library must not be hidden by what is installed beside the launcher.
        sys.path.append(__file__.rpartition("/")[0] + "/..")
    from mkl_launch.cli import entry

    return entry


def bypass(error, environ):
    """Start the command without the launcher; a report cannot be had without it."""
    words = [arg.encode(sys.getfilesystemencoding(), "surrogateescape") for arg in sys.argv[1:]]
    reports = False
    while words and words[0].startswith(b"-"):
        option, equals, _ = words.pop(0).partition(b"=")
        if option == b"--":
            break
        reports = reports or option in REPORTS
        if option in TAKE_A_VALUE and not equals:
            del words[:1]
    if reports or not words:
        say("the launcher cannot be started: %s" % error)
        return 125
    say("the command starts without the launcher: %s" % error)
    for directory in environ.get(b"PATH", b"/bin:/usr/bin").split(b":"):
        try:
            posix.execve(words[0] if b"/" in words[0] else directory + b"/" + words[0], words, environ)
        except OSError:
            pass
    say("%s: cannot be started" % words[0].decode("utf-8", "replace"))
    return 127


def say(line):
    """One line on standard error, if there is one."""
    try:
        posix.write(2, ("mkl-launch: %s\n" % line).encode("utf-8", "surrogateescape"))
    except OSError:
        pass


def run():
    """The exit status where no command was started."""
    environ = original(posix.environ)
    try:
        launch = start()
    except Exception as error:
        return bypass(error, environ)
    return launch(environ)


if __name__ == "__main__":
    sys.exit(run())
