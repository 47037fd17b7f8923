"""M17: continuous integration."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, part
from auditor.facts.workflows import Axis
from auditor.practices.automation.pipelines import JobWork, Pipelines
from auditor.practices.testing import TestCode

AXES = ("os", "python", "pytorch")


@rule("M17.ci")
def continuous_integration(pipelines: Pipelines, tests: TestCode) -> Iterator[Part]:
    """A workflow runs by itself on pushes or pull requests, and tests, lints or builds.

    Accepted: GitHub Actions or GitLab CI; the commands may go through make, invoke, tox or scripts.
    Half of it: workflows that only a person or a clock starts; workflows that GitHub does not run (`if: false`, another
    folder or ending, a branch or path filter that nothing matches); a test command where there is no test.
    To settle it: show a run of the workflow on a push.
    """
    strong = [e for work in pipelines.on_change for e in pipelines.does_something(work)]
    weak = [e for work in (*pipelines.by_hand, *pipelines.dead) for e in pipelines.does_something(work)]
    weak += [e for work in pipelines.on_change for e in work.rewrites]
    if not tests.tests:
        idle = {e for work in pipelines.on_change for e in work.tests if e not in work.other_tests}
        strong, weak = [e for e in strong if e not in idle], [*weak, *idle]
    yield part(
        "workflow",
        strong=strong,
        weak=weak,
        looked_for="a workflow on push or pull request that runs tests, a linter or a build",
        remark="started by hand or by a clock, never run, or without anything that could fail",
    )


@rule("M17.matrix_cache")
def matrix_and_caching(pipelines: Pipelines) -> Iterator[Part]:
    """Tests run over several systems, Python or PyTorch versions, with dependency caching.

    Accepted: a `strategy.matrix` with two or more values of one of these axes in a job that runs tests, and caching of
    dependencies (setup-python's `cache`, setup-uv's `enable-cache` or its default from v5 on, actions/cache).
    Half of it: one of the two, or a job that is started by hand.
    Does not count: a matrix outside `strategy`, an axis with one value, a cache of image layers.
    To settle it: show the run with its several jobs.
    """
    tests = [work for work in pipelines.live if work.tests]
    axes = [(work, axis) for work in tests for axis in varied_axes(work)]
    caches = [
        (work, cache) for work in tests or pipelines.live for cache in work.job.caching if cache.kind == "dependencies"
    ]
    dead = [work for work in pipelines.dead if work.tests]
    yield part(
        "matrix",
        strong=[axis.evidence for work, axis in axes if work.job.automatic and axis.used],
        weak=[*(axis.evidence for _, axis in axes), *(a.evidence for work in dead for a in varied_axes(work))],
        looked_for="a matrix of two or more systems, Python or PyTorch versions in a job that runs tests",
        remark="not used, or in a job that does not run by itself",
    )
    yield part(
        "caching",
        strong=[cache.evidence for work, cache in caches if work.job.automatic],
        weak=[
            *(cache.evidence for _, cache in caches),
            *(c.evidence for work in dead for c in work.job.caching if c.kind == "dependencies"),
        ],
        looked_for="caching of dependencies in a job that runs tests",
        remark="in a job that does not run by itself",
    )


@rule("M17.lint", net="linting")
def linting_step(pipelines: Pipelines) -> Iterator[Part]:
    """Continuous integration runs a linter.

    Accepted: a step of a live workflow that runs a linter or checks the format, or pre-commit with such a hook.
    Half of it: a workflow that only a person starts, or that never runs; a formatter that rewrites the code in the runner,
    where nobody sees it and nothing fails.
    Does not count: installing a linter, or asking for its version.
    To settle it: show the step in a run.
    """
    yield part(
        "lint step",
        strong=[e for work in pipelines.on_change for e in pipelines.lints(work)],
        weak=[
            *(e for work in (*pipelines.by_hand, *pipelines.dead) for e in pipelines.lints(work)),
            *(e for work in (*pipelines.live, *pipelines.dead) for e in work.rewrites),
        ],
        looked_for="a workflow step on push or pull request that runs ruff, flake8, black, pylint or pre-commit",
        remark="started by hand, never run, or rewriting without a check",
    )


def varied_axes(work: JobWork) -> list[Axis]:
    """Axes over systems, Python or PyTorch versions with two or more values."""
    matrix = work.job.matrix
    return [axis for axis in matrix.of_kind(*AXES) if axis.varied] if matrix else []
