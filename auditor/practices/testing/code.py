"""Every test function: what it exercises, and whether it counts as a real test of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from packaging.utils import canonicalize_name

from auditor.evidence import Place, seen
from auditor.facts.dependencies import Dependencies, distributions_of
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.facts.python import Assertion, Call, Class, Function, Import, PythonProject, Role
from auditor.facts.python.modules import LIBRARIES
from auditor.facts.workflows import Workflows
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.code.data import is_data_module
from auditor.practices.testing import checks
from auditor.practices.testing.clients import apps_of, requests_in
from auditor.practices.testing.collection import (
    case_count,
    class_of,
    is_collected,
    is_skipped,
    is_unittest,
    switched_off,
)
from auditor.practices.testing.files import TestFiles
from auditor.practices.testing.reach import Reach, Reaching
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject, Subjects, is_model_module
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

COMMENTED_TEST = pattern(r"^\s*#\s*(?:async )?def test\w*\(", re.MULTILINE)
SUBJECT_WORDS = {
    Subject.DATA: pattern(r"(^|[^a-z])(data|datasets?|raw|processed|data ?loaders?|preprocess\w*|features?)([^a-z]|$)"),
    Subject.MODEL: pattern(r"(^|[^a-z])(models?|checkpoints?|weights|train|training|predict|prediction)([^a-z]|$)"),
    Subject.API: pattern(r"(^|[^a-z])(api|app|endpoints?|backend|routes?)([^a-z]|$)"),
}
"""Words by which a test says what it is about where the code that it runs does not: in names and strings."""
MOST_TESTS = 3_000
"""Test functions that are read."""


class TestFunction(Record, eq=False):
    """One test function.

    `exercises` is what it runs itself; `touches` what it only names, checks the existence of, or runs by way of other
    code; `apps` the files of the applications that it sends requests to. `flaw` says why it proves little: empty for a
    real test. `cases` counts its parametrisation.
    """

    function: Function
    exercises: frozenset[Subject] = frozenset()
    touches: frozenset[Subject] = frozenset()
    apps: frozenset[str] = frozenset()
    flaw: str = ""
    cases: int = 1
    markers: frozenset[str] = frozenset()
    is_unittest: bool = False

    __test__ = False

    @property
    def path(self) -> str:
        """Its file."""
        return self.function.path

    @property
    def evidence(self) -> Place:
        """Its first line."""
        return self.function.evidence


class TestCode(Record):
    """Every test function of the repository, somebody else's aside."""

    tests: tuple[TestFunction, ...] = ()
    disabled: tuple[tuple[Subject, Place], ...] = ()
    """Test files that are commented out as a whole, by what their name says they are about."""

    __test__ = False

    def of(self, subject: Subject) -> tuple[TestFunction, ...]:
        """Real tests: they run code of that kind, and check what can fail."""
        return tuple(test for test in self.tests if not test.flaw and subject in test.exercises)

    def weak_of(self, subject: Subject) -> tuple[Place, ...]:
        """Tests that prove little of it: template's, skipped, without check, only naming it or running it on the way."""
        tests = [t for t in self.tests if subject in t.touches or (t.flaw and subject in t.exercises)]
        return (*(test.evidence for test in tests), *(e for about, e in self.disabled if about is subject))

    @property
    def count(self) -> int:
        """Test functions that a test runner finds and runs."""
        return sum(test.flaw not in ("not collected", "skipped") for test in self.tests)

    @property
    def cases(self) -> int:
        """The same with every case of a parametrised one counted; at least so many."""
        return sum(test.cases for test in self.tests if test.flaw not in ("not collected", "skipped"))


@fact
def read_tests(
    project: PythonProject,
    subjects: Subjects,
    settings: PytestSettings,
    commands: Commands,
    workflows: Workflows,
    template: Template,
    dependencies: Dependencies,
    snapshot: Snapshot,
) -> TestCode:
    """All test functions in files of tests."""
    given = [*(use.command for use in commands.uses), *(c for job in workflows.live_jobs for c in job.commands)]
    reader = _Reader(project, subjects, settings, template, dependencies, given)
    tests = tuple(reader.read(function) for function in project.tests[:MOST_TESTS])
    return TestCode(tests, tuple(commented_out(project, snapshot)))


class _Reader:
    """Reads test functions of one project."""

    def __init__(
        self,
        project: PythonProject,
        subjects: Subjects,
        settings: PytestSettings,
        template: Template,
        dependencies: Dependencies,
        given: Iterable[Command],
    ) -> None:
        self.project = project
        self.subjects = subjects
        self.settings = settings
        self.template = template
        self.dependencies = dependencies
        self.reaching = Reaching(project, TestFiles(project))
        self.named_files: set[str] = set()
        self.unittest_runs = False
        for command in given:
            self.unittest_runs = self.unittest_runs or command.runs("unittest")
            if command.runs("pytest", "py.test"):
                self.named_files.update(word.partition("::")[0].removeprefix("./") for word in command.arguments)
        self._outside: dict[str, list[Call]] = {}
        self._off: dict[str, frozenset[str]] = {}
        self._behind: dict[frozenset[str], frozenset[Subject]] = {}

    def read(self, test: Function) -> TestFunction:
        """What is known of one test function."""
        reach = self.reaching.of(test)
        file = self.project.file(test.path)
        if test.path not in self._off and file is not None:
            self._off[test.path] = switched_off(file)
        skipped = is_skipped(self.project, test, self._off.get(test.path, frozenset()))
        assertions = list(checks.real(reach.assertions, dead_too=skipped))
        checked = bool(assertions) or any(call.live or skipped for call in checks.checking(reach.calls))
        exercises, touches = self._subjects(reach)
        sent = requests_in(reach.calls)
        around = {id(call): call for call in (*reach.calls, *self._calls_outside(test.path))} if sent else {}
        apps = apps_of(self.project, self.subjects, sent, around.values())
        own_apps = frozenset(path for path in apps if not self.subjects.is_stub(path))
        if own_apps:
            exercises |= {Subject.API}
            touches |= self._behind_app(own_apps)
        elif apps:
            touches |= {Subject.API}
        if not (exercises or touches):
            touches |= self._by_words(test, reach, assertions)
        return TestFunction(
            test,
            exercises,
            touches - exercises,
            own_apps,
            self._flaw(test, skipped, checked),
            case_count(test),
            self._markers(test),
            is_unittest(self.project, test),
        )

    def _flaw(self, test: Function, skipped: bool, checked: bool) -> str:
        if self._is_template(test):
            return "template"
        if not is_collected(self.project, test, self.settings, self.named_files, self.unittest_runs):
            return "not collected"
        if skipped:
            return "skipped"
        return "" if checked else "no check"

    def _is_template(self, test: Function) -> bool:
        """Whether it stands in the template's file, and nothing that it checks is the group's own line."""
        if not self.subjects.is_stub(test.path):
            return False
        own = {line for line, _ in self.template.own_lines(test.path)}
        return not any(assertion.line in own for assertion in self.project.assertions_in(test))

    def _subjects(self, reach: Reach) -> tuple[frozenset[Subject], frozenset[Subject]]:
        """What is exercised and what is only touched; the template's code is touched at most."""
        exercised: set[Subject] = set()
        touched: set[Subject] = set()
        for definition in reach.direct:
            found = self.subjects.of(definition)
            stub = self.subjects.is_stub(definition.path) or (isinstance(definition, Class) and definition.is_empty)
            (touched if stub else exercised).update(found)
        for path in reach.files:
            (touched if self.subjects.is_stub(path) else exercised).update(self.subjects.of_file(path) - {Subject.API})
        for definition in (*reach.indirect, *reach.named):
            touched.update(self.subjects.of(definition))
        for path in reach.mentioned:
            touched.update(self.subjects.of_file(path))
        return frozenset(exercised), frozenset(touched)

    def _behind_app(self, apps: frozenset[str]) -> frozenset[Subject]:
        """What the routes of applications lead to."""
        if apps not in self._behind:
            definitions = self.reaching.runs_app(apps)
            self._behind[apps] = frozenset(s for d in definitions.values() for s in self.subjects.of(d))
        return self._behind[apps]

    def _by_words(self, test: Function, reach: Reach, assertions: list[Assertion]) -> frozenset[Subject]:
        """What a test is about by its words, where what it runs does not tell: never more than touched.

        It may check a file's existence, import a module under a lost name, or run code of the project whose names say nothing.
        """
        found: set[Subject] = set()
        file = self.project.file(test.path)
        if file is None:
            return frozenset()
        for statement in file.imports:
            if not statement.own and self._is_lost(statement):
                for word in statement.name.split(".")[-2:]:
                    found |= {Subject.DATA} if is_data_module(word) else set()
                    found |= {Subject.MODEL} if is_model_module(word) else set()
        words = ""
        if checks.only_existence(assertions):
            texts = " ".join(t.value for t in file.texts if f"{t.scope}.".startswith(f"{test.qualname}."))
            words = f"{test.path} {test.own_name} {texts} {' '.join(a.text for a in assertions)}"
        elif reach.direct or reach.files:
            words = f"{test.path.rpartition('/')[2]} {test.qualname}"
        words = words.lower().replace("_", " ")
        found |= {subject for subject, pattern in SUBJECT_WORDS.items() if pattern.search(words)}
        return frozenset(found)

    def _is_lost(self, statement: Import) -> bool:
        """Whether an import means neither a known library nor anything declared: the project under a name it lost."""
        top = statement.package
        if top in sys.stdlib_module_names or top in LIBRARIES or "." not in statement.name:
            return False
        distributions = distributions_of(statement.name)
        if distributions != (canonicalize_name(top),):
            return False  # a library that is known by its modules
        return not any(self.dependencies.declares(name) for name in distributions)

    def _calls_outside(self, path: str) -> list[Call]:
        """Calls at module and class level of a test file and of what it has clients from: conftest.py, its helpers."""
        if path not in self._outside:
            file = self.project.file(path)
            paths = {path}
            for statement in file.imports if file is not None else ():
                module = self.project.module(statement.name.rpartition(".")[0]) if statement.own else None
                if module is not None and module.role is Role.TEST:
                    paths.add(module.path)
            found = self._outside[path] = []
            for module in filter(None, map(self.project.file, sorted(paths))):
                functions = {function.qualname for function in module.functions}
                found += [call for call in module.calls if call.scope not in functions]
        return self._outside[path]

    def _markers(self, test: Function) -> frozenset[str]:
        """Names of the marks that it bears, its class's and its module's included."""
        owner = class_of(self.project, test)
        file = self.project.file(test.path)
        marks = [name for call in (*test.decorators, *(owner.decorators if owner else ())) for name in call.names]
        for assignment in file.assignments if file is not None else ():
            if assignment.target == "pytestmark":
                marks += [n for value in (assignment.value, *assignment.value.elements) for n in value.names]
        return frozenset(
            name.removesuffix("()").rpartition(".")[2] for name in marks if name.startswith("pytest.mark.")
        )


def commented_out(project: PythonProject, snapshot: Snapshot) -> Iterator[tuple[Subject, Place]]:
    """Test files that hold nothing but test functions in comments."""
    for file in project.of(Role.TEST):
        if file.statements or file.problem:
            continue
        found = COMMENTED_TEST.search(snapshot.text(file.path) or "")
        if found is None:
            continue
        line = (snapshot.text(file.path) or "")[: found.start()].count("\n") + 1
        text = snapshot.lines(file.path)[line - 1]
        for subject, words in SUBJECT_WORDS.items():
            if words.search(file.path.rpartition("/")[2].lower().replace("_", " ")):
                yield subject, seen(file.path, line, text)
