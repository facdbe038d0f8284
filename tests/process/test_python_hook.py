"""The Python hook: under the launcher, libraries still divide the CPUs among their own processes."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import pickle
import shlex
import shutil
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from mkl_launch.core.errors import PreparationError
from mkl_launch.core.option_names import OFF
from mkl_launch.image import python_hook
from testing.environments import environment, pythons
from testing.project import PROJECT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Load = Callable[..., Any]

FILE = PROJECT / "src" / "mkl_launch_hook.py"
DIVIDERS = PROJECT / "testing" / "programs" / "dividers.py"
NUMBERS = {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": "4", "NUMBA_NUM_THREADS": "4"}


def note(values: dict[str, str], *words: str) -> str:
    return " ".join([*words, *(f"{name}={value}" for name, value in values.items())])


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Load a hook of its own and start it in an environment that a launcher has set."""
    before = list(sys.meta_path)
    loaded = set(sys.modules)
    environ = dict(os.environ)  # the hook writes variables that were not there

    def start(values: dict[str, str] | None = None, *words: str, **rows: dict[str, Any]) -> Any:
        values = NUMBERS if values is None else values
        spec = importlib.util.spec_from_file_location("mkl_launch_hook", FILE)
        assert spec
        assert spec.loader
        hook: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(hook)
        for name in hook.HIDDEN:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv(hook.NOTE, note(values, *words))
        for name, columns in rows.items():
            made = hook.Row(name, "", "", hook.SOURCE, **columns)
            hook.ROWS = (*hook.ROWS, made)
            hook.MODULES[name] = made
        hook.start()
        return hook

    yield start
    sys.meta_path[:] = before
    os.environ.clear()
    os.environ.update(environ)
    vars(os.environ).pop("setdefault", None)
    for name in set(sys.modules) - loaded:
        del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on the module search path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return tmp_path


# The view


def test_hides_a_number_of_threads_of_the_launcher(load: Load) -> None:
    hook = load()
    for name in NUMBERS:
        assert name not in hook.environ
        assert name not in hook.environ.keys()  # noqa: SIM118
        assert hook.environ.get(name) is None
        assert hook.getenv(name) is None
        assert hook.environ.pop(name, "default") == "default"
        with pytest.raises(KeyError):
            hook.environ[name]
        with pytest.raises(KeyError):
            del hook.environ[name]
        assert os.environ[name] == "4"


def test_leaves_other_variables_alone(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = load()
    monkeypatch.setenv("MINE", "1")
    assert hook.environ["MINE"] == hook.getenv("MINE") == hook.environ.get("MINE", "2") == "1"
    assert hook.environ.get("NOT_THERE", 9) == 9
    hook.environ["MINE"] = "12"
    assert os.environ["MINE"] == "12"
    del hook.environ["MINE"]
    assert "MINE" not in os.environ
    with pytest.raises(TypeError):
        hook.environ["MINE"] = 1


def test_shows_a_number_that_the_program_has_changed(load: Load) -> None:
    hook = load()
    os.environ["OMP_NUM_THREADS"] = "8"
    assert hook.environ["OMP_NUM_THREADS"] == "8"
    hook.environ["OMP_NUM_THREADS"] = "8"
    assert os.environ["OMP_NUM_THREADS"] == "8", "a library that hands it on hands it on whole"


def test_shows_a_removed_number_as_unset(load: Load) -> None:
    hook = load()
    del os.environ["OMP_NUM_THREADS"]
    assert "OMP_NUM_THREADS" not in hook.environ
    with pytest.raises(KeyError):
        del hook.environ["OMP_NUM_THREADS"]
    hook.environ["OMP_NUM_THREADS"] = "9"
    assert os.environ["OMP_NUM_THREADS"] == "4"


@pytest.mark.parametrize(
    ("default", "seen"),
    [(9, 4), ("9", "4"), (3, 3), ("3", "3"), (-1, -1), ("many", "many"), (None, None), (0, 0), ("²", "²")],
)
def test_limits_the_default_of_a_library_to_the_launchers_number(
    load: Load, default: object, seen: object
) -> None:
    hook = load()
    for name in NUMBERS:
        assert hook.environ.get(name, default) == seen
    assert hook.environ.get("OPENBLAS_NUM_THREADS", default) == seen, "its reader takes OMP_NUM_THREADS"
    assert hook.environ.get("OTHER", default) == default


@pytest.mark.parametrize(
    ("written", "real"), [("1", "1"), ("4", "4"), ("9", "4"), ("4,2", "4,2"), ("", ""), ("²", "²")]
)
def test_limits_a_number_that_a_library_writes_to_the_launchers(
    load: Load, written: str, real: str
) -> None:
    hook = load()
    hook.environ["OMP_NUM_THREADS"] = written
    assert os.environ["OMP_NUM_THREADS"] == real
    assert hook.environ["OMP_NUM_THREADS"] == real, "it has been set now, even if to the launcher's number"
    done = subprocess.run(["printenv", "OMP_NUM_THREADS"], check=True, capture_output=True, text=True)
    assert done.stdout == real + "\n"


@pytest.mark.parametrize("written", ["2", "9"])
def test_setdefault_and_update_write_at_most_the_launchers_number(load: Load, written: str) -> None:
    hook = load()
    assert hook.environ.setdefault("OMP_NUM_THREADS", written) == os.environ["OMP_NUM_THREADS"]
    assert hook.environ.setdefault("OMP_NUM_THREADS", "1") == str(min(int(written), 4))
    hook.environ.update({"NUMBA_NUM_THREADS": written})
    assert os.environ["NUMBA_NUM_THREADS"] == str(min(int(written), 4))


@pytest.mark.parametrize(("own", "real"), [("1", "1"), ("9", "4")])
def test_the_default_of_a_program_counts_at_most_the_number_of_the_launcher(
    load: Load, own: str, real: str
) -> None:
    load()
    assert os.environ.setdefault("OMP_NUM_THREADS", own) == real
    assert os.environ["MKL_NUM_THREADS"] == real, "its reader would have taken OMP_NUM_THREADS"
    assert os.environ.setdefault("OMP_NUM_THREADS", "2") == real, "it is set now"


def test_the_default_of_a_program_leaves_what_the_user_has_set(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    load()
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert os.environ.setdefault("OMP_NUM_THREADS", "1") == "3"
    assert os.environ.setdefault("NUMBA_NUM_THREADS", "auto") == "4", "no number that could be limited"
    assert os.environ.setdefault("NOT_OF_THE_LAUNCHER", "x") == "x"
    monkeypatch.delenv("NOT_OF_THE_LAUNCHER")


def test_followers_go_with_a_written_leader_but_for_the_cap_of_numba(load: Load) -> None:
    hook = load({**NUMBERS, "OPENBLAS_NUM_THREADS": "4", "BLIS_NUM_THREADS": "2"})
    os.environ["OPENBLAS_NUM_THREADS"] = "8"  # the program's
    hook.environ["OMP_NUM_THREADS"] = "3"
    assert [os.environ[f"{name}_NUM_THREADS"] for name in ("MKL", "OPENBLAS", "BLIS", "NUMBA")] == list(
        "3824"
    )
    assert hook.environ["MKL_NUM_THREADS"] == "3"
    assert "NUMBA_NUM_THREADS" not in hook.environ


def test_restores_the_launchers_number_that_the_library_removes(load: Load) -> None:
    hook = load()
    hook.environ["OMP_NUM_THREADS"] = "1"
    assert hook.environ.pop("OMP_NUM_THREADS") == "1"
    assert {name: os.environ[name] for name in NUMBERS} == NUMBERS
    assert not set(NUMBERS) & {name for name in NUMBERS if name in hook.environ}


@pytest.mark.parametrize("values", [{"NUMBA_NUM_THREADS": "3"}, {"OMP_NUM_THREADS": "3"}])
def test_works_with_some_of_the_numbers_only(load: Load, values: dict[str, str]) -> None:
    hook = load(values)
    (name,) = values
    assert name not in hook.environ
    hook.environ["OMP_NUM_THREADS"] = "9"
    assert os.environ["OMP_NUM_THREADS"] == ("3" if name == "OMP_NUM_THREADS" else "9")


def test_iterating_shows_all_variables(load: Load) -> None:
    hook = load()
    assert len(hook.environ) == len(os.environ)
    for whole in (
        hook.environ.copy(),
        dict(hook.environ),
        {**hook.environ},
        dict(hook.environ.items()),
        {name: hook.environ[name] for name in hook.environ},
    ):
        assert whole == dict(os.environ)
        assert whole["OMP_NUM_THREADS"] == "4"
        assert json.loads(json.dumps(whole)) == whole
        assert {type(name) for name in pickle.loads(pickle.dumps(whole))} == {str}  # noqa: S301
        done = subprocess.run(["printenv", "OMP_NUM_THREADS"], check=True, capture_output=True, env=whole)
        assert done.stdout == b"4\n"
    assert repr(hook.environ) == repr(os.environ)
    assert (hook.environ | {"A": "b"}) == (os.environ | {"A": "b"})


@pytest.mark.parametrize("written", [None, "1"])
def test_a_library_that_empties_and_restores_the_environment_restores_it(
    load: Load, written: str | None
) -> None:
    hook = load()
    if written:
        hook.environ["OMP_NUM_THREADS"] = written
    before = dict(os.environ)
    saved = hook.environ.copy()
    hook.environ.clear()
    assert not os.environ
    hook.environ.update(saved)
    assert dict(os.environ) == before


def test_everything_else_in_os_is_unchanged(load: Load) -> None:
    hook = load()
    view = hook.VIEW
    assert (view.getpid, view.path, view.environb) == (os.getpid, os.path, os.environb)
    assert dir(view) == dir(os)
    assert inspect.ismodule(view)
    assert pickle.loads(pickle.dumps(view)) is os  # noqa: S301
    with pytest.raises(AttributeError):
        view.no_such_thing  # noqa: B018


def test_a_test_can_patch_through_the_view(load: Load) -> None:
    hook = load()
    view, environ, getpid = hook.VIEW, os.environ, os.getpid
    with mock.patch.object(view, "getpid", return_value=1), mock.patch.object(view, "environ", {"A": "1"}):
        assert os.getpid() == view.getpid() == 1
        assert hook.environ.get("A") == "1"
    with mock.patch.dict(view.environ, {"OMP_NUM_THREADS": "3"}):
        assert os.environ["OMP_NUM_THREADS"] == "3"
    assert (os.environ, os.getpid, view.environ, view.getenv) == (
        environ,
        getpid,
        hook.environ,
        hook.getenv,
    )
    assert type(os.environ) is type(environ)
    assert os.environ["OMP_NUM_THREADS"] == "4"


# The note


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "OMP_NUM_THREADS", "OMP_NUM_THREADS=", "OMP_NUM_THREADS=two", "--for", "=5", "-- = =="],
)
def test_changes_nothing_without_a_number_in_the_note(
    load: Load, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    hook = load({})
    monkeypatch.setenv(hook.NOTE, text)
    before = list(sys.meta_path)
    hook.start()
    assert sys.meta_path == before


def test_reads_the_note_of_a_real_launch(installed: Path) -> None:
    launch = [str(installed / "bin" / "mkl-launch"), "-q", "--cpus", "1", "--"]
    text = subprocess.run(
        [*launch, "printenv", "MKL_LAUNCH_APPLIED"], check=True, capture_output=True, text=True, env=PLAIN
    ).stdout
    spec = importlib.util.spec_from_file_location("mkl_launch_hook", FILE)
    assert spec
    assert spec.loader
    hook: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    values, command = hook.read_note(text)
    assert (values["OMP_NUM_THREADS"], command) == ("1", "")


def test_a_command_that_the_launcher_has_divided_is_left_alone(load: Load) -> None:
    for command in ("torchrun", "accelerate"):
        hook = load(None, f"--for={command}")
        left = {row.module for row in hook.ROWS if command in row.unless}
        assert "torch.distributed.run" in left
        assert not left & set(hook.MODULES)
        assert "joblib._parallel_backends" in hook.MODULES


@pytest.mark.parametrize("text", [*OFF, "OFF"])
def test_does_nothing_if_the_hook_is_switched_off(
    load: Load, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("MKL_LAUNCH_PYTHON", text)
    hook = load()
    assert hook.Finder not in sys.meta_path


# Modules of the table


SOURCE = """import os
from os import environ, getenv

def ask():
    return os.environ.get("OMP_NUM_THREADS")
"""


def test_a_module_of_the_table_gets_the_view(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    (folder / "bystander.py").write_text(SOURCE)
    hook = load(divider={})
    divider, bystander = importlib.import_module("divider"), importlib.import_module("bystander")
    assert (divider.os, divider.environ, divider.getenv) == (hook.VIEW, hook.environ, hook.getenv)
    assert (divider.ask(), bystander.ask()) == (None, "4")
    assert bystander.os is os


def test_a_module_with_the_view_is_otherwise_unchanged(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    (folder / "bystander.py").write_text(SOURCE)
    load(divider={})
    divider, bystander = importlib.import_module("divider"), importlib.import_module("bystander")
    assert vars(divider).keys() == vars(bystander).keys()
    assert type(divider.__loader__) is type(bystander.__loader__)
    assert divider.__spec__
    assert divider.__spec__.loader is divider.__loader__
    assert inspect.getsource(divider) == SOURCE
    assert pickle.loads(pickle.dumps(divider.ask)) is divider.ask  # noqa: S301


def test_a_module_that_is_reloaded_has_the_view(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    hook = load(divider={})
    divider = importlib.import_module("divider")
    vars(divider)["os"] = None
    assert importlib.reload(divider).os is hook.VIEW
    del sys.modules["divider"]
    assert importlib.import_module("divider").os is hook.VIEW


def test_a_module_loaded_before_the_hook_gets_the_view(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    divider = importlib.import_module("divider")
    hook = load(divider={})
    assert divider.os is hook.VIEW


@pytest.mark.parametrize("source", ["", "os = 'an operating system'", "import os.path as os"])
def test_a_module_without_os_stays_as_it_is(load: Load, folder: Path, source: str) -> None:
    (folder / "divider.py").write_text(source)
    load(divider={})
    expected: dict[str, Any] = {}
    exec(source, expected)  # noqa: S102
    assert vars(importlib.import_module("divider")).get("os") == expected.get("os")


@pytest.mark.parametrize("source", ["1 / 0", "import no_such_module", "this is no Python"])
def test_passes_on_an_error_of_the_module(load: Load, folder: Path, source: str) -> None:
    (folder / "divider.py").write_text(source)
    with pytest.raises((ArithmeticError, ImportError, SyntaxError)) as without:
        importlib.import_module("divider")
    load(divider={})
    with pytest.raises(without.type) as failed:
        importlib.import_module("divider")
    assert str(failed.value) == str(without.value)
    assert "divider" not in sys.modules


def test_an_error_of_the_hook_leaves_the_module_as_it_was(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    load(divider={"special": "_joblib"})  # which looks for joblib's classes
    divider = importlib.import_module("divider")
    assert (divider.os, divider.environ) == (os, os.environ)


def test_looking_for_a_module_changes_nothing(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    load(divider={})
    spec = importlib.util.find_spec("divider")
    assert spec
    assert spec.loader
    assert spec.loader.get_source("divider") == SOURCE  # type: ignore[attr-defined]
    assert spec.origin == str(folder / "divider.py")
    assert importlib.util.find_spec("no_such_module") is None
    assert "divider" not in sys.modules


def test_a_lazily_loaded_module_gets_the_view(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text(SOURCE)
    hook = load(divider={})
    spec = importlib.util.find_spec("divider")
    assert spec
    assert spec.loader
    spec.loader = importlib.util.LazyLoader(spec.loader)
    divider = importlib.util.module_from_spec(spec)
    sys.modules["divider"] = divider
    spec.loader.exec_module(divider)
    assert divider.os is hook.VIEW


def test_modules_in_archives_and_namespace_packages_get_the_view(load: Load, folder: Path) -> None:
    with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
        archive.writestr("divider.py", SOURCE)
    sys.path.insert(0, str(folder / "packed.zip"))
    (folder / "spread").mkdir()
    (folder / "spread" / "divider.py").write_text(SOURCE)
    hook = load(divider={}, **{"spread.divider": {}, "spread": {}})
    for name in ("divider", "spread.divider"):
        assert importlib.import_module(name).os is hook.VIEW
    assert importlib.import_module("spread").__path__


def test_threads_that_import_a_module_at_once_get_the_view(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text("import time\ntime.sleep(0.05)\n" + SOURCE)
    hook = load(divider={})
    together = threading.Barrier(8)

    def load_it(_: int) -> Any:
        together.wait()
        return importlib.import_module("divider").os

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(load_it, range(8))) == {hook.VIEW}


def test_limits_results_while_the_launchers_number_is_set(load: Load, folder: Path) -> None:
    (folder / "divider.py").write_text("def suggested(n=9):\n    'Count.'\n    return n\n")
    load(divider={"results": ("suggested", "of_another_version")})
    suggested = importlib.import_module("divider").suggested
    assert (suggested(), suggested(n=2), suggested.__doc__) == (4, 2, "Count.")
    os.environ["OMP_NUM_THREADS"] = "16"
    assert suggested() == 9


def test_limits_a_number_that_a_module_sets_during_its_import(load: Load, folder: Path) -> None:
    """As ultralytics does, unless OMP_NUM_THREADS is set."""
    (folder / "divider.py").write_text("import os\nfound = os.environ.get('OMP_NUM_THREADS')\n")
    load(divider={"at_import": (("OMP_NUM_THREADS", "1"),)})
    assert importlib.import_module("divider").found == "1"


# In a Python of its own

PLAIN = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
LAUNCHED = {**PLAIN, "MKL_LAUNCH_APPLIED": "--for=python OMP_NUM_THREADS=2", "OMP_NUM_THREADS": "2"}
LOADED = "import sys; print(*sorted(sys.modules))"


def pip(python: Path, *words: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--python", str(python), *words]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def venv(place: Path, base: str | Path = sys.executable) -> Path:
    subprocess.run([str(base), "-m", "venv", "--without-pip", str(place)], check=True, env=PLAIN)
    return place / "bin" / "python"


def printed(python: Path | str, code: str, environ: dict[str, str], *options: str) -> str:
    done = subprocess.run(
        [str(python), *options, "-c", code], check=True, capture_output=True, text=True, env=environ
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture(scope="module")
def hooked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python into which pip has installed the wheel."""
    python = venv(tmp_path_factory.mktemp("hooked"))
    pip(python, "install", "--no-deps", str(wheel))
    return python


def packages(python: Path) -> Path:
    (found,) = python.parent.parent.glob("lib/python*/site-packages")
    return found


def test_pip_installs_the_hook_and_removes_it(wheel: Path, tmp_path: Path) -> None:
    python = venv(tmp_path)
    folder = packages(python)
    pip(python, "install", "--no-deps", str(wheel))
    assert {path.name for path in folder.glob("mkl_launch_hook*")} == set(python_hook.FILES)
    assert "mkl_launch_hook" in printed(python, LOADED, LAUNCHED).split()
    pip(python, "uninstall", "--yes", "mkl-launch")
    assert not list(folder.glob("**/mkl_launch*"))


def test_an_editable_installation_has_no_hook_and_works(tmp_path: Path) -> None:
    python = venv(tmp_path)
    pip(python, "install", "--no-deps", "--editable", str(PROJECT))
    assert "mkl_launch_hook" not in printed(python, LOADED, LAUNCHED).split()
    assert printed(python, "import mkl_launch_hook as hook; print(hook.__file__)", PLAIN) == str(FILE)


def test_loads_nothing_without_a_launch(hooked: Path, tmp_path: Path) -> None:
    without = printed(venv(tmp_path), LOADED, PLAIN)
    assert printed(hooked, LOADED, PLAIN) == without
    assert printed(hooked, LOADED, {**LAUNCHED, "MKL_LAUNCH_PYTHON": "off"}) == without


def test_loads_one_module_after_a_launch(hooked: Path, tmp_path: Path) -> None:
    without = set(printed(venv(tmp_path), LOADED, LAUNCHED).split())
    for options in ((), ("-I",), ("-E",)):
        more = set(printed(hooked, LOADED, LAUNCHED, *options).split()) - without
        assert more == {"mkl_launch_hook"}
    assert "mkl_launch_hook" not in printed(hooked, LOADED, LAUNCHED, "-S").split()


def test_the_program_sees_the_environment_that_it_was_given(hooked: Path, tmp_path: Path) -> None:
    code = "import json, os; print(json.dumps([dict(os.environ), os.getenv('OMP_NUM_THREADS'), repr(os)]))"
    assert printed(hooked, code, LAUNCHED) == printed(venv(tmp_path), code, LAUNCHED)


@pytest.mark.parametrize("damage", ["raise RuntimeError", "this is no Python", None])
def test_a_damaged_hook_prints_nothing(hooked: Path, tmp_path: Path, damage: str | None) -> None:
    python = venv(tmp_path)
    shutil.copy(packages(hooked) / python_hook.PTH, packages(python))
    if damage:
        (packages(python) / python_hook.MODULE).write_text(damage)
    assert printed(python, "print(1)", LAUNCHED) == "1"


def test_works_in_a_subinterpreter(hooked: Path) -> None:
    code = """
import importlib
names = ("_interpreters", "_xxsubinterpreters")
for name in names:
    try:
        interpreters = importlib.import_module(name)
        break
    except ImportError:
        pass
inner = interpreters.create()
interpreters.run_string(inner, "import sys; print('mkl_launch_hook' in sys.modules, flush=True)")
"""
    assert printed(hooked, code, LAUNCHED) == "True"


MAIN = """
import os
def main():
    print(__name__, os.environ.get("OMP_NUM_THREADS"))
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(("run_name", "said"), [("__main__", "divider None"), ("other", "")])
def test_works_in_a_module_run_with_dash_m(hooked: Path, tmp_path: Path, run_name: str, said: str) -> None:
    (tmp_path / "divider.py").write_text(MAIN)
    code = f"""
import mkl_launch_hook as hook, runpy, sys
sys.path.insert(0, {str(tmp_path)!r})
hook.MODULES["divider"] = hook.Row("divider", "", "", hook.SOURCE, main="main")
names = runpy.run_module("divider", run_name={run_name!r}, alter_sys=True)
assert {run_name!r} == "__main__" or "main" in names
"""
    assert printed(hooked, code, LAUNCHED) == said


# Into another Python


PYTHONS = {version: path for version, path in pythons().items() if version not in ("2.7", "3.6")}


@pytest.mark.parametrize(("version", "base"), PYTHONS.items(), ids=PYTHONS)
def test_prepare_installs_the_hook_into_every_python(version: str, base: Path, tmp_path: Path) -> None:
    python = venv(tmp_path, base)
    done = f"{packages(python)}: the hook for libraries %s (Python {version})"
    assert python_hook.install(str(python)) == done % "is installed"
    assert python_hook.install(str(python)) == done % "was already installed"
    assert len(list(packages(python).glob("__pycache__/mkl_launch_hook.*.pyc"))) == 1
    (tmp_path / "divider.py").write_text(SOURCE)
    code = f"""
import mkl_launch_hook as hook, os, sys
hook.MODULES["divider"] = hook.Row("divider", "", "", hook.SOURCE)
sys.path.insert(0, {str(tmp_path)!r})
import divider
print(divider.ask(), os.environ["OMP_NUM_THREADS"])
divider.os.environ["OMP_NUM_THREADS"] = "9"
print(divider.ask(), os.environ["OMP_NUM_THREADS"])
"""
    assert printed(python, code, LAUNCHED).split() == ["None", "2", "2", "2"]


def test_prepare_replaces_an_older_hook(tmp_path: Path) -> None:
    python = venv(tmp_path)
    python_hook.install(str(python))
    (packages(python) / python_hook.MODULE).write_text("def start(): raise SystemExit('old')")
    assert "is installed" in python_hook.install(str(python))
    assert (packages(python) / python_hook.MODULE).read_bytes() == FILE.read_bytes()


def test_prepare_writes_a_start_file_for_python_318(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_hook, "START_SINCE", sys.version_info[:2])
    python = venv(tmp_path)
    python_hook.install(str(python))
    module, _, function = (packages(python) / python_hook.START).read_text().strip().partition(":")
    code = f"import {module} as module; print(callable(module.{function}))"
    assert printed(python, code, PLAIN) == "True"


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("/nonexistent/python", "/nonexistent/python: No such file or directory"),
        ("/bin/true", "/bin/true: not a Python, or one that does not print its folders"),
        ("/bin/false", "/bin/false: exit status 1"),
    ],
)
def test_prepare_reports_a_program_that_is_not_python(python: str, said: str) -> None:
    with pytest.raises(PreparationError) as failed:
        python_hook.install(python)
    assert str(failed.value) == said


def test_prepare_reports_and_skips_a_python_without_its_packages(tmp_path: Path) -> None:
    python = venv(tmp_path)
    wrapper = tmp_path / "bare"
    wrapper.write_text(f'#!/bin/sh\nexec {python} -S "$@"\n')
    wrapper.chmod(0o755)
    with pytest.raises(PreparationError, match=r"it does not run .*mkl_launch_hook\.pth when it starts"):
        python_hook.install(str(wrapper))
    assert not list(packages(python).glob("**/mkl_launch_hook*"))


def test_prepare_reports_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """Read-only for this one process, since root may write where nobody else may."""
    python = venv(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(PROJECT / 'src')!r})\n"
        "from mkl_launch.image import python_hook\n"
        "from mkl_launch.core.errors import PreparationError\n"
        f"try: python_hook.install({str(python)!r})\n"
        "except PreparationError as error: print(error)\n"
    )
    folder = shlex.quote(str(packages(python)))
    mount = f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}"
    command = shlex.join([sys.executable, "-B", "-c", code])
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{mount} && exec {command}"],
        check=False,
        capture_output=True,
        text=True,
        env=PLAIN,
    )
    if done.stderr.startswith(("unshare:", "mount:")):
        skip_or_fail(f"no mount namespace: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout
        == f"{packages(python)}: Read-only file system; the hook for libraries is not installed\n"
    )


# The real libraries

CASES = {
    ("hook", "joblib"): ("joblib._parallel_backends",),
    ("hook-old", "joblib"): (),
    ("hook", "dask"): ("distributed.nanny",),
    ("hook", "torchrun"): (),
    ("hook", "torchrun_within"): ("torch.distributed.run",),
    ("hook", "accelerate_ranks"): ("accelerate.commands.launch",),
    ("hook", "lightning"): ("lightning.fabric.utilities.distributed",),
    ("hook", "mmengine"): ("mmengine.utils.dl_utils.setup_env",),
    ("workers", "ray"): ("ray._private.utils",),
}


@pytest.fixture(scope="module")
def python_of(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the Python of an environment with the wheel installed over it."""
    made: dict[str, Path] = {}

    def find(name: str) -> Path:
        if name not in made:
            base = environment(name) / "bin" / "python"
            made[name] = venv(tmp_path_factory.mktemp(name), base)
            pip(made[name], "install", "--no-deps", str(wheel))
            (packages(made[name]) / "programs.pth").write_text(f"{packages(base)}\n")
        return made[name]

    return find


def children(python: Path, library: str, place: Path, before: tuple[str, ...], **environ: str) -> Any:
    """Return what each child process of the library computes with."""
    (place / "children").mkdir(parents=True)
    done = subprocess.run(
        [*before, str(python), str(DIVIDERS), library],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**PLAIN, "HOME": str(place), "DIVIDERS": str(place / "children"), **environ},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found
    return sorted(found, key=str)


@pytest.mark.parametrize(("name", "library"), CASES, ids=["-".join(case) for case in CASES])
def test_child_processes_get_the_numbers_they_get_without_a_launch(
    python_of: Callable[[str], Path], launcher: str, tmp_path: Path, name: str, library: str
) -> None:
    python, launch = python_of(name), (launcher, "-q", "--")
    with ThreadPoolExecutor(3) as pool:
        untouched = pool.submit(children, python, library, tmp_path / "untouched", ())
        launched = pool.submit(children, python, library, tmp_path / "launched", launch)
        without_hook = {"MKL_LAUNCH_PYTHON": "off", "OMP_NUM_THREADS": "auto"}
        off = pool.submit(children, python, library, tmp_path / "off", launch, **without_hook)
    assert launched.result() == untouched.result()
    assert off.result() != untouched.result(), "without the hook they get more, or this shows nothing"


@pytest.mark.parametrize(
    ("name", "library"), [("hook", "accelerate"), ("hook", "joblib_share"), ("hook-old", "joblib_share")]
)
def test_no_child_process_gets_more_than_the_launchers_number(
    python_of: Callable[[str], Path], launcher: str, tmp_path: Path, name: str, library: str
) -> None:
    python = python_of(name)
    assert str(children(python, library, tmp_path / "untouched", ())) != str(
        found := children(python, library, tmp_path / "launched", (launcher, "-q", "--cpus", "1", "--"))
    )
    assert {value for child in found for value in child.values()} <= {1, "1"}


def test_every_documented_library_is_tested() -> None:
    spec = importlib.util.spec_from_file_location("mkl_launch_hook", FILE)
    assert spec
    assert spec.loader
    hook: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    run = {row.module for row in hook.ROWS if row.proof == hook.RUN}
    assert run == {module for modules in CASES.values() for module in modules}
    assert len(hook.MODULES) == len(hook.ROWS)
    assert all(row.source.startswith("https://") and row.divides for row in hook.ROWS)
