"""The bundle: all modules of the launcher in one file, for one version of Python. `unbundle` reads it.

The file is named after the version of Python. It consists of Python's magic number, two sizes of 8 digits
each, and then, written by marshal: the code of `unbundle`, an index with the code of the modules of a
launch, and the code of each other module. A wheel contains the bundle of the Python that built it.
`--prepare` writes the bundle of the image's Python.
"""

from __future__ import annotations
import __future__

import ast
import marshal
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType

PACKAGE = Path(__file__).resolve().parent.parent
UNBUNDLE = "image/unbundle.py"
SCRIPTS = ("__main__.py", UNBUNDLE)
# Modules of every launch. They are loaded together, so that common names are created only once.
LAUNCH = ("start", "main", "program.probe", "policy.summary")
# Compiler flag in place of `from __future__ import annotations`, which is left out of the bundle.
FLAGS = __future__.annotations.compiler_flag


def name() -> str:
    """Return the file name of the bundle for this Python."""
    return f"launch.{sys.implementation.cache_tag}.bundle"


def write(package: Path = PACKAGE) -> Path:
    """Write the bundle beside the modules and return its path. Raise OSError."""
    bundle = package / name()
    partial = bundle.with_name(f"{bundle.name}.partial")
    partial.write_bytes(content(package))
    partial.chmod(0o644)
    partial.replace(bundle)
    return bundle


def content(package: Path) -> bytes:
    """Return the bundle of the modules in a folder."""
    sources = {
        _module(source, package): source
        for source in sorted(package.rglob("*.py"))
        if str(source.relative_to(package)) not in SCRIPTS
    }
    codes = {name: _compiled(source, package) for name, source in sources.items()}
    imports = {name: _imports(name, source) for name, source in sources.items()}
    launch = _imported(imports, (f"{package.name}.{name}" for name in LAUNCH))
    rest = {name: marshal.dumps(code) for name, code in codes.items() if name not in launch}
    needs = {
        name: tuple(need for need in _imported(imports, (name,)) if need in rest and need != name)
        for name in rest
    }
    loader = marshal.dumps(_compiled(package / UNBUNDLE, package))
    rest_at = 0
    while True:  # the offsets depend on the size of the index, which contains the offsets
        offset = rest_at
        entries: dict[str, tuple[object, int, str, int | bytes, tuple[str, ...]]] = {}
        for name in (*launch, *rest):
            source = sources[name]
            file = str(source.relative_to(package))
            # The content of the file with the version: two versions may be equal in all sizes.
            recorded = source.read_bytes() if name == package.name else source.stat().st_size
            if name in launch:
                entries[name] = (codes[name], 0, file, recorded, ())
            else:
                entries[name] = (offset, len(rest[name]), file, recorded, needs[name])
                offset += len(rest[name])
        index = marshal.dumps(entries)
        first = b"".join((MAGIC_NUMBER, b"%08d%08d" % (len(loader), len(index)), loader, index))
        if len(first) == rest_at:
            return b"".join((first, *rest.values()))
        rest_at = len(first)


def _imported(imports: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    """Return these modules and those that they import at their top level, in the order of imports."""
    modules: dict[str, None] = {}  # an ordered set

    def add(name: str) -> None:
        if name in imports and name not in modules:
            for needed in imports[name]:
                add(needed)
            modules[name] = None

    for name in names:
        add(name)
    return list(modules)


def _imports(name: str, source: Path) -> list[str]:
    """Return the names that a module may need first: its package, and what it imports at its top level."""
    needed = [name.rpartition(".")[0]]
    for node in ast.parse(source.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            needed += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return needed


def _module(source: Path, package: Path) -> str:
    """Return the module name of a file."""
    parts = (package.name, *source.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _compiled(source: Path, package: Path) -> CodeType:
    """Compile a file without docstrings and annotations of functions, which a launch does not need."""
    tree = _Slim().visit(ast.parse(source.read_bytes()))
    file = f"{package.name}/{source.relative_to(package)}"
    code: CodeType = compile(tree, file, "exec", flags=FLAGS, dont_inherit=True, optimize=2)
    return code


class _Slim(ast.NodeTransformer):
    """Remove annotations except those of records, which cost time at each start and are not used."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:  # name given by ast
        return None if node.module == "__future__" else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node
