"""The picture of the machine: which CPUs the container may use, which get a thread, and the quota."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.reader import read, split
from mkl_launch.host.caches import l3_domains
from mkl_launch.host.inventory import machine
from mkl_launch.report.collect import collect, subject
from mkl_launch.report.picture import BAR, boxes, picture, text
from testing.process import said, start
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

    from mkl_launch.report.picture import Box, Picture

SERVER = "tensorflow_model_server"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(line: str, **environ: str) -> Picture:
    """Return the picture for a command line."""
    return picture(collect(subject(read([*line.split(), "--picture"], environ, {}), environ)))


def marks(made: Picture, columns: int = 100) -> list[str]:
    """Return the rows of cores."""
    return [line.strip() for line in text(made, columns) if re.fullmatch(r"[\[\]0-9.o#]+", line.strip())]


def test_a_quota_leaves_the_threads_on_any_cpu() -> None:
    made = drawn(f"--machine 2x4x2 --cpus 1.5 {SERVER}")
    assert marks(made) == ["[oo][oo][oo][oo]"] * 2
    assert made.caption == "1 thread, not pinned, on any CPU with o"
    lines = text(made, 100)
    (bar,) = [line for line in lines if "quota: [" in line]
    assert bar.count("=") == round(BAR * 1.5 / 16)
    assert bar.endswith("] 1.5 of 16 CPUs")


def test_a_list_of_cpus_leaves_the_others_out_and_shows_where_threads_are() -> None:
    made = drawn(f"--machine 1x4x2 --cpus 1-2,5 {SERVER}")
    assert marks(made) == ["[..][#o][#.][..]"]
    assert made.caption == "2 threads, one on each CPU with #"
    assert "quota: none, all the time of 8 CPUs" in "\n".join(text(made, 100))


def test_shows_the_number_of_threads_of_the_user() -> None:
    made = drawn(f"--machine 1x4x1 --bind always {SERVER}", OMP_NUM_THREADS="2")
    assert made.caption.startswith("2 threads")


def test_instances_have_their_digits() -> None:
    made = drawn(f"--machine 2x4x2 --instances 4 {SERVER}")
    assert marks(made) == ["[#0][#0][#1][#1]", "[#2][#2][#3][#3]"]
    assert made.caption == "2 threads in each instance, one on each CPU with #"
    shared = drawn("--machine 2x4x2 --instances 2 --cpus 3 foo")
    assert set("".join(marks(shared))) <= set("[]0123o")


def test_breaks_rows_of_cores_at_the_width() -> None:
    made = drawn("--machine 1x64x2 foo")
    assert len(marks(made, 300)) == 1
    rows = marks(made, 60)
    assert "".join(rows) == "[oo]" * 64
    assert max(map(len, rows)) <= 60 - len("            ")


def shape(parts: tuple[Box, ...]) -> list[object]:
    return [(part.label, shape(part.parts)) if part.parts else part.label for part in parts]


def test_nests_nodes_sockets_caches_and_cores(tmp_path: Path) -> None:
    caches: dict[str, str | None] = {}
    for cpu, sharers in enumerate(("0-1", "0-1", "2-3", "2-3")):
        folder = f"sys/devices/system/cpu/cpu{cpu}/cache/index3"
        caches |= {f"{folder}/level": "3", f"{folder}/shared_cpu_list": sharers}
    root = sysroot(tmp_path, Spec(sockets=1, cores=4, files=caches))
    inventory = machine(root)
    known = l3_domains(root, inventory.online)
    assert known == (frozenset((0, 1)), frozenset((2, 3)))
    assert shape(boxes(inventory, known)) == [
        ("NUMA node 0, socket 0", [("L3 0", ["core 0", "core 1"]), ("L3 1", ["core 2", "core 3"])])
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (Spec(sockets=2, cores=1, nodes=1), [("NUMA node 0", [("socket 0", 1), ("socket 1", 1)])]),
        (Spec(sockets=1, cores=4, nodes={0: "0-1", 1: "2-3"}), [("socket 0", [("NUMA node 0", 2)] * 1)]),
        (Spec(sockets=2, cores=2, nodes={0: "0,2", 1: "1,3"}), None),
        (Spec(cores=2, topology="none"), None),
    ],
    ids=["sockets in a node", "nodes in a socket", "neither", "no topology"],
)
def test_draws_each_core_once_on_any_machine(tmp_path: Path, spec: Spec, expected: object) -> None:
    root = sysroot(tmp_path, spec)
    made = drawn(f"--sysroot {root.prefix} foo")
    cpus = "".join(marks(made)).count("o")
    assert cpus == len(machine(root).online)
    if expected:
        assert made.boxes[0].label == expected[0][0]  # type: ignore[index]
        assert len(made.boxes[0].parts) == 2


def test_writes_a_file_that_is_well_formed(launcher: str, tmp_path: Path) -> None:
    file = tmp_path / "<a&b>.svg"
    words = ["--machine", "2x4x2", "--instances", "4", "--picture", str(file), "--", SERVER, "<&>"]
    shown = said([launcher, *words])
    assert shown.endswith(f"\npicture   {file}\n")
    root = ET.fromstring(file.read_text())  # noqa: S314  # written by the launcher
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    assert len(titles) == 16
    assert sum("gets a thread, instance 3" in title for title in titles) == 2
    assert len({shape.get("fill") for shape in root.iter(f"{SVG}rect")}) >= 5
    labels = [label.text or "" for label in root.iter(f"{SVG}text")]
    assert "quota: none of 16 CPUs" in labels
    assert any(label.startswith("program   tensorflow_model_server: known") for label in labels)


def test_a_picture_in_the_report_follows_it(launcher: str) -> None:
    words = [launcher, "--machine", "2x4x2", "--picture", "--", "foo"]
    shown, plain = said(words), said([launcher, "--machine", "2x4x2", "--", "foo"])
    assert shown.startswith(f"{plain}\npicture   NUMA node 0, socket 0: CPUs 0-3,8-11\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--picture=a.png"], "--picture a.png: not a file whose name ends with .svg"),
        (["--json", "--picture"], "--picture: only with --explain"),
        (["--check", "--picture", "a.svg"], "--picture: only with --explain"),
        (["--picture", "/nonexistent/a.svg"], "--picture /nonexistent/a.svg: No such file or directory"),
    ],
)
def test_refuses_another_file_or_report(launcher: str, words: list[str], told: str) -> None:
    done = start([launcher, "--machine", "1x1x1", *words])
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"mkl-launch: {told}\n"


def test_only_a_name_of_a_picture_is_no_command() -> None:
    assert split(["--picture", "a.svg", "foo"]) == (["--picture", "a.svg"], ["foo"])
    assert split(["--picture", "foo", "a.svg"]) == (["--picture"], ["foo", "a.svg"])
    assert split(["--picture"]) == (["--picture"], [])
