"""Every test function: what it exercises, and whether it counts as a real test of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.evidence import Place, Trace, aside, counts, half, seen, strong_first
from auditor.facts.configs import Configs
from auditor.facts.dependencies import Dependencies
from auditor.facts.own_work.template import Template
from auditor.facts.project_commands import Commands
from auditor.facts.python import PythonProject, Role
from auditor.facts.workflows import Workflows
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.testing.configured import made_by_groups
from auditor.practices.testing.flaw_finder import FlawFinder
from auditor.practices.testing.flaws import BY_NAME, COMMENTED_OUT
from auditor.practices.testing.functions import SUBJECT_WORDS, Reader
from auditor.practices.testing.other_forms import examples_of, more_tests, of_robot, runs_examples, scenarios
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.subjects import Subject, Subjects
from auditor.practices.testing.tested import TestFunction
from auditor.records import Record
from auditor.repository.snapshot import Snapshot

COMMENTED_TEST = pattern(r"^\s*#\s*(?:async )?def test\w*\(", re.MULTILINE)
NEVER_RUN = frozenset({"not collected", "skipped", "yields"})
"""Flaws of tests that no test runner ever runs."""
MISSING = {
    Subject.DATA: "none of the project's data code",
    Subject.MODEL: "none of the project's model or training code",
}
MOST_TESTS = 3_000
"""Test functions that are read."""


class TestCode(Record):
    """Every test function of the repository, somebody else's aside."""

    tests: tuple[TestFunction, ...] = ()
    disabled: tuple[tuple[Subject, Place], ...] = ()
    """Test files that are commented out as a whole, by what their name says they are about."""
    examples: tuple[tuple[Subject, Place, str], ...] = ()
    """Tests in other forms than functions: docstrings with examples, files of Robot Framework; each with why it is half."""

    __test__ = False

    def of(self, subject: Subject) -> tuple[TestFunction, ...]:
        """Real tests: they run code of that kind, and check what can fail."""
        return tuple(test for test in self.tests if not test.flaw and subject in test.exercises)

    def about(self, subject: Subject) -> tuple[TestFunction, ...]:
        """Tests that exercise or touch code of that kind."""
        return tuple(test for test in self.tests if subject in test.exercises or subject in test.touches)

    def traces(self, subject: Subject) -> tuple[Trace, ...]:
        """Tests of a kind of code: real ones count, those that prove little by half; test files without any are set aside."""
        found = [
            half(test.evidence, test.why or test.reasons.get(subject, BY_NAME))
            if test.flaw or subject not in test.exercises
            else counts(test.evidence)
            for test in self.about(subject)
        ]
        found += [half(place, COMMENTED_OUT) for about, place in self.disabled if about is subject]
        found += [half(place, why) for about, place, why in self.examples if about is subject]
        return strong_first([*found, *self._beside(subject)])

    def _beside(self, subject: Subject) -> Iterator[Trace]:
        """The test files that come nearest without any test of that kind: those named for it first."""
        numbers: dict[str, int] = {}
        having = {test.path for test in self.about(subject)}
        for test in self.tests:
            if test.path not in having:
                numbers[test.path] = numbers.get(test.path, 0) + 1
        named = SUBJECT_WORDS[subject]
        order = sorted(numbers, key=lambda path: named.search(path.rpartition("/")[2].replace("_", " ")) is None)
        for path in order[:2]:
            tests = f"its {numbers[path]} tests" if numbers[path] > 1 else "its one test"
            calls = "call" if numbers[path] > 1 else "calls"
            what = (
                MISSING[subject]
                if subject is not Subject.API
                else f"{'send' if numbers[path] > 1 else 'sends'} no request to the application"
            )
            yield aside(seen(path), f"{tests} {what}" if subject is Subject.API else f"{tests} {calls} {what}")

    @property
    def count(self) -> int:
        """Test functions that a test runner finds and runs."""
        return sum(test.flaw not in NEVER_RUN for test in self.tests)

    @property
    def cases(self) -> int:
        """The same with every case of a parametrised one counted; at least so many."""
        return sum(test.cases for test in self.tests if test.flaw not in NEVER_RUN)


@fact
def read_tests(
    project: PythonProject,
    subjects: Subjects,
    settings: PytestSettings,
    commands: Commands,
    workflows: Workflows,
    template: Template,
    dependencies: Dependencies,
    configs: Configs,
    snapshot: Snapshot,
) -> TestCode:
    """All test functions in files of tests."""
    given = [*(use.command for use in commands.uses), *(c for job in workflows.live_jobs for c in job.commands)]
    flaws = FlawFinder(project, settings, template, dependencies, given, snapshot)
    reader = Reader(project, subjects, dependencies, flaws, snapshot, made_by_groups(configs, project))
    found = [reader.read(function) for function in project.tests[:MOST_TESTS]]
    found += [reader.read(shown, steps) for shown, steps in scenarios(project)]
    found += [reader.read(function, (function,)) for function in more_tests(project, dependencies)]
    examples = examples_of(project, subjects) if runs_examples(settings, given) else ()
    return TestCode(
        tuple(found), tuple(commented_out(project, snapshot)), (*examples, *of_robot(project, subjects, snapshot))
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
