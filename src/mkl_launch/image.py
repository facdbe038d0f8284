"""Preparing an image, while it is built: what its ENV sets is noted, shims are put in place."""

from __future__ import annotations

import os
from pathlib import Path

from .commands import NAMES
from .detect import IMAGE_NOTE
from .errors import PreparationError, UsageError
from .source import Root
from .variables import VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


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
        raise PreparationError(f"--record-image-env: {note}: {error.strerror}") from None
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
    strange = next((name for name in names if not name or "/" in name or name == "mkl-launch"), None)
    if strange is not None:
        raise UsageError(f"{option}: {strange!r} is not the name of a command on PATH")
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
    return f"{folder}: {', '.join(names)}" + ("" if first else f"; now `ENV PATH={folder}:$PATH`")


def _known(path: str) -> tuple[str, ...]:
    """The commands of the table that are installed."""
    from shutil import which  # which the least Python of a distribution lacks

    return tuple(name for name in NAMES if which(name, path=path))


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

    compile_dir(Path(__file__).parent, quiet=2)


def _link(place: Path, target: str) -> None:
    """A link that replaces an older one, but no program."""
    if place.is_symlink():
        place.unlink()
    place.symlink_to(target)
