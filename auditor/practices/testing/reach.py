"""What of the project's own a test runs.

Direct is what the test, its fixtures, its set-up and the tests' own helpers call; indirect what that calls in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from auditor.facts.python import Assertion, Call, Class, Function, PythonProject, Reference, Role, Value, reached
from auditor.facts.python.reached import fixtures_of
from auditor.patterns import pattern
from auditor.practices.testing.clients import origin
from auditor.practices.testing.collection import class_of, heirs_of
from auditor.practices.testing.configured import Made, made
from auditor.practices.testing.files import TestFiles
from auditor.records import Record

SETUPS = frozenset(
    """setUp setUpClass asyncSetUp setUpModule setup setup_method setup_class setup_module setup_function tearDown""".split()
)
"""Methods and functions that unittest and pytest (documentation, "xunit-style set-up") run before a test."""
STARTERS = tuple(
    """subprocess. os.system os.popen runpy. importlib.import_module importlib.util.spec_from_file_location""".split()
)
"""Calls that run, or import, a file that a string names."""
SEARCHES = frozenset({"inspect.getmembers", "getattr", "vars"})
"""Calls that get something out of a module without its name; what comes of them may be called."""
LOOKING = frozenset(
    """callable isinstance issubclass hasattr getattr setattr delattr signature getsource getmembers isfunction isclass
    type id print repr str object assertIsNotNone assertIsNone assertIsInstance assertTrue assertIs assertIn""".split()
)
"""Functions that look at what they are given and do not run it."""
HEAD = pattern(r"[^\W\d]\w*")


class Reach(Record):
    """What a test runs and names.

    `direct` and `indirect` are own definitions outside of the tests; `files` own files that are run as a whole;
    `named` and `mentioned` definitions and files that are only referred to; `calls` are those in test files,
    `assertions` the test's and its helpers'.
    """

    direct: tuple[Function | Class, ...] = ()
    indirect: tuple[Function | Class, ...] = ()
    named: tuple[Function | Class, ...] = ()
    files: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    calls: tuple[Call, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()
    """Files and functions of the tests that belong to it."""

    def joined(self, other: Reach) -> Reach:
        """Both together."""
        return Reach(
            (*self.direct, *other.direct),
            (*self.indirect, *other.indirect),
            (*self.named, *other.named),
            self.files | other.files,
            self.mentioned | other.mentioned,
            (*self.calls, *other.calls),
            (*self.assertions, *other.assertions),
            (*self.scopes, *other.scopes),
        )


@dataclass
class _Found:
    """A reach under construction."""

    direct: dict[str, Function | Class] = field(default_factory=dict)
    indirect: dict[str, Function | Class] = field(default_factory=dict)
    named: dict[str, Function | Class] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)
    calls: dict[int, Call] = field(default_factory=dict)
    scopes: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Reaching:
    """Answers what tests reach, for one project."""

    project: PythonProject
    files: TestFiles
    by_group: Made = field(default_factory=dict)
    _led: dict[str, tuple[list[Call], dict[str, Function | Class]]] = field(default_factory=dict)

    def of(self, test: Function) -> Reach:
        """What one test function runs and names."""
        found = _Found()
        for function in (test, *self.before(test)):
            self._run(function, found)
        self._module_level(test, found)
        self._parametrised(found)
        for call in tuple(found.calls.values()):
            self._started(call, found)
        self._named(found)
        for name in found.direct:
            found.indirect.pop(name, None)
            found.named.pop(name, None)
        return Reach(
            tuple(found.direct.values()),
            tuple(found.indirect.values()),
            tuple(found.named.values()),
            frozenset(found.files),
            frozenset(found.mentioned),
            tuple(found.calls.values()),
            tuple(
                a
                for path, scope in sorted(found.scopes)
                for a in self.files.in_scope(self.files.assertions, path, scope)
            ),
            tuple(sorted(found.scopes)),
        )

    def before(self, test: Function) -> Iterator[Function]:
        """What runs for the test without being asked for in its parameters: set-up methods, autouse fixtures, methods that an heir of its class adds."""
        owner = class_of(self.project, test)
        if owner is not None:
            classes = [owner, *filter(None, map(self.project.class_, self.project.ancestors(owner)))]
            for cls in classes:
                methods = (self.project.function(f"{cls.name}.{name}") for name in SETUPS.intersection(cls.methods))
                yield from (method for method in methods if method is not None)
        called = {call.written for call in self.project.calls_in(test)}
        for heir in heirs_of(self.project, owner):
            for own in self.project.methods(heir):
                if own.own_name in SETUPS or f"self.{own.own_name}" in called:
                    yield own
        for function in self.project.at(test.path).functions:
            if not function.scope and function.own_name in SETUPS:
                yield function
        wanted = {
            value.string
            for mark in (*test.decorators, *(owner.decorators if owner else ()))
            if mark.name.removesuffix("()") == "pytest.mark.usefixtures"
            for value in mark.args
        }
        for fixture, autouse in self.files.fixtures:
            if (autouse and is_above(fixture.path, test.path)) or fixture.own_name in wanted:
                yield fixture

    def runs_app(self, paths: Iterable[str]) -> dict[str, Function | Class]:
        """What requests to the applications in the files `paths` may lead to."""
        found = _Found()
        for path in paths:
            for function in self.files.functions_of(path):
                found.direct[function.name] = function
                found.direct.update(self._led_to(function)[1])
        return found.direct

    def _run(self, function: Function, found: _Found) -> None:
        """Note what `function`, which stands in a test file, runs."""
        found.scopes.add((function.path, function.qualname))
        self._deeper(function, found)

    def _take(self, call: Call, found: _Found) -> None:
        """Note what a call in a test file runs."""
        found.calls[id(call)] = call
        if call.decorates:
            return
        self._targets(call, found.direct)
        for value in call.values:
            self._handed(call, value, found)
        for name in call.names:
            helper = self.project.function(name)
            if helper is not None and self.files.is_test(helper.path):
                found.scopes.add((helper.path, helper.qualname))

    def _handed(self, call: Call, value: Value, found: _Found) -> None:
        """Note what an argument is: an instance, which was made, or a function that the called one may run."""
        looking = call.written.rpartition(".")[2] in LOOKING
        for name in value.names:
            definition, called = self.definition(name)
            if definition is not None:
                run = called or (isinstance(definition, Function) and not looking)
                (found.direct if run else found.named)[definition.name] = definition

    def _targets(self, call: Call, into: dict[str, Function | Class]) -> None:
        """Own definitions, tests' aside, that a call runs."""
        for name in call.names:
            definition, _ = self.definition(name)
            if definition is not None:
                into[definition.name] = definition
        into.update((definition.name, definition) for definition in made(call, self.by_group))

    def definition(self, name: str) -> tuple[Function | Class | None, bool]:
        """The own definition, tests' aside, that a resolved name begins with, and whether it is called in the name."""
        if name.partition(".")[0] not in self.files.tops:
            return None, False
        head = name.partition("[")[0]
        parts = head.split(".")
        for count in range(len(parts), 0, -1):
            prefix = ".".join(parts[:count])
            plain = prefix.replace("()", "")
            found = self.project.function(plain) or self.project.class_(plain)
            if found is not None:
                if self.files.is_test(found.path):
                    return None, False
                return found, "()" in prefix or "(" in "".join(parts[count:]) or name != head
        return None, False

    def _module_level(self, test: Function, found: _Found) -> None:
        """Note the own calls at module or class level whose result the test's code uses."""
        used = {(path, head) for path, scope in tuple(found.scopes) for head in self._heads(path, scope)}
        for path in {path for path, _ in used}:
            for assignment in self.project.at(path).assignments:
                head = assignment.target.removeprefix("self.")
                in_class = bool(test.owner) and assignment.scope == test.owner
                if not in_class and (assignment.scope or (path, head) not in used):
                    continue
                for call in self.files.on_line.get((path, assignment.line), ()):
                    if call.scope == assignment.scope:
                        self._take(call, found)
                        for name in call.names:
                            function = self.project.function(name)
                            if function is not None:
                                self._deeper(function, found)

    def _parametrised(self, found: _Found) -> None:
        """Note what marks and fixtures hand over, one after the other: what is made there, and classes and functions that are called."""
        for function in self._with_fixtures(found):
            heads = set(self._called_heads(function.path, function.qualname))
            for mark in function.decorators:
                if mark.name.removesuffix("()").endswith("mark.parametrize"):
                    names, values = mark.argument(0, "argnames"), mark.argument(1, "argvalues")
                    called = heads & {
                        name.strip() for text in (names.strings if names else ()) for name in text.split(",")
                    }
                else:
                    values, called = mark.keyword("params"), heads & {"request"}
                for name in names_within(values) if values is not None else ():
                    definition, made = self.definition(name)
                    if definition is not None:
                        (found.direct if made or called else found.named)[definition.name] = definition

    def _with_fixtures(self, found: _Found) -> Iterator[Function]:
        """The functions of the tests that belong to it, and the fixtures that they ask for."""
        for path, scope in tuple(found.scopes):
            for function in self.project.at(path).functions:
                if function.qualname == scope:
                    yield function
                    yield from fixtures_of(function, self.project)

    def _called_heads(self, path: str, scope: str) -> Iterator[str]:
        """First identifiers of what the code of a scope calls."""
        for call in self.files.in_scope(self.files.calls, path, scope):
            head = HEAD.match(call.written)
            if head is not None:
                yield head[0]

    def _deeper(self, function: Function, found: _Found) -> None:
        """Note what an own function calls in turn; one of the tests' helpers calls it for the test."""
        calls, definitions = self._led_to(function)
        for call in calls:
            self._take(call, found)
        found.indirect.update(definitions)

    def _led_to(self, function: Function) -> tuple[list[Call], dict[str, Function | Class]]:
        """The calls in test files that a function leads to, and the own definitions that the others run."""
        if function.name not in self._led:
            calls: list[Call] = []
            definitions: dict[str, Function | Class] = {}
            for call in reached(function, self.project):
                if not self.files.runs_within(call, function):
                    continue
                if self.files.is_test(call.path):
                    calls.append(call)
                else:
                    self._targets(call, definitions)
            self._led[function.name] = calls, definitions
        return self._led[function.name]

    def _started(self, call: Call, found: _Found) -> None:
        """Note files that a call starts: through a command line's test runner, as a script, or as a module."""
        file = self.project.file(call.path)
        if call.written.endswith(".invoke") and call.args and file is not None:
            path = origin(self.project, file, call.args[0].text, set())
            if path:
                self._started_file(path, found)
        elif call.name in SEARCHES and call.args and file is not None:
            path = origin(self.project, file, call.args[0].text, set())
            made = any(n.startswith(f"{call.name}()") for c in found.calls.values() for n in c.names)
            if path and made:
                found.files.add(path)
        elif call.name.startswith(STARTERS):
            words = {word for value in call.args for text in value.strings for word in text.replace("=", " ").split()}
            for word in words:
                module = self.project.module(word) if "/" not in word else None
                target = self.project.file(word.removeprefix("./")) or module
                if target is not None and target.role is not Role.TEST:
                    self._started_file(target.path, found)

    def _started_file(self, path: str, found: _Found) -> None:
        found.files.add(path)
        for function in self.files.functions_of(path):
            found.indirect.update(self._led_to(function)[1])

    def _named(self, found: _Found) -> None:
        """Note what the test's code reads: an instance stands for what made it, a bare name is only mentioned."""
        for path, scope in tuple(found.scopes):
            readings: list[Reference | Assertion] = [
                *self.files.in_scope(self.files.references, path, scope),
                *self.files.in_scope(self.files.assertions, path, scope),
            ]
            for reading in readings:
                for name in reading.names:
                    definition, called = self.definition(name)
                    if definition is not None:
                        (found.direct if called else found.named)[definition.name] = definition
            heads = set(self._heads(path, scope))
            for statement in self.project.at(path).imports:
                if statement.own and (statement.scope == scope or (not statement.scope and statement.alias in heads)):
                    for name in (statement.name, statement.name.rpartition(".")[0]):
                        module = self.project.module(name) if name else None
                        if module is not None and module.role is not Role.TEST:
                            found.mentioned.add(module.path)
                            break

    def _heads(self, path: str, scope: str) -> Iterator[str]:
        """First identifiers of what the code of a scope writes."""
        written = [call.written for call in self.files.in_scope(self.files.calls, path, scope)]
        written += [reference.written for reference in self.files.in_scope(self.files.references, path, scope)]
        for call in self.files.in_scope(self.files.calls, path, scope):
            written += [value.text for value in call.values]
        for text in written:
            head = HEAD.match(text.removeprefix("self.").removeprefix("cls."))
            if head is not None:
                yield head[0]


def names_within(value: Value) -> Iterator[str]:
    """The resolved names of a value and of what it holds."""
    yield from value.names
    for inner in value.elements:
        yield from names_within(inner)


def is_above(fixture: str, test: str) -> bool:
    """Whether a fixture's file is the test's own, or a conftest.py in a folder above it."""
    folder, _, name = fixture.rpartition("/")
    return fixture == test or (name == "conftest.py" and test.startswith(f"{folder}/" if folder else ""))
