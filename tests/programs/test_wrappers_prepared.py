"""More real programs that start one command, as in test_wrappers.py, that need something prepared."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

import pytest

from testing.cgroups import limited
from testing.environments import environment
from testing.prepared import PACKAGE, PYENV, prepare, variables, with_etc
from testing.project import skip_or_fail
from testing.wrapped import G, M, make_place, threads_of_workers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

ARGUMENTS = "-c PLACE/settings.py -w 2 work:wsgi"
ONE = G.replace("-w 2", "-w 1")

LINES = {
    "docker-init": f"PLACE/bin/docker-init -s -- {G}",
    "exec of dash": f"dash -c 'exec {G}'",
    "exec of bash": f"bash -c 'exec -a zero {G}'",
    "doas": f"doas -n -u root {G}",
    "uvx": f"uvx --offline --no-index --find-links PLACE gunicorn@1 {ARGUMENTS}",
    "uv tool run": f"uv tool run --offline --no-index --find-links PLACE gunicorn==1 {ARGUMENTS}",
    "pipx": f"pipx run --spec PLACE/{PACKAGE} gunicorn {ARGUMENTS}",
    "valgrind": f"valgrind -q --tool=none --trace-children=yes BIN/python {M}",
    "logfire": f"logfire run --no-summary {M}",
    "standard-supervisor": f"standard-supervisor {G}",
    "likwid-pin": f"likwid-pin -q -c 0,1 {G}",
    "env_parallel": f"bash -c '. env_parallel.bash; env_parallel -j 1 -N 0 {G} ::: one'",
    "wait-for-it.sh": f"PLACE/bin/wait-for-it.sh 127.0.0.1:1 -q -t 1 -- {G}",
    "nix-shell": f"nix-shell PLACE/shell.nix --run '{G}'",
    "pyenv": f"{PYENV}/bin/pyenv exec {G}",
    "sops": f"sops exec-env PLACE/secret.yaml '{G}'",
    "doppler": f"doppler run --offline --passphrase secret --fallback PLACE/doppler -- {G}",
    "doppler --command": "doppler run --offline --passphrase secret --fallback PLACE/doppler"
    f" --command='{G}'",
    "mkl-launch": f"LAUNCHER -q -- {G}",
    "npx": f"npx env-cmd@11.0.0 -f PLACE/variables {G}",
    "npx -c": f"npx -c '{G}'",
    "npm": f"npm exec -- env-cmd -f PLACE/variables {G}",
    "concurrently": f"concurrently -n one,two '{ONE}' '{ONE}'",
    "env-cmd": f"env-cmd -f PLACE/variables {G}",
    "dotenvx": f"dotenvx -l warn run -e B=c D=e -f PLACE/variables -- {G}",
    "mise": f"mise exec -- {G}",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder to start a wrapper in, with what it reads."""
    prepare(make_place(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", LINES)
def test_two_workers_behind_a_wrapper_have_one_thread_each(name: str, place: Path, launcher: str) -> None:
    line = LINES[name].replace("LAUNCHER", launcher).replace("BIN", f"{environment('starters')}/bin")
    words = shlex.split(line.replace("PLACE", str(place)))
    given = variables(place)
    if not shutil.which(words[0], path=given["PATH"]):
        skip_or_fail(f"{words[0]} is not installed")
    before = with_etc(place) if name == "doas" else []
    command = [*before, launcher, "-q", "--", *words]
    assert threads_of_workers(command, place, given, 2) == [b"1", b"1"]


@pytest.mark.parametrize(
    ("rule", "passed"), [("permit nopass root", False), ("permit keepenv nopass root", True)]
)
def test_doas_passes_settings_if_its_file_says_so(
    rule: str, passed: object, place: Path, launcher: str
) -> None:
    if not shutil.which("doas"):
        skip_or_fail("doas is not installed")
    (place / "etc" / "doas.conf").write_text(f"{rule}\n")
    with limited(quota=2.0) as limit:
        done = limit.run([*with_etc(place), launcher, "--", "doas", "env"], env=variables(place))
    assert ("\nOMP_NUM_THREADS=2\n" in done.stdout) == passed
    assert ("doas: the command gets no setting" in done.stderr) == (not passed), done.stderr
