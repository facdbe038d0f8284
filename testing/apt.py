"""Debian's packages, fetched by this machine's apt and unpacked. It needs no rights, installs nothing."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class NoPackagesError(Exception):
    """The packages cannot be fetched; says which step failed and how."""


class Apt:
    """This machine's apt with its keys, in a folder of its own, as if nothing were installed.

    `settings` are options of apt.conf(5), such as another architecture or other sources.
    """

    def __init__(self, work: Path, settings: Mapping[str, object]) -> None:
        self._work = work
        for folder in ("lists/partial", "cache/archives/partial"):
            (work / folder).mkdir(parents=True)
        (work / "status").touch()
        own: dict[str, object] = {
            "APT::Sandbox::User": "",  # the user _apt may not write to these folders
            "Acquire::Retries": 3,
            "Dir::State": work,
            "Dir::State::lists": work / "lists",
            "Dir::State::status": work / "status",
            "Dir::Cache": work / "cache",
        }
        lines = [f'{name} "{value}";\n' for name, value in {**own, **settings}.items()]
        (work / "apt.conf").write_text("".join(lines))

    def __call__(self, *command: str) -> str:
        """Run a command of apt in the folder; return what it prints."""
        return run(*command, cwd=self._work, env={**os.environ, "APT_CONFIG": f"{self._work}/apt.conf"})

    def unpack(self, packages: tuple[str, ...], root: Path) -> None:
        """Fetch packages with all that they depend on, and unpack them in `root`."""
        self("apt-get", "update", "--quiet")
        options = ("--quiet", "--yes", "--no-install-recommends", "--download-only")
        self("apt-get", "install", *options, *packages)
        for package in sorted((self._work / "cache" / "archives").glob("*.deb")):
            unpack(package, root)


def unpack(package: Path, root: Path) -> None:
    """Unpack one package file."""
    run("dpkg-deb", "--extract", str(package), str(root))


def run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command; return what it prints. Raise NoPackagesError if it is missing or fails."""
    try:
        done = subprocess.run(command, cwd=cwd, env=env, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoPackagesError(f"{command[0]} is not installed") from error
    if done.returncode:
        raise NoPackagesError(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout
