"""The installed command as a process: functions that start it and read its output."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Word = Union[str, bytes]
Environ = dict[bytes, bytes]

# The interpreter of these tests goes first: a python3 that is a wrapper (pyenv) has a test of its own.
PATH = f"{Path(sys.executable).parent}:/usr/bin:/bin"
NOTE = b"MKL_LAUNCH_APPLIED"
PATIENCE = 300  # seconds, for what ends in one: a busy machine must not fail a test

# The shells that /bin/sh is on the distributions that images are made from.
SHELLS = {"sh": (), "dash": ("dash",), "busybox": ("busybox", "sh"), "bash": ("bash", "--posix")}


# Modules that a user's folder may have beside those of Python and of the launcher.
FOREIGN_MODULES = (
    "argparse", "binascii", "cpuinfo", "encodings", "errors", "gettext", "json", "mkl_launch", "os",
    "posix", "psutil", "re", "signal", "sitecustomize", "startup", "typing", "usercustomize", "variables",
)  # fmt: skip
# Lines of strace(1) with a call that writes.
WRITING_CALLS = re.compile(
    r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|^\d+ +(mkdir|rename|unlink|symlink|link|chmod|chown|mknod)"
)


def shell(name: str) -> list[str]:
    """Return the words that run a script with that shell; none for the shell in its first line."""
    words = list(SHELLS[name])
    if words and not shutil.which(words[0]):
        skip_or_fail(f"{words[0]} is not installed")
    return words


def start(
    argv: Sequence[Word], environ: Mapping[Any, Any] | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end with this environment and PATH."""
    plain = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if "input" in options:
        del plain["stdin"]
    given: dict[Any, Any] = {"PATH": PATH, **(environ or {})}
    return subprocess.run(list(argv), env=given, check=False, timeout=PATIENCE, **{**plain, **options})


def said(argv: Sequence[Word], environ: Mapping[Any, Any] | None = None, **options: Any) -> str:
    """Return the standard output of a command that must succeed without a warning."""
    done = start(argv, environ, **options)
    assert (done.returncode, done.stderr) == (0, b""), done
    return done.stdout.decode()


def lines(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Return the lines of standard error; all must be the launcher's."""
    found = done.stderr.decode("utf-8", "backslashreplace").splitlines()
    assert all(line.startswith("mkl-launch: ") for line in found), found
    return found


def parse_environ(data: bytes) -> Environ:
    """Return the variables in /proc/PID/environ or in the output of `env -0`."""
    entries = [entry.partition(b"=")[::2] for entry in data.split(b"\0") if entry]
    assert len(dict(entries)) == len(entries), "a name occurs twice"
    return dict(entries)


def environ_of(argv: Sequence[Word], environ: Mapping[Any, Any] | None = None, **options: Any) -> Environ:
    """Return the environment that a command gets when it is started with `argv` before it."""
    return parse_environ(start([*argv, "cat", "/proc/self/environ"], environ, **options).stdout)


def setting_names(launcher: str) -> frozenset[bytes]:
    """Return the variables that the launcher may set."""
    printed = said([launcher, "--print-env", "sh"])
    return frozenset(
        name.encode() for name in re.findall(r"^(?:export|unset) (\w+)", printed, re.MULTILINE)
    )


def report(
    argv: Sequence[Word], environ: Mapping[Any, Any] | None = None, **options: Any
) -> dict[str, Any]:
    """Return the JSON document that this command line prints."""
    done = start(argv, environ, **options)
    assert done.returncode == 0, done
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def values(document: dict[str, Any]) -> dict[str, str | None]:
    """Return the settings of a JSON document."""
    return {setting["name"]: setting["value"] for setting in document["settings"]}


def origins(document: dict[str, Any]) -> dict[str, str]:
    """Return the origin of each setting of a JSON document."""
    return {setting["name"]: setting["origin"] for setting in document["settings"]}


def machine(root: Path, cpus: int = 8) -> Path:
    """Record a machine of one socket, without SMT and without limits."""
    everything = f"0-{cpus - 1}"
    files = {
        "sys/devices/system/cpu/online": everything,
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
        "sys/fs/cgroup/cgroup.procs": "1",
        "proc/self/status": f"Cpus_allowed_list:\t{everything}",
    }
    for cpu in range(cpus):
        topology = f"sys/devices/system/cpu/cpu{cpu}/topology"
        files[f"{topology}/core_cpus_list"] = str(cpu)
        files[f"{topology}/package_cpus_list"] = everything
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


def altered(installed: Path, place: Path, name: str, alter: Callable[[str], str]) -> list[str]:
    """Return the command of an installation in which one file is replaced."""
    command = uncompiled(installed, place)
    file = place / name
    before = file.read_text()
    file.write_text(alter(before))
    assert file.read_text() != before
    return [command]


def uncompiled(installed: Path, place: Path) -> str:
    """Return the launcher of an installation without compiled files for this Python."""
    shutil.copytree(installed / "bin", place / "bin")
    shutil.copytree(
        installed / "mkl_launch",
        place / "mkl_launch",
        ignore=shutil.ignore_patterns("__pycache__", "*.bundle"),
    )
    return str(place / "bin" / "mkl-launch")


def as_pid_1(argv: list[str]) -> list[str]:
    """Return the command as the first process of its own world, as in a container."""
    if not shutil.which("unshare"):
        skip_or_fail("unshare is not installed")
    words = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
        skip_or_fail("no namespace of processes can be made")
    return [*words, *argv]


def fill(descriptor: int) -> int:
    """Fill the pipe or terminal until a write would block, and return its descriptor."""
    os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"x" * 64)
    os.set_blocking(descriptor, True)
    return descriptor
