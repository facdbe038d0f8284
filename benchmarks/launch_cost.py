"""What a start through mkl-launch costs: CPU time of the process, beside its floor and its peers.

`python benchmarks/launch_cost.py [--runs N] [--launcher PATH]`. Runs are interleaved, so that a noisy
machine is noisy to all of them; the median counts, the least is shown beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOOR = "python3 -I -S -c pass"
GOAL = 2.0  # times the floor

# The launcher finds this very interpreter, not a shell script of a version manager.
ENVIRON = {**os.environ, "PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"}


def cost(argv: list[str]) -> tuple[float, float]:
    """CPU time (user and system) and wall time of one process, in milliseconds."""
    begin = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, ENVIRON, file_actions=_quiet())
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{' '.join(argv)}: exit status {os.waitstatus_to_exitcode(status)}")
    return (usage.ru_utime + usage.ru_stime) * 1000, wall * 1000


def _quiet() -> list[tuple[int, int, str, int, int]]:
    return [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]


def commands(launcher: str) -> dict[str, list[str]]:
    """What is compared; peers that are not installed are left out."""
    found = {
        FLOOR: [str(Path(sys.executable).resolve()), "-I", "-S", "-c", "pass"],
        "true": ["/bin/true"],
        "mkl-launch -- true": [launcher, "--", "/bin/true"],
        "mkl-launch --profile serving -- true": [launcher, "--profile", "serving", "--", "/bin/true"],
    }
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
    """What takes a hundred times as long, beside the launcher once more."""
    python = HERE.parent / ".venvs" / "frameworks" / "bin" / "python"
    if not python.exists():
        return {}
    run_cpu = [str(python), "-m", "torch.backends.xeon.run_cpu", "--no-python", "/bin/true"]
    one = [launcher, "--instances", "1", "--", "/bin/true"]
    return {
        "mkl-launch -- true": [launcher, "--", "/bin/true"],
        "mkl-launch --instances 1": one,
        "run_cpu": run_cpu,
    }


def table(argvs: dict[str, list[str]], runs: int) -> dict[str, float]:
    """Measure, print a table, and return the median CPU time of each."""
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in argvs}
    for _ in range(runs):
        for name, argv in argvs.items():
            costs[name].append(cost(argv))
    medians = {name: statistics.median(cpu for cpu, _ in found) for name, found in costs.items()}
    floor = medians[next(iter(argvs))]
    print(f"| {'start':<38} | CPU ms, median | least | wall ms | times the first |")
    print(f"| {'---':<38} | ---: | ---: | ---: | ---: |")
    for name, found in costs.items():
        least, wall = min(cpu for cpu, _ in found), statistics.median(w for _, w in found)
        ratio = medians[name] / floor
        print(f"| {name:<38} | {medians[name]:.1f} | {least:.1f} | {wall:.1f} | {ratio:.2f} |")
    return medians


def growth(launcher: str, runs: int) -> None:
    """The cost of reading larger machines, as made-up trees below --sysroot."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    from sysroot import Spec, sysroot

    with tempfile.TemporaryDirectory() as folder:
        argvs = {}
        for cores in (1, 36, 128, 256, 512):
            place = Path(folder) / str(cores)
            spec = Spec(cores=cores) if cores == 1 else Spec(sockets=2, cores=cores // 2, threads=2)
            sysroot(place, spec)
            command = [launcher, "--sysroot", str(place), "--print-env", "sh"]
            argvs[f"{cores * spec.threads} CPUs"] = command
        table(argvs, runs)


def main() -> None:
    """Print both tables and whether the goal is met."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=60)
    options.add_argument("--launcher", help="an installed mkl-launch (default: this checkout's wheel)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        launcher = asked.launcher or _installed(Path(folder))
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs, {asked.runs} interleaved runs\n")
        medians = table(commands(launcher), asked.runs)
        ratio = medians["mkl-launch -- true"] / medians[FLOOR]
        print(f"\nmkl-launch -- true: {ratio:.2f} times the floor (goal {GOAL})\n")
        slow = slow_commands(launcher)
        if slow:
            table(slow, max(3, asked.runs // 12))
            print()
        growth(launcher, max(5, asked.runs // 4))


def _installed(folder: Path) -> str:
    project = Path(__file__).resolve().parent.parent
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), str(project)]
    subprocess.run(pip, check=True)
    return str(folder / "bin" / "mkl-launch")


if __name__ == "__main__":
    main()
