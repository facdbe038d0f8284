"""The speed of real programs under real limits: each contender, limit and neighbour."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import contained
from contained import Contained, Process
from contenders import FRAMEWORKS, HERE, Contender, contenders, sweep
from workloads import ALONE, BUSY, NO_LIMIT, SECOND, SPINNING, Limit, Program

from testing import servers
from testing.cgroups import UNLIMITED
from testing.environments import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Parts of the best in the first round, from which on one is measured again: of the sweep, and with a name.
WORTH, WORTH_NAMED = 0.9, 0.5
HOPELESS = 0.25  # of what is not judged by parts of the best
# Times as many rounds where a goal is a matter of 2 %: alone and without a limit.
FINER = 3


class Way(NamedTuple):
    """A program with certain settings, in one container, or in two that are measured side by side."""

    pair: tuple[Contained, ...]

    def change(self, quota: float) -> None:
        """Put all programs under this quota."""
        for one in self.pair:
            one.place.change(quota)


class Measured(NamedTuple):
    """The result of one round of one way."""

    times: list[float]  # seconds of each unit
    rate: float  # units per second, of one container
    throttled: float  # periods per second in which the quota ran out


class Rows:
    """The rows of data that were measured."""

    def __init__(self, rounds: int, seconds: float, launcher: str, say: Callable[[str], None]) -> None:
        self.rounds, self.seconds, self.launcher, self.say = rounds, seconds, launcher, say
        self.found: list[dict[str, Any]] = []

    def program(self, program: Program, asked: Sequence[Limit], company: Sequence[str]) -> None:
        """Measure all cells of a program."""
        for group in groups(program, asked):
            with contextlib.ExitStack() as stack:
                ways = self._ways(program, group, stack)
                for limit in (limit for limit in group if ways[limit]):  # none: it is not installed
                    for beside in company:
                        self._cell(program, limit, beside, ways[limit])

    def _ways(
        self, program: Program, group: Sequence[Limit], stack: contextlib.ExitStack
    ) -> dict[Limit, list[tuple[Contender, Way]]]:
        """Start each contender, once where it has the same settings under several limits."""
        own = os.cpu_count() or 1
        known: dict[object, Way | None] = {}
        tried: dict[Limit, list[tuple[Contender, Way | None]]] = {}
        for limit in group:
            quota = None if limit.quota == UNLIMITED else limit.quota
            named = contenders(self.launcher, quota, limit.cpuset or own)
            each = [*named, *sweep(own, program.hears)]
            tried[limit] = [(one, start(program, one, limit, known, stack)) for one in each]
        up = load({id(way): way for way in known.values() if way}.values())
        found: dict[Limit, list[tuple[Contender, Way]]] = {limit: [] for limit in group}
        for limit, pairs in tried.items():
            for contender, way in pairs:
                if way in up:
                    found[limit].append((contender, way))
                else:
                    self.say(f"{program.name} | {limit.name} | does not start: {contender.name}")
        return found

    def _cell(self, program: Program, limit: Limit, beside: str, ways: list[tuple[Contender, Way]]) -> None:
        unique = {id(way): way for _, way in ways}
        named = {id(way) for contender, way in ways if not contender.swept}
        rounds = self.rounds * (FINER if (limit.name, beside) == (NO_LIMIT, ALONE) else 1)
        for way in unique.values():
            way.change(limit.quota)
        with company(beside) as second:
            runs = self._runs(unique, named, rounds, self.seconds / min(1, limit.quota), second=second)
        order = list(unique)
        rows = []
        for contender, way in ways:
            place = {"program": program.name, "limit": limit.name, "company": beside}
            who = {"contender": contender.name, "swept": contender.swept, "way": order.index(id(way))}
            rows.append({**place, **who, **summary(runs[id(way)])})
        self.found += rows
        self.say(f"{program.name} | {limit.name} | {beside} | {told(rows)}")

    def _runs(
        self, ways: dict[int, Way], named: set[int], rounds: int, seconds: float, *, second: bool
    ) -> dict[int, list[Measured]]:
        """Measure the rounds, the contenders in turn."""
        runs: dict[int, list[Measured]] = {key: [] for key in ways}
        for turn in range(rounds):
            best = max((run[0].rate for run in runs.values() if run), default=0)
            for key, way in ways.items():
                least = best * (WORTH_NAMED if key in named else WORTH)
                if not turn or runs[key][0].rate >= least:
                    runs[key].append(measure(way, seconds, second=second))
        return runs


@contextlib.contextmanager
def company(beside: str) -> Iterator[bool]:
    """Return the neighbours that a program is measured beside; True is a second container of it."""
    with contained.busy() if beside == BUSY else contextlib.nullcontext():
        yield beside == SECOND


def groups(program: Program, asked: Sequence[Limit]) -> list[list[Limit]]:
    """Group the limits that the same processes can have: a quota can be changed, a cpuset cannot."""
    quotas = [limit for limit in asked if not limit.cpuset]
    sets = [[limit] for limit in asked if limit.cpuset]
    return [*([[limit] for limit in quotas] if program.reads_quota else [quotas] if quotas else []), *sets]


def start(  # noqa: PLR0913, PLR0917  # the benchmark of --tune needs one container, not two
    program: Program,
    contender: Contender,
    limit: Limit,
    known: dict[object, Way | None],
    stack: contextlib.ExitStack,
    containers: int = 2,
) -> Way | None:
    """Start a program in containers, without loading it; a contender equal to one in `known` is that one.

    None: it does not start.
    """
    fixed = (contender.prefix, contender.config, *contender.environ.items())
    if not contender.adapts and fixed in known:
        return known[fixed]
    with contextlib.ExitStack() as own:
        try:
            first = own.enter_context(_contained(program, contender, limit.options(0)))
            settings = effective(program, first)
            if settings not in known:
                others = [
                    own.enter_context(_contained(program, contender, limit.options(number)))
                    for number in range(1, containers)
                ]
                known[settings] = Way((first, *others))
                stack.push(own.pop_all())
        except (ChildProcessError, TimeoutError):
            return known.setdefault(fixed, None)
    known[fixed] = known[settings]
    return known[fixed]


def effective(program: Program, one: Contained) -> object:
    """Return the values that a program's work depends on; equal values are measured once."""
    if not isinstance(one, Process) or not program.reads:
        return one
    values = [next(filter(None, map(one.environ.get, names)), "") for names in program.reads]
    if values[0] == "1":  # one thread waits for nobody
        values = [
            value for names, value in zip(program.reads, values, strict=True) if names not in SPINNING
        ]
    return (*values, *one.mask)


def _contained(
    program: Program, contender: Contender, limit: dict[str, Any]
) -> contextlib.AbstractContextManager[Contained]:
    prefix, environ = contender.prefix, contender.environ
    if program.server:
        return contained.server(prefix, contender.config, archives(), environ, **limit)
    argv = [*prefix, str(FRAMEWORKS), str(HERE / "units.py"), program.name]
    return contained.process(argv, environ, **limit)


@functools.cache
def archives() -> Path:
    """Return the packed model of the model server; its folder stays as long as this process."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    servers.pack(ENVIRONMENTS / "servers", HERE / "handler.py", Path(folder))
    return Path(folder)


def started(
    program: Program, contenders: Iterable[Contender], limit: Limit, stack: contextlib.ExitStack
) -> dict[str, Way]:
    """Yield the loaded programs by name, each in containers of its own."""
    tried = {one.name: start(program, one, limit, {}, stack) for one in contenders}
    up = load(way for way in tried.values() if way)
    return {name: way for name, way in tried.items() if way in up}


def load(ways: Iterable[Way]) -> list[Way]:
    """Load as many processes at a time as there are CPUs; return those that start."""
    up, waiting = [], list(ways)
    together = max(1, (os.cpu_count() or 1) // 2)
    while waiting:
        batch, waiting = waiting[:together], waiting[together:]
        for way in batch:
            for one in way.pair:
                one.load()
        up += [way for way in batch if _loaded(way)]
    return up


def _loaded(way: Way) -> bool:
    try:
        for one in way.pair:
            one.end()
            one.stop()
    except (ChildProcessError, TimeoutError):
        return False
    return True


def measure(way: Way, seconds: float, *, second: bool) -> Measured:
    """Measure one round of the first container, or of both at the same time."""
    pair = way.pair if second else way.pair[:1]
    before = sum(one.place.throttled() for one in pair)
    begin = time.perf_counter()
    for one in pair:
        one.go_on()
        one.begin(seconds)
    found = [one.end() for one in pair]
    span = (time.perf_counter() - begin) * len(pair)
    for one in pair:
        one.stop()
    throttled = sum(one.place.throttled() for one in pair) - before
    rate = sum(work.rate for work in found) / len(found)
    return Measured([time for work in found for time in work.times], rate, throttled / span)


def interleaved(
    ways: dict[str, Way], rounds: int, seconds: float, *, second: bool
) -> dict[str, dict[str, Any]]:
    """Measure the contenders in turn and return a summary of each."""
    runs: dict[str, list[Measured]] = {name: [] for name in ways}
    for turn in range(rounds):
        best = max((run[0].rate for run in runs.values() if run), default=0)
        for name, way in ways.items():
            if not turn or runs[name][0].rate >= best * HOPELESS:
                runs[name].append(measure(way, seconds, second=second))
    return {name: summary(found) for name, found in runs.items()}


def summary(runs: list[Measured]) -> dict[str, Any]:
    """Return the medians of the rounds and the percentiles over all units."""
    times = sorted(time for run in runs for time in run.times)
    rates = [run.rate for run in runs]
    return {
        "rate": round(statistics.median(rates), 3),
        "rates": [round(rate, 3) for rate in rates],
        "p50_ms": round(_percentile(times, 50) * 1000, 2),
        "p99_ms": round(_percentile(times, 99) * 1000, 2),
        "units": len(times),
        "throttled_per_s": round(statistics.median(run.throttled for run in runs), 2),
    }


def _percentile(ordered: list[float], percent: int) -> float:
    """Return the nearest measured value."""
    return ordered[round(percent / 100 * (len(ordered) - 1))]


def told(rows: list[dict[str, Any]]) -> str:
    """Return a line on a cell, to print while measuring."""
    rates = {row["contender"]: row["rate"] for row in rows}
    best = max((row for row in rows if row["swept"]), key=lambda row: row["rate"])
    of_best = rates["mkl-launch"] / best["rate"]
    named = ", ".join(f"{row['contender']} {row['rate']:.1f}" for row in rows if not row["swept"])
    return f"{of_best:.2f} of {best['contender']} {best['rate']:.1f}; {named}"
