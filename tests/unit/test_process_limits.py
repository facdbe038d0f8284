"""Limits of processes that the threads of a plan may exceed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.launch.pipeline import prepare
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

WIDE = Spec(cores=32)
LIMITS = "proc/self/limits"
HEADER = "Limit                     Soft Limit           Hard Limit           Units\n"


def warned(place: Path, spec: Spec, line: str = "", **files: str) -> str:
    """Return the warnings about processes of a launch on that machine, in one string."""
    root = sysroot(place, replace(spec, files=files))
    request = read([*line.split(), "--", "true"], {}, {})
    return " ".join(text for text in prepare(root, request, {})[1].warnings if "of 8 thread pools" in text)


PIDS, PARENT = "sys/fs/cgroup/pids.max", "sys/fs/cgroup/a/pids.max"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("255", True, id="one too few"),
        pytest.param("256", False, id="as many as the pools"),
        pytest.param("max", False, id="not limited"),
        pytest.param("", False, id="empty"),
        pytest.param("many", False, id="no number"),
    ],
)
def test_warns_of_a_pids_limit_below_the_thread_pools(tmp_path: Path, text: str, *, said: bool) -> None:
    found = warned(tmp_path, WIDE, **{PIDS: text})
    assert bool(found) is said
    if said:
        assert found.startswith(
            "/sys/fs/cgroup/pids.max allows 255 processes and threads, but 32 threads in"
        )


def test_reads_the_pids_limit_of_an_ancestor(tmp_path: Path) -> None:
    spec = replace(WIDE, path="/a/b")
    found = warned(tmp_path, spec, **{PARENT: "100", "sys/fs/cgroup/a/b/pids.max": "1000"})
    assert found.startswith("/sys/fs/cgroup/a/pids.max allows 100")


def test_does_not_warn_of_a_budget_that_fits_the_pids_limit(tmp_path: Path) -> None:
    assert warned(tmp_path, WIDE, "--cpus 12", **{PIDS: "100"}) == ""
    assert warned(tmp_path / "few", WIDE, "--cpus 2", **{PIDS: "10"}) == "", "not read for a few threads"


@pytest.mark.parametrize(("user", "said"), [(1000, True), (0, False)])
def test_warns_of_the_process_limit_of_a_user_except_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, *, said: bool
) -> None:
    monkeypatch.setattr("mkl_launch.host.filesystem.Root.user", property(lambda _: user))
    row = "Max processes             100                  200                  processes\n"
    found = warned(tmp_path, WIDE, **{LIMITS: HEADER + row})
    assert ("RLIMIT_NPROC allows 100" in found) is said


def test_does_not_warn_a_user_without_process_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mkl_launch.host.filesystem.Root.user", property(lambda _: 1000))
    row = "Max processes             unlimited            unlimited            processes\n"
    assert warned(tmp_path, WIDE, **{LIMITS: HEADER + row}) == ""
