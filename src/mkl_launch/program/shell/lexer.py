"""The lexer for shell scripts: words with their quotes, and operators.

Grammar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html. Unclear is raised for
anything else, because a wrong guess would change the plan. Imported only for command lines with a shell.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Word = tuple[tuple[str, str], ...]  # pieces: (the quote around it, or HIDDEN; its text)

# Stands in a word for a text that is known only when the shell runs, such as the output of a command.
HIDDEN = "\ufffd"
ARITHMETIC = "$(("  # before the quote: an arithmetic expression
# Words of the commands whose output may be known.
KNOWN_OUTPUT = (
    *(
        "uname",
        "nproc",
        "NPROCESSORS",
        "cpuinfo",
        "cpu_count",
        "getaffinity",
        "expr ",
        "which ",
        "command -v ",
    ),
    *(
        "dirname",
        "basename",
        "readlink",
        "realpath",
        "cd ",
        "pwd",
        "echo ",
        "seq ",
        "nvidia-smi",
        "getopt",
        "xargs",
    ),
)
OUTPUT = "$("  # before the quote: a command whose output is known when the script is followed
WRITTEN = ">"  # the kind of the first piece of the name of a file that a here-document is written to
HERE = "<<<"  # the kind of the first piece of a word that a command reads
READING = ("sh", "bash", "dash", "ash", "su")  # they read a script from their input
ARRAY = "("  # instead of a quote: NAME=(words)
COMMAND = "(("  # the first word of an arithmetic command
# Between these two words, no character is an operator.
TEST_ENDS: dict[Word, bool] = {(("", "[["),): True, (("", "]]"),): False}
MAX_DEPTH = 20  # nested brackets
MAX_TEXT = 1 << 15  # characters

_BLANK = " \t\r"
_ENDS = " \t\r\n;&|<>()'\"\\`$"
_DOUBLE = ("&&", "||", ";;")


class Unclear(ValueError):
    """The script cannot be followed with certainty. The text is the reason, for the user."""


def tokens(text: str) -> list[str | Word]:
    """Split a script into words and operators, without the files of redirections. Raises Unclear."""
    if len(text) > MAX_TEXT:
        raise Unclear(f"longer than {MAX_TEXT} characters")
    reader = _Reader(text)
    while reader.at < len(text):
        reader.step(text[reader.at])
    reader.finish()
    return reader.tokens


class _Reader:
    """The state of the lexer: the position in the text, and the word that is being read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.tokens: list[str | Word] = []
        self.word: list[tuple[str, str]] | None = None
        self.skipped = False  # the next word is the file of a redirection
        self.in_test = False  # within [[ ]]
        self.marks: list[str] = []  # the delimiters of the here-documents of this line

    def finish(self) -> None:
        """End the current word."""
        if self.word:
            word = tuple(self.word)
            if not self.skipped:
                self.tokens.append(word)
                self.in_test = TEST_ENDS.get(word, self.in_test)
            self.skipped = False
        self.word = None

    def step(self, char: str) -> None:
        """Read one blank, operator or piece of a word."""
        text, at = self.text, self.at
        if self.in_test and self.word == [("", "]]")]:
            self.finish()
        if char in _BLANK:
            self.finish()
            self.at += 1
        elif char == "\n":
            self._line()
        elif self.in_test and char in ";&|()<>":
            self.word = [*(self.word or []), ("", char)]
            self.at += 1
        elif char == "#" and self.word is None:
            self.at = find(text, "\n", at)
        elif char in "<>" or text[at : at + 2] == "&>":
            if self.word and all(quote == "" and part.isdecimal() for quote, part in self.word):
                self.word = None  # a file descriptor
            self.finish()
            self.at, self.skipped, mark = _redirection(text, at + (char == "&"))
            if text[at : at + 3] == HERE:
                self.skipped, self.word = False, [(HERE, "")]
                self.at += len(text) - self.at - len(text[self.at :].lstrip(" \t"))
            self.marks += [mark] if mark else []
        elif char in ";&|()":
            self._operator(char)
        else:
            piece, self.at = _piece(text, at)
            self.word = self.word or []
            self.word += piece

    def _line(self) -> None:
        self.finish()
        self.at += 1
        if self.marks:
            from mkl_launch.program.shell.documents import document

            read, self.at = document(self.text, self.at, self.marks, self.tokens)
            self.tokens += read
        self.tokens.append("\n")
        self.marks = []

    def _operator(self, char: str) -> None:
        if char == "(" and self.word and self.word[-1][1].endswith("="):  # an array
            begin, self.at = self.at, _closed(self.text, self.at)
            self.word.append((ARRAY, self.text[begin + 1 : self.at - 1]))
            return
        self.finish()
        two = self.text[self.at : self.at + 2]
        if self.text.startswith((";&", ";;&"), self.at):  # the end of a branch of `case`
            self.at += 2 if two == ";&" else 3
            self.tokens.append(";;")
            return
        end = _closed(self.text, self.at) if two == COMMAND else 0
        if end and self.text[end - 2] == ")":  # `(( ))`; `((a); b)` is a subshell
            self.tokens += [(("", COMMAND),), (("'", self.text[self.at + 2 : end - 2]),)]
            self.at = end
            return
        self.tokens.append(two if two in _DOUBLE else char)
        self.at += len(self.tokens[-1])


def find(text: str, what: str, at: int) -> int:
    """Return the index of a text, or the length if it is not there."""
    index = text.find(what, at)
    return len(text) if index < 0 else index


def _must_find(text: str, what: str, at: int) -> int:
    index = text.find(what, at)
    if index < 0:
        raise Unclear(f"no closing {what}")
    return index


def _redirection(text: str, at: int) -> tuple[int, bool, str]:
    """Return where a redirection ends, whether a file name follows, and the here-document's delimiter."""
    sign = text[at]
    at += 1
    if text[at : at + 1] == "(":  # <(command)
        return _closed(text, at), False, ""
    if sign == "<" and text[at : at + 2] == "<<":
        return at + 2, True, ""
    if sign == "<" and text[at : at + 1] == "<":
        at += 2 if text[at + 1 : at + 2] == "-" else 1
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        end = at
        while end < len(text) and text[end] not in " \t\r\n;&|<>()":
            end += 1
        return end, False, text[at:end]
    if text[at : at + 1] in (">", "|"):
        at += 1
    if text[at : at + 1] == "&":
        at += 1
        while at < len(text) and (text[at].isdecimal() or text[at] == "-"):
            at += 1
        return at, text[at - 1] == "&", ""
    return at, True, ""


def _closed(text: str, at: int) -> int:
    """Return the index after the bracket that closes the one at `at`; quoted brackets do not count."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "'":
            at = _must_find(text, "'", at + 1)
        elif char in "({":
            depth += 1
            if depth > MAX_DEPTH:
                raise Unclear(f"more than {MAX_DEPTH} nested brackets")
        elif char in ")}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    raise Unclear("a bracket is not closed")


def _piece(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Return one piece of a word with its quote, and the index after it."""
    char = text[at]
    if char == "'":
        end = _must_find(text, "'", at + 1)
        return [("'", text[at + 1 : end])], end + 1
    if char == '"':
        return quoted(text, at + 1)
    if char == "\\":
        following = text[at + 1 : at + 2]
        return ([("'", following)] if following != "\n" else []), at + 2
    if char == "`":
        end = _must_find(text, "`", at + 1)
        return [_output(text[at + 1 : end], "")], end + 1
    if char == "$":
        return _dollar(text, at, "")
    end = at + 1
    while end < len(text) and text[end] not in _ENDS:
        end += 1
    return [("", text[at:end])], end


def quoted(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    """Return the pieces up to the closing double quote, and the index after it."""
    pieces: list[tuple[str, str]] = []
    while text[at : at + 1] != '"':
        if at >= len(text):
            raise Unclear('no closing "')
        char = text[at]
        if char == "$":
            more, at = _dollar(text, at, '"')
            pieces += more
        elif char == "`":
            end = _must_find(text, "`", at + 1)
            pieces.append(_output(text[at + 1 : end], '"'))
            at = end + 1
        elif char == "\\" and text[at + 1 : at + 2] in tuple('$`"\\\n'):
            pieces.append(("'", text[at + 1].strip("\n")))
            at += 2
        else:
            end = at + 1
            while end < len(text) and text[end] not in '"$`\\':
                end += 1
            pieces.append(("'", text[at:end]))
            at = end
    return pieces or [("'", "")], at + 1


def _output(command: str, quote: str) -> tuple[str, str]:
    """Return the output of a command as a piece, HIDDEN if it is not known."""
    if not any(word in command for word in KNOWN_OUTPUT):
        return HIDDEN, HIDDEN
    from mkl_launch.program.shell.output import piece

    return piece(command.strip(), quote)


def _dollar(text: str, at: int, quote: str) -> tuple[list[tuple[str, str]], int]:
    """Return an expansion, and the index after it.

    A variable is ("$" or "${" and the quote, its name); arithmetic is (ARITHMETIC and the quote, its
    text); the output of a command is (OUTPUT and the quote, the command) or HIDDEN.
    """
    following = text[at + 1 : at + 2]
    if following == "(":
        end = _closed(text, at + 1)
        inner = text[at + 2 : end - 1]
        if inner[:1] == "(" and inner[-1:] == ")":
            return [(ARITHMETIC + quote, inner[1:-1])], end
        return [_output(inner, quote)], end
    if following == "{":
        end = _closed(text, at + 1)
        return [("${" + quote, text[at + 2 : end - 1])], end
    if following == "'" and not quote:
        end = _must_find(text, "'", at + 2)
        return [("'", text[at + 2 : end])], end + 1
    end = at + 2
    if not (following.isalpha() or following == "_"):
        name = following if following and following in "@*#?$!-0123456789" else ""
        return ([("$" + quote, name)], end) if name else ([("'", "$")], at + 1)
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return [("$" + quote, text[at + 1 : end])], end
