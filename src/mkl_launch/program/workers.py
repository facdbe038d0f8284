"""How many processes a command computes in, by what it is told or by its own default. Pure."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, count, positive
from mkl_launch.core.record import Record
from mkl_launch.model.program import Program
from mkl_launch.tables.command import JVM_BLIND, JVM_COUNT, JVM_STRONGER, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUPERVISOR = "programs"  # the kind of settings that names commands
ITS_DEFAULT, EACH_CPU = "its default", "its default, one for each CPU"


class Workers(Record):
    """How many, and what says so. `per_cpu`: nothing does, so it is one for each CPU that it counts."""

    number: int
    reason: str
    per_cpu: bool = False


def workers(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """The processes that a command computes in. `cpus` is one for each CPU of the budget."""
    if program.row.settings_kind == SUPERVISOR and program.concurrent:
        found = Workers(0, program.settings_file[0])
    else:
        found = _of_one(program, environ, cpus)
    for one in program.concurrent:
        each = _of_one(one, one.environ(environ), cpus)
        number = found.number + each.number * one.copies
        name = one.row.name or one.argv[0].rpartition("/")[2]
        reason = f"{found.reason}, beside {each.number * one.copies} of {name} ({each.reason})"
        found = Workers(min(number, MAX_CPU), reason, found.per_cpu or each.per_cpu)
    return found


def _of_one(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """The processes of one program, as often as it runs at a time."""
    found = _of_once(program, environ, cpus)
    for label, text in program.multipliers:
        from mkl_launch.program.at_once import running

        number, per_cpu = running(text, cpus)
        reason = label if found.number == 1 else f"{label}, {found.number} each: {found.reason}"
        found = Workers(min(MAX_CPU, number * found.number), reason, per_cpu or found.per_cpu)
    return found


def _of_once(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    row = program.row
    alone = _alone(program, environ)
    if alone:
        return Workers(1, alone)
    for name, text in row.on_demand_if:
        if environ.get(name, "").lower() == text:
            return Workers(cpus, f"{name}={text}, a process for each model", per_cpu=True)
    found = _by_option(program, environ, cpus)
    if found:
        return found
    found = (
        _in_settings(program, environ, cpus)
        or _by_variable(program, environ, cpus)
        or _product(program, environ)
    )
    if row.config:
        from mkl_launch.program.configs import configured

        told = configured(row.config, program, environ, cpus)
        found = Workers(*told) if told else None
    return found or _by_default(program, environ, cpus)


def _by_option(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    for label, text in _told(program, environ):
        found = _read(program, label, text, cpus) if text else None
        if found:
            each = label.rstrip() in program.row.per_machine_options
            return found if each else _among_machines(program, found)
    return None


def _by_default(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    row = program.row
    if "" in row.per_gpu_values and program.gpus:
        return Workers(program.gpus, "its default, one for each GPU")
    if row.workers or any(name in environ for name in row.single_process_if_set):
        return Workers(row.workers or 1, ITS_DEFAULT)
    return Workers(cpus, EACH_CPU, per_cpu=True)


def _in_settings(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    """What its file of settings says."""
    path, text = program.settings_file
    if not text or program.row.settings_kind == SUPERVISOR:
        return None
    from mkl_launch.program.server_config import told

    said = told(program.row.settings_kind, path, text, environ, cpus)
    return Workers(said.number, path, per_cpu=said.per_cpu) if said else None


def _by_variable(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    for variable in program.row.worker_variables:
        found = _read(program, f"{variable}=", environ.get(variable, ""), cpus)
        if found:
            return found
    return None


def _alone(program: Program, environ: Mapping[str, str]) -> str:
    """Why it is one process, whatever number is given; empty where it is not."""
    row = program.row
    own = _own(program)
    for names, values in row.single_process_values:
        name, text = option(own, names)
        if name and text.partition(":")[0] in values:
            return f"{name} {text}"
    for names, values in row.multi_process_values:
        name, text = option(own, names)
        if text not in values:
            return f"{name} {text}".strip() or ITS_DEFAULT
    for name, text in row.single_process_unless:
        if text not in environ.get(name, ""):
            return f"{name} is not {text}"
    given = {dashed(word.partition("=")[0]) for word in own[1:]}
    despite = [name for name in row.multi_process_options if dashed(name) in given]
    without = next((word for word in own[1:] if word in row.single_process_options), "")
    if despite or without or not row.multi_process_options or not program.settings_file[1]:
        return "" if despite and (not without or despite[-1] == row.multi_process_options[-1]) else without
    from mkl_launch.program.server_config import single

    return single(row.settings_kind, *program.settings_file)


def _read(program: Program, label: str, text: str, cpus: int) -> Workers | None:
    """A number in what an option or a variable says."""
    row = program.row
    if text in row.per_gpu_values and text and program.gpus:
        return Workers(program.gpus, f"{label}{text}: one for each GPU")
    if text in row.per_cpu_values and text:
        return Workers(cpus, label + text, per_cpu=True)
    if row.negative_offset is not None and text[:1] == "-" and positive(text[1:]):
        below = cpus + row.negative_offset - int(text[1:])
        return Workers(max(1, below), label + text, per_cpu=below == cpus)
    number = count(inner(text))
    return Workers(number, label + text) if number and number <= MAX_CPU else None


def inner(text: str) -> str:
    """The number in `ppr:8:node`, in `local[8]` and of `host:0,1`; any other text as it is."""
    if text.startswith("ppr:"):
        number, _, where = text[4:].partition(":")
        return number if where.partition(":")[0] == "node" else ""
    host, _, devices = text.partition(":")
    if host and not host[0].isdecimal() and devices and all(one.isdecimal() for one in devices.split(",")):
        return str(len(devices.split(",")))
    first, bracket, rest = text.partition("[")
    return rest.partition("]")[0] if bracket and first.isalpha() else text


def _among_machines(program: Program, found: Workers) -> Workers:
    """The part of this machine, where the number is for several."""
    _, text = option(_own(program), program.row.machine_count_options)
    machines = positive(text.partition("-")[0])
    if not machines or machines == 1:
        return found
    return Workers(max(1, -(-found.number // machines)), f"{found.reason} on {machines} machines")


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
    own = _own(program)
    name, value = option(own, row.per_machine_options)
    yield f"{name} ", value
    yield (
        _summed(program, own)
        if row.program_separator and row.program_separator in program.argv
        else ("", "")
    )
    name, value = option(own, row.worker_options)
    yield f"{name} ", value
    for word in own[1:]:
        if word in row.per_cpu_options:
            yield f"{word} ", row.per_cpu_values[0]
    for variable in row.option_variables:
        name, value = option(("", *environ.get(variable, "").split()), row.worker_options)
        yield f"{variable} {name} ", value


def _summed(program: Program, own: tuple[str, ...]) -> tuple[str, str]:
    """The numbers of a command line that starts several programs, `-np 1 A : -np 3 B`."""
    row = program.row
    total, part = 0, list(program.argv[:1])
    for word in (*program.argv[1:], row.program_separator):
        if word != row.program_separator:
            part.append(word)
            continue
        each = positive(option(_first_options(tuple(part), row), row.worker_options)[1])
        if not each:
            return "", ""
        total, part = total + each, list(program.argv[:1])
    return f"{option(own, row.worker_options)[0]} in all ", str(min(total, MAX_CPU))


def _product(program: Program, environ: Mapping[str, str]) -> Workers | None:
    number, words = 1, []
    told = program.row.factor_variables or ((),) * len(program.row.factors)
    for names, variables in zip(program.row.factors, told):
        name, text = option(program.argv, names)
        if not text:
            name = next((variable for variable in variables if variable in environ), "")
            text = environ.get(name, "")
        factor = positive(text)
        if factor and number * factor <= MAX_CPU:
            number *= factor
            words.append(f"{name} {text}")
    return Workers(number, ", ".join(words)) if words else None


def _own(program: Program) -> tuple[str, ...]:
    """The words of the program itself: behind its script they may be the script's."""
    skipped = program.row.subcommand.split()
    words = program.argv
    if not program.row.flags:
        return words
    at = words.index(skipped[-1]) if skipped and skipped[-1] in words else 0
    return _first_options(words[at:], program.row)


def _first_options(words: tuple[str, ...], row: Command) -> tuple[str, ...]:
    """The words up to the first that is neither an option nor the value of one."""
    at = 1
    flags = {dashed(flag) for flag in row.flags}
    while at < len(words) and words[at].startswith("-"):
        alone = "=" in words[at] or words[at] == "--" or dashed(words[at]) in flags
        at += 1 if alone else 3 if words[at] in row.two_value_options else 2
    return words[:at]


def dashed(word: str) -> str:
    """A long option with `-` for `_`, which argparse's programs and vLLM take for the same."""
    name, equals, value = word.partition("=")
    return name.replace("_", "-") + equals + value if word.startswith("--") else word


def option(words: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, str]:
    """The last of some options and its value, as `--name value`, `--name=value` or `-n4`.

    A value that is glued to a letter is a number or none: `-npernode` is no `-n`.
    """
    found = "", ""
    names = tuple(dashed(name) for name in names)
    for written, following in zip(words[1:], (*words[2:], "")):
        word = dashed(written)
        for name in names:
            if word == name:
                found = written, following
                break
            if word.startswith(name + "="):
                found = written.partition("=")[0], word[len(name) + 1 :]
            elif len(name) == 2 and word.startswith(name) and _glued(name, word[2:]):
                found = name, word[2:]
    return found


def _glued(name: str, text: str) -> bool:
    return text.isdecimal() or (name == "-P" and text.isalpha()) or (name == "-k" and text.isalpha())
