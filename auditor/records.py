"""`dataclass(frozen=True, slots=True)`, made in a third of the time.

The standard library compiles six functions for each such class (up to Python 3.12 one by one), which for the program's two
hundred and more took a sixth of a short run. Here one is compiled, `__init__`; the others are the same for all classes and
ask for their fields. To type checkers it is the standard library's own decorator; so it is at run time with other options.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, **options):
        """`dataclasses.dataclass`, with its options."""
        if cls is None and options == {"frozen": True, "slots": True}:
            return _frozen
        return dataclasses.dataclass(cls, **options)


def _frozen(cls: type[Any]) -> type[Any]:
    given = [value for value in vars(cls).values() if isinstance(value, dataclasses.Field)]
    if hasattr(cls, "__post_init__") or not all(map(_plain, given)) or not all(map(_alike, cls.__mro__[1:])):
        return dataclasses.dataclass(frozen=True, slots=True)(cls)
    made: type[Any] = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    fields = dataclasses.fields(made)
    for name, function in SHARED.items():
        if name not in vars(cls):
            setattr(made, name, function)
    made._field_values = _values([field.name for field in fields])
    if "__init__" not in vars(cls):
        made.__init__ = _init(made, fields)
    return made


def _plain(field: dataclasses.Field[Any]) -> bool:
    """Whether a field has no options but a default."""
    return field.init and field.repr and field.compare and field.hash is None and field.kw_only is not True


def _alike(base: type[Any]) -> bool:
    """Whether a base is no dataclass, or one made here."""
    return not dataclasses.is_dataclass(base) or "_field_values" in vars(base)


def _values(names: Sequence[str]) -> staticmethod[[Any], tuple[Any, ...]]:
    """A function from an instance to the values of its fields."""
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda thing: tuple(getattr(thing, name) for name in names))


def _init(made: type[Any], fields: Sequence[dataclasses.Field[Any]]) -> Callable[..., None]:
    """`__init__` with the fields as parameters; it writes through the slots, past the `__setattr__` that refuses."""
    scope: dict[str, Any] = {"missing": dataclasses.MISSING}
    parameters, body = ["self"], []
    for number, field in enumerate(fields):
        scope[f"set{number}"] = getattr(made, field.name).__set__
        value = field.name
        if field.default_factory is not dataclasses.MISSING:
            scope[f"make{number}"] = field.default_factory
            parameters.append(f"{field.name}=missing")
            value = f"make{number}() if {field.name} is missing else {field.name}"
        elif field.default is not dataclasses.MISSING:
            scope[f"default{number}"] = field.default
            parameters.append(f"{field.name}=default{number}")
        else:
            parameters.append(field.name)
        body.append(f"    set{number}(self, {value})\n")
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(body) or '    pass'}", scope)  # noqa: S102 (names of fields)
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _repr(self: Any) -> str:
    names = (field.name for field in dataclasses.fields(self))
    values = ", ".join(f"{name}={value!r}" for name, value in zip(names, self._field_values(self), strict=True))
    return f"{type(self).__qualname__}({values})"


def _equal(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return self._field_values(self) == self._field_values(other)


def _hash(self: Any) -> int:
    return hash(self._field_values(self))


def _set(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[type[Any], tuple[Any, ...]]:
    """For copies and pickles, which would set fields one by one."""
    return type(self), self._field_values(self)


SHARED: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _set,
    "__delattr__": _delete,
    "__reduce__": _reduce,
}
