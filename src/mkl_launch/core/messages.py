"""Messages on standard error, which never delay a start, and reports on standard output.

This file runs on Python 3.6, because `start` imports it.
"""

import posix

# If poll(2) reports a pipe as writable, a write of this many bytes does not block (pipe(7)).
PIPE_BUF = 4096


def say(line: str) -> None:
    """Write a line to standard error without blocking.

    Write nothing to a pipe that is full or broken, and to a terminal only as much as it has room for.
    """
    _write(format_line(line))


def say_json(line: str) -> None:
    """Write a line of JSON, in ASCII and shorter than PIPE_BUF, as `say` does."""
    _write(line.encode() + b"\n")


def tell(message: str, exit_status: "int | None" = None, *, as_json: bool = False) -> None:
    """Write an error that ends this process, or a warning if there is no exit status."""
    if not as_json:
        say(message)
        return
    try:
        from mkl_launch.core.json_text import message_line

        line = message_line("warning" if exit_status is None else "error", message, exit_status)
    except Exception:  # noqa: BLE001  # the module is damaged, or Python is too old for it
        say(message)
    else:
        say_json(line)


def _write(data: bytes) -> None:
    try:
        from _signal import SIG_BLOCK, SIG_IGN, SIG_SETMASK, SIGPIPE, SIGTTOU, pthread_sigmask, signal

        signal(SIGPIPE, SIG_IGN)  # a failed exec leaves its default action
        stream = open_nonblocking_tty(2)
        # A write from the background would stop this process, if the terminal is set to `stty tostop`.
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
    except BrokenPipeError:  # the reader has ended, like `head`
        return 0
    except OSError as error:
        say(f"standard output: {error.strerror}; the report is incomplete")
        return 1
    return 0


def format_line(line: str) -> bytes:
    """Return the bytes of a message: printable, prefixed, and short enough for one write."""
    data = f"mkl-launch: {printable(line)}".encode()[: PIPE_BUF - 1]
    return data.decode("utf-8", "ignore").encode() + b"\n"  # drops a character that was cut in two


def printable(text: str) -> str:
    """Return a text with each unprintable character escaped (ESC as its hexadecimal code).

    Texts of other users could otherwise control the terminal. Unprintable are Unicode's control, format and
    separator characters except the space, and bytes that are not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # stands for a byte ("surrogateescape", PEP 383)
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def has_room(descriptor: int) -> bool:
    """Return True if a write of PIPE_BUF bytes would not block."""
    from select import POLLOUT, poll

    stream = poll()
    stream.register(descriptor, POLLOUT)
    return bool(stream.poll(0))


def open_nonblocking_tty(descriptor: int) -> int:
    """Return a new, non-blocking descriptor of a terminal, or the given one.

    poll(2) reports a terminal as writable if one byte fits, so a longer write could block. A new descriptor
    is needed because other processes share the flags of the given one. Return the given one if it is not a
    terminal, or one of another user, which cannot be opened.
    """
    if not posix.isatty(descriptor):
        return descriptor
    try:
        return posix.open(f"/proc/self/fd/{descriptor}", posix.O_WRONLY | posix.O_NONBLOCK | posix.O_NOCTTY)
    except OSError:
        return descriptor
