"""Preloading an allocator or an OpenMP runtime: real libraries in real programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.options import BY_NAME
from mkl_launch.core.option_names import DEFAULT
from mkl_launch.host.filesystem import Root
from mkl_launch.program.preload import find_preloads
from mkl_launch.tables.preloadable import LIBRARIES
from testing.environments import environment
from testing.process import lines, machine, report, said, start, values
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Mapping

MAPS = ("grep", "-o", "/[^ ]*$", "/proc/self/maps")
ALLOCATORS = [row.word for row in LIBRARIES if row.option == "allocator"]
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00"


@pytest.mark.parametrize("option", ["allocator", "openmp"])
def test_an_option_accepts_the_words_of_the_table(option: str) -> None:
    words = [row.word for row in LIBRARIES if row.option == option]
    assert BY_NAME[option].accepted.replace(" or ", ", ").split(", ") == [*words, DEFAULT]


def mapped(argv: list[str], environ: Mapping[str, str] | None = None) -> set[str]:
    """Return the names of the libraries that a program has, started that way."""
    return {Path(line).name.partition(".so")[0] for line in said([*argv, *MAPS], environ).splitlines()}


def installed(word: str) -> str:
    """Return the stem of the first library of the row that the linker knows here."""
    known = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    row = next(row for row in LIBRARIES if row.word == word)
    stem = next((name.partition(".so")[0] for name in row.files if f"{name} (" in known), None)
    if stem is None:
        skip_or_fail(f"{word} is not installed")
    return str(stem)


@pytest.mark.parametrize("word", ALLOCATORS)
def test_preloads_an_allocator_that_is_asked_for(launcher: str, word: str) -> None:
    stem = installed(word)
    assert stem in mapped([launcher, "-q", "--allocator", word, "--"])
    assert stem in mapped([launcher, "-q", "--"], {"MKL_LAUNCH_ALLOCATOR": word})
    assert stem not in mapped([launcher, "-q", "--"])
    assert stem not in mapped(
        [launcher, "-q", "--allocator", "default", "--"], {"MKL_LAUNCH_ALLOCATOR": word}
    )


def test_preloads_the_allocator_before_libraries_of_the_user(launcher: str) -> None:
    first, second = installed("jemalloc"), installed("tcmalloc")
    tcmalloc = report([launcher, "--json", "--allocator", "tcmalloc"])
    user = {"LD_PRELOAD": values(tcmalloc)["LD_PRELOAD"] or ""}
    for words in (["-q", "--"], ["-q", "--", launcher, "-q", "--"]):
        seen = said([launcher, "--allocator=jemalloc", *words, "printenv", "LD_PRELOAD"], user).split(":")
        assert [Path(path).name.partition(".so")[0] for path in seen] == [first, second]


def test_keeps_settings_of_an_allocator_from_the_user(launcher: str) -> None:
    installed("jemalloc")
    words = [launcher, "-q", "--allocator", "jemalloc", "--", "printenv", "MALLOC_CONF"]
    assert "background_thread:true" in said(words)
    assert said(words, {"MALLOC_CONF": "narenas:1"}) == "narenas:1\n"


@pytest.mark.parametrize("row", LIBRARIES, ids=lambda row: row.word)
def test_reports_a_missing_library_in_one_line(launcher: str, row: object, tmp_path: Path) -> None:
    option, word = f"--{vars(row)['option']}", vars(row)["word"]
    found = report([launcher, "--json", "--sysroot", str(machine(tmp_path)), option, word])
    assert [line for line in found["warnings"] if "not preloaded" in line and word in line]
    assert values(found)["LD_PRELOAD"] is None
    if word == "intel":
        done = start([launcher, option, word, "--", "true"])
        assert (done.returncode, [line for line in lines(done) if "not preloaded" in line] != []) == (
            0,
            True,
        )


def test_finds_intel_openmp_beside_the_python_of_the_command(launcher: str) -> None:
    """Which then reads the KMP_* variables, though NumPy of PyPI brings none that does."""
    python = environment("mkl") / "bin" / "python"
    runtime = python.parent.parent / "lib" / "libiomp5.so"
    code = "print(*{line.split()[-1] for line in open('/proc/self/maps') if 'libiomp5' in line})"
    words = [launcher, "-q", "--openmp", "intel", "--", str(python), "-c", code]
    assert said(words).strip() == str(runtime.resolve())
    assert said([launcher, "-q", "--", str(python), "-c", code]).strip() == ""


def recorded(place: Path, **files: bytes) -> Root:
    """Return a machine on which these files are, "__" for "/"."""
    for name, data in files.items():
        path = place / name.replace("__", "/").replace("_so", ".so")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Root(str(place))


def found(root: Root) -> str | None:
    (preload,) = find_preloads(root, {"allocator": "jemalloc"}, "")
    return preload.path


def test_only_a_library_for_this_machine_is_found(tmp_path: Path) -> None:
    """One of another architecture would be a line of ld.so's from every program."""
    root = recorded(
        tmp_path,
        proc__self__exe=ELF,
        usr__lib__libjemalloc_so=ELF[:18] + b"\xb7\0",
        lib__libjemalloc_so=b"text",
    )
    assert found(root) is None
    shutil.copy(tmp_path / "proc/self/exe", tmp_path / "usr/lib/libjemalloc.so.1")
    assert found(root) == "/usr/lib/libjemalloc.so.1"


def test_finds_libraries_in_multiarch_folders(tmp_path: Path) -> None:
    (tmp_path / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)
    (tmp_path / "usr/lib/x86_64-linux-gnu/libjemalloc.so.2").write_bytes(ELF)
    assert found(Root(str(tmp_path))) == "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"


def test_prefers_the_cache_of_the_linker_to_the_usual_folders(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    cache = b"glibc-ld.so.cache1.1\0\0libx.so\0/x/libx.so\0libjemalloc.so.2\0/opt/a/libjemalloc.so.2\0"
    (tmp_path / "etc/ld.so.cache").write_bytes(cache)
    for place in ("opt/a", "usr/lib"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "libjemalloc.so.2").write_bytes(ELF)
    assert found(Root(str(tmp_path))) == "/opt/a/libjemalloc.so.2"
    (tmp_path / "opt/a/libjemalloc.so.2").unlink()
    assert found(Root(str(tmp_path))) == "/usr/lib/libjemalloc.so.2"
