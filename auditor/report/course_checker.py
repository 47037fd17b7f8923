"""What the course's own checker (`reports/report.py check`) reads in a report: it counts words and pictures its own way.

It takes the text after each "Answer:" up to the next "###" or "##", whoever wrote either, and refuses to count at all where that
makes another number of answers than its edition has questions.
"""

from __future__ import annotations

from auditor.records import Record

MARKER = "Answer:"
HEADING = "###"
SHORTER_HEADING = "##"
MOST = 200
"""Markers that are followed; a report has about thirty."""


class Reading(Record):
    """One answer as the checker reads it: words between blanks, and pictures.

    `line` is that of its marker, `end` the line where it ends for the checker. `headed` is False where no heading follows: the
    checker passes over such an answer, save the last one.
    """

    line: int
    end: int
    words: int
    pictures: int
    headed: bool


def readings(text: str) -> tuple[Reading, ...]:
    """The answers in `text`, one for each marker, in order."""
    found: list[Reading] = []
    start = text.find(MARKER)
    line, counted = 1, 0
    while start >= 0 and len(found) < MOST:
        line, counted = line + text.count("\n", counted, start), start
        begin = start + len(MARKER)
        start = text.find(MARKER, begin)
        piece = text[begin : start if start >= 0 else len(text)]
        headed = HEADING in piece
        answer = piece
        if headed:
            answer = piece.partition(HEADING)[0].partition(SHORTER_HEADING)[0]
        found.append(Reading(line, line + answer.count("\n"), len(answer.split()), pictures(answer), headed))
    return tuple(found)


def pictures(answer: str) -> int:
    """Pictures as the checker finds them: `![`, then `](`, then `)`, all on one line; not HTML's form, not a plain link.

    It uses a pattern that takes time by the square and cube of a line's length; this takes each line once.
    """
    return sum(pictures_in(line) for line in answer.split("\n"))


def pictures_in(line: str) -> int:
    """Pictures on one line."""
    found, end = 0, 0
    while True:
        start = line.find("![", end)
        middle = line.find("](", start + 2) if start >= 0 else -1
        close = line.find(")", middle + 2) if middle >= 0 else -1
        if close < 0:
            return found
        found, end = found + 1, close + 1


def counted(found: tuple[Reading, ...]) -> int:
    """How many answers the checker arrives at: those with a heading after them, and the last one in any case."""
    return sum(reading.headed for reading in found) + bool(found)
