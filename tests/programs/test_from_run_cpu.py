"""docs/from-run-cpu-and-ipexrun.md: it has a row for every option of both, and what it says is true."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from mkl_launch.core.cpulist import parse
from mkl_launch.tables.preloadable import JEMALLOC_CONF
from testing.environments import environment
from testing.process import report, said, start
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = PROJECT / "docs" / "from-run-cpu-and-ipexrun.md"
EXAMPLES = ("mpi-operator", "pytorchjob", "slurm", "ray", "aws-batch", "instances")
CORES = len(os.sched_getaffinity(0))
# What an instance has: its CPUs.
TELL = """
import json, os
note = dict(word.partition("=")[::2] for word in os.environ.get("MKL_LAUNCH_APPLIED", "").split())
told = {"mask": sorted(os.sched_getaffinity(0)), "rank": note.get("--ranks")}
os.write(1, (json.dumps(told) + "\\n").encode())
"""


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


# --- The page from run_cpu and ipexrun

OPTIONS = """
import argparse, json
from torch.backends.xeon.run_cpu import create_args

parser = argparse.ArgumentParser()
create_args(parser)
print(json.dumps([name for action in parser._actions for name in action.option_strings or [action.dest]]))
"""


def rows(program: str) -> dict[str, str]:
    """Return {option: cell of the page} of the table below a heading."""
    (section,) = re.findall(
        rf"^## Options of {program}\n(.*?)\n## ", text_of(PAGE), re.DOTALL | re.MULTILINE
    )
    found = re.findall(r"^\| (`.+`) \| .+ \| (.+) \|$", section, re.MULTILINE)
    return {option: cell for options, cell in found for option in re.findall(r"`([^`]+)`", options)}


def spelt_with_dashes(names: list[str]) -> set[str]:
    """Return the options without second spellings, --help and the program's arguments."""
    known = {name for name in names if not re.search(r"^--.*_", name)}
    return known - {"-h", "--help", "program_args"}


def test_the_page_has_every_option_of_run_cpu(programs_python: str) -> None:
    names: list[str] = json.loads(said([programs_python, "-c", OPTIONS]))
    assert set(rows("run_cpu")) == spelt_with_dashes(names)


def test_the_page_has_every_option_of_ipexrun() -> None:
    """By its source: it does not start without a PyTorch of its own."""
    folder = next(environment("launchers").glob("lib/python3*/site-packages/intel_extension_for_pytorch"))
    files = [*folder.glob("cpu/launch/*.py"), folder / "cpu" / "auto_ipex.py", folder / "xpu" / "launch.py"]
    calls = [
        node for file in files for node in ast.walk(ast.parse(text_of(file))) if isinstance(node, ast.Call)
    ]
    adds = [
        call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "add_argument"
    ]
    names = [ast.literal_eval(word) for call in adds for word in call.args]
    assert set(rows("ipexrun")) == spelt_with_dashes(names)


@pytest.mark.parametrize("program", ["run_cpu", "ipexrun"])
def test_the_page_names_what_there_is_instead_or_why_not(program: str, launcher: str) -> None:
    known = said([launcher, "--help"])
    assert rows(program)
    for cell in rows(program).values():
        own = re.sub(r"numactl [^`]*mkl-launch", "", cell)
        assert own.startswith(("`-", "not needed", "not offered because ", "as `--")), cell
        for option in re.findall(r"--[a-z-]+(?![\w=])", own):
            assert option in known or option in rows(program), option


def test_the_page_is_of_the_versions_that_are_compared() -> None:
    pins = {
        name: text_of(PROJECT / "testing" / "programs" / f"{name}.txt")
        for name in ("frameworks", "launchers")
    }
    (torch, ipex) = re.findall(r"Compared here: PyTorch ([\d.]+), ipexrun ([\d.]+)\.", text_of(PAGE))[0]
    assert f"torch=={torch}\n" in pins["frameworks"]
    assert f"intel-extension-for-pytorch=={ipex}\n" in pins["launchers"]


def test_the_links_of_the_page_lead_to_files() -> None:
    targets = re.findall(r"\]\((?!http|#)([^)#]+)\)", text_of(PAGE))
    assert {PAGE.parent / "../examples" / name / "README.md" for name in EXAMPLES} <= {
        PAGE.parent / target for target in targets
    }
    assert all((PAGE.parent / target).is_file() for target in targets)


# --- What the page says of run_cpu, and of the launcher in its place


def run_cpu(python: str, *words: str) -> list[str]:
    return [python, "-m", "torch.backends.xeon.run_cpu", "--no-python", *words]


def test_only_the_launcher_exits_with_the_status_of_the_program(
    programs_python: str, launcher: str
) -> None:
    failing = ["sh", "-c", "exit 3"]
    assert start(run_cpu(programs_python, *failing)).returncode == 0
    assert start([launcher, "-q", "--instances", "1", "--", *failing]).returncode == 3


def test_only_the_launcher_respects_the_mask(programs_python: str, launcher: str) -> None:
    if CORES < 2 or 0 not in os.sched_getaffinity(0):
        skip_or_fail("the mask lacks CPU 0 or a second core")
    if not (shutil.which("numactl") and shutil.which("taskset")):
        skip_or_fail("numactl and taskset are not installed")
    narrow, tell = ["taskset", "-c", "0"], ["sh", "-c", "echo ran with $OMP_NUM_THREADS"]
    done = start([*narrow, *run_cpu(programs_python, *tell)])
    asked = re.findall(rb"numactl -C (\S+) -m", done.stderr)
    assert (done.returncode, b"ran" in done.stdout, asked == [b"0"]) == (0, False, False), done
    assert len(asked) == 1, done
    assert said([*narrow, launcher, "-q", "--instances", "1", "--", *tell]) == "ran with 1\n"


@contextlib.contextmanager
def told_to_end(words: list[str], folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """It gets SIGTERM as soon as its program runs, which writes its number, and "told" if it is."""
    file = folder / "program"
    script = f"trap 'echo told >> {file}; exit 0' TERM; echo $$ > {file}; while :; do sleep 0.1; done"
    null = subprocess.DEVNULL
    process = subprocess.Popen([*words, "sh", "-c", script], stdin=null, stdout=null, stderr=null)
    try:
        deadline = time.monotonic() + 300
        while not (file.exists() and text_of(file)):
            assert time.monotonic() < deadline, words
            time.sleep(0.05)
        process.terminate()
        yield process, file
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(text_of(file).split()[0]), signal.SIGKILL)


def test_only_the_launcher_forwards_a_signal(programs_python: str, launcher: str, tmp_path: Path) -> None:
    with told_to_end([launcher, "-q", "--instances", "1", "--"], tmp_path) as (process, file):
        assert process.wait(timeout=300) == 0
        assert text_of(file).split()[1:] == ["told"]
    file.unlink()
    with told_to_end(run_cpu(programs_python), tmp_path) as (process, file):
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        assert text_of(file).split()[1:] == []


def test_configures_jemalloc_as_run_cpu_does(programs_python: str) -> None:
    code = "import inspect; from torch.backends.xeon import run_cpu; print(inspect.getsource(run_cpu))"
    assert re.findall(r'"MALLOC_CONF",\s*"(.*?)"', said([programs_python, "-c", code])) == [JEMALLOC_CONF]


def test_instances_that_fit_into_the_nodes_do_not_cross_them(launcher: str) -> None:
    """What --skip-cross-node-cores is for: 4 cores fit 4 times into a node with 18."""
    asked = ["--machine", "2x18x2", "--instances", "8", "--cores-per-instance", "4"]
    nodes = [parse("0-17,36-53"), parse("18-35,54-71")]
    found = [
        parse(cpus) for cpus in report([launcher, "-q", "--json", *asked, "--", "python"])["instances"]
    ]
    assert [len(cpus) for cpus in found] == [8] * 8
    assert all(any(cpus <= node for node in nodes) for cpus in found)


def test_bind_never_binds_no_instance(launcher: str) -> None:
    tell = [sys.executable, "-I", "-S", "-c", TELL]
    told = said([launcher, "-q", "--instances", "2", "--bind", "never", "--", *tell])
    assert [json.loads(line)["mask"] for line in told.splitlines()] == [sorted(os.sched_getaffinity(0))] * 2
