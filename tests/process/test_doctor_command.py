"""`--doctor` as a command: its options, its formats, recorded hosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from testing.hosts import Box, Host, container_id
from testing.process import lines, said, start

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--for", "soon"], "--for soon: not a time up to 24h (90s, 5m, 1h)"),
        (["--for", "nan"], "--for nan: not a time up to 24h (90s, 5m, 1h)"),
        (["--for", "-1"], "--for"),
        (["--for="], "--for : not a time up to 24h (90s, 5m, 1h)"),
        (["--json", "--openmetrics"], "--json and --openmetrics: only one of them at a time"),
        (["--explain"], "--doctor and --explain: only one of them at a time"),
        (["--machine", "2x2x1"], "--doctor and --machine: only one of them at a time"),
        (["--tune"], "--doctor and --tune: only one of them at a time"),
        (["--load", "x"], "--doctor and --load: only one of them at a time"),
        (["--pid", "1"], "--pid 1: only with --explain, --json or --check"),
        (["--cpus", "2"], "--doctor: --cpus: not accepted; it reports on all containers that are there"),
        (["--", "ls"], "--doctor: ls: not accepted; it reports on all containers that are there"),
        (["--sysroot", "/proc/self"], "--sysroot /proc/self: neither proc nor sys below it"),
    ],
)
def test_refuses_other_options_in_one_line(launcher: str, words: list[str], message: str) -> None:
    done = start([launcher, "--doctor", *words])
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines(done)
    assert message in line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--openmetrics", "--json"], "--openmetrics: only with --doctor"),
        (["--for", "5"], "--for: only after --tune"),
        (["--for", "5", "--doctor"], "--for: only after --doctor"),
    ],
)
def test_options_of_the_doctor_are_refused_without_it(
    launcher: str, words: list[str], message: str
) -> None:
    done = start([launcher, *words, "--", "echo", "ran"])
    assert (done.returncode, done.stdout) == (2, b"")
    assert lines(done) == [f"mkl-launch: {message}"]


@pytest.mark.parametrize("seconds", ["0", "0.1", "0.1s", "0s"])
def test_prints_the_containers_of_a_recorded_host(launcher: str, tmp_path: Path, seconds: str) -> None:
    Host(tmp_path, [Box(1, quota=1.5), Box(2)])
    words = [launcher, "--doctor", "--sysroot", str(tmp_path), "--for", seconds]
    table = said(words).splitlines()
    assert table[0].startswith("CONTAINER     VERDICT")
    assert [line.split()[:3] for line in table[1:3]] == [
        [container_id(1)[:12], "idle", "1.5"],
        [container_id(2)[:12], "idle", "none"],
    ]
    shown = json.loads(said([*words, "--json"]))
    assert [each["id"] for each in shown["containers"]] == [container_id(1), container_id(2)]
    metrics = said([*words, "--openmetrics"])
    assert f'mkl_launch_container_limit_cpus{{id="{container_id(1)}"}} 1.5\n' in metrics
    assert metrics.endswith("# EOF\n")


def test_says_what_to_do_if_no_container_is_visible(launcher: str, tmp_path: Path) -> None:
    Host(tmp_path, [])
    done = start([launcher, "--doctor", "--sysroot", str(tmp_path), "--for", "0"])
    assert done.returncode == 0
    assert b"--pid=host --privileged" in done.stdout
