"""Files of a repository at one moment, however it lies on the disk."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.repositories import git, make_repository, notes, write

from auditor.errors import AuditError
from auditor.repository.opening import open_snapshot
from auditor.repository.paths import one_of


def test_work_tree(shop: Path) -> None:
    with open_snapshot(shop) as snapshot:
        assert snapshot.paths == ("late.txt", "src/shop/train.py")
        assert snapshot.folders == {"", "src", "src/shop"}
        assert snapshot.text("src/shop/train.py") == "x = 1\n"
        assert snapshot.exists("src/") and snapshot.exists("./src/../late.txt") and not snapshot.exists("README.md")
        assert snapshot.moment.commit == git(shop, "rev-parse", "HEAD")
        assert snapshot.moment.committed_at == datetime(2026, 1, 20, 10, tzinfo=UTC)
        assert snapshot.moment.branch == "main"
        assert not snapshot.moment.dirty
        assert not snapshot.problems


def test_untracked_files_count_and_ignored_ones_do_not(shop: Path) -> None:
    write(shop, {".gitignore": "secret/\n", "secret/key": "k", "new.py": "n", "venv/lib/x.py": "v", ".venv/y.py": "v"})
    with open_snapshot(shop) as snapshot:
        assert snapshot.paths == (".gitignore", "late.txt", "new.py", "src/shop/train.py")
        assert snapshot.moment.dirty


@pytest.mark.parametrize("change", ["edit", "delete", "stage", "staged deletion", "to a folder"])
def test_dirty(shop: Path, change: str) -> None:
    match change:
        case "edit":
            (shop / "late.txt").write_text("LATE\n")
        case "delete":
            (shop / "late.txt").unlink()
        case "stage":
            (shop / "late.txt").write_text("LATE\n")
            git(shop, "add", "late.txt")
        case "staged deletion":
            git(shop, "rm", "--quiet", "late.txt")
        case _:
            (shop / "late.txt").unlink()
            (shop / "late.txt").mkdir()
    with open_snapshot(shop) as snapshot:
        assert snapshot.moment.dirty
        assert ("late.txt" in snapshot) == (change in ("edit", "stage"))


def test_line_ends_of_a_checkout_are_no_change(shop: Path) -> None:
    (shop / "late.txt").write_bytes(b"late\r\n")
    with open_snapshot(shop) as snapshot:
        assert not snapshot.moment.dirty
        assert snapshot.text("late.txt") == "late\n"


def test_content_that_lfs_put_in_place_is_no_change(tmp_path: Path) -> None:
    content = b"weights"
    pointer = (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 7\n"
        % hashlib.sha256(content).hexdigest().encode()
    )
    shop = make_repository(tmp_path, {"model.bin": pointer})
    with open_snapshot(shop) as snapshot:
        assert snapshot.text("model.bin") is None
        assert "LFS pointer" in notes(snapshot)["model.bin"]
    (shop / "model.bin").write_bytes(content)
    with open_snapshot(shop) as snapshot:
        assert not snapshot.moment.dirty
    (shop / "model.bin").write_bytes(b"others!")
    with open_snapshot(shop) as snapshot:
        assert snapshot.moment.dirty


def test_bare_repository(shop: Path, tmp_path: Path) -> None:
    git(shop, "branch", "side", "HEAD~2")
    git(tmp_path, "clone", "--quiet", "--bare", str(shop), "bare.git")
    bare = tmp_path / "bare.git"
    with open_snapshot(bare) as snapshot:
        assert snapshot.paths == ("late.txt", "src/shop/train.py")
        assert snapshot.text("late.txt") == "late\n"
        assert not snapshot.moment.dirty
    git(bare, "symbolic-ref", "HEAD", "refs/heads/side")
    with open_snapshot(bare, at="2026-02-01") as snapshot:
        assert snapshot.text("README.md") == "one\n"


def test_subfolder(tmp_path: Path) -> None:
    files = {
        "a/x.py": "1",
        "a/pyproject.toml": "",
        "a/src/y.py": "2",
        "b/z.py": "3",
        ".github/workflows/t.yaml": "on: push",
    }
    shop = make_repository(tmp_path, files)
    with open_snapshot(shop / "a") as snapshot:
        assert snapshot.focus == "a"
        assert snapshot.paths == (".github/workflows/t.yaml", "a/pyproject.toml", "a/src/y.py", "a/x.py")
    for folder in ("a/src", "b", ".github", "."):  # parts of a project stand for the whole repository
        with open_snapshot(shop / folder) as snapshot:
            assert snapshot.focus == ""
            assert set(snapshot.paths) == set(files)


def test_a_folder_that_only_lies_in_a_repository(shop: Path) -> None:
    write(shop, {".gitignore": "ignored/\n", "ignored/a.py": "a", "untracked/b.py": "b"})
    for name, file in (("ignored", "a.py"), ("untracked", "b.py")):
        with open_snapshot(shop / name) as snapshot:
            assert snapshot.paths == (file,)
            assert snapshot.moment.commit is None
            assert "tracks nothing in this folder" in next(iter(snapshot.problems)).message
        with pytest.raises(AuditError, match="tracks no file"):
            open_snapshot(shop / name, at="HEAD")


def test_linked_worktree(shop: Path, tmp_path: Path) -> None:
    git(shop, "worktree", "add", "--quiet", str(tmp_path / "linked"), "HEAD~1")
    assert (tmp_path / "linked" / ".git").is_file()
    with open_snapshot(tmp_path / "linked") as snapshot:
        assert snapshot.paths == ("README.md", "src/shop/train.py")
        assert snapshot.text("README.md") == "two\n"
        assert snapshot.moment.branch is None
        assert not snapshot.moment.dirty


def test_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("secret")
    shop = make_repository(tmp_path / "shop", {"docs/real.md": "real\n", "folder/file.txt": "f\n"})
    targets = {
        "good.md": "docs/real.md",
        "docs/up.md": "../docs/./real.md",
        "twice.md": "good.md",
        "absolute.txt": str(outside),
        "up.txt": "../outside.txt",
        "self": "self",
        "a": "b",
        "b": "a",
        "gone": "nothing",
        "into": "folder",
        "passwd": "/etc/passwd",
    }
    for name, target in targets.items():
        (shop / name).symlink_to(target)
    git(shop, "add", "--all")
    git(shop, "-c", "user.name=Ada", "-c", "user.email=ada@example.dk", "commit", "--quiet", "-m", "links")
    for at in (None, "HEAD"):
        with open_snapshot(shop, at=at) as snapshot:
            assert not snapshot.moment.dirty
            for good in ("good.md", "docs/up.md", "twice.md"):
                assert snapshot.text(good) == "real\n"
            for bad in ("absolute.txt", "up.txt", "self", "a", "b", "gone", "into", "passwd"):
                assert snapshot.text(bad) is None
                assert "symbolic link" in notes(snapshot)[bad]


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file.txt").write_text("secret")
    shop = make_repository(tmp_path / "shop", {"folder/file.txt": "f\n"})
    (shop / "folder" / "file.txt").unlink()
    (shop / "folder").rmdir()
    (shop / "folder").symlink_to(tmp_path / "outside")
    with open_snapshot(shop) as snapshot:
        assert snapshot.read("folder/file.txt") is None
        assert snapshot.moment.dirty


def test_submodule_and_embedded_repository(shop: Path, tmp_path: Path) -> None:
    inner = make_repository(tmp_path / "inner", {"i.txt": "i"})
    git(shop, "submodule", "--quiet", "add", str(inner), "lib")
    git(shop, "-c", "user.name=Ada", "-c", "user.email=a@b.dk", "commit", "--quiet", "-m", "submodule")
    with open_snapshot(shop) as snapshot:
        assert snapshot.paths == (".gitmodules", "late.txt", "src/shop/train.py")
        assert "submodule" in notes(snapshot)["lib"]
        assert not snapshot.moment.dirty
    with open_snapshot(shop / "lib") as snapshot:
        assert snapshot.paths == ("i.txt",)
    make_repository(shop / "nested", {"n.txt": "n"})
    with open_snapshot(shop) as snapshot:
        assert "repository of its own" in notes(snapshot)["nested/"]


def test_missing_blob(shop: Path) -> None:
    blob = git(shop, "rev-parse", "HEAD:late.txt")
    (shop / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with open_snapshot(shop, at="HEAD") as snapshot:
        assert snapshot.read("late.txt") is None
        assert "not in this clone" in notes(snapshot)["late.txt"]
        assert snapshot.blob_name("late.txt") == blob
        assert snapshot.text("src/shop/train.py") == "x = 1\n"


def test_interrupted_checkout(shop: Path) -> None:
    (shop / ".git" / "index").unlink()
    (shop / "late.txt").unlink()
    with open_snapshot(shop) as snapshot:
        assert snapshot.paths == ("late.txt", "src/shop/train.py")
        assert snapshot.text("late.txt") == "late\n"
        assert "interrupted checkout" in notes(snapshot)["."]


def test_sparse_checkout(tmp_path: Path) -> None:
    shop = make_repository(tmp_path, {"a/x.txt": "x", "b/y.txt": "y", "top.txt": "t"})
    git(shop, "sparse-checkout", "set", "--cone", "--sparse-index", "a")
    assert not (shop / "b").exists()
    with open_snapshot(shop) as snapshot:
        assert snapshot.paths == ("a/x.txt", "b/y.txt", "top.txt")
        assert snapshot.text("b/y.txt") == "y"
        assert not snapshot.moment.dirty


@pytest.mark.parametrize(
    ("content", "text", "note"),
    [
        (b"", "", ""),
        ("\ufeffå".encode(), "å", ""),
        ("år".encode("latin-1"), "år", "Windows-1252"),
        ("år".encode("utf-16"), "år", ""),
        ("år".encode("utf-16-be"), None, "NUL"),
        (b"a\0b", None, "NUL"),
        (b"a\r\nb\rc", "a\nb\nc", ""),
        (b"\xff\xfe\x00", "\ufffd", ""),
        (b"\x81\x8d", "\ufffd\ufffd", "Windows-1252"),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, text: str | None, note: str) -> None:
    (tmp_path / "f").write_bytes(content)
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert snapshot.text("f") == text
        assert note in notes(snapshot).get("f", "")
        assert bool(note) == bool(snapshot.problems)
        assert snapshot.lines("f") == (text.split("\n") if text else [])


@pytest.mark.parametrize("use_git", [True, False])
def test_a_fifo_does_not_block(shop: Path, use_git: bool) -> None:
    (shop / "late.txt").unlink()
    os.mkfifo(shop / "late.txt")
    os.mkfifo(shop / "untracked")
    start = time.monotonic()
    with open_snapshot(shop, use_git=use_git) as snapshot:
        assert snapshot.read("late.txt") is None
        assert snapshot.read("untracked") is None
        assert "not a regular file" in notes(snapshot)["late.txt"]
    assert time.monotonic() - start < 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(shop: Path) -> None:
    (shop / "late.txt").chmod(0)
    with open_snapshot(shop) as snapshot:
        assert snapshot.read("late.txt") is None
        assert "could not be read" in notes(snapshot)["late.txt"]


def test_odd_names(tmp_path: Path) -> None:
    names = ["a b.txt", "æøå.txt", "new\nline.txt", "tab\t.txt", '"quoted".txt', "-dash.txt", "*.txt", "e\u0301.txt"]
    shop = make_repository(tmp_path, {name: name for name in names})
    (shop / os.fsdecode(b"latin-\xe5.txt")).write_text("l")
    for at in (None, "HEAD"):
        with open_snapshot(shop, at=at) as snapshot:
            for name in names:
                assert snapshot.text(name) == name
            assert (os.fsdecode(b"latin-\xe5.txt") in snapshot) == (at is None)


def test_hostile_tree(shop: Path) -> None:
    blob = git(shop, "rev-parse", "HEAD:late.txt")
    rows = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(blob) for mode, name in [(b"100644", b"..\\up"), (b"100644", b"ok")]
    )
    (shop / "rows").write_bytes(rows)
    inner = git(shop, "hash-object", "-t", "tree", "-w", "--literally", "rows")
    (shop / "rows").write_bytes(b"40000 ..\0" + bytes.fromhex(inner) + b"100644 good\0" + bytes.fromhex(blob))
    outer = git(shop, "hash-object", "-t", "tree", "-w", "--literally", "rows")
    commit = git(shop, "-c", "user.name=Ada", "-c", "user.email=a@b.dk", "commit-tree", outer, "-m", "hostile")
    with open_snapshot(shop, at=commit) as snapshot:
        assert snapshot.paths == ("good",)
        assert "out of the repository" in notes(snapshot)["../ok"]


def test_no_commits(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="no commits"):
        open_snapshot(make_repository(tmp_path))


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("f")
    with pytest.raises(AuditError, match="--no-git"):
        open_snapshot(tmp_path)
    with pytest.raises(AuditError, match="no such folder"):
        open_snapshot(tmp_path / "missing")
    with pytest.raises(AuditError, match="is a file"):
        open_snapshot(tmp_path / "file.txt")
    with pytest.raises(AuditError, match="--at"):
        open_snapshot(tmp_path, at="HEAD", use_git=False)


@pytest.mark.parametrize("damage", ["HEAD", "config", "index", "objects"])
def test_a_broken_repository_is_told_in_one_line(shop: Path, damage: str) -> None:
    match damage:
        case "HEAD":
            (shop / ".git" / "HEAD").write_text("rubbish\n")
        case "config":
            (shop / ".git" / "config").write_text("[core\nrubbish")
        case "index":
            (shop / ".git" / "index").write_bytes(b"DIRCrubbish")
        case _:
            tree = git(shop, "rev-parse", "HEAD^{tree}")
            (shop / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(AuditError) as caught:
        open_snapshot(shop)
    assert "\n" not in str(caught.value)


def test_plain_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "a", "src/b.py": "b", "node_modules/c.js": "c", ".git/config": "d", "x/.venv/e.py": "e"})
    (tmp_path / "loop").symlink_to(tmp_path)
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert snapshot.paths == ("a.py", "loop", "src/b.py")
        assert snapshot.moment.commit is None
        assert snapshot.read("loop") is None
        assert snapshot.text_at("HEAD", "a.py") is None


def test_find_and_named(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": "", "a/train.Dockerfile": "", "docs/x.md": "", "docs/y/z.md": "", "Makefile": ""})
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert snapshot.named("*.dockerfile", "dockerfile*") == ("Dockerfile", "a/train.Dockerfile")
        assert snapshot.find("docs/**", "/Makefile") == ("Makefile", "docs/x.md", "docs/y/z.md")
        assert snapshot.find() == ()


def test_names_by_pattern(tmp_path: Path) -> None:
    files = dict.fromkeys(["Makefile", "src/Makefile", "src/a.PY", "b.py", "[c].py", "makefile/d.txt"], "x\n")
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with open_snapshot(tmp_path, use_git=False) as snapshot:
        assert snapshot.named("makefile") == ("Makefile", "src/Makefile")
        assert snapshot.named("*.py", "makefile") == ("Makefile", "[c].py", "b.py", "src/Makefile", "src/a.PY")
        assert snapshot.named("[[]c].py") == ("[c].py",)
        assert snapshot.named("?.txt", "file") == ("makefile/d.txt",)
        assert snapshot.named() == ()


@given(
    st.lists(st.text("ab.*?[]!", max_size=5), max_size=3),
    st.text("ab.*?[\n", max_size=6),
)
def test_names_match_as_the_shell_has_it(patterns: list[str], name: str) -> None:
    assert one_of(tuple(patterns))(name) == any(fnmatchcase(name, pattern) for pattern in patterns)


def test_a_tracked_file_that_the_working_copy_lacks_is_not_missing(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "kiln", {"a.md": "x", "data/raw/rows.csv": "1", "b.py": "x = 1\n"})
    (root / "data/raw/rows.csv").unlink()
    git(root, "rm", "--quiet", "b.py")
    with open_snapshot(root) as snapshot:
        assert snapshot.paths == ("a.md",)
        assert snapshot.exists("data/raw/rows.csv") and snapshot.exists("data/raw") and not snapshot.exists("b.py")
        assert snapshot.text("data/raw/rows.csv") is None
        assert [(p.path, p.message) for p in snapshot.problems] == [
            (
                "data/raw/rows.csv",
                "deleted in the working copy, and that is not committed: git still has it, it was not read here",
            )
        ]
