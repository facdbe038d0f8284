"""The entry without a shell: a program (entrypoint/direct.c) with the path of the image's Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mkl_launch.cli.options import INSTANCE_OPTIONS, REPORTS_WITH_VALUE, WITH_VALUE
from mkl_launch.core.option_names import REPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED_PYTHON = PACKAGE.parent / "python"
MARK = b"mkl-launch direct entry"  # placeholder of the configuration in the compiled program
CONFIG_SIZE = 8192
OPTIONS = "-ISBXutf8"
# Prefixes of variables that can keep a Python from starting, the same as in direct.c.
LOADER = ("LD_", "GLIBC_TUNABLES")
NAME = "mkl-launch"
SHELL, SHELL_ENTRY = "/bin/sh", "entry.sh"
OTHERS = ("/usr/local/bin/python3", "/usr/bin/python3")
MAX_LOADER = 4096  # bytes; more are left out, and then the shell entry tries Python first
EXECUTABLE = 0o755


def program(machine: str) -> Path:
    """Return the path of the program for a machine of uname(2); it exists for two machines only."""
    return PACKAGE / f"direct-{machine}.bin"


def is_bundled_python() -> bool:
    """Return True if this Python was copied with the launcher (collect-python) and is not the image's."""
    return Path(sys.executable).parent.resolve() == BUNDLED_PYTHON / "bin"


def python() -> list[str]:
    """Return the words that start this Python; a Python copied with the launcher needs its own loader."""
    own = os.path.abspath(sys.executable)  # noqa: PTH100  # not resolved: an upgrade changes the target
    return (
        [str(BUNDLED_PYTHON / "bin" / "ld.so"), "--library-path", str(BUNDLED_PYTHON / "lib"), own]
        if is_bundled_python()
        else [own]
    )


def write(entry: Path, environ: Mapping[str, str]) -> None:
    """Replace the shell entry, of which the package has a copy, by the program. Raise OSError."""
    machine = os.uname().machine
    data = program(machine).read_bytes()
    start = data.index(MARK)
    config = configuration(environ)
    data = data[:start] + config.ljust(CONFIG_SIZE, b"\0") + data[start + CONFIG_SIZE :]
    partial = entry.with_name(f"{entry.name}.partial")
    partial.write_bytes(data)
    partial.chmod(EXECUTABLE)
    partial.replace(entry)


def restore(entry: Path) -> None:
    """Restore the shell entry. Raise OSError."""
    partial = entry.with_name(f"{entry.name}.partial")
    partial.write_bytes((PACKAGE / SHELL_ENTRY).read_bytes())
    partial.chmod(EXECUTABLE)
    partial.replace(entry)


def problem(entry: Path, environ: Mapping[str, str]) -> str:
    """Start the entry once as a container does; return why it fails, or ""."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    try:
        child = os.posix_spawn(entry, [NAME, "--version"], dict(environ), file_actions=quiet)
    except OSError as error:
        return error.strerror or str(error)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return f"exit status {status}" if status else ""


def configuration(environ: Mapping[str, str]) -> bytes:
    """Return the lists of words that direct.c reads. Raise ValueError if they are too long."""
    loader = [f"{name}={value}" for name, value in environ.items() if name.startswith(LOADER)]
    if sum(map(len, loader)) > MAX_LOADER:
        loader = []
    lists = (
        loader,
        python(),
        [OPTIONS, "-Xprepared", str(PACKAGE / "__main__.py")],
        [SHELL, str(PACKAGE / SHELL_ENTRY), "--entered-as"],
        sorted(WITH_VALUE | INSTANCE_OPTIONS | REPORTS_WITH_VALUE),
        [*(f"--{name}" for name in REPORTS), "-h", "--sysroot", "--machine", "--pid", "--tune"],
        OTHERS,
    )
    config = b"".join(_encoded(words) for words in lists)
    if len(config) >= CONFIG_SIZE:
        raise ValueError(f"its configuration is longer than {CONFIG_SIZE} bytes")
    return config


def _encoded(words: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(word) + b"\0" for word in words) + b"\0"
