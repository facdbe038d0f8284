"""The guest's file system: a shell, Python, the installed launcher, runc.

The programs are those of this machine, with the Python that runs the tests, or for Arm Debian's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
GUEST_FILES = ("init", "agent.py", "placed.py", "recorder.py", "unshare.py")
OPENMP = "libgomp.so.1"  # for placed.py, where it is installed

# What no launcher needs, so that the guest unpacks quickly.
LEFT_OUT = shutil.ignore_patterns(
    *("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "pydoc_data"),
    *("site-packages", "dist-packages", "config-*", "*.a", "_test*.so", "_codecs_*.so"),
    *("*.opt-?.pyc", "*.exe"),
)

# Modules that are linked with other libraries where they are not built in.
NEEDED = ("_ctypes", "binascii", "zlib")


def build(installed: Path, folder: Path, add_system: Callable[[Path], None] | None = None) -> Path:
    """Make the initramfs with the launcher as `pip install --target` laid it out in `installed`."""
    tree = folder / "tree"
    (add_system or _add_own_system)(tree)
    for name in GUEST_FILES:
        _copy(HERE / name, tree / name)
    (tree / "init").chmod(0o755)
    shutil.copytree(installed, tree / "installed")
    (tree / "installed").chmod(0o755)
    return _pack(tree, folder / "initramfs")


def _add_own_system(tree: Path) -> None:
    _copy(Path(_found("busybox")), tree / "bin" / "busybox")
    (tree / "bin" / "sh").symlink_to("busybox")
    _add_python(tree)
    _copy(Path(_found("runc")), tree / "usr" / "bin" / "runc")
    for shared in _linked_with(Path(_found("runc"))):
        _copy(shared, _below(tree, shared))
    openmp = shared_library(OPENMP)
    if openmp:
        _copy(openmp, _below(tree, openmp))


def _add_python(tree: Path) -> None:
    """Put the interpreter, its library and what it is linked with where they are on this machine."""
    python = Path(sys.base_prefix, "bin", f"python{sysconfig.get_python_version()}")
    library = Path(os.__file__).resolve().parent
    shutil.copytree(library, _below(tree, library), ignore=LEFT_OUT)
    _copy(python, _below(tree, python))
    (tree / "usr" / "bin").mkdir(parents=True, exist_ok=True)
    (tree / "usr" / "bin" / "python3").symlink_to(python)
    modules = [path for name in NEEDED for path in library.glob(f"lib-dynload/{name}.*.so")]
    for shared in _linked_with(python, *modules):
        _copy(shared, _below(tree, shared))
    _copy(Path("/etc/ld.so.cache"), tree / "etc" / "ld.so.cache")


def shared_library(name: str) -> Path | None:
    """Return the file of a library that the dynamic linker knows."""
    known = subprocess.run(["/sbin/ldconfig", "-p"], check=False, capture_output=True, text=True).stdout
    paths = re.findall(rf"{re.escape(name)} \(.*x86-64.*\) => (/\S+)", known)
    return Path(paths[0]) if paths else None


def _linked_with(*binaries: Path) -> set[Path]:
    listing = subprocess.run(
        ["ldd", *map(str, binaries)], check=True, capture_output=True, text=True
    ).stdout
    return {Path(path) for path in re.findall(r"(/\S+) \(0x", listing)}


def _pack(tree: Path, archive: Path) -> Path:
    names = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
    with archive.open("wb") as output:
        subprocess.run(
            [_found("cpio"), "--create", "--format=newc", "--owner=+0:+0", "--quiet"],
            cwd=tree,
            check=True,
            input="\n".join(names).encode(),
            stdout=output,
        )
    return archive


def _below(tree: Path, path: Path) -> Path:
    return tree / path.relative_to("/")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(program)
    return path
