"""The first and the last resort: the environment as it was given, and a start without the launcher.

The entries start Python isolated (-I: no PYTHON* variable, no working directory on the path) and without
site-packages (-S), so nothing of the user's is imported. Any Python from 3.6 on can read this file: one
that is too old, or an incomplete installation, starts the command all the same.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"
# ruff: noqa: ANN001, ANN201, BLE001, UP031, UP036

import posix
import sys

from mkl_launch.launch import execute

# Variables of the shell entry: the environment that it was started with, in base64, since a POSIX shell
# drops variables whose names are no identifiers and adds its own, behind a line with the signals that were
# ignored; its own path; the name of the command that it is a shim of; "=" and the value of LC_CTYPE, which
# Python changes in the C locale (PEP 538), or nothing.
ORIGINAL = b"_MKL_LAUNCH_ENVIRON"
ENTRY = b"_MKL_LAUNCH_ENTRY"
SHIM = b"_MKL_LAUNCH_SHIM"
CTYPE = b"_MKL_LAUNCH_CTYPE"
OWN = (ORIGINAL, ENTRY, SHIM, CTYPE)
SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXFSZ = 1, 2, 13, 15, 25


def end_by_signals():
    """Have signals end the start as they end any program: Python's handler of SIGINT prints a traceback.

    The kernel drops a signal that process 1 has no handler for: SIGTERM, SIGHUP and SIGINT end it here.
    """
    try:
        from _signal import SIG_DFL, SIG_IGN, default_int_handler, getsignal, signal

        if getsignal(SIGINT) is default_int_handler:
            signal(SIGINT, SIG_DFL)
        if posix.getpid() == 1:
            for number in (SIGHUP, SIGINT, SIGTERM):
                if getsignal(number) is not SIG_IGN:
                    signal(number, lambda number, _: posix._exit(128 + number))  # noqa: SLF001
    except (ImportError, OSError, ValueError):
        pass


ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
OCTAL = dict(zip(ALPHABET, ["%02o" % number for number in range(64)]))
SHORT = 8000  # characters of base64: an environment of 6 kB

# As `options` and entrypoint/mkl-launch have them; tests/process/test_exec.py compares.
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
    b"--instances",
    b"--cores-per-instance",
    b"--on-failure",
    b"--grace",
    b"--log-dir",
)
REPORTS = (
    b"--explain",
    b"--json",
    b"--print-env",
    b"--sysroot",
    b"--machine",
    b"--pid",
    b"--record-image-env",
    b"--prepare",
    b"--install-shims",
    b"--help",
    b"-h",
    b"--version",
)


def original(seen):
    """The environment before the shell and before this Python, as {name: value}."""
    try:
        block = from_base64(seen.get(ORIGINAL, b"").rpartition(b"\n")[2])
        if block.endswith(b"\0"):  # whole: a shell that fails to read all of it tells nobody
            return parse(block)
        # Without LC_CTYPE, which Python sets in the C locale (PEP 538).
        variables = parse(read_environ())
    except (ImportError, OSError, ValueError, LookupError):
        variables = with_ctype(seen, seen.get(CTYPE))
    return {name: variables[name] for name in variables if name not in OWN}


def from_base64(text):
    """Decode base64. Raises ValueError, LookupError or ImportError.

    A short one by its octal digits, two for each character: binascii is a file to load, and takes 0.4 ms.
    """
    if len(text) > SHORT:
        import binascii

        return binascii.a2b_base64(text)
    digits = text.rstrip(b"=")
    bits = 6 * len(digits)
    number = int("".join(map(OCTAL.__getitem__, digits)) or "0", 8)
    return (number >> bits % 8).to_bytes(bits // 8, "big")


def read_environ():
    """Read the variables that this process was started with. Raises OSError."""
    file = posix.open("/proc/self/environ", posix.O_RDONLY)
    try:
        data = piece = posix.read(file, 65536)
        while piece:
            piece = posix.read(file, 65536)
            data += piece
    finally:
        posix.close(file)
    return data


def with_ctype(seen, given):
    """These variables with LC_CTYPE as it was: "=value", nothing where it was not set, None: unknown."""
    variables = dict(seen)
    if given is not None:
        variables.pop(b"LC_CTYPE", None)
    if given:
        variables[b"LC_CTYPE"] = given[1:]
    return variables


def parse(block):
    """The variables in a block of NAME=VALUE ended by NUL, the first of each name."""
    variables = {}  # type: dict[bytes, bytes]
    for entry in block.split(b"\0"):
        name, equals, value = entry.partition(b"=")
        if equals and name:  # "=value" is nothing that execve can be given by Python
            variables.setdefault(name, value)
    return variables


def ignored_before(text):
    """Of SIGPIPE and SIGXFSZ those whose bits are set in this number, the first line of a text."""
    try:
        mask = int(text.partition(b"\n")[0])
    except ValueError:
        return []
    return [number for number in (SIGPIPE, SIGXFSZ) if mask >> number - 1 & 1]


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
    from mkl_launch.main import entry

    return entry


def bypass(reason, environ):
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
    if reports or not words:
        say("the launcher cannot be started: %s" % reason)
        return 125
    say("the command starts without settings: %s" % reason)
    try:
        refused = execute.execute(words, environ)
    except ValueError as error:
        refused = OSError(22, str(error))
    name = words[0].decode("utf-8", "replace")
    say("%s: %s" % (name, refused.strerror))
    return 127 if refused.errno == execute.ENOENT else 126


def say(line):
    """One line on standard error; nothing where the installation or the memory lacks even that."""
    try:
        from mkl_launch.core.messages import say as tell

        tell(line)
    except Exception:  # noqa: S110
        pass


def attempt(environ, path, shim):
    """The exit status of the launcher, or None and the reason why it did not come to one."""
    try:
        try:
            entry = start()
        except (ImportError, MemoryError):
            raise
        except Exception:
            from_sources()
            entry = start()
        return entry(environ, path, shim), ""
    except Exception as error:
        return None, describe(error)


def describe(error):
    """An exception in words, even where there is no memory left for them."""
    try:
        return "%s: %s" % (type(error).__name__, error)
    except Exception:
        return "no memory"


def from_sources():
    """Forget what was imported, the bundle and the compiled files, which may be damaged (Python 3.8)."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    sys.pycache_prefix = "/nonexistent"
    kept = ("mkl_launch", "mkl_launch.start", "mkl_launch.launch", "mkl_launch.launch.execute")
    for name in [name for name in sys.modules if name.startswith("mkl_launch") and name not in kept]:
        del sys.modules[name]


def run(environ=None, path=b"", shim=b"") -> int:  # type: ignore[no-untyped-def]
    """The exit status where no command was started.

    An entry without a shell hands over its environment, its path and the name that it is a shim of.
    """
    end_by_signals()
    if environ is None:
        seen = posix.environ
        environ = original(seen)
        execute.keep_ignored(ignored_before(seen.get(ORIGINAL, b"")))
        path, shim = seen.get(ENTRY, b""), seen.get(SHIM, b"")
        close_script(path)
    status, reason = attempt(environ, path, shim)
    return bypass(reason, environ) if status is None else status
