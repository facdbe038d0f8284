"""A profile: the rules that --tune has found to be best, for the starts that follow."""

from __future__ import annotations

from mkl_launch.core.record import Record

# The rules for the number of threads, in the order of preference where two give the same number. They are
# relative to the budget, so that they hold on a machine of another size. `policy.tuned` computes them.
PLAN = "plan"  # what the policy computes; also a value of the other two rules
ONE, HALF, QUARTER, THREE_QUARTERS = "one", "half", "quarter", "three-quarters"
CORES = "cores"  # a thread for each core, and the quota rounded up
ALL_CPUS = "cpus"  # a thread for each CPU: SMT siblings count
THREAD_RULES = (PLAN, ONE, HALF, QUARTER, THREE_QUARTERS, CORES, ALL_CPUS)
SLEEP, SPIN = "sleep", "spin"  # threads that wait sleep at once; they spin for the cost of a wake-up first
SPIN_RULES = (PLAN, SLEEP, SPIN)
NEVER = "never"
PINNING_RULES = (PLAN, NEVER)


class Profile(Record):
    """The rules that a tuning found best, and the command, architecture and limit that they are for.

    A profile that is being tried has no `path`; it fits everywhere.
    """

    threads: str = PLAN
    spin: str = PLAN
    pinning: str = PLAN
    path: str = ""
    command: str = ""
    arch: str = ""  # from uname(2)
    limit: str = ""  # the kind of limit, of `policy.tuned.limit_kind`
    planned_threads: int = 0  # that the policy computed
    here: str = ""  # the architecture of this machine
    problem: str = ""  # why the file cannot be used; the rules are then those of the plan

    @property
    def is_plan(self) -> bool:
        """Return True if the plan's own settings are the best."""
        return self.rules == (PLAN, PLAN, PLAN)

    @property
    def rules(self) -> tuple[str, str, str]:
        """Return the rules for threads, spinning and pinning."""
        return self.threads, self.spin, self.pinning
