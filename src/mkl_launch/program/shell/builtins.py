"""The builtins and the functions of a shell script, and the files that it reads as a part of itself."""

from __future__ import annotations

from mkl_launch.program.script_file import FOLDER, beside
from mkl_launch.program.shell.auxiliary import ASSIGNING, SUCCEEDING
from mkl_launch.program.shell.blocks import Blocks, Started
from mkl_launch.program.shell.conditions import MAYBE, NO, YES, chosen
from mkl_launch.program.shell.expansion import (
    EVERY,
    expand_all,
    expand_value,
    is_known,
    settings_in,
    value_of,
)
from mkl_launch.program.shell.lexer import HERE, HIDDEN, OUTPUT, Unclear, tokens
from mkl_launch.program.words import SOURCING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.program.shell.lexer import Word

MAX_CALLS = 8  # nested
MAX_SOURCED = 1 << 13  # characters of the files that a script reads with `.`, 0.4 ms for each thousand
FUNCTION, OPEN, CLOSE = ((("", "function"),), (("", "{"),), (("", "}"),))
SETTINGS = ("activate", "activate.sh", ".env", "conda.sh", "profile", ".bashrc")  # they start nothing
SOURCE = "BASH_SOURCE"


class Builtins(Blocks):
    """The loops of a script, its variables, its functions, and the files that it reads with `.`."""

    def __init__(self, values: dict[str, str] | None, arguments: tuple[str, ...]) -> None:
        super().__init__(values, arguments)
        self.exported = set(values or {})
        self.functions: dict[str, list[str | Word]] = {}
        self.given = dict(values or {})
        self.over = self.returned = False
        self.exports_all = False  # after `set -a`
        self.waits = 0  # for the commands in the background
        self.here: Word = ()  # what a command reads after `<<<`
        self.written: dict[str, str] = {}  # files, and their texts
        self.sourced = 0  # characters of files that were followed
        self.read: Callable[[str], str] | None = None

    def follow(self, stream: list[str | Word]) -> None:
        """Follow the words and operators of a script, of a function, or of a file."""
        raise NotImplementedError

    def arithmetic(self, text: str) -> int:
        """Follow `(( text ))`."""
        raise NotImplementedError

    def set_array(self, word: Word) -> None:
        """Assign an array: `NAME=(words)`, `NAME+=(words)`."""
        if self.values is None:
            return
        name = word[0][1].rstrip("=")
        items = expand_all(tokens(word[-1][1]), self.values, self.arguments)
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

    def define(self, stream: list[str | Word], at: int, words: list[Word]) -> int:
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

    def call(self, name: str, arguments: list[str], *, in_background: bool) -> None:
        """Follow a call of a function of the script."""
        begin, over = len(self.started), self.over
        self._enter(self.functions[name], tuple(arguments))
        if in_background:
            self.put_in_background(begin)
            self.over = over

    def evaluate(self, text: str, *, in_background: bool) -> None:
        """Follow `eval text`."""
        begin, over = len(self.started), self.over
        self.work += len(text)
        self.arguments = self._enter(tokens(text), self.arguments)
        if in_background:
            self.put_in_background(begin)
            self.over = over

    def _enter(self, stream: list[str | Word], arguments: tuple[str, ...]) -> tuple[str, ...]:
        """Follow a function or a file with its own arguments; return those that it leaves."""
        outer, open_blocks = self.arguments, len(self.blocks)
        live, testing = self.live, [block.test for block in self.blocks]
        reach, self.reach = self.reach, YES
        self.arguments, self.depth = arguments, self.depth + 1
        if live == MAYBE:
            self.enter("{", MAYBE)
        try:
            for block in self.blocks:
                block.test = None
            self.follow(stream)
        finally:
            left, self.arguments = self.arguments, outer
            self.depth, self.returned, self.reach = self.depth - 1, False, reach
            del self.blocks[open_blocks:]
            for block, test in zip(self.blocks, testing):
                block.test = test
        return left

    def source(self, path: str, arguments: list[str]) -> None:
        """Follow a file that the script reads with `.`, or at least its lines NAME=VALUE."""
        place = beside(self.folder, path)
        text = self.written.get(place) or (self.read(place) if self.read else "")
        too_much = self.depth >= MAX_CALLS or self.sourced + len(text) > MAX_SOURCED
        if path.endswith(SETTINGS) or not text or too_much:
            self._settings(text)
        else:
            self.sourced += len(text)
            number, values = len(self.started), dict(self.values or {})
            try:
                self._within(path, text, arguments)
            except Unclear:
                del self.started[number:]
                self.values = values
                self._settings(text)
            else:
                return
        if not path.endswith(SETTINGS):
            self.started.append(Started(("sh", path, *arguments), self.live == YES, in_background=False))

    def _within(self, path: str, text: str, arguments: list[str]) -> None:
        before = (self.values or {}).get(SOURCE + EVERY[0], "")
        if self.values is not None:
            self.values[SOURCE + EVERY[0]] = path
        left = self._enter(tokens(text), tuple(arguments) or self.arguments)
        if not arguments:
            self.arguments = left
        if self.values is not None:
            self.values[SOURCE + EVERY[0]] = before

    def _settings(self, text: str) -> None:
        for name, value, is_exported in settings_in(text):
            self.assign(f"{name}={value}")
            self.exported |= {name} if is_exported else set()

    def builtin(self, name: str, expanded: list[str], words: list[Word]) -> int:
        """Follow a builtin or an auxiliary command; return whether it succeeds."""
        self.leave_turn(name)
        if name in ASSIGNING or name in (":", "let"):
            self._variables(name, words)
        elif name in ("cd", "popd", "pushd"):
            self.change_folder(expanded[1:])
            self.exported.add(FOLDER)
        elif name in ("set", "shift") and self.live == YES:
            on = {"-a", "allexport"} & {*expanded} and "+o" not in expanded
            self.exports_all = bool(on) or (self.exports_all and not {"+a", "+o"} & {*expanded})
            self.set_arguments(expanded)
        elif name in SOURCING and len(expanded) > 1:
            self.source(expanded[1], expanded[2:])
        elif name == "wait":
            self.waits += 1
        elif name == "return" and self.depth:
            self.returned = self.live == YES
            if expanded[1:] and self.returned:
                return {"0": YES}.get(expanded[1], NO if expanded[1].isdecimal() else MAYBE)
        elif name in ("exit", "return"):
            self.over = self.live == YES and not self.inside("(")
        return NO if name == "false" else YES if name in SUCCEEDING else MAYBE

    def _variables(self, name: str, words: list[Word]) -> None:
        """Follow `export`, `local` and the like, `: ${NAME:=value}`, and `let`."""
        if name == ":":
            self.set_defaults(words)
            return
        for word in words:
            if name == "export" and word[0][0].startswith(OUTPUT):
                self._export_file(word)
        for text in (expand_value(word, self.values, self.arguments) for word in words):
            if name == "let":
                self.arithmetic(text)
                continue
            self.assign(text)
            self.exported |= {text.partition("=")[0]} if name == "export" else set()

    def _export_file(self, word: Word) -> None:
        """Follow `export $(grep -v '^#' .env | xargs)`."""
        from mkl_launch.program.shell.output import read_file

        path = read_file(word, self.values or {}, self.arguments)
        text = self.read(beside(self.folder, path)) if path and self.read else ""
        self.exported |= {name for name, _, _ in settings_in(text)}
        self._settings(text)

    def take_document(self, word: Word) -> None:
        """Note what the next command reads, or the file that `cat > FILE <<EOF` writes it to."""
        if word[0][0] == HERE:
            self.here = word[1:]
            return
        path = expand_value(word[1:], self.values, self.arguments)
        if self.live == YES and HIDDEN not in path:
            text = expand_value(self.here, self.values, self.arguments)
            self.written[beside(self.folder, path)] = text

    def read_line(self, words: list[str], assigned: list[str]) -> None:
        """Follow `read NAME <<< text`. Without a known text, its variables have no known values."""
        from mkl_launch.program.shell.output import read_values

        separators = dict(pair.partition("=")[::2] for pair in assigned).get("IFS", "")
        text = expand_value(self.here, self.values, self.arguments) if self.here else HIDDEN
        for name, value in read_values(words, text, separators):
            self.assign(f"{name}={value}")

    def exports(self) -> list[str]:
        """Return the variables that the script has exported, as NAME=VALUE."""
        values = self.values or {}
        changes = [name for name in self.exported & values.keys() if values[name] != self.given.get(name)]
        return [f"{name}={values[name]}" for name in sorted(changes) if is_known(name, values[name])]

    def assign(self, pair: str) -> None:
        """Set a variable of the script: NAME=VALUE."""
        name, equals, value = pair.partition("=")
        if not equals or self.values is None:
            return
        self.exported |= {name} if self.exports_all else set()
        before = self.values.get(name)
        certain = self.live == YES or before == value
        self.values[name] = value if certain else chosen(self.when(), value, before or "")
