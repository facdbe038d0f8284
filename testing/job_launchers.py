"""Run real job launchers (Open MPI, MPICH, Slurm, torchrun) and read what each rank reports."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mkl_launch.core.cpulist import parse
from testing.environments import environment
from testing.process import PATH
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from testing.cgroups import Limited

# The variable of each with the number of a rank on its machine, the innermost first.
NUMBERS = ("LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID")
SEES = "import json, os; print(json.dumps([sorted(os.sched_getaffinity(0)), dict(os.environ)]))"
PROBE = (sys.executable, "-c", SEES)

PATIENCE = 300  # seconds: a slow or busy machine needs the most of them
SLURM = ("srun", "sbatch", "salloc")
PROGRAMS = ("mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra", *SLURM)
SBIN = f"{PATH}:/usr/sbin:/sbin"
# A real MPI program without a compiler: all ranks add up their numbers, counted from 1.
ADD_UP = """
import ctypes, os, sys

mpi = ctypes.CDLL(sys.argv[1], mode=ctypes.RTLD_GLOBAL)
if "mpich" in sys.argv[1]:  # handles are numbers: mpi.h of MPICH
    world, integer, add = 0x44000000, 0x4C000405, 0x58000003
else:  # and pointers: mpi.h of Open MPI
    names = ("ompi_mpi_comm_world", "ompi_mpi_int", "ompi_mpi_op_sum")
    world, integer, add = (ctypes.byref(ctypes.c_char.in_dll(mpi, name)) for name in names)
mpi.MPI_Init(None, None)
rank, total = ctypes.c_int(), ctypes.c_int()
mpi.MPI_Comm_rank(world, ctypes.byref(rank))
mine = ctypes.c_int(rank.value + 1)
mpi.MPI_Allreduce(ctypes.byref(mine), ctypes.byref(total), 1, integer, add, world)
mpi.MPI_Finalize()
print(total.value, os.environ["OMP_NUM_THREADS"])
"""
TRAIN = """
import torch

torch.distributed.init_process_group("gloo")
mine = torch.tensor([torch.distributed.get_rank() + 1])
torch.distributed.all_reduce(mine)
print(mine.item(), torch.get_num_threads())
torch.distributed.destroy_process_group()
"""
# Tasks of Ray that start a command, with 1 CPU and with all.
TASKS = """
import json, subprocess, sys
import ray

def start(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout

ray.init(address="local", num_cpus=int(sys.argv[1]), include_dashboard=False, log_to_driver=False,
         object_store_memory=80000000, logging_level="ERROR")
tasks = [ray.remote(num_cpus=number)(start) for number in (1, int(sys.argv[1]))]
print(json.dumps([json.loads(ray.get(task.remote(sys.argv[2:]))) for task in tasks]))
"""
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin={plugin}
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SchedulerParameters=batch_sched_delay=0
ReturnToService=2
SwitchType=switch/none
{hardware} NodeAddr=127.0.0.1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=5 State=UP
"""


class Seen(NamedTuple):
    """What a rank has at its start: its mask and its OMP_NUM_THREADS."""

    mask: frozenset[int]
    threads: str | None


def all_cores() -> list[frozenset[int]]:
    """Return the cores that these tests may run on, as the kernel tells them."""
    here = os.sched_getaffinity(0)
    places = (Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list") for cpu in here)
    return sorted({parse(place.read_text().strip()) & here for place in places}, key=min)


def cores_in(mask: frozenset[int]) -> int:
    """Return the number of cores that these CPUs are on."""
    return sum(1 for core in all_cores() if core & mask)


def apart(found: list[Seen]) -> bool:
    """Return whether all sets are whole cores and none has a core of another."""
    masks, cores = [seen.mask for seen in found], all_cores()
    whole = all(core <= mask or not core & mask for core in cores for mask in masks)
    return whole and sum(map(len, masks)) == sum(map(len, cores)) == len(frozenset().union(*masks))


class JobLaunchers:
    """Starts ranks in a folder of its own. `slurm` has the variables of a Slurm that runs here."""

    def __init__(
        self, place: Path, slurm: Callable[[], Mapping[str, str]], limit: Limited | None = None
    ) -> None:
        self.place = place
        self.slurm = slurm
        self.limit = limit
        self.runs = itertools.count()

    def seen(self, line: str, launch: Sequence[str]) -> list[Seen]:
        """Return what each rank of a command line has at its start, by rank."""
        found = []
        said = "".join(self.output(line, [*launch, *PROBE]))
        for mask, names in map(json.loads, said.splitlines()):
            number = next((int(names[name]) for name in NUMBERS if name in names), 0)
            found.append((number, Seen(frozenset(mask), names.get("OMP_NUM_THREADS"))))
        return [seen for _, seen in sorted(found, key=lambda pair: pair[0])]

    def documents(self, line: str, launcher: str, *options: str) -> list[dict[str, Any]]:
        """Return the JSON report of each rank of a command line, by rank."""
        said = self.output(line, [launcher, *options, "--json", "--", "true"])
        return sorted(map(json.loads, said), key=lambda document: document["budget"]["rank"] or 0)

    def output(self, line: str, command: Sequence[str]) -> list[str]:
        """Return the output of each rank of a command line, which ends in the command."""
        folder = self.place / f"reports-{next(self.runs)}"
        folder.mkdir()
        # A file for each rank, because job launchers mix the output of ranks. The shell's "$$" cannot name
        # it: torchrun makes "$" of it (string.Template).
        words = [
            *shlex.split(line),
            "sh",
            "-c",
            'exec "$@" > "$(mktemp "$0/XXXXXX")"',
            str(folder),
            *command,
        ]
        names = {"PATH": PATH, "HOME": str(self.place), "TMPDIR": str(self.place)}
        if any(word in SLURM for word in words):
            names.update(self.slurm())
        done = subprocess.run(
            self._argv(words), check=False, capture_output=True, env=names, cwd=self.place, timeout=PATIENCE
        )
        assert done.returncode == 0, done
        if "sbatch" in words:
            self._wait_for_script()
        return [file.read_text() for file in folder.iterdir()]

    def _argv(self, words: list[str]) -> list[str]:
        for word in words:
            if word in PROGRAMS and not shutil.which(word, path=PATH):
                skip_or_fail(f"{word} is not installed")
        if "torchrun" in words:
            words[words.index("torchrun")] = str(environment("frameworks") / "bin" / "torchrun")
        if "sbatch" in words:
            return self._script(words)
        return self.limit.command(words) if self.limit and words[0] not in SLURM else words

    def _script(self, words: list[str]) -> list[str]:
        """Write the words behind the "--" of sbatch as a script."""
        at = words.index("--")
        self._status().unlink(missing_ok=True)
        script = self.place / "batch.sh"
        script.write_text(f"#!/bin/sh\n{shlex.join(words[at + 1 :])}\necho $? > {self._status()}\n")
        return [*words[:at], f"--output={self.place / 'batch.log'}", str(script)]

    def _wait_for_script(self) -> None:
        """Wait for the script: `sbatch --wait` looks only every ten seconds."""
        deadline = time.monotonic() + PATIENCE
        while not (self._status().exists() and self._status().read_text()):
            assert time.monotonic() < deadline, "the script did not end"
            time.sleep(0.05)
        assert self._status().read_text() == "0\n", (self.place / "batch.log").read_text()

    def _status(self) -> Path:
        return self.place / "batch.status"


@contextlib.contextmanager
def cluster(limit: Limited | None = None, plugin: str = "task/affinity") -> Iterator[dict[str, str]]:
    """Start a Slurm on this machine, its tasks under a limit, and yield the variables for its commands."""
    if not all(shutil.which(program, path=SBIN) for program in ("munged", "slurmctld", "slurmd")):
        skip_or_fail("slurmctld, slurmd or munge is not installed")
    if os.geteuid():
        skip_or_fail("a Slurm of one's own takes root")
    # Short, and open to everybody: munged and the names of sockets ask for it.
    folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        variables = _configure(folder, plugin)
        with contextlib.ExitStack() as stack:
            for argv in _daemons(folder):
                command = limit.command(argv) if limit and argv[0] == "slurmd" else argv
                stack.enter_context(_daemon(command, folder))
            _wait_until_idle(folder, variables)
            try:
                yield variables
            finally:
                _end_jobs(variables)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path, plugin: str) -> dict[str, str]:
    """Write keys and configuration, with the hardware as slurmd detects it."""
    for name in ("state", "spool"):
        (folder / name).mkdir(mode=0o700)
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o400)
    found = _slurm(["slurmd", "-C"], {}).splitlines()[0]
    host = found.split()[0].partition("=")[2]
    names = {"folder": folder, "host": host, "hardware": found, "plugin": plugin}
    configuration = CONFIGURATION.format(controller=_free_port(), node=_free_port(), **names)
    (folder / "slurm.conf").write_text(configuration)
    return {"SLURM_CONF": str(folder / "slurm.conf")}


def _daemons(folder: Path) -> list[list[str]]:
    munge = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "log", "seed")]
    configured = ["-D", "-f", str(folder / "slurm.conf")]
    return [
        ["munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *munge],
        ["slurmctld", *configured],
        ["slurmd", *configured],
    ]


@contextlib.contextmanager
def _daemon(argv: Sequence[str], folder: Path) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        names = {"PATH": SBIN}
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=names)
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


def _wait_until_idle(folder: Path, variables: Mapping[str, str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while "idle" not in _slurm(["sinfo", "--noheader", "--format=%t"], variables):
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.1)


def _end_jobs(variables: Mapping[str, str]) -> None:
    """End all jobs: slurmd does not end while one is left."""
    _slurm(["scancel", "--user=root"], variables)
    deadline = time.monotonic() + 10
    while _slurm(["squeue", "--noheader"], variables) and time.monotonic() < deadline:
        time.sleep(0.1)


def _slurm(argv: Sequence[str], variables: Mapping[str, str]) -> str:
    names = {"PATH": SBIN, **variables}
    done = subprocess.run(argv, check=False, capture_output=True, text=True, env=names, timeout=PATIENCE)
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
