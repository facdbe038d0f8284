"""The command line and its variables, a stable interface."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from mkl_launch.tables.variables import VARIABLES
from testing.process import (
    NOTE,
    PATH,
    altered,
    environ_of,
    lines,
    machine,
    origins,
    parse_environ,
    report,
    said,
    setting_names,
    shell,
    start,
    values,
)
from testing.sysroot import Spec, sysroot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CPUS = sorted(os.sched_getaffinity(0))
LAST = f"{CPUS[-1]}-{CPUS[-1]}"
FOREIGN = f"{CPUS[-1] + 1}-{CPUS[-1] + 1}"
REPORTS = (["--explain"], ["--explain=all"], ["--json"], ["--print-env", "sh"], ["--print-env", "docker"])


class Choice(NamedTuple):
    """An option with a value, how a report of a machine of 8 CPUs shows it, and as what each value."""

    option: str
    shown: Callable[[dict[str, Any]], object]
    texts: dict[str, object]

    @property
    def variable(self) -> str:
        return variable_of(self.option)


def variable_of(option: str) -> str:
    return "MKL_LAUNCH_" + option[2:].upper()


CHOICES = [
    Choice(
        "--profile",
        lambda found: values(found)["TENSORFLOW_SESSION_PARALLELISM"],
        {"serving": "2", "training": None, "auto": None},
    ),
    Choice(
        "--cpus",
        lambda found: (found["budget"]["quota_cpus"], found["budget"]["threads"], found["mask"]),
        {
            "4": (4, 4, None),
            "2.5": (2.5, 2, None),
            "500m": (0.5, 1, None),
            "1500m": (1.5, 1, None),
            "0-3,6": (None, 5, "0-3,6"),
            "6,0-3": (None, 5, "0-3,6"),
        },
    ),
    Choice(
        "--workers",
        lambda found: (found["budget"]["workers"], found["budget"]["threads"]),
        {"1": (1, 8), "2": (2, 4), "3": (3, 2), "99": (99, 1)},
    ),
    Choice(
        "--basis",
        lambda found: found["budget"]["threads"],
        {"auto": 8, "limit": 8, "request": 8},
    ),
    Choice(
        "--bind",
        lambda found: values(found)["KMP_AFFINITY"] is not None,
        {"auto": False, "never": False, "always": True},
    ),
]
EVERY_VALUE = [
    pytest.param(choice, text, id=f"{choice.option}={text}") for choice in CHOICES for text in choice.texts
]


@pytest.fixture(scope="module")
def recorded(launcher: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command line of a report about a recorded machine of 8 CPUs without limits."""
    return [launcher, "--sysroot", str(machine(tmp_path_factory.mktemp("machine"))), "--json"]


@pytest.fixture(scope="module")
def bare_machine(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a recorded machine whose topology cannot be read."""
    root = tmp_path_factory.mktemp("bare")
    (root / "proc").mkdir()
    (root / "proc" / "stat").write_text("cpu 1\ncpu0 1\ncpu1 1\n")
    return str(root)


# Options and variables


@pytest.mark.parametrize(("choice", "text"), EVERY_VALUE)
def test_an_option_and_its_variable_say_the_same(recorded: list[str], choice: Choice, text: str) -> None:
    expected = choice.texts[text]
    assert choice.shown(report([*recorded, choice.option, text])) == expected
    assert choice.shown(report([*recorded, f"{choice.option}={text}"])) == expected
    assert choice.shown(report(recorded, {choice.variable: text})) == expected


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.option)
def test_the_command_line_beats_the_variable(recorded: list[str], choice: Choice) -> None:
    first, second, *_ = choice.texts
    for one, other in ((first, second), (second, first)):
        found = report([*recorded, choice.option, one], {choice.variable: other})
        assert choice.shown(found) == choice.texts[one]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.option)
def test_treats_an_empty_variable_as_unset(recorded: list[str], choice: Choice) -> None:
    found = report(recorded, {choice.variable: ""})
    assert found == report(recorded)
    assert found["warnings"] == []


def test_options_end_at_the_command(launcher: str) -> None:
    assert report([launcher, "--json", "echo", "--json", "--", "-v"])["command"] == [
        "echo",
        "--json",
        "--",
        "-v",
    ]
    assert report([launcher, "--json", "--", "-x", "--"])["command"] == ["-x", "--"]
    assert said([launcher, "-q", "echo", "--explain", "--"]) == "--explain --\n"


NO_NUMBERS = ["lots", "-1", "", "nan", "inf", "1e3", "+1", "1_0", "0x1", "²", "99999999"]
BAD = {
    "--cpus": ([*NO_NUMBERS, "0", "0.0", "0m", "3-1", "0-", "1,,2", "1.5.1"], ["500m", "0-3,8"]),
    "--workers": ([*NO_NUMBERS, "0", "1.5"], ["whole number"]),
    "--profile": (["fast", "Serving", "", "train"], ["auto", "serving", "training"]),
    "--bind": (["yes", "core", "", "ALWAYS"], ["auto", "never", "always"]),
    "--print-env": (["csh", "", "SH"], ["sh", "docker"]),
}
BAD_VALUES = [(option, text, accepted) for option, (texts, accepted) in BAD.items() for text in texts]


@pytest.mark.parametrize(("option", "text", "accepted"), BAD_VALUES)
def test_reports_a_bad_value_in_one_line_and_exits_with_2(
    launcher: str, tmp_path: Path, option: str, text: str, accepted: list[str]
) -> None:
    for words in ([option, text], [f"{option}={text}"]):
        done = start([launcher, *words, "--", "touch", str(tmp_path / "ran")])
        assert (done.returncode, done.stdout) == (2, b"")
        (line,) = lines(done)
        assert all(word in line for word in (option, text, *accepted)), line
        assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["1\n2", "\n", "1\x1b[2J"])
def test_a_bad_value_cannot_add_lines_or_move_the_cursor(launcher: str, text: str) -> None:
    done = start([launcher, "--cpus", text, "true"])
    assert done.returncode == 2
    assert len(lines(done)) == 1
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [["--fast"], ["-x"], ["--cpu=2"], ["--explai"], ["-qx"], ["--json=1"], ["--explain", "--json"]],
    ids=" ".join,
)
def test_reports_a_bad_option_in_one_line_and_exits_with_2(
    launcher: str, tmp_path: Path, words: list[str]
) -> None:
    done = start([launcher, *words, "--", "touch", str(tmp_path / "ran")])
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines(done)
    assert words[-1].partition("=")[0].strip("-q") in line
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("words", [["--cpus"], ["--print-env"], ["--sysroot"]])
def test_reports_a_missing_value_in_one_line_and_exits_with_2(launcher: str, words: list[str]) -> None:
    done = start([launcher, *words])
    assert done.returncode == 2
    (line,) = lines(done)
    assert words[0] in line


@pytest.mark.parametrize(
    ("option", "text", "accepted"), [row for row in BAD_VALUES if row[1] and row[0] != "--print-env"]
)
def test_warns_of_a_bad_variable_and_starts_the_command(
    launcher: str, option: str, text: str, accepted: list[str]
) -> None:
    variable = variable_of(option)
    done = start([launcher, "--", "echo", "ran"], {variable: text})
    assert (done.returncode, done.stdout) == (0, b"ran\n")
    warning, _ = lines(done)
    assert all(word in warning for word in (variable, text, *accepted)), warning


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("MKL_LAUNCH", "nonsense"),
        ("MKL_LAUNCH", "OFF "),
        ("MKL_LAUNCH_LOG", "loud"),
        ("MKL_LAUNCH_LOG", "JSON"),
        ("MKL_LAUNCH_STRICT", "yes"),
        ("MKL_LAUNCH_CPU", "2"),
    ],
)
def test_warns_of_bad_variables_without_an_option(launcher: str, variable: str, text: str) -> None:
    done = start([launcher, "--", "echo", "ran"], {variable: text})
    assert (done.returncode, done.stdout) == (0, b"ran\n")
    warning, _ = lines(done)
    assert re.search(rf"\b{variable}\b", warning)


@pytest.mark.parametrize(
    "extra", [{}, {"MKL_LAUNCH_CPUS": "bad", "MKL_LAUNCH_LOG": "debug", "OMP_NUM_THREADS": "auto"}]
)
def test_the_switch_off_changes_nothing_and_prints_nothing(launcher: str, extra: dict[str, str]) -> None:
    before = {"PATH": PATH, "MKL_LAUNCH": "off", "OMP_WAIT_POLICY": "", **extra}
    done = start([launcher, "--cpus", LAST, "--", "cat", "/proc/self/environ"], before)
    assert (done.returncode, done.stderr) == (0, b"")
    assert parse_environ(done.stdout) == {name.encode(): value.encode() for name, value in before.items()}
    mask = said([launcher, "--cpus", LAST, "--", "grep", "Cpus_allowed_list", "/proc/self/status"], before)
    assert mask == said(["grep", "Cpus_allowed_list", "/proc/self/status"])


@pytest.mark.parametrize(
    "words", [[], ["--"], ["-q"], ["-v", "--"], ["--cpus", "1"], ["--strict"]], ids=" ".join
)
@pytest.mark.parametrize("environ", [{}, {"MKL_LAUNCH": "off"}], ids=str)
def test_prints_usage_and_exits_with_2_without_a_command(
    launcher: str, words: list[str], environ: dict[str, str]
) -> None:
    done = start([launcher, *words], environ)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines(done)
    assert "usage: mkl-launch [OPTIONS] [--] COMMAND [ARG...]" in line


def test_help_names_every_option_and_variable(launcher: str) -> None:
    text = said([launcher, "--help"])
    for choice in CHOICES:
        assert choice.option in text
        assert choice.variable in text
        assert all(word in text for word in choice.texts if word.isalpha())
    others = (
        "--explain --json --print-env sh docker --sysroot --strict -q -v --help --version MKL_LAUNCH=off"
    )
    variables = "MKL_LAUNCH_STRICT=1 MKL_LAUNCH_LOG=quiet MKL_LAUNCH_LOG=debug"
    assert [word for word in f"{others} {variables}".split() if word not in text] == []


def test_prints_the_version(launcher: str, installed: Path) -> None:
    (metadata,) = installed.glob("mkl_launch-*.dist-info/METADATA")
    version = re.findall(r"^Version: (.*)", metadata.read_text(), re.MULTILINE)
    assert said([launcher, "--version"]) == f"mkl-launch {version[0]}\n"


# What is said


@pytest.mark.parametrize(
    ("words", "environ"), [(["-q"], {}), (["--quiet"], {}), ([], {"MKL_LAUNCH_LOG": "quiet"})], ids=str
)
def test_quiet_prints_nothing(launcher: str, words: list[str], environ: dict[str, str]) -> None:
    environ = {**environ, "MKL_LAUNCH_WORKERS": "bad", "OMP_NUM_THREADS": "bad"}
    assert start([launcher, *words, "--", "true"], environ).stderr == b""


def test_prints_one_line_of_json(launcher: str) -> None:
    environ = {"MKL_LAUNCH_LOG": "json", "OMP_NUM_THREADS": "999", "KMP_AFFINITY": '"\n\x1bä'}
    done = start([launcher, "--cpus", "1.5", "--", "tensorflow_model_server"], environ)
    (line, _) = done.stderr.decode("ascii").splitlines()
    told = json.loads(line)
    document = report([launcher, "--cpus", "1.5", "--json", "--", "tensorflow_model_server"], environ)
    budget = document["budget"]
    shared = ("workers", "threads", "cores", "cpus", "quota_cpus", "exclusive", "rank", "ranks")
    assert {name: told[name] for name in shared} == {name: budget[name] for name in shared}
    assert told["settings"] == {
        name: value for name, value in values(document).items() if value is not None
    }
    assert (told["logger"], told["event"], told["program"], told["known"]) == (
        *("mkl-launch", "start", "tensorflow_model_server", True),
    )
    assert told["added_arguments"] == document["added_arguments"] != []
    assert told["warnings"] == document["warnings"] != []


def test_a_line_of_json_is_complete_even_if_values_are_long(launcher: str) -> None:
    environ = {"MKL_LAUNCH_LOG": "json", "KMP_AFFINITY": "x" * 5000}
    told = json.loads(start([launcher, "--", "true"], environ).stderr)
    assert "settings" in told["left_out"]
    assert told["threads"] > 0
    environ = {"MKL_LAUNCH_LOG": "json", "KMP_AFFINITY": "é" * 500}
    assert "left_out" not in json.loads(start([launcher, "--", "true"], environ).stderr)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--", "no-such-program"], 127, "no-such-program: "),
        (["--", "/etc/passwd"], 126, "/etc/passwd: "),
        (["--bind", "ä\n", "--", "true"], 2, "--bind"),
        (["--bind", "ä" * 5000, "--", "true"], 2, "--bind"),
        ([], 2, "no command; usage: "),
    ],
    ids=["not found", "not executable", "wrong option", "a long message", "no command"],
)
def test_an_error_is_a_line_of_json(launcher: str, words: list[str], status: int, message: str) -> None:
    done = start([launcher, *words], {"MKL_LAUNCH_LOG": "json"})
    assert done.returncode == status
    assert b"\n" not in done.stderr[:-1] or status in (126, 127), "the start's own line comes first there"
    assert all(len(line) < 4096 for line in done.stderr.splitlines())
    told = json.loads(done.stderr.decode("ascii").splitlines()[-1])
    assert told.keys() == {"logger", "version", "event", "message", "exit_status"}
    assert (told["logger"], told["event"], told["exit_status"]) == ("mkl-launch", "error", status)
    assert told["message"].startswith(message)


def test_a_start_without_the_launcher_is_a_line_of_json(installed: Path, tmp_path: Path) -> None:
    command = altered(installed, tmp_path, "mkl_launch/policy/budget.py", lambda text: f"{text}\n1 / 0\n")
    done = start([command[0], "--", "printenv", "MKL_LAUNCH_LOG"], {"MKL_LAUNCH_LOG": "json"})
    assert done.stdout == b"json\n"
    told = json.loads(done.stderr)
    assert (told["event"], told["exit_status"]) == ("warning", None)
    assert told["message"].startswith("the command starts without settings: ZeroDivisionError")


def test_a_line_of_json_needs_no_module_of_json(installed: Path) -> None:
    main = str(installed / "mkl_launch" / "__main__.py")
    done = start([sys.executable, "-I", "-X", "importtime", main, "--", "true"], {"MKL_LAUNCH_LOG": "json"})
    imported = {line.rpartition(b"|")[2].strip() for line in done.stderr.splitlines()}
    assert b"mkl_launch.launch.json_line" in imported
    assert not imported & {b"json", b"re"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("./train.py", "did you mean: python ./train.py"),
        ("./run.sh", "did you mean: sh ./run.sh"),
        ("./data.txt", ""),
        ("./absent.py", ""),
    ],
)
def test_suggests_the_interpreter_of_a_script_that_is_not_executable(
    launcher: str, tmp_path: Path, name: str, hint: str
) -> None:
    if "absent" not in name:
        (tmp_path / name).write_text("")
    done = start([launcher, "-q", "--", name], cwd=tmp_path)
    (line,) = lines(done)
    assert done.returncode == (127 if "absent" in name else 126)
    assert line.endswith(f"; {hint}" if hint else ("not found" if "absent" in name else "denied"))


def test_suggests_the_interpreter_of_a_script_that_is_not_on_path(launcher: str) -> None:
    (line,) = lines(start([launcher, "-q", "train.py"]))
    assert line.endswith("train.py: command not found; did you mean: python train.py")


@pytest.mark.parametrize("environ", [{}, {"MKL_LAUNCH_LOG": "info"}], ids=str)
def test_prints_one_line_by_default(launcher: str, environ: dict[str, str]) -> None:
    done = start([launcher, "--", "true"], environ)
    (line,) = lines(done)
    assert re.search(r"true: not known, one process assumed .*: \d+ threads?, ", line)


@pytest.mark.parametrize(("words", "environ"), [(["-v"], {}), ([], {"MKL_LAUNCH_LOG": "debug"})], ids=str)
def test_verbose_prints_all_settings(launcher: str, words: list[str], environ: dict[str, str]) -> None:
    text = "\n".join(lines(start([launcher, *words, "--", "true"], environ)))
    assert [name for name in setting_names(launcher) - {NOTE} if name.decode() not in text] == []


def test_the_command_line_beats_the_log_variable(launcher: str) -> None:
    assert start([launcher, "-q", "--", "true"], {"MKL_LAUNCH_LOG": "debug"}).stderr == b""
    assert len(lines(start([launcher, "-v", "--", "true"], {"MKL_LAUNCH_LOG": "quiet"}))) > 1


SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "hunter2",
    "MKL_LAUNCH_TOKEN": "hunter2",
    "OMP_PASSWORD": "hunter2",
    "MKL_LAUNCH_APPLIED": "hunter2 --hunter2=hunter2 HUNTER=hunter2",
    "LD_LIBRARY_PATH": "/hunter2",
}


@pytest.mark.parametrize(
    "words",
    [["-v"], ["--explain"], ["--explain", "-v"], *REPORTS, ["--bad"], ["--", "no-such"]],
    ids=" ".join,
)
def test_prints_no_other_variable_of_the_environment(launcher: str, words: list[str]) -> None:
    done = start([launcher, *words, "true"], SECRETS)
    assert done.stdout + done.stderr
    assert b"hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "exec gunicorn --token=$SECRET app",
        'python x.py "$SECRET"',
        "set -- ${SECRET}; exec uvicorn $@ app:app",
        "python x.py --url=http://${SECRET}@host",
    ],
)
def test_does_not_print_a_variable_in_a_line_of_a_shell(launcher: str, line: str) -> None:
    given = {"SECRET": "hunter2 hunter3", "COUNT": "5"}
    for words in (["--json"], ["--explain", "-v"]):
        done = start([launcher, *words, "--", "sh", "-c", line], given)
        assert b"hunter" not in done.stdout + done.stderr
    found = report([launcher, "--json", "--", "sh", "-c", line], given)
    assert any("${SECRET}" in word for word in found["program"]["words"])


# Reports


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_report_does_not_run_the_command(launcher: str, tmp_path: Path, words: list[str]) -> None:
    for command in ([], ["touch", str(tmp_path / "ran")], ["--", "touch", str(tmp_path / "ran")]):
        assert said([launcher, "--cpus", LAST, *words, *command])
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("words", [*REPORTS, ["--help"], ["--version"]], ids=" ".join)
def test_reports_that_a_report_cannot_be_written(launcher: str, words: list[str]) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = start([launcher, *words], stdout=full)
    assert done.returncode != 0
    assert len(lines(done)) == 1


def test_explain_all_gives_each_setting_with_origin_and_reason(recorded: list[str]) -> None:
    words = [word for word in recorded if word != "--json"]
    environ = {"OMP_NUM_THREADS": "3", "KMP_AFFINITY": ""}
    text = said([*words, "--explain=all", "--", "python", "a b.py"], environ)
    for setting in report(recorded, environ)["settings"]:
        value = " unset" if setting["value"] is None else f"={setting['value']}"
        (line,) = [line for line in text.splitlines() if line.strip().startswith(setting["name"] + value)]
        assert f"{setting['origin']}: {setting['reason']}" in line
    assert "8 CPUs" in text
    assert "python 'a b.py'" in text


OVERVIEWS = [
    (
        "--cpus 1.5 -- gunicorn -w 1 app",
        [
            "gunicorn: known; profile serving; 1 process",
            "1; limited by --cpus: 1.5 CPUs",
            "not pinned: ",
        ],
    ),
    (
        "--machine 2x18x2 --bind always -- python a.py",
        [
            "a.py: not known; profile training; 1 process assumed",
            "36; limited by the machine: 72 CPUs",
            "pinned",
        ],
    ),
    (
        "--machine 2x18x2 --workers 4 -- foo",
        [
            "foo: not known; profile training; 4 processes",
            "9 in each of 4 processes; limited by",
            "not pinned: 4",
        ],
    ),
    (
        "--machine 2x18x2 --cpus 0-7 --profile serving",
        ["no command given; profile serving; 1", "8; limited by --cpus: 8 CPUs on 8 cores", "pinned"],
    ),
    (
        "--machine 2x18x2 --instances 4 -- foo",
        ["foo: not known", "9; limited by the CPUs of rank 0 of 4: 18 CPUs on 9 cores", "not pinned"],
    ),
]


@pytest.mark.parametrize(("line", "expected"), OVERVIEWS, ids=[line for line, _ in OVERVIEWS])
def test_explain_begins_with_program_threads_and_pinning(
    launcher: str, line: str, expected: list[str]
) -> None:
    lines = said([launcher, "--explain", *line.split()]).splitlines()[:3]
    for title, text, shown in zip(("program", "threads", "pinning"), expected, lines):
        assert shown.startswith(f"{title:<10}{text}")


def test_explain_names_the_quota_and_the_users_variable(launcher: str, tmp_path: Path) -> None:
    root = sysroot(tmp_path, Spec(cores=8, quota=2.5))
    words = [launcher, "--explain", "--sysroot", root.prefix, "--", "foo"]
    threads = said(words).splitlines()[1]
    assert threads == "threads   2; limited by the quota in /sys/fs/cgroup/cpu.max: 2.5 CPUs"
    _, threads, pinning, *_ = said(words, {"OMP_NUM_THREADS": "3", "KMP_AFFINITY": "none"}).splitlines()
    assert threads.startswith("threads   OMP_NUM_THREADS=3, set by you; computed without it: 2; limited by")
    assert pinning == "pinning   KMP_AFFINITY=none, set by you"


NUMBER = (int, float)
STRINGS = [str]
SETTINGS = [{"name": str, "value": (str, None), "origin": str, "reason": str}]
SCHEMA = {
    "schema": int,
    "machine": {
        "arch": (str, None),
        "vendor": (str, None),
        "model_name": (str, None),
        "online": str,
        "offline": str,
        "logical": int,
        "cores": (int, None),
        "sockets": (int, None),
        "threads_per_core": (int, None),
        "core_groups": STRINGS,
        "socket_groups": STRINGS,
        "numa_nodes": [{"id": int, "cpus": str}],
        "core_kinds": [{"name": str, "cpus": str}],
    },
    "limits": {
        "cgroup": (str, None),
        "cgroup_path": (str, None),
        "quota_cpus": (*NUMBER, None),
        "quota_source": (str, None),
        "mask": str,
        "cpuset": (str, None),
        "memory_bytes": (int, None),
        "declared": [{"kind": str, "cpus": NUMBER, "source": str}],
    },
    "budget": {
        "cpus": str,
        "logical": int,
        "cores": int,
        "quota_cpus": (*NUMBER, None),
        "threads": int,
        "workers": int,
        "exclusive": bool,
        "rank": (int, None),
        "ranks": (int, None),
        "why": STRINGS,
    },
    "settings": SETTINGS,
    "mask": (str, None),
    "memory_node": (int, None),
    "program": {
        "name": (str, None),
        "profile": str,
        "words": STRINGS,
        "interpreter": (str, None),
        "distributions": dict,
        "openmp": STRINGS,
    },
    "command": STRINGS,
    "added_arguments": STRINGS,
    "arguments": SETTINGS,
    "instances": (list, None),
    "process": (dict, None),
    "warnings": STRINGS,
    "slots": (dict, None),
}


def mismatches(found: Any, schema: Any, where: str = "") -> list[str]:
    """Return the places in which a document differs from this form."""
    if isinstance(schema, dict):
        if not isinstance(found, dict) or set(found) != set(schema):
            return [f"{where}: {found}"]
        return [line for key in schema for line in mismatches(found[key], schema[key], f"{where}.{key}")]
    if isinstance(schema, list):
        if not isinstance(found, list):
            return [f"{where}: {found}"]
        return [line for item in found for line in mismatches(item, schema[0], f"{where}[]")]
    kinds = schema if isinstance(schema, tuple) else (schema,)
    fits = type(found) in kinds or (found is None and None in kinds)
    return [] if fits else [f"{where}: {found!r}"]


@pytest.mark.parametrize(
    "words", [[], ["--cpus", "2.5", "--workers", "2"], ["--cpus", "0-1", "--", "a", "b"]], ids=str
)
def test_the_json_document_has_the_fields_of_its_schema(
    launcher: str, recorded: list[str], bare_machine: str, words: list[str]
) -> None:
    live = [] if "0-1" in words else [[launcher, "--json", *words]]
    for argv in (*live, [*recorded, *words], [launcher, "--json", "--sysroot", bare_machine, *words]):
        found = report(argv)
        assert mismatches(found, SCHEMA) == []
        assert found["schema"] == 1
        assert found["command"] == ["a", "b"] * ("a" in words)
        assert {setting["origin"] for setting in found["settings"]} <= {"user", "computed"}


def test_the_json_document_describes_the_machine(recorded: list[str]) -> None:
    found = report(recorded)
    assert found["machine"]["logical"] == found["machine"]["cores"] == found["budget"]["threads"] == 8
    assert found["machine"]["core_groups"] == [str(cpu) for cpu in range(8)]
    assert (
        found["machine"]["online"]
        == found["limits"]["mask"]
        == found["machine"]["socket_groups"][0]
        == "0-7"
    )


def test_json_escapes_a_command_that_is_not_utf8(launcher: str) -> None:
    done = start([launcher, "--json", "--", b"\xff", "ü\n"])
    assert json.loads(done.stdout.decode("ascii"))["command"] == ["\udcff", "ü\n"]


def test_json_has_null_for_a_variable_that_stays_unset(launcher: str) -> None:
    environ = {"KMP_BLOCKTIME": "", "OMP_WAIT_POLICY": "auto", "KMP_SETTINGS": "1", "MKL_NUM_THREADS": "3"}
    told = values(report([launcher, "--json", "--", "true"], environ))
    seen = environ_of([launcher, "-q", "--"], environ)
    assert told == {name: value.decode() if (value := seen.get(name.encode())) else None for name in told}
    assert told["KMP_BLOCKTIME"] is None


NASTY: dict[str, dict[str, Any]] = {
    "nothing": {},
    "quotes": {"OMP_NUM_THREADS": "4'; touch x; '"},
    "substitution": {"OMP_NUM_THREADS": "$(touch x)`touch x`", "KMP_AFFINITY": 'a"; touch x; "b'},
    "lines": {"OMP_NUM_THREADS": "4\ntouch x\n", "KMP_SETTINGS": "  "},
    "no UTF-8": {"OMP_NUM_THREADS": b"\xff"},
    "empty": {"OMP_NUM_THREADS": "", "KMP_BLOCKTIME": ""},
    "auto": {"OMP_NUM_THREADS": "auto"},
    "an option": {"MKL_LAUNCH_CPUS": "1"},
}


@pytest.mark.parametrize("name", ["dash", "busybox", "bash"])
@pytest.mark.parametrize("case", NASTY)
def test_print_env_sh_gives_a_shell_what_the_command_gets(
    launcher: str, tmp_path: Path, name: str, case: str
) -> None:
    environ = NASTY[case]
    ours = setting_names(launcher)
    evaluate = f'eval "$({shlex.quote(launcher)} -q --print-env sh)"\n'

    def evaluated(times: int) -> dict[bytes, bytes]:
        code = evaluate * times + "exec cat /proc/self/environ"
        done = start([*(shell(name)), "-c", code], environ, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, b"")
        return {key: value for key, value in parse_environ(done.stdout).items() if key in ours}

    once = evaluated(1)
    expected = environ_of([launcher, "-q", "--"], environ, cwd=tmp_path)
    assert once == {key: value for key, value in expected.items() if key in ours}
    assert evaluated(2) == once
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", NASTY)
@pytest.mark.parametrize("form", ["docker", "github", "systemd"])
def test_print_env_prints_a_line_for_each_variable(launcher: str, case: str, form: str) -> None:
    environ = NASTY[case]
    done = start([launcher, "-q", "--print-env", form], environ)
    printed = dict(line.split(b"=", 1) for line in done.stdout.splitlines())
    if form == "systemd":
        printed = {name: of_systemd(value) for name, value in printed.items()}
    assert all(re.fullmatch(rb"[A-Z_]+", name) for name in printed)
    seen = environ_of([launcher, "-q", "--"], environ)
    ours = setting_names(launcher) - {NOTE}
    # An env-file has no such values, and docker refuses one that is no UTF-8.
    odd = {n for n, v in seen.items() if not v.decode("utf-8", "surrogateescape").isprintable()}
    assert printed == {n: v for n, v in seen.items() if n in ours - odd}


def of_systemd(value: bytes) -> bytes:
    """Return what systemd reads as the value in a file for EnvironmentFile=, by systemd.exec(5).

    A backslash in double quotes stays, unless a character follows that it protects.
    """
    if not value.startswith(b'"'):
        assert re.fullmatch(rb"[\w+=:,./@%-]+", value)
        return value
    assert re.fullmatch(rb'"([^"\\`$]|\\["\\`$])*"', value)
    return re.sub(rb'\\(["\\`$])', rb"\1", value[1:-1])


# --sysroot and --strict


@pytest.mark.parametrize("place", ["a machine", "/", "", "/nonexistent"])
def test_sysroot_never_runs_a_command(launcher: str, tmp_path: Path, place: str) -> None:
    root = str(machine(tmp_path / "machine")) if place == "a machine" else place
    done = start([launcher, "--cpus", LAST, "--sysroot", root, "--", "touch", str(tmp_path / "ran")])
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = lines(done)
    assert "--sysroot" in line
    assert not (tmp_path / "ran").exists()


def test_reports_a_bad_sysroot_in_one_line_and_exits_with_2(launcher: str, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing"):
        done = start([launcher, "--sysroot", str(place), "--json"])
        assert (done.returncode, done.stdout) == (2, b"")
        (line,) = lines(done)
        assert str(place) in line


WATCH = """
import os, runpy, sys
def hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (bytes, str)):
        path = os.fsdecode(arguments[0])
        own = "/proc/self/environ", "/proc/self/fd"
        if path.startswith(("/proc", "/sys")) and path not in own:
            sys.stderr.write(f"{event} {path}\\n")
    if event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.")):
        sys.stderr.write(f"{event}\\n")
sys.argv = sys.argv[1:]
sys.addaudithook(hook)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.parametrize(
    "words", [["--explain"], ["--explain", "-v"], ["--json"], ["--print-env", "sh", "-q"]], ids=" ".join
)
@pytest.mark.parametrize("bare", [True, False], ids=["no topology", "a machine"])
def test_sysroot_reads_no_file_of_this_machine(
    installed: Path, recorded: list[str], bare_machine: str, words: list[str], bare: object
) -> None:
    watched = [sys.executable, "-I", "-S", "-X", "utf8", "-c", WATCH]
    main = str(installed / "mkl_launch" / "__main__.py")
    assert said([*watched, main, "--sysroot", bare_machine if bare else recorded[2], *words])


def test_the_audit_hook_sees_the_files_that_a_report_reads(installed: Path) -> None:
    main = str(installed / "mkl_launch" / "__main__.py")
    done = start([sys.executable, "-I", "-S", "-c", WATCH, main, "--explain"])
    assert b"open /proc/self/cgroup" in done.stderr


@pytest.mark.parametrize(
    ("words", "environ"),
    [(["--strict"], {}), ([], {"MKL_LAUNCH_STRICT": "1"}), (["--strict"], {"MKL_LAUNCH_STRICT": "0"})],
    ids=str,
)
def test_strict_makes_a_failed_detection_fatal(
    launcher: str, bare_machine: str, words: list[str], environ: dict[str, str]
) -> None:
    done = start([launcher, *words, "--sysroot", bare_machine, "--json"], environ)
    assert (done.returncode, done.stdout) == (125, b"")
    (line,) = lines(done)
    assert "--strict" in line


@pytest.mark.parametrize("environ", [{}, {"MKL_LAUNCH_STRICT": "0"}, {"MKL_LAUNCH_STRICT": ""}], ids=str)
def test_without_strict_a_failed_detection_is_a_warning(
    launcher: str, bare_machine: str, environ: dict[str, str]
) -> None:
    assert report([launcher, "--sysroot", bare_machine, "--json"], environ)["warnings"]


def test_strict_starts_the_command_if_nothing_fails(recorded: list[str]) -> None:
    assert report([*recorded, "--strict"])["warnings"] == []


# What the user set


def test_keeps_a_value_of_the_user_unchanged(launcher: str, recorded: list[str]) -> None:
    environ = {"KMP_AFFINITY": " Compact , 0\t", "MKL_NUM_THREADS": "003"}
    found = report(recorded, environ)
    assert {name: values(found)[name] for name in environ} == environ
    assert {name: origins(found)[name] for name in environ} == dict.fromkeys(environ, "user")
    seen = environ_of([launcher, "-q", "--"], environ)
    assert {name: seen[name.encode()].decode() for name in environ} == environ


def test_computes_all_other_variables(recorded: list[str]) -> None:
    assert set(origins(report(recorded)).values()) == {"computed"}


def test_every_variable_accepts_auto_empty_and_a_value(launcher: str, recorded: list[str]) -> None:
    plain = report(recorded)
    names = list(values(plain))
    asked = report(recorded, dict.fromkeys(names, "auto"))
    left_out = {row.name: "8" for row in VARIABLES if row.is_optional}
    assert (values(asked), origins(asked)) == ({**values(plain), **left_out}, origins(plain))
    unset = report(recorded, dict.fromkeys(names, ""))
    assert (set(values(unset).values()), set(origins(unset).values())) == ({None}, {"user"})
    seen = environ_of([launcher, "-q", "--"], dict.fromkeys(names, "auto"))
    assert b"auto" not in seen.values()
    seen = environ_of([launcher, "-q", "--"], dict.fromkeys(names, ""))
    assert not {name.encode() for name in names} & set(seen)
    given = environ_of([launcher, "-q", "--"], dict.fromkeys(names, "7"))
    assert {given[name.encode()] for name in names} == {b"7"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OMP_NUM_THREADS", "lots"),
        ("OMP_NUM_THREADS", "0"),
        ("MKL_NUM_THREADS", "-2"),
        ("POLARS_MAX_THREADS", "1.5"),
        ("OMP_WAIT_POLICY", "never"),
        ("KMP_BLOCKTIME", "long"),
    ],
)
def test_keeps_an_invalid_value_and_warns(launcher: str, name: str, value: str) -> None:
    done = start([launcher, "--", "cat", "/proc/self/environ"], {name: value})
    assert parse_environ(done.stdout)[name.encode()] == value.encode()
    assert [line for line in lines(done) if f"{name}={value}" in line]


def test_dependent_variables_follow_a_value_of_the_user(launcher: str, recorded: list[str]) -> None:
    found = report([*recorded, "--profile", "serving"], {"OMP_NUM_THREADS": "4"})
    assert values(found)["LLAMA_ARG_THREADS"] == values(found)["ORT_INTRA_OP_NUM_THREADS"] == "4"
    assert values(found)["TENSORFLOW_SESSION_PARALLELISM"] == "1"
    assert values(found)["TENSORFLOW_INTRA_OP_PARALLELISM"] == "4"
    assert origins(found)["LLAMA_ARG_THREADS"] == "computed"
    seen = environ_of([launcher, "-q", "--"], {"OMP_NUM_THREADS": "8"})
    assert (seen[b"OMP_NUM_THREADS"], seen[b"LLAMA_ARG_THREADS"]) == (b"8", b"8")
    followers = [f"{name}_NUM_THREADS".encode() for name in ("MKL", "OPENBLAS", "BLIS", "NUMEXPR")]
    assert not seen.keys() & set(followers), "their readers take OMP_NUM_THREADS"


def test_prefers_a_more_specific_value_of_the_user(recorded: list[str]) -> None:
    environ = {"OMP_NUM_THREADS": "4", "TENSORFLOW_INTRA_OP_PARALLELISM": "2"}
    found = values(report(recorded, environ))
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "LLAMA_ARG_THREADS")
    assert [found[name] for name in names] == ["4", "2", "4"]


@pytest.mark.parametrize("name", ["OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY"])
def test_never_sets_or_removes_variables_that_shrink_a_process_to_one_cpu(launcher: str, name: str) -> None:
    assert name.encode() not in environ_of([launcher, "--bind", "always", "-q", "--"])
    seen = environ_of([launcher, "--bind", "auto", "-q", "--"], {name: "0"})
    assert seen[name.encode()] == b"0"
    assert b"KMP_AFFINITY" not in seen


# The mask


@pytest.mark.parametrize("by", ["option", "variable"])
def test_sets_the_mask_of_the_command_to_a_list_of_cpus(launcher: str, by: str) -> None:
    words, environ = (["--cpus", LAST], {}) if by == "option" else ([], {"MKL_LAUNCH_CPUS": LAST})
    code = "import os; print(*os.sched_getaffinity(0))"
    text = said([launcher, "-q", *words, "--", sys.executable, "-c", code], environ)
    assert text == f"{CPUS[-1]}\n"
    seen = environ_of([launcher, "-q", *words, "--"], environ)
    assert seen[b"OMP_NUM_THREADS"] == b"1"


@pytest.mark.parametrize(
    "words", [[], ["--cpus", "1"], ["--bind", "always"], ["--workers", "2"]], ids=" ".join
)
def test_an_amount_of_cpus_does_not_change_the_mask(launcher: str, words: list[str]) -> None:
    status = ["grep", "Cpus_allowed", "/proc/self/status"]
    assert said([launcher, "-q", *words, "--", *status]) == said(status)


def test_reports_cpus_outside_the_mask_in_one_line_and_exits_with_2(launcher: str, tmp_path: Path) -> None:
    done = start([launcher, "--cpus", FOREIGN, "--", "touch", str(tmp_path / "ran")])
    assert done.returncode == 2
    (line,) = lines(done)
    assert "--cpus" in line
    assert not (tmp_path / "ran").exists()


def test_warns_of_cpus_outside_the_mask_in_a_variable(launcher: str) -> None:
    status = ["grep", "Cpus_allowed_list", "/proc/self/status"]
    done = start([launcher, "--", *status], {"MKL_LAUNCH_CPUS": FOREIGN})
    assert (done.returncode, done.stdout.decode()) == (0, said(status))
    warning, _ = lines(done)
    assert "MKL_LAUNCH_CPUS" in warning


def test_an_explanation_names_the_programs_that_read_a_variable(recorded: list[str]) -> None:
    explain = [*recorded[:-1], "--explain=all"]
    shown = said([*explain, "--", "tensorflow_model_server"])
    assert "read by TensorFlow, TensorFlow Serving\n" in shown
    assert "XGBoost, LightGBM, MXNet; PyArrow, not by tensorflow_model_server itself\n" in shown
    assert "VLLM" not in shown
    assert "VLLM_CPU_OMP_THREADS_BIND not changed: only for vllm" in said([*explain, "-v", "--", "true"])
