"""Whatever is wrong with the files that tell of the machine, and whatever is scarce: the command starts."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cgroups import why_not
from conftest import skip_or_fail
from process import lines, machine, report, shell, start
from soak import soak

from mkl_launch.detect import IMAGE_NOTE, facts
from mkl_launch.source import Root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GIGABYTE = 1 << 30


def empty(place: Path) -> None:
    place.write_bytes(b"")


def binary(place: Path) -> None:
    place.write_bytes(bytes(range(256)) * 100)


def huge(place: Path) -> None:
    """As long as no such file is: nothing but NUL."""
    with place.open("wb") as file:
        file.truncate(GIGABYTE)


def long_line(place: Path) -> None:
    place.write_bytes(b"0-9" * 1_000_000)


def nonsense(place: Path) -> None:
    place.write_bytes(b"-1 -1\n0::\n0-\n99999999999999999999-\n\n max max max\n")


def pipe(place: Path) -> None:
    """Nobody ever writes to it."""
    os.mkfifo(place)


def endless(place: Path) -> None:
    """/dev/zero."""
    os.mknod(place, 0o20666, os.makedev(1, 5))


def folder(place: Path) -> None:
    place.mkdir()


def loop(place: Path) -> None:
    place.symlink_to(place.name)


def absent(_: Path) -> None:
    pass


MOUNTABLE = (empty, binary, huge, long_line, nonsense, pipe, endless)
FAULTS = (*MOUNTABLE, folder, loop, absent)
READ = (
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/self/status",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/smt/active",
    "/sys/devices/system/cpu/cpu0/topology/core_cpus_list",
    "/sys/devices/system/cpu/cpu0/topology/package_cpus_list",
    "/sys/fs/cgroup/cpu.max",
    "/sys/fs/cgroup/cpuset.cpus.effective",
    IMAGE_NOTE,
)
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)


def broken(root: Path, name: str, fault: Callable[[Path], None]) -> None:
    place = root / name[1:]
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    fault(place)


@each_fault
@pytest.mark.parametrize("name", READ)
def test_a_broken_file_is_not_fatal(tmp_path: Path, name: str, fault: Callable[[Path], None]) -> None:
    if fault is endless and os.geteuid():
        pytest.skip("making a device takes root")
    broken(machine(tmp_path), name, fault)
    begin = time.monotonic()
    found = facts(Root(str(tmp_path)))
    assert time.monotonic() - begin < 5
    assert found.mask
    assert found.cores


@each_fault
def test_everything_broken_at_once(launcher: str, tmp_path: Path, fault: Callable[[Path], None]) -> None:
    if fault is endless and os.geteuid():
        pytest.skip("making a device takes root")
    machine(tmp_path)
    for name in READ:
        broken(tmp_path, name, fault)
    found = report([launcher, "--sysroot", str(tmp_path), "--json"])
    assert found["budget"]["threads"] >= 1


# The same, on this very machine: mounted over its files, in a mount namespace of the launch's own

LIVE = (
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/cpu0/topology/core_cpus_list",
)


@pytest.mark.parametrize("fault", MOUNTABLE, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", LIVE)
def test_the_command_starts(
    launcher: str, tmp_path: Path, name: str, fault: Callable[[Path], None]
) -> None:
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    if not Path(name).exists():
        pytest.skip(f"this kernel has no {name}")
    fault(tmp_path / "broken")
    script = f"mount --bind {shlex.quote(str(tmp_path / 'broken'))} {name} && exec " + shlex.join(
        [launcher, "--", "sh", "-c", "echo started $OMP_NUM_THREADS"]
    )
    done = start(["unshare", "--mount", "sh", "-c", script])
    assert done.returncode == 0, done
    started, threads = done.stdout.decode().split()
    assert started == "started"
    assert 1 <= int(threads) <= len(os.sched_getaffinity(0))
    assert lines(done)


# What a system refuses


def limited(*limits: str) -> list[str]:
    """Put before a command: it runs under these limits of the shell's `ulimit`."""
    return ["sh", "-c", "".join(f"ulimit {limit} && " for limit in limits) + 'exec "$@"', "sh"]


# Fewer than 12 descriptors no shell script starts with: dash keeps its script at the tenth.
SCARCE = [["-n 12"], ["-n 16"], ["-v 65536"], ["-f 0"], ["-s 256"]]


@pytest.mark.parametrize("limits", SCARCE, ids=" ".join)
def test_scarce_resources(launcher: str, limits: list[str]) -> None:
    """Few descriptors, 64 MB of memory, no file may grow, a small stack: sh and Python start, so we do."""
    done = start([*limited(*limits), launcher, "--", "sh", "-c", "echo started"])
    assert (done.returncode, done.stdout) == (0, b"started\n"), done


def test_ten_thousand_variables(launcher: str) -> None:
    environ = {f"VARIABLE_{number}": "x" * 50 for number in range(10_000)}
    done = start([launcher, "-q", "--", "sh", "-c", "echo $VARIABLE_9999 $OMP_NUM_THREADS"], environ)
    assert done.stdout.split()[0] == b"x" * 50
    assert int(done.stdout.split()[1])


def test_a_megabyte_of_arguments(launcher: str) -> None:
    words = ["x" * 1000] * 1000
    done = start([launcher, "-q", "--", "sh", "-c", "echo $#", "sh", *words])
    assert done.stdout == b"1000\n"


@pytest.fixture
def readable(installed: Path) -> Iterator[str]:
    """The launcher where every user can read it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        shutil.copytree(installed, place / "installed")
        (place / "installed").chmod(0o755)
        yield str(place / "installed" / "bin" / "mkl-launch")


@pytest.mark.parametrize("name", ["dash", "busybox"])
@pytest.mark.parametrize("through", ["plain", "link"])
def test_no_process_can_be_made(readable: str, name: str, through: str) -> None:
    """A shell that cannot fork gives up; bash as /bin/sh does so too, after 15 s of trying."""
    if os.geteuid() != 0:
        skip_or_fail("a limit of processes holds for other users than root, which takes root to become")
    entry = readable
    if through == "link":
        entry = str(Path(readable).parent.parent / "mkl-launch")
        Path(entry).symlink_to(readable)
    alone = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "prlimit", "--nproc=1"]
    command = ["/bin/sh", "-c", "echo $GIVEN ${OMP_NUM_THREADS+with settings}; echo err >&2"]
    python = str(Path("/usr/bin/python3"))
    environ = {"GIVEN": "it", "PATH": f"{Path(python).parent}:/bin"}
    done = start([*alone, *shell(name), entry, "-q" if through == "plain" else "--", *command], environ)
    assert done.returncode == 0, done
    assert done.stdout == (b"it with settings\n" if through == "plain" else b"it\n")
    assert done.stderr.endswith(b"err\n")


def test_a_full_disk(launcher: str, tmp_path: Path) -> None:
    """Nothing is written, so nothing is missing; nor where the messages go to a full one."""
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = start(
            [launcher, "-v", "--", "sh", "-c", "echo started"], {"TMPDIR": str(tmp_path)}, stderr=full
        )
    assert (done.returncode, done.stdout) == (0, b"started\n")


def test_launch_after_launch_under_a_tenth_of_a_cpu(launcher: str) -> None:
    """The short form; tests/soak.py says how to run 10,000."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    soaked = soak(launcher, 40)
    assert (soaked.failed, soaked.left) == (0, ())
    assert soaked.p99 <= soaked.bound
