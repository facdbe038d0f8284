"""The number of processes of a command, from its command line, settings and variables, or its default."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, count, positive
from mkl_launch.core.record import Record
from mkl_launch.model.program import CPU_EXPRESSION, Program
from mkl_launch.program.hosts import HOSTS, slots_of_hosts
from mkl_launch.program.own_options import first_options, last_option, own_options, with_dashes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_DIGITS = 20  # of a product that is computed
SUPERVISOR = "programs"  # the settings file lists commands
TRUE = ("true", "y", "1")
LISTED = "max_workers="  # of Kedro, in a list of the runner's parameters
ITS_DEFAULT, EACH_CPU = "its default", "its default, one for each CPU"


class Workers(Record):
    """A number of processes and its source. `per_cpu`: it is one for each CPU that the command counts."""

    number: int
    reason: str
    per_cpu: bool = False


def count_workers(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """Return the number of processes of a command. `cpus` is the number of CPUs in the budget."""
    if program.row.settings_kind == SUPERVISOR and program.concurrent:
        workers = Workers(0, program.settings_file[0])
    else:
        workers = _of_program(program, environ, cpus)
    for other in program.concurrent:
        each = _of_program(other, other.environ(environ), cpus)
        number = workers.number + each.number * other.copies
        name = other.row.name or "".join(other.argv[:1]).rpartition("/")[2] or "a command"
        reason = f"{workers.reason}, beside {each.number * other.copies} of {name} ({each.reason})"
        workers = Workers(min(number, MAX_CPU), reason, workers.per_cpu or each.per_cpu)
    return workers


def _of_program(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """Return the processes of one program, times the number of its instances that run at a time."""
    workers = _of_instance(program, environ, cpus)
    for label, text in program.multipliers:
        from mkl_launch.program.wrapper_concurrency import commands_at_a_time

        number, per_cpu = commands_at_a_time(text, cpus)
        reason = label if workers.number == 1 else f"{label}, {workers.number} each: {workers.reason}"
        workers = Workers(min(MAX_CPU, number * workers.number), reason, per_cpu or workers.per_cpu)
    return workers


def _of_instance(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    """Return the processes of one instance of a program."""
    row = program.row
    reason = _single_process_reason(program, environ)
    if reason:
        return Workers(1, reason)
    for name, text in row.on_demand_if:
        if environ.get(name, "").lower() == text:
            return Workers(cpus, f"{name}={text}, a process for each model", per_cpu=True)
    if row.names_instances:
        from mkl_launch.program.instance_names import named_instances

        return Workers(*named_instances(program, environ, cpus))
    workers = _by_option(program, environ, cpus)
    if workers:
        return workers
    workers = (
        (_product(program, environ) if row.factors else None)
        or _in_settings(program, environ, cpus)
        or _by_variable(program, environ, cpus)
    )
    if row.config:
        from mkl_launch.program.settings_files.model_servers import configured_workers

        configured = configured_workers(row.config, program, environ, cpus)
        workers = Workers(*configured) if configured else None
    return workers or _by_default(program, environ, cpus)


def _by_option(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    for label, text in _candidates(program, environ):
        workers = _read(program, label, text, cpus) if text else None
        if workers:
            each = (*program.row.per_machine_options, *program.row.host_options, program.settings_file[0])
            return workers if label.rstrip() in each else _among_machines(program, workers, environ)
    return None


def _by_default(program: Program, environ: Mapping[str, str], cpus: int) -> Workers:
    row = program.row
    if "" in row.per_gpu_values and program.gpus:
        return Workers(program.gpus, "its default, one for each GPU")
    if row.workers or any(name in environ for name in row.single_process_if_set):
        return Workers(row.workers or 1, ITS_DEFAULT)
    return Workers(cpus, EACH_CPU, per_cpu=True)


def _in_settings(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    """Return the number in the settings file; None if there is none."""
    path, text = program.settings_file
    if not text or program.row.settings_kind in (SUPERVISOR, HOSTS):
        return None
    from mkl_launch.program.settings_files.web_servers import read_settings

    setting = read_settings(program.row.settings_kind, path, text, environ, cpus)
    return Workers(setting.number, path, per_cpu=setting.per_cpu) if setting else None


def _settings(program: Program) -> dict[str, str]:
    """Return the names and values in the settings file."""
    from mkl_launch.program.settings_files.web_servers import MAX_TEXT, named_values

    return dict(named_values(program.settings_file[1][:MAX_TEXT]))


def _by_variable(program: Program, environ: Mapping[str, str], cpus: int) -> Workers | None:
    for variable in program.row.worker_variables:
        workers = _read(program, f"{variable}=", environ.get(variable, ""), cpus)
        if workers:
            return _among_machines(program, workers, environ)
    return None


def _single_process_reason(program: Program, environ: Mapping[str, str]) -> str:
    """Return why the program is one process, even if a number is given; empty if it may be several."""
    row = program.row
    own = own_options(program)
    for names, values in row.single_process_values:
        name, text = last_option(own, names)
        if name and text.partition(":")[0] in values:
            return f"{name} {text}"
    for names, values in row.multi_process_values:
        name, text = last_option(own, names)
        if text not in values:
            return f"{name} {text}".strip() or ITS_DEFAULT
    missing = [
        f"{name} is not {words[0]}"
        for name, words in row.single_process_unless
        if not any(word in environ.get(name, "") for word in words)
    ]
    setting = row.single_process_unless_setting
    if setting and setting not in _settings(program):
        missing.append(f"no {setting} is set")
    if missing:
        return missing[0]
    forcing = row.single_process_without_gpus_unless
    if forcing and program.gpus < 2 and not any(environ.get(name, "").lower() in TRUE for name in forcing):
        return f"{program.gpus} GPUs, and {forcing[0]} is not true"
    given = {with_dashes(word.partition("=")[0]) for word in own[1:]}
    despite = [name for name in row.multi_process_options if with_dashes(name) in given]
    without = next((word for word in own[1:] if word in row.single_process_options), "")
    if despite or without or not row.multi_process_options or not program.settings_file[1]:
        return "" if despite and (not without or despite[-1] == row.multi_process_options[-1]) else without
    from mkl_launch.program.settings_files.web_servers import single_process_reason

    return single_process_reason(row.settings_kind, *program.settings_file)


def _read(program: Program, label: str, text: str, cpus: int) -> Workers | None:
    """Return the number in the text of an option or a variable; None if there is none."""
    row = program.row
    if text.startswith(CPU_EXPRESSION):
        return _counted_by_shell(label, text[len(CPU_EXPRESSION) :], cpus)
    if text in row.per_gpu_values and text and program.gpus:
        return Workers(program.gpus, f"{label}{text}: one for each GPU")
    if text in row.per_cpu_values and text:
        return Workers(cpus, label + text, per_cpu=True)
    if row.negative_offset is not None and text[:1] == "-" and positive(text[1:]):
        below = cpus + row.negative_offset - int(text[1:])
        return Workers(max(1, below), label + text, per_cpu=below == cpus)
    number = count(embedded_number(text))
    return Workers(number, label + text) if number and number <= MAX_CPU else None


def _counted_by_shell(label: str, expression: str, cpus: int) -> Workers | None:
    """Return the number that a shell computes from the number of CPUs; None if that is not a number."""
    from mkl_launch.program.settings_files.python import workers

    number, per_cpu = workers(f"workers={expression}", {}, cpus)
    return Workers(number, label + expression, per_cpu=per_cpu) if number else None


def embedded_number(text: str) -> str:
    """Return the number in `ppr:8:node`, `local[8]` or `max_workers=8`, or of devices in `host:0,1`.

    That of `2x4` or `1:2x4`, nodes and processes on each, is 8. Any other text is returned as it is.
    """
    nodes, times, each = text.rpartition(":")[2].partition("x")
    if times and nodes.isdecimal() and each.isdecimal() and len(text) < MAX_DIGITS:
        return str(int(nodes) * int(each))
    for pair in text.split(","):
        if pair.startswith(LISTED):
            return pair[len(LISTED) :]
    if text.startswith("ppr:"):
        number, _, where = text[4:].partition(":")
        return number if where.partition(":")[0] == "node" else ""
    host, _, devices = text.partition(":")
    if host and not host[0].isdecimal() and devices and all(one.isdecimal() for one in devices.split(",")):
        return str(len(devices.split(",")))
    first, bracket, rest = text.partition("[")
    return rest.partition("]")[0] if bracket and first.isalpha() else text


def _among_machines(program: Program, workers: Workers, environ: Mapping[str, str]) -> Workers:
    """Divide a number of processes by the number of machines that the command or a variable names."""
    _, text = last_option(own_options(program), program.row.machine_count_options)
    text = text or next(filter(None, map(environ.get, program.row.machine_count_variables)), "")
    machines = positive(text.partition("-")[0]) or 1
    if machines == 1:
        return workers
    return Workers(max(1, -(-workers.number // machines)), f"{workers.reason} on {machines} machines")


def _candidates(program: Program, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield a label and a text for each option that may have the number, in order of precedence."""
    row = program.row
    own = own_options(program)
    name, value = last_option(own, row.per_machine_options)
    yield f"{name} ", value
    if row.program_separator and row.program_separator in program.argv:
        yield _summed(program, own)
    name, value = last_option(own, row.worker_options)
    host, slots, machines = slots_of_hosts(program, *last_option(own, row.host_options))
    if machines > 1:
        yield f"{host} ", str(min(int(slots), positive(value) or MAX_CPU))
    yield f"{name} ", value
    yield f"{host} ", slots
    name, value = last_option(own, row.device_options)
    yield f"{name} ", str(len(value.split(","))) if value else ""
    for word in own[1:]:
        if word in row.per_cpu_options:
            yield f"{word} ", row.per_cpu_values[0]
    for variable in row.option_variables:
        name, value = last_option(("", *environ.get(variable, "").split()), row.worker_options)
        yield f"{variable} {name} ", value


def _summed(program: Program, own: tuple[str, ...]) -> tuple[str, str]:
    """Return the sum of the numbers of several programs, `-np 1 A : -np 3 B`, and its label."""
    row = program.row
    total, part = 0, list(program.argv[:1])
    for word in (*program.argv[1:], row.program_separator):
        if word != row.program_separator:
            part.append(word)
            continue
        each = positive(last_option(first_options(tuple(part), row), row.worker_options)[1])
        if not each:
            return "", ""
        total, part = total + each, list(program.argv[:1])
    return f"{last_option(own, row.worker_options)[0]} in all ", str(min(total, MAX_CPU))


def _factors(program: Program) -> Iterator[tuple[str, ...]]:
    """Yield the options of each factor, without the last if it divides the processes of the others."""
    row, words = program.row, program.argv
    yield from row.factors[:-1]
    if not set(row.shared_options) & set(words):
        yield row.local_factor if last_option(words, row.local_factor)[0] else row.factors[-1]


def _product(program: Program, environ: Mapping[str, str]) -> Workers | None:
    number, words = 1, []
    factor_variables = program.row.factor_variables or ((),) * len(program.row.factors)
    words_given = own_options(program) if program.row.abbreviates else program.argv
    for names, variables in zip(_factors(program), factor_variables):
        name, text = last_option(words_given, names)
        if not text:
            name = next((variable for variable in variables if variable in environ), "")
            text = environ.get(name, "")
        factor = positive(text)
        if factor and number * factor <= MAX_CPU:
            number *= factor
            words.append(f"{name} {text}")
    return _among_machines(program, Workers(number, ", ".join(words)), environ) if words else None
