"""M24: tests of the API."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, Trace, aside, counts, half, part
from auditor.practices.automation.pipelines import Pipelines
from auditor.practices.testing import Subject, TestCode, TestFunction, TestRun, TestRuns
from auditor.practices.testing.asking import ApiRequests


@rule("M24.api_tests")
def api_tests(tests: TestCode, runs: TestRuns, asking: ApiRequests, pipelines: Pipelines) -> Iterator[Part]:
    """The application's API is tested, and continuous integration runs these tests.

    Accepted: tests that send requests to the project's own application (FastAPI's or Flask's test client, httpx, requests)
    and check the answers, and a live workflow on pushes or pull requests whose test command takes them in.
    Half of it: such tests without a workflow that runs them (`pytest tests/unit` runs nothing in `tests/integration`), or
    with one that is started by hand; tests that check nothing, are always skipped, or are the template's; tests all of which are
    skipped in the workflow, as no step fetches the model; requests with checks by a tool (Hurl, Newman, Schemathesis' command, curl
    in a workflow) instead of test functions.
    Does not count: tests of an application that the test file itself makes, or of somebody else's service.
    To settle it: show the tests and a run of the workflow that has them in its log.
    """
    real = tests.of(Subject.API)
    yield part(
        "API tests",
        [*tests.traces(Subject.API), *asking.traces],
        looked_for="tests with assertions that send requests to the project's application by a test client, httpx or requests",
    )
    wanted = set(real) or set(tests.about(Subject.API))
    yield part(
        "run in continuous integration",
        [
            *(in_workflow(run, wanted) for run in runs.every if wanted.intersection(run.tests)),
            *asking.in_workflows,
            *(pipelines.called("test", "tox", "nox", "pytest", "ci", "check") if wanted else ()),
            *(
                aside(run.evidence, "it does not take in the API tests")
                for run in runs.on_change
                if wanted and not wanted.intersection(run.tests)
            ),
        ],
        looked_for="a workflow on push or pull request whose test command takes in the API tests",
    )


def in_workflow(run: TestRun, wanted: set[TestFunction]) -> Trace:
    """A run of API tests as a trace: by half where all of them are skipped in it."""
    tests = wanted.intersection(run.tests)
    if run.why:
        return half(run.evidence, run.why)
    missing = next((test.needs for test in tests if test.needs), "")
    if missing and not run.fetches and all(test.needs for test in tests):
        return half(
            run.evidence, f"the API tests are skipped there: {missing} is not in the repository, and no step fetches it"
        )
    return counts(run.evidence)
