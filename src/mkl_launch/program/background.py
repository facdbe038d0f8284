"""Copies of a program that a shell script starts in the background. Imported only for such scripts."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.model.program import Program
from mkl_launch.tables.command_row import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkl_launch.program.shell_blocks import Started

    Turn = tuple[bool, bool, Program]

LOOP = "a loop in the background"


def with_copies(commands: Sequence[Started], turns: list[Turn]) -> list[Turn]:
    """Return the turns with one for all copies of an unknown program that run at the same time.

    They count if the script waits for them: a program after them would be the main one.
    """
    merged: list[Turn] = []
    first: dict[tuple[object, ...], int] = {}
    numbers: dict[int, int] = {}
    for at, (command, (in_background, certain, program)) in enumerate(zip(commands, turns)):
        kept = program
        if in_background and command.times and (program.row is not UNKNOWN or _is_last(commands, at)):
            times = tuple((LOOP, text) for text in command.times)
            kept = changed(program, multipliers=(*program.multipliers, *times))
        elif in_background and program.row is UNKNOWN and program.argv and _is_last(commands, at):
            key = program.interpreter, program.argv[0], command.waits
            if key in first:
                numbers[first[key]] += 1
                continue
            first[key] = len(merged)
            numbers[len(merged)] = 1
        merged.append((in_background, certain, kept))
    for at, number in numbers.items():
        in_background, certain, program = merged[at]
        if number > 1:
            copies = (*program.multipliers, ("copies in the background", str(number)))
            merged[at] = in_background, certain, changed(program, multipliers=copies)
    return merged


def _is_last(commands: Sequence[Started], at: int) -> bool:
    """Return whether no command in the foreground follows before the script waits for its background."""
    return all(later.in_background or later.waits > commands[at].waits for later in commands[at + 1 :])
