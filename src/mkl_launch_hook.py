"""Let libraries that divide the CPUs among their own processes do so under mkl-launch.

joblib, Dask, Ray, torchrun and others give each of their child processes its share of the CPUs, but only
while OMP_NUM_THREADS (or MKL_NUM_THREADS and the like) is unset. mkl-launch sets it, so that N children
would get N times the budget. This module gives the modules of the table below, and no others, a view of
`os` in which the numbers that mkl-launch computed look unset. What they write goes into the real
environment, cut to mkl-launch's number. All other code sees the real environment.

mkl_launch_hook.pth calls `start` when Python starts; from Python 3.18 on, mkl_launch_hook.start does.
Without the note of mkl-launch, MKL_LAUNCH_APPLIED, nothing is changed, nor with MKL_LAUNCH_PYTHON=off. An
error leaves the library as it is. The module stands alone, and runs in any Python from 3.7 on.
"""

import os
import sys

# Annotations are in quotes: `from __future__ import annotations` loads a module at each start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType
    from typing import Any

    MappingOfStrings = os._Environ[str]
else:
    MappingOfStrings = type(os.environ)

NOTE = "MKL_LAUNCH_APPLIED"
SWITCH = "MKL_LAUNCH_PYTHON"
OFF = "off"

LEADER = "OMP_NUM_THREADS"
# Their readers take OMP_NUM_THREADS where these are unset, so they go with it.
FOLLOWERS = ("MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# Numba reads this one alone, and as a cap: it is hidden like the others, and never changed with them.
CAP = "NUMBA_NUM_THREADS"
HIDDEN = (LEADER, *FOLLOWERS, CAP)

RUN, SOURCE = "run", "source"  # proofs: a test runs the real library; its source was read
TORCHRUN, ACCELERATE = "torchrun", "accelerate"  # as the note calls the command that mkl-launch has started


class Row:
    """A module that sets the threads of processes unless somebody has set them."""

    def __init__(  # noqa: PLR0913  # a row has as many columns
        self,
        module: str,
        divides: str,
        source: str,
        proof: str,
        *,
        main: str = "",
        results: "tuple[str, ...]" = (),
        at_import: "tuple[tuple[str, str], ...]" = (),
        special: str = "",
        left_to: "tuple[str, ...]" = (),
    ) -> None:
        self.module = module
        self.divides = divides  # for whom it sets what
        self.source = source  # where that is written
        self.proof = proof
        self.main = main  # a function that does what `python -m MODULE` does
        self.results = results  # functions that return a number of threads: cut to mkl-launch's
        self.at_import = at_import  # what it sets while it is imported, before `os` can be replaced
        self.special = special  # a function of this module that does the rest
        self.left_to = left_to  # commands that mkl-launch has divided by: nothing is changed for them


_PYTORCH = "https://github.com/pytorch/pytorch/blob/"
_LIGHTNING = "https://github.com/Lightning-AI/pytorch-lightning/blob/master/src/lightning/fabric/"
_VLLM = "https://github.com/vllm-project/vllm/blob/"
_RANKS = (TORCHRUN, ACCELERATE)

ROWS = (
    Row(
        "joblib._parallel_backends",
        "workers of loky: CPUs // n_jobs",
        "https://github.com/joblib/joblib/blob/main/joblib/_parallel_backends.py",
        RUN,
        special="_joblib",
    ),
    Row(
        "distributed.nanny",
        "Dask workers with a nanny: 1",
        "https://github.com/dask/distributed/blob/main/distributed/nanny.py",
        RUN,
    ),
    Row(
        "ray._private.utils",
        "Ray workers: the CPUs of the task, 1 for an actor",
        "https://github.com/ray-project/ray/blob/master/python/ray/_private/utils.py",
        RUN,
    ),
    Row(
        "torch.distributed.run",
        "ranks of torchrun: 1",
        _PYTORCH + "main/torch/distributed/run.py",
        RUN,
        main="main",
        left_to=_RANKS,
    ),
    Row(
        "torch.distributed.launch",
        "ranks, before PyTorch 1.9: 1",
        _PYTORCH + "v1.8.0/torch/distributed/launch.py",
        SOURCE,
        main="main",
        left_to=_RANKS,
    ),
    Row(
        "accelerate.commands.launch",
        "ranks of `accelerate launch`: cores // processes",
        "https://github.com/huggingface/accelerate/blob/main/src/accelerate/commands/launch.py",
        RUN,
        main="main",
        special="_accelerate",
        left_to=_RANKS,
    ),
    *(
        Row(
            package + ".utilities.distributed",
            "ranks of Lightning: CPUs // processes",
            _LIGHTNING + "utilities/distributed.py",
            proof,
            results=("_suggested_max_num_threads",),
        )
        for package, proof in (("lightning.fabric", RUN), ("lightning_fabric", SOURCE))
    ),
    *(
        Row(
            package + ".cli",
            "ranks of `fabric run`: all CPUs",
            _LIGHTNING + "cli.py",
            SOURCE,
        )
        for package in ("lightning.fabric", "lightning_fabric")
    ),
    Row(
        "vllm.v1.executor.multiproc_executor",
        "workers of vLLM: 1, later versions: CPUs of the quota // workers",
        _VLLM + "main/vllm/v1/executor/multiproc_executor.py",
        SOURCE,
    ),
    Row(
        "vllm.executor.multiproc_worker_utils",
        "workers of the first engine of vLLM: 1",
        _VLLM + "v0.8.0/vllm/executor/multiproc_worker_utils.py",
        SOURCE,
    ),
    Row(
        "vllm.executor.multiproc_gpu_executor",
        "workers of vLLM before 0.7: 1",
        _VLLM + "v0.6.0/vllm/executor/multiproc_gpu_executor.py",
        SOURCE,
    ),
    Row(
        "vllm.utils.torch_utils",
        "the processes of a vLLM server that prepare its input: 1",
        _VLLM + "main/vllm/utils/torch_utils.py",
        SOURCE,
    ),
    Row(
        "mmengine.utils.dl_utils.setup_env",
        "ranks and data loaders of OpenMMLab 2: 1",
        "https://github.com/open-mmlab/mmengine/blob/main/mmengine/utils/dl_utils/setup_env.py",
        RUN,
    ),
    *(
        Row(
            package + ".utils.setup_env",
            "data loaders of OpenMMLab 1: 1",
            "https://github.com/open-mmlab/" + repository,
            SOURCE,
        )
        for package, repository in (
            ("mmdet", "mmdetection/blob/2.x/mmdet/utils/setup_env.py"),
            ("mmrotate", "mmrotate/blob/main/mmrotate/utils/setup_env.py"),
        )
    ),
    Row(
        "ultralytics",
        "itself and its ranks: 1, set while it is imported",
        "https://github.com/ultralytics/ultralytics/blob/main/ultralytics/__init__.py",
        SOURCE,
        at_import=((LEADER, "1"),),
    ),
)
MODULES = {row.module: row for row in ROWS}

_computed: "dict[str, str]" = {}  # mkl-launch's numbers, as the note has them
_hidden: "dict[str, str]" = {}  # those that no library has overwritten
_with_leader: "dict[str, str]" = {}  # followers that a written OMP_NUM_THREADS has changed, and to what


def start() -> None:
    """Watch for the modules of the table, where mkl-launch has set numbers that they would obey."""
    try:
        if os.environ.get(SWITCH) == OFF or Finder in sys.meta_path:
            return
        values, command = read_note(os.environ.get(NOTE, ""))
        found = {name: values[name] for name in HIDDEN if values.get(name, "").isdecimal()}
        if not found:
            return
        _computed.update(found)
        _hidden.update(found)
        for row in ROWS:
            if command in row.left_to:
                del MODULES[row.module]
        sys.meta_path.insert(0, Finder)
        for name in [name for name in MODULES if name in sys.modules]:
            _adapt(sys.modules[name], MODULES[name])
    except Exception:  # noqa: BLE001, S110  # a Python starts, whatever is wrong here
        pass


def read_note(text: str) -> "tuple[dict[str, str], str]":
    """Return the variables that mkl-launch has set and the name of the command that it has started.

    The note holds words: `--option=text`, `NAME=value`, and `NAME` for a variable that was removed.
    """
    values, command = {}, ""
    for word in text.split():
        name, equals, value = word.partition("=")
        if name == "--for":
            command = value
        elif equals and not name.startswith("--"):
            values[name] = value
    return values, command


class _Name(str):
    """A name that comes from going through the environment, so that its value is not hidden.

    `dict(os.environ)` is complete with it, and `os.environ.get("OMP_NUM_THREADS")` still finds nothing.
    """

    __slots__ = ()

    def __reduce__(self) -> "tuple[type[str], tuple[str]]":
        return str, (str(self),)


class _Environ(MappingOfStrings):
    """`os.environ` in which mkl-launch's numbers look unset."""

    def __init__(self) -> None:
        """Keep no data: everything is that of the real environment."""

    def __getattr__(self, name: str) -> "Any":
        return getattr(os.environ, name)

    def __getitem__(self, name: str) -> str:
        if _is_hidden(name):
            raise KeyError(name)
        return os.environ[name]

    def get(self, name: str, default: "Any" = None) -> "Any":
        if _is_hidden(name):
            return _cut(name, default)
        value = os.environ.get(name)
        return _cut(name, default) if value is None else value

    def __setitem__(self, name: str, value: str) -> None:
        value = _cut(name, value)
        os.environ[name] = value
        _hidden.pop(name, None)
        if name == LEADER:
            _lead(value)

    def setdefault(self, name: str, value: str) -> str:
        if name not in self:
            self[name] = value
        return os.environ[name]

    def __delitem__(self, name: str) -> None:
        if _is_hidden(name):
            raise KeyError(name)
        if name in _computed and name in os.environ and type(name) is not _Name:
            # What looked unset before the library wrote it looks unset again.
            os.environ[name] = _hidden[name] = _computed[name]
            if name == LEADER:
                _restore_followers()
        else:
            del os.environ[name]

    def __iter__(self) -> "Iterator[str]":
        return (_Name(name) if name in _computed else name for name in os.environ)

    def __len__(self) -> int:
        return len(os.environ)

    def __repr__(self) -> str:
        return repr(os.environ)

    def copy(self) -> "dict[str, str]":
        return os.environ.copy()


def _is_hidden(name: str) -> bool:
    """Tell whether this is a number of mkl-launch's that nobody has changed since."""
    # A _Name comes from going through all of the environment.
    return name in _hidden and type(name) is not _Name and os.environ.get(name) == _hidden[name]


def _cut(name: str, value: "Any") -> "Any":
    """Cut a number that a library has chosen for a variable to mkl-launch's, in the type that it has.

    A variable that somebody else has set is not cut: the library hands on what it was told.
    """
    most = _computed.get(name) if _is_hidden(name) or name not in os.environ else None
    if most is None and name in FOLLOWERS and name not in os.environ and _is_hidden(LEADER):
        most = _hidden[LEADER]  # its reader would take this one
    if most is not None:
        if isinstance(value, int) and value > int(most):
            return int(most)
        if isinstance(value, str) and value.isdecimal() and int(value) > int(most):
            return most
    return value


def _lead(value: str) -> None:
    """Give the followers that are still mkl-launch's the number that was written to OMP_NUM_THREADS."""
    for name in FOLLOWERS:
        if _is_hidden(name) and value.isdecimal():
            _with_leader[name] = os.environ[name] = str(min(int(value), int(_hidden.pop(name))))


def _restore_followers() -> None:
    for name, value in _with_leader.items():
        if os.environ.get(name) == value:
            os.environ[name] = _hidden[name] = _computed[name]
    _with_leader.clear()


_real_environ, _real_getenv = os.environ, os.getenv
environ = _Environ()


def getenv(key: str, default: "Any" = None) -> "Any":
    """Do what `os.getenv` does, as a library of the table sees it."""
    return environ.get(key, default)


class _Os(type(os)):  # type: ignore[misc]
    """The module `os` with another `environ` and `getenv`; the rest is that of the real one."""

    def __init__(self) -> None:
        super().__init__("os", os.__doc__)
        self.__dict__.update(environ=environ, getenv=getenv)

    def __getattr__(self, name: str) -> "Any":
        return getattr(os, name)

    def __setattr__(self, name: str, value: "Any") -> None:
        # A test that patches os.environ puts back what it has found here: the view.
        value = {id(environ): _real_environ, id(getenv): _real_getenv}.get(id(value), value)
        setattr(os, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(os, name)

    def __dir__(self) -> "list[str]":
        return dir(os)

    def __reduce__(self) -> "tuple[Callable[[str], Any], tuple[str]]":
        return __import__, ("os",)


VIEW = _Os()


class Finder:
    """Finds the modules of the table as the others would, and adapts them once they are loaded."""

    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """Return what the other finders find, with a loader that adapts the module."""
        row = MODULES.get(name)
        if row is None:
            return None
        for finder in list(sys.meta_path):
            find = None if finder is cls else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = find(name, path, target) if find else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, row)  # type: ignore[assignment]
                return spec
        return None


class _Loader:
    """Loads a module as its own loader would, and adapts it."""

    def __init__(self, loader: "Any", row: "Row") -> None:
        self.loader = loader
        self.row = row

    def __getattr__(self, name: str) -> "Any":
        if name == "loader":  # while a copy is made
            raise AttributeError(name)
        return getattr(self.loader, name)

    def create_module(self, spec: "ModuleSpec") -> "ModuleType | None":
        create = getattr(self.loader, "create_module", None)
        return create(spec) if create else None

    def exec_module(self, module: "ModuleType") -> None:
        spec: Any = getattr(module, "__spec__", None)
        if getattr(spec, "loader", None) is self:
            spec.loader = self.loader
        if getattr(module, "__loader__", None) is self:
            module.__loader__ = self.loader
        try:
            for name, value in self.row.at_import:
                environ.setdefault(name, value)
        except Exception:  # noqa: BLE001, S110  # as without the hook
            pass
        self.loader.exec_module(module)
        _adapt(module, self.row)

    def get_code(self, name: str) -> "CodeType | None":
        """Return the code for `python -m`, which executes a module without importing it."""
        code: CodeType | None = self.loader.get_code(name)
        if not self.row.main or code is None:
            return code
        text = (
            f"if __name__ == '__main__':\n    from {self.row.module} import {self.row.main}\n"
            f"    {self.row.main}()\nelse:\n    exec(__loader__.loader.get_code({name!r}), globals())\n"
        )
        return compile(text, code.co_filename, "exec")


def _adapt(module: "ModuleType", row: "Row") -> None:
    """Give a module the view and what else its row says, or leave it as it is."""
    before = dict(vars(module))
    try:
        for name, real, seen in (
            ("os", os, VIEW),
            ("environ", _real_environ, environ),
            ("getenv", _real_getenv, getenv),
        ):
            if before.get(name) is real:
                setattr(module, name, seen)
        for name in row.results:
            if name in before:
                setattr(module, name, _cut_result(before[name]))
        if row.special:
            globals()[row.special](module)
    except Exception:  # noqa: BLE001
        vars(module).update(before)


def _cut_result(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """Return a function whose result is a number of threads, cut to mkl-launch's while that is in force."""

    def cut(*args: "Any", **kwargs: "Any") -> "Any":
        return _cut(LEADER, function(*args, **kwargs))

    like: Callable[..., Any] = _like(function, cut)
    return like


def _like(function: "Any", new: "Any") -> "Any":
    """Give a function that stands in for another one its names and its documentation."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(new, name, getattr(function, name))
    new.__wrapped__ = function
    return new


def _joblib(module: "Any") -> None:
    """Cut what joblib gives its workers: before 1.3 it asks for the variable without a default."""
    base = module.ParallelBackendBase
    prepare = base._prepare_worker_env

    def prepared(self: "Any", n_jobs: int) -> "dict[str, str]":
        made: dict[str, str] = prepare(self, n_jobs)
        if getattr(self, "inner_max_num_threads", None) is None:
            made = {name: _cut(name, value) for name, value in made.items()}
        return made

    base._prepare_worker_env = _like(prepare, prepared)


def _accelerate(module: "Any") -> None:
    """Let accelerate choose the threads of its ranks, within mkl-launch's budget for all of them.

    It asks by a function of accelerate.utils, which has to see the environment as it is for everybody else.
    """
    ask, validate = module.get_int_from_env, module._validate_launch_command

    def asked(env_keys: "Sequence[str]", default: "Any") -> "Any":
        return ask([name for name in env_keys if not _is_hidden(name)], default)

    def validated(args: "Any") -> "Any":
        chosen = args.num_cpu_threads_per_process is None
        result = validate(args)
        if chosen and _is_hidden(LEADER):
            ranks = max(1, int(args.num_processes or 1) // max(1, int(args.num_machines or 1)))
            share = max(1, int(_hidden[LEADER]) // ranks)
            threads = min(int(args.num_cpu_threads_per_process or 1), share)
            args.num_cpu_threads_per_process = threads
            _lead(str(threads))
        _hidden.pop(LEADER, None)  # what accelerate sets now is its own number, and torchrun must see it
        return result

    module.get_int_from_env = _like(ask, asked)
    module._validate_launch_command = _like(validate, validated)
