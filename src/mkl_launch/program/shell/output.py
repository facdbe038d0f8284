"""What builtins and small commands of a shell print or count: `$(dirname "$0")`, `$(nproc)`, `getopts`.

Nothing is run. Imported only for scripts with such a word.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.model.program import CPU_EXPRESSION
from mkl_launch.program.script_file import FOLDER, GPU_COUNT
from mkl_launch.program.shell.arithmetic import assignment, counted, evaluate
from mkl_launch.program.shell.expansion import EVERY, expand_all, value_of
from mkl_launch.program.shell.lexer import ARITHMETIC, COMMAND, HIDDEN, OUTPUT, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.program.shell.lexer import Word

MAX_ITEMS = 1000
PRINTING = ("basename", "cd", "dirname", "echo", "getopt", "pwd", "readlink", "realpath", "seq")
# The devices of nvidia-smi, one a line, are counted.
GPU_LISTS = ("nvidia-smi -L", "nvidia-smi --list-gpus", "nvidia-smi --query-gpu=")
LINE_COUNT = "| wc -l"
STEPS = ("{0}++", "++{0}", "{0}+=1", "{0}={0}+1")  # of a counter


def piece(command: str, quote: str) -> tuple[str, str]:
    """Return the output of a command as a piece of a word, HIDDEN if it is not known."""
    words = command.split()
    if words[0] == "which" or words[:2] == ["command", "-v"]:
        from mkl_launch.program.shell.conditions import finds_known

        return ("'", words[-1]) if finds_known(words) else (HIDDEN, HIDDEN)
    if words in (["uname"], ["uname", "-s"]):
        return "'", "Linux"
    if command.startswith(GPU_LISTS) and " ".join(words).endswith(LINE_COUNT):
        return "$" + quote, GPU_COUNT
    before, bar, last = command.rpartition("|")
    calculated = bar and last.strip() == "bc" and words[0] == "echo"
    expression = before[len("echo ") :].strip().strip("\"'") if calculated else counted(command)
    if expression:
        return ARITHMETIC + quote, expression
    return (OUTPUT + quote, command) if words[0] in PRINTING or "xargs" in words else (HIDDEN, HIDDEN)


def output(command: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return what a command prints, without the newline at its end; HIDDEN if that is not known."""
    parts = tokens(command)
    operators = [part for part in parts if isinstance(part, str) and part != "\n"]
    end = parts.index(operators[0]) if operators else len(parts)
    argv = expand_all(parts[:end], values, arguments)
    name, operands = (argv or [""])[0], [word for word in argv[1:] if word[:1] != "-"]
    behind = [part for part in parts[end + 1 :] if not isinstance(part, str)]
    if operators in (["&&"], [";"]) and name == "cd" and behind[:1] == [(("", "pwd"),)]:
        path = operands[0] if len(operands) == 1 else HIDDEN
        above, last = path.removesuffix("/..").rpartition("/")[::2]
        return (above or "/") if path[:1] == "/" and path.endswith("/..") and last[:1] != "." else path
    if name == "getopt" and not operators:
        from mkl_launch.program.shell.filters import parsed_options

        return parsed_options(argv)
    if operators and name == "echo" and set(operators) == {"|"}:
        from mkl_launch.program.shell.filters import filtered

        text = " ".join(operands)
        for stage in _stages(parts[end + 1 :]):
            argv = expand_all(stage, values, arguments)
            text = HIDDEN if HIDDEN in text else filtered(text, argv)
        return text
    return HIDDEN if operators else _printed(name, operands, values)


def _stages(parts: list[str | Word]) -> list[list[Word]]:
    """Return the commands of a pipeline."""
    stages: list[list[Word]] = [[]]
    for part in parts:
        if isinstance(part, str):
            stages.append([])
        else:
            stages[-1].append(part)
    return stages


def read_file(word: Word, values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return the file whose words a command prints: `$(grep -v '^#' .env | xargs)`; "" for another one."""
    kind, text = word[0]
    if not kind.startswith(OUTPUT) or "xargs" not in text:
        return ""
    first = _stages(tokens(text))[0]
    argv = expand_all(first, values, arguments)
    return argv[-1] if len(argv) > 1 and argv[0] in ("cat", "grep", "egrep", "sed") else ""


def _printed(name: str, operands: list[str], values: Mapping[str, str]) -> str:
    if name in ("pwd", "echo"):
        return " ".join(operands) if name == "echo" else values.get(FOLDER, ".")
    path = operands[0] if operands else HIDDEN
    if HIDDEN in path or name == "seq":
        return _sequence(operands) if name == "seq" else HIDDEN
    folder, slash, last = path.rstrip("/").rpartition("/")
    if name == "dirname":
        return folder or slash or "."
    if name == "basename":
        return last.removesuffix(operands[1]) if operands[1:] else last
    return path if name in ("readlink", "realpath") else HIDDEN


def _sequence(operands: list[str]) -> str:
    """Return the numbers that `seq` prints."""
    if not all(word.isdecimal() for word in operands) or not 0 < len(operands) < 4:
        return HIDDEN
    numbers = [int(word[:9]) for word in operands]
    first, step = (numbers[0] if len(numbers) > 1 else 1), (numbers[1] if len(numbers) == 3 else 1)
    items = range(first, numbers[-1] + 1, step or 1)
    return "\n".join(map(str, items)) if len(items) <= MAX_ITEMS else HIDDEN


def read_values(words: list[str], text: str, separators: str) -> list[tuple[str, str]]:
    """Return the variables that `read` sets, and their values; an array has `[@]` behind its name."""
    names = [word for word in words[1:] if word[:1] != "-"]
    array = any(word[:1] == "-" and word[-1] == "a" for word in words[1:])
    for separator in separators.strip():
        text = text.replace(separator, " ")
    if HIDDEN in text or not names:
        return [(name + EVERY[0] * array, HIDDEN) for name in names]
    if array:
        return [(names[0] + EVERY[0], "\0".join(text.split()))]
    parts = text.split(None, len(names) - 1) + [""] * len(names)
    return [(name, part.strip()) for name, part in zip(names, parts)]


def braces(text: str) -> list[str]:
    """Return the words to which `a{1..4}` or `{a,b}` expands."""
    before, _, rest = text.partition("{")
    inner, end, after = rest.partition("}")
    first, dots, last = inner.partition("..")
    if not end or "{" in inner + after:
        return [HIDDEN]
    if dots and first.isdecimal() and last.isdecimal():
        numbers = range(int(first[:9]), int(last[:9]) + 1)
        return [f"{before}{number}{after}" for number in numbers[:MAX_ITEMS]]
    return [before + item + after for item in inner.split(",")] if "," in inner else [text]


def counter(text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> list[str]:
    """Return the numbers of `for ((i=0; i<4; i++))`."""
    first, last = _bounds(text, values, arguments)
    numbers = range(positive(first) or 0, (positive(last) or 0) + 1)
    known = first.isdecimal() and last.isdecimal() and len(numbers) <= MAX_ITEMS
    return list(map(str, numbers)) if known else [HIDDEN]


def _bounds(text: str, values: Mapping[str, str], arguments: tuple[str, ...]) -> tuple[str, str]:
    """Return the first and the last number of a counter: a number, a CPU_EXPRESSION, or HIDDEN."""
    begin, _, rest = ("".join(text.split())).partition(";")
    test, _, step = rest.partition(";")
    name, start = assignment(begin)
    limit = test.removeprefix(name)
    if not name or limit == test or limit[:1] != "<" or step not in [form.format(name) for form in STEPS]:
        return HIDDEN, HIDDEN
    last = limit.removeprefix("<=") if limit[1:2] == "=" else f"({limit[1:]})-1"

    def value(name: str) -> str:
        return value_of(name, values, arguments)

    return "0" if start == "0" else evaluate(start, value), evaluate(last, value)


def counted_turns(words: list[Word], values: Mapping[str, str], arguments: tuple[str, ...]) -> str:
    """Return the number of turns of a loop to a number of CPUs as a CPU_EXPRESSION; "" for another one."""
    if words[1] == (("", COMMAND),):
        first, last = _bounds(words[2][0][1], values, arguments)
    else:
        kind, text = words[-1][0]
        parts = tokens(text) if kind.startswith(OUTPUT) and len(words) == 4 else []
        seq = [word for word in parts if not isinstance(word, str)]
        argv = expand_all(seq, values, arguments)
        if argv[:1] != ["seq"] or not 1 < len(argv) < 4 or len(seq) < len(parts):
            return ""
        first, last = (argv[1] if len(argv) == 3 else "1"), argv[-1]
    if not first.isdecimal() or not last.startswith(CPU_EXPRESSION):
        return ""
    return f"{CPU_EXPRESSION}({last[len(CPU_EXPRESSION) :]})+1-{first}"


def option(
    letters: str, arguments: tuple[str, ...], at: tuple[int, int]
) -> tuple[str, str | None, tuple[int, int]]:
    """Return the option that `getopts` finds, its value, and where it goes on; "" behind the last one.

    https://pubs.opengroup.org/onlinepubs/9799919799/utilities/getopts.html
    """
    index, place = at
    word = arguments[index - 1] if index <= len(arguments) else ""
    if place == 1 and (word[:1] != "-" or word == "-"):
        return "", None, at
    if word == "--":
        return "", None, (index + 1, 1)
    name, rest = word[place : place + 1], word[place + 1 :]
    quiet, letters = letters.startswith(":"), letters.removeprefix(":")
    known = name != ":" and name in letters
    if not known or letters[letters.index(name) + 1 :][:1] != ":":
        value = name if quiet and not known else None
        return name if known else "?", value, (index, place + 1) if rest else (index + 1, 1)
    if rest:
        return name, rest, (index + 1, 1)
    if index < len(arguments):
        return name, arguments[index], (index + 2, 1)
    return (":", name, (index + 1, 1)) if quiet else ("?", None, (index + 1, 1))
