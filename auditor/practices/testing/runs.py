"""Which workflow runs which tests.

Sources: pytest documentation, "How to invoke pytest" and "Command-line Flags"; Python's `unittest`, "Command-Line Interface".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.evidence import Place
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.practices.automation.job_work import TEST_ACTIONS, JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.automation.work_on_change import FETCHES
from auditor.practices.testing.code import TestCode
from auditor.practices.testing.selection import UNKNOWN, arguments, holds
from auditor.practices.testing.settings import PytestSettings
from auditor.practices.testing.tested import TestFunction
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot


def is_program(command: Command) -> bool:
    """Whether a command runs a program of the project's, which may fetch or make what the tests need."""
    return command.program == "python" and any(word.endswith(".py") for word in command.arguments[:1])


class TestRun(Record):
    """One command of a job that runs tests, and the tests that it runs."""

    evidence: Place
    tests: tuple[TestFunction, ...]
    why: str = ""
    """Why it does not run on a push or pull request; empty where it does."""
    fetches: bool = False
    """Whether its job brings what git does not hold, or runs a program of the project's that may."""

    __test__ = False


class TestRuns(Record):
    """Runs of tests: on a push or pull request, otherwise (by hand or by a clock), and in jobs that never run."""

    on_change: tuple[TestRun, ...] = ()
    otherwise: tuple[TestRun, ...] = ()
    never: tuple[TestRun, ...] = ()

    @property
    def every(self) -> tuple[TestRun, ...]:
        """All of them."""
        return (*self.on_change, *self.otherwise, *self.never)

    __test__ = False


@fact
def read_test_runs(tests: TestCode, pipelines: Pipelines, settings: PytestSettings, snapshot: Snapshot) -> TestRuns:
    """The commands of all workflows that run tests."""
    selection = Selection(tests.tests, settings, snapshot)

    def of(works: Iterable[JobWork]) -> tuple[TestRun, ...]:
        return tuple(run for work in works for run in selection.runs(work))

    return TestRuns(of(pipelines.on_change), of(pipelines.by_hand), of(pipelines.dead))


class Selection(Record):
    """Tells which tests a command runs."""

    tests: tuple[TestFunction, ...]
    settings: PytestSettings
    snapshot: Snapshot

    def runs(self, work: JobWork) -> Iterator[TestRun]:
        """The commands of a job that run tests."""
        fetches = any(command.runs(*FETCHES) or is_program(command) for command in work.commands)
        moved = any(step.working_directory for step in work.job.steps) or bool(work.runs("cd", "pushd"))
        for command in work.test_runs:
            chosen = tuple(test for test in self.tests if self.selects(command, test, moved))
            yield TestRun(command.evidence, chosen, work.why, fetches)
        for action in work.job.actions_of(*TEST_ACTIONS):
            yield TestRun(action.evidence, self.tests, work.why, fetches)

    def selects(self, command: Command, test: TestFunction, moved: bool) -> bool:
        """Whether a command runs the test, as far as its words tell; what they leave open counts as run.

        `moved`: the job changes folders, so that a path may start anywhere.
        """
        call = command.call_of("unittest")
        if call is not None:
            return test.is_unittest and self.unittest_selects(call[1:], test)
        call = command.call_of("pytest") or command.call_of("py.test")
        if call is None:
            return True
        places, options = arguments((*self.settings.addopts, *call[1:]))
        if not places:
            folder = self.settings.folder
            places = [f"{folder}/{path}" if folder else path for path in self.settings.testpaths]
            places = [path for path in places if self.snapshot.exists(path)]
        if places and not any(self.covers(place, test, moved=moved) for place in places):
            return False
        for option, value in options:
            if option in ("--ignore", "--deselect", "--ignore-glob") and self.covers(
                value, test, exact=True, moved=moved
            ):
                return False
            if option == "-k" and not holds(value, lambda word: word.lower() in keywords(test)):
                return False
            if option == "-m" and not holds(value, lambda word: word in test.markers):
                return False
        return True

    def unittest_selects(self, words: tuple[str, ...], test: TestFunction) -> bool:
        """Whether `python -m unittest` with these arguments runs the test."""
        places = [word for word in words if not word.startswith("-") and word != "discover"]
        if not places:
            return True
        return any(self.covers(place if "/" in place else place.replace(".", "/"), test) for place in places) or any(
            test.path.removesuffix(".py") in (p.replace(".", "/"), p.rpartition(".")[0].replace(".", "/"))
            for p in places
        )

    def covers(self, place: str, test: TestFunction, *, exact: bool = False, moved: bool = False) -> bool:
        """Whether a path argument names the test, its file or a folder above it.

        What the repository has at its root is meant by it; otherwise it may be seen from another folder. `exact`: only
        what is surely named.
        """
        path, _, node = place.partition("::")
        if UNKNOWN.search(path):
            return not exact
        path = normalise(path)
        if any(mark in path for mark in "*?["):
            return fnmatchcase(test.path, path) or fnmatchcase(test.path, f"{path}/*")
        if node and node.split("[")[0].split("::")[-1] not in test.function.qualname:
            return False
        if path in ("", "."):
            return True
        if self.snapshot.exists(path) and not moved:
            return test.path == path or test.path.startswith(f"{path}/")
        return f"/{test.path}".endswith(f"/{path}") or f"/{path}/" in f"/{test.path}"


def keywords(test: TestFunction) -> str:
    """What pytest's `-k` looks into: names of the file, its folders, class and function, and marks."""
    return f"{test.path} {test.function.qualname} {' '.join(test.markers)}".lower()
