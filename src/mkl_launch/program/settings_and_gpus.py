"""The settings file of a known program, and the GPUs that it counts."""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program
from mkl_launch.program.own_options import last_option, own_operands, own_options
from mkl_launch.program.script_file import beside, gpu_count
from mkl_launch.program.workers import SUPERVISOR
from mkl_launch.tables.command_row import AIRFLOW, SWIFT
from mkl_launch.tables.lookup import wrapper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

UWSGI = "ini"  # the kind of its settings files


def add_equipment(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Add the settings file of a program and the GPUs that it counts."""
    row, seen = program.row, program.environ(environ)
    if row.per_gpu_values or row.sizes_pools_since:
        program = changed(program, gpus=_gpus(root, seen))
    if row.per_gpu_values:
        _, text = last_option(own_options(program), row.worker_options)
        known = (
            text.isdecimal() or text in row.per_cpu_values or (program.gpus and text in row.per_gpu_values)
        )
        if text and not known:  # it divides the CPUs itself
            program = changed(program, row=changed(row, sets_child_threads=True))
    if row.settings_kind:
        program = changed(program, settings_file=_settings(root, program, seen))
    if row.unread_endings:
        unread = (word for word in own_operands(program) if word.endswith(row.unread_endings))
        program = changed(program, not_inspected=next(unread, program.not_inspected))
    if row.settings_kind in (AIRFLOW, SWIFT):
        from mkl_launch.program.settings_files.as_variables import settings_as_variables

        more = settings_as_variables(root, program, seen)
        program = changed(program, assigned=(*more, *program.assigned), settings_file=("", ""))
    return program


def without_clearing(root: Root, program: Program) -> Program:
    """Return the program with its environment, if a file of the wrapper keeps it or cannot be read."""
    row = wrapper(program.env_cleared_by or "")
    if not row or not row.env_keeping_file:
        return program
    path, words = row.env_keeping_file
    text = root.read(path).text
    kept = not text or any(word in text for word in words)
    return changed(program, env_cleared_by=None) if kept else program


def _gpus(root: Root, environ: Mapping[str, str]) -> int:
    """Return the number of GPUs in CUDA_VISIBLE_DEVICES, else of the machine."""
    named = environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return sum(1 for part in named.split(",") if part.strip() and part.strip() != "-1")
    return gpu_count(root)


def _settings(root: Root, program: Program, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the path and the text of the settings file; two empty texts if there is none."""
    row = program.row
    named = last_option(own_options(program), row.settings_options)[1]
    for variable in row.option_variables:
        words = environ.get(variable, "").split()
        named = named or last_option(("", *words), row.settings_options)[1]
    for variable in row.settings_variables:
        named = named or environ.get(variable, "")
    ending = (".ini", ".yaml", ".yml", ".json") if row.settings_kind == UWSGI else (".ini", ".yaml", ".yml")
    if row.settings_kind in (UWSGI, SUPERVISOR) and not named:
        files = (word for word in program.argv[1:] if word.partition(":")[0].endswith(ending))
        named = next(files, "")
    if row.settings_kind == SWIFT:
        named = next((word for word in program.argv[2:3] if word.endswith((".json", *ending))), "")
    if row.settings_kind == "json" and not named:  # in the folder of the models
        skipped = len(row.subcommand.split()) + 1
        folder = next((word for word in program.argv[skipped:] if not word.startswith("-")), "")
        named = f"{folder.rstrip('/')}/{row.settings_default[0]}" if folder else ""
    kind, colon, rest = named.partition(":")
    if colon and kind.isalpha():  # file:PATH, or a module
        named = rest if kind == "file" else rest.replace(".", "/") + ".py"
    for place in (named,) if named else row.settings_default:
        path = beside(program.folder, _filled(place, environ))
        if path and (root.live or path.startswith("/")):
            text = dict(program.written).get(path) or _text(root, path, program)
            if text:
                return path, text
    return "", ""


def _text(root: Root, path: str, program: Program) -> str:
    if program.row.settings_kind == UWSGI:
        from mkl_launch.program.settings_files.uwsgi import read

        return read(root, path, program.row.name)
    return root.read(path).text


def _filled(path: str, environ: Mapping[str, str]) -> str:
    """Expand the variable at the beginning of a path; return "" if it is not set."""
    if not path.startswith("$"):
        return path
    name, slash, rest = path[1:].partition("/")
    return f"{environ[name]}{slash}{rest}" if environ.get(name) else ""
