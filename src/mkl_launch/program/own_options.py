"""The options of a command line that belong to the program itself, not to its script."""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION, Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.tables.command_row import Command

NAMES = ("-P", "-k", "-s")  # options whose value is a name: a pool, a kind of workers, a scheduler
MIN_LENGTH = 6  # of the beginning of an option


def own_options(program: Program) -> tuple[str, ...]:
    """Return the words before the program's script, or before `--`: later options may be the script's."""
    skipped = program.row.subcommand.split()
    words = program.argv
    if program.row.abbreviates or program.row.letters:
        words = _written_out(words, program.row)
    if not program.row.flags:
        ends = "--" in words and not program.row.options_after_dashes
        return words[: words.index("--")] if ends else words
    at = words.index(skipped[-1]) if skipped and skipped[-1] in words else 0
    return first_options(words[at:], program.row)


def _written_out(words: tuple[str, ...], row: Command) -> tuple[str, ...]:
    """Return the words with the options of the number of processes as they are named in the row.

    That is `--num_gpus` for `--num_gpu`, and `-w` for `-Rw`.
    """
    factors = tuple(name for names in row.factors for name in names)
    known = {with_dashes(name): name for name in (*row.per_machine_options, *row.worker_options, *factors)}
    return (*words[:1], *(_name_written_out(word, known, row) for word in words[1:]))


def _name_written_out(word: str, known: Mapping[str, str], row: Command) -> str:
    if word[:2] == "--":
        name, equals, value = word.partition("=")
        begin = with_dashes(name)
        fits = (
            [] if begin in known or begin in row.flags else [one for one in known if one.startswith(begin)]
        )
        certain = row.abbreviates and len(begin) >= MIN_LENGTH and len(fits) == 1
        return known[fits[0]] + equals + value if certain else word
    letters = word[1:].lstrip(row.letters) if row.letters and word[:1] == "-" else ""
    return f"-{letters}" if letters else word


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

    A value without a space is a number, or nodes and processes (`2x4`): `-npernode` is not `-n` with the
    value `pernode`.
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
    letters = name in NAMES and text.isidentifier()
    number = text[:1].isdecimal() and text.replace(":", "x").replace("x", "").isdecimal()
    return letters or number or text.startswith(CPU_EXPRESSION)
