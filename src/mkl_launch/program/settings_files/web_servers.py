"""The number of processes in a server's settings file. The file is read as text and not run.

Imported only for servers whose rows name such a file.
"""

from __future__ import annotations

from mkl_launch.core.cpulist import count
from mkl_launch.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_TEXT = 1 << 16  # characters of a file that are read
MAX_PROGRAMS = 200  # of a supervisor
CODE = ".py"
UWSGI = "ini"
FACTOR_NAMES = {
    "tensor": ("parallel-size",),
    "pipeline": ("parallel-size",),
    "data": ("parallel-size",),
    **dict.fromkeys(("tp", "pp", "dp"), ("", "size")),
}
YES = ("true", "yes", "on", "1")


class WorkerSetting(Record):
    """The number of workers in a settings file. `per_cpu`: the file counts CPUs."""

    number: int
    per_cpu: bool = False


class SupervisedCommand(Record):
    """A command that a supervisor starts, and its number of copies. `in_shell`: a shell reads the line."""

    line: str
    copies: int
    assigned: tuple[tuple[str, str], ...] = ()
    in_shell: bool = False


def read_settings(
    kind: str, path: str, text: str, environ: Mapping[str, str], cpus: int
) -> WorkerSetting | None:
    """Return the workers in a settings file; None if the number is not certain."""
    text = text[:MAX_TEXT]
    if path.endswith(CODE):
        from mkl_launch.program.settings_files.python import workers

        number, per_cpu = workers(text, environ, cpus)
        return WorkerSetting(number, per_cpu) if number else None
    if kind == UWSGI:
        from mkl_launch.program.settings_files.uwsgi import worker_setting

        return worker_setting(text, environ, cpus)
    if kind == "factors":
        return _factors(text)
    names = {"yaml": "num_processes", "json": "parallel_workers"}
    if kind == "json":  # of one line
        text = text.replace("{", "{\n").replace(",", ",\n")
    pairs = dict(named_values(text))
    number = count(pairs.get(names.get(kind, "workers"), ""))
    machines = count(pairs.get("num_machines", "")) or 1
    return WorkerSetting(-(-number // machines)) if number else None


def single_process_reason(kind: str, path: str, text: str) -> str:
    """Return the setting that makes the command one process, whatever its options say; "" without one.

    https://github.com/huggingface/accelerate/blob/v1.15.0/src/accelerate/commands/launch.py
    """
    pairs = dict(named_values(text[:MAX_TEXT]))
    sort = pairs.get("distributed_type", "")
    single = kind == "yaml" and sort.upper() in ("NO", "MULTI_CPU") and not pairs.get("mpirun_hostfile")
    return f"distributed_type {sort} in {path}" if single else ""


def named_values(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of `name = value` and `name: value`, without quotes or a trailing comma."""
    for line in text.splitlines():
        plain = line.strip().strip("{}")
        if plain and plain[0] not in "#;[":
            end = min((at for at in (plain.find("="), plain.find(":")) if at >= 0), default=-1)
            if end > 0:
                name = plain[:end].strip().strip("\"'")
                yield name, plain[end + 1 :].partition("#")[0].strip().rstrip(",").strip().strip("\"'")


def _factors(text: str) -> WorkerSetting | None:
    """Return the product of the numbers of processes in a settings file of vLLM or SGLang.

    https://docs.vllm.ai/en/latest/configuration/serve_args/#configuration-file
    """
    number = 1
    for name, value in dict(named_values(text)).items():
        kind, _, rest = name.replace("_", "-").partition("-")
        if rest in FACTOR_NAMES.get(kind, ()):
            number *= count(value) or 1
    return WorkerSetting(number) if number > 1 else None


# Supervisors


def sections(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the sections of an .ini file: continued lines are joined, comments are left out."""
    name: str | None = None
    values: dict[str, str] = {}
    last = ""
    for line in text[:MAX_TEXT].splitlines():
        plain = line.partition(" ;")[0].strip()
        if not plain or plain[0] in "#;":
            continue
        if plain[0] == "[" and plain[-1] == "]":
            if name is not None:
                yield name, values
            name, values, last = plain[1:-1].strip(), {}, ""
        elif line[:1].isspace() and last:
            values[last] = f"{values[last]} {plain}"
        else:
            last, _, value = (part.strip() for part in plain.partition("="))
            values[last] = value
    if name is not None:
        yield name, values


def supervised_commands(
    text: str, environ: Mapping[str, str], words: tuple[str, ...] = ()
) -> tuple[tuple[SupervisedCommand, ...], tuple[str, ...]]:
    """Return the commands in the configuration of a supervisor, and the files that it includes.

    https://supervisord.org/configuration.html, https://circus.readthedocs.io/en/latest/configuration/
    """
    commands: list[SupervisedCommand] = []
    included: tuple[str, ...] = ()
    parts = list(sections(text))
    for name, written in parts:
        values = {key: _filled(value, environ) for key, value in written.items()}
        kind = name.partition(":")[0]
        if name == "include":
            included = tuple(values.get("files", "").split())
        elif kind in ("program", "fcgi-program") and values.get("autostart", "true").lower() in YES:
            copies = count(values.get("numprocs", "1")) or 1
            assigned = assigned_values(values.get("environment", ""))
            commands.append(SupervisedCommand(values.get("command", ""), copies, assigned))
        elif kind == "watcher" and values.get("autostart", "true").lower() in YES:
            line = f"{values.get('cmd', '')} {values.get('args', '')}".strip()
            commands.append(SupervisedCommand(line, count(values.get("numprocesses", "1")) or 1))
    return tuple((commands if parts else _procfile(text, words))[:MAX_PROGRAMS]), included


def assigned_values(text: str) -> tuple[tuple[str, str], ...]:
    """Return the variables of `environment=KEY="val",KEY2=val`."""
    pairs, quote, begin = [], "", 0
    for at, char in enumerate(f"{text},"):
        if char in "\"'" and quote in ("", char):
            quote = "" if quote else char
        elif char == "," and not quote:
            name, equals, value = text[begin:at].strip().partition("=")
            pairs += [(name.strip(), value.strip().strip("\"'"))] if equals else []
            begin = at + 1
    return tuple(pairs)


def _procfile(text: str, words: tuple[str, ...]) -> list[SupervisedCommand]:
    """Return the commands of a Procfile; if words name some, only these. `web=2` is two copies.

    https://honcho.readthedocs.io/en/latest/using_procfiles.html
    """
    lines = (line.partition(":") for line in text[:MAX_TEXT].splitlines() if not line.startswith("#"))
    commands = {name.strip(): line.strip() for name, colon, line in lines if colon and line.strip()}
    pairs = (pair.partition("=") for word in words if "=" in word for pair in word.split(","))
    copies = {name.rpartition(" ")[2]: count(number) for name, _, number in pairs}
    chosen = commands.keys() & set(words) or commands.keys()
    return [
        SupervisedCommand(line, copies.get(name) or 1, in_shell=True)
        for name, line in commands.items()
        if name in chosen
    ]


def _filled(value: str, environ: Mapping[str, str]) -> str:
    """Expand the variables in a value, written as %(ENV_NAME)s."""
    first, *rest = value.split("%(ENV_")
    parts = (part.partition(")s") for part in rest)
    return first + "".join(environ.get(name, "") + after for name, _, after in parts)
