"""The curve of --plot: the metric by the number of threads."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mkl_launch.tune.result import shown_value
from mkl_launch.tune.statistics import median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.tune_options import TuneOptions
    from mkl_launch.tune.search import Outcome


def draw(outcome: Outcome, options: TuneOptions) -> None:
    """Draw the median of each setting with its range, the plan and the best. Raise OSError."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for candidate, costs in outcome.costs.items():
        values = sorted(shown_value(cost, options) for cost in costs)
        middle = median(values)
        is_best = candidate is outcome.best
        axes.errorbar(
            candidate.threads,
            middle,
            yerr=[[middle - values[0]], [values[-1] - middle]],
            fmt="s" if candidate.is_plan else "o",
            color="tab:green" if is_best else "tab:gray",
            capsize=3,
            label=f"{candidate.name}{', the best' if is_best else ''}",
        )
    axes.set_xlabel("threads of one process")
    axes.set_ylabel(options.metric or "seconds of a run")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(
        f"{outcome.plan.plan.program.name or 'command'}: {'more' if options.maximize else 'less'} is better"
    )
    axes.legend()
    figure.savefig(options.plot)
