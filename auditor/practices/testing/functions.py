"""Reads one test function: what it exercises and touches, and whether it proves anything."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from auditor.facts.dependencies import Dependencies, distributions_of, named_after
from auditor.facts.python import Assertion, Call, Class, Function, Import, PythonProject, Role
from auditor.facts.python.modules import LIBRARIES
from auditor.knowledge.distribution_names import canonical_name
from auditor.patterns import pattern
from auditor.practices.code.data import is_data_module
from auditor.practices.testing import checks
from auditor.practices.testing.clients import apps_of, given_apps, is_of_schema, requests_in
from auditor.practices.testing.collection import case_count, class_of, is_skipped, is_unittest, switched_off
from auditor.practices.testing.configured import Made
from auditor.practices.testing.files import TestFiles
from auditor.practices.testing.flaw_finder import FlawFinder
from auditor.practices.testing.flaws import BY_NAME, EXISTENCE, FLAWS, LOST, ON_THE_WAY, ONLY_NAMES, TEMPLATE_CODE
from auditor.practices.testing.hollow import hollow_lines
from auditor.practices.testing.objects import used_objects
from auditor.practices.testing.other_forms import steps_of
from auditor.practices.testing.products import MODEL_PLACE, of_products
from auditor.practices.testing.reach import Reach, Reaching
from auditor.practices.testing.subjects import Subject, Subjects, is_model_module
from auditor.practices.testing.tested import TestFunction
from auditor.practices.traces import CANNOT_RUN
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

SUBJECT_WORDS = {
    Subject.DATA: pattern(r"(^|[^a-z])(data|datasets?|raw|processed|data ?loaders?|preprocess\w*|features?)([^a-z]|$)"),
    Subject.MODEL: pattern(r"(^|[^a-z])(models?|checkpoints?|weights|train|training|predict|prediction)([^a-z]|$)"),
    Subject.API: pattern(r"(^|[^a-z])(api|app|endpoints?|backend|routes?)([^a-z]|$)"),
}
"""Words by which a test says what it is about where the code that it runs does not: in names and strings."""


class Reader:
    """Reads test functions of one project."""

    def __init__(
        self,
        project: PythonProject,
        subjects: Subjects,
        dependencies: Dependencies,
        flaws: FlawFinder,
        snapshot: Snapshot,
        by_group: Made,
    ) -> None:
        self.project = project
        self.subjects = subjects
        self.dependencies = dependencies
        self.flaws = flaws
        self.snapshot = snapshot
        self.reaching = Reaching(project, TestFiles(project), by_group)
        self._hollow: dict[str, frozenset[int]] = {}
        self._outside: dict[str, list[Call]] = {}
        self._off: dict[str, frozenset[str]] = {}
        self._behind: dict[frozenset[str], frozenset[Subject]] = {}

    def read(self, test: Function, steps: tuple[Function, ...] = ()) -> TestFunction:
        """What is known of one test function; of a scenario, with the steps that belong to it."""
        reach = self.reaching.of(test)
        for step in steps or steps_of(test, self.project):
            reach = reach.joined(self.reaching.of(step))
        if test.path not in self._off:
            self._off[test.path] = switched_off(self.project.at(test.path))
        skipped = is_skipped(self.project, test, self._off[test.path])
        assertions = [
            a for a in checks.real(reach.assertions, dead_too=skipped) if a.line not in self._hollow_in(a.path)
        ]
        fixtures = [fixture.own_name for fixture, _ in self.reaching.files.fixtures]
        checked = bool(assertions) or any(
            (call.live or skipped) and call.line not in self._hollow_in(call.path)
            for call in checks.checking(reach.calls, self.subjects.names)
        )
        checked = checked or checks.checks_by_fixture(test, reach.calls, fixtures)
        exercises, reasons = self._subjects(reach)
        sent = [
            *requests_in(reach.calls, self.subjects.names),
            *(call for call in reach.calls if is_of_schema(test, call)),
        ]
        checked = checked or any(is_of_schema(test, call) for call in sent)
        around = {id(call): call for call in (*reach.calls, *self._calls_outside(test.path))} if sent else {}
        apps = apps_of(self.project, self.subjects, sent, around.values())
        own_apps = frozenset(path for path in apps if not self.subjects.is_stub(path))
        if own_apps:
            exercises |= {Subject.API}
            for subject in self._behind_app(own_apps):
                reasons.setdefault(subject, ON_THE_WAY)
        elif apps:
            reasons.setdefault(Subject.API, TEMPLATE_CODE)
        elif sent and self._is_for_lost(around.values(), test.path):
            reasons.setdefault(Subject.API, LOST)
        flaw, why = self.flaws.of(test, skipped, checked, bool(steps))
        if not (exercises or reasons):
            reasons |= self._by_dead(test)
        if self._is_last_of_several(test) and not self._calls_itself(test, reach):
            reasons |= dict.fromkeys(exercises, ONLY_NAMES)
            exercises = frozenset()
        if not (exercises or reasons):
            reasons |= self._by_words(test, reach, assertions, flaw)
        if assertions or checked:
            made = of_products(
                self._around(test, reach), reach.scopes, self.project, self.reaching.files, self.subjects
            )
            for subject, reason in made.items():
                reasons.setdefault(subject, reason)
        return TestFunction(
            test,
            exercises,
            frozenset(reasons) - exercises,
            own_apps,
            flaw,
            why,
            reasons,
            self._needs(test, reach),
            case_count(test),
            self.flaws.markers(test),
            is_unittest(self.project, test),
        )

    def _hollow_in(self, path: str) -> frozenset[int]:
        """Lines of a test file whose assertions cannot fail where they stand."""
        if path not in self._hollow:
            self._hollow[path] = hollow_lines(self.flaws.sources.top(path))
        return self._hollow[path]

    def _around(self, test: Function, reach: Reach) -> list[Call]:
        """The calls of a test, and those at the level of its module and of its helpers' modules."""
        return [*reach.calls, *(call for call in self._calls_outside(test.path) if not call.decorates)]

    def _is_for_lost(self, calls: Iterable[Call], path: str) -> bool:
        """Whether a client is made for an application that is imported under a name that the project has not."""
        heads = set(given_apps(calls, self.subjects.names))
        imports = self.project.at(path).imports
        return any(i.alias in heads and not i.own and self._is_lost(i) for i in imports)

    def _needs(self, test: Function, reach: Reach) -> str:
        """The missing file on which it depends whether the test is skipped; empty where there is none."""
        owner = class_of(self.project, test)
        file = self.project.at(test.path)
        marks = [call.text for call in (*test.decorators, *(owner.decorators if owner else ())) if "skip" in call.name]
        marks += [a.value.text for a in file.assignments if a.target == "pytestmark" and "skip" in a.value.text]
        inside = any(call.name in ("pytest.skip", "unittest.SkipTest") for call in reach.calls)
        at_top = any(call.name == "pytest.skip" and not call.scope for call in file.calls)
        if not (marks or inside or at_top):
            return ""
        scopes = {scope for path, scope in reach.scopes if path == test.path} if inside else set()
        said = [text.value for text in file.texts if text.scope in scopes or not text.scope]
        for text in said[:500]:
            if MODEL_PLACE.search(text[:300]) and "\n" not in text and not self.snapshot.exists(normalise(text)):
                return text
        return ""

    def _by_dead(self, test: Function) -> dict[Subject, str]:
        """What a test would run if its code were not cut off: after a skip, a return, a failure."""
        found: dict[Subject, str] = {}
        calls = self.project.calls_in(test)
        skips = any(call.name in ("pytest.skip", "pytest.fail", "pytest.xfail") for call in calls)
        for call in calls:
            for name in call.names if not call.live else ():
                definition, _ = self.reaching.definition(name)
                if definition is not None:
                    found |= dict.fromkeys(self.subjects.of(definition), FLAWS["skipped"] if skips else CANNOT_RUN)
        return found

    def _is_last_of_several(self, test: Function) -> bool:
        same = self.flaws.same_name(test)
        return len(same) > 1 and same[-1].line == test.line

    def _calls_itself(self, test: Function, reach: Reach) -> bool:
        """Whether own code is called behind the test's first line: what is before belongs to an earlier one of its name."""
        after = [call for call in reach.calls if call.path == test.path and (call.line or 0) >= (test.line or 0)]
        return any(self.reaching.definition(name)[0] is not None for call in after for name in call.names)

    def _subjects(self, reach: Reach) -> tuple[frozenset[Subject], dict[Subject, str]]:
        """What is exercised, and what is only touched with the reason; the template's code is touched at most."""
        exercised: set[Subject] = set()
        touched: dict[Subject, str] = {}

        def touch(subjects: Iterable[Subject], why: str) -> None:
            for subject in subjects:
                touched.setdefault(subject, why)

        for definition in reach.direct:
            found = self.subjects.of(definition)
            if self.subjects.is_stub(definition.path) or (isinstance(definition, Class) and definition.is_empty):
                touch(found, TEMPLATE_CODE)
            else:
                exercised.update(found)
        for path in reach.files:
            found = self.subjects.of_file(path) - {Subject.API}
            if self.subjects.is_stub(path):
                touch(found, TEMPLATE_CODE)
            else:
                exercised.update(found)
        for made in used_objects(reach.scopes, self.project, self.reaching.files):
            if not self.subjects.is_stub(made.path):
                exercised.update(self.subjects.of_object(made))
        for definition in reach.indirect:
            touch(self.subjects.of(definition), ON_THE_WAY)
        for definition in reach.named:
            touch(self.subjects.of(definition), ONLY_NAMES)
        for path in reach.mentioned:
            touch(self.subjects.of_file(path), ONLY_NAMES)
        return frozenset(exercised), touched

    def _behind_app(self, apps: frozenset[str]) -> frozenset[Subject]:
        """What the routes of applications lead to."""
        if apps not in self._behind:
            definitions = self.reaching.runs_app(apps)
            self._behind[apps] = frozenset(s for d in definitions.values() for s in self.subjects.of(d))
        return self._behind[apps]

    def _by_words(self, test: Function, reach: Reach, assertions: list[Assertion], flaw: str) -> dict[Subject, str]:
        """What a test is about by its words, where what it runs does not tell: never more than touched.

        It may check a file's existence, import a module under a lost name, run code of the project whose names say nothing, or
        be a stub that runs nothing and bears a name.
        """
        found: dict[Subject, str] = {}
        file = self.project.at(test.path)
        for statement in file.imports:
            if not statement.own and self._is_lost(statement):
                for word in statement.name.split(".")[-2:]:
                    if is_data_module(word):
                        found[Subject.DATA] = LOST
                    if is_model_module(word):
                        found[Subject.MODEL] = LOST
        words, why = "", BY_NAME
        if checks.only_existence(assertions, self.subjects.names):
            texts = " ".join(t.value for t in file.texts if f"{t.scope}.".startswith(f"{test.qualname}."))
            words = f"{test.path} {test.own_name} {texts} {' '.join(a.text for a in assertions)}"
            why = EXISTENCE
        elif reach.direct or reach.files or flaw:
            words = f"{test.path.rpartition('/')[2]} {test.qualname}"
        words = words.lower().replace("_", " ")
        for subject, named in SUBJECT_WORDS.items():
            if named.search(words):
                found.setdefault(subject, why)
        return found

    def _is_lost(self, statement: Import) -> bool:
        """Whether an import means neither a known library nor anything declared: the project under a name it lost."""
        top = statement.package
        if top in sys.stdlib_module_names or top in LIBRARIES or "." not in statement.name:
            return False
        distributions = distributions_of(statement.name)
        if distributions != named_after(canonical_name(top)):
            return False  # a library that is known by its modules
        return not any(self.dependencies.declares(name) for name in distributions)

    def _calls_outside(self, path: str) -> list[Call]:
        """Calls at module and class level of a test file and of what it has clients from: conftest.py, its helpers."""
        if path not in self._outside:
            paths = {path}
            for statement in self.project.at(path).imports:
                module = self.project.module(statement.name.rpartition(".")[0]) if statement.own else None
                if module is not None and module.role is Role.TEST:
                    paths.add(module.path)
            found = self._outside[path] = []
            for module in filter(None, map(self.project.file, sorted(paths))):
                functions = {function.qualname for function in module.functions}
                found += [call for call in module.calls if call.scope not in functions]
        return self._outside[path]
