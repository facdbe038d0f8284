"""The settings that are tried: the rules of a profile that make a difference here."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import Record, changed
from mkl_launch.launch.pipeline import prepare, root
from mkl_launch.model.request import Request
from mkl_launch.model.tuned_profile import CORES, NEVER, PLAN, SLEEP, SPIN, THREAD_RULES, TunedProfile
from mkl_launch.policy.plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Candidate(Record):
    """Rules, and the plan that they lead to."""

    rules: TunedProfile
    plan: Plan

    @property
    def is_plan(self) -> bool:
        """Return True for the plan's own settings."""
        return self.rules.is_plan

    @property
    def threads(self) -> int:
        """Return the number of threads of one process."""
        return self.plan.budget.threads

    @property
    def name(self) -> str:
        """Return the setting in words, for the table of the result."""
        threads = plural(self.threads, "thread")
        spinning = {PLAN: "", SLEEP: ", waiting threads sleep", SPIN: ", waiting threads spin"}
        pinning = ", not pinned" if self.rules.pinning == NEVER else ""
        # The plan may give pools of TensorFlow and of Rust a thread for each SMT sibling.
        pools = " in every pool" if self.rules.threads == CORES else ""
        own = " (the plan)" if self.is_plan else ""
        return f"{threads}{pools}{spinning[self.rules.spin]}{pinning}{own}"


class Candidates:
    """The settings of a request; those that change nothing are left out."""

    def __init__(self, request: Request, environ: Mapping[str, str]) -> None:
        self.request, self.environ = request, environ
        self.seen: set[tuple[object, ...]] = set()

    def threads(self) -> list[Candidate]:
        """Return a setting for each number of threads, the plan first."""
        return self._different(TunedProfile(threads=rule) for rule in THREAD_RULES)

    def others(self, best: Candidate) -> list[Candidate]:
        """Return the variants of a setting with other rules for spinning and pinning."""
        return self._different(
            changed(best.rules, **{field: rule})
            for field, rule in (("spin", SLEEP), ("spin", SPIN), ("pinning", NEVER))
        )

    def _different(self, profiles: object) -> list[Candidate]:
        """Return the settings whose plan differs from those before."""
        candidates = []
        for rules in profiles:  # type: ignore[attr-defined]
            _, plan = prepare(root(self.request), changed(self.request, trial=rules), self.environ)
            visible = {name: value for name, value in plan.environ.items() if name != APPLIED}
            key = (tuple(sorted(visible.items())), plan.command, plan.mask, plan.node)
            if key not in self.seen:
                self.seen.add(key)
                candidates.append(Candidate(rules, plan))
        return candidates
