"""The promises of SECURITY.md, in quantity: `python testing/promises.py INSTALLED ROUNDS [PROMISE...]`.

A round tries each promise once with each entry, in a random case that its seed makes again: the promise,
the entry and the number of the round. A try that fails is printed; PROMISE@N is round N alone.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkl_launch.host.filesystem import Root
from mkl_launch.image.prepare import record_env
from mkl_launch.program.preload import find_preloads
from mkl_launch.supervisor.output import Relay
from mkl_launch.tables.variables import VARIABLES
from testing.command_lines import LINES
from testing.faults import (
    FAULTS,
    LIVE_FILES,
    MACHINES,
    MOUNTABLE_FAULTS,
    POD_ENVIRON,
    RANK_ENVIRON,
    READ_FILES,
)
from testing.preparing import prepare
from testing.process import (
    FOREIGN_MODULES,
    NOTE,
    PATH,
    SHELLS,
    WRITING_CALLS,
    as_pid_1,
    fill,
    parse_environ,
    report,
    shell,
    start,
    values,
)
from testing.supervised import GROUP_NUMBER_REUSED, run
from testing.sysroot import sysroot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Prepare = Callable[[], None]

PREPARED = "prepared"
ENTRIES = (*(name for name in SHELLS if name != "sh"), PREPARED)
SYSTEM = "/usr/bin/python3"  # which every user can read
TOLD = ("/bin/sh", "-c", 'echo "started ${OMP_NUM_THREADS+with settings}"')
STARTED = b"started with settings\n"


@dataclass(frozen=True)
class Case:
    """One try of a promise: an entry, its installation, a folder and a source of random numbers."""

    entry: str
    argv: list[str]
    folder: Path  # the installation
    scratch: Path
    rng: random.Random

    @property
    def bash(self) -> bool:
        return self.entry == "bash"

    def some(self, of: Any, least: int = 0) -> list[Any]:
        """Return a random choice of these, each at most once."""
        of = list(of)
        return self.rng.sample(of, self.rng.randint(least, len(of)))

    def text(self, most: int, without: bytes = b"\0") -> bytes:
        """Return up to `most` random bytes, without those in `without`."""
        data = self.rng.randbytes(self.rng.randrange(most + 1))
        return bytes(byte for byte in data if byte not in without)

    def line(self) -> tuple[list[str], dict[str, str]]:
        """Return a command line as people write them, and its variables."""
        _, line = self.rng.choice(LINES)
        return shlex.split(line.line), line.environ


class NotTried(Exception):  # nothing has failed
    """The case is one in which nothing could start, with or without a launcher."""


# What a command is handed on


def observed(argv: list[str], environ: dict[bytes, bytes], before: Prepare) -> dict[str, Any]:
    """Return what /proc says of the `sleep` that this process becomes."""
    first = shutil.which(argv[0], path=PATH) or argv[0]
    pid = os.fork()
    if not pid:
        try:
            before()
            os.execve(first, argv, environ)  # noqa: S606
        finally:
            os._exit(99)
    try:
        place = Path(f"/proc/{pid}")
        end = time.monotonic() + 20
        last: dict[str, Any] = {}
        while time.monotonic() < end:
            if (place / "comm").read_text() == "sleep\n":
                seen = _seen(place)
                if seen == last and seen["state"] == "S":
                    return seen
                last = seen
            time.sleep(0.003)
        raise AssertionError(f"no sleep: {(place / 'cmdline').read_bytes()!r}, {last}")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


HANDED_ON = re.compile(
    r"(PPid|Uid|Gid|Groups|Umask|NSsid|NSpgid|Sig\w\w\w|ShdPnd|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed_list):"
)


def _seen(place: Path) -> dict[str, Any]:
    stat = (place / "stat").read_text().rpartition(")")[2].split()
    found: dict[str, Any] = {
        "state": stat[0],
        "parents, terminal and priority": [
            "its own" if word == place.name else word for word in (*stat[1:6], *stat[15:17], *stat[37:39])
        ],
        "status": [
            line.replace(f"\t{place.name}", "\tits own")
            for line in (place / "status").read_text().splitlines()
            if HANDED_ON.match(line)
        ],
        "limits": (place / "limits").read_text(),
        "cwd": str((place / "cwd").readlink()),
        "argv": (place / "cmdline").read_bytes(),
        "oom": (place / "oom_score_adj").read_text(),
        "environ": parse_environ((place / "environ").read_bytes()),
        "files": {},
    }
    for file in (place / "fd").iterdir():
        flags = (place / "fdinfo" / file.name).read_text().splitlines()[:2]
        found["files"][int(file.name)] = (str(file.readlink()), flags)
    return found


def handed_on(case: Case) -> None:
    """Check that signals, descriptors, environment, limits and so on are as without a launcher."""
    rng = case.rng
    numbers = sorted(set(signal.valid_signals()) - {9, 19})
    ignored, blocked = (set(rng.sample(numbers, rng.randint(0, 30))) for _ in range(2))
    # Shells change that one before they read the entry: SECURITY.md
    ignored -= set() if case.entry == PREPARED else {signal.SIGCHLD}
    blocked -= {signal.SIGCHLD} if case.bash else set()
    closed = case.some((0, 1, 2))
    opened = {
        number: rng.choice((os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_APPEND))
        for number in rng.sample(range(3, 70), rng.randint(0, 12))
    }
    file = case.scratch / "file"
    file.write_text("x" * 50)
    folder = case.scratch / os.fsdecode(case.text(20, b"\0/") + b"d")
    folder.mkdir()
    umask, nice, oom = rng.randrange(0o1000), rng.randrange(5), rng.randrange(500)
    soft = rng.randint(80, 300)
    alone = rng.random() < 0.3

    def before() -> None:
        os.chdir(folder)
        os.closerange(3, 200)
        for number in closed:
            os.close(number)
        for number, flags in opened.items():
            descriptor = os.open(file, flags)
            os.dup2(descriptor, 100)
            os.close(descriptor)
            os.dup2(100, number)
            os.close(100)
        os.umask(umask)
        os.nice(nice)
        Path("/proc/self/oom_score_adj").write_text(str(oom))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, 400))
        resource.setrlimit(resource.RLIMIT_CORE, (0, rng.randrange(1 << 30)))
        if alone:
            os.setsid()
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)

    ours = {*(name.encode() for name in (row.name for row in VARIABLES)), NOTE}
    names = {case.text(12, b"\0=") for _ in range(rng.randint(0, 30))}
    environ = {name: case.text(rng.choice((0, 5, 200, 2000))) for name in names if name}
    environ = {b"PATH": PATH.encode(), **environ}
    command = ["sleep", "1000"]
    state = rng.getstate()
    expected = observed(command, environ, before)
    rng.setstate(state)
    seen = observed([*case.argv, "-q", "--", *command], environ, before)
    given = {name: value for name, value in seen["environ"].items() if name not in ours}
    assert b"OMP_NUM_THREADS" in seen["environ"]
    for what, value in expected.items():
        got = given if what == "environ" else seen[what]
        assert got == value, f"{what}: {got!r} instead of {value!r}"


ARGV = "import sys; sys.stdout.buffer.write(open('/proc/self/cmdline', 'rb').read())"


def arguments(case: Case) -> None:
    """Check that arguments arrive byte for byte, in any locale."""
    some = (b"", b"--", b"-", b"--json", b"-q", b"\n", b"$(id)", b"`id`", b"a b", b"*", b"\\", b"'", b'"')
    words = [
        case.rng.choice(some) if case.rng.random() < 0.4 else case.text(case.rng.choice((3, 30, 3000)))
        for _ in range(case.rng.randrange(60))
    ]
    locale = {case.rng.choice(("LANG", "LC_ALL", "LC_CTYPE")): case.text(9) or b"C"}
    command: list[Any] = [sys.executable, "-I", "-S", "-c", ARGV, *words]
    done = start([*case.argv, "-q", "--", *command], locale)
    assert done.stdout == start(command, locale).stdout, done


# What it needs, reads and writes


def no_privilege(case: Case) -> None:
    """Check a start with any user, groups, capabilities, umask, and a read-only root."""
    rng = case.rng
    user, group = (rng.randrange(1, 1 << 31) for _ in range(2))
    groups = ",".join(str(rng.randrange(1, 1 << 31)) for _ in range(rng.randint(1, 9)))
    words: list[str] = ["setpriv", f"--reuid={user}", f"--regid={group}", f"--groups={groups}"]
    words += case.some(("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"))
    mounts = case.some(
        (
            "mount -o remount,bind,ro /",
            "mount -o remount,hidepid=2 /proc",
            f"umask {rng.randrange(0o1000):o}",
            "mount -t tmpfs -o ro none /dev/shm",
        )
    )
    script = f'{"; ".join([*mounts, ":"])}; exec "$@"'
    world = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-ec", script, "sh"]
    done = start([*world, *words, *case.argv, "-q", "--", *TOLD], {"PATH": f"{PATH}:/usr/sbin:/sbin"})
    assert (done.returncode, done.stdout) == (0, STARTED), done


REPORTS = (["--explain"], ["--json"], ["--explain", "-v"], ["--print-env", "sh"], ["--print-env", "docker"])
LAUNCHES = (["--"], ["-v", "--"], ["-q", "--"], ["--instances", "2", "--"], ["--workers", "2", "--"])


def reported_or_launched(case: Case) -> tuple[list[str], dict[str, str]]:
    """Return a report on a command line, or a launch of a program that does nothing, and variables."""
    line, environ = case.line()
    if case.rng.random() < 0.6:
        return [*case.argv, *case.rng.choice(REPORTS), "--", *line], environ
    return [*case.argv, *case.rng.choice(LAUNCHES), "true", *line], environ


def traced(case: Case, calls: str, argv: list[str], environ: dict[str, Any]) -> list[str]:
    """Return the system calls of these kinds, by all processes."""
    log = case.scratch / "trace"
    done = start(
        ["strace", "-f", "-qq", "-s", "512", "-e", f"trace={calls}", "-o", str(log), *argv], environ
    )
    assert done.returncode == 0, done
    return log.read_text(errors="replace").splitlines()


def nothing_written(case: Case) -> None:
    """Check that no file is opened for writing, created, renamed or removed."""
    argv, environ = reported_or_launched(case)
    calls = traced(case, "%file", argv, environ)
    assert len(calls) > 20
    allowed = re.compile(
        r'"(/dev/null|/dev/tty|/proc/self/(comm|mem))"'
    )  # /dev/tty: bash asks for its size
    found = [call for call in calls if WRITING_CALLS.search(call) and not allowed.search(call)]
    assert not found, (argv, found)


AGENT = "ECS_CONTAINER_METADATA_URI_V4"
NEAR = re.compile(r'inet_addr\("(127\.|169\.254\.)|"::1"|"fe80:')


HOSTS = (
    *("127.0.0.1:9", "[::1]:9", "10.0.0.1", "192.0.2.7:80", "[2001:db8::1]", "a.example"),
    *("user@192.0.2.1", "127.0.0.1.a.example", "0x7f.1", "169.254.170.2@192.0.2.1"),
)


def nothing_asked(case: Case) -> None:
    """Check that no host is asked, except the agent of an ECS task at a local address.

    A shell asks the C library for the name of its user, and that asks a socket of nscd(8).
    """
    argv, environ = reported_or_launched(case)
    host = case.rng.choice(HOSTS)
    scheme = case.rng.choice(("http", "https", "ftp", "file", ""))
    if case.rng.random() < 0.7:
        environ = {**environ, AGENT: f"{scheme}://{host}/v4"}
    environ = {
        **environ,
        **dict.fromkeys(case.some(("http_proxy", "HTTP_PROXY", "ALL_PROXY")), "http://192.0.2.9"),
    }
    calls = traced(case, "%network", argv, environ)
    made = [
        call for call in calls if re.match(r"\d+ +(connect|send\w*|bind)\(", call) and "nscd" not in call
    ]
    assert AGENT in environ or not made, made
    assert all(NEAR.search(call) for call in made), made


MODULES = sorted({*sys.stdlib_module_names, *FOREIGN_MODULES} - {"__main__"})


def nothing_imported(case: Case) -> None:
    """Check that no module or startup file of the user is imported."""
    marker = case.scratch / "imported"
    line = f"open({str(marker)!r}, 'a').write(__file__ + '\\n')\n"
    own = sorted({file.stem for file in (case.folder / "mkl_launch").rglob("*.py")})
    site = case.scratch / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    site.mkdir(parents=True)
    # With `encodings` among them no other Python would come as far as that.
    for name in {*case.some(FOREIGN_MODULES), *case.rng.sample(MODULES, 30), *case.rng.sample(own, 20)}:
        (case.scratch / f"{name}.py").write_text(line)
        (site / f"{name}.py").write_text(line)
    (site / "evil.pth").write_text(f"import sys; open({str(marker)!r}, 'a').write('pth')\n")
    place = str(case.scratch)
    (case.scratch / "shell").write_text(f"echo shell >>{marker}\n")
    variables = {
        "PYTHONPATH": place,
        "PYTHONSTARTUP": f"{place}/os.py",
        "PYTHONUSERBASE": place,
        "PYTHONINSPECT": "1",
        "PYTHONPYCACHEPREFIX": place,
        "PYTHONBREAKPOINT": "os.x",
        "PYTHONPLATLIBDIR": place,
        "HOME": place,
        "PYTHONWARNINGS": "error::os.X",
        "ENV": f"{place}/shell",
        "BASH_ENV": f"{place}/shell",
        "PYTHON_PRESITE": "os",
        "PYTHONOPTIMIZE": "2",
        "PYTHONSAFEPATH": "",
        "PYTHONEXECUTABLE": f"{place}/x",
    }
    environ = {name: variables[name] for name in case.some(variables, 5)}
    argv, more = reported_or_launched(case)
    start(argv, {**more, **environ}, cwd=case.scratch)
    assert not marker.exists(), marker.read_text()
    assert not list(case.scratch.rglob("*.pyc"))


HOOKED = """
import os, site, sys
os.access("/begin", 0)
site.addsitedir(sys.argv[1])
os.access("/end", 0)
assert ("mkl_launch_hook" in sys.modules) == (sys.argv[2] == "on")
"""


def the_hook(case: Case) -> None:
    """Check that the hook opens only its own and Python's files, and starts and asks nothing."""
    rng = case.rng
    names = [row.name for row in VARIABLES if row.name != "LD_PRELOAD"]
    environ: dict[str, Any] = {name: str(rng.randint(-1, 99)) for name in rng.sample(names, 9)}
    environ.update({case.text(9, b"\0=").hex() or "x": case.text(50) for _ in range(5)})
    on = rng.random() < 0.7
    if on or rng.random() < 0.5:
        environ["MKL_LAUNCH_APPLIED"] = (
            case.text(50)
            if rng.random() < 0.3
            else " ".join(f"{name}={rng.randint(0, 9)}" for name in rng.sample(names, 5))
        )
        if not on:
            environ["MKL_LAUNCH_PYTHON"] = "off"
    words = [sys.executable, "-I", "-S", "-B", "-c", HOOKED, str(case.folder), "on" if on else "off"]
    calls = traced(case, "%file,%network,%process", words, environ)
    begin, end = (
        next(at for at, call in enumerate(calls) if f'"/{word}"' in call) for word in ("begin", "end")
    )
    its = calls[begin + 1 : end]
    assert its
    allowed = (str(case.folder), sys.base_prefix, str(Path(os.__file__).parent))
    for call in its:
        path = re.match(r'\d+ +(openat|newfstatat|stat|access|readlink)\((?:\w+, )?"([^"]*)"', call)
        assert path, call
        assert not path[2] or path[2].startswith(allowed), call  # "": of a file that is open
        assert not WRITING_CALLS.search(call), call
        opened = path[1] == "openat" and path[2].startswith(str(case.folder)) and " = -1" not in call
        own = path[2] == str(case.folder) or path[2].endswith(".pth") or "/mkl_launch_hook." in path[2]
        assert own or not opened, call


SECRET = re.compile(rb"HUSH\w*|HIDDEN\w*")
NAMES = (
    "AWS_SECRET_ACCESS_KEY",
    "TOKEN",
    "PASSWORD",
    "OMP_PASSWORD",
    "MKL_LAUNCH_TOKEN",
    "LD_LIBRARY_PATH",
    "DATABASE_URL",
    "MKL_LAUNCH_APPLIED",
    "HOME",
    "USER",
    "PYTHONPATH",
    "_MKL_LAUNCH_ENVIRON",
    "LC_CTYPE",
)
# A line whose number of processes is a variable's.
EXPANDED = (
    "sh -c 'gunicorn -w $NAME app'",
    "sh -c 'exec torchrun --nproc-per-node=$NAME x.py'",
    "sh -c 'uvicorn --workers ${NAME} app:app'",
    "sh -c 'celery -A app worker -c \"$NAME\"'",
    "sh -c 'export OTHER=$NAME; cd $NAME && exec python x.py --key=$NAME'",
    "bash -c '. $NAME; python -m gunicorn --token \"$NAME\" -c $NAME app'",
    "sh -c 'set -- $NAME; exec uvicorn \"$@\" ${NAME:-x}'",
    "env OTHER=$NAME sh -c 'multi-model-server --mms-config $NAME'",
)


def nothing_printed(case: Case) -> None:
    """Check that no value of a variable outside the table is printed, and no other name."""
    argv, environ = reported_or_launched(case)
    chosen = case.some(NAMES, 3)
    values = {name: f"HUSH{case.rng.randrange(1 << 40):x}" for name in chosen}
    values.update({f"HIDDEN{case.rng.randrange(1 << 40)}": f"HUSH{number}" for number in range(5)})
    if case.rng.random() < 0.5:
        name = case.rng.choice(chosen)
        argv = [
            *argv[: argv.index("--") + 1],
            *shlex.split(case.rng.choice(EXPANDED).replace("NAME", name)),
        ]
        if not {"--explain", "--json", "--print-env"} & {*argv}:
            argv.insert(len(case.argv), "--explain")
    done = start(argv, {**environ, **values})
    told = done.stdout + done.stderr
    assert not SECRET.search(told), (SECRET.findall(told), argv)
    note = case.scratch / "note"
    tabled = {row.name: "3" for row in case.some(VARIABLES)}
    said = record_env({**values, **tabled}, str(note)) + note.read_text()
    assert not SECRET.search(said.encode()), said
    assert len(note.read_text().splitlines()) == len(tabled)


# What is broken or scarce


def spoiled(case: Case, place: Path, faults: Any) -> None:
    """Break a file in one of the ways of test_faults.py, or with random bytes."""
    if case.rng.random() < 0.3:
        text = place.read_bytes() if place.is_file() else b"0-3 max 100000\n"
        place.unlink(missing_ok=True)
        at = case.rng.randrange(len(text) + 1)
        place.write_bytes(text[:at] + case.text(20, b"") + text[at + case.rng.randrange(3) :])
    else:
        place.unlink(missing_ok=True)
        case.rng.choice(faults)(place)


def broken_files(case: Case) -> None:
    """Check a start with broken files below /proc and /sys, of a recorded machine and of this one."""
    begin = time.monotonic()
    if case.rng.random() < 0.5:
        version = case.rng.choice(list(READ_FILES))
        sysroot(case.scratch, MACHINES[version])
        for name in case.rng.sample(READ_FILES[version], case.rng.randint(1, 8)):
            spoiled(case, case.scratch / name[1:], FAULTS)
        found = report(
            [*case.argv, "--sysroot", str(case.scratch), "--json"], {**POD_ENVIRON, **RANK_ENVIRON}
        )
        assert 1 <= found["budget"]["threads"] <= 8
    else:
        mounts = []
        for number, name in enumerate(case.some([name for name in LIVE_FILES if Path(name).exists()], 1)):
            broken = case.scratch / str(number)
            shutil.copy(name, broken)
            spoiled(case, broken, MOUNTABLE_FAULTS)
            mounts.append(f"mount --bind {broken} {name}")
        script = "; ".join([*mounts, 'exec "$@"'])
        done = start(["unshare", "--mount", "sh", "-ec", script, "sh", *case.argv, "--", *TOLD])
        assert (done.returncode, done.stdout) == (0, STARTED), done
    assert time.monotonic() - begin < 20


# What a start needs: a shell that copies the environment, and Python up to the last resort.
COPIED = "x=$({ read -r y </proc/self/stat; exec base64 -w 0 </proc/self/environ; }); export x\n"
NEEDED = 'exec "$1" -I -S -B -X utf8 -c "$2"\n'


def scarce(case: Case) -> None:
    """Check a start with few descriptors, little memory or a full disk, if sh and Python start."""
    rng = case.rng
    few, memory, stack = (
        rng.randint(3, 16),
        rng.randrange(9 << 20, 60 << 20),
        rng.randrange(1 << 17, 1 << 20),
    )
    before = {
        "descriptors": (resource.RLIMIT_NOFILE, few),
        "file size": (resource.RLIMIT_FSIZE, 0),
        "memory": (resource.RLIMIT_AS, memory),
        "stack": (resource.RLIMIT_STACK, stack),
        "data": (resource.RLIMIT_DATA, memory),
        "locked": (resource.RLIMIT_MEMLOCK, 0),
        "signals": (resource.RLIMIT_SIGPENDING, 0),
        "time": (resource.RLIMIT_CPU, 5),
    }
    kinds = rng.sample(sorted(before), rng.randint(1, 3))

    def limit() -> None:
        for kind in kinds:
            number, most = before[kind]
            resource.setrlimit(number, (most, most))

    processes = not case.bash and rng.random() < 0.3  # which tries to fork for 15 s
    words = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"] if processes else []
    words += ["prlimit", "--nproc=1"] if processes else []
    options: dict[str, Any] = {"preexec_fn": limit}
    modules = "mkl_launch.start, mkl_launch.core.messages"
    load = f"import sys; sys.path.append({str(case.folder)!r}); import {modules}"
    python = ["-I", "-S", "-B", "-X", "utf8", "-c", load]
    needed = [*words, SYSTEM, *python]
    if case.entry != PREPARED:
        plain = case.scratch / "plain"
        plain.write_text(NEEDED if processes else COPIED + NEEDED)
        needed = [*words, *case.argv[:-1], str(plain), SYSTEM, load]
    environ = {"PATH": "/usr/bin:/bin"}
    try:
        if start(needed, environ, **options).returncode:
            raise NotTried
        with Path("/dev/full").open("w") as full:
            told: Any = full if rng.random() < 0.5 else subprocess.PIPE
            done = start(
                [*words, *case.argv, "-v", "--", "/bin/echo", "hi"], environ, stderr=told, **options
            )
    except subprocess.SubprocessError:
        raise NotTried from None
    assert (done.returncode, done.stdout) == (0, b"hi\n"), (kinds, few, memory, stack, processes, done)


def small_stack() -> None:
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))  # arguments and environment: a quarter


def no_room(case: Case) -> None:
    """Check a start with arguments that leave no room for the settings."""
    rng = case.rng
    count = rng.randint(1, 40)
    environ = {f"V{number}": "x" * rng.randrange(2000) for number in range(rng.randint(0, 30))}
    command = ["/bin/sh", "-c", "echo started", "sh"]
    # The kernel counts eight bytes for the pointer to each string.
    used = sum(len(name) + len(value) + 10 for name, value in {"PATH": PATH, **environ}.items())
    room = (1 << 18) - used - sum(len(word) + 9 for word in command) - 1100
    words = ["x" * max(0, (room - rng.randrange(2000)) // count - 9) for _ in range(count)]
    if any(len(word) > 130_000 for word in words):
        raise NotTried
    done = start([*case.argv, "-q", "--", *command, *words], environ, preexec_fn=small_stack)
    assert (done.returncode, done.stdout) == (0, b"started\n"), done


# Messages


@contextlib.contextmanager
def unread(case: Case) -> Iterator[tuple[str, int]]:
    """Yield a stream that nobody reads: full, nearly full, or broken."""
    rng = case.rng
    kind = rng.choice(("pipe", "terminal", "socket"))
    if kind == "pipe":
        reader, writer = os.pipe()
    elif kind == "terminal":
        reader, writer = os.openpty()
    else:
        import socket

        reader, writer = (end.detach() for end in socket.socketpair())
    how = rng.choice(("full", "nearly full", "broken"))
    if how == "broken":
        os.close(reader)
        reader = -1
    else:
        fill(writer)
        if how == "nearly full":
            os.read(reader, rng.randrange(1, 5000))
    try:
        yield f"{how} {kind}", writer
    finally:
        os.close(writer)
        if reader >= 0:
            os.close(reader)


def unread_messages(case: Case) -> None:
    """Check that messages to a stream without reader neither delay nor end the start."""
    rng = case.rng
    environ = {
        "MKL_LAUNCH_CPUS": "x" * rng.choice((1, 3000)),
        "OMP_NUM_THREADS": rng.choice(("1", "nonsense")),
    }
    words, status = rng.choice(
        (
            (["-v", "--", "/bin/echo", "hi"], 0),
            (["--", "/bin/echo", "hi"], 0),
            (["--", "/x" * rng.randrange(1, 2000)], 127),
            (["--cpus", "x", "true"], 2),
            (["-v", "--workers", "9", "--", "/bin/echo", "hi"], 0),
        )
    )
    with unread(case) as (kind, writer):
        begin = time.monotonic()
        done = start([*case.argv, *words], environ, stderr=writer)
        assert (done.returncode, done.stdout) == (status, b"" if status else b"hi\n"), (kind, words, done)
        assert time.monotonic() - begin < 10


# Libraries


def no_preload(case: Case) -> None:
    """Check that LD_PRELOAD is unchanged, or has a library for this machine if one is asked for."""
    rng = case.rng
    header = bytearray(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00")
    other = bytearray(header)
    if rng.random() < 0.7:
        at = rng.choice((0, 4, 5, 18, 19))
        other[at] = rng.randrange(256)
    files = {"proc/self/exe": header, "usr/lib/libjemalloc.so.2": other}
    for name, data in files.items():
        (case.scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (case.scratch / name).write_bytes(data)
    (preload,) = find_preloads(Root(str(case.scratch)), {"allocator": "jemalloc"}, "")
    assert preload.path == ("/usr/lib/libjemalloc.so.2" if other == header else None), bytes(other)
    line, environ = case.line()
    given = (
        {"LD_PRELOAD": case.rng.choice(("", "/lib/x86_64-linux-gnu/libm.so.6"))}
        if rng.random() < 0.5
        else {}
    )
    given = {**environ, **given}
    found = report([*case.argv, "--json", "--", *line], given)
    assert values(found).get("LD_PRELOAD") == (given.get("LD_PRELOAD") or None), values(found)["LD_PRELOAD"]
    done = start([*case.argv, "-q", "--", "env"], given)
    preloaded = [
        row for row in done.stdout.decode("utf-8", "replace").splitlines() if row[:11] == "LD_PRELOAD="
    ]
    assert preloaded == [
        f"LD_PRELOAD={value}" for name, value in given.items() if value and name == "LD_PRELOAD"
    ], preloaded


# The supervisor


def strangers_live(case: Case) -> None:
    """Check that a process that reuses the number of an ended group is not killed."""
    pair = [*case.argv, "-q", "--instances", "2"]
    done = run(as_pid_1(["sh", "-c", GROUP_NUMBER_REUSED, str(case.scratch), *pair]))
    assert done.lines == ["alive", "same number"], done


def bounded_output(case: Case) -> None:
    """Check the memory of `--prefix` with many streams and long lines that nobody reads."""
    if case.entry != PREPARED:
        raise NotTried  # no entry has a part in it
    rng = case.rng
    relay = Relay()
    ends = [end for number in range(rng.randint(1, 60)) for end in relay.pipes(b"[%d] " % number).values()]
    data = {end: b"x" * rng.choice((100, 5000, 60_000)) + b"\n" * rng.randrange(2) for end in ends}
    most = 0
    for _ in range(rng.randint(10, 60)):
        for write, read_end in zip(ends, list(relay.streams)):
            os.set_blocking(write, False)
            with contextlib.suppress(BlockingIOError):
                os.write(write, data[write])
            relay.ready(read_end)
        held = sum(len(stream.line) for stream in relay.streams.values())
        most = max(most, held + sum(len(sink.waiting) for sink in set(relay.sinks.values())))
    for descriptor in (*ends, *relay.streams):
        os.close(descriptor)
    assert most < 24 << 20, most


PROMISES: dict[str, Callable[[Case], None]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        *(no_privilege, nothing_written, nothing_imported, the_hook, nothing_printed, nothing_asked),
        *(arguments, broken_files, scarce, no_room, handed_on, unread_messages, no_preload),
        *(strangers_live, bounded_output),
    )
}


def installations(installed: Path, scratch: Path) -> dict[str, tuple[list[str], Path]]:
    """Return the commands that start each entry, with their installations, readable for all users."""
    scratch.chmod(0o755)
    folders = {name: scratch / name for name in ("plain", PREPARED)}
    for folder in folders.values():
        shutil.copytree(installed, folder)
        folder.chmod(0o755)
    prepare(folders[PREPARED], SYSTEM)
    made = {}
    for name in ENTRIES:
        folder = folders[PREPARED if name == PREPARED else "plain"]
        words = [] if name == PREPARED else shell(name)
        first = [shutil.which(word) or word for word in words[:1]]  # whatever PATH will be
        made[name] = ([*first, *words[1:], str(folder / "bin" / "mkl-launch")], folder)
    return made


def attempt(promise: str, entry: str, made: tuple[list[str], Path], number: int) -> str | None:
    """Return "" if the promise held in one try, else what broke it; None if nothing could be tried."""
    argv, folder = made
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        case = Case(entry, argv, folder, Path(scratch), random.Random(f"{promise} {entry} {number}"))
        try:
            PROMISES[promise](case)
        except NotTried:
            return None
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return f"{type(error).__name__}: {error}"[:3000]
    return ""


def in_full(installed: Path, rounds: int, only: list[str]) -> int:
    """Print for each promise how many tries held; return the number of those that did not."""
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        made = installations(installed, Path(place))
        for name in PROMISES:
            chosen = [word for word in only if word.partition("@")[0] == name]
            if only and not chosen:
                continue
            tried = held = 0
            at = chosen[0].partition("@")[2] if chosen else ""
            for number in [int(at)] if at else range(rounds):
                for entry in ENTRIES:
                    came = attempt(name, entry, made[entry], number)
                    tried += came is not None
                    held += came == ""
                    if came:
                        print(f"{name}@{number} {entry}: {came}", flush=True)
            failed += tried - held
            print(f"{name}: {held} of {tried} tries held", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(in_full(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]) > 0)
