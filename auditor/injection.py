"""Facts by type: who needs a fact names its type in a parameter, and it is computed on first use, once.

A provider is a function marked with `@fact`; what its return annotation names is what it provides, and its own parameters
are facts in turn (or the `Snapshot`). Rules are called the same way, so a rule never pays for what it does not ask for.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast, get_type_hints

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_PROVIDERS: dict[type, Callable[..., Any]] = {}


def fact(provider: F) -> F:
    """Register `provider` for the type that its return annotation names. Raises TypeError where there is no such type."""
    provided = annotated(provider, "return")
    if not isinstance(provided, type):
        raise TypeError(f"{provider.__qualname__}: a fact's return annotation must be a class")
    _PROVIDERS[provided] = provider
    return provider


class Facts:
    """What is known of one repository, computed as it is asked for."""

    def __init__(self, *given: object) -> None:
        self._known: dict[type, object] = {type(thing): thing for thing in given}
        self._failed: dict[type, Exception] = {}

    def give(self, thing: object) -> None:
        """Make `thing` known as the fact of its type."""
        self._known[type(thing)] = thing

    def get(self, wanted: type[T]) -> T:
        """The fact of type `wanted`. Raises LookupError where nothing provides it, and again what its provider raised."""
        if wanted in self._failed:
            raise self._failed[wanted]
        if wanted not in self._known:
            provider = _PROVIDERS.get(wanted)
            if provider is None:
                raise LookupError(
                    f"no fact provides {wanted.__module__}.{wanted.__qualname__}: is `@fact` missing on the function that returns it?"
                )
            try:
                self._known[wanted] = self.call(provider)
            except Exception as error:
                self._failed[wanted] = error
                raise
        return cast(T, self._known[wanted])

    def call(self, function: Callable[..., T]) -> T:
        """`function` called with the facts that its parameters' annotations name."""
        return function(**{name: self.get(wanted) for name, wanted in needs(function).items()})


@lru_cache(maxsize=1024)
def needs(function: Callable[..., Any]) -> dict[str, type]:
    """The facts that a function's parameters name, by parameter."""
    return {name: annotated(function, name) for name in inspect.signature(function).parameters}


def annotated(function: Callable[..., Any], name: str) -> Any:
    """What a function's parameter, or its `return`, is annotated with; None where it is not.

    Nearly all are the plain name of a class, which is looked up where `typing` would compile it.
    """
    written = getattr(function, "__annotations__", {}).get(name)
    found = getattr(function, "__globals__", {}).get(written) if isinstance(written, str) else None
    return get_type_hints(function).get(name) if found is None else found
