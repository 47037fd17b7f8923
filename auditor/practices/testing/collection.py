"""Whether a test runner finds a test function, whether it runs it, and with how many cases.

Sources: pytest documentation, "Conventions for Python test discovery", "How to use skip and xfail", "How to parametrize
fixtures and test functions"; Python's `unittest`, "Test Discovery" and "Skipping tests and expected failures"; Django, "Running tests".
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from auditor.facts.python import Call, Class, Function, PythonFile, PythonProject, Role
from auditor.practices.testing.settings import PytestSettings

BY_DJANGO = ("django.test.*", "rest_framework.test.*")
"""Bases of tests that a project's `manage.py test` runs."""
UNITTEST = ("unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "unittest.case.*", *BY_DJANGO, "*.TestCase")
SKIPS = frozenset({"pytest.mark.skip", "unittest.skip", "unittest.case.skip"})
CONDITIONAL_SKIPS = {"pytest.mark.skipif": True, "unittest.skipIf": True, "unittest.skipUnless": False}
"""Decorators that skip, and what their first argument must be for it."""
NEVER_COLLECTED = ("build/", "dist/", "node_modules/", "venv/")
"""Folders that pytest does not go into by default (`norecursedirs`), hidden ones aside."""


def is_unittest(project: PythonProject, test: Function) -> bool:
    """Whether a test is a method of a `unittest.TestCase`."""
    owner = class_of(project, test)
    return owner is not None and project.inherits(owner, *UNITTEST)


def class_of(project: PythonProject, function: Function) -> Class | None:
    """The class that a function is a method of."""
    if not function.owner:
        return None
    return project.class_(function.name.rpartition(".")[0])


def is_collected(
    project: PythonProject, test: Function, settings: PytestSettings, named: Iterable[str], unittest_runs: bool
) -> bool:
    """Whether pytest or unittest finds the function, in its own class or in one that inherits it.

    `named` are files that some command names; `unittest_runs` tells whether one runs unittest, which takes `test*.py`.
    """
    named, owner = frozenset(named), class_of(project, test)
    return any(
        is_found(project, test, one, settings, named, unittest_runs) for one in (owner, *heirs_of(project, owner))
    )


def heirs_of(project: PythonProject, owner: Class | None) -> tuple[Class, ...]:
    """The classes of tests that inherit the tests of a class; none where there is no class."""
    return project.classes(owner.name, roles=(Role.TEST,)) if owner is not None else ()


def is_found(
    project: PythonProject,
    test: Function,
    owner: Class | None,
    settings: PytestSettings,
    named: frozenset[str],
    unittest_runs: bool,
) -> bool:
    """Whether pytest or unittest finds the function as a method of `owner`, or as a function where that is None."""
    path = test.path if owner is None else owner.path
    name = path.rpartition("/")[2]
    by_unittest = owner is not None and project.inherits(owner, *UNITTEST)
    fits = any(fnmatchcase(name, pattern) for pattern in settings.python_files) and not path.startswith(NEVER_COLLECTED)
    if not fits and path not in named:
        discovers = unittest_runs or (owner is not None and project.inherits(owner, *BY_DJANGO))
        runs_itself = by_unittest and starts_unittest(project.at(path))
        return runs_itself or (by_unittest and discovers and fnmatchcase(name, "test*.py"))
    if by_unittest:
        return True
    if owner is not None:
        if not any(starts(owner.own_name, pattern) for pattern in settings.python_classes):
            return False
        if "__init__" in owner.methods:
            return False
    return any(starts(test.own_name, pattern) for pattern in settings.python_functions)


def starts(name: str, pattern: str) -> bool:
    """Whether a name has a prefix, or matches a pattern with wildcards, as pytest's `python_classes` has it."""
    return fnmatchcase(name, pattern) if any(c in pattern for c in "*?[") else name.startswith(pattern)


def starts_unittest(file: PythonFile) -> bool:
    """Whether the file runs its own tests when it is run as a script."""
    return any(call.name in ("unittest.main", "pytest.main") for call in file.calls)


def is_skipped(project: PythonProject, test: Function, off: frozenset[str]) -> bool:
    """Whether the test never runs, whatever the circumstances; a condition that may hold is no skip.

    `off` is what `switched_off` says of its file.
    """
    if not test.live or never_runs(test.decorators):
        return True
    owner = class_of(project, test)
    if owner is not None and (never_runs(owner.decorators) or not owner.live):
        return True
    return bool({"", test.owner} & off)


def switched_off(file: PythonFile) -> frozenset[str]:
    """Classes of a test file none of whose tests run; the empty name for the whole file."""
    found = set()
    for call in file.calls:
        if call.name == "pytest.skip" and not call.scope and call.keyword("allow_module_level") and is_plain(call):
            found.add("")
    for assignment in file.assignments:
        if assignment.target == "pytestmark":
            marks = [call for call in file.calls if call.line == assignment.line and call.scope == assignment.scope]
            bare = (assignment.value, *assignment.value.elements)
            if never_runs(marks) or any(name in SKIPS for value in bare for name in value.names):
                found.add(assignment.scope)
        if assignment.target == "__test__" and assignment.value.literal is False:
            found.add(assignment.scope)
    return frozenset(found)


def is_plain(call: Call) -> bool:
    """Whether a statement at module level stands at the margin, under no condition."""
    return call.text.startswith("pytest.skip")


def never_runs(marks: Iterable[Call]) -> bool:
    """Whether one of the decorators or marks skips in any case, or expects the failure of what it marks."""
    for mark in marks:
        for name in mark.names:
            plain = name.removesuffix("()")
            if plain in SKIPS or plain == "unittest.expectedFailure":
                return True
            literal = mark.args[0] if mark.args and mark.args[0].known else None
            if literal is not None and bool(literal.literal) is CONDITIONAL_SKIPS.get(plain):
                return True
            if plain == "pytest.mark.parametrize":
                values = mark.argument(1, "argvalues")
                if values is not None and values.literal in ([], ()):
                    return True  # an empty set of parameters skips the test
            if plain == "pytest.mark.xfail" and not mark.args and mark.keyword("condition") is None:
                return True
    return False


def case_count(test: Function) -> int:
    """Cases that a test function has by its parametrisation: at least so many."""
    count = 1
    for mark in test.decorators:
        if mark.name.removesuffix("()") == "pytest.mark.parametrize":
            values = mark.argument(1, "argvalues")
            count *= max(1, len(values.elements)) if values is not None else 1
    return count
