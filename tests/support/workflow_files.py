"""Repositories that hold workflow files, for tests."""

from __future__ import annotations

import textwrap

from auditor.facts.history.branches import Branches
from auditor.facts.own_work.ignores import ignores
from auditor.facts.workflows import Job, Workflow, Workflows, workflows
from support.trees import Trees

FOLDER = ".github/workflows/"
MAIN = Branches(frozenset({"main"}))


def read(tree: Trees, files: dict[str, str], branches: Branches = MAIN) -> Workflows:
    """The workflows of a folder with the given files."""
    snapshot = tree({path: textwrap.dedent(text) for path, text in files.items()}).snapshot
    return workflows(snapshot, branches, ignores(snapshot))


def one(tree: Trees, text: str, files: dict[str, str] | None = None) -> Workflow:
    """The workflow `ci.yml` with the given text."""
    found = read(tree, {FOLDER + "ci.yml": text, **(files or {})})
    return next(w for w in found.all if w.path == FOLDER + "ci.yml")


def with_on(on: str) -> str:
    """A workflow that runs pytest, with the given triggers."""
    return f"name: CI\n{on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"


def job_of(tree: Trees, job: str, on: str = "on: push") -> Job:
    body = textwrap.indent(textwrap.dedent(job).strip("\n"), "    ")
    return one(tree, f"{on}\njobs:\n  test:\n{body}\n").jobs[0]
