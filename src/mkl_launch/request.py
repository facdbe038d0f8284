"""What was asked for: options of the command line, MKL_LAUNCH_* variables, an outer launcher's options.

The command line beats the variable, and so does an outer launcher's command line, which it left in its note
(see `given`). argparse costs more than all the rest of the launcher: only reports and mistakes import it.
"""

from __future__ import annotations

from . import cpulist
from .errors import UsageError
from .record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Mapping
    from typing import NoReturn

PREFIX = "MKL_LAUNCH_"
SWITCH = "MKL_LAUNCH"
APPLIED = "MKL_LAUNCH_APPLIED"  # the launcher's own note to a launcher further in, see `given`

EXPLAIN, JSON, PRINT_ENV = "explain", "json", "print-env"
HELP, VERSION = "help", "version"
PRINT_FORMATS = ("sh", "docker")


@record
class Cpus:
    """--cpus: an amount of CPU, or the very CPUs to run on."""

    amount: float | None = None
    mask: frozenset[int] | None = None


@record
class Request:
    """Everything that was asked for, checked."""

    command: tuple[str, ...] = ()
    profile: str = "auto"
    cpus: Cpus | None = None
    workers: int | None = None
    bind: str = "auto"
    log: str = "info"
    strict: bool = False
    report: str | None = None  # EXPLAIN, JSON, PRINT_ENV, HELP, VERSION; None: run the command
    print_format: str | None = None
    sysroot: str = ""
    off: bool = False
    cpus_option: str = "--cpus"  # its name in messages: the option or its variable
    cpus_must_fit: bool = False  # it is on this very command line, so a mistake in it is fatal
    chosen: tuple[tuple[str, str], ...] = ()  # (option, text), for a launcher further in
    overruled: tuple[str, ...] = ()  # variables that these beat
    warnings: tuple[str, ...] = ()


@record
class Option:
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
        "bind",
        "auto, never or always",
        _one_of("auto", "never", "always"),
        "pin threads (auto: only where the CPUs are evidently this container's alone)",
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
_BY_NAME = {option.name: option for option in (*OPTIONS, LOG, STRICT)}
_BY_VARIABLE = {option.variable: option for option in _BY_NAME.values()}
_WITH_VALUE = frozenset(f"--{option.name}" for option in OPTIONS)


def read(argv: list[str], environ: Mapping[str, str], outer: Mapping[str, str]) -> Request:
    """Read the command line, the environment and an outer launcher's note.

    `outer` has that launcher's options by their names and the variables that they overruled by theirs.
    Raises UsageError for a bad command line. A bad variable is a warning: a container must start.
    """
    values: dict[str, object] = {}
    warnings: list[str] = []
    chosen: dict[str, str] = {}
    for option in (*OPTIONS, LOG):
        if option.name in outer:
            _read_outer(option, outer[option.name], values, chosen)
    for name in sorted(name for name in environ if name.startswith(PREFIX) and environ[name]):
        if name != APPLIED and outer.get(name) != environ[name]:
            _read_variable(name, environ[name], values, chosen, warnings)
    options, command = split(argv)
    own = _read_options(options, values, chosen) if options else frozenset()
    switch = environ.get(SWITCH, "")
    if switch not in ("off", "on", ""):
        warnings.append(f"{SWITCH}={switch} is neither on nor off: ignored")
    return Request(
        **values,  # type: ignore[arg-type]  # each value comes from its own option's `read`
        command=tuple(command),
        cpus_option="--cpus" if "cpus" in chosen else PREFIX + "CPUS",
        cpus_must_fit="cpus" in own,
        off=switch == "off",
        chosen=tuple(chosen.items()),
        overruled=tuple(_BY_NAME[name].variable for name in chosen if _BY_NAME[name].variable in environ),
        warnings=tuple(warnings),
    )


def _read_outer(option: Option, text: str, values: dict[str, object], chosen: dict[str, str]) -> None:
    try:
        values[option.name], chosen[option.name] = option.read(text), text
    except ValueError:  # a damaged note: as if there were none
        return


def _read_variable(
    name: str, text: str, values: dict[str, object], chosen: dict[str, str], warnings: list[str]
) -> None:
    option = _BY_VARIABLE.get(name)
    if option is None:
        warnings.append(f"{name} is not a variable of mkl-launch: ignored")
        return
    try:
        values[option.name] = option.read(text)
        chosen.pop(option.name, None)
    except ValueError:
        warnings.append(f"{name}={text} is not {option.accepted}: ignored")


def split(argv: list[str]) -> tuple[list[str], list[str]]:
    """Part the launcher's options from the command, which begins after "--" or is the first word."""
    takes_value = _WITH_VALUE | {"--print-env", "--sysroot"}
    at = 0
    while at < len(argv) and argv[at].startswith("-"):
        if argv[at] == "--":
            return argv[:at], argv[at + 1 :]
        at += 2 if argv[at] in takes_value else 1
    return argv[:at], argv[at:]


def _read_options(options: list[str], values: dict[str, object], chosen: dict[str, str]) -> frozenset[str]:
    """Read the command line's options and return their names."""
    texts = _plain(options)
    if texts is None:
        parsed = parser().parse_args(options)
        texts = {name: text for name, text in vars(parsed).items() if name in _BY_NAME and text is not None}
        _read_report(parsed, values)
    for name, text in texts.items():
        option = _BY_NAME[name]
        try:
            values[name], chosen[name] = option.read(text), text
        except ValueError:
            raise UsageError(f"--{name} {text}: not {option.accepted}") from None
    return frozenset(texts)


def _plain(options: list[str]) -> dict[str, str] | None:
    """The options of a launch, without the import of argparse; None where there is any other."""
    texts: dict[str, str] = {}
    words = iter(options)
    for word in words:
        name, equals, text = word.partition("=")
        if word in FLAGS:
            texts.update((FLAGS[word],))
        elif name in _WITH_VALUE:
            value = text if equals else next(words, None)
            if not value or value.startswith("-"):
                return None
            texts[name[2:]] = value
        else:
            return None
    return texts


def _read_report(parsed: Namespace, values: dict[str, object]) -> None:
    asked = [name for name in (HELP, VERSION) if getattr(parsed, name)][:1]
    asked = asked or [
        name for name in (EXPLAIN, JSON, PRINT_ENV) if getattr(parsed, name.replace("-", "_"))
    ]
    if len(asked) > 1:
        raise UsageError(f"--{asked[0]} and --{asked[1]}: only one of them at a time")
    if asked:
        values["report"] = asked[0]
    if parsed.print_env:
        values["print_format"] = parsed.print_env
    if parsed.sysroot is not None:
        if not parsed.sysroot:
            raise UsageError("--sysroot '': not a directory")
        values["sysroot"] = parsed.sysroot


def parser() -> ArgumentParser:
    """The options as argparse knows them; it checks their form, `Option.read` their values."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(message)

    made = Parser(
        prog="mkl-launch",
        usage="mkl-launch [OPTIONS] [--] COMMAND [ARG...]",
        description="Set threads and affinity to the CPUs that this container really has, "
        "then exec COMMAND.",
        epilog=EPILOG,
        allow_abbrev=False,
        add_help=False,
    )
    for option in OPTIONS:
        text = f"{option.help}; {option.accepted} [{option.variable}]"
        made.add_argument(f"--{option.name}", metavar=option.name.upper(), help=text)
    add = made.add_argument
    add("--explain", action="store_true", help="tell what was found and why; run nothing")
    add("--json", action="store_true", help="the same as JSON; run nothing")
    add("--print-env", choices=PRINT_FORMATS, help="print the settings; run nothing")
    add("--sysroot", metavar="DIR", help="read /proc and /sys below DIR; run nothing")
    _add_flag(made, "--strict", help=f"a failed detection is fatal [{STRICT.variable}=1]")
    _add_flag(made, "-q", "--quiet", help=f"say nothing [{LOG.variable}=quiet]")
    _add_flag(made, "-v", "--verbose", help=f"say everything [{LOG.variable}=debug]")
    add("--version", action="store_true", help="print the version")
    add("-h", "--help", action="store_true", help="print this")
    return made


def _add_flag(made: ArgumentParser, *names: str, help: str) -> None:  # noqa: A002  # argparse's word
    option, value = FLAGS[names[0]]
    made.add_argument(*names, dest=option, action="store_const", const=value, help=help)
