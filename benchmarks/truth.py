"""Facts about machines from other projects, and the detectors that find them in the same files.

The machines are those that other projects recorded, where they are at hand (see test_recorded.py), and
those of testing/emulated, whose truth is what the emulator was asked for. Tools that cannot be pointed at
a folder run in a mount namespace in which the folder's files lie over /sys and /proc.
"""

from __future__ import annotations

import collections
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contained import HERE
from contenders import FRAMEWORKS

from testing.emulated import recordings
from testing.emulated.machine import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORDED = Path(os.environ.get("MKL_LAUNCH_RECORDED") or HERE.parent.parent / "shared" / "recorded")
FIELDS = {
    "logical": "CPUs",
    "physical_cores": "cores",
    "sockets": "sockets",
    "numa_node_count": "NUMA nodes",
    "cpu_quota": "quota",
}
Facts = dict[str, Any]

OVERLAID = """
for place in /sys/devices/system /sys/fs/cgroup /proc/cpuinfo; do
    [ ! -e "$1$place" ] || mount --bind "$1$place" "$place"
done
[ -e "$1/sys/devices/system/cpu" ] || mount -t tmpfs none /sys/devices/system/cpu
shift
exec "$@"
"""
PSUTIL = """
import json, psutil
print(json.dumps({"logical": psutil.cpu_count(), "physical_cores": psutil.cpu_count(logical=False)}))
"""
# Not cpu_count(): what it reads of the machine, before it is cut to the mask of this very process.
LOKY = """
import json, os
from joblib.externals.loky.backend import context
cpus = os.cpu_count()
cores, problem = context._count_physical_cores()
quota = context._cpu_count_cgroup(cpus)
found = {"logical": cpus, "cpu_quota": quota if quota != cpus else None}
print(json.dumps(found if problem else {**found, "physical_cores": cores}))
"""
RUN_CPU = """
import json, sys
from torch.backends.xeon.run_cpu import _CPUinfo
def found(text):
    try:
        read = _CPUinfo(text)
        cores, cpus = read.get_all_physical_cores(), read.get_all_logical_cores()
        return {"logical": len(cpus), "physical_cores": len(cores), "numa_node_count": read.node_nums}
    except Exception:
        return {}
print(json.dumps([found(text) for text in json.load(sys.stdin)]))
"""
PARSE = "--parse=CPU,Core,Socket,Node"


class Case:
    """A tree, and the facts that are known of it."""

    def __init__(self, name: str, root: Path, truth: Facts) -> None:
        self.name, self.root, self.truth = name, root, truth


def recorded(folder: Path) -> Iterator[Case]:
    """Return the machines that other projects recorded; a field on which they disagree is not known."""
    if (RECORDED / "cases.tar.xz").exists():
        subprocess.run(["tar", "-xf", str(RECORDED / "cases.tar.xz"), "-C", str(folder)], check=True)
        for place in sorted(file.parent for file in folder.rglob("expected.json")):
            stated = json.loads((place / "expected.json").read_text())
            disputed = stated["meta"].get("disputed", ())
            known = {field: stated[field] for field in FIELDS if field in stated and field not in disputed}
            yield Case(place.name, place / "root", known)


def emulated(folder: Path) -> Iterator[Case]:
    """Return the emulated machines, with the facts that the emulator was configured with."""
    for name, one in recordings.RECORDINGS.items():
        told = {"logical": "logical", "cores": "physical_cores", "sockets": "sockets"}
        known = {told[key]: value for key, value in one.machine.items() if key in told}
        quota = one.limits.get("quota_cpus")
        root = unpack(recordings.file(name).read_bytes(), folder / name)
        yield Case(f"emulated {name}", root, {**known, "cpu_quota": quota})


def _run(argv: list[str], **environ: str) -> str:
    given = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environ}
    return subprocess.run(argv, check=True, capture_output=True, text=True, env=given).stdout


def _overlaid(root: Path, *argv: str) -> str:
    return _run(["unshare", "--mount", "sh", "-c", OVERLAID, "sh", str(root), *argv])


def lscpu(root: Path) -> Facts:
    """Count the distinct values of each column."""
    text = _run(["lscpu", "--sysroot", str(root), PARSE])
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    columns = [{row[column] for row in rows} for column in range(4)]
    fields = ("logical", "physical_cores", "sockets", "numa_node_count")
    return {field: len(found) for field, found in zip(fields, columns, strict=True) if found != {""}}


def lstopo(root: Path) -> Facts:
    """Count the objects of its tree."""
    text = _run(["lstopo-no-graphics", "--of", "xml"], HWLOC_FSROOT=str(root), HWLOC_COMPONENTS="-x86")
    found = collections.Counter(re.findall(r'<object type="(\w+)"', text))
    kinds = {"logical": "PU", "physical_cores": "Core", "sockets": "Package", "numa_node_count": "NUMANode"}
    return {field: found[kind] for field, kind in kinds.items() if found[kind]}


def mkl_launch(launcher: str) -> Callable[[Path], Facts]:
    """Read the facts from the launcher's report."""

    def detect(root: Path) -> Facts:
        found = json.loads(_run([launcher, "--sysroot", str(root), "--json"]))
        machine, limits = found["machine"], found["limits"]
        return {
            "logical": machine["logical"],
            "physical_cores": machine["cores"],
            "sockets": machine["sockets"],
            "numa_node_count": len(machine["numa_nodes"]) or 1,
            "cpu_quota": limits["quota_cpus"],
        }

    return detect


def detectors(launcher: str) -> dict[str, Callable[[Path], Facts]]:
    """Return all detectors by name."""
    return {
        "mkl-launch": mkl_launch(launcher),
        "lscpu": lscpu,
        "lstopo": lstopo,
        "nproc": lambda root: {"logical": int(_overlaid(root, "nproc", "--all"))},
        "psutil": lambda root: json.loads(_overlaid(root, sys.executable, "-c", PSUTIL)),
        "loky": lambda root: json.loads(_overlaid(root, str(FRAMEWORKS), "-c", LOKY)),
    }


def run_cpu(cases: list[Case]) -> list[Facts]:
    """Read the facts with run_cpu's own parser of lscpu; in one process, since it imports PyTorch."""
    texts = []
    for case in cases:
        argv = ["lscpu", "--sysroot", str(case.root), PARSE]
        texts.append(subprocess.run(argv, check=False, capture_output=True, text=True).stdout or "none")
    argv = [str(FRAMEWORKS), "-c", RUN_CPU]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, input=json.dumps(texts))
    found: list[Facts] = json.loads(done.stdout)
    return found


def right(field: str, truth: object, found: object) -> bool:
    """Return whether a value is correct; if a tool reports whole CPUs only, a rounded quota is."""
    if field == "cpu_quota" and isinstance(truth, float) and isinstance(found, int):
        return found in {int(truth), -int(-truth // 1)}
    return found == truth


def judge(cases: list[Case], answers: list[Facts]) -> dict[str, dict[str, int]]:
    """Count for each field the right, the wrong and the missing answers."""
    counts = {field: collections.Counter[str]() for field in FIELDS}
    for case, found in zip(cases, answers, strict=True):
        for field, truth in case.truth.items():
            verdict = (
                "silent"
                if field not in found
                else "right"
                if right(field, truth, found[field])
                else "wrong"
            )
            counts[field][verdict] += 1
    return {field: dict(found) for field, found in counts.items()}


def measure(launcher: str, say: Callable[[str], None], *, others: bool = True) -> dict[str, Any]:
    """Return the facts of every detector about every machine."""
    with tempfile.TemporaryDirectory() as folder:
        strange = [case for case in recorded(Path(folder)) if case.truth] if others else []
        own = list(emulated(Path(folder)))
        cases = [*strange, *own]
        found = {
            name: judge(cases, _answers(detect, cases)) for name, detect in detectors(launcher).items()
        }
        found["run_cpu"] = judge(cases, run_cpu(cases))
    for name, fields in found.items():
        say(f"{name}: {fields}")
    return {"recorded": len(strange), "emulated": len(own), "tools": found}


def _answers(detect: Callable[[Path], Facts], cases: list[Case]) -> list[Facts]:
    def one(case: Case) -> Facts:
        try:
            return detect(case.root)
        except (subprocess.CalledProcessError, ValueError):
            return {}  # it says that it cannot tell

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, cases))
