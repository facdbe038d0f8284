"""A launcher within a launcher: both plan the same."""

from __future__ import annotations

import os
from typing import Any

import pytest

from testing.process import NOTE, environ_of, lines, origins, report, said, setting_names, start, values

CPU = min(os.sched_getaffinity(0))
ONE_CPU = f"{CPU}-{CPU}"
COMMAND = ["tensorflow_model_server", "--port=8500"]


def outcome(found: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a report, without the options, which an outer launcher reports differently.

    Nor the machine's limits: a mask that is set is one of them from then on.
    """
    budget = {name: value for name, value in found["budget"].items() if name != "why"}
    return {**{name: found[name] for name in ("settings", "mask", "command", "warnings")}, "budget": budget}


def nested(launcher: str, words: list[str], environ: dict[str, str], depth: int = 2) -> dict[str, Any]:
    outer = [launcher, "-q", *words, "--", *[launcher, "--"] * (depth - 2)]
    return outcome(report([*outer, launcher, "--json", "--", *COMMAND], environ))


TORCHRUN = {"TORCHELASTIC_RUN_ID": "x", "LOCAL_WORLD_SIZE": "2"}
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "nothing": {},
    "a value": {"OMP_NUM_THREADS": "1"},
    "the value that would be computed": {"KMP_SETTINGS": "0"},
    "left unset": {"KMP_AFFINITY": "", "OMP_NUM_THREADS": ""},
    "auto": {"OMP_NUM_THREADS": "auto", "KMP_BLOCKTIME": "auto"},
    "nonsense": {"OMP_NUM_THREADS": "a b", "MKL_NUM_THREADS": "x=y --cpus=1"},
    "several": {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "2", "KMP_BLOCKTIME": ""},
    "a binding": {"OMP_PROC_BIND": "close"},
    "a variable of the launcher": {"MKL_LAUNCH_CPUS": "1.5", "MKL_LAUNCH_PROFILE": "training"},
    "a bad variable of the launcher": {"MKL_LAUNCH_CPUS": "bad"},
    "torchrun": {"OMP_NUM_THREADS": "1", **TORCHRUN},
    "torchrun with one process": {"OMP_NUM_THREADS": "1", **TORCHRUN, "LOCAL_WORLD_SIZE": "1"},
    "torchrun with a user's value": {"OMP_NUM_THREADS": "3", **TORCHRUN},
    "Ray": {"OMP_NUM_THREADS": "1", "RAY_RAYLET_PID": "1"},
}
OPTIONS = [
    ["--cpus", "1.5"],
    ["--cpus", "500m"],
    ["--cpus", ONE_CPU],
    ["--workers", "2"],
    ["--profile", "serving"],
    ["--profile", "training"],
    ["--bind", "never"],
    ["--bind", "always"],
    ["--cpus", "1", "--workers", "2", "--profile", "training", "--bind", "always"],
    ["-v"],
    ["--strict"],
]


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_an_inner_launcher_plans_the_same_in_every_environment(
    launcher: str, case: str, depth: int
) -> None:
    environ = ENVIRONMENTS[case]
    single = outcome(report([launcher, "--json", "--", *COMMAND], environ))
    assert nested(launcher, [], environ, depth) == single


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
def test_an_inner_launcher_plans_the_same_with_options_of_the_outer_one(
    launcher: str, words: list[str], depth: int
) -> None:
    single = outcome(report([launcher, *words, "--json", "--", *COMMAND]))
    assert nested(launcher, words, {}, depth) == single


@pytest.mark.parametrize("words", [[], ["--cpus", "1"], ["--bind", "never"]], ids=" ".join)
@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_a_command_behind_two_launchers_gets_the_same_environment(
    launcher: str, words: list[str], case: str
) -> None:
    environ = ENVIRONMENTS[case]
    once = environ_of([launcher, "-q", *words, "--"], environ)
    assert environ_of([launcher, "-q", *words, "--", launcher, "-q", "--"], environ).keys() == once.keys()
    assert {
        name: value
        for name, value in environ_of([launcher, "-q", *words, "--", launcher, "--"], environ).items()
        if name != NOTE
    } == {name: value for name, value in once.items() if name != NOTE}


@pytest.mark.parametrize(
    ("option", "one", "other"),
    [
        ("--cpus", "1", "2"),
        ("--workers", "1", "2"),
        ("--profile", "serving", "training"),
        ("--bind", "never", "always"),
    ],
)
class TestPrecedence:
    """The command line beats the variable, also when it was an outer launcher's."""

    def test_an_outer_option_beats_the_variable(
        self, launcher: str, option: str, one: str, other: str
    ) -> None:
        environ = {"MKL_LAUNCH_" + option[2:].upper(): other}
        single = outcome(report([launcher, option, one, "--json", "--", *COMMAND], environ))
        assert nested(launcher, [option, one], environ) == single

    def test_an_inner_option_beats_the_outer_one(
        self, launcher: str, option: str, one: str, other: str
    ) -> None:
        single = outcome(report([launcher, option, one, "--json", "--", *COMMAND]))
        inner = [launcher, option, one, "--json", "--", *COMMAND]
        assert outcome(report([launcher, "-q", option, other, "--", *inner])) == single


def between(launcher: str, change: list[str], environ: dict[str, str]) -> dict[str, Any]:
    """Return a report within a launcher, with `env` changing the environment in between."""
    return outcome(
        report([launcher, "-q", "--", "env", *change, launcher, "--json", "--", *COMMAND], environ)
    )


@pytest.mark.parametrize("before", [{}, {"OMP_NUM_THREADS": "3"}, {"OMP_NUM_THREADS": ""}], ids=str)
def test_a_variable_changed_between_launchers_counts_as_the_users(
    launcher: str, before: dict[str, str]
) -> None:
    # 5: not what would be computed for the 1 CPU that there is by then.
    single = outcome(report([launcher, "--json", "--", *COMMAND], {**before, "OMP_NUM_THREADS": "5"}))
    changed = between(launcher, ["OMP_NUM_THREADS=5"], before)
    assert changed == single
    assert origins(changed)["OMP_NUM_THREADS"] == "user"
    assert values(changed)["LLAMA_ARG_THREADS"] == "5"


def test_a_variable_emptied_between_launchers_stays_unset(launcher: str) -> None:
    single = outcome(report([launcher, "--json", "--", *COMMAND], {"KMP_BLOCKTIME": ""}))
    assert between(launcher, ["KMP_BLOCKTIME="], {}) == single


def test_a_variable_set_to_auto_between_launchers_is_computed(launcher: str) -> None:
    single = outcome(report([launcher, "--json", "--", *COMMAND]))
    assert between(launcher, ["OMP_NUM_THREADS=auto"], {"OMP_NUM_THREADS": "5"}) == single
    assert between(launcher, ["OMP_NUM_THREADS=auto"], {"OMP_NUM_THREADS": ""}) == single


@pytest.mark.parametrize("before", [{}, {"OMP_NUM_THREADS": "5"}], ids=str)
def test_a_variable_removed_between_launchers_is_computed(launcher: str, before: dict[str, str]) -> None:
    single = outcome(report([launcher, "--json", "--", *COMMAND]))
    assert between(launcher, ["-u", "OMP_NUM_THREADS"], before) == single


def test_a_mask_changed_between_launchers_counts(launcher: str) -> None:
    """And the outer launcher's values are not taken for the user's."""
    command = [launcher, "--json", "--", *COMMAND]
    single = outcome(report(["taskset", "-c", str(CPU), *command]))
    assert outcome(report([launcher, "-q", "--", "taskset", "-c", str(CPU), *command])) == single


def test_a_mask_narrower_than_the_outer_option_does_not_stop_the_start(launcher: str) -> None:
    everything = ",".join(map(str, sorted(os.sched_getaffinity(0))))
    inner = ["taskset", "-c", str(CPU), launcher, "-q", "--", "echo", "ran"]
    assert said([launcher, "-q", "--cpus", f"{everything},{everything}", "--", *inner]) == "ran\n"


@pytest.mark.parametrize(
    "job_launcher",
    [
        TORCHRUN,
        {"TORCHELASTIC_RUN_ID": "x", "LOCAL_WORLD_SIZE": "nonsense"},
        {"TORCHELASTIC_RUN_ID": "x"},
        {"RAY_RAYLET_PID": "1"},
    ],
    ids=str,
)
def test_one_thread_by_a_job_launcher_is_not_the_users(launcher: str, job_launcher: dict[str, str]) -> None:
    found = report([launcher, "--json", "--", "python"], {"OMP_NUM_THREADS": "1", **job_launcher})
    assert set(origins(found).values()) == {"computed"}


def test_torchrun_in_a_launcher_divides_the_cpus(launcher: str) -> None:
    """It keeps the outer launcher's OMP_NUM_THREADS, which was for all of its processes together."""
    single = outcome(report([launcher, "--json", "--", *COMMAND], TORCHRUN))
    assert between(launcher, [f"{name}={value}" for name, value in TORCHRUN.items()], {}) == single


DAMAGED = [
    "",
    "=",
    "--",
    "--=",
    "--cpus",
    "--cpus=",
    "--cpus=lots",
    "--cpus=5000-5001",
    "--bind=never --cpus=lots --bind=x",
    "--nonsense=1",
    "OMP_NUM_THREADS=77",
    "OMP_NUM_THREADS=\n",
    "nonsense",
    "\x01\x02",
    "x" * 100_000,
]


@pytest.mark.parametrize("note", DAMAGED, ids=lambda note: repr(note)[:30])
def test_ignores_a_damaged_note(launcher: str, note: str) -> None:
    environ = {"OMP_NUM_THREADS": "3"}
    clean = outcome(report([launcher, "--json", "--", *COMMAND], environ))
    found = outcome(report([launcher, "--json", "--", *COMMAND], {**environ, NOTE.decode(): note}))
    assert found["settings"] == clean["settings"]
    assert found["budget"] == clean["budget"]
    assert start([launcher, "-q", "--", "true"], {NOTE.decode(): note}).returncode == 0


def test_ignores_a_note_that_is_not_utf8(launcher: str) -> None:
    done = start([launcher, "--", "true"], {NOTE: b"\xff\xfe --cpus=\xff"})
    assert done.returncode == 0
    assert len(lines(done)) == 1


def test_adds_no_variable_but_the_note(launcher: str) -> None:
    added = set(environ_of([launcher, "-q", "--"])) - {b"PATH"} - setting_names(launcher)
    assert added <= {NOTE}
