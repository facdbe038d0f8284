"""Limits of the code: system modules of a module, imports of a launch, lengths of files and functions.

Who may import whom is a contract in pyproject.toml.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from testing.project import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = PROJECT / "src" / "mkl_launch"


def module_of(path: Path) -> str:
    """Return the name of a module below mkl_launch."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if path.stem != "__init__"}

# What each may have of the system and of other packages; all others are pure Python.
SYSTEM = {
    "__main__": {"_frozen_importlib_external", "gc", "marshal", "posix", "sys"},
    "direct": {"posix", "sys", "_signal"},
    "start": {"posix", "sys", "_signal", "binascii"},
    "main": {"sys"},
    "cli.argument_parser": {"argparse", "os", "re"},
    "cli.tune_arguments": {"re"},
    "core.json_text": {"_json", "json"},
    "core.messages": {"posix", "select", "_signal"},
    "host.detect": {"psutil"},
    "host.ecs": {"http.client", "ipaddress", "json", "socket", "time", "urllib.parse", "tenacity"},
    "host.filesystem": {"posix"},
    "host.inventory": {"sys", "json", "subprocess", "importlib.util"},
    "host.pod": {"json"},
    "host.simulated": {"difflib"},
    "image.bundle": {"__future__", "ast", "importlib.util", "marshal", "pathlib", "sys"},
    "image.entry": {"os", "pathlib", "sys"},
    "image.prepare": {"errno", "os", "sys", "shutil", "pathlib", "compileall"},
    "image.python_hook": {"json", "os", "pathlib", "subprocess"},
    "image.unbundle": {"posix", "sys", "marshal", "_frozen_importlib"},
    "launch.apply": {"posix", "ctypes"},
    "launch.slot_locks": {"posix", "errno", "fcntl", "struct", "time"},
    "launch.take_slots": {"posix"},
    "launch.execute": {"posix", "_signal"},
    "model.tuned_profile": {"json"},
    "program.settings_files.model_servers": {"json"},
    "program.settings_files.python": {"_ast", "warnings"},
    "program.settings_files.python_syntax": {"_ast"},
    "report.colour": {"posix"},
    "report.document": {"json"},
    "report.report": {"pathlib"},
    "report.doctor.run": {"time"},
    "supervisor.guard": {"os", "signal", "time", "functools", "ctypes"},
    "supervisor.logs": {"os", "stat"},
    "supervisor.output": {"os", "select"},
    "supervisor.run": {"os"},
    "supervisor.signals": {"os", "signal"},
    "supervisor.supervisor": {"errno", "gc", "os", "select", "signal", "time"},
    "supervisor.terminal": {"os", "signal"},
    "tune.plot": {"matplotlib.figure", "matplotlib.ticker"},
    "tune.process": {"contextlib", "os", "signal", "time"},
    "tune.save_profile": {"datetime", "json", "pathlib"},
    "tune.progress": {"os", "time", "rich.console", "rich.progress"},
    "tune.run": {"gc", "importlib.util", "signal", "time"},
    "tune.search": {"math"},
    "tune.statistics": {"math"},
    "tune.result": {"json"},
    "tune.trial": {"re", "socket", "time"},
}
# Who may open files beside host.filesystem: what starts before it, what writes, the streams of instances.
OPENING = {
    "__main__",
    "direct",
    "start",
    "core.messages",
    "launch.execute",
    "launch.slot_locks",
    "image.bundle",
    "image.entry",
    "image.prepare",
    "image.unbundle",
    "supervisor.guard",
    "supervisor.logs",
    "supervisor.output",
    "supervisor.terminal",
    "tune.process",
}
CALLS = {"open", "listdir", "scandir", "stat", "fstat", "readlink", "sched_getaffinity"}
SLOW = {
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
    "fcntl",
    "signal",
    "site",
    "subprocess",
    "tenacity",
    "typing",
}
TABLES = (
    "model_servers",
    "llm_servers",
    "web_servers",
    "queue_workers",
    "batch_jobs",
    "training_launchers",
    "finetuning_tools",
    "wrappers_python",
    "wrappers_system",
    "all_commands",
)
DOCTOR = (
    "diagnosis",
    "document",
    "groups",
    "identity",
    "observations",
    "openmetrics",
    "planned",
    "run",
    "sample",
    "table",
)
SHELL = (
    "background",
    "blocks",
    "builtins",
    "conditions",
    "documents",
    "expansion",
    "filters",
    "lexer",
    "loops",
    "output",
    "script",
)
# Modules of our own that only some launches need.
RARE = {
    "mkl_launch.host.inventory",
    "mkl_launch.policy.rank_cpus",
    "mkl_launch.policy.warnings",
    "mkl_launch.host.gpus",
    "mkl_launch.host.caches",
    "mkl_launch.policy.rank_gpus",
    "mkl_launch.host.granted",
    "mkl_launch.policy.granted",
    "mkl_launch.tables.grants",
    "mkl_launch.host.pod",
    "mkl_launch.host.cgroup_levels",
    "mkl_launch.tables.processors",
    "mkl_launch.model.tuned_profile",
    "mkl_launch.policy.tuned_values",
    "mkl_launch.tune.run",
    "mkl_launch.report.document",
    "mkl_launch.report.report",
    "mkl_launch.report.process",
    "mkl_launch.core.json_text",
    "mkl_launch.launch.json_line",
    "mkl_launch.tables.readers",
    "mkl_launch.report.short",
    "mkl_launch.report.picture",
    "mkl_launch.tables.container_paths",
    "mkl_launch.supervisor.supervisor",
    "mkl_launch.tables.preloadable",
    "mkl_launch.launch.slot_locks",
    "mkl_launch.launch.take_slots",
    "mkl_launch.policy.slot_choice",
    "mkl_launch.model.slots",
    "mkl_launch.host.entered",
    *(f"mkl_launch.report.doctor.{name}" for name in DOCTOR),
    *(f"mkl_launch.tables.{name}" for name in TABLES),
    *(f"mkl_launch.program.shell.{name}" for name in SHELL),
    *(f"mkl_launch.program.settings_files.{name}" for name in ("web_servers", "python")),
    *(f"mkl_launch.program.{name}" for name in ("jvm", "python_entry")),
}

every_module = pytest.mark.parametrize("module", sorted(FILES))


def nodes(module: str) -> Iterator[ast.AST]:
    """Return all syntax nodes of a module, but for those that only a type checker reads."""
    left: list[ast.AST] = [ast.parse(FILES[module].read_text(encoding="utf-8"))]
    while left:
        node = left.pop()
        typing_only = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        left += node.orelse if typing_only and isinstance(node, ast.If) else ast.iter_child_nodes(node)
        yield node


def foreign_imports(module: str) -> set[str]:
    """Return the modules that a module imports from outside of this package."""
    found: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found - {"__future__"} if name.partition(".")[0] != "mkl_launch"}


@every_module
def test_only_some_modules_import_system_modules(module: str) -> None:
    allowed = SYSTEM.get(module, set())
    assert foreign_imports(module) - {"__future__"} <= allowed
    assert foreign_imports(module) >= allowed - {"__future__"}, "a row that is not needed any more"


@pytest.mark.parametrize(
    "module", [name for name in FILES if name.startswith(("policy.", "model.", "tables."))]
)
def test_policy_neither_reads_files_nor_acts(module: str) -> None:
    called = {node.id for node in nodes(module) if isinstance(node, ast.Name)}
    assert not called & {"open", "print", "exec"}
    assert not foreign_imports(module) - {"json"}, "it parses a text, and SYSTEM says who may"


@pytest.mark.parametrize("module", sorted(FILES.keys() - OPENING - {"host.filesystem"}))
def test_only_one_module_reads_files(module: str) -> None:
    names = {node.attr for node in nodes(module) if isinstance(node, ast.Attribute)}
    assert not names & CALLS
    assert "open" not in {node.id for node in nodes(module) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    "words", [[], ["--cpus", "1"], ["--workers=2", "--bind", "never", "--profile=serving"]]
)
def test_a_launch_imports_nothing_slow(words: list[str]) -> None:
    imported = imported_by([*words, "-q", "--", "true"])
    assert "mkl_launch.policy.plan" in imported, "it is a launch"
    assert not imported & SLOW
    assert not imported & (RARE if not words else RARE - {"mkl_launch.policy.warnings"})


def test_every_rarely_imported_module_exists() -> None:
    assert {f"mkl_launch.{name}" for name in FILES} >= RARE


def test_a_report_imports_its_modules() -> None:
    imported = imported_by(["--json"])
    assert {"json", "mkl_launch.report.document"} <= imported
    assert not {name for name in imported if "report.doctor" in name}


def test_the_doctor_imports_neither_the_supervisor_nor_psutil() -> None:
    imported = imported_by(["--doctor", "--for", "0"])
    assert "mkl_launch.report.doctor.run" in imported
    assert not {name for name in imported if "psutil" in name or "mkl_launch.supervisor" in name}


def imported_by(words: list[str]) -> set[str]:
    """Return the modules that Python imports from its start to the exec of the command."""
    launch = [sys.executable, "-I", "-S", "-X", "utf8", "-X", "importtime", str(FILES["__main__"]), *words]
    environ = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(launch, check=True, capture_output=True, text=True, env=environ)
    lines = done.stderr.splitlines()
    return {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}


@every_module
def test_every_file_is_short(module: str) -> None:
    assert len(FILES[module].read_text(encoding="utf-8").splitlines()) < 300


def lengths() -> dict[str, int]:
    """Return the lines of each function."""
    return {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in FILES
        for node in nodes(module)
        if isinstance(node, ast.FunctionDef)
    }


def test_every_function_is_short() -> None:
    found = lengths()
    assert statistics.median(found.values()) <= 10
    assert {name: lines for name, lines in found.items() if lines > 45} == {}


def test_testing_imports_no_test() -> None:
    """What tests, benchmarks and examples share is in testing/, also what only two tests share."""
    sources = {path.name: path.read_text(encoding="utf-8") for path in (PROJECT / "testing").rglob("*.py")}
    assert [
        name for name, text in sources.items() if "\nfrom tests" in text or "\nimport tests" in text
    ] == []
