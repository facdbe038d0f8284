"""A program under a real kernel limit, which does a round of work on request."""

from __future__ import annotations

import abc
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing import servers
from testing.cgroups import UNLIMITED, Limited, limited
from testing.environments import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
PATIENCE = 120  # seconds, for a program that loads on a busy machine
CLIENTS = 2  # of a server, each with one request after another


class Work(NamedTuple):
    """The result of a round: the seconds of each unit, and units per second."""

    times: list[float]
    rate: float


class Contained(abc.ABC):
    """A program in a control group of its own."""

    def __init__(self, place: Limited) -> None:
        self.place = place

    @abc.abstractmethod
    def load(self) -> None:
        """Import and build without the limit, to save time; `end` waits for it."""

    @abc.abstractmethod
    def begin(self, seconds: float) -> None:
        """Start a round of work; `end` waits for it."""

    @abc.abstractmethod
    def end(self) -> Work:
        """Return the result of what `begin` has started."""

    def stop(self) -> None:
        """Keep its threads from spinning while another one is measured."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Continue after `stop`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for group in self.place.groups:
            for pid in (group / "cgroup.procs").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), number)


class Process(Contained):
    """A process of units.py."""

    def __init__(self, place: Limited, connection: socket.socket, log: Path) -> None:
        super().__init__(place)
        self._log = log
        self._stream = connection.makefile("rw")
        known = self._answer()
        self.environ: dict[str, str] = known["environ"]
        self.mask: list[int] = known["mask"]

    def load(self) -> None:
        self.place.change(UNLIMITED)
        self._send("load")

    def begin(self, seconds: float) -> None:
        self._send(f"run {seconds}")

    def end(self) -> Work:
        times = self._answer() or []
        return Work(times, len(times) / sum(times) if times else 0)

    def _send(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()

    def _answer(self) -> Any:
        line = self._stream.readline()
        if not line:
            raise ChildProcessError(self._log.read_text()[-2000:])
        return json.loads(line)


class Server(Contained):
    """A multi-model-server in a control group, and clients outside of it."""

    def __init__(
        self, place: Limited, ports: dict[str, int], log: Path, clients: ThreadPoolExecutor
    ) -> None:
        super().__init__(place)
        self._ports, self._log, self._clients = ports, log, clients
        self._rounds: list[Future[list[float]]] = []

    def load(self) -> None:
        self._rounds = [self._clients.submit(self._ready)]

    def _ready(self) -> list[float]:
        servers.listens(self._ports["management"], self._log)  # so its JVM has seen the limit
        self.place.change(UNLIMITED)
        servers.number_of_workers(self._ports["management"], self._log)
        return self._requests(0)

    def begin(self, seconds: float) -> None:
        self._rounds = [self._clients.submit(self._requests, seconds) for _ in range(CLIENTS)]

    def end(self) -> Work:
        found = [one.result() for one in self._rounds]
        times = [time for times in found for time in times]
        return Work(times, sum(len(one) / sum(one) for one in found))

    def _requests(self, seconds: float) -> list[float]:
        """Send one request that does not count, then those that do."""
        times: list[float] = []
        connection = http.client.HTTPConnection("127.0.0.1", self._ports["inference"], timeout=PATIENCE)
        with contextlib.closing(connection):
            end = time.perf_counter()
            while len(times) < 3 or time.perf_counter() < end:
                before = time.perf_counter()
                connection.request("POST", "/predictions/model", body="x")
                connection.getresponse().read()
                if not times:
                    end = time.perf_counter() + seconds
                times.append(time.perf_counter() - before)
        return times[1:]


@contextlib.contextmanager
def process(argv: Sequence[str], environ: Mapping[str, str], **limit: Any) -> Iterator[Process]:
    """Start `argv`, which ends in units.py and a name, in a group with this limit."""
    with (
        tempfile.TemporaryDirectory() as folder,
        limited(**limit) as place,
        socket.socket(socket.AF_UNIX) as listener,
    ):
        listener.bind(f"{folder}/socket")
        listener.listen()
        listener.settimeout(0.1)
        with _started(place, [*argv, f"{folder}/socket"], environ, folder) as (child, log):
            connection = _accept(listener, child)
            if not connection:
                raise ChildProcessError(log.read_text()[-2000:])
            with connection:
                connection.settimeout(PATIENCE)
                yield Process(place, connection, log)


def _accept(listener: socket.socket, child: subprocess.Popen[bytes]) -> socket.socket | None:
    """Return the connection of the child; None if the child has ended before it connected."""
    deadline = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):
            return listener.accept()[0]
    return None


@contextlib.contextmanager
def server(
    prefix: Sequence[str], config: str, archives: Path, environ: Mapping[str, str], **limit: Any
) -> Iterator[Server]:
    """Start a multi-model-server with additional lines in its configuration."""
    programs = ENVIRONMENTS / "servers" / "bin"
    ports = servers.free_ports()
    with (
        tempfile.TemporaryDirectory() as folder,
        limited(**limit) as place,
        ThreadPoolExecutor(CLIENTS) as clients,
    ):
        file = Path(folder) / "server.properties"
        file.write_text(servers.configuration(ports, archives) + config)
        program = [
            str(programs / "multi-model-server"),
            "--start",
            "--foreground",
            "--mms-config",
            str(file),
        ]
        own = {**environ, "PATH": f"{programs}:{environ['PATH']}", "TMPDIR": folder, "TEMP": folder}
        with _started(place, [*prefix, *program], own, folder) as (_, log):
            yield Server(place, ports, log, clients)


@contextlib.contextmanager
def _started(
    place: Limited, argv: list[str], environ: Mapping[str, str], folder: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start the server and yield it with its log."""
    log = Path(folder) / "log"
    with log.open("w") as output:
        child = subprocess.Popen(
            place.command(argv), env=dict(environ), stdout=output, stderr=output, cwd=folder
        )
    try:
        yield child, log
    finally:
        child.kill()
        child.wait()


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Run one busy process on the host, outside of every limit."""
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        neighbour.kill()
        neighbour.wait()
