"""What the output of a command in a shell script is known to be: `$(dirname "$0")`, `$(nproc)`.

Nothing is run. Imported only for scripts with such a word.
"""

from __future__ import annotations

from mkl_launch.program.script_file import FOLDER_ABOVE, GPU_COUNT, SCRIPT_FOLDER
from mkl_launch.program.shell_lexer import ARITHMETIC, HIDDEN, SEQUENCE

# How a script names itself, and the folder that it is in.
SELF = ("$0", "${0}", "$BASH_SOURCE", "${BASH_SOURCE}", "${BASH_SOURCE[0]}")
SELF_ELSE = tuple(f"${{{name}:-$0}}" for name in ("BASH_SOURCE", "BASH_SOURCE[0]"))
RESOLVING = ("readlink -f ", "realpath ")
# The devices of nvidia-smi, one a line, are counted.
GPU_LISTS = ("nvidia-smi -L", "nvidia-smi --list-gpus", "nvidia-smi --query-gpu=")
LINE_COUNT = "| wc -l"


def output(command: str, quote: str) -> tuple[str, str]:
    """Return the output of a command as a piece of a word, HIDDEN if it is not known."""
    if command.startswith(("which ", "command -v ")):
        from mkl_launch.program.shell_conditions import finds_known

        words = command.split()
        return ("'", words[-1]) if finds_known(words) else (HIDDEN, HIDDEN)
    if command.split() in (["uname"], ["uname", "-s"]):
        return "'", "Linux"
    if command.startswith(SEQUENCE):
        return "$" + quote, command
    folder = _folder(command)
    if folder:
        return "$" + quote, folder
    if command.startswith(GPU_LISTS) and " ".join(command.split()).endswith(LINE_COUNT):
        return "$" + quote, GPU_COUNT
    from mkl_launch.program.shell_arithmetic import counted

    expression = counted(command)
    return (ARITHMETIC + quote, expression) if expression else (HIDDEN, HIDDEN)


def _folder(command: str) -> str:
    """Return the variable with the folder of the script, or the one above it; "" for another command.

    `dirname "$0"`, `cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd`.
    """
    if "$" not in command or not command.startswith(("dirname ", "cd ")):
        return ""
    plain = " ".join(command.replace('"', "").replace(" -- ", " ").split())
    for noise in (">/dev/null 2>&1 ", "> /dev/null 2>&1 ", ">/dev/null ", "-P "):
        plain = plain.replace(noise, "")
    if plain.startswith("cd "):
        plain = plain[len("cd ") :].replace("; pwd", " && pwd").removesuffix(" -P")
        place, _, after = plain.partition(" && pwd")
        above = place.endswith("/..")
        inner = place.removesuffix("/..").rstrip("/")
        known = not after and (_folder(inner[2:-1].strip()) if inner[:2] == "$(" else inner == "${0%/*}")
        return (FOLDER_ABOVE if above else SCRIPT_FOLDER) if known else ""
    name = plain[len("dirname ") :]
    for before in RESOLVING:
        name = name.removeprefix("$(" + before).removesuffix(")")
    return SCRIPT_FOLDER if name in (*SELF, *SELF_ELSE) else ""


def sequence(words: list[str]) -> str:
    """Return the numbers that seq(1) prints, with blanks between them; HIDDEN if they are not known."""
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 5]
    if not 0 < len(numbers) == len(words) <= 3:
        return HIDDEN
    first, last = (1, *numbers)[-2:] if len(numbers) < 3 else (numbers[0], numbers[2])
    step = numbers[1] if len(numbers) == 3 else 1
    return " ".join(map(str, range(first, last + 1, step))) if step else HIDDEN
