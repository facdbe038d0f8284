"""The profile that --save writes; `model.tuned_profile` reads it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from mkl_launch import __version__
from mkl_launch.core.errors import TuningError
from mkl_launch.host import inventory
from mkl_launch.host.filesystem import Root
from mkl_launch.model.tuned_profile import SCHEMA
from mkl_launch.policy.tuned_values import limit_kind
from mkl_launch.tune.result import shown_value
from mkl_launch.tune.statistics import median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.tune_options import TuneOptions
    from mkl_launch.tune.candidates import Candidate
    from mkl_launch.tune.search import Outcome


def document(outcome: Outcome, options: TuneOptions) -> dict[str, object]:
    """Return the profile of an outcome, which docs/tune.md describes."""
    plan, rules = outcome.plan.plan, outcome.best.rules
    files = Root()
    comparison = outcome.comparison
    return {
        "schema": SCHEMA,
        "command": plan.program.name,
        "arch": files.architecture(),
        "limit": limit_kind(plan.budget),
        "planned_threads": plan.budget.threads,
        "threads": rules.threads,
        "spin": rules.spin,
        "pinning": rules.pinning,
        "measured": {
            "date": dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%d"),
            "version": __version__,
            "model_name": inventory.machine(files).model_name,
            "cpus": plan.budget.logical,
            "cores": plan.budget.cores,
            "quota_cpus": plan.budget.quota,
            "metric": options.metric or "seconds",
            "better": "more" if options.maximize else "less",
            "plan": _median(outcome, outcome.plan, options),
            "best": _median(outcome, outcome.best, options),
            "gain": comparison.gain if comparison else None,
            "gain_low": comparison.low if comparison else None,
            "gain_high": comparison.high if comparison else None,
            "reason": outcome.reason,
        },
    }


def content(profile: dict[str, object]) -> str:
    """Return the text of the file."""
    return json.dumps(profile, indent=2) + "\n"


def write(path: str, text: str) -> None:
    """Write a profile that every user can read. Raise TuningError."""
    file = Path(path)
    try:
        _directory(file.parent)
        partial = file.with_name(f"{file.name}.partial")
        partial.write_text(text, encoding="utf-8")
        partial.chmod(0o644)
        partial.replace(file)
    except OSError as error:
        raise TuningError(f"--save {path}: {error.strerror}") from None


def _directory(folder: Path) -> None:
    """Create a directory and its parents, readable for all users whatever the umask is."""
    if not folder.is_dir():
        _directory(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _median(outcome: Outcome, candidate: Candidate, options: TuneOptions) -> float | None:
    costs = outcome.costs.get(candidate)
    return shown_value(median(costs), options) if costs else None
