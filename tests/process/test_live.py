"""`--explain --pid PID`: a running process, under real limits that change while it runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from testing.cgroups import Limited, limited, why_not
from testing.process import PATH, lines, machine, report, said, start
from testing.project import skip_or_fail
from testing.supervised import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SLEEP = (sys.executable, "-c", "import time; print(flush=True); time.sleep(60)")
SPIN = (sys.executable, "-c", "import os; [os.fork() for _ in 'ab']; print(flush=True)\nwhile 1: pass")
NUMBER = "OMP_NUM_THREADS"


@contextlib.contextmanager
def running(argv: Sequence[str], **environ: str) -> Iterator[int]:
    """Yield the number of a running process and end it."""
    with subprocess.Popen(argv, env={"PATH": PATH, **environ}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


def changes(found: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {change["name"]: (change["was"], change["now"]) for change in found["process"]["changes"]}


def resize(place: Limited, quota: float) -> None:
    """Change the quota, as a pod's in-place resize does."""
    (group,) = place.groups
    modern = group / "cpu.max"
    if modern.exists():
        modern.write_text(f"{int(quota * 100_000)} 100000")
    else:
        (group / "cpu.cfs_quota_us").write_text(str(int(quota * 100_000)))


@pytest.fixture
def place() -> Iterator[Limited]:
    """Yield a group with a quota of one CPU."""
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    with limited(quota=1.0) as made:
        yield made


def test_pid_reports_a_plan_that_still_fits(launcher: str, place: Limited) -> None:
    with running(place.command([launcher, "-q", "--", *SLEEP])) as pid:
        found = report([launcher, "--json", "--pid", str(pid)])
        verdict = (
            f"fits: process {pid} ({SLEEP[0].rpartition('/')[2]}): a start now would set the same, 1 thread"
        )
        for words in (["--explain"], ["--explain=all"], []):
            assert said([launcher, *words, "--pid", str(pid)]).startswith(
                f"verdict   {verdict}\nprocess   {pid}: "
            )
        assert said([launcher, "--check", "--pid", str(pid)]) == f"{verdict}\n"
    assert found["limits"]["quota_cpus"] == 1
    assert found["command"] == list(SLEEP)
    assert (found["process"]["pid"], found["process"]["threads"]) == (pid, 1)
    assert found["process"]["environment_read"] is True
    assert changes(found) == {}


def test_pid_reports_a_changed_limit(launcher: str, place: Limited) -> None:
    with running(place.command([launcher, "-q", "--", *SLEEP])) as pid:
        resize(place, 8.0)
        found = report([launcher, "--json", "--pid", str(pid)])
        text = said([launcher, "--explain=all", "--pid", str(pid)])
        short = said([launcher, "--explain", "--pid", str(pid)])
        done = start([launcher, "--check", "--pid", str(pid)])
    cores = str(found["budget"]["cores"])
    assert changes(found)[NUMBER] == ("1", cores)
    cuts = found["budget"]["logical"] > 8
    assert changes(found).get("OMP_WAIT_POLICY") == (None if cuts else ("PASSIVE", None))
    assert f"- {NUMBER}: {cores} (has 1): " in text
    (line,) = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (1, b"")
    assert line.startswith(f"does not fit: process {pid} (")
    assert f"): {NUMBER} is 1 and would be {cores}, and " in line
    assert short.startswith(f"verdict   {line}\n")
    assert f"{NUMBER}={cores} (has 1)" in short


def test_pid_shows_arguments_that_were_added(launcher: str, place: Limited, tmp_path: Path) -> None:
    server = tmp_path / "tensorflow_model_server"
    server.write_text(f"#!{sys.executable}\n{SLEEP[-1]}\n")
    server.chmod(0o755)
    with running(place.command([launcher, "-q", "--", str(server), "--port=1"])) as pid:
        assert changes(report([launcher, "--json", "--pid", str(pid)])) == {}
        resize(place, 8.0)
        found = report([launcher, "--json", "--pid", str(pid)])
    cpus = str(found["budget"]["logical"])
    assert changes(found)["--tensorflow_intra_op_parallelism"] == ("1", cpus)
    assert found["command"][-1] == "--port=1"


def test_pid_reports_throttled_periods(launcher: str, place: Limited) -> None:
    resize(place, 0.05)  # far less than even a busy machine leaves it
    with running(place.command(SPIN)) as pid:
        until(lambda: place.throttled() > 5, 60)
        found = report([launcher, "--json", "--pid", str(pid)])
        (told,) = [
            line
            for line in said([launcher, "--explain", "--pid", str(pid)]).splitlines()
            if "throttled" in line
        ]
    (group,) = found["process"]["throttled"]
    assert group["path"] == f"{place.groups[0]}/cpu.stat"
    assert 5 < group["throttled"] <= group["periods"]
    assert group["seconds"] > 0.1
    assert f"{place.groups[0]}/cpu.stat" in told
    assert found["process"]["running"] == 1


def test_pid_warns_of_numbers_of_the_user(launcher: str, place: Limited) -> None:
    with running(place.command([launcher, "-q", "--", *SLEEP]), OMP_NUM_THREADS="8") as pid:
        found = report([launcher, "--json", "--pid", str(pid)])
    assert changes(found) == {}
    assert any(line.startswith(f"{NUMBER}=8 is more than the quota") for line in found["warnings"])


def test_pid_uses_the_options_of_the_launch(launcher: str, place: Limited) -> None:
    resize(place, 8.0)
    words = ["--cpus", "1", "--profile=serving", "-q", "--", *SLEEP]
    with running(place.command([launcher, *words]), MALLOC_ARENA_MAX="auto") as pid:
        found = report([launcher, "--json", "--pid", str(pid)])
    assert changes(found) == {}
    assert found["budget"]["quota_cpus"] == 1


def test_pid_reports_a_process_that_was_not_launched(launcher: str, place: Limited) -> None:
    with running(place.command(SLEEP), KMP_BLOCKTIME="0") as pid:
        found = report([launcher, "--json", "--pid", str(pid)])
    assert changes(found)[NUMBER] == (None, "1")
    assert "KMP_BLOCKTIME" not in changes(found)


def test_pid_reads_the_mask_of_all_threads(launcher: str) -> None:
    """As OpenMP's threads are: each on a CPU of its own."""
    cpus = sorted(os.sched_getaffinity(0))
    code = f"""if 1:
        import os, threading, time
        all_pinned = threading.Barrier({len(cpus)})
        def pinned(cpu):
            os.sched_setaffinity(0, [cpu])
            all_pinned.wait()
            time.sleep(60)
        for cpu in {cpus[1:]}:
            threading.Thread(target=pinned, args=[cpu], daemon=True).start()
        all_pinned.wait()
        os.sched_setaffinity(0, [{cpus[0]}])
        print(flush=True)
        time.sleep(60)"""
    with running([sys.executable, "-c", code]) as pid:
        found = report([launcher, "--json", "--pid", str(pid)])
    assert sorted(mask["cpus"] for mask in found["process"]["masks"]) == sorted(map(str, cpus))
    assert found["process"]["threads"] == len(cpus) == found["budget"]["logical"]


def test_pid_reports_a_process_of_another_user(launcher: str) -> None:
    """The limits and threads are there, the environment is not."""
    if os.geteuid() != 0:
        skip_or_fail("starting a process as another user takes root")
    words = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", launcher]
    with subprocess.Popen(["sleep", "60"], user=65534) as process:
        found = report([*words, "--json", "--pid", str(process.pid)])
        text = said([*words, "--explain", "--pid", str(process.pid)])
        done = start([*words, "--check", "--pid", str(process.pid)])
        process.kill()
    assert found["process"]["environment_read"] is False
    assert found["process"]["threads"] == 1
    assert changes(found) == {}
    assert text.startswith(
        f"verdict   cannot tell: process {process.pid} (sleep): no permission to read its env"
    )
    assert (done.returncode, done.stdout[:13]) == (3, b"cannot tell: ")


def test_pid_reports_a_recorded_process(launcher: str, tmp_path: Path) -> None:
    root = machine(tmp_path)
    files = {
        "cmdline": b"python\0train.py\0",
        "environ": b"OMP_NUM_THREADS=3\0MKL_LAUNCH_APPLIED=OMP_NUM_THREADS=3\0",
        "cgroup": b"0::/a\n",
        "task/7/status": b"State:\tR (running)\nCpus_allowed_list:\t0-3\n",
        "task/8/status": b"State:\tS (sleeping)\nCpus_allowed_list:\t2-5\n",
        "task/9/status": b"",
    }
    for name, data in files.items():
        (root / "proc" / "7" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "proc" / "7" / name).write_bytes(data)
    group = root / "sys/fs/cgroup/a"
    group.mkdir(parents=True)
    (group / "cpu.stat").write_text("nr_periods 9\nnr_throttled 4\nthrottled_usec 1500000\n")
    found = report([launcher, "--json", "--sysroot", str(root), "--pid", "7"])
    assert found["command"] == ["python", "train.py"]
    assert found["limits"]["mask"] == "0-5"
    assert found["process"]["masks"] == [{"cpus": "0-3", "threads": 1}, {"cpus": "2-5", "threads": 1}]
    assert (found["process"]["running"], changes(found)[NUMBER]) == (1, ("3", "6"))
    assert found["process"]["throttled"] == [
        {"path": "/sys/fs/cgroup/a/cpu.stat", "periods": 9, "throttled": 4, "seconds": 1.5}
    ]


def test_pid_reports_a_process_without_a_command_line(launcher: str, tmp_path: Path) -> None:
    """A thread of the kernel's, a zombie."""
    (machine(tmp_path) / "proc" / "2").mkdir()
    (tmp_path / "proc" / "2" / "cmdline").write_bytes(b"")
    found = report([launcher, "--json", "--sysroot", str(tmp_path), "--pid", "2"])
    assert (found["command"], found["process"]["threads"]) == ([], 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--explain", "--pid", "4999999"], "--pid 4999999: no process with this ID"),
        (["--explain", "--pid", "x"], "--pid x: not a process ID"),
        (["--explain", "--pid=-1"], "--pid -1: not a process ID"),
        (["--pid", "x"], "--pid x: not a process ID"),
        (["--check", "--pid", "x"], "--pid x: not a process ID"),
        (["--check", "--pid", "1", "--", "true"], "--pid 1: true: not accepted; options and command"),
        (["--print-env", "sh", "--pid", "1"], "--pid 1: only with --explain, --json or --check"),
        (
            ["--json", "--pid", "1", "--", "true"],
            "--pid 1: true: not accepted; options and command",
        ),
        (["--json", "--cpus", "1", "--pid", "1"], "--pid 1: --cpus: not accepted; options and command"),
        (["--json", "--machine", "1x1x1", "--pid", "1"], "--machine and --pid: only one"),
    ],
    ids=str,
)
def test_pid_refuses_a_bad_process_in_one_line(launcher: str, words: list[str], told: str) -> None:
    done = start([launcher, *words])
    (line,) = lines(done)
    assert done.returncode == 2
    assert told in line
