"""Would a start that counts the idle CPUs of the host help? Trials on a machine with two CPUs.

`python benchmarks/idle_cpus.py LAUNCHER [ROUNDS]` measures programs with all CPUs, and with the one that a
start would find idle, beside neighbours that stay, come, go or work in bursts. LAUNCHER is the path of an
installed mkl-launch. The figures in docs/slots.md are from here.
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import contained
from contenders import CLEAN, FRAMEWORKS, HERE

from testing.cgroups import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = 2.0
PROGRAMS = ("matrix product, NumPy", "ResNet-50, PyTorch", "ResNet-50, ONNX Runtime")
BUSY = "while True: pass"
BURSTS = """\
import time
while True:
    end = time.monotonic() + 0.25
    while time.monotonic() < end: pass
    time.sleep(0.25)
"""


@contextlib.contextmanager
def neighbour(code: str) -> Iterator[Callable[[], None]]:
    """Run a process of Python; yield what ends it."""
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield process.kill
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def ends_early() -> Iterator[None]:
    with neighbour(BUSY) as end:
        timer = threading.Timer(SECONDS / 4, end)
        timer.start()
        yield
        timer.join()


@contextlib.contextmanager
def begins_late() -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        timer = threading.Timer(SECONDS / 4, lambda: stack.enter_context(neighbour(BUSY)))
        timer.start()
        yield
        timer.join()


NEIGHBOURS: dict[str, Callable[[], contextlib.AbstractContextManager[object]]] = {
    "has ended": contextlib.nullcontext,
    "is always busy": lambda: neighbour(BUSY),
    "is busy every other quarter of a second": lambda: neighbour(BURSTS),
    "ends after a quarter of the run": ends_early,
    "begins after a quarter of the run": begins_late,
}


def main(launcher: str, rounds: int = 3) -> None:
    """Print the units per second with two threads and with one, and their ratio."""
    for program in PROGRAMS:
        words = (str(FRAMEWORKS), str(HERE / "units.py"), program)
        with contextlib.ExitStack() as stack:
            ways = [
                stack.enter_context(
                    contained.process((launcher, "-q", *option, "--", *words), CLEAN, quota=UNLIMITED)
                )
                for option in ((), ("--cpus", "1"))
            ]
            for way in ways:
                way.load()
                way.end()
                way.stop()
            for name, beside in NEIGHBOURS.items():
                rates: tuple[list[float], list[float]] = ([], [])
                for _ in range(rounds):
                    for way, found in zip(ways, rates, strict=True):
                        way.go_on()
                        with beside():
                            way.begin(SECONDS)
                            found.append(way.end().rate)
                        way.stop()
                two, one = map(statistics.median, rates)
                print(
                    f"{program} | the neighbour {name} | {two:.1f} {one:.1f} | {one / two:.2f}", flush=True
                )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
