"""The steps of a Dockerfile: the record of ENV, shims, and the entry without a shell."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from mkl_launch.core.errors import PreparationError, UsageError
from mkl_launch.core.messages import printable, write_output
from mkl_launch.core.option_names import PREPARE, RECORD_IMAGE_ENV
from mkl_launch.host.detect import IMAGE_NOTE
from mkl_launch.host.filesystem import Root
from mkl_launch.image import bundle
from mkl_launch.image import entry as native
from mkl_launch.model.request import Request
from mkl_launch.tables.all_commands import NAMES
from mkl_launch.tables.variables import VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


# Commands that the shell entry starts. A shim of one of them would start the entry again.
NEEDED = frozenset(("python3", "base64", "readlink", "timeout", "sh", "mkl-launch"))
NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)


def run(request: Request, environ: Mapping[str, str], entry: str) -> int:
    """Run the requested step, print what was done and return the exit status.

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
    """Run all preparations of an image; return a line of text for each step.

    Preparing an image again changes nothing. Raise UsageError or PreparationError.
    """
    option = f"--{PREPARE}"
    if not entry:
        raise UsageError(f"{option}: only an installed mkl-launch can be prepared, not a Python module")
    if names and not shims:
        raise UsageError(
            f"{option} {names[0]}: names of commands are accepted only after --install-shims DIR"
        )
    script = Path(os.path.realpath(entry))
    if script.name != native.NAME or not (native.PACKAGE / native.SHELL_ENTRY).exists():
        raise PreparationError(f"{option}: {script} is not the entry of an installed mkl-launch")
    # Shims come first, because they check names: a wrong command line must not change anything.
    shim_steps = [install_shims(shims, names, entry, environ.get("PATH", ""))] if shims else []
    steps = [_record_env(environ, note), _write_bundle(option), _install_hook(), *shim_steps]
    steps.append(_write_entry(script, environ))
    return "\n".join(filter(None, steps))


def _record_env(environ: Mapping[str, str], note: str) -> str:
    """Record ENV, unless this user may not write the record, as in a virtual environment."""
    try:
        return record_env(environ, note)
    except PreparationError as error:
        if getattr(error.__cause__, "errno", None) not in NOT_OURS:
            raise
        return f"the variables of ENV are not recorded: {error}"


def _write_bundle(option: str) -> str:
    """Compile the launcher and write its bundle for this Python."""
    _compile()
    try:
        bundle.write()
    except OSError as error:
        raise PreparationError(f"{option}: {error.filename}: {error.strerror}") from None
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    return f"{bundle.PACKAGE}: compiled for {sys.executable}, {version}"


def _install_hook() -> str:
    """Install the hook for Python libraries that divide the CPUs; return "" if it is not needed."""
    from mkl_launch.image.python_hook import install

    if native.is_bundled_python():
        return ""
    try:
        return install(sys.executable)
    except PreparationError as error:
        return f"the hook for libraries that divide the CPUs is not installed: {error}"


def _write_entry(script: Path, environ: Mapping[str, str]) -> str:
    """Replace the entry script by the entry without a shell; restore the script if that fails."""
    machine = os.uname().machine
    if not native.program(machine).exists():
        return f"{script}: stays a shell script: there is no other entry for {machine}"
    try:
        native.write(script, environ)
        problem = native.problem(script, environ)
        if problem:
            native.restore(script)
            return f"{script}: stays a shell script: the entry without a shell failed: {problem}"
    except ValueError as error:
        return f"{script}: stays a shell script: {error}"
    except OSError as error:
        raise PreparationError(f"--{PREPARE}: {error.filename}: {error.strerror}") from None
    return f"{script}: starts {native.python()[-1]} without a shell"


def record_env(environ: Mapping[str, str], note: str = IMAGE_NOTE) -> str:
    """Record the known variables that are set now; return what was done as text.

    Values with several lines are left out. Raise PreparationError if the file cannot be written.
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
    return f"{note}: {', '.join(names) or 'no known variable is set'}"


def install_shims(folder: str, names: tuple[str, ...], entry: str, path: str) -> str:
    """Link names of commands to the entry script; return what was done as text.

    Without `names` all known commands that are installed get a link. Raise UsageError or PreparationError.
    """
    option = f"--install-shims {folder}"
    if not entry:
        raise UsageError(f"{option}: only an installed mkl-launch can be linked to, not a Python module")
    names = names or _installed_commands(path)
    for name in names:
        if not name or "/" in name:
            raise UsageError(f"{option}: {name!r}: not the name of a command (empty, or with a /)")
        if name in NEEDED:
            raise UsageError(f"{option}: {name}: no link is possible, because mkl-launch itself starts it")
    if not names:
        raise UsageError(
            f"{option}: no known command is installed; add names of commands after the directory"
        )
    try:
        _directory(Path(folder))
        _check_writers(Path(folder), option)
        for name in names:
            _link(Path(folder) / name, os.path.realpath(entry))
    except OSError as error:
        raise PreparationError(f"{option}: {error.filename}: {error.strerror}") from None
    _compile()
    first = path.split(":", maxsplit=1)[0] == folder
    missing = [name for name in names if not _is_installed(name, folder, path)]
    return (
        f"{folder}: {', '.join(names)}"
        + (f"; not installed yet on PATH: {', '.join(missing)}" if missing else "")
        + ("" if first else f"; next, add `ENV PATH={folder}:$PATH` to the Dockerfile")
    )


def _installed_commands(path: str) -> tuple[str, ...]:
    """Return the known commands that are installed."""
    from shutil import which  # missing in Debian's python3-minimal

    return tuple(name for name in NAMES if which(name, path=path))


def _is_installed(name: str, folder: str, path: str) -> bool:
    """Return True if PATH has a program that the shim can start."""
    files = [Path(directory or ".") / name for directory in path.split(":")]
    link = Path(folder) / name
    return any(file.is_file() and not file.samefile(link) for file in files)


def _directory(folder: Path) -> None:
    """Create a directory and its parents, readable for all users whatever the umask is."""
    if not folder.is_dir():
        _directory(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _check_writers(folder: Path, option: str) -> None:
    """Raise PreparationError if another user could put programs into a folder that is first on PATH."""
    problem = Root().untrusted(f"{Path.cwd()}/{folder}" if not folder.is_absolute() else str(folder))
    if problem:
        raise PreparationError(f"{option}: {problem}")


def _compile() -> None:
    """Compile the launcher for this Python; a launch itself writes no files."""
    from compileall import compile_dir

    compile_dir(bundle.PACKAGE, quiet=2)


def _link(link: Path, target: str) -> None:
    """Create a link, replacing an older link but not a program."""
    if link.is_symlink():
        link.unlink()
    link.symlink_to(target)
