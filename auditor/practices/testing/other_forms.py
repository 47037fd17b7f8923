"""Tests in other forms than test functions: scenarios with steps, and examples in docstrings.

Sources: pytest-bdd ("Scenarios shortcut"), behave ("Python step implementations"), Python's "doctest", pytest ("doctest").
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from auditor.evidence import Place, seen
from auditor.facts.dependencies import Dependencies
from auditor.facts.python import CODE, Class, Function, PythonFile, PythonProject, Role
from auditor.formats.shell import Command
from auditor.practices.testing.flaws import EXAMPLE
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject, Subjects
from auditor.repository.snapshot import Snapshot

STEPS = ("pytest_bdd.", "behave.", "radish.", "lettuce.")
STEP_NAMES = ("given", "when", "then", "step", "and_", "but")
DOCTEST_OPTIONS = ("--doctest-modules", "--xdoctest", "--doctest-plus")
MAX_EXAMPLES = 200
MAX_LINES = 2_000
ROBOT = "it is a test of Robot Framework, no test function"


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


def more_tests(project: PythonProject, dependencies: Dependencies) -> Iterator[Function]:
    """Tests that other runners and plug-ins collect: Ward's by their decorator, those in the blocks of pytest-describe."""
    describes = dependencies.declares("pytest-describe") is not None
    for file in project.of(Role.TEST):
        blocks = {f.qualname for f in file.functions if f.own_name.startswith("describe_")} if describes else set()
        for function in file.functions:
            by_ward = any(name.startswith("ward.test") for mark in function.decorators for name in mark.names)
            if by_ward or (
                function.scope in blocks and function.qualname not in blocks and function.own_name[:1] != "_"
            ):
                yield function


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


def of_robot(project: PythonProject, subjects: Subjects, snapshot: Snapshot) -> Iterator[tuple[Subject, Place, str]]:
    """Files of Robot Framework that take an own module as a library of keywords."""
    for path in snapshot.named("*.robot")[:MAX_EXAMPLES]:
        for number, line in enumerate(snapshot.lines(path)[:MAX_LINES], start=1):
            name, _, module = line.strip().partition("  ")
            file = (
                project.module(module.strip().split("  ")[0].strip())
                if name.lower() == "library" and module.strip()
                else None
            )
            if file is not None:
                for subject in subjects.of_file(file.path) | {s for f in file.functions for s in subjects.of(f)}:
                    yield subject, seen(path, number, line), ROBOT


def examples_of(project: PythonProject, subjects: Subjects) -> Iterator[tuple[Subject, Place, str]]:
    """Docstrings of own data and model code that hold an example."""
    found = 0
    for file in project.of(Role.OWN):
        definitions: tuple[Function | Class, ...] = (*file.functions, *file.classes)
        for one in definitions:
            if one.docstring and ">>> " in one.docstring and found < MAX_EXAMPLES and not subjects.is_stub(one.path):
                found += 1
                for subject in subjects.of(one):
                    yield subject, one.evidence, EXAMPLE
