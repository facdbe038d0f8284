"""Which processes were put into a container from outside, and which masks are those of its processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mkl_launch.host.entered import entered, mask_beside
from mkl_launch.host.filesystem import Root

if TYPE_CHECKING:
    from pathlib import Path


def root(folder: Path, processes: dict[str, tuple[str, str, str]]) -> Root:
    """Return a root with these processes: {name in /proc: (ID, ID of the parent, group)}."""
    for name, (pid, parent, group) in processes.items():
        place = folder / "proc" / name
        place.mkdir(parents=True)
        (place / "status").write_text(f"Name:\tx\nPid:\t{pid}\nPPid:\t{parent}\nCpus_allowed_list:\t0-1\n")
        (place / "cgroup").write_text(f"0::{group}\n")
    return Root(str(folder))


@pytest.mark.parametrize(
    ("processes", "expected"),
    [
        ({"self": ("1", "0", "/")}, False),
        ({"self": ("7", "1", "/"), "1": ("1", "0", "/")}, False),
        ({"self": ("9", "0", "/"), "1": ("1", "0", "/")}, True),
        ({"self": ("9", "7", "/"), "7": ("7", "0", "/"), "1": ("1", "0", "/")}, True),
        ({"self": ("9", "7", "/")}, False),  # 7 has ended
        ({"self": ("9", "9", "/"), "9": ("9", "9", "/")}, False),
        ({}, False),
    ],
    ids=["process 1", "its child", "entered", "below an entered one", "an orphan", "a loop", "no /proc"],
)
def test_knows_whether_this_process_has_entered_a_container(
    tmp_path: Path, processes: dict[str, tuple[str, str, str]], *, expected: bool
) -> None:
    assert entered(root(tmp_path, processes)) is expected


def test_a_mask_counts_only_in_the_same_control_group(tmp_path: Path) -> None:
    files = root(tmp_path, {"self": ("9", "0", "/"), "1": ("1", "0", "/"), "5": ("5", "0", "/../b")})
    assert mask_beside(files, "1") == frozenset((0, 1))
    assert mask_beside(files, "5") is None
    assert mask_beside(files, "77") is None
    (tmp_path / "proc" / "1" / "status").write_text("Cpus_allowed_list:\tx\n")
    assert mask_beside(files, "1") is None


def test_reads_the_mask_of_this_process() -> None:
    assert mask_beside(Root(), str(os.getpid())) == frozenset(os.sched_getaffinity(0))
