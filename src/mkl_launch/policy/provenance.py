"""Who set the variables of the environment: the user, the image, a job launcher, an outer launch. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.core.option_names import APPLIED, AUTO
from mkl_launch.core.record import Record, changed
from mkl_launch.model.ranks import LauncherProcess, Rank
from mkl_launch.policy.launch_note import Note, OuterLaunch
from mkl_launch.policy.rank_detection import job_launcher, ranks
from mkl_launch.tables.job_launchers import INSTANCES, JobLauncher
from mkl_launch.tables.variables import OMP_NUM_THREADS, VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Provenance(Record):
    """The variables of the table by who set them, and the ranks that the environment names."""

    user_values: dict[str, str]
    unset_by_user: frozenset[str]  # set to an empty value: to be left unset
    image_values: dict[str, str]  # from the image's ENV
    auto: frozenset[str] = frozenset()  # set to "auto": to be computed
    job_launcher: JobLauncher | None = None
    granted_cpus: int | None = None  # CPUs that the job launcher gives this process
    outer: OuterLaunch | None = None
    ranks: tuple[Rank, ...] = ()  # to divide by, after what `outer` has divided by
    # (variable, scheduler) of those among `image_values` that a scheduler has set.
    schedulers: tuple[tuple[str, str], ...] = ()

    @property
    def rank_path(self) -> tuple[tuple[int, int], ...]:
        """Return (number, size) of every rank that this process is, the outermost first."""
        outer = self.outer.rank_path if self.outer else ()
        return (*outer, *((rank.number, rank.size) for rank in self.ranks))


def find_provenance(
    environ: Mapping[str, str],
    note: Note,
    image: Mapping[str, str],
    process: LauncherProcess | None = None,
    *,
    started: bool = False,
) -> Provenance:
    """Return who set which variable of the table.

    `image` has the values of the image's ENV. `process` is the job launcher's own. `started` is True in an
    instance that its supervisor has just started.
    """
    process = process or LauncherProcess()
    provenance = _variables(environ, note, image)
    provenance = _add_ranks(
        provenance, ranks(environ, started=started), note, process, environ.get(APPLIED, "")
    )
    row = job_launcher(environ)
    if row is None:
        return provenance
    provenance = changed(provenance, job_launcher=row)
    user_set_one = _launcher_has(process, OMP_NUM_THREADS, "1")
    provenance = _apply_launcher_threads(provenance, row, user_set_one=user_set_one)
    return changed(provenance, granted_cpus=provenance.granted_cpus or note.granted_cpus)


def _variables(environ: Mapping[str, str], note: Note, image: Mapping[str, str]) -> Provenance:
    """Sort the variables of the table; a value that an outer launch has set is nobody's."""
    user_values: dict[str, str] = {}
    image_values: dict[str, str] = {}
    unset, auto = set(), set()
    for row in VARIABLES:
        value = environ.get(row.name)
        if value is not None and value == image.get(row.name):
            image_values[row.name] = value
        elif value == "" or (value is None and row.name in note.removed):
            unset.add(row.name)
        elif value == AUTO or (row.name in note.auto and value == note.values.get(row.name)):
            auto.add(row.name)
        elif value not in (None, note.values.get(row.name)):
            user_values[row.name] = value or ""
    return Provenance(user_values, frozenset(unset), image_values, frozenset(auto))


def _add_ranks(
    provenance: Provenance,
    ranks: tuple[Rank, ...],
    note: Note,
    process: LauncherProcess,
    applied: str,
) -> Provenance:
    """Add the ranks to divide by, and the outer launch if it has divided for this process.

    It has if the same job launcher started both and the ranks are the same, or if it started the job
    launcher. Otherwise the note was inherited with the environment, as Slurm hands it to every step.
    """
    outer = note.outer
    if outer and note.launcher_pid == process.pid:
        launched = [rank for rank in ranks if rank.job_launcher is not INSTANCES]
        if all((rank.number, rank.size) in outer.rank_path for rank in launched):
            return changed(provenance, outer=outer, ranks=ranks[len(launched) :])
    elif outer and _launcher_has(process, APPLIED, applied):
        return changed(provenance, outer=outer, ranks=ranks)
    return changed(provenance, ranks=ranks)


def _launcher_has(process: LauncherProcess, name: str, value: str) -> bool:
    """Return True if the job launcher's process has this variable with this value."""
    return f"\0{name}={value}\0" in f"\0{process.environ}\0"


def _apply_launcher_threads(provenance: Provenance, row: JobLauncher, *, user_set_one: bool) -> Provenance:
    """Take OMP_NUM_THREADS from the user's values if the job launcher has set it.

    `user_set_one` is True if the job launcher itself was started with OMP_NUM_THREADS=1.
    """
    if not row.sets_threads:
        return provenance
    text = provenance.user_values.get(OMP_NUM_THREADS)
    others = {name: value for name, value in provenance.user_values.items() if name != OMP_NUM_THREADS}
    if row.local_size:  # a default of 1 for each rank, as torchrun sets it
        return changed(provenance, user_values=others) if text == "1" and not user_set_one else provenance
    granted = positive(text)
    return changed(provenance, user_values=others, granted_cpus=granted) if granted else provenance
