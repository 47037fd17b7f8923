from __future__ import annotations

from pathlib import Path

from support.hand_in_samples import checked, files, remarks, whole_report
from support.repositories import make_repository


def test_a_heading_that_was_renamed(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n", "**Question 9**\n")
    found = remarks(make_repository(tmp_path / "shop", files(text)), "H.checker")
    assert "finds 30 answers where it expects 31" in found[0].message
    assert any("Question 8" in one.message and "no heading follows" in one.message for one in found)


def test_a_marker_that_is_gone(tmp_path: Path) -> None:
    text = whole_report().replace("### Question 9\n\n>\n> Answer:", "### Question 9\n\n>\n> Reply:")
    found = remarks(make_repository(tmp_path / "shop", files(text)), "H.checker")
    assert any("Question 9" in one.message and "missing" in one.message for one in found), found


def test_a_question_that_is_gone(tmp_path: Path) -> None:
    text = whole_report()
    start, end = text.index("### Question 12\n"), text.index("### Question 13\n")
    found = remarks(make_repository(tmp_path / "shop", files(text[:start] + text[end:])), "H.checker")
    assert any("Question 12" in one.message and "not in the report" in one.message for one in found), found


def test_an_older_edition_is_held_by_its_own_number_of_questions(tmp_path: Path) -> None:
    found = checked(make_repository(tmp_path / "shop", files(whole_report(edition="2024"))))
    assert found.report.edition in ("2023", "2024", None)
    assert [one for one in found.hand_in or () if one.check == "H.checker"] == []
