"""Let libraries that divide the CPUs among their own processes do so under mkl-launch.

joblib, Dask, Ray, torchrun and others give each child process a share of the CPUs, but only if
OMP_NUM_THREADS (or a similar variable, such as MKL_NUM_THREADS) is unset. mkl-launch sets it, so without
this hook N children would use N times the budget. The hook gives the modules in the table below, and no
others, a view of `os` in which the numbers of mkl-launch look unset. A number that these modules write
goes into the real environment, at most the number of mkl-launch. All other code sees the real
environment, but its own default wins: `os.environ.setdefault("OMP_NUM_THREADS", "1")` sets 1.

mkl_launch_hook.pth calls `start` when Python starts; from Python 3.18 on, mkl_launch_hook.start does.
Nothing is changed without the note of mkl-launch (MKL_LAUNCH_APPLIED), or with MKL_LAUNCH_PYTHON=off. An
error leaves the library unchanged. The module imports nothing of mkl-launch and runs in Python 3.7 and
later.
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
OFF = ("off", "0", "false", "no")

OMP_NUM_THREADS = "OMP_NUM_THREADS"
# If one of these is unset, its reader takes OMP_NUM_THREADS. So they change together with it.
FOLLOWERS = ("MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# Numba reads only this one, as a cap. It is hidden like the others, and not changed together with them.
CAP = "NUMBA_NUM_THREADS"
HIDDEN = (OMP_NUM_THREADS, *FOLLOWERS, CAP)

RUN, SOURCE = "run", "source"  # proofs: a test runs the real library, or only its source was read
TORCHRUN, ACCELERATE = "torchrun", "accelerate"  # names of commands in the note


class Row:
    """A module that sets the number of threads of processes if no variable sets it."""

    def __init__(  # noqa: PLR0913  # the columns of the table
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
        unless: "tuple[str, ...]" = (),
    ) -> None:
        self.module = module
        self.divides = divides  # the processes, and their number of threads
        self.source = source  # the file that proves it
        self.proof = proof
        self.main = main  # a function that does what `python -m MODULE` does
        self.results = results  # functions that return a number of threads, which the hook limits
        self.at_import = (
            at_import  # variables that it sets during its import, when `os` cannot be replaced yet
        )
        self.special = special  # the function below that adapts the rest of the module
        self.unless = (
            unless  # commands for which mkl-launch has divided the CPUs: the module is not changed
        )


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
        unless=_RANKS,
    ),
    Row(
        "torch.distributed.launch",
        "ranks, before PyTorch 1.9: 1",
        _PYTORCH + "v1.8.0/torch/distributed/launch.py",
        SOURCE,
        main="main",
        unless=_RANKS,
    ),
    Row(
        "accelerate.commands.launch",
        "ranks of `accelerate launch`: cores // processes",
        "https://github.com/huggingface/accelerate/blob/main/src/accelerate/commands/launch.py",
        RUN,
        main="main",
        special="_accelerate",
        unless=_RANKS,
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
        at_import=((OMP_NUM_THREADS, "1"),),
    ),
)
MODULES = {row.module: row for row in ROWS}

_computed: "dict[str, str]" = {}  # the numbers of mkl-launch, from the note
_hidden: "dict[str, str]" = {}  # those of them that no library has overwritten
_changed_followers: "dict[str, str]" = {}  # followers that changed with OMP_NUM_THREADS: their new values


def start() -> None:
    """Adapt the modules of the table, now or when they are imported, if mkl-launch has set numbers."""
    try:
        if os.environ.get(SWITCH, "").lower() in OFF or Finder in sys.meta_path:
            return
        values, command = read_note(os.environ.get(NOTE, ""))
        found = {name: values[name] for name in HIDDEN if values.get(name, "").isdecimal()}
        if not found:
            return
        _computed.update(found)
        _hidden.update(found)
        for row in ROWS:
            if command in row.unless:
                del MODULES[row.module]
        sys.meta_path.insert(0, Finder)
        # On the object: the class is left to those who make other environments of it.
        os.environ.setdefault = _set_default_of_program  # type: ignore[method-assign]
        for name in [name for name in MODULES if name in sys.modules]:
            _adapt(sys.modules[name], MODULES[name])
    except Exception:  # noqa: BLE001, S110  # an error here must not stop Python
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
    """The name of a variable, from an iteration over the environment. Its value is not hidden.

    So `dict(os.environ)` is complete, and `os.environ.get("OMP_NUM_THREADS")` returns None.
    """

    __slots__ = ()

    def __reduce__(self) -> "tuple[type[str], tuple[str]]":
        return str, (str(self),)


class _Environ(MappingOfStrings):
    """A view of `os.environ` in which the numbers of mkl-launch look unset."""

    def __init__(self) -> None:
        """Hold no data: all data is in the real environment."""

    def __getattr__(self, name: str) -> "Any":
        return getattr(os.environ, name)

    def __getitem__(self, name: str) -> str:
        if _is_hidden(name):
            raise KeyError(name)
        return os.environ[name]

    def get(self, name: str, default: "Any" = None) -> "Any":
        if _is_hidden(name):
            return _limit(name, default)
        value = os.environ.get(name)
        return _limit(name, default) if value is None else value

    def __setitem__(self, name: str, value: str) -> None:
        value = _limit(name, value)
        os.environ[name] = value
        _hidden.pop(name, None)
        if name == OMP_NUM_THREADS:
            _write_followers(value)

    def setdefault(self, name: str, value: str) -> str:
        if name not in self:
            self[name] = value
        return os.environ[name]

    def __delitem__(self, name: str) -> None:
        if _is_hidden(name):
            raise KeyError(name)
        if name in _computed and name in os.environ and type(name) is not _Name:
            # The variable looked unset before the library wrote it, so it looks unset again.
            os.environ[name] = _hidden[name] = _computed[name]
            if name == OMP_NUM_THREADS:
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
    """Return whether a variable has the number of mkl-launch, which nobody has changed since."""
    # A _Name comes from an iteration over the whole environment.
    return name in _hidden and type(name) is not _Name and os.environ.get(name) == _hidden[name]


def _limit(name: str, value: "Any") -> "Any":
    """Return the number that a library computed for a variable, at most that of mkl-launch, in its type.

    A variable that somebody else has set is not limited: the library passes the user's number on.
    """
    most = _computed.get(name) if _is_hidden(name) or name not in os.environ else None
    if most is None and name in FOLLOWERS and name not in os.environ and _is_hidden(OMP_NUM_THREADS):
        most = _hidden[OMP_NUM_THREADS]  # the reader of `name` would take OMP_NUM_THREADS
    if most is not None:
        if isinstance(value, int) and value > int(most):
            return int(most)
        if isinstance(value, str) and value.isdecimal() and int(value) > int(most):
            return most
    return value


def _set_default_of_program(key: str, value: str) -> str:
    """Set a program's own default, as `os.environ.setdefault` does, also over a number of mkl-launch.

    No user has set that number, so the program's counts. It is at most the number of mkl-launch.
    """
    if _is_hidden(key) and isinstance(value, str) and value.isdecimal():
        environ[key] = value
        return os.environ[key]
    return MappingOfStrings.setdefault(os.environ, key, value)


def _write_followers(value: str) -> None:
    """Write a new OMP_NUM_THREADS also to the followers that still have the number of mkl-launch."""
    for name in FOLLOWERS:
        if _is_hidden(name) and value.isdecimal():
            _changed_followers[name] = os.environ[name] = str(min(int(value), int(_hidden.pop(name))))


def _restore_followers() -> None:
    """Give the followers the number of mkl-launch again, unless somebody has changed them since."""
    for name, value in _changed_followers.items():
        if os.environ.get(name) == value:
            os.environ[name] = _hidden[name] = _computed[name]
    _changed_followers.clear()


_real_environ, _real_getenv = os.environ, os.getenv
environ = _Environ()


def getenv(key: str, default: "Any" = None) -> "Any":
    """Return the value of a variable in the view, like `os.getenv`."""
    return environ.get(key, default)


class _Os(type(os)):  # type: ignore[misc]
    """The module `os` with the view as `environ`; all other attributes are those of the real module."""

    def __init__(self) -> None:
        super().__init__("os", os.__doc__)
        self.__dict__.update(environ=environ, getenv=getenv)

    def __getattr__(self, name: str) -> "Any":
        return getattr(os, name)

    def __setattr__(self, name: str, value: "Any") -> None:
        # A test that patches os.environ restores what it has found here: the view.
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
    """A finder of the modules in the table. The other finders find them; a loader adapts them."""

    @classmethod
    def find_spec(
        cls, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> "ModuleSpec | None":
        """Return the spec that another finder finds, with a loader that adapts the module."""
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
    """A loader that loads a module with the module's own loader and then adapts it."""

    def __init__(self, loader: "Any", row: "Row") -> None:
        self.loader = loader
        self.row = row

    def __getattr__(self, name: str) -> "Any":
        if name == "loader":  # copy.copy asks before __init__ has run
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
        except Exception:  # noqa: BLE001, S110  # the import goes on as without the hook
            pass
        self.loader.exec_module(module)
        _adapt(module, self.row)

    def get_code(self, name: str) -> "CodeType | None":
        """Return the code for `python -m`, which runs a module without importing it."""
        code: CodeType | None = self.loader.get_code(name)
        if not self.row.main or code is None:
            return code
        text = (
            f"if __name__ == '__main__':\n    from {self.row.module} import {self.row.main}\n"
            f"    {self.row.main}()\nelse:\n    exec(__loader__.loader.get_code({name!r}), globals())\n"
        )
        return compile(text, code.co_filename, "exec")


def _adapt(module: "ModuleType", row: "Row") -> None:
    """Adapt a module as its row says; undo everything if that fails."""
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
                setattr(module, name, _limit_result(before[name]))
        if row.special:
            globals()[row.special](module)
    except Exception:  # noqa: BLE001
        vars(module).update(before)


def _limit_result(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """Return a function whose result, a number of threads, is at most the number of mkl-launch."""

    def limited(*args: "Any", **kwargs: "Any") -> "Any":
        return _limit(OMP_NUM_THREADS, function(*args, **kwargs))

    like: Callable[..., Any] = _like(function, limited)
    return like


def _like(function: "Any", new: "Any") -> "Any":
    """Give a replacement the names and the documentation of the function that it replaces."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(new, name, getattr(function, name))
    new.__wrapped__ = function
    return new


def _joblib(module: "Any") -> None:
    """Limit the variables of joblib's workers: joblib before 1.3 reads them without a default."""
    base = module.ParallelBackendBase
    prepare = base._prepare_worker_env

    def prepared(self: "Any", n_jobs: int) -> "dict[str, str]":
        variables: dict[str, str] = prepare(self, n_jobs)
        if getattr(self, "inner_max_num_threads", None) is None:
            variables = {name: _limit(name, value) for name, value in variables.items()}
        return variables

    base._prepare_worker_env = _like(prepare, prepared)


def _accelerate(module: "Any") -> None:
    """Let accelerate choose the threads of its ranks; all ranks together get the budget of mkl-launch.

    accelerate reads variables by a function of accelerate.utils. Only its calls in this module see the
    view.
    """
    ask, validate = module.get_int_from_env, module._validate_launch_command

    def asked(env_keys: "Sequence[str]", default: "Any") -> "Any":
        return ask([name for name in env_keys if not _is_hidden(name)], default)

    def validated(args: "Any") -> "Any":
        chosen = args.num_cpu_threads_per_process is None
        result = validate(args)
        if chosen and _is_hidden(OMP_NUM_THREADS):
            ranks = max(1, int(args.num_processes or 1) // max(1, int(args.num_machines or 1)))
            share = max(1, int(_hidden[OMP_NUM_THREADS]) // ranks)
            threads = min(int(args.num_cpu_threads_per_process or 1), share)
            args.num_cpu_threads_per_process = threads
            _write_followers(str(threads))
        _hidden.pop(
            OMP_NUM_THREADS, None
        )  # from now on the number is accelerate's, and torchrun must see it
        return result

    module.get_int_from_env = _like(ask, asked)
    module._validate_launch_command = _like(validate, validated)
