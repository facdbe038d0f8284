"""The options of --doctor, from argparse's words to fields of a Request."""

from __future__ import annotations

from mkl_launch.cli.tune_arguments import seconds
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import DOCTOR, JSON, OPENMETRICS, TUNE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOR = "for"
OTHERS = (TUNE, "machine", "metric", "also", "maximize", "minimize", "load", "ready", "save", "plot")


def add_options(add: Any) -> None:
    """Add the options with argparse's `add_argument` of a group. --for is an option of --tune, too."""
    add(
        f"--{DOCTOR}",
        action="store_true",
        help="all containers of a host: limits, busy threads, throttling; with --json as JSON",
    )
    add(
        f"--{OPENMETRICS}",
        action="store_true",
        help="--doctor as text for a node exporter",
    )


def fields(parsed: dict[str, Any], words: list[str]) -> dict[str, object]:
    """Return {field of Request: value}. Raise UsageError."""
    if not parsed[DOCTOR]:
        raise UsageError(f"--{OPENMETRICS}: only with --{DOCTOR}")
    # The last resorts of a start know --doctor, and not that --for has a value.
    if any(word.partition("=")[0] == f"--{FOR}" for word in words[: words.index(f"--{DOCTOR}")]):
        raise UsageError(f"--{FOR}: only after --{DOCTOR}")
    for name in OTHERS:
        if parsed[name] not in (None, False):
            raise UsageError(f"--{DOCTOR} and --{name}: only one of them at a time")
    if parsed[OPENMETRICS] and parsed[JSON]:
        raise UsageError(f"--{JSON} and --{OPENMETRICS}: only one of them at a time")
    formats = [name for name in (JSON, OPENMETRICS) if parsed[name]]
    chosen: dict[str, object] = {"format": formats[0]} if formats else {}
    if parsed[FOR] is not None:
        chosen["sample_seconds"] = seconds(parsed[FOR], least=0)
    return chosen
