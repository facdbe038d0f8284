"""The lines of a start as JSON, for MKL_LAUNCH_LOG=json. It does not import `json`, which takes 5 ms."""

from __future__ import annotations

from mkl_launch import __version__
from mkl_launch.core.cpulist import show
from mkl_launch.core.messages import PIPE_BUF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from mkl_launch.policy.plan import (
        Plan,
    )  # not more than needed: this also tells that the policy is broken

LOGGER = "mkl-launch"
# Left out one after the other if the line would be longer than one write to a pipe.
OPTIONAL = ("settings", "added_arguments", "warnings", "program")


def json_line(plan: Plan) -> str:
    """Return the line, in ASCII and shorter than PIPE_BUF. Its names are those of `--json`."""
    fields = _fields(plan)
    encode = _string_encoder()
    text = _encoded(fields, encode)
    for number in range(1, len(OPTIONAL) + 1):
        if len(text) < PIPE_BUF:
            break
        left_out = OPTIONAL[:number]
        kept = {name: value for name, value in fields.items() if name not in left_out}
        text = _encoded({**kept, "left_out": list(left_out)}, encode)
    return text


def message_line(event: str, message: str, exit_status: int | None = None) -> str:
    """Return an error or a warning as a line, in ASCII and shorter than PIPE_BUF. A long message is cut."""
    fields = {"logger": LOGGER, "version": __version__, "event": event}
    encode = _string_encoder()
    while True:
        text = _encoded({**fields, "message": message, "exit_status": exit_status}, encode)
        if len(text) < PIPE_BUF:
            return text
        message = message[: len(message) // 2]


def _fields(plan: Plan) -> dict[str, object]:
    budget = plan.budget
    return {
        "logger": LOGGER,
        "version": __version__,
        "event": "start",
        "program": plan.program.row.name or (plan.program.argv or ("",))[0].rpartition("/")[2],
        "known": bool(plan.program.row.name),
        "workers": budget.workers,
        "threads": budget.threads,
        "cores": budget.cores,
        "cpus": show(budget.cpus),
        "quota_cpus": budget.quota,
        "exclusive": budget.exclusive,
        "rank": budget.rank,
        "ranks": budget.ranks if budget.rank is not None else None,
        "settings": {setting.name: setting.value for setting in plan.settings if setting.value is not None},
        "added_arguments": list(plan.added_arguments),
        "warnings": list(plan.warnings),
    }


def _string_encoder() -> Callable[[str], str]:
    try:
        from _json import encode_basestring_ascii
    except ImportError:  # not in every Python
        from json import dumps

        return dumps
    return encode_basestring_ascii


def _encoded(value: object, encode: Callable[[str], str]) -> str:
    """Return JSON of None, booleans, numbers, strings, lists, and dictionaries with strings as keys."""
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
