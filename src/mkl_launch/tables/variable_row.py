"""The record type of the tables of variables, and the names of quantities."""

from __future__ import annotations

from mkl_launch.core.record import Record

# Quantities: how the value of a variable is computed. `policy.values` has one function for each.
THREADS = "threads"  # one pool of compute threads: one for each core, fewer under a smaller quota
CPUS = "cpus"  # CPUs: one for each hardware thread, fewer under a smaller quota
INTER_OP = "inter-op"  # operations that run at the same time
INTER_OP_GUIDE = "inter-op by the AWS guide"
SESSIONS = "sessions by the AWS guide"
PINNING = "pinning"
SPIN_TIME = "spin time"
SPIN_COUNT = "spin count"
SPIN_CYCLES = "spin cycles"
WAITING = "waiting"
QUIET = "no settings dump"
ALL_CPUS = "cpus of all processes"
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

# What the number means to the reader. A call or an option of the program can exceed a default. It cannot
# exceed a cap: a program that asks for more fails or gets less, so a cap is never set below what it may
# ask for.
DEFAULT, CAP = "default", "cap"

# What a reader counts if the variable is unset. A value equal to this count is not set: it changes
# nothing here, and it would be wrong in a child with a narrower mask.
MASK = "mask"  # the CPUs of the affinity mask
ONLINE = "online"  # the online CPUs of the machine
LIMITS = "limits"  # the mask, at most the whole CPUs of the kernel's quota


class Variable(Record):
    """An environment variable: its readers, its quantity, and the variables whose value it takes over."""

    name: str
    quantity: str
    readers: str
    source: str
    # If the user set one of these, the first that is set also sets this variable: a user who asks OpenMP
    # for 8 threads wants 8 in other libraries too. Counts of CPUs (for pools of processes) follow no
    # variable.
    follows: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()  # the variable is set for these commands only; empty: for all
    since: tuple[str, int, int] | None = (
        None  # a distribution and its version; older ones fail on the variable
    )
    falls_back_to_openmp: bool = False  # if it is unset, its reader takes OMP_NUM_THREADS
    opt_in: bool = False  # computed only if the user sets it to "auto"
    kind: str = DEFAULT  # or CAP
    only_above: int = 0  # set only above this number, which its reader allows by default
    reader_counts: str = (
        ""  # what its reader counts if it is unset: MASK, ONLINE, LIMITS; empty: something else
    )

    @property
    def is_optional(self) -> bool:
        """Return whether the number may be left out if nobody asks for it."""
        return self.opt_in or self.falls_back_to_openmp or bool(self.only_above or self.reader_counts)

    def applies_to(self, command: str) -> bool:
        """Return whether the variable is set for a command of this name."""
        return not self.commands or command in self.commands
