"""Processes that hold slots of one directory, as containers do.

`python testing/slots.py ROUNDS` kills holders in random order for so many rounds, and looks after each that
no CPU is held twice and none is lost.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mkl_launch.core.cpulist import parse, show
from mkl_launch.host import topology
from mkl_launch.host.filesystem import Root
from mkl_launch.host.simulated import simulated_machine
from mkl_launch.launch.slot_locks import SlotLocks
from mkl_launch.launch.take_slots import Wish, hold
from mkl_launch.model.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path("/dev/shm")  # noqa: S108  # a mount of its own, as a directory of --slots must be


@contextlib.contextmanager
def shared_directory() -> Iterator[str]:
    """Yield a directory that can be used with --slots by any user."""
    directory = tempfile.mkdtemp(prefix="mkl-launch-", dir=SHARED)
    Path(directory).chmod(0o1777)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


def wish(machine: str, number: int) -> Wish:
    """Return the wish for a number of CPUs on a simulated machine, such as "2x18x2"."""
    root = simulated_machine(machine)
    online = topology.online(root)
    nodes = tuple(topology.nodes(root, online).values())
    return Wish(topology.cores(root, online), (nodes, ()), online, number, "a test")


class Holder:
    """A process that holds CPUs until it is killed."""

    def __init__(self, directory: str, asked: Wish, gate: tuple[int, int]) -> None:
        """Start a process that takes its CPUs when the caller closes the writing end of the pipe `gate`."""
        self.output, output = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            try:
                os.close(gate[1])
                os.read(gate[0], 1)
                found, _ = hold(Root(), Slots(directory), asked, "container\t1\ttest")
                os.write(output, f"{'own' if found.own else 'shared'} {show(found.cpus)}".encode())
                signal.pause()
            finally:
                os._exit(1)
        os.close(output)

    def cpus(self) -> tuple[frozenset[int], bool]:
        """Return the CPUs of the holder, once it has taken them, and whether nobody else held them."""
        kind, _, text = os.read(self.output, 4096).decode().partition(" ")
        return parse(text), kind == "own"

    def kill(self) -> None:
        """Kill the holder with SIGKILL."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.output)


def together(directory: str, asked: Wish, number: int) -> list[Holder]:
    """Start holders that take their CPUs at the same time."""
    gate = os.pipe()
    holders = [Holder(directory, asked, gate) for _ in range(number)]
    for end in gate:
        os.close(end)
    return holders


def held(directory: str) -> dict[int, int]:
    """Return {CPU: number of its holders} of a directory."""
    locks = SlotLocks(Root(), directory)
    try:
        return {cpu: len(rows) for cpu, rows in locks.rows(1024).items()}
    finally:
        locks.close()


def kill_in_random_order(directory: str, rounds: int, seed: int) -> None:
    """Kill and start holders; after each kill, what is held must be what the living hold."""
    order = random.Random(seed)
    asked = wish("2x18x2", 8)
    living: dict[Holder, frozenset[int]] = {}
    for turn in range(rounds):
        if len(living) == 9 or (living and order.random() < 0.4):
            holder = order.choice(list(living))
            holder.kill()
            del living[holder]
        else:
            (holder,) = together(directory, asked, 1)
            cpus, own = holder.cpus()
            assert own, f"round {turn}: {show(cpus)} are free"
            assert len(cpus) == 8
            living[holder] = cpus
        expected = {cpu: 1 for cpus in living.values() for cpu in cpus}
        assert held(directory) == expected, f"round {turn}"
    for holder in living:
        holder.kill()
    assert held(directory) == {}


if __name__ == "__main__":
    with shared_directory() as place:
        kill_in_random_order(place, int(sys.argv[1]), 0)
        print(f"{sys.argv[1]} rounds: no slot lost")
