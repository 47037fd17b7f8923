"""Which calls running a function may lead to."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.facts.python.model import Call, Class, Function
from auditor.facts.python.project import PythonProject

REACH = 12
"""Calls within calls that are followed."""
FIXTURES = 3
"""Fixtures of one name that are followed."""


def reached(function: Function, project: PythonProject) -> tuple[Call, ...]:
    """Live calls that running `function` may lead to, through own functions, methods, classes and pytest fixtures.

    An instance that is called (`model(x)`) leads to its class's `__call__` and `forward` (PyTorch).
    """
    found: dict[int, Call] = {}
    seen = {function.name}
    todo = [(function, 0)]
    while todo:
        current, depth = todo.pop()
        following: list[Function] = []
        for call in project.calls_in(current):
            if not call.live and current.live:
                continue
            found[id(call)] = call
            if depth < REACH:
                following += targets(call, project)
        for one in (*following, *fixtures_of(current, project)):
            if one.name not in seen:
                seen.add(one.name)
                todo.append((one, depth + 1))
    return tuple(found.values())


def targets(call: Call, project: PythonProject) -> Iterator[Function]:
    """Own functions that a call runs, those that are handed over as arguments included."""
    for name in (*call.names, *call.handed):
        function = project.function(name)
        if function is not None:
            yield function
        cls = project.class_(name)
        if cls is not None:
            yield from own_methods(cls, project, "__init__", "__post_init__", "__new__")
    for name in call.names:
        cls = project.class_(name.removesuffix("()")) if name.endswith("()") else None
        if cls is not None:
            yield from own_methods(cls, project, "__call__", "forward")


def own_methods(cls: Class, project: PythonProject, *names: str) -> Iterator[Function]:
    """Methods of these names that a class has, by itself or by the nearest of its own ancestors."""
    owners = (cls.name, *project.ancestors(cls))
    for name in names:
        found = (project.function(f"{owner}.{name}") for owner in owners)
        yield from [method for method in found if method is not None][:1]


def fixtures_of(function: Function, project: PythonProject) -> Iterator[Function]:
    """Fixtures that a function of a test file asks for by its parameters."""
    if project.at(function.path).is_test:
        for parameter in function.parameters:
            yield from project.fixtures.get(parameter.name, ())[:FIXTURES]
