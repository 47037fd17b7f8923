"""Repositories that hold workflow files, for tests."""

from __future__ import annotations

import textwrap
from pathlib import Path

from auditor.facts.history.branches import Branches
from auditor.facts.own_work.ignores import ignores
from auditor.facts.workflows import Workflow, Workflows, workflows
from auditor.repository.opening import open_snapshot

FOLDER = ".github/workflows/"
MAIN = Branches(frozenset({"main"}))


def read(root: Path, files: dict[str, str], branches: Branches = MAIN) -> Workflows:
    """The workflows of a folder with the given files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    snapshot = open_snapshot(root, use_git=False)
    return workflows(snapshot, branches, ignores(snapshot))


def one(root: Path, text: str, files: dict[str, str] | None = None) -> Workflow:
    """The workflow `ci.yml` with the given text."""
    found = read(root, {FOLDER + "ci.yml": text, **(files or {})})
    return next(w for w in found.all if w.path == FOLDER + "ci.yml")


def with_on(on: str) -> str:
    """A workflow that runs pytest, with the given triggers."""
    return f"name: CI\n{on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"
