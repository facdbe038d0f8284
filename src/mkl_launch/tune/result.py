"""The result of a tuning as a table and as JSON. Pure."""

from __future__ import annotations

import json

from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import as_dict
from mkl_launch.tune.statistics import CONFIDENCE, MIN_GAIN, SIGNIFICANT, Comparison, median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.tune_options import TuneOptions
    from mkl_launch.policy.plan import Plan
    from mkl_launch.tune.candidates import Candidate
    from mkl_launch.tune.search import Outcome

    Also = dict[Plan, list[float]]

SCHEMA = 1


def table(outcome: Outcome, options: TuneOptions, also: Also) -> str:
    """Return a line for each setting, and the result with its reason."""
    what = options.metric or ("seconds of the load command" if options.load else "seconds")
    rows = [("setting", "runs", what if len(what) < 30 else "metric", "times the plan", options.also)]
    base = _median(outcome, outcome.plan)
    for candidate, costs in outcome.costs.items():
        value = shown_value(median(costs), options)
        ratio = f"{base / median(costs):.2f}" if base else ""
        beside = _beside(candidate, costs, also) if options.also else []
        shown = f"{median(beside):.4g}" if beside else ""
        rows.append((candidate.name, str(len(costs)), f"{value:.4g}", ratio, shown))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() for row in rows]
    lines += [f"{candidate.name}: left out: {why}" for candidate, why in outcome.dropped.items()]
    return "\n".join((*lines, "", *_result(outcome)))


def _beside(candidate: Candidate, costs: list[float], also: Also) -> list[float]:
    """Return the numbers of --also of the runs that count: the very first run of the plan does not."""
    return also.get(candidate.plan, [])[-len(costs) :]


def _result(outcome: Outcome) -> list[str]:
    lines = []
    comparison = outcome.comparison
    if comparison:
        lines.append(f"test      {outcome.challenger.name}: {_tested(comparison)}")
    if outcome.best is outcome.plan:
        return [*lines, f"result    the plan's own settings stay: {outcome.reason}"]
    changes = " ".join(f"{name}={'' if value is None else value}" for name, value in changed(outcome))
    return [*lines, f"result    {outcome.best.name}: {outcome.reason}", f"settings  {changes}"]


def _tested(comparison: Comparison) -> str:
    return (
        f"{comparison.gain:.2f} times as good as the plan ({comparison.low:.2f} to {comparison.high:.2f},"
        f" {CONFIDENCE:.0%} confidence), {comparison.pairs} pairs of runs, by chance"
        f" {comparison.probability:.1%}; needed: {MIN_GAIN:.2f} and less than {SIGNIFICANT:.1%}"
    )


def changed(outcome: Outcome) -> list[tuple[str, str | None]]:
    """Return the variables that differ from the plan's, with their values; None: unset."""
    before, after = outcome.plan.plan.environ, outcome.best.plan.environ
    names = [name for name in (*after, *(before.keys() - after.keys())) if name != APPLIED]
    return [(name, after.get(name)) for name in names if after.get(name) != before.get(name)]


def as_json(outcome: Outcome, options: TuneOptions, profile: dict[str, object], also: Also) -> str:
    """Return the document of --tune --json, which docs/tune.md describes."""
    comparison = outcome.comparison
    return json.dumps(
        {
            "schema": SCHEMA,
            "trials": [
                {
                    "setting": candidate.name,
                    "threads": candidate.threads,
                    "rules": _rules(candidate),
                    "values": [shown_value(cost, options) for cost in costs],
                    "also": _beside(candidate, costs, also) if options.also else None,
                    "left_out": outcome.dropped.get(candidate),
                }
                for candidate, costs in outcome.costs.items()
            ],
            "tested": outcome.challenger.name if comparison else None,
            "test": as_dict(comparison) if comparison else None,
            "result": outcome.best.name,
            "is_plan": outcome.best is outcome.plan,
            "reason": outcome.reason,
            "settings": dict(changed(outcome)),
            "profile": profile,
        },
        indent=2,
    )


def _rules(candidate: Candidate) -> dict[str, str]:
    rules = candidate.rules
    return {"threads": rules.threads, "spin": rules.spin, "pinning": rules.pinning}


def shown_value(cost: float, options: TuneOptions) -> float:
    """Return the metric that a cost was computed from: 1 / cost with --maximize."""
    return 1 / cost if options.maximize else cost


def _median(outcome: Outcome, candidate: Candidate) -> float | None:
    costs = outcome.costs.get(candidate)
    return median(costs) if costs else None
