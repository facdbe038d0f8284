"""Command lines as people write them, each with the page where it was found.

A line is in the module with the name of its program's table. The machine has 8 CPUs, a core each. Where
the page is not a repository, the line was seen in public files, and the page is the part of the program's
manual that decides on the number of processes.
"""

from __future__ import annotations

from testing.command_lines import (
    batch_jobs,
    finetuning_tools,
    llm_servers,
    model_servers,
    queue_workers,
    training_launchers,
    unknown_programs,
    web_servers,
)

TABLES = (
    model_servers,
    llm_servers,
    web_servers,
    queue_workers,
    batch_jobs,
    training_launchers,
    finetuning_tools,
    unknown_programs,
)
LINES = [(source, line) for table in TABLES for source, lines in table.SOURCES.items() for line in lines]
