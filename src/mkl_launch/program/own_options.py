"""The options of a command line that belong to the program itself, not to its script."""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.tables.command_row import Command


def own_options(program: Program) -> tuple[str, ...]:
    """Return the words before the program's script, or before `--`: later options may be the script's."""
    skipped = program.row.subcommand.split()
    words = program.argv
    if not program.row.flags:
        ends = "--" in words and not program.row.options_after_dashes
        return words[: words.index("--")] if ends else words
    at = words.index(skipped[-1]) if skipped and skipped[-1] in words else 0
    return first_options(words[at:], program.row)


def first_options(words: tuple[str, ...], row: Command) -> tuple[str, ...]:
    """Return the words before the first that is neither an option nor the value of an option."""
    at = 1
    flags = {with_dashes(flag) for flag in row.flags}
    while at < len(words) and words[at].startswith("-"):
        alone = "=" in words[at] or words[at] == "--" or with_dashes(words[at]) in flags
        at += 1 if alone else 3 if words[at] in row.two_value_options else 2
    return words[:at]


def own_operands(program: Program) -> tuple[str, ...]:
    """Return the operands of a process manager, without its subcommand `start`."""
    words, operands = own_options(program), []
    at = 1
    while at < len(words):
        if not words[at].startswith("-"):
            operands.append(words[at])
        at += 2 if words[at] in program.row.command_value_options else 1
    return tuple(operands[1:] if operands[:1] == ["start"] else operands)


def with_dashes(word: str) -> str:
    """Return a long option with `-` for `_`: programs with argparse, and vLLM, accept both."""
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value if word.startswith("--") else word


def last_option(words: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, str]:
    """Return the last of the given options and its value: `--name value`, `--name=value` or `-n4`.

    A value without a space is a number: `-npernode` is not `-n` with the value `pernode`.
    """
    last = "", ""
    names = tuple(with_dashes(name) for name in names)
    for written, following in zip(words[1:], (*words[2:], "")):
        word = with_dashes(written)
        for name in names:
            if word == name:
                last = written, following
                break
            if word.startswith(name + "="):
                last = written.partition("=")[0], word[len(name) + 1 :]
            elif len(name) == 2 and word.startswith(name) and _glued(name, word[2:]):
                last = name, word[2:]
    return last


def _glued(name: str, text: str) -> bool:
    letters = name in ("-P", "-k") and text.isalpha()
    return letters or text.isdecimal() or text.startswith(CPU_EXPRESSION)
