"""Workers of real model servers, under real kernel limits, through the installed launcher."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from testing.cgroups import limited, why_not
from testing.environments import environment
from testing.project import PROJECT, skip_or_fail
from testing.servers import PATIENCE, ask, configuration, end, free_ports, number_of_workers, pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HANDLER = PROJECT / "testing" / "programs" / "handler.py"
MMS, MXNET, TORCHSERVE = "multi-model-server", "mxnet-model-server", "torchserve"
CONFIG_OPTION = {MMS: "--mms-config", MXNET: "--mms-config", TORCHSERVE: "--ts-config"}

TWO_CPUS = "0,1"  # also where the machine has more
TWO_WORKERS = "default_workers_per_model=2"
BLIND = "vmargs=-XX:-UseContainerSupport"  # the JVM does not look at the quota


@dataclasses.dataclass(frozen=True)
class Worker:
    """A process that computed an answer: the variable it was started with, the threads that had work."""

    omp_num_threads: str | None
    threads: int


ONE = Worker("1", 1)


@dataclasses.dataclass(frozen=True)
class Servers:
    """Starts a server, asks it until each of its workers has answered, and stops it."""

    programs: Path
    launch: tuple[str, ...]
    archives: Path
    folder: Path

    def workers(
        self,
        name: str,
        config: str = "",
        *,
        options: tuple[str, ...] = (),
        environ: Mapping[str, str] | None = None,
        **limit: float,
    ) -> list[Worker]:
        """Return the answering workers; `options` are the launcher's, the lines are configuration."""
        ports = free_ports()
        file = self.folder / "server.properties"
        file.write_text(configuration(ports, self.archives) + config + "\n")
        before = file.read_text()
        program = str(self.programs / "bin" / name)
        server = [program, "--start", "--foreground", CONFIG_OPTION[name], str(file)]
        argv = [*self.launch, *options, "--", *server] if self.launch else server
        with (
            limited(cpus=TWO_CPUS, **limit) as place,
            self._started(place.command(argv), environ) as log,
        ):
            found = _answers(ports, log)
        assert file.read_text() == before, "the configuration is the user's"
        return found

    @contextlib.contextmanager
    def _started(self, command: list[str], environ: Mapping[str, str] | None) -> Iterator[Path]:
        """Start a server in a folder and yield its log; `limited` ends the processes it leaves."""
        log = self.folder / "log"
        given = {
            "PATH": f"{self.programs / 'bin'}:/usr/bin:/bin",
            "TMPDIR": str(self.folder),
            "TEMP": str(self.folder),
            **(environ or {}),
        }
        with log.open("w") as output:
            process = subprocess.Popen(
                command, env=given, cwd=self.folder, stdout=output, stderr=subprocess.STDOUT
            )
            try:
                yield log
            finally:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two models, packed as the servers take them."""
    archives = tmp_path_factory.mktemp("archives")
    pack(environment("servers"), HANDLER, archives, ("model", "other"))
    return archives


@pytest.fixture
def alone(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Servers:
    """Start servers without the launcher."""
    problem = why_not() or (None if shutil.which("java") else "java is not installed")
    if problem:
        skip_or_fail(problem)
    # Not tmp_path: the names of sockets have to be short.
    folder = tmp_path_factory.mktemp("server")
    return Servers(environment("servers"), (), archives, folder)


@pytest.fixture
def servers(alone: Servers, launcher: str) -> Servers:
    """Start servers through the launcher."""
    return dataclasses.replace(alone, launch=(launcher, "-q"))


def _answers(ports: dict[str, int], log: Path) -> list[Worker]:
    """Return the answer of each worker."""
    number = number_of_workers(ports["management"], log)
    said: dict[int, dict[str, Any]] = {}
    deadline = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(4 * number) as clients:  # so many at once that no worker is left without
        while len(said) < number and time.monotonic() < deadline:
            asked = [
                clients.submit(ask, ports["inference"], "POST", "/predictions/model")
                for _ in range(4 * number)
            ]
            said.update({answer["pid"]: answer for answer in (one.result() for one in asked)})
    assert len(said) == number, end(log)
    return [Worker(_given(pid, "OMP_NUM_THREADS"), answer["threads"]) for pid, answer in said.items()]


def _given(pid: int, name: str) -> str | None:
    """Return a variable as the process was started with it."""
    entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    found = (entry.decode()[len(name) + 1 :] for entry in entries if entry.startswith(f"{name}=".encode()))
    return next(found, None)


def test_starts_a_worker_with_one_thread_for_each_cpu(servers: Servers) -> None:
    assert servers.workers(MMS, quota=2.0) == [ONE, ONE]


def test_starts_two_workers_with_the_option_cpus_2(servers: Servers) -> None:
    assert servers.workers(MMS, options=("--cpus", "2")) == [ONE, ONE]


def test_limits_the_jvm_to_the_option_cpus_1(servers: Servers) -> None:
    assert servers.workers(MMS, options=("--cpus", "1")) == [ONE]


def test_workers_of_the_configuration_share_a_quota_of_one_cpu(servers: Servers) -> None:
    assert servers.workers(MMS, TWO_WORKERS, quota=1.0) == [ONE, ONE]


def test_one_worker_of_the_configuration_has_all_cpus(servers: Servers) -> None:
    """Left alone it would have one thread: the server sets OMP_NUM_THREADS=1 where nobody does."""
    assert servers.workers(MMS, "default_workers_per_model=1", quota=2.0) == [Worker("2", 2)]


def test_the_workers_of_two_models_share_two_cpus(servers: Servers) -> None:
    """One each; the one of the first model is asked."""
    two_models = "load_models=model.mar,other.mar\ndefault_workers_per_model=1"
    assert servers.workers(MMS, two_models, quota=2.0) == [ONE]


@pytest.mark.parametrize("name", [MMS, MXNET])
def test_configures_a_jvm_that_ignores_the_quota(name: str, servers: Servers) -> None:
    assert servers.workers(name, BLIND, quota=1.0) == [ONE]


def test_without_launch_starts_a_worker_for_each_cpu_under_a_quota_of_one(alone: Servers) -> None:
    """Else the test above would prove nothing."""
    assert alone.workers(MMS, BLIND, quota=1.0) == [Worker(None, 1)] * 2


def test_rounds_workers_up_to_a_fraction_of_a_cpu(servers: Servers) -> None:
    """Which does not wait for the other one, so it is no thread too many."""
    assert servers.workers(MMS, quota=1.5) == [ONE, ONE]


def test_without_launch_rounds_the_quota_up(alone: Servers) -> None:
    assert alone.workers(MMS, quota=1.5) == [Worker(None, 1)] * 2


def test_a_quota_of_the_parent_reaches_the_jvm(servers: Servers) -> None:
    assert servers.workers(MMS, parent_quota=1.0) == [ONE]


def test_without_launch_ignores_the_quota_of_the_parent(alone: Servers) -> None:
    assert alone.workers(MMS, parent_quota=1.0) == [Worker(None, 1)] * 2


def test_keeps_options_of_the_user_for_the_jvm(servers: Servers) -> None:
    users = {"JAVA_TOOL_OPTIONS": "-XX:ActiveProcessorCount=2"}
    assert servers.workers(MMS, quota=1.0, environ=users) == [ONE, ONE]


def test_torchserve_computes_on_one_thread_under_a_quota_of_one_cpu(servers: Servers) -> None:
    assert servers.workers(TORCHSERVE, quota=1.0) == [ONE]


def test_without_launch_torchserve_computes_on_a_thread_for_each_cpu(alone: Servers) -> None:
    """It counts the CPUs in the quota for its workers, and its workers do not."""
    assert alone.workers(TORCHSERVE, quota=1.0) == [Worker(None, 2)]


def test_two_workers_of_torchserve_share_two_cpus(servers: Servers) -> None:
    assert servers.workers(TORCHSERVE, TWO_WORKERS, quota=2.0) == [ONE, ONE]


def test_without_launch_two_workers_of_torchserve_have_four_threads_on_two_cpus(alone: Servers) -> None:
    assert alone.workers(TORCHSERVE, TWO_WORKERS, quota=2.0) == [Worker(None, 2)] * 2
