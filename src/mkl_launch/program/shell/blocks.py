"""The blocks of a shell script, and whether their branches are reached."""

from __future__ import annotations

from mkl_launch.core.record import Record, changed
from mkl_launch.program.script_file import FOLDER, beside
from mkl_launch.program.shell.conditions import MAYBE, NO, YES, matches
from mkl_launch.program.shell.expansion import expand
from mkl_launch.program.shell.lexer import HIDDEN, Unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.program.shell.lexer import Word

MAX_TURNS = 32  # of a loop
NOT_WAITED_FOR = -1  # in place of the number of waits
HEADS = ((("", "while"),), (("", "for"),))
OPENING = {"while": "loop", "until": "loop", "for": "loop", "select": "loop", "{": "{"}
CLOSING = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}


class Started(Record):
    """A command that a script starts. `certain`: always. `in_background`: the script does not wait."""

    words: tuple[str, ...]
    certain: bool
    in_background: bool
    times: tuple[str, ...] = ()  # the turns of the loops around it; those of the number of CPUs as a text
    waits: int = 0  # how often the script has waited for its background before
    written: tuple[tuple[str, str], ...] = ()  # files that the script has written before, and their texts


class Block:
    """An `if`, a loop, a `case` or a group; `state`: whether its current branch is reached."""

    def __init__(self, kind: str, state: int, subject: str = "") -> None:
        self.kind, self.state, self.subject = kind, state, subject
        self.begin = 0  # the number of commands that were started before it
        self.folder: str | None = ""  # in which the script is before it
        self.condition = ""  # of the current branch, if it compares a number of CPUs
        self.taken = NO  # whether an earlier branch was taken
        self.outer: int = YES  # whether the block is reached
        self.first = -1  # of a loop whose turns are followed: the index of its first word
        self.mark: tuple[tuple[object, ...], ...] = ()  # what a turn of the loop must change
        self.length = 0  # the words of the loop
        self.times = ""  # the number of turns of a loop of which one stands for all
        self.again = False  # after `continue`
        self.test: int | None = YES  # the outcome of the condition so far; None: no condition is being read
        if kind not in ("if", "loop"):
            self.test = None

    def branch(self, state: int) -> None:
        """Enter a branch; it is not taken if an earlier one was."""
        self.state = NO if self.taken == YES else min(state, MAYBE) if self.taken == MAYBE else state
        self.taken = max(self.taken, self.state)


class Blocks:
    """The open blocks, the variables and the arguments of a script."""

    def __init__(self, values: dict[str, str] | None, arguments: tuple[str, ...]) -> None:
        self.values, self.arguments = values, arguments
        self.blocks: list[Block] = []
        self.reach: int = YES  # whether && and || before the command let it run
        self.condition = ""  # the last one, in Python, if it compares a number of CPUs
        self.started: list[Started] = []
        self.folder: str | None = ""  # in which the script is; "" is that of its start, None is not known
        self.exists: Callable[[str], bool] | None = None  # whether there is a file
        self.has_run = False  # a command that may change files
        self.closed = -1  # the number of commands that were started before the block that has just ended
        self.steps = 0  # words and operators that were followed
        self.work = 0  # characters of these
        # By depth of calls and the index of its first word: the words that a loop has not yet taken.
        self.left: dict[tuple[int, int], list[str]] = {}
        self.turns: dict[tuple[int, int], int] = {}
        self.depth = 0  # of calls
        self.option_at = (1, 1)  # the argument and the letter in it that `getopts` reads next
        self.repeated = -1  # the index of the first word of a loop whose next turn begins

    @property
    def live(self) -> int:
        """Return whether the current command is reached."""
        return min((self.reach, *(block.state for block in self.blocks)))

    def when(self) -> str:
        """Return the comparison of a number of CPUs that alone decides on the current command; else ""."""
        unsure = [block for block in self.blocks if block.state == MAYBE]
        if self.reach == MAYBE:
            return "" if unsure else self.condition
        return unsure[0].condition if len(unsure) == 1 else ""

    def enter(self, kind: str, state: int, subject: str = "") -> None:
        """Begin a block."""
        outer = self.live
        self.blocks.append(Block(kind, state, subject))
        self.blocks[-1].outer = outer
        self.blocks[-1].begin = len(self.started)
        self.blocks[-1].folder = self.folder

    def inside(self, kind: str) -> bool:
        """Return whether the innermost block is of this kind."""
        return bool(self.blocks) and self.blocks[-1].kind == kind

    @property
    def in_subshell(self) -> bool:
        """Return whether the current command is between ( and )."""
        return any(block.kind == "(" for block in self.blocks)

    def close(self, kind: str) -> None:
        """End the innermost block; raise Unclear if it is of another kind."""
        if not self.inside(kind):
            raise Unclear(f"{kind} is not open")
        block = self.blocks.pop()
        self.closed = block.begin
        self._end_turn(block)
        if kind == "(" and block.folder != self.folder:
            self._enter_folder(block.folder)

    def change_folder(self, operands: list[str]) -> None:
        """Follow `cd`. Its effect ends with the block between ( and )."""
        path = operands[0] if len(operands) == 1 else "-"
        if self.live != YES or path.startswith(("-", "~")) or HIDDEN in path:
            self._enter_folder(None)
        elif path.startswith("/") or self.folder is not None:
            self._enter_folder(beside(self.folder, path))

    def _enter_folder(self, folder: str | None) -> None:
        self.folder = folder
        if self.values is not None:
            self.values[FOLDER] = folder or HIDDEN

    def is_there(self, path: str) -> int:
        """Return whether a file exists. A command that the script has started may have made it."""
        if not self.exists or not path.startswith("/"):
            return MAYBE
        return YES if self.exists(path) else MAYBE if self.has_run else NO

    def _end_turn(self, block: Block) -> None:
        """Go on with the next turn of a loop, if there is one."""
        key = self.depth, block.first
        turns = self.turns.get(key, 0) + 1
        if block.first >= 0 and (block.state == YES or block.again) and self._has_more(block, turns):
            self.turns[key], self.repeated = turns, block.first
        else:
            self.repeated = -1
            self.turns.pop(key, None)
            self.left.pop(key, None)

    def _has_more(self, block: Block, turns: int) -> bool:
        """Return whether a loop goes on: it has words left, or its last turn changed what ends it."""
        left = self.left.get((self.depth, block.first))
        if left is not None or len(self.arguments) < len(block.mark[0]):
            return bool(left) or left is None
        return turns < MAX_TURNS and block.mark != self._mark()

    def _mark(self) -> tuple[tuple[object, ...], ...]:
        """Return what a turn of a loop must change, or the loop would not end."""
        return self.arguments, self.option_at, tuple((self.values or {}).items())

    def next_turn(self, stream: list[str | Word], at: int) -> int:
        """Return the index of the next word: `at`, or the first of a loop that takes another turn."""
        if self.repeated >= 0:
            self.steps -= (at - self.repeated) * 7 // 8  # most of a later turn is skipped
            at, self.repeated = self.repeated, -1
        elif stream[at - 1] in HEADS and self.inside("loop") and self.blocks[-1].test == YES:
            block = self.blocks[-1]
            if block.outer == YES:
                from mkl_launch.program.shell.loops import takes_turns

                block.length = takes_turns(stream, at)
                block.first, block.mark = at - 1 if block.length else -1, self._mark()
        return at

    def leave_turn(self, name: str) -> None:
        """Follow `break` or `continue` in a loop whose turns are followed; ignore any other command."""
        if name not in ("break", "continue"):
            return
        loop = next((block for block in reversed(self.blocks) if block.kind == "loop"), None)
        if loop and loop.first >= 0 and self.live == YES:
            loop.state, loop.again = NO, name == "continue"
        elif loop and loop.first >= 0 and self.live == MAYBE:
            loop.state = MAYBE

    def put_in_background(self, begin: int) -> None:
        """Let the commands from number `begin` on run in the background, as after `) &`.

        Of those that run one after another, only the last is one that the script waits for.
        """
        last = len(self.started) - 1
        for at in range(begin, len(self.started)):
            command = self.started[at]
            if command.certain:
                waits = command.waits if command.in_background or at == last else NOT_WAITED_FOR
                self.started[at] = changed(command, in_background=True, waits=waits)

    def pattern(self, part: str | Word, patterns: list[str]) -> list[str] | None:
        """Collect the patterns of a `case`; return None when its commands begin, or when it ends."""
        if isinstance(part, str):
            if part != ")":
                return patterns
            block = self.blocks[-1]
            block.branch(max((matches(block.subject, pattern) for pattern in patterns), default=NO))
            self.reach = YES
            return None
        if part == (("", "esac"),) and not patterns:
            self.close("case")
            return None
        return [*patterns, "".join(expand(part, self.values or {}, self.arguments))]

    def reserved(self, words: list[Word]) -> tuple[list[Word], list[str] | None]:
        """Handle a reserved word of the shell at the beginning of a command."""
        first = words[0][0][1] if len(words[0]) == 1 and words[0][0][0] == "" else ""
        if first == "case" and words[-1] == (("", "in"),):
            subject = " ".join(expand(words[1], self.values or {}, self.arguments))
            self.enter("case", NO, subject if self.values is not None else HIDDEN)
            return [], []
        if len(words) > 1:
            return words, None
        if first == "if":
            self.enter("if", self.live)
        elif first in OPENING:
            self.enter(OPENING[first], min(self.live, MAYBE) if first != "{" else self.live)
            return (words if first in ("for", "select") else []), None
        elif first in ("then", "elif", "else"):
            self._branch(first)
        elif first == "do":
            head = self.blocks.pop() if self.blocks else Block("loop", MAYBE)
            self.enter("loop", MAYBE if head.first < 0 or head.test is None else head.test)
            body = self.blocks[-1]
            body.begin, body.test, body.first, body.mark = head.begin, None, head.first, head.mark
            body.outer, body.times = head.outer, head.times
        elif first in CLOSING:
            self.close(CLOSING[first])
        else:
            return words, None
        self.reach = YES
        return [], None

    def _branch(self, word: str) -> None:
        if not self.inside("if"):
            raise Unclear(f"{word} without if")
        block = self.blocks[-1]
        if word == "then":
            block.condition = self.condition if block.taken == NO else ""
            block.branch(MAYBE if block.test is None else block.test)
            block.test = None
        elif word == "else":
            block.condition = f"(not({block.condition}))" if block.condition else ""
            block.branch(YES)
        else:
            block.state, block.test, block.condition = YES, YES, ""
