"""Folders in each other, more than Python's own walk bears: what lies in them is read all the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repositories import git, make_repository, write

from auditor.errors import AuditError
from auditor.repository.folders import folders
from auditor.repository.opening import open_snapshot

DEPTH = 1_500
DEEP = "d/" * DEPTH + "x.py"


def deepen(folder: Path, depth: int) -> None:
    """`depth` folders in each other below a folder, a file in the last."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(os.open("x.py", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    folder = make_repository(tmp_path / "kiln", {"README.md": "# Kiln\n"})
    deepen(folder, DEPTH)
    yield folder
    subprocess.run(["rm", "-rf", str(tmp_path / "kiln")], check=True)  # Python's own way is no deeper than its walk


def test_a_work_tree_a_commit_and_a_plain_folder(deep: Path) -> None:
    with open_snapshot(deep) as snapshot:
        assert DEEP in snapshot
    with open_snapshot(deep, use_git=False) as snapshot:
        assert DEEP in snapshot
    git(deep, "add", "--all")
    git(deep, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "--quiet", "-m", "deep")
    with open_snapshot(deep, at="HEAD") as snapshot:
        assert DEEP in snapshot


def test_folders_are_told_in_order_without_those_never_wanted(tmp_path: Path) -> None:
    write(tmp_path, {"b/x": "", "a/y": "", "a/c/z": "", "node_modules/n": "", "f": ""})
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "venv").symlink_to(tmp_path / "a")
    found = [(folder.path, folder.files) for folder in folders(tmp_path, {"node_modules", "venv"})]
    assert found == [("", ("f", "link")), ("a", ("y",)), ("a/c", ("z",)), ("b", ("x",))]


def test_branches_that_deep_are_refused(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "kiln", {"README.md": "# Kiln\n"})
    deepen(folder / ".git/refs/heads", 300)
    with pytest.raises(AuditError, match="200 folders in each other"):
        open_snapshot(folder)
