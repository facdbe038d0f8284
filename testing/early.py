"""Signals in the first milliseconds of a start: `python testing/early.py INSTALLED ROUNDS [ENTRY...]`.

It is well if the start ends by the signal, or if the command gets it and ends with status 7. A signal
that is lost is not.
"""

from __future__ import annotations

import collections
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from testing.preparing import prepare
from testing.process import PATH, SHELLS, shell

COMMAND = ["/bin/sh", "-c", 'trap "exit 7" TERM INT HUP; while :; do /bin/sleep 0.02; done']
FIRST = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
OWN = 7
PATIENCE = 10.0  # seconds in which a signal has its effect
PATIENCE_WITH_PROCESS_1 = 2.0  # which loses some: each costs the test so long


class Early(NamedTuple):
    """A signal, and the time after the exec of the entry at which it was sent, in seconds."""

    number: int
    after: float
    first: bool = False  # to process 1 of a container


def ended(argv: list[str], early: Early) -> bool:
    """Return whether the signal ended the start or the command."""
    before = FIRST if early.first else []
    words = [*before, *argv, *COMMAND]
    with subprocess.Popen(words, env={"PATH": PATH}, stderr=subprocess.DEVNULL) as process:
        pid = _child(process.pid) if early.first else process.pid
        time.sleep(early.after)
        os.kill(pid, early.number)
        try:
            process.wait(PATIENCE_WITH_PROCESS_1 if early.first else PATIENCE)
        except subprocess.TimeoutExpired:
            os.kill(pid, signal.SIGKILL)
            return False
    # Of Python's own start an interrupt is status 1.
    statuses = (OWN, 128 + early.number) if early.first else (OWN, -early.number)
    return process.returncode in statuses or (early.number, process.returncode) == (signal.SIGINT, 1)


def _child(pid: int) -> int:
    """Return the child of unshare(1) after it has executed the entry."""
    while True:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children and not Path(f"/proc/{children[0]}/cmdline").read_bytes().startswith(b"unshare"):
            return int(children[0])


def in_full(folder: Path, rounds: int, only: list[str]) -> None:
    """Print for each entry how many of the signals were lost."""
    with tempfile.TemporaryDirectory() as place:
        prepared = Path(place) / "prepared"
        shutil.copytree(folder, prepared)
        prepare(prepared)
        entries = {name: [*shell(name), str(folder / "bin" / "mkl-launch"), "-q", "--"] for name in SHELLS}
        entries["prepared"] = [str(prepared / "bin" / "mkl-launch"), "-q", "--"]
        entries["no launcher"] = []
        for first in (False, True):
            for name, argv in entries.items():
                if only and name not in only:
                    continue
                lost: collections.Counter[str] = collections.Counter()
                for number in SIGNALS:
                    tries = (Early(number, 0.05 * at / rounds, first) for at in range(rounds))
                    lost[signal.Signals(number).name] = sum(not ended(argv, early) for early in tries)
                kind = "process 1" if first else "any process"
                print(f"{kind}, {name}: lost {dict(lost)} of {rounds} each", flush=True)


if __name__ == "__main__":
    in_full(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
