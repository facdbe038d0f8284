"""Node.js, and pm2, which starts several processes of it or of other programs."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.npm import modules
from testing.project import skip_or_fail
from testing.reporting import WORK, Case, of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

# Half a second of arithmetic; then the threads that have run for 50 ms or more, and two variables.
COMPUTE = """
const fs = require("fs");
let sum = 0;
for (const end = Date.now() + 500; Date.now() < end; )
  for (let i = 0; i < 1e5; i++) sum += Math.sqrt(i);
const busy = fs.readdirSync("/proc/self/task").filter(task => {
  const words = fs.readFileSync(`/proc/self/task/${task}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(words[11]) + Number(words[12]) >= 5;
});
console.log(JSON.stringify([busy.length, process.env.UV_THREADPOOL_SIZE ?? null]));
"""
CPUS = os.cpu_count() or 1  # what Node.js counts, whatever the limit is
RUNTIME = "BIN/pm2-runtime start rank.py --interpreter python"
LINES = {
    "pm2-runtime": (f"{RUNTIME} -i 2", 2),
    "pm2-runtime max": (f"{RUNTIME} -i max", CPUS),
    "pm2-runtime without start": ("BIN/pm2-runtime rank.py --interpreter python --instances=2", 2),
    "pm2 start": ("BIN/pm2 start rank.py --interpreter python --no-daemon -i 2", 2),
}


GUNICORN = "-w 2 --bind=127.0.0.1:0 work:wsgi"
MANAGED = (
    f"BIN/pm2-runtime start gunicorn --interpreter none -- {GUNICORN}",
    f"BIN/pm2-runtime 'gunicorn {GUNICORN}'",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a Python program, to start it in."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "work.py").write_text(WORK)
    (tmp_path / "rank.py").write_text("import time, work\n\ntime.sleep(600)\n")
    return tmp_path


@pytest.mark.parametrize("options", [None, ["-q", "--"]], ids=["without launch", "launched"])
def test_node_computes_in_one_thread(options: list[str] | None, launcher: str) -> None:
    if not shutil.which("node"):
        skip_or_fail("node is not installed")
    launch = [] if options is None else [launcher, *options]
    with limited(quota=2.0) as limit:
        done = limit.run([*launch, "node", "-e", COMPUTE], timeout=300)
    assert json.loads(done.stdout) == [1, None]


@pytest.mark.parametrize("name", LINES)
def test_processes_of_pm2_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    line, number = LINES[name]
    case = Case(line.replace("BIN", f"{modules()}/.bin"))
    found = of(case, place, [launcher, "-q", "--"], 2.0, number)
    assert list(found.values()) == [1] * number, (place / "log").read_text()


@pytest.mark.parametrize("line", MANAGED)
def test_processes_of_gunicorn_behind_pm2_share_two_cpus(line: str, place: Path, launcher: str) -> None:
    case = Case(line.replace("BIN", f"{modules()}/.bin"), environment="workers")
    found = of(case, place, [launcher, "-q", "--"], 2.0, 2)
    assert list(found.values()) == [1, 1], (place / "log").read_text()


def test_one_process_of_pm2_has_two_cpus(place: Path, launcher: str) -> None:
    case = Case(RUNTIME.replace("BIN", f"{modules()}/.bin"))
    assert list(of(case, place, [launcher, "-q", "--"], 2.0, 1).values()) == [2]


def test_without_launch_each_process_of_pm2_takes_every_cpu(place: Path) -> None:
    case = Case(LINES["pm2-runtime"][0].replace("BIN", f"{modules()}/.bin"))
    assert list(of(case, place, [], 2.0, 2).values()) == [CPUS] * 2
