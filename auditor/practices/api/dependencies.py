"""What FastAPI calls for a route before its function: dependencies (FastAPI documentation, "Dependencies")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.facts.python import DEPENDS, Function, Parameter, PythonProject, Value


def dependencies_of(function: Function, project: PythonProject) -> list[Function]:
    """Functions that FastAPI calls for the parameters of `function`."""
    return [found for parameter in function.parameters for found in depended(said_of(parameter), project)]


def said_of(parameter: Parameter) -> tuple[Value, ...]:
    """What is said of a parameter: its default, and what `Annotated` says beside its type."""
    return (*((parameter.default,) if parameter.default is not None else ()), *parameter.metadata)


def depended(values: Iterable[Value], project: PythonProject) -> Iterator[Function]:
    """What `Depends(f)` calls: a function, or the `__init__` or `__call__` of a class or its object."""
    for name in (name for value in values if value.name in DEPENDS for e in value.elements for name in e.names):
        cls = project.class_(name.removesuffix("()"))
        method = "__call__" if name.endswith("()") else "__init__"
        found = project.function(f"{cls.name}.{method}") if cls is not None else project.function(name)
        if found is not None:
            yield found


def is_injected(parameter: Parameter) -> bool:
    """Whether a dependency fills a parameter."""
    return any(value.name in DEPENDS for value in said_of(parameter))
