"""What a clone says of branches; as GitHub's own checkouts have them, a branch that is not there is unknown, not missing."""

from __future__ import annotations

from pathlib import Path

import pytest
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
    "pull request": ("+{commit}:refs/remotes/pull/7/merge", "refs/remotes/pull/7/merge"),
    "pull request, all of it": (
        "+refs/heads/*:refs/remotes/origin/*",
        "+{commit}:refs/remotes/pull/7/merge",
        "refs/remotes/pull/7/merge",
    ),
    "tag": ("+{commit}:refs/tags/v1", "refs/tags/v1"),
    "branch": ("+{commit}:refs/remotes/origin/topic", "topic"),
    "main branch": ("+{main}:refs/remotes/origin/main", "main"),
}
"""As actions/checkout does it: what is fetched, and what is checked out in the end."""


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository on GitHub: `main`, `develop`, a release, and a topic with a pull request."""
    folder = make_repository(tmp_path_factory.mktemp("upstream") / "kiln", FILES)
    for name in ("develop", "release/1"):
        git(folder, "branch", name)
    git(folder, "checkout", "--quiet", "-b", "topic")
    commit(folder, Step({"src/kiln/more.py": "def more():\n    return 2\n"}, "more"))
    git(folder, "checkout", "--quiet", "-b", "merged", "main")
    git(
        folder,
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge topic",
        "topic",
    )
    git(folder, "update-ref", "refs/pull/7/merge", "merged")
    git(folder, "checkout", "--quiet", "main")
    git(folder, "branch", "--quiet", "-D", "merged")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    return folder


def checked_out(upstream: Path, folder: Path, kind: str) -> Path:
    """A checkout of a kind. It is shallow unless all branches are fetched."""
    *fetched, wanted = CHECKOUTS[kind]
    ref = "topic" if kind == "branch" else "refs/pull/7/merge"
    names = {"commit": git(upstream, "rev-parse", ref).strip(), "main": git(upstream, "rev-parse", "main").strip()}
    git(folder.parent, "init", "--quiet", "-b", "main", str(folder))
    git(folder, "remote", "add", "origin", f"file://{upstream}")
    depth = [] if len(fetched) > 1 else ["--depth=1"]
    git(
        folder,
        "fetch",
        "--quiet",
        "--no-tags",
        "--prune",
        *depth,
        "origin",
        *(spec.format(**names) for spec in fetched),
    )
    if wanted.startswith("refs/"):
        git(folder, "checkout", "--quiet", "--force", wanted)
    else:
        git(folder, "checkout", "--quiet", "--force", "-B", wanted, f"refs/remotes/origin/{wanted}")
    return folder


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_no_trigger_is_dead_for_a_branch_that_was_not_fetched(upstream: Path, tmp_path: Path, kind: str) -> None:
    with open_snapshot(checked_out(upstream, tmp_path / "work", kind)) as snapshot:
        facts = Facts(snapshot, Group(None))
        branches = facts.get(Branches)
        assert all(branches.may_exist(name) for name in ("main", "develop", "topic", "anything"))
        dead = {workflow.path: workflow.dead_reason for workflow in facts.get(Workflows).dead}
    assert dead == {}


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_continuous_integration_is_judged_as_in_a_whole_clone(upstream: Path, tmp_path: Path, kind: str) -> None:
    checkout = checked_out(upstream, tmp_path / "work", kind)
    found = [(c.id, c.verdict, c.error) for c in run_audit(checkout, select=["M17", "M19"]).claims]
    assert found == [(c.id, c.verdict, c.error) for c in run_audit(upstream, select=["M17", "M19"]).claims]


def test_a_whole_clone_knows_which_branches_there_are_not(upstream: Path) -> None:
    with open_snapshot(upstream) as snapshot:
        branches = Facts(snapshot).get(Branches)
    assert branches.complete
    assert branches.may_exist("release/1")
    assert not branches.may_exist("master")
    assert not branches.may_exist("gone")
