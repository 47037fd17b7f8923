from __future__ import annotations

from support.cloud_files import WORKFLOW, known
from support.trees import Trees

from auditor.practices.cloud import ImageTriggers


def test_builds_on_change_by_hand_and_of_a_missing_dockerfile(tree: Trees) -> None:
    found = known(
        tree,
        ImageTriggers,
        Dockerfile="FROM python:3.12\nCOPY . .\n",
        **{
            ".github/workflows/a.yml": WORKFLOW.format(name="a", on="  push:\n    tags: ['v*']", run="docker build ."),
            ".github/workflows/b.yml": WORKFLOW.format(name="b", on="  workflow_dispatch:", run="docker build ."),
            ".github/workflows/c.yml": WORKFLOW.format(name="c", on="  push:", run="docker build -f gone.dockerfile ."),
            ".github/workflows/d.yml": WORKFLOW.format(name="d", on="  push:", run="docker compose up -d db"),
            ".github/workflows/e.yml": WORKFLOW.format(name="e", on="  push:", run="docker compose create api"),
            "compose.yaml": "services:\n  db: {image: postgres}\n  api: {build: .}\n",
        },
    )
    assert [(t.place.path[-5], t.strong) for t in found.traces] == [
        ("a", True),
        ("e", True),
        ("b", False),
        ("c", False),
    ]
