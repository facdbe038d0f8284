"""The instances that a command names, `celery multi start w1 w2 -c 2 -c:w1 4`, and their processes.

Imported only for such a command. https://docs.celeryq.dev/en/stable/reference/celery.bin.multi.html
"""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.model.program import Program
from mkl_launch.program.own_options import last_option


def named_instances(program: Program, cpus: int) -> tuple[int, str, bool]:
    """Return the number of processes of all instances, its source, and whether one of them counts CPUs."""
    row = program.row
    last = row.subcommand.split()[-1]
    words = program.argv[program.argv.index(last) + 1 :]
    names = words[: next((at for at, word in enumerate(words) if word.startswith("-")), len(words))]
    if len(names) == 1 and positive(names[0]):
        names = tuple(str(number + 1) for number in range(min(int(names[0]), MAX_CPU)))
    total, counts = 0, False
    for name in names or ("",):
        options = row.worker_options
        own = last_option(words, tuple(f"{option}:{name}" for option in options))[1]
        number = positive(own or last_option(program.argv, options)[1].partition(",")[0])
        counts = counts or not number
        total += number or cpus
    return min(total, MAX_CPU), f"{max(1, len(names))} instances", counts
