"""M24: tests of the API."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.testing import Subject, TestCode, TestRuns


@rule("M24.api_tests")
def api_tests(tests: TestCode, runs: TestRuns) -> Iterator[Part]:
    """The application's API is tested, and continuous integration runs these tests.

    Accepted: tests that send requests to the project's own application (FastAPI's or Flask's test client, httpx, requests)
    and check the answers, and a live workflow on pushes or pull requests whose test command takes them in.
    Half of it: such tests without a workflow that runs them (`pytest tests/unit` runs nothing in `tests/integration`), or
    with one that is started by hand; tests that check nothing, are always skipped, or are the template's.
    Does not count: tests of an application that the test file itself makes, or of somebody else's service.
    To settle it: show the tests and a run of the workflow that has them in its log.
    """
    real = tests.of(Subject.API)
    touching = {test for test in tests.tests if Subject.API in test.exercises | test.touches}
    yield part(
        "API tests",
        strong=[test.evidence for test in real],
        weak=tests.weak_of(Subject.API),
        looked_for="tests with assertions that send requests to the project's application by a test client, httpx or requests",
        remark="the template's, skipped, without a check that can fail, or not sending requests",
    )
    wanted = set(real) or touching
    yield part(
        "run in continuous integration",
        strong=[run.evidence for run in runs.on_change if wanted.intersection(run.tests)],
        weak=[run.evidence for run in (*runs.otherwise, *runs.never) if wanted.intersection(run.tests)],
        looked_for="a workflow on push or pull request whose test command takes in the API tests",
        remark="started by hand, or never run",
    )
