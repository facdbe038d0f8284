"""The diagnosis of each container, from two samples and from what was read about it. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import count, plural
from mkl_launch.core.record import Record
from mkl_launch.core.rounding import rounded_up
from mkl_launch.report.doctor.identity import Identity
from mkl_launch.report.doctor.observations import Container, Counters, Details, Planned, Sample
from mkl_launch.tables.variables import OMP_NUM_THREADS

# Verdicts, the worst first.
THROTTLED, CROWDED, UNKNOWN, FITS, IDLE = "throttled", "crowded", "unknown", "fits", "idle"
VERDICTS = {
    THROTTLED: "the quota was used up in at least 5 % of the periods",
    CROWDED: "more threads are busy than it has CPUs",
    UNKNOWN: "something that decides could not be read",
    FITS: "its threads fit its limits",
    IDLE: "no thread was busy",
}
MIN_SHARE = 0.05  # of the periods; a container that is throttled less often loses little
NEW, NO_CPUS = "it started during the sample", "its CPUs could not be read"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Throttling(Record):
    """How often a quota was used up during the sample, in the group with the largest share of periods."""

    directory: str
    periods: int
    throttled: int
    seconds: float | None  # summed over the CPUs of the group

    @property
    def share(self) -> float:
        """Return the share of the periods; 0 if there was none, because nothing wanted to run."""
        return self.throttled / self.periods if self.periods else 0.0


class Diagnosis(Record):
    """A container: what it may use, what it used during the sample, what the launcher would set there."""

    identity: Identity
    group: str
    details: Details
    threads: int
    busy: int | None  # threads whose CPU time grew; None: could not be read
    throttling: Throttling | None  # None: not limited, or could not be read
    used_cpus: float | None
    verdict: str
    advice: str
    failures: tuple[str, ...]


class Findings(Record):
    """The containers, the worst offender first, and the length of the sample in seconds."""

    containers: tuple[Diagnosis, ...]
    seconds: float
    processes: int
    failures: tuple[str, ...]


def findings(before: Sample, after: Sample, details: Mapping[str, Details]) -> Findings:
    """Return the diagnosis of each container of the second sample."""
    seconds = after.at - before.at
    diagnoses = [
        _diagnosis(before, after, name, container, details[name])
        for name, container in after.containers.items()
    ]
    failures = tuple(dict.fromkeys((*before.failures, *after.failures)))
    return Findings(tuple(sorted(diagnoses, key=_badness)), seconds, after.processes, failures)


def _diagnosis(
    before: Sample, after: Sample, name: str, container: Container, details: Details
) -> Diagnosis:
    earlier, limits = before.containers.get(name), details.limits
    failures = [*limits.failures, *container.failures]
    directories = container.place.cpu.directories if container.place.cpu else ()
    accounting = container.place.accounting.directories[:1] if container.place.accounting else ()
    read = (*directories, *accounting)
    problems = (after.counters.get(directory, Counters()).problem for directory in read)
    failures += [problem for problem in problems if problem]
    busy = None if container.failures or not earlier else busy_threads(earlier, container)
    throttling = worst(directories, before.counters, after.counters) if limits.quota is not None else None
    if earlier and limits.quota is not None and throttling is None and not failures:
        failures.append("no file counts how often its quota is used up")
    doubts = [*failures, *([] if earlier else [NEW]), *([] if details.cpus else [NO_CPUS])]
    verdict = judge(details, busy, throttling, uncertain=bool(doubts))
    return Diagnosis(
        identity=container.identity,
        group=limits.path or "",
        details=details,
        threads=len(container.threads),
        busy=busy,
        throttling=throttling,
        used_cpus=_used(accounting, before, after),
        verdict=verdict,
        advice=_advice(verdict, details, busy, doubts),
        failures=tuple(dict.fromkeys(failures)),
    )


def busy_threads(before: Container, after: Container) -> int:
    """Return the number of living threads whose CPU time has grown by at least a tick (10 ms)."""
    return sum(1 for thread, ticks in after.threads.items() if ticks > before.threads.get(thread, 0))


def worst(
    directories: Iterable[str], before: Mapping[str, Counters], after: Mapping[str, Counters]
) -> Throttling | None:
    """Return the counts of the group in which the largest share of periods was throttled.

    A container waits for the quota of its own group and for those above it, such as that of its pod.
    """
    candidates = []
    for directory in directories:
        first, last = before.get(directory, Counters()), after.get(directory, Counters())
        periods, throttled = _growth(first.periods, last.periods), _growth(first.throttled, last.throttled)
        if periods is not None and throttled is not None:
            seconds = _growth(first.throttled_seconds, last.throttled_seconds)
            candidates.append(Throttling(directory, int(periods), int(throttled), seconds))
    return max(candidates, key=lambda each: (each.share, each.periods), default=None)


def _growth(first: float | None, last: float | None) -> float | None:
    """Return the growth of a counter; None if it is missing, or that of another group of the same name."""
    return None if first is None or last is None or last < first else last - first


def _used(directories: Iterable[str], before: Sample, after: Sample) -> float | None:
    """Return the CPUs that a container has used on average, by the counters in its own directory."""
    for directory in directories:
        first, last = (each.counters.get(directory, Counters()).used_seconds for each in (before, after))
        growth = _growth(first, last)
        if growth is not None and after.at > before.at:
            return growth / (after.at - before.at)
    return None


def judge(details: Details, busy: int | None, throttling: Throttling | None, *, uncertain: bool) -> str:
    """Return the verdict."""
    if throttling and throttling.share >= MIN_SHARE:
        return THROTTLED
    if busy and details.cpus and busy > rounded_up(len(details.cpus), details.limits.quota):
        return CROWDED
    if busy is None or uncertain:
        return UNKNOWN
    return FITS if busy else IDLE


def _advice(verdict: str, details: Details, busy: int | None, doubts: list[str]) -> str:
    """Return what the owner of a container should do, in a few words; "" if nothing."""
    if verdict == UNKNOWN:
        return doubts[0]
    if verdict not in (THROTTLED, CROWDED):
        return ""
    planned = details.planned
    total, kept = planned.total, count(planned.kept)
    if planned.threads and kept and kept > planned.threads:
        return f"{OMP_NUM_THREADS}={planned.kept} is set there; without it, {_number(planned)}"
    if total is not None and busy is not None and busy > total:
        return f"mkl-launch would set {_number(planned)}; {busy} are busy"
    if verdict == THROTTLED and details.limits.quota is not None:
        return f"its work takes more than {plural(details.limits.quota, 'CPU')}: raise the limit"
    return ""


def _number(planned: Planned) -> str:
    each = f" in each of {planned.processes} processes" if planned.processes > 1 else ""
    return f"{plural(planned.threads or 0, 'thread')}{each}"


def _badness(diagnosis: Diagnosis) -> tuple[object, ...]:
    """Return a key that sorts the worst offender first."""
    throttling = diagnosis.throttling
    return (
        list(VERDICTS).index(diagnosis.verdict),
        -(throttling.share if throttling else 0),
        -((throttling.seconds or 0) if throttling else 0),
        -(diagnosis.busy or 0),
        diagnosis.identity.id,
    )
