"""Before and after: a real network under a real CPU limit, untouched and through mkl-launch.

Needs mkl-launch and PyTorch (or NumPy and threadpoolctl) beside the Python that runs it, and a machine that
lets it set a limit (root, a writable cpu control group); elsewhere it says so and runs without one.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
sys.path.insert(0, str(PROJECT))  # of this checkout: the demo has an environment of its own

from testing.cgroups import Limited, limited, why_not  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

LAUNCHER = shutil.which("mkl-launch", path=str(Path(sys.executable).parent)) or "mkl-launch"
WAYS = {"untouched": [], "mkl-launch": [LAUNCHER, "-q", "--"]}
POOLS_SCRIPT = PROJECT / "testing" / "programs" / "pools.py"
POOLS = {  # modules and their pools, as testing/programs/pools.py asks for them
    "torch": "pytorch",
    "numpy": "numpy",
    "tensorflow": "tensorflow_intra_op",
}
# "Untouched" is without settings of whoever runs this.
NAMES = (
    "OMP_NUM_THREADS",
    "OMP_WAIT_POLICY",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)
CLEAN = {name: value for name, value in os.environ.items() if name not in (*NAMES, "MKL_LAUNCH_APPLIED")}
HEADER = ("limit", "beside it", "", "threads", "per second", "p50 ms", "p99 ms", "throttled")


@contextlib.contextmanager
def company(busy: bool) -> Iterator[None]:  # noqa: FBT001
    """One busy neighbour on the host, outside the limit, or nobody."""
    if not busy:
        yield
        return
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()


def measure(place: Limited, prefix: list[str], seconds: float) -> dict[str, float]:
    """One run of the network; its own figures and the periods in which the quota ran out."""
    before = place.throttled()
    argv = [*prefix, sys.executable, str(HERE / "convnet.py"), "--seconds", str(seconds)]
    result: dict[str, float] = json.loads(place.run(argv, env=CLEAN).stdout)
    return {**result, "throttled": place.throttled() - before}


def compare(place: Limited, seconds: float, rounds: int) -> dict[str, dict[str, float]]:
    """Medians of interleaved runs, so that a noisy machine is noisy to both."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, prefix in WAYS.items():
            runs[way].append(measure(place, prefix, seconds))
    return {
        way: {key: statistics.median(run[key] for run in found) for key in found[0] if key != "library"}
        for way, found in runs.items()
    }


def show_pools(quotas: list[float | None]) -> None:
    """The threads of each library's own pool, as the library tells them."""
    print(row(("limit", "pool of", *WAYS)) + "\n" + row(("---",) * 4))
    for quota in quotas:
        for module, pool in POOLS.items():
            if importlib.util.find_spec(module):
                argv = [sys.executable, str(POOLS_SCRIPT), pool]
                with limited(quota=quota) as place:
                    sizes = [
                        place.run([*prefix, *argv], env=CLEAN).stdout.strip() for prefix in WAYS.values()
                    ]
                print(row((limit_name(quota), module, *sizes)), flush=True)
    print()


def limit_name(quota: float | None) -> str:
    """`1.0 CPUs`, or `none`."""
    return f"{quota} CPUs" if quota else "none"


def row(cells: tuple[object, ...]) -> str:
    """One line of the table."""
    return "| " + " | ".join(f"{cell!s:<10}" for cell in cells) + " |"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=2, help="of each run")
    options.add_argument("--rounds", type=int, default=3, help="runs of each kind; the median counts")
    asked = options.parse_args()
    if shutil.which(LAUNCHER) is None:
        sys.exit("mkl-launch is not installed beside this Python: pip install .")
    problem = why_not()
    if problem:
        print(f"No limit can be set here ({problem}), so this shows the machine without one.\n")
    quotas: list[float | None] = [None] if problem else [1.0, 0.5]
    show_pools(quotas)
    print(row(HEADER) + "\n" + row(("---",) * len(HEADER)))
    for quota in quotas:
        for busy in (False, True):
            with limited(quota=quota) as place, company(busy):
                table = compare(place, asked.seconds, asked.rounds)
            for way, found in table.items():
                figures = (found[key] for key in ("threads", "per_second", "p50_ms", "p99_ms", "throttled"))
                print(
                    row((limit_name(quota), "a busy one" if busy else "nobody", way, *figures)), flush=True
                )
            gain = table["mkl-launch"]["per_second"] / table["untouched"]["per_second"]
            print(row(("", "", f"{gain:.1f} times", *[""] * 5)), flush=True)


if __name__ == "__main__":
    main()
