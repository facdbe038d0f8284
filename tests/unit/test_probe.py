"""The frameworks and OpenMP runtimes of the command's Python, and their consequences."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Libraries
from mkl_launch.program.probe import libraries
from mkl_launch.program.recognise import recognise
from testing.environments import environment
from testing.process import lines, report, start

TORCH = ("torch-2.13.0+cpu.dist-info", "torch/lib/libgomp.so.1")
INTEL = ("intel_openmp-2026.2.0.dist-info", "../../libiomp5.so")
STOCK = ("tensorflow_cpu-2.21.0.dist-info", "tensorflow/libtensorflow_cc.so.2")
SKLEARN = ("scikit_learn-1.9.1.dist-info", "scikit_learn.libs/libgomp-e985bcbb.so.1.0.0")


def python(place: Path, *files: str, packages: str = "lib/python3.11/site-packages") -> str:
    """Return a Python with these files among its packages."""
    for name in ("../../../bin/python3", *files):
        file = place / packages / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    (place / "pyvenv.cfg").write_text("")
    return str(place / "bin" / "python3")


def runnable(file: str) -> None:
    Path(file).write_text("#!/bin/sh\n")
    Path(file).chmod(0o755)


def carried(command: str, path: str = "", root: str = "", **environ: str) -> Libraries | None:
    return libraries(Root(root), recognise(tuple(command.split())), {"PATH": path, **environ})


@pytest.mark.parametrize(
    ("files", "distributions", "runtimes", "hears"),
    [
        ((), {}, set(), "KMP"),
        (("flask-3.0.dist-info",), {}, set(), "KMP"),
        (TORCH, {"torch": "2.13.0+cpu"}, {"libgomp"}, "nothing"),
        (STOCK, {"tensorflow_cpu": "2.21.0"}, set(), "nothing"),
        (SKLEARN, {"scikit_learn": "1.9.1"}, {"libgomp"}, "nothing"),
        (
            (*TORCH, *INTEL),
            {"intel_openmp": "2026.2.0", "torch": "2.13.0+cpu"},
            {"libgomp", "libiomp5"},
            False,
        ),
        (("unheard_of.libs/libomp-1234.so", *STOCK), {"tensorflow_cpu": "2.21.0"}, {"libomp"}, "KMP"),
        (("a.libs/libompi.so", "a.libs/libomp.txt"), {}, set(), "KMP"),
    ],
)
def test_finds_frameworks_and_runtimes_by_their_files(
    tmp_path: Path, files: tuple[str, ...], distributions: dict[str, str], runtimes: set[str], hears: str
) -> None:
    interpreter = python(tmp_path, *files)
    found = carried(f"{interpreter} train.py")
    assert found
    assert (found.python, dict(found.distributions)) == (interpreter, distributions)
    assert (set(found.runtimes), found.ignores_kmp) == (runtimes, hears == "nothing")


def test_counts_a_preloaded_runtime(tmp_path: Path) -> None:
    command = f"{python(tmp_path, *TORCH)} x"
    found = carried(command, LD_PRELOAD="/usr/lib/libtcmalloc.so:/opt/libiomp5.so")
    assert found
    assert found.runtimes == {"libgomp", "libiomp5"}


@pytest.mark.parametrize(
    "first_lines",
    [
        "#!{python}\n",
        "#! {python} -u\n",
        "#!/usr/bin/env python3\n",
        "#!/bin/sh\n'''exec' \"{python}\" \"$0\"\n",
    ],
)
def test_a_script_runs_in_the_python_of_its_first_line(tmp_path: Path, first_lines: str) -> None:
    interpreter = python(tmp_path, *TORCH)
    script = tmp_path / "bin" / "gunicorn"
    script.write_text(first_lines.format(python=interpreter))
    path = f"/nowhere:{tmp_path}/bin"
    for command in (f"{script} -w 2", "gunicorn app", "env A=b nice gunicorn"):
        found = carried(command, path)
        assert found
        assert found.python == interpreter
        assert found.distributions


@pytest.mark.parametrize(
    "content", [b"#!/bin/bash\n", b"\x7fELF\0\0", b"", b"#!\n", b"#!/usr/bin/env\n", b"\xff\n"]
)
def test_finds_no_python_for_other_programs(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program").write_bytes(content)
    assert carried(f"{tmp_path}/program") is None
    assert carried("program", str(tmp_path)) is None
    assert carried("unheard-of", str(tmp_path)) is None
    assert carried("") is None


def test_finds_packages_of_a_python_behind_links(tmp_path: Path) -> None:
    """As /usr/local/bin/python -> python3 -> ../lib/python/bin/python3.11, and as a loop."""
    real = python(tmp_path / "real", *TORCH)
    (tmp_path / "real" / "pyvenv.cfg").unlink()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to("python3")
    (tmp_path / "bin" / "python3").symlink_to(real)
    found = carried(f"{tmp_path}/bin/python x")
    assert found
    assert found.distributions
    (tmp_path / "bin" / "python9").symlink_to("python9")
    assert not (looped := carried(f"{tmp_path}/bin/python9 x")) or not looped.distributions


def test_finds_packages_of_debian(tmp_path: Path) -> None:
    python(tmp_path, "numpy-1.24.2.dist-info", packages="lib/python3/dist-packages")
    found = carried(f"{tmp_path}/bin/python3 x")
    assert found
    assert dict(found.distributions) == {"numpy": "1.24.2"}


def test_finds_packages_below_a_sysroot(tmp_path: Path) -> None:
    python(tmp_path / "usr", *TORCH)
    found = carried("python3 x", "/bin:/usr/bin", str(tmp_path))
    assert found
    assert (found.python, set(found.runtimes)) == ("/usr/bin/python3", {"libgomp"})


def test_looking_for_packages_takes_less_than_5_ms() -> None:
    """Of a Python with all the frameworks: measured 0.5 to 0.8 ms, 1.5 ms the first time."""
    command = f"{environment('frameworks')}/bin/python train.py"
    took = []
    for _ in range(5):
        begin = time.process_time()  # in which other processes do not count
        assert carried(command)
        took.append(time.process_time() - begin)
    assert min(took) < 0.005


def test_warns_of_settings_that_no_runtime_reads(launcher: str, tmp_path: Path) -> None:
    interpreter = python(tmp_path, *TORCH)
    runnable(interpreter)
    said = "\n".join(lines(start([launcher, "--", interpreter], {"KMP_BLOCKTIME": "1"})))
    assert "KMP_BLOCKTIME has no effect" in said
    assert "libgomp" in said
    python(tmp_path, *TORCH, *INTEL)
    runnable(interpreter)
    assert "no effect" not in "\n".join(lines(start([launcher, "--", interpreter], {"KMP_BLOCKTIME": "1"})))


def test_a_python_is_pinned_only_by_the_users_word(launcher: str, tmp_path: Path) -> None:
    deaf, heeding = python(tmp_path / "a", *TORCH), python(tmp_path / "b", *TORCH, *INTEL)
    for interpreter in (deaf, heeding, "true"):
        found = report([launcher, "--cpus", "0-0", "--json", "--", interpreter])
        setting = next(s for s in found["settings"] if s["name"] == "KMP_AFFINITY")
        assert not setting["value"], "it may start other processes"
        forced = report([launcher, "--cpus", "0-0", "--bind", "always", "--json", "--", interpreter])
        assert any(s["name"] == "KMP_AFFINITY" and s["value"] for s in forced["settings"])


def test_a_report_shows_frameworks_and_runtimes(launcher: str, tmp_path: Path) -> None:
    interpreter = python(tmp_path, *TORCH)
    program = report([launcher, "--json", "--", interpreter])["program"]
    assert (program["interpreter"], program["openmp"]) == (interpreter, ["libgomp"])
    assert program["distributions"] == {"torch": "2.13.0+cpu"}
    shown = start([launcher, "--explain", "--", interpreter]).stdout.decode()
    assert f"python    {interpreter}: PyTorch 2.13.0+cpu; OpenMP: libgomp\n" in shown
    shown = start([launcher, "--explain=all", "--", interpreter]).stdout.decode()
    assert "torch 2.13.0+cpu, OpenMP: libgomp" in shown


@pytest.mark.parametrize(
    ("switch", "expected"), [("", True), ("on", True), ("off", False), ("False", False)]
)
def test_a_hook_that_is_turned_off_does_not_count(tmp_path: Path, switch: str, expected: bool) -> None:  # noqa: FBT001
    command = python(tmp_path, "mkl_launch_hook.pth", "joblib-1.6.0.dist-info")
    found = carried(command, MKL_LAUNCH_PYTHON=switch)
    assert found
    assert found.has_hook == expected
