"""The way back from the JSON of the contract to the frozen types: what one run stored, another shows.

Fields that a result of an older version lacks take their defaults; fields that are not known are left out.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from auditor.result.audit import BUILT_IN_COURSE, AuditResult

T = TypeVar("T")

Reader = Callable[[Any], Any]


def read_result(data: Mapping[str, Any]) -> AuditResult:
    """The result that `AuditResult.to_dict` wrote as `data`. Raises ValueError where it is none."""
    try:
        tool = data["tool"]
        return read(AuditResult, {**data, "version": tool["version"], "course": tool.get("course", BUILT_IN_COURSE)})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the result of an audit: {error}") from None


def read(wanted: type[T], data: Any) -> T:
    """`data` as the dataclass `wanted`. Raises ValueError, KeyError or TypeError where it is none."""
    made: T = reader(cast(Any, wanted))(data)
    return made


@cache
def reader(wanted: Any) -> Reader:
    """A function that makes plain data a value of the type `wanted`; made once for each type."""
    origin = get_origin(wanted)
    if origin is tuple:
        return sequence_reader(get_args(wanted))
    if origin in (Union, types.UnionType):
        inner = reader(next(one for one in get_args(wanted) if one is not type(None)))
        return lambda data: None if data is None else inner(data)
    if isinstance(wanted, type) and hasattr(wanted, "__dataclass_fields__"):
        return dataclass_reader(wanted)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted
    return lambda data: data


def sequence_reader(arguments: tuple[Any, ...]) -> Reader:
    """A function that makes a list a tuple: of one type's values (`tuple[T, ...]`), or of one value each."""
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        one = reader(arguments[0])
        return lambda data: tuple([one(item) for item in data])
    each = [reader(argument) for argument in arguments]
    return lambda data: tuple(one(item) for one, item in zip(each, data, strict=True))


def dataclass_reader(wanted: type) -> Reader:
    """A function that makes a mapping an instance of `wanted`."""
    hints = get_type_hints(wanted)
    known = [(field.name, reader(hints[field.name]), field.default is MISSING) for field in fields(wanted)]

    def build(data: Mapping[str, Any]) -> Any:
        values = {name: one(data[name]) for name, one, required in known if required or name in data}
        return wanted(**values)

    return build
