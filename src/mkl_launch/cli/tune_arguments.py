"""The options of --tune, from argparse's words to a TuneOptions."""

from __future__ import annotations

import re

from mkl_launch.core.cpulist import positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.option_names import AUTO, TUNE
from mkl_launch.model.tune_options import TuneOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNITS = {"s": 1, "m": 60, "h": 3600}
LONGEST = 24 * 3600  # seconds
MAX_PORT = 65535
PLOTS = (".png", ".svg")
VALUES = ("for", "metric", "also", "load", "ready", "save", "plot")
OPTIONS = frozenset(f"--{name}" for name in (*VALUES, "maximize", "minimize"))


def add_options(add: Any) -> None:
    """Add the options with argparse's `add_argument` of a group."""
    add(f"--{TUNE}", action="store_true", help="find the best settings; the options below follow it")
    add("--for", metavar="TIME", help="time (90s, 5m, 1h; default: 5m; for --doctor: 2s)")
    add(
        "--metric",
        metavar="REGEX",
        help="regular expression for a number in the output (default: the time of a run)",
    )
    add("--maximize", action="store_true", help="more of the metric is better")
    add("--minimize", action="store_true", help="less of the metric is better")
    add(
        "--also",
        metavar="REGEX",
        help="regular expression for a number to show beside the metric, such as p99",
    )
    add(
        "--load",
        metavar="CMD",
        help="shell command that loads COMMAND, a server; its output has the metric",
    )
    add("--ready", metavar="PORT|REGEX", help="port or line of output that shows that the server is ready")
    add(
        "--save", metavar=f"FILE|{AUTO}", help=f"tuned profile to write; {AUTO}: where a start looks for it"
    )
    add("--plot", metavar="FILE", help="curve to draw, FILE.png or FILE.svg")


def tune_options(parsed: dict[str, Any], words: list[str]) -> TuneOptions | None:
    """Return the checked options; None without --tune. Raise UsageError."""
    for word in words[: words.index(f"--{TUNE}") if parsed[TUNE] else None]:
        if word.partition("=")[0] in OPTIONS:
            raise UsageError(f"{word}: only after --{TUNE}")
    if not parsed[TUNE]:
        return None
    for name in VALUES:
        if parsed[name] == "":
            raise UsageError(f"--{name} '': empty")
    _check(parsed)
    return TuneOptions(
        seconds=seconds(parsed["for"] or "5m"),
        metric=parsed["metric"] or "",
        maximize=parsed["maximize"],
        also=parsed["also"] or "",
        load=parsed["load"] or "",
        ready=parsed["ready"] or "",
        save=parsed["save"] or "",
        plot=parsed["plot"] or "",
    )


def _check(parsed: dict[str, Any]) -> None:
    """Raise UsageError for options that do not go together, and for values that are not accepted."""
    metric, load, ready = parsed["metric"], parsed["load"], parsed["ready"]
    if metric and parsed["maximize"] == parsed["minimize"]:
        raise UsageError(f"--metric {metric}: add either --maximize or --minimize")
    if not metric and parsed["maximize"]:
        raise UsageError("--maximize: only with --metric; the time of a run is minimized")
    for option, text in (("metric", metric), ("also", parsed["also"]), ("ready", ready)):
        try:
            re.compile(text or "")
        except re.error as error:
            raise UsageError(f"--{option} {text}: not a regular expression: {error}") from None
    if bool(load) != bool(ready):
        here, other = ("load", "ready") if load else ("ready", "load")
        raise UsageError(f"--{here}: only with --{other}")
    port = positive(ready)
    if port and port > MAX_PORT:
        raise UsageError(f"--ready {ready}: not a port from 1 to {MAX_PORT} or a regular expression")
    plot = parsed["plot"]
    if plot and not plot.endswith(PLOTS):
        raise UsageError(f"--plot {plot}: not a file that ends in {' or '.join(PLOTS)}")


def seconds(text: str, least: float = 1e-9) -> float:
    """Return the seconds of a time such as 90, 90s, 5m or 1h, from `least` on. Raise UsageError."""
    unit = UNITS.get(text[-1:])
    try:
        time = float(text[:-1] if unit else text) * (unit or 1)
    except ValueError:
        time = -1
    if not least <= time <= LONGEST:
        raise UsageError(f"--for {text}: not a time up to 24h (90s, 5m, 1h)")
    return time
