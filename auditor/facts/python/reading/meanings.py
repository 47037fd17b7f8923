"""What names stand for that are bound to values, as far as the values tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from auditor.facts.python.model import UNKNOWN, Value
from auditor.facts.python.reading.scopes import ALTERNATIVES, Names, bounded, extended

ITERATORS = ("enumerate()", "tqdm.tqdm()", "zip()", "list()", "sorted()", "tqdm.auto.tqdm()")
"""Calls that give the items of what they are given."""


def meaning(value: Value) -> Names:
    """What a name stands for that is bound to `value`."""
    if value.names:
        return value.names
    if value.keys:
        return ("dict()",)
    if value.known:
        is_tuple = isinstance(value.literal, list) and value.text.startswith("(")
        return ("tuple()" if is_tuple else f"{type(value.literal).__name__}()",)
    return ()


def items(value: Value) -> Names:
    """What one item of `value` stands for, in a loop over it."""
    names = value.names
    if names and names[0] in ITERATORS:
        names = tuple(name for inner in value.elements for name in inner.names)
    elif value.elements and not value.keys and not names:
        found = tuple(name for element in value.elements for name in meaning(element))
        return bounded(found[:ALTERNATIVES])
    return extended(names, "[]") if names else ()


def gives_anything(name: str) -> bool:
    """Whether a name is what a function gave (`torch.load()`), of which a type that is said beside it tells more."""
    function, _, rest = name.rpartition("()")
    module, _, last = function.rpartition(".")
    return bool(module) and not rest and last[:1].islower()


def unknown(target: cst.BaseExpression) -> Names:
    """What stands for a target that nothing is known of."""
    return (f"?{target.value}",) if isinstance(target, cst.Name) else ("?",)


def alternatives(*sides: Names) -> Names:
    """What stands for one of several things, None aside."""
    names = tuple(name for side in sides for name in side if name != "None")
    return bounded(names) if names else ()


def known_dict(keys: Sequence[Value], values: Sequence[Value]) -> Any:
    """The dict of these keys and values; unknown where one of them is."""
    if not all(item.known for item in (*keys, *values)):
        return UNKNOWN
    try:
        return {key.literal: value.literal for key, value in zip(keys, values, strict=True)}
    except TypeError:  # a list as a key
        return UNKNOWN
