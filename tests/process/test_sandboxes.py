"""Hidden limits: sandboxes, as their sources show them, and this machine with folders covered."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from testing.process import PATH, WRITING_CALLS, lines, report, start, uncompiled, values
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

CPU = "sys/devices/system/cpu"
V1_CPU = "31 20 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu"
V2 = "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"


class Sandbox(NamedTuple):
    """What a process sees there of a limit of two CPUs, its threads, a word of the warning."""

    files: dict[str, str]
    threads: str
    warning: str = ""


def cpus(number: int, *, masks: bool = False) -> dict[str, str]:
    """Return files of that many CPUs without SMT; `masks`: only the old forms of the files."""
    made = {f"{CPU}/online": f"0-{number - 1}"}
    for cpu in range(number):
        name, text = ("thread_siblings", f"{1 << cpu:x}") if masks else ("core_cpus_list", str(cpu))
        made[f"{CPU}/cpu{cpu}/topology/{name}"] = text
    return made


SANDBOXES = {
    # pkg/sentry/fsimpl/sys/sys.go, cpuDir: masks only; as many CPUs as the sandbox was given.
    # /sys/fs/cgroup is an empty directory, unless the runtime mounts a group there.
    "gVisor": Sandbox(
        {
            **cpus(2, masks=True),
            "proc/self/cgroup": "",
            "proc/self/mountinfo": "21 20 0:5 / /sys ro - sysfs none ro",
        },
        "2",
        "no control group",
    ),
    # A machine of its own with as many CPUs as the limit, rounded up; its groups have no limit.
    "Kata, Firecracker": Sandbox(
        {
            **cpus(2),
            "proc/self/cgroup": "0::/",
            "proc/self/mountinfo": V2,
            "sys/fs/cgroup/cgroup.procs": "1",
        },
        "2",
    ),
    # lxcfs cuts `online` and /proc/cpuinfo to the quota; the groups and the CPUs' own directories are the
    # host's (src/sysfs_fuse.c).
    "LXC with lxcfs": Sandbox(
        {
            **cpus(8),
            f"{CPU}/online": "0-1",
            "proc/self/cgroup": "0::/",
            "proc/self/mountinfo": V2,
            "sys/fs/cgroup/cgroup.procs": "1",
            "sys/fs/cgroup/cpu.max": "200000 100000",
        },
        "2",
    ),
    # The group of the container is the root of what it sees; its parent's limit is not there.
    "LXC without lxcfs": Sandbox(
        {
            **cpus(8),
            "proc/self/cgroup": "0::/.lxc",
            "proc/self/mountinfo": V2,
            "sys/fs/cgroup/cgroup.procs": "1",
            "sys/fs/cgroup/cpu.max": "200000 100000",
        },
        "2",
    ),
    # A utility machine with the CPUs of .wslconfig; hybrid, without limits.
    "WSL 2": Sandbox(
        {
            **cpus(2),
            "proc/self/cgroup": "3:cpu:/\n0::/",
            "proc/self/mountinfo": f"{V1_CPU}\n{V2.replace('cgroup rw', 'cgroup/unified rw')}",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        },
        "2",
    ),
    # WSL 1 has no kernel of its own: neither groups nor topology.
    "WSL 1": Sandbox({"proc/cpuinfo": "processor\t: 0\n\nprocessor\t: 1\n", "sys/x": ""}, "2", "topology"),
}


@pytest.mark.parametrize("name", SANDBOXES)
def test_starts_the_command_in_a_sandbox(launcher: str, tmp_path: Path, name: str) -> None:
    sandbox = SANDBOXES[name]
    for file, text in sandbox.files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text + "\n")
    found = report([launcher, "--json", "--sysroot", str(tmp_path)])
    assert values(found)["OMP_NUM_THREADS"] == sandbox.threads
    warnings = " ".join(found["warnings"])
    assert sandbox.warning in warnings if sandbox.warning else not warnings


# This machine, with parts of it covered


@pytest.fixture
def covered() -> list[str]:
    """Put before a script: it runs where mounts are its own."""
    words = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-ec"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*words, "true"], check=False, capture_output=True).returncode
    ):
        skip_or_fail("no namespaces can be made: that takes root and unshare(1)")
    return words


COVERS = {
    "the groups": ("mount -t tmpfs none /sys/fs/cgroup", "covered by another mount"),
    "all of sysfs": ("mount -t tmpfs none /sys", "covered by another mount"),
    "no groups": ("umount -l -R /sys/fs/cgroup", "no control group"),
    "proc": ("mount -t tmpfs none /proc", "no control group"),
    "both": ("mount -t tmpfs none /proc; mount -t tmpfs none /sys", "no control group"),
    "a masked file": ("mount --bind /dev/null /proc/cpuinfo", ""),
}
TELL = "sh -c 'echo started with ${OMP_NUM_THREADS-nothing}, ${KMP_AFFINITY-not pinned}'"


@pytest.mark.parametrize("name", COVERS)
def test_starts_the_command_if_folders_of_the_kernel_are_covered(
    launcher: str, covered: list[str], name: str
) -> None:
    """The command starts, and where a limit may hide, that is said and nothing is pinned."""
    mount, warning = COVERS[name]
    done = start([*covered, f"{mount}; exec {launcher} -- {TELL}"], {"PATH": f"{PATH}:/usr/sbin:/sbin"})
    assert (done.returncode, done.stdout[:13]) == (0, b"started with "), done
    if warning:
        assert any(warning in line for line in lines(done)), done
        assert done.stdout.endswith(b", not pinned\n")


@pytest.fixture
def readable(installed: Path) -> Iterator[str]:
    """Yield the launcher where every user can read it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(installed, Path(folder) / "installed")
        (Path(folder) / "installed").chmod(0o755)
        yield f"{folder}/installed/bin/mkl-launch"


NOBODY = (
    "setpriv --reuid 54321 --regid 54321 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
)


@pytest.mark.parametrize(
    "mount", ["mount -o remount,hidepid=2 /proc", "umask 077", "mount -o remount,bind,ro /"]
)
def test_starts_the_command_for_a_user_without_rights(
    readable: str, covered: list[str], mount: str
) -> None:
    """A number that no user has, no capability, no new privileges, no home, other processes hidden."""
    done = start(
        [*covered, f"{mount}; unset HOME; cd /; exec {NOBODY} {readable} -- {TELL}"],
        {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"},
    )
    assert (done.returncode, done.stdout[:13]) == (0, b"started with "), done
    assert int(done.stdout[13:14])


# What is done to the machine


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "not compiled"])
@pytest.mark.parametrize(
    "words", [["--"], ["--explain"], ["--json"], ["--instances", "2", "--"]], ids=" ".join
)
def test_a_launch_writes_no_file(
    installed: Path, tmp_path: Path, words: list[str], *, compiled: bool
) -> None:
    """Of all calls with a path, by all processes of a launch: none opens a file to write.

    /dev/null is none, nor are the name and the command line of the guard, which it changes itself.
    """
    if not shutil.which("strace"):
        skip_or_fail("strace is not installed")
    launcher = str(installed / "bin" / "mkl-launch") if compiled else uncompiled(installed, tmp_path)
    with tempfile.NamedTemporaryFile("r") as log:
        trace = ["strace", "-f", "-e", "trace=%file", "-o", log.name]
        done = start([*trace, launcher, "-q", *words, "true"])
        calls = log.read().splitlines()
    assert done.returncode == 0
    assert len(calls) > 50
    allowed = re.compile(r'"(/dev/null|/proc/self/(comm|mem))"')
    assert [call for call in calls if WRITING_CALLS.search(call) and not allowed.search(call)] == []
    assert [*tmp_path.rglob("*.pyc")] == []
