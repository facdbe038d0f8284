"""The value of `workers` in a settings file that is Python, such as gunicorn.conf.py. The file is not run.

Arithmetic, environment variables, counts of CPUs and simple conditions are evaluated. A value that
depends on anything else is unknown.
"""

from __future__ import annotations

import _ast as ast

from mkl_launch.core.cpulist import MAX_CPU
from mkl_launch.program.settings_files.python_syntax import (
    assigned,
    last_name,
    owner_name,
    variables_prefix,
)

Value = object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


ONLY_PARSE = 0x400  # ast.PyCF_ONLY_AST, without the import of ast
MAX_STEPS = 2000
MAX_NUMBER = 10**9
MAX_DIGITS = 6
MAX_CALLS = 8  # nested
# Names of the objects of python-decouple, Starlette and django-environ that read a variable:
# `config("WORKERS", default=2, cast=int)`, `env.int("WORKERS", 2)`. A file of theirs is not read.
READERS = ("config", "env")
CPU_COUNTS = ("cpu_count", "process_cpu_count", "sched_getaffinity", "nproc")
CONVERTED: dict[str, Callable[[Value], Value]] = {
    "int": int,  # type: ignore[dict-item]
    "float": float,  # type: ignore[dict-item]
    "str": str,
    "bool": bool,
    "abs": abs,  # type: ignore[dict-item]
    "round": round,  # type: ignore[dict-item]
    "ceil": lambda number: -int(-_number(number) // 1),
    "floor": lambda number: int(_number(number) // 1),
}


class _Unknown(Exception):  # not an error: the value is not known
    pass


class _Returned(Exception):  # a function of the file ends
    def __init__(self, value: Value) -> None:
        self.value = value


FAILURES = (_Unknown, TypeError, ValueError, ZeroDivisionError, OverflowError)


def workers(text: str, environ: Mapping[str, str], cpus: int) -> tuple[int | None, bool]:
    """Return the number in `workers = ...` and whether it counts CPUs; None if the number is unknown."""
    import warnings  # the parser warns of deprecated syntax

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(text, "settings", "exec", ONLY_PARSE)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None, False
    settings = _Settings(environ, cpus)
    try:
        settings.run(tree.body)
    except (_Unknown, _Returned, RecursionError):
        return None, False
    number = settings.names.get("workers")
    if isinstance(number, str) and number.isdecimal() and len(number) < MAX_DIGITS:  # gunicorn converts it
        number = int(number)
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 < number <= MAX_CPU
    return (number, "workers" in settings.counting) if whole else (None, False)  # type: ignore[return-value]


class _Settings:
    """The names that a settings file assigns, and those of their values that are known."""

    def __init__(self, environ: Mapping[str, str], cpus: int) -> None:
        self.environ, self.cpus = environ, cpus
        self.names: dict[str, Value] = {}
        self.counting: set[str] = set()  # names whose value depends on the number of CPUs
        self.counted = False
        self.steps = 0
        self.functions: dict[str, ast.FunctionDef] = {}
        self.calls = 0  # functions of the file that are being followed

    def run(self, body: Sequence[ast.stmt]) -> None:
        """Evaluate statements in order."""
        for line in body:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise _Unknown
            work = getattr(self, f"_{type(line).__name__.lower()}_line", self._other_line)
            work(line)

    def _assign_line(self, line: ast.Assign) -> None:
        for target in line.targets:
            self._assign(target, line.value)

    def _annassign_line(self, line: ast.AnnAssign) -> None:
        if line.value is not None:
            self._assign(line.target, line.value)

    def _functiondef_line(self, line: ast.FunctionDef) -> None:
        self.functions[line.name] = line

    def _classdef_line(self, line: ast.ClassDef) -> None:
        pass

    def _return_line(self, line: ast.Return) -> None:
        raise _Returned(self.value(line.value) if line.value else None)

    def _for_line(self, line: ast.For) -> None:
        variable = variables_prefix(line) + "WORKERS"
        if variable in self.environ and variables_prefix(line):
            self.names["workers"] = self.environ[variable]
        elif not variables_prefix(line):
            self._other_line(line)

    def _other_line(self, line: ast.stmt) -> None:
        for name in assigned([line]):
            self._forget(name)

    def _try_line(self, line: ast.Try) -> None:
        try:
            self.run(line.body)
        except (TypeError, ValueError):  # raised by the conversion in a `return`
            self.run(line.handlers[0].body if line.handlers else [])

    def _forget(self, name: str) -> None:
        self.names.pop(name, None)
        self.counting.discard(name)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Name):
            return
        self.counted = False
        try:
            self.names[target.id] = self.value(value)
        except FAILURES:
            self._forget(target.id)
            return
        (self.counting.add if self.counted else self.counting.discard)(target.id)

    def _if_line(self, line: ast.If) -> None:
        try:
            holds = bool(self.value(line.test))
        except FAILURES:
            if self.calls:
                raise _Unknown from None
            for name in (*assigned(line.body), *assigned(line.orelse)):
                self._forget(name)
            return
        self.run(line.body if holds else line.orelse)

    def value(self, node: ast.expr) -> Value:
        """Return the value of an expression; raise _Unknown if it depends on anything else."""
        self.steps += 1
        work = getattr(self, f"_{type(node).__name__.lower()}", None)
        if work is None or self.steps > MAX_STEPS:
            raise _Unknown
        result: Value = work(node)
        return result

    def _constant(self, node: ast.Constant) -> Value:
        return node.value

    def _name(self, node: ast.Name) -> Value:
        if node.id not in self.names:
            raise _Unknown
        self.counted = self.counted or node.id in self.counting
        return self.names[node.id]

    def _unaryop(self, node: ast.UnaryOp) -> Value:
        inner = self.value(node.operand)
        return not inner if isinstance(node.op, ast.Not) else -_number(inner)

    def _ifexp(self, node: ast.IfExp) -> Value:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _subscript(self, node: ast.Subscript) -> Value:
        if last_name(node.value) != "environ":
            raise _Unknown
        return self._variable([self.value(node.slice)])

    def _binop(self, node: ast.BinOp) -> Value:
        left, other = self.value(node.left), self.value(node.right)
        a, b = _number(left), _number(other)
        if isinstance(node.op, (ast.Div, ast.FloorDiv)):
            return a / b if isinstance(node.op, ast.Div) else a // b
        if isinstance(node.op, (ast.Add, ast.Sub)):
            return a + b if isinstance(node.op, ast.Add) else a - b
        if isinstance(node.op, ast.Mult):
            return a * b
        raise _Unknown

    def _boolop(self, node: ast.BoolOp) -> Value:
        result: Value = None
        for part in node.values:
            result = self.value(part)
            if bool(result) == isinstance(node.op, ast.Or):
                break
        return result

    def _compare(self, node: ast.Compare) -> bool:
        left, other, sign = self.value(node.left), self.value(node.comparators[0]), node.ops[0]
        if len(node.ops) > 1:
            raise _Unknown
        if isinstance(sign, (ast.Eq, ast.Is)):
            return left == other
        if isinstance(sign, (ast.NotEq, ast.IsNot)):
            return left != other
        a, b = _number(left), _number(other)
        if isinstance(sign, (ast.Lt, ast.LtE)):
            return a < b or (a == b and isinstance(sign, ast.LtE))
        if isinstance(sign, (ast.Gt, ast.GtE)):
            return a > b or (a == b and isinstance(sign, ast.GtE))
        raise _Unknown

    def _call(self, node: ast.Call) -> Value:
        name = last_name(node.func)
        if name in CPU_COUNTS:
            self.counted = True
            return self.cpus
        if name == "len" and node.args and isinstance(node.args[0], ast.Call):
            if last_name(node.args[0].func) in CPU_COUNTS:
                return self.value(node.args[0])
            raise _Unknown
        given = self.names.get(name)
        if callable(given) and len(node.args) == 1:
            return given(self.value(node.args[0]))
        if name in self.functions:
            return self._of_function(self.functions[name], node)
        reads = name == "getenv" or (name == "get" and owner_name(node.func) == "environ")
        if reads or name in READERS or owner_name(node.func) in READERS:
            default = [word.value for word in node.keywords if word.arg == "default"]
            return self._variable([self.value(word) for word in (*node.args, *default)])
        return self._converted(name, [self.value(word) for word in node.args])

    def _converted(self, name: str, values: list[Value]) -> Value:
        """Return the value of a function of Python."""
        if name == "int" and values[1:] == [10]:
            values = values[:1]
        if name in ("max", "min") and len(values) > 1:
            return (max if name == "max" else min)(_number(value) for value in values)
        if name in CONVERTED and len(values) == 1:
            if isinstance(values[0], str) and (len(values[0]) > 20 or name in ("abs", "round")):
                raise _Unknown
            return CONVERTED[name](values[0])
        raise _Unknown

    def _of_function(self, function: ast.FunctionDef, node: ast.Call) -> Value:
        """Return what a function of the file returns."""
        parameters = [parameter.arg for parameter in function.args.args]
        defaults = dict(zip(parameters[::-1], function.args.defaults[::-1]))
        named = zip(function.args.kwonlyargs, function.args.kw_defaults)
        defaults |= {parameter.arg: default for parameter, default in named if default}
        given = dict(zip(parameters, node.args)) | {word.arg or "": word.value for word in node.keywords}
        if self.calls >= MAX_CALLS:
            raise _Unknown
        bound = {name: self._argument(value) for name, value in {**defaults, **given}.items()}
        outer, self.names = self.names, {**self.names, **bound}
        self.calls += 1
        try:
            self.run(function.body)
        except _Returned as end:
            return end.value
        finally:
            self.names, self.calls = outer, self.calls - 1
        return None

    def _argument(self, node: ast.expr) -> Value:
        """Return the value of an argument, which may be a function: `cast=int`."""
        return CONVERTED.get(last_name(node)) or self.value(node)

    def _variable(self, values: list[Value]) -> Value:
        name = values[0] if values else None
        if not isinstance(name, str):
            raise _Unknown
        return self.environ.get(name, values[1] if len(values) > 1 else None)


def _number(value: Value) -> float:
    if not isinstance(value, (int, float)) or abs(value) > MAX_NUMBER:
        raise _Unknown
    return value
