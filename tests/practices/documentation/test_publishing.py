"""Documentation: what is written, and where it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repositories import git, make_repository
from support.trees import REPORT, Trees, facts_of

from auditor.evidence import part
from auditor.injection import Facts
from auditor.practices.documentation.publishing import ONLY_BUILT, ONLY_REPORT, Pages, is_ours
from auditor.practices.documentation.sites import Documentation
from auditor.repository.opening import open_snapshot

PROSE = (
    "The shop forecasts sales of seven days from the records of its tills, by hour and by product, with weather.\n" * 2
)


def plain(tree: Trees, files: dict[str, str]) -> Facts:
    return tree(files, REPORT).facts


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "site_name: shop\n", "docs/index.md": PROSE},
        {"d/mkdocs.yml": "docs_dir: src\n", "d/src/index.md": PROSE},
        {"docs/conf.py": "project = 'shop'\n", "docs/index.rst": PROSE},
        {"docs/_quarto.yml": "project: {}\n", "docs/index.qmd": PROSE},
        {"book/_toc.yml": "root: intro\n", "book/_config.yml": "title: x\n", "book/intro.md": PROSE},
        {"site/docusaurus.config.js": "module.exports = {}\n", "site/docs/intro.md": PROSE},
        {"mkdocs.yml": "theme: !!python/name:x.y\nsite_name: shop\n", "docs/index.md": PROSE},
        {
            "mkdocs.yml": "site_name: shop\n",
            "docs/api.md": "::: shop.a\n\n::: shop.b\n\n::: shop.c\n",
            **{f"src/shop/{name}.py": "x = 1\n" for name in ("__init__", "a", "b", "c")},
        },
    ],
)
def test_pages_of_a_generator(files: dict[str, str], tree: Trees) -> None:
    assert part("it", plain(tree, files).get(Documentation).traces).strong


@pytest.mark.parametrize(
    "files",
    [
        {"mkdocs.yml": "site_name: shop\n", "docs/index.md": "# Shop\n\nWelcome to our documentation.\n"},
        {"mkdocs.yml": "site_name: shop\n", "notes.md": PROSE},
        {"mkdocs.yml": "site_name: shop\n", "docs/index.md": f"<!--\n{PROSE}-->\n"},
        {"mkdocs.yml": "site_name: shop\n", "docs/index.md": "::: torch.nn\n\n::: numpy\n\n::: pandas\n"},
        {"docs/conf.py": "project = 'x'\n", "docs/index.rst": "Welcome to shop's documentation!\n====\n\nContents:\n"},
        {"README.md": PROSE},
        {"vendor/x/mkdocs.yml": "site_name: x\n", "vendor/x/docs/index.md": PROSE, "README.md": PROSE},
    ],
)
def test_hardly_documentation(files: dict[str, str], tree: Trees) -> None:
    found = part("it", plain(tree, files).get(Documentation).traces)
    assert found.weak and not found.strong


def test_the_report_is_no_documentation(tree: Trees) -> None:
    assert plain(tree, {"reports/README.md": PROSE}).get(Documentation) == Documentation()


@pytest.mark.parametrize(
    "command",
    ["mkdocs gh-deploy --force", "mike deploy --push 1.0", "git push origin gh-pages", "npx gh-pages -d build"],
)
def test_commands_that_deploy(command: str, tree: Trees) -> None:
    assert part("it", plain(tree, {"Makefile": f"pages:\n\t{command}\n"}).get(Pages).traces).strong


def test_what_only_builds(tree: Trees) -> None:
    found = plain(
        tree,
        {
            "Makefile": "site:\n\tmkdocs build\n",
            "docs/conf.py": "project = 'x'\n",
            "docs/index.rst": "x\n",
            "docs/Makefile": "html:\n\tsphinx-build -b html . _build\n",
        },
    ).get(Pages)
    assert [(trace.place.path, trace.why) for trace in found.traces] == [("Makefile", ONLY_BUILT)]


def test_branch_that_pages_are_served_from(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "shop", {"README.md": "# shop\n"})
    git(folder, "branch", "gh-pages")
    facts = facts_of(open_snapshot(folder))
    assert [e.text for e in part("it", facts.get(Pages).traces).strong] == ["branch gh-pages"]


def test_links_by_the_remotes_owner_and_name(tmp_path: Path) -> None:
    text = "https://ada.github.io/anything and https://bo.github.io/till-sales/x, not https://cy.github.io/other\n"
    folder = make_repository(tmp_path / "a", {"README.md": f"# x\n\n<{text.split()[0]}>\n\n{text}"})
    git(folder, "remote", "add", "origin", "git@github.com:Ada/till_sales.git")
    facts = facts_of(open_snapshot(folder))
    assert {e.text for e in part("it", facts.get(Pages).traces).strong} == {
        "https://ada.github.io/anything",
        "https://bo.github.io/till-sales/x",
    }


def test_a_link_in_the_report_alone_is_weak(tree: Trees) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "shop"\n',
        "reports/README.md": "# Report\n\nSee <https://ada.github.io/shop/>.\n",
    }
    found = plain(tree, files).get(Pages)
    assert {trace.why for trace in found.traces} == {ONLY_REPORT}


def test_site_url_and_project_urls(tree: Trees) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "shop"\n[project.urls]\ndocs = "https://ada.github.io/shop"\n',
        "mkdocs.yml": "site_name: shop\nsite_url: https://ada.github.io/shop/\n",
    }
    assert {e.path for e in part("it", plain(tree, files).get(Pages).traces).strong} == {"pyproject.toml", "mkdocs.yml"}


def test_whose_an_address_is() -> None:
    names = ("ada", frozenset({"tillsales"}))
    assert is_ours("Ada", "/x", names) and is_ours("bo", "/till-sales/", names) and is_ours("tillsales", "", names)
    assert not is_ours("bo", "/other", names) and not is_ours("bo", "", names)
