"""All Python code of a repository, and the questions that are asked about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from auditor.facts.python.ancestry import Ancestry
from auditor.facts.python.model import (
    Assertion,
    Assignment,
    Call,
    Class,
    Function,
    Import,
    PythonFile,
    Reference,
    Role,
    Site,
    Text,
)
from auditor.knowledge.names import NameIndex, name_set
from auditor.records import Record

CODE = frozenset({Role.OWN, Role.NOTEBOOK})
"""Roles of code that does the project's work."""

Unit = TypeVar("Unit", bound=Site)


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a resolved name matches one of the patterns (`torch.optim.*`)."""
    return name_set(patterns).match(name)


class PythonProject(Record, dict=True):
    """Every Python file and notebook. Vendored files are listed in `files`, but nothing of them is read or found here.

    `live=True` and `live=False` in the methods ask for live or dead code only, None for both; `roles` for files of
    these roles only. Patterns match whole resolved names, `*` standing for anything: `torch.optim.*`, `*.backward`.
    """

    files: tuple[PythonFile, ...]

    # ---- files

    def __bool__(self) -> bool:
        return any(file.role is not Role.VENDORED for file in self.files)

    def of(self, *roles: Role) -> tuple[PythonFile, ...]:
        """Files of these roles; without any, all but vendored ones."""
        return tuple(f for f in self.files if (f.role in roles if roles else f.role is not Role.VENDORED))

    def file(self, path: str) -> PythonFile | None:
        """The file at `path`."""
        return self._by_path.get(path)

    def at(self, path: str) -> PythonFile:
        """The same; a file with nothing in it, which is none of the group's, where there is none."""
        return self._by_path.get(path) or PythonFile(path, "", Role.VENDORED)

    def module(self, name: str) -> PythonFile | None:
        """The file of an own module, by its dotted name (`shop.data`, also `src.shop.data`)."""
        return self._by_module.get(name) or self._by_module.get(name.removeprefix("src."))

    @cached_property
    def _by_path(self) -> dict[str, PythonFile]:
        return {file.path: file for file in self.files}

    @cached_property
    def _by_module(self) -> dict[str, PythonFile]:
        return {file.module: file for file in self.files}

    def may_run(self, place: Site) -> bool:
        """Whether `place` is live, or may be used from outside.

        So may a module of which nothing at all is used (a library, so to speak, whose users are not in the repository), and
        a method of a class that is used. In a module that is used, a function that nothing leads to is left over.
        """
        if place.live or not place.idle:
            return place.live
        scope = place.qualname if isinstance(place, Function | Class) else place.scope
        return place.path in self._libraries or (place.path, scope.partition(".")[0]) in self._used_classes

    @cached_property
    def _used_classes(self) -> frozenset[tuple[str, str]]:
        return frozenset((cls.path, cls.qualname) for file in self.files for cls in file.classes if cls.live)

    @cached_property
    def _libraries(self) -> frozenset[str]:
        return frozenset(
            file.path
            for file in self.of(*CODE)
            if not file.has_main_block and not any(unit.live for unit in (*file.functions, *file.classes))
        )

    # ---- calls, references, imports

    def calls(
        self, *patterns: str, live: bool | None = None, roles: Iterable[Role] | None = None, own: bool | None = None
    ) -> tuple[Call, ...]:
        """Calls (and decorators) of what matches one of the patterns; `own` asks for (or without) the project's own."""
        found = self._calls_matching(patterns)
        wanted = None if roles is None else frozenset(file.path for file in self.of(*roles))
        return tuple(
            call
            for call in found
            if (live is None or call.live is live)
            and (wanted is None or call.path in wanted)
            and (own is None or call.own is own)
        )

    def _calls_matching(self, patterns: tuple[str, ...]) -> Iterator[Call]:
        if not patterns:
            yield from (call for file in self.files for call in file.calls)
            return
        seen: set[int] = set()
        for name in name_set(patterns).among(self._called_names):
            for call in self._calls_by_name[name]:
                if id(call) not in seen:
                    seen.add(id(call))
                    yield call

    @cached_property
    def _called_names(self) -> NameIndex:
        return NameIndex(self._calls_by_name)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Call]]:
        index: dict[str, list[Call]] = {}
        for file in self.files:
            for call in file.calls:
                for name in call.names:
                    index.setdefault(name, []).append(call)
        return index

    def _units(
        self,
        kind: Callable[[PythonFile], Iterable[Unit]],
        live: bool | None = None,
        roles: Iterable[Role] | None = None,
    ) -> Iterator[Unit]:
        """What files of these roles have of a kind, live or not as asked."""
        wanted = None if roles is None else frozenset(roles)
        for file in self.files:
            if wanted is None or file.role in wanted:
                yield from (unit for unit in kind(file) if live is None or unit.live is live)

    def references(
        self, *patterns: str, live: bool | None = None, roles: Iterable[Role] | None = None
    ) -> tuple[Reference, ...]:
        """Reads of names and attributes that match one of the patterns."""
        found = self._units(lambda file: file.references, live, roles)
        return tuple(one for one in found if not patterns or any(matches(name, patterns) for name in one.names))

    def assignments(self, *targets: str, live: bool | None = None) -> tuple[Assignment, ...]:
        """Assignments whose written target (`lr`, `self.logger`) matches one of the patterns."""
        found = self._units(lambda file: file.assignments, live)
        return tuple(one for one in found if not targets or matches(one.target, targets))

    def texts(self, *patterns: str, live: bool | None = None, roles: Iterable[Role] | None = None) -> tuple[Text, ...]:
        """Strings that match one of the patterns (`gs://*`), docstrings aside."""
        found = self._units(lambda file: file.texts, live, roles)
        return tuple(one for one in found if not patterns or matches(one.value, patterns))

    def imports(self, *packages: str) -> tuple[Import, ...]:
        """Import statements of the libraries `packages` (`torch`, `google.cloud.storage`) or what is in them."""
        return tuple(
            statement
            for file in self.files
            for statement in file.imports
            if not statement.own and any(statement.name == p or statement.name.startswith(f"{p}.") for p in packages)
        )

    def imported_by(self, file: PythonFile) -> Iterator[PythonFile]:
        """Own files that a file imports, or a name out of them."""
        for statement in file.imports:
            for name in (statement.name, statement.name.rpartition(".")[0]) if statement.own else ():
                module = self.module(name) if name else None
                if module is not None:
                    yield module

    @cached_property
    def imported_packages(self) -> dict[str, Import]:
        """Top-level names of the third-party packages that are imported, each with the first place, in order of paths.

        The standard library and own modules are left out; an import that live code makes without fallback goes first.
        """
        found: dict[str, Import] = {}
        for file in self.files:
            for statement in file.imports:
                package = statement.package
                if statement.own or not package or package in sys.stdlib_module_names or package == "__future__":
                    continue
                known = found.get(package)
                if known is None or (known.optional and not statement.optional):
                    found[package] = statement
        return found

    # ---- functions and classes

    def functions(self, live: bool | None = None, roles: Iterable[Role] | None = None) -> tuple[Function, ...]:
        """Functions and methods."""
        return tuple(self._units(lambda file: file.functions, live, roles))

    def classes(self, *bases: str, live: bool | None = None, roles: Iterable[Role] | None = None) -> tuple[Class, ...]:
        """Classes, with patterns only those that inherit from what matches one, over the project's own classes too."""
        found = self._units(lambda file: file.classes, live, roles)
        return tuple(cls for cls in found if not bases or self.inherits(cls, *bases))

    def function(self, name: str) -> Function | None:
        """An own function or method by its name (`shop.data.load`, `shop.Net.forward`, `shop.Net().forward`)."""
        return self._functions.get(name.replace("()", ""))

    def class_(self, name: str) -> Class | None:
        """An own class by its name (`shop.model.Net`)."""
        return self._ancestry.classes.get(name)

    def resolve(self, name: str) -> Function | Class | PythonFile | None:
        """What of the project's own a resolved name is."""
        return self.function(name) or self.class_(name.removesuffix("()")) or self.module(name)

    @cached_property
    def _functions(self) -> dict[str, Function]:
        return {function.name: function for file in self.files for function in file.functions}

    @cached_property
    def _ancestry(self) -> Ancestry:
        return Ancestry(cls for file in self.files for cls in file.classes)

    def ancestors(self, cls: Class) -> tuple[str, ...]:
        """Resolved names of the classes that `cls` inherits from, through the project's own ones; nearest first, bounded."""
        return self._ancestry.ancestors(cls)

    def inherits(self, cls: Class, *patterns: str) -> bool:
        """Whether `cls` inherits from a class whose resolved name matches one of the patterns, at any distance."""
        return self._ancestry.inherits(cls, patterns)

    def methods(self, cls: Class) -> tuple[Function, ...]:
        """Methods that the class itself defines."""
        found = (self._functions.get(f"{cls.name}.{method}") for method in dict.fromkeys(cls.methods))
        return tuple(method for method in found if method is not None)

    @cached_property
    def tests(self) -> tuple[Function, ...]:
        """Test functions as pytest collects them: `test*` in test files, at module level or in a class."""
        return tuple(
            function
            for file in self.of(Role.TEST)
            for function in file.functions
            if function.own_name.startswith("test") and function.scope == function.owner
        )

    @cached_property
    def fixtures(self) -> dict[str, list[Function]]:
        """Pytest's fixtures, by name."""
        found: dict[str, list[Function]] = {}
        for file in self.of(Role.TEST):
            for function in file.functions:
                if any(call.name.endswith(".fixture") for call in function.decorators):
                    found.setdefault(function.own_name, []).append(function)
        return found

    # ---- what a function does

    @cached_property
    def _calls_by_scope(self) -> dict[tuple[str, str], list[Call]]:
        index: dict[tuple[str, str], list[Call]] = {}
        for file in self.files:
            for call in file.calls:
                scope = call.scope
                index.setdefault((file.path, scope), []).append(call)
                while scope:
                    scope = scope.rpartition(".")[0]
                    if scope:
                        index.setdefault((file.path, scope), []).append(call)
        return index

    def calls_in(self, definition: Function | Class) -> tuple[Call, ...]:
        """Calls in the body of a function or class, nested functions included."""
        return tuple(self._calls_by_scope.get((definition.path, definition.qualname), ()))

    def assertions_in(self, function: Function) -> tuple[Assertion, ...]:
        """Assertions in the body of a function."""
        return tuple(self._assertions_by_scope.get((function.path, function.qualname), ()))

    @cached_property
    def _assertions_by_scope(self) -> dict[tuple[str, str], list[Assertion]]:
        index: dict[tuple[str, str], list[Assertion]] = {}
        for file in self.files:
            for assertion in file.assertions:
                index.setdefault((file.path, assertion.scope), []).append(assertion)
        return index

    def callers(self, name: str) -> tuple[Call, ...]:
        """Calls of an own function, method or class, by its name."""
        return tuple(self._calls_by_target.get(name.replace("()", ""), ()))

    @cached_property
    def _calls_by_target(self) -> dict[str, list[Call]]:
        index: dict[str, list[Call]] = {}
        for name, calls in self._calls_by_name.items():
            index.setdefault(name.replace("()", ""), []).extend(calls)
        return index
