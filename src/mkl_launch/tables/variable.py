"""What a row of the table of variables can say."""

from __future__ import annotations

from mkl_launch.core.record import Record

# Quantities: what a row asks for. `policy.values` has one function for each.
THREADS = "threads"  # one pool of compute threads: a core each, less where a quota is smaller
CPUS = "cpus"  # the CPUs to count with: hardware threads, less where a quota is smaller
INTER_OP = "inter-op"  # operations that run side by side
INTER_OP_GUIDE = "inter-op by the AWS guide"
SESSIONS = "sessions by the AWS guide"
PINNING = "pinning"
SPIN_TIME = "spin time"
SPIN_COUNT = "spin count"
SPIN_CYCLES = "spin cycles"
WAITING = "waiting"
QUIET = "no settings dump"
WHOLE = "cpus of all processes"
POOL = "processes of a pool"
JVM_COUNT = "cpus of a JVM that starts workers"
NO_BINDING = "no binding of its own"
ARENAS = "arenas of malloc"
PRELOAD = "libraries to preload"
ALLOCATOR_CONF = "settings of an allocator"
COMPILERS = "processes that compile"
TESTERS = "processes that test"
FEWER_THAN_FOUR = "threads, if fewer than four"
USERS_OWN = "the user's own"  # nothing is computed

# What a program may do with the number. A default can be exceeded by the program's own call or option. A
# cap cannot: a program that asks for more fails or gets less, so it is not set below what that may be.
DEFAULT, CAP = "default", "cap"

# What a reader counts by itself where the variable is unset. A value equal to that is not set: it says
# nothing, and it would be wrong in a child with a narrower mask.
MASK = "mask"  # the CPUs of the affinity mask
ONLINE = "online"  # the online CPUs of the machine
LIMITS = "limits"  # the mask, cut to the whole CPUs of the kernel's quota


class Variable(Record):
    """One environment variable: who reads it, what it gets, whose value it follows."""

    name: str
    quantity: str
    readers: str
    source: str
    # Variables of the user's that this one follows, the nearest first: who asks OpenMP for 8 threads
    # means 8 in the libraries beside it too. Counts of CPUs (for pools of processes) do not follow.
    follows: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()  # the only ones that it is set for; none: all
    since: tuple[str, int, int] | None = None  # the distribution and its version; older ones choke on it
    heeds_openmp: bool = False  # where it is unset, its reader takes OMP_NUM_THREADS
    opt_in: bool = False  # computed only where it is set to "auto"
    kind: str = DEFAULT  # or CAP
    only_above: int = 0  # set only above this number, which its reader allows by itself
    counts: str = ""  # what its reader counts by itself: MASK, ONLINE or LIMITS; empty: something else

    @property
    def may_be_left_out(self) -> bool:
        """Its number may be left out where nobody asks for it."""
        return self.opt_in or self.heeds_openmp or bool(self.only_above or self.counts)

    def concerns(self, command: str) -> bool:
        """It is for this command too."""
        return not self.commands or command in self.commands
