"""Options of real programs that start one command: the launcher finds the command that they start.

Where the command is, `gunicorn` is a script that writes down its arguments. They must be those that the
launcher finds behind the same words, and it must know the program and not guess.
"""

from __future__ import annotations

import shlex
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from mkl_launch.program.recognise import recognise
from testing.prepared import PACKAGE, PYENV, prepare, variables, with_etc
from testing.project import skip_or_fail
from testing.reporting import started
from testing.wrapped import make_place

if TYPE_CHECKING:
    from pathlib import Path

ARGUMENTS = "-w 2 work:wsgi"
C = f"PLACE/bin/gunicorn {ARGUMENTS}"
M = f"-m gunicorn {ARGUMENTS}"
UVX = "--offline --no-index --find-links PLACE"
DOPPLER = "--offline --passphrase secret --fallback PLACE/doppler"
STAND_IN = """
import sys

def run():
    with open({path!r}, "w") as file:
        file.writelines(word + "\\n" for word in sys.argv[1:])

if __name__ == "__main__":
    run()
"""

FORMS = {
    "coreutils": (
        f"nice -n 1 {C}",
        f"nice -1 {C}",
        f"nice --adjustment=1 {C}",
        f"env -u HOME -C PLACE A=b {C}",
        f"env -iu HOME PATH=/bin {C}",
        f"env -S '{C}'",
        f"env --split-string='{C}'",
        f"timeout -vk 5 -s TERM 60 {C}",
        f"timeout --kill-after=5 --foreground 60s {C}",
        f"stdbuf -oL -e 0 --input=0 {C}",
        f"nohup -- {C}",
    ),
    "util-linux": (
        f"ionice -tc 2 -n7 {C}",
        f"chrt -b 0 {C}",
        f"chrt --other 0 {C}",
        f"taskset -ac 0,1 {C}",
        f"taskset --cpu-list 0 {C}",
        f"setsid -fw {C}",
        f"setpriv --reuid=0 --regid 0 --clear-groups --no-new-privs {C}",
        f"flock -xw 5 lock {C}",
        f"flock -n lock -c '{C}'",
        f"script -qefc '{C}' /dev/null",
        f"script --quiet --command '{C}' /dev/null",
        f"prlimit --nofile=1000 -c=0 -- {C}",
        f"runuser -u root -- {C}",
        f"runuser -lc '{C}' root",
        f"su -c '{C}'",
        f"su - root -c '{C}'",
        f"su root -s /bin/sh -c '{C}'",
        f"unshare -mu --propagation private {C}",
        f"unshare -fp --mount-proc {C}",
        f"unshare -mR / -w PLACE {C}",
    ),
    "others": (
        f"time -vo times {C}",
        f"time -f %e -a -o times {C}",
        f"xargs -a words -tn 4 {C}",
        f"numactl -lC 0 {C}",
        f"numactl -N 0 --membind=0 {C}",
        f"hwloc-bind -v --membind node:0 all -- {C}",
        f"env TERM=xterm watch -tn 600 {C}",
        f"chpst -n 1 -P {C}",
        f"softlimit -o1000 {C}",
        f"cpulimit -fl 200 -- {C}",
        f"cgexec -g cpu:/ --sticky {C}",
        f"dumb-init -vr 15:2 {C}",
        f"dumb-init -c --rewrite 15:2 -- {C}",
        f"catatonit -g -- {C}",
        f"gosu root:root {C}",
        f"s6-envdir -fn folder {C}",
        f"s6-applyuidgid -u 0 -g0 -z {C}",
        f"s6-setuidgid root {C}",
        f"s6-softlimit -o 1000 {C}",
        f"unbuffer -p {C}",
        f"xvfb-run -a -n 77 -e errors {C}",
        f"xvfb-run -an 78 {C}",
        f"perf stat -vo perf -e task-clock {C}",
        f"perf record -qo perf.data -F 99 -g -- {C}",
        f"parallel -kj1 -N 0 {C} ::: one",
        f"parallel -j 1 -n0 --will-cite {C} ::: one",
        f"sem --fg -j1 --id mine {C}",
        f"direnv exec PLACE {C}",
        f"uv run --no-project -q --offline -p 3.11 --with gunicorn --no-index --find-links PLACE -- {C}",
        f"uv run --no-project --offline --env-file PLACE/variables {C}",
        f"busybox env -u HOME {C}",
        f"busybox timeout -s TERM 60 {C}",
        f"start-stop-daemon -S -p PLACE/none -x PLACE/bin/gunicorn -- {ARGUMENTS}",
        f"start-stop-daemon --start --pidfile PLACE/none --startas PLACE/bin/gunicorn -- {ARGUMENTS}",
    ),
    "python": (
        f"memray run -fqo memray.bin {M}",
        f"memray run -q --native --output memray.bin {M}",
        f"viztracer --quiet -o trace.json {M}",
        f"viztracer --log_async -o trace.json --tracer_entries 1000 {M}",
        f"kernprof -lo prof {M}",
        f"kernprof -l -v -o prof {M}",
        f"coverage run -p --source PLACE --branch {M}",
        f"coverage run --rcfile=pyproject.toml --parallel-mode {M}",
        f"python -m cProfile -s tottime -o profile {M}",
        f"python -X importtime -W ignore -m cProfile {M}",
        f"dotenv -f variables run {C}",
        f"dotenv -q never --file variables run --override -- {C}",
        f"py-spy record -nd 1 -r 1 -o spy -- {C}",
        f"ddtrace-run --debug {C}",
        f"opentelemetry-instrument --traces_exporter none --metrics_exporter none --logs_exporter none {C}",
        f"newrelic-admin run-program {C}",
        f"watchmedo auto-restart -d folder -p '*.x' -R -- {C}",
        f"scalene run --cpu-only -o scalene.json --- {M}",
        f"debugpy --listen 127.0.0.1:0 --log-to PLACE {M}",
    ),
    "docker-init": (
        f"PLACE/bin/docker-init -- {C}",
        f"PLACE/bin/docker-init -s -p SIGTERM -- {C}",
        f"PLACE/bin/docker-init -vg -e 143 -e 130 -- {C}",
    ),
    "exec": (f"dash -c 'exec {C}'", f"bash -c 'exec -a zero {C}'", f"bash -c 'exec -l {C}'"),
    "env_parallel": (
        f"bash -c '. env_parallel.bash; env_parallel -j 1 -N 0 {C} ::: one'",
        f"bash -c '. /usr/bin/env_parallel.bash && env_parallel --jobs=1 --max-args 0 {C} ::: one'",
    ),
    "likwid-pin": (
        f"likwid-pin -c 0,1 {C}",
        f"likwid-pin -q -s 0x0 -C 0 {C}",
        f"likwid-pin -i -c N:0 {C}",
    ),
    "valgrind": (
        f"valgrind {C}",
        f"valgrind -q --tool=none --trace-children=yes --log-file=PLACE/valgrind {C}",
        f"valgrind -v -d --tool=none -- {C}",
    ),
    "wait-for-it.sh": (
        f"PLACE/bin/wait-for-it.sh 127.0.0.1:1 -t 1 -q -- {C}",
        f"PLACE/bin/wait-for-it.sh -h 127.0.0.1 -p 1 --timeout=1 -- {C}",
    ),
    "pyenv": (f"{PYENV}/bin/pyenv exec {C}", f"{PYENV}/bin/pyenv --debug exec {C}"),
    "sudo": (f"sudo -Eu root {C}", f"sudo -nHu root A=b {C}", f"sudo -u root -- {C}"),
    "strace": (f"strace -fqo trace {C}", f"strace -ffttTo trace -e trace=none {C}"),
    "doas": (f"doas {C}", f"doas -n -u root {C}", f"doas -nu root -- {C}"),
    "uvx": (
        f"uvx {UVX} gunicorn {ARGUMENTS}",
        f"uvx {UVX} gunicorn@1 {ARGUMENTS}",
        f"uvx {UVX} --python 3.11 'gunicorn==1' {ARGUMENTS}",
        f"uvx -q {UVX} --from PLACE/{PACKAGE} -c PLACE/words --torch-backend cpu gunicorn {ARGUMENTS}",
        f"uv tool run {UVX} --with gunicorn gunicorn@latest {ARGUMENTS}",
        f"uv --offline tool run --no-index --find-links PLACE --from 'gunicorn>=1' gunicorn {ARGUMENTS}",
    ),
    "pipx": (
        f"pipx run --spec PLACE/{PACKAGE} gunicorn {ARGUMENTS}",
        f"pipx run --with PLACE/{PACKAGE} --no-path-check --spec PLACE/{PACKAGE} gunicorn {ARGUMENTS}",
        f"pipx run -q --python python3 --spec PLACE/{PACKAGE} gunicorn {ARGUMENTS}",
    ),
    "logfire": (
        f"logfire run {M}",
        f"logfire --region us run --no-summary --exclude urllib {M}",
        f"logfire run --module gunicorn {ARGUMENTS}",
    ),
    "sops": (
        f"sops exec-env PLACE/secret.yaml '{C}'",
        f"sops --config PLACE/plain.yaml exec-env --same-process --user root PLACE/secret.yaml '{C}'",
        f"sops exec-env --pristine --decryption-order age PLACE/secret.yaml '{C}'",
    ),
    "doppler": (
        f"doppler run {DOPPLER} -- {C}",
        f"doppler --timeout 3s run {DOPPLER} --only-secrets A -p one -c two -- {C}",
        f"doppler run {DOPPLER} --command '{C}'",
        f"doppler --silent run {DOPPLER} --preserve-env --command='{C}'",
    ),
    "nix-shell": (
        f"nix-shell PLACE/shell.nix --run '{C}'",
        f"nix-shell --command '{C}' PLACE/shell.nix",
        f"nix-shell -I none=PLACE --pure --keep HOME --run '{C}' PLACE/shell.nix",
        f"nix-shell --arg one 1 --argstr two three -j 1 PLACE/shell.nix --run '{C}'",
        f"nix-shell --option cores 1 PLACE/shell.nix --run '{C}'",
    ),
    "standard-supervisor": (f"standard-supervisor {C}",),
    "npx": (
        f"npx -c '{C}'",
        f"npx --yes --call='{C}'",
        f"npx -q --no-install concurrently '{C}'",
        f"npx --loglevel silent concurrently '{C}'",
        f"npx concurrently@10.0.7 '{C}'",
        f"npx -p concurrently -- concurrently '{C}'",
        f"npx env-cmd -f PLACE/variables {C}",
        f"npx @dotenvx/dotenvx run -f PLACE/variables -- {C}",
    ),
    "npm": (
        f"npm exec -- env-cmd -f PLACE/variables {C}",
        f"npm exec --yes -- env-cmd@11.0.0 -f PLACE/variables {C}",
        f"npm x -c '{C}'",
        f"npm exec --call '{C}'",
        f"npm --loglevel silent exec -- concurrently '{C}'",
    ),
    "concurrently": (
        f"concurrently '{C}'",
        f"concurrently -n one -c blue -p '[{{name}}]' --kill-others '{C}'",
        f"concurrently -rk --max-processes 1 '{C}'",
        f"concurrently -i --default-input-target 0 --success first '{C}'",
        f"concurrently --teardown true '{C}'",
        f"concurrently --kill-signal SIGTERM --prefix-length 3 '{C}'",
    ),
    "env-cmd": (
        f"env-cmd -f variables {C}",
        f"env-cmd --file variables --fallback {C}",
        f"env-cmd --no-override -x -f variables {C}",
        f"env-cmd --silent -f variables -- {C}",
        f"env-cmd -e one -f PLACE/rc.json {C}",
        f"env-cmd --verbose --use-shell -f variables {C}",
    ),
    "dotenvx": (
        f"dotenvx run -f variables -- {C}",
        f"dotenvx run -q -o --env-file variables -e A=b -- {C}",
        f"dotenvx -l warn run -f variables -- {C}",
        f"dotenvx run -f variables -e A=b B=c -- {C}",
        f"dotenvx run --convention nextjs -f variables -- {C}",
        f"dotenvx run -fk keys -f variables -- {C}",
    ),
    "mise": (
        f"mise exec -- {C}",
        f"mise x -C PLACE -- {C}",
        f"mise exec -c '{C}'",
        f"mise exec --command '{C}'",
        f"mise exec --command='{C}'",
        f"mise -q exec -j 1 -- {C}",
        f"mise exec --deny-env -- {C}",
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a `gunicorn` that writes down its arguments, and what wrappers read."""
    package = tmp_path / "packages" / "gunicorn"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN.format(path=f"{tmp_path}/arguments"))
    prepare(make_place(tmp_path), package.parent)
    script = tmp_path / "bin" / "gunicorn"
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" >{tmp_path}/arguments\n")
    script.chmod(0o755)
    return tmp_path


def _started_with(words: list[str], place: Path, given: dict[str, str]) -> list[str]:
    """Return the arguments with which a wrapper starts `gunicorn`."""
    arguments = place / "arguments"
    with started(words, place, in_order=True, env=given) as process:
        deadline = time.monotonic() + 300
        while not arguments.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.05)
    assert arguments.exists(), (place / "log").read_text()
    return arguments.read_text().splitlines()


@pytest.mark.parametrize("line", [line for lines in FORMS.values() for line in lines], ids=str)
def test_the_launcher_finds_the_command_that_the_wrapper_starts(line: str, place: Path) -> None:
    words = shlex.split(line.replace("PLACE", str(place)))
    given = {**variables(place), "PYTHONPATH": f"{place}/packages"}
    if not shutil.which(words[0], path=given["PATH"]):
        skip_or_fail(f"{words[0]} is not installed")
    before = with_etc(place) if words[0] == "doas" else []
    arguments = _started_with([*before, *words], place, given)
    program = recognise(tuple(words), given)
    assert program.row.name == "gunicorn"
    assert not program.unknown_starter
    assert list(program.argv[1:]) == arguments
