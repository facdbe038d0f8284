"""llama-server of Debian's testing suite, which no older suite has, unpacked into .venvs/debian-testing.

`python testing/debian_testing.py` fetches it with what it needs: 20 MB. Nothing is installed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from testing.apt import Apt, NoPackagesError
from testing.project import PROJECT

FOLDER = PROJECT / ".venvs" / "debian-testing"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITE = f"deb [signed-by={KEYS}] http://deb.debian.org/debian testing main\n"
PACKAGE, PROGRAM = "llama.cpp-tools", "usr/bin/llama-server"


def make() -> None:
    """Fetch and unpack llama-server, unless it is there, with an apt that knows no other suite."""
    if (FOLDER / PROGRAM).exists():
        return
    with tempfile.TemporaryDirectory() as name:
        own, root = Path(name), Path(name, "unpacked")
        root.mkdir()
        (own / "sources.list").write_text(SUITE)
        sources = {"Dir::Etc::sourcelist": own / "sources.list", "Dir::Etc::sourceparts": "/dev/null"}
        Apt(own, sources).unpack((PACKAGE,), root)
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(root, FOLDER, symlinks=True)


def wrapper() -> str:
    """Return a script that starts llama-server with its own C library."""
    libraries = f"{FOLDER}/usr/lib/x86_64-linux-gnu"
    loader = f"{FOLDER}/usr/lib64/ld-linux-x86-64.so.2 --library-path {libraries}:{libraries}/llama"
    return f'#!/bin/sh\nexec {loader} {FOLDER / PROGRAM} "$@"\n'


if __name__ == "__main__":
    if not shutil.which("apt-get"):
        sys.exit("llama-server is not fetched: this is no Debian")
    try:
        make()
    except NoPackagesError as problem:
        sys.exit(f"llama-server is not fetched: {problem}")
