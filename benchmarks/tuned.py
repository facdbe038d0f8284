"""Programs with the settings that the search of `--tune` finds, beside the plan and a sweep.

Each setting that `--tune` would try is started once, by a launch with a profile, and takes turns with the
others, so that no time goes to imports: else this would take hours.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from contenders import CLEAN, FRAMEWORKS, HERE, Contender, contenders, sweep
from scores import OURS, TUNED, UNTOUCHED
from speed import Rows, Way, load, measure, start
from workloads import ALONE, NO_LIMIT, PROGRAMS, TUNED_TOO, Limit, Program

from mkl_launch.model.tuned_profile import SCHEMA
from mkl_launch.tune.search import Search
from testing.cgroups import UNLIMITED, limited
from testing.environments import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mkl_launch.tune.candidates import Candidate

TUNING = 60.0  # seconds at most of a search
NAMED = (UNTOUCHED, OURS)


class Class(NamedTuple):
    """A kind of limit: the limit of a tuning, and another limit of the same kind."""

    kind: str
    tuned: Limit
    other: Limit


def classes() -> list[Class]:
    """Return the kinds of limits under which more than one number of threads can be best on two CPUs."""
    cpus = os.cpu_count() or 1
    return [
        Class("fraction", Limit("1.5", 1.5), Limit("1.25", 1.25)),
        Class("none", Limit(NO_LIMIT), Limit(f"{cpus}", float(cpus))),
    ]


class Setting:
    """A setting of a search: its rules, and the program that runs with them."""

    def __init__(self, described: dict[str, Any], contender: Contender) -> None:
        self.name: str = described["name"]
        self.variant_of: str = described["variant_of"]
        self.rules: dict[str, str] = described["rules"]
        self.is_plan = set(self.rules.values()) == {"plan"}
        self.contender = contender
        self.way: Way | None = None  # None: it does not start


class Started:
    """The processes of a program, which stay for other limits unless it reads its limit once."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.limit: Limit | None = None
        self.stack = contextlib.ExitStack()
        self.known: dict[object, Way | None] = {}
        self.loaded: dict[int, Way] = {}

    def ways(self, asked: Iterable[Contender], limit: Limit) -> list[tuple[Contender, Way]]:
        """Return those of the contenders that start under a limit, with their processes."""
        if self.program.reads_quota and limit != self.limit:
            self.end()
        self.limit = limit
        tried = [(one, start(self.program, one, limit, self.known, self.stack, 1)) for one in asked]
        new = {id(way): way for _, way in tried if way and id(way) not in self.loaded}
        self.loaded |= {id(way): way for way in load(new.values())}
        return [(one, way) for one, way in tried if way and id(way) in self.loaded]

    def end(self) -> None:
        """End the processes of the program."""
        self.stack.close()
        self.known.clear()
        self.loaded.clear()


class TunedRows(Rows):
    """The rows that were measured, and the results of the searches."""

    def __init__(self, rounds: int, seconds: float, launcher: str, say: Callable[[str], None]) -> None:
        super().__init__(rounds, seconds, launcher, say)
        self.tunings: list[dict[str, Any]] = []

    def tune(self, program: Program, kinds: Sequence[Class]) -> None:
        """Search under one limit of each kind, then measure under this limit and another one."""
        started = Started(program)
        with tempfile.TemporaryDirectory() as folder:
            try:
                for kind in kinds:
                    settings = self._settings(program, kind, Path(folder))
                    best = self._search(started, kind, settings)
                    for limit in (kind.tuned, kind.other):
                        asked = self._fixed(program, limit)
                        plan = next(one for one in asked if one.name == OURS)
                        tuned = (plan if best.is_plan else best.contender)._replace(name=TUNED)
                        ways = started.ways([*asked] if best.is_plan else [*asked, tuned], limit)
                        if best.is_plan:  # it is the same, also of a server, which would start twice
                            ways += [(tuned, way) for one, way in ways if one is plan]
                        self._cell(program, limit, ALONE, ways)
            finally:
                started.end()

    def _fixed(self, program: Program, limit: Limit) -> list[Contender]:
        """Return the contenders that do not depend on the search."""
        own = os.cpu_count() or 1
        quota = None if limit.quota == UNLIMITED else limit.quota
        named = [one for one in contenders(self.launcher, quota, own) if one.name in NAMED]
        return [*named, *sweep(own, program.hears)]

    def _settings(self, program: Program, kind: Class, folder: Path) -> list[Setting]:
        """Return what `--tune` would try under the limit, each with a profile."""
        if program.server:
            argv = [str(ENVIRONMENTS / "servers" / "bin" / "multi-model-server"), "--start", "--foreground"]
        else:
            argv = [str(FRAMEWORKS), str(HERE / "units.py"), program.name]
        with limited(**kind.tuned.options(0)) as place:
            done = place.run([sys.executable, str(HERE / "tried.py"), *argv], env=CLEAN)
        found = []
        for number, described in enumerate(json.loads(done.stdout)):
            file = folder / f"{kind.kind}-{number}.json"
            profile = {
                "schema": SCHEMA,
                "command": Path(argv[0] if program.server else argv[1]).name,
                "arch": platform.machine(),
                "limit": kind.kind,
                "planned_threads": described["planned_threads"],
                **described["rules"],
            }
            file.write_text(json.dumps(profile))
            prefix = (self.launcher, "-q", "--tuned", str(file), "--")
            found.append(Setting(described, Contender(described["name"], prefix, CLEAN, adapts=True)))
        return found

    def _search(self, started: Started, kind: Class, settings: list[Setting]) -> Setting:
        """Return the setting that the search takes, and keep how it came to that."""
        pairs = started.ways([one.contender for one in settings], kind.tuned)
        ways = {contender.name: way for contender, way in pairs}
        settings = [one for one in settings if one.name in ways]
        for setting in settings:
            setting.way = ways[setting.name]
            setting.way.change(kind.tuned.quota)

        def cost(candidate: Candidate, _: float) -> float:
            way = cast("Setting", candidate).way
            assert way
            return 1 / measure(way, self.seconds, second=False).rate

        def others(best: Candidate) -> list[Candidate]:
            return cast("list[Candidate]", [one for one in settings if one.variant_of == best.name])

        begin = time.monotonic()
        threads = cast("list[Candidate]", [one for one in settings if not one.variant_of])
        outcome = Search(cost, time.monotonic, TUNING).run(threads, others)
        best = cast("Setting", outcome.best)
        test = outcome.comparison
        self.tunings.append(
            {
                "program": started.program.name,
                "kind": kind.kind,
                "tuned": kind.tuned.name,
                "other": kind.other.name,
                "settings": len(outcome.costs),
                "seconds": round(time.monotonic() - begin, 1),
                "best": best.name,
                "is_plan": best.is_plan,
                "gain": round(test.gain, 3) if test else None,
                "reason": outcome.reason,
                "load": round(os.getloadavg()[0], 1),
            }
        )
        self.say(f"{started.program.name} | {kind.tuned.name} | tuned: {best.name}: {outcome.reason}")
        return best


def measure_all(
    launcher: str, asked: Sequence[str], rounds: int, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """Measure the programs of these names; return the searches and the rows of the cells."""
    rows = TunedRows(rounds, seconds, launcher, say)
    for program in (*PROGRAMS, *TUNED_TOO):
        if program.name in asked:
            begin = time.monotonic()
            rows.tune(program, classes())
            say(f"{program.name}: {time.monotonic() - begin:.0f} s")
    return {"tunings": rows.tunings, "cells": rows.found}
