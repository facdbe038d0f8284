"""The threads that TensorFlow Serving would have, under real limits, as its published flags are read.

The server's binary is in no package registry; testing/programs/tensorflow_model_server stands in for it.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from testing.cgroups import limited, why_not
from testing.process import report, start
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

STAND_IN = str(PROJECT / "testing" / "programs" / "tensorflow_model_server")
INTRA, INTER, SESSION = (f"--tensorflow_{kind}_parallelism" for kind in ("intra_op", "inter_op", "session"))
# The block that the AWS guide has people export, in full.
GUIDE = {
    "TENSORFLOW_INTRA_OP_PARALLELISM": "7",
    "TENSORFLOW_INTER_OP_PARALLELISM": "3",
    "TENSORFLOW_SESSION_PARALLELISM": "9",
}


def served(launch: list[str], *arguments: str, **environ: str) -> dict[str, Any]:
    """Return the values that the server computes with."""
    done = start([*launch, STAND_IN, *arguments], environ)
    assert done.returncode == 0, done
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def both(launcher: str, *arguments: str, **environ: str) -> tuple[int, int]:
    """Return intra-op and inter-op threads; the server must know all flags."""
    found = served([launcher, "-q", "--cpus", "1", "--"], "--port=1", *arguments, **environ)
    assert (found["port"], found["unknown"]) == (1, [])
    return found["intra"], found["inter"]


@pytest.mark.parametrize(
    ("quota", "expected"), [(0.5, {"intra": 1, "inter": 2}), (1.0, {"intra": 1, "inter": 2})]
)
def test_computes_on_one_thread_under_a_quota(
    launcher: str, quota: float, expected: dict[str, int]
) -> None:
    problem = why_not()
    if problem:
        skip_or_fail(problem)
    with limited(quota=quota) as place:
        untouched, launched = (
            json.loads(place.run([*launch, STAND_IN], env=dict(os.environ)).stdout)
            for launch in ([], [launcher, "-q", "--"])
        )
    assert untouched["intra"] == len(os.sched_getaffinity(0)) > 1
    assert {name: launched[name] for name in expected} == expected


def test_accepts_the_variables_of_the_guide(launcher: str) -> None:
    assert both(launcher, **GUIDE) == (7, 3)
    assert served([], "--port=1", **GUIDE)["intra"] != 7, "it reads none of these itself"
    flags = [f"{flag}={number}" for flag, number in zip((INTRA, INTER, SESSION), GUIDE.values())]
    assert start([STAND_IN, *flags]).returncode == 1


def test_reports_a_variable_that_cannot_be_combined(launcher: str) -> None:
    done = start([launcher, "--cpus", "1", "--", STAND_IN], GUIDE)
    assert b"TENSORFLOW_SESSION_PARALLELISM is not passed on" in done.stderr


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TENSORFLOW_SESSION_PARALLELISM": "5"}, (5, 5)),
        ({"TENSORFLOW_INTRA_OP_PARALLELISM": "5"}, (5, 2)),
        ({"TENSORFLOW_INTER_OP_PARALLELISM": "5"}, (1, 5)),
        ({"TF_NUM_INTRAOP_THREADS": "5", "TF_NUM_INTEROP_THREADS": "6"}, (5, 6)),
        ({"TF_NUM_INTRAOP_THREADS": "5", "TENSORFLOW_SESSION_PARALLELISM": "6"}, (5, 2)),
        ({"OMP_NUM_THREADS": "5"}, (5, 2)),
        # What no number can be made of is computed: it would end the server.
        ({"TENSORFLOW_INTRA_OP_PARALLELISM": "many"}, (1, 2)),
        ({"TENSORFLOW_INTRA_OP_PARALLELISM": "-1", "TF_NUM_INTEROP_THREADS": "0"}, (1, 2)),
        ({"TENSORFLOW_SESSION_PARALLELISM": "x"}, (1, 2)),
        ({"TENSORFLOW_INTRA_OP_PARALLELISM": "", "OMP_NUM_THREADS": "4,1"}, (4, 2)),
        ({"TENSORFLOW_INTRA_OP_PARALLELISM": "auto"}, (1, 2)),
    ],
    ids=str,
)
def test_passes_variables_of_the_user_as_flags(
    launcher: str, environ: dict[str, str], expected: tuple[int, int]
) -> None:
    assert both(launcher, **environ) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([f"{INTRA}=5"], (5, 2)),
        ([f"{INTER}=5"], (1, 5)),
        ([f"{SESSION}=5"], (5, 5)),
        ([f"{INTRA}=5", f"{INTER}=6"], (5, 6)),
        ([f"{INTRA}=0"], (1, 2)),
        (["--platform_config_file=f"], (1, 2)),
    ],
    ids=str,
)
def test_keeps_a_flag_of_the_user(launcher: str, flags: list[str], expected: tuple[int, int]) -> None:
    """Also over a variable. What a flag leaves open is told by TF_NUM_INTRAOP_THREADS and its like."""
    assert both(launcher, *flags) == both(launcher, *flags, TENSORFLOW_SESSION_PARALLELISM="9") == expected


def test_keeps_a_flag_of_the_user_in_the_wrong_form(launcher: str) -> None:
    """The server would not hear it; a second kind of parallelism beside it is not what they asked for."""
    found = served([launcher, "-q", "--cpus", "1", "--"], SESSION, "5")
    assert (found["intra"], found["inter"], found["unknown"]) == (1, 2, [SESSION, "5"])


@pytest.mark.parametrize("way", ["env", "env A=b nice -n 1", "exec"])
def test_adds_flags_behind_wrappers(launcher: str, way: str) -> None:
    words = ["sh", "-c", 'exec "$@"', "sh"] if way == "exec" else way.split()
    found = served([launcher, "-q", "--cpus", "1", "--", *words])
    assert (found["intra"], found["inter"]) == (1, 2)


def test_configures_by_variables_in_a_shell(launcher: str) -> None:
    """As in ECS, where `sh -c` is the entry point and the command one string."""
    for script in (f"exec {STAND_IN} --port=1", f"cd / && TF_NUM_INTEROP_THREADS=3 {STAND_IN}"):
        done = start([launcher, "-q", "--cpus", "1", "--", "sh", "-c", script])
        found = json.loads(done.stdout)
        assert (found["intra"], found["inter"]) == (1, 3 if "cd" in script else 2)


@pytest.mark.parametrize("last", ['exec /usr/bin/env python3 "{server}" --port=1 "$@"', '"{server}" "$@"'])
def test_configures_through_the_entry_script_of_an_image(launcher: str, tmp_path: Path, last: str) -> None:
    script = tmp_path / "tf_serving_entrypoint.sh"
    script.write_text("#!/bin/bash\n" + last.format(server=STAND_IN) + "\n")
    script.chmod(0o755)
    done = start([launcher, "-q", "--cpus", "1", "--", str(script), "--model_name=m"], GUIDE)
    found = json.loads(done.stdout)
    assert (found["intra"], found["inter"], found["unknown"]) == (7, 3, [])


def test_two_launchers_add_the_flags_once(launcher: str) -> None:
    """The inner launcher adds them, and only it."""
    launch = [launcher, "-q", "--cpus", "1", "--"]
    assert served([*launch, *launch])["intra"] == 1
    outer = report([launcher, "--json", "--", *launch, STAND_IN])
    inner = report([*launch, launcher, "--json", "--cpus", "1", "--", STAND_IN, "--port=1"])
    assert outer["added_arguments"] == []
    assert inner["added_arguments"] == [f"{INTRA}=1", f"{INTER}=2"]
    assert inner["command"] == [STAND_IN, f"{INTRA}=1", f"{INTER}=2", "--port=1"]
