"""Real programs that start one command: the launcher assumes the program that really runs.

Behind each of them, Gunicorn starts two workers under a quota of two CPUs. Each must get the settings of
one thread: a launcher that misses Gunicorn or its options sets two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.wrapped import G, M, environ, make_place, parse, threads_of_workers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

LINES = {
    "env": f"env -u HOME A=b {G}",
    "nice": f"nice -n 1 {G}",
    "nohup": f"nohup {G}",
    "stdbuf": f"stdbuf -o L {G}",
    "timeout": f"timeout -k 5 600 {G}",
    "chroot": f"chroot --userspec 0:0 / {G}",
    "busybox": f"busybox env A=b {G}",
    "ionice": f"ionice -c 2 -n 7 {G}",
    "chrt": f"chrt -b 0 {G}",
    "taskset": f"taskset -c 0,1 {G}",
    "numactl": f"numactl --localalloc {G}",
    "setsid": f"setsid -w {G}",
    "setpriv": f"setpriv --reuid 0 --no-new-privs {G}",
    "tini": f"tini -g -e 143 -- {G}",
    "dumb-init": f"dumb-init -r 15:2 {G}",
    "catatonit": f"catatonit -- {G}",
    "gosu": f"gosu root {G}",
    "s6-setuidgid": f"s6-setuidgid root {G}",
    "s6-envdir": f"s6-envdir folder {G}",
    "envdir": f"envdir folder {G}",
    "setuidgid": f"setuidgid root {G}",
    "softlimit": f"softlimit -o 1000 {G}",
    "s6-softlimit": f"s6-softlimit -o 1000 {G}",
    "chpst": f"chpst -n 1 {G}",
    "flock": f"flock -w 1 lock {G}",
    "flock -c": f"flock lock -c '{G}'",
    "script": f"script -q -e -c '{G}' /dev/null",
    "unbuffer": f"unbuffer {G}",
    "prlimit": f"prlimit --nofile=1000 {G}",
    "xargs": f"xargs -a words -n 4 {G}",
    "hwloc-bind": f"hwloc-bind --membind node:0 all {G}",
    "xvfb-run": f"xvfb-run -a -s '-screen 0 640x480x8' {G}",
    "runuser": f"runuser -u root -- {G}",
    "runuser -c": f"runuser -c '{G}' root",
    "su": f"su root -c '{G}'",
    "sudo": f"sudo -E -u root {G}",
    "time": f"time -f %e {G}",
    "strace": f"strace -f -o trace -e trace=none {G}",
    "perf": f"perf stat -e task-clock -o perf {G}",
    "unshare": f"unshare --uts {G}",
    "tini-static": f"tini-static -- {G}",
    "s6-applyuidgid": f"s6-applyuidgid -u 0 -g 0 {G}",
    "s6-envuidgid": f"s6-envuidgid root {G}",
    "start-stop-daemon": "start-stop-daemon --start --pidfile PLACE/none "
    "--exec BIN/gunicorn -- -c PLACE/settings.py -w 2 work:wsgi",
    "cgexec": f"cgexec -g cpu:/ {G}",
    "cpulimit": f"cpulimit -f -l 200 -- {G}",
    "ltrace": f"ltrace -f -o trace -e exit BIN/python {M}",
    "parallel": f"parallel -j 1 -N 0 {G} ::: one",
    "parallel.moreutils": f"parallel.moreutils -j 1 -- '{G}'",
    "sem": f"sem --fg --id mine {G}",
    "watch": f"env TERM=xterm watch -n 600 '{G}'",
    "direnv": f"direnv exec PLACE {G}",
    "wait-for-it": f"wait-for-it -q -t 1 127.0.0.1:1 -- {G}",
    "uv": f"uv run --no-project --offline {G}",
    "poetry": f"poetry --no-interaction run {G}",
    "pipenv": f"pipenv run {G}",
    "pdm": f"pdm run {G}",
    "hatch": f"hatch run {G}",
    "coverage": f"coverage run --data-file=data {M}",
    "memray": f"memray run -q -o memray.bin {M}",
    "debugpy": f"debugpy --listen 127.0.0.1:0 {M}",
    "python -m debugpy": f"python -m debugpy --listen 127.0.0.1:0 {M}",
    "cProfile": f"python -m cProfile -o profile {M}",
    "profile": f"python -m profile -o profile {M}",
    "scalene": f"scalene run --cpu-only -o scalene.json --- {M}",
    "viztracer": f"viztracer -o trace.json -- {G}",
    "kernprof": f"kernprof -o prof {M}",
    "opentelemetry-instrument": "opentelemetry-instrument --traces_exporter none --metrics_exporter none "
    f"--logs_exporter none {G}",
    "ddtrace-run": f"ddtrace-run {G}",
    "newrelic-admin": f"newrelic-admin run-program {G}",
    "py-spy": f"py-spy record -d 600 -r 1 -o spy -- {G}",
    "dotenv": f"dotenv -f variables run -- {G}",
    "watchmedo": f"watchmedo auto-restart -d folder -p '*.x' -- {G}",
}


EMPTIED = {
    "env -i": "env -i {} env",
    "setpriv --reset-env": "setpriv --reset-env env",
    "runuser -l": "runuser -l -c env root",
    "su -": "su - root -c env",
    "sudo": "sudo -u root env",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder to start a wrapper in, with what it reads."""
    return make_place(tmp_path)


def _threads(line: str, place: Path, launcher: str, number: int) -> list[bytes | None]:
    words = [launcher, "-q", "--", *parse(line, place)]
    return threads_of_workers(words, place, environ(place), number)


@pytest.mark.parametrize("name", LINES)
def test_two_workers_behind_a_wrapper_have_one_thread_each(name: str, place: Path, launcher: str) -> None:
    assert _threads(LINES[name], place, launcher, 2) == [b"1", b"1"]


@pytest.mark.parametrize("name", ["nice", "catatonit", "sudo", "coverage", "runuser -c"])
def test_one_worker_behind_a_wrapper_has_both_threads(name: str, place: Path, launcher: str) -> None:
    assert _threads(LINES[name].replace("-w 2", "-w 1"), place, launcher, 1) == [b"2"]


@pytest.mark.parametrize("name", EMPTIED)
def test_no_setting_passes_a_wrapper_that_empties_the_environment(
    name: str, place: Path, launcher: str
) -> None:
    words = parse(EMPTIED[name].format("PATH=/usr/bin"), place)
    with limited(quota=2.0) as limit:
        done = limit.run([launcher, "--", *words], env=environ(place), cwd=place)
    assert "OMP_NUM_THREADS" not in done.stdout
    assert f"{name}: the command gets no setting" in done.stderr
