from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from support.hand_in_samples import PNG, files, line_of, one, remarks, whole_report, words
from support.repositories import make_repository

from auditor.course.rulebook import load_rulebook
from auditor.engine.run import run_audit
from auditor.records import replace


@pytest.mark.parametrize(
    ("figures", "fits"),
    [
        ("", False),
        ("![one](figures/chart0.png)", True),
        ("![one](figures/chart0.png) ![two](figures/chart0.png)", True),
        ("![1](figures/chart0.png) ![2](figures/chart0.png) ![3](figures/chart0.png)", False),
    ],
)
def test_as_many_figures_as_asked_for(tmp_path: Path, figures: str, fits: bool) -> None:
    text = whole_report({19: f"{words(10)}\n\n{figures}"})
    assert (remarks(make_repository(tmp_path / "shop", files(text)), "H.figures") == []) is fits


def test_figures_that_only_a_reader_sees(tmp_path: Path) -> None:
    text = whole_report({19: f"{words(10)}\n\n[chart](figures/chart0.png)"})
    assert "You show 1" in one(remarks(make_repository(tmp_path / "shop", files(text)), "H.figures")).message


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("figures/none.png", "does not exist in the repository"),
        ("figures/Chart0.PNG", "upper and lower case"),
        ("/home/ada/shop/reports/figures/chart0.png", "absolute"),
        ("C:/shop/chart0.png", "absolute"),
        ("C:\\Users\\ada\\chart0.png", "named by an absolute path"),
        ("figures/my chart.png", "holds a blank"),
        ("https://example.org/chart.png", "elsewhere on the web"),
        ("../docs/chart.png", "outside of reports"),
        ("figures/chart.svg", "form (svg)"),
    ],
)
def test_figures_that_cannot_be_seen(tmp_path: Path, target: str, says: str) -> None:
    text = whole_report({19: f"{words(10)}\n\n![chart]({target})"})
    folder = make_repository(
        tmp_path / "shop", files(text, {"docs/chart.png": PNG, "reports/figures/chart.svg": "<svg/>"})
    )
    found = one(remarks(folder, "H.figure_files"))
    assert says in found.message
    assert found.place.line == line_of(text, f"]({target})")


def test_an_example_of_the_template_is_no_figure_of_the_groups(tmp_path: Path) -> None:
    book = load_rulebook()
    figures = frozenset({hashlib.sha256(PNG).hexdigest()})
    book = replace(book, fingerprints=replace(book.fingerprints, figures=figures))
    folder = make_repository(tmp_path / "shop", files(whole_report({19: "![bucket](figures/chart0.png)"})))
    result = run_audit(folder, select=["H.figure_files"], hand_in=True, rulebook=book)
    found = [
        one for one in result.hand_in or () if one.place.line == line_of(whole_report({19: "![bucket]("}), "![bucket](")
    ]
    assert "one of the template's examples" in one(found).message


def test_figures_named_with_blanks_are_found(tmp_path: Path) -> None:
    text = whole_report({19: "![chart](<figures/my chart.png>) ![chart](figures/my%20chart.png)"})
    folder = make_repository(tmp_path / "shop", files(text, {"reports/figures/my chart.png": PNG}))
    assert remarks(folder, "H.figure_files") == []


def test_badges_are_no_figures(tmp_path: Path) -> None:
    text = whole_report({8: f"{words(120)} ![coverage](https://img.shields.io/badge/coverage-80-green.svg)"})
    assert remarks(make_repository(tmp_path / "shop", files(text)), "H.figure_files") == []


def test_a_figure_that_is_shown_twice_is_told_once(tmp_path: Path) -> None:
    text = whole_report({19: "![a](figures/none.png) ![a](figures/none.png)"})
    one(remarks(make_repository(tmp_path / "shop", files(text)), "H.figure_files"))
