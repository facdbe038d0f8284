"""How many commands a wrapper runs at a time. Pure; only imported for those that run several."""

from __future__ import annotations

from mkl_launch.tables.wrapper import Wrapper

LONGEST_NUMBER = 6  # digits


def _options(own: tuple[str, ...], values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The options among a wrapper's own words with their values, letters of one word apart."""
    found = []
    for word, following in zip(own, (*own[1:], "")):
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            found.append((name, value if equals or name not in values else following))
            continue
        for at, letter in enumerate(word[1:], 1) if word.startswith("-") else ():
            found.append(("-" + letter, word[at + 1 :].removeprefix("=")))
            if "-" + letter in values:
                found[-1] = "-" + letter, found[-1][1] or following
                break
    return tuple(found)


def parted(row: Wrapper, rest: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The command of a wrapper and the words behind its end; one of the latter, where it has no other."""
    end = next((at for at, word in enumerate(rest) if word in row.data_markers), len(rest))
    return rest[:end] or rest[1:2], rest[end:]


def at_a_time(row: Wrapper, own: tuple[str, ...], data: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What says how many commands a wrapper runs at a time, and the number; none for one."""
    options = _options(own, row.value_options)
    if row.per_item_options and not any(name in row.per_item_options for name, _ in options):
        return ()
    told = [
        (f"{row.name} {name} {text}", text) for name, text in options if name in row.concurrency_options
    ]
    label, text = told[-1] if told else (row.name, row.default_concurrency)
    listed = len(data) - 1
    plain = data[:1] == row.data_markers[:1] and not any(word in row.data_markers for word in data[1:])
    if plain and listed > 0 and not any(char in word for word in data for char in "*?[{$\ufffd"):
        text = f"{text} of {listed}"
    return () if text == "1" else ((label, text),)


def running(text: str, cpus: int) -> tuple[int, bool]:
    """Return how many run at a time on `cpus`, and whether it is one for each of them.

    N is a number, N% a part of the CPUs, +N and -N are beside them, 0 is all that there are; `N of M` has
    no more than M.
    """
    said, _, most = text.partition(" of ")
    digits = said.strip("%+-")
    if not digits.isdecimal() or len(digits) > LONGEST_NUMBER:
        return 1, False
    number = int(digits)
    if said.endswith("%"):
        number = max(1, cpus * number // 100)
    elif said[0] in "+-":
        number = max(1, cpus + int(said))
    number = number or cpus
    return (
        (min(number, int(most)), False)
        if most and int(most) <= number
        else (number, number == cpus != int(digits))
    )
