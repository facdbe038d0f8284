"""All rows of commands and wrappers, for the documentation, prepared images and tests.

A launch does not import this module: `lookup.py` finds the rows that it needs.
"""

from __future__ import annotations

from mkl_launch.tables import (
    batch_jobs,
    finetuning_tools,
    llm_servers,
    model_servers,
    queue_workers,
    training_launchers,
    web_servers,
    wrappers_container,
    wrappers_environment,
    wrappers_python,
    wrappers_system,
)
from mkl_launch.tables.command_row import UNKNOWN

__all__ = ("BY_NAME", "COMMANDS", "UNKNOWN", "WRAPPERS")

COMMANDS = (
    *model_servers.ROWS,
    *llm_servers.ROWS,
    *web_servers.ROWS,
    *queue_workers.ROWS,
    *batch_jobs.ROWS,
    *training_launchers.ROWS,
    *finetuning_tools.ROWS,
)
NAMES = tuple(dict.fromkeys(name for row in COMMANDS for name in (row.name, *row.aliases)))
BY_NAME = {name: [row for row in COMMANDS if name in (row.name, *row.aliases)] for name in NAMES}
WRAPPERS = {
    name: row
    for row in (
        *wrappers_container.ROWS,
        *wrappers_python.ROWS,
        *wrappers_environment.ROWS,
        *wrappers_system.ROWS,
    )
    for name in (row.name, *row.aliases)
}
