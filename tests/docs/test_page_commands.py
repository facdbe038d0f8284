"""Every command on README.md and the pages is run: here those that need no container.

tests/containers/test_page_commands_podman.py has the rest. testing/pages.py lists what cannot be run.
Programs that are not the point have stand-ins, which note whether the launcher has started them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testing.environments import environment
from testing.pages import BUILT, INSIDE, NOT_RUN, Command, all_commands, commands, to_run
from testing.process import PATH
from testing.project import PROJECT, skip_or_fail

PAGES = to_run(container=False)
# In place of a part of a command, what a test has: less time, and a folder of its own.
IN_PLACE_OF = {
    "--for 10s": "--for 1s",
    "--tune ": "--tune --for 2s ",
    "/var/lib/node_exporter": "{folder}",
    "/run/mkl-launch": "{folder}/slots",
    "make ": f"make --directory {PROJECT} --dry-run ",
    ".venv/bin/python -m pytest ": f"{sys.executable} -m pytest --collect-only -p no:cacheprovider"
    f" --rootdir {PROJECT} {PROJECT}/",
}
NOTE = 'printf "%s\\n" "$MKL_LAUNCH_APPLIED" >>"$STARTED"\n'
SCRIPT = """\
import os, sys

with open(os.environ["STARTED"], "a") as started:
    started.write(os.environ.get("MKL_LAUNCH_APPLIED", "") + "\\n")
if "SERVE" in os.environ:
    import http.server

    http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
SCRIPTS = ("train.py", "ddp.py", "serve.py")
STAND_INS = {
    **dict.fromkeys(("dask", "llama-server", "ray", "server", "spark-submit", "vllm"), NOTE),
    "tensorflow_model_server": NOTE,
    "conda": 'while [ "$1" != python ]; do shift; done\nexec "$@"\n',
    "wrk": "echo 'Requests/sec: 100'\necho '99% 1.20ms'\n",
    # A real one, as in tests/programs/test_job_launchers.py, would start no four tasks on two CPUs.
    "salloc": 'while [ "$1" != srun ]; do shift; done\nexec "$@"\n',
    "srun": 'while [ "$1" != mkl-launch ]; do shift; done\n'
    'for SLURM_LOCALID in 0 1 2 3; do export SLURM_LOCALID; "$@" || exit; done\n',
}
# What AWS and Kubernetes would accept, by their own descriptions; kubectl can build without a cluster.
VALIDATORS = {
    "aws": """\
import json, sys
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

_, service, operation, option, place = sys.argv
model = ServiceModel(Loader().load_service_model(service, "service-2"))
shape = model.operation_model("".join(map(str.title, operation.split("-")))).input_shape
assert option == "--cli-input-json"
report = ParamValidator().validate(json.load(open(place.removeprefix("file://"))), shape).generate_report()
sys.exit(report or print("accepted"))
""",
    "kubectl": """\
import os, sys
import kubernetes_validate, yaml

if sys.argv[1] == "kustomize":
    os.execv("/usr/bin/kubectl", sys.argv)
_, apply, option, file = sys.argv
assert (apply, option) == ("apply", "-f")
for document in yaml.safe_load_all(open(file)):
    kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
    print("accepted")
""",
}
FOR_ROOT = {  # of Open MPI, which refuses root and more ranks than CPUs otherwise
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
}
REPORTS = ("--explain", "--print-env", "--doctor", "--check")
REAL = (
    "import torch",
    "torch.backends",
    "threadpoolctl",
    "torchrun",
)  # for these, Python has the frameworks
SECONDS = 300


def script(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a working directory with the programs and files that the commands name."""
    (tmp_path / "bin").mkdir()
    for name, text in STAND_INS.items():
        script(tmp_path / "bin" / name, f"#!/bin/sh\n{text}")
    for name, text in VALIDATORS.items():
        script(tmp_path / "bin" / name, f"#!{sys.executable}\n{text}")
    shutil.copy(tmp_path / "bin" / "server", tmp_path)
    for name in SCRIPTS:
        (tmp_path / name).write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def run(command: Command, folder: Path, launcher: str) -> None:
    """Run a command; it must succeed, and start what is behind `--` through the launcher."""
    line = command.text
    for part, other in IN_PLACE_OF.items():
        line = line.replace(part, other.format(folder=folder))
    for program in ("mpirun", "make", "kubectl"):
        if line.startswith(program) and not shutil.which(program):
            skip_or_fail(f"{program} is not installed")
    python = Path(sys.executable).parent
    if any(word in line for word in REAL):
        python = environment("frameworks") / "bin"
    started = folder / "started"
    started.write_text("", encoding="utf-8")
    environ = {
        "PATH": f"{folder}/bin:{Path(launcher).parent}:{python}:{PATH}",
        "HOME": str(folder),
        "STARTED": str(started),
        **FOR_ROOT,
    }
    if "--ready" in line:  # the only server that has to serve
        environ["SERVE"] = "1"
    words = ["bash", "-euc", line]
    done = subprocess.run(
        words, cwd=folder, env=environ, check=False, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done
    notes = started.read_text(encoding="utf-8").splitlines()
    if "mkl-launch" in line and " -- " in line and not any(option in line for option in REPORTS):
        assert all(notes), notes
        assert notes or done.stdout, done
    else:
        assert (
            notes or done.stdout or command.text.startswith(("mkdir", "install", "eval")) or ">" in line
        ), done


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs(page: str, folder: Path, launcher: str) -> None:
    if page.startswith("examples/"):
        shutil.copytree((PROJECT / page).parent, folder, dirs_exist_ok=True)
    for command in PAGES[page]:
        run(command, folder, launcher)


def test_a_command_that_is_not_run_has_a_reason_and_is_on_a_page() -> None:
    shown = {command.text for command in all_commands()}
    assert {*NOT_RUN, *BUILT, *INSIDE} <= shown
    assert all(NOT_RUN.values())


def test_most_commands_are_run() -> None:
    counted = [sum(map(len, to_run(container=kind).values())) for kind in (False, True)]
    assert sum(counted) > 95
    assert sum(counted) > 0.8 * len(all_commands())


def test_a_new_command_on_a_page_is_run(folder: Path, launcher: str) -> None:
    """It fails if there is no such program, or if the launcher does not start what it should."""
    page = "```\nno-such-program --now\n```\n\n```text\n$ mkl-launch -q -- ray \\\n  start\nsaid\n```\n"
    unknown, known = commands(page)
    assert known.text == "mkl-launch -q -- ray start"
    run(known, folder, launcher)
    with pytest.raises(AssertionError, match="no-such-program"):
        run(unknown, folder, launcher)
    with pytest.raises(AssertionError):
        run(Command("", "MKL_LAUNCH=off mkl-launch -- ray start"), folder, launcher)


def test_a_block_in_a_language_that_no_test_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="powershell"):
        commands("```powershell\nGet-Process\n```\n")
    assert commands("```dockerfile\nRUN a \\\n  b\n```\n") == [Command("", "RUN a b", instruction=True)]
