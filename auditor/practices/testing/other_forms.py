"""Tests in other forms than test functions: scenarios with steps, and examples in docstrings.

Sources: pytest-bdd ("Scenarios shortcut"), behave ("Python step implementations"), Python's "doctest", pytest ("doctest").
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from auditor.evidence import Place
from auditor.facts.python import CODE, Class, Function, PythonFile, PythonProject, Role
from auditor.formats.shell import Command
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject, Subjects

STEPS = ("pytest_bdd.", "behave.", "radish.", "lettuce.")
STEP_NAMES = ("given", "when", "then", "step", "and_", "but")
DOCTEST_OPTIONS = ("--doctest-modules", "--xdoctest", "--doctest-plus")
MAX_EXAMPLES = 200


def is_step(function: Function) -> bool:
    """Whether a function is a step of scenarios."""
    return any(
        name.startswith(STEPS) and name.removesuffix("()").rpartition(".")[2] in STEP_NAMES
        for mark in function.decorators
        for name in mark.names
    )


def steps_of(test: Function, project: PythonProject) -> tuple[Function, ...]:
    """The steps behind a function that `@scenario(...)` makes a test: those of its file and of conftest.py."""
    if not any(name.startswith("pytest_bdd.scenario") for mark in test.decorators for name in mark.names):
        return ()
    return tuple(steps_for(test.path, project))


def steps_for(path: str, project: PythonProject) -> Iterator[Function]:
    """Steps in a test file, or in a conftest.py above it."""
    for file in project.of(Role.TEST):
        folder, _, name = file.path.rpartition("/")
        above = name == "conftest.py" and path.startswith(f"{folder}/" if folder else "")
        if file.path == path or above:
            yield from (function for function in file.functions if is_step(function))


def scenarios(project: PythonProject) -> Iterator[tuple[Function, tuple[Function, ...]]]:
    """For each file that collects scenarios, the step that checks (the first one with `then`), and all of its steps."""
    for file in project.of(*CODE, Role.TEST):
        if not collects(file):
            continue
        steps = tuple(steps_for(file.path, project)) or tuple(f for f in file.functions if is_step(f))
        last = [step for step in steps if any("then" in mark.name for mark in step.decorators)]
        if last:
            yield last[0], steps


def collects(file: PythonFile) -> bool:
    """Whether a file has pytest-bdd collect scenarios, or holds steps that behave finds by their folder."""
    if any(call.name == "pytest_bdd.scenarios" for call in file.calls):
        return True
    return "/steps/" in f"/{file.path}" and any(
        name.startswith("behave.") for f in file.functions for mark in f.decorators for name in mark.names
    )


def own_nodes(body: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function, those of functions within it aside."""
    todo: list[ast.AST] = list(body.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo.extend(ast.iter_child_nodes(node))


def runs_examples(settings: PytestSettings, given: Iterable[Command]) -> bool:
    """Whether a test run checks the examples in docstrings: by pytest's own options, or by some command."""
    if any(option in settings.addopts for option in DOCTEST_OPTIONS):
        return True
    return any(
        command.runs("doctest", "xdoctest")
        or (command.runs("pytest", "py.test") and any(option in command.words for option in DOCTEST_OPTIONS))
        for command in given
    )


def examples_of(project: PythonProject, subjects: Subjects) -> Iterator[tuple[Subject, Place]]:
    """Docstrings of own data and model code that hold an example."""
    found = 0
    for file in project.of(Role.OWN):
        definitions: tuple[Function | Class, ...] = (*file.functions, *file.classes)
        for one in definitions:
            if one.docstring and ">>> " in one.docstring and found < MAX_EXAMPLES and not subjects.is_stub(one.path):
                found += 1
                for subject in subjects.of(one):
                    yield subject, one.evidence
