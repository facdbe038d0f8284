"""The reader of a request: command line, MKL_LAUNCH_* variables, options of an outer launcher.

An option overrides its variable. An option of an outer launcher does so too; its note in MKL_LAUNCH_APPLIED
has them.
"""

from __future__ import annotations

from mkl_launch.cli.options import (
    BY_NAME,
    BY_VARIABLE,
    FLAGS,
    INSTANCE_OPTIONS,
    LOG,
    OPTIONS,
    REPORTS_WITH_VALUE,
    TUNE_OPTIONS,
    WITH_VALUE,
    Option,
)
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import (
    NON_OPTION_VARIABLES,
    OFF,
    ON,
    PICTURE,
    PREFIX,
    PYTHON_SWITCH,
    SVG,
    SWITCH,
)
from mkl_launch.model.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def read(argv: list[str], environ: Mapping[str, str], outer: Mapping[str, str]) -> Request:
    """Return the request of a command line, an environment and an outer launcher's note.

    `outer` holds {option: text} of the outer launcher's options, and {variable: value} of the variables
    that these override. Raise UsageError for a wrong command line. A wrong variable is only a warning,
    because the container must start.
    """
    values: dict[str, object] = {}
    warnings: list[str] = []
    chosen: dict[str, str] = {}
    for option in (*OPTIONS, LOG):
        if option.name in outer:
            _read_outer(option, outer[option.name], values, chosen)
    for name in sorted(name for name in environ if name.startswith(PREFIX) and environ[name]):
        if name not in NON_OPTION_VARIABLES and outer.get(name) != environ[name]:
            _read_variable(name, environ[name], values, chosen, warnings)
    options, command = split(argv)
    own_options = _read_options(options, values, chosen) if options else frozenset()
    switch = environ.get(SWITCH, "").lower()
    for name, effect in ((SWITCH, "the settings are applied"), (PYTHON_SWITCH, "the Python hook is on")):
        if environ.get(name, "").lower() not in (*OFF, *ON, ""):
            accepted = f"on ({', '.join(ON)}) or off ({', '.join(OFF)})"
            warnings.append(f"{name}={environ[name]}: not {accepted}; ignored, so {effect}")
    return Request(
        **values,  # type: ignore[arg-type]  # each value comes from its own option's `read`
        command=tuple(command),
        cpus_option="--cpus" if "cpus" in chosen else PREFIX + "CPUS",
        cpus_must_fit="cpus" in own_options,
        off=switch in OFF,
        given_options=tuple(chosen.items()),
        overridden=tuple(BY_NAME[name].variable for name in chosen if BY_NAME[name].variable in environ),
        warnings=tuple(warnings),
    )


def _read_outer(option: Option, text: str, values: dict[str, object], chosen: dict[str, str]) -> None:
    try:
        values[option.name], chosen[option.name] = option.read(text), text
    except ValueError:  # the note is damaged
        return


def _read_variable(
    name: str, text: str, values: dict[str, object], chosen: dict[str, str], warnings: list[str]
) -> None:
    option = BY_VARIABLE.get(name)
    if option is None:
        warnings.append(f"{name}: not a variable of mkl-launch; ignored")
        return
    try:
        values[option.name] = option.read(text)
        chosen.pop(option.name, None)
    except ValueError:
        warnings.append(f"{name}={text}: not {option.accepted}; ignored")


def split(argv: list[str]) -> tuple[list[str], list[str]]:
    """Return (options, command). The command begins after "--" or at the first word without "-"."""
    takes_value = WITH_VALUE | REPORTS_WITH_VALUE | INSTANCE_OPTIONS | TUNE_OPTIONS
    index = 0
    while index < len(argv) and argv[index].startswith("-"):
        if argv[index] == "--":
            return argv[:index], argv[index + 1 :]
        index += 2 if argv[index] in takes_value or _has_picture(argv[index : index + 2]) else 1
    return argv[:index], argv[index:]


def _has_picture(words: list[str]) -> bool:
    """Return whether these are --picture and a file, which may be left out."""
    return words[0] == f"--{PICTURE}" and words[-1].endswith(SVG)


def _read_options(options: list[str], values: dict[str, object], chosen: dict[str, str]) -> frozenset[str]:
    """Add the options of the command line to `values` and `chosen`; return their names."""
    texts = _launch_options(options)
    if texts is None:
        from mkl_launch.cli.argument_parser import parse

        texts, fields = parse(options)
        values.update(fields)
    for name, text in texts.items():
        option = BY_NAME[name]
        try:
            values[name], chosen[name] = option.read(text), text
        except ValueError:
            raise UsageError(f"--{name} {text or repr(text)}: not {option.accepted}") from None
    return frozenset(texts)


def _launch_options(options: list[str]) -> dict[str, str] | None:
    """Return {option: text} if every option is one of a launch, else None: argparse is slow to import."""
    texts: dict[str, str] = {}
    words = iter(options)
    for word in words:
        name, equals, text = word.partition("=")
        if word in FLAGS:
            texts.update((FLAGS[word],))
        elif name in WITH_VALUE:
            value = text if equals else next(words, None)
            if not value or value.startswith("-"):
                return None
            texts[name[2:]] = value
        else:
            return None
    return texts
