"""All rows of the tables of commands and wrappers, for the documentation, for an image and for tests.

A launch builds only those that it needs: `known.py`.
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
