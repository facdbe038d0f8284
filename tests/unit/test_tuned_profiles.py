"""Profiles of --tune at a start: which one fits, what it changes, and what is not read."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from mkl_launch.cli.reader import read
from mkl_launch.core.option_names import PROFILES
from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import prepare
from mkl_launch.model.tuned_profile import TunedProfile
from mkl_launch.policy.launch_note import read_note
from mkl_launch.policy.settings import PROFILE
from mkl_launch.policy.summary import summary_line
from mkl_launch.policy.tuned_values import apply_profile
from mkl_launch.tune.save_profile import content
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mkl_launch.policy.plan import Plan

EIGHT = Spec(cores=8)
HALF_ON_EIGHT = {
    "schema": 1,
    "command": "train.py",
    "arch": "x86_64",
    "limit": "none",
    "planned_threads": 8,
    "threads": "half",
    "spin": "plan",
    "pinning": "plan",
}
LINE = "-- python train.py"


def planned(
    place: Path,
    profile: Mapping[str, object] | str | tuple[str, Mapping[str, object]],
    line: str = LINE,
    environ: Mapping[str, str] | None = None,
    spec: Spec = EIGHT,
) -> Plan:
    """Return the plan on a machine with this profile, which is in the usual place for train.py."""
    root = sysroot(place, spec)
    path, profile = profile if isinstance(profile, tuple) else (f"{PROFILES}/train.py.json", profile)
    file = place / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(profile if isinstance(profile, str) else json.dumps(profile))
    given = environ or {}
    return prepare(Root(root.prefix), read(line.split(), given, read_note(given).texts), given)[1]


def values(made: Plan) -> dict[str, str | None]:
    return {setting.name: setting.value for setting in made.settings}


def origin(made: Plan, name: str) -> str:
    return next(setting.origin for setting in made.settings if setting.name == name)


def misfit(made: Plan) -> str:
    """Return why the profile is not used."""
    assert made.budget.threads == values_of_plan(made)
    return next(reason for reason in made.budget.reasons if ": not used: " in reason)


def values_of_plan(made: Plan) -> int:
    assert PROFILE not in {setting.origin for setting in made.settings}
    return int(values(made)["OMP_NUM_THREADS"] or 0)


# A profile that fits


def test_a_profile_changes_the_number_of_threads_of_every_pool(tmp_path: Path) -> None:
    made = planned(tmp_path, HALF_ON_EIGHT)
    assert made.budget.threads == 4
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "ORT_INTRA_OP_NUM_THREADS"):
        assert (values(made)[name], origin(made, name)) == ("4", PROFILE)
    assert made.environ["RAYON_NUM_THREADS"] == "4"
    reasons = [setting.reason for setting in made.settings if setting.origin == PROFILE]
    assert any(f"{PROFILES}/train.py.json: half" in reason for reason in reasons)
    assert "4 threads (profile)" in summary_line(made)
    assert made.warnings == ()


def test_a_profile_changes_how_threads_wait(tmp_path: Path) -> None:
    sleep = planned(tmp_path / "a", {**HALF_ON_EIGHT, "threads": "plan", "spin": "sleep"})
    assert (sleep.environ["OMP_WAIT_POLICY"], sleep.environ["KMP_BLOCKTIME"]) == ("PASSIVE", "0")
    assert values(sleep)["OMP_NUM_THREADS"] == "8"
    assert origin(sleep, "OMP_NUM_THREADS") == "computed"
    limited = {**HALF_ON_EIGHT, "limit": "whole", "planned_threads": 4, "threads": "plan", "spin": "spin"}
    spin = planned(tmp_path / "b", limited, spec=Spec(cores=8, quota=4))
    assert "OMP_WAIT_POLICY" not in spin.environ
    assert spin.environ["GOMP_SPINCOUNT"] == "8000"


def test_a_profile_can_switch_pinning_off(tmp_path: Path) -> None:
    server = {**HALF_ON_EIGHT, "command": "tensorflow_model_server", "threads": "plan"}
    line, path = "-- tensorflow_model_server", f"{PROFILES}/tensorflow_model_server.json"
    assert planned(tmp_path / "a", (path, server), line).environ["KMP_AFFINITY"]
    never = planned(tmp_path / "b", (path, {**server, "pinning": "never"}), line)
    assert "KMP_AFFINITY" not in never.environ


@pytest.mark.parametrize(
    ("rule", "spec", "threads"),
    [
        ("one", Spec(cores=4), 1),
        ("half", Spec(cores=16), 8),
        ("quarter", Spec(cores=4), 1),
        ("three-quarters", Spec(cores=16), 12),
        ("cpus", Spec(cores=8, threads=2), 16),
        ("cores", Spec(cores=8, threads=2), 8),
        ("plan", Spec(cores=16), 16),
    ],
)
def test_a_rule_holds_on_a_machine_of_another_size(
    tmp_path: Path, rule: str, spec: Spec, threads: int
) -> None:
    made = planned(tmp_path, {**HALF_ON_EIGHT, "threads": rule}, spec=spec)
    assert values(made)["OMP_NUM_THREADS"] == str(threads)
    assert made.warnings == ()


def test_a_fraction_is_rounded_up_under_a_fraction(tmp_path: Path) -> None:
    up = {**HALF_ON_EIGHT, "limit": "fraction", "planned_threads": 1, "threads": "cores"}
    assert planned(tmp_path, up, spec=Spec(cores=8, quota=2.5)).environ["OMP_NUM_THREADS"] == "3"


def test_a_profile_holds_for_each_of_the_workers(tmp_path: Path) -> None:
    made = planned(tmp_path, {**HALF_ON_EIGHT, "planned_threads": 4}, f"--workers 2 {LINE}")
    assert (made.budget.workers, made.environ["OMP_NUM_THREADS"]) == (2, "2")


def test_an_inner_launcher_comes_to_the_same(tmp_path: Path) -> None:
    outer = planned(tmp_path, HALF_ON_EIGHT)
    inner = planned(tmp_path, HALF_ON_EIGHT, environ=outer.environ)
    assert values(inner) == values(outer)
    assert origin(inner, "OMP_NUM_THREADS") == PROFILE


# Who wins


def test_a_variable_of_the_user_wins(tmp_path: Path) -> None:
    made = planned(tmp_path, {**HALF_ON_EIGHT, "spin": "sleep"}, environ={"OMP_NUM_THREADS": "6"})
    assert (made.environ["OMP_NUM_THREADS"], origin(made, "OMP_NUM_THREADS")) == ("6", "user")
    assert made.environ["TF_NUM_INTRAOP_THREADS"] == "6", "it follows"
    active = planned(tmp_path, {**HALF_ON_EIGHT, "spin": "sleep"}, environ={"OMP_WAIT_POLICY": "ACTIVE"})
    assert active.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    assert active.environ.get("KMP_BLOCKTIME") != "0"


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_profile_can_be_named_or_switched_off(tmp_path: Path, way: str) -> None:
    def with_tuned(value: str) -> Plan:
        option, environ = (
            (f"--tuned {value} ", {}) if way == "option" else ("", {"MKL_LAUNCH_TUNED": value})
        )
        return planned(tmp_path, ("/volume/best.json", HALF_ON_EIGHT), option + LINE, environ)

    assert with_tuned("/volume/best.json").budget.threads == 4
    assert with_tuned("off").budget.threads == 8
    missing = with_tuned("/volume/none.json")
    assert (missing.budget.threads, missing.warnings) == (
        8,
        ("tuned profile /volume/none.json: absent; not used",),
    )


def test_off_leaves_the_usual_place_unread(tmp_path: Path) -> None:
    assert planned(tmp_path, HALF_ON_EIGHT, f"--tuned off {LINE}").budget.threads == 8


# A profile that does not fit


@pytest.mark.parametrize(
    ("change", "spec", "reason"),
    [
        ({"command": "serve.py"}, EIGHT, "measured for serve.py, this is train.py"),
        ({"limit": "whole"}, EIGHT, "another kind of limit (whole), this one is: none"),
        ({}, Spec(cores=8, quota=6), "another kind of limit (none), this one is: whole"),
        ({}, Spec(cores=8, quota=4.5), "another kind of limit (none), this one is: fraction"),
        ({}, Spec(cores=17), "where 8 threads would be computed, here it is 17"),
        ({}, Spec(cores=3), "where 8 threads would be computed, here it is 3"),
    ],
)
def test_a_profile_that_does_not_fit_is_not_used(
    tmp_path: Path, change: dict[str, object], spec: Spec, reason: str
) -> None:
    made = planned(tmp_path, {**HALF_ON_EIGHT, **change}, spec=spec)
    assert reason in misfit(made)
    assert made.warnings == ()


def test_the_request_of_a_pod_is_a_kind_of_limit_of_its_own(tmp_path: Path) -> None:
    pod = {"MKL_LAUNCH_CPU_REQUEST": "4000m", "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
    assert "this one is: request" in misfit(planned(tmp_path, HALF_ON_EIGHT, environ=pod))


def test_a_profile_of_another_architecture_is_not_used(tmp_path: Path) -> None:
    share = planned(tmp_path, {**HALF_ON_EIGHT, "command": "another"}).budget
    fields = {"command": "x", "limit": "none", "planned_threads": 8, "threads": "one"}
    profile = TunedProfile(path="/p", arch="aarch64", here="x86_64", **fields)  # type: ignore[arg-type]
    other, tuned = apply_profile(profile, share, "x")
    assert (other.threads, tuned) == (8, None)
    assert other.reasons[-1] == "tuned profile /p: not used: measured on aarch64, this is x86_64"
    same, tuned = apply_profile(changed(profile, here="aarch64"), share, "x")
    assert same.threads == 1
    assert tuned


def test_code_on_the_command_line_has_no_profile(tmp_path: Path) -> None:
    made = planned(tmp_path, (f"{PROFILES}/python.json", HALF_ON_EIGHT), "-- python -c pass")
    assert not [reason for reason in made.budget.reasons if "profile" in reason]
    assert made.budget.threads == 8


# A damaged profile

DAMAGED: dict[str, tuple[dict[str, object] | str, str]] = {
    "empty": ("", "Expecting value"),
    "not JSON": ("{", "Expecting property name"),
    "more than one value": ("{} {}", "Extra data"),
    "a list": ("[]", "not a JSON object"),
    "another schema": ({"schema": 2}, "schema 2 is not 1"),
    "no threads": ({"threads": None}, "threads None is not one of plan, one"),
    "a number of threads": ({"threads": 4}, "threads 4 is not one of"),
    "a list as a rule": ({"spin": ["sleep"]}, "spin ['sleep'] is not one of"),
    "no command": ({"command": 1}, "command 1 is not a text"),
    "no number": ({"planned_threads": "8"}, "planned_threads '8' is not a whole number"),
    "a huge number": ({"planned_threads": 1 << 40}, "is not a whole number from 1"),
    "true": ({"planned_threads": True}, "planned_threads True is not a whole number"),
    "deep": ("[" * 60000, ""),
    "long": (" " * (1 << 17), "longer than 65536 bytes"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_profile_is_a_warning_and_the_plan_holds(tmp_path: Path, name: str) -> None:
    change, problem = DAMAGED[name]
    text = change if isinstance(change, str) else {**HALF_ON_EIGHT, **change}
    made = planned(tmp_path, text)
    assert made.budget.threads == values_of_plan(made) == 8
    (warning,) = made.warnings
    assert warning.startswith(f"tuned profile {PROFILES}/train.py.json: ")
    assert problem in warning
    assert warning.endswith("; not used")


def test_a_profile_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    planned(tmp_path, HALF_ON_EIGHT)
    file = tmp_path / PROFILES.lstrip("/") / "train.py.json"
    file.chmod(0o666)
    made = prepare(Root(str(tmp_path)), read(LINE.split(), {}, {}), {})[1]
    assert made.budget.threads == 8
    assert "others can write to" in made.warnings[0]


LAYOUTS: dict[str, Callable[[dict[str, object]], str]] = {
    "as saved": content,
    "compact": lambda profile: json.dumps(profile, separators=(",", ":")),
    "indented by tabs": lambda profile: json.dumps(profile, indent="\t"),
    "sorted": lambda profile: json.dumps(profile, indent=2, sort_keys=True),
    "escaped": lambda profile: content(profile).replace("train", "\\u0074rain"),
    "DOS": lambda profile: content(profile).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reads_every_layout_of_json(tmp_path: Path, layout: str) -> None:
    text = LAYOUTS[layout]({**HALF_ON_EIGHT, "measured": {"date": "2026-11-27", "threads": "one"}})
    made = planned(tmp_path, text)
    assert (made.budget.threads, made.warnings) == (4, ())


def test_a_saved_profile_is_read_without_the_module_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = content({**HALF_ON_EIGHT, "measured": {}})
    monkeypatch.setitem(sys.modules, "json", None)
    assert planned(tmp_path, text.replace("{}", "{\n  }")).budget.threads == 4
