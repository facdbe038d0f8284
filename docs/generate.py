"""Write docs/variables.md from the tables, so that documentation and code cannot differ.

`python docs/generate.py` writes it; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from mkl_launch.commands import COMMANDS, ENGINES, Command
from mkl_launch.variables import VARIABLES

PAGE = Path(__file__).with_name("variables.md")

HEAD = """# What is set, for whom, and why

Made from `src/mkl_launch/variables.py` and `src/mkl_launch/commands.py` by `docs/generate.py`.

`mkl-launch --explain` tells the values for the machine it runs on and the reason for each.

## Variables

A variable that is already in the environment stays as it is. One that *follows* another takes the
number that the user gave to the other.

| variable | quantity | read by | follows | source |
| --- | --- | --- | --- | --- |
"""

QUANTITIES = """
## Quantities

For a mask with `L` CPUs (hardware threads) on `P` physical cores and `S` sockets, a quota of `q` CPUs
(without one: unlimited) and `W` workers:

| quantity | value |
| --- | --- |
| threads | max(1, min(P, floor(q)) // W) |
| cpus | max(1, min(L, floor(q)) // W) |
| inter-op | max(2, S) |
| inter-op by the AWS guide | serving: max(2, S); training: 0, TensorFlow's own choice |
| sessions by the AWS guide | serving: max(1, OMP_NUM_THREADS // 4); training: unset |
| one | 1 |
| pinning | where the CPUs are this container's alone and the command is one process: a core each |
| spin time | 0 ms where a quota binds or workers share the CPUs, else 1 ms |
| waiting | PASSIVE where a quota binds or workers share the CPUs, else unset |
| no settings dump | 0 |
| threads in forks | false with several workers, else unset |
"""


def _processes(row: Command) -> str:
    if row.one_process:
        return "one"
    told = ", ".join(f"`{name}`" for name in (*row.worker_options, *row.worker_variables))
    default = "one for each CPU" if row.workers is None else "one"
    return f"{told}, else {default}" if told else default


def page() -> str:
    """The whole page."""
    rows = [
        f"| `{row.name}` | {row.quantity} | {row.readers} | "
        f"{', '.join(f'`{name}`' for name in row.follows)} | [source]({row.source}) |"
        for row in VARIABLES
    ]
    commands = [f"| `{row.name}` | {row.profile} | {_processes(row)} |" for row in COMMANDS]
    engines = [
        f"| {row.name} | `{row.marker}` | "
        f"{f'`{row.local_size}`' if row.local_size else 'the CPUs granted, as `OMP_NUM_THREADS`'} | "
        f"[source]({row.source}) |"
        for row in ENGINES
    ]
    return "\n".join(
        [
            HEAD + "\n".join(rows),
            QUANTITIES,
            "## Commands\n\nEverything else is training, in one process.\n",
            "| command | profile | processes |\n| --- | --- | --- |",
            *commands,
            "\n## Engines that set OMP_NUM_THREADS themselves\n",
            "| engine | known by | share | source |\n| --- | --- | --- | --- |",
            *engines,
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
