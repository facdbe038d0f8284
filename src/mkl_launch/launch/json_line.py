"""The line of a start as JSON, for MKL_LAUNCH_LOG=json."""

from __future__ import annotations

from mkl_launch.core.cpulist import show
from mkl_launch.core.json_text import SENDER, encoded
from mkl_launch.core.messages import PIPE_BUF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.policy.plan import Plan

# Left out one after the other if the line would be longer than one write to a pipe.
OPTIONAL = ("settings", "added_arguments", "warnings", "program")


def json_line(plan: Plan) -> str:
    """Return the line, in ASCII and shorter than PIPE_BUF. Its names are those of `--json`."""
    fields = _fields(plan)
    text = encoded(fields)
    for number in range(1, len(OPTIONAL) + 1):
        if len(text) < PIPE_BUF:
            break
        left_out = OPTIONAL[:number]
        kept = {name: value for name, value in fields.items() if name not in left_out}
        text = encoded({**kept, "left_out": list(left_out)})
    return text


def _fields(plan: Plan) -> dict[str, object]:
    budget = plan.budget
    return {
        **SENDER,
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
