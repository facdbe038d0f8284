"""The streams of the instances: their output is merged line by line, with prefixes.

No call here blocks.
"""

from __future__ import annotations

import os
import select

from mkl_launch.core.messages import has_room, open_nonblocking_tty

CHUNK = 1 << 16
# If poll(2) reports a pipe as writable, a write of this many bytes does not block (pipe(7)).
WRITE_SIZE = select.PIPE_BUF
# These limits bound the memory to 24 MiB, with any number of instances.
MAX_LINE = 1 << 20  # bytes; a longer line is broken
MAX_UNFINISHED = 16 << 20  # bytes of unfinished lines of all instances; above it the next line is broken
HIGH_WATER_MARK = 1 << 20  # bytes to be written; above it nothing is read, so that the instances wait


class Sink:
    """Standard output or error of the supervisor (both, if one file), and the lines that wait for it."""

    def __init__(self, number: int) -> None:
        self.descriptor = open_nonblocking_tty(number)
        self.waiting = bytearray()
        self.flush_bytes = 0  # of `waiting`, up to the end of the last line of an instance
        self.broken = False

    def add(self, line: bytes, *, must_flush: bool = True) -> None:
        """Queue a line with its newline. `must_flush`: the supervisor may not end before it is written."""
        if not self.broken:
            self.waiting += line
            self.flush_bytes = len(self.waiting) if must_flush else self.flush_bytes

    def write(self) -> None:
        """Write up to WRITE_SIZE bytes, after poll(2) has reported that this does not block.

        Write whole lines if possible, because other processes may write to the same file.
        """
        end = self.waiting.rfind(b"\n", 0, WRITE_SIZE) + 1 or WRITE_SIZE
        try:
            written = os.write(self.descriptor, self.waiting[:end])
        except (InterruptedError, BlockingIOError):
            return
        except OSError:  # the reader has ended: the pipes are closed, so that the writers notice it
            self.broken, written = True, len(self.waiting)
        del self.waiting[:written]
        self.flush_bytes = max(0, self.flush_bytes - written)


class Stream:
    """An output stream of an instance: the reading end of its pipe."""

    def __init__(self, descriptor: int, prefix: bytes, sink: Sink) -> None:
        self.descriptor, self.prefix, self.sink = descriptor, prefix, sink
        self.line = bytearray()
        os.set_blocking(descriptor, False)

    def read(self) -> bool | None:
        """Read data and queue whole lines; return True after data, None without, False at the end."""
        try:
            data = os.read(self.descriptor, CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._queue(line)
        self.line += rest
        if len(self.line) > MAX_LINE:
            self.break_line()
        return bool(data)

    def break_line(self) -> None:
        """Queue an unfinished line as a line of its own."""
        self._queue(b"")

    def close(self) -> None:
        """Queue a last line without a newline, and close the pipe."""
        if self.line and not self.sink.broken:
            self.break_line()
        os.close(self.descriptor)

    def _queue(self, end: bytes) -> None:
        self.sink.add(self.prefix + self.line + end + b"\n")
        self.line.clear()


class Relay:
    """All streams of all instances and their sinks.

    There is only one sink if standard output and error are the same file: two would mix their lines.
    """

    def __init__(self) -> None:
        out = Sink(1)
        self.sinks = {1: out, 2: out if os.path.samestat(os.fstat(1), os.fstat(2)) else Sink(2)}
        self.streams: dict[int, Stream] = {}
        self.unfinished = 0  # bytes of lines without an end

    def say(self, line: bytes) -> None:
        """Queue the supervisor's own message behind whole lines; drop it if 4 MiB wait already."""
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
            for end in ends.values():  # the reading ends are closed later, when they report their end
                os.close(end)
            raise
        return ends

    def close_readers(self) -> None:
        """Close the reading ends in a new process; only the supervisor may hold them."""
        for read in self.streams:
            os.close(read)

    def wanted(self) -> list[tuple[int, int]]:
        """Return (descriptor, event) of all streams to poll."""
        writable = [(sink.descriptor, select.POLLOUT) for sink in set(self.sinks.values()) if sink.waiting]
        readable = [
            (number, select.POLLIN)
            for number, stream in self.streams.items()
            if len(stream.sink.waiting) < HIGH_WATER_MARK
        ]
        return writable + readable

    def ready(self, descriptor: int, *, last: bool = False) -> None:
        """Read or write a descriptor after poll(2) has reported that it will not block.

        `last`: all instances have ended; do not wait for other processes that hold the pipe open.
        """
        stream = self.streams.get(descriptor)
        if stream is None:
            next(sink for sink in self.sinks.values() if sink.descriptor == descriptor).write()
            return
        if len(stream.sink.waiting) >= HIGH_WATER_MARK:  # filled by another stream since poll(2)
            return
        before = len(stream.line)
        got = stream.read()
        self.unfinished += len(stream.line) - before
        if self.unfinished > MAX_UNFINISHED:
            self.unfinished -= len(stream.line)
            stream.break_line()
        if stream.sink.broken or got is False or (last and got is None):
            self.unfinished -= len(stream.line)
            self.streams.pop(descriptor).close()

    def finish(self) -> bool:
        """Read the rest of the pipes after the end of the last instance; return True if all is written.

        The supervisor's own messages are written only if this does not block.
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
    """Open closed standard streams, so that no pipe gets their numbers."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            _redirect(descriptor, _open_null(os.O_RDWR))


def take_streams(ends: dict[int, int], *, alone: bool) -> None:
    """Set the streams of an instance. `ends` is for its output; only a single instance gets the input."""
    if not alone:
        _redirect(0, _open_null(os.O_RDONLY))
    for descriptor, end in ends.items():
        _redirect(descriptor, end)


def _open_null(flags: int) -> int:
    """Open /dev/null, or, if it is missing, the reading end of a closed pipe."""
    try:
        return os.open("/dev/null", flags)
    except OSError:
        read, write = os.pipe()
        os.close(write)
        return read


def _redirect(descriptor: int, target: int) -> None:
    """Make `descriptor` refer to the file of `target`, also after exec; close `target`."""
    if target == descriptor:
        os.set_inheritable(descriptor, True)
    else:
        os.dup2(target, descriptor)
        os.close(target)
