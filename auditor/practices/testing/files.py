"""What stands in files of tests, by file and scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from auditor.facts.python import Assertion, Call, Function, PythonFile, PythonProject, Reference, Role, Site

P = TypeVar("P", bound=Site)

FIXTURE = (".fixture", ".fixture()")


@dataclass
class TestFiles:
    """The files of tests of one project, indexed on first use."""

    project: PythonProject

    __test__ = False

    def is_test(self, path: str) -> bool:
        """Whether a file is one of tests."""
        file = self.project.file(path)
        return file is not None and file.role is Role.TEST

    def functions_of(self, path: str) -> tuple[Function, ...]:
        """Functions and methods of any file."""
        file = self.project.file(path)
        return file.functions if file is not None else ()

    @cached_property
    def tests(self) -> tuple[PythonFile, ...]:
        """All files of tests."""
        return self.project.of(Role.TEST)

    @cached_property
    def tops(self) -> frozenset[str]:
        """Top-level names of the project's modules, tests aside."""
        return frozenset(f.module.partition(".")[0] for f in self.project.of() if f.role is not Role.TEST)

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
        return by_scope(self.tests, lambda file: file.assertions)

    @cached_property
    def references(self) -> dict[tuple[str, str], list[Reference]]:
        """References by file and scope."""
        return by_scope(self.tests, lambda file: file.references)

    @cached_property
    def calls(self) -> dict[tuple[str, str], list[Call]]:
        """Calls by file and scope."""
        return by_scope(self.tests, lambda file: file.calls)

    def in_scope(self, index: dict[tuple[str, str], list[P]], path: str, scope: str) -> tuple[P, ...]:
        """What one of the indexes has for a scope."""
        return tuple(index.get((path, scope), ()))


def by_scope(
    files: Iterable[PythonFile], places: Callable[[PythonFile], Iterable[P]]
) -> dict[tuple[str, str], list[P]]:
    """Places by file and scope; those of a nested function belong to the ones around it too."""
    index: dict[tuple[str, str], list[P]] = {}
    for file in files:
        for place in places(file):
            scope = place.scope
            while scope:
                index.setdefault((file.path, scope), []).append(place)
                scope = scope.rpartition(".")[0]
    return index
