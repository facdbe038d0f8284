"""Who may import whom, what a launch may import, and how long a file and a function may be."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = PROJECT / "src" / "mkl_launch"
FILES = {path.stem: path for path in PACKAGE.glob("*.py") if path.stem != "__init__"}

# From the bottom to the top: a module may import what stands before it.
ORDER = (
    *("stderr", "execute", "errors", "record", "cpulist", "source", "engines", "schedulers", "shares"),
    *(
        "cgroup",
        "topology",
        "options",
        "libraries",
        "preload",
        "ecs",
        "declared",
        "detect",
        "machine",
    ),  # what there is
    *("variable", "tool_variables", "variables", "command", "wrapper"),  # what is known:
    *("servers", "llms", "web", "queues", "jobs", "wrappers", "runners", "tools", "known", "commands"),
    *(
        "shell",
        "expansion",
        "conditions",
        "blocks",
        "passing",
        "script",
        "program",
        "words",
        "at_once",
        "recognise",
    ),  # and of which program
    *(
        "parser",
        "request",
        "given",
        "configs",
        "python_settings",
        "server_config",
        "workers",
    ),  # what is asked for, set, told
    *("scripts", "equipment", "looking", "probe"),  # what the program's files say
    *(
        "placing",
        "exclusivity",
        "budget",
        "pinning",
        "quantities",
        "settings",
        "advice",
        "plan",
        "headline",
        "live",
        "render",
    ),  # what follows: pure
    *("described", "process_limits", "prepare"),  # one after the other; a machine in words
    *("unbundle", "bundle", "native", "python_hook", "image"),  # an image, and what is made for its Python
    "apply",
    *(
        "output",
        "logs",
        "signals",
        "guard",
        "terminal",
        "instance",
        "shutdown",
        "supervise",
        "instances",
    ),  # several processes
    *("reports", "cli", "start", "__main__", "direct", "prepared"),
)
# What each may have of the system and of other packages; all others are pure Python.
SYSTEM = {
    "stderr": {"posix", "select", "_signal"},
    "execute": {"posix", "_signal"},
    "source": {"posix"},
    "detect": {"psutil"},
    "machine": {"posix", "cpuinfo"},
    "parser": {"argparse", "os"},
    "render": {"json"},
    "configs": {"json"},
    "python_settings": {"_ast", "warnings"},
    "ecs": {"http.client", "ipaddress", "json", "socket", "time", "urllib.parse", "tenacity"},
    "unbundle": {"posix", "sys", "marshal", "_frozen_importlib"},
    "bundle": {"__future__", "ast", "importlib.util", "marshal", "pathlib", "sys"},
    "native": {"os", "pathlib", "sys"},
    "python_hook": {"json", "os", "pathlib", "subprocess"},
    "image": {"errno", "os", "sys", "shutil", "pathlib", "compileall"},
    "apply": {"posix", "ctypes"},
    "output": {"os", "select"},
    "logs": {"os", "stat"},
    "terminal": {"os", "signal"},
    "signals": {"os", "signal"},
    "guard": {"os", "signal", "time", "functools", "ctypes"},
    "supervise": {"errno", "gc", "os", "select", "signal", "time"},
    "instances": {"os"},
    "reports": {"posix", "json"},
    "cli": {"sys"},
    "start": {"posix", "sys", "_signal", "binascii"},
    "__main__": {"_frozen_importlib_external", "gc", "marshal", "posix", "sys"},
    "direct": {"posix", "_signal"},
    "prepared": {"_frozen_importlib_external", "gc", "marshal", "posix", "sys"},
}
PURE = (
    set(ORDER)
    - SYSTEM.keys()
    - {
        "cgroup",
        "topology",
        "declared",
        "probe",
        "scripts",
        "equipment",
        "looking",
        "preload",
        "live",
        "described",
        "process_limits",
        "prepare",
    }
)
SLOW = {
    *(
        "argparse",
        "cpuinfo",
        "ctypes",
        "dataclasses",
        "enum",
        "inspect",
        "json",
        "os",
        "psutil",
        "re",
        "signal",
        "site",
    ),
    *("subprocess", "tenacity", "typing"),
    *(
        "mkl_launch.machine",
        "mkl_launch.render",
        "mkl_launch.reports",
        "mkl_launch.live",
        "mkl_launch.libraries",
        "mkl_launch.placing",
        "mkl_launch.supervise",
        "mkl_launch.advice",
    ),  # with cause
    *(
        f"mkl_launch.{name}"
        for name in ("servers", "llms", "web", "queues", "jobs", "runners", "tools", "commands")
    ),
    *(
        f"mkl_launch.{name}"
        for name in (
            "shell",
            "expansion",
            "conditions",
            "blocks",
            "script",
            "server_config",
            "python_settings",
        )
    ),
}

every_module = pytest.mark.parametrize("module", sorted(FILES))


def nodes(module: str) -> Iterator[ast.AST]:
    """Everything in a module but what only a type checker reads."""
    left: list[ast.AST] = [ast.parse(FILES[module].read_text(encoding="utf-8"))]
    while left:
        node = left.pop()
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        left += node.orelse if typing_only and isinstance(node, ast.If) else ast.iter_child_nodes(node)
        yield node


def imports(module: str) -> set[str]:
    """What a module imports, anywhere in it: its siblings as ".name"."""
    found: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = "." if node.level else ""
            source = (node.module or "").replace("mkl_launch.", ".")
            names = [source] if source else [name.name for name in node.names]
            found.update(home + name for name in names)
    return found - {"__future__", ".__version__"}


def test_every_module_has_its_place() -> None:
    assert sorted(ORDER) == sorted(FILES)


@every_module
def test_dependencies_go_one_way(module: str) -> None:
    siblings = {name[1:] for name in imports(module) if name.startswith(".")}
    assert siblings <= set(ORDER[: ORDER.index(module)])


@every_module
def test_only_some_modules_know_the_system(module: str) -> None:
    assert {name for name in imports(module) if not name.startswith(".")} <= SYSTEM.get(module, set())


@pytest.mark.parametrize("module", sorted(PURE))
def test_what_decides_neither_reads_nor_acts(module: str) -> None:
    assert not imports(module) & {
        ".source",
        ".cgroup",
        ".topology",
        ".preload",
        ".scripts",
        ".equipment",
        ".looking",
        ".probe",
        ".apply",
        ".cli",
    }
    assert not {node.id for node in nodes(module) if isinstance(node, ast.Name)} & {"open", "print", "exec"}


def test_only_the_wiring_acts() -> None:
    assert [module for module in ORDER if ".apply" in imports(module)] == [
        "instances",
        "reports",
        "cli",
    ]


@every_module
def test_only_one_module_reads_files(module: str) -> None:
    """But `start`, which can rely on no other, `image`, which writes, and the streams of instances."""
    writers = ("image", "native", "bundle", "unbundle", "direct", "prepared", "execute", "logs", "__main__")
    if module not in ("source", "start", "stderr", "guard", "output", "terminal", *writers):
        names = {node.attr for node in nodes(module) if isinstance(node, ast.Attribute)}
        assert not names & {"open", "listdir", "scandir", "stat", "fstat", "readlink", "sched_getaffinity"}
        assert "open" not in {node.id for node in nodes(module) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    "words", [[], ["--cpus", "1"], ["--workers=2", "--bind", "never", "--profile=serving"]]
)
def test_a_launch_imports_nothing_slow(words: list[str]) -> None:
    imported = imported_by([*words, "-q", "--", "true"])
    assert "mkl_launch.plan" in imported, "it is a launch"
    assert not imported & (SLOW if not words else SLOW - {"mkl_launch.advice"})


def test_a_report_imports_what_it_needs() -> None:
    assert {"json", "mkl_launch.render"} <= imported_by(["--json"])


def imported_by(words: list[str]) -> set[str]:
    """What Python imports from its start to the exec of the command."""
    launch = [sys.executable, "-I", "-S", "-X", "utf8", "-X", "importtime", str(FILES["__main__"]), *words]
    environ = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(launch, check=True, capture_output=True, text=True, env=environ)
    lines = done.stderr.splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


@every_module
def test_a_file_is_short(module: str) -> None:
    assert len(FILES[module].read_text(encoding="utf-8").splitlines()) < 300


def lengths() -> dict[str, int]:
    """The lines of each function."""
    return {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in FILES
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef)
    }


def test_functions_are_short() -> None:
    found = lengths()
    assert statistics.median(found.values()) <= 10
    assert {name: lines for name, lines in found.items() if lines > 45} == {}
