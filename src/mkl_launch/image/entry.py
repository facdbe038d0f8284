"""Write the entry without a shell: a program (entrypoint/direct.c) that knows the image's own Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mkl_launch.cli.options import INSTANCE_OPTIONS, REPORTS_WITH_VALUE, WITH_VALUE
from mkl_launch.core.names import REPORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED_PYTHON = PACKAGE.parent / "python"
MARK = b"mkl-launch direct entry"  # what `config` holds in a program that is not filled in
CONFIG_SIZE = 8192
OPTIONS = "-ISBXutf8"
LOADER = ("LD_", "GLIBC_TUNABLES")  # variables that decide whether a Python starts, as direct.c has them
NAME = "mkl-launch"
SHELL, SHELL_ENTRY = "/bin/sh", "entry.sh"
OTHERS = ("/usr/local/bin/python3", "/usr/bin/python3")
MAX_LOADER = 4096  # bytes; more is not noted, and the shell entry tries Python first
EXECUTABLE = 0o755


def program(machine: str) -> Path:
    """The program for a machine as uname(2) names it; the file is missing for all but two."""
    return PACKAGE / f"direct-{machine}.bin"


def is_bundled_python() -> bool:
    """Is this the Python that was brought along (collect-python), not one of the image?"""
    return Path(sys.executable).parent.resolve() == BUNDLED_PYTHON / "bin"


def python() -> list[str]:
    """The words that start this very Python; one that was brought along has a loader of its own."""
    own = os.path.abspath(sys.executable)  # noqa: PTH100  # not resolved: the name outlives an upgrade
    return (
        [str(BUNDLED_PYTHON / "bin" / "ld.so"), "--library-path", str(BUNDLED_PYTHON / "lib"), own]
        if is_bundled_python()
        else [own]
    )


def write(entry: Path, environ: Mapping[str, str]) -> None:
    """Put the entry in the place of the shell entry, of which the package keeps a copy. Raises OSError."""
    machine = os.uname().machine
    data = program(machine).read_bytes()
    at = data.index(MARK)
    config = configuration(environ)
    data = data[:at] + config.ljust(CONFIG_SIZE, b"\0") + data[at + CONFIG_SIZE :]
    partial = entry.with_name(f"{entry.name}.partial")
    partial.write_bytes(data)
    partial.chmod(EXECUTABLE)
    partial.replace(entry)


def restore(entry: Path) -> None:
    """Put the shell entry back. Raises OSError."""
    partial = entry.with_name(f"{entry.name}.partial")
    partial.write_bytes((PACKAGE / SHELL_ENTRY).read_bytes())
    partial.chmod(EXECUTABLE)
    partial.replace(entry)


def problem(entry: Path, environ: Mapping[str, str]) -> str:
    """Start it once, as a container would; why that failed, or nothing."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
    try:
        child = os.posix_spawn(entry, [NAME, "--version"], dict(environ), file_actions=quiet)
    except OSError as error:
        return error.strerror or str(error)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return f"exit status {status}" if status else ""


def configuration(environ: Mapping[str, str]) -> bytes:
    """The lists that direct.c reads. Raises ValueError if they have no room."""
    loader = [f"{name}={value}" for name, value in environ.items() if name.startswith(LOADER)]
    if sum(map(len, loader)) > MAX_LOADER:
        loader = []
    lists = (
        loader,
        python(),
        [OPTIONS, str(PACKAGE / "prepared.py")],
        [SHELL, str(PACKAGE / SHELL_ENTRY), "--entered-as"],
        sorted(WITH_VALUE | INSTANCE_OPTIONS | REPORTS_WITH_VALUE),
        [*(f"--{name}" for name in REPORTS), "-h", "--sysroot", "--machine", "--pid"],
        OTHERS,
    )
    config = b"".join(_encoded(words) for words in lists)
    if len(config) >= CONFIG_SIZE:
        raise ValueError(f"the paths are longer than {CONFIG_SIZE} bytes")
    return config


def _encoded(words: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(word) + b"\0" for word in words) + b"\0"
