"""The values that say how threads wait for others: how long they spin before they sleep. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.policy.values import Answer, PolicyInput

# A thread that spins for the cost of one wake-up, then sleeps, loses at most twice what the best choice
# loses (competitive spinning, https://www.cs.princeton.edu/research/techreps/TR-319-91). 2,000 turns of
# libgomp take 30 to 100 us. Its default of 300,000 was meant to be 3 ms; since Skylake it is 18 ms, more
# than the time slice of another process (https://github.com/gcc-mirror/gcc/blob/master/libgomp/env.c).
# A wake-up of a virtual CPU takes longer: five convolutions in PyTorch on two CPUs, images/s with 2,000,
# 4,000, 8,000 and 300,000 turns: 68, 77, 81 and 83 alone; 52, 47, 42 and 11 beside a busy process.
# More programs: docs/benchmarks.md#how-long-to-spin.
SPINS = "8000"
SPINS_ON_SHARED_CPUS = "1000"
# The power of two of CPU cycles: 50 us. The default of OpenBLAS, 28, is 100 ms
# (https://github.com/OpenMathLib/OpenBLAS/blob/develop/driver/others/blas_server.c).
BLAS_SPINS = "17"


def spin_time(inputs: PolicyInput) -> Answer:
    """Return the milliseconds for which threads of Intel's OpenMP spin."""
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY"):
        return None, "OMP_WAIT_POLICY is set, which this would undo"
    # Under a quota the threads have CPUs of their own until it is used up. Five small convolutions in
    # PyTorch with libiomp5 2026.2, on 16 CPUs with a quota of 8: 632 a second with 0 ms, 1526 with 1 ms.
    if _why_shared(inputs) or (inputs.budget.is_throttled and inputs.budget.threads == 1):
        return "0", f"{_why_not_spin(inputs)}: do not spin after a parallel region"
    return "1", "spin for 1 ms after a parallel region, then sleep"


def spin_count(inputs: PolicyInput) -> Answer:
    """Return the turns for which threads of libgomp spin."""
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY"):
        return None, "OMP_WAIT_POLICY is set, which this would undo"
    if _why_shared(inputs):
        reason = f"{_why_shared(inputs)}: spin for half the cost of a wake-up, then sleep"
        return SPINS_ON_SHARED_CPUS, reason
    default = "the default of 300000 is longer than a time slice"
    return SPINS, f"spin for the time of a few wake-ups, then sleep: {default}"


def spin_cycles(inputs: PolicyInput) -> Answer:
    """Return the cycles, as a power of two, for which threads of OpenBLAS spin."""
    if inputs.provenance.user_values.get("OMP_WAIT_POLICY", "").lower() == "active":
        return None, "OMP_WAIT_POLICY=active is set, which this would undo"
    default = "the default of 2^28 is 100 ms"
    return BLAS_SPINS, f"spin for 2^17 cycles, the cost of a wake-up, then sleep: {default}"


def wait_policy(inputs: PolicyInput) -> Answer:
    """Return "PASSIVE" if threads of every OpenMP should sleep at once."""
    if _why_not_spin(inputs):
        return "PASSIVE", f"{_why_not_spin(inputs)}: waiting threads sleep"
    return None, "one process, and no quota smaller than the CPUs: threads may spin for a while"


def _why_not_spin(inputs: PolicyInput) -> str:
    """Return why a thread that spins may take CPU time from one with work; "" if it does not."""
    return "spinning would spend the quota" if inputs.budget.is_throttled else _why_shared(inputs)


def _why_shared(inputs: PolicyInput) -> str:
    """Return why other processes of this command run on these CPUs; "" if nothing says so.

    A quota as large as the CPUs says nothing of other containers: a pod of a whole node has one, too.
    """
    if inputs.budget.workers > 1:
        return "the workers share the CPUs"
    return "the ranks share the CPUs" if inputs.budget.ranks_share_cpus else ""
