"""What is known of a command line: its program, its number of processes, the files that it leads to."""

from __future__ import annotations

from typing import NamedTuple

EACH = 8  # one process for each CPU of the machine
NONE = ""  # no row of the tables


class Line(NamedTuple):
    """A command line and what the launcher must find in it.

    A line of several words in quotes is one for a shell.
    """

    line: str
    name: str  # of the row
    processes: int  # that compute
    environ: dict[str, str] = {}  # noqa: RUF012  # never written to
    files: dict[str, str] = {}  # noqa: RUF012
    certain: bool = True  # nothing unknown stands before it
    added: bool = False  # arguments can be added


def gpus(number: int) -> dict[str, str]:
    """Return the files that a machine has for its NVIDIA GPUs."""
    return {f"/dev/nvidia{at}": "" for at in range(number)}
