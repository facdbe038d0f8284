"""A frozen record class at a fraction of the import time of `dataclasses`.

`import dataclasses` costs more than twice the start of the interpreter itself (it pulls in `inspect`
and `re`, and compiles source for every class); the launch path cannot afford it. Type checkers see
`record` as what it stands in for, a frozen dataclass (PEP 681).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from typing_extensions import dataclass_transform

    T = TypeVar("T")
else:

    def dataclass_transform(**_):  # noqa: ANN003, ANN201, D103
        return lambda decorator: decorator


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Give `cls` the initialiser, equality and representation of a frozen dataclass."""
    fields = tuple(cls.__annotations__)
    names = frozenset(fields)
    defaults = {name: cls.__dict__[name] for name in fields if name in cls.__dict__}

    def init(self: Any, *args: Any, **named: Any) -> None:
        values = self.__dict__
        values.update(defaults)
        values.update(zip(fields, args))
        values.update(named)
        if len(args) > len(fields) or values.keys() != names:
            raise TypeError(f"{cls.__name__} takes {', '.join(fields)}")

    def frozen(self: Any, name: str, value: Any) -> None:  # noqa: ARG001
        raise AttributeError(f"{cls.__name__} is frozen: {name}")

    def equal(self: Any, other: object) -> bool:
        return type(other) is cls and vars(self) == vars(other)

    def show(self: Any) -> str:
        return f"{cls.__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    for name, method in (
        ("__init__", init),
        ("__setattr__", frozen),
        ("__eq__", equal),
        ("__repr__", show),
    ):
        setattr(cls, name, method)
    return cls


def changed(old: T, **values: Any) -> T:
    """A copy of the record `old` with some fields replaced."""
    return type(old)(**{**vars(old), **values})
