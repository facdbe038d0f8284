"""The settings file of uWSGI: its sections, conditions, placeholders and included files.

Imported only for uWSGI. https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html
"""

from __future__ import annotations

from mkl_launch.core.cpulist import count
from mkl_launch.host.filesystem import Root
from mkl_launch.program.settings_files.web_servers import MAX_TEXT, WorkerSetting, named_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

INCLUDING = ("ini", "include", "inherit", "yaml", "yml", "json")
SETTING = ("set-placeholder", "set-ph", "setplaceholder")
NUMBER = ("processes", "workers", "p")
EACH_CPU = ("%k", "%(k)", "auto")
MAX_INCLUDED = 5  # one within another


def read(root: Root, path: str, default: str, depth: int = 0) -> str:
    """Return the lines of a section, `FILE:SECTION`, with the lines of the files that it includes.

    `default` is the section of a path without one.
    """
    file, _, section = path.partition(":")
    text = root.read(file).text[:MAX_TEXT]
    if file.endswith((".json", ".js")):
        text = text.replace("{", "{\n").replace(",", ",\n")
    lines = []
    for line in _section(text, section or default):
        name, value = next(named_values(line), ("", ""))
        inner = value if value.startswith("/") else f"{file.rpartition('/')[0]}/{value}"
        included = name in INCLUDING and value and depth < MAX_INCLUDED
        lines.append(read(root, inner, default, depth + 1) if included else line)
    return "\n".join(lines)


def _section(text: str, section: str) -> Iterator[str]:
    """Yield the lines of a section; all lines if there is no section."""
    lines = text.splitlines()
    has_sections = any(line.strip() == f"[{section}]" for line in lines)
    current = ""
    for line in lines:
        plain = line.strip()
        if plain[:1] == "[" and plain[-1:] == "]":
            current = plain[1:-1]
        if not has_sections or current == section:
            yield line


def worker_setting(text: str, environ: Mapping[str, str], cpus: int) -> WorkerSetting | None:
    """Return the last `processes = VALUE`: a number, `%k` for the CPUs, `$(NAME)` or `%(placeholder)`."""
    setting = None
    values: dict[str, str] = {}
    holds = True
    for option, written in named_values(text):
        if option.startswith("if-"):
            holds = _holds(option, written, environ)
        elif option in ("endif", "end-if"):
            holds = True
        elif holds:
            key, _, own = written.partition("=")
            name, value = (key.strip(), own.strip()) if option in SETTING else (option, written)
            values[name] = _filled(value, values, environ)
            if name in NUMBER and values[name] in EACH_CPU:
                setting = WorkerSetting(cpus, per_cpu=True)
            elif name in NUMBER:
                number = count(values[name])
                setting = WorkerSetting(number) if number else setting
    return setting


def _holds(condition: str, value: str, environ: Mapping[str, str]) -> bool:
    """Return whether a condition holds; one on anything but a variable does not."""
    name = value.strip()
    return condition in ("if-env", "if-not-env") and (name in environ) == (condition == "if-env")


def _filled(value: str, values: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Return a value that is `$(NAME)` or `%(placeholder)` as what it stands for."""
    known = environ if value.startswith("$(") else values if value.startswith("%(") else None
    return value if known is None or value in EACH_CPU else known.get(value[2:].rstrip(")"), "")
