"""Answers beside what the course's checker reads of them, and what they are called in a remark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from auditor.checks.model import HandIn
from auditor.course.catalog import Question
from auditor.report.course_checker import Reading, readings
from auditor.report.model import Answer


def called(answer: Answer) -> str:
    """What a question is called: by its number, or by its topic."""
    if answer.number is not None:
        return f"Question {answer.number}"
    return f"The question on {(answer.topic or 'something that was not recognised').replace('_', ' ')}"


Bounds = tuple[int, int]
"""Fewest and most."""


def measured(
    hand_in: HandIn, bounds_of: Callable[[Question], Mapping[str, Bounds]]
) -> Iterator[tuple[Answer, Reading | None, Bounds]]:
    """Each filled answer whose question has bounds in the report's edition, with the checker's reading of it."""
    for answer, reading in readings_of(hand_in):
        question = hand_in.catalog.by_topic.get(answer.topic or "")
        bounds = bounds_of(question).get(hand_in.edition or "") if question else None
        if bounds is not None and answer.filled:
            yield answer, reading, bounds


def readings_of(hand_in: HandIn) -> Iterator[tuple[Answer, Reading | None]]:
    """Each answer with the checker's reading of it; None where that reads none in it. Those in which it reads several are left out.

    Of several markers in one answer the checker reads what follows the last one, for only there a heading follows. Where it reads
    several, the answer holds more than one question's: another heading was renamed.
    """
    found = readings(hand_in.text)
    for answer, end in spans(hand_in):
        within = [r for r in found if answer.line <= r.line <= end and (r.headed or r is found[-1])]
        if len(within) < 2:
            yield answer, within[0] if within else None


def spans(hand_in: HandIn) -> Iterator[tuple[Answer, int]]:
    """Each answer with the last line of its question: the next one begins after it, or the report ends."""
    answers = hand_in.report.answers if hand_in.report else ()
    last = hand_in.text.count("\n") + 1
    following = [min(last, answer.line - 1) for answer in answers[1:]]
    yield from zip(answers, [*following, last][: len(answers)], strict=True)


def fits(number: int, bounds: Bounds) -> bool:
    """Whether a number of words or figures is neither too small nor too large."""
    return bounds[0] <= number <= bounds[1]
