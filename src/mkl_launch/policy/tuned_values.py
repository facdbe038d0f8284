"""What a profile of --tune changes: whether it fits, and the values in place of computed ones. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import plural
from mkl_launch.core.record import Record, changed
from mkl_launch.core.rounding import rounded_up
from mkl_launch.model import tuned_profile as rules
from mkl_launch.policy.waiting import SPINS, SPINS_ON_SHARED_CPUS
from mkl_launch.tables import variable_row as v

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from mkl_launch.model.tuned_profile import TunedProfile
    from mkl_launch.policy.budget import Budget
    from mkl_launch.policy.values import Answer, PolicyInput

# A profile is used if the policy computes at most this many times more or fewer threads than where it was
# measured: what is best with 4 threads says little about 64.
SPAN = 2
SPINNING: Mapping[str, Mapping[str, str | None]] = {
    rules.SLEEP: {v.WAITING: "PASSIVE", v.SPIN_TIME: "0", v.SPIN_COUNT: SPINS_ON_SHARED_CPUS},
    rules.SPIN: {v.WAITING: None, v.SPIN_TIME: "1", v.SPIN_COUNT: SPINS},
}


class TunedValues(Record):
    """What a profile that fits says for this budget."""

    threads: int | None  # of one process; None: as computed
    spin: str
    pinning: str
    reason: str

    def answer(self, quantity: str, inputs: PolicyInput) -> Answer | None:
        """Return (value, reason) of a quantity; None if the profile says nothing about it."""
        if quantity in (v.THREADS, v.CPUS) and self.threads:
            return str(self.threads), self.reason
        if quantity == v.PINNING and self.pinning == rules.NEVER:
            return None, f"not pinned: {self.reason}"
        spinning = SPINNING.get(self.spin, {})
        if quantity in spinning and not inputs.provenance.user_values.get("OMP_WAIT_POLICY"):
            return spinning[quantity], self.reason
        return None


def limit_kind(budget: Budget) -> str:
    """Return the kind of limit that the budget is under, which decides if a profile fits."""
    if budget.quota is None or budget.quota >= budget.logical:
        return "none"
    if budget.limit_is_request:
        return "request"
    return "fraction" if budget.quota % 1 else "whole"


def threads_by(rule: str, budget: Budget) -> int:
    """Return the number of threads of one process that a rule gives."""
    planned = budget.threads
    parts = {rules.HALF: planned // 2, rules.QUARTER: planned // 4, rules.THREE_QUARTERS: planned * 3 // 4}
    if rule == rules.CORES:
        number = rounded_up(budget.cores, budget.quota) // budget.workers
    elif rule == rules.ALL_CPUS:
        number = budget.per_worker(budget.logical)
    else:
        number = {**parts, rules.PLAN: planned, rules.ONE: 1}[rule]
    return max(1, number)


def apply_profile(profile: TunedProfile, budget: Budget, command: str) -> tuple[Budget, TunedValues | None]:
    """Return the budget with the threads of a profile, and what else it says; None if it does not fit.

    The budget's reasons say why.
    """
    name = f"tuned profile {profile.path}" if profile.path else "tried by --tune"
    misfit = _misfit(profile, budget, command)
    if misfit:
        return changed(budget, reasons=(*budget.reasons, f"{name}: not used: {misfit}")), None
    if profile.is_plan:
        return changed(budget, reasons=(*budget.reasons, f"{name}: the computed settings")), None
    threads = threads_by(profile.threads, budget)
    words = (profile.threads, f"spin {profile.spin}", f"pinning {profile.pinning}")
    changes = ", ".join(word for word in words if not word.endswith(rules.PLAN))
    reason = f"{name}: {changes}"
    tuned = TunedValues(
        threads=None if profile.threads == rules.PLAN else threads,
        spin=profile.spin,
        pinning=profile.pinning,
        reason=reason,
    )
    reasons = (*budget.reasons, f"{plural(threads, 'thread')}: {reason}")
    return changed(budget, threads=threads, reasons=reasons), tuned


def _misfit(profile: TunedProfile, budget: Budget, command: str) -> str:
    """Return why a profile is not for this start; "" if it is."""
    if profile.problem or not profile.path:
        return profile.problem
    kind, planned = limit_kind(budget), budget.threads
    measured = profile.planned_threads
    if profile.command != command:
        return f"measured for {profile.command}, this is {command or 'no command'}"
    if profile.here and profile.arch != profile.here:
        return f"measured on {profile.arch}, this is {profile.here}"
    if profile.limit != kind:
        return f"measured under another kind of limit ({profile.limit}), this one is: {kind}"
    if not planned <= SPAN * measured <= SPAN * SPAN * planned:
        return f"measured where {plural(measured, 'thread')} would be computed, here it is {planned}"
    return ""
