"""Why a job that can be started does not run on a push: the reason is that of the trigger that never fires."""

from __future__ import annotations

import pytest
from support.trees import Trees

from auditor.facts.history.branches import Branches
from auditor.practices.automation.pipelines import Pipelines

JOB = """
jobs:
  test:
    runs-on: ubuntu-latest
    {condition}
    steps:
      - uses: actions/checkout@v4
      - run: pytest
"""


@pytest.mark.parametrize(
    ("on", "condition", "why"),
    [
        ("workflow_dispatch:", "", "it is started by hand only"),
        (
            "workflow_dispatch:\n  push: {branches: [main]}\n  pull_request: {branches: [main]}",
            "",
            "its trigger waits for the branch `main`, which this repository has not",
        ),
        (
            "workflow_dispatch:\n  push: {branches: [main, dev]}",
            "",
            "its trigger waits for the branch `main` or `dev`, which this repository has not",
        ),
        (
            "workflow_dispatch:\n  push: {paths: ['models/**']}",
            "",
            "its trigger waits for changes of `models/**` (there is no folder models)",
        ),
        (
            "schedule: [{cron: '0 6 * * 1'}]\n  pull_request: {branches: [main]}",
            "",
            "its trigger waits for the branch `main`, which this repository has not",
        ),
        ("workflow_dispatch:\n  push: {tags: ['v*']}", "", "only a person or a pushed tag starts it"),
        ("workflow_dispatch:\n  push:", "if: github.event_name == 'workflow_dispatch'", "it is started by hand only"),
        (
            "workflow_dispatch:\n  push:",
            "if: github.ref == 'refs/heads/main'",
            "no push or pull request meets its condition (github.ref == 'refs/heads/main')",
        ),
        ("workflow_dispatch:\n  push:", "if: github.ref == 'refs/heads/master'", ""),
        ("push: {branches: [master]}", "", ""),
    ],
)
def test_reasons(on: str, condition: str, why: str, tree: Trees) -> None:
    text = f"on:\n  {on}\n" + JOB.format(condition=condition)
    files = {".github/workflows/tests.yml": text, "tests/test_a.py": "def test_a():\n    assert 1\n"}
    (work,) = tree(files, Branches(frozenset({"master"}))).get(Pipelines).every
    assert work.why == why
