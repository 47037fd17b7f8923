from __future__ import annotations

from support.trees import Trees
from support.workflow_files import read


def test_azure_and_circleci(tree: Trees) -> None:
    found = read(
        tree,
        {
            "azure-pipelines.yml": "pr: none\nsteps:\n  - script: pytest\n  - bash: |\n      tox\n",
            ".circleci/config.yml": """\
            version: 2.1
            jobs:
              test:
                docker: [{image: "cimg/python:3.12"}]
                steps: [checkout, {run: pytest}, {run: {name: Lint, command: ruff check}}]
              unused:
                docker: [{image: "cimg/python:3.12"}]
                steps: [{run: mypy}]
            workflows: {all: {jobs: [test]}}
            """,
        },
    )
    assert [[c.program for job in w.live_jobs for c in job.commands] for w in found.all] == [
        ["pytest", "tox"],
        ["pytest", "ruff"],
    ]
    assert found.all[0].roots == {"push"}
