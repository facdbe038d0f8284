"""The program of a row, with or without a launch, in a folder of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import watch
from .overlay import overlay
from .rows import SYSTEM, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PROGRAMS = Path(__file__).parent / "programs"
PLAIN = "/usr/local/bin:/usr/bin:/bin"


class Pair(NamedTuple):
    """The two runs of a program under the same limit."""

    untouched: watch.Run
    launched: watch.Run


class Suite:
    """The environments, made when they are needed, and the runs in them.

    The wheel is installed in each of them, as in an image whose Python has the hook. Without a wheel there
    is only the launcher beside them.
    """

    def __init__(
        self, folder: Path, launcher: str, wheel: Path | None, below: Callable[[str], Path]
    ) -> None:
        self._folder, self._launcher, self._wheel, self._below = folder, launcher, wheel, below
        self._commands: dict[str, Path] = {}
        self._prepared: dict[str, Path] = {}

    def run(self, row: Row, limit: str, *, launched: bool, watched: bool = True, cpu: int = 0) -> watch.Run:
        """Run the program of a row to its end."""
        commands = self._commands_of(row)
        launch = [self._launcher, "-q", "--"] if launched else []
        prepared = self._prepare(row, commands)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        if prepared:
            shutil.copytree(prepared, folder, dirs_exist_ok=True)
        start = watch.Start([*launch, *_words(row.command)], self._environ(row, commands), folder)
        return watch.run(start, limit, cpu=cpu, watched=watched)

    def pair(self, row: Row, limit: str) -> Pair:
        """Run a program untouched and launched at the same time, each under a limit of its own."""
        self._prepare(row, self._commands_of(row))
        last = max(os.sched_getaffinity(0))
        with ThreadPoolExecutor(2) as executor:
            runs = executor.map(
                lambda launched: self.run(row, limit, launched=launched, cpu=last if launched else 0),
                (False, True),
            )
            return Pair(*runs)

    def _commands_of(self, row: Row) -> Path:
        return Path("/usr/bin") if row.environment == SYSTEM else self._overlay(row.environment)

    def _overlay(self, name: str) -> Path:
        if name not in self._commands:
            self._commands[name] = overlay(self._below(name), self._folder / f"over-{name}", self._wheel)
        return self._commands[name]

    def _environ(self, row: Row, commands: Path) -> dict[str, str]:
        """Return an empty environment with the variables of the row."""
        cache = {"NUMBA_CACHE_DIR": str(self._folder / "numba"), "HOME": str(self._folder)}
        quiet = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore"}
        return {"PATH": f"{commands}:{PLAIN}", "LANG": "C.UTF-8", **cache, **quiet, **row.environ}

    def _prepare(self, row: Row, commands: Path) -> Path | None:
        if not row.prepare:
            return None
        if row.prepare not in self._prepared:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            subprocess.run(
                _words(row.prepare),
                cwd=folder,
                env=self._environ(row, commands),
                check=True,
                capture_output=True,
            )
            self._prepared[row.prepare] = folder
        return self._prepared[row.prepare]


def _words(command: str) -> list[str]:
    """Return the words of a command, with the folder before files of `programs`, also in a shell's line."""
    names = {path.name: str(path) for path in PROGRAMS.iterdir()}
    return [_with_folder(word, names) for word in shlex.split(command)]


def _with_folder(text: str, names: dict[str, str]) -> str:
    return " ".join(names.get(word, word) for word in text.split(" "))


def harm(row: Row, limit: str, pair: Pair) -> Sequence[str]:
    """Return what is worse launched than untouched; empty if nothing is."""
    failed = [
        f"fails {name}, with {run.status}: {run.errors[-1500:]}"
        for name, run in zip(("untouched", "launched"), pair)
        if run.status
    ]
    if failed:
        return failed
    return [
        *_other_results(row, pair),
        *_more_threads(watch.budget(limit), pair, row.waiting),
        *_narrower_masks(pair),
    ]


def _other_results(row: Row, pair: Pair) -> Iterator[str]:
    expected, found = (row.result(run) for run in pair)
    if not expected or found != expected:
        yield f"the result is {found} instead of {expected}"


def _more_threads(allowed: int, pair: Pair, waiting: int) -> Iterator[str]:
    untouched, launched = pair
    counts = {"busy threads": (untouched.nearly_busy, launched.busy - waiting)}
    if "threads" in untouched.told:
        counts["threads in its pools"] = (untouched.told["threads"], launched.told["threads"])
    for what, (before, after) in counts.items():
        if after > max(allowed, before):
            yield f"{what}: {after} instead of {before}, with {allowed} CPUs"


def _narrower_masks(pair: Pair) -> Iterator[str]:
    masks = [[run.narrowest for run in pair]]
    if "narrowest" in pair.untouched.told:
        masks.append([run.told["narrowest"] for run in pair])
    for before, after in masks:
        if after < before:
            yield f"the narrowest mask has {after} CPUs instead of {before}"
