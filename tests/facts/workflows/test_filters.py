"""Branch and path filters: patterns, and whether a trigger can fire in a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.repositories import git
from support.trees import Trees
from support.workflow_files import FOLDER, MAIN, read, with_on

from auditor.evidence import Place
from auditor.facts.history.branches import Branches, branch_name, merged_names
from auditor.facts.own_work.ignores import IgnoreFile, Ignores
from auditor.facts.workflows import Trigger
from auditor.facts.workflows.conditions import evaluate
from auditor.facts.workflows.filters import Filter, Paths, compile_pattern, matches, needed
from auditor.facts.workflows.triggers import cron_fires
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot
from auditor.repository.snapshot import Snapshot


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("main", "main", True),
        ("main", "main2", False),
        ("feature/*", "feature/a", True),
        ("feature/*", "feature/a/b", False),
        ("feature/**", "feature/a/b", True),
        ("*", "a/b", False),
        ("**", "a/b", True),
        ("*feature", "my-feature", True),
        ("v2*", "v2.0", True),
        ("v[12].[0-9]+.[0-9]+", "v1.10.1", True),
        ("v[12].[0-9]+.[0-9]+", "v3.0.0", False),
        ("*.jsx?", "page.js", True),
        ("*.jsx?", "page.jsx", True),
        ("**.js", "src/js/app.js", True),
        ("docs/**/*.md", "docs/a/b/c.md", True),
        ("docs/**/*.md", "docs/README.md", True),
        ("**/docs/**", "a/docs/b.md", True),
        ("**/docs/**", "docs/b.md", True),
        ("**/*src/**", "my-src/code/js/app.js", True),
        ("**/*.dvc", "data.dvc", True),
        ("data/**", "data.dvc", False),
        ("data/**", "data/a/b.csv", True),
        ("a\\*b", "a*b", True),
    ],
)
def test_patterns_of_the_cheat_sheet(pattern: str, text: str, expected: bool) -> None:
    assert matches(compile_pattern(pattern), text) is expected


def test_the_last_pattern_decides() -> None:
    assert Filter(["**", "!docs/**"]).admits("src/a.py")
    assert not Filter(["**", "!docs/**"]).admits("docs/a.md")
    assert Filter(["**", "!docs/**", "docs/a.md"]).admits("docs/a.md")
    assert not Filter(["!docs/**"]).admits("src/a.py")


@given(st.text(alphabet="ab*?+[]-!/\\", max_size=60), st.text(alphabet="ab/", max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_pattern_is_matched(pattern: str, text: str) -> None:
    items = compile_pattern(pattern)
    assert needed(items) <= set(text) or not matches(items, text)
    assert matches(compile_pattern("**"), text)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("**/data/*.csv", "data/.csv"), ("**/x", "x"), ("a/**/b", "a/b"), ("ab?c", "ac"), ("[ab]c+", "c"), ("*", "")],
)
def test_characters_that_every_match_has(pattern: str, expected: str) -> None:
    assert needed(compile_pattern(pattern)) == set(expected)


def test_hostile_patterns_take_no_time() -> None:
    assert not matches(compile_pattern("**a" * 100), "a" * 99 + "b" * 400)


FILES = {
    "data/raw.csv.dvc": "outs: []",
    "data/.gitignore": "/raw.csv\n",
    "src/shop/model.py": "x = 1",
    "models/.gitkeep": "",
    "weights/.gitkeep": "",
    ".gitignore": "/models/*\n!/models/.gitkeep\n/cache/\n",
    "big.dvc": "outs: []",
}


def trigger(tree: Trees, on: str, branches: Branches = MAIN) -> Trigger:
    return read(tree, {**FILES, FOLDER + "ci.yml": with_on(on)}, branches).all[0].triggers[0]


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ("data/**", None),
        ("'**/*.dvc'", None),
        ("'*.dvc'", None),
        ("src/shop/model.py", None),
        ("src/**/*.ipynb", None),
        ("data/", "it matches a file named data only"),
        ("data", "it matches a file named data only"),
        ("./data/**", "no path on GitHub begins with ./"),
        ("/data/**", "no path on GitHub begins with /"),
        ("weights/**", None),
        ("models/**", "models is git-ignored"),
        ("cache/**", "cache is git-ignored"),
        ("datasets/**", "there is no folder datasets"),
        ("src/shop/missing.py", "there is no src/shop/missing.py"),
        ("'**/*.parquet'", "no file matches"),
        ("big/**", "there is no folder big"),
        ("'data/**', '!data/**'", "later patterns exclude"),
        ("'data/**', '!data/*.md'", None),
    ],
)
def test_path_filters(tree: Trees, paths: str, reason: str | None) -> None:
    found = trigger(tree, f"on:\n  push:\n    paths: [{paths}]")
    assert found.why_dead is None if reason is None else reason in (found.why_dead or "")


def test_each_path_pattern_is_told_apart(tree: Trees) -> None:
    found = trigger(tree, "on:\n  push:\n    paths: ['datasets/**', .github/workflows/ci.yml]")
    assert found.why_dead is None
    assert [path.pattern for path in found.live_paths] == [".github/workflows/ci.yml"]


@pytest.mark.parametrize(
    ("on", "fires"),
    [
        ("push: {branches: [main]}", True),
        ("push: {branches: [master]}", False),
        ("push: {branches: [master, main]}", True),
        ("push: {branches: ['**']}", True),
        ("push: {branches: ['m*']}", True),
        ("push: {branches: ['release/**']}", False),
        ("push: {branches: [feature/old]}", True),
        ("push: {branches: ['**', '!**']}", False),
        ("push: {branches-ignore: ['**']}", False),
        ("push: {branches-ignore: [main]}", True),
        ("push: {branches: [master], tags: ['v*']}", True),
        ("push: {paths-ignore: ['**']}", False),
        ("push: {paths-ignore: ['docs/**']}", True),
        ("pull_request: {branches: [master]}", False),
        ("pull_request: {branches: [main], types: [closed]}", True),
        ("pull-request:", False),
        ("schedule: [{cron: '0 5 * * 1'}]", True),
        ("schedule: [{cron: '0 5 30 2 *'}]", False),
        ("schedule: [{cron: daily}]", False),
        ("schedule:", False),
        ("repository_dispatch: {types: [model]}", True),
    ],
)
def test_triggers_that_can_fire(tree: Trees, on: str, fires: bool) -> None:
    branches = Branches(frozenset({"main", "dev"}), frozenset({"feature/old"}))
    found = trigger(tree, f"on:\n  {on}", branches)
    assert (found.why_dead is None) is fires, found.why_dead


def test_unknown_branches_accuse_nobody(tree: Trees) -> None:
    on = "on:\n  push:\n    branches: [{}]"
    assert trigger(tree, on.format("master"), Branches(None)).why_dead is None
    single = Branches(frozenset({"main"}), complete=False)
    assert trigger(tree, on.format("dev"), single).why_dead is None
    assert trigger(tree, on.format("master"), single).why_dead is not None


def test_branch_names() -> None:
    assert branch_name("refs/heads/feature/a") == "feature/a"
    assert branch_name("refs/remotes/origin/feature/a") == "feature/a"
    assert branch_name("refs/remotes/origin/HEAD") is None
    assert merged_names("Merge pull request #12 from ada/feature/a") == ["feature/a"]
    assert merged_names("Merge branch 'dev' into release") == ["dev", "release"]
    assert merged_names("Merge remote-tracking branch 'origin/dev'") == ["dev"]
    assert merged_names("Add model") == []


def test_branches_of_a_repository(tmp_path: Path) -> None:
    for words in (
        ("init", "-b", "master"),
        ("commit", "--allow-empty", "-m", "first"),
        ("checkout", "-b", "feature/a"),
        ("commit", "--allow-empty", "-m", "second"),
        ("checkout", "master"),
        ("merge", "--no-ff", "feature/a", "-m", "Merge branch 'feature/a'"),
        ("branch", "-D", "feature/a"),
    ):
        git(tmp_path, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *words)
    with open_snapshot(tmp_path) as snapshot:
        found = Facts(snapshot).get(Branches)
    assert found == Branches(frozenset({"master"}), frozenset({"feature/a"}), True)
    assert found.may_exist("feature/a")
    assert not found.may_exist("main")


def test_a_commit_on_no_branch_came_from_one_that_is_not_here(tmp_path: Path, tree: Trees) -> None:
    """As the checkout of a job in continuous integration leaves it."""
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for words in (
        ("init", "-b", "main"),
        ("commit", "--allow-empty", "-m", "first"),
        ("branch", "feature/a"),
        ("commit", "--allow-empty", "-m", "second"),
        ("commit", "--allow-empty", "-m", "third"),
        ("checkout", "--detach", "HEAD~1"),
    ):
        git(tmp_path, *author, *words)
    with open_snapshot(tmp_path) as snapshot:
        here = Facts(snapshot).get(Branches)
    assert here.complete and not here.may_exist("dev")
    git(tmp_path, "branch", "-D", "main")
    with open_snapshot(tmp_path) as snapshot:
        found = Facts(snapshot).get(Branches)
    assert found.names == frozenset({"feature/a"}) and not found.complete and found.may_exist("main")
    assert trigger(tree, "on:\n  push:\n    branches: [main]", found).why_dead is None
    with open_snapshot(tmp_path, at="feature/a") as snapshot:
        assert not Facts(snapshot).get(Branches).may_exist("main")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("false", False),
        ("${{ false }}", False),
        ("0", False),
        ("''", False),
        ("'false'", True),
        ("true && false", False),
        ("github.actor == 'ada' && false", False),
        ("github.actor == 'ada' || true", True),
        ("!(false || github.actor)", None),
        ("!always()", False),
        ("'A' == 'a'", True),
        ("github.event_name == 'push'", True),
        ("github.event_name != 'push'", False),
        ("startsWith(github.ref, 'refs/tags')", False),
        ("startsWith(github.ref, 'refs/heads/v')", None),
        ("github.ref == 'refs/heads/main'", None),
        ("github.ref == 'refs/pull/1'", False),
        ("github.event.inputs['a'] == 'b'", None),
        ("${{ false }} && true", None),
        ("false &&", None),
    ],
)
def test_conditions(condition: str, expected: bool | None) -> None:
    known = {"github.event_name": "push", "github.ref": "refs/heads/*"}
    assert evaluate(condition, known) is expected


@given(st.text(alphabet="truefalse !&|=()'[],.${}0-9 ", max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_condition_is_read(condition: str) -> None:
    assert evaluate(condition) in (True, False, None)
    assert evaluate("(" * 3000 + condition) in (True, None)


def test_cron() -> None:
    assert cron_fires("*/5 * * * *")
    assert cron_fires("0 0 29 2 *")
    assert not cron_fires("0 0 31 4 *")
    assert not cron_fires("0 0 * *")


def test_each_folder_is_asked_about_once(tree: Trees, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred files in forty folders in each other, as they would be by the thousand."""
    deep = "/".join(f"d{n}" for n in range(40))
    facts = tree({".gitignore": "d20/\n*.pt\n", "README.md": "", **{f"{deep}/{n}.py": "" for n in range(100)}})
    asked: list[str] = []
    original = IgnoreFile.decision

    def watched(file: IgnoreFile, path: str) -> tuple[bool, Place] | None:
        asked.append(path)
        return original(file, path)

    monkeypatch.setattr(IgnoreFile, "decision", watched)
    paths = Paths(facts.get(Snapshot), facts.get(Ignores))
    assert all(paths.ignored(f"{deep}/{n}.py") for n in range(100))
    assert not paths.ignored("d0/d1/x.py") and paths.ignored("d0/d1/x.pt")
    assert len([path for path in asked if path.endswith("/")]) <= 40
