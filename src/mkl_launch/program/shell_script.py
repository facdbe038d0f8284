"""The commands that a shell script starts. Its text is followed; nothing is run.

Conditions on arguments and variables are evaluated if possible. Commands in a branch that may or may not be
taken are uncertain. Imported only for command lines with a shell or an entry script.
"""

from __future__ import annotations

from mkl_launch.program.script_file import FOLDER
from mkl_launch.program.shell_auxiliary import ASSIGNING, AUXILIARY, SUCCEEDING
from mkl_launch.program.shell_blocks import Blocks, Started
from mkl_launch.program.shell_conditions import (
    MAYBE,
    NO,
    YES,
    chosen,
    counting_condition,
    finds_known,
    holds,
    inverted,
)
from mkl_launch.program.shell_expansion import (
    assigns,
    expand,
    expand_value,
    is_known,
    settings_in,
    value_of,
)
from mkl_launch.program.shell_lexer import ARITHMETIC, ARRAY, COMMAND, Unclear, tokens
from mkl_launch.program.words import SOURCING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkl_launch.program.shell_lexer import Word

MAX_STEPS = 4000  # words and operators
MAX_BLOCKS = 64  # nested

MAX_CALLS = 8  # nested
FUNCTION, OPEN, CLOSE = ((("", "function"),), (("", "{"),), (("", "}"),))
SETTINGS = ("activate", "activate.sh", ".env", "conda.sh", "profile", ".bashrc")  # they start nothing
TESTS = ("[", "[[", "test")
HARMLESS = (*ASSIGNING, ":", "cd", "echo", "printf", "set", "shift", "trap", "ulimit")  # change no file


class _Script(Blocks):
    """The state of a script: its variables, its functions, and the commands that it has started."""

    def __init__(self, values: Mapping[str, str] | None, arguments: tuple[str, ...]) -> None:
        super().__init__(None if values is None else dict(values), arguments)
        self.given = values or {}
        self.exported = set(self.given)
        self.status: int = YES  # of the previous command
        self.over = self.returned = False
        self.functions: dict[str, list[str | Word]] = {}
        self.depth = 0
        self.read: Callable[[str], str] | None = None
        self.exports_all = False  # after `set -a`

    def follow(self, stream: list[str | Word]) -> None:
        """Follow the words and operators of a script, or of one of its functions."""
        words: list[Word] = []
        patterns: list[str] | None = None
        at = 0
        while at < len(stream) and not self.over and not self.returned:
            part = stream[at]
            self.steps += 1
            if self.steps > MAX_STEPS or len(self.blocks) > MAX_BLOCKS:
                raise Unclear("too many words or blocks")
            behind = self._function(stream, at, words) if patterns is None else 0
            if behind:
                words, at = [], behind
                continue
            at += 1
            if patterns is not None:
                patterns = self.pattern(part, patterns)
            elif not isinstance(part, str):
                words, patterns = self.reserved([*words, part])
                at = self.next_turn(stream, at)
            elif part == "(":
                self.enter("(", self.live)
                words = []
            else:
                self._command(words, "" if part == ")" else part)
                words = []
                if part == ")":
                    self.close("(")
                patterns = [] if part == ";;" and self.inside("case") else None
        if not self.over and not self.returned:
            self._command(words, "")

    def _function(self, stream: list[str | Word], at: int, words: list[Word]) -> int:
        """Store the function that is defined here; return the index after it, or 0 if there is none."""
        if len(words) == 1 and stream[at : at + 2] == ["(", ")"]:
            name: str | Word = words[0]
            at += 2
        elif not words and stream[at] == FUNCTION and isinstance((*stream[at + 1 :], "")[0], tuple):
            name = stream[at + 1]
            at += 4 if stream[at + 2 : at + 4] == ["(", ")"] else 2
        else:
            return 0
        while stream[at : at + 1] == ["\n"]:
            at += 1
        if stream[at : at + 1] != [OPEN]:
            raise Unclear("a function without braces")
        depth, begin = 0, at + 1
        while at < len(stream):
            depth += (stream[at] == OPEN) - (stream[at] == CLOSE)
            at += 1
            if not depth:
                self.functions["".join(piece[1] for piece in name)] = stream[begin : at - 1]
                return at
        raise Unclear("a function without an end")

    def _call(self, name: str, arguments: list[str]) -> None:
        """Follow a call of a function of the script."""
        outer, open_blocks = self.arguments, len(self.blocks)
        self.arguments, self.depth = tuple(arguments), self.depth + 1
        reach, self.reach = self.reach, YES
        self.follow(self.functions[name])
        self.arguments, self.depth, self.returned = outer, self.depth - 1, False
        self.reach = reach
        del self.blocks[open_blocks:]

    def _command(self, words: list[Word], operator: str) -> None:
        """Follow a simple command and the operator after it."""
        if not words and operator == "&" and self.closed >= 0:
            self.put_in_background()
        self.closed = -1
        if words:
            testing = next((block for block in self.blocks if block.test is not None), None)
            if testing is not None:
                self._ended(self._test(words))
                testing.test = self.status
            elif self.live:
                self._ended(self._run(words, in_background=operator == "&"))
        if operator in ("&&", "||"):
            self.reach = self.status if operator == "&&" else inverted(self.status)
        else:
            self.reach = YES

    def _ended(self, status: int) -> None:
        """Note the status of a command; one that was not run leaves that of the command before it."""
        if self.reach == YES or (self.reach == MAYBE and status == self.status):
            self.status = status
        elif self.reach == MAYBE:
            self.status = MAYBE

    def _test(self, words: list[Word]) -> int:
        """Return whether a condition is true."""
        denied = words[0] == (("", "!"),)
        words = words[denied:]
        words_of_test = self._expanded(words, self.values or {})
        self.condition = ""
        if self.values is None or not words:
            return MAYBE
        if words[0] == (("", COMMAND),):
            state = self._arithmetic(words[-1][0][1])
        else:
            state = YES if finds_known(words_of_test) else holds(words_of_test, self.is_there)
            self.condition = counting_condition(words_of_test)
        if denied:
            self.condition = f"(not({self.condition}))" if self.condition else ""
        return inverted(state) if denied else state

    def _expanded(self, words: list[Word], values: Mapping[str, str] | None) -> list[str]:
        """Return the words to which the words of a command expand; between [[ and ]] none is split."""
        if words and words[0] == (("", "[["),):
            return [expand_value(word, values, self.arguments) for word in words]
        return [part for word in words for part in expand(word, values, self.arguments)]

    def _arithmetic(self, text: str) -> int:
        """Follow `(( text ))`, which is true if its number is not 0."""
        from mkl_launch.program.shell_arithmetic import assignment, condition

        name, expression = assignment(text)
        if name:
            self._assign(expand_value((("", f"{name}="), (f'{ARITHMETIC}"', expression)), self.values))
            return MAYBE
        self.condition, state = condition(
            text, lambda name: value_of(name, self.values or {}, self.arguments)
        )
        return state

    def _run(self, words: list[Word], *, in_background: bool) -> int:
        """Follow a command; return whether it succeeds."""
        at = 0
        assigned = []
        while at < len(words) and assigns(words[at]):
            if words[at][-1][0] == ARRAY:
                self.set_array(words[at])
            else:
                assigned.append(expand_value(words[at], self.values, self.arguments))
            at += 1
        expanded = self._expanded(words[at:], self.values)
        for pair in assigned if not expanded else ():
            self._assign(pair)
        name = expanded[0].rpartition("/")[2] if expanded else ":"
        if name in TESTS or name == COMMAND:
            return self._test(words[at:])
        self.has_run = self.has_run or name not in HARMLESS
        if name in AUXILIARY or name in ("exit", "set"):
            return self._builtin(name, expanded, words[at + 1 :])
        self._start(expanded, assigned, in_background=in_background)
        return YES

    def _builtin(self, name: str, expanded: list[str], words: list[Word]) -> int:
        """Follow a builtin or an auxiliary command; return whether it succeeds."""
        self.leave_turn(name)
        if name in ASSIGNING:
            for pair in (expand_value(word, self.values, self.arguments) for word in words):
                self._assign(pair)
                self.exported |= {pair.partition("=")[0]} if name == "export" else set()
        elif name == ":":
            self.set_defaults(words)
        elif name in ("cd", "popd", "pushd"):
            self.change_folder(expanded[1:])
            self.exported.add(FOLDER)
        elif name in ("set", "shift") and self.live == YES:
            on = {"-a", "allexport"} & {*expanded} and "+o" not in expanded
            self.exports_all = bool(on) or (self.exports_all and not {"+a", "+o"} & {*expanded})
            self.set_arguments(expanded)
        elif name in SOURCING and len(expanded) > 1:
            self._source(expanded[1])
            if not expanded[1].endswith(SETTINGS):
                self.started.append(Started(("sh", *expanded[1:]), self.live == YES, in_background=False))
        elif name == "return" and self.depth:
            self.returned = self.live == YES
        elif name in ("exit", "return"):
            self.over = self.live == YES and not self.inside("(")
        return NO if name == "false" else YES if name in SUCCEEDING else MAYBE

    def _source(self, path: str) -> None:
        """Assign what the lines NAME=VALUE of a file say, as `.` does."""
        for name, value, is_exported in settings_in(self.read(path) if self.read else ""):
            self._assign(f"{name}={value}")
            self.exported |= {name} if is_exported else set()

    def _start(self, argv: list[str], assigned: list[str], *, in_background: bool) -> None:
        while argv and argv[0] in ("eval", "command", "builtin", "exec", "!", "time"):
            over = argv[0] == "exec" and self.live == YES and not in_background and not self.in_subshell
            at = 1
            while at < len(argv) and argv[at].startswith("-"):
                at += 2 if argv[at] == "-a" else 1
            self.over = self.over or (over and at < len(argv))
            argv = argv[at:]
        if len(argv) == 1 and " " in argv[0]:  # eval "words"
            parts = tokens(argv[0])
            argv = [
                part for word in parts if not isinstance(word, str) for part in expand(word, self.values)
            ]
        if argv and argv[0] in self.functions:
            if self.depth < MAX_CALLS:
                self._call(argv[0], argv[1:])
        elif argv and argv[0].rpartition("/")[2] not in AUXILIARY:
            exported = [*self._exported(), *assigned]
            before = ["env", *exported] if exported else []
            self.started.append(Started((*before, *argv), self.live == YES, in_background))

    def _exported(self) -> list[str]:
        values = self.values or {}
        changes = [name for name in self.exported & values.keys() if values[name] != self.given.get(name)]
        return [f"{name}={values[name]}" for name in sorted(changes) if is_known(name, values[name])]

    def _assign(self, pair: str) -> None:
        name, equals, value = pair.partition("=")
        if not equals or self.values is None:
            return
        self.exported |= {name} if self.exports_all else set()
        before = self.values.get(name)
        certain = self.live == YES or before == value
        self.values[name] = value if certain else chosen(self.when(), value, before or "")


def started(
    text: str,
    values: Mapping[str, str] | None = None,
    arguments: tuple[str, ...] = (),
    read: Callable[[str], str] | None = None,
    exists: Callable[[str], bool] | None = None,
) -> tuple[Started, ...]:
    """Return the commands that a script starts, in order, without auxiliary ones. Raises Unclear.

    `read` returns the text of a file that the script reads with `.`, "" if there is none. `exists` returns
    whether there is a file that the script tests.
    """
    script = _Script(values, arguments)
    script.read, script.exists = read, exists
    try:
        script.follow(tokens(text))
    except RecursionError:
        raise Unclear("nested too deep") from None
    if script.blocks and not script.over:
        raise Unclear(f"{script.blocks[-1].kind} is not closed")
    return tuple(script.started)
