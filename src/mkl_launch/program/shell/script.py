"""The commands that a shell script starts. Its text is followed; nothing is run.

Conditions on arguments and variables are evaluated if possible. Commands in a branch that may or may not be
taken are uncertain. Imported only for command lines with a shell or an entry script.
"""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.model.program import main_program
from mkl_launch.program.shell.auxiliary import ASSIGNING, AUXILIARY
from mkl_launch.program.shell.blocks import Started
from mkl_launch.program.shell.builtins import MAX_CALLS, Builtins
from mkl_launch.program.shell.conditions import (
    MAYBE,
    NO,
    YES,
    counting_condition,
    finds_known,
    holds,
    inverted,
)
from mkl_launch.program.shell.expansion import (
    assigns,
    expand_all,
    expand_value,
    value_of,
)
from mkl_launch.program.shell.lexer import (
    ARITHMETIC,
    ARRAY,
    COMMAND,
    HERE,
    HIDDEN,
    READING,
    WRITTEN,
    Unclear,
    tokens,
)
from mkl_launch.tables.lookup import COMMAND_TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkl_launch.model.program import Program
    from mkl_launch.program.shell.blocks import Block
    from mkl_launch.program.shell.lexer import Word

MAX_STEPS = 4000  # words and operators
MAX_WORK = 1 << 18  # characters of these, where a loop repeats them
MAX_BLOCKS = 64  # nested
MAX_COMMANDS = 500
TESTS = ("[", "[[", "test")
SET_TEST = 4  # words of `[[ -v NAME ]]`
FOR = (("", "for"),)
NOT_STARTED = ("command", COMMAND)  # with these, a condition starts no program
HARMLESS = (*ASSIGNING, ":", "cd", "echo", "printf", "set", "shift", "trap", "ulimit")  # change no file


class _Script(Builtins):
    """The state of a script: its variables, its functions, and the commands that it has started."""

    def __init__(self, values: Mapping[str, str] | None, arguments: tuple[str, ...]) -> None:
        super().__init__(None if values is None else dict(values), arguments)
        self.status: int = YES  # of the previous command

    def follow(self, stream: list[str | Word]) -> None:
        """Follow the words and operators of a script, or of one of its functions."""
        words: list[Word] = []
        patterns: list[str] | None = None
        at = 0
        while at < len(stream) and not self.over and not self.returned:
            part = stream[at]
            self.steps += 1
            self.work += sum(len(text) for _, text in part) if not isinstance(part, str) else 1
            if self.steps > MAX_STEPS or self.work > MAX_WORK or len(self.blocks) > MAX_BLOCKS:
                raise Unclear("too many words or blocks")
            behind = self.define(stream, at, words) if patterns is None else 0
            if behind:
                words, at = [], behind
                continue
            at += 1
            if patterns is not None:
                patterns = self.pattern(part, patterns)
            elif not isinstance(part, str) and part[0][0] in (HERE, WRITTEN):
                self.take_document(part)
            elif not isinstance(part, str):
                words, patterns = self.reserved([*words, part])
                at = self.next_turn(stream, at)
            elif part == "(":
                self.enter("(", self.live)
                words = []
            else:
                self._command(words, "" if part == ")" else part)
                words, self.here = [], ()
                if part == ")":
                    self.close("(")
                patterns = [] if part == ";;" and self.inside("case") else None
        if not self.over and not self.returned:
            self._command(words, "")

    def _command(self, words: list[Word], operator: str) -> None:
        """Follow a simple command and the operator after it."""
        if not words and operator == "&" and self.closed >= 0:
            self.put_in_background(self.closed)
        self.closed = -1
        if words:
            testing = next((block for block in self.blocks if block.test is not None), None)
            if testing is not None:
                self._ended(self._tested(words, testing))
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
            state = self.arithmetic(words[-1][0][1])
        elif words_of_test[:1] == ["getopts"]:
            from mkl_launch.program.shell.loops import next_option

            state = next_option(self, words_of_test)
        elif words_of_test[1:2] == ["-v"] and len(words_of_test) == SET_TEST:
            state = YES if words_of_test[2] in self.values else NO
        elif words_of_test and words_of_test[0] in self.functions and self.depth < MAX_CALLS:
            self.status = YES
            self.call(words_of_test[0], words_of_test[1:], in_background=False)
            state = self.status
        else:
            state = YES if finds_known(words_of_test) else holds(words_of_test, self.is_there)
            self.condition = counting_condition(words_of_test)
        if denied:
            self.condition = f"(not({self.condition}))" if self.condition else ""
        return inverted(state) if denied else state

    def _tested(self, words: list[Word], block: Block) -> int:
        """Follow the condition of a block; return whether it is true."""
        if words[0] != FOR:
            self._start_tested(words, block)
            return self._test(words)
        if block.first < 0:
            if self.values is not None and len(words) > 1:
                self.values["".join(text for _, text in words[1])] = HIDDEN
            return MAYBE
        from mkl_launch.program.shell.loops import begin_turn

        return begin_turn(self, words, block)

    def _start_tested(self, words: list[Word], block: Block) -> None:
        """Start the command in the condition of a block, if a known program is among its words."""
        words = words[words[0] == (("", "!"),) :]
        argv = self._expanded(words, self.values)
        name = argv[0].rpartition("/")[2] if argv else ""
        if name in TESTS or name in AUXILIARY or name in NOT_STARTED or finds_known(argv):
            return
        if any(word.rpartition("/")[2] in COMMAND_TABLES for word in argv):
            outside = min(block.outer, YES if block.taken == NO else MAYBE)
            state, block.state = block.state, outside
            if self.live:
                self._start(argv, [], in_background=False)
            block.state = state

    def _expanded(self, words: list[Word], values: Mapping[str, str] | None) -> list[str]:
        """Return the words to which the words of a command expand; between [[ and ]] none is split."""
        if words and words[0] == (("", "[["),):
            return [expand_value(word, values, self.arguments) for word in words]
        return expand_all(words, values, self.arguments)

    def arithmetic(self, text: str) -> int:
        """Follow `(( text ))`, which is true if its number is not 0."""
        from mkl_launch.program.shell.arithmetic import assignment, condition

        name, expression = assignment(text)
        if name:
            self.assign(expand_value((("", f"{name}="), (f'{ARITHMETIC}"', expression)), self.values))
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
            self.assign(pair)
        name = expanded[0].rpartition("/")[2] if expanded else ":"
        if name in TESTS or name == COMMAND:
            return self._test(words[at:])
        self.has_run = self.has_run or name not in HARMLESS
        if name == "read":
            self.read_line(expanded, assigned)
        elif (
            self.here and name in READING and (name == "su" or not any(w[:1] != "-" for w in expanded[1:]))
        ):
            text = expand_value(self.here, self.values, self.arguments)
            expanded = [*(word for word in expanded if word not in ("-s", "-")), "-c", text]
        if name in AUXILIARY or name in ("exit", "set"):
            return self.builtin(name, expanded, words[at + 1 :])
        self._start(expanded, assigned, in_background=in_background)
        return YES

    def _start(self, argv: list[str], assigned: list[str], *, in_background: bool) -> None:
        if argv and argv[0] == "eval" and self.depth < MAX_CALLS:
            self.evaluate(" ".join(argv[1:]), in_background=in_background)
            return
        while argv and argv[0] in ("eval", "command", "builtin", "exec", "!", "time"):
            over = argv[0] == "exec" and self.live == YES and not in_background and not self.in_subshell
            at = 1
            while at < len(argv) and argv[at].startswith("-"):
                at += 2 if argv[at] == "-a" else 1
            self.over = self.over or (over and at < len(argv))
            argv = argv[at:]
        if argv and argv[0] in self.functions:
            if self.depth < MAX_CALLS:
                self.call(argv[0], argv[1:], in_background=in_background)
        elif argv and argv[0].rpartition("/")[2] not in AUXILIARY:
            exported = [*self.exports(), *assigned]
            before = ["env", *exported] if exported else []
            if len(self.started) > MAX_COMMANDS:
                raise Unclear(f"more than {MAX_COMMANDS} commands")
            times = tuple(block.times for block in self.blocks if block.times and in_background)
            written = tuple(self.written.items())
            command = (*before, *argv)
            self.started.append(
                Started(command, self.live == YES, in_background, times, self.waits, written)
            )


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


def main_of(commands: tuple[Started, ...], recognised: Callable[[Started], Program]) -> Program:
    """Return the main program of the commands that a script starts, as `main_program` does."""
    sure = [command for command in commands if command.certain or not command.in_background]

    def program_of(command: Started) -> Program:
        found = recognised(command)
        return found if found.written == command.written else changed(found, written=command.written)

    turns = [(command.in_background, command.certain, program_of(command)) for command in sure]
    if any(in_background for in_background, _, _ in turns):
        from mkl_launch.program.shell.background import with_copies

        turns = with_copies(sure, turns)
    return main_program(turns)
