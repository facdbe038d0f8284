"""The streams of instances, and the output of several of them in one: whole lines with a prefix.

Nothing here waits.
"""

from __future__ import annotations

import os
import select

CHUNK = 1 << 16
# A pipe that poll(2) calls writable takes as many bytes at once (pipe(7)).
PIECE = select.PIPE_BUF
LONGEST = 8 << 20  # a line beyond it is broken, so that memory is bounded
ENOUGH = 1 << 20  # not yet written: no more is read, and the instances wait, as with any slow reader


class Sink:
    """Standard output or standard error of the supervisor: what waits to be written there."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.waiting = bytearray()
        self.broken = False

    def write(self) -> None:
        """Write a piece, after poll(2) has said that there is room."""
        try:
            del self.waiting[: os.write(self.descriptor, self.waiting[:PIECE])]
        except InterruptedError:
            return
        except OSError:  # the reader has gone: what comes is read no more, and the writers are told
            self.broken = True
            self.waiting.clear()


class Stream:
    """One stream of one instance: the end of the pipe that is read here."""

    def __init__(self, descriptor: int, prefix: bytes, sink: Sink) -> None:
        self.descriptor, self.prefix, self.sink = descriptor, prefix, sink
        self.line = bytearray()
        os.set_blocking(descriptor, False)

    def read(self) -> bool | None:
        """Take what is there and pass on whole lines; False at the end, None where nothing is there yet."""
        try:
            data = os.read(self.descriptor, CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._pass_on(line)
        self.line += rest
        if len(self.line) > LONGEST:
            self._pass_on(b"")
        return bool(data)

    def close(self) -> None:
        """Pass on a last line that has no end."""
        if self.line and not self.sink.broken:
            self._pass_on(b"")
        os.close(self.descriptor)

    def _pass_on(self, end: bytes) -> None:
        self.sink.waiting += self.prefix + self.line + end + b"\n"
        self.line.clear()


class Relay:
    """All streams of all instances, and the two sinks they go to."""

    def __init__(self) -> None:
        self.sinks = {number: Sink(number) for number in (1, 2)}
        self.streams: dict[int, Stream] = {}

    def pipes(self, prefix: bytes) -> dict[int, int]:
        """The ends that an instance writes to, for its descriptors 1 and 2."""
        ends = {}
        for number, sink in self.sinks.items():
            read, ends[number] = os.pipe()
            self.streams[read] = Stream(read, prefix, sink)
        return ends

    def wanted(self) -> list[tuple[int, int]]:
        """(descriptor, event) to poll for."""
        writable = [(sink.descriptor, select.POLLOUT) for sink in self.sinks.values() if sink.waiting]
        readable = [
            (number, select.POLLIN)
            for number, stream in self.streams.items()
            if len(stream.sink.waiting) < ENOUGH
        ]
        return writable + readable

    def ready(self, descriptor: int, *, last: bool = False) -> None:
        """Go on with a descriptor of which poll(2) has said that it will not block.

        `last`: every instance has ended, and who else holds its end of the pipe is not waited for.
        """
        stream = self.streams.get(descriptor)
        if stream is None:
            self.sinks[descriptor].write()
            return
        got = stream.read()
        if stream.sink.broken or got is False or (last and got is None):
            self.streams.pop(descriptor).close()

    def finish(self) -> bool:
        """After the last instance: take what is left in the pipes; is all of it written?"""
        for descriptor, stream in list(self.streams.items()):
            while descriptor in self.streams and len(stream.sink.waiting) < ENOUGH:
                self.ready(descriptor, last=True)
        return not self.streams and not any(sink.waiting for sink in self.sinks.values())


def open_standard() -> None:
    """A closed standard stream would be the number of the next pipe."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            _replace(descriptor, os.open("/dev/null", os.O_RDWR))


def log_file(path: str) -> dict[int, int]:
    """Both output streams into one file, after what it has."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    return {1: file, 2: os.dup(file)}


def take_streams(ends: dict[int, int], *, alone: bool) -> None:
    """Become an instance: its output goes to `ends`; input is for one that is alone."""
    if not alone:
        _replace(0, os.open("/dev/null", os.O_RDONLY))
    for descriptor, end in ends.items():
        _replace(descriptor, end)


def _replace(descriptor: int, by: int) -> None:
    os.dup2(by, descriptor)
    if by != descriptor:
        os.close(by)
