"""The sample groups: their files, their histories, and that they are built the same way everywhere."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pathspec
import pytest
import yaml
from support.checkout import ROOT

from auditor.errors import AuditError
from auditor.repository.opening import open_snapshot
from auditor.samples import build_sample, build_samples, read_sample, read_samples, samples_folder

HISTORY = """
title: Shop
description: Two people and a shop
people: {ada: Ada <ada@example.org>, bo: Bo <bo@example.org>}
commits:
  - {by: ada, date: 2026-01-05T10:00:00+01:00, message: first, paths: [.gitignore], files: {a.py: "a = 1", old.py: ""}}
  - {by: bo, date: 2026-01-06T10:00:00+01:00, message: work, branch: till, paths: ["src/*"], remove: [old.py]}
  - {by: ada, date: 2026-01-06T11:00:00+01:00, message: meanwhile, files: {a.py: "a = 2"}}
  - {by: ada, date: 2026-01-07T10:00:00+01:00, message: "Merge pull request #1 from shop/till", merge: till}
  - {by: bo, date: 2026-01-08T10:00:00+01:00, message: idea, branch: idea, files: {idea.py: ""}}
  - {by: bo, date: 2026-01-09T10:00:00+01:00, message: last}
"""


def git(repository: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=repository, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {path.name: path for path in build_samples(tmp_path_factory.mktemp("samples"))}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "tree" / "src").mkdir(parents=True)
    (folder / "history.yaml").write_text(HISTORY, encoding="utf-8")
    (folder / "tree" / "dot_gitignore").write_bytes(b"*.pt\n")
    (folder / "tree" / "a.py").write_bytes(b"a = 3\n")
    (folder / "tree" / "src" / "till.py").write_bytes(b"till = 1\n")
    return folder


def test_both_groups_are_there(built: dict[str, Path]) -> None:
    assert sorted(built) == ["hollow", "honest"]
    assert samples_folder() == ROOT / "fixtures" / "projects"


@pytest.mark.parametrize("name", ["honest", "hollow"])
def test_what_is_committed_is_the_tree(built: dict[str, Path], name: str) -> None:
    sample = read_sample(samples_folder() / name)
    with open_snapshot(built[name]) as snapshot:
        assert not snapshot.moment.dirty
        assert snapshot.moment.branch == "main"
    listed = git(built[name], "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1]
    assert listed == sorted(sample.tree, key=str.encode)
    assert all((built[name] / path).read_bytes() == content for path, content in sample.tree.items())


@pytest.mark.parametrize("name", ["honest", "hollow"])
def test_no_file_is_ignored(built: dict[str, Path], name: str) -> None:
    assert git(built[name], "ls-files", "--cached", "--ignored", "--exclude-standard") == ""
    assert git(built[name], "status", "--short") == ""
    spec = pathspec.GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())
    files = [p for p in (samples_folder() / name).rglob("*") if p.is_file() and p.parent.name != "__pycache__"]
    assert [p for p in files if spec.match_file(p.relative_to(ROOT).as_posix())] == []
    assert [p for p in files if any(part.startswith(".") for part in p.relative_to(ROOT).parts)] == []


def test_honest_history(built: dict[str, Path]) -> None:
    repository = built["honest"]
    log = [line.split("\t") for line in git(repository, "log", "--format=%an\t%ae\t%aI\t%cI\t%P\t%s").splitlines()]
    authors = Counter(row[0] for row in log)
    assert authors.keys() == {"Ada Lind", "Bo Krag", "bokrag", "Cille Holm", "dependabot[bot]"}
    assert authors["dependabot[bot]"] == 1
    assert all(row[1].endswith("@example.org") and row[2] == row[3] and row[2].startswith("2026-01-") for row in log)
    merges = [row for row in log if " " in row[4]]
    assert len(merges) == 8
    assert all(row[5].startswith("Merge pull request #") for row in merges)
    assert git(repository, "branch", "--format=%(refname:short)").split() == ["distillation", "main"]
    assert git(repository, "log", "--format=%h", "main..distillation").count("\n") == 1
    assert "photographs of finished" in git(
        repository, "show", f"{git(repository, 'rev-list', '--max-parents=0', 'main').strip()}:README.md"
    )


def test_hollow_history_has_one_person(built: dict[str, Path]) -> None:
    log = git(built["hollow"], "log", "--format=%an").splitlines()
    assert len(log) == 11
    assert set(log) == {"Dag Moe", "dependabot[bot]"}


@pytest.mark.parametrize("name", ["honest", "hollow"])
def test_expectations_fit_the_ticks(name: str) -> None:
    folder = samples_folder() / name
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    report = (folder / "tree" / "reports" / "README.md").read_text(encoding="utf-8")
    assert report.count("* [x] ") == sum(row["ticked"] for row in expected.values())
    assert report.count("* [ ] ") == sum(not row["ticked"] for row in expected.values())
    found = {"supported": "confirmed", "partial": "query", "unverifiable": "ask"}
    for claim, row in expected.items():
        finding = found.get(row["verdict"], "discrepancy")
        if not row["ticked"]:
            finding = "unclaimed" if row["verdict"] == "supported" else "none"
        assert row["finding"] == finding, claim
        assert row["why"]


def test_same_hashes_whatever_the_surroundings(
    built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "reference-transaction").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (hooks / "reference-transaction").chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f"[core]\n\thooksPath = {hooks}\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n", encoding="utf-8"
    )
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
        "GIT_COMMITTER_NAME": "Nobody",
        "GIT_DEFAULT_HASH": "sha256",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
    }.items():
        monkeypatch.setenv(name, value)
    again = build_samples(tmp_path / "again")
    monkeypatch.undo()
    assert {p.name: git(p, "rev-parse", "HEAD") for p in again} == {
        name: git(path, "rev-parse", "HEAD") for name, path in built.items()
    }
    assert not (tmp_path / "elsewhere").exists()


def test_small_history(shop: Path, tmp_path: Path) -> None:
    # what pip and linters leave behind must not end up in the sample
    (shop / "tree" / ".ruff_cache").mkdir()
    (shop / "tree" / ".ruff_cache" / "CACHEDIR.TAG").write_bytes(b"")
    (shop / "tree" / "src" / "__pycache__").mkdir()
    (shop / "tree" / "src" / "__pycache__" / "till.pyc").write_bytes(b"\0")
    repository = build_sample(read_sample(shop), tmp_path / "out")
    assert git(repository, "log", "--first-parent", "--format=%s").splitlines() == [
        "last",
        "Merge pull request #1 from shop/till",
        "meanwhile",
        "first",
    ]
    merged = git(repository, "ls-tree", "-r", "--name-only", "HEAD~1").split()
    assert merged == [".gitignore", "a.py", "src/till.py"]
    assert git(repository, "show", "HEAD~1:a.py") == "a = 2"
    assert git(repository, "show", "HEAD:a.py") == "a = 3\n"
    assert git(repository, "show", "HEAD~1", "--no-patch", "--format=%an %ai") == "Ada 2026-01-07 10:00:00 +0100\n"
    assert git(repository, "branch", "--format=%(refname:short)").split() == ["idea", "main"]
    assert git(repository, "rev-parse", "HEAD").strip() == "26e4a5afb8716d6829c8b7bd4cd88402af1247dc"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("by: bo, date: 2026-01-06", "by: cy, date: 2026-01-06", "commit 2: by: must be one of ada, bo"),
        ('paths: ["src/*"]', 'paths: ["lib/*"]', "commit 2: paths: lib/* matches no file"),
        ("remove: [old.py]", "remove: [new.py]", "commit 2: remove: there is no new.py"),
        ('"a = 2"', '"a = 1"', "commit 3: changes nothing"),
        ("merge: till", "merge: cash", "commit 4: merge: there is no open branch cash"),
        ("merge: till", "merge: till, branch: main", "commit 4: a merge goes to main"),
        ("branch: idea", "branch: ../idea", "commit 5: branch: '../idea' can be no branch"),
        ("{idea.py:", "{../idea.py:", "commit 5: '../idea.py' can be no file"),
        ("{idea.py:", "{.git/config:", "commit 5: '.git/config' can be no file"),
        ("message: last", "message: last, branch: idea", "the first and the last commit must stand on main"),
        ("message: last", "massage: last", "commit 6: massage: is unknown"),
        ("10:00:00+01:00, message: last", "10:00:00, message: last", "commit 6: date: must be a time with its zone"),
        ("Ada <ada@example.org>", "Ada", "people: ada must be written as"),
        ("commits:", "commits: []\nothers:", "has no commits"),
        ("title: Shop", "title: [Shop]", "needs a title"),
        ("title: Shop", "title: {", "cannot be read"),
        ("title: Shop", "title: &a [*a", "cannot be read"),
    ],
)
def test_broken_history_is_one_clear_line(shop: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in HISTORY
    (shop / "history.yaml").write_text(HISTORY.replace(old, new), encoding="utf-8")
    with pytest.raises(AuditError) as caught:
        build_sample(read_sample(shop), tmp_path / "out")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_link_in_the_tree_is_refused(shop: Path) -> None:
    (shop / "tree" / "b.py").symlink_to("a.py")
    with pytest.raises(AuditError, match="regular files only"):
        read_sample(shop)


def test_full_folder_is_left_alone(shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_bytes(b"mine")
    with pytest.raises(AuditError, match="is not empty"):
        build_sample(read_sample(shop), target)
    assert [p.name for p in target.iterdir()] == ["mine.txt"]


def test_samples_say_what_they_are() -> None:
    for sample in read_samples():
        assert sample.title
        assert len(sample.description) < 160
