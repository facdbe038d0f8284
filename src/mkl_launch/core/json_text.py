"""JSON text for the lines of a start. It does not import `json`, which takes 5 ms."""

from __future__ import annotations

from mkl_launch import __version__
from mkl_launch.core.messages import PIPE_BUF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SENDER = {"logger": "mkl-launch", "version": __version__}  # the first fields of each line


def message_line(event: str, message: str, exit_status: int | None) -> str:
    """Return an error or a warning as a line, in ASCII and shorter than PIPE_BUF. A long message is cut."""
    while True:
        text = encoded({**SENDER, "event": event, "message": message, "exit_status": exit_status})
        if len(text) < PIPE_BUF:
            return text
        message = message[: len(message) // 2]


def encoded(value: object) -> str:
    """Return JSON of None, booleans, numbers, strings, lists, and dictionaries with strings as keys."""
    return _encoded(value, _string_encoder())


def _string_encoder() -> Callable[[str], str]:
    try:
        from _json import encode_basestring_ascii
    except ImportError:  # not in every Python
        from json import dumps

        return dumps
    return encode_basestring_ascii


def _encoded(value: object, encode: Callable[[str], str]) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{encode(name)}: {_encoded(item, encode)}" for name, item in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_encoded(item, encode) for item in value) + "]"
    if isinstance(value, str):
        return encode(value)
    if value is None:
        return "null"
    return repr(value).lower()  # True, False and numbers
