"""Numbers that a shell computes: `$((2 * 3))`, and counts of CPUs such as `$(nproc)`. Nothing is run.

A count of CPUs becomes CPU_EXPRESSION and an expression in Python, so that it can be computed for the CPUs
of a container. Imported only for scripts with such a word.
"""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION, NPROC
from mkl_launch.program.shell_lexer import HIDDEN
from mkl_launch.tables.variables import OMP_NUM_THREADS
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CPUS = "cpu_count()"
OPERATORS = "+-*()"
MAX_LENGTH = 200
NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_."
# nproc(1) takes OMP_NUM_THREADS for the number of CPUs, but not with --all.
COUNTS = {
    "nproc": NPROC,
    "nproc --all": CPUS,
    "getconf _NPROCESSORS_ONLN": CPUS,
    "getconf NPROCESSORS_ONLN": CPUS,
}


def counted(command: str) -> str:
    """Return the expression of a command whose output is a number of CPUs; "" for any other command."""
    words = command.split()
    plain = " ".join(words)
    if plain in COUNTS:
        return COUNTS[plain]
    if words[:1] == ["nproc"] and plain[len("nproc --ignore=") :].isdecimal():
        return f"({NPROC}-{plain[len('nproc --ignore=') :]})"
    if (
        "/proc/cpuinfo" in plain
        and ("processor" in plain or "core id" in plain)
        and words[0] in ("grep", "cat", "egrep")
    ):
        return CPUS if "-c" in words or plain.endswith("wc -l") else ""
    if words[:1] == ["expr"]:
        return "((" + plain[len("expr ") :].replace("\\", "") + "))"
    if words and words[0].rpartition("/")[2].startswith(PYTHON):
        _, _, rest = plain.partition("print(")
        return _without_modules(rest.rpartition(")")[0])
    return ""


def _without_modules(expression: str) -> str:
    """Return an expression of Python with `cpu_count()` for `os.cpu_count()`; "" if it counts no CPUs."""
    *before, last = "".join(expression.split()).split(CPUS)
    return CPUS.join((*(part.rstrip(NAME) for part in before), last)) if before else ""


def evaluate(text: str, value: Callable[[str], str]) -> str:
    """Return the number of an arithmetic expression, CPU_EXPRESSION and an expression, or HIDDEN.

    `value` returns the value of a variable.
    """
    expression = _translated(text, value)
    if not 0 < len(expression) <= MAX_LENGTH:
        return HIDDEN
    threads = value(OMP_NUM_THREADS)
    expression = expression.replace(NPROC, threads) if threads.isdecimal() else expression
    if "()" in expression:
        return CPU_EXPRESSION + expression
    from mkl_launch.program.python_settings import workers

    number, _ = workers(f"workers={expression}", {}, 1)
    return str(number) if number else HIDDEN


def _translated(text: str, value: Callable[[str], str]) -> str:
    """Return the expression with its variables replaced, in Python; "" if a part of it is not known."""
    parts, at = [], 0
    while at < len(text):
        char = text[at]
        end = at + 1
        if char in OPERATORS:
            parts.append(char)
        elif char == "/":
            parts.append("//")
        elif text.startswith((NPROC, CPUS), at):
            name = NPROC if text.startswith(NPROC, at) else CPUS
            parts.append(name)
            end = at + len(name)
        elif char == "`":
            end = text.find("`", end) + 1
            parts.append(counted(text[at + 1 : end - 1]) if end else "")
        elif text.startswith("$(", at):
            end = text.find(")", at) + 1
            parts.append(counted(text[at + 2 : end - 1]) if end else "")
        elif char.isalnum() or char in "_$":
            end = text.find("}", at) + 1 if text[at + 1 : at + 2] == "{" else _behind_name(text, end)
            parts.append(_known(text[at:end].strip("${}"), value))
        elif not char.isspace():
            return ""
        if parts and not parts[-1]:
            return ""
        at = end
    return "".join(parts)


def _behind_name(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at


def _known(word: str, value: Callable[[str], str]) -> str:
    """Return the number of a word or of a variable, or its expression; "" if it is not known."""
    number = word if word.isdecimal() else value(word)
    if number.startswith(CPU_EXPRESSION):
        return f"({number[len(CPU_EXPRESSION) :]})"
    return number if number.isdecimal() else ""
