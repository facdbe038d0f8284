"""Virtual environments of the real programs, one for each testing/programs/NAME.txt, kept in .venvs/NAME.

`python testing/environments.py NAME...` makes what is not there yet. A first line "# python 3.8" asks for
another Python than the one that runs this, and "# needs apxs" for a program, to compile with. A first line
"# large" keeps one out of `make test`: it is made only if it is named; "# python 3.8" may follow. What
stands below "# without what they require" is installed alone: of large programs, only the command that
starts others is needed. What stands below "# compiled here with NAME=VALUE..." is compiled from its source,
beside what stands above, with these variables.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from testing.project import PROJECT, skip_or_fail

REQUIREMENTS = PROJECT / "testing" / "programs"
ENVIRONMENTS = (PROJECT / ".venvs").resolve()  # a second worktree may link to that of the first
VERSION = "# python "
NEEDS = "# needs "
ALONE = "# without what they require"
COMPILED = "# compiled here with "
LARGE = "# large"
AT_A_TIME = 2  # one computes while the other one waits for the network
# Prints the wheels from which a Python installs its pip; none where a distribution keeps them elsewhere.
WHEELS = """
import ensurepip, pathlib
for name in ("setuptools", "pip-" + ensurepip.version()):
    print(*pathlib.Path(ensurepip.__file__).parent.glob(f"_bundled/{name}-*.whl"))
"""
# pip's settings of where packages come from, and the options of uv, which does not read them
OPTIONS = {
    "index-url": "--default-index",
    "extra-index-url": "--extra-index-url",
    "find-links": "--find-links",
    "constraint": "--constraint",
    "cert": "--cert",
}


def environment(name: str) -> Path:
    """Return the virtual environment with the real programs of testing/programs/NAME.txt, for a test."""
    folder = ENVIRONMENTS / name
    if not (folder / "made-from.txt").exists():
        reason = f"{folder} is not made: python testing/environments.py {name}"
        if name in large():
            pytest.skip(f"{reason}, because it is large")
        skip_or_fail(reason)
    return folder


def names() -> list[str]:
    """Return the names of all environments."""
    return sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))


def large() -> list[str]:
    """Return the names of the environments that are too large for each run of the tests."""
    return [name for name in names() if _requirements(name).startswith(LARGE)]


def _requirements(name: str) -> str:
    return (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")


def make(name: str) -> None:
    """Make an environment, unless it is there and its requirements have not changed."""
    requirements = _requirements(name)
    folder = ENVIRONMENTS / name
    made = folder / "made-from.txt"
    if made.exists() and made.read_text(encoding="utf-8") == requirements:
        return
    needed = requirements.partition("\n")[0].removeprefix(NEEDS) if requirements.startswith(NEEDS) else ""
    if needed and not shutil.which(needed):
        print(f"{name}: not made, because {needed} is not installed", file=sys.stderr, flush=True)
        return
    shutil.rmtree(folder, ignore_errors=True)
    _create(_python(requirements), folder)
    beside, _, compiled = requirements.partition(COMPILED)
    complete, _, alone = beside.partition(ALONE)
    variables, _, compiled = compiled.partition("\n")
    parts = ((complete, ()), (alone, ("--no-deps",)), (compiled, ("--no-deps", "--no-build-isolation")))
    for text, options in parts:
        if text.strip():
            wanted = folder / f"{name}.txt"
            wanted.write_text(text, encoding="utf-8")
            _install(wanted, folder / "bin", variables, *options)
    made.write_text(requirements, encoding="utf-8")


def _create(python: str, folder: Path) -> None:
    """Create an environment with pip and what else Python brings along, as `python -m venv` does it.

    uv unpacks these wheels in a tenth of a second; pip takes five seconds to install itself from them.
    """
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    own, uv = str(folder / "bin" / "python"), Path(sys.executable).with_name("uv")
    wheels = subprocess.run([own, "-c", WHEELS], check=True, capture_output=True, text=True).stdout.split()
    if uv.exists() and wheels:
        argv = [str(uv), "pip", "install", "--quiet", "--no-index", "--no-deps", "--python", own, *wheels]
        if subprocess.run(argv, check=False).returncode == 0:
            return
    pip = [own, "-m", "ensurepip", "--upgrade", "--default-pip"]
    subprocess.run(pip, check=True, stdout=subprocess.DEVNULL)


def _install(requirements: Path, bin_folder: Path, variables: str, *options: str) -> None:
    """Install with uv, which is faster; with pip if there is no uv, or if uv fails.

    The variables are those of what is compiled: NAME=VALUE, one or more.
    """
    python, search = bin_folder / "python", f"{bin_folder}:{os.environ['PATH']}"
    environ = {**os.environ, "PATH": search, **dict(pair.split("=", 1) for pair in variables.split())}
    wanted = ["install", "--quiet", *options, "--requirement", str(requirements)]
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        # As pip does it: compiled, the best release of all indexes, and certificates of the system.
        as_pip = ["--compile-bytecode", "--index-strategy", "unsafe-best-match", "--system-certs"]
        as_pip += _where_packages_are()
        argv = [str(uv), "pip", *wanted, "--python", str(python), *as_pip]
        if subprocess.run(argv, check=False, env=environ).returncode == 0:
            return
        print(f"{requirements.name}: uv failed, pip tries it", file=sys.stderr, flush=True)
    subprocess.run([str(python), "-m", "pip", *wanted], check=True, env=environ)


def _where_packages_are() -> list[str]:
    """Return the options of uv that say what pip's files and variables say."""
    listed = [sys.executable, "-m", "pip", "config", "list"]
    settings = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.splitlines()
    values: dict[str, str] = {}
    # A line is global.cert='/path', quoted as Python does it. A variable (:env:) counts more than a file.
    for line in sorted(settings, key=lambda line: line.startswith(":env:")):
        setting, _, value = line.partition("=")
        values[setting.rpartition(".")[2]] = ast.literal_eval(value)
    return [
        word
        for name, option in OPTIONS.items()
        for place in values.get(name, "").split()
        for word in (option, place)
    ]


def _python(requirements: str) -> str:
    first = requirements.removeprefix(f"{LARGE}\n").partition("\n")[0]
    if not first.startswith(VERSION):
        return sys.executable
    version = first[len(VERSION) :].strip()
    here = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    found = str(here[-1]) if here else shutil.which(f"python{version}")
    if not found:
        sys.exit(f"Python {version}, which these requirements need, is not installed")
    return found


def pythons() -> dict[str, Path]:
    """Return one interpreter of each version, of the system and of pyenv."""
    places = [Path("/usr/bin"), Path("/usr/local/bin"), *Path.home().glob(".pyenv/versions/*/bin")]
    found: dict[str, Path] = {}
    for path in (path for place in places for path in sorted(place.glob("python3.*"))):
        version = path.name[len("python") :]
        if version.replace(".", "").isdigit():
            found.setdefault(version, path)
    return found


def python_that_reads_python_cpu_count() -> str | None:
    """Return the newest Python from 3.13 on; None if there is none."""
    found = sorted(Path.home().glob(".pyenv/versions/3.1[3-9].*/bin/python"))
    return str(found[-1]) if found else None


if __name__ == "__main__":
    wanted = sys.argv[1:] or [name for name in names() if name not in large()]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(make, wanted))
