"""The start of the launcher: the original environment, and a start of the command if the launcher fails.

The entries start Python isolated (-I: no PYTHON* variable, no working directory on the path) and without
site-packages (-S), so that no module of the user is imported. This file runs on Python 3.6, so that the
command starts even if Python is too old for the launcher or the installation is incomplete.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="no-any-return"
# ruff: noqa: ANN001, ANN201, BLE001, UP031, UP036

import posix
import sys

from mkl_launch.launch import execute

# Variables that the shell entry sets. ORIGINAL: a line with the signals that were ignored, then the
# original environment in base64, because a POSIX shell drops variables whose names are not identifiers and
# adds its own. ENTRY: path of the entry. SHIM: name of the command that the entry is a shim of. CTYPE: "="
# and the value of LC_CTYPE, which Python changes in the C locale (PEP 538), or empty if it was not set.
ORIGINAL = b"_MKL_LAUNCH_ENVIRON"
ENTRY = b"_MKL_LAUNCH_ENTRY"
SHIM = b"_MKL_LAUNCH_SHIM"
CTYPE = b"_MKL_LAUNCH_CTYPE"
LOG = b"MKL_LAUNCH_LOG"
OWN = (ORIGINAL, ENTRY, SHIM, CTYPE)
SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXFSZ = 1, 2, 13, 15, 25


def end_by_signals():
    """Let SIGINT, SIGTERM and SIGHUP end this process without a traceback.

    As process 1 it needs handlers for that: the kernel drops a signal that process 1 does not handle.
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

# The same options as in `cli.options` and entrypoint/mkl-launch; tests/process/test_entry.py compares them.
TAKE_A_VALUE = (
    b"--profile",
    b"--cpus",
    b"--workers",
    b"--basis",
    b"--allocator",
    b"--openmp",
    b"--slots",
    b"--bind",
    b"--tuned",
    b"--print-env",
    b"--sysroot",
    b"--machine",
    b"--pid",
    b"--install-shims",
    b"--instances",
    b"--cores-per-instance",
    b"--per",
    b"--on-failure",
    b"--grace",
    b"--log-dir",
)
REPORTS = (
    b"--explain",
    b"--json",
    b"--doctor",
    b"--print-env",
    b"--check",
    b"--picture",
    b"--sysroot",
    b"--machine",
    b"--pid",
    b"--record-image-env",
    b"--prepare",
    b"--install-shims",
    b"--tune",
    b"--help",
    b"-h",
    b"--version",
)


def original(current):
    """Return {name: value} of the environment before the shell and Python changed it."""
    try:
        block = from_base64(current.get(ORIGINAL, b"").rpartition(b"\n")[2])
        if block.endswith(b"\0"):  # complete: the shell reports no error if it could read only a part
            return parse(block)
        # /proc has the environment without LC_CTYPE, which Python sets in the C locale (PEP 538).
        variables = parse(read_environ())
    except (ImportError, OSError, ValueError, LookupError):
        variables = with_ctype(current, current.get(CTYPE))
    return {name: variables[name] for name in variables if name not in OWN}


def from_base64(text):
    """Decode base64. Raise ValueError, LookupError or ImportError.

    A short text is decoded by octal digits, two for each character, because loading binascii takes 0.4 ms.
    """
    if len(text) > SHORT:
        import binascii

        return binascii.a2b_base64(text)
    if len(text) % 4:
        raise ValueError("incomplete base64")
    digits = text.rstrip(b"=")
    bits = 6 * len(digits)
    number = int("".join(map(OCTAL.__getitem__, digits)) or "0", 8)
    return (number >> bits % 8).to_bytes(bits // 8, "big")


def read_environ():
    """Return the block of variables that this process was started with. Raise OSError."""
    file = posix.open("/proc/self/environ", posix.O_RDONLY)
    try:
        data = piece = posix.read(file, 65536)
        while piece:
            piece = posix.read(file, 65536)
            data += piece
    finally:
        posix.close(file)
    return data


def with_ctype(current, ctype):
    """Return these variables with the original LC_CTYPE: "=VALUE", empty if not set, None if unknown."""
    variables = dict(current)
    if ctype is not None:
        variables.pop(b"LC_CTYPE", None)
    if ctype:
        variables[b"LC_CTYPE"] = ctype[1:]
    return variables


def parse(block):
    """Return {name: value} of a block of NAME=VALUE strings ended by NUL; the first of each name counts."""
    variables = {}  # type: dict[bytes, bytes]
    for entry in block.split(b"\0"):
        name, equals, value = entry.partition(b"=")
        if equals and name:  # Python cannot pass "=value" to execve
            variables.setdefault(name, value)
    return variables


def ignored_before(text):
    """Return which of SIGPIPE and SIGXFSZ were ignored: bits of the number in the first line of a text."""
    try:
        mask = int(text.partition(b"\n")[0])
    except ValueError:
        return []
    return [number for number in (SIGPIPE, SIGXFSZ) if mask >> number - 1 & 1]


def close_script(path):
    """Close the entry script, which some shells leave open if low descriptors are in use."""
    try:
        script = posix.stat(path)
        for number in map(int, posix.listdir("/proc/self/fd")):
            try:
                status = posix.fstat(number)
            except OSError:  # the descriptor of the listing itself
                continue
            if (status.st_dev, status.st_ino) == (script.st_dev, script.st_ino):
                posix.close(number)
    except OSError:
        pass


def import_main():
    """Import the launcher and return the function that runs it."""
    if sys.version_info < (3, 9):
        raise ImportError("Python %d.%d is too old, 3.9 is needed" % sys.version_info[:2])
    from mkl_launch.main import run_for_entry

    return run_for_entry


def bypass(reason, environ):
    """Start the command without settings, because the launcher failed for `reason`."""
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
        tell(environ, "the launcher cannot be started: %s" % reason, 125)
        return 125
    tell(environ, "the command starts without settings: %s" % reason)
    try:
        refused = execute.execute(words, environ)
    except ValueError as error:
        refused = OSError(22, str(error))
    name = words[0].decode("utf-8", "replace")
    status = 127 if refused.errno == execute.ENOENT else 126
    tell(environ, "%s: %s" % (name, refused.strerror), status)
    return status


def tell(environ, message, status=None):
    """Write an error, or a warning if there is no exit status; nothing if that fails.

    The installation may be damaged, or the memory too small.
    """
    try:
        from mkl_launch.core import messages

        messages.tell(message, status, as_json=environ.get(LOG) == b"json")
    except Exception:  # noqa: S110
        pass


def attempt(environ, path, shim):
    """Return (exit status of the launcher, ""), or (None, reason) if the launcher failed."""
    try:
        try:
            run_for_entry = import_main()
        except (ImportError, MemoryError):
            raise
        except Exception:
            forget_compiled()
            run_for_entry = import_main()
        return run_for_entry(environ, path, shim), ""
    except Exception as error:
        return None, describe(error)


def describe(error):
    """Return an exception as text, or "no memory" if there is none for that."""
    try:
        return "%s: %s" % (type(error).__name__, error)
    except Exception:
        return "no memory"


def forget_compiled():
    """Drop the imported modules, the bundle and the compiled files, any of which may be damaged."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    sys.pycache_prefix = "/nonexistent"
    kept = ("mkl_launch", "mkl_launch.start", "mkl_launch.launch", "mkl_launch.launch.execute")
    for name in [name for name in sys.modules if name.startswith("mkl_launch") and name not in kept]:
        del sys.modules[name]


def run(environ=None, path=b"", shim=b"") -> int:  # type: ignore[no-untyped-def]
    """Run the launcher; return an exit status only if no command was started.

    An entry without a shell passes its environment, its path and the name of its command if it is a shim.
    """
    end_by_signals()
    if environ is None:
        current = posix.environ
        environ = original(current)
        execute.keep_ignored(ignored_before(current.get(ORIGINAL, b"")))
        path, shim = current.get(ENTRY, b""), current.get(SHIM, b"")
        close_script(path)
    status, reason = attempt(environ, path, shim)
    return bypass(reason, environ) if status is None else status
