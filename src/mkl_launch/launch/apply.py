"""The steps that turn the launcher into the command: affinity mask, memory policy, exec."""

from __future__ import annotations

import posix

from mkl_launch.core.errors import LaunchError, NotExecutable, NotFound, TooLarge
from mkl_launch.launch import execute as executing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    Execute = Callable[[bytes, list[bytes], Mapping[bytes, bytes]], NoReturn]

# set_mempolicy in arch/*/entry/syscalls/*.tbl and include/uapi/asm-generic/unistd.h.
SET_MEMPOLICY = {
    "x86_64": 238,
    "aarch64": 237,
    "riscv64": 237,
    "loongarch64": 237,
    "ppc64le": 261,
    "s390x": 270,
}
MPOL_PREFERRED = 1


def encode(text: str) -> bytes:
    """Return the bytes of a string of the launcher; the locale does not matter."""
    return text.encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """Return a string for these bytes; `encode` restores them even if they are not UTF-8."""
    return data.decode("utf-8", "surrogateescape")


def set_mask(mask: frozenset[int]) -> str | None:
    """Set the affinity mask of this process; return the problem in words, or None."""
    if not hasattr(posix, "sched_setaffinity"):
        return "the affinity mask could not be set: not on this system"
    try:
        posix.sched_setaffinity(0, mask)
    except OSError as error:
        return f"the affinity mask could not be set: {error.strerror}"
    return None


def prefer_node(node: int) -> str | None:
    """Allocate memory from this NUMA node first, also after exec; return the problem in words, or None.

    set_mempolicy(2) with MPOL_PREFERRED. Docker's seccomp profile forbids it without CAP_SYS_NICE.
    """
    number = SET_MEMPOLICY.get(posix.uname().machine)
    if number is None:
        return "set_mempolicy is not known on this machine"
    try:
        import ctypes
    except ImportError:
        return "this Python has no ctypes"
    libc = ctypes.CDLL(None, use_errno=True)
    words = (ctypes.c_ulong * (node // 64 + 1))()
    words[node // 64] = 1 << node % 64
    bits = ctypes.c_ulong(64 * len(words) + 1)  # the kernel subtracts 1
    done = libc.syscall(ctypes.c_long(number), ctypes.c_int(MPOL_PREFERRED), words, bits)
    return None if done == 0 else posix.strerror(ctypes.get_errno())


def execute(
    command: tuple[str, ...], environ: Mapping[str, str], called: str = "", execve: Execute = posix.execve
) -> NoReturn:
    """Exec the command, searched in the PATH of `environ`. Raise NotFound, NotExecutable or TooLarge.

    `called` is argv[0] if it is not the command's name.
    """
    argv = [encode(word) for word in command]
    variables = {encode(name): encode(value) for name, value in environ.items()}
    try:
        refused = executing.execute(argv, variables, encode(called), execve)
    except ValueError as error:
        raise NotExecutable(f"{command[0]}: {error}") from None
    raise _problem(command[0], refused)


def _problem(name: str, refused: OSError) -> LaunchError:
    if refused.errno == executing.ENOENT:
        return NotFound(f"{name or repr(name)}: command not found")
    kind = TooLarge if refused.errno == executing.E2BIG else NotExecutable
    return kind(f"{name}: {refused.strerror}")
