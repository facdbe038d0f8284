"""The streams of instances: their output is merged into whole lines with a prefix.

No call here blocks.
"""

from __future__ import annotations

import os
import select

from mkl_launch.core.messages import has_room, open_nonblocking_tty

CHUNK = 1 << 16
# A pipe that poll(2) calls writable takes as many bytes at once (pipe(7)).
WRITE_SIZE = select.PIPE_BUF
# What bounds the memory: 24 MiB in the worst case, with any number of instances.
MAX_LINE = 1 << 20  # a line beyond it is broken
MAX_UNFINISHED = (
    16 << 20
)  # of lines that have no end yet, of all instances: beyond it the next one is broken
HIGH_WATER_MARK = (
    1 << 20
)  # not yet written: no more is read, and the instances wait, as with any slow reader


class Sink:
    """A stream of the supervisor (or both, if they are one file) and the lines to be written there."""

    def __init__(self, number: int) -> None:
        self.descriptor = open_nonblocking_tty(number)
        self.waiting = bytearray()
        self.flush_bytes = 0  # how much of it, from the beginning, has a line of an instance's in it
        self.broken = False

    def add(self, line: bytes, *, must_flush: bool = True) -> None:
        """Queue a whole line with its newline; `must_flush`: it is an instance's."""
        if not self.broken:
            self.waiting += line
            self.flush_bytes = len(self.waiting) if must_flush else self.flush_bytes

    def write(self) -> None:
        """Write a piece, after poll(2) has said that there is room.

        It ends where a line does, if one ends in it: others may write to the same file.
        """
        end = self.waiting.rfind(b"\n", 0, WRITE_SIZE) + 1 or WRITE_SIZE
        try:
            written = os.write(self.descriptor, self.waiting[:end])
        except (InterruptedError, BlockingIOError):
            return
        except OSError:  # the reader has gone: what comes is read no more, and the writers are told
            self.broken, written = True, len(self.waiting)
        del self.waiting[:written]
        self.flush_bytes = max(0, self.flush_bytes - written)


class Stream:
    """One output stream of one instance: the reading end of its pipe."""

    def __init__(self, descriptor: int, prefix: bytes, sink: Sink) -> None:
        self.descriptor, self.prefix, self.sink = descriptor, prefix, sink
        self.line = bytearray()
        os.set_blocking(descriptor, False)

    def read(self) -> bool | None:
        """Read and pass on whole lines; return False at the end of the stream, None if there is no data."""
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
        if len(self.line) > MAX_LINE:
            self.break_line()
        return bool(data)

    def break_line(self) -> None:
        """Pass on an unfinished line as a line of its own."""
        self._pass_on(b"")

    def close(self) -> None:
        """Pass on a last line without a newline, and close the pipe."""
        if self.line and not self.sink.broken:
            self.break_line()
        os.close(self.descriptor)

    def _pass_on(self, end: bytes) -> None:
        self.sink.add(self.prefix + self.line + end + b"\n")
        self.line.clear()


class Relay:
    """All streams of all instances, and their sinks: only one if both are the same file.

    With two of them a line of one would end up in the middle of a line of the other.
    """

    def __init__(self) -> None:
        out = Sink(1)
        self.sinks = {1: out, 2: out if os.path.samestat(os.fstat(1), os.fstat(2)) else Sink(2)}
        self.streams: dict[int, Stream] = {}
        self.held = 0  # bytes of lines that have no end yet

    def say(self, line: bytes) -> None:
        """Queue the supervisor's own message after pending output, so that lines are not interleaved."""
        if len(self.sinks[2].waiting) < 4 * HIGH_WATER_MARK:
            self.sinks[2].add(line, must_flush=False)

    def pipes(self, prefix: bytes) -> dict[int, int]:
        """Make the pipes of an instance; return the writing ends for its descriptors 1 and 2."""
        ends: dict[int, int] = {}
        try:
            for number, sink in self.sinks.items():
                read, ends[number] = os.pipe()
                self.streams[read] = Stream(read, prefix, sink)
        except OSError:
            for end in ends.values():  # the other end is closed as that of any instance that has ended
                os.close(end)
            raise
        return ends

    def close_readers(self) -> None:
        """Close the reading ends in a new process, which must not hold what belongs to the supervisor."""
        for read in self.streams:
            os.close(read)

    def wanted(self) -> list[tuple[int, int]]:
        """Return each (descriptor, event) to poll for."""
        writable = [(sink.descriptor, select.POLLOUT) for sink in set(self.sinks.values()) if sink.waiting]
        readable = [
            (number, select.POLLIN)
            for number, stream in self.streams.items()
            if len(stream.sink.waiting) < HIGH_WATER_MARK
        ]
        return writable + readable

    def ready(self, descriptor: int, *, last: bool = False) -> None:
        """Read or write a descriptor after poll(2) has reported that it will not block.

        `last`: every instance has ended, and who else holds its end of the pipe is not waited for.
        """
        stream = self.streams.get(descriptor)
        if stream is None:
            next(sink for sink in self.sinks.values() if sink.descriptor == descriptor).write()
            return
        if len(stream.sink.waiting) >= HIGH_WATER_MARK:  # by another stream, since poll(2) was asked
            return
        before = len(stream.line)
        got = stream.read()
        self.held += len(stream.line) - before
        if self.held > MAX_UNFINISHED:
            self.held -= len(stream.line)
            stream.break_line()
        if stream.sink.broken or got is False or (last and got is None):
            self.held -= len(stream.line)
            self.streams.pop(descriptor).close()

    def finish(self) -> bool:
        """Read the rest of the pipes after the last instance; return True if all of it is written.

        What the supervisor itself has to say is written if there is room, and not waited for.
        """
        for descriptor, stream in list(self.streams.items()):
            while descriptor in self.streams and len(stream.sink.waiting) < HIGH_WATER_MARK:
                self.ready(descriptor, last=True)
        if self.streams or any(sink.flush_bytes for sink in self.sinks.values()):
            return False
        for sink in self.sinks.values():
            if sink.waiting and has_room(sink.descriptor):
                sink.write()
        return True


def open_standard() -> None:
    """Open the standard streams that are closed, whose numbers the next pipe would get."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            _replace(descriptor, _nothing(os.O_RDWR))


def take_streams(ends: dict[int, int], *, alone: bool) -> None:
    """Set the streams of an instance: `ends` for its output; standard input only for a single one."""
    if not alone:
        _replace(0, _nothing(os.O_RDONLY))
    for descriptor, end in ends.items():
        _replace(descriptor, end)


def _nothing(flags: int) -> int:
    """Open /dev/null, or, if it is missing, the reading end of a closed pipe."""
    try:
        return os.open("/dev/null", flags)
    except OSError:
        read, write = os.pipe()
        os.close(write)
        return read


def _replace(descriptor: int, by: int) -> None:
    """Make `descriptor` refer to the file `by`, after exec too."""
    if by == descriptor:
        os.set_inheritable(descriptor, True)
    else:
        os.dup2(by, descriptor)
        os.close(by)
