"""The exec of the command: it inherits what it would without the launcher, and the settings."""

from __future__ import annotations

import base64
import errno
import itertools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.cli.options import WITH_VALUE
from mkl_launch.launch import execute
from mkl_launch.start import SHORT, from_base64
from testing.process import (
    FOREIGN_MODULES,
    NOTE,
    PATH,
    SHELLS,
    altered,
    environ_of,
    fill,
    lines,
    said,
    setting_names,
    shell,
    start,
)
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PYTHON = [sys.executable, "-I", "-S", "-X", "utf8", "-c"]
STANDARD = (0, 1, 2)


@pytest.fixture(params=[*SHELLS, "prepared"])
def quietly(request: pytest.FixtureRequest, launcher: str, prepared: Path) -> list[str]:
    """Return the quiet launcher: its shell entry under each /bin/sh, and the prepared entry."""
    if request.param == "prepared":
        return [str(prepared / "bin" / "mkl-launch"), "-q", "--"]
    return [*shell(request.param), launcher, "-q", "--"]


@pytest.fixture(scope="module")
def ours(launcher: str) -> frozenset[bytes]:
    return setting_names(launcher) | {NOTE}


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """Return a PATH with the shell's own tools and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in ("base64", "cat", "echo", "grep", "readlink", "sh", "timeout", "true"):
        (folder / tool).symlink_to(shutil.which(tool, path="/usr/bin:/bin") or tool)
    return str(folder)


@pytest.fixture
def unread() -> Iterator[int]:
    """Yield the end of a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def script(path: Path, text: str, mode: int = 0o755) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


# Same process


def test_the_command_has_the_process_id_of_the_launcher(quietly: list[str]) -> None:
    with subprocess.Popen(
        [*quietly, "sh", "-c", "echo $$"], env={"PATH": PATH}, stdout=subprocess.PIPE
    ) as process:
        said_by_child, _ = process.communicate()
    assert int(said_by_child) == process.pid


def test_a_launch_leaves_no_other_process(quietly: list[str]) -> None:
    code = "import os\ntry: os.waitpid(-1, 0)\nexcept ChildProcessError: print('alone')"
    assert said([*quietly, *PYTHON, code]) == "alone\n"


@pytest.mark.parametrize("code", ["exit 7", "kill -TERM $$"])
def test_exits_with_the_status_of_the_command(launcher: str, code: str) -> None:
    command = ["sh", "-c", code]
    assert start([launcher, "-q", "--", *command]).returncode == start(command).returncode


def test_the_command_reads_the_standard_input(quietly: list[str]) -> None:
    assert start([*quietly, "cat"], input=b"a\0\xff\n").stdout == b"a\0\xff\n"


WORDS = (b"", b"\xff\xfe", "ü€".encode(), b"a\nb", b"\n", b"-", b"--", b"--json", b"'\"$x`*\\", b" ", b"")


@pytest.mark.parametrize(
    "locale",
    [{"LANG": "C"}, {"LC_ALL": "ja_JP.SJIS"}, {"LC_ALL": "no\xffsense"}, {"LANG": "C.UTF-8"}],
    ids=str,
)
def test_passes_arguments_byte_for_byte(launcher: str, locale: dict[str, str]) -> None:
    code = "import sys; sys.stdout.buffer.write(open('/proc/self/cmdline', 'rb').read())"
    done = start([launcher, "-q", "--", *PYTHON, code, *WORDS], locale)
    assert done.stdout.endswith(b"\0" + b"\0".join([code.encode(), *WORDS]) + b"\0")


def test_passes_arguments_byte_for_byte_in_every_shell(quietly: list[str]) -> None:
    code = "import sys; sys.stdout.buffer.write(open('/proc/self/cmdline', 'rb').read())"
    assert start([*quietly, *PYTHON, code, *WORDS]).stdout == start([*PYTHON, code, *WORDS]).stdout


def test_keeps_the_working_directory(quietly: list[str], tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b" od\xffd\n")
    odd.mkdir()
    assert start([*quietly, "readlink", "/proc/self/cwd"], cwd=odd).stdout == os.fsencode(odd) + b"\n"


IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGALRM)
BLOCKED = (signal.SIGUSR2, signal.SIGTERM, signal.SIGPIPE, signal.SIGRTMIN + 6)


def unusual() -> None:
    """Set in the child, before exec, all attributes that the next program inherits."""
    os.umask(0o137)
    os.nice(3)
    resource.setrlimit(resource.RLIMIT_NOFILE, (77, 88))
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED)


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ("status", r"(PPid|Uid|Gid|Groups|Umask|NSsid|NSpgid|Sig\w\w\w|ShdPnd|Cap\w+|NoNewPrivs|Seccomp):"),
        ("status", r"Cpus_allowed_list:"),
        ("limits", r"Max "),
        ("stat", r"\d+ \(\w+\) R (\d+ ){4}"),  # parent, process group, session, terminal
    ],
)
@pytest.mark.parametrize("prepare", [unusual, None])
def test_keeps_all_attributes_that_a_process_inherits(
    quietly: list[str], file: str, kept: str, prepare: Callable[[], None] | None
) -> None:
    def handed_on(argv: list[str]) -> list[str]:
        text = said([*argv, "cat", f"/proc/self/{file}"], preexec_fn=prepare)
        found = [line for line in text.splitlines() if re.match(kept, line)]
        return [line.split(")")[-1].split(" 0 ")[0] if file == "stat" else line for line in found]

    expected = handed_on([])
    assert expected
    assert handed_on(quietly) == expected


def test_the_command_has_no_pending_signal_of_a_child_of_the_entry(quietly: list[str]) -> None:
    """Where SIGCHLD is blocked: the command would be told of a child that it has not."""

    def block() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])

    status = said([*quietly, "grep", "Pnd:", "/proc/self/status"], preexec_fn=block)
    assert {line.split()[1] for line in status.splitlines()} == {"0" * 16}


# Ignored by Python at its start. What else is ignored here was so before, by a shell or a supervisor.
PYTHONS_OWN = 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1


@pytest.mark.parametrize("ending", [["--"], []])
def test_sets_sigpipe_and_sigxfsz_to_their_defaults(quietly: list[str], ending: list[str]) -> None:
    text = said([*quietly[:-1], *ending, "grep", "SigIgn", "/proc/self/status"])
    assert int(text.split()[1], 16) & PYTHONS_OWN == 0


# File descriptors

DESCRIPTORS = """
import os, sys
found = {}
for name in os.listdir("/proc/self/fd"):
    try:
        found[int(name)] = os.readlink("/proc/self/fd/" + name), os.get_inheritable(int(name))
    except OSError:
        pass  # of the listing itself
open(sys.argv[1], "w").write(repr(sorted(found.items())))
"""


def descriptors(argv: list[str], actions: list[Any], told: Path) -> str:
    """Return the open descriptors of a command of `argv` after these posix_spawn(3) actions."""
    command = [*argv, *PYTHON, DESCRIPTORS, str(told)]
    first = shutil.which(command[0]) or command[0]
    process = os.posix_spawn(first, command, {"PATH": PATH}, file_actions=actions)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    return told.read_text()


@pytest.mark.parametrize(
    "closed",
    [some for size in range(4) for some in itertools.combinations(STANDARD, size)],
    ids=lambda closed: f"closed {closed}",
)
def test_keeps_descriptors_closed_and_adds_none(
    quietly: list[str], closed: tuple[int, ...], tmp_path: Path
) -> None:
    actions: list[Any] = [(os.POSIX_SPAWN_OPEN, n, "/dev/null", os.O_RDWR, 0) for n in STANDARD]
    actions += [(os.POSIX_SPAWN_CLOSE, number) for number in closed]
    seen = descriptors(quietly, actions, tmp_path / "told")
    assert seen == descriptors([], actions, tmp_path / "told")
    assert [number for number in STANDARD if f"({number}, (" not in seen] == list(closed)


@pytest.mark.parametrize(
    "numbers",
    [(3,), (3, 4, 9, 10, 11, 63, 255), range(3, 15)],  # shells keep their script at 10 or 255
    ids=["one", "some", "all up to 14"],
)
def test_the_command_inherits_open_descriptors(
    quietly: list[str], numbers: Sequence[int], tmp_path: Path
) -> None:
    names = {number: tmp_path / f"file{number}" for number in numbers}
    flags = os.O_RDWR | os.O_CREAT
    actions = [(os.POSIX_SPAWN_OPEN, number, str(name), flags, 0o644) for number, name in names.items()]
    seen = descriptors(quietly, actions, tmp_path / "told")
    assert all(f"({number}, ('{name}', True))" in seen for number, name in names.items())
    assert seen == descriptors([], actions, tmp_path / "told")


# Environment


ENVIRONMENTS: dict[str, Mapping[Any, Any]] = {
    "nothing": {},
    "C locale": {"LANG": "C"},
    "C.UTF-8": {"LC_ALL": "C.UTF-8"},
    "LC_CTYPE": {"LC_CTYPE": "POSIX"},
    "names that are no identifiers": {"a.b": "1", "x-y": "2", "3": "4", "a b": "5", b"\xff": "6"},
    "values": {"A": b"\xff\xfe", "B": "a\nb\n", "C": "", "D": "=a=b=", "E": "  ", "F": "'\"`$\\"},
    "the shell's": {"PWD": "/a", "OLDPWD": "/b", "SHLVL": "7", "_": "/x", "PPID": "9", "IFS": "i"},
    "the shell's counters": {"OPTIND": "9", "LINENO": "x", "UID": "77", "RANDOM": "r", "SECONDS": "s"},
    "the shell's options": {"SHELLOPTS": "hashall", "BASHOPTS": "cmdhist", "POSIXLY_CORRECT": ""},
    "the shell's functions": {"BASH_FUNC_f%%": "() { echo hi; }"},
    "Python's": {
        "PYTHONPATH": "/nonexistent",
        "PYTHONHOME": "/nonexistent",
        "PYTHONSTARTUP": "/nonexistent/startup.py",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONIOENCODING": "nonsense",
        "PYTHONUTF8": "nonsense",
        "PYTHONCOERCECLOCALE": "warn",
        "PYTHONHASHSEED": "nonsense",
        "PYTHONVERBOSE": "1",
        "PYTHONMALLOC": "malloc",
    },
    "the launcher's": {"MKL_LAUNCH_LOG": "quiet", "MKL_LAUNCH_CPUS": "1", "MKL_LAUNCH_STRANGE": "x"},
}  # fmt: skip


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_adds_only_the_settings_to_the_environment(
    quietly: list[str], ours: frozenset[bytes], case: str
) -> None:
    before = {"PATH": PATH, **ENVIRONMENTS[case]}
    expected = {os.fsencode(name): os.fsencode(value) for name, value in before.items()}
    seen = environ_of(quietly, before)
    assert {name: value for name, value in seen.items() if name not in ours} == expected
    assert b"OMP_NUM_THREADS" in seen
    assert NOTE in seen


STRANGE = """
import ctypes, sys
strings = lambda words: (ctypes.c_char_p * (len(words) + 1))(*words, None)
words = [word.encode() for word in sys.argv[1:]]
environ = [b"=value", b"=", b"", b"no equals sign", b"KEPT=1", b"=C:=x"]
ctypes.CDLL(None).execve(words[0], strings(words), strings(environ))
"""


def test_keeps_entries_of_the_environment_without_a_name(quietly: list[str]) -> None:
    """The kernel takes whatever it is given; Python hands on none that is not NAME=VALUE."""
    first = shutil.which(quietly[0]) or quietly[0]
    seen = environ_of([*PYTHON, STRANGE, first, *quietly[1:]])
    assert seen[b"KEPT"] == b"1"
    assert b"OMP_NUM_THREADS" in seen
    assert b"" not in seen


def test_keeps_variables_that_the_entry_script_uses_itself(quietly: list[str]) -> None:
    text = (PROJECT / "entrypoint" / "mkl-launch").read_text()
    names = {*re.findall(r"\b(_mkl_\w+)=", text), *re.findall(r"\bfor (\w+) in", text), "LC_ALL", "IFS"}
    assert len(names) > 10
    seen = environ_of(quietly, dict.fromkeys(names, "the user's"))
    assert {name: seen.get(name.encode()) for name in names} == dict.fromkeys(names, b"the user's")


def test_a_python_behind_a_shell_wrapper_changes_no_variable(
    launcher: str, ours: frozenset[bytes], tmp_path: Path
) -> None:
    """The python3 of pyenv is a script that sets variables and PATH."""
    wrapper = (
        f'#!/bin/sh\nexport PYENV_VERSION=3 PATH="{tmp_path}/shims:$PATH"\nexec {sys.executable} "$@"\n'
    )
    script(tmp_path / "python3", wrapper)
    script(tmp_path / "shims" / "cat", "#!/bin/sh\necho not from the PATH of the command\n")
    before = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    seen = environ_of([launcher, "-q", "--"], before)
    assert {name: value for name, value in seen.items() if name not in ours} == {
        b"PATH": os.fsencode(before["PATH"])
    }


BROKEN_STAND_INS = {
    "fails": "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n",
    "says nothing": "#!/bin/sh\n",
    "says something else": "#!/bin/sh\necho python3 is not installed\n",
    "has no interpreter": "#!/nonexistent/sh\n",
}


@pytest.mark.parametrize("kind", BROKEN_STAND_INS)
def test_skips_a_broken_wrapper_of_python(quietly: list[str], tmp_path: Path, kind: str) -> None:
    """As a version manager's where no version is chosen: the next Python on PATH starts the launcher."""
    script(tmp_path / "python3", BROKEN_STAND_INS[kind])
    environ = {"PATH": f"{tmp_path}:{PATH}"}
    assert said([*quietly, "sh", "-c", "echo $((OMP_NUM_THREADS > 0))"], environ) == "1\n"


@pytest.mark.parametrize("size", [80_000, 100_000, 200_000, 1_000_000])
def test_keeps_a_huge_environment(quietly: list[str], size: int) -> None:
    before = {f"HUGE_{number}": "x" * 1000 for number in range(size // 1000)}
    seen = environ_of(quietly, before)
    assert {name: seen.get(name.encode()) for name in before} == dict.fromkeys(before, b"x" * 1000)
    assert NOTE in seen
    assert b"LC_CTYPE" not in seen
    assert b"_MKL_LAUNCH_ENVIRON" not in seen


@pytest.mark.parametrize("length", range(0, 26, 3))
def test_ignores_a_truncated_copy_of_the_environment(installed: Path, length: int) -> None:
    """As by a shell that fails to read all of it."""
    before = {"GIVEN": "as it was", "LATER": "too"}
    block = "".join(f"{name}={value}\0" for name, value in before.items()).encode()
    assert length < len(block)
    copy = base64.b64encode(block[:length]).decode()
    main = str(installed / "mkl_launch" / "__main__.py")
    launch = [sys.executable, "-I", "-S", "-X", "utf8", main, "-q", "--"]
    seen = environ_of(launch, {**before, "_MKL_LAUNCH_ENVIRON": copy})
    assert (seen.get(b"GIVEN"), seen.get(b"LATER")) == (b"as it was", b"too")


def test_decodes_base64_that_is_complete() -> None:
    decode: Callable[[bytes], bytes] = from_base64
    for length in range(100):
        block = os.urandom(length)
        text = base64.b64encode(block)
        assert decode(text) == block
        for end in range(len(text)):
            if end % 4:
                with pytest.raises(ValueError, match="incomplete"):
                    decode(text[:end])
    long = os.urandom(SHORT)
    assert decode(base64.b64encode(long)) == long


def test_the_command_reads_a_script_that_is_a_pipe(quietly: list[str]) -> None:
    """A launcher that looks into scripts leaves alone what can be read once only."""
    script = "echo one\n" + "# " + "x" * 300 + "\necho two\n"
    done = start([*quietly, "bash", "/dev/stdin"], input=script.encode())
    assert done.stdout == b"one\ntwo\n", done


def test_keeps_a_variable_of_the_largest_size_that_the_kernel_allows(quietly: list[str]) -> None:
    longest = b"x" * (32 * 4096 - len("LONG=") - 1)
    assert environ_of(quietly, {"LONG": longest})[b"LONG"] == longest


def test_without_base64_keeps_variables_with_plain_names_silently(quietly: list[str], bare: str) -> None:
    Path(bare, "base64").unlink()
    Path(bare, "python3").symlink_to(sys.executable)
    argv = [shutil.which(quietly[0]) or quietly[0], *quietly[1:]]
    done = start([*argv, "cat", "/proc/self/environ"], {"PATH": bare, "KEPT": "1"})
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"KEPT=1" in done.stdout.split(b"\0")
    assert b"LC_CTYPE=" not in done.stdout


# The launcher imports nothing of the user's


@pytest.mark.parametrize(
    "options",
    [
        ["--"],
        ["-v"],
        ["--json"],
        ["--explain"],
        ["--explain", "-v"],
        ["--print-env", "sh"],
        ["--help"],
        ["--bad"],
    ],
    ids=" ".join,
)
def test_imports_no_module_from_the_user(launcher: str, tmp_path: Path, options: list[str]) -> None:
    marker = tmp_path / "imported"
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    user_site = tmp_path / "lib" / version / "site-packages"
    user_site.mkdir(parents=True)
    for name in FOREIGN_MODULES:
        for folder in (tmp_path, user_site):
            (folder / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write(__file__ + '\\n')\n")
    (user_site / "evil.pth").write_text(f"import sys; open({str(marker)!r}, 'a').write('pth')\n")
    shell_code = script(tmp_path / "shell", f"echo shell >> {marker}\n")
    environ = {
        "PYTHONPATH": str(tmp_path),
        "PYTHONSTARTUP": str(tmp_path / "startup.py"),
        "PYTHONUSERBASE": str(tmp_path),
        "PYTHONINSPECT": "",
        "ENV": str(shell_code),
        "BASH_ENV": str(shell_code),
        "HOME": str(tmp_path),
    }
    start([launcher, *options, "true"], environ, cwd=tmp_path)
    assert not marker.exists(), marker.read_text()


PROGRAMS = ("lscpu", "dmesg", "uname", "sysctl", "sestatus", "cpufreq-info", "python3")


@pytest.mark.parametrize("words", [["--explain", "-v"], ["--json"]], ids=" ".join)
def test_a_report_starts_no_program_of_the_user(launcher: str, tmp_path: Path, words: list[str]) -> None:
    """py-cpuinfo would start a Python that is not isolated, and programs of PATH."""
    for name in ("sitecustomize.py", "json.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    for name in PROGRAMS:
        script(tmp_path / name, f"#!/bin/sh\necho {name} >>{tmp_path}/ran\nexit 1\n")
    start(
        [launcher, *words, "--", "true"], {"PATH": f".:{PATH}", "PYTHONPATH": str(tmp_path)}, cwd=tmp_path
    )
    code = (
        "import sys; sys.path.append(sys.argv[1]); "
        "from mkl_launch.host import inventory; print(inventory._cpuinfo())"
    )
    folder = str(Path(launcher).parent.parent)
    environ = {"PATH": f"{tmp_path}:{PATH}", "PYTHONPATH": str(tmp_path)}
    assert "brand_raw" in said([*PYTHON, code, folder], environ, cwd=tmp_path)
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()


# Finding the command


def test_finds_the_command_in_path(launcher: str, tmp_path: Path) -> None:
    for number in (1, 2):
        script(tmp_path / str(number) / "tool", f"#!/bin/sh\necho {number}\n")
    script(tmp_path / "0" / "tool", "not executable", 0o644)
    (tmp_path / "00" / "tool").mkdir(parents=True)
    path = f"{PATH}:/nonexistent:/dev/null:{tmp_path}/0:{tmp_path}/00:{tmp_path}/1:{tmp_path}/2"
    assert said([launcher, "-q", "--", "tool"], {"PATH": path}) == "1\n"


@pytest.mark.parametrize(
    "path", [f"{PATH}:", f":{PATH}", f"/nonexistent::{PATH}", f".:{PATH}", f"sub:{PATH}"]
)
def test_finds_the_command_in_empty_and_relative_elements_of_path(
    launcher: str, tmp_path: Path, path: str
) -> None:
    for folder in (tmp_path, tmp_path / "sub"):
        script(folder / "tool", "#!/bin/sh\necho found\n")
    assert said([launcher, "-q", "--", "tool"], {"PATH": path}, cwd=tmp_path) == "found\n"


NEVER_THERE = ("ELOOP", "ENAMETOOLONG", "ESTALE", "ENODEV", "ETIMEDOUT", "ENOTCONN", "ENOENT", "ENOTDIR")


@pytest.mark.parametrize("name", [*NEVER_THERE, "EIO", "EACCES", "EPERM", "EREMOTEIO", "EHOSTDOWN"])
def test_continues_the_search_after_an_element_of_path_that_fails(name: str) -> None:
    """As that of a file system whose server is gone: execvp(3) and shells go on to the next."""
    number = getattr(errno, name)
    tried = []

    def execve(path: bytes, _words: list[bytes], _environ: Mapping[bytes, bytes]) -> None:
        tried.append(path)
        raise OSError(number if path.startswith(b"/bad") else errno.ENOENT, "")

    refused = execute.execute([b"tool"], {b"PATH": b"/bad::/good"}, execve=execve)
    assert tried == [b"/bad/tool", b"./tool", b"/good/tool"]
    assert refused.errno == (errno.ENOENT if name in NEVER_THERE else number)


@pytest.mark.parametrize("name", ["E2BIG", "ETXTBSY", "ENOMEM", "EMFILE", "ENOEXEC"])
def test_stops_the_search_at_an_error_that_no_later_element_of_path_can_change(name: str) -> None:
    tried = []

    def execve(path: bytes, _words: list[bytes], _environ: Mapping[bytes, bytes]) -> None:
        tried.append(path)
        raise OSError(getattr(errno, name), "")

    place = os.fsencode(Path(sys.executable).parent)
    words = [os.fsencode(Path(sys.executable).name)]
    assert execute.execute(words, {b"PATH": place + b":/good"}, execve=execve).errno == getattr(errno, name)
    assert tried == [place + b"/" + words[0]]


@pytest.mark.parametrize("bad", ["loop", "x" * 300, "y" * 5000])
@pytest.mark.parametrize("way", ["launch", "last resort"])
def test_finds_a_command_after_an_unreadable_element_of_path(
    installed: Path, launcher: str, tmp_path: Path, way: str, bad: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    script(tmp_path / "real" / "tool", "#!/bin/sh\necho found\n")
    command = [launcher]
    if way == "last resort":
        command = altered(installed, tmp_path / "broken", "mkl_launch/main.py", ending("def (:"))
    environ = {"PATH": f"{PATH}:{tmp_path}/{bad}:{tmp_path}/real"}
    assert start([*command, "-q", "--", "tool"], environ).stdout == b"found\n"
    done = start([*command, "-q", "--", "none"], environ)
    assert done.returncode == 127
    assert "none: command not found" in lines(done)[-1]


@pytest.mark.parametrize("path", ["", f"{PATH}:", f":{PATH}"])
def test_the_last_resort_finds_a_command_in_the_working_directory(
    installed: Path, tmp_path: Path, path: str
) -> None:
    script(tmp_path / "tool", "#!/bin/sh\necho found\n")
    command = altered(installed, tmp_path / "broken", "mkl_launch/main.py", ending("def (:"))
    assert start([*command, "--", "tool"], {"PATH": path}, cwd=tmp_path).stdout == b"found\n"


def test_the_last_resort_does_not_run_a_binary_with_a_shell(installed: Path, tmp_path: Path) -> None:
    place = tmp_path / "some-tool"
    place.write_bytes(b"\x7fELF\2\1\1" + bytes(100))  # of no machine there is
    place.chmod(0o755)
    command = altered(installed, tmp_path / "broken", "mkl_launch/main.py", ending("def (:"))
    done = start([*command, "--", str(place)])
    assert (done.returncode, len(lines(done))) == (126, 2)


def test_without_path_searches_the_default_path_of_the_system(launcher: str) -> None:
    done = subprocess.run([launcher, "-q", "--", "echo", "hi"], env={}, capture_output=True, check=False)
    assert done.stdout == b"hi\n"


def test_with_an_empty_path_searches_only_the_working_directory(launcher: str, tmp_path: Path) -> None:
    script(tmp_path / "tool", "#!/bin/sh\necho found\n")
    done = start([launcher, "-q", "--", "tool"], {"PATH": ""}, cwd=tmp_path)
    assert done.stdout == b"found\n"


@pytest.mark.parametrize(
    "name", ["no-such-command", "./no/such", "/nonexistent", "", "a b", "ü", "/dev/null/x"]
)
def test_a_missing_command_exits_with_127(launcher: str, name: str) -> None:
    done = start([launcher, "-q", "--", name])
    assert done.returncode == 127
    (line,) = lines(done)
    assert name in line


@pytest.mark.parametrize("in_path", ["in PATH", ""])
@pytest.mark.parametrize("kind", ["file", "directory", "binary"])
def test_a_command_that_cannot_be_executed_exits_with_126(
    launcher: str, tmp_path: Path, kind: str, in_path: str
) -> None:
    place = tmp_path / "some-tool"
    if kind == "directory":
        place.mkdir()
    elif kind == "file":
        script(place, "#!/bin/sh\necho ran\n", 0o644)
    else:
        place.write_bytes(b"\x7fELF\2\1\1" + bytes(100))  # of no machine there is
        place.chmod(0o755)
    done = start(
        [launcher, "-q", "--", "some-tool" if in_path else str(place)], {"PATH": f"{PATH}:{tmp_path}"}
    )
    assert (done.returncode, done.stdout) == (126, b"")
    assert "some-tool" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("in_path", ["in PATH", ""])
def test_a_script_without_interpreter_line_is_run_by_sh(
    launcher: str, tmp_path: Path, in_path: str
) -> None:
    place = script(tmp_path / "tool", 'echo "$0" "$@"\n')
    name = "tool" if in_path else str(place)
    text = said([launcher, "-q", "--", name, "a b", ""], {"PATH": f"{PATH}:{tmp_path}"})
    assert text == f"{place} a b \n"


def small_stack() -> None:
    resource.setrlimit(resource.RLIMIT_STACK, (2**20, 2**20))  # arguments and environment: a quarter


def crammed(
    argv: list[str], size: int, environ: Mapping[Any, Any], **options: Any
) -> subprocess.CompletedProcess[bytes] | None:
    """Run with so many bytes of arguments more; None where the kernel has no room for them."""
    words = [*["x" * 100_000] * (size // 100_000), "x" * (size % 100_000)]
    try:
        return start([*argv, *words], environ, preexec_fn=small_stack, **options)
    except OSError:
        return None


def room(argv: list[str], environ: Mapping[Any, Any]) -> int:
    """Return the most additional bytes of arguments with which this starts, to within 50."""
    low, high = 0, 2**18
    while high - low > 50:
        middle = (low + high) // 2
        low, high = (middle, high) if crammed(argv, middle, environ) else (low, middle)
    return low


NO_ROOM = "mkl-launch: echo: Argument list too long; trying without the settings"


def test_starts_without_settings_if_arguments_leave_no_room(quietly: list[str], unread: int) -> None:
    """They are some 900 bytes, Python's own words and the copy of so small an environment 500.

    The message is said after an exec that has failed, for which SIGPIPE had its default again.
    """
    size = room(["echo", "hi"], {}) - 600
    done = crammed([*quietly, "echo", "hi"], size, {})
    assert done is not None
    assert (done.returncode, done.stdout[:3], lines(done)) == (0, b"hi ", [NO_ROOM])
    done = crammed([*quietly, "echo", "hi"], size, {}, stderr=unread)
    assert done is not None
    assert (done.returncode, done.stdout[:3]) == (0, b"hi ")


# About as much as is copied; its copy is a third more.
LARGE = {f"LARGE_{number}": "x" * 1000 for number in range(85)}
CLEAN = 'echo "started${_MKL_LAUNCH_ENVIRON+ with the copy}"; exec grep SigIgn /proc/self/status'


def test_starts_if_arguments_leave_no_room_for_a_copy_of_the_environment(quietly: list[str]) -> None:
    """Where the command itself starts, it does so under the launcher: less its own words, 1,000 bytes."""
    command = ["sh", "-c", CLEAN, "sh"]
    done = crammed([*quietly, *command], room(command, LARGE) - 1000, LARGE)
    assert done is not None
    assert (done.returncode, done.stdout[:8]) == (0, b"started\n"), done
    assert int(done.stdout.split()[-1], 16) & PYTHONS_OWN == 0


# Where the entry script is and what it finds


BY_PATH = [("PATH", "sh"), ("relative PATH", "sh")]  # with another shell in front it is given a path


@pytest.mark.parametrize(
    ("way", "name"), [*itertools.product(["symlink", "linked folder", "relative"], SHELLS), *BY_PATH]
)
def test_starts_in_every_way_that_the_entry_can_be_called(
    installed: Path, tmp_path: Path, way: str, name: str
) -> None:
    environ = {"PATH": PATH}
    bin_folder = installed / "bin"
    if way == "symlink":
        (tmp_path / "first").symlink_to(os.path.relpath(bin_folder / "mkl-launch", tmp_path))
        (tmp_path / "mkl-launch").symlink_to("first")
        command = str(tmp_path / "mkl-launch")
    elif way == "linked folder":
        (tmp_path / "bin").symlink_to(bin_folder)
        command = str(tmp_path / "bin" / "mkl-launch")
    elif way == "relative":
        command = "./bin/mkl-launch"
    else:
        environ["PATH"] = f"{bin_folder if way == 'PATH' else 'bin'}:{PATH}"
        command = "mkl-launch"
    assert b"OMP_NUM_THREADS" in environ_of(
        ["env", *shell(name), command, "-q", "--"], environ, cwd=installed
    )


def test_starts_from_a_folder_with_special_characters(installed: Path, tmp_path: Path) -> None:
    command = altered(
        installed, tmp_path / "a *[b]$x ü", "mkl_launch/__init__.py", lambda text: text + "\n"
    )
    assert b"OMP_NUM_THREADS" in environ_of([*command, "-q", "--"])


def test_starts_in_a_virtual_environment_without_another_python(
    wheel: Path, tmp_path: Path, bare: str
) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(venv / "bin" / "python")]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    marker = tmp_path / "imported"
    (site_packages,) = venv.glob("lib/python*/site-packages")
    for name in ("sitecustomize.py", "some.pth"):
        (site_packages / name).write_text(f"import sys; open({str(marker)!r}, 'w')\n")
    command = [str(venv / "bin" / "mkl-launch"), "-q", "--"]
    assert b"OMP_NUM_THREADS" in environ_of(command, {"PATH": bare})
    assert not marker.exists()


SYSTEM_PATH = "usr/local/bin:/usr/bin:/bin"


@pytest.fixture(params=SHELLS)
def without_python(request: pytest.FixtureRequest, installed: Path, tmp_path: Path) -> list[str]:
    """Return an entry script that knows of no Python but PATH's."""
    folder = tmp_path / "no-python"
    command = altered(installed, folder, "bin/mkl-launch", lambda text: text.replace(f"/{SYSTEM_PATH}", ""))
    words = shell(request.param)
    return [*([shutil.which(words[0]) or words[0], *words[1:]] if words else []), *command]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--"],
        ["-q", "--"],
        ["--cpus", "2", "-v", "--"],
        ["--cpus=2", "--workers", "1"],
        ["--strict", "--bind", "never"],
    ],
    ids=" ".join,
)
def test_without_python_the_command_starts_with_one_line(
    without_python: list[str], options: list[str], bare: str
) -> None:
    done = start([*without_python, *options, "echo", "--", "hi", ""], {"PATH": bare})
    assert (done.returncode, done.stdout) == (0, b"-- hi \n")
    (line,) = lines(done)
    assert "no Python" in line


@pytest.mark.parametrize("kind", BROKEN_STAND_INS)
def test_a_broken_wrapper_of_python_counts_as_no_python(
    without_python: list[str], bare: str, kind: str
) -> None:
    script(Path(bare) / "python3", BROKEN_STAND_INS[kind])
    done = start([*without_python, "--", "echo", "hi"], {"PATH": bare})
    assert (done.returncode, done.stdout) == (0, b"hi\n")
    assert "no Python" in lines(done)[-1]


@pytest.mark.parametrize("option", sorted(WITH_VALUE))
def test_without_python_the_value_of_an_option_is_not_the_command(
    without_python: list[str], option: str, bare: str
) -> None:
    done = start([*without_python, option, "2", "echo", "hi"], {"PATH": bare})
    assert (done.returncode, done.stdout) == (0, b"hi\n")


@pytest.mark.parametrize(
    "options", [["--json"], ["--explain"], ["--print-env", "sh"], ["--sysroot", "/x"], []]
)
def test_without_python_a_report_is_an_error_and_runs_nothing(
    without_python: list[str], options: list[str], bare: str
) -> None:
    command = ["echo", "ran"] if options else []
    done = start([*without_python, *options, *command], {"PATH": bare})
    assert done.returncode != 0
    assert done.stdout == b""


@pytest.mark.parametrize("name", SHELLS)
def test_an_entry_script_alone_starts_the_command(
    installed: Path, tmp_path: Path, name: str, unread: int
) -> None:
    """As where somebody copied only that."""
    shutil.copytree(installed / "bin", tmp_path / "bin")
    alone = [*shell(name), str(tmp_path / "bin" / "mkl-launch")]
    done = start([*alone, "--", "echo", "hi"])
    assert (done.returncode, done.stdout) == (0, b"hi\n")
    assert "is missing: the command starts without the launcher" in lines(done)[0]
    assert start([*alone, "--", "echo", "hi"], stderr=unread).stdout == b"hi\n"


def test_without_python_signals_are_left_alone(without_python: list[str], bare: str) -> None:
    for words in ([], ["--"], ["-q", "--"]):
        done = start([*without_python, *words, "grep", "SigIgn", "/proc/self/status"], {"PATH": bare})
        assert int(done.stdout.split()[1], 16) & PYTHONS_OWN == 0


def ending(code: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{code}\n"


BREAKAGES: dict[str, tuple[str, Callable[[str], str]]] = {
    "a syntax error": ("main.py", ending("def (:")),
    "an old Python": ("start.py", lambda text: text.replace("(3, 9)", "(99, 0)")),
    "a bug in planning": ("policy/plan.py", ending("def plan(*_):\n    raise OSError('oh')")),
    "a bug in reading options": ("cli/reader.py", ending("def read(*_):\n    return 1 / 0")),
    "a bug in applying": ("launch/apply.py", ending("def set_mask(*_):\n    return 1 / 0")),
}


@pytest.fixture(params=BREAKAGES)
def broken(request: pytest.FixtureRequest, installed: Path, tmp_path: Path) -> list[str]:
    """Return an installation that cannot do its work."""
    file, alter = BREAKAGES[request.param]
    mask = f"{min(os.sched_getaffinity(0))}-{min(os.sched_getaffinity(0))}"
    return [
        *altered(installed, tmp_path / "broken", f"mkl_launch/{file}", alter),
        "-q",
        "--cpus",
        mask,
        "--",
    ]


def test_a_broken_launcher_starts_the_command_with_one_line(broken: list[str]) -> None:
    done = start([*broken, *PYTHON, "import sys; print(ascii(sys.argv[1:]))", b"\xff", "", "--json"])
    assert (done.returncode, done.stdout) == (0, rb"['\udcff', '', '--json']" + b"\n")
    assert len(lines(done)) == 1


@pytest.mark.parametrize("option", sorted(WITH_VALUE))
def test_a_broken_launcher_does_not_take_the_value_of_an_option_for_the_command(
    installed: Path, option: str, tmp_path: Path
) -> None:
    command = altered(installed, tmp_path / "broken", "mkl_launch/main.py", ending("def (:"))
    done = start([*command, option, "2", "echo", "hi"])
    assert (done.returncode, done.stdout) == (0, b"hi\n")


def test_a_broken_launcher_leaves_the_environment_alone(broken: list[str]) -> None:
    assert environ_of(broken, {"a.b": "1"}) == {b"PATH": PATH.encode(), b"a.b": b"1"}


def test_a_broken_launcher_leaves_signals_alone(broken: list[str]) -> None:
    done = start([*broken, "grep", "SigIgn", "/proc/self/status"])
    assert int(done.stdout.split()[1], 16) & PYTHONS_OWN == 0


def test_a_broken_launcher_runs_scripts_without_interpreter_line(broken: list[str], tmp_path: Path) -> None:
    place = script(tmp_path / "tool", 'echo "$@"\n')
    assert start([*broken, str(place), "a b"]).stdout == b"a b\n"


@pytest.mark.parametrize(("name", "status"), [("no-such-command", 127), ("/", 126)])
def test_a_broken_launcher_names_a_command_that_cannot_be_started(
    broken: list[str], name: str, status: int
) -> None:
    done = start([*broken, name])
    assert done.returncode == status
    assert name in lines(done)[-1]


def test_a_broken_launcher_does_not_take_a_report_for_a_start(broken: list[str]) -> None:
    done = start([broken[0], "--json", "--", "echo", "ran"])
    if done.returncode == 0:  # what is broken is not needed for a report
        json.loads(done.stdout)
    assert b"ran\n" not in done.stdout


# Messages, and whoever is to read them


@pytest.fixture
def full_pipe() -> Iterator[int]:
    """Return a full pipe that nobody reads."""
    reader, writer = os.pipe()
    yield fill(writer)
    os.close(reader)
    os.close(writer)


@pytest.fixture
def full_terminal() -> Iterator[int]:
    """Return a full terminal, as of a container without client, or one stopped with Ctrl-S."""
    master, slave = os.openpty()
    yield fill(slave)
    os.close(slave)
    os.close(master)


@pytest.mark.parametrize("stream", ["full_pipe", "full_terminal"])
@pytest.mark.parametrize(
    ("words", "status"), [(["-v", "--", "echo", "hi"], 0), (["--", "nosuch"], 127), (["--cpus", "x"], 2)]
)
def test_a_stream_without_reader_does_not_delay_the_start(
    quietly: list[str], request: pytest.FixtureRequest, stream: str, words: list[str], status: int
) -> None:
    done = start([*quietly[:-2], *words], stderr=request.getfixturevalue(stream))
    assert (done.returncode, done.stdout) == (status, b"" if status else b"hi\n")


def test_a_terminal_with_little_room_does_not_delay_the_start(launcher: str) -> None:
    """Long lines, until one does not fit."""
    master, slave = os.openpty()
    done = [start([launcher, "--", "/x" * 2000], stderr=slave).returncode for _ in range(12)]
    os.close(slave)
    os.close(master)
    assert done == [127] * 12


def test_writes_the_line_to_a_terminal_that_is_read(quietly: list[str]) -> None:
    master, slave = os.openpty()
    done = start([*quietly[:-2], "--", "echo", "hi"], stderr=slave)
    seen = os.read(master, 4096)
    os.close(slave)
    os.close(master)
    assert done.stdout == b"hi\n"
    assert seen.startswith(b"mkl-launch: ")
    assert seen.endswith(b"\r\n")


@pytest.mark.parametrize("streams", [os.openpty, os.pipe])
def test_writes_the_line_to_a_stream_of_another_user(
    installed: Path, streams: Callable[[], tuple[int, int]]
) -> None:
    """As in `docker run --user 65534`, with and without -t: it can be written to, and not be opened."""
    if os.geteuid():
        skip_or_fail("it takes root to become another user")
    master, slave = streams()
    os.set_blocking(master, False)
    os.fchmod(slave, 0o600)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "installed"
        shutil.copytree(installed, place)
        place.chmod(0o755)
        launch = [str(place / "bin" / "mkl-launch"), "--", "echo", "hi"]
        done = start(launch, stderr=slave, user=65534, group=65534, extra_groups=[])
    seen = os.read(master, 4096)
    os.close(slave)
    os.close(master)
    assert done.stdout == b"hi\n"
    assert seen.startswith(b"mkl-launch: ")


@pytest.mark.parametrize(
    ("words", "status"), [(["-v", "--", "echo", "hi"], 0), (["--", "nosuch"], 127), (["--cpus", "x"], 2)]
)
def test_starts_the_command_if_standard_error_is_a_broken_pipe(
    quietly: list[str], unread: int, words: list[str], status: int
) -> None:
    done = start([*quietly[:-2], *words], stderr=unread)
    assert (done.returncode, done.stdout) == (status, b"" if status else b"hi\n")


def in_the_background(argv: list[str], environ: dict[str, str]) -> str:
    """Return what a terminal shows of a background command that may not write to it."""
    master, slave = os.openpty()
    modes = termios.tcgetattr(slave)
    modes[3] |= termios.TOSTOP
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    words = ["setsid", "--ctty", "--wait", "bash", "-mc", '"$@" & wait', "bash", *argv]
    start(words, environ, stdin=slave, stdout=slave, stderr=slave)
    seen = os.read(master, 4096)
    os.close(slave)
    os.close(master)
    return seen.decode()


def test_a_start_in_the_background_of_a_terminal_is_not_stopped(quietly: list[str], tmp_path: Path) -> None:
    told = str(tmp_path / "told")
    command = ["sh", "-c", 'grep SigBlk /proc/self/status >"$0"', told]
    seen = in_the_background([*quietly[:-2], "-v", "--", *command], {"PATH": PATH})
    assert "mkl-launch: " in seen
    assert "Stopped" not in seen
    assert Path(told).read_text() == "SigBlk:\t0000000000000000\n"


def test_a_start_in_the_background_without_python_is_not_stopped(
    without_python: list[str], bare: str
) -> None:
    (Path(bare) / "setsid").symlink_to(str(shutil.which("setsid")))
    (Path(bare) / "bash").symlink_to(str(shutil.which("bash")))
    seen = in_the_background([*without_python, "--", "true"], {"PATH": bare})
    assert "no Python" in seen
    assert "Stopped" not in seen


def test_starts_command_without_python_if_nobody_reads_its_messages(
    without_python: list[str], bare: str, unread: int
) -> None:
    done = start([*without_python, "--", "echo", "hi"], {"PATH": bare}, stderr=unread)
    assert (done.returncode, done.stdout) == (0, b"hi\n")


def test_a_message_fits_into_one_write_to_a_pipe(launcher: str) -> None:
    done = start([launcher, "--", "x" * 9000])
    assert len(done.stderr.splitlines()[-1]) == 4095
