"""Copies of a program that a shell script starts in the background. Imported only for such scripts."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.core.record import changed
from mkl_launch.model.program import Program
from mkl_launch.tables.command_row import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mkl_launch.program.shell.blocks import Started

    Turn = tuple[bool, bool, Program]

LOOP = "a loop in the background"


def with_copies(commands: Sequence[Started], turns: list[Turn]) -> list[Turn]:
    """Return the turns with one for all copies of an unknown program that run at the same time.

    They count if the script waits for them: a program after them would be the main one. Of copies that run
    one after another, those that are most count.
    """
    merged: list[Turn] = []
    first: dict[tuple[object, ...], int] = {}
    numbers: dict[int, int] = {}
    rounds: dict[int, list[int]] = {}
    alone = all(in_background and program.row is UNKNOWN for in_background, _, program in turns)
    for at, (command, (in_background, certain, program)) in enumerate(zip(commands, turns)):
        kept = program
        if program.plans_itself:
            merged.append((in_background, certain, program))
            continue
        counts = in_background and command.waits >= 0 and (not program.argv or _counts(commands, turns, at))
        if in_background and command.times and (program.row is not UNKNOWN or counts):
            times = tuple((LOOP, text) for text in command.times)
            kept = changed(program, multipliers=(*program.multipliers, *times))
        elif counts and program.row is UNKNOWN and program.argv:
            name = "" if alone and program.interpreter else program.argv[0]
            key = program.interpreter, name, command.waits
            if key in first:
                numbers[first[key]] += 1
                continue
            first[key] = len(merged)
            numbers[len(merged)] = 1
        if kept.row is UNKNOWN and counts:
            rounds.setdefault(command.waits, []).append(len(merged))
        merged.append((in_background, certain, kept))
    for at, number in numbers.items():
        in_background, certain, program = merged[at]
        if number > 1:
            copies = (*program.multipliers, ("copies in the background", str(number)))
            merged[at] = in_background, certain, changed(program, multipliers=copies)
    most = max(rounds.values(), key=lambda places: _number(merged, places), default=[])
    ended = {at for places in rounds.values() if places is not most for at in places}
    return [turn for at, turn in enumerate(merged) if at not in ended]


def _number(turns: list[Turn], places: list[int]) -> int:
    """Return how many processes these programs are; those whose number is not known count as one."""
    total = 0
    for at in places:
        number = 1
        for _, text in turns[at][2].multipliers:
            number *= positive(text) or 1
        total += number
    return total


def _counts(commands: Sequence[Started], turns: list[Turn], at: int) -> bool:
    """Return whether the script waits for a command in the background before it starts its main one.

    A command in the foreground that follows without a wait is the main one, and so is one in Python after
    commands that are not in Python, such as downloads.
    """
    program = turns[at][2]
    for later, (in_background, _, main) in zip(commands[at + 1 :], turns[at + 1 :]):
        if in_background:
            continue
        if later.waits <= commands[at].waits or (main.interpreter and not program.interpreter):
            return False
    return True
