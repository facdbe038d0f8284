"""The options and their variables: one row each."""

from __future__ import annotations

from mkl_launch.core import cpulist
from mkl_launch.core.names import ALLOCATOR, DEFAULT, OPENMP, PREFIX, SWITCH
from mkl_launch.core.record import Record
from mkl_launch.model.request import Cpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Option(Record):
    """An option that takes a value and has a variable: `read` turns its text into the value."""

    name: str
    accepted: str
    read: Callable[[str], object]
    help: str

    @property
    def variable(self) -> str:
        """The variable that stands in where the command line is baked into an image."""
        return PREFIX + self.name.upper()


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _cpus(text: str) -> Cpus:
    if "," not in text and "-" not in text:
        return Cpus(amount=cpulist.amount(text))
    mask = cpulist.parse(text)
    if not mask or text.split() != [text]:
        raise ValueError(text)
    return Cpus(mask=mask)


def _workers(text: str) -> int:
    workers = cpulist.whole(text)
    if not 0 < workers <= cpulist.MAX_CPU:
        raise ValueError(text)
    return workers


OPTIONS = (
    Option(
        "profile",
        "auto, serving or training",
        _one_of("auto", "serving", "training"),
        "kind of work (auto: serving for a known server, else training)",
    ),
    Option(
        "cpus",
        "an amount (4, 2.5, 500m) or a list of CPUs (0-3,8)",
        _cpus,
        "the budget by hand: an amount, or the CPUs to run on",
    ),
    Option(
        "workers",
        "a whole number from 1",
        _workers,
        "the command will start this many processes: divide the budget",
    ),
    Option(
        "basis",
        "auto, limit or request",
        _one_of("auto", "limit", "request"),
        "what of a pod to count with (auto: its limit, else its request, where they are told)",
    ),
    Option(
        "bind",
        "auto, never or always",
        _one_of("auto", "never", "always"),
        "pin threads (auto: only where the CPUs are evidently this container's alone)",
    ),
    Option(
        ALLOCATOR,
        "tcmalloc, jemalloc or default",
        _one_of("tcmalloc", "jemalloc", DEFAULT),
        "preload this memory allocator, if it is there",
    ),
    Option(
        OPENMP, "intel or default", _one_of("intel", DEFAULT), "preload this OpenMP runtime, if it is there"
    ),
)
LOG = Option("log", "quiet, info or debug", _one_of("quiet", "info", "debug"), "")
STRICT = Option("strict", "1 or 0", lambda text: _one_of("1", "0")(text) == "1", "")
FLAGS = {
    "-q": ("log", "quiet"),
    "--quiet": ("log", "quiet"),
    "-v": ("log", "debug"),
    "--verbose": ("log", "debug"),
    "--strict": ("strict", "1"),
}
EPILOG = (
    "A variable of a program that is already set (OMP_NUM_THREADS=4) is respected; NAME=auto computes "
    f"it all the same, an empty value leaves it unset. {SWITCH}=off starts COMMAND and changes nothing."
)
BY_NAME = {option.name: option for option in (*OPTIONS, LOG, STRICT)}
BY_VARIABLE = {option.variable: option for option in BY_NAME.values()}
WITH_VALUE = frozenset(f"--{option.name}" for option in OPTIONS)
INSTANCE_OPTIONS = frozenset(
    ("--instances", "--cores-per-instance", "--on-failure", "--grace", "--log-dir")
)
REPORTS_WITH_VALUE = frozenset(("--print-env", "--sysroot", "--machine", "--pid", "--install-shims"))
