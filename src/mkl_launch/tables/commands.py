"""All rows of commands and wrappers, for the documentation, prepared images and tests.

A launch does not import this module: `known.py` finds the rows that it needs.
"""

from __future__ import annotations

from mkl_launch.tables import jobs, llms, queues, runners, servers, tools, web, wrappers
from mkl_launch.tables.command import UNKNOWN

__all__ = ("BY_NAME", "COMMANDS", "UNKNOWN", "WRAPPERS")

COMMANDS = (*servers.ROWS, *llms.ROWS, *web.ROWS, *queues.ROWS, *jobs.ROWS)
NAMES = tuple(dict.fromkeys(name for row in COMMANDS for name in (row.name, *row.aliases)))
BY_NAME = {name: [row for row in COMMANDS if name in (row.name, *row.aliases)] for name in NAMES}
WRAPPERS = {
    name: row for row in (*wrappers.ROWS, *runners.ROWS, *tools.ROWS) for name in (row.name, *row.aliases)
}
