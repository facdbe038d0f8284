"""The machines of a job launcher and their slots: in an option, `-H a:4,b:4`, or in a file."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.model.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = "hosts"  # the kind of a settings file with a machine a line


def slots_of_hosts(program: Program, label: str, text: str) -> tuple[str, str, int]:
    """Return the option or file with machines, the most slots of one of them, and their number.

    `label` and `text` are the option and its value; both are "" without one.
    """
    pairs = [host.partition(":")[::2] for host in text.split(",")] if label else []
    if not pairs and program.row.settings_kind == HOSTS:
        label, text = program.settings_file
        pairs = list(_in_file(text))
    slots: dict[str, int] = {}
    for machine, number in pairs:
        slots[machine] = slots.get(machine, 0) + (positive(number) or 1)
    return label, str(max(slots.values())) if slots else "", len(slots)


def _in_file(text: str) -> Iterator[tuple[str, str]]:
    """Yield a machine and its slots for each line: `a slots=4` of Open MPI, `a:4` of MPICH."""
    for line in text.splitlines():
        first, *rest = line.partition("#")[0].split() or [""]
        machine, _, number = first.partition(":")
        named = [word.partition("=")[2] for word in rest if word.startswith("slots=")]
        if machine:
            yield machine, next(iter(named), number)
