"""What stands in files of tests, by file and scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from auditor.facts.python import Assertion, Call, Function, PythonFile, PythonProject, Reference, Role, Site
from auditor.practices.testing.nesting import detached

P = TypeVar("P", bound=Site)

FIXTURE = (".fixture", ".fixture()")


@dataclass
class TestFiles:
    """The files of tests of one project, indexed on first use."""

    project: PythonProject

    __test__ = False

    def is_test(self, path: str) -> bool:
        """Whether a file is one of tests, or holds steps of behave."""
        return path in self._paths

    def functions_of(self, path: str) -> tuple[Function, ...]:
        """Functions and methods of any file."""
        return self.project.at(path).functions

    @cached_property
    def tests(self) -> tuple[PythonFile, ...]:
        """All files of tests, and files of steps, which behave finds by their folder."""
        steps = [
            f for f in self.project.of() if f.role is not Role.TEST and "/steps/" in f"/{f.path}" and uses_behave(f)
        ]
        return (*self.project.of(Role.TEST), *steps)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(file.path for file in self.tests)

    @cached_property
    def detached(self) -> dict[str, frozenset[str]]:
        """By file, nested functions that nothing attaches to the functions around them."""
        return {file.path: loose for file in self.tests if (loose := detached(file))}

    def runs_within(self, call: Call, function: Function) -> bool:
        """Whether a call that stands in a function, or in one nested in it, runs with it."""
        loose = self.detached.get(call.path)
        if not loose or call.path != function.path:
            return True
        scope = call.scope
        while scope and scope != function.qualname:
            if scope in loose and f"{scope}.".startswith(f"{function.qualname}."):
                return False
            scope = scope.rpartition(".")[0]
        return True

    @cached_property
    def tops(self) -> frozenset[str]:
        """Top-level names of the project's modules, tests aside."""
        return frozenset(f.module.partition(".")[0] for f in self.project.of() if f.path not in self._paths)

    @cached_property
    def fixtures(self) -> tuple[tuple[Function, bool], ...]:
        """Fixtures of test files, and whether tests get them without asking."""
        found = []
        for file in self.tests:
            for function in file.functions:
                for mark in function.decorators:
                    if mark.name.endswith(FIXTURE):
                        autouse = mark.keyword("autouse")
                        found.append((function, autouse is not None and autouse.literal is True))
        return tuple(found)

    @cached_property
    def on_line(self) -> dict[tuple[str, int], list[Call]]:
        """Calls by file and line."""
        index: dict[tuple[str, int], list[Call]] = {}
        for file in self.tests:
            for call in file.calls:
                index.setdefault((file.path, call.line), []).append(call)
        return index

    @cached_property
    def assertions(self) -> dict[tuple[str, str], list[Assertion]]:
        """Assertions by file and scope."""
        return by_scope(self.tests, lambda file: file.assertions, self.detached)

    @cached_property
    def references(self) -> dict[tuple[str, str], list[Reference]]:
        """References by file and scope."""
        return by_scope(self.tests, lambda file: file.references, self.detached)

    @cached_property
    def calls(self) -> dict[tuple[str, str], list[Call]]:
        """Calls by file and scope."""
        return by_scope(self.tests, lambda file: file.calls, self.detached)

    def in_scope(self, index: dict[tuple[str, str], list[P]], path: str, scope: str) -> tuple[P, ...]:
        """What one of the indexes has for a scope."""
        return tuple(index.get((path, scope), ()))


def uses_behave(file: PythonFile) -> bool:
    """Whether a file imports behave."""
    return any(statement.package == "behave" for statement in file.imports)


def by_scope(
    files: Iterable[PythonFile], places: Callable[[PythonFile], Iterable[P]], detached: Mapping[str, frozenset[str]]
) -> dict[tuple[str, str], list[P]]:
    """Places by file and scope; those of a nested function belong to the ones around it too, unless nothing attaches it."""
    index: dict[tuple[str, str], list[P]] = {}
    for file in files:
        loose = detached.get(file.path, frozenset())
        for place in places(file):
            scope = place.scope
            while scope:
                index.setdefault((file.path, scope), []).append(place)
                scope = "" if scope in loose else scope.rpartition(".")[0]
    return index
