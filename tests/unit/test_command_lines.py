"""Public command lines: their programs, their processes, the arguments that can be added."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mkl_launch.host.filesystem import Root
from mkl_launch.program.entry_scripts import inspect_files
from mkl_launch.program.recognise import recognise
from mkl_launch.program.workers import count_workers
from mkl_launch.tables.lookup import COMMAND_TABLES
from testing.command_lines import LINES, TABLES
from testing.command_lines.line import EACH, Line

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from mkl_launch.model.program import Program

PATH = "/usr/local/bin:/usr/bin"
every_line = pytest.mark.parametrize("line", [pytest.param(line, id=line.line) for _, line in LINES])


def seen(line: Line, folder: Path) -> Program:
    """Return the program, with what its files say."""
    for path, text in line.files.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    environ = {"PATH": PATH, **line.environ}
    words = (word if word[:2] != "./" else word[1:] for word in shlex.split(line.line))
    command = tuple("/start.sh" if word == "start.sh" else word for word in words)
    return inspect_files(Root(str(folder)), recognise(command, environ), environ)


@every_line
def test_recognises_the_program_and_its_number_of_processes(line: Line, tmp_path: Path) -> None:
    program = seen(line, tmp_path)
    found = count_workers(program, program.environ(line.environ), EACH)
    assert (program.row.name, found.number) == (line.name, line.processes), found.reason


@every_line
def test_adds_arguments_only_to_certain_programs(line: Line, tmp_path: Path) -> None:
    program = seen(line, tmp_path)
    assert (program.insert_at is not None, not program.unknown_starter) == (line.added, line.certain)


def test_every_command_line_has_a_source() -> None:
    assert len({line.line for _, line in LINES}) >= 150
    assert all(urlsplit(source).scheme == "https" for source, _ in LINES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__.rpartition(".")[2])
def test_a_command_line_is_in_the_module_of_its_programs_table(table: ModuleType) -> None:
    names = {line.name for lines in table.SOURCES.values() for line in lines}
    tables = {COMMAND_TABLES.get(name, "unknown_programs") for name in names}
    assert tables == {table.__name__.rpartition(".")[2]}
