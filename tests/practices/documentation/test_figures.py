"""Figures that documents show, and which of them are diagrams of the architecture."""

from __future__ import annotations

import pytest
from support.trees import REPORT, Trees

from auditor.course.fingerprints import Fingerprints
from auditor.facts.history.hosting import Hosting
from auditor.practices.documentation.figures import Figures
from auditor.practices.documentation.pictures import path_on_host
from auditor.repository.contents import blob_hash


def figures(tree: Trees, files: dict[str, str], known: frozenset[str] = frozenset()) -> Figures:
    return tree(files, Fingerprints(figures=known), REPORT).get(Figures)


def report(answers: dict[int, str], questions: int = 31) -> str:
    return "\n".join(f"### Question {n}\n\n{answers.get(n, '')}\n" for n in range(1, questions + 1))


@pytest.mark.parametrize(
    "shown",
    [
        "![](figures/a%20b.png)",
        '<img src="figures/a b.png" width="300">',
        "![][x]\n\n[x]: <figures/a b.png>",
        "[see this](figures/a%20b.png)",
        "![](https://example.org/a.png)",
        "```mermaid\n%% settings\nflowchart LR\n  a --> b\n```",
    ],
)
@pytest.mark.parametrize(("questions", "asked"), [(31, 29), (27, 25)])
def test_what_the_architecture_answer_shows(tree: Trees, shown: str, questions: int, asked: int) -> None:
    files = {"reports/README.md": report({asked: shown}, questions), "reports/figures/a b.png": "image"}
    assert len(figures(tree, files).diagrams) == 1


@pytest.mark.parametrize(
    "shown",
    [
        "![](figures/missing.png)",
        "![](figures/empty.png)",
        "![](figures/bucket.png)",
        "<!-- ![](figures/a.png) -->",
        "```mermaid\nclassDiagram\n  A : f()\n```",
        "`![](figures/a.png)`",
    ],
)
def test_what_is_no_diagram(tree: Trees, shown: str) -> None:
    files = {
        "reports/README.md": report({29: shown}),
        **{f"reports/figures/{n}.png": n for n in ("bucket", "a")},
        "reports/figures/empty.png": "",
    }
    assert figures(tree, files).diagrams == ()


def test_the_templates_figure_is_told_by_its_content(tree: Trees) -> None:
    files = {"reports/README.md": report({29: "![](figures/overview.png)"}), "reports/figures/overview.png": "theirs"}
    assert figures(tree, files).diagrams
    found = figures(tree, files, frozenset({blob_hash(b"theirs")}))
    assert found.diagrams == () and found.unshown == ()


def test_other_answers_show_diagrams_by_name_only(tree: Trees) -> None:
    answers = {14: "![](figures/runs.png) ![](figures/overview.png)", 5: "![our architecture](figures/runs.png)"}
    files = {
        "reports/README.md": report(answers),
        "reports/figures/runs.png": "x",
        "reports/figures/overview.png": "x",
    }
    assert [figure.words for figure in figures(tree, files).diagrams] == ["our architecture"]


def test_readme_by_name_words_or_heading(tree: Trees) -> None:
    text = "# Shop\n\n![logo](logo.png)\n\n![The pipeline](a.png)\n\n## Architecture\n\n![](b.png)\n\n![](loss.png)\n"
    files = {"README.md": text, **{f"{n}.png": "x" for n in ("logo", "a", "b", "loss")}}
    assert [figure.target for figure in figures(tree, files).diagrams] == ["a.png", "b.png"]


def test_rst_shows_figures(tree: Trees) -> None:
    files = {"docs/index.rst": "Shop\n====\n\n.. image:: architecture.svg\n", "docs/architecture.svg": "<svg/>"}
    assert [figure.line for figure in figures(tree, files).diagrams] == [4]


def test_drawings_that_nothing_shows(tree: Trees) -> None:
    files = {
        "docs/a.drawio": "<x/>",
        "docs/architecture.png": "x",
        "docs/loss.png": "x",
        "docs/model_architecture.png": "x",
        "node_modules/a/diagram.png": "x",
    }
    assert [e.path for e in figures(tree, files).unshown] == ["docs/a.drawio", "docs/architecture.png"]


def test_architecture_in_words(tree: Trees) -> None:
    words = " ".join(["Training reads the bucket and the API serves."] * 3)
    found = figures(
        tree, {"reports/README.md": report({29: words}), "README.md": f"# Shop\n\n## Architecture\n\n{words}\n"}
    )
    assert {e.path for e in found.described} == {"README.md", "reports/README.md"}
    assert (
        figures(tree, {"reports/README.md": report({28: words}), "README.md": f"# Shop\n\n{words}\n"}).described == ()
    )


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://github.com/ada/shop/blob/main/docs/a%20b.png?raw=true", "docs/a b.png"),
        ("https://github.com/Ada/Shop/raw/refs/heads/master/a.png", "a.png"),
        ("https://raw.githubusercontent.com/ada/shop/main/docs/a.png", "docs/a.png"),
        ("https://github.com/ada/shop/blob/0123456789abcdef/a.png", None),
        ("https://github.com/ada/shop/assets/1/2", None),
        ("https://github.com/bo/shop/blob/main/a.png", None),
        ("https://example.org/ada/shop/blob/main/a.png", None),
        ("https://[bad/ada/shop/blob/main/a.png", None),
        ("docs/a.png", None),
    ],
)
def test_own_files_by_address(target: str, path: str | None) -> None:
    assert path_on_host(target, Hosting("github.com", "ada", "shop")) == path


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("![](https://example.org/ada/mlops-shop/raw/main/cat.png)", 0),
        ("![](https://example.org/ada/drift-shop/raw/main/architecture.png)", 1),
        ("![system](docs/architecture/system.png)", 1),
    ],
)
def test_an_address_tells_by_its_file_name(tree: Trees, shown: str, count: int) -> None:
    files = {"README.md": f"# shop\n\n{shown}\n", "docs/architecture/system.png": "image"}
    assert len(figures(tree, files).diagrams) == count
