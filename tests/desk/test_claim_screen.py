"""What is in front of who decides: everything once."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.desk_server import make_class

from auditor.batch.class_folder import ClassFolder
from auditor.desk.claim_screen import AnswerPiece, claim_screen, marked


def test_a_sentence_that_is_marked_in_the_answer_is_not_shown_again(tmp_path: Path) -> None:
    screen = claim_screen(ClassFolder(make_class(tmp_path)).now(), "group-2", "M14.logging")
    assert screen.reason == "the group's answer says otherwise"
    assert screen.sayings == ()
    assert screen.answer and [piece.text for piece in screen.answer.pieces if piece.said] == [
        "We did not keep any metrics."
    ]
    assert [(one.group, one.words.kind) for one in screen.others] == [("10", "d")]


def test_an_open_claim_without_an_answer_has_its_reason(tmp_path: Path) -> None:
    screen = claim_screen(ClassFolder(make_class(tmp_path)).now(), "group-2", "M17.ci")
    assert screen.answer is None and screen.reason == "no trace of remote"


def test_who_is_not_there_has_no_screen(tmp_path: Path) -> None:
    standing = ClassFolder(make_class(tmp_path)).now()
    for page, claim in (("group-99", "M8.dvc"), ("group-2", "M99.none"), ("group-30", "M8.dvc")):
        with pytest.raises(KeyError):
            claim_screen(standing, page, claim)


def test_marks_reach_over_line_ends_and_cut_sentences_and_change_no_text() -> None:
    text = "First. We use `wandb` to\nlog all losses, and more. Last."
    pieces = list(marked(text, [("speaks", "We use wandb to log…"), ("against", "not there at all")]))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece for piece in pieces if piece.said] == [
        AnswerPiece("We use `wandb` to\nlog all losses, and more.", "speaks")
    ]
    assert list(marked("", [("speaks", "a b")])) == []
