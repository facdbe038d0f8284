"""What the launcher writes: a line on standard error, for which no start waits; reports on standard output.

Any Python 3.6 can read this file, as `start`.
"""

import posix

# A pipe that poll(2) calls writable takes as many bytes at once (pipe(7)).
PIPE_BUF = 4096


def say(line: str) -> None:
    """One line, if there is anybody to read it.

    Nothing is said where a pipe is full or broken, and no more than there is room for on a terminal.
    """
    data = format_line(line)
    try:
        from _signal import SIG_BLOCK, SIG_IGN, SIG_SETMASK, SIGPIPE, SIGTTOU, pthread_sigmask, signal

        signal(SIGPIPE, SIG_IGN)  # which a failed exec had set back
        stream = open_nonblocking_tty(2)
        # In the background of a terminal with `stty tostop` it would stop this process.
        before = pthread_sigmask(SIG_BLOCK, (SIGTTOU,))
        try:
            if has_room(stream):
                posix.write(stream, data)
        finally:
            pthread_sigmask(SIG_SETMASK, before)
        if stream != 2:
            posix.close(stream)
    except (ImportError, OSError):
        pass


def write_output(text: str) -> int:
    """Write text, UTF-8 or not, to standard output; return the exit status."""
    data = (text + "\n").encode("utf-8", "surrogateescape")
    try:
        while data:
            data = data[posix.write(1, data) :]
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        return 0
    except OSError as error:
        say(f"standard output: {error.strerror}")
        return 1
    return 0


def format_line(line: str) -> bytes:
    """The line as it is written; what would break or move it is spelled out."""
    data = f"mkl-launch: {printable(line)}".encode()[: PIPE_BUF - 1]
    return data.decode("utf-8", "ignore").encode() + b"\n"  # without half a character at the end


def printable(text: str) -> str:
    """Spell out whatever is not printable, as ESC in hexadecimal: it may come from somebody else.

    That is all of Unicode's control, format and separator characters but the space (C0, C1, DEL, marks that
    turn the direction of writing), and bytes that are no UTF-8, of which some are controls to a terminal.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _spelled(ord(char)) for char in text)


def _spelled(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # a byte, see "surrogateescape" in PEP 383
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def has_room(descriptor: int) -> bool:
    """Would a write of a piece not wait?"""
    from select import POLLOUT, poll

    stream = poll()
    stream.register(descriptor, POLLOUT)
    return bool(stream.poll(0))


def open_nonblocking_tty(descriptor: int) -> int:
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
