"""M16: unit tests and coverage."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.practices.testing import Subject, TestCode
from auditor.practices.testing.coverage import Coverage


@rule("M16.data_tests")
def data_tests(tests: TestCode) -> Iterator[Part]:
    """Test functions exercise the project's data code and assert what comes out.

    Accepted: pytest or unittest functions that call the project's data code (directly, through fixtures, set-up methods or
    helpers of the tests), with assertions that can fail. A test that is skipped only where the data is not at hand is a
    real test.
    Half of it: the template's test; a test that is always skipped, that no test runner collects (its file's name, pytest's
    settings, `collect_ignore`), asserts nothing or only what cannot fail; one that only checks that a file exists, only imports,
    gets to the data code by way of other code, or reads what that produced without calling it; an example in a docstring that
    the test run checks.
    Does not count: tests of a library or of a copy in the test file, tests nested in one that does not call them, or an empty
    test file.
    To settle it: show the test and what of the project's it calls.
    """
    yield part(
        "tests of the data code",
        tests.traces(Subject.DATA),
        looked_for="test functions with assertions that call the project's data code",
    )


@rule("M16.model_tests")
def model_tests(tests: TestCode) -> Iterator[Part]:
    """Test functions exercise the project's model or training code and assert what comes out.

    Accepted: pytest or unittest functions that call the project's model or training code (directly, through fixtures,
    set-up methods, helpers of the tests, or its command line), with assertions that can fail.
    Half of it: the template's test; a test that only imports, is always skipped, that no test runner collects, asserts nothing
    that can fail, or gets to the model by way of other code, such as the API; one of the trained model or of the library's model
    built anew, without calling the project's code; an example in a docstring that the test run checks.
    Does not count: tests of a library's own model that the project does not use, a mock in the model's stead, tests nested in one
    that does not call them, or an empty test file.
    To settle it: show the test and what of the project's it calls.
    """
    yield part(
        "tests of the model or training code",
        tests.traces(Subject.MODEL),
        looked_for="test functions with assertions that call the project's model or training code",
    )


@rule("M16.coverage", net="coverage")
def code_coverage(coverage: Coverage) -> Iterator[Part]:
    """Code coverage is calculated.

    Accepted: coverage run in a workflow, task, Makefile, tox, nox or script, or by pytest's options; its settings; a
    committed report or badge.
    Half of it: coverage or pytest-cov as a dependency only, a command in the README only, a job that never runs, commands
    without any test to measure; a number in the report.
    To settle it: show the command, or the committed coverage report.
    """
    yield part(
        "coverage",
        coverage.traces,
        looked_for="a test command or settings that measure coverage, or a committed coverage report or badge",
    )
