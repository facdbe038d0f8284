"""The doctor tells the truth about containers under cgroup v2: five groups on an emulated machine.

What it says is compared with the counters in cpu.stat and the times of the threads in /proc, which the
guest reads before and after.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from mkl_launch.report.doctor.diagnosis import MIN_SHARE
from testing.emulated.machine import Machine, Spec
from testing.project import PROJECT

SPIN = (PROJECT / "testing" / "programs" / "spin.py").read_text(encoding="utf-8")
CPUS = (
    2  # one thread of this machine emulates all of them, so they are as many times slower if all are busy
)
HERTZ = 100  # ticks a second in /proc


class Box(NamedTuple):
    """A container: where its group is, its limits (of any group, a file each), and its busy threads."""

    group: str
    limits: dict[str, str]
    threads: int
    quota: float | None
    planned: int
    mask: str = "0-1"


def identity(number: int) -> str:
    return f"{number:x}" * 64


POD = "kubepods/burstable/pod11111111-2222-3333-4444-555555555555"
BOXES = {
    "half": Box(f"docker/{identity(1)}", {"cpu.max": "30000 100000"}, 4, 0.3, 1),
    "one thread": Box(f"docker/{identity(2)}", {"cpu.max": "20000 100000"}, 1, 0.2, 1),
    "pinned": Box(f"docker/{identity(3)}", {"cpuset.cpus": "1", "cpu.weight": "1"}, 1, None, 1, "1"),
    "in a pod": Box(f"{POD}/{identity(4)}", {"../cpu.max": "20000 100000"}, 3, 0.2, 1),
    "sleeping": Box(f"docker/{identity(5)}", {"cpu.max": "200000 100000"}, 0, 2.0, 2),
}

START = """\
set -e
cd /sys/fs/cgroup
mkdir -p {group}
path=
for name in $(echo {parents} | tr / ' '); do
  path=$path$name/
  echo '+cpu +cpuset' >${{path}}cgroup.subtree_control
done
{limits}
(echo 0 >{group}/cgroup.procs; exec {command} </dev/null >/dev/null 2>&1) &
"""
# Prints what the doctor says, and what the kernel says before and after: {group: [periods, throttled, ticks
# of each thread, its CPUs]}.
COMPARE = """
import json, os, subprocess, sys, time

def look(group):
    folder = "/sys/fs/cgroup/" + group
    limited = folder + "/.." if "kubepods" in group else folder
    stat = dict(line.split() for line in open(limited + "/cpu.stat"))
    ticks, masks = {}, set()
    for pid in open(folder + "/cgroup.procs").read().split():
        for task in os.listdir("/proc/%s/task" % pid):
            fields = open("/proc/%s/task/%s/stat" % (pid, task)).read().rpartition(")")[2].split()
            ticks[task] = int(fields[11]) + int(fields[12])
            status = open("/proc/%s/task/%s/status" % (pid, task)).read()
            masks.add(status.partition("Cpus_allowed_list:")[2].split()[0])
    return {"periods": int(stat.get("nr_periods", 0)), "throttled": int(stat.get("nr_throttled", 0)),
            "ticks": ticks, "masks": sorted(masks)}

groups = sys.argv[1:]
def looks():
    return {group: look(group) for group in groups}

start = time.monotonic()
before = looks()
os.setpriority(os.PRIO_PROCESS, 0, -20)  # before nine busy threads
# Not by the entry, which gives Python five seconds to start: too few on an emulated machine that is busy.
words = ["python3", "-I", "-S", "/installed/mkl_launch/__main__.py", "--doctor", "--json", "--for", "3"]
said = subprocess.run(words, stdout=subprocess.PIPE, check=True)
after = looks()
print(json.dumps({"before": before, "after": after, "doctor": json.loads(said.stdout),
                  "seconds": time.monotonic() - start}))
"""


@pytest.fixture(scope="class")
def compared(machine: Machine) -> dict[str, Any]:
    """Start the five, wait until all their threads are there, and look at them in both ways."""
    machine.run(f"cat >/spin.py <<'SPIN'\n{SPIN}\nSPIN\ncat >/compare.py <<'LOOK'\n{COMPARE}\nLOOK").check()
    for box in BOXES.values():
        limits = "\n".join(f"echo {text} >{box.group}/{file}" for file, text in box.limits.items())
        command = f"python3 -I -S /spin.py {box.threads}" if box.threads else "sleep 10000"
        parents = box.group.rpartition("/")[0]
        script = START.format(group=box.group, parents=parents, limits=limits, command=command)
        machine.run(script).check()
        wait = f"until [ $(wc -l </sys/fs/cgroup/{box.group}/cgroup.threads) = {box.threads + 1} ]; do\n"
        machine.run(f"{wait}sleep 0.1\ndone").check()
    groups = " ".join(box.group for box in BOXES.values())
    compared: dict[str, Any] = machine.run(f"python3 -I -S /compare.py {groups}").json()
    return compared


class TestDoctorUnderV2:
    """Two CPUs, v2 only."""

    SPEC = Spec(smp=str(CPUS), kernel_args="cgroup_no_v1=all")

    @pytest.mark.parametrize("name", BOXES)
    def test_limits_and_masks_are_those_of_the_kernel(self, compared: dict[str, Any], name: str) -> None:
        box, container = BOXES[name], found(compared, name)
        assert container["failures"] == []
        assert (container["quota_cpus"], container["quota_known"]) == (box.quota, True)
        assert container["mask"] == box.mask
        assert compared["after"][box.group]["masks"] == [box.mask]
        assert container["would_set"]["threads"] == box.planned
        assert container["runtime"] == ("kubernetes" if "pod" in name else "docker")

    @pytest.mark.parametrize("name", BOXES)
    def test_throttling_is_that_of_the_kernel(self, compared: dict[str, Any], name: str) -> None:
        """Its sample lies between the two looks, so it sees no more than they do."""
        box, container = BOXES[name], found(compared, name)
        before, after = compared["before"][box.group], compared["after"][box.group]
        if box.quota is None:
            assert container["throttled"] is None
            return
        beside = compared["seconds"] - compared["doctor"]["sample_seconds"]
        unseen = beside / 0.1 + 5  # periods; a doctor that waits for a CPU reads later
        for field in ("periods", "throttled"):
            counted, measured = container["throttled"][field], after[field] - before[field]
            assert measured - unseen <= counted <= measured, field
        if name == "half":
            assert container["throttled"]["throttled"] > 0

    @pytest.mark.parametrize("name", BOXES)
    def test_threads_and_time_are_those_of_the_kernel(self, compared: dict[str, Any], name: str) -> None:
        box, container = BOXES[name], found(compared, name)
        before, after = compared["before"][box.group]["ticks"], compared["after"][box.group]["ticks"]
        assert container["threads"] == len(after) == box.threads + 1
        grown = [after[task] - before[task] for task in after]
        assert container["busy_threads"] <= sum(ticks > 0 for ticks in grown)
        used = container["used_cpus"] * compared["doctor"]["sample_seconds"]
        beside = compared["seconds"] - compared["doctor"]["sample_seconds"]
        measured, rounding = sum(grown) / HERTZ, 2 * len(after) / HERTZ
        assert measured - beside * CPUS - rounding <= used <= measured + rounding
        if box.threads:
            assert container["busy_threads"] >= 1
        else:
            assert (container["busy_threads"], container["verdict"]) == (0, "idle")

    def test_the_one_that_loses_most_is_first(self, compared: dict[str, Any]) -> None:
        ours = compared["doctor"]["containers"]
        assert len(ours) == len(BOXES)
        shares = [one["throttled"]["share"] if one["throttled"] else 0 for one in ours]
        first = ours[0]
        assert first["verdict"] in ("throttled", "crowded")
        assert first["advice"].startswith("mkl-launch would set ")
        if max(shares) >= MIN_SHARE:
            assert first["throttled"]["share"] >= MIN_SHARE


def found(compared: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what the doctor says of a box."""
    number = BOXES[name].group.rpartition("/")[2]
    (container,) = (one for one in compared["doctor"]["containers"] if one["id"] == number)
    return dict(container)
