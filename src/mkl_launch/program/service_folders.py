"""The services in the folders of s6-overlay, s6 and runit: a folder each, with a script `run`.

https://github.com/just-containers/s6-overlay#writing-a-service-script,
https://smarden.org/runit/runsvdir.8.html
"""

from __future__ import annotations

from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Program
from mkl_launch.tables.wrapper_row import S6_OVERLAY

MAX_SERVICES = 100
OVERLAY_FOLDERS = ("/etc/services.d", "/etc/s6-overlay/s6-rc.d")
LASTING = ("", "longrun")  # what a file `type` says of a service that does not end


def run_files(root: Root, program: Program) -> list[str]:
    """Return the paths of the scripts that a supervisor of services starts."""
    names = {file.rpartition("/")[2] for file in program.wrapper_files}
    if S6_OVERLAY in names:
        folders: tuple[str, ...] = OVERLAY_FOLDERS
    else:
        operands = tuple(word for word in program.argv[1:] if word.startswith("/"))
        folders = operands[:1] or program.row.settings_default
    paths = [(folder, name) for folder in folders for name in sorted(root.names(folder))]
    return [
        f"{folder}/{name}/run"
        for folder, name in paths[:MAX_SERVICES]
        if root.exists(f"{folder}/{name}/run")
        and root.read(f"{folder}/{name}/type").text.strip() in LASTING
        and not root.exists(f"{folder}/{name}/down")
    ]
