"""Finds why a test function proves little: it is the template's, no run collects it, it is skipped, it asserts nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from auditor.facts.dependencies import Dependencies
from auditor.facts.own_work.template import Template
from auditor.facts.python import Function, PythonProject, Role
from auditor.formats.shell import Command
from auditor.formats.shell.options import values_of
from auditor.practices.api.syntax_trees import Sources
from auditor.practices.testing.collection import class_of, is_collected, is_unittest
from auditor.practices.testing.flaws import FLAWS
from auditor.practices.testing.left_out import left_out
from auditor.practices.testing.other_forms import is_step, own_nodes
from auditor.practices.testing.settings import PytestSettings
from auditor.repository.snapshot import Snapshot

REPLACED = "a later function of the same name takes its place"
NO_ASYNC = "it is a coroutine, and no plug-in, mark or setting runs it"
ASYNC_MARKS = frozenset({"asyncio", "anyio", "trio", "gen_test", "twisted", "asyncio_cooperative"})
ASYNC_PLUGINS = tuple(
    """pytest-tornasync pytest-aiohttp pytest-twisted pytest-sanic pytest-asyncio-cooperative alt-pytest-asyncio""".split()
)
"""Plug-ins that run every coroutine; pytest-asyncio and anyio want a mark or a setting."""


class FlawFinder:
    """Knows what commands and settings make of the test functions of one project."""

    def __init__(
        self,
        project: PythonProject,
        settings: PytestSettings,
        template: Template,
        dependencies: Dependencies,
        given: Iterable[Command],
        snapshot: Snapshot,
    ) -> None:
        given = tuple(given)
        self.project = project
        self.settings = settings
        self.template = template
        self.dependencies = dependencies
        self.sources = Sources({file.path: snapshot.text(file.path) or "" for file in project.of(Role.TEST)})
        self.left_out = left_out(project, settings, given, snapshot.paths)
        self.named_files: set[str] = set()
        self.unittest_runs = False
        self.unittest_files: list[str] = []
        for command in given:
            self.unittest_runs = self.unittest_runs or command.runs("unittest")
            self.unittest_files += values_of(command.call_of("unittest") or (), "-p", "--pattern")
            if command.runs("pytest", "py.test"):
                self.named_files.update(word.partition("::")[0].removeprefix("./") for word in command.arguments)

    def of(self, test: Function, skipped: bool, checked: bool, scenario: bool) -> tuple[str, str]:
        """Why a test proves little: the name of the flaw, and the reason in words."""
        if self._is_template(test):
            return "template", FLAWS["template"]
        named = self.named_files
        if any(fnmatchcase(test.path.rpartition("/")[2], one) for one in self.unittest_files):
            named = {*named, test.path}
        if not scenario and not is_collected(self.project, test, self.settings, named, self.unittest_runs):
            return "not collected", FLAWS["not collected"]
        if self._is_replaced(test):
            return "not collected", REPLACED
        if self._is_async_alone(test):
            return "not collected", NO_ASYNC
        keywords = f"{test.path} {test.qualname} {' '.join(self.markers(test))}".lower()
        why = self.left_out.why(test.path, test.qualname, keywords, self.markers(test))
        if why and test.path not in self.named_files:
            return "not collected", why
        if self._yields(test):
            return "yields", FLAWS["yields"]
        if skipped:
            return "skipped", FLAWS["skipped"]
        return ("", "") if checked else ("no check", FLAWS["no check"])

    def same_name(self, test: Function) -> list[Function]:
        """Live functions of the name, in the same place."""
        return [f for f in self.project.at(test.path).functions if f.qualname == test.qualname and f.live]

    def _is_replaced(self, test: Function) -> bool:
        """Whether a later function of the same name takes its place."""
        same = self.same_name(test)
        return len(same) > 1 and not test.decorators and (same[-1].line or 0) > (test.line or 0)

    def _is_async_alone(self, test: Function) -> bool:
        """Whether it is a coroutine for which no plug-in, mark or setting runs a loop."""
        if not test.is_async or is_unittest(self.project, test) or not ASYNC_MARKS.isdisjoint(self.markers(test)):
            return False
        told = " ".join((*self.settings.addopts, *(place.text for place in self.settings.places.values())))
        if re.search(r"(asyncio|trio|anyio)[-_]mode", told):
            return False
        if any(self.dependencies.declares(name) for name in ASYNC_PLUGINS):
            return False
        hooks = ("pytest_collection_modifyitems", "pytest_pyfunc_call", "pytest_itemcollected")
        return not any(f.own_name in hooks for file in self.project.of(Role.TEST) for f in file.functions)

    def _yields(self, test: Function) -> bool:
        """Whether it is a generator, which pytest does not run as a test."""
        if not test.returns or is_step(test):
            return False
        body = self.sources.body(test)
        return body is not None and any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(body))

    def _is_template(self, test: Function) -> bool:
        """Whether it stands in the template's file, and nothing that it checks is the group's own line."""
        if not self.template.is_stub(test.path):
            return False
        own = {line for line, _ in self.template.own_lines(test.path)}
        return not any(assertion.line in own for assertion in self.project.assertions_in(test))

    def markers(self, test: Function) -> frozenset[str]:
        """Names of the marks that it bears, its class's and its module's included."""
        owner = class_of(self.project, test)
        marks = [name for call in (*test.decorators, *(owner.decorators if owner else ())) for name in call.names]
        for assignment in self.project.at(test.path).assignments:
            if assignment.target == "pytestmark":
                marks += [n for value in (assignment.value, *assignment.value.elements) for n in value.names]
        return frozenset(
            name.removesuffix("()").rpartition(".")[2] for name in marks if name.startswith("pytest.mark.")
        )
