"""The number of commands that a wrapper, such as xargs, runs at a time. Imported for such wrappers only."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.model.program import CPU_EXPRESSION
from mkl_launch.tables.wrapper_row import Wrapper

MAX_DIGITS = 6


def _options(own: tuple[str, ...], values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the options of a wrapper with their values; `-0P4` is two options."""
    options = []
    for word, following in zip(own, (*own[1:], "")):
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            options.append((name, value if equals or name not in values else following))
            continue
        for at, letter in enumerate(word[1:], 1) if word.startswith("-") else ():
            options.append(("-" + letter, word[at + 1 :].removeprefix("=")))
            if "-" + letter in values:
                options[-1] = "-" + letter, options[-1][1] or following
                break
    return tuple(options)


def split_data(row: Wrapper, rest: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the command of a wrapper, and the data after it. Without a command, the first item is one."""
    end = next((at for at, word in enumerate(rest) if word in row.data_markers), len(rest))
    return rest[:end] or rest[1:2], rest[end:]


def concurrency(row: Wrapper, own: tuple[str, ...], data: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the option with the number of commands at a time, and its text; nothing for one command."""
    options = _options(own, row.value_options)
    if row.per_item_options and not any(name in row.per_item_options for name, _ in options):
        return ()
    given = [
        (f"{row.name} {name} {text}", text) for name, text in options if name in row.concurrency_options
    ]
    label, text = given[-1] if given else (row.name, row.default_concurrency)
    listed = len(data) - 1
    plain = data[:1] == row.data_markers[:1] and not any(word in row.data_markers for word in data[1:])
    if plain and listed > 0 and not any(char in word for word in data for char in "*?[{$\ufffd"):
        text = f"{text} of {listed}"
    return () if text == "1" else ((label, text),)


def as_script(row: Wrapper, own: tuple[str, ...], lines: tuple[str, ...]) -> str:
    """Return a shell script that runs the lines as a wrapper does: at the same time, or one by one."""
    given = [text for name, text in _options(own, row.value_options) if name in row.concurrency_options]
    return "".join(f"{line}\n" if given[-1:] == ["1"] else f"{line} &\n" for line in lines)


def commands_at_a_time(text: str, cpus: int) -> tuple[int, bool]:
    """Return the number of commands that run at a time on `cpus` CPUs, and whether it is one for each CPU.

    N is a number, N% a part of the CPUs, +N and -N are added to the CPUs, 0 is all CPUs; `N of M` is at
    most M. A CPU_EXPRESSION is computed.
    """
    amount, _, most = text.partition(" of ")
    if amount.startswith(CPU_EXPRESSION):
        from mkl_launch.program.settings_files.python import workers

        number, counts = workers(f"workers={amount[len(CPU_EXPRESSION) :]}", {}, cpus)
        return min(number or 1, positive(most) or MAX_CPU), counts
    digits = amount.strip("%+-")
    forms = (digits, f"{digits}%", f"+{digits}", f"-{digits}")
    if not digits.isdecimal() or len(digits) > MAX_DIGITS or amount not in forms:
        return 1, False
    number = int(digits)
    if amount.endswith("%"):
        number = max(1, cpus * number // 100)
    elif amount[0] in "+-":
        number = max(1, cpus + int(amount))
    number = number or cpus
    listed = positive(most) or number
    return (listed, False) if listed < number else (number, number == cpus != int(digits))
