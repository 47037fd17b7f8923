"""Which lines of a file are report: all of a report's own file, but of a README only the checklist and the answers.

A README at the top of the project says how to install and use it, whatever a group has put below that (evidence standard,
"The report").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from auditor.patterns import pattern
from auditor.report.model import Answer, Item, Stretch

README = pattern(r"readme(\.\w{1,10})?", re.IGNORECASE)
TITLE = pattern(r"^ {0,3}#{1,6}\s|^ {0,3}(?:=+|-+)\s*$")
"""A heading, or the line below one (CommonMark 4.3)."""
APART = 12
"""Lines without an item between two items of one checklist: headings, remarks, items that were not recognised."""
ABOVE = 8
"""Lines between a checklist's heading and its first item that may introduce it."""


def is_project_readme(path: str, focus: str) -> bool:
    """Whether a file is the README of the repository, or of the audited folder in it."""
    folder, _, name = path.rpartition("/")
    return folder in ("", focus) and README.fullmatch(name) is not None


def stretches(
    path: str, lines: Sequence[str], items: Iterable[Item], answers: Iterable[Answer], *, whole: bool
) -> tuple[Stretch, ...]:
    """The lines of the file that are report: those of these items and answers, or the file as a `whole`."""
    if whole:
        return (Stretch(path),)
    held = (*runs(lines, sorted(item.line for item in items)), *((a.line, a.last) for a in answers))
    return tuple(Stretch(path, first, last) for first, last in held)


def runs(lines: Sequence[str], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last line of each list of items, its headings included."""
    start = end = 0
    for place in places:
        if start and place - end > APART:
            yield headed(lines, start), continued(lines, end)
            start = 0
        start, end = start or place, place
    if start:
        yield headed(lines, start), continued(lines, end)


def headed(lines: Sequence[str], first: int) -> int:
    """Where the headings above a list begin: the nearest within a few lines, and those right above it."""
    top = first
    for number in range(first - 1, max(0, first - 1 - ABOVE), -1):
        line = lines[number - 1]
        if TITLE.match(line):
            top = number
        elif top != first and line.strip():
            break
    return top


def continued(lines: Sequence[str], last: int) -> int:
    """The last line of an item: those after it belong to it up to a blank one."""
    while last < len(lines) and lines[last].strip() and not TITLE.match(lines[last]):
        last += 1
    return last
