"""Commits, branches, merges, and files per commit."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import ADA, BO, Step, commit, git, make_repository
from support.trees import Trees

from auditor.facts.history.changes import FileHistory
from auditor.facts.history.commits import History, co_authors, parse_commits, pull_request
from auditor.injection import Facts
from auditor.limits import DEFAULT, Limits
from auditor.repository.git import GitDoor
from auditor.repository.opening import open_snapshot


def history(folder: Path, at: str | None = None, limits: Limits = DEFAULT) -> tuple[History, FileHistory]:
    with open_snapshot(folder, at=at, limits=limits) as snapshot:
        facts = Facts(snapshot)
        return facts.get(History), facts.get(FileHistory)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two people, a merged branch, an unmerged one, a deleted file."""
    repository = make_repository(
        tmp_path / "shop",
        commits=[
            Step({"README.md": "one\n", "old.py": "x = 1\n"}, "start", ADA, "2026-01-05T10:00:00+01:00"),
            Step({"old.py": None, "train.py": "x = 2\n"}, "rename\n\nCo-authored-by: Bo Berg <bo@example.dk>", ADA),
        ],
    )
    git(repository, "checkout", "--quiet", "-b", "draft")
    commit(repository, Step({"drift.py": "d\n"}, "drift", BO, "2026-01-07T10:00:00+01:00"))
    git(repository, "checkout", "--quiet", "-b", "api", "main")
    commit(repository, Step({"api.py": "a\n"}, "api", BO, "2026-01-08T10:00:00+01:00"))
    git(repository, "checkout", "--quiet", "main")
    git(
        repository,
        *("-c", "user.name=Ada", "-c", "user.email=ada@example.dk", "merge", "--quiet", "--no-ff", "api"),
        *("-m", "Merge pull request #12 from bo-berg/feature/api\n\napi"),
        GIT_COMMITTER_DATE="2026-01-09T10:00:00+01:00",
    )
    git(repository, "branch", "--quiet", "-d", "api")
    return repository


def test_commits(shop: Path) -> None:
    found, _ = history(shop)
    assert found.available and not found.shallow and not found.truncated
    assert [c.subject for c in found.commits] == [
        "Merge pull request #12 from bo-berg/feature/api",
        "api",
        "rename",
        "start",
    ]
    assert [c.author.name for c in found.commits][1:] == ["Bo Berg", "Ada Lovelace", "Ada Lovelace"]
    assert found.commits[2].co_authors[0].email == "bo@example.dk"
    assert found.first_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert found.last_at == datetime(2026, 1, 9, 9, tzinfo=UTC)
    assert found.evidence.text == "4 commits, 2026-01-05 to 2026-01-09"
    assert found.commits[0].evidence.where.startswith("commit ")


def test_merges_and_branches(shop: Path) -> None:
    found, _ = history(shop)
    assert [len(c.parents) for c in found.commits] == [2, 1, 1, 0]
    assert found.pull_requests == (12,)
    assert found.former_branch_names == {"feature/api"}
    assert found.branch_names == {"main", "draft"}
    assert [b.name for b in found.unmerged] == ["draft"]
    assert [c.subject for c in found.elsewhere] == ["drift"]


def test_remote_branches(shop: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(shop), "clone")
    found, _ = history(tmp_path / "clone")
    assert found.branch_names == {"main", "draft"}
    assert sorted(b.name for b in found.branches) == ["draft", "main", "main"]


def test_files(shop: Path) -> None:
    _, files = history(shop)
    assert files.available
    assert [(c.path, c.commit.subject) for c in files.deleted("*.py")] == [("old.py", "rename")]
    assert [(c.path, c.commit.subject) for c in files.elsewhere("*.py")] == [("drift.py", "drift")]
    assert files.elsewhere("*.md") == ()
    assert [c.status for c in files.by_path["README.md"]] == ["A"]
    assert files.bulk is None
    assert files.deleted("old.py")[0].evidence.text == "deleted old.py: rename"


def test_later_commits_are_told_apart(shop: Path) -> None:
    found, files = history(shop, at="HEAD~1")
    assert [c.subject for c in found.commits] == ["rename", "start"]
    assert {c.subject for c in found.later} == {"Merge pull request #12 from bo-berg/feature/api", "api", "drift"}
    assert {c.path for c in files.elsewhere("*.py")} == {"api.py", "drift.py"}


def test_file_lists_are_not_read_for_counts(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_snapshot(shop) as snapshot:
        assert snapshot.git is not None
        ran: list[tuple[str, ...]] = []
        run = snapshot.git.run
        monkeypatch.setattr(snapshot.git, "run", lambda *words: ran.append(words) or run(*words))  # type: ignore[func-returns-value]
        Facts(snapshot).get(History)
        assert sum(words[0] == "log" for words in ran) == 1
        assert not any("--name-status" in words for words in ran)


def test_without_git(tree: Trees) -> None:
    facts = tree({"a.py": "a"}).facts
    assert not facts.get(History).available
    assert not facts.get(FileHistory).available
    assert facts.get(History).commits == ()
    assert facts.get(History).first_at is None
    assert facts.get(FileHistory).deleted("*") == ()


def test_bulk_commit(tmp_path: Path) -> None:
    names = {f"f{i}.py": "x" for i in range(9)}
    repository = make_repository(tmp_path, commits=[Step(names, "upload"), Step({"late.py": "x"}, "more")])
    _, files = history(repository)
    assert files.bulk is not None
    assert files.bulk.subject == "upload"
    commit(repository, Step({f"g{i}.py": "x" for i in range(5)}, "later"))
    assert history(repository)[1].bulk is None


def test_shallow_and_truncated(tmp_path: Path) -> None:
    origin = make_repository(tmp_path / "origin", commits=[Step({"a": str(i)}, f"c{i}") for i in range(4)])
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{origin}", "clone")
    found, files = history(tmp_path / "clone")
    assert found.shallow
    assert found.evidence.text.startswith("at least 2 commits")
    assert files.available
    found, _ = history(origin, limits=Limits(commits=3))
    assert found.truncated
    assert len(found.commits) == 3


def test_partial_clone_without_folders(tmp_path: Path) -> None:
    origin = make_repository(tmp_path / "origin", commits=[Step({"src/a.py": "1"}), Step({"src/b.py": "2"})])
    repository = tmp_path / "origin"
    first = git(origin, "rev-parse", "HEAD~1^{tree}")
    (repository / ".git" / "objects" / first[:2] / first[2:]).unlink()
    with open_snapshot(repository) as snapshot:
        facts = Facts(snapshot)
        assert len(facts.get(History).commits) == 2
        assert not facts.get(FileHistory).available
        assert any("files of each commit" in problem.message for problem in snapshot.problems)


def test_partial_clone_without_content(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, commits=[Step({"a.py": "1"}), Step({"a.py": None, "b.py": "2"})])
    for blob in ("HEAD:b.py", "HEAD~1:a.py"):
        sha = git(repository, "rev-parse", blob)
        (repository / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
    _, files = history(repository)
    assert [c.path for c in files.deleted("*.py")] == ["a.py"]


def test_a_broken_branch_does_not_hide_history(shop: Path) -> None:
    (shop / ".git" / "refs" / "heads" / "broken").write_text("1" * 40 + "\n")
    found, files = history(shop)
    assert len(found.commits) == 4
    assert files.available


def test_a_slow_machine_loses_nothing(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = history(shop)
    patient = GitDoor.said

    def impatient(self: GitDoor, *words: str, patience: float) -> tuple[str, bool]:
        out, whole = patient(self, *words, patience=patience)
        if patience == self.limits.git_seconds:
            return out, whole
        return "\0".join(out.split("\0")[:7]) + "\0\ncommit ", False

    monkeypatch.setattr(GitDoor, "said", impatient)
    assert history(shop) == wanted


def test_a_commit_of_too_many_files_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """git falls silent over it, and over the one that deletes them; the others are told all the same."""
    many: dict[str, str | None] = {f"many/{n}.csv": "1\n" for n in range(30)}
    repository = make_repository(
        tmp_path / "shop",
        commits=[
            Step({"a.py": "a\n"}, "first"),
            Step(many, "many"),
            Step({**dict.fromkeys(many), "b.py": "b\n"}, "gone again"),
            Step({"c.py": "c\n"}, "last"),
        ],
    )
    patient = GitDoor.said

    def silent(self: GitDoor, *words: str, patience: float) -> tuple[str, bool]:
        out, _ = patient(self, *words, patience=patience)
        records = out.split("\0")
        wide = next((n for n, word in enumerate(records) if word.startswith("many/")), None)
        if wide is None:
            return out, True
        before = max(n for n, word in enumerate(records[:wide]) if "commit " in word)
        return "".join(f"{word}\0" for word in records[:before]), False

    monkeypatch.setattr(GitDoor, "said", silent)
    with open_snapshot(repository, limits=Limits(files=20)) as snapshot:
        files = Facts(snapshot).get(FileHistory)
        assert [change.path for change in files.changes] == ["c.py", "a.py"]
        assert sum("holds more than 20 files" in problem.message for problem in snapshot.problems) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a program that sleeps")
def test_a_silent_git_is_not_waited_for(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_snapshot(shop) as snapshot:
        assert snapshot.git is not None
        assert snapshot.git.said("cat-file", "--batch", patience=0.2) == ("", True)  # reads nothing, ends
        monkeypatch.setattr(GitDoor, "_start", lambda self, *words: Popen(["sleep", "9"], stdout=PIPE, stderr=PIPE))
        started = time.monotonic()
        assert snapshot.git.said("log", patience=0.2) == ("", False)
        assert time.monotonic() - started < 5


def test_missing_history(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, commits=[Step({"a": "1"}), Step({"a": "2"})])
    first = git(repository, "rev-parse", "HEAD~1")
    (repository / ".git" / "objects" / first[:2] / first[2:]).unlink()
    with open_snapshot(repository) as snapshot:
        assert not Facts(snapshot).get(History).available
        assert any("cannot read the history" in problem.message for problem in snapshot.problems)


@pytest.mark.parametrize(
    "stamp", ["0 +0000", "4102444800 +0000", "1767225600 +9999", "99999999999999999 +0000", "x", "-5 +0000"]
)
def test_odd_dates(tmp_path: Path, stamp: str) -> None:
    repository = make_repository(tmp_path / "shop", {"a.txt": "a"})
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    raw = f"tree {tree}\nauthor Ada <ada@example.dk> {stamp}\ncommitter Ada <ada@example.dk> {stamp}\n\nodd\n"
    (tmp_path / "raw").write_text(raw)
    odd = git(repository, "hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "raw"))
    git(repository, "update-ref", "refs/heads/main", odd)
    found, files = history(repository)
    assert [c.subject for c in found.commits] == ["odd"]
    assert found.evidence.text.startswith("1 commit")
    assert files.available


def test_hostile_names_and_messages(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "shop", {"a.txt": "a"})
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    name = b"<b>[red]\x1b[31mA\xe5sa\x07\xe2\x80\xae" + b"x" * 500
    raw = b"tree %s\nauthor %s <a@example.dk> 1767225600 +0100\ncommitter %s <a@example.dk> 1767225600 +0100\n\n" % (
        tree.encode(),
        name,
        name,
    )
    (tmp_path / "raw").write_bytes(raw + b"subject\x1b[0m\twith\x07 noise\n\nCo-authored-by: x\n\ncommit 123\n")
    odd = git(repository, "hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "raw"))
    git(repository, "update-ref", "refs/heads/main", odd)
    found, _ = history(repository)
    assert len(found.commits) == 1
    author = found.commits[0].author.name
    assert author.isprintable() and len(author) <= 80
    assert found.commits[0].subject.isprintable()
    assert found.commits[0].co_authors == ()


@pytest.mark.parametrize(
    ("subject", "body", "number"),
    [
        ("Merge pull request #7 from ada/x", "", 7),
        ("Add API (#31)", "", 31),
        ("Merged PR 9: add API", "", 9),
        ("Merged in x (pull request #4)", "", 4),
        ("Merge branch 'x' into 'main'", "See merge request group/shop!15", 15),
        ("Fix #12", "", None),
        ("see (#12) for more", "", None),
    ],
)
def test_pull_requests(subject: str, body: str, number: int | None) -> None:
    assert pull_request(subject, body) == number


def test_co_author_lines() -> None:
    body = """
Co-authored-by: Ada Lovelace <ada@example.dk>
co-authored-by: Bo <bo@example.dk>q
 CO-AUTHORED-BY: "C, D" <c@example.dk>
Co-authored-by: nobody
Signed-off-by: Eve <eve@example.dk>
"""
    assert [(p.name, p.email) for p in co_authors(body)] == [
        ("Ada Lovelace", "ada@example.dk"),
        ("Bo", "bo@example.dk"),
        ('"C, D"', "c@example.dk"),
    ]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=30), max_size=40))
def test_parsing_never_raises(parts: list[str]) -> None:
    for found in parse_commits("\0".join(parts)):
        assert found.subject.isprintable()
