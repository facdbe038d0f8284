"""The program that a command line starts."""

from __future__ import annotations

from mkl_launch.core.record import Record, changed
from mkl_launch.tables.command_row import SERVING, UNKNOWN, Command
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

READ_KMP = frozenset(("libiomp5", "libomp"))
# The beginning of a word that is a number of CPUs which a shell counts; an expression follows, `nproc()*2`.
CPU_EXPRESSION = "\ufffd="
NPROC = "nproc()"


class Libraries(Record):
    """A Python, its distributions that compute, as (name, version), and its OpenMP runtimes."""

    python: str
    distributions: tuple[tuple[str, str], ...]
    runtimes: frozenset[str]
    # Distributions that divide the CPUs among processes that they start.
    process_dividers: tuple[str, ...] = ()
    has_hook: bool = False  # with the Python hook, they divide as if no variable were set
    is_assumed: bool = False  # the command is a shell script, and `python` is the first one on PATH

    @property
    def ignores_kmp(self) -> bool:
        """Return whether it computes, but has no OpenMP runtime that reads KMP_* variables."""
        return bool(self.distributions) and not self.is_assumed and not self.runtimes & READ_KMP

    @property
    def reads_kmp(self) -> bool:
        """Return whether it has an OpenMP runtime that reads KMP_* variables."""
        return bool(self.runtimes & READ_KMP) and not self.is_assumed


class Program(Record):
    """The program that a command line starts, behind wrappers and scripts.

    `argv` is its name and its arguments. `insert_at` is the index of its first argument in the command
    line; None if no argument can be inserted there, for example in the line of `sh -c`.
    """

    row: Command
    argv: tuple[str, ...]
    insert_at: int | None = None
    interpreter: str | None = None  # its Python, as the command line names it
    assigned: tuple[tuple[str, str], ...] = ()  # variables that wrappers set
    env_cleared_by: str | None = None  # the wrapper that clears the environment, with its option
    affinity_narrowed_by: str | None = None  # the wrapper that narrows the affinity mask
    properties: tuple[tuple[str, str], ...] = ()  # in its configuration file
    archives: tuple[str, ...] = ()  # files in its model store
    libraries: Libraries | None = None
    unknown_starter: str = ""  # an unknown command that seems to start it
    concurrent: tuple[Program, ...] = ()  # known programs that run at the same time
    # A program in the command line or the script that fails if OMP_NUM_THREADS differs from its options.
    contradicted_by: str = ""
    script: str = ""  # a script that may start another program
    wrapper_files: tuple[str, ...] = ()  # the files of the wrappers before it
    suspected_row: Command | None = None  # its row, if its files prove that it is this program
    script_argv: tuple[str, ...] = ()  # the script and its arguments, if there is a command among them
    script_at: int | None = None  # the index of the first argument of the script in the command line
    not_inspected: str = ""  # a script that could not be followed, and the reason
    script_counts_jobs: bool = False  # with nproc, for programs of which none is known
    gpus: int = 0  # that it may use on this machine
    settings_file: tuple[str, str] = ("", "")  # path and text of its settings file
    plans_itself: bool = False  # behind an inner launcher, which divides the CPUs among its ranks
    written: tuple[tuple[str, str], ...] = ()  # files that its script writes, and their texts
    copies: int = 1  # that run at the same time
    # Wrappers that run it several times at once: (the option with the number, the number as it is written).
    multipliers: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the name that a profile of --tune is for; "" if there is no telling name.

        That of its row, of the script that a Python runs, or of the file.
        """
        name = self.row.name or (self.argv[0].rpartition("/")[2] if self.argv else "")
        return "" if not self.row.name and name.startswith(PYTHON) else name

    def has_package(self, distribution: str, *version: int) -> bool:
        """Return whether its Python has this distribution, or its NAME_cpu, in this version or later."""
        own = dict(self.libraries.distributions) if self.libraries else {}
        installed = own.get(distribution) or own.get(f"{distribution}_cpu", "")
        numbers = [int(part) for part in installed.split(".")[: len(version)] if part.isdecimal()]
        return numbers >= list(version)

    @property
    def sizes_itself(self) -> bool:
        """Return whether it sizes its own thread pools, because it computes on GPUs.

        True also if its version is not known. Each process of an older version does so too.
        """
        own = self.row.sizes_pools_since
        if not own or not self.gpus:
            return False
        installed = dict(self.libraries.distributions) if self.libraries else {}
        return own[0] not in installed or self.has_package(*own)

    @property
    def counts_with_nproc(self) -> bool:
        """Return whether nproc(1), which prints OMP_NUM_THREADS, counts its processes."""
        words = (*self.argv, *(value for _, value in (*self.assigned, *self.multipliers)))
        return self.script_counts_jobs or any(CPU_EXPRESSION in word and NPROC in word for word in words)

    @property
    def folder(self) -> str:
        """Return the folder to which a script changes before it starts this; "" if it does not."""
        return dict(self.assigned).get("PWD", "")

    def environ(self, given: Mapping[str, str]) -> Mapping[str, str]:
        """Return the environment of the program, with the variables that wrappers set."""
        return {**given, **dict(self.assigned)} if self.assigned else given


def _is_daemon(program: Program) -> bool:
    options = program.row.daemon_options
    return bool(options) and any(word.partition("=")[0] in options for word in program.argv)


def main_program(turns: list[tuple[bool, bool, Program]]) -> Program:
    """Return the main program of a script, with the known programs that run at the same time.

    `turns` are in the order of their start: whether it runs in the background, whether it is certain to be
    started, and the program. A server does not end, so it is the main program even if unknown commands
    follow it. So are the ranks of a training, which take longer than the unknown commands after them.
    """
    programs = [(in_background or _is_daemon(program), program) for in_background, _, program in turns]
    certain = [program for _, is_certain, program in turns if is_certain]
    background = [
        program
        for in_background, program in programs
        if in_background and (program.row is not UNKNOWN or program.multipliers)
    ]
    foreground = [
        program
        for in_background, program in programs
        if not in_background and (program.argv or program.multipliers or not program.wrapper_files)
    ]
    lasting = [
        program
        for program in foreground
        if program.row.profile == SERVING
        or program.row.sets_child_threads
        or program.row.binds_children
        or (program.row.starts_ranks and program in certain)
    ]
    if foreground and foreground[-1].row is not UNKNOWN:
        chosen = foreground[-1]
    elif lasting:
        chosen = lasting[-1]
    elif foreground:
        chosen = foreground[-1]
        # A part of the CPUs would be wrong for programs that are not multiplied.
        if not all(program.multipliers for program in foreground):
            chosen = changed(chosen, multipliers=())
    elif background:
        chosen = background.pop()
    else:
        return Program(UNKNOWN, ())
    if background and chosen.row is UNKNOWN and not chosen.multipliers:
        chosen = background.pop()
    return changed(chosen, insert_at=None, concurrent=(*chosen.concurrent, *background))
