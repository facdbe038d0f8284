"""A program that starts one command, and Gunicorn behind it: a folder, lines, and what the workers get."""

from __future__ import annotations

import shlex
import shutil
import time
from pathlib import Path

from testing.cgroups import limited
from testing.environments import environment
from testing.process import PATH, parse_environ
from testing.project import skip_or_fail
from testing.reporting import started

WORK = """
import os

def wsgi(environ, start_response):
    start_response("204 No Content", [])
    return []

open(os.path.join(os.environ["REPORTS"], str(os.getpid())), "w").close()
"""
SETTINGS = """
import os

bind = "unix:" + os.path.join(os.environ["REPORTS"], "socket")
chdir = os.path.dirname(os.environ["REPORTS"])
"""
FILES = {
    "work.py": WORK,
    "settings.py": SETTINGS,
    "pyproject.toml": '[project]\nname = "work"\nversion = "1"\nrequires-python = ">=3.9"\n'
    "[tool.poetry]\npackage-mode = false\n"
    "[tool.pdm]\ndistribution = false\n"
    '[tool.hatch.envs.default]\ntype = "virtual"\nskip-install = true\nsystem-packages = true\n',
    "Pipfile": "",
    "variables": "A=b\n",
    "words": "",
}
G = "BIN/gunicorn -c PLACE/settings.py -w 2 work:wsgi"
M = "-m gunicorn -c PLACE/settings.py -w 2 work:wsgi"


def make_place(folder: Path) -> Path:
    """Fill a folder to start a wrapper in with what it reads; return it."""
    for name in ("reports", "folder"):
        (folder / name).mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def parse(line: str, place: Path, name: str = "wrappers") -> list[str]:
    """Return the words of a line, BIN that of an environment; skips the test without its first program."""
    bin_folder = environment(name) / "bin"
    words = shlex.split(line.replace("BIN", str(bin_folder)).replace("PLACE", str(place)))
    if not shutil.which(words[0], path=environ(place, name)["PATH"]):
        skip_or_fail(f"{words[0]} is not installed")
    return words


def environ(place: Path, name: str = "wrappers") -> dict[str, str]:
    """Return the environment of a line: the programs of an environment first, and a home in `place`."""
    folder = environment(name)
    return {
        "PATH": f"{folder / 'bin'}:{PATH}:/usr/sbin:/sbin",
        "PYTHONPATH": str(place),
        "HOME": str(place),
        "REPORTS": str(place / "reports"),
        "VIRTUAL_ENV": str(folder),  # poetry, pipenv and pdm make none of their own then
    }


def _workers(place: Path) -> list[str]:
    """Return the processes that have imported the application and still run."""
    names = [file.name for file in (place / "reports").iterdir() if file.name.isdecimal()]
    return [name for name in names if Path(f"/proc/{name}").exists()]


def threads_of_workers(
    words: list[str], place: Path, variables: dict[str, str], number: int
) -> list[bytes | None]:
    """Return OMP_NUM_THREADS of each of the workers that a command starts under a quota of two CPUs."""
    with limited(quota=2.0) as limit:
        argv = limit.command(words)
        with started(argv, place, in_order=True, env=variables) as process:
            deadline = time.monotonic() + 300
            while len(_workers(place)) < number and time.monotonic() < deadline:
                assert process.poll() is None, (place / "log").read_text()
                time.sleep(0.05)
            time.sleep(0.2)
            found = [Path(f"/proc/{pid}/environ").read_bytes() for pid in _workers(place)]
            assert found, (place / "log").read_text()
            return [parse_environ(data).get(b"OMP_NUM_THREADS") for data in found]
