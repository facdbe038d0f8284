"""A frozen record class at a fraction of the import time of `dataclasses`.

`import dataclasses` costs more than twice the start of the interpreter itself (it pulls in `inspect`
and `re`, and compiles source for every class); the launch path cannot afford it. Type checkers see
a subclass of `Record` as what it stands in for, a frozen dataclass (PEP 681).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import dataclass_transform

    T = TypeVar("T", bound="Record")
else:

    def dataclass_transform(**_):  # noqa: ANN003, ANN201, D103
        return lambda decorated: decorated


@dataclass_transform(frozen_default=True)
class Record:
    """The base of records: initialiser, equality and representation of a frozen dataclass.

    A base class in place of a decorator that sets these methods, which costs 13 us for each record.
    """

    _fields: ClassVar[tuple[str, ...]]
    _names: ClassVar[frozenset[str]]
    _defaults: ClassVar[dict[str, Any]]

    def __init_subclass__(cls) -> None:
        fields = tuple(cls.__annotations__)
        values = cls.__dict__
        cls._fields = fields
        cls._names = frozenset(fields)
        cls._defaults = {name: values[name] for name in fields if name in values}

    def __init__(self, *args: Any, **named: Any) -> None:
        values = self.__dict__
        values.update(self._defaults)
        values.update(zip(self._fields, args))
        values.update(named)
        if len(args) > len(self._fields) or values.keys() != self._names:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(self) == vars(other)

    __hash__ = object.__hash__  # by identity: fields may hold dictionaries

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"


def changed(old: T, **values: Any) -> T:
    """Return a copy of the record `old` with some fields replaced."""
    return type(old)(**{**vars(old), **values})
