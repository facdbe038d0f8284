"""Programs whose processes write down how many threads their own OpenBLAS has, in a folder `reports`."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from testing.cgroups import limited
from testing.environments import environment
from testing.process import PATH
from testing.servers import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

# The module `work`: reports when it is imported, and in every process that is forked from that one.
WORK = """
import os
import numpy
import threadpoolctl

def report():
    pools = threadpoolctl.threadpool_info()
    threads = max(pool["num_threads"] for pool in pools if pool["user_api"] == "blas")
    name = os.path.join(os.environ["REPORTS"], str(os.getpid()))
    with open(name + ".part", "w") as file:
        file.write(str(threads))
    os.rename(name + ".part", name)

def wsgi(environ, start_response):
    start_response("204 No Content", [])
    return []

async def asgi(scope, receive, send):
    while scope["type"] == "lifespan":
        await send({"type": (await receive())["type"] + ".complete"})

os.register_at_fork(after_in_child=report)
report()
"""

# The module `sitecustomize`, for servers that run no code of this project: a process reports as it imports
# the module $WHEN.
WHEN = """
import os
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ.get("WHEN"):
            sys.meta_path.remove(self)
            import work

sys.meta_path.insert(0, Finder())
"""


LEAVES_SEMAPHORES = "apache"  # if it is killed: the kernel keeps them, and has few


class Case(NamedTuple):
    """The command line of a program whose processes report their threads."""

    line: str
    also: int = 0  # processes that do not work, and import or fork all the same
    environment: str = "commands"
    settings: str = (
        ""  # NAME=VALUE of the environment, one or more; PORT, PORT2 and PORT3 are free, as in the line
    )


@contextlib.contextmanager
def started(
    argv: list[str], place: Path, *, in_order: bool = False, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a program with all that it starts, in a session of its own, which is killed at the end.

    `in_order` lets it end by itself first, which takes a server two seconds. The control group of a test
    ends what has left the session.
    """
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            argv,
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        if in_order:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def pools(place: Path) -> dict[int, int]:
    """Return the processes that have reported and still run, and their threads."""
    found = {}
    for file in (place / "reports").iterdir():
        if not file.suffix and Path(f"/proc/{file.name}").exists():
            found[int(file.name)] = int(file.read_text())
    return found


def _with_ports(text: str, ports: list[int]) -> str:
    """Return the text with free ports in place of PORT, PORT2 and PORT3."""
    for name, port in zip(("PORT3", "PORT2", "PORT"), reversed(ports)):
        text = text.replace(name, str(port))
    return text


def of(case: Case, place: Path, launch: list[str], quota: float, number: int) -> dict[int, int]:
    """Return {process: its threads} of what this starts, when there are as many and no more come."""
    bin_folder = environment(case.environment) / "bin"
    environ = {"PATH": f"{bin_folder}:{PATH}", "PYTHONPATH": str(place), "HOME": str(place)}
    environ.update(REPORTS=str(place / "reports"), REDIS=f"unix://{place}/redis")
    ports = list(free_ports().values())
    for setting in case.settings.split():
        variable, _, value = setting.partition("=")
        environ[variable] = _with_ports(value, ports)
    for kind, port in zip(("HTTP", "GRPC", "METRICS"), ports):
        environ[f"MLSERVER_{kind}_PORT"] = str(port)
    line = _with_ports(case.line, ports).replace("REDIS", environ["REDIS"])
    with limited(quota=quota) as limit:
        argv = list(limit.command([*launch, *shlex.split(line)]))
        in_order = case.environment == LEAVES_SEMAPHORES
        with started(argv, place, in_order=in_order, env=environ) as process:
            deadline = time.monotonic() + 300  # some import for minutes on a busy machine
            while len(pools(place)) < number and time.monotonic() < deadline:
                assert process.poll() is None, (place / "log").read_text()
                time.sleep(0.1)
            time.sleep(1)
            found = pools(place)
            assert found, (place / "log").read_text()
            return found


def check_shares(case: Case, place: Path, launcher: str, number: int, threads: int) -> None:
    """Fail unless, under a quota of two CPUs, so many processes start and each has so many threads.

    Processes that do not work may report, too: at most `case.also`.
    """
    found = of(case, place, [launcher, "-q", "--"], 2.0, number + case.also)
    assert set(found.values()) == {threads}, found
    assert number <= len(found) <= number + case.also, (place / "log").read_text()
