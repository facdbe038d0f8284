"""A trial: one run of the command with some settings, and its cost."""

from __future__ import annotations

import re
import socket
import time

from mkl_launch.core.cpulist import positive
from mkl_launch.core.record import Record
from mkl_launch.launch.apply import execute, prefer_node, set_mask
from mkl_launch.tune.process import Process
from mkl_launch.tune.search import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mkl_launch.model.tune_options import TuneOptions
    from mkl_launch.policy.plan import Plan

POLL = 0.02  # seconds between looks at a server that starts
CONNECT = 1.0  # seconds for one connection
FREE = 10.0  # seconds until nobody listens any more on the port of the server before
LOCAL = "127.0.0.1"
MILLISECONDS = {"": 1.0, "us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}  # as wrk and hey write times


class Trial(Record):
    """The way to run the command and to measure it."""

    options: TuneOptions
    environ: Mapping[str, str]  # of the load command
    also: dict[Plan, list[float]]  # the numbers of --also, of each run that has a cost

    def cost(self, plan: Plan, limit: float) -> float:
        """Run the command once; return its cost. Raise Problem, also after `limit` seconds."""
        if self.options.load:
            value = self._loaded(plan, limit)
        else:
            value = self._run(plan, Process(_command(plan)), limit)
        return 1 / value if self.options.maximize else value

    def _run(self, plan: Plan, process: Process, limit: float, name: str = "the command") -> float:
        """Wait for a process that ends; return its time, or the number in its output."""
        try:
            if not process.wait(limit):
                raise Problem(f"{name} took more than {limit:.1f} s")
            if not process.succeeded():
                raise Problem(f"{name} {_ending(process)}")
            options, text = self.options, process.text()
            also = _number("also", options.also, text) if options.also else 0
            value = _number("metric", options.metric, text) if options.metric else process.seconds
            self.also.setdefault(plan, []).append(also)
            return value
        finally:
            process.end(grace=0)

    def _loaded(self, plan: Plan, limit: float) -> float:
        """Start a server, wait until it is ready, and load it; return the number of the load command."""
        end = time.monotonic() + limit
        self._wait_until_free(time.monotonic() + FREE)
        server = Process(_command(plan))
        try:
            while not self._is_ready(server):
                if server.ended():
                    raise Problem(f"the server {_ending(server)}")
                if time.monotonic() > end:
                    raise Problem(
                        f"the server was not ready after {limit:.1f} s (--ready {self.options.ready})"
                    )
                time.sleep(POLL)
            words = ("/bin/sh", "-c", self.options.load)
            load = Process(lambda: execute(words, self.environ))
            return self._run(plan, load, max(POLL, end - time.monotonic()), "the load command")
        finally:
            server.end()

    def _is_ready(self, server: Process) -> bool:
        port = positive(self.options.ready)
        if port:
            return _accepts(port)
        return bool(re.search(self.options.ready, server.text(), re.MULTILINE))

    def _wait_until_free(self, end: float) -> None:
        """Wait until nobody listens on the port, so that no other server is measured."""
        port = positive(self.options.ready)
        while port and _accepts(port):
            if time.monotonic() > end:
                raise Problem(f"the server cannot be started: another process listens on port {port}")
            time.sleep(POLL)


def _command(plan: Plan) -> Callable[[], None]:
    """Return a function that turns a child into the command, as a launch does."""

    def start() -> None:
        if plan.mask is not None:
            set_mask(plan.mask)
        if plan.node is not None:
            prefer_node(plan.node)
        execute(plan.command, plan.environ)

    return start


def _accepts(port: int) -> bool:
    try:
        socket.create_connection((LOCAL, port), CONNECT).close()
    except OSError:
        return False
    return True


def _ending(process: Process) -> str:
    """Return how a process has ended, with the last line of its output."""
    last = process.text().strip().rpartition("\n")[2][:200]
    status = process.status or 0
    how = f"was ended by signal {status & 127}" if status & 127 else f"ended with status {status >> 8}"
    return f"{how}: {last}" if last else how


def _number(option: str, pattern: str, text: str) -> float:
    """Return the last number that a regular expression finds: its first group, or all of it.

    A time with a unit is returned in milliseconds.
    """
    matches = list(re.finditer(pattern, text, re.MULTILINE))
    if not matches:
        raise Problem(f"no output matches --{option} {pattern}")
    found = matches[-1].group(1 if matches[-1].re.groups else 0)
    digits = (found or "").rstrip("umsin")
    factor = MILLISECONDS.get((found or "")[len(digits) :], 0.0)
    try:
        number = float(digits) * factor
    except ValueError:
        number = -1
    if not 0 < number < float("inf"):
        raise Problem(f"--{option} {pattern} finds {found!r}, which is not a number above 0")
    return number
