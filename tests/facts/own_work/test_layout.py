"""How a repository is laid out."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import Files, make_repository
from support.trees import Trees

from auditor.facts.own_work.layout import Layout
from auditor.injection import Facts
from auditor.repository.opening import open_snapshot


def layout(tree: Trees, files: Files) -> Layout:
    return tree(files).get(Layout)


def paths(found: Layout) -> list[str]:
    return [package.path for package in found.packages]


def test_template_layout(tree: Trees) -> None:
    found = layout(
        tree,
        {
            "pyproject.toml": '[project]\nname = "corner-shop"\n',
            **dict.fromkeys(["src/shop/__init__.py", "src/shop/train.py", "tests/test_a.py", "tasks.py"], "x = 1\n"),
            **dict.fromkeys(
                ["configs/.gitkeep", "docs/index.md", "dockerfiles/t.dockerfile", "notebooks/.gitkeep"], ""
            ),
            **dict.fromkeys(["reports/README.md", "models/.gitkeep", "data/raw/.gitkeep", "main.py", "setup.py"], ""),
        },
    )
    assert paths(found) == ["src/shop"]
    assert found.packages[0].modules == ("src/shop/__init__.py", "src/shop/train.py")
    assert found.kinds == {
        *("tests", "configs", "docs", "dockerfiles", "notebooks", "reports", "models", "data", "tasks"),
    }
    assert found.names == {"shop", "corner-shop"}
    assert found.scripts == ("main.py",)
    assert found.root == ""
    configs = found.folder("configs")
    assert configs is not None
    assert (configs.path, configs.files, configs.evidence.text) == ("configs", 0, "folder configs/ (kept empty)")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["src/a.py", "src/b.py"], ["src"]),
        (["src/__init__.py", "src/shop/a.py"], ["src/shop"]),
        (["src/__init__.py", "src/data/a.py", "src/models/b.py"], ["src"]),
        (["src/main.py", "src/data/a.py"], ["src"]),
        (["src/shop/a.py", "src/shop/b.py", "src/web/a.py"], ["src/shop", "src/web"]),
        (["shop/__init__.py", "shop/a.py", "pyproject.toml"], ["shop"]),
        (["backend/app.py", "shop/__init__.py", "pyproject.toml"], ["shop", "backend"]),
        (["tests/test_a.py", "docs/conf.py", "notebooks/a.py", "main.py"], []),
        (["shop/data/a.py", "shop/model.py"], ["shop"]),
        (["node_modules/a/b.py", "env/lib/a.py", "lib/site-packages/c.py"], []),
        ([".github/scripts/a.py"], []),
    ],
)
def test_packages(tree: Trees, files: list[str], expected: list[str]) -> None:
    assert paths(layout(tree, dict.fromkeys(files, ""))) == expected


def test_nested_project(tree: Trees) -> None:
    found = layout(
        tree,
        {
            "README.md": "",
            "corner/requirements.txt": "",
            "corner/src/shop/a.py": "",
            "corner/tests/test_a.py": "",
            "corner/Makefile": "",
        },
    )
    assert found.root == "corner"
    assert paths(found) == ["corner/src/shop"]
    assert {folder.path for folder in found.folders} == {"corner/tests", "corner/Makefile"}
    assert found.inside("corner/tests/test_a.py") == "tests/test_a.py"
    assert found.inside("README.md") == "README.md"


def test_two_equal_projects_have_no_common_root(tree: Trees) -> None:
    files = {f"{part}/{name}": "" for part in ("back", "front") for name in ("requirements.txt", "src/a.py")}
    assert layout(tree, files).root == ""


def test_focus(tmp_path: Path) -> None:
    make_repository(
        tmp_path, {"a/src/shop/x.py": "", "a/pyproject.toml": "", "b/src/web/y.py": "", "b/pyproject.toml": ""}
    )
    with open_snapshot(tmp_path / "b") as snapshot:
        found = Facts(snapshot).get(Layout)
    assert found.root == "b"
    assert paths(found) == ["b/src/web"]


def test_content_that_is_kept_out_of_git(tree: Trees) -> None:
    found = layout(
        tree,
        {".gitignore": "/models/\n/docs/\n", "data.dvc": "outs:\n- md5: a\n  path: data\n", "src/shop/a.py": ""},
    )
    assert found.kinds == {"data"}  # a rule in .gitignore alone shows no folder
    data = found.folder("data")
    assert data is not None
    assert data.files == 0
    assert "data.dvc" in data.kept_out


def test_configs_beside_the_source(tree: Trees) -> None:
    found = layout(tree, {"src/shop/a.py": "", "src/shop/conf/config.yaml": "x: 1"})
    configs = found.folder("configs")
    assert configs is not None
    assert configs.path == "src/shop/conf"


@pytest.mark.parametrize(
    ("path", "content", "text"),
    [
        (".cruft.json", "{}", "written by cruft"),
        (".copier-answers.yml", "", "written by copier"),
        (".copier-answers.shop.yml", "", "written by copier"),
        ("cookiecutter.json", "{}", "written by cookiecutter"),
        ("pyproject.toml", "[tool.cruft]\nskip = []\n", "[tool.cruft]"),
    ],
)
def test_generator(tree: Trees, path: str, content: str, text: str) -> None:
    found = layout(tree, {path: content, "src/a.py": ""})
    assert [(e.path, e.text) for e in found.generator] == [(path, text)]


@pytest.mark.parametrize(
    "content", ["[project", "project = 3", "[project]\nname = 3", "\0", "a = " + "[" * 5000, "a = " + "9" * 5000]
)
def test_broken_pyproject(tree: Trees, content: str) -> None:
    found = layout(tree, {"pyproject.toml": content, "src/shop/a.py": ""})
    assert found.names == {"shop"}


def test_nothing(tree: Trees) -> None:
    assert layout(tree, {}) == Layout()
