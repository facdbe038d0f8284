"""The turns of the loops of a shell script, if they are certain. Imported only for scripts with loops."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.program.shell.blocks import HEADS, MAX_TURNS, Block, Blocks
from mkl_launch.program.shell.conditions import MAYBE, NO, YES
from mkl_launch.program.shell.expansion import expand
from mkl_launch.program.shell.lexer import COMMAND, HIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.program.shell.lexer import Word

MAX_STEPS = 1500  # words and operators in all turns of a loop over words
IN, DO, DONE, SHIFT = ((("", "in"),), (("", "do"),), (("", "done"),), (("", "shift"),))
GETOPTS, LET = ((("", "getopts"),), (("", "let"),))


def begin_turn(script: Blocks, words: list[Word], block: Block) -> int:
    """Follow `for NAME in WORDS`; return whether there is a turn."""
    if script.values is None or len(words) < 2:
        return MAYBE
    key = script.depth, block.first
    if key not in script.left:
        name, items = _items(script, words)
        hidden = any(HIDDEN in item for item in items)
        if hidden or len(items) > min(MAX_TURNS, MAX_STEPS // (block.length + 1)):
            script.values[name] = HIDDEN
            return _many(script, block, words, "" if hidden else str(len(items)))
        script.left[key] = items
    if not script.left[key]:
        return NO
    script.values[_name(words)] = script.left[key].pop(0)
    return YES


def _name(words: list[Word]) -> str:
    if words[1] != (("", COMMAND),):
        return "".join(text for _, text in words[1])
    return words[2][0][1].partition("=")[0].strip()


def _many(script: Blocks, block: Block, words: list[Word], number: str) -> int:
    """Follow one turn for all turns, if their number is known; else the turn is uncertain."""
    from mkl_launch.program.shell.output import counted_turns

    block.times = number or counted_turns(words, script.values or {}, script.arguments)
    if not block.times:
        block.first = -1
        return MAYBE
    script.left[script.depth, block.first] = []
    return YES


def _items(script: Blocks, words: list[Word]) -> tuple[str, list[str]]:
    """Return the variable of a `for` and the words that it takes in turn."""
    name = _name(words)
    if words[1] == (("", COMMAND),):
        from mkl_launch.program.shell.output import counter

        return name, counter(words[2][0][1], script.values or {}, script.arguments)
    if len(words) < 3 or words[2] != IN:
        return name, list(script.arguments)
    items = []
    for word in words[3:]:
        if len(word) == 1 and word[0][0] == "" and "{" in word[0][1]:
            from mkl_launch.program.shell.output import braces

            items += braces(word[0][1])
        elif any(kind == "" and set(text) & set("*?[") for kind, text in word):
            items.append(HIDDEN)
        else:
            items += expand(word, script.values, script.arguments)
    return name, items


def next_option(script: Blocks, words: list[str]) -> int:
    """Follow `getopts OPTIONS NAME`; return whether there is another option."""
    if script.values is None or len(words) < 3 or HIDDEN in words[1]:
        return MAYBE
    from mkl_launch.program.shell.output import option

    arguments = tuple(words[3:]) or script.arguments
    if any(HIDDEN in word for word in arguments):
        return MAYBE
    if "OPTIND" in script.values and script.values["OPTIND"] != str(script.option_at[0]):
        script.option_at = positive(script.values["OPTIND"]) or 1, 1  # the script has set it
    letter, value, script.option_at = option(words[1], arguments, script.option_at)
    script.values["OPTIND"] = str(script.option_at[0])
    script.values[words[2]] = letter or "?"
    if letter and value is not None:
        script.values["OPTARG"] = value
    else:
        script.values.pop("OPTARG", None)
    return YES if letter else NO


def takes_turns(stream: list[str | Word], at: int) -> int:
    """Return the length of a loop if each turn changes what ends it, else 0.

    That is an argument, an option, a counter, or the words of a `for`.
    """
    body = stream[at : stream.index(DONE, at)] if DONE in stream[at:] else []
    if stream[at - 1] == HEADS[1] or SHIFT in body or GETOPTS in body[:2]:
        return len(body)
    head = body[: body.index(DO)] if DO in body else body
    read = {text for word in head if isinstance(word, tuple) for kind, text in word if kind[:1] == "$"}
    arithmetic = " ".join(word[0][1] for word in head if isinstance(word, tuple) and word[0][0] == "'")
    for name in (_counted(body, at) for at in range(len(body))):
        if name and (name in read or name in arithmetic):
            return len(body)
    return 0


def _counted(body: list[str | Word], at: int) -> str:
    """Return the variable that the word at `at` counts up: `i=$((i+1))`, `((i++))`, `let i++`."""
    word = body[at]
    if not isinstance(word, tuple):
        return ""
    kind, text = word[0]
    if kind == "" and text.endswith("=") and len(word) > 1:
        return text[:-1]
    if at and body[at - 1] in ((("", COMMAND),), LET):
        return text.strip().partition("+")[0].partition("-")[0].strip()
    return ""
