"""Threads that compute, in the guest: on which CPU each is, where it may run, and which CPUs worked.

`placed.py libgomp.so.1` starts the threads of an OpenMP, `placed.py 4` four threads of no library. The
work is strlen(3), a C function with one argument, as GOMP_parallel calls it: so no compiler is needed.
"""

from __future__ import annotations

import ctypes
import json
import sys
import threading
from pathlib import Path

WORK = 8 << 20  # bytes: about 10 ms in an emulator
TURNS = 12  # so that a kernel that moves threads has time to do it
PROCESSOR = 36  # of the fields of /proc/PID/stat behind the name: number 39 in proc(5)
C = ctypes.CDLL(None)
TEXT = ctypes.create_string_buffer(b"x" * WORK)


def compute_with(library: str) -> list[dict[str, object]]:
    """Compute in OpenMP's threads, which stay after a parallel region, and return where they are."""
    openmp = ctypes.CDLL(library)
    for _ in range(TURNS):
        openmp.GOMP_parallel(C.strlen, TEXT, 0, 0)
    return _placed()


def compute_in(number: int) -> list[dict[str, object]]:
    """Compute in threads that nobody binds, and return where they are."""
    computed = threading.Barrier(number + 1)
    shown = threading.Event()

    def work() -> None:
        for _ in range(TURNS):
            C.strlen(TEXT)
        computed.wait()
        shown.wait()

    for _ in range(number):
        threading.Thread(target=work).start()
    computed.wait()
    threads = _placed()[1:]  # the first one only waits
    shown.set()
    return threads


def _placed() -> list[dict[str, object]]:
    tasks = sorted(Path("/proc/self/task").iterdir(), key=lambda task: int(task.name))
    return [{"cpu": _cpu(task), "allowed": _allowed(task)} for task in tasks]


def _cpu(task: Path) -> int:
    return int((task / "stat").read_text().rpartition(") ")[2].split()[PROCESSOR])


def _allowed(task: Path) -> str:
    return (task / "status").read_text().partition("Cpus_allowed_list:")[2].split()[0]


def _ticks() -> dict[int, int]:
    """Return the time in user mode of each CPU, in hundredths of a second."""
    lines = (line.split() for line in Path("/proc/stat").read_text().splitlines())
    return {int(words[0][3:]): int(words[1]) for words in lines if words[0][3:].isdigit()}


if __name__ == "__main__":
    before = _ticks()
    threads = compute_in(int(sys.argv[1])) if sys.argv[1].isdigit() else compute_with(sys.argv[1])
    worked = {cpu: ticks - before[cpu] for cpu, ticks in _ticks().items()}
    print(json.dumps({"threads": threads, "worked": worked}))
