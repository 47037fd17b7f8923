from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.trees import Trees

from auditor.facts.own_work.ignores import Ignores, ignores, read_ignore_file
from auditor.repository.opening import open_snapshot


def read(tree: Trees, files: Mapping[str, str]) -> Ignores:
    return ignores(tree(files).snapshot)


def test_a_rule_holds_below_its_own_folder_only(tree: Trees) -> None:
    found = read(tree, {"data/.gitignore": "/raw\n*.csv\n", ".gitignore": "*.pt\n"})
    assert found.excuses("data/raw/train/a.png")
    assert found.excuses("data/x/y.csv")
    assert found.excuses("raw") is None
    assert found.excuses("other/y.csv") is None
    assert found.excuses("models/net.pt") == "git-ignored (.gitignore:1)"


def test_the_last_rule_and_the_deepest_file_decide(tree: Trees) -> None:
    found = read(tree, {".gitignore": "# weights\n\n*.pt\n!keep.pt\n", "demo/.gitignore": "!*.pt\n"})
    assert found.excuses("keep.pt") is None
    assert found.excuses("net.pt") == "git-ignored (.gitignore:3)"
    assert found.excuses("demo/net.pt") is None


def test_a_folder_of_which_only_content_is_ignored_is_excused(tree: Trees) -> None:
    found = read(tree, {".gitignore": "data/*\nmodels/*.onnx\n"})
    assert found.excuses("data")
    assert found.excuses("models/")
    assert found.excuses("src") is None


def test_dvc_tracks_what_its_files_name(tree: Trees) -> None:
    found = read(
        tree,
        {
            "data.dvc": "outs:\n- md5: abc.dir\n  path: data\n",
            "dvc/weights.dvc": "wdir: ..\nouts:\n- path: models/net.pt\n",
            "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n"
            "    outs:\n    - out/a.json:\n        cache: false\n"
            "    metrics: [scores.json]\n",
            "pipeline/dvc.lock": "stages:\n  prepare:\n    outs:\n    - path: clean\n      md5: abc\n",
            "broken.dvc": "outs: [",
        },
    )
    assert found.excuses("data/raw/x.csv") == "DVC-tracked (data.dvc:3)"
    for path in ("models/net.pt", "models", "out/a.json", "scores.json", "pipeline/clean/x", "broken"):
        assert found.excuses(path), path
    assert found.excuses("models/other.pt") is None
    assert found.excuses("out/b.json") is None


def test_nothing_outside_the_repository_is_excused(tree: Trees) -> None:
    found = read(tree, {".gitignore": "*\n"})
    assert found.excuses("../secrets") is None
    assert found.excuses("") is None


RULES = [
    "data",
    "/data",
    "data/",
    "*.csv",
    "**/logs",
    "a/**/b",
    "!keep.csv",
    "src/*.py",
    "\\#x",
    "[ab].txt",
    "/a/*",
    "!/a/b",
]
PATHS = ["data", "data/x.csv", "x/data/y", "keep.csv", "x/keep.csv", "logs/a", "q/logs/a", "a/b", "a/x/b", "src/m.py"]
PATHS += ["src/d/m.py", "#x", "a.txt", "c.txt"]


@settings(max_examples=25, deadline=None)
@given(rules=st.lists(st.sampled_from(RULES), max_size=5))
def test_git_agrees(rules: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    text = "\n".join(rules) + "\n"
    (root / ".gitignore").write_text(text)
    asked = subprocess.run(
        ["git", "-C", str(root), "check-ignore", "--no-index", "--stdin"],
        input="\n".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    ignored = set(asked.stdout.split("\n")) - {""}
    found = ignores(open_snapshot(root, use_git=False))
    for path in PATHS:
        if path in ignored:
            assert found.excuses(path), (rules, path)
        elif not any(rule.lstrip("/").startswith(path) or rule.endswith("/") for rule in rules):
            # A missing path may be a folder, so rules for folders and for what is in it excuse it too.
            assert found.git_ignored(path) is None or f"{path}/any" in ignored or "*" in text, (rules, path)


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("ab*?[]!/\\#- \n\t~é"), max_size=60),
    path=st.text(alphabet="ab/.", max_size=20),
)
def test_any_ignore_file_can_be_read(text: str, path: str) -> None:
    Ignores((read_ignore_file(".gitignore", text),), {}).excuses(path)


def test_a_rule_made_of_wildcards_costs_no_time() -> None:
    start = time.perf_counter()
    found = Ignores((read_ignore_file(".gitignore", "*a" * 40 + "b\n" + "**/a/" * 40 + "b\n"),), {})
    assert found.excuses("a" * 200) is None
    assert found.excuses("a/" * 200) is None
    assert time.perf_counter() - start < 1
