"""What is known of the program that a command line starts."""

from __future__ import annotations

from mkl_launch.core.record import Record, changed
from mkl_launch.tables.command import SERVING, UNKNOWN, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

READ_KMP = frozenset(("libiomp5", "libomp"))


class Libraries(Record):
    """A Python, its distributions that compute as (name, version), and its OpenMP runtimes."""

    python: str
    distributions: tuple[tuple[str, str], ...]
    runtimes: frozenset[str]
    process_dividers: tuple[
        str, ...
    ] = ()  # distributions that divide the CPUs among processes of their own
    has_hook: bool = False  # it has the Python hook, with which these divide as if nothing were set
    is_assumed: bool = False  # the first Python on PATH: the command is a script that may start it

    @property
    def ignores_kmp(self) -> bool:
        """It computes, and with no OpenMP runtime that reads KMP_* variables."""
        return bool(self.distributions) and not self.is_assumed and not self.runtimes & READ_KMP

    @property
    def reads_kmp(self) -> bool:
        """It carries an OpenMP runtime that reads KMP_* variables."""
        return bool(self.runtimes & READ_KMP) and not self.is_assumed


class Program(Record):
    """The program that a command line starts, and its own words, the first of them its name.

    `insert_at` is where its own arguments begin in the command line; None where they cannot be reached.
    """

    row: Command
    argv: tuple[str, ...]
    insert_at: int | None = None
    interpreter: str | None = None  # the word that names its Python
    assigned: tuple[tuple[str, str], ...] = ()  # variables that a wrapper sets
    env_cleared_by: str | None = None  # the wrapper that empties the environment
    affinity_narrowed_by: str | None = None  # the wrapper that narrows the mask
    properties: tuple[tuple[str, str], ...] = ()  # of its configuration file
    archives: tuple[str, ...] = ()  # what is in its store of models
    libraries: Libraries | None = None
    unknown_starter: str = ""  # the unknown word that seems to start it
    concurrent: tuple[Program, ...] = ()  # known programs that run at the same time
    # A program in its words or its script that refuses an OMP_NUM_THREADS unlike its own options.
    contradicted_by: str = ""
    script: str = ""  # a file that may be looked into, since it may start something else
    wrapper_files: tuple[str, ...] = ()  # files of wrappers before it
    suspected_row: Command | None = None  # the row that it has if its files say so
    script_argv: tuple[str, ...] = ()  # that file and what it is given, where something stands behind it
    script_at: int | None = None  # where in the command line that begins which it is given
    not_inspected: str = ""  # what was not looked into, and why
    gpus: int = 0  # that this machine has
    settings_file: tuple[str, str] = ("", "")  # the path and the text of its file of settings
    copies: int = 1  # of it, side by side
    # Wrappers that run several of it at a time: what says how many, and the number as it is written there.
    multipliers: tuple[tuple[str, str], ...] = ()

    def has_package(self, distribution: str, *version: int) -> bool:
        """Its Python is known to carry that distribution, of that version or a later one."""
        found = dict(self.libraries.distributions).get(distribution, "") if self.libraries else ""
        numbers = [int(part) for part in found.split(".")[: len(version)] if part.isdecimal()]
        return numbers >= list(version)

    @property
    def sizes_itself(self) -> bool:
        """It sizes its pools for the GPUs that it computes on, or its version is not known.

        Of an older version that starts several processes so does each of these.
        """
        own = self.row.sizes_pools_since
        if not own or not self.gpus:
            return False
        found = dict(self.libraries.distributions) if self.libraries else {}
        return own[0] not in found or self.has_package(*own)

    def environ(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """The environment that it will see, before any setting."""
        return {**given, **dict(self.assigned)} if self.assigned else given


def main_program(programs: list[tuple[bool, Program]]) -> Program:
    """The program of a script that counts, with the known ones that run beside it.

    `programs` are in the order of their start, with whether the script goes on without waiting. A server
    does not end, so that what follows it is no more than what is done when it has.
    """
    beside = [one for apart, one in programs if apart and (one.row is not UNKNOWN or one.multipliers)]
    before = [
        one
        for apart, one in programs
        if not apart and (one.argv or one.multipliers or not one.wrapper_files)
    ]
    lasting = [
        one
        for one in before
        if one.row.profile == SERVING or one.row.sets_child_threads or one.row.binds_children
    ]
    if before and before[-1].row is not UNKNOWN:
        chosen = before[-1]
    elif lasting:
        chosen = lasting[-1]
    elif before:
        chosen = before[-1]
        if not all(one.multipliers for one in before):  # one of a kind, which would get a part of the CPUs
            chosen = changed(chosen, multipliers=())
    elif beside:
        chosen = beside.pop()
    else:
        return Program(UNKNOWN, ())
    if beside and chosen.row is UNKNOWN and not chosen.multipliers:
        chosen = beside.pop()
    return changed(chosen, insert_at=None, concurrent=(*chosen.concurrent, *beside))
