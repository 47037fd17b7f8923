from __future__ import annotations

from pathlib import Path

import pytest
from support.hand_in_samples import files, line_of, one, remarks, whole_report, words
from support.repositories import make_repository


def test_an_open_question(tmp_path: Path) -> None:
    text = whole_report({16: "--- question 16 fill here ---"})
    found = one(remarks(make_repository(tmp_path / "shop", files(text)), "H.unanswered"))
    assert found.place.line == line_of(text, "question 16 fill here")
    assert "Question 16" in found.message


def test_a_placeholder_beside_an_answer(tmp_path: Path) -> None:
    text = whole_report({16: f"{words(120)}\n\n--- question 16 fill here ---"})
    found = one(remarks(make_repository(tmp_path / "shop", files(text)), "H.placeholder"))
    assert found.place.line == line_of(text, "question 16 fill here")


def test_the_templates_own_instructions_are_no_placeholder(tmp_path: Path) -> None:
    text = "Remove lines such as\n\n```--- question 1 fill here ---```\n\n" + whole_report()
    assert remarks(make_repository(tmp_path / "shop", files(text)), "H.placeholder") == []


@pytest.mark.parametrize(("number", "fits"), [(49, False), (50, True), (100, True), (101, False)])
def test_lengths_are_counted_as_the_courses_checker_does(tmp_path: Path, number: int, fits: bool) -> None:
    found = remarks(make_repository(tmp_path / "shop", files(whole_report({7: words(number)}))), "H.length")
    assert (found == []) is fits
    if not fits:
        assert f"{number} words" in found[0].message and "50 to 100" in found[0].message


def test_lengths_are_those_of_the_edition(tmp_path: Path) -> None:
    for edition, fits in (("2026", True), ("2025", False)):
        text = whole_report({3: words(20)}, edition=edition)
        found = remarks(make_repository(tmp_path / edition, files(text)), "H.length")
        assert (found == []) is fits, edition


def test_where_the_two_counts_disagree_both_are_said(tmp_path: Path) -> None:
    answer = f"{words(60)}\n\n### Details\n\n{words(60)}"
    found = one(remarks(make_repository(tmp_path / "shop", files(whole_report({8: answer}))), "H.length"))
    assert "60 words for the course's checker, but 121 are your own" in found.message
    line = line_of(whole_report({8: answer}), "### Details")
    assert f"to {line} only" in found.message


def test_what_only_the_checker_takes_for_words(tmp_path: Path) -> None:
    figures = "\n\n".join(f"![a chart with a rather long name {n}](figures/chart0.png)" for n in range(10))
    found = one(
        remarks(make_repository(tmp_path / "shop", files(whole_report({8: f"{words(60)}\n\n{figures}"}))), "H.length")
    )
    assert "140 words for the course's checker, which is content with that, but 60 are" in found.message


def test_an_answer_that_says_answer(tmp_path: Path) -> None:
    text = whole_report({9: f"{words(120)}\n\nAnswer: it works"})
    folder = make_repository(tmp_path / "shop", files(text))
    found = one(remarks(folder, "H.length"))
    assert "has 2 words for the course's checker" in found.message
    assert f"lines {line_of(text, 'Answer: it works')} to" in found.message
    assert remarks(folder, "H.checker") == []  # it still finds an answer for each question


def test_a_list_that_the_checker_counts_longer(tmp_path: Path) -> None:
    answer = "\n".join(f"- {words(8)}" for _ in range(12))  # 108 words with the signs, 96 without
    assert remarks(make_repository(tmp_path / "shop", files(whole_report({8: answer}))), "H.length") == []


def test_where_no_words_are_asked_for_none_are_needed(tmp_path: Path) -> None:
    assert remarks(make_repository(tmp_path / "shop", files(whole_report({28: ""}))), "H.unanswered") == []
    text = whole_report({28: "--- question 28 fill here ---"})
    one(remarks(make_repository(tmp_path / "other", files(text)), "H.unanswered"))


def test_two_answers_under_one_heading_are_not_counted_as_one(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n", "### Linting\n")
    assert not [
        one
        for one in remarks(make_repository(tmp_path / "shop", files(text)), "H.length")
        if "Question 8" in one.message
    ]
