"""Questions about the syntax tree of a settings file that is Python. Imported only for such files."""

from __future__ import annotations

import _ast as ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def owner_name(node: ast.expr) -> str:
    """Return the last part of the name before the last dot: `environ` of `os.environ.get`."""
    return last_name(node.value) if isinstance(node, ast.Attribute) else ""


def variables_prefix(loop: ast.For) -> str:
    """Return the prefix of the variables that a loop makes settings of; "" for any other loop.

    `for k, v in os.environ.items(): if k.startswith("GUNICORN_"): locals()[k[9:].lower()] = v`
    """
    if not (isinstance(loop.iter, ast.Call) and owner_name(loop.iter.func) == "environ"):
        return ""
    nodes = list(_within(loop))
    prefixes = [
        node.args[0].value
        for node in nodes
        if isinstance(node, ast.Call) and last_name(node.func) == "startswith" and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]
    sets = any(
        isinstance(node, ast.Call) and last_name(node.func) in ("locals", "globals") for node in nodes
    )
    return prefixes[0] if sets and len(prefixes) == 1 else ""


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes in it."""
    yield node
    for field in node._fields:
        parts = getattr(node, field, None)
        for part in parts if isinstance(parts, list) else [parts]:
            if isinstance(part, ast.AST):
                yield from _within(part)


def assigned(body: Sequence[ast.stmt]) -> set[str]:
    """Return the names that statements may assign, at any depth."""
    names: set[str] = set()
    for line in body:
        targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
        for part in ("body", "orelse", "finalbody"):
            names |= assigned(getattr(line, part, []))
        for handler in getattr(line, "handlers", []):
            names |= assigned(handler.body)
    return names
