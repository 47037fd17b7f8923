"""Repositories whose objects have SHA-256 names are read as others are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.repositories import git, write

from auditor.engine.run import run_audit
from auditor.repository.opening import open_snapshot
from auditor.samples import build_samples


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The honest sample group, and the same history with SHA-256."""
    folder = tmp_path_factory.mktemp("sha")
    honest = next(path for path in build_samples(folder) if path.name == "honest")
    other = folder / "other"
    git(folder, "init", "--quiet", "--object-format=sha256", "-b", "main", str(other))
    told = subprocess.run(["git", "-C", str(honest), "fast-export", "--all"], capture_output=True, check=True)
    subprocess.run(["git", "-C", str(other), "fast-import", "--quiet"], input=told.stdout, check=True)
    git(other, "reset", "--quiet", "--hard", "main")
    return honest, other


@pytest.mark.parametrize("at", [None, "HEAD"])
def test_the_verdicts_are_the_same(pair: tuple[Path, Path], at: str | None) -> None:
    first, second = (run_audit(folder, at=at) for folder in pair)
    assert len(second.repository.commit or "") == 64
    assert (second.repository.dirty, second.repository.problems) == (False, first.repository.problems)
    assert [(c.id, c.verdict, c.finding, c.error) for c in second.claims] == [
        (c.id, c.verdict, c.finding, c.error) for c in first.claims
    ]


def test_changes_that_are_not_committed_are_seen(pair: tuple[Path, Path]) -> None:
    write(pair[1], {"README.md": "# changed\n"})
    with open_snapshot(pair[1]) as snapshot:
        assert snapshot.moment.dirty
        assert [(one.path, one.kind) for one in snapshot.uncommitted] == [("README.md", "changed")]
    git(pair[1], "checkout", "--quiet", "README.md")
