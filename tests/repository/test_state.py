"""Every change that an audit could see makes another state; what it cannot see makes none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repositories import Step, commit, git, make_repository, write

from auditor.repository import state as states
from auditor.repository.state import state_of

FILES = {"README.md": "# Kiln\n", "src/kiln/__init__.py": "", "data/a.csv": "1,2\n", ".gitignore": "/out/\n"}


def digest(folder: Path, *, use_git: bool = True) -> bytes:
    found = state_of(folder, use_git=use_git)
    assert found is not None
    return found.digest


def same_size(folder: Path) -> None:
    """Other content of the same size and modification time: only the time of the change itself tells."""
    path = folder / "README.md"
    was = path.stat()
    path.write_text("# Klin\n")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def link_instead(folder: Path) -> None:
    (folder / "data/a.csv").unlink()
    (folder / "data/a.csv").symlink_to("b.csv")


def staged_only(folder: Path) -> None:
    write(folder, {"new.py": "x = 1\n"})
    git(folder, "add", "new.py")
    (folder / "new.py").unlink()


def object_only(folder: Path) -> None:
    write(folder, {"out/x": "x"})
    git(folder, "hash-object", "-w", "out/x")
    (folder / "out/x").unlink()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file's content": lambda at: write(at, {"README.md": "# Kiln\n\nIt fires.\n"}),
    "content of the same size and time": same_size,
    "a new file": lambda at: write(at, {"src/kiln/model.py": "x = 1\n"}),
    "an empty folder": lambda at: (at / "models").mkdir(),
    "a deleted file": lambda at: (at / "data/a.csv").unlink(),
    "a renamed file": lambda at: (at / "data/a.csv").rename(at / "data/b.csv"),
    "a link in place of a file": link_instead,
    "permissions": lambda at: (at / "README.md").chmod(0o755),
    "an ignored file": lambda at: write(at, {"out/log.txt": "1\n"}),
    "what is staged": staged_only,
    "a commit": lambda at: commit(at, Step(message="again")),
    "a branch": lambda at: git(at, "branch", "feature/dvc"),
    "a tag": lambda at: git(at, "tag", "v1"),
    "a remote": lambda at: git(at, "remote", "add", "origin", "https://git.example.org/kiln.git"),
    "what is ignored here only": lambda at: write(at, {".git/info/exclude": "*.csv\n"}),
    "packed refs": lambda at: git(at, "pack-refs", "--all"),
    "an object": object_only,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_a_change_is_seen(tmp_path: Path, change: Callable[[Path], object]) -> None:
    folder = make_repository(tmp_path / "kiln", FILES)
    (folder / "out").mkdir()
    before = digest(folder)
    assert digest(folder) == before
    change(folder)
    assert digest(folder) != before


@pytest.mark.parametrize("name", ["a file's content", "a new file", "a deleted file", "permissions"])
def test_a_plain_folder(tmp_path: Path, name: str) -> None:
    write(tmp_path, FILES)
    before = digest(tmp_path, use_git=False)
    CHANGES[name](tmp_path)
    assert digest(tmp_path, use_git=False) != before


def test_reading_changes_nothing(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "kiln", FILES)
    before = digest(folder)
    (folder / "README.md").read_text()
    git(folder, "log", GIT_OPTIONAL_LOCKS="0")
    write(folder, {".venv/lib/numpy.py": "x = 1\n", "src/kiln/__pycache__/m.pyc": b"1"})
    assert digest(folder) == before


def test_a_folder_within_knows_of_the_whole(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "kiln", FILES)
    before = digest(folder / "src")
    write(folder, {"README.md": "# Another\n"})
    assert digest(folder / "src") != before


def test_a_bare_repository_and_a_linked_work_tree(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "kiln", FILES)
    git(folder, "worktree", "add", "--quiet", str(tmp_path / "beside"))
    for path in (folder / ".git", tmp_path / "beside"):
        before = digest(path)
        git(folder, "branch", f"for-{path.name.strip('.')}")
        assert digest(path) != before


def test_no_state_where_changes_could_go_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracked = make_repository(tmp_path / "tracked", {**FILES, "venv/lib/a.py": "x = 1\n"})
    assert state_of(tracked) is None
    prefixed = make_repository(tmp_path / "prefixed", FILES)
    git(prefixed, "update-index", "--index-version", "4")
    assert state_of(prefixed) is None
    shares = make_repository(tmp_path / "shares", FILES)
    write(shares, {".git/objects/info/alternates": f"{tracked}/.git/objects\n"})
    assert state_of(shares) is None
    monkeypatch.setattr(states, "MOST_FILES", 5)
    assert state_of(make_repository(tmp_path / "many", FILES)) is None


def test_when_it_was_last_changed(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "kiln", FILES)
    first = state_of(folder)
    write(folder, {"README.md": "# Kiln 2\n"})
    second = state_of(folder)
    assert first and second and second.changed > first.changed


@pytest.mark.skipif(sys.platform == "win32", reason="FIFOs")
def test_nothing_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "waits")
    code = "import sys; from pathlib import Path; from auditor.repository.state import state_of; print(state_of(Path(sys.argv[1]), use_git=False) is None)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "False\n"
