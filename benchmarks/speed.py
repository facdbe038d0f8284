"""Speed of real programs under real limits: each contender in each limit, beside each company."""

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
import servers
from cgroups import UNLIMITED
from contained import Contained, Process
from contenders import FRAMEWORKS, HERE, PIN, WAIT, WORKERS, Contender, contenders, sweep
from environments import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALONE, BUSY, SECOND = "alone", "a busy process", "a second container"
COMPANY = (ALONE, BUSY, SECOND)
# Parts of the best in the first round, from which on one is measured again: of the sweep, and with a name.
WORTH, WORTH_NAMED = 0.9, 0.5


class Limit(NamedTuple):
    """A quota in CPUs, or a cpuset of so many."""

    name: str
    quota: float = UNLIMITED
    cpuset: int = 0

    def options(self, container: int) -> dict[str, Any]:
        """As `cgroups.limited` takes it; a second container has the next CPUs."""
        if not self.cpuset:
            return {"quota": self.quota}
        first = container * self.cpuset
        return {"cpus": f"{first}-{first + self.cpuset - 1}"}


class Program(NamedTuple):
    """Of units.py: what it hears of a sweep, and the variables that its work depends on."""

    name: str
    hears: frozenset[str]
    # Of each entry the first variable that is set counts; the first entry is its number of threads.
    reads: tuple[tuple[str, ...], ...] = ()
    reads_quota: bool = False  # by itself, once for its life
    server: bool = False  # not of units.py


OPENMP, NOTHING = frozenset((WAIT, PIN)), frozenset[str]()
SPINNING = (("OMP_WAIT_POLICY",), ("GOMP_SPINCOUNT",), ("OPENBLAS_THREAD_TIMEOUT",))
PRELOADED = (("LD_PRELOAD",), ("MALLOC_CONF",))
GOMP = (("OMP_NUM_THREADS",), ("OMP_PROC_BIND",), ("OMP_PLACES",), *SPINNING, *PRELOADED)
PYTORCH = (*GOMP, ("MKL_NUM_THREADS", "OMP_NUM_THREADS"))
TENSORFLOW = (("TF_NUM_INTRAOP_THREADS",), ("TF_NUM_INTEROP_THREADS",), *PRELOADED)
ONNX_RUNTIME = (("ORT_INTRA_OP_NUM_THREADS",), *PRELOADED)  # its sessions run one operation at a time
OPENBLAS = (("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), *SPINNING, *PRELOADED)
RAYON = (("RAYON_NUM_THREADS",), ("TOKENIZERS_PARALLELISM",), *PRELOADED)
PROGRAMS = (
    Program("ResNet-50, PyTorch", OPENMP, PYTORCH),
    Program("ResNet-50, TensorFlow", NOTHING, TENSORFLOW),
    Program("ResNet-50, ONNX Runtime", NOTHING, ONNX_RUNTIME),
    Program("BERT-base, PyTorch", OPENMP, PYTORCH),
    Program("matrix product, NumPy", frozenset((WAIT,)), OPENBLAS),
    Program("boosting, scikit-learn", OPENMP, GOMP, reads_quota=True),
    Program("boosting, XGBoost", OPENMP, GOMP),
    Program("tokenizers", NOTHING, RAYON, reads_quota=True),
    Program("multi-model-server", frozenset((WORKERS,)), reads_quota=True, server=True),
)


def limits() -> list[Limit]:
    """Those of the smallest containers, and half and all of the machine."""
    cpus = os.cpu_count() or 1
    quotas = sorted({0.5, 1.0, 1.5, 2.0, float(cpus // 2), float(cpus)})
    found = [Limit(f"{quota:g}", quota) for quota in quotas]
    return [*found, Limit("cpuset of 1", cpuset=1), Limit("none")]


class Way(NamedTuple):
    """A program with certain settings, in two containers."""

    pair: tuple[Contained, Contained]

    def change(self, quota: float) -> None:
        """Put both under this quota."""
        for one in self.pair:
            one.place.change(quota)


class Measured(NamedTuple):
    """One round of one way."""

    times: list[float]  # seconds of each unit
    rate: float  # units per second, of one container
    throttled: float  # periods per second in which the quota ran out


class Rows:
    """What was measured, as rows of data."""

    def __init__(self, rounds: int, seconds: float, launcher: str, say: Callable[[str], None]) -> None:
        self.rounds, self.seconds, self.launcher, self.say = rounds, seconds, launcher, say
        self.found: list[dict[str, Any]] = []

    def program(self, program: Program, asked: Sequence[Limit], company: Sequence[str]) -> None:
        """All cells of a program."""
        for group in groups(program, asked):
            with contextlib.ExitStack() as stack:
                ways = self._ways(program, group, stack)
                for limit in group:
                    for beside in company:
                        self._cell(program, limit, beside, ways[limit])

    def _ways(
        self, program: Program, group: Sequence[Limit], stack: contextlib.ExitStack
    ) -> dict[Limit, list[tuple[Contender, Way]]]:
        """Start each contender, once where several limits come to the same settings."""
        own = os.cpu_count() or 1
        known: dict[object, Way | None] = {}
        found: dict[Limit, list[tuple[Contender, Way]]] = {}
        for limit in group:
            quota = None if limit.quota == UNLIMITED else limit.quota
            named = contenders(self.launcher, quota, limit.cpuset or own)
            found[limit] = []
            for contender in [*named, *sweep(own, program.hears)]:
                way = start(program, contender, limit, known, stack)
                if way:
                    found[limit].append((contender, way))
                else:
                    self.say(f"{program.name} | {limit.name} | does not start: {contender.name}")
        return found

    def _cell(self, program: Program, limit: Limit, beside: str, ways: list[tuple[Contender, Way]]) -> None:
        unique = {id(way): way for _, way in ways}
        named = {id(way) for contender, way in ways if not contender.swept}
        with contained.busy() if beside == BUSY else contextlib.nullcontext():
            runs = self._runs(unique, named, limit.quota, second=beside == SECOND)
        order = list(unique)
        rows = []
        for contender, way in ways:
            place = {"program": program.name, "limit": limit.name, "company": beside}
            who = {"contender": contender.name, "swept": contender.swept, "way": order.index(id(way))}
            rows.append({**place, **who, **summary(runs[id(way)])})
        self.found += rows
        self.say(f"{program.name} | {limit.name} | {beside} | {told(rows)}")

    def _runs(
        self, ways: dict[int, Way], named: set[int], quota: float, *, second: bool
    ) -> dict[int, list[Measured]]:
        """The rounds, interleaved; under less than a CPU longer ones."""
        for way in ways.values():
            way.change(quota)
        seconds = self.seconds / min(1, quota)
        runs: dict[int, list[Measured]] = {key: [] for key in ways}
        for turn in range(self.rounds):
            best = max((run[0].rate for run in runs.values() if run), default=0)
            for key, way in ways.items():
                least = best * (WORTH_NAMED if key in named else WORTH)
                if not turn or runs[key][0].rate >= least:
                    runs[key].append(measure(way, seconds, second=second))
        return runs


def groups(program: Program, asked: Sequence[Limit]) -> list[list[Limit]]:
    """Limits whose processes can be the same: a quota is changed under a process, a cpuset is not."""
    quotas = [limit for limit in asked if not limit.cpuset]
    sets = [[limit] for limit in asked if limit.cpuset]
    return [*([[limit] for limit in quotas] if program.reads_quota else [quotas] if quotas else []), *sets]


def start(
    program: Program,
    contender: Contender,
    limit: Limit,
    known: dict[object, Way | None],
    stack: contextlib.ExitStack,
) -> Way | None:
    """In two containers; not again where it comes to what is `known` already. None: it does not start."""
    fixed = (contender.prefix, contender.config, *contender.environ.items())
    if not contender.adapts and fixed in known:
        return known[fixed]
    with contextlib.ExitStack() as own:
        try:
            first = own.enter_context(_contained(program, contender, limit.options(0)))
            settings = effective(program, first)
            if settings not in known:
                second = own.enter_context(_contained(program, contender, limit.options(1)))
                _load((first, second))
                known[settings] = Way((first, second))
                stack.push(own.pop_all())
        except (ChildProcessError, TimeoutError):
            return known.setdefault(fixed, None)
    known[fixed] = known[settings]
    return known[fixed]


def effective(program: Program, one: Contained) -> object:
    """What its work depends on: with equal values it is the same program, whoever has started it."""
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
    """The model server's model, packed; the folder stays as long as this process."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    servers.pack(ENVIRONMENTS / "servers", HERE / "handler.py", Path(folder))
    return Path(folder)


def _load(pair: tuple[Contained, Contained]) -> None:
    for one in pair:
        one.load()
    for one in pair:
        one.end()
        one.stop()


def measure(way: Way, seconds: float, *, second: bool) -> Measured:
    """One round: of the first container, or of both at the same time."""
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


def summary(runs: list[Measured]) -> dict[str, Any]:
    """Medians of the rounds; percentiles over all units."""
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
    """The nearest that there is."""
    return ordered[round(percent / 100 * (len(ordered) - 1))]


def told(rows: list[dict[str, Any]]) -> str:
    """A cell in one line, while it is measured."""
    rates = {row["contender"]: row["rate"] for row in rows}
    best = max((row for row in rows if row["swept"]), key=lambda row: row["rate"])
    of_best = rates["mkl-launch"] / best["rate"]
    named = ", ".join(f"{row['contender']} {row['rate']:.1f}" for row in rows if not row["swept"])
    return f"{of_best:.2f} of {best['contender']} {best['rate']:.1f}; {named}"
