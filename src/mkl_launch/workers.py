"""How many processes a command computes in: by its options, its variables, its configuration. Pure."""

from __future__ import annotations

from .command import JVM_BLIND, JVM_COUNT, JVM_STRONGER
from .cpulist import MAX_CPU, count, positive
from .recognise import Program
from .record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ALL_CPUS = ("auto", "cpu")  # of torchrun's --nproc-per-node


@record
class Workers:
    """How many, and what says so. `per_cpu`: nothing does, so it is one for each CPU that it counts."""

    number: int
    reason: str
    per_cpu: bool = False


def workers(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """The processes that a command computes in. `cpus` is one for each CPU of the budget."""
    for label, text in _told(program, environ):
        if text in ALL_CPUS:
            return Workers(cpus, label + text, per_cpu=True)
        number = count(text)
        if number and number <= MAX_CPU:
            return Workers(number, label + text)
    row = program.row
    found = _product(program)
    if row.config:
        from .configs import configured

        told = configured(row.config, program, environ, cpus)
        found = Workers(*told) if told else None
    if found:
        return found
    if row.workers or any(name in environ for name in row.one_where):
        return Workers(row.workers or 1, "its default")
    return Workers(cpus, "its default, one for each CPU", per_cpu=True)


def counted_by_jvm(
    program: Program, environ: Mapping[str, str], options: str, cpus: tuple[int, float | None]
) -> Workers | None:
    """A worker for each CPU that a JVM counts, where its options are the user's; else None.

    `options` are the user's in the variable that could be set, `cpus` the CPUs and the quota.
    """
    config = program.row.config
    own = dict(program.properties).get(config.jvm_options, "") if config else ""
    first, last = (environ.get(name, "") for name in JVM_STRONGER)
    words = f"{options} {first} {own} {last}".split()
    for word in reversed(words):
        number = positive(word.removeprefix(JVM_COUNT))
        if word.startswith(JVM_COUNT) and number and number <= MAX_CPU:
            return Workers(number, word)
    if not options:
        return None
    logical, quota = cpus
    if quota is None or JVM_BLIND in words:
        return Workers(logical, "one for each CPU that its JVM counts")
    return Workers(rounded_up(logical, quota), "one for each CPU that its JVM counts in the quota")


def rounded_up(number: int, quota: float | None) -> int:
    """`number` cut to the quota, for what does not wait for each other; as the JVM, loky and Go count."""
    return number if quota is None else max(1, min(number, -int(-quota // 1)))


def _told(program: Program, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Everything that tells a number, the strongest first, and how to call it."""
    row = program.row
    name, value = option(_own(program), row.worker_options)
    yield f"{name} ", value
    for variable in row.option_variables:
        name, value = option(("", *environ.get(variable, "").split()), row.worker_options)
        yield f"{variable} {name} ", value
    for variable in row.worker_variables:
        yield f"{variable}=", environ.get(variable, "")


def _product(program: Program) -> Workers | None:
    number, words = 1, []
    for names in program.row.factors:
        name, text = option(program.words, names)
        factor = positive(text)
        if factor and number * factor <= MAX_CPU:
            number *= factor
            words.append(f"{name} {text}")
    return Workers(number, ", ".join(words)) if words else None


def _own(program: Program) -> tuple[str, ...]:
    """The words of the program itself: behind its script they may be the script's."""
    words, flags = program.words, program.row.flags
    at = 1
    while flags and at < len(words) and words[at].startswith("-"):
        at += 1 if words[at] in flags or "=" in words[at] else 2
    return words[:at] if flags else words


def option(words: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, str]:
    """The last of some options and its value, as `--name value`, `--name=value` or `-nvalue`."""
    found = "", ""
    for word, following in zip(words[1:], (*words[2:], "")):
        for name in names:
            if word == name:
                found = name, following
                break
            if word.startswith(name + "="):
                found = name, word[len(name) + 1 :]
            elif len(name) == 2 and word.startswith(name):
                found = name, word[2:]
    return found
