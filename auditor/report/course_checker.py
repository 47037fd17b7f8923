"""What the course's own checker (`reports/report.py check`) reads in a report: it counts words and pictures its own way.

It takes the text after each "Answer:" up to the next "###" or "##", whoever wrote either, and refuses to count at all where that
makes another number of answers than its edition has questions.
"""

from __future__ import annotations

import re

from auditor.frozen import dataclass

MARKER = "Answer:"
HEADING = "###"
SHORTER_HEADING = "##"
PICTURE = re.compile(r"!\[.*?\]\(.*?\)")
"""A picture as the checker finds it: Markdown's form on one line, not HTML's, not a plain link."""
MOST = 200
"""Markers that are followed; a report has about thirty."""


@dataclass(frozen=True, slots=True)
class Reading:
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
        found.append(
            Reading(line, line + answer.count("\n"), len(answer.split()), len(PICTURE.findall(answer)), headed)
        )
    return tuple(found)


def counted(found: tuple[Reading, ...]) -> int:
    """How many answers the checker arrives at: those with a heading after them, and the last one in any case."""
    return sum(reading.headed for reading in found) + bool(found)
