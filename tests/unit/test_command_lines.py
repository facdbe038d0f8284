"""Public command lines: their programs, their processes, the arguments that can be added."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mkl_launch.program.workers import count_workers
from mkl_launch.tables.lookup import COMMAND_TABLES
from testing.command_lines import LINES, TABLES
from testing.command_lines.line import EACH, Line
from testing.command_lines.seen import seen

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

every_line = pytest.mark.parametrize("line", [pytest.param(line, id=line.line) for _, line in LINES])


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
