"""Numbers that a shell computes: `$((2 * 3))`, and counts of CPUs such as `$(nproc)`. Nothing is run.

A count of CPUs becomes CPU_EXPRESSION and an expression in Python, so that it can be computed for the CPUs
of a container. Imported only for scripts with such a word.
"""

from __future__ import annotations

from mkl_launch.model.program import CPU_EXPRESSION, NPROC
from mkl_launch.program.shell.lexer import HIDDEN
from mkl_launch.tables.variables import OMP_NUM_THREADS
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

CPUS = "cpu_count()"
MASK = "len(os.sched_getaffinity(0))"
# The signs of a shell's arithmetic, and those of Python; longer ones first. A shell would split at a blank.
SIGNS = {
    **{sign: sign for sign in ("<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "(", ")")},
    "&&": ")and(",
    "||": ")or(",
    "/": "//",
}
CALLS = ("max(", "min(", "int(")
MAX_LENGTH = 200
BETWEEN = ("&&", "||")  # each side of these is put in brackets
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
    *before, last = "".join(expression.split()).replace(MASK, CPUS).split(CPUS)
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
    from mkl_launch.program.settings_files.python import workers

    number, _ = workers(f"workers={expression}", {}, 1)
    return str(number) if number else HIDDEN


def assignment(text: str) -> tuple[str, str]:
    """Return the name and the new value of `NAME = expression`, `NAME += 1` or `NAME++`; else two ""."""
    plain = text.strip()
    end = _behind_name(plain, 0)
    name, rest = plain[:end], plain[end:].strip()
    if not name or name.isdecimal():
        return "", ""
    if rest in ("++", "--"):
        return name, f"{name}{rest[0]}1"
    if rest[:2] in ("+=", "-=", "*=", "/="):
        return name, f"{name}{rest[0]}({rest[2:]})"
    return (name, rest[1:]) if rest[:1] == "=" and rest[1:2] != "=" else ("", "")


def condition(text: str, value: Callable[[str], str]) -> tuple[str, int]:
    """Return whether an expression is not 0; if that depends on the number of CPUs, in Python, else ""."""
    from mkl_launch.program.settings_files.python import workers
    from mkl_launch.program.shell.conditions import MAYBE, NO, YES

    expression = _translated(text, value)
    if not 0 < len(expression) <= MAX_LENGTH:
        return "", MAYBE
    if "()" in expression:
        return f"({expression})", MAYBE
    number, _ = workers(f"workers=1 if ({expression}) else 2", {}, 1)
    return "", {1: YES, 2: NO}.get(number or 0, MAYBE)


def _choice(text: str, value: Callable[[str], str]) -> str:
    """Return `A ? B : C` in Python; "" if a part of it is not known."""
    question, _, rest = text.partition("?")
    first, _, second = rest.partition(":")
    parts = [_translated(part, value) for part in (question, first, second)]
    return "(({1})if({0})else({2}))".format(*parts) if all(parts) and "?" not in rest else ""


def _translated(text: str, value: Callable[[str], str]) -> str:
    """Return the expression with its variables replaced, in Python; "" if a part of it is not known."""
    parts: list[str] = []
    at = 0
    text = text.replace('"', "")
    text = f"({text})" if any(sign in text for sign in BETWEEN) else text
    if "?" in text:
        return _choice(text, value) if "(" not in text.replace("$(", "") else ""
    while at < len(text):
        char = text[at]
        end = at + 1
        sign, translated = _sign(text, at, parts)
        if sign:
            parts.append(translated)
            end = at + len(sign)
        elif char == "`":
            end = text.find("`", end) + 1
            parts.append(counted(text[at + 1 : end - 1]) if end else "")
        elif text.startswith("$(", at):
            end = text.find(")", at) + 1
            parts.append(counted(text[at + 2 : end - 1]) if end else "")
        elif char.isalnum() or char in "_$":
            end = _behind_variable(text, at)
            parts.append(_known(text[at:end].strip("${}"), value))
        elif not char.isspace():
            return ""
        if parts and not parts[-1]:
            return ""
        at = end
    return "".join(parts)


def _sign(text: str, at: int, parts: list[str]) -> tuple[str, str]:
    """Return the sign, count of CPUs or call at a place, and its translation; two "" if there is none.

    A comma counts only after a call, which a Python is asked for.
    """
    sign = next((sign for sign in SIGNS if text.startswith(sign, at)), "")
    if sign:
        return sign, SIGNS[sign]
    name = next((name for name in (NPROC, CPUS) if text.startswith(name, at)), "")
    if not name and text.startswith(CALLS, at):
        name = text[at : at + len(CALLS[0]) - 1]
    elif text[at] == "," and {*CALLS} & {f"{part}(" for part in parts}:
        name = ","
    return name, name


def _behind_name(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at


def _behind_variable(text: str, at: int) -> int:
    """Return the index after a number, NAME, $NAME, ${NAME} or $#."""
    if text[at + 1 : at + 2] in ("{", "#"):
        return text.find("}", at) + 1 if text[at + 1] == "{" else at + 2
    return _behind_name(text, at + 1)


def _known(word: str, value: Callable[[str], str]) -> str:
    """Return the number of a word or of a variable, or its expression; "" if it is not known."""
    number = str(int(word[:9])) if word.isdecimal() else value(word)
    if number.startswith(CPU_EXPRESSION):
        return f"({number[len(CPU_EXPRESSION) :]})"
    return number if number.isdecimal() else ""
