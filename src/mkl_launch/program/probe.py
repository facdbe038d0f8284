"""What the command's own files say of it: its configuration, and what its Python carries. Never fatal.

Nothing of the user's is imported or run: a file is read, a few directories are listed.
"""

from __future__ import annotations

from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Libraries, Program
from mkl_launch.program.scripts import SHELL, search_path, which
from mkl_launch.program.scripts import find_script as file_of
from mkl_launch.program.workers import last_option
from mkl_launch.tables.wrapper import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# OpenMP runtimes by the beginning of their file's name; wheels add a hash (libgomp-e985bcbb.so.1).
RUNTIMES = ("libgomp", "libiomp5", "libomp")
LINKED = ("libgomp.so.1", "libiomp5.so", "libomp.so")  # their names where they are not in a wheel

# Distributions that compute, and the folder with a runtime of their own, if they have one. Others keep
# it in NAME.libs, where auditwheel puts it, or in the prefix's lib, as conda and intel-openmp do.
DISTRIBUTIONS = {
    "torch": "torch/lib",
    "tensorflow": "tensorflow",
    "tensorflow_cpu": "tensorflow",
    "intel_tensorflow": "tensorflow",
    "mxnet": "mxnet",
    "mxnet_mkl": "mxnet",
    "scikit_learn": "",
    "xgboost": "",
    "xgboost_cpu": "",
    "lightgbm": "lightgbm/lib",
    "onnxruntime": "",
    "numpy": "",
    "vllm": "",
    "intel_openmp": "",
    "mkl": "",
}
# Distributions that start processes and set the threads of each to its part of the CPUs, but only where
# nobody has set OMP_NUM_THREADS. The Python hook has the module of each, with its source.
DIVIDERS = frozenset(
    (
        "accelerate",
        "distributed",
        "joblib",
        "lightning",
        "lightning_fabric",
        "mmdet",
        "mmengine",
        "mmengine_lite",
        "mmrotate",
        "pytorch_lightning",
        "ray",
        "ultralytics",
        "vllm",
    )
)
SCRIPTS_DIVIDER = "torch"  # its torchrun, which a script may start
HOOK = "mkl_launch_hook.pth"
WHEEL_LIBRARIES = ".libs"
MAX_CONFIGURATION = 1 << 18  # characters of a configuration file: a tenth of a second
INFO = ".dist-info"


def probe(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Add what can be read."""
    program = changed(program, libraries=libraries(root, program, environ))
    config = program.row.config
    if not config:
        return program
    from mkl_launch.program import configs

    place = configs.config_path(config, last_option(program.argv, (config.option,))[1], environ)
    said = configs.read_properties(_read(root, place))
    store = last_option(program.argv, (config.store_option,))[1] or said.get(config.store, "")
    archives = tuple(name for name in root.names(store) if store and not name.startswith("."))
    return changed(program, properties=tuple(said.items()), archives=archives)


def _read(root: Root, path: str) -> str:
    """A relative path is the working directory's, so only of this machine."""
    text = root.read(path).text if root.live or path.startswith("/") else ""
    if len(text) > MAX_CONFIGURATION and path not in root.cut:
        root.cut.append(path)
    return text[:MAX_CONFIGURATION]


def libraries(root: Root, program: Program, environ: Mapping[str, str]) -> Libraries | None:
    """Find the Python that a command will run in and what it carries; None where it is none.

    A script of a shell may start the first Python on PATH.
    """
    path = search_path(environ)
    python = _python(root, which(root, program.interpreter or "".join(program.argv[:1]), path), path)
    assumed = not python and file_of(root, program.script, environ)[1] == SHELL
    if assumed:
        python = which(root, "python3", path) or which(root, "python", path)
    if not python:
        return None
    prefix = _prefix(root, python)
    distributions: dict[str, str] = {}
    dividers: set[str] = set()
    hooked = False
    files = environ.get("LD_PRELOAD", "").replace(":", " ").split()
    files += [name for name in LINKED if root.exists(f"{prefix}/lib/{name}")]
    for place in _places(root, prefix):
        names = root.names(place)
        here = dict(_known(names))
        folders = {name for name in names if name.endswith(WHEEL_LIBRARIES)}
        folders.update(DISTRIBUTIONS[name] for name in here if DISTRIBUTIONS[name])
        files += [file for folder in sorted(folders) for file in root.names(f"{place}/{folder}")]
        distributions.update(here)
        dividers.update(_dividers(names))
        hooked = hooked or HOOK in names
    if assumed and SCRIPTS_DIVIDER in distributions:
        dividers.add("torchrun")
    known = tuple(sorted(distributions.items()))
    return Libraries(python, known, _runtimes(files), tuple(sorted(dividers)), hooked, assumed)


def _dividers(names: list[str]) -> Iterator[str]:
    """The distributions among them that divide the CPUs among processes of their own."""
    for name in names:
        distribution, _, version = name.partition("-")
        if distribution in DIVIDERS and version.endswith(INFO):
            yield distribution


def _python(root: Root, file: str | None, path: str) -> str | None:
    """The Python that `file` is, or that its first line names; None for any other program."""
    if not file or _is_python(file):
        return file
    first, _, second = root.head(file).partition("\n")
    words = first[2:].split() if first.startswith("#!") else []
    if words[:1] == ["/bin/sh"] and second.startswith("'''exec'"):  # pip, where the path is long
        words = second.replace('"', " ").split()[1:]
    if words and words[0].endswith("/env"):
        words = [which(root, words[-1], path) or ""]
    return words[0] if words and _is_python(words[0]) else None


def _is_python(file: str) -> bool:
    return file.rpartition("/")[2].startswith(PYTHON)


def _prefix(root: Root, python: str) -> str:
    """Where it is installed: a virtual environment, or what its links lead to."""
    for _ in range(8):
        prefix = f"{python.rpartition('/')[0]}/.."
        link = None if root.exists(f"{prefix}/pyvenv.cfg") else root.link(python)
        if not link:
            break
        python = link if link.startswith("/") else f"{python.rpartition('/')[0]}/{link}"
    return prefix


def _places(root: Root, prefix: str) -> Iterator[str]:
    """Its directories of packages, Debian's too."""
    for lib in (f"{prefix}/lib", f"{prefix}/local/lib"):
        for version in root.names(lib):
            if version.startswith(PYTHON + "3"):
                yield f"{lib}/{version}/site-packages"
                yield f"{lib}/{version}/dist-packages"


def _known(names: list[str]) -> Iterator[tuple[str, str]]:
    """Name and version of the distributions that compute, from NAME-VERSION.dist-info."""
    for name in names:
        distribution, _, version = name.partition("-")
        if distribution.lower() in DISTRIBUTIONS and version.endswith(INFO):
            yield distribution.lower(), version[: -len(INFO)]


def _runtimes(files: list[str]) -> frozenset[str]:
    names = [file.rpartition("/")[2] for file in files]
    return frozenset(runtime for runtime in RUNTIMES for name in names if _is(runtime, name))


def _is(runtime: str, name: str) -> bool:
    """`libomp.so.5` and `libomp-e985bcbb.so` are libomp, `libompi.so` is not."""
    return name.startswith((f"{runtime}.", f"{runtime}-")) and ".so" in name
