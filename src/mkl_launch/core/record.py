"""A base class of frozen records that imports faster than `dataclasses`.

`import dataclasses` takes more than twice as long as the start of the interpreter, because it imports
`inspect` and `re` and compiles source for every class. To type checkers, a subclass of `Record` is a frozen
dataclass (PEP 681).
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
    """The base of records, with the initialiser, equality and representation of a frozen dataclass.

    A decorator that sets these methods would cost 13 us for each class.
    """

    _fields: ClassVar[tuple[str, ...]]
    _names: ClassVar[frozenset[str]]
    _required: ClassVar[frozenset[str]]

    def __init_subclass__(cls) -> None:
        fields = tuple(cls.__annotations__)
        cls._fields = fields
        cls._names = frozenset(fields)
        cls._required = cls._names.difference(cls.__dict__)

    def __init__(self, *args: Any, **named: Any) -> None:
        values = self.__dict__  # without defaults, which are attributes of the class: a row has 60 of them
        if args:
            values.update(zip(self._fields, args))
        values.update(named)
        if len(args) > len(self._fields) or not self._required <= values.keys() <= self._names:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self._fields)}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and as_dict(self) == as_dict(other)

    __hash__ = object.__hash__  # by identity, because fields may hold dictionaries

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in as_dict(self).items())})"


def as_dict(record: Record) -> dict[str, Any]:
    """Return {field: value} of a record, in the order of the fields."""
    return {name: getattr(record, name) for name in record._fields}


def changed(old: T, **values: Any) -> T:
    """Return a copy of the record `old` with some fields replaced."""
    return type(old)(**{**vars(old), **values})
