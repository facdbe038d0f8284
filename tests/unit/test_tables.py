"""Rules for the rows of all tables, so that a new row needs no test of its own."""

from __future__ import annotations

import ast
import re
from urllib.parse import urlsplit

import pytest

from mkl_launch.cli.argument_parser import parser
from mkl_launch.cli.options import (
    INSTANCE_OPTIONS,
    OPTIONS,
    REPORTS_WITH_VALUE,
    TUNE_OPTIONS,
    WITH_VALUE,
    Option,
)
from mkl_launch.core.option_names import PREFIX
from mkl_launch.core.record import changed
from mkl_launch.policy.values import COMPUTE, THREAD_COUNTS, ZERO_IS_AUTO
from mkl_launch.program.recognise import recognise
from mkl_launch.start import TAKE_A_VALUE
from mkl_launch.tables import lookup
from mkl_launch.tables import variable_row as v
from mkl_launch.tables.all_commands import COMMANDS, UNKNOWN, WRAPPERS
from mkl_launch.tables.all_commands import NAMES as COMMAND_NAMES
from mkl_launch.tables.command_row import SERVING, TRAINING, Argument, Command
from mkl_launch.tables.job_launchers import JOB_LAUNCHERS, JobLauncher
from mkl_launch.tables.variable_row import Variable
from mkl_launch.tables.variables import OMP_NUM_THREADS, USER_BINDINGS, VARIABLES
from mkl_launch.tables.wrapper_row import DATA, SHELLS, Wrapper
from testing.project import PROJECT

NAMES = [row.name for row in VARIABLES]
# They shrink a process to one CPU, or take from it what the settings give.
FORBIDDEN = {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "OMP_DYNAMIC", "OMP_THREAD_LIMIT"}
SOURCES = PROJECT / "src" / "mkl_launch"
# Beside the tables: distributions; makers of processors; the Python of an image.
TABLES = {"program/probe.py", "host/inventory.py", "image/entry.py"}
CODE = sorted(
    name
    for name in (str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.py"))
    if not name.startswith("tables/") and name not in TABLES
)

every_variable = pytest.mark.parametrize("row", VARIABLES, ids=lambda row: row.name)
every_command = pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
ARGUMENTS = [argument for row in COMMANDS for argument in row.arguments]
every_argument = pytest.mark.parametrize("row", ARGUMENTS, ids=lambda row: row.option)
every_wrapper = pytest.mark.parametrize("row", WRAPPERS.values(), ids=lambda row: row.name)
every_job_launcher = pytest.mark.parametrize("row", JOB_LAUNCHERS, ids=lambda row: row.name)
every_way = pytest.mark.parametrize(
    "before",
    ["env -u A B=c", "nice -n 5", "tini -g --", "dumb-init -r 15:3", "gosu 1000:1000", "env tini --"],
)
every_option = pytest.mark.parametrize("row", OPTIONS, ids=lambda row: row.name)


def options_with_a_value() -> set[str]:
    actions = parser()._actions  # noqa: SLF001  # argparse tells nobody else
    return {action.option_strings[-1] for action in actions if action.nargs is None}


def test_the_same_options_take_a_value_in_every_reader() -> None:
    plain = WITH_VALUE | REPORTS_WITH_VALUE | INSTANCE_OPTIONS
    assert options_with_a_value() == plain | TUNE_OPTIONS
    assert {option.decode() for option in TAKE_A_VALUE} == plain
    assert set(WRAPPERS["mkl-launch"].value_options) == WITH_VALUE | INSTANCE_OPTIONS


def is_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and "." in parts.netloc and len(parts.path) > 1


# Variables


@every_variable
def test_every_variable_has_a_reader_and_a_source(row: Variable) -> None:
    assert re.fullmatch("[A-Z][A-Z0-9_]+", row.name)
    assert row.readers
    assert is_page(row.source)


def test_every_variable_has_one_row() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_has_no_row_for_variables_that_are_never_set() -> None:
    """But a limit for one program that asks for its own number of threads."""
    for_all = {row.name for row in VARIABLES if not row.commands}
    assert not FORBIDDEN & for_all
    assert not (FORBIDDEN - {"OMP_THREAD_LIMIT"}).intersection(NAMES)
    assert set(USER_BINDINGS) < FORBIDDEN


@every_variable
def test_every_leader_is_a_variable_of_the_table(row: Variable) -> None:
    assert set(row.follows) <= set(NAMES) - {row.name}
    assert len(set(row.follows)) == len(row.follows)
    assert not row.follows or row.quantity in THREAD_COUNTS, "only counts are followed"


def test_every_quantity_is_computed_and_used() -> None:
    quantities = {row.quantity for row in VARIABLES} | {row.quantity for row in ARGUMENTS}
    assert sorted(quantities) == sorted(COMPUTE)
    assert COMPUTE.keys() > THREAD_COUNTS


def test_quantities_have_one_name_each() -> None:
    names = [name for name, value in vars(v).items() if name.isupper() and value in list(COMPUTE)]
    assert len(names) == len(COMPUTE)


@pytest.mark.parametrize("prefix", ZERO_IS_AUTO)
def test_every_prefix_matches_a_variable(prefix: str) -> None:
    assert any(name.startswith(prefix) for name in NAMES)


def test_every_row_is_a_frozen_record() -> None:
    row = Variable("X", "threads", "who", source="https://where")
    assert row == Variable("X", "threads", "who", "https://where", (), (), None, kind=v.DEFAULT)
    assert row != Variable("Y", "threads", "who", "https://where")
    assert changed(row, name="Y").name == "Y"
    assert "name='X'" in repr(row)
    with pytest.raises(AttributeError, match="Variable is frozen: name"):
        row.name = "Y"  # type: ignore[misc]
    for wrong in ((), ("X",) * 20):
        with pytest.raises(TypeError, match="Variable takes name, "):
            Variable(*wrong)


# Commands and job launchers


def words(row: Command, *options: str) -> tuple[str, ...]:
    """Return a command line of the row's own."""
    return (row.name, *row.subcommand.split(), *options)


@every_command
def test_recognises_every_command_at_any_path(row: Command) -> None:
    name, *rest = words(row) if row.without_arguments_only else words(row, "--option")
    for argv in ((name, *rest), (f"/opt/bin/{name}", *rest), ("python", f"/opt/bin/{name}", *rest)):
        program = recognise(argv)
        assert row is (program.suspected_row or program.row)
    for argv in (("python", "-c", name, *rest), ("python", "train.py", name, *rest), ("cat", name, *rest)):
        assert recognise(argv).row is UNKNOWN


@every_command
def test_suspects_every_command_behind_an_unknown_one(row: Command) -> None:
    program = recognise(("unheard-of", *words(row, "--option", "x")))
    if row.without_arguments_only or row.is_common_word:
        assert program.row is UNKNOWN
    else:
        assert program.row is row
        assert (program.unknown_starter, program.insert_at) == ("unheard-of", None)


@every_command
@every_way
def test_recognises_a_command_behind_every_wrapper(row: Command, before: str) -> None:
    options = () if row.without_arguments_only else ("--option",)
    argv = (*before.split(), *words(row, *options))
    program = recognise(argv)
    assert row is (program.suspected_row or program.row)
    assert program.insert_at is not None
    assert argv[program.insert_at :] == options


@every_command
def test_every_command_has_a_source(row: Command) -> None:
    assert is_page(row.source)
    assert row.profile in (SERVING, TRAINING)
    assert "/" not in row.name
    assert row.workers is None or row.workers > 0


@every_command
def test_every_command_reads_variables_of_the_table(row: Command) -> None:
    assert set(row.reads_directly or ()) <= set(NAMES)
    for variable in VARIABLES:
        if row.reads_directly is not None and row.name in variable.commands:
            assert variable.name in row.reads_directly


@every_variable
def test_every_variable_for_some_commands_names_known_ones(row: Variable) -> None:
    assert set(row.commands) <= {command.name for command in COMMANDS}
    assert not (row.falls_back_to_openmp and row.commands)
    assert not row.falls_back_to_openmp or OMP_NUM_THREADS in row.follows


@every_argument
def test_every_argument_yields_to_an_argument_of_the_user(row: Argument) -> None:
    assert re.fullmatch("--[a-z_-]+", row.option)
    assert row.option in row.unless
    assert {*row.follows, *row.unless_set} <= set(NAMES)
    assert not row.follows or row.quantity in THREAD_COUNTS


@every_wrapper
def test_every_wrapper_has_a_source(row: Wrapper) -> None:
    assert is_page(row.source)
    assert row.name not in SHELLS
    assert all(
        word.startswith("-")
        for word in (
            *row.value_options,
            *row.env_clearing_options,
            *row.hiding_options,
            *row.shell_line_options,
        )
    )


@every_command
def test_no_command_with_workers_is_one_process(row: Command) -> None:
    told = row.worker_options or row.worker_variables or row.workers != 1
    assert not (told and row.one_process)
    assert not row.config or row.workers is None
    assert all(re.fullmatch("-[a-zA-Z]+|--[a-z_-]+|spark.master", option) for option in row.worker_options)
    assert all(re.fullmatch("[A-Z_]+", name) for name in row.worker_variables)


def test_every_subcommand_has_one_row() -> None:
    names = [(name, row.subcommand) for row in COMMANDS for name in (row.name, *row.aliases)]
    assert len(set(names)) == len(names)


def test_the_index_of_names_matches_the_tables() -> None:
    """A name that is missing there is never found, and one that is only there finds nothing."""
    assert set(lookup.COMMAND_TABLES) == set(COMMAND_NAMES)
    assert set(lookup.WRAPPER_TABLES) == set(WRAPPERS)
    assert not set(COMMAND_NAMES) & set(WRAPPERS)
    assert all(lookup.commands(name) for name in COMMAND_NAMES)
    assert all(lookup.wrapper(name) is row for name, row in WRAPPERS.items())
    modules = {(module, row.name) for row in COMMANDS for module in row.modules}
    assert modules == set(lookup.MODULES.items())


def test_documented_contradictions_match_the_table() -> None:
    assert {row.name for row in COMMANDS if row.rejects_omp_num_threads} == lookup.CONTRADICTING


def test_options_with_data_start_no_program() -> None:
    assert not DATA & {*COMMAND_NAMES, *WRAPPERS, *SHELLS}


@every_job_launcher
def test_every_job_launcher_has_a_source(row: JobLauncher) -> None:
    assert is_page(row.source)
    assert row.marker not in row.local_size
    assert bool(row.local_rank) == bool(row.local_size)
    assert row.marker not in NAMES


def test_every_job_launcher_has_one_row() -> None:
    assert len({row.marker for row in JOB_LAUNCHERS}) == len(JOB_LAUNCHERS)


# Options


@every_option
def test_every_option_and_its_variable_have_the_same_name(row: Option) -> None:
    assert re.fullmatch("[a-z]+", row.name)
    assert row.variable == PREFIX + row.name.upper()
    assert row.variable not in NAMES
    assert row.help


@every_option
@pytest.mark.parametrize("text", ["", "\0", "nonsense", "0", "-1", "\N{SUPERSCRIPT TWO}", "9" * 5000])
def test_every_option_refuses_invalid_values(row: Option, text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the caller's
        row.read(text)


def test_every_option_has_one_row() -> None:
    assert len({row.name for row in OPTIONS}) == len(OPTIONS)


# Only the tables know programs


def strings(code: str) -> list[str]:
    """Return the strings of a module, without its docstrings and what it says to people (with a space)."""
    found = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
    return [text for text in found if isinstance(text, str) and " " not in text]


@pytest.mark.parametrize("name", CODE)
def test_only_the_tables_name_programs(name: str) -> None:
    programs = (
        [row.name for row in COMMANDS]
        + [row.name for row in JOB_LAUNCHERS]
        + [
            "torch",
            "python",
            "tensorflow",
            "numpy",
            "mxnet",
        ]
    )
    words = {
        word.lower() for text in strings((SOURCES / name).read_text()) for word in re.split(r"\W+", text)
    }
    assert not words & {program.lower() for program in programs} - {
        "node",
        "r",
        "tune",
    }  # of NUMA; the state of a process; our option


@pytest.mark.parametrize("name", ["budget", "pinning", "values", "settings", "plan"])
def test_a_new_variable_is_only_a_row(name: str) -> None:
    """The policy knows the variable that leads and those of pinning and spinning, and no other one."""
    known = {"OMP_NUM_THREADS", "OMP_WAIT_POLICY", "KMP_AFFINITY"}
    code = (SOURCES / "policy" / f"{name}.py").read_text()
    assert set(strings(code)) & set(COMMAND_NAMES) <= known
