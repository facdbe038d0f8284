"""The blocks of a shell script, and whether their branches are reached."""

from __future__ import annotations

from mkl_launch.core.record import Record, changed
from mkl_launch.program.script_file import FOLDER, beside
from mkl_launch.program.shell_conditions import MAYBE, NO, YES, matches
from mkl_launch.program.shell_expansion import EVERY, expand, value_of
from mkl_launch.program.shell_lexer import HIDDEN, Unclear, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.program.shell_lexer import Word

OPENING = {"while": "loop", "until": "loop", "for": "loop", "select": "loop", "{": "{"}
WHILE, DONE, SHIFT = ((("", "while"),), (("", "done"),), (("", "shift"),))
CLOSING = {"fi": "if", "done": "loop", "esac": "case", "}": "{"}


class Started(Record):
    """A command that a script starts. `certain`: always. `in_background`: the script does not wait."""

    words: tuple[str, ...]
    certain: bool
    in_background: bool


class Block:
    """An `if`, a loop, a `case` or a group; `state`: whether its current branch is reached."""

    def __init__(self, kind: str, state: int, subject: str = "") -> None:
        self.kind, self.state, self.subject = kind, state, subject
        self.begin = 0  # the number of commands that were started before it
        self.folder: str | None = ""  # in which the script is before it
        self.condition = ""  # of the current branch, if it compares a number of CPUs
        self.taken = NO  # whether an earlier branch was taken
        self.first = -1  # of a loop over the arguments: the index of its `while`
        self.left = 0  # the number of arguments at the beginning of the loop's turn
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
        self.repeated = -1  # the index of the `while` of a loop whose next turn begins

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
        self.blocks.append(Block(kind, state, subject))
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
        takes_some = len(self.arguments) < block.left
        self.repeated = block.first if takes_some and (block.state == YES or block.again) else -1
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

    def next_turn(self, stream: list[str | Word], at: int) -> int:
        """Return the index of the next word: `at`, or the `while` of a loop that takes another argument.

        Only a loop with `shift` takes arguments: `while [ $# -gt 0 ]; do case $1 in ... esac; shift; done`.
        """
        if self.repeated >= 0:
            self.steps -= (at - self.repeated) * 7 // 8  # most of a later turn is skipped
            at, self.repeated = self.repeated, -1
        elif stream[at - 1] == WHILE and self.inside("loop") and self.blocks[-1].test == YES:
            end = stream.index(DONE, at) if DONE in stream[at:] else at
            if SHIFT in stream[at:end] and all(block.state == YES for block in self.blocks[:-1]):
                self.blocks[-1].first, self.blocks[-1].left = at - 1, len(self.arguments)
        return at

    def leave_turn(self, name: str) -> None:
        """Follow `break` or `continue` in a loop over the arguments; ignore any other command."""
        if name not in ("break", "continue"):
            return
        loop = next((block for block in reversed(self.blocks) if block.kind == "loop"), None)
        if loop and loop.first >= 0 and self.live == YES:
            loop.state, loop.again = NO, name == "continue"

    def put_in_background(self) -> None:
        """Let the commands of the block that has just ended run in the background, after `) &`."""
        for at in range(self.closed, len(self.started)):
            if self.started[at].certain:
                self.started[at] = changed(self.started[at], in_background=True)

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
            body.begin, body.test, body.first, body.left = head.begin, None, head.first, head.left
        elif first in CLOSING:
            self.close(CLOSING[first])
        else:
            return words, None
        self.reach = YES
        return [], None

    def set_array(self, word: Word) -> None:
        """Assign an array: `NAME=(words)`, `NAME+=(words)`."""
        if self.values is None:
            return
        name = word[0][1].rstrip("=")
        items = [
            item
            for part in tokens(word[-1][1])
            if not isinstance(part, str)
            for item in expand(part, self.values, self.arguments)
        ]
        key = name.rstrip("+") + EVERY[0]
        before = self.values.get(key, "") if name.endswith("+") else ""
        certain = self.live == YES or not items
        self.values[key] = "\0".join(filter(None, [before, *(items if certain else [HIDDEN])]))

    def set_defaults(self, words: list[Word]) -> None:
        """Assign the default values of `: ${NAME:=value}`."""
        for word in words:
            for kind, text in word:
                name, sign, _ = text.partition(":=" if ":=" in text else "=")
                if kind[:1] == "$" and sign and self.values is not None:
                    self.values[name] = value_of(text, self.values, self.arguments)

    def set_arguments(self, argv: list[str]) -> None:
        """Follow `shift` and `set -- words`."""
        if argv[0] == "shift":
            number = int(argv[1]) if argv[1:] and argv[1].isdecimal() and len(argv[1]) < 5 else 1
            self.arguments = self.arguments[number:]
        elif "--" in argv:
            self.arguments = tuple(argv[argv.index("--") + 1 :])

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
