"""llama-server of Debian's testing suite, which no older suite has, unpacked into .venvs/debian-testing.

`python testing/debian_testing.py` fetches it with what it needs: 20 MB. Nothing is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from testing.project import PROJECT

FOLDER = PROJECT / ".venvs" / "debian-testing"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
SUITE = f"deb [signed-by={KEYS}] http://deb.debian.org/debian testing main\n"
PACKAGE, PROGRAM = "llama.cpp-tools", "usr/bin/llama-server"


def make() -> None:
    """Fetch it, unless it is there, by an apt that knows no other suite and no installed package."""
    if (FOLDER / PROGRAM).exists():
        return
    with tempfile.TemporaryDirectory() as name:
        own = Path(name)
        own.chmod(0o755)  # apt fetches as a user of its own
        for part in ("lists/partial", "cache/archives/partial", "unpacked"):
            (own / part).mkdir(parents=True)
        (own / "status").touch()
        (own / "sources.list").write_text(SUITE)
        apt = [
            "apt-get",
            "--quiet=2",
            "-o",
            f"Dir::State::lists={own}/lists",
            "-o",
            f"Dir::Cache={own}/cache",
        ]
        apt += ["-o", f"Dir::State::status={own}/status", "-o", f"Dir::Etc::sourcelist={own}/sources.list"]
        apt += ["-o", "Dir::Etc::sourceparts=/dev/null", "-o", "Debug::NoLocking=true"]
        subprocess.run([*apt, "update"], check=True)
        options = ["--yes", "--no-install-recommends", "--download-only"]
        subprocess.run([*apt, *options, "install", PACKAGE], check=True)
        for package in (own / "cache" / "archives").glob("*.deb"):
            subprocess.run(["dpkg-deb", "--extract", str(package), str(own / "unpacked")], check=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(own / "unpacked", FOLDER, symlinks=True)


def wrapper() -> str:
    """Return a script that starts it with its own C library."""
    libraries = f"{FOLDER}/usr/lib/x86_64-linux-gnu"
    loader = f"{FOLDER}/usr/lib64/ld-linux-x86-64.so.2 --library-path {libraries}:{libraries}/llama"
    return f'#!/bin/sh\nexec {loader} {FOLDER / PROGRAM} "$@"\n'


if __name__ == "__main__":
    if not shutil.which("apt-get"):
        sys.exit("llama-server is not fetched: this is no Debian")
    try:
        make()
    except subprocess.CalledProcessError as problem:
        sys.exit(f"llama-server is not fetched: {problem}")
