"""Whether the course's own checker can read the report at all."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, HandIn, check
from auditor.checks.numbered import called, spans
from auditor.report.course_checker import counted, readings

NAMED = 5
"""Questions that are named in one remark."""


@check("H.checker", "The course's checker can read the report", "The course's checker cannot read the whole report")
def course_checker(hand_in: HandIn) -> Iterator[Flaw]:
    """`python report.py check` finds as many answers as the template has questions; otherwise it stops without a count.

    It knows an answer by the word "Answer:" before it and by the heading after it. It stops where a heading or an "Answer:" was
    renamed or deleted, or where the text of an answer holds either of them.
    """
    report = hand_in.report
    if report is None or not report.answers:
        return
    expected = sum(hand_in.edition in question.numbers for question in hand_in.catalog.questions)
    found = readings(hand_in.text)
    if not expected or counted(found) == expected:
        return
    yield Flaw(
        report.answers_path,
        None,
        f"The course's checker finds {counted(found)} answers where it expects {expected}, and stops.",
        "Put the headings and the word “Answer:” back as the template has them, and use neither within an answer.",
    )
    bare = []
    for answer, end in spans(hand_in):
        within = [reading for reading in found if answer.line <= reading.line <= end]
        if not within:
            bare.append(answer)
        for reading in within[1:]:
            yield Flaw(
                report.answers_path,
                reading.line,
                f"{called(answer)}: the word “Answer:” stands a second time, and the checker takes it for one more answer.",
                "Write it otherwise.",
            )
        for reading in within[:1]:
            if not reading.headed and reading is not found[-1]:
                yield Flaw(
                    report.answers_path,
                    reading.line,
                    f"{called(answer)}: no heading follows that the checker knows, so it passes over the answer.",
                    "Give the next question its heading back (three number signs).",
                )
    if bare:
        yield Flaw(
            report.answers_path,
            bare[0].line,
            f"{listed([called(answer) for answer in bare])}: the word “Answer:” is missing.",
            "Put the template's line “Answer:” back, right before your answer.",
        )
    known = {answer.topic for answer in report.answers}
    edition = hand_in.edition or ""
    asked = {q.topic: q.numbers[edition] for q in hand_in.catalog.questions if edition in q.numbers}
    gone = [f"Question {number}" for topic, number in asked.items() if topic not in known]
    if gone:
        yield Flaw(
            report.answers_path,
            None,
            f"{listed(gone)} of the template: not in the report.",
            "Put the heading and the text of each back.",
        )


def listed(names: list[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
