"""`--explain`: the decision and the settings that the program reads, on one screen."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from mkl_launch.tables.readers import EVERY_PROGRAM, READERS
from mkl_launch.tables.variables import VARIABLES
from testing.process import PATH, said
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVER = ("tensorflow_model_server", "--port=8500")
PACKAGES = (
    "joblib-1.5.3.dist-info/METADATA",
    "numpy-2.4.0.dist-info/METADATA",
    "polars-1.3.0.dist-info/METADATA",
    "torch-2.13.0+cpu.dist-info/METADATA",
    "torch/lib/libgomp.so.1",
)


@pytest.fixture
def limited(tmp_path: Path) -> list[str]:
    """Return the options of a machine with 36 cores, 72 CPUs and a quota of 1.5 CPUs."""
    root = sysroot(tmp_path / "machine", Spec(sockets=2, cores=18, threads=2, quota=1.5))
    return ["--explain", "--sysroot", root.prefix]


@pytest.fixture
def python(tmp_path: Path) -> str:
    """Return a Python with PyTorch, NumPy, Polars and joblib, and with the hook."""
    packages = tmp_path / "lib" / "python3.13" / "site-packages"
    for file in (
        *(packages / name for name in (*PACKAGES, "mkl_launch_hook.pth")),
        tmp_path / "bin/python3",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (tmp_path / "pyvenv.cfg").write_text("")
    return str(tmp_path / "bin" / "python3")


def explained(launcher: str, words: list[str], environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return {title: text} of a short explanation; further lines of a title are joined with " | ".

    "N more" stands for the number of settings that are not shown, which grows with the table.
    """
    titles: dict[str, str] = {}
    title = ""
    text = re.sub(r"and \d+ more, for", "and N more, for", said([launcher, *words], environ))
    for line in text.splitlines():
        title = line[:10].strip() or title
        texts = filter(None, (titles.get(title), re.sub(r"  +", "  ", line[10:].strip())))
        titles[title] = " | ".join(texts)
    return titles


def test_explains_tensorflow_serving_under_a_quota_on_one_screen(launcher: str, limited: list[str]) -> None:
    words = [*limited, "--", *SERVER]
    assert len(said([launcher, *words]).splitlines()) <= 20
    assert explained(launcher, words) == {
        "program": "tensorflow_model_server: known; profile serving; 1 process",
        "threads": "1; limited by the quota in /sys/fs/cgroup/cpu.max: 1.5 CPUs",
        "pinning": "not pinned: shared CPUs: a quota limits time, not CPUs",
        "runs": "tensorflow_model_server --tensorflow_intra_op_parallelism=1"
        " --tensorflow_inter_op_parallelism=2 --port=8500",
        "reads": "tensorflow_model_server  TF_NUM_INTRAOP_THREADS=1  TF_NUM_INTEROP_THREADS=2",
        "also": "OMP_NUM_THREADS=1  OMP_WAIT_POLICY=PASSIVE  and N more, for its child processes"
        " and libraries that were not found",
        "machine": "Example CPU @ 3.00GHz, 72 CPUs, 36 cores, 2 sockets",
        "limits": "quota 1.5 CPUs from /sys/fs/cgroup/cpu.max; affinity mask 0-71",
        "more": "Every value and reason? --explain=all  Wrong? --cpus N  Off? MKL_LAUNCH=off",
    }


def test_explains_a_python_script_by_the_libraries_of_its_python(launcher: str, python: str) -> None:
    words = ["--explain", "--cpus", "1.5", "--", python, "train.py"]
    assert len(said([launcher, *words]).splitlines()) <= 25
    shown = explained(launcher, words)
    names = "joblib 1.5.3, NumPy 2.4.0, Polars 1.3.0, PyTorch 2.13.0+cpu"
    assert shown["python"] == f"{python}: {names}; OpenMP: libgomp"
    readers = dict(line.split("  ", 1) for line in shown["reads"].split(" | "))
    assert readers["OpenMP"] == "OMP_NUM_THREADS=1  OMP_WAIT_POLICY=PASSIVE"
    assert readers["OpenMP of GCC"] == "GOMP_SPINCOUNT=8000"
    assert readers["OpenBLAS"] == "OPENBLAS_THREAD_TIMEOUT=17"
    assert "KMP_BLOCKTIME" not in shown["reads"]
    assert "TensorFlow" not in readers


@pytest.mark.parametrize("words", [["foo"], []], ids=str)
def test_says_that_the_readers_of_an_unknown_program_are_not_known(
    launcher: str, limited: list[str], words: list[str]
) -> None:
    shown = explained(launcher, [*limited, "--", *words])
    assert ("foo is no known program and no Python" in shown.get("reads", "")) == bool(words)
    assert shown["also"].startswith("OMP_NUM_THREADS=1  OMP_WAIT_POLICY=PASSIVE  and N more, for ")


def test_names_the_values_of_the_user_also_if_the_program_does_not_read_them(
    launcher: str, limited: list[str]
) -> None:
    environ = {"POLARS_MAX_THREADS": "1", "KMP_BLOCKTIME": "", "TF_NUM_INTRAOP_THREADS": "1"}
    shown = explained(launcher, [*limited, "--", *SERVER], environ)
    assert "TF_NUM_INTRAOP_THREADS=1 (yours)" in shown["reads"]
    assert shown["also"].startswith("KMP_BLOCKTIME unset (yours)  POLARS_MAX_THREADS=1 (yours)  and N more")


def test_shows_each_warning_in_a_line_of_its_own(launcher: str, limited: list[str]) -> None:
    shown = explained(launcher, [*limited, "--", "foo"], {"OMP_NUM_THREADS": "8"})
    assert shown["!"].startswith(
        "OMP_NUM_THREADS=8 is more than the quota of 1.5 CPUs: kept, since you set it"
    )


def test_explain_all_is_the_long_form(launcher: str, limited: list[str]) -> None:
    long = said([launcher, "--explain=all", *limited[1:], "--", *SERVER])
    rows = [row for row in VARIABLES if row.applies_to(SERVER[0])]
    assert long.count("\n      read by ") == len(rows)
    assert long.splitlines()[:3] == said([launcher, *limited, "--", *SERVER]).splitlines()[:3]


def test_shows_few_of_many_instances(launcher: str) -> None:
    words = ["--machine", "2x18x2", "--cores-per-instance", "4", "--explain", "--", "foo"]
    assert explained(launcher, words)["instance"].endswith(" | and 5 more")


def test_a_machine_implies_explain(launcher: str) -> None:
    words = ["--machine", "2x18x2", "--", "foo"]
    assert said([launcher, *words]) == said([launcher, "--explain", *words])


def test_every_reader_reads_variables_of_the_table() -> None:
    names = {row.name for row in VARIABLES}
    assert {name for reader in READERS for name in reader.variables} | {*EVERY_PROGRAM} <= names
    assert all(reader.distributions or reader.runtimes for reader in READERS)


def on_a_terminal(argv: list[str], columns: int, **environ: str) -> str:
    """Return what a command writes to a terminal of this width."""
    import fcntl
    import struct
    import termios

    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(argv, env={"PATH": PATH, **environ}, stdout=slave) as process:
        os.close(slave)
        data = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # EIO: the other end is closed
                break
            data += piece
        assert process.wait() == 0
    os.close(master)
    return data.decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    """Return a text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_colours_and_breaks_lines_on_a_terminal_only(launcher: str, limited: list[str]) -> None:
    words = [launcher, *limited, "--", *SERVER]
    text = on_a_terminal(words, 60, TERM="xterm")
    assert text.startswith("\x1b[1mprogram   \x1b[0mtensorflow_model_server")
    assert max(map(len, plain(text).splitlines())) <= 60
    joined = re.sub(r"\n {10}(?! )", " ", plain(text))
    assert joined.split() == said(words).split()
    wide = on_a_terminal(words, 300, TERM="xterm")
    assert plain(wide) == said(words)
    assert "\x1b" not in said(words, {"TERM": "xterm"})


@pytest.mark.parametrize(
    "environ", [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}, {}], ids=str
)
def test_a_terminal_without_colours_gets_none(
    launcher: str, limited: list[str], environ: dict[str, str]
) -> None:
    words = [launcher, *limited, "--", *SERVER]
    assert on_a_terminal(words, 300, **environ) == said(words)


def test_colours_warnings_and_verdicts(launcher: str, limited: list[str]) -> None:
    environ = {"TERM": "xterm", "OMP_NUM_THREADS": "8"}
    assert "\x1b[1;33m!         \x1b[0mOMP_NUM" in on_a_terminal([launcher, *limited], 300, **environ)
    text = on_a_terminal([launcher, "--pid", str(os.getpid())], 300, TERM="xterm")
    assert text.startswith("\x1b[1mverdict   \x1b[0m\x1b[1;31mdoes\x1b[0m not fit: process ")


def test_a_word_that_is_longer_than_the_terminal_stays_whole(launcher: str, limited: list[str]) -> None:
    word = "x" * 90
    text = on_a_terminal([launcher, *limited, "--", "foo", word, "y"], 50)
    assert re.search(rf"^ {{10}}{word}$", text, re.MULTILINE)
