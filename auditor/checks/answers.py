"""The answers of the report: open questions, what the template left in them, and their length."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.model import Flaw, HandIn, check
from auditor.checks.numbered import Bounds, called, fits, measured, spans
from auditor.report.course_checker import Reading
from auditor.report.model import Answer
from auditor.report.template import PLACEHOLDER

SHARE = 0.8
"""Own words of those that are recommended which are enough where the course's checker is content: how one counts a list differs."""


@check("H.unanswered", "Every question has an answer", "Questions without an answer")
def unanswered(hand_in: HandIn) -> Iterator[Flaw]:
    """No question of the report was left open.

    A question that does not apply is answered by saying so, and why. Where no words are asked for, none are needed.
    """
    report = hand_in.report
    lines = hand_in.text.split("\n")
    for answer in report.answers if report else ():
        question = hand_in.catalog.by_topic.get(answer.topic or "")
        fewest = question.length.get(hand_in.edition or "", (1, 1))[0] if question else 1
        if report and not answer.filled and (fewest or answer.placeholder):
            yield Flaw(
                answer.path,
                answer.placeholder_line or answer.line,
                f"{called(answer)} has no answer.",
                "Answer it. Where it does not apply to your project, say so and why.",
                lines[answer.placeholder_line - 1] if answer.placeholder_line else "",
                several="These questions have no answer.",
            )


@check("H.placeholder", "No placeholder is left beside an answer", "Placeholders of the template are left")
def placeholders(hand_in: HandIn) -> Iterator[Flaw]:
    """The template's "fill here" lines are gone from the answers that were written.

    The course's checker counts what is left of them as your words.
    """
    report = hand_in.report
    if report is None:
        return
    lines = hand_in.text.split("\n")
    for answer, end in spans(hand_in):
        if not answer.filled:
            continue
        for number in range(answer.line, end + 1):
            if PLACEHOLDER.search(lines[number - 1]):
                yield Flaw(
                    answer.path,
                    number,
                    f"{called(answer)} is answered, but the template's placeholder still stands there.",
                    "Delete the dashes and what stands between them.",
                    lines[number - 1],
                    several="These questions are answered, but the template's placeholder still stands there.",
                )


@check("H.length", "Answers have the recommended length", "Answers of another length than recommended")
def lengths(hand_in: HandIn) -> Iterator[Flaw]:
    """Each answer has about as many words as its question recommends, counted as the course's checker counts.

    The checker counts everything between "Answer:" and the next heading: names of figures, code, and what the template left there.
    Where that differs from your own words so much that it matters, both numbers are given. Between the two, the checker's
    decides what the course's script prints; a person reads your words.
    """
    for answer, reading, bounds in measured(hand_in, lambda question: question.length):
        own = own_words(answer)
        counted = own if reading is None else reading.words
        if not (fits(counted, bounds) and SHARE * bounds[0] <= own <= bounds[1] / SHARE):
            said, settle = told(own, reading, bounds)
            yield Flaw(answer.path, answer.line, f"{called(answer)} {said}", settle)


def told(own: int, reading: Reading | None, bounds: Bounds) -> tuple[str, str]:
    """What is said of an answer that is too short or too long by one count or by both, and what to do."""
    recommended = f"{bounds[0]} to {bounds[1]} are recommended."
    settle = "Say more: what you did, why, and what came of it." if own < bounds[0] else "Shorten it to what matters."
    if reading is None or (not fits(own, bounds) and not fits(reading.words, bounds)):
        return f"has {own if reading is None else reading.words} words; {recommended}", settle
    if fits(reading.words, bounds):
        said = f"has {reading.words} words for the course's checker, which is content with that, but {own} are your own; {recommended}"
        return said, settle
    said = f"has {reading.words} words for the course's checker, but {own} are your own; {recommended}"
    if reading.words < own:
        said += f" It reads lines {reading.line} to {reading.end} only."
    return said, "Take out what is not part of the answer, and use no headings in it."


def own_words(answer: Answer) -> int:
    """The group's own words of an answer: prose and code, without figures and links' addresses."""
    prose = sum(len(sentence.text.split()) for sentence in answer.sentences)
    return prose + sum(len(line.text.split()) for line in answer.code)
