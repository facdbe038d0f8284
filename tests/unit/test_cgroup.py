"""Limits of control groups: v1, v2 and hybrid, with any mounts and any text in the files."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mkl_launch.core.cpulist import parse
from mkl_launch.core.record import changed
from mkl_launch.host import cgroup
from mkl_launch.host.cgroup import Mount
from mkl_launch.host.cgroup_levels import levels
from mkl_launch.host.cgroup_limits import read_limits
from mkl_launch.model.facts import Limits, Memory
from testing.sysroot import GROUPS, UNREADABLE, Spec, sysroot

if TYPE_CHECKING:
    from pathlib import Path

DOCKER = "/docker/4c8e"
POD = "/kubepods.slice/kubepods-pod1.slice/cri-1.scope"
QUOTA = "150000 100000"  # 1.5 CPUs
V1_CPU = f"{GROUPS}/cpu,cpuacct"
BOTH = pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])


def case(name: str, *row: object) -> Any:
    return pytest.param(*row, id=name)


def found(place: Path, spec: Spec) -> Limits:
    return read_limits(sysroot(place, spec))


# Where the groups are


@pytest.mark.parametrize(
    ("spec", "source"),
    [
        case("v2, private namespace", Spec(quota=1.5), "/cpu.max"),
        case("v2, host namespace", Spec(path=POD, quota=1.5), f"{POD}/cpu.max"),
        case("v2, bind mount of the group", Spec(path=DOCKER, mount_root=DOCKER, quota=1.5), "/cpu.max"),
        case(
            "v2, below a bind mount", Spec(path=DOCKER + "/a", mount_root=DOCKER, quota=1.5), "/a/cpu.max"
        ),
    ],
)
def test_finds_the_v2_group_by_its_mount(tmp_path: Path, spec: Spec, source: str) -> None:
    limit = found(tmp_path, spec)
    assert (limit.version, limit.quota, limit.quota_source) == ("v2", 1.5, f"/{GROUPS}{source}")
    assert (limit.path, limit.failures) == (spec.path, ())


@pytest.mark.parametrize(
    "spec",
    [
        case("another group", Spec(path="/a", mount_root="/other", cpu_max={"/other": QUOTA})),
        case("the beginning of its name", Spec(path="/ab", mount_root="/a", cpu_max={"/a": QUOTA})),
        case("from outside of its namespace", Spec(mount_root="/../..", cpu_max={"/../..": QUOTA})),
    ],
)
def test_reads_a_mount_that_does_not_show_the_group_and_reports_it(tmp_path: Path, spec: Spec) -> None:
    limit = found(tmp_path, spec)
    assert (limit.quota, limit.quota_source) == (1.5, f"/{GROUPS}/cpu.max")
    assert len(limit.failures) == 1
    assert spec.path in limit.failures[0]


SSHD = "/system.slice/sshd.service"


@BOTH
@pytest.mark.parametrize(
    ("path", "mount_root", "below"),
    [
        case("below", f"/../..{SSHD}", "/../..", SSHD),
        case("below a part of it", f"/../..{SSHD}", "/../../system.slice", "/sshd.service"),
        case("the same group", "/..", "/..", ""),
        case("the same named group", f"/..{SSHD}", f"/..{SSHD}", ""),
        case("with a slash at its end", f"/../..{SSHD}", "/../../", SSHD),
    ],
)
def test_finds_a_group_whose_path_and_mount_root_are_above_the_namespace(
    tmp_path: Path, version: str, path: str, mount_root: str, below: str
) -> None:
    """A process that entered a container shows its group relative to the container's."""
    mounts = "30 24 0:26 {} /{} rw - {}"
    points = {V1_CPU: "cgroup cgroup rw,cpu"} if version != "v2" else {}
    points |= {GROUPS: "cgroup2 cgroup2 rw"} if version == "v2" else {}
    points |= {f"{GROUPS}/unified": "cgroup2 cgroup2 rw"} if version == "hybrid" else {}
    quota = (
        {f"{GROUPS}{below}/cpu.max": QUOTA}
        if version == "v2"
        else {f"{V1_CPU}{below}/cpu.cfs_quota_us": "150000", f"{V1_CPU}{below}/cpu.cfs_period_us": "100000"}
    )
    files = {
        "proc/self/mountinfo": "\n".join(
            mounts.format(mount_root, point, kind) for point, kind in points.items()
        ),
        "proc/self/cgroup": f"0::{path}" if version == "v2" else f"1:cpu:{path}\n0::{path}",
        **quota,
    }
    limit = found(tmp_path, Spec(cgroup="", files=files))
    assert (limit.version, limit.quota, limit.failures) == (version, 1.5, ())
    assert limit.path == path


@pytest.mark.parametrize(
    ("path", "mount_root"),
    [
        case("a sibling of the namespace", "/../other", "/"),
        case("further up", f"/../../..{SSHD}", "/.."),
        case("another group beside it", "/../a", "/../b"),
        case("a name that begins alike", "/../ab", "/../a"),
        case("another branch", "/", "/../b"),
    ],
)
def test_takes_no_limit_of_a_group_that_the_process_is_not_in(
    tmp_path: Path, path: str, mount_root: str
) -> None:
    files = {
        "proc/self/cgroup": f"0::{path}",
        "proc/self/mountinfo": f"30 24 0:26 {mount_root} /{GROUPS} rw - cgroup2 cgroup2 rw",
        f"{GROUPS}/cpu.max": QUOTA,
        f"{GROUPS}/memory.max": "1000",
    }
    limit = found(tmp_path, Spec(cgroup="", files=files))
    assert (limit.version, limit.quota, limit.memory.size) == ("v2", None, None)
    assert limit.failures == (
        f"the control group {path} is not below a mounted one; its quota is not visible",
    )


@pytest.mark.parametrize("membership", ["0::/a", "1:name=systemd:/a\n0::/a", "3:memory:/a"])
@pytest.mark.parametrize("version", ["v1", "hybrid"])
def test_a_controller_with_a_v1_mount_is_not_in_v2(tmp_path: Path, version: str, membership: str) -> None:
    files = {"proc/self/cgroup": membership, f"{GROUPS}/unified/a/memory.max": "1"}
    limit = found(tmp_path, Spec(cgroup=version, files=files))
    assert (limit.version, limit.quota, limit.path) == ("v1", None, None)
    assert limit.failures == ("/proc/self/cgroup does not name the cpu controller; a quota is not visible",)


def test_a_controller_with_files_in_v2_is_there_whatever_else_is_mounted(tmp_path: Path) -> None:
    files = {"proc/self/cgroup": "0::/a", f"{GROUPS}/unified/a/cpu.max": QUOTA}
    limit = found(tmp_path, Spec(cgroup="hybrid", files=files))
    assert (limit.version, limit.quota, limit.path) == ("v2", 1.5, "/a")


@pytest.mark.parametrize("version", ["v1", "hybrid"])
@pytest.mark.parametrize(
    ("path", "mount_root", "below"),
    [
        case("private namespace", "/", "/", ""),
        case("host namespace", POD, "/", POD),
        case("docker's bind mount", DOCKER, DOCKER, ""),
        case("below docker's bind mount", DOCKER + "/a/b", DOCKER, "/a/b"),
    ],
)
def test_finds_the_v1_group_by_its_mount(
    tmp_path: Path, version: str, path: str, mount_root: str, below: str
) -> None:
    limit = found(tmp_path, Spec(cgroup=version, path=path, mount_root=mount_root, quota=0.5))
    assert (limit.version, limit.quota, limit.path) == (version, 0.5, path)
    assert limit.quota_source == f"/{V1_CPU}{below}/cpu.cfs_quota_us"


def test_finds_the_cpu_controller_of_a_hybrid_tree_in_v2(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "1:name=systemd:/a\n0::/a",
        "proc/self/mountinfo": f"1 2 0:3 / /{GROUPS}/systemd rw - cgroup cgroup rw,name=systemd\n"
        f"1 2 0:3 / /{GROUPS}/unified rw - cgroup2 cgroup2 rw",
        f"{GROUPS}/unified/a/cpu.max": QUOTA,
    }
    limit = found(tmp_path, Spec(cgroup="", files=files))
    assert (limit.version, limit.quota) == ("v2", 1.5)


@pytest.mark.parametrize(
    "spec",
    [
        case("nothing", Spec(cgroup="")),
        case("no mountinfo", Spec(quota=1, without=("proc/self/mountinfo",))),
        case("no membership", Spec(quota=1, without=("proc/self/cgroup",))),
        case("empty", Spec(quota=1, files={"proc/self/cgroup": "", "proc/self/mountinfo": ""})),
        case("no mount", Spec(quota=1, files={"proc/self/mountinfo": "1 2 3"})),
    ],
)
def test_finds_no_limit_without_a_group(tmp_path: Path, spec: Spec) -> None:
    limit = found(tmp_path, spec)
    assert len(limit.failures) == 1, "a quota would not be noticed"
    assert changed(limit, failures=()) == Limits()


def test_reads_a_mount_point_with_a_space(tmp_path: Path) -> None:
    files = {
        "proc/self/mountinfo": r"30 24 0:26 / /mnt/c\040g\134x rw - cgroup2 cgroup2 rw",
        "mnt/c g\\x/cpu.max": QUOTA,
    }
    assert found(tmp_path, Spec(files=files)).quota == 1.5


def test_finds_a_controller_that_shares_its_mount(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "4:cpuset,cpu,cpuacct,memory:/a",
        "proc/self/mountinfo": "30 24 0:26 / /cg rw - cgroup none rw,cpuset,cpu,cpuacct,memory",
        "cg/a/cpu.cfs_quota_us": "150000",
        "cg/a/cpu.cfs_period_us": "100000",
        "cg/a/cpuset.cpus": "0-1",
    }
    limit = found(tmp_path, Spec(cgroup="v1", files=files))
    assert (limit.quota, limit.cpuset) == (1.5, parse("0-1"))


def test_prefers_the_mount_that_shows_the_group(tmp_path: Path) -> None:
    mounts = [
        "30 24 0:26 /other /mnt/other rw - cgroup cgroup rw,cpu,cpuacct",
        "31 24 0:26 /docker /mnt/docker rw - cgroup cgroup rw,cpu,cpuacct",
        "32 24 0:26 /docker/zz /mnt/zz rw - cgroup cgroup rw,cpu,cpuacct",
    ]
    files = {"proc/self/mountinfo": "\n".join(mounts), "proc/self/cgroup": f"3:cpu,cpuacct:{DOCKER}"}
    for name, quota in (("docker/4c8e", "150000"), ("other", "1000"), ("zz", "1000")):
        files |= {f"mnt/{name}/cpu.cfs_quota_us": quota, f"mnt/{name}/cpu.cfs_period_us": "100000"}
    assert found(tmp_path, Spec(cgroup="v1", files=files)).quota == 1.5


def test_prefers_the_mount_that_shows_most_ancestors(tmp_path: Path) -> None:
    mounts = [
        "31 24 0:26 /docker/4c8e /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        "32 24 0:26 / /host/cgroup rw - cgroup2 cgroup2 rw",
    ]
    files = {
        "proc/self/mountinfo": "\n".join(mounts),
        f"{GROUPS}/cpu.max": "300000 100000",
        "host/cgroup/docker/4c8e/cpu.max": "300000 100000",
        "host/cgroup/docker/cpu.max": QUOTA,
    }
    assert found(tmp_path, Spec(path=DOCKER, files=files)).quota == 1.5


def test_uses_the_last_mount_at_a_place(tmp_path: Path) -> None:
    mounts = [
        "31 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
        "32 31 0:26 /docker/4c8e /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
    ]
    files = {"proc/self/mountinfo": "\n".join(mounts), f"{GROUPS}/cpu.max": QUOTA}
    assert found(tmp_path, Spec(path=DOCKER, files=files)).quota == 1.5
    files = {"proc/self/mountinfo": "\n".join(mounts), f"{GROUPS}/a/cpu.max": "50000 100000"}
    assert found(tmp_path / "below", Spec(path=DOCKER + "/a", files=files)).quota == 0.5


# The smallest one of the group and its ancestors


@BOTH
@pytest.mark.parametrize(
    ("quotas", "smallest"),
    [
        case("the parent's only", {"/a": QUOTA, "/a/b": "max 100000"}, 1.5),
        case("the parent's is tighter", {"/a": QUOTA, "/a/b": "200000 100000"}, 1.5),
        case("its own is tighter", {"/a": "200000 100000", "/a/b": QUOTA}, 1.5),
        case("the root's is tighter", {"/": "50000 100000", "/a/b": QUOTA}, 0.5),
        case("another period", {"/a": "20000 10000", "/a/b": QUOTA}, 1.5),
        case("none", {"/a": "max 100000", "/a/b": "max 100000"}, None),
        case("not a child's", {"/a/b/c": "50000 100000", "/a/b": QUOTA}, 1.5),
    ],
)
def test_the_tightest_quota_counts(
    tmp_path: Path, version: str, quotas: dict[str, str], smallest: float | None
) -> None:
    assert found(tmp_path, Spec(cgroup=version, path="/a/b", cpu_max=quotas)).quota == smallest


@BOTH
def test_reads_no_ancestors_above_the_mount(tmp_path: Path, version: str) -> None:
    spec = Spec(cgroup=version, path="/x/a/b", mount_root="/x", cpu_max={"/x": "50000 100000"}, quota=1.5)
    limit = found(tmp_path, spec)
    assert limit.quota == 0.5
    assert limit.path == "/x/a/b"


@pytest.mark.parametrize("quota", [0.1, 0.5, 1, 1.5, 2.5, 64])
@BOTH
def test_keeps_fractions_of_a_quota(tmp_path: Path, version: str, quota: float) -> None:
    assert found(tmp_path, Spec(cgroup=version, quota=quota)).quota == pytest.approx(quota)


# Five different answers: max, 0, unreadable, absent, malformed


@pytest.mark.parametrize(
    ("text", "quota", "problem"),
    [
        case("set", QUOTA, 1.5, None),
        case("max", "max 100000", None, None),
        case("only max", "max", None, None),
        case("zero", "0 100000", None, "a quota of 0"),
        case("zero period", "150000 0", None, "a period of 0"),
        case("unreadable", UNREADABLE, None, "not a regular file"),
        case("empty", "", None, "not QUOTA PERIOD"),
        case("too few fields", "150000", None, "not QUOTA PERIOD"),
        case("too many fields", "1 2 3", None, "not QUOTA PERIOD"),
        case("negative", "-1 100000", None, "not a whole number: '-1'"),
        case("fraction", "1.5 1", None, "not a whole number: '1.5'"),
        case("malformed period", "150000 x", None, "not a whole number: 'x'"),
        case("too long", "9" * 400 + " 1", None, "not a whole number"),
    ],
)
def test_reads_cpu_max(tmp_path: Path, text: str | None, quota: float | None, problem: str | None) -> None:
    limit = found(tmp_path, Spec(path="/a", files={f"{GROUPS}/a/cpu.max": text}))
    assert limit.quota == quota
    said(limit, f"/{GROUPS}/a/cpu.max", problem)


@pytest.mark.parametrize(
    ("text", "period", "quota", "problem"),
    [
        case("set", "150000", "100000", 1.5, None),
        case("-1", "-1", "100000", None, None),
        case("-1, period unreadable", "-1", UNREADABLE, None, None),
        case("zero", "0", "100000", None, "a quota of 0"),
        case("zero period", "150000", "0", None, "a period of 0"),
        case("unreadable", UNREADABLE, "100000", None, "not a regular file"),
        case("empty", "", "100000", None, "not a whole number"),
        case("negative", "-2", "100000", None, "not a whole number"),
        case("v2's word", "max", "100000", None, "not a whole number: 'max'"),
        case("period unreadable", "150000", UNREADABLE, None, "although a quota is set"),
        case("malformed period", "150000", "x", None, "not a whole number: 'x'"),
    ],
)
def test_reads_cfs_quota(
    tmp_path: Path, text: str | None, period: str | None, quota: float | None, problem: str | None
) -> None:
    files = {f"{V1_CPU}/a/cpu.cfs_quota_us": text, f"{V1_CPU}/a/cpu.cfs_period_us": period}
    limit = found(tmp_path, Spec(cgroup="v1", path="/a", files=files))
    assert limit.quota == quota
    said(limit, f"/{V1_CPU}/a/cpu.cfs_", problem)


def said(limit: Limits, where: str, problem: str | None) -> None:
    """Check that a problem is reported once, with the file, or not at all."""
    assert len(limit.failures) == (problem is not None)
    for failure in limit.failures:
        assert failure.startswith(where)
        assert (problem or "") in failure


@pytest.mark.parametrize("period", ["", "0", "x", "-1"])
def test_names_the_file_of_a_bad_period(tmp_path: Path, period: str) -> None:
    files: dict[str, str | None] = {
        f"{V1_CPU}/cpu.cfs_quota_us": "150000",
        f"{V1_CPU}/cpu.cfs_period_us": period,
    }
    (failure,) = found(tmp_path, Spec(cgroup="v1", files=files)).failures
    assert failure.startswith(f"/{V1_CPU}/cpu.cfs_period_us: ")


def test_reports_a_missing_period(tmp_path: Path) -> None:
    spec = Spec(cgroup="v1", files={f"{V1_CPU}/cpu.cfs_quota_us": "150000"})
    (failure,) = found(tmp_path, spec).failures
    told = "absent, although a quota is set; this limit is ignored (--cpus N replaces it)"
    assert failure == f"/{V1_CPU}/cpu.cfs_period_us: {told}"


@BOTH
def test_a_missing_quota_is_not_a_failure(tmp_path: Path, version: str) -> None:
    limit = found(tmp_path, Spec(cgroup=version, path="/a"))
    assert (limit.version, limit.quota, limit.failures) == (version, None, ())


@BOTH
def test_a_tree_that_is_covered_by_another_mount_is_a_failure(tmp_path: Path, version: str) -> None:
    """As where /sys/fs/cgroup is masked by an empty directory: no quota would be seen."""
    point = f"{GROUPS}/cpu,cpuacct" if version != "v2" else GROUPS
    limit = found(tmp_path, Spec(cgroup=version, path="/a", without=(f"{point}/cgroup.procs",)))
    (failure,) = limit.failures
    assert failure.startswith(f"/{point}: covered by another mount")


def test_does_not_block_on_a_fifo(tmp_path: Path) -> None:
    root = sysroot(tmp_path, Spec())
    (tmp_path / GROUPS).mkdir(parents=True, exist_ok=True)
    os.mkfifo(tmp_path / GROUPS / "cpu.max")
    said(read_limits(root), f"/{GROUPS}/cpu.max", "not a regular file")


@BOTH
def test_reads_ancestors_of_an_unreadable_group(tmp_path: Path, version: str) -> None:
    broken: dict[str, str | None] = {
        f"{GROUPS}/a/b/cpu.max": UNREADABLE,
        f"{V1_CPU}/a/b/cpu.cfs_quota_us": UNREADABLE,
    }
    spec = Spec(cgroup=version, path="/a/b", cpu_max={"/a": QUOTA}, files=broken)
    limit = found(tmp_path, spec)
    assert (limit.quota, len(limit.failures)) == (1.5, 1)


@pytest.mark.parametrize("name", ["cgroup", "mountinfo"])
def test_reports_an_unreadable_proc(tmp_path: Path, name: str) -> None:
    limit = found(tmp_path, Spec(quota=1.5, files={f"proc/self/{name}": UNREADABLE}))
    assert (limit.quota, limit.version) == (None, None)
    assert f"/proc/self/{name}: not a regular file" in limit.failures


# The cpuset


@BOTH
@pytest.mark.parametrize("mount_root", ["/", "/a"])
def test_reads_the_effective_cpuset(tmp_path: Path, version: str, mount_root: str) -> None:
    spec = Spec(cgroup=version, path="/a/b", mount_root=mount_root, cpuset="0-1")
    assert found(tmp_path, spec).cpuset == parse("0-1")


@pytest.mark.parametrize(
    ("files", "cpuset"),
    [
        case("own", {"a/b/cpuset.cpus.effective": "0", "a/cpuset.cpus.effective": "0-3"}, {0}),
        case("empty", {"a/b/cpuset.cpus.effective": "", "a/cpuset.cpus.effective": "0-3"}, {0, 1, 2, 3}),
        case("the parent's", {"a/cpuset.cpus.effective": "0-3"}, {0, 1, 2, 3}),
        case("no effective one", {"a/b/cpuset.cpus": "2"}, {2}),
        case("effective goes first", {"a/b/cpuset.cpus": "2", "a/b/cpuset.cpus.effective": "1"}, {1}),
        case("absent", {}, None),
    ],
)
def test_reads_the_cpuset(tmp_path: Path, files: dict[str, str], cpuset: set[int] | None) -> None:
    spec = Spec(path="/a/b", files={f"{GROUPS}/{name}": text for name, text in files.items()})
    limit = found(tmp_path, spec)
    assert (limit.cpuset, limit.failures) == (cpuset, ())


@pytest.mark.parametrize(
    ("text", "problem"), [("0-", "not a whole number"), (UNREADABLE, "not a regular file")]
)
def test_reports_a_bad_cpuset(tmp_path: Path, text: str | None, problem: str) -> None:
    path = f"{GROUPS}/a/cpuset.cpus.effective"
    limit = found(tmp_path, Spec(path="/a", files={path: text, f"{GROUPS}/cpuset.cpus.effective": "0-1"}))
    assert limit.cpuset == parse("0-1")
    said(limit, f"/{path}", problem)


def test_reads_the_old_cpuset_file_system(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "2:cpuset:/a",
        "proc/self/mountinfo": "30 24 0:26 / /dev/cpuset rw - cpuset none rw",
        "dev/cpuset/a/cpus": "0-1",
    }
    assert found(tmp_path, Spec(cgroup="v1", files=files)).cpuset == parse("0-1")


# Memory


@BOTH
@pytest.mark.parametrize(
    ("limits_of", "smallest"),
    [
        case("own", {"/a/b": "1000000"}, 1_000_000),
        case("the parent's is tighter", {"/a": "1000000", "/a/b": "2000000"}, 1_000_000),
        case("v1's way to say none", {"/a/b": "9223372036854771712"}, None),
        case("v2's way to say none", {"/a/b": "max"}, None),
        case("absent", {}, None),
    ],
)
def test_reads_the_smallest_memory_limit(
    tmp_path: Path, version: str, limits_of: dict[str, str], smallest: int | None
) -> None:
    root = sysroot(tmp_path, Spec(cgroup=version, path="/a/b", memory=limits_of))
    assert read_limits(root).memory == Memory(smallest)


@BOTH
def test_reports_the_quota_of_every_level(tmp_path: Path, version: str) -> None:
    spec = Spec(cgroup=version, path="/a/b", cpu_max={"/a": QUOTA, "/a/b": "max 100000"})
    own, parent, root = levels(sysroot(tmp_path, spec))
    assert "(not limited)" in own
    assert "150000" in parent
    assert "absent" in root


def test_reports_the_quota_of_every_level_of_another_process(tmp_path: Path) -> None:
    files = {"proc/7/cgroup": "0::/b", f"{GROUPS}/b/cpu.max": "50000 100000"}
    root = sysroot(tmp_path, Spec(path="/a", cpu_max={"/a": QUOTA}, files=files))
    assert levels(root, "7")[0].endswith("/b/cpu.max: 50000 100000")


@pytest.mark.parametrize(
    ("burst", "shown"),
    [
        case("some", "50000", ["50 milliseconds of CPU time"]),
        case("none", "0", []),
        case("no such file", "", []),
        case("broken", "x", []),
    ],
)
@BOTH
def test_reports_the_burst_of_a_quota(tmp_path: Path, version: str, burst: str, shown: list[str]) -> None:
    folder = GROUPS if version == "v2" else V1_CPU
    name = "cpu.max.burst" if version == "v2" else "cpu.cfs_burst_us"
    spec = Spec(cgroup=version, path="/a", cpu_max={"/a": QUOTA, "/": "max 100000"})
    root = sysroot(tmp_path, replace(spec, files={f"{folder}/a/{name}": burst, f"{folder}/{name}": "9000"}))
    bursts = [line for line in levels(root) if name in line]
    assert len(bursts) == len(shown), "the burst of a group without a quota says nothing"
    assert all(text in line for text, line in zip(shown, bursts))
    assert read_limits(root).quota == 1.5, "a burst is no part of the quota"


def test_reports_no_level_without_a_group(tmp_path: Path) -> None:
    assert levels(sysroot(tmp_path, Spec(cgroup=""))) == []


# The two files that tell where


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        case("v2", "0::/a/b\n", {"": "/a/b"}),
        case("v1", "4:cpu,cpuacct:/a\n3:cpuset:/b\n", {"cpu": "/a", "cpuacct": "/a", "cpuset": "/b"}),
        case("hybrid", "1:name=systemd:/a\n0::/b", {"name=systemd": "/a", "": "/b"}),
        case("colons in the path", "0::/a:b:c", {"": "/a:b:c"}),
        case("a space in the path", "0::/a b", {"": "/a b"}),
        case("a form feed in the path", "0::/a\x0cb", {"": "/a\x0cb"}),
        case("deleted", "0::/a (deleted)", {"": "/a (deleted)"}),
        case("no path", "0::", {"": "/"}),
        case("v1 without controllers", "3::/a", {}),
        case("malformed", "nonsense\n\n:\n", {}),
    ],
)
def test_parses_proc_self_cgroup(text: str, paths: dict[str, str]) -> None:
    assert cgroup.parse_membership(text) == paths


@pytest.mark.parametrize(
    ("line", "mount"),
    [
        case(
            "v2",
            "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate",
            Mount("/", "/sys/fs/cgroup", None),
        ),
        case(
            "v1",
            "30 24 0:26 /docker/a /c ro - cgroup cgroup rw,cpu,cpuacct",
            Mount("/docker/a", "/c", frozenset({"rw", "cpu", "cpuacct", "cgroup"})),
        ),
        case(
            "several optional fields",
            "30 24 0:26 / /c rw shared:9 master:2 propagate_from:2 - cgroup2 cgroup rw",
            Mount("/", "/c", None),
        ),
        case(
            "escapes",
            r"30 24 0:26 /a\040b /c\011\012\134d rw - cgroup2 cgroup rw",
            Mount("/a b", "/c\t\n\\d", None),
        ),
        case("no escapes", r"30 24 0:26 /\x2d /c\9 rw - cgroup2 c rw", Mount("/\\x2d", "/c\\9", None)),
        case("another file system", "30 24 0:26 / /tmp rw - tmpfs tmpfs rw", None),
        case("too few fields", "30 24 / /c rw - cgroup2 cgroup2 rw", None),
        case("too few fields after the separator", "30 24 0:26 / /c rw - cgroup2", None),
        case("no separator", "30 24 0:26 / /c rw cgroup2 cgroup2 rw", None),
        case("empty", "", None),
    ],
)
def test_parses_mountinfo(line: str, mount: Mount | None) -> None:
    assert cgroup.parse_mounts(f"{line}\n") == ([mount] if mount else [])


def test_orders_directories_from_the_group_to_its_ancestors(tmp_path: Path) -> None:
    mount = Mount("/x", "/cg/", None)
    assert cgroup.directories("/x/a/b", mount) == ("/cg/a/b", "/cg/a", "/cg")
    assert cgroup.directories("/y", mount) == ("/cg",)
    deep = Spec(path="/d" * 50, quota=1.5)
    assert read_limits(sysroot(tmp_path, replace(deep, cpu_max={"/d": "100000 100000"}))).quota == 1
