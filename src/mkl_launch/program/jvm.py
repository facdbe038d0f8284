"""The workers of a server that starts one for each CPU that its JVM counts. Imported for these only."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.core.rounding import rounded_up
from mkl_launch.model.program import Program
from mkl_launch.program.workers import Workers
from mkl_launch.tables.command_row import JVM_COUNT, JVM_IGNORES_QUOTA, JVM_OVERRIDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def counted_by_jvm(
    program: Program, environ: Mapping[str, str], options: str, cpus: tuple[int, float | None]
) -> Workers | None:
    """Return a worker for each CPU that a JVM counts; None if the user set no JVM options.

    `options` are the user's options in JVM_VARIABLE, `cpus` the number of CPUs and the quota.
    """
    config = program.row.config
    own = dict(program.properties).get(config.jvm_options, "") if config else ""
    first, last = (environ.get(name, "") for name in JVM_OVERRIDING)
    words = f"{options} {first} {own} {last}".split()
    for word in reversed(words):
        number = positive(word.removeprefix(JVM_COUNT))
        if word.startswith(JVM_COUNT) and number and number <= MAX_CPU:
            return Workers(number, word)
    if not options:
        return None
    logical, quota = cpus
    if quota is None or JVM_IGNORES_QUOTA in words:
        return Workers(logical, "one for each CPU that its JVM counts")
    return Workers(rounded_up(logical, quota), "one for each CPU that its JVM counts in the quota")
