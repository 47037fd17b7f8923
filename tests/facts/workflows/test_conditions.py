from __future__ import annotations

import pytest
from support.trees import Trees
from support.workflow_files import job_of, one


@pytest.mark.parametrize(
    "condition",
    [
        "false",
        "${{ false }}",
        "'false'",
        "${{ false && github.ref == 'x' }}",
        "github.event_name == 'issues'",
        "'!true'",
    ],
)
def test_disabled_jobs_and_what_needs_them(tree: Trees, condition: str) -> None:
    workflow = one(
        tree,
        f"""\
        on: push
        jobs:
          first:
            if: {condition}
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
          second:
            needs: first
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
          third:
            needs: [first]
            if: always()
            runs-on: ubuntu-latest
            steps: [{{run: pytest}}]
        """,
    )
    assert [job.disabled is None for job in workflow.jobs] == [False, False, True]
    assert [job.id for job in workflow.live_jobs] == ["third"]
    assert "needs first" in (workflow.jobs[1].disabled or "")


@pytest.mark.parametrize(
    "condition",
    [
        "${{ 'false' }}",
        "github.event_name == 'push'",
        "github.ref == 'refs/heads/main'",
        "startsWith(github.ref, 'refs/tags/')",
        "false || success()",
        "contains(github.event.head_commit.message, '[skip ci]') == false",
        "(((",
        "matrix.os == 'x'",
    ],
)
def test_conditions_that_may_hold(tree: Trees, condition: str) -> None:
    job = job_of(tree, f"if: {condition}\nruns-on: ubuntu-latest\nsteps: [{{run: pytest}}]")
    assert job.disabled is None


def test_conditions_restrict_events(tree: Trees) -> None:
    workflow = one(
        tree,
        """\
        on: [push, pull_request, workflow_dispatch]
        jobs:
          image:
            if: github.event_name != 'pull_request' && github.event_name != 'push'
            runs-on: ubuntu-latest
            steps:
              - run: docker build .
          test:
            runs-on: ubuntu-latest
            steps:
              - run: pytest
              - if: github.event_name == 'workflow_dispatch'
                run: docker push shop
              - if: false
                run: mypy
              - if: github.ref == 'refs/heads/production'
                run: gcloud run deploy shop
        """,
    )
    image, test = workflow.live_jobs
    assert (image.automatic, image.on_change, set(image.roots)) == (False, False, {"workflow_dispatch"})
    assert test.on_change
    assert [sorted({cause.root for cause in step.causes}) for step in test.steps[:2]] == [
        ["pull_request", "push", "tag", "workflow_dispatch"],
        ["workflow_dispatch"],
    ]
    assert not test.runs("mypy")
    assert test.steps[3].causes == {cause for cause in test.causes if cause.event == "workflow_dispatch"}
