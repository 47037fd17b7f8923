from __future__ import annotations

from support.trees import Trees
from support.workflow_files import read


def test_gitlab_pipeline(tree: Trees) -> None:
    found = read(
        tree,
        {
            ".gitlab-ci.yml": """\
            stages: [test, deploy]
            default:
              image: python:3.12
              before_script: [pip install uv]
            include:
              - local: /ci/lint.yml
            .base:
              cache: {paths: [.cache/pip]}
            test:
              extends: .base
              script:
                - uv run pytest
              parallel: {matrix: [{PYTHON_VERSION: ["3.11", "3.12"]}]}
            deploy:
              script: gcloud run deploy shop
              when: manual
            never:
              script: tox
              rules: [{when: never}]
            """,
            "ci/lint.yml": "lint:\n  script: ruff check .\n  only: [merge_requests]\n",
        },
    )
    (workflow,) = found.all
    jobs = {job.id: job for job in workflow.live_jobs}
    assert set(jobs) == {"test", "deploy", "lint"}
    assert jobs["test"].runs("pytest")
    assert jobs["test"].runs("pip")
    assert jobs["test"].on_change
    assert [cache.kind for cache in jobs["test"].caching] == ["dependencies"]
    assert jobs["test"].matrix is not None
    assert jobs["test"].matrix.axes["PYTHON_VERSION"].values == ("3.11", "3.12")
    assert jobs["test"].matrix.axes["PYTHON_VERSION"].kind == "python"
    assert not jobs["deploy"].automatic
    assert jobs["lint"].roots == {"pull_request"}
    assert [c.evidence.where for c in jobs["lint"].commands] == [".gitlab-ci.yml:4", "ci/lint.yml:2"]
