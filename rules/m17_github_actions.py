"""M17: continuous integration."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.course.rule import rule
from auditor.evidence import Part, aside, half, part
from auditor.practices.automation.pipelines import STYLE_WORK, Pipelines
from auditor.practices.style.linters import Linters
from auditor.practices.testing import TestCode
from auditor.practices.testing.variants import TestVariants

NO_TEST = "there is no test that it could run"
OTHER_CHECKS = "it checks types, security or words, and is no linter"
REWRITES = "it rewrites the code in the runner, where nobody sees it and nothing fails"
ONLY_HOOKS = "it stands only in the pre-commit configuration, and no workflow runs that"


@rule("M17.ci")
def continuous_integration(pipelines: Pipelines, tests: TestCode) -> Iterator[Part]:
    """A workflow runs by itself on pushes or pull requests, and tests, lints or builds.

    Accepted: GitHub Actions or GitLab CI; the commands may go through make, invoke, tox, nox, Hatch, Pixi, pre-commit, Docker
    Compose, scripts in shell or Python, or a workflow of the same repository.
    Half of it: workflows that only a person, a clock or a tag starts; workflows that GitHub does not run (`if: false`, another
    folder or ending, a branch or path filter that nothing matches, broken or commented out as a whole); a test command where there
    is no test; a call of a workflow in another repository, or a program that auditor does not know, that by its name tests, lints or
    builds; a pipeline of another system (Jenkins, Travis, Cloud Build ...) that does.
    Does not count: a workflow that only sets up, prints or publishes.
    To settle it: show a run of the workflow on a push.
    """
    traces = pipelines.traces(pipelines.does_something)
    if not tests.tests:
        idle = {e for work in pipelines.every for e in work.tests if e not in work.other_tests}
        traces = [half(trace.place, NO_TEST) if trace.place in idle else trace for trace in traces]
    yield part(
        "workflow",
        [
            *traces,
            *(half(e, REWRITES) for work in pipelines.on_change for e in work.rewrites),
            *pipelines.called("test", "check", "lint", "build", "ci", "verify", "quality"),
            *pipelines.unknown("test", "check", "lint", "build", "verify", "ci"),
            *pipelines.beyond(),
            *(aside(e, "it tests, lints or builds nothing") for e in pipelines.idle_workflows),
        ],
        looked_for="a workflow on push or pull request that runs tests, a linter or a build",
    )


@rule("M17.matrix_cache")
def matrix_and_caching(variants: TestVariants) -> Iterator[Part]:
    """Tests run over several systems, Python or PyTorch versions, with dependency caching.

    Accepted: a `strategy.matrix` with two or more values of one of these axes (environments of tox, nox, Pixi or Hatch that
    pick the Python included) in a job that runs tests, or in the one that calls it, and caching of dependencies (setup-python's
    `cache`, setup-uv's `enable-cache` or its default from v5 on, actions/cache, any other action that is told to cache them).
    Half of it: one of the two; a job that is started by hand; several such test jobs, or several Pythons of tox or nox in one
    job, without a matrix; a matrix whose values an expression makes that cannot be followed.
    Does not count: a matrix outside `strategy`, an axis with one value, a cache of image layers.
    To settle it: show the run with its several jobs.
    """
    yield part(
        "matrix",
        variants.axes,
        looked_for="a matrix of two or more systems, Python or PyTorch versions in a job that runs tests",
    )
    yield part("caching", variants.caches, looked_for="caching of dependencies in a job that runs tests")


@rule("M17.lint")
def linting_step(pipelines: Pipelines, linters: Linters) -> Iterator[Part]:
    """Continuous integration runs a linter.

    Accepted: a step of a live workflow that runs a linter or checks the format, by itself, by an action, through a task, or
    pre-commit with such a hook.
    Half of it: a workflow that only a person, a clock or a tag starts, or that never runs; a formatter that rewrites the code in
    the runner, where nobody sees it and nothing fails; such a hook only in the pre-commit configuration (a hosted service may
    run it); a checker of types or of security alone; a call of a workflow in another repository that by its name or inputs lints.
    Does not count: installing a linter, or asking for its version.
    To settle it: show the step in a run.
    """
    yield part(
        "lint step",
        [
            *pipelines.traces(pipelines.lints),
            *(half(e, REWRITES) for work in (*pipelines.live, *pipelines.dead) for e in work.rewrites),
            *pipelines.called(
                "lint", "ruff", "flake8", "pylint", "black", "format", "style", "pre-commit", "precommit", "quality"
            ),
            *pipelines.unknown("lint", "format", "style", "styleguide", "quality", "qlty"),
            *pipelines.beyond(STYLE_WORK),
            *(half(e, work.why or OTHER_CHECKS) for work in pipelines.every for e in work.type_checks),
            *(half(e, ONLY_HOOKS) for e in linters.hooks),
            *(aside(e, "it is set up, and no workflow runs it") for e in linters.configured[:1]),
        ],
        looked_for="a workflow step on push or pull request that runs ruff, flake8, black, pylint or pre-commit",
    )
