"""The installation of the Python hook, for libraries that divide the CPUs among processes themselves.

pip installs the hook together with mkl-launch. An image with a copy of /opt/mkl-launch has another Python,
into whose site-packages this module writes the files of the hook. A launch does not import this module.
"""

from __future__ import annotations

from mkl_launch.core.errors import PreparationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

MODULE = "mkl_launch_hook.py"
PTH = "mkl_launch_hook.pth"  # loads the hook when Python starts
FILES = (MODULE, PTH)
# Python 3.18 ignores code in .pth files and reads START instead (https://peps.python.org/pep-0829/). Older
# versions do not get START: from 3.15 on they would read it, but import pkgutil for that at each start,
# which takes 8 ms of CPU time, half of the start of Python 3.13.
START, START_SINCE = "mkl_launch_hook.start", (3, 18)
START_TEXT = "mkl_launch_hook:start\n"

OLDEST = (3, 7)
TIMEOUT = 60  # seconds

# Code that prints a Python's version and folders.
_ASK = """
import site, sys, sysconfig
import json
print(json.dumps({
    "version": list(sys.version_info[:2]),
    "folder": sysconfig.get_path("purelib"),
    "folders": site.getsitepackages() if hasattr(site, "getsitepackages") else sys.path,
    "site": not sys.flags.no_site,
}))
"""
# Compiled here, because users of the image may not write there and would compile it at each start.
_COMPILE = """
import py_compile, sys
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
py_compile.compile(sys.argv[1], doraise=True, invalidation_mode=mode)
"""
_TRY = "import sys; print('mkl_launch_hook' in sys.modules)"
_LAUNCHED = {"MKL_LAUNCH_APPLIED": "OMP_NUM_THREADS=1", "OMP_NUM_THREADS": "1"}


def install(python: str) -> str:
    """Install the hook into the site-packages of a Python; return what was done as text.

    Files that differ are replaced. Raise PreparationError with one line if that is not possible.
    """
    import os
    from pathlib import Path

    about = _about(python)
    version = ".".join(map(str, about["version"]))
    if tuple(about["version"]) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise PreparationError(
            f"{python}: the hook for libraries needs Python {oldest} or later, this is {version}"
        )
    folder = Path(about["folder"])
    if os.path.realpath(folder) not in map(os.path.realpath, about["folders"]):
        raise PreparationError(f"{python}: it does not search {folder} for modules when it starts")
    source = Path(__file__).parent.parent.parent
    try:
        texts = {name: (source / name).read_text(encoding="utf-8") for name in FILES}
    except OSError as error:
        raise PreparationError(f"{error.filename}: {error.strerror}; the installation is damaged") from None
    if tuple(about["version"]) >= START_SINCE:
        texts[START] = START_TEXT
    changed = _write(folder, texts)
    _run(python, _COMPILE, str(folder / MODULE))
    if _run(python, _TRY, environ=_LAUNCHED).strip() != "True":
        _remove(folder, changed)
        raise PreparationError(
            f"{python}: it does not run {folder / PTH} when it starts; nothing was changed"
        )
    done = (
        "the hook for libraries was already installed"
        if not changed
        else "the hook for libraries is installed"
    )
    return f"{folder}: {done} (Python {version})"


def _about(python: str) -> dict[str, Any]:
    import json

    try:
        about: dict[str, Any] = json.loads(_run(python, _ASK))
    except ValueError:
        raise PreparationError(f"{python}: not a Python, or one that does not print its folders") from None
    return about


def _write(folder: Path, texts: dict[str, str]) -> list[str]:
    """Write the files that differ, each by a rename, and return their names."""
    import os

    changed = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            file = folder / name
            if file.is_file() and file.read_bytes() == text.encode():
                continue
            new = folder / f".{name}.{os.getpid()}"
            try:
                new.write_text(text, encoding="utf-8")
                new.chmod(0o644)
                new.replace(file)
            finally:
                new.unlink(missing_ok=True)
            changed.append(name)
    except OSError as error:
        _remove(folder, changed)
        raise PreparationError(
            f"{folder}: {error.strerror}; the hook for libraries is not installed"
        ) from None
    return changed


def _remove(folder: Path, names: list[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    if MODULE in names:
        for compiled in folder.glob(f"__pycache__/{MODULE[:-3]}.*"):
            compiled.unlink()


def _run(python: str, code: str, *words: str, environ: dict[str, str] | None = None) -> str:
    """Run code in a Python, isolated, and return its output."""
    import os
    import subprocess

    command = [python, "-I", "-c", code, *words]
    path = {"PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run(  # noqa: S603  # the user names the Python
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            env={**path, **(environ or {})},
        )
    except OSError as error:
        raise PreparationError(f"{python}: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise PreparationError(f"{python}: no answer within {TIMEOUT} s") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]
        raise PreparationError(f"{python}: {last}") from None
    return done.stdout
