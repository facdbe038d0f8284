"""Preparing an image, while it is built: its ENV is noted, shims and an entry without a shell are made."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from mkl_launch.core.errors import PreparationError, UsageError
from mkl_launch.core.messages import printable, write_output
from mkl_launch.core.names import PREPARE, RECORD_IMAGE_ENV
from mkl_launch.host.detect import IMAGE_NOTE
from mkl_launch.host.filesystem import Root
from mkl_launch.image import bundle
from mkl_launch.image import entry as native
from mkl_launch.model.request import Request
from mkl_launch.tables.commands import NAMES
from mkl_launch.tables.variables import VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


# What the shell entry starts, by these names, before it knows of any shim.
NEEDED = frozenset(("python3", "base64", "readlink", "timeout", "sh", "mkl-launch"))
NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def run(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Do the step that was asked for, say what was done and return the exit status.

    `entry` is the path of the entry script.
    """
    if request.report == RECORD_IMAGE_ENV:
        done = record_env(environ)
    elif request.report == PREPARE:
        done = prepare(environ, entry, request.install_shims, request.command)
    else:
        done = install_shims(request.install_shims, request.command, entry, environ.get("PATH", ""))
    return write_output("\n".join(map(printable, done.split("\n"))))


def prepare(
    environ: Mapping[str, str],
    entry: str,
    shims: str = "",
    names: tuple[str, ...] = (),
    note: str = IMAGE_NOTE,
) -> str:
    """Do once what an image needs; what was done, in words, a line a step. The same again is the same.

    Raises UsageError or PreparationError.
    """
    option = f"--{PREPARE}"
    if not entry:
        raise UsageError(f"{option}: only the installed mkl-launch can be prepared, not a Python module")
    if names and not shims:
        raise UsageError(f"{option} {names[0]}: names of shims belong behind --install-shims DIR")
    place = Path(os.path.realpath(entry))
    if place.name != native.NAME or not (native.PACKAGE / native.SHELL_ENTRY).exists():
        raise PreparationError(f"{option}: {place} is not the entry of an installed mkl-launch")
    # First, as it refuses names: nothing is written for a command line that is wrong.
    shimmed = [install_shims(shims, names, entry, environ.get("PATH", ""))] if shims else []
    steps = [_noted(environ, note), _compiled(option)]
    steps += filter(None, [_hooked()])
    steps += [*shimmed, _entered(place, environ)]
    return "\n".join(steps)


def _noted(environ: Mapping[str, str], note: str) -> str:
    """Without the right to write it, as in a user's virtual environment, there is no note."""
    try:
        return record_env(environ, note)
    except PreparationError as error:
        if getattr(error.__cause__, "errno", None) not in NOT_OURS:
            raise
        return f"not noted what ENV sets: {error}"


def _compiled(option: str) -> str:
    _compile()
    try:
        bundle.write()
    except OSError as error:
        raise PreparationError(f"{option}: {error.filename}: {error.strerror}") from None
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    return f"{bundle.PACKAGE}: compiled for {sys.executable}, {version}"


def _hooked() -> str:
    """Install what tells the libraries that divide by themselves which numbers are the launcher's."""
    from mkl_launch.image.python_hook import install

    if native.is_bundled_python():
        return ""
    try:
        return install(sys.executable)
    except PreparationError as error:
        return f"no hook for libraries that divide the CPUs themselves: {error}"


def _entered(place: Path, environ: Mapping[str, str]) -> str:
    """Put the entry without a shell in place if there is one, and try it; undo that if it fails."""
    machine = os.uname().machine
    if not native.program(machine).exists():
        return f"{place}: stays a shell script: no other entry is known for {machine}"
    try:
        native.write(place, environ)
        problem = native.problem(place, environ)
        if problem:
            native.restore(place)
            return f"{place}: stays a shell script: the entry without a shell failed: {problem}"
    except ValueError as error:
        return f"{place}: stays a shell script: {error}"
    except OSError as error:
        raise PreparationError(f"--{PREPARE}: {error.filename}: {error.strerror}") from None
    return f"{place}: starts {native.python()[-1]} without a shell"


def record_env(environ: Mapping[str, str], note: str = IMAGE_NOTE) -> str:
    """Note the variables of the table as they are now; what was done, in words.

    Values of several lines are left out. Raises PreparationError where it cannot be written.
    """
    names = [row.name for row in VARIABLES if "\n" not in environ.get(row.name, "\n")]
    try:
        _directory(Path(note).parent)
        Path(note).write_text(
            "".join(f"{name}={environ[name]}\n" for name in names),
            encoding="utf-8",
            errors="surrogateescape",
        )
        Path(note).chmod(0o644)
    except OSError as error:
        raise PreparationError(f"--record-image-env: {note}: {error.strerror}") from error
    _compile()
    return f"{note}: {', '.join(names) or 'none of the variables is set'}"


def install_shims(folder: str, names: tuple[str, ...], entry: str, path: str) -> str:
    """Link names to the entry script; what was done, in words.

    Without names those of the table that are installed. Raises UsageError or PreparationError.
    """
    option = f"--install-shims {folder}"
    if not entry:
        raise UsageError(f"{option}: only the installed mkl-launch can be linked to, not a Python module")
    names = names or _known(path)
    strange = next((name for name in names if not name or "/" in name), None)
    if strange is not None:
        raise UsageError(f"{option}: {strange!r} is not the name of a command on PATH")
    needed = next((name for name in names if name in NEEDED), None)
    if needed:
        raise UsageError(f"{option}: {needed}: the launcher itself is started with it")
    if not names:
        raise UsageError(
            f"{option}: no known command is installed; name those you mean behind the directory"
        )
    try:
        _directory(Path(folder))
        _safe(Path(folder), option)
        for name in names:
            _link(Path(folder) / name, os.path.realpath(entry))
    except OSError as error:
        raise PreparationError(f"{option}: {error.filename}: {error.strerror}") from None
    _compile()
    first = path.split(":", maxsplit=1)[0] == folder
    absent = [name for name in names if not _installed(name, folder, path)]
    return (
        f"{folder}: {', '.join(names)}"
        + (f"; not on PATH behind it, so far: {', '.join(absent)}" if absent else "")
        + ("" if first else f"; now `ENV PATH={folder}:$PATH`")
    )


def _known(path: str) -> tuple[str, ...]:
    """The commands of the table that are installed."""
    from shutil import which  # which the least Python of a distribution lacks

    return tuple(name for name in NAMES if which(name, path=path))


def _installed(name: str, folder: str, path: str) -> bool:
    """Is there a program for a shim to start?"""
    places = [Path(place or ".") / name for place in path.split(":")]
    link = Path(folder) / name
    return any(place.is_file() and not place.samefile(link) for place in places)


def _directory(place: Path) -> None:
    """A directory that whoever runs the image can read, whatever the umask of its build."""
    if not place.is_dir():
        _directory(place.parent)
        place.mkdir()
        place.chmod(0o755)


def _safe(place: Path, option: str) -> None:
    """Nobody but root and this user may put a program there that goes before all others."""
    problem = Root().untrusted(f"{Path.cwd()}/{place}" if not place.is_absolute() else str(place))
    if problem:
        raise PreparationError(f"{option}: {problem}")


def _compile() -> None:
    """Compile the launcher for this Python, which a start never does, since it writes nothing."""
    from compileall import compile_dir

    compile_dir(bundle.PACKAGE, quiet=2)


def _link(place: Path, target: str) -> None:
    """A link that replaces an older one, but no program."""
    if place.is_symlink():
        place.unlink()
    place.symlink_to(target)
