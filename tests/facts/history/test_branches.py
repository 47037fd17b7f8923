"""What a clone says of branches; as GitHub's own checkouts have them, a branch that is not there is unknown, not missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.github_checkout import PULL_REQUEST, check_out, host
from support.repositories import Step, commit, git, make_repository

from auditor.engine.run import run_audit
from auditor.facts.group import Group
from auditor.facts.history.branches import Branches
from auditor.facts.workflows.model import Workflows
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot

STEPS = """
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -e . && pytest
"""
WORKFLOWS = {
    f".github/workflows/{name}.yaml": f"on:\n{trigger}{STEPS}"
    for name, trigger in {
        "main": "  push:\n    branches: [main]\n",
        "develop": "  push:\n    branches: [develop]\n",
        "releases": "  push:\n    branches: ['release/**']\n",
        "requests": "  pull_request:\n    branches: [main, develop]\n",
        "others": "  push:\n    branches-ignore: [gh-pages]\n",
    }.items()
}
FILES = {
    "README.md": "# Kiln\n",
    "pyproject.toml": '[project]\nname = "kiln"\nversion = "1"\n',
    "src/kiln/__init__.py": "def fire():\n    return 1\n",
    "tests/test_kiln.py": "from kiln import fire\n\n\ndef test_fire():\n    assert fire() == 1\n",
    **WORKFLOWS,
}
CHECKOUTS = {
    f"{kind}, {depth}": (ref, depth)
    for kind, ref in {
        "pull request": PULL_REQUEST,
        "tag": "refs/tags/v1",
        "branch": "refs/heads/topic",
        "main branch": "refs/heads/main",
    }.items()
    for depth in ("0", "1")
}
"""By what a workflow is started, and how much of the history is fetched (0 is all of it)."""


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository on GitHub: `main`, `develop`, a release, and a topic with a pull request."""
    folder = make_repository(tmp_path_factory.mktemp("upstream") / "kiln", FILES)
    for name in ("develop", "release/1"):
        git(folder, "branch", name)
    git(folder, "checkout", "--quiet", "-b", "topic")
    commit(folder, Step({"src/kiln/more.py": "def more():\n    return 2\n"}, "more"))
    host(folder, "topic")
    return folder


def checked_out(upstream: Path, folder: Path, kind: str) -> Path:
    """A checkout of a kind."""
    ref, depth = CHECKOUTS[kind]
    check_out(upstream, folder / "work", folder, ref, {"fetch-depth": depth})
    return folder / "work"


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_no_trigger_is_dead_for_a_branch_that_was_not_fetched(upstream: Path, tmp_path: Path, kind: str) -> None:
    with open_snapshot(checked_out(upstream, tmp_path, kind)) as snapshot:
        facts = Facts(snapshot, Group(None))
        branches = facts.get(Branches)
        assert all(branches.may_exist(name) for name in ("main", "develop", "topic"))
        whole = kind in ("tag, 0", "branch, 0", "main branch, 0")
        assert branches.may_exist("gone") is not whole
        dead = {workflow.path: workflow.dead_reason for workflow in facts.get(Workflows).dead}
    assert dead == {}


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_continuous_integration_is_judged_as_in_a_whole_clone(upstream: Path, tmp_path: Path, kind: str) -> None:
    checkout = checked_out(upstream, tmp_path, kind)
    found = [(c.id, c.verdict, c.error) for c in run_audit(checkout, select=["M17", "M19"]).claims]
    assert found == [(c.id, c.verdict, c.error) for c in run_audit(upstream, select=["M17", "M19"]).claims]


def test_a_whole_clone_knows_which_branches_there_are_not(upstream: Path) -> None:
    with open_snapshot(upstream) as snapshot:
        branches = Facts(snapshot).get(Branches)
    assert branches.complete
    assert branches.may_exist("release/1")
    assert not branches.may_exist("master")
    assert not branches.may_exist("gone")
