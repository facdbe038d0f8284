"""The instances that a command names, `celery multi start w1 w2 -c 2 -c:w1 4`, and their processes.

Imported only for such a command. https://docs.celeryq.dev/en/stable/reference/celery.bin.multi.html
"""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.model.program import Program
from mkl_launch.program.own_options import last_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def named_instances(program: Program, environ: Mapping[str, str], cpus: int) -> tuple[int, str, bool]:
    """Return the number of processes of all instances, its source, and whether one of them counts CPUs."""
    row = program.row
    last = row.subcommand.split()[-1]
    words = program.argv[program.argv.index(last) + 1 :]
    names = _names(words[: words.index("--")] if "--" in words else words)
    if len(names) == 1 and positive(names[0]):
        names = [str(number + 1) for number in range(min(int(names[0]), MAX_CPU))]
    of_all = last_option(program.argv, row.worker_options)[1].partition(",")[0]
    of_all = of_all or next((environ[name] for name in row.worker_variables if environ.get(name)), "")
    total, counts = 0, False
    for place, name in enumerate(names or [""], 1):
        namespaced = tuple(f"{option}:{key}" for option in row.worker_options for key in (name, place))
        number = positive(last_option(words, namespaced)[1] or of_all)
        counts = counts or not number
        total += number or cpus
    return min(total, MAX_CPU), f"{max(1, len(names))} instances", counts


def _names(words: tuple[str, ...]) -> list[str]:
    """Return the words that are no option. A short option takes the next word, a long one does not."""
    names, before = [], ""
    for word in words:
        if not word.startswith("-") and (before.startswith("--") or not before.startswith("-")):
            names.append(word)
        before = word
    return names
