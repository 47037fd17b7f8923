"""Which workflow runs which tests.

Sources: pytest documentation, "How to invoke pytest" and "Command-line Flags"; Python's `unittest`, "Command-Line Interface".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase

from auditor.evidence import Place
from auditor.formats.shell import Command
from auditor.injection import fact
from auditor.patterns import pattern
from auditor.practices.automation.job_work import TEST_ACTIONS, JobWork
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.testing.code import TestCode, TestFunction
from auditor.practices.testing.settings import PytestSettings
from auditor.records import Record
from auditor.repository.paths import normalise
from auditor.repository.snapshot import Snapshot

VALUED = frozenset(
    ("-k", "-m", "-c", "-n", "-p", "-o", "-r", "-W", "--maxfail", "--cov-report", "--cov-config", "--junitxml", "--junit-xml",
     "--durations", "--tb", "--rootdir", "--timeout", "--numprocesses", "--dist", "--color", "--log-level", "--log-cli-level",
     "--basetemp", "--confcutdir", "--import-mode", "--html", "--splits", "--group", "--override-ini", "--config-file",
     "--capture", "--ignore", "--ignore-glob", "--deselect", "--cov-fail-under", "--randomly-seed", "--reruns", "--cov-context")
)  # fmt: skip
"""Options of pytest and usual plug-ins whose value may be the next word."""
UNKNOWN = pattern(r"[${}]")


class TestRun(Record):
    """One command of a job that runs tests, and the tests that it runs."""

    evidence: Place
    tests: tuple[TestFunction, ...]

    __test__ = False


class TestRuns(Record):
    """Runs of tests: on a push or pull request, otherwise (by hand or by a clock), and in jobs that never run."""

    on_change: tuple[TestRun, ...] = ()
    otherwise: tuple[TestRun, ...] = ()
    never: tuple[TestRun, ...] = ()

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
        moved = any(step.working_directory for step in work.job.steps) or bool(work.runs("cd", "pushd"))
        for command in work.test_runs:
            yield TestRun(command.evidence, tuple(test for test in self.tests if self.selects(command, test, moved)))
        for action in work.job.actions_of(*TEST_ACTIONS):
            yield TestRun(action.evidence, self.tests)

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


def arguments(words: tuple[str, ...]) -> tuple[list[str], list[tuple[str, str]]]:
    """Path arguments and options with their values."""
    places: list[str] = []
    options: list[tuple[str, str]] = []
    waiting = ""
    for word in words:
        if waiting:
            options.append((waiting, word))
            waiting = ""
        elif word.startswith("-") and len(word) > 1:
            name, equals, value = word.partition("=")
            if equals:
                options.append((name, value))
            elif word in VALUED:
                waiting = word
            elif word[:2] in ("-k", "-m") and len(word) > 2 and not word.startswith("--"):
                options.append((word[:2], word[2:]))
        elif "/" in word or "." in word or "::" in word or word.replace("_", "").replace("-", "").isalnum():
            places.append(word)
    return places, options


def keywords(test: TestFunction) -> str:
    """What pytest's `-k` looks into: names of the file, its folders, class and function, and marks."""
    return f"{test.path} {test.function.qualname} {' '.join(test.markers)}".lower()


def holds(expression: str, known: Callable[[str], bool]) -> bool:
    """Whether an expression of `-k` or `-m` holds, with `known` telling of each word; what is unclear holds."""
    text = expression.replace("(", " ").replace(")", " ").strip()
    if not text or UNKNOWN.search(text):
        return True
    for alternative in re.split(r"\s+or\s+", text[:1000]):
        terms = [term.strip() for term in re.split(r"\s+and\s+", alternative)]
        if all(not known(t[4:].strip()) if t.startswith("not ") else known(t) for t in terms):
            return True
    return False
