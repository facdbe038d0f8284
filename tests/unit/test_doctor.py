"""The doctor, on composed hosts: what it reads, what it concludes, what it prints."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_prometheus

from mkl_launch.core.cpulist import parse
from mkl_launch.host.cgroup import parse_membership
from mkl_launch.report.doctor.diagnosis import (
    CROWDED,
    FITS,
    IDLE,
    NEW,
    THROTTLED,
    UNKNOWN,
    Diagnosis,
    Findings,
)
from mkl_launch.report.doctor.document import document
from mkl_launch.report.doctor.identity import group_path, identify
from mkl_launch.report.doctor.openmetrics import escaped, openmetrics
from mkl_launch.report.doctor.run import examine
from mkl_launch.report.doctor.table import table
from mkl_launch.tables.container_paths import CONTAINER_PATHS
from testing.hosts import Box, Host, container_id
from testing.sysroot import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ID, OTHER = container_id(1), container_id(2)
POD = "8f2e5b1c-0d7a-4f6e-9a3b-2c1d0e9f8a7b"
SLICE = f"kubepods-burstable-pod{POD.replace('-', '_')}.slice"
versions = pytest.mark.parametrize("version", ["v2", "v1"])


def look(
    place: Path, *boxes: Box, version: str = "v2", meanwhile: Callable[[Host], None] | None = None
) -> Findings:
    """Return what the doctor finds on a host in the two seconds in which its containers advance."""
    host = Host(place, boxes, version)
    times = iter((100.0, 102.0))

    def sleep(seconds: float) -> None:
        host.advance(seconds)
        if meanwhile:
            meanwhile(host)

    return examine(host.root, 2.0, lambda: next(times), sleep)


def only(found: Findings) -> Diagnosis:
    (diagnosis,) = found.containers
    return diagnosis


# Whose group is it?


@pytest.mark.parametrize(
    ("path", "runtime", "pod"),
    [
        (f"/docker/{ID}", "docker", ""),
        (f"/system.slice/docker-{ID}.scope", "docker", ""),
        (f"/system.slice/docker-{ID}.scope/init.scope", "docker", ""),
        (f"/system.slice:docker:{ID}", "docker", ""),
        (f"/ecs/0123456789abcdef0123456789abcdef/{ID}", "ecs", ""),
        (f"/ecstasks.slice/ecstasks-0123.slice/docker-{ID}.scope", "docker", ""),
        (f"/libpod_parent/libpod-{ID}", "podman", ""),
        (f"/machine.slice/libpod-{ID}.scope/container", "podman", ""),
        (f"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{ID}.scope", "podman", ""),
        (f"/system.slice/web.service/libpod-payload-{ID}", "podman", ""),
        (f"/kubepods/burstable/pod{POD}/{ID}", "kubernetes", POD),
        (f"/kubepods/pod{POD}/{ID}", "kubernetes", POD),
        (f"/kubepods.slice/kubepods-burstable.slice/{SLICE}/cri-containerd-{ID}.scope", "containerd", POD),
        (f"/kubepods.slice/kubepods-burstable.slice/{SLICE}/crio-{ID}.scope", "cri-o", POD),
        (f"/kubepods.slice/{SLICE}/docker-{ID}.scope", "docker", POD),
        (f"/system.slice/containerd.service/{SLICE}:cri-containerd:{ID}", "containerd", POD),
        (f"/docker/{OTHER}/kubelet/kubepods/besteffort/pod{POD}/{ID}", "kubernetes", POD),
        (f"/kubepods/pod{ID[:32]}/{OTHER}/kubelet/kubepods/pod{POD}/{ID}", "kubernetes", POD),
        (f"/../../../kubepods/besteffort/pod{POD}/{ID}", "kubernetes", POD),
        (f"/default/{ID}", "container", ""),
        (f"/system.slice/nerdctl-{ID}.scope", "containerd", ""),
        (f"/kubepods/pod{POD}/crio-{ID}", "cri-o", POD),
    ],
)
def test_knows_the_container_of_a_group(path: str, runtime: str, pod: str) -> None:
    identity = identify(parse_membership(f"0::{path}"))
    assert identity
    assert (identity.runtime, identity.id, identity.pod) == (runtime, ID, pod)


def test_knows_containers_whose_ids_are_names() -> None:
    fargate = "/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-2531612879"
    for path, runtime, name in (
        (fargate, "ecs", fargate.rpartition("/")[2]),
        (f"{fargate}/below", "ecs", fargate.rpartition("/")[2]),
        ("/lxc.payload.web/system.slice/nginx.service", "lxc", "web"),
    ):
        identity = identify({"": path})
        assert identity
        assert (identity.runtime, identity.id) == (runtime, name)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/init.scope",
        "/user.slice/user-0.slice/session-1.scope",
        f"/machine.slice/libpod-conmon-{ID}.scope",
        f"/system.slice/crio-conmon-{ID}.scope",
        "/kubepods.slice/kubepods-burstable.slice",
        "/ecs/0123456789abcdef0123456789abcdef",
        f"/docker/{ID[:12]}",
        "/lxc.payload.",
    ],
)
def test_takes_no_other_group_for_a_container(path: str) -> None:
    assert identify({"cpu": path, "": path}) is None


def test_takes_the_controller_that_has_the_container() -> None:
    paths = parse_membership(f"3:cpu,cpuacct:/\n2:memory:/docker/{ID}\n0::/")
    identity = identify(paths)
    assert identity
    assert identity.id == ID
    assert group_path(f"/docker/{ID}/deep/er", identity) == f"/docker/{ID}"
    assert group_path("/", identity) == "/"


def test_every_row_names_its_source() -> None:
    assert all(row.source.startswith("https://") for row in CONTAINER_PATHS)
    assert len({(row.prefix, row.suffix, row.below) for row in CONTAINER_PATHS}) == len(CONTAINER_PATHS)


# What is found


@versions
def test_finds_what_a_container_loses(tmp_path: Path, version: str) -> None:
    box = Box(1, quota=0.5, busy=4, idle=2, throttled=19, used=0.5)
    found = only(look(tmp_path, box, version=version))
    assert found.verdict == THROTTLED
    assert found.details.limits.quota == 0.5
    assert (found.busy, found.threads) == (4, 6)
    assert found.throttling
    assert (found.throttling.throttled, found.throttling.periods) == (19, 20)
    assert found.throttling.seconds == pytest.approx(0.95)
    assert found.used_cpus == pytest.approx(0.5)
    assert found.details.planned.threads == 1
    assert found.advice == "mkl-launch would set 1 thread; 4 are busy"
    assert not found.failures


@versions
@pytest.mark.parametrize(
    ("box", "verdict", "advice"),
    [
        (Box(1, busy=8), FITS, ""),
        (Box(1, busy=12), CROWDED, "mkl-launch would set 8 threads; 12 are busy"),
        (Box(1, cpus="2", busy=3), CROWDED, "mkl-launch would set 1 thread; 3 are busy"),
        (Box(1, cpus="0-3", mask="0-1", busy=3), CROWDED, "mkl-launch would set 2 threads; 3 are busy"),
        (Box(1, quota=1.5, busy=2), FITS, ""),
        (Box(1, quota=1.5, busy=3), CROWDED, "mkl-launch would set 1 thread; 3 are busy"),
        (
            Box(1, quota=2, busy=2, throttled=1),
            THROTTLED,
            "its work takes more than 2 CPUs: raise the limit",
        ),
        (Box(1, quota=0.5, throttled=0), IDLE, ""),
        (
            Box(1, quota=2, busy=8, throttled=9, environ={"OMP_NUM_THREADS": "8"}),
            THROTTLED,
            "OMP_NUM_THREADS=8 is set there; without it, 2 threads",
        ),
        (
            Box(1, quota=4, busy=8, throttled=9, command=("gunicorn", "--workers", "2", "app:app")),
            THROTTLED,
            "mkl-launch would set 2 threads in each of 2 processes; 8 are busy",
        ),
    ],
)
def test_judges_a_container(tmp_path: Path, version: str, box: Box, verdict: str, advice: str) -> None:
    found = only(look(tmp_path, box, version=version))
    assert (found.verdict, found.advice) == (verdict, advice)


def test_a_container_that_is_throttled_seldom_fits(tmp_path: Path) -> None:
    """One of a hundred periods is below the share that counts."""

    def meanwhile(host: Host) -> None:
        stat = tmp_path / host.path("", host.boxes[0]) / "cpu.stat"
        stat.write_text("nr_periods 107\nnr_throttled 6\nthrottled_usec 7\n")

    found = only(look(tmp_path, Box(1, quota=2, busy=1), meanwhile=meanwhile))
    assert found.throttling
    assert (found.throttling.throttled, found.throttling.periods) == (1, 100)
    assert found.verdict == FITS


@versions
def test_a_quota_of_the_pod_counts(tmp_path: Path, version: str) -> None:
    """The container itself has none, and its own counters stand still."""
    path = f"/kubepods/burstable/pod{POD}/{{}}"
    pod = f"sys/fs/cgroup{'' if version == 'v2' else '/cpu,cpuacct'}/kubepods/burstable/pod{POD}"
    limit = (
        {f"{pod}/cpu.max": "150000 100000"}
        if version == "v2"
        else {f"{pod}/cpu.cfs_quota_us": "150000", f"{pod}/cpu.cfs_period_us": "100000"}
    )
    before = {f"{pod}/cpu.stat": "nr_periods 10\nnr_throttled 10\nthrottled_usec 1"}

    def meanwhile(_: Host) -> None:
        (tmp_path / f"{pod}/cpu.stat").write_text("nr_periods 20\nnr_throttled 14\nthrottled_usec 9")

    box = Box(1, path=path, busy=2, files={**limit, **before})
    found = only(look(tmp_path, box, version=version, meanwhile=meanwhile))
    assert found.identity.pod == POD
    assert (found.details.limits.quota, found.verdict) == (1.5, THROTTLED)
    assert found.throttling
    assert found.throttling.directory == f"/{pod}"
    assert (found.throttling.throttled, found.throttling.periods) == (4, 10)


@versions
@pytest.mark.parametrize(("own", "above"), [(2.0, "150000 100000"), (1.5, "200000 100000")])
def test_the_smallest_quota_counts(tmp_path: Path, version: str, own: float, above: str) -> None:
    quota, period = above.split()
    folder = f"sys/fs/cgroup{'' if version == 'v2' else '/cpu,cpuacct'}/docker"
    v1 = {f"{folder}/cpu.cfs_quota_us": quota, f"{folder}/cpu.cfs_period_us": period}
    files = {f"{folder}/cpu.max": above} if version == "v2" else v1
    limits = only(look(tmp_path, Box(1, path="/docker/{}", quota=own, files=files), version=version))
    assert limits.details.limits.quota == 1.5


def test_the_worst_offender_is_first(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        Box(1),
        Box(2, busy=3),
        Box(3, busy=20),
        Box(4, quota=2, busy=2, throttled=10),
        Box(5, quota=2, busy=2, throttled=20),
        Box(6, quota=2, busy=4, throttled=20),
        Box(7, busy=2, files={"proc/8000/task/8000/stat": UNREADABLE}),
    )
    order = [int(each.identity.id[:12], 16) for each in found.containers]
    assert order == [6, 5, 4, 3, 7, 2, 1]
    verdicts = [each.verdict for each in found.containers]
    assert verdicts == [THROTTLED] * 3 + [CROWDED, UNKNOWN, FITS, IDLE]


def test_processes_of_one_container_are_counted_together(tmp_path: Path) -> None:
    """A worker in a group below that of its container, whose command is that of the first process."""
    box = Box(1, path="/docker/{}", busy=1)
    worker = Box(2, busy=2, idle=0, command=("worker",))
    below = f"0::{box.group}/workers"
    files = {f"proc/{worker.pid}/cgroup": below, f"proc/{worker.pid}/task/{worker.pid}/stat": STAT}
    files[f"proc/{worker.pid}/task/{worker.pid + 1}/stat"] = STAT.replace("3000", "3001")
    found = only(look(tmp_path, box, Box(**{**vars(worker), "files": files})))
    assert (found.threads, found.details.command) == (4, ("python", "train.py"))
    assert found.details.pid == str(box.pid)


STAT = f"3000 (w) R 2000 {'0 ' * 9}7 0 0 0 20 0 1 0 9999 0 0"


def test_zombies_are_no_threads(tmp_path: Path) -> None:
    stat = f"2001 (x) Z 1 {'0 ' * 9}7 0 0 0 20 0 1 0 9 0 0"
    found = only(look(tmp_path, Box(1, files={"proc/2000/task/2001/stat": stat})))
    assert found.threads == 1


def test_groups_of_a_process_that_is_ending_do_not_count(tmp_path: Path) -> None:
    """It is in the root of each v1 hierarchy, and still in its group of v2."""
    box = Box(1, path="/docker/{}", quota=0.5, busy=1, throttled=20, used=0.5)
    ending = {"proc/10/cgroup": f"2:cpu,cpuacct:/\n1:cpuset:/\n0::{box.group}"}
    ending["proc/10/task/10/stat"] = f"10 (x) Z 2000 {'0 ' * 9}7 0 0 0 20 0 1 0 9 0 0"
    found = only(look(tmp_path, Box(**{**vars(box), "files": ending}), version="v1"))
    assert (found.details.limits.quota, found.used_cpus, found.threads) == (0.5, 0.5, 2)


def test_masks_of_all_threads_count_if_the_main_one_is_pinned(tmp_path: Path) -> None:
    """OpenMP pins the main thread to one CPU."""
    files = {f"proc/2000/task/{2000 + at}/status": f"Cpus_allowed_list:\t{at}\n" for at in range(4)}
    found = only(look(tmp_path, Box(1, mask="0", busy=4, idle=0, files=files)))
    assert found.details.cpus == parse("0-3")
    assert found.verdict == FITS


def test_a_container_of_the_launcher_is_known(tmp_path: Path) -> None:
    applied = {"MKL_LAUNCH_APPLIED": "--note=2 OMP_NUM_THREADS=2", "OMP_NUM_THREADS": "2"}
    ours, foreign = (
        only(look(tmp_path / str(number), Box(1, quota=2, environ=environ)))
        for number, environ in enumerate((applied, {"OMP_NUM_THREADS": "2"}))
    )
    assert (ours.details.planned.launched, ours.details.planned.kept) == (True, None)
    assert (foreign.details.planned.launched, foreign.details.planned.kept) == (False, "2")


def test_a_list_of_cpus_that_a_container_does_not_have_is_ignored(tmp_path: Path) -> None:
    found = only(look(tmp_path, Box(1, cpus="0-3", environ={"MKL_LAUNCH_CPUS": "6-7"})))
    assert found.details.planned.threads == 4


def test_opens_no_file_that_a_container_names(tmp_path: Path) -> None:
    (tmp_path / "limit").write_text("3")
    named = {"MKL_LAUNCH_CPU_REQUEST": "/limit", "ECS_CONTAINER_METADATA_URI_V4": "http://127.0.0.1:1/"}
    assert only(look(tmp_path, Box(1, environ=named))).details.planned.threads == 8


# What vanishes


def test_a_container_that_ends_is_left_out(tmp_path: Path) -> None:
    def meanwhile(host: Host) -> None:
        for name in ("cgroup", "status", "cmdline", "environ"):
            (host.place / f"proc/2000/{name}").unlink()

    found = look(tmp_path, Box(1), Box(2), meanwhile=meanwhile)
    assert [each.identity.id for each in found.containers] == [container_id(2)]


def test_a_thread_that_ends_is_not_counted(tmp_path: Path) -> None:
    """Its folder is still listed, and its files are gone."""

    def meanwhile(host: Host) -> None:
        (host.place / "proc/2000/task/2001/stat").unlink()
        (host.place / "proc/2000/task/2001").rmdir()
        (host.place / "proc/2000/task/2001").symlink_to("/nowhere")

    found = only(look(tmp_path, Box(1, busy=2, idle=1), meanwhile=meanwhile))
    assert (found.busy, found.threads, found.failures) == (1, 2, ())


def test_a_container_that_starts_meanwhile_is_not_judged(tmp_path: Path) -> None:
    held = tmp_path / "held"

    def meanwhile(host: Host) -> None:
        held.rename(host.place / "proc/2000")

    host = Host(tmp_path, [Box(1, quota=1, busy=1, throttled=20)])
    (tmp_path / "proc/2000").rename(held)
    times = iter((1.0, 3.0))
    found = only(examine(host.root, 2, lambda: next(times), lambda _: meanwhile(host)))
    assert (found.verdict, found.busy, found.advice) == (UNKNOWN, None, NEW)


def test_counters_that_go_back_are_those_of_another_group(tmp_path: Path) -> None:
    def meanwhile(host: Host) -> None:
        stat = tmp_path / host.path("", host.boxes[0]) / "cpu.stat"
        stat.write_text("usage_usec 0\nnr_periods 1\nnr_throttled 1\nthrottled_usec 1\n")

    found = only(look(tmp_path, Box(1, quota=1, busy=1), meanwhile=meanwhile))
    assert (found.throttling, found.verdict) == (None, UNKNOWN)


# What cannot be read is not 0


@versions
def test_a_quota_that_cannot_be_read_is_not_unlimited(tmp_path: Path, version: str) -> None:
    name = "cpu.max" if version == "v2" else "cpu.cfs_quota_us"
    folder = "" if version == "v2" else "/cpu,cpuacct"
    file = f"sys/fs/cgroup{folder}/docker/{ID}/{name}"
    box = Box(1, path="/docker/{}", busy=1, files={file: UNREADABLE})
    found = look(tmp_path, box, version=version)
    diagnosis = only(found)
    assert (diagnosis.details.quota_known, diagnosis.verdict) == (False, UNKNOWN)
    assert diagnosis.advice == f"/{file}: not a regular file"
    cells = table(found).splitlines()[1].split()
    assert (cells[2], cells[7]) == ("?", "?"), "limit and throttling"
    assert "mkl_launch_container_limit_cpus" not in openmetrics(found)


@versions
def test_counters_that_cannot_be_read_are_not_zero(tmp_path: Path, version: str) -> None:
    folder = "" if version == "v2" else "/cpu,cpuacct"
    file = f"sys/fs/cgroup{folder}/docker/{ID}/cpu.stat"
    box = Box(1, path="/docker/{}", quota=1, busy=1, files={file: UNREADABLE})
    found = look(tmp_path, box, version=version)
    diagnosis = only(found)
    assert (diagnosis.throttling, diagnosis.verdict) == (None, UNKNOWN)
    assert f"/{file}: not a regular file" in diagnosis.failures
    assert diagnosis.used_cpus is None if version == "v2" else diagnosis.used_cpus == 0
    assert "throttled_ratio" not in openmetrics(found)
    assert table(found).splitlines()[1].split()[7] == "?"


def test_threads_that_cannot_be_read_are_not_idle(tmp_path: Path) -> None:
    files = {"proc/2000/task/2000/stat": UNREADABLE}
    found = look(tmp_path, Box(1, files=files))
    assert (only(found).busy, only(found).verdict) == (None, UNKNOWN)
    assert "busy_threads" not in openmetrics(found)
    shown = json.loads(json.dumps(document(found)))
    assert shown["containers"][0]["busy_threads"] is None


def test_a_process_whose_group_cannot_be_read_is_reported(tmp_path: Path) -> None:
    found = look(tmp_path, Box(1, files={"proc/2000/cgroup": UNREADABLE}))
    assert not found.containers
    assert found.failures == ("/proc/2000/cgroup: not a regular file",)
    text = table(found)
    assert text.startswith("no container is visible among 1 processes. Run this on the host")
    assert text.endswith("could not read /proc/2000/cgroup: not a regular file")
    assert "mkl_launch_doctor_unread_files 1\n" in openmetrics(found)


def test_without_an_environment_the_plan_says_so(tmp_path: Path) -> None:
    found = only(look(tmp_path, Box(1, files={"proc/2000/environ": UNREADABLE})))
    assert (found.details.planned.threads, found.details.planned.launched) == (8, None)
    assert found.details.planned.problem == (
        "/proc/2000/environ: not a regular file; its variables are not known"
    )


def test_a_group_of_another_namespace_is_found_above(tmp_path: Path) -> None:
    """A doctor in a cgroup namespace of its own sees the other groups as /../.."""
    box = Box(1, path="/docker/{}", quota=0.5, busy=1, throttled=20)
    files = {"proc/2000/cgroup": f"0::/../..{box.group}", "proc/self/mountinfo": MOUNT}
    found = only(look(tmp_path, Box(**{**vars(box), "files": files})))
    assert (found.details.limits.quota, found.verdict) == (0.5, THROTTLED)


MOUNT = "30 24 0:26 /../.. /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"


def test_a_group_that_is_not_visible_is_not_unlimited(tmp_path: Path) -> None:
    """Its name above the doctor's own group is not known."""
    box = Box(1, path="/docker/{}", quota=0.5, busy=1)
    files = {"proc/2000/cgroup": f"0::/../{ID}", "proc/self/mountinfo": MOUNT}
    found = only(look(tmp_path, Box(**{**vars(box), "files": files})))
    assert (found.details.quota_known, found.verdict) == (False, UNKNOWN)
    assert "--cgroupns=host" in found.advice


# What is printed


def test_the_table_has_a_line_for_each_container_and_a_legend(tmp_path: Path) -> None:
    found = look(
        tmp_path,
        Box(1, quota=0.5, busy=4, idle=2, throttled=19, used=0.5, command=("python", "x")),
        Box(2, cpus="0", command=("cat", "\x1b[1m")),
    )
    assert table(found).splitlines() == [
        "CONTAINER     VERDICT    LIMIT  CPUS     BUSY  THREADS  THROTTLED  USES  WOULD SET  COMMAND",
        "000000000001  throttled    0.5  8 (0-7)     4        6        95%  0.50          1  python x",
        "              mkl-launch would set 1 thread; 4 are busy",
        "000000000002  idle        none  1 (0)       0        1          -  0.00          1  cat \\x1b[1m",
        "",
        "2 containers, 2.0 s. BUSY: threads whose CPU time grew.",
        "THROTTLED: share of the periods in which the quota was used up.",
        "LIMIT, USES: CPUs. WOULD SET: threads. -: not limited. ?: could not be read.",
        "throttled: the quota was used up in at least 5 % of the periods",
        "idle: no thread was busy",
    ]


def test_the_document_is_json_with_every_container(tmp_path: Path) -> None:
    found = look(tmp_path, Box(1, quota=0.5, busy=4, throttled=19, command=("a", "\udcff")))
    shown = json.loads(json.dumps(document(found)))
    (container,) = shown["containers"]
    assert container["throttled"]["share"] == pytest.approx(0.95)
    assert (container["mask"], container["cpuset"], container["quota_cpus"]) == ("0-7", "0-7", 0.5)
    assert container["would_set"]["threads"] == 1


ODD = 'sh -c "a\\b\nc" \x1b \udcff é \\n'


@pytest.mark.parametrize("parse_text", [parse_openmetrics, parse_prometheus])
def test_openmetrics_are_read_by_both_parsers(tmp_path: Path, parse_text: Callable[..., Any]) -> None:
    found = look(
        tmp_path,
        Box(1, quota=0.5, busy=4, idle=2, throttled=19, used=0.5, command=(ODD, "--token=secret")),
        Box(2),
        Box(3, files={"proc/4000/task/4000/stat": UNREADABLE}),
    )
    text = openmetrics(found) + "\n"
    text.encode("utf-8")
    families = {family.name: family for family in parse_text(text)}
    assert {family.type for family in families.values()} == {"gauge"}

    def values(name: str) -> dict[str, float]:
        samples = families[f"mkl_launch_container_{name}"].samples
        return {sample.labels["id"][:12].lstrip("0"): sample.value for sample in samples}

    assert values("throttled_ratio") == {"1": 0.95}
    assert values("limit_cpus") == {"1": 0.5}
    assert values("busy_threads") == {"1": 4, "2": 0}
    assert values("threads") == {"1": 6, "2": 1, "3": 0}
    assert values("planned_threads") == {"1": 1, "2": 8, "3": 8}
    assert values("unread_files") == {"1": 0, "2": 0, "3": 1}
    labels = next(
        sample.labels
        for sample in families["mkl_launch_container_labels"].samples
        if sample.labels["id"] == ID
    )
    assert labels["command"] == 'sh -c "a\\b\nc" \\x1b \\xff é \\n'
    assert "secret" not in text
    assert "pod" not in labels
    verdicts = families["mkl_launch_container_verdict"].samples
    assert {(s.labels["id"], s.labels["verdict"]) for s in verdicts if s.value} == {
        (container_id(1), THROTTLED),
        (container_id(2), IDLE),
        (container_id(3), UNKNOWN),
    }


def test_openmetrics_end_and_name_their_units(tmp_path: Path) -> None:
    lines = openmetrics(look(tmp_path, Box(1, quota=1, busy=1, throttled=1))).split("\n")
    assert lines[-1] == "# EOF"
    assert "# UNIT mkl_launch_container_throttled_ratio ratio" in lines
    for line in lines:
        if line.startswith("# UNIT "):
            _, _, name, unit = line.split()
            assert name.endswith(f"_{unit}")


def test_labels_are_escaped() -> None:
    assert escaped('"\\\n') == '\\"\\\\\\n'


# How long it takes


def test_the_time_grows_no_faster_than_twice_the_containers(tmp_path: Path) -> None:
    """In CPU time, beside that of the sample: other processes may use this machine, too."""

    def seconds(containers: int) -> float:
        boxes = [
            Box(number, quota=(None, 0.5, 1.5, 4.0)[number % 4], busy=number % 4, idle=2, throttled=5)
            for number in range(containers)
        ]
        host = Host(tmp_path / str(containers), boxes)
        waited = []

        def sleep(seconds: float) -> None:
            start = time.process_time()
            host.advance(seconds)
            waited.append(time.process_time() - start)

        start = time.process_time()
        found = examine(host.root, 2, time.monotonic, sleep)
        text = table(found)
        openmetrics(found)
        spent = time.process_time() - start - sum(waited)
        assert len(found.containers) == containers
        assert not any(each.failures for each in found.containers)
        assert text.count("\n") > containers
        return spent

    assert seconds(500) < 2 * 10 * seconds(50)
