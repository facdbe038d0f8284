"""What filters of a text print, and getopt(1): `echo $LIST | tr ',' ' '`, `getopt -o w: -- "$@"`.

Nothing is run. Imported only for scripts with such a command.
"""

from __future__ import annotations

from mkl_launch.program.shell.lexer import HIDDEN

ESCAPES = {"\\n": "\n", "\\t": "\t", "\\0": "\0", "[:space:]": " "}
SHORT, LONG = ("-o", "--options"), ("-l", "--long", "--longoptions")  # of getopt
NAMED = ("-n", "--name")
NUMBER_OF_FIELDS = "{print NF}"


def filtered(text: str, argv: list[str]) -> str:
    """Return what a filter makes of a text; HIDDEN if that is not known."""
    name, options = (argv or [""])[0], [word for word in argv[1:] if word[:1] == "-"]
    operands = [ESCAPES.get(word, word) for word in argv[1:] if word[:1] != "-"]
    if name == "tr" and options == ["-d"] and len(operands) == 1 and len(operands[0]) == 1:
        return text.replace(operands[0], "")
    if name == "tr" and not options and [len(word) for word in operands] == [1, 1]:
        return text.replace(operands[0], operands[1])
    if name == "wc" and not operands and options in (["-l"], ["-w"]):
        return str(text.count("\n") + 1 if options == ["-l"] else len(text.split()))
    if name == "awk" and operands[-1:] == [NUMBER_OF_FIELDS] and "\n" not in text:
        separator = options[0][2:] or operands[0] if options and options[0][:2] == "-F" else None
        return str(len(text.split(separator)))
    return _substituted(text, operands) if name == "sed" and not options else HIDDEN


def _substituted(text: str, operands: list[str]) -> str:
    """Return a text after `sed 's/,/ /g'`."""
    parts = operands[0].split("/") if len(operands) == 1 else []
    if (
        len(parts) != 4
        or parts[0] != "s"
        or parts[3] not in ("", "g")
        or set(parts[1] + parts[2]) & set("\\.*[^$&")
    ):
        return HIDDEN
    return text.replace(parts[1], parts[2], -1 if parts[3] else 1)


def parsed_options(argv: list[str]) -> str:
    """Return what getopt(1) prints: the options in order, `--`, and the other words, in quotes.

    https://man7.org/linux/man-pages/man1/getopt.1.html
    """
    letters, names, at = _own_options(argv)
    options: list[str] = []
    rest: list[str] = []
    while at < len(argv):
        word, at = argv[at], at + 1
        if word == "--":
            rest += argv[at:]
            break
        if word[:2] == "--":
            more, at = _name(word, names, argv, at)
            if not more:  # getopt fails
                return HIDDEN
            options += more
        elif word[:1] == "-" and word != "-":
            more, at = _letters(word[1:], letters, argv, at)
            options += more
        else:
            rest.append(word)
    return " ".join([*options, "--", *map(_quoted, rest)])


def _own_options(argv: list[str]) -> tuple[str, dict[str, int], int]:
    """Return the letters and the names that getopt looks for, with their colons, and where to look."""
    letters, names, at = "", {}, 1
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "--":
        word, at = argv[at], at + 1
        name, value = (word[:2], word[2:]) if word[1:2] != "-" else word.partition("=")[::2]
        if name in (*SHORT, *LONG, *NAMED) and not value:
            value, at = "".join(argv[at : at + 1]), at + 1
        if name in SHORT:
            letters = value
        elif name in LONG:
            names.update({one.rstrip(":"): one.count(":") for one in value.replace(",", " ").split()})
    if not letters and not names:  # getopt LETTERS WORDS
        letters, at = "".join(argv[at : at + 1]), at + 1
    return letters, names, at + (argv[at : at + 1] == ["--"])


def _name(word: str, names: dict[str, int], argv: list[str], at: int) -> tuple[list[str], int]:
    """Return a long option with its value, and the index of the next word; no option if there is none."""
    given, equals, value = word[2:].partition("=")
    fits = [given] if given in names else [name for name in names if name.startswith(given)]
    if len(fits) != 1:
        return [], at
    if names[fits[0]] == 1 and not equals:
        value, at = "".join(argv[at : at + 1]), at + 1
    return [f"--{fits[0]}", *([_quoted(value)] if names[fits[0]] else [])], at


def _letters(word: str, letters: str, argv: list[str], at: int) -> tuple[list[str], int]:
    """Return the options in a word of several letters, and the index of the next word."""
    options = []
    while word:
        letter, word = word[0], word[1:]
        options.append(f"-{letter}")
        behind = letters.partition(letter)[2]
        if behind[:1] == ":":
            if not word and behind[:2] != "::":
                word, at = "".join(argv[at : at + 1]), at + 1
            options.append(_quoted(word))
            break
    return options, at


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
