"""A report with more than anybody wrote: what the group said is still read."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.report_samples import checklist, question, read
from support.repositories import make_repository

from auditor.engine.run import run_audit
from auditor.result.audit import Verdict

FLOOD = "".join(f"* [x] Something else that we did, number {n}\n" for n in range(50_000))
ANSWER = question(14, "We did not use Weights and Biases in this project at all.")


@pytest.mark.parametrize("text", [checklist() + FLOOD + ANSWER, FLOOD + checklist() + ANSWER])
def test_items_do_not_crowd_the_answers_out(text: str) -> None:
    report = read(text)
    if text.startswith("##"):
        assert len(report.items) == len(read(checklist()).items)
    assert any("of 50," in problem.message for problem in report.problems)
    answer = next(one for one in report.answers if one.number == 14)
    assert "did not use Weights" in answer.text


QUESTIONS = "".join(f"### Question {n % 90 + 1}\n\n" for n in range(50_000))


def test_questions_do_not_crowd_the_answers_out() -> None:
    report = read(checklist() + QUESTIONS + ANSWER + QUESTIONS)
    assert len(report.items) == len(read(checklist()).items)
    assert any("100,000 headings of questions" in problem.message for problem in report.problems)
    assert ["did not use Weights" in answer.text for answer in report.answers] == [True]


def test_questions_left_open_stay_where_they_are_few() -> None:
    empty = "".join(f"### Question {n}\n\n" for n in range(1, 31))
    assert len(read(checklist() + empty).answers) == 30


@pytest.mark.parametrize("flood", [FLOOD, QUESTIONS, FLOOD + QUESTIONS])
def test_a_denial_behind_them_counts(flood: str, tmp_path: Path) -> None:
    text = checklist(ticked={"M14.wandb"}) + flood + ANSWER + flood
    folder = make_repository(tmp_path / "kiln", {"reports/README.md": text, "README.md": "# Kiln\n"})
    assert run_audit(folder, select=["M14.wandb"]).claims[0].verdict is Verdict.CONTRADICTED
