"""A profile of --tune: the rules that it has found to be best, and the text that they are kept in. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU
from mkl_launch.core.record import Record

# The rules for the number of threads, in the order of preference where two give the same number. They are
# relative to the budget, so that they hold on a machine of another size; `policy.tuned_values` has them.
PLAN = "plan"  # what the policy computes; also a value of the other two rules
ONE, HALF, QUARTER, THREE_QUARTERS = "one", "half", "quarter", "three-quarters"
CORES = "cores"  # a thread for each core, and the quota rounded up
ALL_CPUS = "cpus"  # a thread for each CPU: SMT siblings count
THREAD_RULES = (PLAN, ONE, HALF, QUARTER, THREE_QUARTERS, CORES, ALL_CPUS)
SLEEP, SPIN = "sleep", "spin"  # threads that wait sleep at once; they spin for the cost of a wake-up first
SPIN_RULES = (PLAN, SLEEP, SPIN)
NEVER = "never"
PINNING_RULES = (PLAN, NEVER)

SCHEMA = 1
CHOICES = {"threads": THREAD_RULES, "spin": SPIN_RULES, "pinning": PINNING_RULES}
TEXTS = ("command", "arch", "limit")
FIELDS = 3 + len(TEXTS) + 2  # with the three rules, the schema and the number of threads
LONG = 1 << 16  # bytes; a profile has about 1000


class TunedProfile(Record):
    """The rules that a tuning found best, and the command, architecture and limit that they are for.

    A profile that is being tried has no `path`; it fits everywhere.
    """

    threads: str = PLAN
    spin: str = PLAN
    pinning: str = PLAN
    path: str = ""
    command: str = ""
    arch: str = ""  # from uname(2)
    limit: str = ""  # the kind of limit, of `policy.tuned_values.limit_kind`
    planned_threads: int = 0  # that the policy computed
    here: str = ""  # the architecture of this machine
    problem: str = ""  # why the file cannot be used; the rules are then those of the plan

    @property
    def is_plan(self) -> bool:
        """Return True if the plan's own settings are the best."""
        return self.rules == (PLAN, PLAN, PLAN)

    @property
    def rules(self) -> tuple[str, str, str]:
        """Return the rules for threads, spinning and pinning."""
        return self.threads, self.spin, self.pinning


def read_profile(path: str, text: str, problem: str | None, here: str) -> TunedProfile:
    """Return the profile in a text; its `problem` says why it cannot be used, if so.

    `problem` is why its file cannot be read, or is not to be trusted. `here` is the architecture.
    """
    if problem:
        return TunedProfile(path=path, problem=problem)
    try:
        fields = _fields(_parse(text))
    except (ValueError, RecursionError) as error:
        return TunedProfile(path=path, problem=str(error) or "not JSON")
    return TunedProfile(path=path, here=here, **fields)  # type: ignore[arg-type]


def _parse(text: str) -> object:
    """Return the document in a JSON text; `json`, which takes 5 ms to import, is for other layouts only."""
    if len(text) > LONG:
        raise ValueError(f"longer than {LONG} bytes")
    document = _as_saved(text)
    if document is not None:
        return document
    from json import loads

    return loads(text)


def _as_saved(text: str) -> dict[str, object] | None:
    """Return the fields before "measured" if each has a line as --save writes it; else None."""
    first, *lines = text.split("\n")
    document: dict[str, object] = {}
    for line in lines if first == "{" else ():
        if line == '  "measured": {':
            return document if len(document) == FIELDS else None
        name, colon, value = line.partition('": ')
        value = value.removesuffix(",")
        inner = value[1:-1]
        if not colon or name[:3] != '  "':
            break
        if value == f'"{inner}"' and inner.isprintable() and not {'"', "\\"} & set(inner):
            document[name[3:]] = inner
        elif value.isdecimal() and value.isascii() and (value == "0" or value[0] != "0"):
            document[name[3:]] = int(value[:20])
        else:
            break
    return None


def _fields(document: object) -> dict[str, object]:
    """Return the checked {field of TunedProfile: value} of a document. Raise ValueError."""
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # of the file, not of a caller
    if document.get("schema") != SCHEMA:
        raise ValueError(f"schema {document.get('schema')!r} is not {SCHEMA}")
    fields: dict[str, object] = {}
    for name, accepted in CHOICES.items():
        fields[name] = document.get(name)
        if fields[name] not in accepted:
            raise ValueError(f"{name} {fields[name]!r} is not one of {', '.join(accepted)}")
    for name in TEXTS:
        fields[name] = document.get(name)
        if not isinstance(fields[name], str):
            raise ValueError(f"{name} {fields[name]!r} is not a text")  # noqa: TRY004
    planned = document.get("planned_threads")
    if type(planned) is not int or not 0 < planned <= MAX_CPU:
        raise ValueError(f"planned_threads {planned!r} is not a whole number from 1 to {MAX_CPU}")
    return {**fields, "planned_threads": planned}
