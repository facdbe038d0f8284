"""The entry of a prepared image: it needs no shell, and starts the command even without its Python.

What it hands on is in test_exec.py, which runs with it too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mkl_launch import __version__
from mkl_launch.core.errors import PreparationError, UsageError
from mkl_launch.image import entry as native
from mkl_launch.image.prepare import prepare as prepare_image
from testing.early import SIGNALS, Early, ended
from testing.environments import environment
from testing.preparing import prepare
from testing.process import PATH, environ_of, lines, said, start
from testing.project import PROJECT, skip_or_fail

THREADS = ["sh", "-c", "echo threads=$OMP_NUM_THREADS"]
MACHINE = os.uname().machine
CHROOT = "/usr/sbin/chroot"
LOST = "its folder mkl_launch is missing"


@pytest.fixture
def own(installed: Path, tmp_path: Path) -> Path:
    """Return an installation to prepare and to break."""
    folder = tmp_path / "own"
    shutil.copytree(installed, folder)
    return folder


def entry(folder: Path) -> str:
    return str(folder / "bin" / "mkl-launch")


def launched(folder: Path, environ: dict[str, str] | None = None) -> bool:
    """Return whether the launcher started the command, not only the entry."""
    done = start([entry(folder), "-q", "--", *THREADS], environ)
    assert done.returncode == 0, done
    return done.stdout != b"threads=\n"


# Preparing


def test_prepare_reports_its_steps_and_can_be_repeated(own: Path) -> None:
    first = prepare(own, OMP_NUM_THREADS="2")
    before = (own / "bin" / "mkl-launch").read_bytes()
    assert prepare(own, OMP_NUM_THREADS="2") == first
    assert (own / "bin" / "mkl-launch").read_bytes() == before
    note, compiled, *_, started = first.splitlines()
    assert note == f"{own}/note: OMP_NUM_THREADS"
    assert compiled.startswith(f"{own}/mkl_launch: compiled for ")
    assert started == f"{own}/bin/mkl-launch: starts {sys.executable} without a shell"
    assert before.startswith(b"\x7fELF")


def test_prepare_works_for_a_user_without_access_to_etc(installed: Path, tmp_path: Path) -> None:
    if os.geteuid():
        skip_or_fail("it takes root to become another user")
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:-2]:
        folder.chmod(folder.stat().st_mode | 0o011)
    own = tmp_path / "own"
    shutil.copytree(installed, own)
    subprocess.run(["chown", "-R", "65534:65534", str(own)], check=True)
    python = "/usr/bin/python3"
    words = [python, "-IS", str(own / "mkl_launch" / "__main__.py"), "--prepare"]
    environ = {"_MKL_LAUNCH_ENTRY": entry(own)}
    done = start(words, environ, user=65534, group=65534, extra_groups=[])
    assert done.returncode == 0, done
    text = done.stdout.decode()
    assert "the variables of ENV are not recorded: --record-image-env: /etc/mkl-launch" in text
    assert "without a shell" in text


@pytest.mark.parametrize(
    ("names", "shims", "problem"),
    [
        (("a",), "", "names of commands are accepted only after --install-shims"),
        (("python3",), "shims", "python3: no link is possible, because mkl-launch itself starts it"),
        (("readlink",), "shims", "readlink: no link is possible, because mkl-launch itself starts it"),
    ],
)
def test_refuses_to_prepare_in_words(
    own: Path, tmp_path: Path, names: tuple[str, ...], shims: str, problem: str
) -> None:
    noted = Path("/etc/mkl-launch").exists()
    done = start(
        [sys.executable, "-IS", str(own / "mkl_launch" / "__main__.py"), "--prepare"]
        + (["--install-shims", str(tmp_path / shims)] if shims else ["--"])
        + list(names),
        {"_MKL_LAUNCH_ENTRY": entry(own)},
    )
    assert done.returncode == 2
    assert Path("/etc/mkl-launch").exists() == noted, "something was written for a wrong command line"
    assert problem in lines(done)[0]


def test_a_python_module_cannot_be_prepared() -> None:
    with pytest.raises(UsageError, match="only an installed mkl-launch"):
        prepare_image({}, "")
    with pytest.raises(PreparationError, match="is not the entry of an installed mkl-launch"):
        prepare_image({}, "/bin/true")


def test_an_entry_that_does_not_start_is_undone(own: Path) -> None:
    """As on a kernel, or under a filter, that the program was not made for."""
    program = own / "mkl_launch" / f"direct-{MACHINE}.bin"
    data = bytearray(program.read_bytes())
    data[18:20] = b"\xff\xff"  # e_machine
    program.write_bytes(data)
    assert "stays a shell script: the entry without a shell failed" in prepare(own)
    assert (own / "bin" / "mkl-launch").read_text().startswith("#!/bin/sh\n")
    assert launched(own)


def test_keeps_the_shell_entry_on_another_machine(own: Path) -> None:
    (own / "mkl_launch" / f"direct-{MACHINE}.bin").unlink()
    assert f"stays a shell script: there is no other entry for {MACHINE}" in prepare(own)
    assert launched(own)


@pytest.mark.parametrize(
    "folder", ["with blank", "x" * 240 + "/" + "y" * 200, "ü€\n"], ids=["blank", "long", "odd"]
)
def test_prepares_a_folder_whose_path_no_interpreter_line_accepts(
    installed: Path, tmp_path: Path, folder: str
) -> None:
    place = tmp_path / folder / "mkl-launch"
    shutil.copytree(installed, place)
    assert "without a shell" in prepare(place)
    assert launched(place)


def test_refuses_a_configuration_that_is_too_long_for_the_entry(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native, "PACKAGE", Path("/" + "x" * native.CONFIG_SIZE))
    with pytest.raises(ValueError, match="longer than"):
        native.configuration({})
    assert own


def test_prepares_a_virtual_environment(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", str(venv / "bin" / "python")]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (site_packages,) = venv.glob("lib/python*/site-packages")
    (tmp_path / "bin").symlink_to(venv / "bin")
    (tmp_path / "mkl_launch").symlink_to(site_packages / "mkl_launch")
    assert f"starts {venv}/bin/python3 without a shell" in prepare(tmp_path, str(venv / "bin" / "python3"))
    assert launched(venv)
    subprocess.run([*pip, "uninstall", "--yes", "mkl-launch"], check=True)
    assert not (venv / "bin" / "mkl-launch").exists()


# What may become of the Python


@pytest.fixture
def moved(own: Path, tmp_path: Path) -> Path:
    """Return an installation prepared for a Python that does not exist any more."""
    python = tmp_path / "python" / "bin" / "python3"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", python.parent.parent], check=True)
    assert f"starts {python} without a shell" in prepare(own, str(python))
    assert launched(own)
    shutil.rmtree(python.parent)
    return own


def test_starts_the_shell_entry_if_python_was_moved(moved: Path) -> None:
    assert launched(moved)


# What may become of the folder


def relocated(folder: Path) -> Path:
    """Move an installation, as a volume that another container mounts elsewhere does."""
    return folder.rename(folder.with_name("elsewhere"))


def test_starts_python_from_another_folder_than_it_was_prepared_in(own: Path) -> None:
    prepare(own)
    folder = relocated(own)
    assert launched(folder)
    # A relative path, and one of a link to the folder.
    assert start(["./mkl-launch", "-q", "--", *THREADS], cwd=folder / "bin").stdout > b"threads=\n"
    (folder.parent / "link").symlink_to(folder)
    assert launched(folder.parent / "link")


def test_starts_the_shell_entry_from_another_folder_if_python_was_moved(moved: Path) -> None:
    assert launched(relocated(moved))


def test_starts_the_command_with_one_line_without_the_package(own: Path) -> None:
    prepare(own)
    shutil.rmtree(own / "mkl_launch")
    done = start([entry(own), "-q", "--", "echo", "hi"], {"PATH": "/usr/bin:/bin"})
    assert (done.returncode, done.stdout) == (0, b"hi\n"), done
    assert lines(done) == [f"mkl-launch: {LOST}: the command starts without the launcher"]


@pytest.mark.parametrize(
    ("words", "status", "out"),
    [
        (["--", "/bin/echo", "hi"], 0, "hi\n"),
        (["-q", "--cpus", "2", "echo", "--", ""], 0, "-- \n"),
        (["--cpus=2", "--instances", "2", "--", "echo"], 0, "\n"),
        (["--json", "--", "echo", "ran"], 125, ""),
        (["--print-env=sh", "echo", "ran"], 125, ""),
        (["--"], 125, ""),
        (["--", "none"], 127, ""),
        (["--", "/none"], 126, ""),
    ],
)
def test_starts_the_command_with_one_line_without_python_and_shell(
    moved: Path, tmp_path: Path, words: list[str], status: int, out: str
) -> None:
    """In an image of its own, without anything but one program."""
    if os.geteuid():
        skip_or_fail("chroot takes root")
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    busybox = shutil.which("busybox")
    if not busybox:
        skip_or_fail("busybox is not installed")
    shutil.copy(str(busybox), root / "bin" / "echo")
    shutil.copytree(moved / "bin", root / "opt" / "bin")
    shutil.copytree(moved / "mkl_launch", root / "opt" / "mkl_launch")
    done = start([CHROOT, str(root), "/opt/bin/mkl-launch", *words], {"PATH": "/none::/bin"})
    assert (done.returncode, done.stdout.decode()) == (status, out), done
    first, *others = lines(done)
    assert first == (
        "mkl-launch: neither the Python of --prepare nor a shell can be started: "
        "the command starts without the launcher"
    )
    assert len(others) == (status != 0)


def test_finds_another_python_without_a_shell(moved: Path, tmp_path: Path) -> None:
    """As in a distroless image to which the launcher was copied from one that was prepared."""
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    (tmp_path / "empty").mkdir()
    empty = tmp_path / "none"
    empty.write_text("")
    hide = f"mount --bind {empty} /bin/sh && exec"
    if Path("/bin/sh").resolve().name not in ("dash", "bash"):
        skip_or_fail("/bin/sh is neither dash nor bash")
    done = start(
        [
            "unshare",
            "--mount",
            "bash",
            "-c",
            f'{hide} "$@"',
            "bash",
            entry(moved),
            "-q",
            "--",
            "printenv",
            "OMP_NUM_THREADS",
        ],
        {"PATH": "/usr/bin:/bin"},
    )
    assert (done.returncode, done.stdout[-1:]) == (0, b"\n"), done


@pytest.mark.parametrize("damage", ["gone", "empty", "cut early", "cut", "cut late", "other"])
def test_ignores_a_damaged_bundle(own: Path, damage: str) -> None:
    """It begins with the modules of every launch; the command, a shell line, needs more of them."""
    prepare(own)
    (bundle,) = (own / "mkl_launch").glob("launch.*.bundle")
    data = bundle.read_bytes()
    parts = {"cut early": 10, "cut": 3, "cut late": 2}
    cut = data[: len(data) // parts.get(damage, len(data))]
    bundle.write_bytes(data.replace(b"s", b"t") if damage == "other" else cut if damage in parts else b"")
    if damage == "gone":
        bundle.unlink()
    assert launched(own)


@pytest.mark.parametrize("entered", ["prepared", "unprepared"])
def test_imports_the_modules_from_the_bundle(own: Path, entered: str) -> None:
    """Sources of the same size that are no Python are not read."""
    if entered == "prepared":
        prepare(own)
    version = own / "mkl_launch" / "__init__.py"
    for file in (own / "mkl_launch").rglob("*.py"):
        if file.stem != "__main__" and file != version:
            file.write_bytes(b"?" * file.stat().st_size)
    for compiled in (own / "mkl_launch").rglob("__pycache__"):
        shutil.rmtree(compiled)
    assert launched(own)
    (bundle,) = (own / "mkl_launch").glob("launch.*.bundle")
    bundle.unlink()
    assert start([entry(own), "-q", "--", *THREADS]).returncode == 1, "this test can fail"


def test_imports_a_changed_module_from_its_file(own: Path) -> None:
    with (own / "mkl_launch" / "main.py").open("a") as file:
        file.write("\nimport posix\nposix.write(1, b'changed')\n")
    assert start([entry(own), "-q", "--", "/bin/true"]).stdout == b"changed"


def test_ignores_a_bundle_of_another_version(own: Path) -> None:
    version = own / "mkl_launch" / "__init__.py"
    version.write_text(version.read_text().replace(__version__, "9.9.9"))
    assert len("9.9.9") == len(__version__), "its size is the same"
    assert start([entry(own), "--version"]).stdout == b"mkl-launch 9.9.9\n"


def test_ignores_a_bundle_of_another_python(own: Path) -> None:
    """A preview of a Python has the name of the final one and another magic number."""
    (bundle,) = (own / "mkl_launch").glob("launch.*.bundle")
    bundle.write_bytes(b"\0\0\r\n" + bundle.read_bytes()[4:])
    assert launched(own)


# The dynamic loader


def test_starts_the_command_if_variables_of_the_loader_break_python(prepared: Path, tmp_path: Path) -> None:
    """A library of that name that is none, as one for another machine."""
    linked = subprocess.run(["ldd", sys.executable], check=True, capture_output=True, text=True).stdout
    for name in re.findall(r"^\s*(lib\S+) =>", linked, re.MULTILINE):
        if not name.startswith(("libc.", "libpthread", "libdl")):
            (tmp_path / name).write_text("")
    environ = {"LD_LIBRARY_PATH": str(tmp_path)}
    assert start([sys.executable, "-c", ""], environ).returncode
    done = start([entry(prepared), "-q", "--", "/bin/sh", "-c", "echo hi"], environ)
    assert (done.returncode, done.stdout) == (0, b"hi\n"), done


def test_uses_the_shell_entry_only_if_variables_of_the_loader_have_changed(own: Path) -> None:
    prepare(own, LD_LIBRARY_PATH="/opt/lib")
    log = own / "log"
    for value, through in (("/opt/lib", 0), ("/opt/other", 1)):
        start(
            ["strace", "-s", "999", "-e", "trace=execve", "-o", str(log), entry(own), "-q", "--", "true"],
            {"LD_LIBRARY_PATH": value},
        )
        assert log.read_text().count("entry.sh") == through


# Signals


@pytest.mark.parametrize("first", [False, True], ids=["", "process 1"])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_during_the_start_ends_it(prepared: Path, number: int, *, first: bool) -> None:
    """As `docker stop` right after `docker run`: the kernel drops what process 1 does not handle.

    A few come between the exec of the command and its trap, when process 1 has no handler; a launcher
    that loses signals loses those of its whole start, at least 7 of 10.
    """
    if first and os.geteuid():
        skip_or_fail("it takes root to be process 1")
    argv = [entry(prepared), "-q", "--"]
    lost = sum(not ended(argv, Early(number, step / 500, first)) for step in range(10))
    assert lost <= 4 * first


# Shims


@pytest.fixture
def shims(prepared: Path, tmp_path: Path) -> Path:
    said([entry(prepared), "--install-shims", str(tmp_path / "shims"), "tool", "python"])
    return tmp_path / "shims"


def test_a_shim_starts_the_program_behind_it(shims: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "tool").write_text('#!/bin/sh\necho "$0" $OMP_NUM_THREADS "$@"\n')
    (real / "tool").chmod(0o755)
    environ = {"PATH": f"{shims}:{real}:{PATH}", "MKL_LAUNCH_LOG": "quiet", "MKL_LAUNCH_CPUS": "1"}
    assert said(["sh", "-c", "tool a ''"], environ) == f"{real}/tool 1 a \n"
    assert said([str(shims / "python"), "-c", "print(1)"], environ) == "1\n"


def test_a_shim_with_nothing_behind_it_runs_nothing(shims: Path) -> None:
    done = start([str(shims / "tool"), "echo", "ran"], {"PATH": f"{shims}:{PATH}"})
    assert (done.returncode, done.stdout) == (127, b"")
    assert "tool: command not found on PATH after" in lines(done)[0]


def test_does_not_start_with_a_shim_named_python3(prepared: Path, moved: Path, tmp_path: Path) -> None:
    """Made by hand, since --install-shims refuses it: with an entry whose own Python is gone too."""
    for folder in (prepared, moved):
        shims = tmp_path / f"shims of {folder.name}"
        shims.mkdir()
        (shims / "python3").symlink_to(entry(folder))
        environ = {"PATH": f"{shims}:{PATH}", "MKL_LAUNCH_LOG": "quiet"}
        assert said(["python3", "-c", "print(1)"], environ) == "1\n"
        assert b"OMP_NUM_THREADS" in environ_of([entry(folder), "-q", "--"], environ)


# The program itself


def test_another_name_in_argv_does_not_make_a_shim(prepared: Path) -> None:
    words = ["bash", "-c", f'exec -a tool {entry(prepared)} -q -- "$@"', "bash", *THREADS]
    assert b"threads=" in start(words).stdout


def test_the_shipped_programs_are_built_from_the_source(tmp_path: Path) -> None:
    """With the pinned compiler, for each machine."""
    python = environment("compiler") / "bin" / "python"
    build = PROJECT / "entrypoint" / "build_direct.py"
    code = f"import sys; sys.path.append({str(build.parent)!r}); import build_direct as b, pathlib\n"
    code += f"for m in b.MACHINES: b.build(m, pathlib.Path({str(tmp_path)!r}) / m)"
    subprocess.run([python, "-B", "-c", code], check=True, env={"HOME": str(tmp_path), "PATH": PATH})
    for machine in ("x86_64", "aarch64"):
        shipped = PROJECT / "src" / "mkl_launch" / f"direct-{machine}.bin"
        assert (tmp_path / machine).read_bytes() == shipped.read_bytes()


def test_the_program_for_arm_starts_the_command(own: Path) -> None:
    """On an emulated processor, which starts what is not for it on the real one."""
    emulator = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    if MACHINE != "x86_64" or not emulator:
        skip_or_fail("qemu-user-static is not installed")
    package = own / "mkl_launch"
    shutil.copy(package / "direct-aarch64.bin", package / "direct-x86_64.bin")
    prepare(own)
    program = own / "bin" / "mkl-launch"
    code = (
        f"import pathlib, sys; sys.path.append({str(own)!r}); from mkl_launch.image import entry\n"
        f"entry.write(pathlib.Path({str(program)!r}), {{}})"
    )
    subprocess.run([sys.executable, "-ISBXutf8", "-c", code], check=True)
    done = start([str(emulator), str(program), "-q", "--", *THREADS, "a.b"], {"a.b": "1"})
    assert done.stdout != b"threads=\n", done
    assert done.stdout.startswith(b"threads=")


def test_an_image_whose_python_was_moved_can_be_prepared_again(moved: Path, tmp_path: Path) -> None:
    """Through the shell entry, which the old one falls back to; the note goes where root may write it."""
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    hide = "mount -t tmpfs none /etc && exec"
    code = f'{hide} "$@"'
    # The hook goes into the Python that is found, so that must be one of the test's own.
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    words = ["unshare", "--mount", "bash", "-c", code, "bash", entry(moved), "--prepare"]
    done = start(words, {"PATH": f"{venv}/bin:/usr/bin:/bin"})
    assert done.returncode == 0, done
    assert f"starts {venv}/bin/python3 without a shell" in done.stdout.decode()
    assert launched(moved)
