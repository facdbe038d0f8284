"""What uWSGI starts beside its workers: instances of itself for settings files in a folder, and daemons.

Imported only for uWSGI.
https://uwsgi-docs.readthedocs.io/en/latest/Emperor.html,
https://uwsgi-docs.readthedocs.io/en/latest/AttachingDaemons.html
"""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program
from mkl_launch.program.own_options import last_option
from mkl_launch.program.settings_files.web_servers import MAX_TEXT, named_values

MAX_INSTANCES = 100
ENDINGS = (".ini", ".yml", ".yaml", ".json", ".js")
DAEMONS, WITH_FILE = ("--attach-daemon", "--attach-control-daemon"), "--smart-attach-daemon"
INCLUDED = ("--vassals-include-before", "--vassals-include")


def folder_of_instances(program: Program) -> str:
    """Return the folder, or the pattern, of the settings files; "" without one."""
    folder = _setting(program, program.row.instance_folder_options[0])
    for monitor in ("dir://", "glob://"):
        folder = folder.removeprefix(monitor)
    return "" if "://" in folder else folder


def instances(root: Root, program: Program) -> tuple[Program, ...]:
    """Return an instance of the program for each of the settings files; () if it starts none."""
    folder = folder_of_instances(program)
    if not folder or not (root.live or folder.startswith("/")):
        return ()
    within = "" if "*" in folder else folder.rstrip("/") + "/"  # where the instances are started
    before, after = (_text(root, _setting(program, option), within) for option in INCLUDED)
    return tuple(
        changed(
            program,
            argv=(program.row.name, "--ini", path),
            insert_at=None,
            concurrent=(),
            settings_file=(path, f"{before}\n{_text(root, path)}\n{after}"),
        )
        for path in _files(root, folder)[:MAX_INSTANCES]
    )


def daemon_lines(program: Program) -> list[str]:
    """Return the command lines of the daemons that an instance starts."""
    written = (word.partition("=") for word in program.argv)
    pairs = [(name, value) for name, equals, value in written if equals]
    pairs += zip(program.argv, program.argv[1:])
    pairs += ((f"--{name}", value) for name, value in named_values(program.settings_file[1]))
    lines = [value for name, value in pairs if name in DAEMONS]
    lines += [value.partition(" ")[2] for name, value in pairs if name == WITH_FILE]
    return lines[:MAX_INSTANCES]


def _setting(program: Program, option: str) -> str:
    """Return the value of an option, else of its name in the settings file."""
    _, value = last_option(program.argv, (option,))
    return value or dict(named_values(program.settings_file[1][:MAX_TEXT])).get(option[2:], "")


def _text(root: Root, path: str, within: str = "") -> str:
    path = path if path.startswith("/") else within + path
    return root.read(path).text[:MAX_TEXT] if path != within else ""


def _files(root: Root, pattern: str) -> list[str]:
    """Return the paths that a pattern with `*` stands for, or the settings files in a folder."""
    if "*" not in pattern:
        folder = pattern.rstrip("/")
        return [f"{folder}/{name}" for name in sorted(root.names(folder)) if name.endswith(ENDINGS)]
    paths = [""] if pattern.startswith("/") else ["."]
    for part in pattern.lstrip("/").split("/"):
        begin, star, end = part.partition("*")
        paths = [
            f"{path}/{name}"
            for path in paths[:MAX_INSTANCES]
            for name in (sorted(root.names(path or "/")) if star else (part,))
            if not star or (name.startswith(begin) and name.endswith(end))
        ]
    return paths
