"""Which file a command names, whether it is a script, and in which language. Read, never run."""

from __future__ import annotations

from mkl_launch.host.filesystem import Root
from mkl_launch.tables.wrapper_row import PYTHON, SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHELL = "sh"
ENDINGS = (".sh", ".py")
FOLDER = "PWD"  # the variable with the folder of a command, which `cd` sets
# What a script asks commands for stands in variables while its text is followed.
GPU_COUNT = "_GPU_COUNT"


def beside(folder: str | None, path: str) -> str:
    """Return the path of a file that is named in a folder; `path` if the folder is not known."""
    return path if not folder or path.startswith("/") else f"{folder}/{path.removeprefix('./')}"


def script_values(root: Root, file: str, text: str) -> dict[str, str]:
    """Return the variables that answer what a script asks for: its own name, the number of GPUs."""
    values = {"0": file, "BASH_SOURCE[@]": file}
    gpus = gpu_count(root) if "nvidia-smi" in text else 0
    return {**values, GPU_COUNT: str(gpus)} if gpus else values


def gpu_count(root: Root) -> int:
    """Return the number of NVIDIA's GPUs of the machine."""
    names = (name.removeprefix("nvidia") for name in root.names("/dev") if name.startswith("nvidia"))
    return sum(1 for name in names if name.isdecimal())


def search_path(environ: Mapping[str, str]) -> str:
    """Return the search path for a command without a slash, like execvp(3)."""
    return environ.get("PATH", "/bin:/usr/bin")


def which(root: Root, name: str, path: str) -> str | None:
    """Return the file that execvp(3) would start; None if there is none.

    A relative path is searched on this machine only, not below another root.
    """
    places = [""] if "/" in name else [f"{directory or '.'}/" for directory in path.split(":")]
    if name.endswith(ENDINGS) and "/" not in name:  # after `sh` or `python`, it is a file and not a command
        places.insert(0, "./")
    return next((place + name for place in places if name and _there(root, place + name)), None)


def _there(root: Root, file: str) -> bool:
    return (root.live or file.startswith("/")) and root.exists(file)


def find_script(root: Root, name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the path of a script and its language; two empty texts if the file is not a script.

    The language is SHELL, PYTHON, or "" for any other interpreter. A text without an interpreter line is a
    Python script if its name ends in .py, else a shell script, like in execvp(3).
    """
    file = which(root, name, search_path(environ)) if name else None
    head = root.head(file) if file else ""
    if not file or not head or "\0" in head:
        return "", ""
    first = head.partition("\n")[0]
    if not first.startswith("#!"):
        return file, PYTHON if file.endswith(ENDINGS[1]) else SHELL
    names = [word.rpartition("/")[2] for word in first[2:].split()]
    shell = any(word in SHELLS for word in names)
    return file, SHELL if shell else PYTHON if any(word.startswith(PYTHON) for word in names) else ""
