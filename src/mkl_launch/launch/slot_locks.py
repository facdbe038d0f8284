"""The locks of --slots: a file in which the holder of a CPU has locked the byte of that CPU.

The locks belong to an open file description (F_OFD_SETLK, fcntl(2), Linux 3.15). The command inherits its
descriptor, so the kernel releases the locks when the last process that has it open ends, however it ends
and in whatever PID namespace. No lock can be stale.

The locked bytes lie far behind the end of the file: one that is locked while a start chooses, a row of
bytes for the CPUs, more such rows for containers that share a CPU, and one byte for each entry. The holder
of an entry writes into it what it is, which only reports read.
"""

from __future__ import annotations

import posix
from errno import EACCES, EAGAIN
from fcntl import F_DUPFD, fcntl
from struct import pack, unpack
from time import monotonic, process_time, sleep

from mkl_launch.host.filesystem import Root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Runs = list[tuple[int, int]]  # (first byte, number of bytes)

NAME = "cpus"
BOOT = "/proc/sys/kernel/random/boot_id"
MAGIC = b"mkl-launch slots 1\n"
HEADER, RECORD = 128, 256  # bytes

CHOOSING = 1 << 40
ROW, ROWS, ENTRIES = 1 << 16, 256, 4096
FIRST_CPU = CHOOSING + 1
FIRST_ENTRY = FIRST_CPU + ROWS * ROW

# include/uapi/asm-generic/fcntl.h; the module `fcntl` has the first two only if the C library has.
OFD_GETLK, OFD_SETLK = 36, 37
WRLCK, UNLCK = 1, 2
FLOCK = "hhqqi0q"  # struct flock: type, whence, start, length, process

TYPE, REGULAR = 0o170000, 0o100000
OPEN = posix.O_RDWR | posix.O_NOFOLLOW | posix.O_NONBLOCK | posix.O_CLOEXEC
# Seconds to wait for other starts, at most, and between two tries. Others may lock the file for ever.
WAIT, STEP, MAX_STEP = 2.0, 0.002, 0.05
MAX_CPU_TIME = 1.0  # seconds to read the locks, of which others may hold a million
# Far above the descriptors that shells and programs use; not so far that the kernel's table becomes large.
HIGH = (1000, 500, 200, 50, 10)


class SlotsError(Exception):
    """A directory of --slots that cannot be used. The message says why."""


class NoLockFile(SlotsError):
    """A directory without a file of locks, because nobody has taken slots there."""


class SlotLocks:
    """The open file of locks in a directory. Raise SlotsError if it cannot be used."""

    def __init__(self, root: Root, directory: str, *, create: bool = True) -> None:
        problem = root.untrusted(directory, shared=True)
        if problem:
            raise SlotsError(problem)
        try:
            self.file = _open(root, directory, create=create)
        except FileNotFoundError:
            raise NoLockFile("nobody has taken slots there") from None
        except (OSError, ValueError) as error:
            raise SlotsError(getattr(error, "strerror", None) or str(error)) from None
        self.boot = root.read(BOOT).text.strip().encode()[:64]
        self.opened, self.cpu_time = monotonic(), process_time()

    def close(self) -> None:
        """Close the file, which releases its locks."""
        posix.close(self.file)

    def begin(self) -> None:
        """Wait until no other start chooses, for WAIT at most, and check the header.

        Without the lock a choice may collide with another one, and is then made again. So a process that
        was stopped while it held the lock delays a start, but does not prevent it.
        """
        step = STEP
        while not self._lock(CHOOSING) and monotonic() < self.opened + WAIT:
            sleep(step)
            step = min(MAX_STEP, 1.5 * step)
        header = posix.pread(self.file, HEADER, 0)
        expected = (MAGIC + self.boot).ljust(HEADER, b"\0")
        if header == expected:
            return
        if header.rstrip(b"\0") and not header.startswith(MAGIC):
            raise SlotsError(f"{NAME} is not a file of mkl-launch")
        # The locks of an earlier boot are gone. Locks that are there are those of another machine.
        if not self._lock(FIRST_CPU, FIRST_ENTRY + ENTRIES - FIRST_CPU):
            raise SlotsError("another machine uses it")
        try:
            if posix.pwrite(self.file, expected, 0) != HEADER:
                raise SlotsError("no space left")
        finally:
            self._unlock(FIRST_CPU, FIRST_ENTRY + ENTRIES - FIRST_CPU)

    def step_back(self) -> None:
        """Wait after another start has chosen at the same time; how long depends on the process ID."""
        sleep(STEP * (1 + posix.getpid() % 16))
        self._lock(CHOOSING)

    def end(self) -> None:
        """Let the next start choose."""
        self._unlock(CHOOSING)

    def rows(self, cpus: int) -> dict[int, frozenset[int]]:
        """Return {CPU: rows in which it is locked}, of those that are held of the first `cpus` CPUs."""
        rows: dict[int, set[int]] = {}
        for row in range(ROWS):
            start = FIRST_CPU + row * ROW
            locked = self._locked(start, cpus)
            for first, number in locked:
                for cpu in range(first - start, first - start + number):
                    rows.setdefault(cpu, set()).add(row)
            if not locked and not self._locked(start, (ROWS - row) * ROW):
                break
        return {cpu: frozenset(members) for cpu, members in rows.items()}

    def take(self, cpus: frozenset[int], rows: Mapping[int, frozenset[int]]) -> bool:
        """Lock these CPUs, each in a row that `rows` shows as free; return False if one is not free.

        A CPU that is locked in all rows is shared by very many, and one more does not matter.
        """
        locked: Runs = []
        bytes_to_lock = []
        for cpu in cpus:
            row = next((row for row in range(ROWS) if row not in rows.get(cpu, ())), None)
            if row is not None:
                bytes_to_lock.append(FIRST_CPU + row * ROW + cpu)
        for first, number in _runs(bytes_to_lock):
            if not self._lock(first, number):
                for run in locked:
                    self._unlock(*run)
                return False
            locked.append((first, number))
        return True

    def write_entry(self, record: str) -> None:
        """Take a free entry and write the record of its holder. On a full disk the entry stays empty."""
        taken = self._locked(FIRST_ENTRY, ENTRIES)
        used = {byte for first, number in taken for byte in range(first, first + number)}
        for entry in range(ENTRIES):
            if FIRST_ENTRY + entry not in used and self._lock(FIRST_ENTRY + entry):
                data = record.encode("utf-8", "replace")[:RECORD].ljust(RECORD, b"\0")
                try:
                    posix.pwrite(self.file, data, HEADER + entry * RECORD)
                except OSError:
                    pass
                return

    def records(self) -> list[str]:
        """Return the texts of the entries that are taken. Anybody may have written their text."""
        entries = sorted(self._locked(FIRST_ENTRY, ENTRIES))
        numbers = [first - FIRST_ENTRY + at for first, number in entries for at in range(number)]
        texts = (posix.pread(self.file, RECORD, HEADER + number * RECORD) for number in numbers)
        return [text.rstrip(b"\0").decode("utf-8", "replace") for text in texts]

    def inherit(self) -> int:
        """Return a descriptor of the locks that the command inherits, and close the other one."""
        for least in HIGH:
            try:
                descriptor = fcntl(self.file, F_DUPFD, least)
                break
            except (OSError, ValueError):  # above the limit of open files
                continue
        else:
            descriptor = posix.dup(self.file)
            posix.set_inheritable(descriptor, True)
        self.close()
        return descriptor

    def _lock(self, first: int, number: int = 1) -> bool:
        """Lock bytes; return False if another process has locked one of them."""
        try:
            fcntl(self.file, OFD_SETLK, pack(FLOCK, WRLCK, 0, first, number, 0))
        except OSError as error:
            if error.errno in (EACCES, EAGAIN):
                return False
            raise SlotsError(f"this kernel gives no lock: {error.strerror}") from None
        return True

    def _unlock(self, first: int, number: int = 1) -> None:
        fcntl(self.file, OFD_SETLK, pack(FLOCK, UNLCK, 0, first, number, 0))

    def _locked(self, first: int, number: int) -> Runs:
        """Return the bytes that others have locked in a part of the file. The kernel names any one lock."""
        runs: Runs = []
        left = [(first, first + number)]
        while left:
            if process_time() > self.cpu_time + MAX_CPU_TIME:
                raise SlotsError("it takes too long to read its locks")
            start, end = left.pop()
            if start >= end:
                continue
            lock = fcntl(self.file, OFD_GETLK, pack(FLOCK, WRLCK, 0, start, end - start, 0))
            kind, _, at, length, _ = unpack(FLOCK, lock)
            if kind == UNLCK:
                continue
            stop = at + length if length else end  # 0: to the end of the file
            at, stop = max(at, start), min(stop, end)
            runs.append((at, stop - at))
            left += [(start, at), (stop, end)]
        return runs


def _open(root: Root, directory: str, *, create: bool) -> int:
    """Open the file in the directory, or create it for all users. Raise OSError or SlotsError."""
    place = posix.open(directory, posix.O_RDONLY | posix.O_DIRECTORY | posix.O_CLOEXEC)
    try:
        if _mount(root, place) == _mount_of_root(root):
            raise SlotsError("not a mounted directory, so no other container can see it")
        file = _open_in(place, create=create)
    finally:
        posix.close(place)
    status = posix.fstat(file)
    if status.st_mode & TYPE != REGULAR or status.st_nlink != 1:
        posix.close(file)
        raise SlotsError(f"{NAME} is not a file of mkl-launch")
    return file


def _open_in(place: int, *, create: bool) -> int:
    try:
        return posix.open(NAME, OPEN, dir_fd=place)
    except FileNotFoundError:
        if not create:
            raise
    # Not in one call: the kernel refuses O_CREAT for another user's file there (fs.protected_regular).
    before = posix.umask(0)
    try:
        return posix.open(NAME, OPEN | posix.O_CREAT | posix.O_EXCL, 0o666, dir_fd=place)
    except FileExistsError:
        return posix.open(NAME, OPEN, dir_fd=place)
    finally:
        posix.umask(before)


def _mount_of_root(root: Root) -> str:
    descriptor = posix.open("/", posix.O_RDONLY | posix.O_DIRECTORY | posix.O_CLOEXEC)
    try:
        return _mount(root, descriptor)
    finally:
        posix.close(descriptor)


def _mount(root: Root, descriptor: int) -> str:
    """Return the number of the mount that a descriptor is on (proc(5), fdinfo). Raise SlotsError."""
    for line in root.read(f"/proc/self/fdinfo/{descriptor}").text.splitlines():
        name, _, number = line.partition(":")
        if name == "mnt_id":
            return number.strip()
    raise SlotsError("this kernel does not tell whether it is mounted")


def _runs(numbers: Iterable[int]) -> Runs:
    """Return the numbers as runs (first, length), ascending."""
    runs: Runs = []
    for number in sorted(numbers):
        if runs and sum(runs[-1]) == number:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs
