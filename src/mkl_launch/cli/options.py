"""The options of the command line and their variables, one row each."""

from __future__ import annotations

from mkl_launch.core import cpulist
from mkl_launch.core.option_names import ALLOCATOR, DEFAULT, OPENMP, PREFIX, PROFILES, SWITCH
from mkl_launch.core.record import Record
from mkl_launch.model.request import Cpus

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.model.slots import Slots


class Option(Record):
    """An option that takes a value and has a variable.

    `read` returns the value of a text and raises ValueError if the text is not accepted. `accepted`
    completes the message "--NAME TEXT: not ...". `metavar` stands for the value in `--help`.
    """

    name: str
    metavar: str
    accepted: str
    read: Callable[[str], object]
    help: str

    @property
    def variable(self) -> str:
        """Return the variable that sets this option if the command line is fixed in an image."""
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


def _slots(text: str) -> Slots:
    directory, colon, sharers = text.rpartition(":")
    number = cpulist.positive(sharers) if colon else None
    if number is None:
        directory = text
    if not directory.startswith("/") or "\0" in directory or (number or 1) > cpulist.MAX_CPU:
        raise ValueError(text)
    from mkl_launch.model.slots import Slots

    return Slots(directory, number)


def _workers(text: str) -> int:
    workers = cpulist.whole(text)
    if not 0 < workers <= cpulist.MAX_CPU:
        raise ValueError(text)
    return workers


def _profile_path(text: str) -> str:
    if text != "off" and (not text.startswith("/") or "\0" in text):
        raise ValueError(text)
    return text


OPTIONS = (
    Option(
        "profile",
        "{auto,serving,training}",
        "auto, serving or training",
        _one_of("auto", "serving", "training"),
        "kind of work (default: auto, which is serving for a known server and training for other programs)",
    ),
    Option(
        "cpus",
        "N|LIST",
        f"a CPU count up to {cpulist.MAX_CPU} (4, 2.5, 500m) or a CPU list (0-3,8)",
        _cpus,
        "CPU count (4, 2.5, 500m) to use in place of the detected limit, or list of CPUs (0-3,8) to run on",
    ),
    Option(
        "workers",
        "N",
        f"a whole number from 1 to {cpulist.MAX_CPU}",
        _workers,
        "number of processes that COMMAND starts; the threads are divided among them",
    ),
    Option(
        "basis",
        "{auto,limit,request}",
        "auto, limit or request",
        _one_of("auto", "limit", "request"),
        "number of CPUs of a pod to plan for (default: auto, the limit, or the request without a limit)",
    ),
    Option(
        "bind",
        "{auto,never,always}",
        "auto, never or always",
        _one_of("auto", "never", "always"),
        "pinning of threads to cores (default: auto, only if no other container uses the CPUs)",
    ),
    Option(
        "slots",
        "DIR[:N]",
        "an absolute path, or one with the number of containers (/run/mkl-launch:4)",
        _slots,
        "directory that the containers of a host share: each takes CPUs that no other one holds, as many "
        "as its limit, or one part of N",
    ),
    Option(
        ALLOCATOR,
        "{tcmalloc,jemalloc,default}",
        "tcmalloc, jemalloc or default",
        _one_of("tcmalloc", "jemalloc", DEFAULT),
        "memory allocator to preload if it is installed (default: the program's own)",
    ),
    Option(
        OPENMP,
        "{intel,default}",
        "intel or default",
        _one_of("intel", DEFAULT),
        "OpenMP runtime to preload if it is installed (default: the program's own)",
    ),
    Option(
        "tuned",
        "FILE|off",
        "off or the absolute path of a file that --tune has saved",
        _profile_path,
        f"tuned profile to apply (default: {PROFILES}/NAME.json for a command NAME, if it exists)",
    ),
)
LOG = Option("log", "", "quiet, info, debug or json", _one_of("quiet", "info", "debug", "json"), "")
STRICT = Option("strict", "", "1 or 0", lambda text: _one_of("1", "0")(text) == "1", "")
FLAGS = {
    "-q": ("log", "quiet"),
    "--quiet": ("log", "quiet"),
    "-v": ("log", "debug"),
    "--verbose": ("log", "debug"),
    "--strict": ("strict", "1"),
}
EPILOG = (
    "A variable of a program that is already set (OMP_NUM_THREADS=4) keeps its value. NAME=auto has it "
    f"computed, an empty value leaves it unset. With {SWITCH}=off COMMAND starts without any change."
)
BY_NAME = {option.name: option for option in (*OPTIONS, LOG, STRICT)}
BY_VARIABLE = {option.variable: option for option in BY_NAME.values()}
WITH_VALUE = frozenset(f"--{option.name}" for option in OPTIONS)
INSTANCE_OPTIONS = frozenset(
    ("--instances", "--cores-per-instance", "--per", "--on-failure", "--grace", "--log-dir")
)
REPORTS_WITH_VALUE = frozenset(("--print-env", "--sysroot", "--machine", "--pid", "--install-shims"))
# They follow --tune, because the last resorts of a start know only that one.
TUNE_OPTIONS = frozenset(("--for", "--metric", "--also", "--load", "--ready", "--save", "--plot"))
