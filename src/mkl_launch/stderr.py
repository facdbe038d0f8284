"""One line on standard error, for which no start waits. Any Python 3.6 can read this file, as `start`."""

import posix

# A pipe that poll(2) calls writable takes as many bytes at once (pipe(7)).
PIPE_BUF = 4096


def say(line: str) -> None:
    """One line, if there is anybody to read it.

    Nothing is said where a pipe is full or broken, and no more than there is room for on a terminal.
    """
    data = said(line)
    try:
        from _signal import SIG_IGN, SIGPIPE, signal

        signal(SIGPIPE, SIG_IGN)  # which a failed exec had set back
        stream = without_waiting(2)
        if has_room(stream):
            posix.write(stream, data)
        if stream != 2:
            posix.close(stream)
    except (ImportError, OSError):
        pass


def said(line: str) -> bytes:
    """The line as it is written; what would break or move it is spelled out."""
    plain = "".join(char if char >= " " and char != "\x7f" else f"\\x{ord(char):02x}" for char in line)
    return f"mkl-launch: {plain}".encode("utf-8", "surrogateescape")[: PIPE_BUF - 1] + b"\n"


def has_room(descriptor: int) -> bool:
    """Would a write of a piece not wait?"""
    from select import POLLOUT, poll

    stream = poll()
    stream.register(descriptor, POLLOUT)
    return bool(stream.poll(0))


def without_waiting(descriptor: int) -> int:
    """A terminal that takes no more than there is room for, where poll(2) tells only that it takes a byte.

    Opened anew, as its flags belong to others too; as it is where it is somebody else's, as in a container
    of another user. Any other file is itself.
    """
    if not posix.isatty(descriptor):
        return descriptor
    try:
        return posix.open(f"/proc/self/fd/{descriptor}", posix.O_WRONLY | posix.O_NONBLOCK | posix.O_NOCTTY)
    except OSError:
        return descriptor
