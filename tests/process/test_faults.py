"""Broken files of the machine and scarce resources: the command starts."""

from __future__ import annotations

import contextlib
import itertools
import os
import shlex
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mkl_launch.host.cgroup import Groups
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.detect import add_rank_facts, read_facts
from mkl_launch.host.filesystem import Reading, Root
from mkl_launch.host.inventory import machine as whole_machine
from mkl_launch.model.facts import Facts
from mkl_launch.model.request import Request
from mkl_launch.program.settings_files.model_servers import read_properties
from mkl_launch.report.process import process
from testing.cgroups import Limited, limited, why_not
from testing.faults import (
    FAULTS,
    GIGABYTE,
    LIVE_FILES,
    MACHINES,
    MOUNTABLE_FAULTS,
    OTHER,
    PARENT,
    POD_ENVIRON,
    RANK_ENVIRON,
    READ_FILES,
    absent,
    empty,
    endless,
    huge,
)
from testing.planning import plan
from testing.process import SHELLS, lines, report, shell, start
from testing.project import skip_or_fail
from testing.soak import soak
from testing.sysroot import sysroot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
each_file = pytest.mark.parametrize(
    ("version", "name"), [(version, name) for version, names in READ_FILES.items() for name in names]
)


class Reader(Root):
    """It notes what is read."""

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.seen: set[str] = set()

    def read(self, path: str) -> Reading:
        self.seen.add(path)
        return super().read(path)


def everything(root: Root) -> Facts:
    """Read all that a launch reads of a rank in a pod, and all that reports add."""
    whole_machine(root)
    process(root, OTHER)
    levels(root)
    return add_rank_facts(root, read_facts(root, POD_ENVIRON), "LOCAL_RANK")


@pytest.mark.parametrize("version", READ_FILES)
def test_each_of_the_files_is_one_that_is_read(tmp_path: Path, version: str) -> None:
    root = Reader(sysroot(tmp_path, MACHINES[version]).prefix)
    found = everything(root)
    assert set(READ_FILES[version]) <= root.seen
    assert (found.limits.quota, found.limits.memory.size, found.declared.request) == (6, GIGABYTE, 2)
    assert (found.failures, found.job_launcher.pid) == ((), str(PARENT))


def broken(root: Path, name: str, fault: Callable[[Path], None]) -> None:
    if fault is endless and os.geteuid():
        skip_or_fail("making a device takes root")
    place = root / name[1:]
    place.unlink()
    fault(place)


@each_fault
@each_file
def test_a_broken_file_is_not_fatal(
    tmp_path: Path, version: str, name: str, fault: Callable[[Path], None]
) -> None:
    root = sysroot(tmp_path, MACHINES[version])
    broken(tmp_path, name, fault)
    begin = time.monotonic()
    found = everything(root)
    made = plan(found, Request(), RANK_ENVIRON)
    assert time.monotonic() - begin < 5
    assert 1 <= made.budget.threads <= len(found.cores) <= len(found.mask) <= 8


@each_fault
@pytest.mark.parametrize("version", READ_FILES)
def test_is_not_fatal_if_all_files_are_broken(
    launcher: str, tmp_path: Path, version: str, fault: Callable[[Path], None]
) -> None:
    sysroot(tmp_path, MACHINES[version])
    for name in READ_FILES[version]:
        broken(tmp_path, name, fault)
    found = report([launcher, "--sysroot", str(tmp_path), "--json"], {**POD_ENVIRON, **RANK_ENVIRON})
    assert found["budget"]["threads"] >= 1


# Files that change between one read and the next

MOUNTED = "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw"
STATES: dict[str, tuple[str | None, ...]] = {  # None: removed
    "sys/fs/cgroup/a/b/cpu.max": ("50000 100000", "max 100000", "", "300000 100000", "3000", None),
    "sys/fs/cgroup/a/b/cpuset.cpus.effective": ("0-3", "", "7", "0-7", "0-"),
    "proc/self/mountinfo": (MOUNTED, MOUNTED[:40], "", MOUNTED * 999),
    "sys/devices/system/cpu/online": ("0-7", "0-3", "", "0-99999", "0", None, "4-7"),
}


@contextlib.contextmanager
def rewritten(root: Path) -> Iterator[None]:
    """Truncate, write, remove and create the files again all the time, each at its own pace."""
    end = threading.Event()

    def rewrite() -> None:
        for step in itertools.takewhile(lambda _: not end.is_set(), itertools.count()):
            for name, texts in STATES.items():
                text = texts[step % len(texts)]
                (root / name).unlink(missing_ok=True) if text is None else (root / name).write_text(text)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        yield
    finally:
        end.set()
        writer.join()


def test_plans_within_the_machine_if_files_change_between_reads(launcher: str, tmp_path: Path) -> None:
    sysroot(tmp_path, MACHINES["v2"])
    with rewritten(tmp_path):
        reports = [
            report([launcher, "--json", "--sysroot", str(tmp_path)], RANK_ENVIRON) for _ in range(50)
        ]
    budgets = [found["budget"] for found in reports]
    assert all(1 <= budget["threads"] <= budget["cores"] <= 8 for budget in budgets)
    assert len({(budget["cpus"], budget["quota_cpus"]) for budget in budgets}) > 5, "they did change"


# The same, on this very machine: mounted over its files, in a mount namespace of the launch's own


@pytest.mark.parametrize("fault", MOUNTABLE_FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", LIVE_FILES)
def test_starts_the_command_if_a_file_of_the_kernel_is_broken(
    launcher: str, tmp_path: Path, name: str, fault: Callable[[Path], None]
) -> None:
    if os.geteuid() or not shutil.which("unshare"):
        skip_or_fail("mounting takes root and unshare(1)")
    if not Path(name).exists():
        pytest.skip(f"this kernel has no {name}")  # in CI too: no kernel has all of them
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


# The limits of its own control group, of the one above, and of the other controllers: v2's name, then v1's

GROUP_FILES = {
    "quota": ("cpu", ("cpu.max", "cpu.cfs_quota_us")),
    "period": ("cpu", ("cpu.cfs_period_us",)),
    "quota of the parent": ("cpu", ("../cpu.max", "../cpu.cfs_quota_us")),
    "memory": ("memory", ("memory.max", "memory.limit_in_bytes")),
    "cpuset": ("cpuset", ("cpuset.cpus.effective", "cpuset.effective_cpus")),
}


@pytest.fixture
def place() -> Iterator[Limited]:
    """Yield a group with a quota of one CPU below one with another."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    with limited(quota=1.0, parent_quota=1.5) as made:
        yield made


def group_file(place: Limited, what: str) -> Path:
    controller, names = GROUP_FILES[what]
    found = Groups(Root()).of(controller)
    folder = place.groups[0] if controller == "cpu" else Path(found.directories[0] if found else "/none")
    file = next((folder / name for name in names if (folder / name).exists()), None)
    if file is None:
        pytest.skip(f"no group here has {' or '.join(names)}")  # in CI too: v2 has no file for the period
    return file.resolve()


def over(file: Path, scratch: Path, fault: Callable[[Path], None]) -> str:
    """Return the command that mounts the fault over the file, or over its directory if it must."""
    if fault in MOUNTABLE_FAULTS:
        fault(scratch / "broken")
        return f"mount --bind {scratch}/broken {file}"
    for other in file.parent.iterdir():
        if other.name in (*COVERED, "cgroup.procs"):
            (scratch / other.name).write_text(other.read_text())
    (scratch / file.name).unlink()
    fault(scratch / file.name)
    return f"mount --bind {scratch} {file.parent}"


COVERED = [name.rpartition("/")[2] for _, names in GROUP_FILES.values() for name in names]


@each_fault
@pytest.mark.parametrize("what", GROUP_FILES)
def test_starts_the_command_if_a_file_of_its_control_group_is_broken(
    launcher: str, place: Limited, tmp_path: Path, what: str, fault: Callable[[Path], None]
) -> None:
    if not shutil.which("unshare"):
        skip_or_fail("mounting takes unshare(1)")
    file = group_file(place, what)
    command = shlex.join([launcher, "--", "sh", "-c", "echo started $OMP_NUM_THREADS"])
    script = f"{over(file, tmp_path, fault)} && exec {command}"
    begin = time.monotonic()
    done = start(place.command(["unshare", "--mount", "sh", "-c", script]))
    assert time.monotonic() - begin < 10
    assert done.returncode == 0, done
    started, threads = done.stdout.decode().split()
    assert started == "started"
    assert 1 <= int(threads) <= len(os.sched_getaffinity(0))
    told = any(str(file) in line for line in lines(done))
    assert told or what == "memory" or fault is absent or (what, fault) in SAYS_NOTHING, done


# An empty cpuset is what a v2 group has that was given none of its own.
SAYS_NOTHING = {("cpuset", empty), ("cpuset", huge)}


# A user's own file


def test_a_configuration_of_continued_lines_is_read_in_linear_time(launcher: str, tmp_path: Path) -> None:
    """It took a minute, in quadratic time."""
    (tmp_path / "config.properties").write_text("workers=2\n" + "a\\\n" * (4 << 20))
    server = tmp_path / "torchserve"
    server.write_text("#!/bin/sh\nprintenv OMP_NUM_THREADS\n")
    server.chmod(0o755)
    begin = time.monotonic()
    done = start([launcher, "--", str(server), "--start"], cwd=tmp_path)
    assert time.monotonic() - begin < 10
    assert done.returncode == 0
    assert "config.properties: too long, only its beginning is read" in done.stderr.decode()


@pytest.mark.parametrize("text", ["a\\\n", "\\\n", "\\" * 1000 + "\n", "=", "k=v\n", "#\\\n", "\n"])
def test_no_configuration_takes_more_than_linear_time(text: str) -> None:
    def seconds(size: int) -> float:
        whole = text * (size // len(text))
        begin = time.process_time()
        read_properties(whole)
        return time.process_time() - begin

    small, large = (min(seconds(size) for _ in range(3)) for size in (1 << 15, 1 << 18))
    assert large < 4 * 8 * small + 0.05


# What a system refuses


def rationed(*limits: str) -> list[str]:
    """Put before a command: it runs under these limits of the shell's `ulimit`."""
    return ["sh", "-c", "".join(f"ulimit {limit} && " for limit in limits) + 'exec "$@"', "sh"]


SCARCE = [["-n 16"], ["-v 65536"], ["-f 0"], ["-s 256"]]


@pytest.mark.parametrize("limits", SCARCE, ids=" ".join)
def test_starts_the_command_with_scarce_resources(launcher: str, limits: list[str]) -> None:
    """Few descriptors, 64 MB of memory, no file may grow, a small stack: sh and Python start, so we do."""
    done = start([*rationed(*limits), launcher, "--", "sh", "-c", "echo started"])
    assert (done.returncode, done.stdout) == (0, b"started\n"), done


@pytest.mark.parametrize("descriptors", range(3, 14))
@pytest.mark.parametrize("name", SHELLS)
def test_starts_the_command_with_few_descriptors(
    launcher: str, tmp_path: Path, name: str, descriptors: int
) -> None:
    """Where this shell starts any script: dash and busybox keep theirs at 10, so from 11 descriptors on."""
    plain = tmp_path / "plain"
    plain.write_text("#!/bin/sh\necho started\n")
    plain.chmod(0o755)
    few = [*rationed(f"-n {descriptors}"), *shell(name)]
    if start([*few, str(plain)]).returncode:
        assert descriptors < 11
        return
    done = start([*few, launcher, "-q", "--", "echo", "started"])
    assert (done.returncode, done.stdout) == (0, b"started\n"), done


def test_starts_the_command_with_ten_thousand_variables(launcher: str) -> None:
    environ = {f"VARIABLE_{number}": "x" * 50 for number in range(10_000)}
    done = start([launcher, "-q", "--", "sh", "-c", "echo $VARIABLE_9999 $OMP_NUM_THREADS"], environ)
    assert done.stdout.split()[0] == b"x" * 50
    assert int(done.stdout.split()[1])


def test_starts_the_command_with_a_megabyte_of_arguments(launcher: str) -> None:
    words = ["x" * 1000] * 1000
    done = start([launcher, "-q", "--", "sh", "-c", "echo $#", "sh", *words])
    assert done.stdout == b"1000\n"


@pytest.fixture
def readable(installed: Path) -> Iterator[str]:
    """Yield the launcher where every user can read it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        shutil.copytree(installed, place / "installed")
        (place / "installed").chmod(0o755)
        yield str(place / "installed" / "bin" / "mkl-launch")


@pytest.mark.parametrize("name", ["dash", "busybox"])
@pytest.mark.parametrize("through", ["plain", "link"])
def test_starts_the_command_if_no_process_can_be_created(readable: str, name: str, through: str) -> None:
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


def test_starts_the_command_on_a_full_disk(launcher: str, tmp_path: Path) -> None:
    """Nothing is written, so nothing is missing; nor where the messages go to a full one."""
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = start(
            [launcher, "-v", "--", "sh", "-c", "echo started"], {"TMPDIR": str(tmp_path)}, stderr=full
        )
    assert (done.returncode, done.stdout) == (0, b"started\n")


@pytest.mark.alone
def test_every_launch_succeeds_under_a_tenth_of_a_cpu(launcher: str) -> None:
    """The short form; testing/soak.py says how to run 10,000."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    soaked = soak(launcher, 40)
    assert (soaked.failed, soaked.left) == (0, ())
    assert soaked.p99 <= soaked.bound


@pytest.mark.parametrize("leaves", ["true &", "sleep 0.2 &", "touch here;"])
def test_the_soak_test_finds_files_and_processes_that_are_left(tmp_path: Path, leaves: str) -> None:
    """By a launcher that leaves the command a child that nobody waits for, an orphan, a file."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    untidy = tmp_path / "untidy"
    untidy.write_text(f'#!/bin/sh\n{leaves}\nshift 2\nOMP_NUM_THREADS=1 exec "$@"\n')
    untidy.chmod(0o755)
    soaked = soak(str(untidy), 3)
    assert soaked.failed == 0
    assert soaked.left
