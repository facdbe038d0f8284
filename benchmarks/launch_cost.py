"""The cost of a start: CPU time and wall time until /bin/true has ended, and those of similar programs.

Runs are interleaved, so that a noisy machine is noisy to all of them; the median counts.
"""

from __future__ import annotations

import os
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contained import HERE
from contenders import FRAMEWORKS
from scores import PREPARED

from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Callable

FLOOR = "python3 -I -S -c pass"
OURS = "mkl-launch -- true"
SLOWER = 5  # of so many runs one, for what takes a hundred times as long

# The launcher finds this very interpreter, not a shell script of a version manager.
ENVIRON = {**os.environ, "PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"}


def cost(argv: list[str]) -> tuple[float, float]:
    """Return the CPU time (user and system) and the wall time of one process, in milliseconds."""
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, ENVIRON, file_actions=_quiet())
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{' '.join(argv)}: exit status {os.waitstatus_to_exitcode(status)}")
    return (usage.ru_utime + usage.ru_stime) * 1000, wall * 1000


def _quiet() -> list[tuple[int, int, str, int, int]]:
    return [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]


def commands(launcher: str, previous: str) -> dict[str, list[str]]:
    """Return the commands to compare, without peers that are not installed.

    `previous`: a checkout of an older version; "" for none.
    """
    found = {
        FLOOR: [str(Path(sys.executable).resolve()), "-I", "-S", "-c", "pass"],
        "true": ["/bin/true"],
        OURS: [launcher, "--", "/bin/true"],
        PREPARED: [prepared(launcher), "--", "/bin/true"],
        "mkl-launch --profile serving -- true": [launcher, "--profile", "serving", "--", "/bin/true"],
    }
    if previous:
        old = installed(Path(launcher).parent.parent / "previous", previous)
        found["an older version"] = [old, "--", "/bin/true"]
        found["an older version, prepared"] = [prepared(old, previous), "--", "/bin/true"]
    found["a shell script that reads the quota"] = ["/bin/sh", str(HERE / "limits.sh"), "/bin/true"]
    for peer, arguments in (
        ("tini", ["-s", "--", "/bin/true"]),
        ("dumb-init", ["/bin/true"]),
        ("numactl", ["-C", "0", "/bin/true"]),
        ("hwloc-bind", ["core:0", "--", "/bin/true"]),
    ):
        path = shutil.which(peer)
        if path:
            found[f"{peer} true"] = [path, *arguments]
    return found


def slow_commands(launcher: str) -> dict[str, list[str]]:
    """Return the commands that take a hundred times as long, and the launcher again."""
    return {
        OURS: [launcher, "--", "/bin/true"],
        "mkl-launch --instances 1 -- true": [launcher, "--instances", "1", "--", "/bin/true"],
        "run_cpu": [str(FRAMEWORKS), "-m", "torch.backends.xeon.run_cpu", "--no-python", "/bin/true"],
    }


def table(argvs: dict[str, list[str]], runs: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return a row for each, in milliseconds."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in argvs}
    for _ in range(runs):
        for name, argv in argvs.items():
            costs[name].append(cost(argv))
    rows = []
    for name, found in costs.items():
        cpu, wall = ([one[column] for one in found] for column in range(2))
        row = {"cpu": statistics.median(cpu), "least": min(cpu), "wall": statistics.median(wall)}
        rows.append({"start": name, "runs": runs} | {key: round(value, 2) for key, value in row.items()})
        say(f"{name}: {row['cpu']:.1f} ms of CPU, at least {row['least']:.1f}, {row['wall']:.1f} ms")
    return rows


def growth(launcher: str, runs: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Measure the cost of larger machines: trees of files below --sysroot."""
    with tempfile.TemporaryDirectory() as folder:
        argvs = {}
        for cores in (1, 36, 128, 256, 512):
            place = Path(folder) / str(cores)
            spec = Spec(cores=2) if cores == 1 else Spec(sockets=2, cores=cores // 2, threads=2)
            sysroot(place, spec)
            argvs[f"{2 * cores} CPUs"] = [launcher, "--sysroot", str(place), "--print-env", "sh"]
        return table(argvs, runs, say)


def measure(launcher: str, previous: str, runs: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the rows of all three tables."""
    return {
        "starts": table(commands(launcher, previous), runs, say),
        "slow": table(slow_commands(launcher), max(3, runs // SLOWER), say),
        "growth": growth(launcher, max(5, runs // 4), say),
    }


def prepared(launcher: str, checkout: str = str(HERE.parent)) -> str:
    """Return `mkl-launch` of a copy of an installation that is prepared for this Python.

    By its own version's preparation for tests, which does not write to this Python.
    """
    folder = Path(launcher).parent.parent
    copy = folder / "prepared"
    if not copy.exists():
        others = shutil.ignore_patterns("prepared", "previous")
        shutil.copytree(folder, copy, ignore=others)
        (script,) = (
            file for name in ("testing", "tests") for file in Path(checkout).glob(f"{name}/preparing.py")
        )
        runpy.run_path(str(script))["prepare"](copy, str(Path(sys.executable).resolve()))
    return str(copy / "bin" / "mkl-launch")


def installed(folder: Path, checkout: str = str(HERE.parent)) -> str:
    """Install a checkout, and return the path of its `mkl-launch`."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), checkout]
    subprocess.run(pip, check=True)
    return str(folder / "bin" / "mkl-launch")
