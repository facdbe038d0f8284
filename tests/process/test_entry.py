"""The shell entry: the Python that it starts, what it leaves unchanged, its last resort."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.options import INSTANCE_OPTIONS, REPORTS_WITH_VALUE, WITH_VALUE
from mkl_launch.core.option_names import PICTURE, REPORTS, TUNE
from mkl_launch.start import REPORTS as REPORTS_OF_START
from mkl_launch.start import TAKE_A_VALUE
from mkl_launch.tables.all_commands import WRAPPERS
from testing.process import PATH, SHELLS, altered, environ_of, lines, said, shell, start, uncompiled
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY = PROJECT / "entrypoint" / "mkl-launch"
TOOLS = ("base64", "cat", "echo", "grep", "readlink", "sh", "sleep", "timeout", "true")
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
THREADS = ["sh", "-c", "echo threads=$OMP_NUM_THREADS"]
each_shell = pytest.mark.parametrize("name", SHELLS)


def words_of(name: str) -> list[str]:
    """Return the shell by its full path, so that PATH may be anything."""
    words = shell(name)
    return [shutil.which(words[0]) or words[0], *words[1:]] if words else []


def shell_of(name: str) -> str:
    """Return the shell that this one is here."""
    return Path("/bin/sh").resolve().name if name == "sh" else name


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder with the entry's own tools and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool, path="/usr/bin:/bin") or tool)
    return folder


@pytest.fixture
def only_path(installed: Path, tmp_path: Path) -> str:
    """Return an entry that knows of no Python but those on PATH."""
    folder = tmp_path / "only-path"
    (command,) = altered(
        installed,
        folder,
        "bin/mkl-launch",
        lambda text: text.replace(f"$_mkl_path{SYSTEM_PATH}", "$_mkl_path"),
    )
    return command


def program(place: Path, text: str | bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    place.chmod(0o755)
    return place


# One list of options


def test_the_options_of_the_entry_and_of_the_last_resort_are_those_of_the_launcher() -> None:
    """options.py is the source: the entry is no Python, and an old Python cannot read options.py."""
    text = ENTRY.read_text()
    takes_value = text[text.index("--profile |") : text.index(") shift; [ $# -gt 0 ]")]
    reports = text[text.index("--explain* |") : text.index(") exit 125")]
    plain = {word for word in takes_value.replace("\\", " ").split() if word != "|"}
    assert plain == WITH_VALUE | INSTANCE_OPTIONS
    names = {f"--{name}" for name in (*REPORTS, PICTURE, TUNE)} | REPORTS_WITH_VALUE
    assert {word.rstrip("*") for word in reports.replace("\\", " ").split() if word != "|"} == names | {
        "-h"
    }
    assert set(WRAPPERS["mkl-launch"].value_options) == WITH_VALUE | INSTANCE_OPTIONS
    assert {word.decode() for word in TAKE_A_VALUE} == WITH_VALUE | INSTANCE_OPTIONS | REPORTS_WITH_VALUE
    assert {word.decode() for word in REPORTS_OF_START} == names | {"-h"}


def test_a_shell_reads_all_of_the_entry_at_once() -> None:
    """It is 8 KB that dash reads."""
    assert ENTRY.stat().st_size < 8192


# Stand-ins for Python

HANGS = "#!/bin/sh\nsleep 60\n"


def elf(place: Path, name: str) -> None:
    """Link a program that is not Python to a name of Python."""
    found = shutil.which(name)
    if not found:
        skip_or_fail(f"{name} is not installed")
    place.symlink_to(str(found))


STAND_INS: dict[str, Callable[[Path], object]] = {
    "a script that fails": lambda place: program(place, "#!/bin/sh\nexit 127\n"),
    "a script that succeeds": lambda place: program(place, "#!/bin/sh\n"),
    "a script that says something": lambda place: program(place, "#!/bin/sh\necho /bin/true\n"),
    "a script with the right status": lambda place: program(place, "#!/bin/sh\nexit 91\n"),
    "a script that reads": lambda place: program(place, "#!/bin/sh\ncat >/dev/null\nexit 1\n"),
    "a script without interpreter": lambda place: program(place, "#!/none\n"),
    "a link to a script": lambda place: place.symlink_to(
        program(place.parent / "script", "#!/bin/sh\nexit 1\n")
    ),
    "a binary that fails": lambda place: elf(place, "false"),
    "a binary that succeeds": lambda place: elf(place, "true"),
    "a binary that reads": lambda place: elf(place, "cat"),
    "busybox": lambda place: elf(place, "busybox"),
    "an empty file": lambda place: program(place, ""),
    "a text": lambda place: program(place, "not a program\n"),
    "bytes": lambda place: program(place, bytes(range(256))),
    "a folder": lambda place: place.mkdir(),
    "a loop": lambda place: place.symlink_to(place),
    "a pipe": lambda place: os.mkfifo(place, 0o755),
}


@each_shell
@pytest.mark.parametrize("kind", STAND_INS)
def test_skips_a_program_that_only_stands_in_for_python(
    only_path: str, bare: Path, tmp_path: Path, name: str, kind: str
) -> None:
    """A shim of a version manager without a version, say: the next Python on PATH starts the launcher."""
    folder = tmp_path / "first"
    folder.mkdir()
    STAND_INS[kind](folder / "python3")
    argv = [*words_of(name), only_path, "-q", "--"]
    path = f"{folder}:{bare}"
    done = start([*argv[:-2], "--", "cat"], {"PATH": path}, input=b"for the command\n")
    assert (done.returncode, done.stdout) == (0, b"for the command\n"), done
    assert "no Python 3 could be started" in done.stderr.decode()
    done = start([*argv, *THREADS], {"PATH": f"{path}:{PATH}"})
    assert (done.returncode, done.stderr, done.stdout > b"threads=\n") == (0, b"", True), done


@pytest.mark.parametrize("link", [False, True])
def test_gives_up_a_stand_in_for_python_that_hangs(
    only_path: str, bare: Path, tmp_path: Path, *, link: bool
) -> None:
    folder = tmp_path / "first"
    place = program(folder / ("script" if link else "python3"), HANGS)
    if link:
        (folder / "python3").symlink_to(place)
    begin = time.monotonic()
    done = start([only_path, "--", "echo", "hi"], {"PATH": f"{folder}:{bare}"})
    assert (done.returncode, done.stdout) == (0, b"hi\n")
    assert time.monotonic() - begin < 20


def python_of(version: str) -> Path:
    """Return a Python of that version, of pyenv."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    if not found:
        skip_or_fail(f"Python {version} is not installed by pyenv")
    return found[0]


@each_shell
@pytest.mark.parametrize("version", ["3.6", "3.8"])
def test_uses_an_old_python_only_to_start_the_command(
    only_path: str, bare: Path, tmp_path: Path, name: str, version: str
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "python3").symlink_to(python_of(version))
    argv = [*words_of(name), only_path, "--"]
    assert start([*argv, *THREADS], {"PATH": f"{old}:{bare}:{PATH}"}).stdout > b"threads=\n"
    done = start([*argv, "cat", "/proc/self/environ"], {"PATH": f"{old}:{bare}", "a.b": "1"})
    assert done.stdout == f"PATH={old}:{bare}\0a.b=1\0".encode()
    assert "is too old, 3.9 is needed" in lines(done)[0]


@each_shell
def test_ignores_python_2(only_path: str, bare: Path, tmp_path: Path, name: str) -> None:
    found = sorted(Path.home().glob(".pyenv/versions/2.*/bin/python"))
    if not found:
        skip_or_fail("Python 2 is not installed by pyenv")
    (tmp_path / "python3").symlink_to(found[0])
    done = start([*words_of(name), only_path, "--", "echo", "hi"], {"PATH": f"{tmp_path}:{bare}"})
    assert done.stdout == b"hi\n"
    assert "no Python 3" in lines(done)[0]


@each_shell
@pytest.mark.parametrize("path", ["", ".", "bin"], ids=["empty", "dot", "relative"])
def test_runs_no_program_of_the_working_directory(
    launcher: str, tmp_path: Path, name: str, path: str
) -> None:
    """Under the names of what the entry starts; the command is absolute."""
    for tool in ("python3", "base64", "readlink", "timeout"):
        for place in (tmp_path, tmp_path / "bin"):
            program(place / tool, f"#!/bin/sh\necho {tool} >>{tmp_path}/ran\nexit 1\n")
    link = tmp_path / "entry" / "mkl-launch"
    link.parent.mkdir()
    link.symlink_to(launcher)
    done = start(
        [*words_of(name), str(link), "-q", "--", "/bin/echo", "hi"],
        {"PATH": f"{path}:/usr/bin"},
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"hi\n", b"")
    assert not (tmp_path / "ran").exists()


# Python that dies before the first line of the launcher


@each_shell
@pytest.mark.parametrize("kind", ["PYTHONHOME", "LD_PRELOAD", "LD_LIBRARY_PATH"])
def test_starts_the_command_if_python_fails_in_this_environment(
    only_path: str, bare: Path, tmp_path: Path, name: str, kind: str
) -> None:
    """A relocated one without its standard library, and a library that ends every Python."""
    folder = tmp_path / "python" / "bin"
    folder.mkdir(parents=True)
    if kind == "PYTHONHOME":
        shutil.copy(Path(sys.executable).resolve(), folder / "python3")
        marker = ""
    else:
        (folder / "python3").symlink_to(sys.executable)
        marker = ending_library(tmp_path, kind)
    environ = {"PATH": f"{folder}:{bare}", kind: marker or "/none"}
    done = start([*words_of(name), only_path, "--", "/bin/echo", "hi"], environ)
    assert done.stdout == b"hi\n", done


def ending_library(folder: Path, kind: str) -> str:
    """Return the value of a variable with which a Python ends at its start, and other programs do not."""
    compiler = shutil.which("gcc")
    if not compiler:
        skip_or_fail("gcc is not installed")
    source = folder / "end.c"
    source.write_text(
        "#include <string.h>\n#include <unistd.h>\n"
        "__attribute__((constructor)) static void end(int count, char **words) {\n"
        '  if (count && strstr(words[0], "python3")) _exit(1);\n}\n'
    )
    name = "libm.so.6" if kind == "LD_LIBRARY_PATH" else "end.so"
    library = folder / name
    subprocess.run([str(compiler), "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return str(folder) if kind == "LD_LIBRARY_PATH" else str(library)


@each_shell
def test_prefers_the_bundled_python(installed: Path, tmp_path: Path, name: str) -> None:
    command = uncompiled(installed, tmp_path / "own")
    program(
        tmp_path / "own" / "python" / "python3",
        f'#!/bin/sh\necho ours >>{tmp_path}/ran\nexec {sys.executable} "$@"\n',
    )
    program(
        tmp_path / "strange" / "python3",
        f'#!/bin/sh\necho stranger >>{tmp_path}/ran\nexec {sys.executable} "$@"\n',
    )
    argv = [*words_of(name), command, "-q", "--", *THREADS]
    assert start(argv, {"PATH": f"{tmp_path}/strange:{PATH}"}).stdout > b"threads=\n"
    assert (tmp_path / "ran").read_text() == "ours\n"


# Signals


@each_shell
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_during_the_shells_part_ends_the_start(launcher: str, name: str, number: int) -> None:
    """In bash the EXIT trap would run then, which starts the command.

    bash forgets a signal that comes in the 10 microseconds between its last look at pending traps and the
    moment when `trap -` puts the default action back, about 3 of 1,000 in the first 3.5 ms: the command
    starts. Once in 18,000 tries bash sent SIGINT to itself for ever, in its handler of a wait for a child.
    Two such losses of 12 tries are allowed in bash, none in another shell.
    """
    argv = [*words_of(name), launcher, "-q", "--", "sleep", "1"]
    lost = []
    for step in range(12):
        with subprocess.Popen(
            argv, env={"PATH": PATH}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            time.sleep(step / 10_000)  # Python starts at 2 ms or later
            process.send_signal(number)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
        if process.returncode != -number:
            lost.append(process.returncode)
    assert set(lost) <= {0, -signal.SIGKILL}, lost
    assert len(lost) <= (2 if name == "bash" else 0), lost


@each_shell
def test_an_interrupt_prints_no_traceback(launcher: str, name: str) -> None:
    """Once Python has come to the launcher; in its own start it prints one, see SECURITY.md."""
    argv = [*words_of(name), launcher, "--", "sleep", "30"]
    lost = 0
    for step in range(6):
        with subprocess.Popen(argv, env={"PATH": PATH}, stderr=subprocess.PIPE) as process:
            time.sleep(0.014 + step / 1000)
            process.send_signal(signal.SIGINT)
            try:
                _, err = process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                lost += 1
                continue
        assert process.returncode in (-signal.SIGINT, 1)  # 1: in Python's own start
        lost += b"mkl_launch/start.py" in err or b"mkl_launch/main.py" in err
    # Of 240, 2 are lost, and 2 come between the start of Python and the first statement of the launcher.
    assert lost <= 2


IGNORED = (signal.SIGPIPE, signal.SIGXFSZ)


@each_shell
@pytest.mark.parametrize("python", ["", "without Python"])
def test_signals_that_were_ignored_stay_ignored(only_path: str, bare: Path, name: str, python: str) -> None:
    """As systemd has SIGPIPE for its services."""

    def ignore() -> None:
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)

    path = str(bare) if python else f"{bare}:{PATH}"
    argv = [*words_of(name), only_path, "-q", "--", "grep", "SigIgn", "/proc/self/status"]
    done = start(argv, {"PATH": path}, preexec_fn=ignore)
    mask = int(done.stdout.split()[1], 16)
    assert all(mask >> number - 1 & 1 for number in IGNORED)


# Called as a shim


@pytest.mark.parametrize(
    ("name", "lack"),
    [*((name, "readlink") for name in SHELLS), *((name, "process") for name in SHELLS if name != "bash")],
)
def test_a_shim_does_not_run_its_first_argument(
    only_path: str, bare: Path, tmp_path: Path, name: str, lack: str
) -> None:
    """Where the link cannot be followed: no readlink, or no process for it, which bash tries for 15 s."""
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims" / "tool").symlink_to(only_path)
    program(tmp_path / "real" / "tool", '#!/bin/sh\necho tool "$@"\n')
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    before: list[str] = []
    if lack == "readlink":
        (bare / "readlink").unlink()
    elif os.geteuid():
        skip_or_fail("a limit of processes holds for other users than root, which takes root to become")
    else:
        before = [
            "/usr/bin/setpriv",
            "--reuid=12345",
            "--regid=12345",
            "--clear-groups",
            "/usr/bin/prlimit",
            "--nproc=1",
        ]
    argv = [*before, *words_of(name), str(tmp_path / "shims" / "tool"), "echo", "ran"]
    done = start(argv, {"PATH": f"{tmp_path}/shims:{tmp_path}/real:{bare}"})
    assert (done.returncode, done.stdout) == (0, b"tool echo ran\n"), done


@each_shell
def test_a_shim_named_python3_is_not_taken_for_a_python(launcher: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "python3").symlink_to(launcher)
    environ = {"PATH": f"{tmp_path}:{PATH}", "MKL_LAUNCH_LOG": "quiet"}
    assert said([*words_of(name), str(tmp_path / "python3"), "-c", "print(1)"], environ) == "1\n"
    assert said([*words_of(name), launcher, "--", "python3", "-c", "print(1)"], environ) == "1\n"
    off = {**environ, "MKL_LAUNCH": "off"}
    assert said([*words_of(name), str(tmp_path / "python3"), "-c", "print(1)"], off) == "1\n"


# The last resort


@each_shell
@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["--", "echo", "--"], "--\n"),
        (["-q", "--", "echo", "hi"], "hi\n"),
        (["--cpus", "2", "--", "echo", "hi"], "hi\n"),
        (["--cpus=2", "-v", "echo", "hi"], "hi\n"),
        (["--instances", "2", "--log-dir", "/x", "echo", "hi"], "hi\n"),
        (["echo", "-q", "--"], "-q --\n"),
        (["--json", "--", "echo", "ran"], ""),
        (["--pid", "1", "--explain"], ""),
    ],
)
def test_starts_the_command_without_the_package(
    tmp_path: Path, name: str, words: list[str], out: str
) -> None:
    """The package is missing."""
    alone = program(tmp_path / "bin" / "mkl-launch", ENTRY.read_bytes())
    done = start([*words_of(name), str(alone), *words])
    assert (done.returncode, done.stdout.decode()) == (0 if out else 125, out)
    assert "is missing: the command starts without the launcher" in lines(done)[0]


def test_starts_the_command_if_the_package_cannot_be_read(installed: Path, tmp_path: Path) -> None:
    if os.geteuid():
        skip_or_fail("it takes root to become another user")
    for folder in tmp_path.parents[:-2]:
        folder.chmod(folder.stat().st_mode | 0o011)
    tmp_path.chmod(0o755)
    command = uncompiled(installed, tmp_path / "own")
    (tmp_path / "own" / "mkl_launch").chmod(0o700)
    argv = [command, "-q", "--", "echo", "hi"]
    done = start(argv, user=65534, group=65534, extra_groups=[])
    assert (done.returncode, done.stdout) == (0, b"hi\n")


@each_shell
@pytest.mark.parametrize("python", ["", "without Python"])
def test_starts_a_command_whose_name_begins_with_a_dash(
    only_path: str, bare: Path, tmp_path: Path, name: str, python: str
) -> None:
    program(tmp_path / "real" / "-x", '#!/bin/sh\necho ran "$@"\n')
    path = f"{tmp_path}/real:{bare}" + ("" if python else f":{PATH}")
    argv = [*words_of(name), only_path, "-q", "--"]
    done = start([*argv, "-x", "-y"], {"PATH": path})
    assert (done.returncode, done.stdout) == (0, b"ran -y\n"), done
    done = start([*argv, "-none"], {"PATH": path})
    assert done.returncode == 127
    assert "-none: command not found" in lines(done)[-1]


@each_shell
def test_finds_python_if_faccessat2_is_denied(launcher: str, name: str) -> None:
    """As Docker's filter before 20.10 did, with EPERM: no file looks executable to the shell."""
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    inject = ["strace", "-f", "-o", "/dev/null", "--inject=faccessat2:error=EPERM"]
    done = start([*inject, *words_of(name), launcher, "-q", "--", *THREADS])
    assert (done.returncode, done.stdout > b"threads=\n") == (0, True), done


# What is handed on without Python


@pytest.fixture
def without_python(only_path: str, bare: Path) -> tuple[str, str]:
    """Return an entry, and a PATH where it finds no Python."""
    return only_path, str(bare)


@each_shell
@pytest.mark.parametrize(
    ("closed", "taken"),
    [((), ()), ((2,), ()), ((0, 1, 2), ()), ((), tuple(range(3, 10))), ((2,), tuple(range(3, 10)))],
    ids=str,
)
def test_leaves_no_descriptor_of_the_entry_open_without_python(
    without_python: tuple[str, str],
    tmp_path: Path,
    name: str,
    closed: tuple[int, ...],
    taken: tuple[int, ...],
) -> None:
    only_path, bare = without_python
    out = tmp_path / "out"
    argv = [*words_of(name), only_path, "--", "/bin/sh", "-c", f"/bin/ls -l /proc/self/fd >{out}"]
    actions = [(os.POSIX_SPAWN_OPEN, n, "/dev/null", os.O_RDWR, 0) for n in (0, 1, 2, *taken)]
    actions += [(os.POSIX_SPAWN_CLOSE, number) for number in closed]  # type: ignore[misc]
    process = os.posix_spawn(argv[0], argv, {"PATH": bare}, file_actions=actions)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    if taken and shell_of(name) == "dash" and not closed:
        return  # it cannot name a descriptor above 9: see SECURITY.md
    assert "mkl-launch" not in out.read_text()


@each_shell
def test_says_nothing_if_the_environment_cannot_be_read_back(
    launcher: str, tmp_path: Path, name: str
) -> None:
    """As that of a process whose real and effective users differ."""
    if os.geteuid():
        skip_or_fail("it takes root to become another user")
    command = uncompiled(Path(launcher).parent.parent, tmp_path / "own")
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    argv = [*words_of(name), command, "-q", "--", "echo", "hi"]
    environ = {"PATH": "/usr/bin:/bin"}
    done = start(argv, environ, preexec_fn=lambda: os.setresuid(12345, 0, 0))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"hi\n", b"")


@each_shell
def test_adds_no_locale_without_proc(launcher: str, name: str) -> None:
    """Python sets LC_CTYPE in the C locale, and /proc/self/environ is what tells that it was not there."""
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    hide = ["unshare", "--mount", "bash", "-c", 'mount -t tmpfs none /proc && exec "$@"', "bash"]
    for given in ({}, {"LC_CTYPE": "C"}, {"LC_CTYPE": "POSIX"}):
        argv = [
            *hide,
            "env",
            "-i",
            "PATH=/usr/bin:/bin",
            *(f"{name}={value}" for name, value in given.items()),
        ]
        done = start([*argv, *words_of(name), launcher, "-q", "--", "env"])
        found = dict(line.partition("=")[::2] for line in done.stdout.decode().splitlines())
        assert "OMP_NUM_THREADS" in found
        assert {key: value for key, value in found.items() if key.startswith("LC_")} == given


# bash, and what it takes from the environment


@pytest.fixture(params=["sh", "posix"])
def bash(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """As /bin/sh of an image, and as the other tests start it."""
    found = shutil.which("bash")
    if not found:
        skip_or_fail("bash is not installed")
    if request.param == "posix":
        return [str(found), "--posix"]
    (tmp_path / "as").mkdir()
    (tmp_path / "as" / "sh").symlink_to(str(found))
    return [str(tmp_path / "as" / "sh")]


@pytest.mark.parametrize("options", ["xtrace", "verbose", "xtrace:verbose"])
def test_a_traced_shell_does_not_print_the_environment(
    bash: list[str], launcher: str, options: str
) -> None:
    environ = {"SHELLOPTS": options, "SECRET": "secret", "MKL_LAUNCH_LOG": "quiet"}
    done = start([*bash, launcher, "--", "printenv", "SECRET"], environ)
    assert done.stdout == b"secret\n"
    assert b"secret" not in done.stderr
    assert b"MKL_LAUNCH_ENVIRON" not in done.stderr


@pytest.mark.parametrize("options", ["failglob", "nullglob", "expand_aliases", "extglob:nocasematch"])
def test_options_of_bash_do_not_change_the_start(bash: list[str], launcher: str, options: str) -> None:
    seen = environ_of([*bash, launcher, "-q", "--"], {"BASHOPTS": options})
    assert seen[b"BASHOPTS"] == options.encode()
    assert b"OMP_NUM_THREADS" in seen


@pytest.mark.parametrize(
    "function", ["[", "read", "echo", "test", "kill", "shopt", "command", "base64", "timeout"]
)
def test_exported_functions_of_bash_do_not_change_the_start(
    bash: list[str], launcher: str, function: str
) -> None:
    name = f"BASH_FUNC_{function}%%"
    done = start(
        [*bash, launcher, "-q", "--", "cat", "/proc/self/environ"], {name: "() { /bin/echo ran; }"}
    )
    found = dict(entry.partition(b"=")[::2] for entry in done.stdout.split(b"\0") if entry)
    assert found[name.encode()] == b"() { /bin/echo ran; }"
    assert b"OMP_NUM_THREADS" in found


# Python that has no memory, or damaged files


@pytest.mark.parametrize(
    "module",
    [
        *("start", "main", "launch/execute", "core/messages", "cli/reader"),
        *("policy/plan", "policy/provenance"),
    ],
)
@pytest.mark.parametrize("damage", ["empty", "cut", "nonsense"])
def test_ignores_damaged_compiled_files(installed: Path, tmp_path: Path, module: str, damage: str) -> None:
    folder = tmp_path / "own"
    command = uncompiled(installed, folder)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder],
        check=True,
    )
    source = folder / "mkl_launch" / f"{module}.py"
    (file,) = (source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")
    data = file.read_bytes()
    head, code = data[:16], data[16:]
    file.write_bytes({"empty": head, "cut": data[: len(data) // 2], "nonsense": head + code[::-1]}[damage])
    done = start([command, "-q", "--", *THREADS])
    assert (done.returncode, done.stdout > b"threads=\n") == (0, True), done


def test_starts_the_command_if_python_runs_out_of_memory(installed: Path) -> None:
    """At each limit at which Python itself can load the last resort."""
    main = str(installed / "mkl_launch" / "__main__.py")
    python = [str(Path(sys.executable).resolve()), "-I", "-S", "-B", "-X", "utf8"]

    def most(megabytes: float) -> Callable[[], None]:
        size = int(megabytes * 2**20)
        return lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))

    modules = "mkl_launch.start, mkl_launch.core.messages"
    code = (
        f"compile(open({main!r}).read(), {main!r}, 'exec'); "
        f"import sys; sys.path.append({str(installed)!r}); import {modules}"
    )
    failed = []
    for tenths in range(80, 260, 4):
        limit = most(tenths / 10)
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            reached = start([*python, "-c", code], preexec_fn=limit)
            if reached.returncode:
                continue
            done = start([*python, main, "-q", "--", "/bin/true"], preexec_fn=limit)
            if done.returncode and start(["/bin/true"], preexec_fn=limit).returncode == 0:
                failed.append((tenths / 10, done.returncode, done.stderr[-200:]))
    assert failed == []
