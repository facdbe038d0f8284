"""The workers in the configuration file of a model server. Imported only for these servers."""

from __future__ import annotations

from mkl_launch.core.cpulist import MAX_CPU, positive
from mkl_launch.model.program import Program
from mkl_launch.tables.command_row import ConfigFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def config_path(config: ConfigFile, given: str, environ: Mapping[str, str]) -> str:
    """Return the path of the server's configuration. `given` is the value of its option, or empty."""
    return environ.get(config.variable, given or config.default)


def read_properties(text: str) -> dict[str, str]:
    """Parse a .properties file (java.util.Properties.load): `key=value`, `key: value` or `key value`.

    A line that ends in an odd number of backslashes continues in the next line, unless it is a comment.
    """
    values = {}
    lines = iter(text.splitlines())
    for line in lines:
        natural = line.strip()
        if not natural or natural[0] in "#!":
            continue
        parts = []
        while (len(natural) - len(natural.rstrip("\\"))) % 2:
            parts.append(natural[:-1])
            natural = next(lines, "").strip()
        plain = "".join((*parts, natural))
        end = next((at for at, char in enumerate(plain) if char in "=: \t"), len(plain))
        value = plain[end:].lstrip()
        values[plain[:end]] = value[1:].lstrip() if value[:1] in ("=", ":") else value
    return values


def configured_workers(
    config: ConfigFile, program: Program, environ: Mapping[str, str], cpus: int
) -> tuple[int, str] | None:
    """Return the number of workers for all models, and its source; None if the file sets none."""
    values = _effective_properties(config, program, environ)
    name, each = next(
        ((key, number) for key in config.workers if (number := positive(values.get(key)))), ("", None)
    )
    own = _min_workers(values.get(config.each_model, ""))
    models = _models(config, program, values) or [""]
    if not each and not any(model in own for model in models):
        return None
    number = sum(own.get(model, each or cpus) for model in models)
    words = [
        f"{name}={each}" if each else "",
        *(f"{model}: {own[model]}" for model in models if model in own),
    ]
    many = f" for {len(models)} models" if len(models) > 1 else ""
    return min(number, MAX_CPU), ", ".join(filter(None, words)) + many


def _effective_properties(
    config: ConfigFile, program: Program, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the properties after overrides by variables and with $$NAME$$ replaced."""
    values = dict(program.properties)
    if values.get(config.switch, "").lower() == "true":
        for name in (config.workers[0], config.models):
            values[name] = environ.get(config.prefix + name.upper(), values.get(name, ""))
    return {name: _replaced(text, environ) for name, text in values.items()}


def _replaced(text: str, environ: Mapping[str, str]) -> str:
    parts = text.split("$$")
    return "".join(environ.get(part, "") if at % 2 else part for at, part in enumerate(parts))


def _models(config: ConfigFile, program: Program, values: Mapping[str, str]) -> list[str]:
    """Return the models that are loaded at the start, from the option, else from the file."""
    words = program.argv
    if config.models_option in words:
        rest = words[words.index(config.models_option) + 1 :]
        end = next((at for at, word in enumerate(rest) if word.startswith("-")), len(rest))
        names = list(rest[:end])
    else:
        names = values.get(config.models, "").split(",")
    if [name.lower() for name in names] == ["all"]:
        names = list(program.archives)
    return [_name(name) for name in names if name.strip()]


def _name(model: str) -> str:
    """Return the name of a model: `noop` for `noop=http://host/x.mar` and for `noop.mar`."""
    name, equals, _ = model.strip().partition("=")
    return name if equals else name.rpartition("/")[2].removesuffix(".mar")


def _min_workers(text: str) -> dict[str, int]:
    """Return the largest minWorkers of each model's versions.

    TorchServe's `models` is JSON: {"noop": {"1.0": {"minWorkers": 2}}}.
    """
    if not text:
        return {}
    workers = {}
    try:
        import json  # which Debian's python3-minimal lacks

        for model, versions in json.loads(text).items():
            numbers = [
                int(version["minWorkers"]) for version in versions.values() if "minWorkers" in version
            ]
            if numbers and max(numbers) > 0:
                workers[model] = max(numbers)
    except (ImportError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}
    return workers
