"""Reports of untrusted text: the environment, the tree and the process of another user."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.messages import format_line, printable
from mkl_launch.host.filesystem import Root
from testing.process import PATH, lines, machine, report, shell, start, values
from testing.project import skip_or_fail
from testing.supervised import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What moves the cursor, sets the title or the clipboard, forges a line, or turns the order of what is read:
# C0, DEL, C1 as a character and as a byte, OSC, line separators, marks of direction.
EVIL = "\x1b[2J\x1b]0;title\x07\x9b31m\x9d52;c;eA==\x9c\r\n\x0b\x7f\x85"
EVIL += "\u2028\u2029\u202e\u2066\u200b\udc9b\udc9d"
FORGED = "\nverdict   the settings of the process fit its limits\nmkl-launch: forged"
BYTES = (EVIL + FORGED).encode("utf-8", "surrogateescape")


def harmless(data: bytes) -> str:
    """Return the text, which a terminal shows as it is."""
    text = data.decode()
    assert [
        char for char in text if char != "\n" and unicodedata.category(char)[0] in "CZ" and char != " "
    ] == []
    return text


def without_forged(text: str) -> str:
    assert [line for line in text.splitlines() if line.startswith(("verdict", "mkl-launch: forged"))] == []
    return text


# Text


def test_escapes_every_unprintable_character() -> None:
    for code in (*range(0x3000), 0xFEFF, 0xFFF9, 0xE0001, 0x10FFFF, *range(0xDC80, 0xDD00)):
        spelled = printable(f"a{chr(code)}b")
        assert spelled.isprintable()
        assert spelled == f"a{chr(code)}b" or re.fullmatch(r"a\\(x..|u....|U........)b", spelled)
    assert printable("C:\\ é漢 🙂 'x'") == "C:\\ é漢 🙂 'x'"
    assert printable("\x1b\x7f\x9b\udc9b\u202e\U000e0001") == r"\x1b\x7f\x9b\x9b\u202e\U000e0001"


@pytest.mark.parametrize("length", range(4070, 4100))
def test_a_message_is_one_line_of_whole_characters(length: int) -> None:
    data = format_line("é" * (length // 2) + EVIL)
    assert len(data) <= 4096
    assert harmless(data).count("\n") == 1


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """Return a tree in which whatever a report shows is evil."""
    root = machine(tmp_path / "root")
    (root / "proc/cpuinfo").write_bytes(b"vendor_id : " + BYTES + b"\nmodel name : " + BYTES + b"\n")
    group = EVIL.replace("\n", "").replace("\r", "").replace("\x00", "")
    (root / "proc/self/cgroup").write_bytes(b"0::/" + group.encode("utf-8", "surrogateescape") + b"\n")
    place = os.fsencode(root) + b"/sys/fs/cgroup/" + group.encode("utf-8", "surrogateescape")
    os.makedirs(place)  # noqa: PTH103
    with open(place + b"/cpu.max", "wb") as file:  # noqa: PTH123
        file.write(BYTES)
    own = root / "proc/7"
    (own / "task/7").mkdir(parents=True)
    (own / "cmdline").write_bytes(b"python\0" + BYTES + b"\0")
    (own / "environ").write_bytes(
        b"OMP_NUM_THREADS=" + BYTES + b"\0KMP_AFFINITY=" + BYTES + b"\0MKL_LAUNCH_CPUS=" + BYTES
    )
    (own / "task/7/status").write_text("State:\tR\nCpus_allowed_list:\t0-3\n")
    (own / "cgroup").write_bytes((root / "proc/self/cgroup").read_bytes())
    (own / "status").write_text("PPid:\t1\n")
    return root


WORDS: list[str | bytes] = ["python", BYTES, b"--port=" + BYTES]
NAMES = ("OMP_NUM_THREADS", "KMP_AFFINITY", "MKL_LAUNCH_CPUS", "MKL_LAUNCH_CPU_LIMIT")
ENVIRON = dict.fromkeys((*NAMES, "MKL_LAUNCH_X" + EVIL[:4]), BYTES)


@pytest.mark.parametrize(
    "form", [["--explain"], ["--explain=all"], ["--explain", "-v"], ["--json"]], ids=" ".join
)
def test_a_report_of_a_hostile_tree_has_no_control_characters(
    launcher: str, evil: Path, form: list[str]
) -> None:
    done = start([launcher, *form, "--sysroot", str(evil), "--", *WORDS], ENVIRON)
    assert done.returncode == 0
    without_forged(harmless(done.stdout))
    harmless(done.stderr)
    done = start([launcher, *form, "--sysroot", str(evil), "--pid", "7"])
    assert done.returncode == 0
    text = harmless(done.stdout)
    assert text.startswith("verdict ") == (form[0] != "--json")
    assert text.count("\nverdict ") == 0
    assert r"\x1b]0;title" in text or r"\u001b]0;title" in text, "it is told all the same"


@pytest.mark.parametrize("form", ["sh", "docker", "kubernetes", "ecs"])
def test_settings_to_paste_have_no_control_characters(launcher: str, form: str) -> None:
    done = start([launcher, "--print-env", form], ENVIRON)
    assert done.returncode == 0
    without_forged(harmless(done.stdout))
    without_forged(harmless(done.stderr))
    if form == "docker":
        assert "OMP_NUM_THREADS: left out" in done.stderr.decode()


@pytest.mark.parametrize("name", ["dash", "busybox", "bash"])
@pytest.mark.parametrize(
    "value", [BYTES, b"\n", b"a\n\n", b"'\x1b'", b"%s\\0101\x1b", bytes(range(1, 256))]
)
def test_a_shell_gets_exactly_the_bytes_of_a_value(launcher: str, name: str, value: bytes) -> None:
    code = f'eval "$({shlex.quote(launcher)} -q --print-env sh)"; exec cat /proc/self/environ'
    done = start([*shell(name), "-c", code], {"KMP_AFFINITY": value, "MKL_LAUNCH_CPUS": "1"})
    assert b"KMP_AFFINITY=" + value in done.stdout.split(b"\0")


@pytest.mark.parametrize(
    "words", [["--cpus", BYTES], [b"--" + BYTES], ["--machine", BYTES, "--json"]], ids=[1, 2, 3]
)
def test_an_error_message_has_no_control_characters(launcher: str, words: list[Any]) -> None:
    done = start([launcher, *words, "--", "true"])
    assert len(lines(done)) == 1
    harmless(done.stderr)


def test_the_messages_of_a_launch_have_no_control_characters(launcher: str) -> None:
    done = start([launcher, "-v", "--", "true"], ENVIRON)
    assert done.returncode == 0
    without_forged(harmless(done.stderr))
    done = start([launcher, "-v", "--instances", "2", "--prefix", "--", BYTES])
    assert done.returncode == 127
    harmless(done.stderr)


# Trees


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree whose links lead out of it, to a secret."""
    root = machine(tmp_path / "root")
    (tmp_path / "secret").write_text("3 secret\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").write_text("1")
    (root / "absolute").symlink_to(tmp_path / "secret")
    (root / "relative").symlink_to("../secret")
    (root / "deep").symlink_to("sys/../../../../../../../../.." + str(tmp_path / "secret"))
    (root / "folder").symlink_to(tmp_path / "folder")
    (root / "up").symlink_to("..")
    (root / "loop").symlink_to("loop")
    (root / "chain").symlink_to("relative")
    return root


OUT = [
    "absolute",
    "relative",
    "deep",
    "folder/inside",
    "up/secret",
    "../secret",
    "sys/../../secret",
    "chain",
    "loop",
]


@pytest.mark.parametrize("name", OUT)
def test_sysroot_reads_nothing_outside_the_tree(tree: Path, name: str) -> None:
    root = Root(str(tree))
    assert root.read(f"/{name}").error in ("absent", "Too many levels of symbolic links")
    assert not root.exists(f"/{name}")
    assert root.head(f"/{name}") == ""
    assert root.elf_kind(f"/{name}") == b""
    assert root.trusted(f"/{name}") is False


def test_links_below_a_sysroot_are_resolved_within_it(tree: Path) -> None:
    (tree / "file").write_text("text")
    for name, target in {"a": "/file", "b": "../../file", "c": "/sys/../a", "sys/d": "../file"}.items():
        (tree / name).symlink_to(target)
        assert Root(str(tree)).read(f"/{name}").text == "text"
        assert Root(str(tree)).link(f"/{name}") == target
    (tree / "bin").symlink_to("sys/fs")
    assert Root(str(tree)).names("/bin/..") == Root(str(tree)).names("/sys"), "as the kernel has it"
    assert Root(str(tree)).names("/up") == Root(str(tree)).names("/../..") == Root(str(tree)).names("/")
    assert Root(str(tree)).names("/folder") == []
    assert Root(str(tree)).names("/") == sorted(os.listdir(tree))  # noqa: PTH208


def test_a_report_of_a_sysroot_shows_nothing_from_outside(
    launcher: str, tree: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("model name : SECRET\n200000 100000 SECRET\n")
    for name in ("proc/cpuinfo", "sys/fs/cgroup/cpu.max", "etc/mkl-launch/image-env"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).symlink_to(tmp_path / "secret")
    done = start([launcher, "--json", "--sysroot", str(tree), "--", "python"])
    assert done.returncode == 0
    assert b"SECRET" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["a/b", "a/b/inside"], ids=["directory", "file"])
def test_no_read_leaves_a_sysroot_that_changes_meanwhile(tree: Path, tmp_path: Path, name: str) -> None:
    """What becomes a link between a look at it and its use."""
    (tmp_path / "folder" / "inside").write_text("SECRET")
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "a" / "b" / "inside").write_text("own")
    (tree / "link").symlink_to(tmp_path / ("folder" if name == "a/b" else "folder/inside"))
    swap = f"""if 1:
        import os
        os.chdir({str(tree)!r})
        while True:
            os.rename({name!r}, "other"); os.rename("link", {name!r})
            os.rename({name!r}, "link"); os.rename("other", {name!r})"""
    with subprocess.Popen([sys.executable, "-c", swap], stderr=subprocess.DEVNULL) as swapper:
        try:
            seen = {Root(str(tree)).read("/a/b/inside").text for _ in range(20_000)}
        finally:
            swapper.kill()
    assert seen <= {"own", ""}
    assert "own" in seen


# Processes


@contextlib.contextmanager
def sleeping(user: int, name: str, **environ: str) -> Iterator[int]:
    """Yield a process of a user, which calls itself by that name."""
    if os.geteuid():
        skip_or_fail("starting a process as another user takes root")
    sleep = shutil.which("sleep", path=PATH)
    variables = {"PATH": PATH, **environ}
    with subprocess.Popen(
        [name, "60"], executable=sleep, user=user, env=variables, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process.pid
        finally:
            process.kill()


@pytest.fixture
def agent() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def asked(agent: socket.socket) -> bool:
    try:
        agent.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("user", [65534, 0])
def test_root_opens_no_file_that_a_process_of_another_user_names(
    launcher: str, agent: socket.socket, tmp_path: Path, user: int
) -> None:
    """Under strace(1), for root's own process too, so that it is known what there is to see."""
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "limit").write_text("2")
    names = {
        "ECS_CONTAINER_METADATA_URI_V4": f"http://127.0.0.1:{agent.getsockname()[1]}/v4",
        "MKL_LAUNCH_CPU_LIMIT": str(trap / "limit"),
        "MKL_LAUNCH_CPU_REQUEST": str(trap / "request"),
        "PATH": f"{trap}:{PATH}",
        "LD_PRELOAD": str(trap / "library"),
        "TS_CONFIG_FILE": str(trap / "ts"),
        "VIRTUAL_ENV": str(trap),
        "OMP_NUM_THREADS": "3",
    }
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=file,network", "-o", str(trace)]
    for name in ("gunicorn", f"{trap}/python3"):
        with sleeping(user, name, **names) as pid:
            found = report([*strace, launcher, "--json", "--pid", str(pid)])
        assert found["process"]["environment_read"] is True
        assert values(found)["OMP_NUM_THREADS"] == "3"
        touched = str(trap) in trace.read_text() or asked(agent)
        assert touched is (user == 0)
        assert any("another user or container" in warning for warning in found["warnings"]) is (user != 0)


def test_reads_no_file_that_a_process_in_another_container_names(launcher: str, tmp_path: Path) -> None:
    """The same user, and not the same files."""
    (tmp_path / "limit").write_text("2")
    argv = ["unshare", "--mount", "sleep", "60"]
    variables = {"PATH": PATH, "MKL_LAUNCH_CPU_LIMIT": str(tmp_path / "limit")}
    with subprocess.Popen(argv, env=variables) as process:
        until(lambda: Root().link(f"/proc/{process.pid}/ns/mnt") != Root().link("/proc/self/ns/mnt"))
        found = report([launcher, "--json", "--pid", str(process.pid)])
        process.kill()
    assert any("another user or container" in warning for warning in found["warnings"])
    assert json.dumps(found["budget"]["quota_cpus"]) == "null"
